"""Numbers of choices in words, the same on the page, in Markdown and in the terminal."""

from __future__ import annotations

from collections.abc import Callable

from forwhom.report import words

HEADLINES = {
    "opportunities": "Which needs are worth an answer",
    "fit": "How far what we offer fits what they need",
    "curves": "What makes ours different",
    "priorities": "Which segments come first",
}
#: Who stands behind the numbers of a need.
SOURCES = {
    "respondents": "respondents",
    "stated": "as the canvas states",
    "guess": "the team’s guess",
    "withheld": "withheld",
    "nobody": "nobody",
}
#: How far a need is answered, in a table.
STRENGTHS = {
    "full": "in full",
    "partial": "in part",
    "unknown": "nobody has said how far",
    "none": "not answered",
}


def score(value: float | None) -> str:
    """Return a score with one digit, a dash for none."""
    return "–" if value is None else words.number(round(value, 1))


def between(low: float, high: float, said: Callable[[float], str]) -> str:
    """Return what is known, or the range of what it can be."""
    first, last = said(low), said(high)
    return first if first == last else f"{first} to {last}"
