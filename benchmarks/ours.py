"""forwhom's side of the comparison, one job in each process."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data import LEVELS, MIXED_LEVELS, NUMBERS, SHARES, Kind, simulate, true_segments
from forwhom import LatentSegments
from forwhom.mixture import Design, build_design
from forwhom.mixture.arrays import array_columns
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.maximization import mstep
from forwhom.mixture.parameters import Parameters
from measuring import Answer, measure, serve

Floats = NDArray[np.float64]

K = len(SHARES)
#: Both sides stop when a pass gains less than this in mean log-likelihood.
TOL = 1e-10
MAX_PASSES = 2000
#: Both sides draw their first responsibilities from NumPy's RandomState with this seed.
START_SEED = 1
#: Rows of a fit that loads the compiled kernels before anything is timed.
WARM_ROWS = 2000
#: Passes that one time of a pass is averaged over.
TIMED_PASSES = 50


def measures_of(kind: Kind) -> Any:
    """Say how the columns were measured, as :class:`LatentSegments` takes it."""
    if kind != "mixed":
        return kind
    return {j: "continuous" if j < NUMBERS else "nominal" for j in range(20)}


def draw_responsibilities(n: int) -> Floats:
    """Draw the random responsibilities, shape (n, K), that StepMix starts from."""
    draws = np.random.RandomState(START_SEED).uniform(size=(n, K))
    draws /= draws.sum(axis=1, keepdims=True)
    return np.asarray(draws)


def encode(answers: NDArray[Any], kind: Kind) -> Design:
    """Turn a NumPy matrix into the engine's design."""
    names = [f"x{j}" for j in range(answers.shape[1])]
    columns, found = array_columns(answers, names, measures_of(kind), None)
    return build_design(list(columns.values()), found)


def first_parameters(data: Expectation, responsibilities: Floats) -> Parameters:
    """One M-step from given responsibilities, with equal weights: how StepMix starts."""
    rows = data.design.rows
    if rows is not None:  # equal customers share a row
        size = data.design.n_rows
        summed = [np.bincount(rows, weights=r, minlength=size) for r in responsibilities.T]
        responsibilities = np.stack(summed, axis=1)
    blank = data.blank(1, K)
    found = mstep(data, data.sums_of(responsibilities[None]), blank, 0.0)
    return Parameters((blank.parts[0], *found.parts[1:]))


def from_start(kind: Kind, n: int, columns: int = 20, missing: float = 0.0) -> Answer:
    """Fit from StepMix's random start to convergence; one start, no prior."""
    return _fit_once(kind, n, columns, missing, truth=False)


def from_truth(kind: Kind, n: int, columns: int = 20, missing: float = 0.0) -> Answer:
    """Fit from the segments that the customers were drawn from: the optimum to reach."""
    return _fit_once(kind, n, columns, missing, truth=True)


def _fit_once(kind: Kind, n: int, columns: int, missing: float, *, truth: bool) -> Answer:
    answers = simulate(kind, n, columns=columns, missing=missing)

    def start() -> Floats:
        return np.eye(K)[true_segments(n)] if truth else draw_responsibilities(n)

    def fit() -> Answer:
        times = [time.perf_counter()]
        design = encode(answers, kind)
        times.append(time.perf_counter())
        data = Expectation(design)
        first = first_parameters(data, start())
        times.append(time.perf_counter())
        done = run_em(data, first, prior=0.0, tol=TOL, max_iter=MAX_PASSES)
        times.append(time.perf_counter())
        return {
            "loglik": float(done.loglik[0]) / n,
            "passes": int(done.n_iter[0]),
            "converged": bool(done.converged[0]),
            "rows": design.n_rows,
            "design_mb": (design.packed.nbytes + design.numeric.nbytes) / 1e6,
            **dict(zip(("encode", "start", "em"), np.diff(times).tolist(), strict=True)),
        }

    _warm_up(kind, columns, missing)
    return measure(fit)


def search(
    kind: Kind, n: int, columns: int = 20, missing: float = 0.0, n_starts: int | None = None
) -> Answer:
    """Fit as a person does: ``LatentSegments`` with its own starts, from matrix to labels."""
    answers = simulate(kind, n, columns=columns, missing=missing)
    asked: dict[str, Any] = {} if n_starts is None else {"n_starts": n_starts}

    def fit() -> Answer:
        model = LatentSegments(K, measures=measures_of(kind), prior=0.0, **asked).fit(answers)
        return {
            "loglik": model.log_likelihood_ / n,
            "passes": model.n_iter_,
            "converged": model.converged_,
            "share": model.best_start_share_,
            "starts": model.n_starts,
        }

    _warm_up(kind, columns, missing)
    found = measure(fit)
    return {**found, "matrix_mb": one_hot_mb(kind, n, columns), "table_mb": answers.nbytes / 1e6}


def one_pass(kind: Kind, n: int, columns: int = 20, missing: float = 0.0) -> Answer:
    """Time one pass of EM: E-step and M-step."""
    data = Expectation(encode(simulate(kind, n, columns=columns, missing=missing), kind))
    p = first_parameters(data, draw_responsibilities(n))

    def step() -> Answer:
        theta = p
        start = time.perf_counter()
        for _ in range(TIMED_PASSES):
            theta = mstep(data, data.sums(theta), theta, 0.0)
        return {"seconds": (time.perf_counter() - start) / TIMED_PASSES}

    step()
    return measure(step)


def plain_passes(kind: Kind, n: int, columns: int = 20, missing: float = 0.0) -> Answer:
    """Count the passes of EM without acceleration, from StepMix's start and by its rule."""
    data = Expectation(encode(simulate(kind, n, columns=columns, missing=missing), kind))
    theta = first_parameters(data, draw_responsibilities(n))
    passes, mean, gain = 0, -np.inf, np.inf
    while abs(gain) >= TOL and passes < MAX_PASSES:
        sums = data.sums(theta)
        gain, mean = float(sums.loglik[0]) / n - mean, float(sums.loglik[0]) / n
        passes += 1
        theta = mstep(data, sums, theta, 0.0)
    return {"passes": passes, "loglik": mean}


def one_hot_mb(kind: Kind, n: int, columns: int) -> float:
    """Size of the design matrix T: a float64 for each level, and for each number x and x²."""
    width = {
        "nominal": sum(LEVELS),
        "binary": 2 * columns,
        "mixed": 2 * NUMBERS + sum(MIXED_LEVELS),
    }
    return n * width[kind] * 8 / 1e6


def first_fit() -> Answer:
    """Time the first fit in a process: it compiles the kernels, or loads what was compiled."""
    answers = simulate("mixed", WARM_ROWS, missing=0.1)
    start = time.perf_counter()
    LatentSegments(K, measures=measures_of("mixed"), n_starts=5).fit(answers)
    first = time.perf_counter() - start
    LatentSegments(K, measures=measures_of("mixed"), n_starts=5).fit(answers)
    return {"seconds": first, "again": time.perf_counter() - start - first}


def _warm_up(kind: Kind, columns: int, missing: float) -> None:
    few = simulate(kind, WARM_ROWS, columns=columns, missing=missing)
    LatentSegments(K, measures=measures_of(kind), n_starts=5, max_iter=30, tol=1e-3).fit(few)


if __name__ == "__main__":
    serve(
        {f.__name__: f for f in (from_start, from_truth, search, one_pass, plain_passes, first_fit)}
    )
