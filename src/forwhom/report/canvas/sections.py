from forwhom.documents.canvas import Canvas
from forwhom.report.canvas import defending, learning, offers, people
from forwhom.report.canvas.entries import Section, Shelf

_MAKERS = (
    defending.defense,
    people.segments,
    people.exchanges,
    people.personas,
    offers.needs,
    offers.propositions,
    learning.hypotheses,
    learning.open_questions,
    people.participants,
    learning.strategies,
    offers.competitors,
    learning.choices,
    learning.political_economy,
    learning.measures,
    learning.records,
)


def sections_of(canvas: Canvas) -> tuple[Section, ...]:
    """Return what a canvas holds, section by section; empty ones are left out."""
    shelf = Shelf(canvas)
    made = (maker(shelf) for maker in _MAKERS)
    return tuple(section for section in made if section.entries)
