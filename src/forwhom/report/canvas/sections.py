"""All sections of a page, in the order in which they are read."""

from __future__ import annotations

from forwhom.documents.canvas import Canvas
from forwhom.report.canvas import learning, offers, people
from forwhom.report.canvas.entries import Section, Shelf

_MAKERS = (
    people.segments,
    people.personas,
    offers.needs,
    offers.propositions,
    learning.hypotheses,
    learning.open_questions,
    people.participants,
    learning.strategies,
    offers.competitors,
    learning.choices,
    learning.measures,
    learning.records,
)


def sections_of(canvas: Canvas) -> tuple[Section, ...]:
    """Return what a canvas holds, section by section; empty ones are left out.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = "{forwhom: 1, kind: canvas, needs: [{id: rest, statement: Sleep through a night}]}"
    >>> [(s.title, [e.title for e in s.entries]) for s in sections_of(parse_canvas(text))]
    [('What they need', ['Sleep through a night'])]
    """
    shelf = Shelf(canvas)
    made = (maker(shelf) for maker in _MAKERS)
    return tuple(section for section in made if section.entries)
