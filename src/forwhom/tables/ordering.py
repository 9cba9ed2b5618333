"""The order of levels: natural order, and the scales that words and bands reveal."""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from forwhom.tables.answers import Scale, wordings
from forwhom.tables.bands import band_ranks
from forwhom.tables.often import often_ranks

#: Labels of the ends of a scale whose steps between are bare numbers.
_MOST_LABELED = 3
_NUMBERED = re.compile(r"[(\[]?([-+]?\d{1,2})(?:[)\]]?\s*[.):=\]-]+\s*\D.*|[)\]]?\s+\D.*|[)\].]?)")
_NUMBERED_AFTER = re.compile(r"(?:.*[^\d\s+-])?[\s:=(]*([-+]?\d{1,2})\)?")


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
    return normal(level) in _no_answers()


@cache
def _no_answers() -> frozenset[str]:
    return frozenset(normal(word) for language in wordings() for word in language.no_answer)


def recognized_order(levels: Sequence[str], *, least: int = 3) -> tuple[str, ...] | None:
    """Return levels in the order that their words or bands reveal, lowest first."""
    answers = [level for level in dict.fromkeys(levels) if not is_no_answer(level)]
    if len(answers) < least:
        return None
    texts = [normal(level) for level in answers]
    # Hyphens and points between words say nothing: "Some-college", "high.school".
    spaced = [_spaced(text) for text in texts]
    tries = (
        (band_ranks, texts), (often_ranks, texts), (often_ranks, spaced), (_numbered_ranks, texts),
        (_star_ranks, texts), (_scale_ranks, texts), (_scale_ranks, spaced),
        (_intensity_ranks, texts), (_scale_ranks, _without_shared(spaced)),
    )  # fmt: skip
    for ranks, said in tries:
        found = ranks(said)
        if found is not None and len(set(found)) == len(found):
            return tuple(level for _, level in sorted(zip(found, answers, strict=True)))
    return None


def normal(level: str) -> str:
    """Return a level in small letters, without the signs that mean nothing in it."""
    text = level.casefold().replace("’", "'").replace("–", "-").replace("—", "-")
    text = text.replace("−", "-")
    text = re.sub(r"[$€£¥\"“”]", "", text)
    text = re.sub(r"[,;:.!?]+(?=\s|$)|(?<=\s)[,;:.!?]+", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def _numbered_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank levels that carry their number, such as "1 Extremely well" or "I love it!+5"."""
    bare = sum(re.fullmatch(r"[-+]?\d{1,2}", level) is not None for level in levels)
    if bare == len(levels):
        return None
    for pattern in (_NUMBERED, _NUMBERED_AFTER):
        numbers = [pattern.fullmatch(level) for level in levels]
        found = [float(match[1]) for match in numbers if match is not None]
        if len(found) < len(levels) or max(found) - min(found) > len(found) + 1:
            continue
        # "Store 1", "Store 2" are names: a number at the end is a step where most stand alone.
        if pattern is _NUMBERED or 0 < len(levels) - bare <= min(_MOST_LABELED, bare):
            return found
    return None


def _star_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank stars by their number."""
    if not all(re.fullmatch(r"[★⭐*✩☆]+", level) for level in levels):
        return None
    return [float(sum(sign in "★⭐*" for sign in level)) for level in levels]


def _scale_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank levels that all belong to one known scale, of one language or of two."""
    if not levels:
        return None
    for kind in dict.fromkeys(kind for language in wordings() for kind in language.scales):
        for language in wordings():
            scale = language.scales.get(kind, ())
            ranks = _ranks(scale)
            if all(text in ranks for text in levels):
                return [ranks[text] for text in levels]
    return None


@cache
def _ranks(scale: Scale) -> dict[str, float]:
    said = {normal(word): float(i) for i, words in enumerate(scale) for word in words}
    return said | {_spaced(word): rank for word, rank in said.items()}


def _spaced(text: str) -> str:
    return re.sub(r"(?<=[^\W\d])[-._/](?=[^\W_])", " ", text)


def _without_shared(levels: Sequence[str]) -> list[str]:
    """Take off the words that every level has: "Low income", "High income" are low and high."""
    words = [level.split() for level in levels]
    shared = set(words[0]).intersection(*words[1:])
    bare = [" ".join(word for word in own if word not in shared) for own in words]
    return bare if shared and all(bare) else []


def _intensity_ranks(levels: Sequence[str]) -> list[float] | None:
    """Rank "not at all proud", "somewhat proud", "very proud": same word, other intensity."""
    for language in wordings():
        pairs = [_intensity(level, language.intensity) for level in levels]
        found = [pair for pair in pairs if pair is not None]
        stems = {stem for _, stem in found if stem}
        if len(found) == len(levels) and len(stems) <= 1:
            return [rank for rank, _ in found]
    return None


def _intensity(text: str, known: Scale) -> tuple[float, str] | None:
    """Return rank and what is left: ("not too well") -> (1, "well")."""
    if match := re.fullmatch(r"not (.+) at all", text):
        return 0.0, match[1]
    for rank, phrases in enumerate(known):
        for phrase in map(normal, phrases):
            if text == phrase:
                return float(rank), ""
            if text.startswith(phrase + " "):
                return float(rank), text.removeprefix(phrase + " ")
    return None
