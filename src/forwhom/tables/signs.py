"""Signs that people write around numbers: $ 1,234.50, 12 %, −3, and the apostrophe of sheets."""

import re
from collections.abc import Sequence

from forwhom.documents.cells import DASHED, plain_minus
from forwhom.tables.engine import literal

#: Cells that say "no value" where numbers or dates are expected; elsewhere they may be levels.
BLANKS = (
    "-", "--", "---", "\u2013", "\u2014", "?", "None", "none", "NONE", "nil", "N.A.", "n.a.",
    "k.A.", "Null", "(null)", "\\N", "(blank)", "NaT", "NAN", "unknown", "Unknown", "missing",
    "#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!",
)  # fmt: skip

PERCENT = "%"
_APOSTROPHE = "'"
_MINUS = "\u2212"
#: Longer ones first: US$ holds $.
_MONEY = ("US$", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF", "JPY", "INR", "zł", "kr")
_NUMBER = re.compile(r"[-+]?\s*\d[\d.,'\u2019\s]*")


def sign_of(cells: Sequence[str]) -> str:
    """Return the sign that nearly all cells carry beside a number; empty when there is none.

    A minus that is no hyphen counts where some cells have it.
    """
    filled = [cell for cell in cells if cell not in BLANKS]
    start = "\n".join(filled[:20])
    for sign in (*_MONEY, PERCENT, _APOSTROPHE):
        if sign in start and _carried(sign, filled):
            return sign
    dashed = any(re.match(DASHED, cell) for cell in filled)
    return _MINUS if dashed and _are_numbers(filled, _MINUS) else ""


def _carried(sign: str, cells: Sequence[str]) -> bool:
    """Whether nearly all cells are numbers, at least half of them with the sign.

    Every percentage has its sign: 12% and 0.12 may be the same.
    """
    if sign == _APOSTROPHE and not all(cell.startswith(sign) for cell in cells):
        return False  # between digits it separates thousands
    least = 0.9 if sign == PERCENT else 0.5
    return _are_numbers(cells, sign) and sum(sign in c for c in cells) >= least * len(cells)


def _are_numbers(cells: Sequence[str], sign: str) -> bool:
    numbers = sum(bool(_NUMBER.fullmatch(without_sign(cell, sign))) for cell in cells)
    return numbers >= 0.9 * len(cells)


def without_sign(cell: str, sign: str) -> str:
    """Return a cell without its sign, and with a plain minus."""
    bare = plain_minus(cell)
    return bare if sign == _MINUS else plain_minus(bare.replace(sign, "").strip())


def unsigned(cell: str, sign: str) -> str:
    """Return SQL for a cell without its sign; a cell that lacks a percent sign is no number."""
    if not sign or sign == _MINUS:
        return _minus(cell) if sign else cell
    if sign == _APOSTROPHE:
        return _minus(f"CASE WHEN starts_with({cell}, '''') THEN substr({cell}, 2) ELSE {cell} END")
    blanks = ", ".join(literal(blank) for blank in BLANKS)
    bare = f"replace(trim(replace({_minus(cell)}, {literal(sign)}, '')), '- ', '-')"
    kept = f"WHEN NOT contains({cell}, '%') THEN {cell} || ' %'" if sign == PERCENT else ""
    return f"CASE WHEN {cell} IN ({blanks}) THEN {cell} {kept} ELSE {_minus(bare)} END"


def _minus(cell: str) -> str:
    return rf"regexp_replace({cell}, '{DASHED}', '-\1')"


def sign_note(column: str, sign: str) -> str:
    """Return what a reader should know about a sign that was taken off."""
    if sign == _MINUS:
        return ""  # nothing is left to doubt
    if sign == PERCENT:
        return f"{column!r}: percent signs were taken off, so 12% is 12."
    return f"{column!r}: {sign} was taken off, so that its cells are numbers."
