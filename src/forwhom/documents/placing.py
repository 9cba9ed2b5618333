"""Whether the few questions of the typing tool place customers better than guessing does.

Guessing is to say the largest segment of everybody. Questions are better where more customers are
expected in the segment that they say than the interval of the largest one's share reaches; where
no mixture says how many that are, where they place more as all variables do.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from forwhom.documents.segmentation import Segment, Segmentation
from forwhom.languages.catalog import tr_count
from forwhom.wording import percent

#: ``None``: there are no questions.
Gain: TypeAlias = Literal["yes", "unsure", "no"] | None


def gain_of(found: Segmentation) -> Gain:
    """Return whether the questions that are worth asking place customers better than guessing."""
    tool = found.typing_tool
    if tool is None or not tool.steps or not found.segments:
        return None
    last, guess = tool.steps[tool.asked - 1], _largest(found)
    if tool.recommended == 0 or last.accuracy <= tool.majority:
        return "no"
    if last.right is None:
        return "yes"
    if last.right <= guess.share:
        return "no"
    return "yes" if last.right > guess.share_interval.high else "unsure"


def told_of_guessing(found: Segmentation) -> str:
    """Say that the questions place customers no better than guessing; empty where they do."""
    gain, tool = gain_of(found), found.typing_tool
    if tool is None or gain in (None, "yes"):
        return ""
    guess = _largest(found)
    part, within = percent(guess.share), guess.share_interval
    if gain == "no":
        return tr_count(
            "This one question places customers no better than always guessing the largest, which "
            "holds {part} of them.",
            "These {n} questions place customers no better than always guessing the largest, which "
            "holds {part} of them.",
            tool.asked,
            part=part,
        )
    return tr_count(
        "Whether this one question places customers better than always guessing the largest, "
        "which holds {part} of them ({low} to {high}), we cannot tell.",
        "Whether these {n} questions place customers better than always guessing the largest, "
        "which holds {part} of them ({low} to {high}), we cannot tell.",
        tool.asked,
        part=part,
        low=percent(within.low),
        high=percent(within.high),
    )


def _largest(found: Segmentation) -> Segment:
    return max(found.segments, key=lambda segment: segment.share)
