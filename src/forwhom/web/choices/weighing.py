"""Weights of the decision matrix, given by each judge alone and revealed together."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.strategy import DecisionCriterion
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.web.forms.fields import Field
from forwhom.web.forms.filled import typed
from forwhom.web.forms.items import Typed, canvas_in, saved
from forwhom.web.server.rendering import is_part, page
from forwhom.web.server.visits import Commenter, Editor, Member, Parts, Viewer
from forwhom.workspace.changes import Insert
from forwhom.workspace.people import Role
from forwhom.workspace.weighing import Weighing, judges_of

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")


@routes.get("/weights")
def show(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show a person their own weights, and who has given theirs; what others gave is not here."""
    found = canvas_in(parts, who, key)
    round_ = parts.weighings.of(who.workspace, key)
    is_open = round_ is not None and round_.revealed is None
    # A reveal that met somebody else's change can be finished.
    missing = round_ is not None and not is_open and _any_missing(found.canvas, round_)
    given = [one.name for one in round_.given] if round_ else []
    with speaking(found.canvas.language):
        return page(
            request, "choices/weights.html.jinja", who=who, found=found,
            title=tr("Weights, given privately"), criteria=_criteria(found.canvas),
            is_open=is_open, own=round_.of(who.who) if round_ and is_open else {},
            given=given,
            revealed=round_.revealed if round_ else None,
            can_reveal=who.may(Role.EDITOR) and (missing or bool(is_open and given)),
            may_edit=who.may(Role.EDITOR), may_weigh=who.may(Role.COMMENTER),
        )  # fmt: skip


@routes.post("/weights")
def give(request: Request, who: Commenter, parts: Parts, key: str, form: Typed) -> Response:
    """Keep the weights of one person."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        weights = dict(_weights(_criteria(found.canvas), form))
        parts.weighings.give(who.workspace, key, who.who, weights)
        return _done(request, who, key)


@routes.post("/weights/ask")
def ask(request: Request, who: Editor, parts: Parts, key: str) -> Response:
    """Ask everybody for their weights."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        if not _criteria(found.canvas):
            raise OptionError(
                tr("The canvas has no criteria to weigh yet."),
                tr("Add criteria to the decision matrix first."),
            )
        parts.weighings.ask(who.workspace, key, who.who)
        return _done(request, who, key)


@routes.post("/weights/reveal")
def reveal(
    request: Request, who: Editor, parts: Parts, key: str, version: Annotated[int, Form()]
) -> Response:
    """Bring what everybody gave into the canvas."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        round_ = parts.weighings.reveal(who.workspace, key, who.who)
        edits = list(judges_of(found.canvas, round_))
        return saved(request, parts, who, found, edits, back=_address(who, key))


def _any_missing(canvas: Canvas, found: Weighing) -> bool:
    return any(isinstance(one, Insert) for one in judges_of(canvas, found))


def _criteria(canvas: Canvas) -> list[DecisionCriterion]:
    return canvas.decision.criteria if canvas.decision is not None else []


def _weights(criteria: list[DecisionCriterion], form: FormData) -> list[tuple[str, float]]:
    made = []
    for one in criteria:
        ((_, value),) = typed([Field(f"w:{one.id}", one.name, "number")], form)
        if value is not None and value < 0:
            raise OptionError(
                tr("{criterion}: {text} is no weight.", criterion=one.name, text=f"{value:g}"),
                tr("Type a number of 0 or more; only how they compare matters."),
            )
        if value is not None:
            made.append((one.id, value))
    return made


def _done(request: Request, who: Member, key: str) -> Response:
    if is_part(request):
        return Response(status_code=204, headers={"HX-Trigger": "saved"})
    return RedirectResponse(_address(who, key), 303)


def _address(who: Member, key: str) -> str:
    return f"/w/{who.workspace}/canvas/{key}/weights"
