"""Answers that rule each other out: an order or one choice, spread over several columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.rankings import rankings
from forwhom.tables import Table, TableProfile, VariableProfile, collect_columns
from forwhom.tables.drawing import drawn, is_in_duckdb
from forwhom.wording import listed

Floats = NDArray[np.float64]

#: An order is given in so many steps at most.
_MOST_LEVELS = 40
#: Rows that decide; of fewer equal answers than this, by chance, none tells nothing.
_ROWS, _EXPECTED = 20_000, 10
#: So few rows hold an answer twice, of those that would by chance: where any answer counts people
#: make mistakes; where one may be repeated ("not ranked", no) it could be taste.
_SHARE, _BUT_ONE = 0.25, 0.05
#: Stands for an empty cell where the only answer is yes; no level has this number.
_NO = 1 << 40
#: What is said of each of them.
_SAID = "rules out"


def with_exclusions(table: Table, profile: TableProfile) -> list[VariableProfile]:
    """Return the columns of a table, of which those that rule each other out describe.

    One by one they would form segments by their construction: rankings, choices in order, and one
    answer that stands in a column for each level.
    """
    whys: dict[str, str] = {}
    for names, why in rankings(table, profile):
        whys |= dict.fromkeys(names, why)
    whys |= _exclusive(table, [c for c in profile.columns if c.name not in whys], profile.rows)
    return [
        replace(column, use="descriptor", why=whys[column.name])
        if column.name in whys and column.use == "active"
        else column
        for column in profile.columns
    ]


def rules_others_out(column: object) -> bool:
    """Return whether a column is one of those, by what was said of it."""
    return _SAID in str(getattr(column, "why", ""))


def _exclusive(table: Table, columns: Sequence[VariableProfile], rows: int) -> dict[str, str]:
    """Return why columns describe, by the name of the column."""
    usable = [c for c in columns if _has_steps(c)]
    if len(usable) < 2:
        return {}
    shown = drawn(table, None, _ROWS / rows) if rows > _ROWS and is_in_duckdb(table) else table
    names = [column.name for column in usable]
    _, found = collect_columns(shown, dict.fromkeys(names, "nominal"))
    places = _places([found[name].levels or () for name in names])
    codes = [
        np.append(place, _blank(place))[found[name].values]
        for name, place in zip(names, places, strict=True)
    ]
    pairs = _Pairs.of(np.stack(codes)[:, :: 1 + len(codes[0]) // _ROWS])
    whys: dict[str, str] = {}
    for group in _groups(usable, pairs):
        whys |= _whys([usable[j] for j in group], pairs.levels[np.ix_(group, group)])
    return whys


def _has_steps(column: VariableProfile) -> bool:
    few = 1 <= column.distinct <= _MOST_LEVELS
    return few and column.use == "active" and column.type in ("number", "text", "boolean")


def _places(levels: Sequence[Sequence[str]]) -> list[NDArray[np.int64]]:
    """Number the levels of all columns, those of the same text alike."""
    known: dict[str, int] = {}
    return [
        np.array([known.setdefault(_text(one), len(known)) for one in own], dtype=np.int64)
        for own in levels
    ]


def _blank(places: NDArray[np.int64]) -> int:
    """Return the code of an empty cell: beside one level alone it is the other one, no."""
    return _NO if len(places) == 1 else -1


def _text(level: str) -> str:
    try:
        return repr(float(level))
    except ValueError:
        return level.strip().casefold()


@dataclass(frozen=True)
class _Pairs:
    """Of each pair of columns: rows with the same answer in both, and what chance would give.

    ``but_one`` and its expectation leave out the answer that is repeated most.
    """

    same: Floats
    expected: Floats
    but_one: Floats
    expected_but_one: Floats
    levels: NDArray[np.int64]  # answers that both columns have

    @classmethod
    def of(cls, codes: NDArray[np.int64]) -> _Pairs:
        """Count the pairs of columns, shape (columns, rows), over rows with an answer in both.

        Who answers one question may not be asked another: that rules out nothing.
        """
        size = len(codes)
        given = (codes >= 0).astype(np.float32)
        answered = np.maximum(np.asarray(given @ given.T, dtype=np.float64), 1.0)
        same, expected, most, of_most = (np.zeros((size, size)) for _ in range(4))
        levels = np.zeros((size, size), dtype=np.int64)
        owners: dict[int, list[int]] = defaultdict(list)
        for j, column in enumerate(codes):
            for level in np.unique(column[column >= 0]).tolist():
                owners[level].append(j)
        for level, own in owners.items():
            here = np.ix_(own, own)
            has = (codes[own] == level).astype(np.float32)
            both = np.asarray(has @ has.T, dtype=np.float64)
            beside = np.asarray(has @ given[own].T, dtype=np.float64)
            chance = beside * beside.T / answered[here]
            same[here] += both
            expected[here] += chance
            levels[here] += 1
            more = both > most[here]
            of_most[here] = np.where(more, chance, of_most[here])
            most[here] = np.maximum(both, most[here])
        return cls(same, expected, same - most, expected - of_most, levels)

    def evidence(self, j: int, others: Sequence[int]) -> float:
        """Return how many equal answers of a column and others chance gives where there are few.

        It is 0 where there are not far fewer.
        """
        counts = (self.same, self.expected, _SHARE), (self.but_one, self.expected_but_one, _BUT_ONE)
        sums = (
            (met[j, others].sum(), chance[j, others].sum(), most) for met, chance, most in counts
        )
        return max(float(chance) if met <= most * chance else 0.0 for met, chance, most in sums)


def _groups(columns: Sequence[VariableProfile], pairs: _Pairs) -> Iterator[list[int]]:
    """Yield columns that exclude each other; of two, only with names of things.

    A pair tells by itself or, where each answer is rare, with those that stand beside it.
    """
    left = list(range(len(columns)))
    while left:
        group = [left[0]]
        for j in left[1:]:
            enough = 0.0 if j == group[-1] + 1 else _EXPECTED * len(group)
            alike = all(_is_alike(columns, pairs, j, i) for i in group)
            if alike and (told := pairs.evidence(j, group)) and told >= enough:
                group.append(j)
        others = {j: [i for i in group if i != j] for j in group}
        group = [j for j, rest in others.items() if rest and pairs.evidence(j, rest) >= _EXPECTED]
        if len(group) > 2 or (len(group) == 2 and _chosen_twice(columns, pairs, group)):
            yield group
            left = [j for j in left[1:] if j not in group]
        else:
            left = left[1:]


def _is_alike(columns: Sequence[VariableProfile], pairs: _Pairs, a: int, b: int) -> bool:
    """Whether two columns have half of their answers in common: yes and no are no count."""
    return bool(2 * pairs.levels[a, b] >= max(columns[a].distinct, columns[b].distinct))


def _chosen_twice(columns: Sequence[VariableProfile], pairs: _Pairs, group: list[int]) -> bool:
    """Whether two columns are a first and a second choice, and not a question and its reverse."""
    a, b = group
    names = all(columns[j].measure == "nominal" and columns[j].type == "text" for j in group)
    few = pairs.same[a, b] <= _BUT_ONE * pairs.expected[a, b]
    return bool(names and few and pairs.levels[a, b] > 2)


def _whys(columns: Sequence[VariableProfile], levels: NDArray[np.int64]) -> dict[str, str]:
    """Say of each column of a group why it describes."""
    names = [column.name for column in columns]
    items, least = listed(names, most=4), int(levels[~np.eye(len(names), dtype=bool)].min())
    if all(column.distinct <= 2 for column in columns):
        return dict.fromkeys(names, _why_one(items))
    if all(c.type == "text" for c in columns) and least > len(names):
        return dict.fromkeys(names[1:], _why_chosen(items, names[0]))
    return dict.fromkeys(names, _why_order(items))


def _why_one(items: str) -> str:
    return (
        f"Hardly any row says yes twice in {items}: together they are one answer. One answer rules "
        "out the others, so that one by one they would form segments from chance; they describe. "
        "To form segments, make one column that holds this answer."
    )


def _why_chosen(items: str, first: str) -> str:
    return (
        f"Hardly any row holds the same answer twice in {items}: together they are one choice. "
        "One answer rules out the others, so that together they would form segments from chance; "
        f"{first} forms segments, the others describe."
    )


def _why_order(items: str) -> str:
    return (
        f"Hardly any row holds the same answer twice in {items}: together they are one order. "
        "One answer rules out the others, so that one by one they would form segments from "
        "chance; they describe. To form segments, make a column of the first choice."
    )
