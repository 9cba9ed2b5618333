"""The E-step over all rows and all starts: tasks shared by threads, sums added in fixed order."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import pairwise
from threading import local
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture import kernels
from forwhom.mixture.design import Design
from forwhom.mixture.families.distribution import Arrays, Floats, Ints, Sums, Terms
from forwhom.mixture.layout import Layout
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.shape import PLAIN, Shape, added_up
from forwhom.mixture.tiles import tiles, untile

#: Rows of one task when there is one start; its number depends on the rows alone, so that any
#: number of threads adds the same sums in the same order.
CHUNK_ROWS = 8192
MOST_CHUNKS = 64
#: Rows times starts that one thread does sooner than it could call another.
SMALL = 4096

Found = TypeVar("Found")


def available_threads() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


class Product(NamedTuple):
    """What the kernels return, for S starts."""

    levels: Floats
    statistics: Floats
    sizes: Floats
    loglik: Floats
    responsibilities: Floats


class Expectation:
    """The data side of a fit: gives sums and responsibilities for any parameters.

    Threads share the work; the result does not depend on their number.
    """

    def __init__(self, design: Design, shape: Shape = PLAIN, n_threads: int | None = None) -> None:
        self.design = design
        self.layout = Layout(design, shape)
        self.n_threads = n_threads or available_threads()
        self.weights = design.weights[None]  # of all starts, or a row for each

    @cached_property
    def marginals(self) -> tuple[Floats, ...]:
        """The whole sample as one segment, for each distribution."""
        sums = self.sums(self.blank(1, 1))
        return tuple(d.marginal(sums) for d in self.layout.distributions)

    def replicated(self, weights: Floats) -> Expectation:
        """The same rows with other weights for every start, shape (S, rows).

        Prior customers stay those of the design.
        """
        _ = self.marginals
        replicates = copy(self)
        replicates.weights = weights
        return replicates

    def blank(self, n_starts: int, k: int) -> Parameters:
        """Parameters of S starts with nothing in them yet."""
        return Parameters(tuple(d.blank(n_starts, k) for d in self.layout.distributions))

    def sums(self, parameters: Parameters, starts: Ints | None = None) -> Sums:
        """One pass for every start: sums of responsibilities times sufficient statistics.

        ``starts`` says which of the starts these are, where each has weights of its own.
        """
        own = self.weights if starts is None or len(self.weights) == 1 else self.weights[starts]
        return self._sums(parameters, own, keep=self.layout.dense is not None)[0]

    def responsibilities(self, parameters: Parameters) -> Floats:
        """Segment probabilities of each row, shape (rows, K), of one start.

        Rows are the design's rows; ``design.rows`` leads from customers to them.
        """
        return np.asarray(self._sums(parameters, np.empty((1, 0)), keep=True)[1][0])

    def labels(self, parameters: Parameters) -> NDArray[np.intp]:
        """Most likely segment of each row under every start, shape (S, rows)."""
        each = (parameters.pick(np.array([s])) for s in range(parameters.n_starts))
        found = (self.responsibilities(one) for one in each)
        classes = self.layout.shape.classes
        if classes is not None:
            found = (added_up(one, classes.parts) for one in found)
        return np.stack([one.argmax(axis=1) for one in found])

    def sums_of(self, resp: Floats) -> Sums:
        """Sums for given responsibilities (S, rows, K), weights included.

        An M-step can so start from a partition of the customers.
        """
        n_starts, _, k = resp.shape
        # As densities that leave nothing else to decide.
        certain = replace(self._terms(n_starts, k), dense=np.log(np.maximum(resp, 1e-290)))
        found = self._run(certain, self.weights, keep=True)
        return self._collected(self.blank(n_starts, k), found)

    def _sums(self, p: Parameters, weights: Floats, *, keep: bool) -> tuple[Sums, Floats]:
        terms = self._terms(*p.weights.shape)
        for distribution, arrays in zip(self.layout.distributions, p.parts, strict=True):
            distribution.fill(arrays, terms)
        found = self._run(terms, weights, keep=keep)
        return self._collected(p, found), found.responsibilities

    def _terms(self, n_starts: int, k: int) -> Terms:
        dense = self.layout.dense is not None
        return Terms(
            levels=np.ones((n_starts, self.design.groups.n_levels, k)),
            coefs=np.zeros((n_starts, len(self.layout.statistics[0]), k)),
            const=np.zeros((n_starts, k)),
            dense=np.zeros((n_starts, self.design.n_rows, k)) if dense else None,
        )

    def _collected(self, p: Parameters, found: Product) -> Sums:
        at = self.layout.dense
        moments: Arrays = ()
        if at is not None:
            moments = self.layout.distributions[at].moments(p.parts[at], found.responsibilities)
        return Sums(found.sizes, found.levels, found.statistics, moments, found.loglik)

    def _run(self, terms: Terms, weights: Floats, *, keep: bool) -> Product:
        design, groups = self.design, self.design.groups
        source, power = self.layout.statistics
        n_starts, k = terms.const.shape
        chunk = self._chunk_rows(n_starts)
        n_tasks = n_starts * max(1, -(-design.n_rows // chunk))
        parameters = (
            tiles(terms.levels, 1.0),
            tiles(terms.coefs, 0.0),
            tiles(terms.const, -np.inf),
            np.empty((0, 0, 0, 0)) if terms.dense is None else tiles(terms.dense, 0.0),
        )
        n_tiles, lanes = parameters[2].shape[1:]
        results = (
            np.empty((n_tasks, n_tiles, groups.n_levels, lanes)),
            np.empty((n_tasks, n_tiles, len(source), lanes)),
            np.empty((n_tasks, n_tiles, lanes)),
            np.empty(n_tasks),
            np.empty((n_starts, n_tiles, design.n_rows, lanes) if keep else (0, 0, 0, 0)),
        )
        rows, numbers = (design.packed, weights), (design.numeric, source, power)
        packing = (groups.first, groups.size, groups.codes, groups.group_first, groups.table_size)

        def work(lo: int, hi: int) -> None:
            kernels.run_tasks(rows, numbers, packing, parameters, chunk, (lo, hi), results)

        small = n_starts * design.n_rows < SMALL
        share(work, n_tasks, 1 if small else self.n_threads)
        levels, statistics, sizes, loglik = (
            x if n_tasks == n_starts else _added(x, n_starts) for x in results[:4]
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


def _added(parts: Floats, n_starts: int) -> Floats:
    """Add the chunks of each start up."""
    if not parts.size:
        return np.zeros((n_starts, *parts.shape[1:]))
    return np.asarray(parts.reshape(n_starts, -1, *parts.shape[1:]).sum(axis=1))


def share(work: Callable[[int, int], None], n_tasks: int, n_threads: int) -> None:
    """Run ``work(lo, hi)`` over all tasks, a contiguous part for each thread."""
    parts = _at_once(n_tasks, n_threads)
    if parts <= 1:
        work(0, n_tasks)
        return
    cuts = np.linspace(0, n_tasks, parts + 1).astype(int)
    others = [_pool(n_threads).submit(work, lo, hi) for lo, hi in pairwise(cuts[1:])]
    work(0, int(cuts[1]))
    for other in others:
        other.result()


def in_order(work: Callable[[int], Found], n_tasks: int, n_threads: int) -> list[Found]:
    """Return what ``work(task)`` gives for each task, in their order; each thread takes the next.

    Where a task shares work in its turn, its own thread does all of that.
    """
    if _at_once(n_tasks, n_threads) <= 1:
        return [work(task) for task in range(n_tasks)]
    return list(_pool(n_threads).map(work, range(n_tasks)))


class _Within(local):
    """Whether a thread is one of those that work is shared with."""

    yes = False


_within = _Within()


def _at_once(n_tasks: int, n_threads: int) -> int:
    """Threads for some tasks: one that waited for others of its own pool might wait forever."""
    return 1 if _within.yes else min(n_tasks, n_threads)


def _enter() -> None:
    _within.yes = True


@lru_cache
def _pool(n_threads: int) -> ThreadPoolExecutor:
    """Threads are kept between passes: starting them costs as much as a small pass."""
    return ThreadPoolExecutor(n_threads, thread_name_prefix="forwhom", initializer=_enter)


if hasattr(os, "register_at_fork"):  # a forked process has none of its parent's threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
