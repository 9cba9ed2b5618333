"""Pages of what is worked out from a canvas: each shows the answer and what it is made of."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from forwhom.choices.jobmaps import map_jobs
from forwhom.choices.purchase.tracing import purchase_map
from forwhom.choices.questions import (
    assess_fit,
    compare_curves,
    decide_segments,
    rank_needs,
    separate_segments,
)
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.references import items as named_items
from forwhom.documents.ids import unused
from forwhom.documents.results import Choices
from forwhom.errors import ForwhomError, OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.languages.retelling import told
from forwhom.report.canvas import draw_purchase_map, people
from forwhom.report.canvas.cards import SUSPECT
from forwhom.report.canvas.entries import NO_EVIDENCE, Shelf
from forwhom.report.canvas.purchase import seats_told
from forwhom.report.choices.sections import outline_of
from forwhom.report.choices.terms import HEADLINES
from forwhom.report.outline import Outline, outline_values
from forwhom.web.choices import grids
from forwhom.web.choices.grids import Grid
from forwhom.web.forms import places
from forwhom.web.forms.items import Typed, canvas_in, saved
from forwhom.web.server.refusals import without_folders
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, NotHere, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Change, Insert
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")

#: Answers that are kept: the page and its parts ask for the same one again.
_KEPT = 32
#: Where in a file something is wrong: nobody here sees the file.
_PLACE = re.compile(r"^\S*canvas(\.yaml)?(:\d+)*: ")


@dataclass(frozen=True)
class Choice:
    """One page: what it asks, what it needs, how it is answered, and what is typed there."""

    title: str
    asks: str
    #: What is still needed before anything can be said; empty where nothing is.
    missing: Callable[[Canvas], str]
    found: Callable[[Canvas], Choices]
    grids: Callable[[Canvas], Iterable[Grid]]
    #: Lists of the canvas that it is made of: what adds to them, where they stand, and which part
    #: of an item is changed here; None where the items stand in a table above.
    lists: tuple[tuple[str, str, str | None], ...]


def _no_needs(canvas: Canvas) -> str:
    return "" if canvas.needs else tr("Add a need, then say how much it matters and is met.")


def _no_offer(canvas: Canvas) -> str:
    if canvas.segments and canvas.needs and canvas.propositions:
        return ""
    return tr("Add a segment, what it needs, and what you offer it; then say how far one answers "
              "the other.")  # fmt: skip


def _no_curve(canvas: Canvas) -> str:
    if any(curve.points for curve in canvas.value_curves):
        return ""
    return tr("Choose a segment below and write down what matters to it, one a line.")


def _no_scores(canvas: Canvas) -> str:
    matrix = canvas.decision
    if matrix is None or not matrix.criteria:
        return tr("Add the criteria by which you choose among segments.")
    tables = [matrix.scores, *(judge.scores for judge in matrix.judges)]
    judged = {name for table in tables for name, scores in table.items() if scores}
    return "" if len(judged) > 1 else tr("Give at least two segments scores below.")


def _no_pair(canvas: Canvas) -> str:
    some = [s for s in canvas.segments if s.status in ("serve", "candidate")]
    return "" if len(some) > 1 else tr("Add a second segment: one alone is separate from nobody.")


def _no_map(canvas: Canvas) -> str:
    if any(need.of for need in canvas.needs):
        return ""
    return tr("Say below of needs to which job they belong, and at which step they come up.")


#: The pages, in the order in which a team comes to them.
CHOICES: dict[str, Choice] = {
    "opportunities": Choice(
        HEADLINES["opportunities"], later("Which needs matter and are not met?"), _no_needs,
        rank_needs, grids.opportunity_grids, ((later("Add a need"), "needs", None),),
    ),
    "job-maps": Choice(
        HEADLINES["job-maps"], later("What must get done, step by step?"), _no_map,
        map_jobs, grids.job_grids, ((later("Add a need"), "needs", None),),
    ),
    "separation": Choice(
        HEADLINES["separation"], later("What makes segments separate ones?"), _no_pair,
        separate_segments, lambda _: (), ((later("Add a segment"), "segments", "/separate"),),
    ),
    "fit": Choice(
        HEADLINES["fit"], later("How far does what you offer answer what they need?"), _no_offer,
        assess_fit, grids.fit_grids,
        ((later("Add a proposition"), "propositions", None), (later("Add a need"), "needs", None)),
    ),
    "curves": Choice(
        HEADLINES["curves"], later("How does what you offer compare with others?"), _no_curve,
        compare_curves, grids.curve_grids, ((later("Add a competitor"), "competitors", ""),),
    ),
    "matrix": Choice(
        HEADLINES["priorities"], later("Which segments come first, whoever weighs?"), _no_scores,
        decide_segments, grids.matrix_grids,
        ((later("Add a criterion"), "decision/criteria", ""),
         (later("Add a segment"), "segments", None)),
    ),
}  # fmt: skip


class _Answers:
    """Answers that were worked out, each of one version of a canvas."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, int], Outline] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, name: str, found: Version) -> Outline:
        """Return what is said of a version, worked out once."""
        key = (name, found.document, found.number)
        with self._guard:
            known = self._known.get(key)
        if known is None:
            known = outline_of(CHOICES[name].found(found.canvas))
            with self._guard:
                self._known[key] = known
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return known


_answers = _Answers()


@routes.get("/choices")
def listed(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show what can be worked out, and what each still needs."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        known = [
            (name, tr(one.title), tr(one.asks), one.missing(found.canvas))
            for name, one in CHOICES.items()
        ]
        return page(
            request, "choices/choices.html.jinja", who=who, found=found, title=tr("Choices"),
            known=known, nobody=not found.canvas.participants,
        )  # fmt: skip


@routes.get("/choices/{choice}")
def show(request: Request, who: Viewer, parts: Parts, key: str, choice: str) -> Response:
    """Show one answer, and what it is made of."""
    one, found = _known(choice), canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        said, problem = _said(choice, one, found, parts)
        lists = [
            (tr(words), at, [] if part is None else list(_listed(found.canvas, at, part)))
            for words, at, part in one.lists
        ]
        return page(
            request, "choices/choice.html.jinja", who=who, found=found, title=tr(one.title),
            choice=choice, asks=tr(one.asks), problem=problem, grids=list(one.grids(found.canvas)),
            lists=lists, may_edit=who.may(Role.EDITOR), **said,
        )  # fmt: skip


@routes.post("/choices/{choice}")
def fill(
    request: Request, who: Editor, parts: Parts, key: str, choice: str, form: Typed,
    version: Annotated[int, Form()],
) -> Response:  # fmt: skip
    """Write the cells in which something else stands than before."""
    one, found = _known(choice), canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        edits = grids.changes_of(list(one.grids(found.canvas)), form)
        back = f"/w/{who.workspace}/canvas/{key}/choices/{choice}"
        return saved(request, parts, who, found, edits, back=back)


@routes.post("/curve")
def matters(
    request: Request, who: Editor, parts: Parts, key: str, version: Annotated[int, Form()],
    segment: Annotated[str, Form(max_length=200)] = "",
    criteria: Annotated[str, Form(max_length=5000)] = "",
) -> Response:  # fmt: skip
    """Add what matters to a segment to its value curve, which is begun where there is none."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        edits = [*_curve(found.canvas, segment, criteria)]
        back = f"/w/{who.workspace}/canvas/{key}/choices/curves"
        return saved(request, parts, who, found, edits, back=back)


@routes.get("/participants")
def participants(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show who takes part in each purchase, who influences whom, and where it can fail."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        shelf, traced = Shelf(found.canvas), purchase_map(found.canvas)
        seated = [
            (purchase, [line.strip() for line in seats_told(traced, purchase)])
            for purchase in traced.purchases
        ]
        return page(
            request, "choices/participants.html.jinja", who=who, found=found,
            title=tr("Who takes part in the purchase"), purchases=seated,
            entries=people.participants(shelf).entries, may_edit=who.may(Role.EDITOR),
            names={i: s.name for i, s in enumerate(found.canvas.segments, 1)},
            suspect=tr(SUSPECT), no_evidence=tr(NO_EVIDENCE),
        )  # fmt: skip


@routes.get("/participants.svg")
def drawn(who: Viewer, parts: Parts, key: str) -> Response:
    """Draw who influences whom."""
    found = canvas_in(parts, who, key)
    return Response(draw_purchase_map(purchase_map(found.canvas)), media_type="image/svg+xml")


def _known(choice: str) -> Choice:
    if choice not in CHOICES:
        raise NotHere
    return CHOICES[choice]


def _said(
    name: str, one: Choice, found: Version, parts: Services
) -> tuple[dict[str, Any], tuple[str, str]]:
    """Return what the answer shows, or what keeps it from being there and what to do."""
    nothing: dict[str, Any] = {"sections": [], "opening": [], "notes": []}
    missing = one.missing(found.canvas)
    if missing:
        return nothing, (tr("Nothing can be said yet."), missing)
    try:
        shown = outline_values(_answers.of(name, found))
    except ForwhomError as error:
        problem = _PLACE.sub("", without_folders(error.problem, parts))
        return nothing, (told(problem), told(error.advice))
    shown.pop("kicker")
    return shown, ("", "")


def _listed(canvas: Canvas, at: str, part: str) -> Iterator[tuple[str, str]]:
    """Yield where a part of each item of a list stands, and the words of the item."""
    way = places.read(at)
    for item in named_items(canvas):
        if tuple(item.location[:-1]) == tuple(way):
            yield f"{places.written(item.location)}{part}", item.text


def _curve(canvas: Canvas, segment: str, criteria: str) -> Iterator[Change]:
    """Yield the changes that add criteria to the value curve of a segment."""
    if segment not in {one.id for one in canvas.segments}:
        raise OptionError(tr("No segment is chosen."), tr("Choose for whom this matters."))
    lines = list(dict.fromkeys(" ".join(line.split()) for line in criteria.splitlines()))
    points: list[dict[str, Any]] = [{"criterion": line, "scores": {}} for line in lines if line]
    if not points:
        raise OptionError(tr("There is no text yet."), tr("Type something."))
    for place, curve in enumerate(canvas.value_curves):
        if curve.segment == segment:
            for index, point in enumerate(points, len(curve.points)):
                yield Insert(at=("value_curves", place, "points", index), value=point)
            return
    taken = {item.id for item in named_items(canvas)}
    new = {"id": unused(f"curve-{segment}", taken), "segment": segment, "points": points}
    yield Insert(at=("value_curves", len(canvas.value_curves)), value=new)
