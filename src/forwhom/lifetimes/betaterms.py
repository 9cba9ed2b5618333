"""Sums of products of beta functions: what models of yes and no per period are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, polygamma, psi

from forwhom.lifetimes.maximum import Floats, Terms

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class BetaTerms:
    """Rows whose likelihood is a sum of terms, each a product of B(u + added) / B(u).

    Parameters come in pairs; a term adds whole numbers to each pair.
    """

    added: Floats  # (terms, pairs, 2)
    starts: Ints  # the first term of each row, (m,)

    def logs(self, parameters: Floats) -> Floats:
        """Return the logarithm of each term, shape (terms,)."""
        pairs = parameters.reshape(-1, 2)
        with_added = pairs + self.added
        each = betaln(with_added[..., 0], with_added[..., 1]) - betaln(pairs[:, 0], pairs[:, 1])
        return np.asarray(each.sum(axis=1))

    def row_logs(self, parameters: Floats) -> Floats:
        """Return the log-likelihood of each row, shape (m,)."""
        return np.asarray(np.logaddexp.reduceat(self.logs(parameters), self.starts))

    def scores(self, parameters: Floats) -> Floats:
        """Return the slopes of the log-likelihood of each row, shape (m, p)."""
        logs = self.logs(parameters)
        rows = np.logaddexp.reduceat(logs, self.starts)
        sizes = np.diff(np.append(self.starts, len(logs)))
        share = np.exp(logs - np.repeat(rows, sizes))
        slopes = self._slopes(parameters)
        return np.asarray(np.add.reduceat(share[:, None] * slopes, self.starts))

    def __call__(self, parameters: Floats, weight: Floats) -> Terms:
        """Return the log-likelihood of rows with weights, its gradient and its Hessian."""
        logs = self.logs(parameters)
        rows = np.logaddexp.reduceat(logs, self.starts)
        sizes = np.diff(np.append(self.starts, len(logs)))
        share = np.exp(logs - np.repeat(rows, sizes)) * np.repeat(weight, sizes)
        slopes, curves = self._slopes(parameters), self._curves(parameters)
        means = np.add.reduceat(share[:, None] * slopes, self.starts)
        safe = np.where(weight > 0, weight, 1.0)
        gradient = means.sum(axis=0)
        hessian = np.einsum("t,tij->ij", share, curves) + (share[:, None] * slopes).T @ slopes
        hessian -= (means / safe[:, None]).T @ means
        return Terms(float(weight @ rows), gradient, hessian)

    def _slopes(self, parameters: Floats) -> Floats:
        pairs = parameters.reshape(-1, 2)
        u = pairs + self.added
        slopes = psi(u) - psi(u.sum(axis=2))[..., None]
        slopes -= psi(pairs) - psi(pairs.sum(axis=1))[:, None]
        return np.asarray(slopes.reshape(len(u), parameters.size))

    def _curves(self, parameters: Floats) -> Floats:
        pairs = parameters.reshape(-1, 2)
        u = pairs + self.added
        curves = np.zeros((len(u), parameters.size, parameters.size))
        both = polygamma(1, pairs.sum(axis=1)) - polygamma(1, u.sum(axis=2))
        own = polygamma(1, u) - polygamma(1, pairs)
        for j in range(len(pairs)):
            block = slice(2 * j, 2 * j + 2)
            curves[:, block, block] = both[:, j, None, None]
            for i in range(2):
                curves[:, 2 * j + i, 2 * j + i] += own[:, j, i]
        return curves
