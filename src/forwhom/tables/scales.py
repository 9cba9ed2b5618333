"""Scales, counts and codes among few whole numbers: told from evidence, neighbors together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from forwhom.tables import lexicon
from forwhom.tables.summaries import Summary, name_words
from forwhom.wording import count

#: Whole numbers with at most this many values can be codes or steps of a scale.
FEW = 12
#: A scale has at most this many steps between its ends: 0 to 10, -5 to 5.
_WIDEST = 10
#: So many neighbors with the same range are a battery of questions.
_BATTERY = 3
#: Of a scale, at least this share of the steps between the ends was chosen by somebody.
_FILLED = 0.6
#: A level with a smaller part of both its neighbors is a gap, which codes have and scales do not.
_GAP = 0.15
_GAP_ROWS = 20
#: Counts end in a tail: the largest number has at most this part of the most frequent one ...
_TAIL = 0.2
#: ... which stands in this lower part of the range.
_LOW = 0.4

_QUESTION = re.compile(r"(q|v|item|frage|question|f)_?\d+\w*")


class Scale(NamedTuple):
    """Steps of a rating scale, and how they were told."""

    levels: tuple[str, ...]
    why: str


def few_numbers(s: Summary) -> bool:
    """Return whether a column holds few whole numbers, all of them known."""
    return s.type == "number" and s.whole and s.complete and 3 <= s.distinct <= FEW


def rating_scales(summaries: Sequence[Summary]) -> dict[str, Scale]:
    """Return the columns of a table that are rating scales; neighbors decide together."""
    found: dict[str, Scale] = {}
    for battery in _batteries(summaries):
        fits = [_steps(s) for s in battery]
        if 2 * sum(fits) < len(battery):
            continue
        low, high = int(min(s.low for s in battery)), int(max(s.high for s in battery))
        beside = len(battery) - 1
        for s in battery:
            why = _told(s, beside, fits[battery.index(s)])
            levels = tuple(str(v) for v in range(low, high + 1))
            found[s.name] = Scale(levels, f"whole numbers{_ends(s)}{why}")
    return found


def _ends(s: Summary) -> str:
    """Say between which steps answers are; what few chose is not told."""
    often = [int(float(level)) for level in s.counts if level not in s.rare]
    return f" from {min(often)} to {max(often)}" if often else ""


def named_count(s: Summary) -> bool:
    """Return whether a name says that something was counted or measured."""
    tokens = set(s.tokens)
    return bool(tokens & lexicon.COUNT_WORDS) and not tokens & lexicon.RATING_WORDS


def named_codes(s: Summary) -> bool:
    """Return whether a name says that whole numbers are codes."""
    tokens = set(s.tokens)
    counted = lexicon.RATING_WORDS | lexicon.COUNT_WORDS | lexicon.RATE_WORDS
    return bool(tokens & (lexicon.CODE_WORDS | lexicon.STRICT_CODE_WORDS)) and not tokens & counted


def _may_be_scale(s: Summary) -> bool:
    calendar = set(s.tokens) & lexicon.CALENDAR_WORDS
    if not few_numbers(s) or calendar or named_codes(s) or named_count(s):
        return False
    span = s.high - s.low
    return span <= _WIDEST and s.high <= _WIDEST and s.distinct >= _FILLED * (span + 1)


def _batteries(summaries: Sequence[Summary]) -> Iterator[list[Summary]]:
    """Yield columns that stand together and have the same range; most stand alone."""
    runs = groupby(summaries, key=lambda s: (_may_be_scale(s), s.low, s.high))
    alike = [list(run) for (may_be, *_), run in runs if may_be]
    stems: dict[str, list[list[Summary]]] = {}
    for run in alike:
        stems.setdefault(_stem(run[0].name), []).append(run)
    joined: list[list[Summary]] = []
    for run in alike:
        # A question of which nobody chose an end belongs to the battery that it is numbered in.
        home = max(stems[_stem(run[0].name)], key=len)
        others = sum(len(one) for one in stems[_stem(run[0].name)] if one is not home)
        inside = home[0].low <= run[0].low and run[0].high <= home[0].high
        if run is not home and len(home) >= max(_BATTERY, others) and inside:
            home.extend(run)
        else:
            joined.append(run)
    yield from joined


def _stem(name: str) -> str:
    return re.sub(r"[\W_]*\d+[\W_]*[a-z]?$", "", name.casefold()) or name.casefold()


def _steps(s: Summary) -> bool:
    """Return whether few whole numbers are steps of a scale rather than counts or codes."""
    return bool(_word(s)) or not (falls_off(s) or has_gap(s))


def falls_off(s: Summary) -> bool:
    """Return whether numbers rise to an early peak and thin out from there, as counts do."""
    if s.low not in (0, 1):
        return False
    values = [s.counts.get(str(v), 0) for v in range(int(s.low), int(s.high) + 1)]
    peak = values.index(max(values))
    slack = max(values) ** 0.5  # chance makes small steps up
    falling = all(b <= a + slack for a, b in pairwise(values[peak:]))
    rising = all(a <= b + slack for a, b in pairwise(values[: peak + 1]))
    early = peak <= _LOW * (len(values) - 1)
    return early and rising and falling and values[-1] <= _TAIL * max(values)


def has_gap(s: Summary) -> bool:
    """Return whether a number between two frequent ones is rare."""
    values = [s.counts.get(str(v), 0) for v in range(int(s.low), int(s.high) + 1)]
    return any(
        min(before, after) >= _GAP_ROWS and here < _GAP * min(before, after)
        for before, here, after in zip(values, values[1:], values[2:], strict=False)
    )


def _word(s: Summary) -> str:
    """Return the word of a name or label that tells of ratings."""
    rating = lexicon.RATING_WORDS | lexicon.BASIS_WORDS["psychographic"]
    for words in (s.tokens, name_words(s.label)):
        told = [word for word in words if word in rating]
        if told:
            return told[0]
    return ""


def _told(s: Summary, beside: int, fits: bool) -> str:
    word = _word(s)
    if beside + 1 >= _BATTERY:
        why = f", as in {count(beside, 'column')} beside it: a rating scale"
    elif word:
        why = f", and {word!r} tells of a rating: a rating scale"
    elif _QUESTION.fullmatch(s.name.lower()):
        why = ", the answers to a question: a rating scale"
    else:
        why = ", steps of a scale: they do not thin out as counts do"
        why += "; if they are codes, 'measure: nominal'"
    if s.low == 0 and s.high in (5, 7) and fits and beside + 1 >= _BATTERY:
        why += "; if 0 is no answer, 'missing: [0]'"
    return why
