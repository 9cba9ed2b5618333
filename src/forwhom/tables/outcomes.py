"""Results and assigned groups: what segments may explain, but must not be formed by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forwhom.tables import lexicon
from forwhom.tables.headings import CODE
from forwhom.tables.summaries import Summary

if TYPE_CHECKING:
    from forwhom.documents.base import Measure, Role

#: Groups of a trial are at most so many.
_MOST_GROUPS = 6
#: Groups of equal size by design differ by less than so many standard deviations of a draw.
_EQUAL = 2.0
_LETTER = re.compile(r"(?:group|variant|arm|version|cell|test|gruppe|groupe|grupo)?[\s_-]*[a-f0-5]")


def outcome(s: Summary, measure: Measure | None, role: Role | None) -> str:
    """Return why a variable of two values is a result; empty when nothing says so."""
    if role == "outcome":
        return "an outcome"
    # Not y1, y2, y3: those are several answers, and a target is one.
    named = s.name.casefold().strip(" _") in lexicon.TARGET_WORDS
    told = named and measure == "binary"
    return f"{s.name!r} names what is to be predicted" if told else ""


def assigned(s: Summary) -> str:
    """Return why a variable is a group that customers were put into; empty when it is none."""
    if not 2 <= s.distinct <= _MOST_GROUPS or not s.complete:
        return ""
    # AB01 is the name of a question, not of a test of A against B.
    words = set() if CODE.fullmatch(s.name) else set(s.tokens)
    levels = {level.casefold().strip() for level in s.counts}
    control = any(word in lexicon.CONTROL_WORDS for level in levels for word in level.split())
    rated = bool(words & lexicon.RATING_WORDS)
    if control and not rated and (s.distinct == 2 or words & lexicon.GROUP_WORDS):
        return "one of its levels is a control group: customers were put into its groups"
    sure = words & lexicon.TRIAL_WORDS
    if sure and not rated:
        return f"{min(sure)!r} in its name says that customers were put into its groups"
    lettered = all(_LETTER.fullmatch(level) for level in levels)
    if words & lexicon.GROUP_WORDS and lettered and _equal_shares(s):
        return "groups of equal size, by design: customers were put into them"
    return ""


def _equal_shares(s: Summary) -> bool:
    share = s.n / s.distinct
    spread = (share * (1 - 1 / s.distinct)) ** 0.5
    return all(abs(rows - share) <= _EQUAL * spread for rows in s.counts.values())
