"""What the segments of an earlier run are expected to bring, checked on time held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

import numpy as np

from forwhom.customers.joining import positions
from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.privacy import is_small
from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.study import TimeUnit
from forwhom.documents.value import SUBSTANTIAL, ModelName, Value
from forwhom.errors import DataError, OptionError
from forwhom.evidence.value import Checked, Prospect, check, outlooks, value_evidence
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.lifetimes import MODELS, Coming, Horizon
from forwhom.pipeline.contracts import Contract, contracts_of
from forwhom.pipeline.known import IN_MONTH, Known, Reading, begin_of, earlier
from forwhom.pipeline.purchases import purchases_known
from forwhom.pipeline.valued import value_of, with_this_value, without_dominating
from forwhom.progress import Progress, silent
from forwhom.statistics.dominance import pulled_in
from forwhom.statistics.membership import Floats, Membership
from forwhom.tables.times import next_midnight
from forwhom.wording import count, few, listed

#: The last part of the time is held back for the check, and so many units at least.
_HELD_BACK, _LEAST_HELD_BACK = 3, 2
_PULLED_IN = (
    "One or two customers of a segment buy or pay so much more than all others that what is told "
    "would tell of them; they count as the next ones do."
)
_TOO_LITTLE = "There is too little time to hold any back."


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
    model
        The model of when customers come back: ``purchases`` are periods with a purchase by
        ``"bg-bb"``, and renewals by ``"sbg"``.
    held_back
        Units of time at the end with which predictions were checked.
    unchecked
        Why there is no check; empty where there is one.
    notes
        What a reader must know.
    segmentation
        The segments.
    value
        What the file of the segmentation can keep of it: ``kept()`` has it.
    """

    prospects: list[Prospect]
    checked: list[Checked]
    evidence: list[Evidence]
    horizon: Horizon
    unit: TimeUnit
    money: str | None
    model: ModelName
    held_back: float
    unchecked: str
    notes: list[str]
    segmentation: Segmentation
    value: Value

    def kept(self) -> Segmentation:
        """Return the segmentation with this value, for its report and its defense."""
        return with_this_value(self.segmentation, self.value, self.evidence)

    def as_dict(self) -> dict[str, Any]:
        """Return what was found as plain values, for JSON; the file of the segments is no part."""
        left_out = ("segmentation", "value")
        told = {key: value for key, value in vars(self).items() if key not in left_out}
        told["prospects"] = [asdict(one) for one in self.prospects]
        told["checked"] = [asdict(one) for one in self.checked]
        told["evidence"] = [one.model_dump(mode="json") for one in self.evidence]
        told["horizon"] = asdict(self.horizon)
        return told


@speaking(SOURCE)  # what is kept is English, whoever reads it
def value_segments(
    segmentation: AnySegmentation,
    data: object,
    *,
    model: ModelName = "bg-nbd",
    period: TimeUnit | None = None,
    start: str | None = None,
    end: str | None = None,
    price: str | None = None,
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
        The tables of the study, with the purchases or contracts: as for :func:`score`.
    model
        When customers come back: ``"bg-nbd"`` when they like, ``"bg-bb"`` once a period or not,
        ``"sbg"`` by renewing a contract of which the end is known.
    period
        Unit of time; of ``"sbg"``, how long a contract lasts. Left out: that of the study.
    start, end, price
        Of ``"sbg"``: columns with the first day of a contract, its last day (empty while it goes
        on), and, if it shall be told in money, what a customer pays a period.
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
    coming, contract = _asked(model, period, start, end, price)
    found, say = segmentation_of(segmentation), progress or silent
    say("reading the purchases" if contract is None else "reading the contracts", 0.0)
    read = (
        purchases_known(found, data, period, whole=coming.periods, cutoff=cutoff)
        if contract is None
        else contracts_of(found, data, contract, cutoff)
    )
    now = read(None)
    horizon = _horizon(months, discount, margin, now.unit, coming)
    pooled = formed_by_purchases(found) or _formed_by(found, contract)
    say("fitting lifetimes", 0.4)
    calm = without_dominating(now.histories, now.member, found.threshold)
    prospects, _ = outlooks(
        calm, now.member, horizon, pooled=pooled, at_least=at_least, part=SUBSTANTIAL,
        seed=seed, model=coming,
    )  # fmt: skip
    say("checking on time held back", 0.6)
    checked, held_back, unchecked = checked_on(
        read, now, holdout_from, pooled, coming, found.threshold
    )
    shown = [one for one in prospects if one.n >= found.threshold]
    evidence = value_evidence(
        shown, horizon, unit=now.unit, money=now.money, pooled=pooled, source=now.source,
        noun=found.noun, threshold=found.threshold, at_least=at_least, model=coming,
    )  # fmt: skip
    value = value_of(
        prospects, checked, coming, horizon, unit=now.unit, money=now.money, one_fit=pooled,
        threshold=found.threshold, held_back=held_back, unchecked=unchecked, at_least=at_least,
    )  # fmt: skip
    notes = [*now.notes, *_remarks(found, now, horizon, prospects)]
    if calm is not now.histories:
        notes.append(_PULLED_IN)
    say("done", 1.0)
    return Valued(
        shown, [one for one in checked if one.n >= found.threshold], evidence, horizon, now.unit,
        now.money, model, held_back, unchecked, notes, found, value,
    )  # fmt: skip


def _asked(
    model: ModelName, period: TimeUnit | None, start: str | None, end: str | None,
    price: str | None,
) -> tuple[Coming, Contract | None]:  # fmt: skip
    """Return the model, and which columns tell of a contract; refuse what does not go together."""
    if model not in MODELS:
        raise OptionError(f"There is no model {model!r}.", f"Models are {listed(list(MODELS))}.")
    if period not in (None, *IN_MONTH):
        raise OptionError(f"period is {period!r}.", f"Give {listed(list(IN_MONTH), last='or')}.")
    coming = MODELS[model]
    if coming.priced:
        if start is None or end is None or period is None:
            raise OptionError(
                "a contract is told by its first day, its last day and how long it lasts.",
                "Name the columns with --start and --end, and the time to a renewal with --period.",
            )
        return coming, Contract(start, end, price, period)
    if not (start is end is price is None):
        raise OptionError(
            f"start, end and price tell of contracts, which {model!r} does not know.",
            "Ask for contracts with --model sbg, or leave them out.",
        )
    if coming.periods and period == "day":
        raise OptionError("period is 'day', of which there are too many.", "Give week or longer.")
    return coming, None


def _horizon(
    months: float, discount: float, margin: float, unit: TimeUnit, model: Coming
) -> Horizon:  # fmt: skip
    t = months * IN_MONTH[unit]
    if model.periods:
        t = float(round(t))
    if t < (1.0 if model.periods else 0.0):
        raise OptionError(
            f"months is {months:g}, which is less than a {unit}.", "Look ahead a whole period."
        )
    return Horizon(t, (1 + discount) ** (1 / (12 * IN_MONTH[unit])) - 1, margin)


def formed_by_purchases(segmentation: Segmentation) -> bool:
    """Whether what formed the segments says how often and when their customers buy.

    Then a fit to each segment would count its purchases twice: once to choose its customers.
    Shares of a whole, such as of departments, do not say it.
    """
    return any(v.definition and v.whole is None for v in segmentation.deciding)


def _formed_by(segmentation: Segmentation, contract: Contract | None) -> bool:
    """Whether columns of contracts formed the segments."""
    told = () if contract is None else (contract.start, contract.end)
    return any(v.name in told for v in segmentation.deciding)


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


def checked_on(
    read: Reading, now: Known, holdout_from: date | datetime | None, pooled: bool, model: Coming,
    threshold: int,
) -> tuple[list[Checked], float, str]:  # fmt: skip
    """Place customers by what was known at an earlier moment, and compare with what followed.

    Where fewer customers of a segment than the threshold came back, nothing is told of it.
    """
    moment, length = _held_back(now, holdout_from, model)
    if moment is None:
        return [], 0.0, _TOO_LITTLE
    try:
        before = read(moment)
        at = positions(before.ids, now.ids)
        both = at >= 0
        own = before.histories.pick(both)
        later = now.histories.pick(at[both])
        if not model.priced:
            length = float((later.T - own.T).max(initial=0.0))
        if length < (1 if model.periods else _LEAST_HELD_BACK) or not both.any():
            return [], 0.0, _TOO_LITTLE
        member = Membership.of(before.member.responsibilities[both])
        paid = None
        if own.spend is not None and later.spend is not None:
            paid = later.frequency * later.spend - own.frequency * own.spend
        bought = later.frequency - own.frequency
        found = check(
            without_dominating(own, member, threshold), member, Horizon(length),
            _calm(bought, member, threshold),
            None if paid is None else _calm(paid, member, threshold), pooled=pooled, model=model,
        )  # fmt: skip
        few = {k + 1 for k in range(member.k) if is_small(_back(bought, member, k), threshold)}
    except DataError as error:
        return [], 0.0, f"Nothing could be learned from the time before {moment:%Y-%m-%d}: {error}"
    return [one for one in found if one.segment not in few], length, ""


def _calm(values: Floats, member: Membership, threshold: int) -> Floats:
    return values if threshold <= 1 else pulled_in(values, member, 1)


def _back(bought: Floats, member: Membership, k: int) -> int:
    """Return how many customers of a segment bought again."""
    return int(np.count_nonzero(bought[member.mode == k] > 0))


def _held_back(
    now: Known, holdout_from: date | datetime | None, model: Coming
) -> tuple[datetime | None, float]:
    """Return where the time that is held back begins, and how many units it has about."""
    least = 1 if model.periods else _LEAST_HELD_BACK
    held = int(now.histories.T.max()) // _HELD_BACK
    if holdout_from is not None:
        given = holdout_from
        moment = given if isinstance(given, datetime) else datetime.combine(given, time())
        if not now.first < moment < now.cutoff:
            raise OptionError(
                f"the time to hold back begins on {moment:%Y-%m-%d}, but purchases are from "
                f"{now.first:%Y-%m-%d} to {now.last:%Y-%m-%d}.",
                "Give a day between them.",
            )
        if not model.periods:
            return moment, 0.0
        held = 0
        while earlier(now.cutoff, held + 1, now.unit) >= moment:
            held += 1
    if held < least:
        return None, 0.0
    if model.priced:  # whole periods of contracts, which begin on any day
        return earlier(now.cutoff, held, now.unit), float(held)
    end = begin_of(next_midnight(now.cutoff), now.unit) if model.periods else now.cutoff
    if now.unit in ("month", "year"):
        end = begin_of(end, now.unit)
    return earlier(end, held, now.unit), float(held)


def _remarks(
    segmentation: Segmentation, now: Known, horizon: Horizon, prospects: Sequence[Prospect]
) -> list[str]:
    notes = []
    unit, seen = now.unit, float(now.histories.T.max())
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
