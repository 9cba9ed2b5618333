"""The order of levels: natural order, and the scales that words and bands reveal."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from forwhom.tables.lexicon import INTENSITY, NO_ANSWER, SCALES

_NUMBER = r"(\d+(?:[.,]\d+)*)\s*(k|m|bn|thousand|million)?"
_SCALE = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9}
_UNIT = (
    r"(?:\s*(?:years?|yrs?|y|employees|people|persons?|days?|weeks?|months?|hours?|times?|old))*"
)
_BELOW = re.compile(
    rf"(?:under|below|less than|up to|fewer than|younger than|<=?|≤)\s*{_NUMBER}{_UNIT}"
)
_OVER = re.compile(
    rf"(?:over|above|more than|at least|older than|>=?|≥)\s*{_NUMBER}{_UNIT}"
    rf"|{_NUMBER}{_UNIT}\s*(?:\+|and (?:up|over|above|more|older)|or (?:more|older|over|above))"
    rf"{_UNIT}"
)
_BETWEEN = re.compile(rf"{_NUMBER}\s*(?:-|to|bis|\.\.+|and)\s*{_NUMBER}{_UNIT}")
_PLAIN = re.compile(rf"{_NUMBER}{_UNIT}")
_NUMBERED = re.compile(r"\(?(\d{1,2})\s*[.):=-]*\s+\D.*|(\d{1,2})\s*[.):=]\s*\D.*")


def level_name(value: object) -> str:
    """Return how a raw value is written as a level; the same on every engine."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def natural_order(levels: Sequence[str]) -> tuple[str, ...]:
    """Return levels sorted as a person would: numbers by value, "Week 2" before "Week 10"."""
    try:
        return tuple(sorted(levels, key=lambda level: (float(level), level)))
    except ValueError:
        return tuple(sorted(levels, key=_natural_key))


def _natural_key(level: str) -> tuple[list[tuple[int, float, str]], str]:
    parts = re.split(r"(\d+)", level.casefold())
    return [(1, float(p), "") if p.isdecimal() else (2, 0.0, p) for p in parts if p], level


def is_no_answer(level: str) -> bool:
    """Return whether a level says that there is no answer, such as "Prefer not to say"."""
    return _normal(level) in NO_ANSWER


def recognized_order(levels: Sequence[str], *, least: int = 3) -> tuple[str, ...] | None:
    """Return levels in the order that their words or bands reveal, lowest first."""
    answers = [level for level in dict.fromkeys(levels) if not is_no_answer(level)]
    if len(answers) < least:
        return None
    for ranks in (_band_ranks, _numbered_ranks, _scale_ranks, _intensity_ranks):
        found = ranks(answers)
        if found is not None and len(set(found)) == len(found):
            return tuple(level for _, level in sorted(zip(found, answers, strict=True)))
    return None


def _normal(level: str) -> str:
    text = level.casefold().replace("’", "'").replace("–", "-").replace("—", "-")
    text = re.sub(r"[$€£¥\"“”]", "", text)
    text = re.sub(r"[,;:.!?]+(?=\s|$)|(?<=\s)[,;:.!?]+", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def _band_ranks(levels: Sequence[str]) -> list[tuple[float, float]] | None:
    """Rank bands by lower and upper bound; a list of bare numbers is no list of bands."""
    bands = [_band(_normal(level)) for level in levels]
    if any(band is None for band in bands):
        return None
    found = [band for band in bands if band is not None]
    real = sum(low != high for low, high in found)
    by_low = sorted(found)
    disjoint = all(a[1] <= b[0] for a, b in pairwise(by_low))
    return found if real and disjoint else None


def _band(text: str) -> tuple[float, float] | None:
    if text in ("none", "zero", "nothing"):
        return 0.0, 0.0
    if match := _BELOW.fullmatch(text):
        return -math.inf, _value(match[1], match[2])
    if match := _OVER.fullmatch(text):
        groups = match[1] and (match[1], match[2])
        number, unit = groups or (match[3], match[4])
        return _value(number, unit), math.inf
    if match := _BETWEEN.fullmatch(text):
        high = _value(match[3], match[4])
        low = _value(match[1], match[2] or (match[4] if _value(match[1], None) < 1000 else None))
        return (low, high) if low < high else None
    if match := _PLAIN.fullmatch(text):
        value = _value(match[1], match[2])
        return value, value
    return None


def _value(number: str, unit: str | None) -> float:
    groups = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number)
    plain = re.sub(r"[.,]", "", number) if groups else number.replace(",", ".")
    try:
        return float(plain) * _SCALE.get(unit or "", 1.0)
    except ValueError:
        return math.nan


def _numbered_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank levels that start with their number, such as "1 Extremely well"."""
    numbers = [_NUMBERED.fullmatch(level.strip()) for level in levels]
    found = [float(match[1] or match[2]) for match in numbers if match is not None]
    if len(found) < len(levels) or max(found) - min(found) > len(found) + 1:
        return None
    return found


def _scale_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank levels that all belong to one known scale."""
    texts = [_normal(level) for level in levels]
    for scale in SCALES:
        ranks = {word: float(i) for i, words in enumerate(scale) for word in words}
        if all(text in ranks for text in texts):
            return [ranks[text] for text in texts]
    return None


def _intensity_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank "not at all proud", "somewhat proud", "very proud": same word, other intensity."""
    pairs = [_intensity(_normal(level)) for level in levels]
    found = [pair for pair in pairs if pair is not None]
    stems = {stem for _, stem in found if stem}
    if len(found) < len(levels) or len(stems) > 1:
        return None
    return [rank for rank, _ in found]


def _intensity(text: str) -> tuple[float, str] | None:
    """Return rank and what is left: ("not too well") -> (1, "well")."""
    if match := re.fullmatch(r"not (.+) at all", text):
        return 0.0, match[1]
    for rank, phrases in enumerate(INTENSITY):
        for phrase in phrases:
            if text == phrase:
                return float(rank), ""
            if text.startswith(phrase + " "):
                return float(rank), text.removeprefix(phrase + " ")
    return None
