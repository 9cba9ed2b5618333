"""The segments of a canvas: who each is, what is known of it, and what the team decides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.comparing import Difference, compare_canvases
from forwhom.languages.catalog import speaking, tr
from forwhom.report.canvas.cards import STATUSES, SUSPECT
from forwhom.report.canvas.defending import defense
from forwhom.report.canvas.entries import NO_EVIDENCE, Shelf
from forwhom.web.forms.items import canvas_in, saved
from forwhom.web.segments.portraits import glances, portrait
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Changes
from forwhom.workspace.decisions import DECISIONS, acceptance, decision, segment_at
from forwhom.workspace.log import Event
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")

#: How many changes of a segment a page shows.
_SHOWN = 20

Seen = Annotated[int, Form()]
Text = Annotated[str, Form(max_length=5000)]


@routes.get("/segments")
def listed(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show all segments: what was decided of each, and whether they can be defended."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        return page(
            request, "segments/segments.html.jinja", who=who, found=found, title=tr("Segments"),
            segments=glances(found.canvas), defense=defense(Shelf(found.canvas)),
            **_about(who, found),
        )  # fmt: skip


@routes.get("/segment/{segment}")
def show(request: Request, who: Viewer, parts: Parts, key: str, segment: str) -> Response:
    """Show one segment with everything that the canvas says of it."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        index = segment_at(found.canvas, segment)
        one = portrait(found.canvas, index)
        own = [c.evidence for c in one.cited]
        others = [e for e in found.canvas.evidence if e not in own]
        decided = one.segment.decision
        chosen = {c.partition("@")[0] for c in decided.evidence} if decided else set()
        return page(
            request, "segments/segment.html.jinja", who=who, found=found,
            title=one.segment.name, one=one,
            statuses=[(name, tr(STATUSES[name])) for name in DECISIONS], chosen=chosen,
            evidence=[e for e in (*own, *others) if e.fingerprint != "gone"],
            defense=defense(Shelf(found.canvas)), **_about(who, found),
        )  # fmt: skip


@routes.post("/segment/{segment}/decision")
def decide(
    request: Request, who: Editor, parts: Parts, key: str, segment: str, version: Seen,
    status: Text = "", reason: Text = "", evidence: Annotated[list[str] | None, Form()] = None,
) -> Response:  # fmt: skip
    """Decide to serve a segment, to ignore it, or that it is no customer, and say why."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        today = datetime.now(UTC).date()
        edits = decision(found, segment, status, reason, evidence or [], who.who.name, today)
        return saved(request, parts, who, found, edits, back=_address(who, key, segment))


@routes.post("/segment/{segment}/accept")
def accept(
    request: Request, who: Editor, parts: Parts, key: str, segment: str, version: Seen,
    claim: Text, note: Text = "", restate: Text = "",
) -> Response:  # fmt: skip
    """Say that a claim still holds with the evidence as it is now."""
    found = canvas_in(parts, who, key, version)
    with speaking(found.canvas.language):
        segment_at(found.canvas, segment)
        edits = acceptance(
            found, [claim], by=who.who.name, note=note.strip(), restate=bool(restate),
            today=datetime.now(UTC).date(),
        )  # fmt: skip
        return saved(request, parts, who, found, edits, back=_address(who, key, segment))


@routes.get("/segment/{segment}/history")
def history(
    request: Request, who: Viewer, parts: Parts, key: str, segment: str, before: int = 0
) -> Response:
    """Show in words what was changed about a segment, by whom and when."""
    found = canvas_in(parts, who, key)
    events = [e for e in parts.canvases.events(key) if not before or e.sequence <= before]
    with speaking(found.canvas.language):
        one = found.canvas.segments[segment_at(found.canvas, segment)]
        entries, older = _changes(parts, key, segment, events)
        return page(
            request, "segments/segment-history.html.jinja", who=who, found=found, one=one,
            entries=entries, older=older, title=one.name,
        )  # fmt: skip


def _changes(
    parts: Services, key: str, segment: str, events: list[Event]
) -> tuple[list[tuple[Event, list[str]]], int]:
    """Return what happened to a segment, the newest first, and from where on there is more."""
    made: list[tuple[Event, list[str]]] = []
    for at in range(len(events) - 1, 0, -1):
        if not _may_be_about(events[at]):
            continue
        if len(made) == _SHOWN:
            return made, events[at].sequence
        new = parts.canvases.at(key, events[at].sequence).canvas
        old = parts.canvases.at(key, events[at - 1].sequence).canvas
        said = [d.sentence for d in compare_canvases(old, new) if _about_it(d, old, new, segment)]
        if said:
            made.append((events[at], said))
    return made, 0


def _may_be_about(event: Event) -> bool:
    """Whether an event changes segments; where a whole text took the place, it may."""
    body = Changes.model_validate(event.body)
    return body.text is not None or any(one.at[0] == "segments" for one in body.changes)


def _about_it(one: Difference, old: Canvas, new: Canvas, segment: str) -> bool:
    """Whether a difference is about a segment, wherever it stood."""
    for path, canvas in ((one.path, new), (one.path_before, old)):
        if len(path) > 1 and path[0] == "segments" and isinstance(path[1], int):
            known = canvas.segments[path[1]].id if path[1] < len(canvas.segments) else ""
            if known == segment:
                return True
    return False


def _about(who: Member, found: Version) -> dict[str, Any]:
    """Return what every page of segments knows."""
    return {
        "may_edit": who.may(Role.EDITOR),
        "names": {i: one.name for i, one in enumerate(found.canvas.segments, 1)},
        "suspect": tr(SUSPECT),
        "no_evidence": tr(NO_EVIDENCE),
    }


def _address(who: Member, key: str, segment: str) -> str:
    return f"/w/{who.workspace}/canvas/{key}/segment/{segment}"
