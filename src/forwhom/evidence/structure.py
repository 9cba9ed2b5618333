"""Kinds or degrees: do the segments stand apart, or are they slices of a sliding scale?

1. Continua (one or more common factors, also curved) and segments are fitted to the same bins of
   the same customers; the difference of their BIC speaks for degrees or for kinds.
2. Segments that a line describes as well as two of them are slices of one island.
3. Where islands are found, data that the best continuum would give are segmented in the same way:
   are real customers placed more surely, and farther apart?
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure, has_levels
from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.evidence.margins import Margins, clumps, dependent, only_cut
from forwhom.mixture import Column, Design, FitOptions, FittedMixture, build_design, fit_mixture
from forwhom.mixture.bands import borders, kept
from forwhom.mixture.bootstrap import simulate, with_holes
from forwhom.mixture.continuum import (
    CONTINUA,
    Continuum,
    fit_continuum,
    fit_with_factor,
)
from forwhom.mixture.design import Whole
from forwhom.mixture.expectation import available_threads, in_order
from forwhom.mixture.fitted import converge_from_responsibilities
from forwhom.mixture.islands import certainty, islands_of, lines, separation
from forwhom.mixture.scale import Moved, axes, moved_along, reliability
from forwhom.mixture.selection import select
from forwhom.progress import Progress, silent
from forwhom.tables.weights import counting_weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Customers looked at: differences of BIC grow with them, so this is part of the calibration.
MOST_ROWS = 2_000
#: Differences of BIC that speak for kinds, and for degrees.
KINDS, DEGREES = 10.0, -10.0
#: How far real data must be beyond sets that a continuum gives, in SD.
BEYOND = 2.5
#: Sets are drawn up to these numbers, one after the other. Where real data are no farther out than
#: ``HOPELESS`` they will not be in the end; where they are beyond ``PLAIN`` they will.
NULL_SETS, HOPELESS, PLAIN = (0, 7, 11, 15, 19), 1.0, 8.0
#: Where the lower and the upper tenth of a normal scale begin.
TENTH = 1.2815515655446004
#: Most levels of a nominal variable that are told apart here; the others count as one.
MOST_LEVELS = 8
#: Starts of every fit, and of one to data that a continuum gave.
STARTS, NULL_STARTS = 12, 4
MOST_TRIED = 7


@dataclass(frozen=True)
class _Sample:
    """The customers looked at."""

    columns: dict[str, Column]
    measures: Mapping[str, Measure]
    weights: Floats | None
    wholes: Sequence[Whole]
    rows: Ints

    @property
    def margins(self) -> Margins:
        """What single variables are judged by."""
        return self.columns, self.measures, self.weights, self.wholes

    def design(self, columns: Mapping[str, Column]) -> Design:
        """Bins with free margins, whatever family the segments were found with."""
        tilts = {name: "tilt" for name, m in self.measures.items() if not has_levels(m)}
        return build_design(
            list(columns.values()), self.measures, self.weights, families=tilts, wholes=self.wholes
        )


@dataclass(frozen=True)
class _Contest:
    """The best of each kind of description of the same customers."""

    mixture: FittedMixture
    continuum: FittedMixture
    kind: Continuum
    styled: FittedMixture | None  # segments with a common factor besides
    alone: float  # BIC of one kind of customer

    @property
    def groups(self) -> float:
        """BIC of the best groups, with or without a style."""
        plain = self.mixture.bic
        return plain if self.styled is None else min(plain, self.styled.bic)

    @property
    def with_style(self) -> bool:
        """Whether groups are better described with a common factor besides."""
        return self.styled is not None and self.styled.bic < self.mixture.bic

    @property
    def difference(self) -> float:
        """BIC of the best continuum minus that of the best groups."""
        return self.continuum.bic - self.groups

    @property
    def torn(self) -> bool:
        """Whether a scale beats groups, but groups with a style beat the scale.

        A scale along which customers spread, or which bounds another, looks like that too.
        """
        return self.continuum.bic - self.mixture.bic <= DEGREES and self.difference >= KINDS

    @property
    def kinds(self) -> bool:
        """Whether groups describe the customers better than any scale that was tried."""
        return self.difference >= KINDS and not self.torn

    @property
    def nothing(self) -> bool:
        """Whether neither groups nor a scale say more than margins do by themselves."""
        return self.alone <= min(self.groups, self.continuum.bic)

    @property
    def scale(self) -> Scale:
        """The best continuum as a scale."""
        return scale_of(self.continuum, self.kind.dimensions, curved=self.kind.bends > 0)

    @property
    def style(self) -> Scale | None:
        """What all groups have in common, where that describes them better."""
        if self.styled is None or not self.with_style:
            return None
        return scale_of(self.styled)

    def segments(self, k: int) -> int:
        """How many of k segments are left where a style explains the others."""
        if self.styled is None or not self.with_style or not self.kinds:
            return k
        return min(k, self.styled.k)


@dataclass(frozen=True)
class Examination:
    """Customers looked at, and what describes them best."""

    sample: _Sample
    design: Design
    contest: _Contest
    options: FitOptions
    k: int  # segments to take: fewer than those of the mixture, where a style explains the rest
    progress: Progress

    @cached_property
    def alike(self) -> bool:
        """Whether customers differ by chance alone: no variable says anything about another."""
        return self.contest.nothing and not dependent(*self.sample.margins)

    @property
    def line(self) -> Continuum | None:
        """The one sliding scale that describes the customers better than groups do, if one does."""
        wins = not self.alike and self.contest.difference <= DEGREES
        return self.contest.kind if wins and self.contest.kind.dimensions == 1 else None

    @property
    def styled(self) -> bool:
        """Whether it is groups with a common factor besides that describe them best."""
        return self.contest.kinds and self.contest.with_style and not self.alike

    @property
    def degree(self) -> int:
        """What places along the line differ in on tilts."""
        return self.contest.continuum.data.layout.shape.degree

    def verdict(self, responsibilities: Floats, along: FittedMixture | None = None) -> Structure:
        """Judge segments by their probabilities for all customers, shape (customers, k).

        ``along`` is what they consist of, where that is classes along a scale.
        """
        contest = self.contest
        figures = Structure(
            verdict="unclear",
            rows=len(self.sample.rows),
            difference=contest.difference,
            continuum=contest.kind.name,
            clumps=clumps(*self.sample.margins),
        )
        if responsibilities.shape[1] == 1:
            return _alone(figures, contest)
        if self.alike:
            cut = only_cut(*self.sample.margins, responsibilities[self.sample.rows])
            told = "one" if cut is None else "unclear"
            return figures.model_copy(update={"verdict": told, "cut": cut})
        if contest.difference <= DEGREES:
            scale = (
                contest.scale if along is None else scale_of(along, curved=contest.kind.bends > 0)
            )
            return figures.model_copy(update={"verdict": "scale", "scale": scale})
        self.progress("looking for what hangs together", 0.5)
        joined = _islands(self.design, contest, responsibilities[self.sample.rows], self.options)
        islands = [[s + 1 for s in sorted(one)] for one in joined]
        style = contest.style if contest.kinds else None
        style = style if along is None else scale_of(along)
        figures = figures.model_copy(update={"islands": islands, "style": style})
        if not contest.kinds or len(islands) < 2:
            return figures
        self.progress("segmenting what a sliding scale would give", 0.6)
        return _confirmed(figures, self.sample, contest, self.options)


def examine(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    weights: Floats | None,
    k: int,
    fits: Sequence[FittedMixture] = (),
    *,
    fixed: bool = False,
    wholes: Sequence[Whole] = (),
    seed: int = 0,
    n_threads: int | None = None,
    progress: Progress = silent,
) -> Examination:
    """Look at customers who were found to be k segments: are those kinds or degrees?

    ``fits`` are what was fitted to all of them, and spare fitting it again where all are looked at.
    A ``fixed`` number of segments is kept also where a style explains some of them.
    """
    sample = sampled(columns, measures, weights, wholes, seed)
    options = FitOptions(n_starts=STARTS, tol=1e-7, seed=seed, n_threads=n_threads)
    design = sample.design(sample.columns)
    progress("comparing with sliding scales", 0.0)
    contest = _contest(design, k, _same_bins(design, fits), options, fixed=fixed)
    return Examination(sample, design, contest, options, contest.segments(k), progress)


def _alone(figures: Structure, contest: _Contest) -> Structure:
    """One segment: one kind of customer, unless a scale says more than it."""
    alone = contest.continuum.bic - contest.mixture.bic
    if alone > DEGREES:
        return figures.model_copy(update={"verdict": "one"})
    return figures.model_copy(update={"verdict": "scale", "scale": contest.scale})


def sampled(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    weights: Floats | None,
    wholes: Sequence[Whole],
    seed: int,
) -> _Sample:
    """Draw customers in proportion to their weight, by a hash of what they are."""
    names = [*measures, *(w.items for w in wholes if w.items not in measures)]
    n = len(columns[names[0]])
    counts = np.ones(n) if weights is None else counting_weights(weights)
    rows = np.arange(n)
    kept = None if weights is None else weights
    if counts.sum() > MOST_ROWS:
        order = _shuffled({name: columns[name] for name in names}, seed)
        steps = (np.arange(MOST_ROWS) + 0.5) * counts.sum() / MOST_ROWS
        rows = order[np.searchsorted(np.cumsum(counts[order]), steps)]
        kept = None
    drawn = {
        name: _fewer_levels(
            replace(columns[name], values=columns[name].values[rows]), measures.get(name)
        )
        for name in names
    }
    varied = {name: m for name, m in measures.items() if _varies(drawn[name])}
    return _Sample(drawn, varied, kept, wholes, rows)


def _shuffled(columns: Mapping[str, Column], seed: int) -> Ints:
    """An order that depends on the content of rows alone."""
    numbers = np.stack([np.asarray(c.values, dtype=np.float64) for c in columns.values()])
    mixed = np.zeros(numbers.shape[1], dtype=np.uint64)
    for line in np.ascontiguousarray(numbers + 0.0).view(np.uint64):
        mixed = (mixed ^ line) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    mixed = (mixed + np.uint64(seed)) * np.uint64(0xBF58476D1CE4E5B9)
    return np.argsort(mixed ^ (mixed >> np.uint64(31)), kind="stable")


def _varies(column: Column) -> bool:
    values = np.asarray(column.values, dtype=np.float64)
    seen = values[~column.missing]
    return len(seen) > 0 and bool((seen != seen[0]).any())


def _fewer_levels(column: Column, measure: Measure | None) -> Column:
    """Join the rare levels of a nominal variable."""
    if measure != "nominal" or column.levels is None or len(column.levels) <= MOST_LEVELS:
        return column
    codes = np.asarray(column.values, dtype=np.int64)
    counts = np.bincount(codes[codes >= 0], minlength=len(column.levels))
    kept = np.sort(np.argsort(-counts, kind="stable")[: MOST_LEVELS - 1])
    new = np.full(len(column.levels) + 1, len(kept), dtype=np.int32)
    new[kept], new[-1] = np.arange(len(kept)), -1
    levels = (*(column.levels[i] for i in kept), "\N{HORIZONTAL ELLIPSIS}")
    return Column(column.name, new[codes], levels)


def _same_bins(design: Design, fits: Sequence[FittedMixture]) -> list[FittedMixture]:
    """Those fits that were made to the same customers in the same bins."""
    return [
        f
        for f in fits
        if f.data.design.items == design.items
        and f.data.design.n_rows == design.n_rows
        and not len(f.data.design.numerics)
    ]


def _mixtures(
    design: Design, k: int, known: Sequence[FittedMixture], options: FitOptions
) -> list[FittedMixture]:
    """Fit numbers of segments from 1 to past k, and on until one more does not pay."""
    most = min(MOST_TRIED, max(2, design.n_rows // 4))
    fits = {f.k: f for f in known if f.k <= max(k, most)}
    missing = sorted(set(range(1, min(max(k, 2) + 1, most) + 1)) - fits.keys())
    while missing:
        fits |= {f.k: f for f in select(design, missing, options, degrees=(1, 2)).fits}
        last = max(fits)
        missing = [last + 1] if _best(list(fits.values())).k == last < most else []
    return [fits[k] for k in sorted(fits)]


def _contest(
    design: Design, k: int, known: Sequence[FittedMixture], options: FitOptions, *, fixed: bool
) -> _Contest:
    """Fit segments, continua, and segments with a style to the same customers."""
    n_items = len(design.items)
    degrees = (1, 2) if design.has_spread else (1,)
    fits = _mixtures(design, k, known, options)
    mixture = _best(fits) if k == 1 else _best([f for f in fits if f.k > 1])
    degree = mixture.data.layout.shape.degree
    wanted = _continua(n_items, degree, degrees)
    allowed = {k} if fixed else set(range(2, mixture.k + 1))
    more = [f for f in fits if f.k in allowed - {1} and n_items > 2]
    asked = [partial(fit_continuum, design, *one, n_threads=options.n_threads) for one in wanted]
    asked += [partial(fit_with_factor, f) for f in more]
    found = in_order(lambda i: asked[i](), len(asked), options.n_threads or available_threads())
    continua, styled = found[: len(wanted)], found[len(wanted) :]
    best_styled = min(styled, key=lambda s: s.bic, default=None)
    groups = min(f.bic for f in (mixture, best_styled) if f is not None)
    continuum, kind = _best_continuum(
        [(c, one) for c, (one, _) in zip(continua, wanted, strict=True)], groups
    )
    alone = _best([f for f in fits if f.k == 1]).bic
    return _Contest(mixture, continuum, kind, best_styled, alone)


def _continua(n_items: int, degree: int, degrees: Sequence[int]) -> list[tuple[Continuum, int]]:
    """Continua to try for segments that differ on tilts of a degree.

    How spread moves along one factor, open or closed, is tried even where segments need it not.
    """
    likely = [kind for kind in CONTINUA if kind is CONTINUA[0] or n_items >= kind.least_variables]
    both = [kind.closed or kind is CONTINUA[0] for kind in likely]
    return [
        (kind, one)
        for kind, all_of_them in zip(likely, both, strict=True)
        for one in (degrees if all_of_them else (degree,))
    ]


def _best_continuum(
    fits: Sequence[tuple[FittedMixture, Continuum]], groups: float
) -> tuple[FittedMixture, Continuum]:
    """Take the continuum with the lowest BIC; a closed one only where it beats groups by itself.

    Two groups look like a circle from the side, so that it would take from what speaks for them.
    """
    told = [(f, kind) for f, kind in fits if not kind.closed or f.bic - groups <= DEGREES]
    return min(told, key=lambda pair: pair[0].bic)


def _best(fits: Sequence[FittedMixture]) -> FittedMixture:
    return min(fits, key=lambda f: f.bic)


def scale_of(fitted: FittedMixture, dimensions: int = 1, *, curved: bool = False) -> Scale:
    """Describe what moves along the factor, between its lower and its upper tenth."""
    # Bands are cut out of a scale that points up already; so are classes with one factor besides.
    told = axes(fitted) if fitted.form != "scale" else np.ones((1, 1))
    cuts = borders(fitted.k) if fitted.form == "scale" else np.empty(0)
    points = np.array([-TENTH, 0.0, TENTH, *cuts])
    moves = [
        _moving(moved, dimension)
        for dimension, axis in enumerate(told, 1)
        for moved in moved_along(fitted, points, axis)
    ]
    return Scale(
        dimensions=dimensions,
        curved=curved,
        reliability=reliability(fitted, told[0]),
        borders=cuts.tolist(),
        kept=kept(fitted) if len(cuts) else None,
        variables=list(_main(moves)),
    )


def _main(moves: Sequence[ScaleVariable]) -> Iterator[ScaleVariable]:
    """Yield each variable on the scale that moves it most, and at least one for every scale."""
    most: dict[str, float] = {}
    for one in moves:
        most[one.variable] = max(most.get(one.variable, 0.0), abs(one.loading))
    for _, along in groupby(moves, key=lambda one: one.dimension):
        strongest, *others = along
        own = [one for one in others if abs(one.loading) == most[one.variable]]
        main = abs(strongest.loading) == most[strongest.variable]
        yield from [strongest, *own] if main or not own else own


def _moving(moved: Moved, dimension: int) -> ScaleVariable:
    return ScaleVariable(
        variable=moved.variable,
        level=moved.level,
        dimension=dimension,
        loading=float(np.clip(moved.loading, -1.0, 1.0)),
        low=float(moved.values[0]),
        middle=float(moved.values[1]),
        high=float(moved.values[2]),
        borders=moved.values[3:].tolist(),
    )


def _islands(
    design: Design, contest: _Contest, resp: Floats, options: FitOptions
) -> list[list[int]]:
    """Segments that hang together; numbers from 0."""
    degree = contest.mixture.data.layout.shape.degree
    fitted = converge_from_responsibilities(design, resp, replace(options, degree=degree))
    if contest.with_style and contest.kinds:
        return islands_of(lines(fit_with_factor(fitted)), fitted.weights)
    return islands_of(lines(fitted), fitted.weights)


def _confirmed(
    figures: Structure, sample: _Sample, contest: _Contest, options: FitOptions
) -> Structure:
    """Compare with what the best continuum would give, segmented in the same way."""
    k = len(figures.islands)
    quick = replace(
        options, n_starts=NULL_STARTS, tol=1e-6, degree=contest.mixture.data.layout.shape.degree
    )
    items, shares = contest.continuum.items(), contest.continuum.class_weights.tolist()
    observed = _stands(fit_mixture(sample.design(sample.columns), k, quick))

    def drawn(b: int) -> tuple[float, float]:
        """How a set that the continuum gives stands."""
        columns, _ = simulate(items, shares, len(sample.rows), seed=options.seed * 1_009 + b)
        columns |= {name: c for name, c in sample.columns.items() if name not in columns}
        holes = {name: with_holes(columns[name], c) for name, c in sample.columns.items()}
        return _stands(fit_mixture(sample.design(holes), k, quick))

    found, z = list[tuple[float, float]](), np.zeros(2)
    for begin, end in pairwise(NULL_SETS):
        more = partial(lambda first, i: drawn(first + i), begin)
        found += in_order(more, end - begin, options.n_threads or available_threads())
        null = np.array(found)
        z = (np.array(observed) - null.mean(axis=0)) / np.maximum(null.std(axis=0, ddof=1), 1e-9)
        if z.min() < HOPELESS or z.min() > PLAIN:
            break
    return figures.model_copy(
        update={
            "verdict": "clear" if (z >= BEYOND).all() else "likely",
            "certainty_z": float(z[0]),
            "separation_z": float(z[1]),
            "null_sets": len(found),
        }
    )


def _stands(fitted: FittedMixture) -> tuple[float, float]:
    """How sure membership is, and how far apart the segments are."""
    resp = fitted.data.responsibilities(fitted.parameters)
    weights = fitted.data.design.row_weights
    return certainty(resp, weights), separation(resp, weights)
