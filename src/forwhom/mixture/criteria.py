"""Criteria that choose the number of segments; smaller is better for all but entropy R²."""

from __future__ import annotations

import math
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.special import entr

Floats = NDArray[np.float64]


class Information(TypedDict):
    """Information criteria of one model."""

    bic: float
    aic: float
    aic3: float
    caic: float
    sabic: float
    icl: float


def information(loglik: float, n_parameters: int, n: float, entropy: float) -> Information:
    """Compute the information criteria of a model, from its free parameters and customers ``n``.

    ``entropy`` is that of the responsibilities, ``-sum w r log r``. BIC (Schwarz 1978), AIC (Akaike
    1974), AIC3 (Bozdogan 1993), CAIC (Bozdogan 1987), SABIC with ``log((n + 2) / 24)`` (Sclove
    1987), ICL = BIC + 2 entropy (Biernacki et al. 2000).

    Examples
    --------
    >>> round(information(-504.46767, 9, 216, 0.0)["bic"], 4)
    1057.3128
    """
    deviance = -2 * loglik
    bic = deviance + n_parameters * math.log(n)
    return Information(
        bic=bic,
        aic=deviance + 2 * n_parameters,
        aic3=deviance + 3 * n_parameters,
        caic=deviance + n_parameters * (math.log(n) + 1),
        sabic=deviance + n_parameters * math.log((n + 2) / 24),
        icl=bic + 2 * entropy,
    )


def uncertainty(responsibilities: Floats, weights: Floats) -> tuple[float, float]:
    """Return the entropy of the responsibilities (rows, K), and the expected share misplaced."""
    entropy = float(weights @ entr(responsibilities).sum(axis=1))
    error = float(weights @ (1 - responsibilities.max(axis=1)) / weights.sum())
    return max(entropy, 0.0), max(error, 0.0)


def entropy_r2(entropy: float, n: float, k: int) -> float | None:
    """Return 1 - entropy / (n log K): 1 is certain, 0 is no better than chance; None for K = 1."""
    return None if k == 1 else 1 - entropy / (n * math.log(k))
