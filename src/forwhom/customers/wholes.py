"""Which variables are the shares of one whole, and which holds the number of its items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forwhom.customers.opening import Part, Tables
from forwhom.documents.study import Study
from forwhom.errors import ColumnMissing
from forwhom.features import Feature
from forwhom.mixture import Whole
from forwhom.tables import Table, TableProfile, VariableProfile, collect_columns
from forwhom.tables.summaries import name_words

#: Words of columns that count what is divided, the finest first.
_FINEST = frozenset(("item", "line", "unit", "piece", "product"))
_COARSER = frozenset(
    ("order", "purchase", "transaction", "basket", "booking", "visit", "trip", "session", "call")
)
#: Words that may stand beside them.
_BESIDE = frozenset(("n", "no", "nr", "num", "number", "count", "total", "of", "all", "the"))
#: Shares that were rounded add up to a whole nearly: so far each may be off.
_ROUNDED = 0.005


@dataclass(frozen=True)
class Shares:
    """Columns of a table that add up to the same in every row."""

    parts: tuple[str, ...]
    total: int  # what they add up to: 1 or 100
    items: str | None  # the column with the number of items, if there is one

    @property
    def why(self) -> str:
        """Why they describe segments, and do not form them."""
        return (
            f"it is one of {len(self.parts)} columns that add up to {self.total} in every row, and "
            "no column says how many items they are shares of"
        )


@dataclass(frozen=True)
class Wholes:
    """The wholes that can be modeled, and the shares whose number of items is not known."""

    known: tuple[Whole, ...] = ()
    unknown: tuple[Shares, ...] = ()
    apart: tuple[Shares, ...] = ()  # the study gives them measures, so each is by itself

    def of(self, name: str) -> Whole | None:
        """Return the whole that a variable is a part of."""
        return next((whole for whole in self.known if name in whole.parts), None)

    def uncounted(self, name: str) -> Shares | None:
        """Return the shares without a number of items that a variable belongs to."""
        return next((shares for shares in self.unknown if name in shares.parts), None)

    def counts(self, name: str) -> bool:
        """Return whether a variable holds the number of items of a whole."""
        return any(whole.items == name for whole in self.known)


def wholes_of(study: Study, parts: Sequence[Part], tables: Tables) -> Wholes:
    """Return the wholes that the study names, then those of features and of the tables.

    What the study gives a measure is modeled as it says, unless the study names its whole, too.
    """
    known = [Whole(name, tuple(w.parts), w.items) for name, w in study.wholes.items()]
    taken = {part for whole in known for part in whole.parts}
    taken |= {name for name, said in study.variables.items() if said.measure is not None}
    unknown: list[Shares] = []
    apart: list[Shares] = []
    for part in parts:
        if part.features is not None:
            known += _of_features(part.features.dictionary, taken, {w.name for w in known})
            continue
        for shares in found_shares(part.table, tables.profile(part.reference)):
            if {part for whole in known for part in whole.parts}.intersection(shares.parts):
                continue
            if shares.items is None:
                unknown.append(shares)
            elif taken.intersection(shares.parts):
                apart.append(shares)
            else:
                name = name_of(shares.parts, {w.name for w in known})
                known.append(Whole(name, shares.parts, shares.items))
    return Wholes(tuple(known), tuple(unknown), tuple(apart))


def check_wholes(study: Study, names: Sequence[str]) -> None:
    """Refuse a study whose wholes name a variable that no table has."""
    for name, whole in study.wholes.items():
        places = {part: ("parts", i) for i, part in enumerate(whole.parts)}
        for variable in (*whole.parts, whole.items):
            if variable not in names:
                key = places.get(variable, ("items",))
                where = study.place("wholes", name, *key)
                raise ColumnMissing.of(variable, "the tables of the study", list(names), where)


def _of_features(
    dictionary: Sequence[Feature], taken: set[str], names: set[str]
) -> Iterator[Whole]:
    found: dict[tuple[str, str], list[str]] = {}
    for feature in dictionary:
        if feature.whole is not None and feature.items is not None and feature.name not in taken:
            found.setdefault((feature.whole, feature.items), []).append(feature.name)
    for (whole, items), parts in found.items():
        if len(parts) > 1 and whole not in names:
            yield Whole(whole, tuple(parts), items)


def found_shares(table: Table, profile: TableProfile) -> list[Shares]:
    """Find columns beside each other that add up to 1, or to 100, in every row."""
    found: list[Shares] = []
    for total in (1, 100):
        columns = [c for c in profile.columns if _may_be_share(c, total)]
        start = 0
        while start < len(columns):
            run = next((r for r in _runs(columns[start:], total) if _adds_up(table, r, total)), ())
            if run:
                items = _items_of(table, profile, run)
                found.append(Shares(tuple(c.name for c in run), total, items))
            start += max(1, len(run))
    return found


def _may_be_share(column: VariableProfile, total: int) -> bool:
    if column.type != "number" or column.n == 0 or column.negatives or column.distinct < 3:
        return False
    return isinstance(column.maximum, float | int) and column.maximum <= total


def _runs(columns: Sequence[VariableProfile], total: int) -> Iterator[Sequence[VariableProfile]]:
    """Yield the columns from the first on whose means add up, the longest first."""
    for stop in range(len(columns), 1, -1):
        run = columns[:stop]
        means = sum(column.mean or 0.0 for column in run)
        alike = all(column.n == run[0].n for column in run)
        if alike and abs(means / total - 1) <= _ROUNDED * stop:
            yield run


def _adds_up(table: Table, run: Sequence[VariableProfile], total: int) -> bool:
    _, columns = collect_columns(table, {column.name: "continuous" for column in run})
    values = np.stack([np.asarray(columns[c.name].values, dtype=np.float64) for c in run])
    seen = ~np.isnan(values).all(axis=0)
    off = np.abs(values[:, seen].sum(axis=0) / total - 1)  # NaN where one of them is missing
    return bool((off <= _ROUNDED * len(run)).all())


def _items_of(table: Table, profile: TableProfile, run: Sequence[VariableProfile]) -> str | None:
    """Return the column that counts the items, by its name and its values."""
    ranked = [
        (rank, place, column.name)
        for place, column in enumerate(profile.columns)
        if column not in run and (rank := _counting(column)) is not None
    ]
    for _, _, name in sorted(ranked):
        _, columns = collect_columns(table, {name: "continuous"})
        values = np.asarray(columns[name].values, dtype=np.float64)
        if (np.isnan(values) | (values == np.floor(values))).all():
            return name
    return None


def _counting(column: VariableProfile) -> int | None:
    if column.type != "number" or column.negatives or column.use in ("id", "weight", "protected"):
        return None
    words = [word for word in name_words(column.name) if word not in _BESIDE]
    if len(words) != 1:
        return None
    ranks = enumerate((_FINEST, _COARSER))
    return next((rank for rank, known in ranks if words[0].removesuffix("s") in known), None)


def name_of(parts: Sequence[str], taken: set[str]) -> str:
    """Name a whole by the words that all its parts have.

    >>> name_of(["share_tea", "share_milk"], set()), name_of(["tea", "milk"], {"whole"})
    ('share', 'whole_2')
    """
    words = [w for w in name_words(parts[0]) if all(w in name_words(part) for part in parts)]
    stem = "_".join(words) or "whole"
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
