"""Binary and nominal variables: a probability per level and segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from forwhom.documents.items import CategoricalItem
from forwhom.errors import DataError
from forwhom.mixture.cells import Cells
from forwhom.mixture.design import CodedItem, Design, Modeled
from forwhom.mixture.families.distribution import (
    SMALLEST,
    Arrays,
    Distribution,
    Floats,
    Ints,
    Sums,
    Terms,
)
from forwhom.mixture.families.family import Coded, Density, Expected, Family, Part
from forwhom.mixture.families.scores import Scores, indicators, level_scores, numbered
from forwhom.mixture.families.tilting import Tilting, Tiltings
from forwhom.mixture.shape import PLAIN, Shape
from forwhom.mixture.sql_text import (
    ItemSql,
    level_code,
    level_text,
    number,
    when,
    where_observed,
)
from forwhom.mixture.values import Bools, level_column
from forwhom.tables.columns import Column
from forwhom.tables.spellings import spellings

#: A start gives every level at least this, and EM may lift what it would let grow from near zero.
LEAST_START = 1e-6
NEAR_ZERO = 1e-4
LIFTED = 1e-3


class Multinomial(Distribution):
    """Probabilities of the levels of some items, one array (S, levels, K)."""

    binds = True

    def __init__(
        self, design: Design, columns: Sequence[int], first: int, shape: Shape = PLAIN
    ) -> None:
        super().__init__(design, columns, first, shape)
        self.size = design.groups.size[self.columns]
        starts = np.cumsum(self.size) - self.size
        self.item_first = starts.astype(np.int64)
        places = [np.arange(s.start, s.stop) for s in map(design.level_rows, columns)]
        self.rows = _as_slice(np.concatenate(places))

    def blank(self, n_starts: int, k: int) -> Arrays:
        return (np.ones((n_starts, int(self.size.sum()), k)),)

    def marginal(self, sums: Sums) -> Floats:
        """Share of each level among those who answered, shape (levels,)."""
        levels = sums.levels[0, self.rows, 0]
        totals = np.repeat(np.add.reduceat(levels, self.item_first), self.size)
        uniform = np.repeat(1 / self.size, self.size)
        return np.asarray(np.divide(levels, totals, out=uniform, where=totals > 0))

    def neutral(self, n_starts: int, k: int, marginal: Floats) -> Arrays:
        return (np.broadcast_to(marginal[:, None], (n_starts, len(marginal), k)).copy(),)

    def around(self, neutral: Arrays, chosen: Ints, pull: Floats) -> Arrays:
        probs = neutral[0].copy()
        for item, at in zip(self.columns, self.places, strict=True):
            codes = self.design.item_codes(int(item))[chosen][:, None, :]
            hot = codes == np.arange(at.stop - at.start)[None, :, None]
            mixed = (1 - pull) * probs[:, at] + pull * hot
            probs[:, at] = np.where(codes >= 0, mixed, probs[:, at])
        return (np.maximum(self.normalized(probs), LEAST_START),)

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        probs = self.normalized(rng.standard_exponential(neutral[0].shape))
        return (np.maximum(probs, LEAST_START),)

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        noise = np.where(copies > 1, rng.normal(0.0, 0.7, size=arrays[0].shape), 0.0)
        return (self.normalized(np.maximum(arrays[0], LEAST_START) * np.exp(noise)),)

    def fill(self, arrays: Arrays, terms: Terms) -> None:
        terms.levels[:, self.rows] = arrays[0]

    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        extra = prior / sums.segments.shape[1]
        counts = sums.levels[:, self.rows] + extra * marginal[:, None]
        return (self.fitted(counts, current[0], marginal),)

    def fitted(self, counts: Floats, current: Floats, marginal: Floats) -> Floats:
        """Return the probabilities that fit weighted counts, all of shape (S, levels, K)."""
        if self.bound:
            probs = np.empty(counts.shape)
        else:
            totals, shares = self._totals(counts), np.empty(counts.shape)
            shares[:] = marginal[:, None]
            probs = np.asarray(np.divide(counts, totals, out=shares, where=totals > 0))
        if self.tilted is not None:
            self.tilted.fit(counts, current, probs)
        return probs

    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        logs = np.log(np.maximum(arrays[0], SMALLEST))
        return np.asarray(prior / logs.shape[2] * np.einsum("l,slk->s", marginal, logs))

    def coordinates(self, arrays: Arrays) -> Arrays:
        return (np.log(np.maximum(arrays[0], SMALLEST)),)

    def parameters(self, coordinates: Arrays) -> Arrays:
        within = np.minimum(np.maximum(coordinates[0], -690.0), 300.0)
        return (self.normalized(np.exp(within)),)

    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        return (np.sqrt(weights[:, None, :] * arrays[0]),)

    def revived(self, arrays: Arrays, image: Arrays) -> Arrays | None:
        # Bound probabilities do not stand still near zero: slopes move them all.
        free = np.repeat([tilting.saturated for tilting in self.tiltings], self.size)
        wants = (arrays[0] < NEAR_ZERO) & (image[0] > 1.001 * arrays[0]) & free[:, None]
        if not wants.any():
            return None
        return (self.normalized(np.where(wants, LIFTED, arrays[0])),)

    @cached_property
    def scores(self) -> list[Floats]:
        """What classes can weigh of each item's levels, (levels, D); as many as levels: all."""
        return [np.eye(size)[:, 1:] for size in self.size.tolist()]

    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Logits of levels, or a base and slopes, item by item."""
        found: list[Scores] = []
        k = weights.shape[1]
        places = zip(self.columns.tolist(), self.places, self.scores, strict=True)
        for item, at, scores in places:
            probabilities = arrays[0][0, at]
            features, index = self._linear(probabilities, scores)
            name, codes = self.design.items[item].variable, self.design.item_codes(item)
            found.append(
                level_scores(name, codes, probabilities, features, index, weights, prior / k)
            )
        return found

    def _linear(self, probabilities: Floats, scores: Floats) -> tuple[Floats, Ints]:
        """Return what logits are linear in, (levels, c) or (K, levels, c), and the index (K, c)."""
        base, k, classes = indicators(probabilities), probabilities.shape[1], self.shape.classes
        free, width = base.shape[1], scores.shape[1]
        if classes is None and width >= free:
            return base, numbered(k, 0, free)
        if classes is None:
            return np.hstack([base, scores]), numbered(k, free, width, last_fixed=True)
        # Segments add up to one, so the last one's slopes are in the base.
        bound = np.delete(classes.features, classes.n_segments - 1, axis=0)
        slopes = np.einsum("ld,fk->kldf", scores, bound).reshape(k, len(base), -1)
        features = np.concatenate([np.broadcast_to(base, (k, *base.shape)), slopes], axis=2)
        return features, numbered(k, features.shape[2], 0)

    @cached_property
    def tiltings(self) -> list[Tilting]:
        """How each item's classes are bound."""
        design = None if self.shape.classes is None else self.shape.classes.features
        return [Tilting(scores, design) for scores in self.scores]

    @cached_property
    def tilted(self) -> Tiltings | None:
        """Return the items whose probabilities are more than shares of counts, if there are any."""
        return Tiltings.of(self.tiltings, self.item_first.tolist())

    @cached_property
    def bound(self) -> bool:
        """Whether no item's probabilities are simply shares of its counts."""
        return not any(tilting.saturated for tilting in self.tiltings)

    def n_parameters(self, k: int, marginal: Floats) -> int:
        """A base for each item and slopes for all features but one; no level without answers."""
        features = k if self.shape.classes is None else len(self.shape.classes.features)
        count = 0
        for at, scores in zip(self.places, self.scores, strict=True):
            free = max(int((marginal[at] > 0).sum()) - 1, 0)
            count += free + min(free, scores.shape[1]) * (features - 1)
        return count

    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        """Probabilities (levels, K) of each item."""
        places = dict(zip(self.columns.tolist(), self.places, strict=True))
        return tuple(arrays[0][0, places[item]] for item in columns)

    def normalized(self, probs: Floats) -> Floats:
        """Divide the levels of each item by their sum."""
        return np.asarray(probs / self._totals(probs))

    def _totals(self, levels: Floats) -> Floats:
        """Sum of each item, for all its levels."""
        return np.add.reduceat(levels, self.item_first, axis=1).take(self._item_of, axis=1)

    @cached_property
    def _item_of(self) -> Ints:
        """Return the number of each level's item."""
        return np.repeat(np.arange(len(self.size)), self.size)

    @cached_property
    def places(self) -> list[slice]:
        """Return the rows of each item within the distribution's own."""
        stops = self.item_first + self.size
        return [slice(int(a), int(b)) for a, b in zip(self.item_first, stops, strict=True)]


def _as_slice(rows: Ints) -> Ints | slice:
    """Rows that follow each other are taken as a view, without a copy."""
    joined = len(rows) > 0 and bool((np.diff(rows) == 1).all())
    return slice(int(rows[0]), int(rows[-1]) + 1) if joined else rows


class Categorical(Family[CategoricalItem]):
    """A probability per level; a level that the model does not know is missing."""

    name = "categorical"
    item = CategoricalItem
    coded = Multinomial

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        [column] = columns
        if column.levels is None:
            raise DataError(
                f"{column.name!r} holds numbers without levels.",
                "Give its values as levels, or choose another measure.",
            )
        return [CodedItem(column.name, column.levels, self.scores(len(column.levels)))]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        [column] = columns
        yield np.asarray(column.values, np.int32), 0.0

    def scores(self, n_levels: int) -> tuple[float, ...]:
        """Return where the levels stand on a line; none where they have no order."""
        return ()

    def per_segment(self, column: Column) -> int:
        return max(1, len(column.levels or ()) - 1)

    def write(
        self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays
    ) -> CategoricalItem:
        [name], [item], [probs] = modeled.variables, modeled.items, coded
        return CategoricalItem(
            variable=name, levels=list(design.items[item].levels), probabilities=probs.T.tolist()
        )

    def density(self, item: CategoricalItem, columns: Mapping[str, Column]) -> Density | None:
        column = level_column(columns, item.variable)
        return None if column is None else LevelDensity(item, column)

    def expectation(self, item: CategoricalItem) -> list[Expected]:
        return [term_of_levels(np.asarray(item.probabilities, dtype=np.float64))]

    def sql(
        self, item: CategoricalItem, names: Sequence[str], centers: Floats, spreads: Floats
    ) -> ItemSql:
        [name] = names
        with np.errstate(divide="ignore"):
            logs = np.log(np.asarray(item.probabilities, dtype=np.float64))
        answered = f"o{name[1:]}"
        return ItemSql(
            names=[name],
            read=[f"{level_text(item.variable, item.levels)} AS {name}"],
            usable=[f"{level_code(name, item.levels)} AS {name}"],
            filled=[name, f"{when(f'{name} >= 0', number(1.0), number(0.0))} AS {answered}"],
            densities=[_by_code(name, segment) for segment in logs],
            centers=where_observed([answered], centers),
            spreads=where_observed([answered], spreads),
            levels=[name],
        )

    def draw(
        self, item: CategoricalItem, segments: NDArray[np.int64], rng: np.random.Generator
    ) -> dict[str, Column]:
        edges = np.cumsum(np.array(item.probabilities), axis=1)[segments]
        codes = (rng.random((len(segments), 1)) > edges[:, :-1]).sum(axis=1).astype(np.int32)
        return {item.variable: Column(item.variable, codes, tuple(item.levels))}

    def cells(self, item: CategoricalItem, columns: Mapping[str, Column]) -> list[Cells]:
        codes = np.asarray(columns[item.variable].values).astype(np.int64)
        return [Cells(item.variable, codes, np.array(item.probabilities))]


class LevelDensity(Density):
    """The log probability of a level."""

    def __init__(self, item: CategoricalItem, column: Column) -> None:
        known = [*map(spellings(item.levels).code, column.levels or ())]
        with np.errstate(divide="ignore"):
            logs = np.log(np.asarray(item.probabilities, dtype=np.float64))
        # Entry 0 is "missing", the others follow the levels of the column: code + 1 looks up.
        self._table = np.zeros((len(logs), len(known) + 1))
        self._seen = np.zeros(len(known) + 1, dtype=bool)
        for position, code in enumerate(known, start=1):
            if code >= 0:
                self._table[:, position] = logs[:, code]
                self._seen[position] = True
        self._codes = np.asarray(column.values, dtype=np.int32)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        at = self._codes[rows] + 1
        return np.take(self._table, at, axis=1), [self._seen[at]]


def term_of_levels(p: Floats) -> Expected:
    """Mean and variance of the log probability of a level, from probabilities (K, levels)."""
    center = xlogy(p, p).sum(axis=1)
    with np.errstate(divide="ignore"):
        distance = np.where(p > 0.0, np.log(np.where(p > 0.0, p, 1.0)) - center[:, None], 0.0)
    return Expected(center, (p * distance**2).sum(axis=1))


def _by_code(name: str, logs: Floats) -> str:
    branches = " ".join(f"WHEN {code} THEN {number(value)}" for code, value in enumerate(logs))
    return f"CASE {name} {branches} ELSE {number(0.0)} END"
