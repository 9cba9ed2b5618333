"""What one column says about its parameters: scores of customers whose segment is known.

The observed information (:mod:`forwhom.mixture.information`) needs, of every distribution, the
derivative of a customer's log density under each segment by the free parameters, and the
information if all segments were known. Segments may share parameters: a column says which.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scores(ABC):
    """Scores of the c parameters that a column has in each segment."""

    variables: tuple[str, ...]
    #: which of the column's free parameters each is, shape (K, c); -1 for one that is fixed
    index: Ints
    #: information if segments were known, prior customers included, shape (K, c, c)
    information: Floats

    @property
    def n_free(self) -> int:
        """Free parameters of the column."""
        return int(self.index.max(initial=-1)) + 1

    @abstractmethod
    def of(self, segment: int, rows: slice) -> Floats:
        """Return the scores of members of a segment, shape (rows, c); 0 where missing."""

    @abstractmethod
    def total(self, segment: int, weights: Floats) -> Floats:
        """Return sums of a segment's scores over all rows, from (rows, R) to (c, R)."""


@dataclass(frozen=True)
class LevelScores(Scores):
    """Scores of a level: one vector for each."""

    codes: Ints  # (rows,), -1 where missing
    table: Floats  # (K, levels + 1, c); the last is that of a missing level, 0

    def of(self, segment: int, rows: slice) -> Floats:
        return np.asarray(self.table[segment][self.codes[rows]])

    def total(self, segment: int, weights: Floats) -> Floats:
        n_levels = self.table.shape[1] - 1
        sums = [np.bincount(self.codes + 1, w, n_levels + 1)[1:] for w in weights.T]
        return np.asarray(self.table[segment, :-1].T @ np.stack(sums, axis=1))


@dataclass(frozen=True)
class RowScores(Scores):
    """Scores that are computed for rows."""

    compute: Callable[[int, slice], Floats]

    def of(self, segment: int, rows: slice) -> Floats:
        return self.compute(segment, rows)

    def total(self, segment: int, weights: Floats) -> Floats:
        return np.asarray(self.compute(segment, slice(None)).T @ weights)


def level_scores(
    variable: str,
    codes: Ints,
    probabilities: Floats,
    features: Floats,
    index: Ints,
    weights: Floats,
    prior: float,
) -> LevelScores:
    """Return the scores of an item whose logits are linear in its parameters.

    ``probabilities`` (levels, K), ``features`` of each level (levels, c) or (K, levels, c),
    ``index`` (K, c), ``weights`` of the rows in each segment (rows, K), and the ``prior``
    customers of each.
    """
    features = np.broadcast_to(features, (len(index), *features.shape[-2:]))
    means = np.einsum("lk,klc->kc", probabilities, features)
    centered = features - means[:, None, :]
    spread = np.einsum("lk,klc,kld->kcd", probabilities, centered, centered)
    known = weights[codes >= 0].sum(axis=0) + prior
    table = np.pad(centered, ((0, 0), (0, 1), (0, 0)))
    return LevelScores((variable,), index, known[:, None, None] * spread, codes, table)


def bound(free: RowScores, shared: int, features: Floats) -> RowScores:
    """Bind the parameters of classes, but for the ``shared`` first: they are linear in features.

    ``free`` has scores of parameters that every class has to itself, ``features`` (F, classes).
    """
    own = free.information.shape[1] - shared
    maps = [
        block_diag(np.eye(shared), np.kron(np.eye(own), features[:, [c]].T))
        for c in range(features.shape[1])
    ]
    information = [m.T @ known @ m for m, known in zip(maps, free.information, strict=True)]
    index = np.tile(np.arange(maps[0].shape[1]), (len(maps), 1))
    return RowScores(
        free.variables, index, np.stack(information), lambda c, rows: free.of(c, rows) @ maps[c]
    )


def indicators(probabilities: Floats) -> Floats:
    """Return features of levels that leave every logit free, shape (levels, levels - 1).

    The most common level is the one that others are compared with.
    """
    common = int(probabilities.sum(axis=1).argmax())
    return np.delete(np.eye(len(probabilities)), common, axis=1)


def numbered(k: int, shared: int, own: int, *, last_fixed: bool = False) -> Ints:
    """Return which free parameters K segments have: the shared ones, then each its own.

    With ``last_fixed`` the last segment's own are 0, for a base that they would only move.
    """
    index = shared + np.arange(k * own).reshape(k, own)
    if last_fixed:
        index[-1] = -1
    return np.hstack([np.tile(np.arange(shared), (k, 1)), index])
