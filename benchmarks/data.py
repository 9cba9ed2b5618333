"""Simulated customers of five segments: nominal, binary or mixed answers, some of them missing.

The same seed gives the same customers on any machine.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["nominal", "binary", "mixed"]

#: True shares of the segments.
SHARES = (0.35, 0.25, 0.20, 0.12, 0.08)
#: Levels of each nominal item, 70 in all; and of the ten beside ten numbers in the mixed data.
LEVELS = (2,) * 5 + (3,) * 5 + (4,) * 5 + (5,) * 5
MIXED_LEVELS = (2, 2, 3, 3, 3, 4, 4, 4, 5, 5)
#: Numeric columns of the mixed data; they come first.
NUMBERS = 10


def simulate(
    kind: Kind, n: int, *, columns: int = 20, missing: float = 0.0, seed: int = 0
) -> NDArray[np.int64] | NDArray[np.float64]:
    """Return the answers of n customers.

    Parameters
    ----------
    kind
        ``"nominal"``: 20 items with 2 to 5 levels. ``"binary"``: ``columns`` items with two.
        ``"mixed"``: ten numbers and ten nominal items.
    n
        Number of customers.
    columns
        Number of binary items.
    missing
        Share of the answers that are missing, completely at random.
    seed
        Decides all draws.

    Returns
    -------
    ndarray of shape (n, items)
        Codes from 0, or numbers; floats with NaN where answers are missing.
    """
    if kind == "binary":
        answers = _binary(n, columns, seed)
    elif kind == "nominal":
        answers = _nominal(n, LEVELS, seed)
    else:
        answers = np.concatenate([_numbers(n, seed), _nominal(n, MIXED_LEVELS, seed)], axis=1)
    if missing:
        answers = answers.astype(np.float64)
        answers[np.random.default_rng(seed + 1).random(answers.shape) < missing] = np.nan
    return answers


def true_segments(n: int, seed: int = 0) -> NDArray[np.int64]:
    """Return the segment each customer was drawn from, shape (n,)."""
    return _segments(n, seed)[1]


def _segments(n: int, seed: int) -> tuple[np.random.Generator, NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    return rng, rng.choice(len(SHARES), size=n, p=SHARES)


def _binary(n: int, columns: int, seed: int) -> NDArray[np.int64]:
    rng, segment = _segments(n, seed)
    share = rng.beta(0.8, 0.8, size=(len(SHARES), columns))
    return (rng.random((n, columns)) < share[segment]).astype(np.int64)


def _nominal(n: int, levels: tuple[int, ...], seed: int) -> NDArray[np.int64]:
    rng, segment = _segments(n, seed)
    answers = np.zeros((n, len(levels)), dtype=np.int64)
    for item, size in enumerate(levels):
        upto = rng.dirichlet(np.full(size, 0.8), size=len(SHARES)).cumsum(axis=1)
        draw = rng.random(n)
        for level in range(size - 1):
            answers[:, item] += draw > upto[segment, level]
    return answers


def _numbers(n: int, seed: int) -> NDArray[np.float64]:
    rng, segment = _segments(n, seed)
    means = rng.normal(0.0, 1.0, size=(len(SHARES), NUMBERS))
    spreads = rng.uniform(0.7, 1.5, size=(len(SHARES), NUMBERS))
    return means[segment] + spreads[segment] * rng.standard_normal((n, NUMBERS))
