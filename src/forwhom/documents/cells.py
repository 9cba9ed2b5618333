"""Cells of a CSV that people open in a spreadsheet."""

from __future__ import annotations

#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless("Fund")
    ("'=HYPERLINK(1)", 'Fund')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
