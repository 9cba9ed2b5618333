"""StepMix's side of the comparison, one job in each process."""

from __future__ import annotations

import time
import warnings
from typing import Any

import pandas as pd
from numpy.typing import NDArray
from stepmix.stepmix import StepMix
from stepmix.utils import get_mixed_descriptor

from data import NUMBERS, SHARES, Kind, simulate
from measuring import Answer, measure, serve

K = len(SHARES)
#: The same as on the other side (``ours.py``).
TOL = 1e-10
MAX_PASSES = 2000
START_SEED = 1
WARM_ROWS = 2000


def whole(kind: Kind, n: int, columns: int = 20, missing: float = 0.0) -> Answer:
    """Fit one random start to convergence."""
    answers = simulate(kind, n, columns=columns, missing=missing)
    _fit(simulate(kind, WARM_ROWS, columns=columns, missing=missing), kind, 5)

    def fit() -> Answer:
        model = _fit(answers, kind, MAX_PASSES)
        return {
            "loglik": float(model.lower_bound_),
            "passes": int(model.n_iter_),
            "converged": bool(model.converged_),
        }

    return measure(fit)


def some_passes(
    kind: Kind, n: int, columns: int = 20, missing: float = 0.0, passes: int = 10
) -> Answer:
    """Time a pass: a fit of 1 + ``passes`` passes less one of 1 pass."""
    answers = simulate(kind, n, columns=columns, missing=missing)
    _fit(simulate(kind, WARM_ROWS, columns=columns, missing=missing), kind, 5)
    seconds = []
    for limit in (1, 1 + passes):
        start = time.perf_counter()
        _fit(answers, kind, limit)
        seconds.append(time.perf_counter() - start)
    a_pass = (seconds[1] - seconds[0]) / passes
    return {"seconds": a_pass, "rest": seconds[0] - a_pass, "timed": passes}


def _fit(answers: NDArray[Any], kind: Kind, passes: int) -> StepMix:
    table, measurement = _describe(answers, kind)
    model = StepMix(
        n_components=K,
        measurement=measurement,
        n_init=1,
        random_state=START_SEED,
        max_iter=passes,
        abs_tol=TOL,
        progress_bar=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when passes are few
        return model.fit(table)


def _describe(answers: NDArray[Any], kind: Kind) -> tuple[Any, Any]:
    """The data and the measurement model as StepMix takes them."""
    nan = "_nan" if answers.dtype.kind == "f" and pd.isna(answers).any() else ""
    if kind != "mixed":
        return answers, {"nominal": "categorical", "binary": "binary"}[kind] + nan
    names = [f"x{j}" for j in range(answers.shape[1])]
    models = {f"continuous{nan}": names[:NUMBERS], f"categorical{nan}": names[NUMBERS:]}
    table, descriptor = get_mixed_descriptor(pd.DataFrame(answers, columns=names), **models)
    return table, descriptor


if __name__ == "__main__":
    serve({f.__name__: f for f in (whole, some_passes)})
