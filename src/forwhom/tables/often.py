"""How often, in words: "Every three months" is rarer than "More than once a week"."""

import re
from collections.abc import Sequence
from functools import cache

from forwhom.tables.answers import Wording, any_of, wordings

#: Times a year; a step of "seldom" comes before everything that says how often.
_A_YEAR = {
    "hour": 8766.0, "day": 365.25, "week": 52.18, "fortnight": 26.09, "month": 12.0,
    "quarter": 4.0, "half": 2.0, "year": 1.0,
}  # fmt: skip
_NUMBERS = {"once": 1.0, "twice": 2.0, "three": 3.0, "four": 4.0, "six": 6.0, "several": 3.5}
_NEVER, _SELDOM, _ALWAYS = 0.0, 1e-3, 1e5

#: Times a year, and whether more or less than that.
Rate = tuple[float, int]


def often_ranks(levels: Sequence[str]) -> list[Rate] | None:
    """Rank answers that say how often; at least two must name a period."""
    for language in wordings():
        found = [_rate(level, language) for level in levels]
        rates = [rate for rate in found if rate is not None]
        named = sum(_SELDOM < rate[0] < _ALWAYS for rate in rates)
        if len(rates) == len(levels) and named >= 2:
            return rates
    return None


def _rate(text: str, language: Wording) -> Rate | None:
    words = language.often
    for name, rate in (("never", _NEVER), ("seldom", _SELDOM), ("always", _ALWAYS)):
        if text in words[name]:
            return rate, 0
    patterns = _patterns(language.no_answer, tuple(sorted(words.items())))
    text = patterns["about"].sub("", text).strip()
    sign = 0
    for side, value in (("more", 1), ("less", -1), ("more_after", 1), ("less_after", -1)):
        bare = patterns[side].sub("", text).strip()
        if bare != text:
            # "once a week or more" begins where "more than once a week" does.
            text, sign = bare, value
            break
    times = _times_a_year(text, patterns, words)
    return None if times is None else (times, sign)


def _times_a_year(
    text: str, patterns: dict[str, re.Pattern[str]], words: dict[str, tuple[str, ...]]
) -> float | None:
    if match := patterns["every"].fullmatch(text):
        a_year = _period(match["period"], words)
        number = 2.0 if match["other"] else _number(match["number"], words, 1.0)
        # "Every few days" is a number of days; "every day" is one.
        return a_year / number if number else None
    if match := patterns["count"].fullmatch(text):
        return _number(match["number"], words, 1.0) * _period(match["period"], words)
    if match := patterns["period"].fullmatch(text):
        return _period(match["period"], words)
    return None


def _period(word: str, words: dict[str, tuple[str, ...]]) -> float:
    return next(rate for name, rate in _A_YEAR.items() if word in words[name])


def _number(text: str | None, words: dict[str, tuple[str, ...]], otherwise: float) -> float:
    if not text:
        return otherwise
    found = [float(part) for part in re.findall(r"\d+", text)]
    if not found:
        found = [n for name, n in _NUMBERS.items() if any(w in text for w in words[name])]
    return sum(found) / len(found) if found else otherwise


@cache
def _patterns(
    _: frozenset[str], items: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, re.Pattern[str]]:
    words = dict(items)
    period = f"(?P<period>{any_of([w for name in _A_YEAR for w in words[name]])})"
    spelled = any_of([w for name in _NUMBERS for w in words[name]])
    times = any_of(words["times"])
    per = any_of(words["per"])
    joined = rf"(?:\d+\s*(?:-|/|{any_of(['to', 'or', 'bis', 'oder', 'à', 'ou', 'a', 'o'])})\s*)?"
    number = rf"(?P<number>{joined}\d+|{spelled}(?:\s*(?:-|to|or|oder|ou|o)\s*{spelled})?)"
    every = any_of(words["every"])
    other = rf"(?P<other>{any_of(words['other'])}\s+)?"
    return {
        "about": re.compile(rf"^{any_of(words['about'])}\s+"),
        "more": re.compile(rf"^{any_of(words['more'])}\s*"),
        "less": re.compile(rf"^{any_of(words['less'])}\s*"),
        "more_after": re.compile(rf"(?:\s+{any_of(words['more_after'])}|\+)$"),
        "less_after": re.compile(rf"\s+{any_of(words['less_after'])}$"),
        "every": re.compile(rf"{every}\s+{other}(?:{number}\s+)?{period}"),
        "count": re.compile(rf"{number}\s*(?:{times}\s*)?(?:(?:{per}|/)\s*)?{period}"),
        "period": re.compile(rf"(?:{every}\s+)?{period}"),
    }
