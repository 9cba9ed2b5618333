"""The same results as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from forwhom.documents.results import Choices, Curves, Fits, NeedRanking, Opportunities, Priorities
from forwhom.report import words
from forwhom.report.choices.wording import share


def choices_text(found: Choices, width: int = 80) -> str:
    """Return a result as plain text.

    Parameters
    ----------
    found
        What `rank_needs`, `assess_fit`, `compare_curves` or `decide_segments` returned.
    width
        Columns of the terminal; lines are wrapped to it, at least 40.

    Returns
    -------
    str
        Lines without markup or colors, ending with a line break.
    """
    width = max(width, 40)
    lines: list[str] = []
    match found:
        case Opportunities():
            for ranking in [found.everybody, *found.segments]:
                lines += _ranking(ranking, width)
        case Fits():
            lines += _fits(found, width)
        case Curves():
            for one in found.segments:
                lines += _titled(one.segment_name, one.sentences, width)
                lines += _notes(one.notes, width)
        case Priorities():
            lines += _priorities(found, width)
    if not isinstance(found, Curves):
        lines += _notes(found.notes, width)
    return "\n".join(lines).strip("\n") + "\n"


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        words.clean(text), width, initial_indent=first, subsequent_indent=rest
    ) or [first.rstrip()]


def _titled(title: str, sentences: Sequence[str], width: int) -> list[str]:
    lines = ["", *_wrapped(title, width)]
    for sentence in sentences:
        lines += _wrapped(sentence, width, "  ", "  ")
    return lines


def _notes(notes: Sequence[str], width: int) -> list[str]:
    if not notes:
        return []
    lines = ["", "What weakens this answer:"]
    for note in notes:
        lines += _wrapped(note, width, "  - ", "    ")
    return lines


def _ranking(ranking: NeedRanking, width: int) -> list[str]:
    lines = _titled(ranking.name, ranking.sentences, width)
    for row in ranking.needs:
        number = f"{row.rank:>4}" if row.rank is not None else "   –"
        facts = []
        if row.opportunity is not None:
            value = words.number(round(row.opportunity, 1))
            if row.opportunity_interval is not None:
                low, high = row.opportunity_interval.low, row.opportunity_interval.high
                value += f" ({words.number(round(low, 1))} to {words.number(round(high, 1))})"
            facts.append(value)
        facts.append(_source(row.numbers_from, row.n))
        if row.first is not None:
            facts.append(f"first in {words.percent(row.first)}" if row.first else "never first")
        lines += _wrapped(f"{row.statement}: {', '.join(facts)}", width, f"{number}  ", " " * 6)
    return lines


def _source(numbers_from: str, n: int | None) -> str:
    if numbers_from == "respondents":
        return f"{n:,} respondents"
    return {
        "stated": "as the canvas states",
        "guess": "the team’s guess",
        "withheld": "withheld, too few respondents",
        "nobody": "nobody has rated it",
    }[numbers_from]


def _fits(found: Fits, width: int) -> list[str]:
    lines: list[str] = []
    for fit in found.fits:
        lines += _titled(f"{fit.proposition_name} for {fit.segment_name}", fit.sentences, width)
        lines += _wrapped(fit.positioning.text, width, "  Positioning: ", "  ")
    said = [f"Nothing is offered to {one.name}." for one in found.without_proposition]
    said += [f"{one.name} is for no segment." for one in found.without_segment]
    if not found.fits:
        said.insert(0, "No proposition of this canvas is for one of its segments.")
    for sentence in said:
        lines += ["", *_wrapped(sentence, width)]
    return lines


def _priorities(found: Priorities, width: int) -> list[str]:
    lines: list[str] = []
    for sentence in found.sentences:
        lines += _wrapped(sentence, width)
    lines.append("")
    for segment in found.segments:
        number = f"{segment.rank:>3}" if segment.rank is not None else "  –"
        facts = []
        if segment.combined is not None:
            facts.append(words.number(round(segment.combined, 1)))
        for frequency, what in (
            (segment.any_weights, "random weights"),
            (segment.near_judges, "weights near the judges’"),
        ):
            if frequency is not None:
                first = share(frequency.first_low, frequency.first_high)
                facts.append(f"first in {first} of {what}")
        name = f"{segment.name} (segment {segment.number})"
        lines += _wrapped(f"{name}: {', '.join(facts)}", width, f"{number}  ", " " * 5)
    return lines
