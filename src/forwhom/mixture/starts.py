"""Where EM starts, and which starts go on.

Starts are cheap on a subsample and dear on all rows, so they are screened: many short runs on
few rows, longer runs of the better half on more, and only the best few on everybody. Half of the
starts are random parameters, half are random customers made into segments; k-means and Ward's
hierarchical clustering join them where there are numbers, since models with full covariance
matrices are rarely found from random starts (Fraley and Raftery 2002).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.expectation import Expectation
from forwhom.mixture.maximization import mstep
from forwhom.mixture.parameters import Parameters, stack

Floats = NDArray[np.float64]

#: Rows for k-means and hierarchical starts.
KMEANS_ROWS = 5000
KMEANS_PASSES = 20
WARD_ROWS = 1500


def make_starts(
    data: Expectation, k: int, n_starts: int, rng: np.random.Generator, prior: float
) -> Parameters:
    """Make ``n_starts`` starts with k segments from the rows of ``data`` (ordered by hash)."""
    if k == 1:
        n_starts = 1
    clustered = _clustered(data, k, rng, prior) if k > 1 and n_starts > 1 else []
    parts = clustered[: n_starts - 1]
    left = n_starts - sum(p.n_starts for p in parts)
    return stack([*parts, random_starts(data, k, left, rng)])


def random_starts(data: Expectation, k: int, n_starts: int, rng: np.random.Generator) -> Parameters:
    """Make starts of which half are random customers and half random parameters."""
    parts, left = list[Parameters](), n_starts
    from_rows = left // 2 if k > 1 else 0
    if from_rows:
        parts.append(_from_rows(data, k, from_rows, rng))
    if left - from_rows:
        parts.append(_from_noise(data, k, left - from_rows, rng))
    return stack(parts)


def _from_rows(data: Expectation, k: int, n: int, rng: np.random.Generator) -> Parameters:
    """Segments around random customers, drawn by weight."""
    design = data.design
    cumulative = np.cumsum(design.row_weights)
    draws = rng.random((n, k)) * cumulative[-1]
    chosen = np.minimum(np.searchsorted(cumulative, draws, side="right"), design.n_rows - 1)
    pull = rng.uniform(0.3, 0.9, size=(n, 1, 1))
    parts = zip(data.layout.distributions, _neutral(data, n, k).parts, strict=True)
    return Parameters(tuple(d.around(arrays, chosen, pull) for d, arrays in parts))


def _from_noise(data: Expectation, k: int, n: int, rng: np.random.Generator) -> Parameters:
    """Random probabilities, and means scattered like the customers."""
    neutral = _neutral(data, n, k)
    if k == 1:
        return neutral
    parts = zip(data.layout.distributions, neutral.parts, strict=True)
    return Parameters(tuple(d.scattered(arrays, rng) for d, arrays in parts))


def _neutral(data: Expectation, n: int, k: int) -> Parameters:
    """Every segment like the whole sample."""
    parts = zip(data.layout.distributions, data.marginals, strict=True)
    return Parameters(tuple(d.neutral(n, k, marginal) for d, marginal in parts))


def _clustered(
    data: Expectation, k: int, rng: np.random.Generator, prior: float
) -> list[Parameters]:
    """Starts from k-means and Ward's method on the numeric variables, if there are any."""
    design = data.design
    values = np.nan_to_num(_comparable(data))
    if not values.size or len(np.unique(values[:KMEANS_ROWS], axis=0)) <= k:
        return []
    labels = []
    if len(values) >= k:
        part = values[:KMEANS_ROWS]
        labels += [_kmeans_labels(part, values, k, int(rng.integers(2**31))) for _ in range(4)]
        labels += _ward_labels(values, k)
    starts = []
    for label in labels:
        resp = np.full((1, design.n_rows, k), 0.01 / k)
        resp[0, np.arange(design.n_rows), label] += 0.99
        sums = data.sums_of(resp * design.row_weights[None, :, None])
        starts.append(mstep(data, sums, _neutral(data, 1, k), max(prior, 0.1)))
    return starts


def _comparable(data: Expectation) -> Floats:
    """Numbers on one scale, rows by columns."""
    return np.concatenate([d.comparable() for d in data.layout.distributions]).T.copy()


def _kmeans_labels(part: Floats, values: Floats, k: int, seed: int) -> NDArray[np.int64]:
    from scipy.cluster.vq import ClusterError, vq

    rng = np.random.default_rng(seed)
    try:
        centers = _kmeans_centers(part, k, rng)
    except ClusterError:  # a cluster lost all its rows: random rows are a start as well
        centers = part[rng.choice(len(part), k, replace=False)]
    return np.asarray(vq(values, centers)[0], dtype=np.int64)


def _kmeans_centers(part: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Centers after twenty passes, or after the first that moves none."""
    from scipy.cluster.vq import kmeans2

    centers: Floats
    centers, _ = kmeans2(part, k, minit="++", iter=1, rng=rng, missing="raise")
    for _ in range(KMEANS_PASSES - 1):
        before = centers
        centers, _ = kmeans2(part, before, minit="matrix", iter=1, missing="raise")
        if np.array_equal(before, centers):
            break
    return centers


def _ward_labels(values: Floats, k: int) -> list[NDArray[np.int64]]:
    """Ward's clusters, on the values as they are and sphered (as mclust starts)."""
    from scipy.cluster.hierarchy import fcluster
    from scipy.cluster.vq import vq

    labels = []
    for space in (values, _sphere(values)):
        part = space[:WARD_ROWS]
        if len(part) <= k:
            continue
        tree = fcluster(_ward_tree(part.tobytes(), part.shape[1]), k, criterion="maxclust") - 1
        centers = np.stack(
            [part[tree == c].mean(axis=0) if (tree == c).any() else part[c] for c in range(k)]
        )
        found = vq(space, centers)[0].astype(np.int64)
        found[: len(part)] = tree
        labels.append(found)
    return labels


@lru_cache(maxsize=4)
def _ward_tree(content: bytes, columns: int) -> Floats:
    """Ward's tree of some values: every number of segments cuts the same one."""
    from scipy.cluster.hierarchy import linkage

    values = np.frombuffer(content).reshape(-1, columns)
    return np.asarray(linkage(values, method="ward"))


def _sphere(values: Floats) -> Floats:
    centered = values - values.mean(axis=0)
    _, singular, right = np.linalg.svd(centered, full_matrices=False)
    return np.asarray(centered @ right.T / np.maximum(singular, 1e-9) * np.sqrt(len(values)))
