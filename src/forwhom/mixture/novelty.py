"""When a customer is like nobody seen before.

A log density alone does not say whether a customer is unusual: a precise measurement has a high
one and a rare level a low one. So each segment compares the customer's log density with what it
expects of its own members, in units of their standard deviation. Expectation and variance follow
from the parameters, without data; only the threshold is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import Item
from forwhom.documents.models import Novelty
from forwhom.errors import DataError, OptionError
from forwhom.mixture.families import family_of
from forwhom.mixture.families.family import Density, Expected
from forwhom.mixture.values import Bools, Floats, row_blocks, row_count
from forwhom.tables.columns import Column

#: A score never says that a customer is further away than this: it stands for "impossible".
LOWEST_FIT = -1e6

#: Added up over terms, the variance is at least this: a uniform item has none, and rounding
#: errors must not be divided by next to nothing.
LEAST_SPREAD = 1e-8

#: Share of the customers like those seen who are to be like nobody seen. Where items have limits,
#: half of it is for what is beyond one of these.
UNLIKE = 0.001

#: The threshold is at most this many standard deviations below what is expected.
HIGHEST_THRESHOLD = -3.0


class Term(NamedTuple):
    """One line of ``Novelty.centers``: an item of the model and which part of it."""

    item: int
    part: str


def novelty_reference(
    weights: Sequence[float], items: Sequence[Item]
) -> tuple[list[Term], Floats, Floats]:
    """Return what each segment expects of the log density of its own members.

    The terms say what the lines of the tables are: one per item, two for a positive variable with
    zeros (whether it is above zero; its value when it is). Centers and spreads, both (terms, K),
    are mean and variance of the log density under each segment. A block of Gaussian variables has
    the line that holds when none of them is missing.

    Examples
    --------
    >>> from forwhom.documents.items import GaussianItem
    >>> item = GaussianItem(variable="age", means=[30.0], sds=[1.0])
    >>> terms, centers, spreads = novelty_reference([1.0], [item])
    >>> terms, centers.round(4).tolist(), spreads.tolist()
    ([Term(item=0, part='value')], [[-1.4189]], [[0.5]])
    """
    terms: list[Term] = []
    lines: list[Expected] = []
    for position, item in enumerate(items):
        for part, line in zip(item.terms, family_of(item).expectation(item), strict=True):
            terms.append(Term(position, part))
            lines.append(line)
    shape = (len(lines), len(weights))
    centers = np.array([center for center, _ in lines]).reshape(shape)
    spreads = np.array([spread for _, spread in lines]).reshape(shape)
    return terms, centers, spreads


class Densities:
    """A mixture's items with the columns they read: log densities and fit, block by block."""

    def __init__(
        self,
        weights: Sequence[float],
        items: Sequence[Item],
        columns: Mapping[str, Column],
        centers: Sequence[Sequence[float]],
        spreads: Sequence[Sequence[float]],
    ) -> None:
        self.n = row_count(columns)
        self._k = len(weights)
        self._items: list[tuple[Density, Floats, Floats]] = []
        line = 0
        for item in items:
            lines = slice(line, line + len(item.terms))
            line = lines.stop
            density = family_of(item).density(item, columns)
            if density is not None:
                center = np.asarray(centers[lines], dtype=np.float64)
                self._items.append((density, center, np.asarray(spreads[lines], dtype=np.float64)))
        if min(len(centers), len(spreads)) < line:
            raise DataError(
                f"The model has {len(centers)} centers and {len(spreads)} spreads of novelty, but "
                f"{line} are needed.",
                "Discover the segments again: nothing can be scored with this model.",
            )

    def evaluate(self, rows: slice) -> tuple[Floats, Floats, Bools]:
        """Return log density and fit (segments × rows) and which rows have any value."""
        height = len(range(*rows.indices(self.n)))
        total = np.zeros((self._k, height))
        center, spread = np.zeros_like(total), np.zeros_like(total)
        known = np.zeros(height, dtype=bool)
        for density, centers, spreads in self._items:
            logs, observed = density.evaluate(rows)
            total += logs
            for mask, term_center, term_spread in zip(observed, centers, spreads, strict=True):
                center += np.where(mask, term_center[:, None], 0.0)
                spread += np.where(mask, term_spread[:, None], 0.0)
                known |= mask
            partial = density.partial(rows)
            if partial is not None:
                center += partial.center
                spread += partial.spread
                known |= partial.spread[0] > 0.0
        # A zero where the model never saw one is no term, but it is known all the same.
        known |= np.isneginf(total).all(axis=0)
        fit = (total - center) / np.sqrt(np.maximum(spread, LEAST_SPREAD))
        fit = np.maximum(fit, LOWEST_FIT)
        for density, _, _ in self._items:
            outside = density.outside(rows)
            if outside is not None:
                fit[:, outside] = LOWEST_FIT
        return total, fit, known


def with_limits(
    items: Sequence[Item], columns: Mapping[str, Column], weights: Floats
) -> tuple[list[Item], float]:
    """Give items limits, where they need some, and return the share that is left to densities.

    The shares of all limits add up to half of ``UNLIKE``: few customers pass two of them.
    """
    bounded = sum(family_of(item).bounded for item in items)
    if not bounded:
        return list(items), UNLIKE
    chance = UNLIKE / 2 / bounded
    limited = [family_of(item).limited(item, columns, weights, chance) for item in items]
    return limited, UNLIKE / 2


def novelty(
    items: Sequence[Item],
    weights: Sequence[float],
    columns: Mapping[str, Column],
    sample_weights: NDArray[np.float64] | None = None,
    quantile: float = UNLIKE,
) -> Novelty:
    """Learn from the training customers when a customer fits no segment.

    The threshold is the weighted ``quantile`` of their best fit, so that about that share of
    customers like them falls under it, and at most ``-3``. A sample of fewer than ``1 / quantile``
    customers does not show that tail. Log densities fall off exponentially, so there the threshold
    is extended at that rate.
    """
    if not 0.0 < quantile < 0.5:
        raise OptionError(
            f"The share of customers that fit no segment cannot be {quantile}.",
            "Give a share between 0 and 0.5, such as 0.001.",
        )
    _, centers, spreads = novelty_reference(weights, items)
    densities = Densities(weights, items, columns, centers.tolist(), spreads.tolist())
    best = np.full(densities.n, np.nan)
    for rows in row_blocks(densities.n):
        _, fit, known = densities.evaluate(rows)
        best[rows] = np.where(known, fit.max(axis=0), np.nan)
    sample = np.ones(densities.n) if sample_weights is None else np.asarray(sample_weights)
    used = np.isfinite(best) & (sample > 0.0)
    least = max(float(_spread(items, spreads).min(initial=np.inf)), LEAST_SPREAD)
    lowest = _low_quantile(best[used], sample[used], quantile, least)
    return Novelty(
        threshold=min(lowest, HIGHEST_THRESHOLD),
        centers=centers.tolist(),
        spreads=spreads.tolist(),
    )


def _spread(items: Sequence[Item], spreads: Floats) -> Floats:
    """Add up the variances of what one customer has, under each segment."""
    total, line = np.zeros(spreads.shape[1]), 0
    for item in items:
        own = spreads[line : (line := line + len(item.terms))]
        total += own.mean(axis=0) if family_of(item).exclusive else own.sum(axis=0)
    return total


def _low_quantile(best: Floats, sample: Floats, quantile: float, spread: float) -> float:
    if not len(best):
        return HIGHEST_THRESHOLD
    order = np.argsort(best, kind="stable")
    shares = np.cumsum(sample[order])
    # Kish's effective size: unequal weights show less of the tail.
    size = shares[-1] ** 2 / np.square(sample).sum()
    at = int(np.searchsorted(shares, quantile * shares[-1], side="right"))
    lowest = float(best[order[min(at, len(best) - 1)]])
    shortfall = max(0.0, float(np.log(1.0 / (size * quantile))))
    return max(lowest - shortfall / float(np.sqrt(spread)), LOWEST_FIT / 2)
