"""Accelerated EM for many starts at once.

Plain EM repeats ``theta <- M(theta)``. Anderson acceleration (Walker and Ni 2011; for EM,
Henderson and Varadhan 2019) combines the last few steps so that the linear part of the error
cancels. A candidate that lowers the penalized log-likelihood is thrown away for the plain EM
step, and the memory is cleared, so the sequence is monotone as EM is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.distribution import Floats
from forwhom.mixture.layout import Layout
from forwhom.mixture.maximization import mstep, penalty
from forwhom.mixture.parameters import Parameters, degenerate, flatten, metric, stack, unflatten

#: Steps that acceleration remembers.
MEMORY = 4
#: Gain in log-likelihood per customer and pass under which EM is slow enough to be accelerated.
CALM = 1e-4
_EYE = np.eye(MEMORY)
#: Plain EM steps before acceleration begins: the first ones are far from linear.
WARM_UP = 3


@dataclass(frozen=True)
class Runs:
    """Where S starts ended.

    Shapes: ``loglik`` and ``objective`` (log-likelihood plus log prior), ``n_iter`` (passes over
    the data), ``converged``, and ``degenerate`` (it ended on a point mass), all (S,).
    """

    parameters: Parameters
    loglik: Floats
    objective: Floats
    n_iter: NDArray[np.int64]
    converged: NDArray[np.bool_]
    degenerate: NDArray[np.bool_]

    def pick(self, index: NDArray[np.integer]) -> Runs:
        """Keep some of the starts."""
        return Runs(self.parameters.pick(index), *(column[index] for column in self._columns()))

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return self.loglik, self.objective, self.n_iter, self.converged, self.degenerate


def together(several: Iterable[Runs]) -> Runs:
    """Put several sets of runs behind each other."""
    runs = list(several)
    columns = zip(*(r._columns() for r in runs), strict=True)
    return Runs(stack([r.parameters for r in runs]), *map(np.concatenate, columns))


class Memory:
    """Past differences of coordinates and residuals, for Anderson's least squares."""

    def __init__(self, n_starts: int, size: int) -> None:
        self.residuals = np.zeros((n_starts, MEMORY, size))
        self.images = np.zeros((n_starts, MEMORY, size))
        self.last_residual = np.full((n_starts, size), np.nan)
        self.last_image = np.full((n_starts, size), np.nan)
        self.rest = np.full(n_starts, WARM_UP)  # plain steps to take before the next proposal
        self.slot = 0

    def rejected(self, rows: NDArray[np.bool_]) -> None:
        """Forget the past of some starts, and accelerate them again only after a plain step."""
        if not rows.any():
            return
        self.residuals[rows] = 0.0
        self.images[rows] = 0.0
        self.last_residual[rows] = np.nan
        self.rest[rows] = 1

    def keep(self, rows: NDArray[np.bool_]) -> None:
        """Go on with some starts only."""
        if rows.all():
            return
        for name in ("residuals", "images", "last_residual", "last_image", "rest"):
            setattr(self, name, getattr(self, name)[rows])

    def propose(
        self, residual: Floats, image: Floats, scale: Floats, calm: NDArray[np.bool_]
    ) -> Floats:
        """Combine past steps: the next coordinates of every start, shape (S, P).

        Starts that are not ``calm`` take the EM step: where it gains much, EM is fast, and a
        longer step could leave for the basin of another optimum.
        """
        d_residual, d_image = residual - self.last_residual, image - self.last_image
        unknown = np.isnan(self.last_residual[:, 0])
        if unknown.any():
            d_residual[unknown] = d_image[unknown] = 0.0
        self.residuals[:, self.slot], self.images[:, self.slot] = d_residual, d_image
        self.last_residual, self.last_image = residual, image
        self.slot = (self.slot + 1) % MEMORY
        rested = self.rest == 0
        self.rest -= ~rested
        fast = calm & rested
        if not fast.any():
            return image
        rows = slice(None) if fast.all() else fast
        moved = d_residual[rows], d_image[rows]
        step = self._step(rows, residual[rows], moved, scale[rows])
        found = image.copy()
        found[rows] = image[rows] - residual[rows] + step
        return found

    def _step(
        self,
        rows: slice | NDArray[np.bool_],
        residual: Floats,
        moved: tuple[Floats, Floats],
        scale: Floats,
    ) -> Floats:
        """Where to go from the last point of some starts, which had this residual."""
        weights = self._combine(self.residuals[rows], residual, scale)
        step = residual - np.einsum("sm,smp->sp", weights, self.images[rows])
        # EM leaves a saddle point slowly, and least squares would lead back to it: a proposal
        # against the direction of EM becomes a long step along it (as SQUAREM does).
        squared = scale**2
        back = _dot(step, residual, squared) <= 0
        if back.any():
            d_residual, d_image = (difference[back] for difference in moved)
            turned = np.maximum(_norm(d_residual, squared[back]), 1e-300)
            length = np.clip(3 * _norm(d_image - d_residual, squared[back]) / turned, 1, 32)
            step[back] = length[:, None] * residual[back]
        return np.asarray(step)

    @staticmethod
    def _combine(residuals: Floats, residual: Floats, scale: Floats) -> Floats:
        """Weights of past residuals that undo most of this one, shape (S, MEMORY)."""
        weighted = residuals * scale[:, None, :]
        gram = np.einsum("smp,snp->smn", weighted, weighted)
        trace = gram.trace(axis1=1, axis2=2)
        gram += (1e-10 * trace + 1e-300)[:, None, None] * _EYE
        right = np.einsum("smp,sp->sm", weighted, residual * scale)
        return np.asarray(np.linalg.solve(gram, right[..., None])[..., 0])


def _dot(a: Floats, b: Floats, squared: Floats) -> Floats:
    return np.asarray(np.einsum("sp,sp,sp->s", a, b, squared))


def _norm(a: Floats, squared: Floats) -> Floats:
    return np.sqrt(_dot(a, a, squared))


def run_em(
    data: Expectation,
    start: Parameters,
    *,
    prior: float,
    tol: float,
    max_iter: int,
    progress: Callable[[int, float], None] | None = None,
) -> Runs:
    """Iterate every start to convergence, for at most ``max_iter`` passes over the data.

    A start has converged when a pass gains less than ``tol`` per customer, and no coordinate still
    moves by more than ``0.1 * sqrt(tol)`` in units of its information per customer. ``prior``
    customers are spread over the segments; 0 is plain maximum likelihood. ``progress`` is called
    after each pass with its number and the best log-likelihood.
    """
    walk = _Walk(start, data.layout)
    done: list[tuple[NDArray[np.int64], Runs]] = []
    for iteration in range(1, max_iter + 1):
        theta = walk.theta
        sums = data.sums(theta, walk.alive)
        objective = sums.loglik + penalty(data, theta, prior)
        image = mstep(data, sums, theta, prior)
        gain, moved = walk.step(image, objective)
        if progress is not None:
            progress(iteration, float(sums.loglik.max()))
        # A start that went back to an earlier point has not converged (its gain is nan).
        still = (gain <= tol * data.design.n) & (moved <= 0.1 * np.sqrt(tol))
        stop = still | (iteration == max_iter)
        if stop.any():
            passes, bad = np.full(theta.n_starts, iteration), degenerate(theta, data.layout)
            ended = Runs(theta, sums.loglik, objective, passes, still, bad)
            done.append((walk.alive[stop], ended.pick(np.flatnonzero(stop))))
        if stop.all():
            break
        if iteration == max_iter - 1:  # nobody would look at a candidate any more
            walk.next = walk.safe
        walk.go_on(~stop)
    order = np.argsort(np.concatenate([index for index, _ in done]))
    return together(runs for _, runs in done).pick(order)


class _Walk:
    """Where the starts that still run are, and where they go next."""

    def __init__(self, start: Parameters, layout: Layout) -> None:
        self.theta = start
        self.layout = layout
        self.n = layout.design.n
        self.alive = np.arange(start.n_starts)
        self.safe = flatten(start, layout)  # the last EM step: it never lowers the objective
        self.next = self.safe
        self.objective = np.full(start.n_starts, -np.inf)
        self.memory = Memory(start.n_starts, self.safe.shape[1])

    def step(self, image: Parameters, objective: Floats) -> tuple[Floats, Floats]:
        """Decide where to go; return the gain of each start and how far EM still moves it."""
        worse = ~(objective >= self.objective - 1e-11 * np.abs(self.objective))
        there, scale = flatten(image, self.layout), metric(self.theta, self.layout)
        residual = there - flatten(self.theta, self.layout)
        self.memory.rejected(worse)
        gain = objective - self.objective
        gain[worse] = np.nan
        calm = worse | (gain <= CALM * self.n)
        proposal = self.memory.propose(residual, there, scale, calm)
        back = worse | ~np.isfinite(proposal).all(axis=1)
        if worse.any():
            there = np.where(worse[:, None], self.safe, there)
            objective = np.where(worse, self.objective, objective)
        self.safe, self.objective = there, objective
        self.next = np.where(back[:, None], there, proposal) if back.any() else proposal
        return gain, np.abs(residual * scale).max(axis=1, initial=0.0)

    def go_on(self, rows: NDArray[np.bool_]) -> None:
        """Take the step, with some of the starts only."""
        if rows.all():
            self.theta = unflatten(self.next, self.theta, self.layout)
            return
        self.theta = unflatten(self.next[rows], self.theta, self.layout)
        self.safe, self.objective = self.safe[rows], self.objective[rows]
        self.alive = self.alive[rows]
        self.memory.keep(rows)
