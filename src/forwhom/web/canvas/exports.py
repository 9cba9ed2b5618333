"""Out of the app: a canvas and what follows from it as files, and links for those who only look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.choices.exercise import ratings_of
from forwhom.choices.jobmaps import map_jobs
from forwhom.choices.questions import (
    assess_fit,
    compare_curves,
    decide_segments,
    rank_needs,
    separate_segments,
)
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.exchange import exported
from forwhom.documents.ids import slug
from forwhom.errors import OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.languages.retelling import told
from forwhom.pipeline.aligning import align
from forwhom.pipeline.canvases import draw_canvas
from forwhom.pipeline.nextsteps import next_steps
from forwhom.report.alignment import FORMS as ALIGNMENT
from forwhom.report.choices import FORMS as CHOICES
from forwhom.report.nextsteps import FORMS as NEXT
from forwhom.web.forms.items import canvas_in
from forwhom.web.server.rendering import page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, NotHere, Parts, Viewer
from forwhom.workspace.canvases import Version
from forwhom.workspace.people import Role

routes = APIRouter(prefix="/w/{workspace}/canvas/{key}")

#: What each form is for.
USES = {
    "yaml": later("the canvas itself, for the command line and to keep; it comes back whole"),
    "pdf": later("to print and to send"),
    "png": later("a picture for documents and chats"),
    "svg": later("a drawing that can be enlarged and edited"),
    "pptx": later("slides that can be edited"),
    "html": later("one page with everything, for any browser"),
    "md": later("text for wikis and repositories"),
    "txt": later("plain text"),
    "json": later("data for programs"),
    "csv": later("a table of all notes, for spreadsheets and boards of other tools"),
    "bmml": later("for tools that read the Business Model Markup Language"),
}
#: What a table of a result is for: notes are those of the canvas.
_TABLE = later("tables for spreadsheets")
_TYPES = {
    "yaml": "application/yaml", "pdf": "application/pdf", "png": "image/png",
    "svg": "image/svg+xml", "html": "text/html", "md": "text/markdown", "txt": "text/plain",
    "json": "application/json", "csv": "text/csv", "bmml": "application/yaml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
_DRAWN = ("pdf", "png", "svg", "pptx", "html", "md")
_WRITTEN = ("json", "csv", "bmml")
#: Longest time that a link is open, in days.
_LONGEST = 365


@dataclass(frozen=True)
class Offer:
    """Something that can be taken out, in some forms."""

    of: str
    name: str
    forms: tuple[str, ...]
    make: Callable[[Canvas, str], str | bytes]
    there: Callable[[Canvas], bool] = lambda _: True


def _canvas(canvas: Canvas, form: Any) -> str | bytes:
    return draw_canvas(canvas, form) if form in _DRAWN else exported(canvas, form).text


OFFERS = (
    Offer(
        "canvas", later("The canvas"), ("yaml", *_DRAWN, *_WRITTEN),
        _canvas,
    ),
    Offer(
        "next", later("What next"), tuple(NEXT),
        lambda canvas, form: NEXT.made(next_steps(canvas), form),
    ),
    Offer(
        "alignment", later("Alignment"), tuple(ALIGNMENT),
        lambda canvas, form: ALIGNMENT.made(align(canvas), form),
        lambda canvas: bool(ratings_of(canvas)[0]),
    ),
    Offer(
        "decision", later("Decision matrix"), tuple(CHOICES),
        lambda canvas, form: CHOICES.made(decide_segments(canvas), form),
        lambda canvas: canvas.decision is not None,
    ),
    Offer(
        "needs", later("Opportunities"), tuple(CHOICES),
        lambda canvas, form: CHOICES.made(rank_needs(canvas), form),
        lambda canvas: bool(canvas.needs),
    ),
    Offer(
        "jobs", later("Jobs and their steps"), tuple(CHOICES),
        lambda canvas, form: CHOICES.made(map_jobs(canvas), form),
        lambda canvas: any(need.of for need in canvas.needs),
    ),
    Offer(
        "segments", later("What makes them separate"), tuple(CHOICES),
        lambda canvas, form: CHOICES.made(separate_segments(canvas), form),
        lambda canvas: len(canvas.segments) > 1,
    ),
    Offer(
        "fit", later("Fit"), tuple(CHOICES),
        lambda canvas, form: CHOICES.made(assess_fit(canvas), form),
        lambda canvas: bool(canvas.needs and canvas.propositions),
    ),
    Offer(
        "curves", later("Value curves"), tuple(CHOICES),
        lambda canvas, form: CHOICES.made(compare_curves(canvas), form),
        lambda canvas: bool(canvas.value_curves),
    ),
)  # fmt: skip


@routes.get("/export")
def export(request: Request, who: Viewer, parts: Parts, key: str) -> Response:
    """Show what can be taken out, and who may look from outside."""
    return _shown(request, who, parts, canvas_in(parts, who, key))


@routes.get("/file")
def download(
    who: Viewer, parts: Parts, key: str, of: str = "canvas", form: str = "yaml", version: int = 0
) -> Response:
    """Return a canvas, or what follows from it, as a file."""
    return taken_out(parts, who, canvas_in(parts, who, key, version), of, form)


def taken_out(parts: Services, who: Member, found: Version, of: str, form: str) -> Response:
    """Return a canvas, or what follows from it, as a file, and write down who took it out."""
    offer = next((one for one in OFFERS if one.of == of and form in one.forms), None)
    if offer is None:
        raise NotHere
    with speaking(found.canvas.language):
        made = found.text if (of, form) == ("canvas", "yaml") else offer.make(found.canvas, form)
        name = f"{_named(found.canvas, of)}.{form}"
    parts.audit.note(who.workspace, who.who, "exported", f"{found.canvas.title}: {name}")
    media = _TYPES[form]
    return Response(
        made, media_type=f"{media}; charset=utf-8" if media.startswith("text/") else media,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )  # fmt: skip


@routes.post("/share")
def share(
    request: Request, who: Editor, parts: Parts, key: str, days: Annotated[int, Form()] = 30
) -> Response:
    """Make a link with which anybody may look at this canvas; it is shown once."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        if not 1 <= days <= _LONGEST:
            raise OptionError(
                tr("A link is open for 1 to {n} days.", n=_LONGEST), tr("Type fewer days.")
            )
    _, token = parts.shares.make(key, who.who, timedelta(days=days))
    parts.audit.note(who.workspace, who.who, "shared", found.canvas.title)
    link = f"{parts.settings.address_for_others(str(request.base_url))}/r/{token}"
    return _shown(request, who, parts, found, link)


@routes.post("/unshare")
def unshare(who: Editor, parts: Parts, key: str, link: Annotated[str, Form()]) -> Response:
    """Close a link for good."""
    canvas_in(parts, who, key)
    parts.shares.revoke(key, link)
    return RedirectResponse(f"/w/{who.workspace}/canvas/{key}/export#links", 303)


def _shown(
    request: Request, who: Member, parts: Services, found: Version, link: str = ""
) -> Response:
    with speaking(found.canvas.language):
        offers = [one for one in OFFERS if one.there(found.canvas)]
        return page(
            request, "canvas/export.html.jinja", who=who, found=found, link=link, uses=USES,
            table=_TABLE, offers=offers, lost=dict(_lost(found.canvas)), longest=_LONGEST,
            links=parts.shares.listed(found.document), title=found.canvas.title or tr("Untitled"),
            may_edit=who.may(Role.EDITOR),
        )  # fmt: skip


def _lost(canvas: Canvas) -> Iterator[tuple[str, list[str]]]:
    """Yield what a form cannot hold, or changes."""
    for form in ("csv", "bmml"):
        done = exported(canvas, form)
        said = [*map(_counted, done.lost), *map(told, done.changed)]
        if said:
            yield form, said


def _counted(lost: str) -> str:
    """Return what a form cannot hold, and how often it is there: ``needs of no segment (2)``."""
    what, mark, number = lost.rpartition(" (")
    return f"{told(what)}{mark}{number}" if mark else told(lost)


def _named(canvas: Canvas, of: str) -> str:
    title = slug(canvas.title, every_script=True)[:60] or "canvas"
    return title if of == "canvas" else f"{title}-{of}"
