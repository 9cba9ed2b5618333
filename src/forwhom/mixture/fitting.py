"""Fit a mixture with K segments: screen starts, run the best to convergence, order segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design
from forwhom.mixture.em import Runs, run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.parameters import Covariance, Parameters, stack
from forwhom.mixture.starts import make_starts, subsample

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

#: Rows times starts times segments that may run to convergence without screening.
CHEAP = 3_000_000
#: Rows on which starts are screened, and on which the survivors converge.
SCREEN_ROWS = 4_000
SETTLE_ROWS = 20_000
#: Tolerance and most passes of a start that settles; the best one goes on to the end.
SETTLE_TOL = 1e-7
SETTLE_ITER = 300
#: Most starts in one product: their tables stay in the second-level cache.
BATCH = 64
#: Starts that converge on the subsample, and those that go on to all rows.
SETTLED = 20
FINALISTS = 3
#: Two starts found the same optimum when their log-likelihoods differ by less (per customer,
#: and in all).
SAME_PER_CUSTOMER = 1e-5
SAME = 0.01


@dataclass(frozen=True)
class FitOptions:
    """How a mixture is fitted.

    Parameters
    ----------
    n_starts
        Starts that are tried; each is short unless it does well.
    prior
        Prior customers, spread evenly over the segments; 0 is plain maximum likelihood.
    tol
        Gain in log-likelihood per customer and pass under which EM has converged.
    max_iter
        Most passes over the data.
    covariance
        ``"diagonal"``; ``"full"`` or ``"tied"`` make one block of all continuous variables.
    seed
        Decides all random draws.
    n_threads
        Threads; results do not depend on it. None: all processors.
    """

    n_starts: int = 200
    prior: float = 1.0
    tol: float = 1e-10
    max_iter: int = 2000
    covariance: Covariance = "diagonal"
    seed: int = 0
    n_threads: int | None = None


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
    extra_starts: Callable[[Expectation], Parameters] | None = None,
    progress: Progress | None = None,
) -> Optimum:
    """Find the best optimum with k segments.

    Parameters
    ----------
    design
        The encoded customers.
    k
        Number of segments.
    options
        How to fit.
    extra_starts
        Gives more starts for some rows, such as the segments of an earlier fit.
    progress
        Called with what is being done and the fraction done.
    """
    full = Expectation(design, options.covariance, options.n_threads)
    rng = np.random.default_rng([options.seed, k])
    cheap = design.n_rows * options.n_starts * k <= CHEAP
    tell = progress or (lambda _what, _done: None)
    if cheap:
        tell(f"{k} segments: running every start", 0.1)
        settled = _settle_all(full, k, options, rng, extra_starts)
    else:
        settled = _screen(full, k, options, rng, extra_starts, tell)
    tell(f"{k} segments: converging on all customers", 0.6)
    finals = _finish(full, settled, options, on_all_rows=cheap or design.n_rows <= SETTLE_ROWS)
    best = _best(finals)
    share, completed = _recurrence(settled, _best(settled), design.n)
    order = np.argsort(-finals.parameters.weights[best], kind="stable")
    tell(f"{k} segments: done", 1.0)
    return Optimum(
        full,
        finals.parameters.pick(np.array([best])).order(order),
        float(finals.loglik[best]),
        bool(finals.converged[best]),
        int(finals.n_iter[best]),
        share,
        completed,
        bool(_degenerate(finals)[best]),
    )


def _ordered(data: Expectation) -> Expectation:
    """The same rows in the order of their hashes, so that draws do not depend on row order."""
    part = subsample(data.design, data.design.n_rows, data.design.hashes())
    return Expectation(part, data.layout.covariance, data.n_threads)


def _settle_all(
    full: Expectation,
    k: int,
    options: FitOptions,
    rng: np.random.Generator,
    extra_starts: Callable[[Expectation], Parameters] | None,
) -> Runs:
    rows = _ordered(full)
    starts = _all_starts(rows, k, options.n_starts, rng, options.prior, extra_starts)
    tol = max(options.tol, SETTLE_TOL)
    # First far enough to tell good from bad, then the promising half to the end.
    short = _run(rows, starts, options, tol, min(60, options.max_iter))
    keep = np.sort(_ranking(short)[: max(50, len(short.loglik) // 2)])
    return _run(rows, short.parameters.pick(keep), options, tol, min(SETTLE_ITER, options.max_iter))


def _all_starts(
    rows: Expectation,
    k: int,
    n_starts: int,
    rng: np.random.Generator,
    prior: float,
    extra_starts: Callable[[Expectation], Parameters] | None,
) -> Parameters:
    starts = make_starts(rows, k, n_starts, rng, prior)
    return stack([starts, extra_starts(rows)]) if extra_starts is not None else starts


def _screen(
    full: Expectation,
    k: int,
    options: FitOptions,
    rng: np.random.Generator,
    extra_starts: Callable[[Expectation], Parameters] | None,
    tell: Progress,
) -> Runs:
    hashes = full.design.hashes()

    def on(rows: int) -> Expectation:
        part = subsample(full.design, rows, hashes)
        return Expectation(part, options.covariance, options.n_threads)

    tell(f"{k} segments: trying {options.n_starts} starts", 0.05)
    few = on(SCREEN_ROWS)
    starts = _all_starts(few, k, options.n_starts, rng, options.prior, extra_starts)
    runs = _run(few, starts, options, 1e-6, min(12, options.max_iter))
    half = np.sort(_ranking(runs)[: max(SETTLED, len(runs.loglik) // 3)])
    runs = _run(few, runs.parameters.pick(half), options, 1e-6, min(30, options.max_iter))
    chosen = np.sort(_ranking(runs)[:SETTLED])
    tell(f"{k} segments: settling the best {len(chosen)}", 0.3)
    rows = on(SETTLE_ROWS)
    tol = max(options.tol, SETTLE_TOL)
    return _run(
        rows, runs.parameters.pick(chosen), options, tol, min(SETTLE_ITER, options.max_iter)
    )


def _run(
    data: Expectation, starts: Parameters, options: FitOptions, tol: float, max_iter: int
) -> Runs:
    """Run starts in batches that share the work of a pass."""
    parts = [
        run_em(data, starts.pick(index), prior=options.prior, tol=tol, max_iter=max_iter)
        for index in np.array_split(np.arange(starts.n_starts), -(-starts.n_starts // BATCH))
    ]
    return Runs(
        stack([p.parameters for p in parts]),
        *(
            np.concatenate([getattr(p, name) for p in parts])
            for name in ("loglik", "objective", "n_iter", "converged")
        ),
    )


def _finish(full: Expectation, settled: Runs, options: FitOptions, *, on_all_rows: bool) -> Runs:
    """Converge the best few different optima on all rows, one after the other."""
    chosen = _distinct(settled, full.design.n, 1 if on_all_rows else FINALISTS)
    runs = []
    for index in chosen:
        start = settled.parameters.pick(np.array([index]))
        runs.append(_converge(full, start, options))
    return Runs(
        stack([r.parameters for r in runs]),
        *(
            np.concatenate([getattr(r, name) for r in runs])
            for name in ("loglik", "objective", "n_iter", "converged")
        ),
    )


def _converge(full: Expectation, start: Parameters, options: FitOptions) -> Runs:
    """Run one start to convergence, and again while a probability near zero wants to grow.

    EM multiplies probabilities: one that came near zero on the way needs thousands of passes to
    return, and looks converged meanwhile.
    """
    done = run_em(full, start, prior=options.prior, tol=options.tol, max_iter=options.max_iter)
    for _ in range(3):
        revived = _revive(full, done.parameters, options.prior)
        if revived is None:
            break
        again = run_em(
            full, revived, prior=options.prior, tol=options.tol, max_iter=options.max_iter
        )
        passes = done.n_iter + again.n_iter
        if again.objective[0] <= done.objective[0]:
            break
        done = replace(again, n_iter=passes)
    return done


def _revive(full: Expectation, p: Parameters, prior: float) -> Parameters | None:
    from forwhom.mixture.families import mstep

    image = mstep(full.sums(p), p, full.layout, full.marginals, prior)
    wants = (p.probs < 1e-4) & (image.probs > 1.001 * p.probs)
    if not wants.any():
        return None
    from forwhom.mixture.parameters import normalize_levels

    return replace(p, probs=normalize_levels(np.where(wants, 1e-3, p.probs), full.layout))


def _degenerate(runs: Runs) -> NDArray[np.bool_]:
    """Starts that ended on a point mass: a variance at its floor, or a singular matrix."""
    from forwhom.mixture.covariance import EIGENVALUE_FLOOR
    from forwhom.mixture.families import VARIANCE_FLOOR

    p = runs.parameters
    bad = (p.variances <= 1.01 * VARIANCE_FLOOR).any(axis=(1, 2))
    if p.block_factors.size:
        singular = np.linalg.svd(p.block_factors, compute_uv=False).min(axis=(1, 2)) ** 2
        bad |= singular <= 1.5 * EIGENVALUE_FLOOR
    return np.asarray(bad)


def _ranking(runs: Runs) -> NDArray[np.int64]:
    """Starts from best to worst; degenerate ones last."""
    return np.lexsort((-runs.objective, _degenerate(runs))).astype(np.int64)


def _best(runs: Runs) -> int:
    return int(_ranking(runs)[0])


def _distinct(runs: Runs, n: float, most: int) -> list[int]:
    """The best starts with different optima."""
    chosen: list[int] = []
    for index in _ranking(runs):
        gaps = [abs(runs.objective[index] - runs.objective[c]) for c in chosen]
        if all(gap > max(SAME, SAME_PER_CUSTOMER * n) for gap in gaps):
            chosen.append(int(index))
        if len(chosen) == most:
            break
    return chosen


def _recurrence(runs: Runs, best: int, n: float) -> tuple[float, int]:
    """Share of the completed starts that reached the best optimum, and how many completed."""
    near = runs.objective >= runs.objective[best] - max(SAME, SAME_PER_CUSTOMER * n)
    usable = ~_degenerate(runs) | (np.arange(len(near)) == best)
    return float((near & usable).mean()), len(near)
