"""Cells of tables, as people and spreadsheets write them."""

import re

_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u207b\ufe63\uff0d"
#: A minus before something: one with a space after it, or what word processors make of it.
DASHED = rf"^(?:[{_DASHES}]\s*|-\s+)(\S)"

#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_minus(cell: str) -> str:
    """Return a cell with a plain minus where it starts with another one."""
    return re.sub(DASHED, r"-\1", cell)
