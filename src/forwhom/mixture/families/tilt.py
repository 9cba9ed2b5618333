"""Numbers in bins with a free margin that all segments share, tilted by each segment.

The family of ratings, with another score. With one segment every margin is fitted exactly, so no
margin can be cut into segments: only what variables have to do with each other makes segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.items import TiltItem
from forwhom.mixture.cells import BINS, Cells
from forwhom.mixture.design import CodedItem, Design, Modeled
from forwhom.mixture.families.bins import bin_codes, bins_of
from forwhom.mixture.families.categorical import term_of_levels
from forwhom.mixture.families.distribution import Arrays, Floats
from forwhom.mixture.families.family import (
    Coded,
    Density,
    Expected,
    Family,
    Part,
    count_unusable,
    numbers_of,
    weights_of,
)
from forwhom.mixture.families.ordinal import Tilts
from forwhom.mixture.sql_text import (
    ItemSql,
    as_number,
    filled,
    number,
    usable_number,
    when,
    where_observed,
)
from forwhom.mixture.tails import upper_limit
from forwhom.mixture.values import Bools, is_number, number_column
from forwhom.tables.columns import Column


class Tilt(Family[TiltItem]):
    """A probability per bin of a number; a value beyond all others is in an end bin."""

    name = "tilt"
    item = TiltItem
    coded = Tilts
    bounded = True

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        [column] = columns
        values = numbers_of(column)
        seen = ~np.isnan(values)
        bins = bins_of(values[seen], weights_of(weights, seen))
        return [
            CodedItem(
                column.name,
                tuple(repr(float(center)) for center in bins.centers),
                tuple(bins.scores.tolist()),
                tuple(bins.cuts.tolist()),
            )
        ]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        [part], [column] = parts, columns
        assert isinstance(part, CodedItem)
        yield bin_codes(np.array(part.cuts), numbers_of(column)), 0.0

    def per_segment(self, column: Column) -> int:
        return 1

    def write(self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays) -> TiltItem:
        [name], [item], [probs] = modeled.variables, modeled.items, coded
        bins = design.items[item]
        return TiltItem(
            variable=name,
            cuts=list(bins.cuts),
            centers=[float(level) for level in bins.levels],
            probabilities=probs.T.tolist(),
        )

    def density(self, item: TiltItem, columns: Mapping[str, Column]) -> Density | None:
        values = number_column(columns, item.variable)
        return None if values is None else BinDensity(item, values)

    def expectation(self, item: TiltItem) -> list[Expected]:
        return [term_of_levels(np.asarray(item.probabilities, dtype=np.float64))]

    def sql(
        self, item: TiltItem, names: Sequence[str], centers: Floats, spreads: Floats
    ) -> ItemSql:
        [name] = names
        code = f"b{name[1:]}"
        branches = " ".join(
            f"WHEN {name} <= {number(cut)} THEN {m}" for m, cut in enumerate(item.cuts)
        )
        place = f"CASE WHEN {name} IS NULL THEN -1 {branches} ELSE {len(item.cuts)} END AS {code}"
        with np.errstate(divide="ignore"):
            logs = np.log(np.asarray(item.probabilities, dtype=np.float64))
        return ItemSql(
            names=[name],
            read=[as_number(item.variable, name)],
            usable=[f"{usable_number(name)} AS {name}"],
            filled=[place, filled(name)[1], *_beyond(item, name)],
            densities=[_by_bin(code, segment) for segment in logs],
            centers=where_observed([f"o{name[1:]}"], centers),
            spreads=where_observed([f"o{name[1:]}"], spreads),
            outside=[] if item.low is None or item.high is None else [f"f{name[1:]} = 1"],
        )

    def draw(
        self, item: TiltItem, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> dict[str, Column]:
        edges = np.cumsum(np.array(item.probabilities), axis=1)[segments]
        codes = (rng.random((len(segments), 1)) > edges[:, :-1]).sum(axis=1)
        return {item.variable: Column(item.variable, np.array(item.centers)[codes])}

    def cells(self, item: TiltItem, columns: Mapping[str, Column]) -> list[Cells]:
        values = np.asarray(columns[item.variable].values, dtype=np.float64)
        codes = _bins(item, values)
        probs = np.array(item.probabilities)
        mass = np.bincount(codes[codes >= 0], minlength=probs.shape[1])
        # Bins in the cells of any number: too small ones would only add noise.
        middle = (np.cumsum(mass) - mass / 2) / max(int(mass.sum()), 1)
        cell = np.unique(np.minimum(middle * BINS, BINS - 1).astype(int), return_inverse=True)[1]
        first = np.flatnonzero(np.diff(cell, prepend=-1))
        joined = np.add.reduceat(probs, first, axis=1)
        return [Cells(item.variable, np.where(codes >= 0, cell[codes], -1), joined)]

    def limited(
        self, item: TiltItem, columns: Mapping[str, Column], weights: Floats, chance: float
    ) -> TiltItem:
        values = np.asarray(columns[item.variable].values, dtype=np.float64)
        seen = is_number(values) & (weights > 0)
        ends = [upper_limit(sign * values[seen], weights[seen], chance / 2) for sign in (-1, 1)]
        return item.model_copy(update={"low": -ends[0], "high": ends[1]})

    def unusable(self, item: TiltItem, columns: Mapping[str, Column]) -> dict[str, int]:
        return count_unusable(item.names, columns, is_number)


class BinDensity(Density):
    """The log probability of a number's bin."""

    def __init__(self, item: TiltItem, values: Floats) -> None:
        with np.errstate(divide="ignore"):
            logs = np.log(np.asarray(item.probabilities, dtype=np.float64))
        # Entry 0 is "missing": bin + 1 looks up.
        self._table = np.pad(logs, ((0, 0), (1, 0)))
        self._item, self._values = item, values

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        at = _bins(self._item, self._values[rows]) + 1
        return np.take(self._table, at, axis=1), [at > 0]

    def outside(self, rows: slice) -> Bools | None:
        low, high = self._item.low, self._item.high
        if low is None or high is None:
            return None
        values = self._values[rows]
        return is_number(values) & ((values < low) | (values > high))


def _bins(item: TiltItem, values: Floats) -> NDArray[np.int64]:
    """Return the bin of each value; -1 where it is missing or no number."""
    found = np.searchsorted(np.asarray(item.cuts), values, side="left")
    return np.where(is_number(values), found, -1)


def _beyond(item: TiltItem, name: str) -> list[str]:
    """Write whether a value is beyond the limits, 1 or 0; a missing one is not."""
    if item.low is None or item.high is None:
        return []
    beyond = f"{name} < {number(item.low)} OR {name} > {number(item.high)}"
    return [f"{when(beyond, '1', '0')} AS f{name[1:]}"]


def _by_bin(code: str, logs: Floats) -> str:
    branches = " ".join(f"WHEN {m} THEN {number(value)}" for m, value in enumerate(logs))
    return f"CASE {code} {branches} ELSE {number(0.0)} END"
