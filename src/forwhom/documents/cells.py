"""Cells of tables, as people and spreadsheets write them."""

import re

_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u207b\ufe63\uff0d"
#: A minus before something: one with a space after it, or what word processors make of it.
DASHED = rf"^(?:[{_DASHES}]\s*|-\s+)(\S)"

#: A spreadsheet takes a cell that begins so for a formula, and so it does where it splits a cell
#: at what separates the cells elsewhere. It looks past blanks, and takes full-width signs too.
_SIGN = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(rf"'*(?:[\t\r\n]|[\s\ufeff\u200b]*{_SIGN})")
_SPLIT = re.compile(rf"([;|\t\r\n][\s\"\ufeff\u200b]*)(?='*{_SIGN})")
_ESCAPED = re.compile(rf"([;|\t\r\n][\s\"\ufeff\u200b]*)'(?='*{_SIGN})")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?(?:e[-+]?\d+)?", re.ASCII | re.IGNORECASE)


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, wherever it splits; a number stays."""
    if _NUMBER.fullmatch(text):
        return text
    start = len(text) - len(text.lstrip())
    text = text[:start] + _SPLIT.sub(r"\1'", text[start:])
    return f"'{text}" if _FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """Return what `harmless` was given."""
    text = text[1:] if text.startswith("'") and _FORMULA.match(text) else text
    start = len(text) - len(text.lstrip())
    return text[:start] + _ESCAPED.sub(r"\1", text[start:])


def plain_minus(cell: str) -> str:
    """Return a cell with a plain minus where it starts with another one."""
    return re.sub(DASHED, r"-\1", cell)
