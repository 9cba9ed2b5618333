"""The pieces that scoring SQL is written from: names, text, numbers and sums, in DuckDB's SQL."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forwhom.errors import OptionError
from forwhom.tables.columns import LARGEST
from forwhom.tables.spellings import spellings

#: Stands for the logarithm of zero: SQL engines disagree on infinity. Sums of it stay finite.
LOG_ZERO = -1e300

#: exp() of less than this is zero here: some engines raise an error instead.
LEAST_EXPONENT = -700.0

#: Stands for an answer that is none of the levels.
UNMATCHED = -1

#: From here on Stirling's series gives log x! to 1e-12; below it, its values are written out.
_STIRLING_FROM = 10

_FILES = (".parquet", ".csv", ".tsv", ".json")
_PART = r'"(?:[^"]|"")+"|\w+'


def identifier(name: str) -> str:
    """Quote a name, so that it means exactly this column and nothing else.

    >>> identifier('a "b" c')
    '"a ""b"" c"'
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text.

    >>> print(text("it's"))
    'it''s'
    """
    return "'" + value.replace("'", "''") + "'"


def table_name(table: str) -> str:
    """Quote a table: ``name``, ``schema.name``, already quoted parts, or a data file.

    >>> print(table_name("crm.customers"), table_name("new customers"), table_name("a.parquet"))
    "crm"."customers" "new customers" "a.parquet"
    """
    if not isinstance(table, str) or not table.strip():
        raise OptionError("The table has no name.", "Give the table that the SQL should read.")
    if table.lower().endswith(_FILES) or not re.fullmatch(rf"(?:{_PART})(?:\.(?:{_PART}))*", table):
        return identifier(table)
    parts = re.findall(_PART, table)
    return ".".join(part if part.startswith('"') else identifier(part) for part in parts)


def number(value: float) -> str:
    """Write a number so that it is read back as the same float.

    The exponent makes it a float in engines that take ``0.1`` for a decimal.

    >>> print(number(0.1), number(-2), number(1e-30))
    0.1e0 (-2.0e0) 1e-30
    """
    value = max(float(value), LOG_ZERO)
    written = repr(value)
    if "e" not in written:
        written += "e0"
    return f"({written})" if math.copysign(1.0, value) < 0 else written


def added(terms: Sequence[str]) -> str:
    """Add terms up, in groups: engines limit how deep an expression may nest."""
    if not terms:
        return number(0.0)
    if len(terms) <= 20:
        return "\n      + ".join(terms)
    groups = [terms[start : start + 20] for start in range(0, len(terms), 20)]
    return added([f"({added(group)})" for group in groups])


def highest(terms: Sequence[str]) -> str:
    """Write the largest of some terms."""
    return terms[0] if len(terms) == 1 else f"GREATEST({', '.join(terms)})"


def when(condition: str, then: str, otherwise: str) -> str:
    """Write a choice of two."""
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


def usable_number(name: str, *, positive: bool = False, whole: bool = False) -> str:
    """Keep a number that its measure can have; others, NaN and infinity become NULL."""
    conditions = [f"ABS({name}) <= {number(LARGEST)}"]
    if positive:
        conditions.append(f"{name} >= {number(0.0)}")
    if whole:
        conditions.append(f"FLOOR({name}) = {name}")
    return f"CASE WHEN {' AND '.join(conditions)} THEN {name} END"


def logarithm(name: str) -> str:
    """Write log(name) where name is above 0, else NULL: log(0) is an error in most engines."""
    return f"LN(CASE WHEN {name} > {number(0.0)} THEN {name} END)"


def log_factorial(name: str) -> str:
    """Write log(name!) of a whole number without a gamma function, which few engines have."""
    small = " ".join(
        f"WHEN {name} <= {number(x)} THEN {number(math.lgamma(x + 1))}"
        for x in range(1, _STIRLING_FROM)
    )
    # Never 0, also in engines that compute the branch which is not taken.
    x = f"GREATEST({name}, {number(_STIRLING_FROM)})"
    series = number(-1 / 1680)
    for coefficient in (1 / 1260, -1 / 360, 1 / 12):
        series = f"({number(coefficient)} + {series} / ({x} * {x}))"
    half_log_2pi = number(0.5 * math.log(2 * math.pi))
    large = f"({x} + {number(0.5)}) * LN({x}) - {x} + {half_log_2pi} + {series} / {x}"
    return f"CASE {small} ELSE {large} END"


def statement(steps: Sequence[tuple[str, Sequence[str], str]], final: Sequence[str]) -> str:
    """Write a query: steps of (name, columns, from), then the final columns of the last step."""
    parts = [
        f"{name} AS (\n  SELECT\n    " + ",\n    ".join(columns) + f"\n  FROM {source}\n)"
        for name, columns, source in steps
    ]
    return (
        "WITH "
        + ",\n".join(parts)
        + "\nSELECT\n  "
        + ",\n  ".join(final)
        + f"\nFROM {steps[-1][0]}"
    )


@dataclass(frozen=True)
class ItemSql:
    """What one item adds to each step; densities, centers and spreads are per segment."""

    names: list[str]
    read: list[str]
    usable: list[str]
    filled: list[str]
    densities: list[str]
    centers: list[str]
    spreads: list[str]
    #: conditions under which a value is beyond the limits of the item
    outside: list[str] = field(default_factory=list)
    #: codes of levels: NULL where nothing was answered, ``UNMATCHED`` where no level is meant
    levels: list[str] = field(default_factory=list)


def as_number(variable: str, name: str) -> str:
    """Read a column as a number called ``name``."""
    return f"CAST({identifier(variable)} AS DOUBLE) AS {name}"


def level_text(variable: str, levels: Sequence[str]) -> str:
    """Write a column as the text that `level_code` looks up, whatever type it has."""
    written = f"CAST({identifier(variable)} AS VARCHAR)"
    return f"LOWER(TRIM({written}))" if spellings(levels).tidy else written


def level_code(name: str, levels: Sequence[str], then: Sequence[str] = (), other: str = "") -> str:
    """Write which of some levels a text stands for, as `forwhom.tables.spellings` reads it.

    Every way to write a level gives its position, or ``then`` at its position, any other text
    ``other`` (left out: ``UNMATCHED``); NULL and empty text give NULL.
    """
    ways, key = spellings(levels), name
    if ways.numeric:
        key = when(f"{key} LIKE '%.%'", f"RTRIM(RTRIM({key}, '0'), '.')", key)
        key = when(f"{name} LIKE '0%'", f"'0' || LTRIM({key}, '0')", key)
    values = then or [str(code) for code in range(len(levels))]
    cases = " ".join(f"WHEN {text(way)} THEN {values[code]}" for way, code in ways.codes.items())
    return f"CASE WHEN LENGTH({name}) > 0 THEN CASE {key} {cases} ELSE {other or UNMATCHED} END END"


def share_unmatched(codes: Sequence[str]) -> str:
    """Write the share of the answers that are none of their levels, of some `level_code`."""
    answers = added([when(f"{code} IS NULL", number(0.0), number(1.0)) for code in codes])
    strange = added([when(f"{code} = {UNMATCHED}", number(1.0), number(0.0)) for code in codes])
    return f"({strange}) / GREATEST({answers}, {number(1.0)})"


def filled(name: str) -> list[str]:
    """Write 0 for a missing value, and whether it is observed (``o…``, 0 or 1)."""
    return [
        f"COALESCE({name}, {number(0.0)}) AS {name}",
        f"{when(f'{name} IS NULL', number(0.0), number(1.0))} AS o{name[1:]}",
    ]


def where_observed(observed: Sequence[str], terms: NDArray[np.float64]) -> list[str]:
    """Write the sum of the observed terms (terms, K) under each segment."""
    return [
        added([f"{seen} * {number(value)}" for seen, value in zip(observed, segment, strict=True)])
        for segment in terms.T
    ]
