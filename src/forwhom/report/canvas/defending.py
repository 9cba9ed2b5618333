"""The section on whether the segments of a canvas can be defended."""

from forwhom.documents.canvasdefense import defense_of_canvas, last_day
from forwhom.documents.defense import Defended
from forwhom.languages.catalog import later_in, tr_in
from forwhom.report.canvas.entries import Entry, Section, Shelf

_STATES = {
    "yes": later_in("answer", "yes"),
    "open": later_in("answer", "open"),
    "no": later_in("answer", "no"),
}
#: More evidence than this is not told again below an answer.
_MOST = 3


def defense(shelf: Shelf) -> Section:
    """Return the seven questions with their answers, where there is evidence to ask."""
    day = last_day(shelf.canvas)
    found = defense_of_canvas(shelf.canvas, day)
    asked = any(one.state != "open" or one.evidence for one in found.questions)
    entries = tuple(_entry(shelf, one) for one in found.questions) if asked else ()
    return Section("defense", found.headline, entries)


def _entry(shelf: Shelf, one: Defended) -> Entry:
    """A question, its answer, and the evidence where it is little enough to read here."""
    few = one.evidence if len(one.evidence) <= _MOST else ()
    told = tuple(s for s in shelf.supports(few, ("defense",)) if s.statement not in one.why)
    return Entry(
        one.question,
        tr_in("answer", _STATES[one.state]),
        texts=(one.why,),
        supports=told,
        look=f"answer-{one.state}",
    )
