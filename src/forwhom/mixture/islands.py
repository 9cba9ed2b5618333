"""Which segments hang together: two are slices of one line if a line describes them as well.

For each segment and its most overlapping neighbors, the pair is replaced by customers spread along
the line through both, everything else left free. Where that costs nothing, nothing lies between
the two but more customers. Segments are then joined from the largest down, as superlevel sets are
(ToMATo; Chazal et al. 2013): a bridge that is thin beside what it joins does not join it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.continuum import converge, nodes
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.shape import Classes, Shape

Floats = NDArray[np.float64]
Pair = tuple[int, int]

#: A pair is apart when a line for it costs at least so much BIC.
APART = 6.0
#: Segments below this share join others, and make no island of their own.
LEAST_SHARE = 0.02
#: A bridge lighter than this part of the smaller peak does not join two islands.
BRIDGE = 0.5
#: Neighbors of each segment that are tried.
NEIGHBORS = 2


def overlaps(resp: Floats, weights: Floats) -> Floats:
    """Overlap of each pair of segments, (K, K): 0 for strangers, 1 for the same."""
    joint = (resp * weights[:, None]).T @ resp
    sizes = weights @ resp
    return np.asarray(2 * joint / np.maximum(sizes[:, None] + sizes, 1e-300))


def lines(fitted: FittedMixture, prior: float = 1.0) -> dict[Pair, float]:
    """How much BIC it costs to describe each pair of neighbors by one line."""
    resp = fitted.row_responsibilities
    near = overlaps(resp, fitted.data.design.row_weights)
    np.fill_diagonal(near, -1.0)
    k = resp.shape[1]
    pairs = {
        (min(i, j), max(i, j)) for i in range(k) for j in np.argsort(-near[i])[:NEIGHBORS].tolist()
    }
    return {
        pair: _one_line(fitted, pair, prior).bic - fitted.bic
        for pair in sorted(pairs)
        if pair[0] != pair[1]
    }


def _one_line(fitted: FittedMixture, pair: Pair, prior: float) -> FittedMixture:
    """Replace a pair of segments by one whose customers are spread along the line between them."""
    old, k = fitted.classes, fitted.k
    within = 1 if old is None else len(old.segment) // k
    z, logs = nodes(1)
    rest = [s for s in range(k) if s not in pair]
    segment = np.array([*range(len(rest)), *[len(rest)] * len(z)])
    along = np.concatenate([np.zeros(len(rest)), z[:, 0]])
    log_share = np.concatenate([np.zeros(len(rest)), logs])
    features = np.vstack([segment == np.arange(len(rest) + 1)[:, None], along]).astype(np.float64)
    if old is not None:  # the common factor stays
        features = np.repeat(features, within, axis=1)
        features = np.vstack([features, np.tile(old.features[k:, :within], len(segment))])
        log_share = (log_share[:, None] + old.log_share[:within]).ravel()
        segment = np.repeat(segment, within)
    classes = Classes(segment, log_share, features, np.repeat(along, within)[:, None])
    shape = Shape(degree=fitted.data.layout.shape.degree, classes=classes)
    data = Expectation(fitted.data.design, shape, fitted.data.n_threads)
    start = _mixed(fitted, data, _combinations(fitted, k, pair, rest, along, within))
    return converge(data, start, prior)


def _combinations(
    fitted: FittedMixture,
    k: int,
    pair: Pair,
    rest: Sequence[int],
    along: Floats,
    within: int,
) -> Floats:
    """Where the new classes lie between the old ones, (old classes, new classes)."""
    first, second = fitted.weights[list(pair)] / fitted.weights[list(pair)].sum()
    between = np.zeros((k, len(along)))
    between[rest, np.arange(len(rest))] = 1.0
    step = np.sqrt(first * second) * along[len(rest) :]
    between[pair[0], len(rest) :] = first + step
    between[pair[1], len(rest) :] = second - step
    return np.asarray(np.kron(between, np.eye(within)), dtype=np.float64)


def _mixed(fitted: FittedMixture, data: Expectation, combinations: Floats) -> Parameters:
    """Combine the natural parameters of old classes into those of new ones."""
    classes = data.layout.shape.classes
    assert classes is not None
    shares = np.full((1, combinations.shape[1]), 1 / combinations.shape[1])
    weights = fitted.class_weights @ np.linalg.pinv(combinations).T
    shares[0] = np.maximum(weights, 1e-6) / np.maximum(weights, 1e-6).sum()
    parts = [data.layout.distributions[0].parameters((np.log(shares),))]
    old = fitted.data.layout.distributions
    for was, now, arrays in zip(
        old[1:], data.layout.distributions[1:], fitted.parameters.parts[1:], strict=True
    ):
        coordinates = tuple(x @ combinations for x in was.coordinates(arrays))
        parts.append(now.parameters(coordinates))
    return Parameters(tuple(parts))


def islands_of(costs: Mapping[Pair, float], shares: Floats) -> list[list[int]]:
    """Join segments that are slices of one continuum, the largest first; each from 0."""

    def cost(a: int, b: int) -> float:
        return costs.get((min(a, b), max(a, b)), np.inf)

    found: list[list[int]] = []
    for segment in np.argsort(-shares, kind="stable").tolist():
        bridges = sorted(
            (min(cost(segment, other) for other in one), i) for i, one in enumerate(found)
        )
        touched = [i for value, i in bridges if value < APART]
        if shares[segment] < LEAST_SHARE and found and not touched:
            touched = [max(range(len(found)), key=lambda i: shares[found[i]].sum())]
        if not touched:
            found.append([segment])
            continue
        peak = max(shares[s] for s in found[touched[0]])
        peaks = [min(peak, max(shares[s] for s in found[i])) for i in touched]
        joined = [touched[0]]
        joined += [
            i for i, p in zip(touched[1:], peaks[1:], strict=True) if shares[segment] >= BRIDGE * p
        ]
        new = [s for i in joined for s in found[i]] + [segment]
        found = [one for i, one in enumerate(found) if i not in joined] + [new]
    return found


def separation(resp: Floats, weights: Floats) -> float:
    """How far apart the two best separated parts are: the largest edge of the spanning tree."""
    from scipy.sparse.csgraph import minimum_spanning_tree

    distance = -np.log(np.clip(overlaps(resp, weights), 1e-12, 1.0))
    np.fill_diagonal(distance, 0.0)
    return float(minimum_spanning_tree(np.maximum(distance, 1e-9)).max())


def certainty(resp: Floats, weights: Floats) -> float:
    """How sure membership is: minus the log of one less the entropy R²."""
    from scipy.special import entr

    entropy = float(weights @ entr(resp).sum(axis=1)) / float(weights.sum())
    return -float(np.log(np.clip(entropy / np.log(resp.shape[1]), 1e-12, 1.0)))
