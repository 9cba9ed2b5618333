"""Signs that people write around numbers: $ 1,234.50, 12 %, −3, and the apostrophe of sheets."""

import re
from collections import Counter
from collections.abc import Sequence

import duckdb

from forwhom.documents.cells import DASHED, plain_minus
from forwhom.tables.engine import literal, quoted

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
MONEY = (
    "US$", "R$", "$", "€", "£", "¥", "₹", "₩", "₽", "₴", "₺", "₪", "฿", "₫", "USD", "EUR", "GBP",
    "CHF", "JPY", "INR", "CNY", "RUB", "PLN", "SEK", "NOK", "DKK", "CZK", "HUF", "zł", "kr", "Kč",
    "Ft", "руб.", "руб", "грн", "лв.", "円", "元", "원", "\uffe5",
    "ر.س.", "ر.س", "د.إ", "ج.م", "د.ك", "ريال", "ریال", "تومان", "درهم", "دينار", "جنيه",
)  # fmt: skip
#: How books write what is less than nothing: (1,234.50), or 1.234,50- with the minus behind.
_BOOKED = r"^\(([^()+-]*\d[^()+-]*)\)$|^([^()+A-Za-z-]*\d\s*[$€£]?)-$"
#: And what is so many whole: 25,- or 25.—
_WHOLE = "(\\d)[.,]\\s*[-\u2013\u2014]{1,2}(\\s*\\D{0,3})$"
_NUMBER = re.compile(r"[-+]?\s*\d[\d.,'\u2019\s]*")


def sign_of(cells: Sequence[str]) -> str:
    """Return the sign that nearly all cells carry beside a number; empty when there is none.

    A minus that is no hyphen counts where some cells have it.
    """
    filled = [cell for cell in cells if cell not in BLANKS]
    start = "\n".join(filled[:20])
    for sign in (*MONEY, PERCENT, _APOSTROPHE):
        if sign in start and _carried(sign, filled):
            return sign
    dashed = any(_plain(cell) != cell for cell in filled)
    return _MINUS if dashed and _are_numbers(filled, _MINUS) else ""


def several_signs(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the signs of money where cells are numbers with different ones, the most usual first.

    Such a column is no column of numbers: amounts of several currencies cannot be added up.
    """
    filled = [cell for cell in cells if cell not in BLANKS]
    carried = [next((sign for sign in MONEY if sign in cell), "") for cell in filled]
    signs = Counter(sign for sign in carried if sign)
    bare = [cell.replace(sign, "").strip() for cell, sign in zip(filled, carried, strict=True)]
    if len(signs) < 2 or not _are_numbers(bare, ""):
        return ()
    return tuple(sign for sign, _ in signs.most_common())


def sign_rows(
    rows: duckdb.DuckDBPyRelation, column: str, signs: Sequence[str]
) -> dict[str, tuple[int, list[int]]]:
    """Return for each sign how many cells carry it, and the first of their rows."""
    cell = quoted(column)
    # Longer signs first: US$ holds $.
    cases = " ".join(
        f"WHEN contains({cell}, {literal(sign)}) THEN {literal(sign)}"
        for sign in sorted(signs, key=len, reverse=True)
    )
    numbered = rows.select(f"row_number() OVER () AS n, CASE {cases} END AS sign")
    found = numbered.aggregate("sign, count(*), min(n, 3)", "sign").fetchall()
    told = {
        str(sign): (int(count), list(first)) for sign, count, first in found if sign is not None
    }
    return {sign: told[sign] for sign in signs if sign in told}


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
    bare = _plain(cell)
    return bare if sign == _MINUS else _plain(bare.replace(sign, "").strip())


def is_booked(cell: str) -> bool:
    """Return whether a cell is less than nothing as books write it: (12.50), or 12,50-."""
    return re.match(_BOOKED, cell) is not None


def _plain(cell: str) -> str:
    whole = re.sub(_WHOLE, r"\1\2", cell)
    return re.sub(_BOOKED, r"-\1\2", plain_minus(whole)).strip()


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
    whole = rf"regexp_replace({cell}, '{_WHOLE}', '\1\2')"
    dashed = rf"regexp_replace({whole}, '{DASHED}', '-\1')"
    return rf"regexp_replace({dashed}, '{_BOOKED}', '-\1\2')"


def sign_note(column: str, sign: str) -> str:
    """Return what a reader should know about a sign that was taken off."""
    if sign == _MINUS:
        return ""  # nothing is left to doubt
    if sign == PERCENT:
        return f"{column!r}: percent signs were taken off, so 12% is 12."
    return f"{column!r}: {sign} was taken off, so that its cells are numbers."
