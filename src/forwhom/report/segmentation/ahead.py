"""What each segment is expected to bring, and how such a prediction held on time held back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.nouns import forms_of
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.value import (
    OFF,
    SUBSTANTIAL,
    Amount,
    CheckedValue,
    SegmentValue,
    Value,
    time_ahead,
)
from forwhom.documents.verdict import Noun
from forwhom.languages.catalog import later, later_count, percent_sign, tr, tr_count, whole
from forwhom.report.segmentation.cards import Card
from forwhom.wording import (
    apart,
    joined,
    lowered,
    number,
    percent,
    quantity,
    quantity_range,
)

Row = tuple[Card | str, ...]
#: What customers do, by model; one that counts periods names them.
_COMING = {"bg-nbd": later("Purchases"), "sbg": later("Renewals")}
_PERIODS = {
    "day": later("Days with a purchase"),
    "week": later("Weeks with a purchase"),
    "month": later("Months with a purchase"),
    "year": later("Years with a purchase"),
}
#: From what a model is learned.
_LEARNED = {
    "bg-nbd": later("from who bought when"),
    "sbg": later("from who renewed a contract how often"),
}
_LEARNED_BY = {
    "day": later("from who bought in which day"),
    "week": later("from who bought in which week"),
    "month": later("from who bought in which month"),
    "year": later("from who bought in which year"),
}
#: How long it is.
_LONG = {
    "day": later_count("{n} day", "{n} days"),
    "week": later_count("{n} week", "{n} weeks"),
    "month": later_count("{n} month", "{n} months"),
    "year": later_count("{n} year", "{n} years"),
}
#: Whether a segment brings enough.
_ENOUGH = {"yes": later("yes"), "no": later("no"), "open": later("we cannot tell")}


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
        what=_money(value) if money else _coming(value),
        held_back=_held_back(value),
        checked_headings=_checked_headings(segmentation.noun, money),
        checked_rows=tuple(
            (by_id[one.segment], *_checked_cells(one, value, money)) for one in value.checked
        ),
        briefly=_briefly(value, segmentation.noun),
    )


def _coming(value: Value) -> str:
    """Return what customers do, as a heading."""
    said = _PERIODS[value.unit] if value.model == "bg-bb" else _COMING[value.model]
    return tr(said)


def _money(value: Value) -> str:
    return tr("Money ({unit})", unit=apart(value.money)) if value.money else tr("Money")


def _held_back(value: Value) -> str:
    return tr_count(*_LONG[value.unit], round(value.held_back))


def _sentences(value: Value, noun: Noun) -> Iterator[str]:
    if value.unknown:
        yield _nothing(value, noun)
        return
    how = (
        tr(
            "One model serves all customers, as purchases formed the {nouns}; each customer's own "
            "history makes the difference.",
            **forms_of(noun),
        )
        if value.one_fit
        else tr(
            "Each {noun} has a model of its own, drawn towards what is common to all.",
            **forms_of(noun),
        )
    )
    yield f"{_expected(value)} {how}"
    yield from _of_check(value)


def _nothing(value: Value, noun: Noun) -> str:
    why = apart(lowered(value.unknown))
    return tr(
        "Nothing can be said of what the {nouns} will bring: {why}", why=why, **forms_of(noun)
    )


def _expected(value: Value) -> str:
    learned = _LEARNED_BY[value.unit] if value.model == "bg-bb" else _LEARNED[value.model]
    values = {
        "ahead": time_ahead(value.horizon, value.unit),
        "terms": _terms(value),
        "learned": tr(learned),
    }
    if value.model == "sbg":
        return tr(
            "What a customer is expected to renew and to bring {ahead}, {terms}, learned "
            "{learned}.",
            **values,
        )
    return tr(
        "What a customer is expected to buy and to bring {ahead}, {terms}, learned {learned}.",
        **values,
    )


def _terms(value: Value) -> str:
    margin = percent(value.margin)
    if not value.discount:
        if value.margin == 1:
            return tr("before costs and without discount")
        return tr("after a margin of {margin} and without discount", margin=margin)
    less = f"{number(100 * value.discount, 3)}{percent_sign()}"
    if value.margin == 1:
        return tr("before costs and worth {less} less a year", less=less)
    return tr("after a margin of {margin} and worth {less} less a year", margin=margin, less=less)


def _of_check(value: Value) -> Iterator[str]:
    off = value.off
    if off is None:
        why = value.unchecked or (
            tr("Nobody renewed in the time held back.")
            if value.model == "sbg"
            else tr("Nobody bought in the time held back.")
        )
        said = tr("The prediction was not checked on time held back.")
        yield f"{said} {why}"
        return
    values = {"held": _held_back(value), "part": percent(abs(off))}
    told = (
        tr(
            "Checked on the last {held}: predicted from what was known before, {part} more was "
            "expected of all together than followed.",
            **values,
        )
        if off > 0
        else tr(
            "Checked on the last {held}: predicted from what was known before, {part} less was "
            "expected of all together than followed.",
            **values,
        )
    )
    judged = (
        tr("Rely on the order of the segments rather than on the amounts.")
        if abs(off) > OFF
        else tr("So far the future was like the past.")
    )
    yield f"{told} {judged}"


def _headings(value: Value, noun: Noun) -> tuple[str, ...]:
    money = any(one.value for one in value.segments)
    still = tr("Have a contract") if value.model == "sbg" else tr("Still there")
    coming = tr("{what} of a customer", what=_coming(value))
    heads = (forms_of(noun)["Noun"], tr("Customers"), still, coming)
    least = percent(SUBSTANTIAL)
    if value.asked:
        least = quantity(value.at_least or 0.0, value.money, 3)
    enough = tr("Brings {amount} or more", amount=least)
    return (*heads, tr("Money of a customer"), tr("Of all money"), enough) if money else heads


def _checked_headings(noun: Noun, money: bool) -> tuple[str, ...]:
    heads = (forms_of(noun)["Noun"], tr("Customers then"), tr("Predicted"), tr("Followed"))
    return (*heads, tr("Money predicted"), tr("Money that followed")) if money else heads


def _cells(one: SegmentValue, value: Value) -> Iterator[str]:
    yield whole(one.n)
    yield percent(one.alive)
    yield _amount(one.purchases, None)
    if any(each.value for each in value.segments):
        yield "" if one.value is None else _amount(one.value, value.money)
        yield "" if one.share is None else percent(one.share)
        yield "" if one.substantial is None else _enough(one, one.substantial, value.off)


def _enough(one: SegmentValue, chance: float, off: float | None) -> str:
    """Say whether a segment brings enough: nobody can tell where the check has failed."""
    if off is not None and abs(off) > OFF:
        return tr("we cannot tell (by the model {chance})", chance=percent(chance))
    return f"{tr(_ENOUGH[one.matters])} ({percent(chance)})"


def _checked_cells(one: CheckedValue, value: Value, money: bool) -> Iterator[str]:
    yield whole(one.n)
    yield number(one.predicted, 3)
    yield _amount(one.bought, None)
    if money and one.predicted_money is not None and one.spent is not None:
        yield quantity(one.predicted_money, value.money, 3)
        yield _amount(one.spent, value.money)


def _amount(one: Amount, unit: str | None) -> str:
    if unit is None:
        within = tr("{low} to {high}", low=number(one.low, 3), high=number(one.high, 3))
        return f"{number(one.value, 3)} ({within})"
    low, high = (float(f"{end:.3g}") for end in (one.low, one.high))
    return f"{quantity(one.value, unit, 3)} ({quantity_range(low, high, unit)})"


def _point(one: CheckedValue, card: Card, money: bool) -> Point:
    if money and one.spent is not None and one.predicted_money is not None:
        return Point(card, one.predicted_money, one.spent)
    return Point(card, one.predicted, one.bought)


def _briefly(value: Value, noun: Noun) -> str:
    if value.unknown:
        return _nothing(value, noun)
    told = joined([_brings(one, value) for one in value.segments])
    said = tr(
        "A customer is expected to bring {ahead}: {told}.",
        ahead=time_ahead(value.horizon, value.unit),
        told=told,
    )
    return " ".join([said, *(_of_check(value) if value.segments else ())])


def _brings(one: SegmentValue, value: Value) -> str:
    if one.value:
        return f"{one.segment}: {_amount(one.value, value.money)}"
    return f"{one.segment}: {_amount(one.purchases, None)} {lowered(_coming(value))}"
