"""The bias-adjusted three-step method: what segments have, corrected for wrong assignments.

Who is assigned to a segment is partly of another, so that plain comparisons come out too small.
The errors of assignment follow from the probabilities. Bolck, Croon and Hagenaars (BCH) weigh
customers by the inverse of their matrix; it takes what is compared as independent of what formed
the segments, given the segment.

Errors of estimates are influences of customers: of the customers themselves, of the matrix of
errors, which is estimated, and of the parameters of the first step, on which it depends. Which
segment somebody is assigned to is taken as a rule: with the right matrix, every rule has the same
answer.

Sources: A. Bolck, M. Croon and J. Hagenaars, Political Analysis 12 (2004) 3-27; J. K. Vermunt,
Political Analysis 18 (2010) 450-469; Z. Bakk, D. L. Oberski and J. K. Vermunt, Political Analysis
22 (2014) 520-540, for errors that know the first step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import DataError
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]
#: Estimating functions of all customers (n, P), of parameters (P,) and of the joint
#: probabilities of segments and assignments (K, K).
Scoring = Callable[[Floats, Floats], Floats]

Assignment = Literal["modal", "proportional"]

#: A matrix of errors as near to none that can be turned round as this corrects nothing.
WORST_CONDITION = 1e4
#: Steps of numerical derivatives, and passes of EM.
_STEP, _PASSES = 1e-5, 5000


@dataclass(frozen=True)
class Estimates:
    """What C statistics are in K segments, and what each customer moves."""

    values: Floats  # (K, C)
    influence: Floats  # of the sampled customers, per unit of weight; (m, K, C)
    covariance: Floats  # (K C, K C)

    @property
    def errors(self) -> Floats:
        """Standard errors, shape (K, C)."""
        variances = np.maximum(np.diagonal(self.covariance), 0.0)
        return np.sqrt(variances).reshape(self.values.shape)


@dataclass(frozen=True)
class Classification:
    """Customers, the segments that they are assigned to, and how often that is wrong."""

    member: Membership
    assigned: Floats  # part of each customer in each segment, (n, K)
    #: whether rates are averaged over what is not known of the first step: estimates fit their own
    #: customers too well, so that fewer errors are seen than there are
    cautious: bool = False

    @classmethod
    def of(
        cls, member: Membership, assignment: Assignment = "modal", *, cautious: bool = False
    ) -> Classification:
        """Assign each customer to the most likely segment, or to all by their probabilities."""
        parts = member.responsibilities
        if assignment == "modal":
            parts = (member.mode[:, None] == np.arange(member.k)).astype(np.float64)
        return cls(member, parts, cautious)

    @cached_property
    def sizes(self) -> Floats:
        """Weight of each segment, shape (K,)."""
        return np.asarray(self.member.mass[:-1].sum(axis=1))

    @cached_property
    def joint(self) -> Floats:
        """Probability of a segment (row) and an assignment (column), shape (K, K)."""
        member, mass, assigned = self.member, self.member.mass[:-1], self.assigned
        if self.cautious and member.learned is not None:
            rows = member.sampled
            mass = (member.learned.averaged() * member.weights[rows, None]).T
            assigned = assigned[rows]
        together = np.einsum("kn,ns->ks", mass, assigned)
        return np.asarray(together / max(float(mass.sum()), 1e-300))

    @cached_property
    def rates(self) -> Floats:
        """Probability of an assignment (column) given the segment (row), shape (K, K)."""
        return rates_of(self.joint)

    @cached_property
    def inverse(self) -> Floats:
        """The inverse of the rates; DataError where segments overlap too much for one."""
        if not self.is_sound:
            raise DataError(
                "The segments overlap so much that wrong assignments cannot be corrected.",
                "Compare fewer segments, or use assignment='proportional'.",
            )
        return np.asarray(np.linalg.inv(self.rates))

    @property
    def is_sound(self) -> bool:
        """Whether the matrix of errors can be turned round."""
        return bool(np.linalg.cond(self.rates) < WORST_CONDITION)

    @cached_property
    def corrected(self) -> Floats:
        """Weights of customers in segments, positive and negative; shape (n, K)."""
        return np.asarray(self.assigned @ self.inverse)

    def plain(self, values: Floats) -> Estimates:
        """Return means (K, C) of values (n, C) by assignment, wrong ones included."""
        return self._means(values, self.assigned, corrected=False)

    def bch(self, values: Floats) -> Estimates:
        """Return means (K, C) of values (n, C), NaN where missing, as if all were right."""
        return self._means(values, self.corrected, corrected=True)

    def own(self, values: Floats, about: str = "") -> Estimates:
        """Return means (K, C) of values that formed the segments: by the probabilities.

        ``about`` names the variable, for models with very many parameters.
        """
        member, seen = self.member, _seen(values)
        filled = np.where(seen[:, None], values, 0.0)
        found, base = _weighted(member.responsibilities, member.weights * seen, filled)
        rows = member.sampled
        influence = np.empty((len(rows), *found.shape))
        for k in range(member.k):
            off = (filled[rows] - found[k]) * (seen[rows, None] / base[k])
            influence[:, k] = member.responsibilities[rows, k, None] * off
            if member.learned is not None:
                slopes = member.learned.slopes(k, member.weights[rows, None] * off, about)
                influence[:, k] += member.learned.moved(slopes, about)
        return self.estimates(found, influence)

    def _means(self, values: Floats, parts: Floats, *, corrected: bool) -> Estimates:
        member, seen = self.member, _seen(values)
        filled = np.where(seen[:, None], values, 0.0)
        found, base = _weighted(parts, member.weights * seen, filled)
        rows, learned = member.sampled, member.learned
        own = (parts[rows] * seen[rows, None] / base)[:, :, None]
        influence = own * (filled[rows, None, :] - found)
        if corrected:
            # How a mean moves with the rate at which members of another segment come to it.
            pull = (base[:, None] / base)[:, :, None] * (found[:, None] - found)
            direct, slopes = self._toward
            for t in range(member.k):
                influence[:, t] -= direct[:, :, t] @ pull[:, t]
            if learned is not None:
                moved = np.einsum("upt,utc->ptc", slopes, pull)
                flat = learned.moved(moved.reshape(len(moved), -1))
                influence -= flat.reshape(influence.shape)
        return self.estimates(found, influence)

    @cached_property
    def _toward(self) -> tuple[Floats, Floats]:
        """What a unit of weight adds to the corrected weight of segment u's members in t.

        For the customers (m, K, K), and for the parameters of the first step (K, P, K).
        """
        member, rows = self.member, self.member.sampled
        excess = self.corrected[rows, None, :] - np.eye(member.k)
        excess = excess / np.maximum(self.sizes, 1e-300)[:, None]
        direct = member.responsibilities[rows][:, :, None] * excess
        if member.learned is None:
            return direct, np.empty((member.k, 0, member.k))
        weights = member.weights[rows, None]
        slopes = [member.learned.slopes(u, weights * excess[:, u]) for u in range(member.k)]
        return direct, np.stack(slopes)

    def through_joint(self, gradient: Floats) -> Floats:
        """Return how customers move R statistics by moving ``joint``, (R, K, K); shape (m, R)."""
        member, rows = self.member, self.member.sampled
        weights, learned, total = member.weights[rows, None], member.learned, self.sizes.sum()
        found = np.zeros((len(rows), len(gradient))) - np.einsum("rks,ks->r", gradient, self.joint)
        slopes = None
        for u in range(member.k):
            pull = self.assigned[rows] @ gradient[:, u].T
            found += member.responsibilities[rows, u, None] * pull
            if learned is not None:
                more = learned.slopes(u, weights * pull / total)
                slopes = more if slopes is None else slopes + more
        found /= total
        if learned is None or slopes is None:
            return np.asarray(found)
        return np.asarray(found + learned.moved(slopes))

    def influence(self, scoring: Scoring, solution: Floats) -> Floats:
        """Return what customers move in a solution (P,) of estimating equations, shape (m, P).

        ``scoring`` gives the functions of all customers that sum to zero there.
        """
        weights, joint = self.member.weights, self.joint

        def total(parameters: Floats, together: Floats) -> Floats:
            return np.asarray(weights @ scoring(parameters, together))

        bread = _derivative(lambda p: total(p, joint), solution)
        moved = _derivative(lambda j: total(solution, j.reshape(joint.shape)), joint.ravel())
        own = scoring(solution, joint)[self.member.sampled]
        own = own + self.through_joint(moved.reshape(len(solution), *joint.shape))
        return np.asarray(-np.linalg.solve(bread, own.T).T)

    def estimates(self, values: Floats, influence: Floats) -> Estimates:
        """Return what is estimated, with its covariance."""
        # Deviations from a mean of few are smaller than from what would be right (HC1).
        member = self.member
        squares = np.einsum("kn,n->k", member.mass[:-1], member.weights)
        n = self.sizes**2 / np.maximum(squares, 1e-300)
        influence = influence * np.sqrt(n / np.maximum(n - 1, 1e-9))[:, None]
        flat = (influence * member.wider[:, None]).reshape(len(influence), -1)
        return Estimates(values, influence, member.covariance(flat))


def rates_of(joint: Floats) -> Floats:
    """Return the probability of an assignment given the segment, from those of both together."""
    return np.asarray(joint / np.maximum(joint.sum(axis=1), 1e-300)[:, None])


def likeliest(
    classification: Classification, values: Floats, variance: float | None = None
) -> Estimates:
    """Return means (K, C) by maximum likelihood given the errors of assignment (Vermunt 2010).

    One column is a normal number, its ``variance`` the same in all segments: given, or estimated;
    several are ones and zeros for levels. Rows with NaN do not take part. Shares are those of the
    first step.
    """
    model = _Likeliest(classification, values, variance)
    solution = model.solve()
    k, c = classification.member.k, values.shape[1]
    means = solution[: k * c].reshape(k, c)
    influence = classification.influence(model.scoring, solution)[:, : k * c]
    return classification.estimates(means, influence.reshape(-1, k, c))


class _Likeliest:
    """The likelihood of assignments and values: parameters are means, and a variance at the end."""

    def __init__(
        self, classification: Classification, values: Floats, variance: float | None
    ) -> None:
        self.given, self.variance = classification, variance
        self.seen = _seen(values)
        self.values = np.where(self.seen[:, None], values, 0.0)
        self.weights = classification.member.weights * self.seen
        self.is_number = values.shape[1] == 1
        self.free = self.is_number and variance is None

    def solve(self) -> Floats:
        """Return the parameters, by EM from the means of those assigned."""
        mean = self.weights @ self.values / self.weights.sum()
        spread = self.variance or 1.0
        if self.free:
            spread = float(self.weights @ (self.values - mean)[:, 0] ** 2 / self.weights.sum())
        found = np.append(self.given.plain(self.values).values.ravel(), spread)
        for _ in range(_PASSES):
            chances = self._chances(found, self.given.joint) * self.weights[:, None]
            means = chances.T @ self.values / chances.sum(axis=0)[:, None]
            if self.free:
                squares = (self.values - means.T) ** 2
                spread = float((chances * squares).sum() / self.weights.sum())
            step = np.append(means.ravel(), spread)
            near = np.abs(step - found).max() < 1e-10 * max(1.0, np.abs(step).max())
            found = step
            if near:
                break
        return found

    def scoring(self, parameters: Floats, joint: Floats) -> Floats:
        """Return what sums to zero at the solution, for every customer."""
        chances = self._chances(parameters, joint)
        means = parameters[:-1].reshape(chances.shape[1], -1)
        off = chances[:, :, None] * (self.values[:, None, :] - means)
        # A variance that is known, or that levels do not have, is a parameter that stays.
        last = np.full(len(chances), parameters[-1] - (self.variance or 1.0))
        if self.free:
            last = (off * (self.values[:, None, :] - means)).sum(axis=(1, 2)) - parameters[-1]
        return np.asarray(
            np.hstack([off.reshape(len(chances), -1), last[:, None]]) * self.seen[:, None]
        )

    def _chances(self, parameters: Floats, joint: Floats) -> Floats:
        """Probability of each segment given the assignment and the value, shape (n, K)."""
        means = parameters[:-1].reshape(len(joint), -1)
        if self.is_number:
            logs = -0.5 * (self.values - means.T) ** 2 / parameters[-1]
            density = np.exp(logs - logs.max(axis=1, keepdims=True))
        else:
            density = self.values @ means.T
        reached = density @ joint
        there = np.abs(reached) > 1e-300
        assigned = self.given.assigned
        ratio = np.divide(assigned, reached, out=np.zeros_like(reached), where=there)
        return np.asarray(density * (ratio @ joint.T))


def _seen(values: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(values).all(axis=1))


def _weighted(parts: Floats, weights: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return means (K, C) and the weight behind them (K,)."""
    given = parts * weights[:, None]
    base = given.sum(axis=0)
    base = np.where(np.abs(base) > 1e-9, base, np.nan)
    return np.einsum("nk,nc->kc", given, values) / base[:, None], base


def _derivative(function: Callable[[Floats], Floats], at: Floats) -> Floats:
    """Return the derivatives of R functions (rows) by P parameters (columns)."""
    columns = []
    for p in range(len(at)):
        step = np.zeros(len(at))
        step[p] = _STEP * max(1.0, abs(float(at[p])))
        columns.append((function(at + step) - function(at - step)) / (2 * step[p]))
    return np.stack(columns, axis=1)
