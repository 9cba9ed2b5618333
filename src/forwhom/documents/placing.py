"""Whether the few questions of the typing tool place customers better than guessing does.

Guessing is to say the largest segment of everybody. Questions are better where the whole interval
of what they gain lies beyond what would make them worth asking, and no better where none of it
does.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from forwhom.documents.segmentation import Segment, Segmentation
from forwhom.languages.catalog import tr, tr_count
from forwhom.wording import number, percent

#: ``None``: there are no questions.
Gain: TypeAlias = Literal["yes", "unsure", "no"] | None
#: A smaller share of customers who are placed right is worth no question.
HARDLY = 0.02


def gain_of(found: Segmentation) -> Gain:
    """Return whether the questions that are worth asking place customers better than guessing."""
    tool = found.typing_tool
    if tool is None or not tool.steps or not found.segments:
        return None
    within = tool.gain_interval
    if within is None:
        return "unsure"
    if within.low > HARDLY:
        return "yes"
    return "no" if within.high <= HARDLY else "unsure"


def told_of_guessing(found: Segmentation) -> str:
    """Say that the questions place customers no better than guessing; empty where they do."""
    gain, tool = gain_of(found), found.typing_tool
    if tool is None or gain in (None, "yes"):
        return ""
    part, within = percent(_largest(found).share), tool.gain_interval
    if gain == "no":
        told = tr_count(
            "This one question places customers hardly better than always guessing the largest, "
            "which holds {part} of them.",
            "These {n} questions place customers hardly better than always guessing the largest, "
            "which holds {part} of them.",
            tool.asked,
            part=part,
        )
    else:
        told = tr_count(
            "Whether this one question places customers better than always guessing the largest, "
            "which holds {part} of them, we cannot tell.",
            "Whether these {n} questions place customers better than always guessing the largest, "
            "which holds {part} of them, we cannot tell.",
            tool.asked,
            part=part,
        )
    if within is None:
        return told
    low, high = (number(100 * end, 2) for end in (within.low, within.high))
    more = tr("Of 100 customers, {low} to {high} more are placed right.", low=low, high=high)
    return f"{told} {more}"


def _largest(found: Segmentation) -> Segment:
    return max(found.segments, key=lambda segment: segment.share)
