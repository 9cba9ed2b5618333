"""Shares of one whole, such as spend by category: one variable, not as many as there are parts."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from forwhom.documents.items import DirichletMultinomialItem
from forwhom.errors import DataError
from forwhom.mixture.cells import Cells, cut
from forwhom.mixture.design import CodedItem, Design, Modeled
from forwhom.mixture.families.apportionment import (
    MOST_ITEMS,
    apportion,
    apportion_sql,
    can_apportion,
    quotas_sql,
)
from forwhom.mixture.families.dirichlet import NAME, DirichletMultinomial
from forwhom.mixture.families.distribution import Arrays
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
from forwhom.mixture.sql_text import ItemSql, added, as_number, number, when
from forwhom.mixture.values import Bools, Floats, is_count, is_not_negative, number_column
from forwhom.tables.columns import Column

_COUNTS = np.arange(MOST_ITEMS + 1)


class Composition(Family[DirichletMultinomialItem]):
    """Parts of a whole, with the number of items behind them as its last column.

    Only the proportions of the parts count. A customer without items, or with one part missing,
    has no such variable.
    """

    name = NAME
    item = DirichletMultinomialItem
    coded = DirichletMultinomial
    joint = True
    exclusive = True

    def parts(self, columns: Sequence[Column], weights: Floats) -> list[Part]:
        *parts, items = map(numbers_of, columns)
        names = ", ".join(column.name for column in columns[:-1])
        if len(parts) < 2:
            raise DataError(
                f"A whole has one part ({names})." if parts else "A whole has no parts.",
                "Give two parts at least, and the column with the number of items.",
            )
        _check(columns, np.stack(parts), items)
        if not can_apportion(np.stack(parts), items).any():
            raise DataError(
                f"No customer has {names} with a number of items in {columns[-1].name!r}.",
                "Parts are 0 or more, and their customers have one item at least.",
            )
        levels = tuple(map(str, _COUNTS))
        found = [CodedItem(column.name, levels) for column in columns[:-1]]
        return [*found, CodedItem(columns[-1].name, levels[1:])]

    def encode(
        self, parts: Sequence[Part], columns: Sequence[Column], weights: Floats
    ) -> Iterator[Coded]:
        *shares, items = map(numbers_of, columns)
        _check(columns, np.stack(shares), items)
        counts, sizes = _apportioned(np.stack(shares), items)
        seen = sizes > 0
        for own in counts:
            yield np.where(seen, own, -1).astype(np.int32), 0.0
        ways = gammaln(sizes + 1) - gammaln(counts + 1).sum(axis=0)
        constant = float(weights_of(weights, seen) @ ways[seen])
        yield sizes.astype(np.int32) - 1, constant

    def per_segment(self, column: Column) -> int:
        return 1

    def write(
        self, modeled: Modeled, design: Design, coded: Arrays, numeric: Arrays
    ) -> DirichletMultinomialItem:
        *parts, items = modeled.variables
        shares, precision = coded
        codes = design.item_codes(modeled.items[-1])
        seen = codes >= 0
        sizes = np.bincount(codes[seen], design.row_weights[seen], minlength=MOST_ITEMS)
        return DirichletMultinomialItem(
            whole=modeled.whole,
            variables=parts,
            items=items,
            shares=shares.T.tolist(),
            precision=float(precision[0]),
            sizes=(sizes / sizes.sum()).tolist(),
        )

    def density(
        self, item: DirichletMultinomialItem, columns: Mapping[str, Column]
    ) -> Density | None:
        found = [number_column(columns, name) for name in (*item.variables, item.items)]
        there = [values for values in found if values is not None]
        return CompositionDensity(item, there) if len(there) == len(found) else None

    def expectation(self, item: DirichletMultinomialItem) -> list[Expected]:
        alpha = item.precision * np.array(item.shares)
        return [Expected(center, spread) for center, spread in zip(*_moments(alpha), strict=True)]

    def sql(
        self,
        item: DirichletMultinomialItem,
        names: Sequence[str],
        centers: Floats,
        spreads: Floats,
    ) -> ItemSql:
        items = f"n{names[0][1:]}"
        parts, sizes = tables(item)
        seen = when(f"{items} IS NULL", number(0), number(1))
        return ItemSql(
            names=list(names),
            read=[
                *(as_number(v, name) for v, name in zip(item.variables, names, strict=True)),
                as_number(item.items, items),
            ],
            usable=quotas_sql(names, items),
            filled=[
                *apportion_sql(names, items),
                *(f"{seen} AS o{name[1:]}" for name in names),
            ],
            densities=[
                added([*map(_by_count, names, own), _by_count(items, sizes)]) for own in parts
            ],
            centers=[_by_count(items, [0.0, *segment]) for segment in centers.T],
            spreads=[_by_count(items, [0.0, *segment]) for segment in spreads.T],
        )

    def draw(
        self,
        item: DirichletMultinomialItem,
        segments: NDArray[np.int64],
        rng: np.random.Generator,
    ) -> dict[str, Column]:
        sizes = 1 + rng.choice(MOST_ITEMS, len(segments), p=np.array(item.sizes))
        numbers = Column(item.items, sizes.astype(np.float64))
        return divided(item, segments, sizes.astype(np.float64), rng) | {item.items: numbers}

    def cells(self, item: DirichletMultinomialItem, columns: Mapping[str, Column]) -> list[Cells]:
        """Cut the shares of those with the most common number of items.

        What shares are possible depends on that number: with all, it would pass for an
        association.
        """
        found = [np.asarray(columns[v].values, float) for v in (*item.variables, item.items)]
        counts, sizes = _apportioned(np.stack(found[:-1]), found[-1])
        size = int(np.bincount(sizes.astype(np.int64), minlength=2)[1:].argmax()) + 1
        counts = np.where(sizes == size, counts, np.nan)
        alpha = item.precision * np.array(item.shares)
        return [
            cut(name, {name: Column(name, counts[c])}, BetaBinomial(alpha[:, c], alpha, size).cdf)
            for c, name in enumerate(item.variables)
        ]

    def unusable(
        self, item: DirichletMultinomialItem, columns: Mapping[str, Column]
    ) -> dict[str, int]:
        parts = count_unusable(item.variables, columns, is_not_negative)
        return parts | count_unusable([item.items], columns, is_count)


class BetaBinomial:
    """How many of ``size`` items fall into a part, in each segment."""

    def __init__(self, own: Floats, all_: Floats, size: int) -> None:
        y = np.arange(size + 1)
        rest = np.maximum(all_.sum(axis=1) - own, np.finfo(float).tiny)[:, None]
        own = np.maximum(own, np.finfo(float).tiny)[:, None]
        logs = gammaln(y + own) - gammaln(own) - gammaln(y + 1)
        logs += gammaln(size - y + rest) - gammaln(rest) - gammaln(size - y + 1)
        chances = np.exp(logs - logs.max(axis=1, keepdims=True))
        self._upper = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)

    def cdf(self, y: Floats) -> Floats:
        """Probability of at most y, shape (K, len(y))."""
        return np.asarray(self._upper[:, y.astype(np.int64)])


class CompositionDensity(Density):
    """The log density of the items in each part, given how many there are."""

    def __init__(self, item: DirichletMultinomialItem, columns: Sequence[Floats]) -> None:
        self._columns = columns
        self._parts, self._sizes = tables(item)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        *parts, items = (values[rows] for values in self._columns)
        counts, sizes = _apportioned(np.stack(parts), items)
        out = np.tile(self._sizes[sizes.astype(np.int64)], (len(self._parts), 1))
        for c, own in enumerate(counts.astype(np.int64)):
            out += self._parts[:, c][:, own]
        return out, [sizes == size for size in _COUNTS[1:]]


def divided(
    item: DirichletMultinomialItem,
    segments: NDArray[np.int64],
    items: Floats,
    rng: np.random.Generator,
) -> dict[str, Column]:
    """Draw how customers with so many items divide them; missing where they have none."""
    drawn = rng.standard_gamma(item.precision * np.array(item.shares)[segments])
    # With next to no precision, all can vanish: then it is all in one part.
    gone = drawn.sum(axis=1) <= 0
    alone = rng.random((len(segments), 1)) > np.cumsum(item.shares, axis=1)[segments, :-1]
    drawn[gone, alone.sum(axis=1)[gone]] = 1.0
    sizes = np.minimum(items, MOST_ITEMS).astype(np.int64)
    counts = rng.multinomial(sizes, drawn / drawn.sum(axis=1, keepdims=True))
    shares = np.divide(
        counts, sizes[:, None], out=np.full(counts.shape, np.nan), where=sizes[:, None] > 0
    )
    return {v: Column(v, shares[:, c].copy()) for c, v in enumerate(item.variables)}


def tables(item: DirichletMultinomialItem) -> tuple[Floats, Floats]:
    """Return log factors of items in each part (K, parts, counts) and of all items (counts,)."""
    alpha = item.precision * np.array(item.shares)[:, :, None]
    steps = np.arange(MOST_ITEMS)
    with np.errstate(divide="ignore"):
        rising = np.cumsum(np.log(alpha + steps), axis=2)
    parts = np.concatenate([np.zeros_like(alpha), rising], axis=2) - gammaln(_COUNTS + 1)
    falling = np.cumsum(np.log(item.precision + steps))
    return parts, gammaln(_COUNTS + 1) - np.concatenate([[0.0], falling])


def _apportioned(parts: Floats, items: Floats) -> tuple[Floats, Floats]:
    """Return the items in each part (C, n) and in all (n,), 0 where there are none."""
    possible = can_apportion(parts, items)
    counts = np.zeros(parts.shape)
    counts[:, possible] = apportion(parts[:, possible], items[possible])
    return counts, np.where(possible, np.minimum(items, MOST_ITEMS), 0.0)


def _check(columns: Sequence[Column], parts: Floats, items: Floats) -> None:
    """Refuse numbers that neither a part nor a number of items can be."""
    for column, values in zip(columns, parts, strict=False):
        bad = ~is_not_negative(values) & ~np.isnan(values)
        if bad.any():
            raise DataError(
                f"{column.name!r} is a part of a whole, but {int(bad.sum())} values are negative.",
                "Parts are 0 or more; take it out of the whole, or correct these values.",
            )
    bad = ~is_count(items) & ~np.isnan(items)
    if bad.any():
        raise DataError(
            f"{columns[-1].name!r} is a number of items, but {int(bad.sum())} values are negative "
            "or not whole.",
            "Numbers of items are 0, 1, 2, …",
        )


def _moments(alpha: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the log density for each number of items; both (sizes, K).

    ``alpha`` has shape (K, parts). Parts are taken in one after the other: sums over all ways to
    divide the items of the weight of a way, and of its first two moments.
    """
    steps = np.arange(MOST_ITEMS)
    with np.errstate(divide="ignore"):
        rising = np.cumsum(np.log(alpha[:, :, None] + steps), axis=2)
    zero = np.zeros((*alpha.shape, 1))
    logs = np.concatenate([zero, rising], axis=2) - gammaln(_COUNTS + 1)
    total = alpha.sum(axis=1)[:, None]
    # In units of what all items weigh, so that sums stay near 1.
    unit = np.log(total + 0.5 * MOST_ITEMS)
    scaled = logs - unit[:, :, None] * _COUNTS
    finite = np.where(logs > -np.inf, scaled, 0.0)
    weight = np.exp(scaled)
    some = [weight[:, 0] * finite[:, 0] ** power for power in range(3)]
    for c in range(1, alpha.shape[1]):
        own = [weight[:, c] * finite[:, c] ** power for power in range(3)]
        some = [
            _folded(some[0], own[0]),
            _folded(some[1], own[0]) + _folded(some[0], own[1]),
            _folded(some[2], own[0]) + 2 * _folded(some[1], own[1]) + _folded(some[0], own[2]),
        ]
    mean = some[1] / some[0]
    spread = np.maximum(some[2] / some[0] - mean**2, 0.0)
    norm = gammaln(_COUNTS + 1) - (gammaln(total + _COUNTS) - gammaln(total)) + unit * _COUNTS
    return (mean + norm)[:, 1:].T, spread[:, 1:].T


def _folded(a: Floats, b: Floats) -> Floats:
    """Convolve along the last axis, and keep its length."""
    out = np.zeros_like(a)
    for y in range(a.shape[1]):
        out[:, y:] += b[:, [y]] * a[:, : a.shape[1] - y]
    return out


def _by_count(name: str, values: Sequence[float] | Floats) -> str:
    branches = " ".join(
        f"WHEN {number(count)} THEN {number(value)}" for count, value in enumerate(values) if count
    )
    return f"CASE {name} {branches} ELSE {number(0.0)} END"
