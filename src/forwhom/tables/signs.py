"""Signs that people write around numbers: $ 1,234.50, 12 %, and the apostrophe of spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forwhom.tables.engine import literal

#: Cells that say "no value" where numbers or dates are expected; elsewhere they may be levels.
BLANKS = (
    "-", "--", "---", "\u2013", "\u2014", "?", "None", "none", "NONE", "nil", "N.A.", "n.a.",
    "k.A.", "Null", "(null)", "\\N", "(blank)", "NaT", "NAN", "unknown", "Unknown", "missing",
    "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!",
)  # fmt: skip

PERCENT = "%"
_APOSTROPHE = "'"
#: Longer ones first: US$ holds $.
_MONEY = ("US$", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY", "INR", "zł", "kr")
_NUMBER = re.compile(r"[-+]?\s*\d[\d.,'\u2019\s]*")


def sign_of(cells: Sequence[str]) -> str:
    """Return the sign that nearly all cells carry beside a number; empty when there is none.

    Examples
    --------
    >>> sign_of(["$1,234.50", "-$7"]), sign_of(["12 %", "7,5 %"]), sign_of(["12", "7"])
    ('$', '%', '')
    """
    filled = [cell for cell in cells if cell not in BLANKS]
    start = "\n".join(filled[:20])
    for sign in (*_MONEY, PERCENT, _APOSTROPHE):
        if sign in start and _carried(sign, filled):
            return sign
    return ""


def _carried(sign: str, cells: Sequence[str]) -> bool:
    """Whether nearly all cells are numbers, at least half of them with the sign.

    Every percentage has its sign: 12% and 0.12 may be the same.
    """
    if sign == _APOSTROPHE and not all(cell.startswith(sign) for cell in cells):
        return False  # between digits it separates thousands
    least = 0.9 if sign == PERCENT else 0.5
    numbers = sum(bool(_NUMBER.fullmatch(cell.replace(sign, "", 1).strip())) for cell in cells)
    return numbers >= 0.9 * len(cells) and sum(sign in cell for cell in cells) >= least * len(cells)


def without_sign(cell: str, sign: str) -> str:
    """Return SQL for a cell without its sign; a cell that lacks a percent sign is no number."""
    if not sign:
        return cell
    if sign == _APOSTROPHE:
        return f"CASE WHEN starts_with({cell}, '''') THEN substr({cell}, 2) ELSE {cell} END"
    bare = f"replace(trim(replace({cell}, {literal(sign)}, '')), '- ', '-')"
    blanks = ", ".join(literal(blank) for blank in BLANKS)
    unsigned = f"WHEN NOT contains({cell}, '%') THEN {cell} || ' %'" if sign == PERCENT else ""
    return f"CASE WHEN {cell} IN ({blanks}) THEN {cell} {unsigned} ELSE {bare} END"


def sign_note(column: str, sign: str) -> str:
    """Return what a reader should know about a sign that was taken off."""
    if sign == PERCENT:
        return f"{column!r}: percent signs were taken off, so 12% is 12."
    return f"{column!r}: {sign} was taken off, so that its cells are numbers."
