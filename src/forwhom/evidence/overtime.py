"""A later period against what a segmentation says of its customers: moves, sizes, composition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from forwhom.documents.models import MixtureModel
from forwhom.documents.privacy import coarse_count, is_small, withheld_cells
from forwhom.documents.reference import Reference
from forwhom.documents.refresh import (
    MATTERS,
    Move,
    MoveKind,
    Range,
    Shift,
    SizeNow,
    Unfit,
)
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.evidence.composition import Stability, index_of_sizes, stability_index
from forwhom.evidence.drift import Changed, Frozen
from forwhom.evidence.reference import scores_of
from forwhom.mixture.novelty import UNLIKE
from forwhom.statistics.multiplicity import any_of, holm
from forwhom.statistics.rates import wilson
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Members with a value, then and now, that a comparison needs: means of fewer are not normal.
LEAST_MEMBERS = 30


@dataclass(frozen=True)
class Later:
    """Customers of a later period, as the frozen model places them."""

    columns: Mapping[str, Column]
    probabilities: Floats  # of each segment by the frozen model, (m, K)
    segment: NDArray[np.int32]  # most likely, 1 to K; 0 for none; (m,)
    known: NDArray[np.bool_]  # who has a value of anything, (m,)
    weights: Floats | None = None
    #: probabilities of the successors in the refit, (m, K); a column of NaN without one
    refitted: Floats | None = None
    #: the numbers as they may be told: nobody dominates a mean
    calm: Mapping[str, Column] | None = None


@dataclass(frozen=True)
class Held:
    """What was found."""

    frozen: Frozen
    changed: Changed
    sizes: list[SizeNow]
    shift: Shift | None
    shifts: list[Shift]
    moves: list[Move]
    unfit: Unfit | None
    alarm: float  # of all comparisons of what forms segments, and of who fits none
    complete: bool  # whether every segment was compared in all that forms them


def hold_against(segmentation: Segmentation, later: Later) -> Held:
    """Compare a later period with the customers who formed the segments."""
    n = segmentation.fit.n_effective or float(segmentation.n)
    frozen = Frozen.of(later.probabilities, _shares(segmentation), n, later.weights)
    unfit = _unfit(segmentation, later)
    kept = later
    if unfit is not None and unfit.more:
        # They are told on their own, and not as members who moved a segment.
        kept = _without_unfit(later)
        frozen = Frozen.of(kept.probabilities, _shares(segmentation), n, kept.weights)
    changed = frozen.sizes()
    comparisons = list(_comparisons(segmentation, kept, frozen))
    formed = [one.p for one in comparisons if one.move.formed]
    ps = [*formed, *([] if unfit is None else [unfit.p])]
    return Held(
        frozen=frozen,
        changed=changed,
        sizes=_sizes(segmentation, later, changed),
        shift=_shift_of_sizes(segmentation, changed),
        shifts=_shifts(segmentation, later, n),
        moves=_together(comparisons),
        unfit=unfit,
        alarm=any_of(ps),
        complete=len(formed) == len(segmentation.segments) * len(_forming(segmentation)),
    )


def _forming(segmentation: Segmentation) -> set[str]:
    """Return the names of what forms segments: not all that is active does so in every method."""
    read = {v.name for v in segmentation.deciding}
    return {v.name for v in segmentation.variables if v.use == "active" and v.name in read}


def _shares(segmentation: Segmentation) -> Floats:
    """Return the shares that the model was fitted with: those that its probabilities know."""
    model = segmentation.model
    if isinstance(model, MixtureModel):
        return np.bincount(model.parts, model.weights).astype(np.float64)
    shares = np.array([segment.share for segment in segmentation.segments])
    return np.asarray(np.maximum(shares, 1e-9) / np.maximum(shares, 1e-9).sum())


def _without_unfit(later: Later) -> Later:
    fit = later.segment > 0
    columns = {
        name: Column(name, column.values[fit], column.levels)
        for name, column in later.columns.items()
    }
    return Later(
        columns=columns,
        probabilities=later.probabilities[fit],
        segment=later.segment[fit],
        known=later.known[fit],
        weights=None if later.weights is None else later.weights[fit],
        refitted=None if later.refitted is None else later.refitted[fit],
        calm=None if later.calm is None else {
            name: Column(name, column.values[fit], column.levels)
            for name, column in later.calm.items()
        },
    )  # fmt: skip


@dataclass(frozen=True)
class _Comparison:
    move: Move
    p: float


def _comparisons(
    segmentation: Segmentation, later: Later, frozen: Frozen
) -> Iterator[_Comparison]:  # fmt: skip
    variables, forming = {v.name: v for v in segmentation.variables}, _forming(segmentation)
    rows = later.probabilities.sum(axis=1) > 0
    before = [segment.share * frozen.n_before for segment in segmentation.segments]
    for one in segmentation.reference:
        variable = variables[one.variable]
        if variable.use == "protected" or one.variable not in later.columns:
            continue
        values = _values(one, later.columns[one.variable])
        means = frozen.means(values[rows])
        for k, earlier in enumerate(one.inside):
            told = _compared(earlier, values.shape[1])
            if told is None or min(float(means.members[k]), before[k]) < LEAST_MEMBERS:
                continue
            grouping, shares = told
            kind = _kind(one)
            found, p = means.joined(grouping).against(shares, k, kind, MATTERS[kind])
            move = Move(
                segment=k + 1,
                variable=variable.name,
                label=variable.label,
                kind=kind,
                effect=_digits(found.effect[0]),
                low=_digits(found.low[0]),
                high=_digits(found.high[0]),
                p=p,
                refitted=_in_refit(later, k, values, grouping, shares, kind),
                formed=variable.name in forming,
            )
            yield _Comparison(move, p)


def _digits(value: float) -> float:
    return round(float(np.nan_to_num(value)), 4)


def _kind(one: Reference) -> MoveKind:
    if not one.levels:
        return "d"
    return "h" if len(one.levels) == 2 else "V"


def _values(one: Reference, column: Column) -> Floats:
    """Return what means are taken of: normal scores, or a yes for each level; (m, C)."""
    if not one.levels:
        shares: Floats = np.array([share or 0.0 for share in one.shares])
        return scores_of(np.asarray(column.values, dtype=float), np.array(one.cuts), shares)
    codes: Ints = np.asarray(column.values, dtype=np.int64)
    names = list(column.levels or ())
    place = np.array([names.index(level) if level in names else -2 for level in one.levels])
    hot: Floats = (codes[:, None] == place).astype(np.float64)
    hot[codes < 0] = np.nan
    return hot


def _compared(earlier: Sequence[float | None], width: int) -> tuple[Floats, Floats] | None:
    """Return which statistics count as which (C, C'), and the earlier ones; None without any."""
    if width > 2:
        return _levels(earlier)
    # A number is one mean, and a yes or no one share.
    last = earlier[-1]
    return None if last is None else (np.eye(width)[:, -1:], np.array([last]))


def _levels(earlier: Sequence[float | None]) -> tuple[Floats, Floats] | None:
    """Return which levels count as which, with their shares: those withheld are one together."""
    shown = [i for i, share in enumerate(earlier) if share is not None]
    shares = np.array([share for share in earlier if share is not None])
    hidden = len(shown) < len(earlier)
    if len(shown) + hidden < 2:
        return None
    place = np.full(len(earlier), len(shown))
    place[shown] = np.arange(len(shown))
    if hidden:
        shares = np.append(shares, max(1.0 - float(shares.sum()), 0.0))
    grouping = np.eye(len(shares))[place]
    return grouping, np.asarray(shares / max(float(shares.sum()), 1e-12))


def _in_refit(
    later: Later, k: int, values: Floats, grouping: Floats, earlier: Floats, kind: MoveKind
) -> float | None:  # fmt: skip
    """Return how far the successor of a segment stands from where the segment stood."""
    if later.refitted is None or not np.isfinite(later.refitted[:, k]).all():
        return None
    w = later.refitted[:, k] * (1.0 if later.weights is None else later.weights)
    seen = np.isfinite(values).all(axis=1)
    if not (w[seen].sum() > 0):
        return None
    mean = (w[seen] @ values[seen] / w[seen].sum()) @ grouping
    if kind == "d":
        return _digits(mean[0] - earlier[0])
    if kind == "h":
        angles = [2 * np.arcsin(np.sqrt(np.clip(one[-1], 0, 1))) for one in (mean, earlier)]
        return _digits(abs(angles[0] - angles[1]))
    together = np.maximum(2 * (mean + earlier), 1e-4)
    return _digits(float(np.sqrt(((mean - earlier) ** 2 / together).sum())))


def _together(comparisons: Sequence[_Comparison]) -> list[Move]:
    """Return the moves, those of what forms segments first, with p that hold together."""
    found = []
    for formed in (True, False):
        own = [one.move for one in comparisons if one.move.formed == formed]
        adjusted = holm([move.p for move in own])
        known = [m.model_copy(update={"p": p}) for m, p in zip(own, adjusted, strict=True)]
        found += sorted(known, key=_told_first)
    return found


def _told_first(move: Move) -> tuple[bool, float, int, str]:
    """Return what orders moves: those that surely moved first, the largest of them first."""
    return not move.moved, -move.size / MATTERS[move.kind], move.segment, move.variable


def _unfit(segmentation: Segmentation, later: Later) -> Unfit | None:
    """Compare who fits no segment with what the threshold let through among those who formed it."""
    if not isinstance(segmentation.model, MixtureModel):
        return None
    n, m = segmentation.n, int(later.known.sum())
    out = int(((later.segment == 0) & later.known).sum())
    if m == 0:
        return None
    # The threshold is an order statistic of the earlier customers.
    below = int(UNLIKE * n)
    few = is_small(out, segmentation.threshold)
    if few:  # their number would tell of them: they are no sign
        out = 0
    low, high = wilson(out / m, max(m, 1))
    return Unfit(
        few=few,
        before=Range(value=UNLIKE, low=0.0, high=round(float(betaincinv(below + 1, n, 0.975)), 5)),
        now=Range(value=out / m, low=low, high=high),
        p=_more_by_chance(out, m, below + 1, max(n - below, 1)),
    )


def _more_by_chance(out: int, m: int, a: int, b: int) -> float:
    """Return how likely so many of m are, or more, where their share is Beta(a, b)."""
    from scipy.stats import betabinom  # not loaded by commands that do not ask

    return float(betabinom.sf(out - 1, m, a, b))


def _sizes(segmentation: Segmentation, later: Later, changed: Changed) -> list[SizeNow]:
    placed = np.bincount(later.segment, minlength=len(segmentation.segments) + 1)
    [hidden] = withheld_cells([placed.tolist()], segmentation.threshold)
    found = []
    for k, segment in enumerate(segmentation.segments):
        share, error = float(changed.shares[k]), float(changed.errors[k])
        m = int(later.known.sum())
        n = share * (1 - share) / error**2 if error > 1e-9 else float(m)
        if hidden[segment.id]:  # where memberships are sure, a share is a number of customers
            share, n = coarse_count(round(share * m), m, segmentation.threshold) / m, float(m)
        low, high = wilson(share, n)
        was = segment.share_interval
        found.append(
            SizeNow(
                segment=segment.id,
                before=Range(value=segment.share, low=was.low, high=was.high),
                now=Range(value=round(share, 6), low=round(low, 6), high=round(high, 6)),
                placed=None if hidden[segment.id] else int(placed[segment.id]),
            )
        )
    return found


def _shift_of_sizes(segmentation: Segmentation, changed: Changed) -> Shift | None:
    if len(segmentation.segments) < 2:
        return None
    before = changed.shares - changed.moved
    found = index_of_sizes(before, changed.shares, changed.spread, changed.p)
    return _shift("", f"The sizes of the {segmentation.noun}s", found, changed.p)


def _shifts(segmentation: Segmentation, later: Later, n: float) -> list[Shift]:
    """Return how much each variable changed among all customers, most surely first."""
    variables = {v.name: v for v in segmentation.variables}
    indexes = [
        (variables[one.variable], found)
        for one in segmentation.reference
        if one.variable in later.columns
        and (found := _index(one, variables[one.variable], later, n)) is not None
    ]
    adjusted = holm([found.p for _, found in indexes])
    shifts = [
        _shift(v.name, v.label, found, p)
        for (v, found), p in zip(indexes, adjusted, strict=True)
    ]  # fmt: skip
    return sorted(shifts, key=lambda one: (one.p, -one.psi.value, one.variable))


def _index(
    one: Reference, variable: Variable, later: Later, n: float
) -> Stability | None:  # fmt: skip
    column = later.columns[one.variable]
    if one.levels:
        hot = _values(one, column)
        told = _levels(one.shares)
        if told is None:
            return None
        grouping, before = told
        hot = hot @ grouping
    else:
        values = np.asarray(column.values, dtype=np.float64)
        codes = np.searchsorted(np.array(one.cuts), values, side="left")
        hot = (codes[:, None] == np.arange(len(one.cuts) + 1)).astype(np.float64)
        hot[~np.isfinite(values)] = np.nan
        before = np.array([share or 0.0 for share in one.shares])
        before = before / before.sum()
    seen = np.isfinite(hot).all(axis=1)
    w = np.ones(len(hot)) if later.weights is None else later.weights
    if not w[seen].sum() > 0:
        return None
    now = w[seen] @ hot[seen] / w[seen].sum()
    m = float(w[seen].sum() ** 2 / (w[seen] @ w[seen]))
    known = max((1 - variable.missing) * (1 - variable.unasked), 1e-9)
    return stability_index(before, now / now.sum(), n * known, m)


def _shift(name: str, label: str, found: Stability, p: float) -> Shift:
    told = Range(
        value=round(max(found.value, 0.0), 4), low=round(found.low, 4), high=round(found.high, 4)
    )  # fmt: skip
    return Shift(
        variable=name, label=label, bins=found.bins, raw=round(found.raw, 4), psi=told,
        p=p, verdict=found.verdict(p),
    )  # fmt: skip
