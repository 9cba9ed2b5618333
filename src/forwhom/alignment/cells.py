"""Cells: how desirable one item is for one segment, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from forwhom.alignment.dispersion import camps, consensus
from forwhom.alignment.ratings import Codes, Flags, Numbers, Ratings
from forwhom.alignment.resampling import Group, intervals
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.results.alignment import Camp, Cell


@dataclass(frozen=True)
class Table:
    """Medians of all cells, with their replicates."""

    medians: Numbers  # shape (items, segments); NaN where nobody rated
    replicates: Numbers  # shape (items, segments, replicates)
    #: whether the replicates say how sure the median is: two raters of a stratum rated it
    sure: Flags

    @property
    def rated(self) -> Flags:
        """Which cells have ratings."""
        return ~np.isnan(self.medians)


def groups_of(ratings: Ratings) -> list[Group]:
    """Return the ratings of every cell, rated or not, in the order of the cells."""
    ends = np.searchsorted(ratings.cell, np.arange(ratings.n_cells + 1))
    return [
        Group(ratings.rater[start:stop], ratings.value[start:stop])
        for start, stop in pairwise(ends)
    ]


def median_of(group: Group) -> float:
    """Return the median, NaN for no ratings."""
    return float(np.median(group.value)) if len(group.value) else float("nan")


def is_sure(group: Group, strata: Codes) -> bool:
    """Return whether drawing raters anew changes anything: two of them are of one stratum."""
    own = strata[group.rater]
    return len(np.unique(own)) < len(own)


def table_of(
    ratings: Ratings, groups: Sequence[Group], replicates: Numbers, strata: Codes
) -> Table:
    """Return the medians of all cells."""
    shape = (len(ratings.items), len(ratings.segments))
    return Table(
        np.array([median_of(group) for group in groups]).reshape(shape),
        replicates.reshape(*shape, replicates.shape[1]),
        np.array([is_sure(group, strata) for group in groups], dtype=bool).reshape(shape),
    )


def cells_of(
    ratings: Ratings, groups: Sequence[Group], table: Table, thresholds: Thresholds
) -> list[Cell]:
    """Return every cell."""
    direct = np.bincount(ratings.cell[ratings.direct], minlength=ratings.n_cells)
    rounds = np.zeros(ratings.n_cells, dtype=np.intp)
    np.maximum.at(rounds, ratings.cell, ratings.round)
    known = intervals(table.replicates.reshape(len(groups), -1))
    sure = table.sure.ravel()
    found = []
    for index, group in enumerate(groups):
        item, segment = divmod(index, len(ratings.segments))
        n = len(group.value)
        agreed = consensus(group.value) if n else None
        sides = camps(group.value)
        found.append(
            Cell(
                item=ratings.items[item],
                segment=ratings.segments[segment],
                n=n,
                round=int(rounds[index]) or None,
                basis=_basis(n, int(direct[index])),
                median=median_of(group) if n else None,
                interval=known[index] if sure[index] else None,
                consensus=agreed,
                disagree=agreed is not None and agreed < thresholds.consensus,
                camps=[Camp(n=count, median=median) for count, median in sides or ()],
            )
        )
    return found


def _basis(n: int, direct: int) -> Literal["direct", "proxy", "both", "none"]:
    if n == 0:
        return "none"
    if direct == 0:
        return "proxy"
    return "direct" if direct == n else "both"
