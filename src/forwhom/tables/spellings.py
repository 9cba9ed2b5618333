"""How levels are recognized where another engine, type or hand writes them otherwise."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from forwhom.tables.ordering import is_no_answer

#: Yes and no, as engines print and people write them; a boolean may be any of these elsewhere.
_YES_NO = (
    ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1", "0"), ("-1", "0"),
    ("on", "off"), ("ja", "nein"), ("ja", "nej"), ("ja", "nee"), ("j", "n"), ("oui", "non"),
    ("si", "no"), ("sí", "no"), ("sì", "no"), ("sim", "não"), ("wahr", "falsch"),
    ("vrai", "faux"),
)  # fmt: skip
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[t ](\d{2}:\d{2}:\d{2})(\.\d+)?(\+00(?::?00)?)?)?")

#: From here on engines write a number kept as a float with an exponent: Java's first, at 1e7.
_EXPONENTS_FROM = 1e7


@dataclass(frozen=True)
class Spellings:
    """Levels, and every way to write one of them.

    A text stands for a level when both have the same ``key``. Two steps make the key, each only
    where the levels stay apart: blanks around a text and capitals make no difference, and neither
    do zeros before and after a number. `forwhom.mixture.sql_text.level_code` does the same in SQL.
    """

    levels: tuple[str, ...]
    #: blanks around a text and capitals make no difference
    tidy: bool
    #: 1, 1.0, 1.00 and 01 are one number
    numeric: bool
    #: position of the level by the key of each way to write it
    codes: dict[str, int]

    def code(self, written: str) -> int:
        """Return the position of the level that a text stands for; -1 for none."""
        return self.codes.get(_key(written, self.tidy, self.numeric), -1)


def spellings(levels: Sequence[str]) -> Spellings:
    """Return the ways to write each of some levels.

    >>> answers = spellings(("false", "true"))
    >>> [answers.code(text) for text in ("TRUE", "1.00", "yes", "f", "2")]
    [1, 1, 1, 0, -1]
    """
    return _spellings(tuple(levels))


#: Zeros that engines print behind a whole number that is kept with decimals.
_DECIMALS = (".0", ".00", ".000", ".0000")


def ways(value: str) -> frozenset[str]:
    """Return how a value may be printed, in small letters: a number with zeros behind it, too."""
    text = value.strip().lower()
    found = {text, *_otherwise(text)}
    if _NUMBER.fullmatch(text) and "." not in text.rstrip("0").rstrip("."):
        found |= {f"{whole}{zeros}" for whole in set(found) for zeros in _DECIMALS
                  if "." not in whole and "e" not in whole}  # fmt: skip
    return frozenset(found)


def is_printed(value: str) -> bool:
    """Return whether engines print what a value says in several ways: a number, a yes or no."""
    return _NUMBER.fullmatch(value.strip()) is not None or truth(value) is not None


def truth(value: str) -> bool | None:
    """Return what a word for yes or no says; None for any other."""
    word = value.strip().lower()
    if _NUMBER.fullmatch(word):
        return {1.0: True, -1.0: True, 0.0: False}.get(float(word))
    yes, no = ({pair[i] for pair in _YES_NO} for i in (0, 1))
    return True if word in yes else False if word in no else None


@cache
def _spellings(levels: tuple[str, ...]) -> Spellings:
    tidy = _apart(levels, tidy=True, numeric=False)
    answers = _yes_and_no(levels) if tidy else {}
    numbers = bool(answers) or any(_NUMBER.fullmatch(level.strip(" ")) for level in levels)
    numeric = tidy and numbers and _apart(levels, tidy=True, numeric=True)
    codes = {_key(level, tidy, numeric): code for code, level in enumerate(levels)}
    for code, level in enumerate(levels):
        for other in _otherwise(level) if tidy else ():
            codes.setdefault(_key(other, tidy, numeric), code)
    for word, code in answers.items():
        codes.setdefault(_key(word, tidy, numeric), code)
    return Spellings(levels, tidy, numeric, codes)


def _key(written: str, tidy: bool, numeric: bool) -> str:
    key = written.strip(" ").lower() if tidy else written
    if numeric and "." in key:
        key = key.rstrip("0").rstrip(".")
    return "0" + key.lstrip("0") if numeric and key.startswith("0") else key


def _apart(levels: Sequence[str], *, tidy: bool, numeric: bool) -> bool:
    keys = [_key(level, tidy, numeric) for level in levels]
    plain = {key.removeprefix("0") for key in keys} if numeric else set(keys)
    return len(plain) == len(levels)


def _yes_and_no(levels: Sequence[str]) -> dict[str, int]:
    """Return the words for yes and for no, where these are what the levels say."""
    said = {level.strip(" ").lower(): code for code, level in enumerate(levels)}
    said = {word: code for word, code in said.items() if not is_no_answer(word)}
    yes, no = next((pair for pair in _YES_NO if set(pair) == said.keys()), ("", ""))
    if not yes:
        return {}
    words = {no_word: said[no] for _, no_word in _YES_NO}
    return words | {yes_word: said[yes] for yes_word, _ in _YES_NO}


def _otherwise(level: str) -> Iterator[str]:
    """Yield how engines print the same number or moment."""
    text = level.strip(" ").lower()
    # Not every engine can lower letters beyond ASCII.
    yield "".join(letter.lower() if letter.isascii() else letter for letter in level)
    if _NUMBER.fullmatch(text):
        yield from _numbers(text)
    if moment := _MOMENT.fullmatch(text):
        yield from _moments(*moment.groups())


def _numbers(text: str) -> Iterator[str]:
    sign, digits = text[: text.startswith("-")], text.lstrip("-")
    whole, _, fraction = digits.partition(".")
    whole, fraction = whole.lstrip("0"), fraction.rstrip("0")
    point = f".{fraction}" if fraction else ""
    for zeros in ("", "0"):
        if whole + zeros + point:
            yield f"{sign}{zeros}{whole}{point}"
    if abs(float(text)) >= _EXPONENTS_FROM:
        mantissa, _, exponent = f"{Decimal(text).normalize():e}".partition("e")
        pointed = mantissa if "." in mantissa else f"{mantissa}.0"
        yield f"{mantissa}e{int(exponent):+03d}"  # C
        yield f"{pointed}e{int(exponent):+03d}"  # SQLite
        yield f"{pointed}e{int(exponent)}"  # Java


def _moments(day: str, clock: str | None, fraction: str | None, zone: str | None) -> Iterator[str]:
    """Yield a day as the midnight that it begins with, and moments with the marks of engines."""
    fractions = [fraction.rstrip("0")] if fraction and fraction.strip(".0") else []
    whole = clock in (None, "00:00:00") and not fractions
    if whole:
        yield day
    for between in (" ", "t"):
        for seconds in fractions or ("", ".0", ".000000", ".0000000"):
            for offset in ("", "z", "+00", "+00:00", "+0000") if zone or whole else ("",):
                yield f"{day}{between}{clock or '00:00:00'}{seconds}{offset}"
