"""Bivariate residuals: pairs of variables that the segments do not make independent.

Within a segment the variables should be independent. For each pair the table that the model
expects is compared with the observed one: Pearson's chi-square divided by its degrees of freedom
(Vermunt and Magidson 2005). Numbers are cut into bins, so that every pair has one measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from forwhom.documents.models import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
)
from forwhom.documents.segmentation import Residual
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]

BINS = 5
#: Customers that are looked at, evenly spread; more do not change the picture.
MOST_ROWS = 100_000


@dataclass(frozen=True)
class _Binned:
    variable: str
    codes: NDArray[np.int64]  # (n,), -1 where missing
    probs: Floats  # (K, bins)


def bivariate_residuals(
    items: list[Item],
    weights: Floats,
    columns: Mapping[str, Column],
    sample_weights: Floats | None = None,
) -> list[Residual]:
    """Measure what the segments leave unexplained between each pair of variables.

    Parameters
    ----------
    items
        The fitted variables.
    weights
        Shares of the segments, shape (K,).
    columns
        The customers, by variable.
    sample_weights
        Their weights, shape (n,).

    Returns
    -------
    list of Residual
        Largest first. About 1 is expected; above about 4 the pair deserves a look. Pairs inside a
        block with a covariance matrix are left out, since their association is part of the model.
    """
    n = len(next(iter(columns.values())))
    rows = np.unique(np.linspace(0, n - 1, min(n, MOST_ROWS)).astype(np.int64))
    w = np.ones(n) if sample_weights is None else sample_weights
    binned, together = [], set()
    for item in items:
        parts = _bins_of(item, columns, rows)
        if isinstance(item, GaussianBlock):
            together |= set(combinations(item.variables, 2))
        binned += parts
    found = [
        Residual(first=a.variable, second=b.variable, value=_pearson(a, b, weights, w[rows]))
        for a, b in combinations(binned, 2)
        if (a.variable, b.variable) not in together
    ]
    return sorted(found, key=lambda r: -r.value)


def _bins_of(item: Item, columns: Mapping[str, Column], rows: NDArray[np.int64]) -> list[_Binned]:
    if isinstance(item, CategoricalItem):
        codes = np.asarray(columns[item.variable].values)[rows].astype(np.int64)
        return [_Binned(item.variable, codes, np.array(item.probabilities))]
    if isinstance(item, GaussianBlock):
        scale = np.sqrt(np.diagonal(np.array(item.covariances), axis1=1, axis2=2))
        return [
            _cut(name, columns, rows, stats.norm(np.array(item.means)[:, [j]], scale[:, [j]]).cdf)
            for j, name in enumerate(item.variables)
        ]
    return [_cut(item.variable, columns, rows, _distribution(item))]


def _distribution(item: GaussianItem | PositiveItem | PoissonItem):  # type: ignore[no-untyped-def]
    """Cumulative distribution by segment: takes (bins,), gives (K, bins)."""
    if isinstance(item, GaussianItem):
        return stats.norm(np.array(item.means)[:, None], np.array(item.sds)[:, None]).cdf
    if isinstance(item, PoissonItem):
        return stats.poisson(np.array(item.rates)[:, None]).cdf
    above = np.ones(len(item.log_means)) if item.any is None else np.array(item.any)
    log_normal = stats.norm(np.array(item.log_means)[:, None], np.array(item.log_sds)[:, None])

    def cdf(x: Floats) -> Floats:
        positive = log_normal.cdf(np.log(np.maximum(x, 1e-300)))
        return np.asarray(np.where(x < 0, 0.0, 1 - above[:, None] * (1 - positive)))

    return cdf


def _cut(name, columns, rows, cdf) -> _Binned:  # type: ignore[no-untyped-def]
    """Cut a number at the quantiles of the sample; equal values stay together."""
    values = np.asarray(columns[name].values, dtype=np.float64)[rows]
    seen = values[~np.isnan(values)]
    cuts = np.unique(np.quantile(seen, np.linspace(0, 1, BINS + 1)[1:-1], method="lower"))
    cuts = cuts[cuts < seen.max()]
    codes = np.searchsorted(cuts, values, side="left")
    upper = np.atleast_2d(cdf(cuts)) if len(cuts) else np.empty((1, 0))
    edges = np.pad(upper, ((0, 0), (1, 1)), constant_values=((0, 0), (0.0, 1.0)))
    return _Binned(name, np.where(np.isnan(values), -1, codes), np.diff(edges, axis=1))


def _pearson(a: _Binned, b: _Binned, weights: Floats, w: Floats) -> float:
    both = (a.codes >= 0) & (b.codes >= 0)
    rows, columns = a.probs.shape[1], b.probs.shape[1]
    freedom = (rows - 1) * (columns - 1)
    if freedom == 0 or not both.any():
        return 0.0
    joint = a.codes[both] * columns + b.codes[both]
    observed = np.bincount(joint, weights=w[both], minlength=rows * columns)
    expected = np.einsum("k,ka,kb->ab", weights, a.probs, b.probs).ravel()
    expected = expected / expected.sum() * observed.sum()
    # A cell that nobody is expected in says nothing.
    use = expected > 1e-3
    return float(((observed - expected)[use] ** 2 / expected[use]).sum() / freedom)
