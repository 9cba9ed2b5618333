"""Fit a mixture with K segments: screen starts, run the best to convergence, order segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design
from forwhom.mixture.em import Runs, run_em, together
from forwhom.mixture.expectation import Expectation, in_order
from forwhom.mixture.maximization import mstep
from forwhom.mixture.parameters import Parameters, stack
from forwhom.mixture.sampling import subsample
from forwhom.mixture.shape import Covariance, Shape
from forwhom.mixture.starts import make_starts
from forwhom.wording import count

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]
ExtraStarts = Callable[[Expectation], Parameters]
#: Log-likelihood that a number of segments needs on some rows of the whole, to be the best so far.
Needed = Callable[[Expectation, Expectation, int], float]

#: Rows times starts times segments that may run to convergence without screening.
CHEAP = 100_000
#: Rows on which starts are screened, and on which the survivors converge.
SCREEN_ROWS = 4_000
SETTLE_ROWS = 20_000
#: Variables up to which that many rows are settled on: of more, fewer rows say as much.
WIDE = 25
#: Tolerance while starts are screened.
SCREEN_TOL = 1e-6
#: Tolerance and most passes of a start that settles; the best one goes on to the end.
SETTLE_TOL = 1e-7
SETTLE_ITER = 120
#: Most starts in one product, which one thread follows to its end, and fewest where there are two.
BATCH = 32
LEAST_BATCH = 8
#: Rows times starts times segments that are worth a product of their own: a pass has its price.
WORTH = 200_000
#: Starts that converge on the subsample, and those that go on to all rows.
SETTLED = 20
FINALISTS = 3
#: Fewest starts that run to the end where every start is run; half of them, where they are more.
LEAST_KEPT = 10
#: Fewest starts beside good ones that others suggest, and how many of all settle then.
QUICK = 12
SETTLED_QUICK = 6
#: Most rounds of starts: while only one start has found the best fit, others are tried.
MOST_ROUNDS = 3
#: A number of segments is out of reach where it is behind by so many times what tells its starts
#: apart, and no other starts are tried; starts are at least so far apart, in log-likelihood.
FAR, APART = 5.0, 1.0
#: Two starts found the same optimum when their log-likelihoods differ by less (per customer,
#: and in all).
SAME_PER_CUSTOMER = 1e-5
SAME = 0.01


@dataclass(frozen=True)
class FitOptions:
    """How a mixture is fitted."""

    #: starts of a round; each is short unless it does well. Where a round is too dear to run
    #: every start to its end, up to two more follow until two starts agree on the best fit.
    n_starts: int = 200
    #: prior customers, spread evenly over the segments; 0 is plain maximum likelihood
    prior: float = 1.0
    tol: float = 1e-10  # gain in log-likelihood per customer and pass under which EM has converged
    max_iter: int = 2000  # most passes over the data
    #: ``"diagonal"``; ``"full"`` or ``"tied"`` make one block of all continuous variables
    covariance: Covariance = "diagonal"
    #: what segments can differ in on the levels of tilts: 1 is where they stand, 2 spread as well
    degree: int = 1
    seed: int = 0  # decides all random draws
    n_threads: int | None = None  # threads; results do not depend on it. None: all processors.

    @property
    def shape(self) -> Shape:
        """What the model lets differ."""
        return Shape(self.covariance, self.degree)


class Optimum(NamedTuple):
    """The best optimum of one K, segments ordered by size (largest first)."""

    data: Expectation
    parameters: Parameters
    loglik: float
    converged: bool
    n_iter: int
    best_start_share: float
    n_completed: int
    degenerate: bool


def find_optimum(
    design: Design,
    k: int,
    options: FitOptions,
    *,
    extra_starts: ExtraStarts | None = None,
    quick: bool = False,
    needed: Needed | None = None,
    progress: Progress | None = None,
) -> Optimum:
    """Find the best optimum with k segments.

    ``extra_starts`` gives more starts for some rows, such as the segments of an earlier fit; where
    these are good, ``quick`` needs few others. Where ``needed`` is far out of reach, no other round
    of starts is tried. ``progress`` is called with what is being done and the fraction done.
    """
    full = Expectation(design, options.shape, options.n_threads)
    search = _Search(full, k, options, extra_starts, progress or _silent, quick, needed)
    parts = search.parts
    settled = search.settle()
    search.tell(f"{parts}: converging on all customers", 0.6)
    groups = _finalists(settled, sampled=search.sampled)
    finals = _finish(full, settled.runs.pick(np.array([g[0] for g in groups])), options)
    best = _best(finals)
    reached = _same(finals.objective, finals.objective[best], design.n)
    order = np.argsort(-finals.parameters.weights[best], kind="stable")
    search.tell(f"{parts}: done", 1.0)
    return Optimum(
        full,
        finals.parameters.pick(np.array([best])).order(order),
        float(finals.loglik[best]),
        bool(finals.converged[best]),
        int(finals.n_iter[best]),
        sum(len(g) for g, same in zip(groups, reached, strict=True) if same) / settled.completed,
        settled.completed,
        bool(finals.degenerate[best]),
    )


def _silent(_what: str, _done: float) -> None:
    pass


@dataclass(frozen=True)
class _Settled:
    """Starts that have settled, on ``n`` customers."""

    runs: Runs
    n: float

    @property
    def completed(self) -> int:
        """How many there are."""
        return len(self.runs.loglik)


@dataclass(frozen=True)
class _Search:
    """The starts of one K, from many short runs to a few that have converged."""

    full: Expectation
    k: int
    options: FitOptions
    extra_starts: ExtraStarts | None
    tell: Progress
    quick: bool = False
    needed: Needed | None = None

    @property
    def parts(self) -> str:
        """So many segments, as progress says it."""
        return count(self.k, "segment")

    @cached_property
    def n_starts(self) -> int:
        """Starts of a round, besides those that others suggest."""
        n = self.options.n_starts
        return min(n, max(QUICK, n // 8)) if self.quick else n

    @property
    def sampled(self) -> bool:
        """Whether starts settle on a part of the rows."""
        return self.full.design.n_rows > self.settle_rows

    @property
    def settle_rows(self) -> int:
        """Rows on which the survivors converge."""
        width = len(self.full.design.items) + len(self.full.design.numerics)
        return max(SCREEN_ROWS, SETTLE_ROWS * WIDE // max(width, WIDE))

    def settle(self) -> _Settled:
        """Return the starts that were worth running until they settled."""
        if self.full.design.n_rows * self.n_starts * self.k <= CHEAP:
            return self._all()
        settled = self._screened(0)
        searching = self.n_starts > 1 and self.k > 1 and not self.quick
        for number in range(1, MOST_ROUNDS if searching else 1):
            if len(_optima(settled, 1)[0]) > 1 or self._is_out_of_reach(settled):
                break
            again = self._screened(number)
            settled = _Settled(together([settled.runs, again.runs]), settled.n)
        return settled

    def _is_out_of_reach(self, settled: _Settled) -> bool:
        """Whether no luck with starts would make this number of segments the best one."""
        if self.needed is None:
            return False
        objective = settled.runs.objective
        luck = float(objective.max() - np.median(objective))
        wanted = self.needed(self.full, self._on(self.settle_rows), self.k)
        return wanted - float(settled.runs.loglik.max()) > FAR * max(luck, APART)

    def _all(self) -> _Settled:
        self.tell(f"{self.parts}: running every start", 0.1)
        rows = self._on(self.full.design.n_rows)
        # Far enough to tell good from bad, then the promising half to the end.
        short = self._run(rows, self._starts(rows), SETTLE_TOL, 40)
        kept = SETTLED_QUICK if self.quick else max(LEAST_KEPT, len(short.loglik) // 2)
        keep = np.sort(_ranking(short)[:kept])
        runs = self._run(rows, short.parameters.pick(keep), SETTLE_TOL, SETTLE_ITER)
        return _Settled(runs, rows.design.n)

    def _screened(self, number: int) -> _Settled:
        begun = 0.6 * number / MOST_ROUNDS
        starts = count(self.n_starts, "more start" if number else "start")
        self.tell(f"{self.parts}: trying {starts}", 0.05 + begun)
        few = self._on(SCREEN_ROWS)
        runs = self._run(few, self._starts(few, number), SCREEN_TOL, 10)
        keep = np.sort(_ranking(runs)[: max(SETTLED, len(runs.loglik) // 4)])
        runs = self._run(few, runs.parameters.pick(keep), SCREEN_TOL, 25)
        chosen = np.sort(_ranking(runs)[: SETTLED_QUICK if self.quick else SETTLED])
        self.tell(f"{self.parts}: settling the best {len(chosen)}", 0.1 + begun)
        rows = self._on(self.settle_rows)
        runs = self._run(rows, runs.parameters.pick(chosen), SETTLE_TOL, SETTLE_ITER)
        return _Settled(runs, rows.design.n)

    def _on(self, rows: int) -> Expectation:
        """Some rows, in the order of their hashes: draws do not depend on the order of rows."""
        part = subsample(self.full.design, rows, self._hashes)
        return Expectation(part, self.options.shape, self.options.n_threads)

    @cached_property
    def _hashes(self) -> NDArray[np.uint64]:
        return self.full.design.hashes()

    def _starts(self, rows: Expectation, number: int = 0) -> Parameters:
        """The starts of a round; those that others suggest belong to the first."""
        options = self.options
        seeds = [options.seed, self.k, number] if number else [options.seed, self.k]
        rng = np.random.default_rng(seeds)
        starts = make_starts(rows, self.k, self.n_starts, rng, options.prior)
        if number or self.extra_starts is None:
            return starts
        return stack([starts, self.extra_starts(rows)])

    def _run(self, data: Expectation, starts: Parameters, tol: float, passes: int) -> Runs:
        """Run starts in batches that share the work of a pass; threads share the batches.

        What is in a batch depends on the number of starts alone.
        """
        n = starts.n_starts
        most = max(-(-n // BATCH), min(n // LEAST_BATCH, 2))
        batches = min(most, -(-n * self.k * data.design.n_rows // WORTH))
        index = np.array_split(np.arange(n), batches)
        found = in_order(
            lambda i: run_em(
                data,
                starts.pick(index[i]),
                prior=self.options.prior,
                tol=max(tol, self.options.tol),
                max_iter=min(passes, self.options.max_iter),
            ),
            batches,
            data.n_threads,
        )
        return together(found)


def _finalists(settled: _Settled, *, sampled: bool) -> list[list[int]]:
    """The optima that all rows may still prefer: the best, and others near it on a sample.

    Each is a list of the starts that found it, best first. On a sample of m rows the
    log-likelihoods of two optima differ by chance by some tenths of the square root of m.
    """
    optima = _optima(settled, FINALISTS if sampled else 1)
    objective = settled.runs.objective
    best = objective[optima[0][0]]
    return [group for group in optima if best - objective[group[0]] <= np.sqrt(settled.n)]


def _finish(full: Expectation, finalists: Runs, options: FitOptions) -> Runs:
    """Converge the finalists on all rows, one after the other."""
    starts = (finalists.parameters.pick(np.array([i])) for i in range(len(finalists.loglik)))
    return together(run_to_end(full, start, options) for start in starts)


def run_to_end(full: Expectation, start: Parameters, options: FitOptions) -> Runs:
    """Run one start to convergence, and again while a probability near zero wants to grow.

    EM multiplies probabilities: one that came near zero on the way needs thousands of passes to
    return, and looks converged meanwhile.
    """
    run = partial(run_em, full, prior=options.prior, tol=options.tol, max_iter=options.max_iter)
    done = run(start)
    for _ in range(3):
        revived = _revive(full, done.parameters, options.prior)
        if revived is None:
            break
        again = run(revived)
        if again.objective[0] <= done.objective[0]:
            break
        done = replace(again, n_iter=done.n_iter + again.n_iter)
    return done


def _revive(full: Expectation, p: Parameters, prior: float) -> Parameters | None:
    """Lift the probabilities near zero that EM would let grow; None when there are none."""
    image = mstep(full, full.sums(p), p, prior)
    parts = zip(full.layout.distributions, p.parts, image.parts, strict=True)
    revived = [d.revived(arrays, grown) for d, arrays, grown in parts]
    if all(arrays is None for arrays in revived):
        return None
    return Parameters(tuple(new or old for new, old in zip(revived, p.parts, strict=True)))


def _ranking(runs: Runs) -> NDArray[np.int64]:
    """Starts from best to worst; degenerate ones last."""
    return np.lexsort((-runs.objective, runs.degenerate)).astype(np.int64)


def _best(runs: Runs) -> int:
    return int(_ranking(runs)[0])


def _optima(settled: _Settled, most: int) -> list[list[int]]:
    """The best optima, each as the starts that found it; point masses never join another start."""
    runs, groups = settled.runs, list[list[int]]()
    for index in _ranking(runs):
        value = runs.objective[index]
        home = next((g for g in groups if _same(value, runs.objective[g[0]], settled.n)), None)
        if home is None and len(groups) < most:
            groups.append([int(index)])
        elif home is not None and not runs.degenerate[index]:
            home.append(int(index))
    return groups


def _same(objective: Floats, other: Floats, n: float) -> NDArray[np.bool_]:
    """Whether two starts on n customers found the same optimum."""
    return np.asarray(np.abs(objective - other) <= max(SAME, SAME_PER_CUSTOMER * n))
