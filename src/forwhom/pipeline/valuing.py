"""What the segments of an earlier run are expected to bring, checked on time held back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.joining import positions
from forwhom.customers.newcomers import gather_newcomers, open_newcomers, place_newcomers
from forwhom.customers.opening import Part
from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.segmentation import Evidence, Segmentation, Variable
from forwhom.documents.study import Events, Study, TimeUnit
from forwhom.errors import DataError, OptionError
from forwhom.evidence.value import Checked, Prospect, check, outlooks, value_evidence
from forwhom.features.counts import EventReport
from forwhom.features.definitions import MONTH
from forwhom.lifetimes import Histories, Horizon
from forwhom.progress import Progress, silent
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column
from forwhom.wording import count, few

#: Units of time in a month, by the unit of a study.
MONTHS: dict[TimeUnit, float] = {"day": MONTH, "week": MONTH / 7, "month": 1.0}
#: The last part of the time is held back for the check, and so many units at least.
_HELD_BACK, _LEAST_HELD_BACK = 3, 2


#: Opens the tables of a study as they were before a moment, or as they are.
Opened = Callable[[date | datetime | None], Sequence[Part]]


@dataclass(frozen=True)
class Valued:
    """What segments are expected to bring.

    Parameters
    ----------
    prospects
        What each segment is expected to buy and to bring until the horizon.
    checked
        Each segment in the time that was held back, placed by what was known before it; empty
        where ``unchecked`` says why.
    evidence
        The same as items that a canvas can cite.
    horizon, unit, money
        How far ahead, in which unit of time, and the unit of money, if it is known.
    held_back
        Units of time at the end with which predictions were checked.
    unchecked
        Why there is no check; empty where there is one.
    notes
        What a reader must know.
    segmentation
        The segments.
    """

    prospects: list[Prospect]
    checked: list[Checked]
    evidence: list[Evidence]
    horizon: Horizon
    unit: TimeUnit
    money: str | None
    held_back: float
    unchecked: str
    notes: list[str]
    segmentation: Segmentation

    def as_dict(self) -> dict[str, Any]:
        """Return everything but the segmentation as plain values, for JSON."""
        told = {key: value for key, value in vars(self).items() if key != "segmentation"}
        told["prospects"] = [asdict(one) for one in self.prospects]
        told["checked"] = [asdict(one) for one in self.checked]
        told["evidence"] = [one.model_dump(mode="json") for one in self.evidence]
        told["horizon"] = asdict(self.horizon)
        return told


@dataclass(frozen=True)
class Known:
    """Customers with a purchase before a cut-off, and their segments then."""

    report: EventReport  # from when to when
    spec: Events
    source: str  # fingerprint of the purchases
    ids: Any  # pyarrow array
    histories: Histories
    member: Membership
    notes: list[str]


def value_segments(
    segmentation: AnySegmentation,
    data: object,
    *,
    months: float = 12.0,
    discount: float = 0.0,
    margin: float = 1.0,
    at_least: float | None = None,
    holdout_from: date | datetime | None = None,
    cutoff: date | datetime | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Valued:
    """Say what the customers of each segment are expected to buy and to bring.

    Parameters
    ----------
    segmentation
        A Segmentation, its file, or the folder of a run.
    data
        The tables of the study, with the purchases: as for :func:`score`.
    months
        The horizon.
    discount
        By how much money is worth less a year: 0.1 is 10 %.
    margin
        What is left of a unit of revenue: 0.3 is 30 %.
    at_least
        Money that a segment should bring until the horizon to be worth serving; the answer says
        how likely it is to.
    holdout_from
        First day of the time that is held back to check predictions; left out: the last third.
    cutoff
        Use only events before this moment; left out: as the stored study says.
    seed
        Of the futures that are drawn for ``at_least``.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Valued
        By segment, with intervals, and the check.

    Raises
    ------
    DataError
        There are no purchases, or nobody ever bought again.
    OptionError
        An option has no usable value.
    """
    _check_options(months, discount, margin, at_least)
    found, say = segmentation_of(segmentation), progress or silent
    say("reading the purchases", 0.0)

    def opened(until: date | datetime | None) -> list[Part]:
        return open_newcomers(found, data, cutoff if until is None else until)

    parts = opened(None)
    part = purchases_in(parts)
    now = known_in(found, parts, part)
    unit = now.spec.time_unit
    in_year = 12 * MONTHS[unit]
    horizon = Horizon(months * MONTHS[unit], (1 + discount) ** (1 / in_year) - 1, margin)
    pooled = formed_by_purchases(found)
    say("fitting lifetimes", 0.4)
    prospects, _ = outlooks(
        now.histories, now.member, horizon, pooled=pooled, at_least=at_least, seed=seed
    )
    say("checking on time held back", 0.6)
    checked, held_back, unchecked = checked_on(found, opened, now, holdout_from, pooled)
    shown = [one for one in prospects if one.n >= found.threshold]
    evidence = value_evidence(
        shown, horizon, unit=unit, money=now.spec.currency, pooled=pooled, source=now.source,
        noun=found.noun, threshold=found.threshold, at_least=at_least,
    )  # fmt: skip
    notes = [*now.notes, *_remarks(found, now, horizon, prospects)]
    say("done", 1.0)
    return Valued(
        shown, [one for one in checked if one.n >= found.threshold], evidence, horizon, unit,
        now.spec.currency, held_back, unchecked, notes, found,
    )  # fmt: skip


def formed_by_purchases(segmentation: Segmentation) -> bool:
    """Whether what formed the segments says how often and when their customers buy.

    Then a fit to each segment would count its purchases twice: once to choose its customers.
    Shares of a whole, such as of departments, do not say it.
    """
    return any(v.definition and v.whole is None for v in segmentation.deciding)


def _check_options(
    months: float, discount: float, margin: float, at_least: float | None
) -> None:  # fmt: skip
    told = {"months": (months, 0 < months <= 600, "more than 0, up to 600")}
    told["discount"] = discount, 0 <= discount <= 10, "a rate per year such as 0.1 for 10 %"
    told["margin"] = margin, 0 < margin <= 1, "a part of the revenue such as 0.3 for 30 %"
    least = 0.0 if at_least is None else at_least
    told["at_least"] = least, 0 <= least < np.inf, "an amount of money"
    for name, (given, usable, advice) in told.items():
        if not usable:
            raise OptionError(f"{name} is {given:g}.", f"Give {advice}.")


def known_in(segmentation: Segmentation, parts: Sequence[Part], part: Part) -> Known:
    """Read and place the customers who bought; ``part`` has the purchases."""
    spec = _spec(segmentation, part)
    here = set(part.table.columns)
    also = [
        Variable(name=name, label=name, measure="positive", use="descriptor")
        for name in _names_of(spec).values()
        if name in here
    ]
    gathered = gather_newcomers(segmentation, parts, also=also)
    found = histories_of(spec, gathered.columns)
    if found is None or not found[1].any():
        raise DataError(f"{part.name}: nobody bought anything.", "Give the table of purchases.")
    histories, seen = found
    chances = place_newcomers(segmentation, gathered).probabilities[seen]
    notes = [*gathered.notes, *gathered.warnings]
    source = "" if part.source is None else part.source.fingerprint
    assert part.features is not None
    return Known(
        part.features.report, spec, source, gathered.ids.filter(seen), histories,
        Membership.of(chances), notes,
    )  # fmt: skip


def _names_of(spec: Events) -> dict[str, str]:
    """The features that tell a history, by what they tell."""
    prefix = f"{spec.name}_" if spec.name else ""
    return {key: f"{prefix}clv_{key}" for key in ("frequency", "recency", "T", "monetary_value")}


def histories_of(
    spec: Events, columns: Mapping[str, Column]
) -> tuple[Histories, NDArray[np.bool_]] | None:
    """Return histories of those who bought, and who that is; None where a column is not there."""
    found = {
        key: np.asarray(columns[name].values, dtype=np.float64)
        for key, name in _names_of(spec).items()
        if name in columns
    }
    if not {"frequency", "recency", "T"} <= found.keys():
        return None
    seen = np.isfinite(found["frequency"])
    money = found.get("monetary_value")
    told = Histories(
        found["frequency"][seen], found["recency"][seen], found["T"][seen],
        None if money is None else np.nan_to_num(money[seen]),
    )  # fmt: skip
    return told, seen


def purchases_in(parts: Sequence[Part]) -> Part:
    """Return the table of purchases: one with money first."""
    found = [part for part in parts if part.features is not None]
    if not found:
        raise DataError(
            "there are no purchases among the tables.",
            "Value is learned from who bought when: give the table of purchases, too.",
        )
    with_money = [
        p for p in found if any(c.endswith("clv_monetary_value") for c in p.table.columns)
    ]
    return [*with_money, *found][0]


def _spec(segmentation: Segmentation, part: Part) -> Events:
    study = Study.model_validate(segmentation.study)
    names = [f"{spec.name}_" if spec.name else "" for spec in study.events]
    here = set(part.table.columns)
    return next(
        spec for spec, name in zip(study.events, names, strict=True) if f"{name}clv_T" in here
    )


def checked_on(
    segmentation: Segmentation, opened: Opened, now: Known, holdout_from: date | datetime | None,
    pooled: bool,
) -> tuple[list[Checked], float, str]:  # fmt: skip
    """Place customers by what was known at an earlier moment, and compare with what followed."""
    moment = _moment(now, holdout_from)
    if moment is None:
        return [], 0.0, "There is too little time to hold any back."
    try:
        parts = opened(moment)
        before = known_in(segmentation, parts, purchases_in(parts))
        at = positions(before.ids, now.ids)
        both = at >= 0
        own = before.histories.pick(both)
        later = now.histories.pick(at[both])
        length = float((later.T - own.T).max(initial=0.0))
        if length < _LEAST_HELD_BACK or not both.any():
            return [], 0.0, "There is too little time to hold any back."
        member = Membership.of(before.member.responsibilities[both])
        paid = None
        if own.spend is not None and later.spend is not None:
            paid = later.frequency * later.spend - own.frequency * own.spend
        bought = later.frequency - own.frequency
        found = check(own, member, Horizon(length), bought, paid, pooled=pooled)
    except DataError as error:
        return [], 0.0, f"Nothing could be learned from the time before {moment:%Y-%m-%d}: {error}"
    return found, length, ""


def _moment(now: Known, holdout_from: date | datetime | None) -> datetime | None:
    """Return where the time that is held back begins."""
    report = now.report
    if holdout_from is not None:
        given = holdout_from
        moment = given if isinstance(given, datetime) else datetime.combine(given, time())
        if not report.first < moment < report.cutoff:
            raise OptionError(
                f"the time to hold back begins on {moment:%Y-%m-%d}, but purchases are from "
                f"{report.first:%Y-%m-%d} to {report.last:%Y-%m-%d}.",
                "Give a day between them.",
            )
        return moment
    held = int(now.histories.T.max()) // _HELD_BACK
    if held < _LEAST_HELD_BACK:
        return None
    end = report.cutoff
    if now.spec.time_unit == "month":
        months = end.year * 12 + end.month - 1 - held
        return datetime(months // 12, months % 12 + 1, 1)
    return end - timedelta(days=held * (7 if now.spec.time_unit == "week" else 1))


def _remarks(
    segmentation: Segmentation, now: Known, horizon: Horizon, prospects: Sequence[Prospect]
) -> list[str]:
    notes = []
    unit, seen = now.spec.time_unit, float(now.histories.T.max())
    if horizon.t > 1.05 * seen:
        notes.append(
            f"The horizon ({count(round(horizon.t), unit)}) is longer than the time that was "
            f"observed ({count(round(seen), unit)}): nobody was seen to stay that long."
        )
    small = sum(0 < one.n < segmentation.threshold for one in prospects)
    if small:
        noun = segmentation.noun
        notes.append(
            f"{count(small, noun)} with {few(1, segmentation.threshold)} customers: not shown."
        )
    if segmentation.weight is not None:
        notes.append("Each customer counts once here, whatever its weight in the segmentation.")
    if now.histories.spend is not None and all(one.value is None for one in prospects):
        notes.append(
            "What customers spend differs too much for a mean, or hardly at all, so nothing is "
            "said of money."
        )
    return notes
