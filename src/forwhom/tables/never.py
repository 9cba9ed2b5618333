"""Numbers that say "never": a yes or no, and a number among those with any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw

from forwhom.errors import DataError
from forwhom.tables.frames import Table, addressable, kinds


def ever_of(column: str) -> str:
    """Return the name of the column that says whether it ever happened."""
    return addressable(f"{column}: ever")


def with_never(table: Table, never: Mapping[str, Sequence[int | float]]) -> Table:
    """Take columns apart in which numbers stand for never; no answer stays missing in both."""
    made: list[nw.Expr] = []
    labels, types = dict(table.labels), kinds(table) if never else {}
    for column, codes in never.items():
        if types[column] != "number":
            raise DataError(
                f"{table.name}: {column!r} is among the columns where a number says 'never', and "
                "holds no numbers.",
                "Correct its cells, or take it out of 'never' in the study.",
            )
        value = nw.col(column)
        ever = ~value.is_in(list(codes))
        made.append(nw.when(~value.is_null()).then(ever).alias(ever_of(column)))
        made.append(nw.when(ever).then(value).alias(column))
        if column in labels:
            labels[ever_of(column)] = f"{labels[column]}: ever"
    return replace(table, frame=table.frame.with_columns(*made), labels=labels) if made else table
