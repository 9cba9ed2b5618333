"""What a variable is, judged from its name and a summary of its values; no engine needed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from forwhom.documents.protected import answered, named
from forwhom.tables import lexicon
from forwhom.tables.business import Meaning, meaning_of
from forwhom.tables.choices import is_other_text, taken_apart
from forwhom.tables.ordering import is_no_answer, natural_order, recognized_order
from forwhom.tables.outcomes import assigned, outcome
from forwhom.tables.personal import IDENTIFYING, Personal, personal_kind, why_personal
from forwhom.tables.scales import (
    FEW,
    Scale,
    few_numbers,
    has_gap,
    is_answer,
    is_strong_answer,
    named_codes,
    named_count,
    rating_scales,
)
from forwhom.tables.summaries import THRESHOLD, Summary, name_words
from forwhom.tables.toolmarks import tool_columns
from forwhom.wording import number, percent

if TYPE_CHECKING:
    from forwhom.documents.base import Basis, Criterion, Measure, Role, Use

#: Text with more levels than this does not form segments.
MOST_TEXT_LEVELS = 60

_CONTINUOUS_WORDS = frozenset(
    {"share", "ratio", "rate", "percent", "percentage", "pct", "proportion", "score"}
)
#: A name of so many words is a question.
WORDS_OF_A_QUESTION = 4
#: The label of sampling weights is no question.
_MOST_WORDS_OF_A_WEIGHT = 3
#: Half stars: steps of one half up to this.
_MOST_STARS = 10
#: Numbers of which each holds so much several times, or is nothing, are sums of money.
_ROUND = 50


@dataclass(frozen=True)
class Inference:
    """What a variable seems to be."""

    measure: Measure | None  # ``None`` for what cannot be a variable
    use: Use  # what it is for
    basis: Basis | None  # what it says about a customer; ``None`` when neither name nor values tell
    levels: tuple[str, ...]  # levels in order, for discrete variables with an order
    why: str  # plain sentence
    role: Role | None = None  # what it is in the business
    criterion: Criterion | None = None  # which criterion of separate segments it speaks to
    personal: Personal | None = None  # which personal data it holds; these are never shown
    of_tool: bool = False  # a tool wrote down how a response came in


@dataclass(frozen=True)
class _Measured:
    measure: Measure | None
    why: str
    levels: tuple[str, ...] = ()
    use: Use | None = None


def infer_all(summaries: Sequence[Summary]) -> list[Inference]:
    """Infer what each column of a table is; neighbors with the same range decide together."""
    scales = rating_scales(summaries)
    tool = tool_columns([summary.name for summary in summaries])
    apart = taken_apart([summary.name for summary in summaries])
    return [
        _taken_apart() if summary.name in apart else _judged(summary, scales, summary.name in tool)
        for summary in summaries
    ]


def _taken_apart() -> Inference:
    why = "All answers that were chosen; each has a column of its own beside it."
    return Inference(None, "ignore", None, (), why)


def _judged(summary: Summary, scales: Mapping[str, Scale], of_tool: bool) -> Inference:
    personal = personal_kind(summary)
    if personal is not None:
        use: Use = "id" if personal in IDENTIFYING else "ignore"
        why = why_personal(summary, personal)
        return Inference(None, use, None, (), why, personal=personal, of_tool=of_tool)
    if summary.type == "text" and is_other_text(summary.name, summary.label):
        why = "What people wrote beside 'other'; not used."
        return Inference(None, "text", None, (), why)
    found = infer(summary, scales)
    if of_tool and found.use not in ("id", "weight"):
        why = "The tool that took the answers wrote it down; it is no answer."
        return Inference(None, "ignore", None, (), why, of_tool=True)
    return replace(found, of_tool=of_tool)


def infer(summary: Summary, scales: Mapping[str, Scale] | None = None) -> Inference:
    """Infer how a variable was measured, what it says and what it is for.

    ``scales`` are the rating scales of its table; left out: it is judged by itself.
    """
    useless = _useless(summary)
    if useless is not None:
        return useless
    scales = rating_scales([summary]) if scales is None else scales
    measured = _measure(summary, scales.get(summary.name))
    basis, clue = _basis(summary)
    if measured.measure is None:
        return Inference(None, measured.use or "text", basis, (), _sentence(measured.why))
    use, reason = _use(summary, basis, clue)
    meaning = Meaning()
    if use in ("active", "descriptor") and basis not in lexicon.NOT_BUSINESS:
        meaning = meaning_of(summary.tokens, measured.measure)
        if meaning == Meaning() and summary.label:
            meaning = meaning_of(name_words(summary.label), measured.measure)
    if use == "active":
        use, reason, meaning = _kept_out(summary, measured, reason, meaning)
    why = "; ".join(part for part in (measured.why, reason, meaning.why) if part)
    return Inference(
        measured.measure, use, basis, measured.levels, _sentence(why), meaning.role,
        meaning.criterion,
    )  # fmt: skip


def _kept_out(
    s: Summary, measured: _Measured, reason: str, meaning: Meaning
) -> tuple[Use, str, Meaning]:
    """Let what must not form segments by itself describe them: outcomes, groups, years."""
    group = assigned(s)
    if group:
        return "descriptor", f"{group}, so it describes segments but does not form them", Meaning()
    result = outcome(s, measured.measure, meaning.role)
    if result:
        meaning = replace(meaning, role="outcome")
        return "descriptor", f"{result}: segments may explain it, so it does not form them", meaning
    if measured.use == "descriptor":
        return "descriptor", "it says when, so it describes segments", meaning
    return "active", reason, meaning


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _useless(s: Summary) -> Inference | None:
    """Return why a column cannot form segments, whatever it means."""
    if s.n == 0:
        return Inference(None, "ignore", None, (), "Every value is missing.")
    if s.type == "other":
        why = "It holds lists, times or other values that are neither numbers nor text."
        return Inference(None, "ignore", None, (), why)
    if s.distinct == 1:
        why = "Every row has the same value."
        if s.n < s.rows:
            why = "Every row that has a value has the same one."
        return Inference(None, "ignore", None, (), why)
    if s.type == "date":
        why = "A date; what counts is the time since then, which events turn into features."
        return Inference(None, "ignore", None, (), why)
    identified = _id(s)
    if identified:
        return Inference(None, "id", None, (), identified)
    if _is_weight(s):
        why = "Its name and its mean near 1 say that it holds sampling weights."
        return Inference("positive", "weight", None, (), why)
    return None


def _id(s: Summary) -> str:
    once = s.distinct == s.n
    unique = once and s.n >= 10
    near = s.distinct >= 0.95 * s.n and s.n >= 20
    named = bool(lexicon.ID_WORDS & set(s.tokens))
    numbered = bool(lexicon.NUMBER_WORDS & set(s.tokens))
    if s.type == "boolean" or (s.type == "number" and not s.whole):
        return ""
    if named and (once or s.distinct > FEW):
        return "Its name says that it is an identifier, which says nothing about the customer."
    if numbered and once and s.type == "text":
        return "Its name says that it is an identifier, and no value occurs twice."
    if numbered and near and (s.type == "text" or s.negatives == 0):
        return "Its name and its nearly unique values say that it is an identifier."
    one_word = not any(" " in level for level in s.counts)
    if numbered and s.type == "text" and s.distinct > 1000 and one_word:
        return "Its name and its many values say that it is an identifier."
    if s.type == "number" and unique and s.high - s.low + 1 == s.n and s.low in (0, 1):
        return "It numbers the rows."
    if s.type == "number" and unique and s.n >= 100 and s.low >= 10**5:
        return "Large whole numbers, each once: it looks like an identifier."
    if s.type == "text" and near and one_word:
        return "Every value occurs about once and is one word: it looks like an identifier."
    return ""


def _is_weight(s: Summary) -> bool:
    if s.type != "number" or s.negatives or s.mean is None:
        return False
    label = set(name_words(s.label))
    if lexicon.BODY_WORDS & {*s.tokens, *label}:
        return False
    if lexicon.WEIGHT_WORDS & set(s.tokens):
        return 0.2 <= s.mean <= 5
    # The label of an answer speaks of weight, too: how much weight somebody gives to the price.
    told = len(label) <= _MOST_WORDS_OF_A_WEIGHT and bool(lexicon.WEIGHT_WORDS & label)
    return told and not s.whole and 0.5 <= s.mean <= 2


def _ordered_by_source(s: Summary) -> _Measured:
    """Take the order that the source has for its levels; "don't know" is no step of a scale."""
    order = tuple(level for level in s.order if not is_no_answer(level))
    ignored = [level for level in s.counts if level in s.order and level not in order]
    if len(order) < 2:
        order, ignored = s.order, []
    aside = f" ({ignored[0]!r} counts as missing)" if ignored else ""
    return _Measured("ordinal", f"the source itself orders its levels{aside}", order)


def _measure(s: Summary, scale: Scale | None) -> _Measured:
    if s.order and s.type == "text":
        if s.distinct == 2:
            return _Measured("binary", "two levels", s.order)
        return _ordered_by_source(s)
    if s.distinct == 2:
        return _Measured("binary", "two different values")
    if s.type == "text":
        return _text(s)
    tokens = set(s.tokens)
    # "Loans per year" counts loans.
    calendar = lexicon.CALENDAR_WORDS & tokens and not lexicon.RATE_WORDS & tokens
    if (calendar and s.whole and s.negatives == 0) or _is_year(s):
        return _calendar(s)
    if scale is not None:
        return _Measured("ordinal", scale.why, scale.levels)
    if named_codes(s) and (not s.whole or s.distinct > FEW) and (codes := _codes(s)) is not None:
        return codes
    return _whole(s) if s.whole else _fractions(s)


def _is_year(s: Summary) -> bool:
    """Return whether every number is a year of our time, one that a name does not call money."""
    ours = s.type == "number" and s.whole and s.low >= 1900 and s.high <= 2100
    counted = set(s.tokens) & (lexicon.COUNT_WORDS | lexicon.ROLE_WORDS["revenue"])
    return ours and s.distinct >= 3 and s.n >= 10 and not counted and (s.sd or 0.0) < 40


def _codes(s: Summary) -> _Measured | None:
    """Return what numbers are that a name calls codes: levels, or too many of them."""
    strict = set(s.tokens) & lexicon.STRICT_CODE_WORDS
    if not strict and (not s.whole or s.tokens[-1] not in lexicon.CODE_WORDS):
        return None
    told = named(s.name)
    if told is not None and told.audited:  # to be audited, it has to be read
        return None
    if s.distinct <= MOST_TEXT_LEVELS:
        return _Measured("nominal", f"its name says that its {s.distinct} numbers are codes")
    return _Measured(None, "codes, too many to compare customers by", use="text")


def _fractions(s: Summary) -> _Measured:
    """Tell half stars from numbers."""
    stars = s.complete and 3 <= s.distinct <= 2 * _MOST_STARS + 1 and s.low >= 0
    halves = stars and all(float(level) % 0.5 == 0 for level in s.counts)
    if halves and s.high <= _MOST_STARS and set(s.tokens) & lexicon.RATING_WORDS:
        levels = natural_order(list(s.counts))
        return _Measured("ordinal", "steps of one half", levels)
    return _number(s)


def _text(s: Summary) -> _Measured:
    answers = [level for level in s.counts if not is_no_answer(level)]
    if s.distinct > MOST_TEXT_LEVELS or s.distinct > max(0.5 * s.n, 3):
        kind = "nearly unique text" if s.distinct > 0.5 * s.n else f"text with {s.distinct} values"
        return _Measured(None, f"{kind}, too many to compare customers by", use="text")
    if all(re.fullmatch(r"[-+]?\d{1,2}", level) for level in answers):
        ordered: tuple[str, ...] | None = natural_order(answers)
    else:
        ordered = recognized_order(list(s.counts))
    if ordered is not None:
        ignored = [level for level in s.counts if level not in ordered]
        aside = f" ({ignored[0]!r} counts as missing)" if ignored else ""
        return _Measured("ordinal", f"its {len(ordered)} levels have an order{aside}", ordered)
    if len(answers) == 2:
        other = next(level for level in s.counts if level not in answers)
        why = f"two different values ({other!r} counts as missing)"
        return _Measured("binary", why, natural_order(answers))
    return _Measured("nominal", f"{s.distinct} different levels without an order")


def _calendar(s: Summary) -> _Measured:
    if s.low >= 1850 and s.high <= 2150:
        if s.distinct <= FEW and s.complete:
            return _Measured(
                "ordinal", "calendar years", natural_order(list(s.counts)), "descriptor"
            )
        return _Measured("continuous", "calendar years", use="descriptor")
    if s.distinct <= FEW:
        return _Measured("nominal", "positions in the calendar, which start over")
    return _Measured(None, "a position in the calendar says little about a customer", use="ignore")


def _whole(s: Summary) -> _Measured:
    """Tell codes, counts and amounts apart among whole numbers that are no scale."""
    if _is_postcode(s):
        return _Measured(None, "codes of places, too many to compare customers by", use="text")
    if few_numbers(s) and named_codes(s):
        return _Measured("nominal", f"its name says that its {s.distinct} whole numbers are codes")
    if few_numbers(s) and _look_like_codes(s):
        return _Measured("nominal", f"{s.distinct} whole numbers that look like codes")
    if s.negatives:
        return _Measured("continuous", "whole numbers, some of them negative")
    mean, variance = s.mean or 0.0, (s.sd or 0.0) ** 2
    if mean <= 30 and s.high <= 300 and variance <= 10 * max(mean, 0.1) and s.low <= 3:
        return _Measured("count", "small whole numbers" + _mostly(s))
    return _number(s)


def _look_like_codes(s: Summary) -> bool:
    """Few numbers with gaps between them, or with a rare one between two frequent ones."""
    if s.negatives or s.distinct > 6 or named_count(s) or _are_amounts(s):
        return False
    apart = s.high - s.low >= s.distinct
    return has_gap(s) if s.high - s.low <= 10 else apart


def _are_amounts(s: Summary) -> bool:
    """Whether numbers are round as sums of money, from nothing on, and not equally far apart.

    So are 0, 5000, 12500 and 20000; numbers of places are 0, 100, 200.
    """
    steps = math.gcd(*(int(float(level)) for level in s.counts))
    return s.zeros > 0 and s.complete and steps >= _ROUND and s.high / steps >= s.distinct


def _is_postcode(s: Summary) -> bool:
    place = set(s.tokens) & {"zip", "zipcode", "postcode", "postal", "plz"}
    return bool(place) and s.distinct > MOST_TEXT_LEVELS


def _number(s: Summary) -> _Measured:
    if s.negatives:
        return _Measured("continuous", "numbers, some of them negative")
    if set(s.tokens) & _CONTINUOUS_WORDS and s.high <= 100:
        return _Measured("continuous", "numbers" + _mostly(s))
    skewed = shape(s)
    if "right-skewed" in skewed or "mostly zero" in skewed:
        zeros = (
            f", {percent(s.zeros)} of them zero"
            if s.zeros * s.n >= max(0.01 * s.n, THRESHOLD)
            else ""
        )
        return _Measured("positive", f"amounts that are {skewed}" + zeros)
    return _Measured("continuous", ", ".join(["numbers" + _mostly(s), skewed]))


def shape(s: Summary) -> str:
    """Return the shape of a distribution of numbers in words."""
    if s.type != "number" or s.n == 0 or not s.quantiles:
        return ""
    if s.zeros > 0.5:
        return "mostly zero"
    low, middle, high = (s.quantiles[q] for q in (0.1, 0.5, 0.9))
    if high == low:
        return "nearly constant"
    lean = ((high - middle) - (middle - low)) / (high - low)
    mean = s.mean if s.mean is not None else middle
    pull = (mean - middle) / s.sd if s.sd else 0.0
    if lean > 0.3 or pull > 0.3 or (s.high - high > 5 * (high - low) and pull > 0.05):
        return "right-skewed"
    if lean < -0.3 or pull < -0.3:
        return "left-skewed"
    return "roughly symmetric"


def _basis(s: Summary) -> tuple[Basis | None, str]:
    """Return what a variable says about a customer, and how that is known."""
    # The words of a question are many: they come after what its answers tell.
    asked = len(s.name.split()) >= WORDS_OF_A_QUESTION
    by_name = _basis_by_words(s.tokens, "name")
    if by_name is not None and not asked:
        return by_name
    if (told := named(s.name)) is not None and not asked:
        return "demographic", f"{told.words!r} in its name"
    levels = {level.casefold().strip() for level in s.counts}
    if answered(levels):
        return "demographic", "its values"
    for basis, known in lexicon.BASIS_VALUES.items():
        if len(levels & known) >= 2:
            return basis, "its values"
    if any("$" in level or "€" in level or "£" in level for level in s.counts):
        return "demographic", "amounts of money in its levels"
    question: tuple[Basis, str] = "psychographic", "the answers of a survey question"
    if _answers_on_a_scale(s):
        return question
    if (told := named(s.name, s.label)) is not None:
        return "demographic", f"{told.words!r} in its {'name' if named(s.name) else 'label'}"
    by_label = by_name or _basis_by_words(name_words(s.label), "label")
    if by_label is not None:
        return by_label
    return question if re.fullmatch(r"[qv]\d+\w*", s.name.lower()) else (None, "")


def _basis_by_words(said: Sequence[str], where: str) -> tuple[Basis, str] | None:
    tokens = {*said, *("_".join(pair) for pair in pairwise(said))}
    hits = {basis: tokens & known for basis, known in lexicon.BASIS_WORDS.items() if tokens & known}
    attitude = hits.get("psychographic")
    if attitude and "demographic" not in hits and "geographic" not in hits:
        return "psychographic", f"{min(attitude)!r} in its {where}"
    return next(((basis, f"{min(found)!r} in its {where}") for basis, found in hits.items()), None)


def _answers_on_a_scale(s: Summary) -> bool:
    told = [level for level in s.counts if is_answer(level)]
    return len(told) >= 2 or any(is_strong_answer(level) for level in told)


def _use(s: Summary, basis: Basis | None, clue: str) -> tuple[Use, str]:
    told = named(s.name, s.label)
    if told is not None and told.audited:
        where = "label" if named(s.name) is None else "name"
        return "protected", f"{told.words!r} in its {where} is a protected attribute, only audited"
    held = answered(s.counts)
    if held is not None:
        return "protected", f"its values tell {held.attribute}, which is protected, only audited"
    if basis == "demographic" and told is not None:
        return "descriptor", (
            "demographic, so it describes segments; age is protected by law in places, then "
            "use: protected"
        )
    if basis in ("demographic", "geographic", "firmographic"):
        return "descriptor", f"{basis} by {clue}, so it describes segments"
    if basis is not None:
        return "active", f"{basis} by {clue}, so it can form segments"
    return "active", "nothing tells what it says about a customer, so it can form segments"


def _mostly(s: Summary) -> str:
    """Say where most values are: the smallest and the largest are those of single customers."""
    tail = next((q for q in (0.1, 0.25) if q * s.n >= THRESHOLD), None)
    if tail is None or not {tail, 1 - tail} <= set(s.quantiles):
        return ""
    low, high = s.quantiles[tail], s.quantiles[1 - tail]
    return f", mostly from {number(low)} to {number(high)}"
