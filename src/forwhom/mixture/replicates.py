"""Refit a mixture to bootstrap replicates of its customers: would it be found again?

A replicate gives each customer a weight of 0, 1, 2, … at random (Poisson with mean 1), which is the
bootstrap without copies of rows. So replicates differ in weights only, and all of them are columns
of one product, as starts are. Each is refitted twice: *cold*, from random starts of its own, and
*warm*, from the segments that the customers themselves gave. What is found warm and lost cold is
not in doubt because of the customers, but one of several optima.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.design import Design
from forwhom.mixture.em import Runs, run_em, together
from forwhom.mixture.expectation import Expectation, available_threads, in_order
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.sampling import sample_of
from forwhom.mixture.starts import random_starts

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]
Ints = NDArray[np.int64]

#: Rows that are replicated: where there are more, those with the smallest hashes.
ROWS = 4_000
#: Random starts of a replicate, and most passes and the tolerance of their first round.
STARTS, FIRST = 8, (6, 1e-4)
#: How many of them go on, and how far.
ROUNDS = ((2, 12, 1e-5), (1, 30, 1e-5))
#: Starts in one product: a batch is what one thread does.
BATCH = 32


@dataclass(frozen=True)
class Sample:
    """Customers that are replicated, and their weights in each of R replicates."""

    design: Design
    weights: Floats  # (R, rows)
    customers: Ints  # one of those that are a row, (rows,)


@dataclass(frozen=True)
class Refits:
    """Most likely segments of the rows of a sample: as found, and as found in R replicates."""

    rows_in_all: int
    weights: Floats  # (rows,)
    customers: Ints  # one of those that are a row, (rows,)
    found: Labels  # (rows,)
    cold: Labels  # (R, rows)
    warm: Labels  # (R, rows)


def replicate(design: Design, n: int, seed: int, rows: int = ROWS) -> Sample:
    """Draw n replicates of the customers of a design; rows are ordered by their hashes."""
    part, index = sample_of(design, rows)
    shared = None if design.rows is None else np.bincount(design.rows, minlength=design.n_rows)
    customers = np.ones(len(index)) if shared is None else shared[index].astype(np.float64)
    rng = np.random.default_rng([seed, n, len(index)])
    times = rng.poisson(customers, (n, len(index))) * (part.row_weights / customers)
    # Customers are as many in every replicate; one without any is no answer.
    times[times.sum(axis=1) == 0] = part.row_weights
    first = index if design.first is None else design.first[index]
    return Sample(part, times * (part.n / times.sum(axis=1, keepdims=True)), first)


def refit(fitted: FittedMixture, sample: Sample, options: FitOptions) -> Refits:
    """Fit as many segments of the same shape to every replicate, cold and warm."""
    # Threads share the batches, so that each works alone.
    data = Expectation(sample.design, fitted.data.layout.shape, 1)
    search = _Search(data, sample.weights, options)
    all_ = np.arange(len(sample.weights))
    again = search.run(fitted.parameters.pick(np.zeros_like(all_)), all_, *ROUNDS[-1][1:])
    return Refits(
        rows_in_all=fitted.data.design.n_rows,
        weights=sample.design.row_weights,
        customers=sample.customers,
        found=data.labels(fitted.parameters)[0],
        cold=data.labels(search.cold(len(fitted.class_weights))),
        warm=data.labels(again.parameters),
    )


@dataclass(frozen=True)
class _Search:
    """Fits to all replicates at once."""

    data: Expectation
    weights: Floats
    options: FitOptions

    def cold(self, k: int) -> Parameters:
        """The best fit of each replicate from random starts."""
        n = len(self.weights)
        rng = np.random.default_rng([self.options.seed, k, n])
        owner = np.arange(STARTS * n) % n
        runs = self.run(random_starts(self.data, k, STARTS * n, rng), owner, *FIRST)
        for most, passes, tol in ROUNDS:
            best = _best_of_each(runs, owner, most)
            owner = owner[best]
            runs = self.run(runs.parameters.pick(best), owner, passes, tol)
        return runs.parameters

    def run(self, starts: Parameters, owner: NDArray[np.int64], passes: int, tol: float) -> Runs:
        """Run starts with the weights of the replicates that own them."""
        parts = np.array_split(np.arange(len(owner)), -(-len(owner) // BATCH))

        def work(i: int) -> Runs:
            return run_em(
                self.data.replicated(self.weights[owner[parts[i]]]),
                starts.pick(parts[i]),
                prior=self.options.prior,
                tol=max(tol, self.options.tol),
                max_iter=min(passes, self.options.max_iter),
            )

        n_threads = self.options.n_threads or available_threads()
        return together(in_order(work, len(parts), n_threads))


def _best_of_each(runs: Runs, owner: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """The best starts of each replicate; degenerate ones last."""
    order = np.lexsort((-runs.objective, runs.degenerate, owner))
    ranked = owner[order]
    first = np.searchsorted(ranked, ranked)
    return order[np.arange(len(order)) - first < most]
