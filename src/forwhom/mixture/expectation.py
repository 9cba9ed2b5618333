"""The E-step over all rows and all starts: tasks shared by threads, sums added in fixed order."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture import kernels
from forwhom.mixture.covariance import BlockSums, Pattern, block_sums, log_densities, patterns
from forwhom.mixture.design import Design
from forwhom.mixture.families import Marginals, Sums
from forwhom.mixture.parameters import Covariance, Layout, Parameters, natural, tiles, untile

Floats = NDArray[np.float64]

#: Rows of one task when there is one start; its number depends on the rows alone, so that any
#: number of threads adds the same sums in the same order.
CHUNK_ROWS = 8192
MOST_CHUNKS = 64
#: Rows times starts that one thread does sooner than it could call another.
SMALL = 4096


def available_threads() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


class Columns(NamedTuple):
    """Natural parameters of S starts: ``extra`` holds more log densities (S, rows, K)."""

    probs: Floats
    coefs: Floats
    const: Floats
    extra: Floats | None


class Product(NamedTuple):
    """What the kernels return, for S starts."""

    levels: Floats
    statistics: Floats
    sizes: Floats
    loglik: Floats
    responsibilities: Floats


class Expectation:
    """The data side of a fit: gives sums and responsibilities for any parameters.

    Parameters
    ----------
    design
        The encoded customers.
    covariance
        How continuous variables vary within a segment.
    n_threads
        Threads that share the work; the result does not depend on it.
    """

    def __init__(
        self, design: Design, covariance: Covariance = "diagonal", n_threads: int | None = None
    ) -> None:
        self.design = design
        self.layout = Layout(design, covariance)
        self.n_threads = n_threads or available_threads()

    @cached_property
    def patterns(self) -> list[Pattern]:
        """Rows of the covariance block, grouped by missing pattern."""
        return patterns(self.design.numeric[self.layout.block])

    @cached_property
    def marginals(self) -> Marginals:
        """The whole sample as one segment."""
        one = self.blank(1, 1)
        sums = self.sums(one)
        groups = self.design.groups
        levels = sums.levels[0, :, 0]
        if len(groups.first):
            totals = np.repeat(np.add.reduceat(levels, groups.first), groups.size)
            uniform = np.repeat(1 / groups.size, groups.size)
            levels = np.divide(levels, totals, out=uniform, where=totals > 0)
        poisson = self.design.numeric[self.layout.poisson]
        weights = self.design.row_weights
        seen = ~np.isnan(poisson)
        rates = np.where(seen, poisson, 0.0) @ weights / np.maximum(seen @ weights, 1e-300)
        return Marginals(levels, np.maximum(rates, 1e-12))

    def blank(self, n_starts: int, k: int) -> Parameters:
        """Parameters of S starts with nothing in them yet: equal weights, unit variances."""
        c = len(self.layout.block)
        return Parameters(
            np.full((n_starts, k), 1 / k),
            np.ones((n_starts, self.design.groups.n_levels, k)),
            np.zeros((n_starts, len(self.layout.gaussian), k)),
            np.ones((n_starts, len(self.layout.gaussian), k)),
            np.ones((n_starts, len(self.layout.poisson), k)),
            np.zeros((n_starts, c, k)),
            np.broadcast_to(np.eye(c), (n_starts, k, c, c)).copy(),
        )

    def sums(self, parameters: Parameters) -> Sums:
        """One pass for every start: sums of responsibilities times sufficient statistics."""
        return self._sums(parameters, keep=len(self.layout.block) > 0)[0]

    def responsibilities(self, parameters: Parameters) -> Floats:
        """Segment probabilities of each row, shape (rows, K), of one start.

        Rows are the design's rows; ``design.rows`` leads from customers to them.
        """
        unweighted = Expectation(
            replace(self.design, weights=np.empty(0)), self.layout.covariance, self.n_threads
        )
        return np.asarray(unweighted._sums(parameters, keep=True)[1][0])

    def sums_of(self, resp: Floats) -> Sums:
        """Sums for given responsibilities (S, rows, K), weights included.

        An M-step can so start from a partition of the customers.
        """
        n_starts, _, k = resp.shape
        p = self.blank(n_starts, k)
        coefs, const = natural(p, self.layout)
        # As densities that leave nothing else to decide.
        extra = np.log(np.maximum(resp, 1e-290))
        found = self._run(Columns(p.probs, 0 * coefs, 0 * const, extra), keep=True)
        block = self._block_sums(p, found.responsibilities)
        return Sums(found.sizes, found.levels, found.statistics, block, found.loglik)

    def _sums(self, p: Parameters, *, keep: bool) -> tuple[Sums, Floats]:
        coefs, const = natural(p, self.layout)
        found = self._run(Columns(p.probs, coefs, const, self._block_densities(p)), keep=keep)
        block = self._block_sums(p, found.responsibilities)
        sums = Sums(found.sizes, found.levels, found.statistics, block, found.loglik)
        return sums, found.responsibilities

    def _run(self, columns: Columns, *, keep: bool) -> Product:
        design, groups = self.design, self.design.groups
        source, power = self.layout.statistics
        n_starts, k = columns.const.shape
        chunk = self._chunk_rows(n_starts)
        n_tasks = n_starts * max(1, -(-design.n_rows // chunk))
        parameters = (
            tiles(columns.probs, 1.0),
            tiles(columns.coefs, 0.0),
            tiles(columns.const, -np.inf),
            np.empty((0, 0, 0, 0)) if columns.extra is None else tiles(columns.extra, 0.0),
        )
        n_tiles, lanes = parameters[2].shape[1:]
        results = (
            np.empty((n_tasks, n_tiles, groups.n_levels, lanes)),
            np.empty((n_tasks, n_tiles, len(source), lanes)),
            np.empty((n_tasks, n_tiles, lanes)),
            np.empty(n_tasks),
            np.empty((n_starts, n_tiles, design.n_rows, lanes) if keep else (0, 0, 0, 0)),
        )
        rows, numbers = (design.packed, design.weights), (design.numeric, source, power)
        packing = (groups.first, groups.size, groups.codes, groups.group_first, groups.table_size)

        def work(lo: int, hi: int) -> None:
            kernels.run_tasks(rows, numbers, packing, parameters, chunk, (lo, hi), results)

        small = n_starts * design.n_rows < SMALL
        share(work, n_tasks, 1 if small else self.n_threads)
        levels, statistics, sizes, loglik = (
            x.reshape(n_starts, -1, *x.shape[1:]).sum(axis=1) if x.size else _none(x, n_starts)
            for x in results[:4]
        )
        return Product(
            untile(levels, k),
            untile(statistics, k),
            untile(sizes, k),
            loglik + design.base,
            untile(results[4], k) if keep else results[4],
        )

    def _chunk_rows(self, n_starts: int) -> int:
        n = self.design.n_rows
        if n_starts > 1:
            return max(1, n)
        return max(CHUNK_ROWS, -(-n // MOST_CHUNKS))

    def _block_densities(self, p: Parameters) -> Floats | None:
        if not len(self.layout.block):
            return None
        return np.stack(
            [
                log_densities(m, f, self.patterns, self.design.n_rows)
                for m, f in zip(p.block_means, p.block_factors, strict=True)
            ]
        )

    def _block_sums(self, p: Parameters, resp: Floats) -> BlockSums:
        if not len(self.layout.block):
            return BlockSums(p.block_means, p.block_factors)
        parts = [
            block_sums(m, f, self.patterns, r)
            for m, f, r in zip(p.block_means, p.block_factors, resp, strict=True)
        ]
        return BlockSums(np.stack([a for a, _ in parts]), np.stack([b for _, b in parts]))


def _none(empty: Floats, n_starts: int) -> Floats:
    """Sums over the chunks of an array without elements."""
    return np.zeros((n_starts, *empty.shape[1:]))


def share(work: Callable[[int, int], None], n_tasks: int, n_threads: int) -> None:
    """Run ``work(lo, hi)`` over all tasks, a contiguous part for each thread."""
    parts = min(n_tasks, n_threads)
    if parts <= 1:
        work(0, n_tasks)
        return
    cuts = np.linspace(0, n_tasks, parts + 1).astype(int)
    others = [_pool(n_threads).submit(work, lo, hi) for lo, hi in pairwise(cuts[1:])]
    work(0, int(cuts[1]))
    for other in others:
        other.result()


@lru_cache
def _pool(n_threads: int) -> ThreadPoolExecutor:
    """Threads are kept between passes: starting them costs as much as a small pass."""
    return ThreadPoolExecutor(n_threads, thread_name_prefix="forwhom")


if hasattr(os, "register_at_fork"):  # a forked process has none of its parent's threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
