"""Ratings as arrays: who rated what, for whom, in which round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.misalignment import counted, latest

Codes = NDArray[np.intp]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Ratings:
    """Ratings, a row each, in an order that does not depend on the order they came in."""

    #: ``raters``, ``segments``, ``items``: names; the codes below are positions in them
    raters: tuple[str, ...]
    segments: tuple[str, ...]
    items: tuple[str, ...]
    rater: Codes  # ``rater``, ``segment``, ``item``: codes, shape (n,)
    segment: Codes
    item: Codes
    value: Numbers  # from -5 to 5, shape (n,)
    direct: Flags  # whether the rater is a member of the segment, shape (n,)
    round: Codes  # from 1, shape (n,)

    def __len__(self) -> int:
        return len(self.value)

    @property
    def cell(self) -> Codes:
        """Code of item and segment together; segments of an item follow each other."""
        return self.item * len(self.segments) + self.segment

    @property
    def n_cells(self) -> int:
        """Number of cells, rated or not."""
        return len(self.items) * len(self.segments)

    def where(self, kept: Flags | Codes) -> Ratings:
        """Return some of the ratings, in the order of ``kept``; names and codes stay."""
        return replace(
            self,
            rater=self.rater[kept],
            segment=self.segment[kept],
            item=self.item[kept],
            value=self.value[kept],
            direct=self.direct[kept],
            round=self.round[kept],
        )

    def current(self) -> Ratings:
        """Return those of the last round in which each cell was rated."""
        return self.where(np.array(latest(*self._listed(), self.round.tolist()), dtype=bool))

    def counted(self) -> Ratings:
        """Return those that count in a cell: members alone where enough of them rated."""
        return self.where(np.array(counted(*self._listed()), dtype=bool))

    def _listed(self) -> tuple[list[int], list[bool]]:
        return self.cell.tolist(), self.direct.tolist()

    def strata(self) -> Codes:
        """Return the stratum of every rater, from which raters are drawn again.

        Those who rate for one segment only, as its members or as proxies, are a stratum for
        themselves; all who rate for several are one. So no replicate loses a whole segment.
        """
        only = np.full(len(self.raters), -1, dtype=np.intp)
        kind = 2 * self.segment + self.direct
        only[self.rater] = kind
        several = np.zeros(len(self.raters), dtype=bool)
        several[self.rater[only[self.rater] != kind]] = True
        return np.where(several, -1, only)

    def table(self) -> Numbers:
        """Return raters by cells, NaN where there is no rating."""
        table = np.full((len(self.raters), self.n_cells), np.nan)
        table[self.rater, self.cell] = self.value
        return table


def coded(
    rater: Sequence[str],
    segment: Sequence[str],
    item: Sequence[str],
    value: Sequence[float] | Numbers,
    *,
    direct: Sequence[bool] | Flags | None = None,
    round: Sequence[int] | Codes | None = None,  # noqa: A002
    segments: Sequence[str] | None = None,
    items: Sequence[str] | None = None,
) -> Ratings:
    """Turn columns of ratings into arrays."""
    n = len(value)
    raters = tuple(sorted(set(rater)))
    segments = tuple(sorted(set(segment)) if segments is None else segments)
    items = tuple(sorted(set(item)) if items is None else items)
    whole = Ratings(
        raters,
        segments,
        items,
        _codes(rater, raters),
        _codes(segment, segments),
        _codes(item, items),
        np.asarray(value, dtype=np.float64),
        np.zeros(n, dtype=bool) if direct is None else np.asarray(direct, dtype=bool),
        np.ones(n, dtype=np.intp) if round is None else np.asarray(round, dtype=np.intp),
    )
    known = whole.where((whole.segment >= 0) & (whole.item >= 0))
    order = np.lexsort((known.round, known.rater, known.segment, known.item))
    return known.where(order)


def _codes(column: Sequence[str], names: Sequence[str]) -> Codes:
    place = {name: index for index, name in enumerate(names)}
    return np.array([place.get(one, -1) for one in column], dtype=np.intp)
