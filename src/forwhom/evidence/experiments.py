"""What an experiment shows of each segment: effects, intervals, verdicts.

A verdict holds an interval against a threshold that was stated before: *supported* where all of it
reaches the threshold, *refuted* where none of it does, else *not enough*. Segments share the chance
of a wrong verdict by Holm's steps, and planned looks by alpha spending, so that the interval of a
segment is as wide as its step asks for. Source of steps with signs: J. P. Shaffer, Annals of
Statistics 8 (1980) 1342-1347; of intervals over looks: C. Jennison and B. W. Turnbull, JRSS B 51
(1989) 305-361.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.privacy import is_small
from forwhom.documents.results.experiment import (
    Allocation,
    Differing,
    Effect,
    ExperimentReading,
    Look,
    Verdict,
)
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.evidence.allocation import Trial, allocation_of, lost, unequal
from forwhom.evidence.experimentcells import UNTOLD, is_open, open_cells
from forwhom.evidence.items import fingerprint
from forwhom.languages.catalog import SOURCE, speaking, tr, whole
from forwhom.statistics.arms import Apart, apart
from forwhom.statistics.pooling import heterogeneity, with_others
from forwhom.statistics.sequential import bounds_of, p_of_looks
from forwhom.version import __version__
from forwhom.wording import number, percent

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Customers beyond the planned ones, as a part of them, that go without a word.
_MORE = 1.1


@dataclass(frozen=True)
class _Series:
    """A difference at one look after the other, and when these were."""

    seen: list[Apart]
    times: list[float]
    over: bool

    @property
    def last(self) -> Apart:
        return self.seen[-1]

    def p(self, threshold: float) -> float:
        return p_of_looks([one.z(threshold) for one in self.seen], self.times, over=self.over)

    def bounds(self, alpha: float) -> Floats:
        if len(self.seen) == 1 and (self.over or self.times[0] >= 1):
            return np.array([-float(ndtri(alpha / 2))])
        return bounds_of(alpha / 2, self.times, over=self.over)

    def interval(self, alpha: float) -> tuple[float, float]:
        """Return what all looks together leave."""
        ends = [one.interval(b) for one, b in zip(self.seen, self.bounds(alpha), strict=True)]
        return max(low for low, _ in ends), min(high for _, high in ends)


def read_arms(
    plan: ExperimentPlan, trial: Trial, *, closed: bool = False, threshold: int = 10
) -> ExperimentReading:
    """Return what an experiment shows.

    ``closed`` says that no more data will come, although fewer customers are there than planned.
    Segments with an arm of fewer customers than the privacy ``threshold`` are withheld, and are no
    part of what is told of all together.
    """
    allocation = allocation_of(plan, trial)
    blocked = unequal(plan, allocation) or lost(plan, trial)
    known = trial.pick(~np.isnan(trial.outcome))
    cuts, late = _cuts(plan, known, closed)
    now = known if known.day is None or not cuts else known.pick(known.day <= cuts[-1][1])
    told = [k for k in range(max(len(plan.segments), 1)) if _is_told(now, k, threshold)]
    few_missing = is_small(len(trial.outcome) - len(known.outcome), threshold)
    few_late = is_small(len(known.outcome) - len(now.outcome), threshold)
    # What all have less what is told would tell the rest, and the few who are missing or late.
    if few_missing or few_late or len(told) < len(plan.segments):
        whole_trial = now if few_late else known if few_missing else trial
        allocation = allocation_of(plan, whole_trial.pick(np.isin(whole_trial.segment, told)))
    blocked = blocked or late
    if not told:
        blocked = blocked or tr("an arm has too few customers to be told.")
    notes = _notes(plan, trial, known, cuts, closed, threshold)
    last = None if trial.day is None else cuts[-1][1] if cuts else int(trial.day.max())
    if blocked:
        return _reading(plan, last, allocation, _nothing(plan, told), [], None, blocked, notes)
    counted = known.pick(np.isin(known.segment, told))
    effects, looks, differing = _effects(plan, counted, cuts, closed, told, threshold)
    notes += _pulled_in(plan, counted, threshold)
    return _reading(plan, last, allocation, effects, looks, differing, "", notes)


def _reading(
    plan: ExperimentPlan,
    last: int | None,
    allocation: Allocation,
    effects: list[Effect],
    looks: list[Look],
    differing: Differing | None,
    blocked: str,
    notes: list[str],
) -> ExperimentReading:
    assert plan.sealed is not None
    *segments, overall = effects
    day = None if last is None else date.fromordinal(last).isoformat()
    return ExperimentReading(
        plan=plan.id, title=plan.title, statement=plan.statement, hypothesis=plan.hypothesis,
        fingerprint=plan.fingerprint, sealed=plan.sealed.date, outcome=plan.outcome,
        arms=(plan.control, plan.treated), threshold=plan.sign * plan.threshold,
        alpha=plan.alpha, overall=overall, segments=segments, allocation=allocation, looks=looks,
        differing=differing, blocked=blocked, last=day, notes=notes, version=__version__,
    )  # fmt: skip


def _is_told(trial: Trial, k: int, threshold: int) -> bool:
    return min(trial.pick(trial.segment == k).arms()) >= max(threshold, 2)


def _cuts(plan: ExperimentPlan, trial: Trial, closed: bool) -> tuple[list[tuple[float, int]], str]:
    """Return the looks that are due: part of the plan, and the last day that counts.

    Where no days are known, the day is 0. The other value says why nothing is due.
    """
    planned, there = plan.overall.customers or 1, len(trial.outcome)
    if trial.day is None:
        if there >= planned or closed:
            return [(there / planned, 0)], ""
        return [], _early(plan, there, planned)
    days, came = np.unique(trial.day, return_counts=True)
    by_then = np.cumsum(came)
    cuts: list[tuple[float, int]] = []
    for part in plan.looks:
        at = int(np.searchsorted(by_then, math.ceil(part * planned - 1e-9)))
        if at < len(days) and (not cuts or days[at] > cuts[-1][1]):
            cuts.append((float(by_then[at] / planned), int(days[at])))
    if closed and (not cuts or cuts[-1][0] < 1) and len(days):
        if cuts and cuts[-1][1] == int(days[-1]):
            cuts.pop()
        cuts.append((float(there / planned), int(days[-1])))
    return cuts, "" if cuts else _early(plan, there, planned)


def _early(plan: ExperimentPlan, there: int, planned: int) -> str:
    first = math.ceil(plan.looks[0] * planned - 1e-9)
    if len(plan.looks) > 1:
        look = tr("The first look is planned at {n} customers.", n=whole(first))
    else:
        look = tr("The only look is planned at {n} customers.", n=whole(first))
    return tr(
        "it is too early. {planned} {n} came so far; to look before makes chance look like an "
        "effect. If no more will come, say so (--closed).",
        planned=look, n=whole(there),
    )  # fmt: skip


def _nothing(plan: ExperimentPlan, told: Sequence[int]) -> list[Effect]:
    """Return effects of which nothing is said."""
    segments = [
        Effect(
            segment=one.id, label=one.label, customers=None, planned=one.customers,
            verdict="none" if k in told else "withheld",
        )
        for k, one in enumerate(plan.segments)
    ]  # fmt: skip
    return [*segments, _overall_of(plan, "none")]


def _overall_of(plan: ExperimentPlan, verdict: Verdict) -> Effect:
    label = tr("All segments together") if plan.segments else tr("All customers")
    return Effect(
        segment=None, label=label, customers=None, planned=plan.overall.customers,
        verdict=verdict,
    )  # fmt: skip


def _effects(
    plan: ExperimentPlan,
    trial: Trial,
    cuts: Sequence[tuple[float, int]],
    closed: bool,
    told: Sequence[int],
    threshold: int,
) -> tuple[list[Effect], list[Look], Differing | None]:
    """Return the effect of each segment and of all, the looks, and whether segments differ."""
    over = closed or cuts[-1][0] >= 1
    now = trial if trial.day is None else trial.pick(trial.day <= cuts[-1][1])
    every = _series(plan, trial, cuts, over, plan.overall.customers, threshold)
    series = {
        k: _series(
            plan, trial.pick(trial.segment == k), cuts, over, plan.segments[k].customers, threshold
        )
        for k in told
        if plan.segments
    }
    told_of = open_cells(plan, now, max(len(plan.segments), 1), threshold)
    ps = {k: one.p(plan.sign * plan.threshold) for k, one in series.items()}
    effects = []
    shown = {k: one for k, one in series.items() if told_of[k]}
    pooled = _pooled(plan, shown)
    steps = _steps(ps, plan.alpha)
    for k, segment in enumerate(plan.segments):
        base = Effect(
            segment=segment.id, label=segment.label, customers=None, planned=segment.customers,
            verdict="withheld",
        )  # fmt: skip
        if k in series:
            base = _effect(plan, base, series[k], *steps[k])
            base = base.model_copy(update=pooled.get(k, {}))
        effects.append(base if told_of[k] else base.model_copy(update=UNTOLD))
    whole = _effect(
        plan, _overall_of(plan, "none"), every, plan.alpha,
        every.p(plan.sign * plan.threshold),
    )  # fmt: skip
    whole = whole if told_of[-1] else whole.model_copy(update=UNTOLD)
    looks = _looks(plan, trial, every, cuts, threshold)
    return [*effects, whole], looks, _differing(shown)


def _series(
    plan: ExperimentPlan,
    trial: Trial,
    cuts: Sequence[tuple[float, int]],
    over: bool,
    planned: int | None,
    threshold: int,
) -> _Series:
    """Return the difference at each look that has more customers than the one before.

    No mean tells of one customer: of all customers as of their segments, at each look.
    """
    shares = plan.outcome.is_share
    seen, times = [], []
    before = 0
    for _, day in cuts:
        part = trial if trial.day is None else trial.pick(trial.day <= day)
        there = len(part.outcome)
        if there > before and min(part.arms()) >= 2:
            calm = part if shares else part.without_dominating(threshold)
            seen.append(apart(calm.outcome, calm.treated, share=shares))
            times.append(there / max(planned or there, 1))
            before = there
    return _Series(seen, times, over)


def _steps(ps: dict[int, float], alpha: float) -> dict[int, tuple[float, float]]:
    """Return which part of alpha each segment gets by Holm's steps, and its p for all together.

    Those that pass get their step's; from the first that does not, all get that one's, so that an
    interval leaves the threshold out exactly where the segment passes.
    """
    order = sorted(ps, key=lambda k: ps[k])
    found: dict[int, tuple[float, float]] = {}
    stopped = p = 0.0
    for step, k in enumerate(order):
        left = len(order) - step
        part, p = stopped or alpha / left, max(p, min(left * ps[k], 1.0))
        found[k] = part, p
        stopped = stopped or (part if ps[k] > part else 0.0)
    return found


def _effect(plan: ExperimentPlan, base: Effect, series: _Series, alpha: float, p: float) -> Effect:
    low, high = series.interval(alpha)
    own = series.interval(plan.alpha)
    return base.model_copy(
        update={
            "customers": series.last.n,
            "levels": series.last.levels,
            "difference": _rounded(series.last.value),
            "interval": _interval(own, 1 - plan.alpha),
            "sure": _interval((low, high), 1 - alpha),
            "p": _rounded(min(p, 1.0)),
            "verdict": _verdict(plan, low, high),
        }
    )


def _verdict(plan: ExperimentPlan, low: float, high: float) -> Verdict:
    asked = plan.sign * plan.threshold
    above, below = low >= asked and low < math.inf, high < asked
    if plan.sign < 0:
        above, below = high <= asked, low > asked
    return "supported" if above else "refuted" if below else "not enough"


def _pooled(plan: ExperimentPlan, series: dict[int, _Series]) -> dict[int, dict[str, object]]:
    """Return the effects of segments with the others in mind, where there are two or more."""
    if len(series) < 2 or any(not one.last.error > 0 for one in series.values()):
        return {}
    # Where there are several looks, as sure as the strictest bound of the last of them.
    strict = max(float(one.bounds(plan.alpha)[-1]) for one in series.values())
    alpha = float(2 * ndtr(-strict))
    if not 1e-12 < alpha < 1:
        return {}
    found = with_others([one.last for one in series.values()], alpha)
    return {
        k: {
            "pooled": _rounded(one.value),
            "pooled_interval": _interval((one.low, one.high), 1 - plan.alpha),
        }
        for k, one in zip(series, found, strict=True)
    }


def _differing(series: dict[int, _Series]) -> Differing | None:
    if len(series) < 2 or any(not one.last.error > 0 for one in series.values()):
        return None
    values = np.array([one.last.value for one in series.values()])
    errors = np.array([one.last.error for one in series.values()])
    found = heterogeneity(values, errors)
    return Differing(
        q=_rounded(found.q), df=found.df, p=_rounded(found.p), i2=_rounded(found.i2),
        i2_interval=_interval(found.i2_interval, 0.95), tau=_rounded(found.tau),
    )  # fmt: skip


def _looks(
    plan: ExperimentPlan,
    trial: Trial,
    every: _Series,
    cuts: Sequence[tuple[float, int]],
    threshold: int,
) -> list[Look]:
    """Return what was seen at each look, of those that tell of no few, nor the next one less it."""
    if trial.day is None or len(plan.looks) == 1 or len(every.seen) != len(cuts):
        return []
    bounds, told = every.bounds(plan.alpha), list[Look]()
    later = -math.inf  # after the last look nothing is told
    for one, bound, (part, day) in reversed(list(zip(every.seen, bounds, cuts, strict=True))):
        seen, since = trial.day <= day, (trial.day > day) & (trial.day <= later)
        if not all(is_open(plan, trial.pick(these), threshold) for these in (seen, since)):
            continue
        later = day
        look = Look(
            fraction=round(part, 4),
            day=date.fromordinal(day).isoformat(),
            customers=sum(one.n),
            difference=_rounded(one.value),
            interval=_interval(one.interval(float(bound)), 1 - plan.alpha),
        )
        told.append(look)
    return told[::-1]


def _notes(
    plan: ExperimentPlan,
    trial: Trial,
    known: Trial,
    cuts: Sequence[tuple[float, int]],
    closed: bool,
    threshold: int,
) -> list[str]:
    """Say what a reader must know of how it was read."""
    notes, planned = [], plan.overall.customers or 1
    missing = len(trial.outcome) - len(known.outcome)
    if is_small(missing, threshold):
        notes.append(
            tr(
                "{column} is missing for fewer than {n} customers, who are left out.",
                column=repr(plan.outcome.column),
                n=whole(threshold),
            )
        )
    elif missing:
        notes.append(
            tr(
                "{column} is missing for {share} of the customers, who are left out.",
                column=repr(plan.outcome.column),
                share=percent(missing / len(trial.outcome), 1),
            )
        )
    if closed and cuts and cuts[-1][0] < 1:
        notes.append(
            tr(
                "Closed with {share} of the planned customers: it can tell less than was planned. "
                "If it was closed because of what it showed, the verdict is worth nothing.",
                share=percent(cuts[-1][0]),
            )
        )
    if trial.day is None and len(known.outcome) > _MORE * planned:
        notes.append(
            tr(
                "There are {times} times as many customers as planned. If it went on because of "
                "what it showed, the verdict is worth nothing.",
                times=number(len(known.outcome) / planned, 2),
            )
        )
    return notes + _after(known, cuts, threshold)


def _pulled_in(plan: ExperimentPlan, trial: Trial, threshold: int) -> list[str]:
    """Say that somebody counts with less than was measured."""
    if plan.outcome.is_share or trial.without_dominating(threshold) is trial:
        return []
    return [
        tr(
            "In {column}, one or two customers of an arm are so far from its others that a mean "
            "would tell of them; they count as the next ones do.",
            column=repr(plan.outcome.column),
        )
    ]


def _after(known: Trial, cuts: Sequence[tuple[float, int]], threshold: int) -> list[str]:
    """Say how many customers came after the day that counts."""
    if known.day is None or not cuts:
        return []
    later, everybody = int((known.day > cuts[-1][1]).sum()), len(known.outcome)
    if not later:
        return []
    # Those who count are told: of how few others, would follow from a share.
    few_later = is_small(later, threshold)
    share = percent((threshold if few_later else later) / everybody, 1)
    told = {
        "day": date.fromordinal(cuts[-1][1]).isoformat(),
        "share": tr("under {limit}", limit=share) if few_later else share,
    }
    if cuts[-1][0] < 1:
        return [
            tr(
                "Customers after {day}, the day of the last planned look, do not count: {share} of "
                "all.",
                **told,
            )
        ]
    return [
        tr(
            "Customers after {day}, the day of the last planned number of customers, do not count: "
            "{share} of all.",
            **told,
        )
    ]


def experiment_evidence(found: ExperimentReading, *, source: str) -> list[Evidence]:
    """Return the effect of each segment and of all as evidence, with its verdict."""
    if found.blocked:
        return []
    items = []
    for one in found.effects:
        if one.customers is None:
            continue
        name = f"experiment.{found.plan}"
        id_ = name if one.segment is None or len(found.segments) == 1 else f"{name}.{one.segment}"
        method = _method(found, one)
        n = sum(one.customers)
        items.append(
            Evidence(
                id=id_, statement=found.sentence(one), value=one.difference, interval=one.sure,
                n=n, method=method, source=source, verdict=one.verdict,
                fingerprint=fingerprint(
                    id_, one.difference, one.sure, n,
                    method if one.sure else f"{method}: {one.verdict}",
                ),
            )
        )  # fmt: skip
    return items


def _method(found: ExperimentReading, one: Effect) -> str:
    """Return how an effect was computed, in one language: fingerprints are of it."""
    shares = found.outcome.is_share
    means = "shares (Miettinen and Nurminen)" if shares else "means (Welch)"
    several = len(found.segments) > 1 and one.segment is not None
    with speaking(SOURCE):
        sure = percent(1 - found.alpha)
    return (
        f"difference of two {means}, {sure}{' for all segments together (Holm)' if several else ''}"
        f"; {found.arms[1]} against {found.arms[0]}; threshold {found.threshold:g}; plan "
        f"{found.fingerprint} of {found.sealed}"
    )


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _interval(ends: tuple[float, float], level: float) -> Interval:
    """Return an interval that a document can hold: numbers that are finite."""
    low, high = (min(max(end, -1e300), 1e300) for end in ends)
    return Interval(low=_rounded(low), high=_rounded(high), level=round(level, 6))
