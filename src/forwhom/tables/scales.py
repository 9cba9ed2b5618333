"""Scales, counts and codes among few whole numbers: told from evidence, neighbors together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import NamedTuple

from forwhom.tables import lexicon
from forwhom.tables.answers import wordings
from forwhom.tables.summaries import Summary, name_words
from forwhom.wording import count, listed

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

_ATTITUDES = (
    "frequency", "period", "agreement", "satisfaction", "likelihood", "importance", "truth",
)  # fmt: skip
_STRONG = ("not at all", "not too ", "not very ", "extremely ", "strongly ")

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
        low, high = _first_step(battery), int(max(s.high for s in battery))
        beside = len(battery) - 1
        for s in battery:
            why = _told(s, beside, fits[battery.index(s)])
            levels = tuple(str(v) for v in range(low, high + 1))
            few = _few(s, levels)
            found[s.name] = Scale(
                levels, "".join([f"whole numbers from {low} to {high}", why, few])
            )
    return found


def is_answer_scale(levels: Sequence[str]) -> bool:
    """Return whether levels are steps of a scale: what is offered tells of nobody who chose it.

    Examples
    --------
    >>> is_answer_scale(["1", "2", "3"]), is_answer_scale(["Disagree", "Agree"])
    (True, True)
    >>> is_answer_scale(["primary", "secondary"])
    False
    """
    steps = all(re.fullmatch(r"-?\d{1,2}", level) for level in levels)
    return steps or all(is_answer(level) for level in levels)


def is_answer(level: str) -> bool:
    """Return whether a level says how much somebody agrees, likes, or how often they do."""
    plain = _plain(level)
    return plain in _words_of_attitudes() - {"none", "no"} or is_strong_answer(level)


def is_strong_answer(level: str) -> bool:
    """Return whether a level is the end of a scale in its words alone, such as "not at all"."""
    plain = _plain(level)
    return plain.startswith(_STRONG) or plain.endswith(" at all")


def _plain(level: str) -> str:
    return re.sub(r"^\d+\W*|,", "", level.casefold())


@cache
def _words_of_attitudes() -> frozenset[str]:
    scales = [language.scales.get(kind, ()) for language in wordings() for kind in _ATTITUDES]
    return frozenset(word for scale in scales for step in scale for word in step)


def _first_step(battery: Sequence[Summary]) -> int:
    """Return where a scale begins: at 1, too, where answers begin a little above it.

    A word, a question or neighbors must tell that it is a scale that people were given.
    """
    low, high = int(min(s.low for s in battery)), int(max(s.high for s in battery))
    asked = any(_word(s) or _QUESTION.fullmatch(s.name.lower()) for s in battery)
    little = low > 1 and high - low + 1 >= _FILLED * high
    return 1 if little and (asked or len(battery) >= _BATTERY) else low


def _few(s: Summary, levels: Sequence[str]) -> str:
    """Say which steps few or none chose; how many did is not told."""
    often = set(s.counts) - s.rare
    few = [level for level in levels if level not in often]
    return f"; few or none chose {listed(few, last='or')}" if few and often else ""


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
    """Yield columns that stand together and are on one scale; most stand alone."""
    runs = groupby(summaries, key=lambda s: (_may_be_scale(s), s.low, s.high))
    stems: dict[str, list[list[Summary]]] = {}
    for run in (list(run) for (may_be, *_), run in runs if may_be):
        stems.setdefault(_stem(run[0].name), []).append(run)
    for alike in stems.values():
        together = [s for run in alike for s in run]
        if _one_scale(together):
            yield together
        else:
            yield from _joined(alike)


def _one_scale(columns: Sequence[Summary]) -> bool:
    """Return whether questions of one stem share a scale; some may lack an end of it."""
    low, high = min(s.low for s in columns), max(s.high for s in columns)
    whole = sum((s.low, s.high) == (low, high) for s in columns)
    filled = all(s.high - s.low + 1 >= _FILLED * (high - low + 1) for s in columns)
    return len(columns) >= _BATTERY and whole >= 2 and filled and high - low <= _WIDEST


def _joined(runs: Sequence[list[Summary]]) -> Iterator[list[Summary]]:
    """Yield runs of one stem; one of which nobody chose an end belongs to the largest."""
    home = max(runs, key=len)
    others = sum(len(one) for one in runs if one is not home)
    joined = list(home)
    for run in (run for run in runs if run is not home):
        inside = home[0].low <= run[0].low and run[0].high <= home[0].high
        if len(home) >= max(_BATTERY, others) and inside:
            joined.extend(run)
        else:
            yield run
    yield joined


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
