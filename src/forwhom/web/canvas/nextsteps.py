"""What comes next: findings, gaps and open questions, each beside what it speaks of."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from forwhom.documents.base import Document
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.references import items as named_items
from forwhom.documents.comments import said as one_line
from forwhom.documents.results.nextsteps import NextSteps, Task
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.languages.retelling import told
from forwhom.lint import LintResult, find_rules
from forwhom.lint.diagnostic import Diagnostic
from forwhom.lint.registry import Rule
from forwhom.pipeline.nextsteps import looked_through
from forwhom.report.canvas.board import board_of
from forwhom.report.nextsteps.terms import STEP_NAMES, summary, would_change
from forwhom.web.forms import places
from forwhom.web.forms.drawn import card_keys
from forwhom.web.forms.fields import title_of, type_at
from forwhom.web.forms.items import At, Seen, canvas_in, saved
from forwhom.web.server.keeping import Kept
from forwhom.web.server.rendering import page
from forwhom.web.server.visits import Editor, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Silence, value_at
from forwhom.workspace.exercises import Opened
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")

#: The form in which something new answers a gap: of an item in a list, or of one field.
_BEGINS = {
    "segments": "new?at=segments", "market-type": "item?at=market_type",
    "excluded": "item?at=not_for", "choice": "new?at=decision/criteria",
    "evidence": "new?at=evidence", "participants": "new?at=participants",
    "purchase": "new?at=participants", "exchanges": "new?at=exchanges", "actors": "new?at=actors",
    "personas": "new?at=personas", "needs": "new?at=needs", "fears": "new?at=needs",
    "questions": "new?at=questions", "propositions": "new?at=propositions",
    "competitors": "new?at=competitors", "value-curves": "new?at=value_curves",
    "hypotheses": "new?at=hypotheses", "untested-segments": "new?at=hypotheses",
    "kpis": "new?at=kpis",
}  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """Where something can be done: the form of an item, and its card where it is on the board."""

    at: str
    words: str
    card: str
    said: str = ""
    #: Key path of a finding that can be set aside here.
    finding: str = ""
    #: Which it is of several that say the same.
    turn: int = 1

    @property
    def key(self) -> str:
        """A name that stays while it says the same, wherever it stands: drafts hang on it."""
        return hashlib.sha256(f"{self.words}\n{self.said}\n{self.turn}".encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Advice:
    """One thing to do, and where."""

    task: Task
    step: str
    change: str
    spots: tuple[Spot, ...]
    #: Rule of the linter, and all that it says of why.
    code: str = ""
    why: str = ""
    #: Form in which something new would be the answer; None where nothing new is.
    begin: str | None = None


@dataclass(frozen=True)
class Following:
    """What comes next for a version."""

    steps: NextSteps
    advice: list[Advice]
    questions: list[Spot]


_LOOKED = Kept[tuple[NextSteps, LintResult]](64)
_FOLLOWING = Kept[Following](64)


@routes.get("/next")
def following(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show what comes next, the most important first; a part of the board or a page."""
    found = canvas_in(parts, who, key)
    rated = any(map(_was_rated, parts.exercises.of_canvas(who.workspace, key)))
    with speaking(found.canvas.language):
        place = (found.key, date.today(), rated)
        what = _FOLLOWING.get(place, lambda: _following(found, rated=rated))
        spots = [spot for one in what.advice for spot in one.spots] + what.questions
        return page(
            request, "canvas/next.html.jinja", who=who, found=found, advice=what.advice,
            questions=what.questions, number=len(what.advice) + len(what.questions),
            summary=summary(what.steps), marks=Counter(spot.card for spot in spots if spot.card),
            notes=what.steps.notes, may_edit=who.may(Role.EDITOR),
            title=found.canvas.title or tr("Untitled"),
        )  # fmt: skip


def _following(found: Version, *, rated: bool) -> Following:
    steps, weak = looked(found)
    if rated:
        steps = steps.model_copy(
            update={"tasks": [one for one in steps.tasks if one.id != "alignment"]}
        )
    keys = card_keys(board_of(found.canvas))
    advice = [*_advice(found, steps, weak, keys)]
    return Following(steps, advice, [*_open(found.canvas, keys)])


@routes.post("/silence")
def silence(
    request: Request, who: Editor, parts: Parts, key: str, version: Seen,
    code: Annotated[str, Form(max_length=10)], at: At = "",
    reason: Annotated[str, Form(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Set a finding aside, with the reason, as a comment in the file."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        text = one_line(reason)
        if not any(sign.isalnum() for sign in text):
            raise OptionError(tr("There is no reason yet."), tr("Say why it is fine here."))
        _, weak = looked(found)
        known = [d for d in weak.diagnostics if (d.code, places.written(d.location)) == (code, at)]
        if not known:
            raise OptionError(tr("This is not found any more."), tr("Load the page again."))
        aside = Silence(at=known[0].location, rules=(code,), reason=text)
        return saved(request, parts, who, found, [aside])


def _was_rated(one: Opened) -> bool:
    """Whether people said in an exercise whether they want the same, and it was revealed."""
    return one.setup.kind == "alignment" and one.state.round > 0 and one.state.stage != "rating"


def looked(found: Version) -> tuple[NextSteps, LintResult]:
    """Return what comes next for a version, and what the linter finds in it."""
    today = date.today()
    place = (found.key, today)
    return _LOOKED.get(place, lambda: looked_through(found.canvas, today))


def _advice(
    found: Version, steps: NextSteps, weak: LintResult, keys: dict[str, str]
) -> Iterator[Advice]:
    by_text = {one.text: one.location for one in named_items(found.canvas) if one.text}
    by_place = {found.canvas.place(*one): one for one in by_text.values()}
    for task in steps.tasks:
        findings = [d for d in weak.diagnostics if d.code in task.rules]
        rule = find_rules(task.rules[0])[0] if task.id in {d.name for d in findings} else None
        about = [by_text[one] for one in task.about if one in by_text]
        about = about or [by_place[one] for one in task.places if one in by_place]
        spots = [_spot(found, keys, d.location, d, aside=rule is not None) for d in findings]
        spots = _in_turn(spots or [_spot(found, keys, one) for one in dict.fromkeys(about)])
        yield Advice(
            task, tr(STEP_NAMES[task.step]), would_change(task), tuple(spots),
            rule.code if rule else "", _why(rule) if rule else task.why,
            None if spots else _BEGINS.get(task.id),
        )  # fmt: skip


def _why(rule: Rule) -> str:
    return told(" ".join(rule.sections["Why it matters"].split()))


def _in_turn(spots: list[Spot]) -> list[Spot]:
    met = Counter[tuple[str, str]]()
    made = []
    for one in spots:
        met[one.words, one.said] += 1
        made.append(replace(one, turn=met[one.words, one.said]))
    return made


def _spot(
    found: Version, keys: dict[str, str], location: Location, said: Diagnostic | None = None,
    *, aside: bool = False,
) -> Spot:  # fmt: skip
    """Return the smallest thing around a place that has a form."""
    at = _form(found, location)
    way = places.read(at)
    words = title_of(value_at(found.data, way)) if way else ""
    return Spot(
        at, words or found.canvas.title or tr("The whole canvas"), keys.get(at, ""),
        told(said.message) if said else "", places.written(location) if aside else "",
    )  # fmt: skip


def _form(found: Version, location: Location) -> str:
    for end in range(len(location), 0, -1):
        kind, way = type_at(location[:end]), location[:end]
        is_item = isinstance(way[-1], int) and isinstance(kind, type) and issubclass(kind, Document)
        if is_item and len(way) <= 4 and value_at(found.data, way) is not None:
            return places.written(way)
    return ""


def _open(canvas: Canvas, keys: dict[str, str]) -> Iterator[Spot]:
    """Yield the questions that a segment leaves open."""
    for index, segment in enumerate(canvas.segments):
        at = f"segments/{index}"
        for question in segment.open_questions:
            yield Spot(at, segment.name, keys.get(at, ""), question)
