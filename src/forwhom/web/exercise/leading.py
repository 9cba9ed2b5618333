"""Leading an exercise: open it, start rounds, see who has finished, reveal, decide what is done."""

from __future__ import annotations

import io
from datetime import date
from functools import partial
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from forwhom.documents.canvas import Canvas, framework_of
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.report.alignment.heat import heat_map
from forwhom.report.alignment.summary import summarize_alignment
from forwhom.report.alignment.terms import CLASSES
from forwhom.report.workshop.agenda import FIRST_ROUND, LONGEST, SHORTEST, agenda
from forwhom.web.exercise.questions import rows_of
from forwhom.web.forms.items import canvas_in, form_of
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, NotHere, Parts, Viewer
from forwhom.workspace.changes import Put
from forwhom.workspace.exercise import (
    MOST_ROUNDS,
    Kind,
    Setup,
    Side,
    Voice,
    items_of,
    sides_of,
    top_items,
)
from forwhom.workspace.exercises import Opened, Step, moved_of
from forwhom.workspace.outcomes import FEWEST, judges_of, ratings_csv, strategy_of
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}")

Typed = Annotated[FormData, Depends(form_of)]
Seen = Annotated[int, Form()]
_NAMES = {
    "minutes": later("Minutes of the workshop"),
    "timer": later("Minutes of a round"),
    "rounds": later("Rounds"),
}
#: Stages in which what was said may be seen.
_OPEN = ("revealed", "closed")


def exercise_in(parts: Services, who: Member, key: str) -> Opened:
    """Return an exercise of this workspace."""
    found = parts.exercises.get(key)
    if found is None or found.workspace != who.workspace:
        raise NotHere
    return found


def of_address(who: Viewer, parts: Parts, exercise: str) -> Opened:
    """Return the exercise of the address."""
    return exercise_in(parts, who, exercise)


Found = Annotated[Opened, Depends(of_address)]


@routes.get("/canvas/{key}/exercises")
def listed(
    request: Request, who: Viewer, parts: Parts, key: str, kind: Kind = "alignment"
) -> Response:
    """Show the exercises of a canvas, and the form that opens one."""
    found = canvas_in(parts, who, key)
    canvas = found.canvas
    with speaking(canvas.language):
        return page(
            request, "exercise/open.html.jinja", who=who, found=found, canvas=canvas, kind=kind,
            exercises=parts.exercises.of_canvas(who.workspace, key), items=items_of(canvas, kind),
            top=top_items(canvas), rated={side.id for side in sides_of(canvas)},
            minutes=(SHORTEST, LONGEST), may_edit=who.may(Role.EDITOR),
        )  # fmt: skip


@routes.post("/canvas/{key}/exercises")
def begin(
    who: Editor, parts: Parts, key: str, form: Typed, kind: Annotated[Kind, Form()]
) -> Response:
    """Open an exercise."""
    canvas = canvas_in(parts, who, key).canvas
    with speaking(canvas.language):
        setup = _setup(key, canvas, kind, form)
    found = parts.exercises.open(who.workspace, who.who, setup)
    where = f"/w/{who.workspace}/exercise/{found.id}"
    return Response(status_code=204, headers={"HX-Redirect": where})


def _setup(key: str, canvas: Canvas, kind: Kind, form: FormData) -> Setup:
    """Return what was typed into the form that opens an exercise."""
    minutes = _whole(form, "minutes", 60)
    steps = agenda(minutes)
    chosen = {str(one) for one in form.getlist("items")}
    sides = {s.id: str(form.get(f"side:{s.id}", "")) for s in canvas.segments}
    return Setup(
        canvas=key, kind=kind, title=canvas.title, language=canvas.language,
        items=tuple(item for item in items_of(canvas, kind) if item.id in chosen),
        sides=() if kind == "weights" else tuple(
            Side(id=s.id, name=s.name, voice=_voice(sides[s.id]))
            for s in canvas.segments if sides[s.id]
        ),
        way="alone" if form.get("way") == "alone" else "group", minutes=minutes,
        rounds=_whole(form, "rounds", 2, MOST_ROUNDS),
        timer=_whole(form, "timer", steps[FIRST_ROUND].minutes),
        anonymous=form.get("anonymous") is not None,
        opens=_moment(form, "opens"), closes=_moment(form, "closes", end=True),
    )  # fmt: skip


@routes.get("/exercise/{exercise}")
def lead(request: Request, who: Viewer, parts: Parts, exercise: str) -> Response:
    """Show where an exercise stands, to those who lead it."""
    return _page(request, who, parts, exercise, "exercise/lead.html.jinja")


@routes.get("/exercise/{exercise}/part")
def part(request: Request, who: Viewer, parts: Parts, exercise: str) -> Response:
    """Return what changes while people rate."""
    return _page(request, who, parts, exercise, "exercise/lead.part.jinja")


@routes.get("/exercise/{exercise}/live")
async def live(who: Viewer, parts: Parts, found: Found, after: int = 0) -> StreamingResponse:
    """Tell the page of those who lead whenever something happened."""
    number = partial(moved_of, key=found.id)
    return StreamingResponse(
        parts.hub.follow(f"progress {found.id}", who.who.name, after, number),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@routes.get("/exercise/{exercise}/code.svg")
def picture(request: Request, who: Viewer, parts: Parts, exercise: str) -> Response:
    """Return the link as a picture for phones."""
    found = exercise_in(parts, who, exercise)
    out = io.BytesIO()
    segno.make(_link(request, parts, found), error="m").save(
        out, kind="svg", scale=6, light="white"
    )
    return Response(out.getvalue(), media_type="image/svg+xml")


@routes.post("/exercise/{exercise}/step")
def step(
    who: Editor, parts: Parts, exercise: str, version: Seen, step: Annotated[Step, Form()]
) -> Response:
    """Take an exercise a step on: rate, reveal, close, open again."""
    exercise_in(parts, who, exercise)
    parts.exercises.step(exercise, who.who, version, step)
    return RedirectResponse(f"/w/{who.workspace}/exercise/{exercise}", 303)


@routes.post("/exercise/{exercise}/strategy")
def strategy(who: Editor, parts: Parts, exercise: str, form: Typed) -> Response:
    """Put what will be done about a misalignment into the canvas."""
    found = exercise_in(parts, who, exercise)
    head = canvas_in(parts, who, found.canvas)
    said = {name: str(form.get(name, "")) for name in ("block", "action", "owner", "due")}
    change = strategy_of(head, str(form.get("item", "")), said)
    parts.canvases.edit(found.canvas, who.who, head.number, [change])
    parts.exercises.touch(exercise)
    return Response(status_code=204, headers={"HX-Trigger": "saved"})


@routes.post("/exercise/{exercise}/weights")
def weights(who: Editor, parts: Parts, exercise: str) -> Response:
    """Put each judge's weights into the decision matrix of the canvas."""
    found = exercise_in(parts, who, exercise)
    _check_revealed(found)
    head = canvas_in(parts, who, found.canvas)
    changes = judges_of(head, found, parts.outcomes.of(found))
    parts.canvases.edit(found.canvas, who.who, head.number, changes)
    return RedirectResponse(f"/w/{who.workspace}/canvas/{found.canvas}", 303)


@routes.post("/exercise/{exercise}/keep")
def keep(who: Editor, parts: Parts, exercise: str) -> Response:
    """Keep the ratings with the canvas, so that whatever reads it counts them."""
    found = exercise_in(parts, who, exercise)
    _check_revealed(found)
    name = _kept_name(found)
    content = ratings_csv(found, parts.outcomes.of(found)).encode()
    parts.canvases.attach(found.canvas, {name: content})
    head = canvas_in(parts, who, found.canvas)
    at = ("need_ratings",) if found.setup.kind == "needs" else ("alignment", "file")
    parts.canvases.edit(found.canvas, who.who, head.number, [Put(at=at, value=name)])
    return RedirectResponse(f"/w/{who.workspace}/exercise/{exercise}", 303)


@routes.get("/exercise/{exercise}/ratings.csv")
def file(who: Viewer, parts: Parts, exercise: str) -> Response:
    """Return the ratings as a file that the command line reads."""
    found = exercise_in(parts, who, exercise)
    _check_revealed(found)
    parts.audit.note(who.workspace, who.who, "exported", found.setup.title)
    name = "need-ratings" if found.setup.kind == "needs" else "ratings"
    return Response(
        ratings_csv(found, parts.outcomes.of(found)),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )


def _kept_name(found: Opened) -> str:
    """Return what the ratings of a round are called beside the canvas: earlier ones stay."""
    kind = "need-ratings" if found.setup.kind == "needs" else "ratings"
    return f"{kind}-{found.id[:8]}-{found.state.round}.csv"


def _files_of(canvas: Canvas) -> tuple[str, str]:
    """Return the files of ratings that a canvas names."""
    return canvas.need_ratings, canvas.alignment.file if canvas.alignment else ""


def _check_revealed(found: Opened) -> None:
    if found.state.stage not in _OPEN:
        with speaking(found.setup.language):
            raise OptionError(
                tr("People are still rating."), tr("Reveal the round first; then it can be seen.")
            )


def _page(request: Request, who: Member, parts: Services, key: str, template: str) -> Response:
    found = exercise_in(parts, who, key)
    head = canvas_in(parts, who, found.canvas)
    shown = found.state.stage in _OPEN and found.state.round > 0
    outcome = parts.outcomes.of(found) if shown else None
    result = outcome.result if outcome is not None else None
    with speaking(found.setup.language):
        summary = summarize_alignment(result) if result is not None else None
        return page(
            request, template, who=who, found=found, outcome=outcome, summary=summary,
            picture=heat_map(summary) if summary is not None else "",
            classes=[(tr(name), tr(meaning)) for name, meaning in CLASSES.values()],
            rows=rows_of(found, outcome) if outcome is not None and result is None else [],
            apart=_apart(result), strategies=head.canvas.strategies,
            blocks=[(b.topics[0], tr(b.name)) for b in framework_of(head.canvas).blocks],
            progress=parts.exercises.progress(found), agenda=agenda(found.setup.minutes),
            link=_link(request, parts, found), may_edit=who.may(Role.EDITOR),
            is_local=parts.settings.is_local, title=found.setup.title or tr("Exercise"),
            is_kept=_kept_name(found) in _files_of(head.canvas), fewest=FEWEST,
        )  # fmt: skip


def _apart(result: AlignmentResult | None) -> list[tuple[str, str]]:
    """Return the items on which segments are apart: id and words, the heaviest first."""
    if result is None:
        return []
    words = {item.id: item.statement for item in result.items}
    found = [i for i in result.overall.items if i.alignment in ("misaligned", "unwanted")]
    found.sort(key=lambda item: -(item.severity.value if item.severity is not None else 0))
    return [(item.item, words[item.item]) for item in found]


def _link(request: Request, parts: Services, found: Opened) -> str:
    return f"{parts.settings.address_for_others(str(request.base_url))}/x/{found.code}"


def _voice(text: str) -> Voice | None:
    known: dict[str, Voice] = {"direct": "direct", "proxy": "proxy"}
    return known.get(text)


def _whole(form: FormData, name: str, otherwise: int, most: int = LONGEST) -> int:
    text = str(form.get(name, "")).strip() or str(otherwise)
    if not (text.isdecimal() and 1 <= int(text) <= most):
        raise OptionError(
            tr("{name}: {text} is no whole number from 1 to {most}.",
               name=tr(_NAMES[name]), text=text, most=most),
            tr("Expected one such as {number}.", number=otherwise),
        )  # fmt: skip
    return int(text)


def _moment(form: FormData, name: str, *, end: bool = False) -> str:
    """Return the beginning of a day that was typed, or its end."""
    day = str(form.get(name, "")).strip()
    if not day:
        return ""
    try:
        date.fromisoformat(day)
    except ValueError:
        raise OptionError(
            tr("{day} is no day.", day=day),
            tr("Expected one such as {number}.", number="2027-01-31"),
        ) from None
    return f"{day}T{'23:59:59' if end else '00:00:00'}Z"
