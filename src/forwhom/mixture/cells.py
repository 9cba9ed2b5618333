"""Cells of one variable: where customers fall, and with which probability by segment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.tables.columns import Column

Floats = NDArray[np.float64]

BINS = 5


@dataclass(frozen=True)
class Cells:
    """The cell of each of n customers, -1 where missing, and probabilities (K, cells)."""

    variable: str
    codes: NDArray[np.int64]
    probs: Floats


def cut(name: str, columns: Mapping[str, Column], cumulative: Callable[[Floats], Floats]) -> Cells:
    """Cut a number at the quantiles of the sample; equal values stay together.

    ``cumulative`` takes cut points (cuts,) and gives the distribution function (K, cuts).
    """
    values = np.asarray(columns[name].values, dtype=np.float64)
    seen = values[~np.isnan(values)]
    cuts = np.unique(np.quantile(seen, np.linspace(0, 1, BINS + 1)[1:-1], method="lower"))
    cuts = cuts[cuts < seen.max()]
    codes = np.searchsorted(cuts, values, side="left")
    upper = np.atleast_2d(cumulative(cuts)) if len(cuts) else np.empty((1, 0))
    edges = np.pad(upper, ((0, 0), (1, 1)), constant_values=((0, 0), (0.0, 1.0)))
    return Cells(name, np.where(np.isnan(values), -1, codes), np.diff(edges, axis=1))
