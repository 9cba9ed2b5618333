"""Digits of other scripts: people count with ٣, ৩ and ３ as others do with 3."""

import re
from collections.abc import Sequence

import duckdb

from forwhom.tables.engine import literal, quoted
from forwhom.tables.signs import MONEY

#: The zeros of Arabic, Persian, Hindi, Bengali, Thai and full-width digits; nine follow each.
_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10)
_DIGITS = "".join(chr(zero + digit) for zero in _ZEROS for digit in range(10))
#: Behind them the Arabic decimal point, sign between thousands and percent sign; then marks of
#: direction, which nobody sees and which go.
_FROM = _DIGITS + "\u066b\u066c\u066a\u200e\u200f\u061c"
_TO = "0123456789" * len(_ZEROS) + ".,%"
_PLAIN = str.maketrans(_FROM[: len(_TO)], _TO, _FROM[len(_TO) :])
_ANY = re.compile(f"[{_DIGITS}]")
_SIGN = "|".join(map(re.escape, MONEY))
#: One number or date, with a sign of money before or behind it; no part of a customer's id.
_ALONE = re.compile(rf"(?:{_SIGN})?\s*[-+(']?\d[\d\s.,:/%()-]*(?:{_SIGN})?")


def in_plain_digits(text: str) -> str:
    """Return a text with its digits as computers write them."""
    return text.translate(_PLAIN)


def with_plain_digits(
    rows: duckdb.DuckDBPyRelation, sample: Sequence[tuple[str | None, ...]]
) -> tuple[duckdb.DuckDBPyRelation, list[str]]:
    """Return rows of text with plain digits where a column holds numbers or dates in others.

    ``sample`` are the first rows; texts in which a number only stands keep their digits.
    """
    notes, cells = [], []
    for index, column in enumerate(rows.columns):
        name = quoted(column)
        found = _first([row[index] for row in sample if row[index]])
        cells.append(f"translate({name}, {literal(_FROM)}, {literal(_TO)}) AS {name}")
        if found:
            notes.append(
                f"{column!r}: digits such as {found} were read as {in_plain_digits(found)}."
            )
        else:
            cells[-1] = name
    return (rows.select(", ".join(cells)), notes) if notes else (rows, [])


def _first(cells: Sequence[str | None]) -> str:
    """Return the first digit of another script where nearly all cells are one number or date."""
    filled = [cell for cell in cells if cell]
    others = next((match[0] for cell in filled if (match := _ANY.search(cell))), "")
    alone = sum(bool(_ALONE.fullmatch(in_plain_digits(cell).strip())) for cell in filled)
    return others if alone >= 0.9 * len(filled) else ""
