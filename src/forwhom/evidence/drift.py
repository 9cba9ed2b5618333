"""Are the segments of an earlier run still there? Later customers, judged with its frozen model.

The same instrument is used both times: what the model says of the earlier customers, it says of the
later ones. So what is not known of its parameters cancels in a difference, to first order, and two
samples are compared and not a sample with a truth. Segments may be larger or smaller now without
being others: the sizes of now are estimated first (EM over the shares alone; Saerens, Latinne and
Decaestecker 2002), memberships are those with these sizes, and what this takes from a difference is
taken off its error (the residual of each customer's influence on the memberships). What the earlier
customers contribute to the error is known from the later ones, each weighted by how much likelier
the earlier sizes make such a customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from forwhom.evidence.effects import Apart, Measuring, apart, of_levels, on_the_arcsine_scale
from forwhom.tables.weights import effective_size, is_counting

Floats = NDArray[np.float64]

#: Passes over the customers, and the change of a share at which they end, to find sizes of now.
_PASSES, _STILL = 2_000, 1e-8
#: Singular values below this part of the largest are none.
_NOTHING = 1e-9
#: Levels that so few members are expected to have are one together.
FEWEST = 5.0
#: Variance of what is not known of earlier means, because they were written with three decimals.
_ROUNDED = 1e-3**2 / 12
_PAIR = np.array([[0, 1]])


@dataclass(frozen=True)
class Frozen:
    """Later customers in the segments of an earlier run, and what is known of the earlier ones."""

    before: Floats  # probability of each segment by the frozen model, (m, K)
    now: Floats  # the same, each segment as large as it is now
    weights: Floats  # of the customers, (m,)
    likelier: Floats  # how much likelier the earlier sizes make a customer, (m,); mean 1
    shares_before: Floats  # (K,)
    shares_now: Floats
    n_before: float  # effective customers of the earlier run

    @classmethod
    def of(
        cls,
        probabilities: Floats,
        shares_before: Floats,
        n_before: float,
        weights: Floats | None = None,
    ) -> Frozen:
        """Estimate how large each segment is now."""
        w = np.ones(len(probabilities)) if weights is None else np.asarray(weights, dtype=float)
        known = probabilities.sum(axis=1) > 0
        r, w = probabilities[known], w[known]
        density = r / np.maximum(shares_before, 1e-12)
        shares = shares_now(density, w, shares_before)
        total = density @ shares
        likelier = 1.0 / np.maximum(total, 1e-300)
        return cls(
            before=r,
            now=density * shares / total[:, None],
            weights=w,
            likelier=likelier / np.average(likelier, weights=w),
            shares_before=shares_before,
            shares_now=shares,
            n_before=n_before,
        )

    @property
    def n(self) -> float:
        """Effective customers of now."""
        w = self.weights
        return float(w.sum()) if is_counting(w) else effective_size(w)

    def sizes(self) -> Changed:
        """Compare the shares of the segments."""
        spread = _spread_of_shares(self.now, self.shares_now, self.weights) / self.n
        weights = self.weights * self.likelier
        spread += _spread_of_shares(self.before, self.shares_before, weights) / self.n_before
        moved = self.shares_now - self.shares_before
        inverse = np.linalg.pinv(spread, rcond=1e-7, hermitian=True)
        rank = max(len(moved) - 1, 1)
        p = float(chdtrc(rank, float(moved @ inverse @ moved))) if len(moved) > 1 else 1.0
        own = _spread_of_shares(self.now, self.shares_now, self.weights) / self.n
        return Changed(self.shares_now, np.sqrt(np.diag(own)), moved, spread, p)

    def means(self, values: Floats) -> Means:
        """Return the means of C values (m, C), NaN where missing, in every segment now."""
        observed: NDArray[np.bool_] = np.asarray(np.isfinite(values).all(axis=1))
        filled = np.where(observed[:, None], values, 0.0)
        now = _means(self.now, filled, observed, self.weights)
        old = _means(self.before, filled, observed, self.weights * self.likelier)
        return Means(
            values=now[0],
            covariance=now[1] / self.n,
            covariance_before=old[1] / self.n_before,
            members=self.now.T @ (self.weights * observed) * (self.n / self.weights.sum()),
        )


@dataclass(frozen=True)
class Changed:
    """Shares of now, and how they differ from the earlier ones."""

    shares: Floats  # (K,)
    errors: Floats  # standard errors of the shares of now, (K,)
    moved: Floats  # (K,)
    spread: Floats  # covariance of what moved, (K, K)
    p: float  # of no change at all


@dataclass(frozen=True)
class Means:
    """Means of C values in K segments now, and what is not known of them."""

    values: Floats  # (K, C)
    covariance: Floats  # of the means of now, (K, C, C)
    covariance_before: Floats  # of the earlier ones, (K, C, C)
    members: Floats  # effective members with a value, (K,)

    def joined(self, grouping: Floats) -> Means:
        """Return the means of sums of the values: those that count as one (C, C')."""
        return replace(
            self,
            values=self.values @ grouping,
            covariance=grouping.T @ self.covariance @ grouping,
            covariance_before=grouping.T @ self.covariance_before @ grouping,
        )

    def against(self, earlier: Floats, k: int, kind: str, minimum: float) -> tuple[Apart, float]:
        """Compare segment k with its earlier means (C,); also return p of no change at all."""
        both = np.stack([self.values[k], earlier])
        now = self.covariance[k]
        before = self.covariance_before[k] + _ROUNDED * np.eye(len(earlier))
        if kind == "V":
            joined = _joined(both.mean(axis=0), float(self.members[k]))
            both, now, before = both @ joined, *(joined.T @ one @ joined for one in (now, before))
        if kind != "d":
            now, before = (_of_both(one, *both) for one in (now, before))
        c = both.shape[1]
        spread = np.zeros((2, c, 2, c))
        spread[0, :, 0], spread[1, :, 1] = now, before
        found = apart(_MEASURING[kind], both, spread.reshape(2 * c, 2 * c), _PAIR, minimum)
        if kind == "h" and _scarce(both.mean(axis=0), float(self.members[k])):
            return found, 1.0
        return found, self._p(both[0] - both[1], now + before, k, kind)

    def _p(self, moved: Floats, spread: Floats, k: int, kind: str) -> float:
        """Return how likely so large a move is where there is none (Hotelling)."""
        if kind == "V":  # the last level is what the others leave
            moved, spread = moved[:-1], spread[:-1, :-1]
        inverse = np.linalg.pinv(spread, rcond=1e-7, hermitian=True)
        rank = len(moved)
        degrees = self.members[k] - rank
        if rank < 1 or degrees < 1:
            return 1.0
        square = float(moved @ inverse @ moved) * degrees / ((degrees + rank - 1) * rank)
        return float(fdtrc(rank, degrees, square))


def _scarce(shares: Floats, members: float) -> bool:
    return bool(min(shares[0], 1 - shares[0]) * members < FEWEST)


def _joined(shares: Floats, members: float) -> Floats:
    """Return which levels (rows) count as which (columns): those of few are one together."""
    order = np.argsort(-shares, kind="stable")
    few = shares * members < FEWEST
    if not few.any():
        return np.eye(len(shares))
    place = np.zeros(len(shares), dtype=np.int64)
    often = [i for i in order.tolist() if not few[i]]
    place[often] = np.arange(len(often))
    rest = shares[few].sum() * members >= FEWEST or len(often) < 2
    place[few] = len(often) if rest else len(often) - 1
    return np.eye(place.max() + 1)[place]


def _of_both(covariance: Floats, now: Floats, earlier: Floats) -> Floats:
    """Return the covariance of shares as it is for the mean of both: neither is known for sure."""
    middle = (now + earlier) / 2
    wanted, own = middle * (1 - middle), now * (1 - now)
    scale = np.sqrt(wanted / np.maximum(own, 1e-9))
    return np.asarray(covariance * np.outer(scale, scale))


def _difference(a: Floats, b: Floats) -> Floats:
    return a - b


_MEASURING: dict[str, Measuring] = {
    "d": _difference,
    "h": on_the_arcsine_scale,
    "V": of_levels,
}


def shares_now(density: Floats, weights: Floats, shares: Floats) -> Floats:
    """Return the shares of segments of known densities (m, K), by maximum likelihood."""
    w = weights / weights.sum()
    for _ in range(_PASSES):
        mixed = density @ shares
        new = shares * (density.T @ (w / np.maximum(mixed, 1e-300)))
        done = np.abs(new - shares).max() < _STILL
        shares = new / new.sum()
        if done:
            break
    return shares


def _spread_of_shares(r: Floats, shares: Floats, weights: Floats) -> Floats:
    """Return the covariance of shares of known densities, times the number of customers."""
    w = weights / weights.sum()
    off = r - shares
    slope = np.diag(shares) - np.outer(shares, shares)
    inverse = np.linalg.pinv((off * w[:, None]).T @ off, rcond=1e-9, hermitian=True)
    return np.asarray(slope @ inverse @ slope)


def _means(
    r: Floats, values: Floats, observed: NDArray[np.bool_], weights: Floats
) -> tuple[Floats, Floats]:
    """Return weighted means (K, C) and their covariance times the number of customers."""
    w = weights / weights.sum()
    mass = r * observed[:, None]  # (m, K)
    total = np.maximum(w @ mass, 1e-100)
    means = (mass * w[:, None]).T @ values / total[:, None]
    gram = np.linalg.pinv((r * w[:, None]).T @ r, rcond=_NOTHING, hermitian=True)
    c = values.shape[1]
    spread = np.empty((r.shape[1], c, c))
    for k in range(r.shape[1]):
        influence = mass[:, [k]] * (values - means[k])
        influence -= r @ (gram @ ((r * w[:, None]).T @ influence))
        spread[k] = (influence * w[:, None]).T @ influence / total[k] ** 2
    return means, spread
