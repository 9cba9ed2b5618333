"""The model written down again with SciPy, as plainly as possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from forwhom.documents.items import CategoricalItem, GaussianBlock, GaussianItem, Item, PoissonItem
from forwhom.tables.columns import Column

Joint = Callable[[Sequence[Item], Sequence[float], Mapping[str, Column]], np.ndarray]
Columns = Mapping[str, Column]


def block_density(item: GaussianBlock, columns: Columns, k: int) -> np.ndarray:
    """Log density of the observed part, row pattern by row pattern."""
    x = np.column_stack([columns[name].values for name in item.variables])
    mean, covariance = np.array(item.means[k]), np.array(item.covariances[k])
    out = np.zeros(len(x))
    for seen in np.unique(~np.isnan(x), axis=0):
        rows = (~np.isnan(x) == seen).all(axis=1)
        if seen.any():
            part = stats.multivariate_normal(mean[seen], covariance[np.ix_(seen, seen)])
            out[rows] = part.logpdf(x[rows][:, seen])
    return out


def density(item: Item, columns: Columns, k: int) -> np.ndarray:
    """Log density of every customer's answer in one segment; 0 when it is missing."""
    if isinstance(item, GaussianBlock):
        return block_density(item, columns, k)
    x = columns[item.variable].values
    if isinstance(item, CategoricalItem):
        with np.errstate(divide="ignore"):  # a level that nobody chose has no chance
            return np.where(x < 0, 0.0, np.log(item.probabilities[k])[x])
    if isinstance(item, PoissonItem):
        logs = stats.poisson.logpmf(x, item.rates[k])
    elif isinstance(item, GaussianItem):
        logs = stats.norm.logpdf(x, item.means[k], item.sds[k])
    else:
        share = 1.0 if item.any is None else item.any[k]
        above = stats.lognorm.logpdf(x, item.log_sds[k], scale=np.exp(item.log_means[k]))
        logs = np.where(x == 0, np.log1p(-share) if share < 1 else -np.inf, np.log(share) + above)
    return np.where(np.isnan(x), 0.0, logs)


def joint(items: Sequence[Item], weights: Sequence[float], columns: Columns) -> np.ndarray:
    segments = [
        np.log(weights[k]) + sum(density(item, columns, k) for item in items)
        for k in range(len(weights))
    ]
    return np.column_stack(segments)


@pytest.fixture
def log_joint() -> Joint:
    """Log of share times density, shape (customers, K)."""
    return joint


@pytest.fixture
def log_likelihood() -> Callable[..., float]:
    """The sum of log densities over customers, with optional weights."""

    def sum_up(
        items: Sequence[Item],
        weights: Sequence[float],
        columns: Columns,
        sample_weights: np.ndarray | None = None,
    ) -> float:
        logs = logsumexp(joint(items, weights, columns), axis=1)
        return float(logs.sum() if sample_weights is None else logs @ sample_weights)

    return sum_up
