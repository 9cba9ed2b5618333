"""The E-step over all rows and all starts: tasks shared by threads, sums added in fixed order."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture import kernels
from forwhom.mixture.covariance import BlockSums, block_sums, log_densities, patterns
from forwhom.mixture.design import Design
from forwhom.mixture.families import Marginals, Sums
from forwhom.mixture.parameters import Covariance, Layout, Parameters, natural, tiles, untile

Floats = NDArray[np.float64]

#: Rows of one task when there is one start; its number depends on the rows alone, so that any
#: number of threads adds the same sums in the same order.
CHUNK_ROWS = 8192
MOST_CHUNKS = 64


def available_threads() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


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
    def patterns(self) -> list[object]:
        """Rows of the covariance block, grouped by missing pattern."""
        return list(patterns(self.design.numeric[self.layout.block]))

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
        return self._pass(parameters, keep=len(self.layout.block) > 0)[0]

    def responsibilities(self, parameters: Parameters) -> tuple[Floats, float]:
        """Segment probabilities of each row, shape (rows, K), and the log-likelihood (one start).

        Rows are the design's rows; ``design.rows`` leads from customers to them.
        """
        unweighted = Expectation(_without_weights(self.design), self.layout.covariance)
        unweighted.n_threads = self.n_threads
        _, resp = unweighted._pass(parameters, keep=True)
        loglik = float(self.sums(parameters).loglik[0])
        return resp[0], loglik

    def sums_of(self, resp: Floats) -> Sums:
        """Sums for given responsibilities (S, rows, K): an M-step can start from a partition."""
        n_starts, _, k = resp.shape
        # As densities that leave nothing else to decide: constant weights, log resp as an extra.
        extra = np.log(np.maximum(resp, 1e-290)) + np.log(k)
        return self._pass(self.blank(n_starts, k), keep=True, extra=extra, flat=True)[0]

    def _pass(
        self,
        p: Parameters,
        keep: bool,
        extra: Floats | None = None,
        flat: bool = False,
    ) -> tuple[Sums, Floats]:
        layout, design = self.layout, self.design
        n_starts, k = p.weights.shape
        coefs, const = natural(p, layout)
        if flat:
            coefs[:], const[:] = 0.0, -np.log(k)
        if extra is None:
            extra = self._block_densities(p)
        out = self._run(p.probs, coefs, const, extra, keep)
        levels, statistics, segments, loglik, resp = out
        block = self._block_sums(p, resp)
        return Sums(segments, levels, statistics, block, loglik), resp

    def _run(
        self, probs: Floats, coefs: Floats, const: Floats, extra: Floats | None, keep: bool
    ) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        design, groups = self.design, self.design.groups
        n_starts, k = const.shape
        source, power = self.layout.statistics
        chunk = self._chunk_rows(n_starts)
        n_chunks = max(1, -(-design.n_rows // chunk))
        n_tasks = n_starts * n_chunks
        tiled = tiles(const, -np.inf)
        n_tiles, lanes = tiled.shape[1], kernels.LANES
        levels = np.empty((n_tasks, n_tiles, groups.n_levels, lanes))
        statistics = np.empty((n_tasks, n_tiles, len(source), lanes))
        segments = np.empty((n_tasks, n_tiles, lanes))
        loglik = np.empty(n_tasks)
        resp = np.empty((n_starts, n_tiles, design.n_rows, lanes) if keep else (0, 0, 0, 0))
        more = tiles(extra, 0.0) if extra is not None else np.empty((0, 0, 0, 0))

        def work(lo: int, hi: int) -> None:
            kernels.run_tasks(
                design.packed, design.weights, design.numeric, source, power,
                groups.first, groups.size, groups.group_first, groups.codes,
                tiled_probs, tiled_coefs, tiled, more, groups.table_size, chunk, lo, hi,
                levels, statistics, segments, loglik, resp,
            )  # fmt: skip

        tiled_probs, tiled_coefs = tiles(probs, 1.0), tiles(coefs, 0.0)
        share(work, n_tasks, self.n_threads)

        def add(x: Floats) -> Floats:
            return np.asarray(x.reshape(n_starts, n_chunks, *x.shape[1:]).sum(axis=1))

        return (
            untile(add(levels), k),
            untile(add(statistics), k),
            untile(add(segments), k),
            add(loglik) + design.base,
            untile(resp, k) if keep else resp,
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
                log_densities(m, f, self.patterns, self.design.n_rows)  # type: ignore[arg-type]
                for m, f in zip(p.block_means, p.block_factors, strict=True)
            ]
        )

    def _block_sums(self, p: Parameters, resp: Floats) -> BlockSums:
        if not len(self.layout.block):
            return BlockSums(p.block_means, p.block_factors)
        parts = [
            block_sums(m, f, self.patterns, r)  # type: ignore[arg-type]
            for m, f, r in zip(p.block_means, p.block_factors, resp, strict=True)
        ]
        return BlockSums(np.stack([a for a, _ in parts]), np.stack([b for _, b in parts]))


def _without_weights(design: Design) -> Design:
    from dataclasses import replace

    return replace(design, weights=np.empty(0))


def share(work: Callable[[int, int], None], n_tasks: int, n_threads: int) -> None:
    """Run ``work(lo, hi)`` over all tasks, a contiguous part for each thread."""
    parts = min(n_tasks, n_threads)
    if parts <= 1:
        work(0, n_tasks)
        return
    cuts = np.linspace(0, n_tasks, parts + 1).astype(int)
    with ThreadPoolExecutor(parts) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))
