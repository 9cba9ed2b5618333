"""Bands of numbers in words: "Under 18", "18 bis 24", "65 et plus"."""

import math
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from forwhom.tables.answers import any_of, wordings

_NUMBER = r"(-?\d+(?:[.,' ]?\d+)*)\s*(k|tsd|m|mio|bn|thousand|million|mil)?"
_SCALE = {
    "k": 1e3, "thousand": 1e3, "tsd": 1e3, "mil": 1e3, "m": 1e6, "mio": 1e6, "million": 1e6,
    "bn": 1e9,
}  # fmt: skip
#: As pandas, SQL and statistics programs write bands: (25, 30], [25;30[, 25 <= x < 30.
_BRACKETS = re.compile(rf"[\[\](]\s*{_NUMBER}\s*[,;:\s-]\s*{_NUMBER}\s*[\[\])]")

Band = tuple[float, float]


class _Patterns(NamedTuple):
    """The forms of a band in one language."""

    below: re.Pattern[str]
    over: re.Pattern[str]
    between: re.Pattern[str]
    plain: re.Pattern[str]
    none: frozenset[str]


def band_ranks(levels: Sequence[str]) -> list[Band] | None:
    """Rank bands by lower and upper bound; a list of bare numbers is no list of bands."""
    for patterns in _patterns():
        bands = [_band(level, patterns) for level in levels]
        found = [band for band in bands if band is not None]
        if len(found) < len(levels):
            continue
        real = sum(low != high for low, high in found)
        by_low = sorted(found)
        disjoint = all(a[1] <= b[0] for a, b in pairwise(by_low))
        if real and disjoint:
            return found
    return None


@cache
def _patterns() -> tuple[_Patterns, ...]:
    return tuple(_forms(language.bands) for language in wordings())


def _forms(words: dict[str, tuple[str, ...]]) -> _Patterns:
    word = any_of(words["units"])
    before, unit = rf"(?:{word}\s*)*", rf"(?:\s*{word}\b\.?)*"
    below, over = any_of(words["below"]), any_of(words["over"])
    over_after = rf"(?:\+|\b{any_of(words['over_after'])})"
    below_after = any_of(words["below_after"])
    return _Patterns(
        re.compile(
            rf"{before}(?:(?:{below}|<=?|≤)\s*{_NUMBER}{unit}|{_NUMBER}{unit}\s+{below_after}{unit})"
        ),
        re.compile(
            rf"{before}(?:(?:{over}|>=?|≥)\s*{_NUMBER}{unit}|{_NUMBER}{unit}\s*{over_after}{unit})"
        ),
        re.compile(
            rf"{before}(?:{over}\s+)?{_NUMBER}{unit}\s*(?:-|_|\.\.+|{any_of(words['between'])})\s*"
            rf"(?:<\s*)?{_NUMBER}{unit}"
        ),
        re.compile(rf"{before}{_NUMBER}{unit}"),
        frozenset(words["none"]),
    )


def _band(text: str, patterns: _Patterns) -> Band | None:
    bare = re.sub(r"^(?:no|kein\w*|aucun\w*|ningun\w*|sin|pas d[e'])\s+\w+$", "none", text)
    if text in patterns.none or bare == "none":
        return 0.0, 0.0
    if match := _BRACKETS.fullmatch(text):
        low, high = _value(match[1], match[2]), _value(match[3], match[4])
        return (low, high) if low < high else None
    if match := patterns.below.fullmatch(text):
        number, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        return -math.inf, _value(number, unit)
    if match := patterns.over.fullmatch(text):
        number, unit = (match[1], match[2]) if match[1] else (match[3], match[4])
        return _value(number, unit), math.inf
    if match := patterns.between.fullmatch(text):
        high = _value(match[3], match[4])
        low = _value(match[1], match[2] or (match[4] if _value(match[1], None) < 1000 else None))
        return (low, high) if low < high else None
    if match := patterns.plain.fullmatch(text):
        value = _value(match[1], match[2])
        return value, value
    return None


def _value(number: str, unit: str | None) -> float:
    groups = re.fullmatch(r"-?\d{1,3}(?:[.,' ]\d{3})+", number)
    plain = re.sub(r"[.,' ]", "", number) if groups else number.replace(",", ".")
    try:
        return float(plain) * _SCALE.get(unit or "", 1.0)
    except ValueError:
        return math.nan
