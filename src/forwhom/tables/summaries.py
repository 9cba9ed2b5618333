"""Summaries of arrays and of counted values: NumPy only, the same numbers from every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.tables.inference import MOST_TEXT_LEVELS, Summary
from forwhom.tables.ordering import level_name

#: Quantiles of numbers that a summary holds.
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class NumberStatistics:
    """Statistics of numbers; the fields are those of :class:`Summary`."""

    minimum: float
    maximum: float
    mean: float
    sd: float
    quantiles: Mapping[float, float]
    zeros: float
    negatives: int
    whole: bool


def summarize_array(name: str, values: NDArray[Any] | Sequence[Any]) -> Summary:
    """Summarize one column in memory, for :func:`forwhom.tables.inference.infer`.

    Parameters
    ----------
    name
        Name of the column.
    values
        Numbers (NaN for missing), booleans or text (``None`` or NaN for missing), shape (n,).

    Examples
    --------
    >>> from forwhom.tables.inference import infer
    >>> infer(summarize_array("size", ["S", "L", "M", "S"] * 10)).levels
    ('S', 'M', 'L')
    """
    array = np.asarray(values)
    if array.dtype.kind in "iuf":
        present = array[~np.isnan(array)] if array.dtype.kind == "f" else array
        numbers, counts = np.unique(present, return_counts=True)
        summary = Summary(name, "number", len(present), len(array), len(numbers))
        if len(present) == 0:
            return summary
        often = np.argsort(-counts, kind="stable")[:MOST_TEXT_LEVELS]
        named = {level_name(numbers[i].item()): int(counts[i]) for i in often}
        found = counted_statistics(numbers.astype(np.float64), counts)
        return replace(summary, counts=named, **vars(found))
    cells = [v for v in array.tolist() if v is not None and v == v and v != ""]  # noqa: PLR0124
    tally = Counter(level_name(v) for v in cells)
    frequent = sorted(tally.items(), key=lambda item: (-item[1], item[0]))[:MOST_TEXT_LEVELS]
    kind = "boolean" if cells and all(isinstance(v, bool) for v in cells) else "text"
    return Summary(
        name, kind, len(cells), len(array), len(tally), counts=dict(frequent)  # type: ignore[arg-type]
    )  # fmt: skip


def counted_statistics(values: NDArray[np.float64], counts: NDArray[np.int64]) -> NumberStatistics:
    """Compute statistics of numbers from different values and how often each occurs.

    Infinity is left out.

    Examples
    --------
    >>> counted_statistics(np.array([3.0, 1.0]), np.array([1, 3])).quantiles[0.5]
    1.0
    """
    finite = np.flatnonzero(np.isfinite(values))
    if len(finite) == 0:
        nothing = float("nan")
        return NumberStatistics(nothing, nothing, nothing, nothing, {}, 0.0, 0, whole=False)
    order = finite[np.argsort(values[finite])]
    x, w = values[order], counts[order]
    n = int(w.sum())
    with np.errstate(over="ignore"):  # what is too large to be squared has an infinite spread
        mean = float(np.dot(x, w) / n)
        spread = float(np.dot((x - mean) ** 2, w) / max(n - 1, 1))
    cumulated = np.cumsum(w)
    return NumberStatistics(
        minimum=float(x[0]),
        maximum=float(x[-1]),
        mean=mean,
        sd=float(np.sqrt(spread)),
        quantiles={q: _quantile(x, cumulated, q) for q in QUANTILES},
        zeros=float(w[x == 0].sum() / n),
        negatives=int(w[x < 0].sum()),
        whole=bool(np.all(x == np.floor(x))),
    )


def _quantile(x: NDArray[np.float64], cumulated: NDArray[np.int64], q: float) -> float:
    """Interpolate linearly between order statistics of counted values."""
    position = q * (cumulated[-1] - 1)
    below = int(np.floor(position))
    first = x[np.searchsorted(cumulated, below, side="right")]
    second = x[np.searchsorted(cumulated, min(below + 1, cumulated[-1] - 1), side="right")]
    return float(first if first == second else first + (position - below) * (second - first))
