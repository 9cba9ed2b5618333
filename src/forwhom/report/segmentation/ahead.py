"""What each segment is expected to bring, and how such a prediction held on time held back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.segmentation import Segmentation
from forwhom.documents.value import (
    OFF,
    SUBSTANTIAL,
    Amount,
    CheckedValue,
    SegmentValue,
    Value,
    next_units,
)
from forwhom.report.segmentation.cards import Card
from forwhom.wording import count, lowered, number, percent, quantity, quantity_range

Row = tuple[Card | str, ...]


@dataclass(frozen=True)
class Point:
    """A segment in the time held back: what was predicted of a customer, and what followed."""

    card: Card
    predicted: float
    actual: Amount


@dataclass(frozen=True)
class Ahead:
    """What a page says of the value of segments."""

    sentences: tuple[str, ...]
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    points: tuple[Point, ...]  # for the plot of predicted against actual
    what: str  # what the points count: purchases, or money with its unit
    held_back: str
    checked_headings: tuple[str, ...]
    checked_rows: tuple[Row, ...]
    briefly: str


def ahead(segmentation: Segmentation, shown: Sequence[Card]) -> Ahead | None:
    """Return what the segments will bring; ``None`` where nobody's purchases are known."""
    value = segmentation.value
    if value is None:
        return None
    by_id = {card.id: card for card in shown}
    money = bool(value.checked) and all(c.spent for c in value.checked)
    return Ahead(
        sentences=tuple(_sentences(value, segmentation.noun)),
        headings=_headings(value, segmentation.noun),
        rows=tuple((by_id[one.segment], *_cells(one, value)) for one in value.segments),
        points=tuple(_point(one, by_id[one.segment], money) for one in value.checked),
        what=f"Money ({value.money})"
        if money and value.money
        else "Money"
        if money
        else value.coming,
        held_back=count(round(value.held_back), value.unit),
        checked_headings=(segmentation.noun.capitalize(), "Customers then", "Predicted", "Followed")
        + (("Money predicted", "Money that followed") if money else ()),
        checked_rows=tuple(
            (by_id[one.segment], *_checked_cells(one, value, money)) for one in value.checked
        ),
        briefly=_briefly(value, segmentation.noun),
    )


def _sentences(value: Value, noun: str) -> Iterator[str]:
    if value.unknown:
        yield f"Nothing can be said of what the {noun}s will bring: {lowered(value.unknown)}"
        return
    how = (
        f"One model serves all customers, as purchases formed the {noun}s; each customer's own "
        "history makes the difference."
        if value.one_fit
        else f"Each {noun} has a model of its own, drawn towards what is common to all."
    )
    learned = value.words.learned.format(unit=value.unit)
    does = "renew" if value.model == "sbg" else "buy"
    yield (
        f"What a customer is expected to {does} and to bring in the "
        f"{next_units(value.horizon, value.unit)}, {_terms(value)}, learned {learned}. {how}"
    )
    yield from _of_check(value)


def _terms(value: Value) -> str:
    costs = "before costs"
    if value.margin != 1:
        costs = f"after a margin of {percent(value.margin)}"
    if not value.discount:
        return f"{costs} and without discount"
    return f"{costs} and worth {number(100 * value.discount, 3)}% less a year"


def _of_check(value: Value) -> Iterator[str]:
    off = value.off
    if off is None:
        nobody = "Nobody renewed" if value.model == "sbg" else "Nobody bought"
        why = value.unchecked or f"{nobody} in the time held back."
        yield f"The prediction was not checked on time held back. {why}"
        return
    held = count(round(value.held_back), value.unit)
    side = "more" if off > 0 else "less"
    judged = (
        "Rely on the order of the segments rather than on the amounts."
        if abs(off) > OFF
        else "So far the future was like the past."
    )
    yield (
        f"Checked on the last {held}: predicted from what was known before, {percent(abs(off))} "
        f"{side} was expected of all together than followed. {judged}"
    )


def _headings(value: Value, noun: str) -> tuple[str, ...]:
    money = any(one.value for one in value.segments)
    coming = f"{value.coming} of a customer"
    heads = (noun.capitalize(), "Customers", value.words.still, coming)
    enough = f"Brings {percent(SUBSTANTIAL)} or more"
    if value.asked:
        enough = f"Brings {quantity(value.at_least or 0.0, value.money, 3)} or more"
    return (*heads, "Money of a customer", "Of all money", enough) if money else heads


def _cells(one: SegmentValue, value: Value) -> Iterator[str]:
    yield f"{one.n:,}"
    yield percent(one.alive)
    yield _amount(one.purchases, None)
    if any(each.value for each in value.segments):
        yield "" if one.value is None else _amount(one.value, value.money)
        yield "" if one.share is None else percent(one.share)
        yield "" if one.substantial is None else _enough(one, one.substantial, value.off)


def _enough(one: SegmentValue, chance: float, off: float | None) -> str:
    """Say whether a segment brings enough: nobody can tell where the check has failed."""
    if off is not None and abs(off) > OFF:
        return f"we cannot tell (by the model {percent(chance)})"
    said = {"yes": "yes", "no": "no", "open": "we cannot tell"}[one.matters]
    return f"{said} ({percent(chance)})"


def _checked_cells(one: CheckedValue, value: Value, money: bool) -> Iterator[str]:
    yield f"{one.n:,}"
    yield number(one.predicted, 3)
    yield _amount(one.bought, None)
    if money and one.predicted_money is not None and one.spent is not None:
        yield quantity(one.predicted_money, value.money, 3)
        yield _amount(one.spent, value.money)


def _amount(one: Amount, unit: str | None) -> str:
    if unit is None:
        return f"{number(one.value, 3)} ({number(one.low, 3)} to {number(one.high, 3)})"
    low, high = (float(f"{end:.3g}") for end in (one.low, one.high))
    return f"{quantity(one.value, unit, 3)} ({quantity_range(low, high, unit)})"


def _point(one: CheckedValue, card: Card, money: bool) -> Point:
    if money and one.spent is not None and one.predicted_money is not None:
        return Point(card, one.predicted_money, one.spent)
    return Point(card, one.predicted, one.bought)


def _briefly(value: Value, noun: str) -> str:
    if value.unknown:
        return f"Nothing can be said of what the {noun}s will bring: {lowered(value.unknown)}"
    told = ", ".join(
        f"{one.segment}: {_amount(one.value, value.money)}"
        if one.value
        else f"{one.segment}: {_amount(one.purchases, None)} {lowered(value.coming)}"
        for one in value.segments
    )
    ahead = next_units(value.horizon, value.unit)
    checked = f" {' '.join(_of_check(value))}" if value.segments else ""
    return f"A customer is expected to bring in the {ahead}: {told}.{checked}"
