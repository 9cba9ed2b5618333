"""A fitted estimator taken up again, with its customers one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forwhom.documents.base import is_number
from forwhom.errors import DataError
from forwhom.mixture.encoding import build_design
from forwhom.mixture.estimator import LatentSegments
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.maximization import fit_partition
from forwhom.mixture.shape import Shape

#: Probabilities that differ more than this from those of the fit are of other customers.
_SAME = 0.01


def reopened(
    model: LatentSegments,
    X: Any,
    sample_weight: ArrayLike | None = None,
    *,
    rows: NDArray[np.integer] | None = None,
) -> FittedMixture:
    """Return the mixture of an estimator that was fitted to X, each customer a row of its own.

    With ``rows``, it is described again from these customers alone.
    """
    columns = model._columns(X, reset=False)
    weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    if rows is not None:
        columns = {n: replace(c, values=c.values[rows]) for n, c in columns.items()}
        weights = None if weights is None else weights[rows]
    families = {
        name: "tilt"
        for name, measure in model.measures_.items()
        if model.numbers == "tilts" and is_number(measure)
    }
    design = build_design(
        list(columns.values()), model.measures_, weights, families=families, collapse=False
    )
    shape = Shape(covariance=model.covariance, degree=model.candidate_.degree or 1)
    data = Expectation(design, shape, model.n_threads)
    chances = model._probabilities(columns)
    parameters = fit_partition(data, chances, model.prior)
    found = FittedMixture(data, parameters, model.log_likelihood_, True, 1, 1.0, 1, False)
    if rows is None and np.abs(found.responsibilities() - chances).max() > _SAME:
        raise DataError(
            "These are not the customers that the segments were fitted to.",
            "Give the X (and sample_weight) of fit.",
        )
    return found
