"""A segmentation: its answer, whether it can be defended, its report, names, what comes next."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas.frameworks import framework_names, read_framework
from forwhom.documents.canvas.seeding import seed_canvas
from forwhom.documents.defense import defense_of_segmentation
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.telling import told_segmentation
from forwhom.errors import DocumentError, OptionError
from forwhom.languages.catalog import later, speaking, tr
from forwhom.report.segmentation import FORMS, summary_text
from forwhom.web.forms.items import both_texts, canvas_in, kept, over
from forwhom.web.server.rendering import is_part, language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, NotHere, Owner, Parts, Viewer
from forwhom.wording import typed
from forwhom.workspace.canvases import CANVAS, Version
from forwhom.workspace.conflict import Conflict, NotNow
from forwhom.workspace.people import Role
from forwhom.workspace.segmentations import MEMBERS, Found

routes = APIRouter(prefix="/w/{workspace}")

#: Largest file of a segmentation, in bytes: one of fifty segments has two million.
MOST = 20_000_000
PARQUET = "application/vnd.apache.parquet"
_TYPES = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
_STATES = {"yes": later("Yes"), "open": later("Open"), "no": later("No")}
_SEEDING = 5


@routes.post("/segmentations")
def take(who: Editor, parts: Parts, file: UploadFile) -> Response:
    """Take a segmentation in that somebody has as a file."""
    parts.limits.check("upload", who.who.id)
    content = file.file.read(MOST + 1)
    if len(content) > MOST:
        raise OptionError(
            f"This file has more than {MOST // 1_000_000} MB, as no segmentation does.",
            "Expected segmentation.json, as 'forwhom discover' writes it.",
        )
    text = segmentation_text(content, PurePath(file.filename or "The file").name)
    made = parts.segmentations.create(who.workspace, who.who, text)
    return RedirectResponse(f"/w/{who.workspace}/segmentation/{made.document}", 303)


@routes.get("/segmentation/{segmentation}")
def show(request: Request, who: Viewer, parts: Parts, segmentation: str) -> Response:
    """Show the answer first, then what is known of it, then the segments."""
    found = segmentation_in(parts, who, segmentation)
    parts.audit.note(who.workspace, who.who, "looked", found.title, once=True)
    canvases = [one for one in parts.documents.listed(who.workspace) if one.kind == CANVAS]
    with speaking(language_of(request)):
        told = told_segmentation(found.segmentation)
        answer = told.answer
        frames = [(name, tr(read_framework(name).name)) for name in framework_names()]
        return page(
            request, "data/segmentation.html.jinja", who=who, found=found,
            segments=told.segments, title=told.title or answer.headline, answer=answer,
            defense=defense_of_segmentation(told),
            canvases=canvases, frameworks=frames,
            states={key: tr(words) for key, words in _STATES.items()},
            names=[one for one in parts.segmentations.events(segmentation) if one.body.get("name")],
            has_members=parts.segmentations.has_members(segmentation),
            may_edit=who.may(Role.EDITOR), may_own=who.may(Role.OWNER),
        )  # fmt: skip


@routes.get("/segmentation/{segmentation}/report")
def report(request: Request, who: Viewer, parts: Parts, segmentation: str) -> Response:
    """Return the whole report, which brings its own style and nothing else."""
    found = segmentation_in(parts, who, segmentation)
    text = str(_made(found, "html", language_of(request)))
    said = _POLICY.search(text)
    assert said is not None
    policy = f"{html.unescape(said[1])}; frame-ancestors 'none'"
    return Response(text, media_type=_TYPES["html"], headers={"content-security-policy": policy})


@routes.get("/segmentation/{segmentation}/file/{form}")
def download(request: Request, who: Viewer, parts: Parts, segmentation: str, form: str) -> Response:
    """Return a segmentation as a file in one of its forms."""
    found = segmentation_in(parts, who, segmentation)
    return taken_out(parts, who, found, form, language_of(request))


@routes.post("/segmentation/{segmentation}/rename")
def rename(
    request: Request, who: Editor, parts: Parts, segmentation: str,
    segment: Annotated[int, Form()], version: Annotated[int, Form()],
    name: Annotated[str, Form(max_length=200)] = "",
) -> Response:  # fmt: skip
    """Give a segment a name of one's own; an empty one brings back the proposed name."""
    found = segmentation_in(parts, who, segmentation)
    with speaking(language_of(request)):
        shown = told_segmentation(found.segmentation).segments
    if typed(name).strip() in [typed(one.proposed_name) for one in shown if one.id == segment]:
        name = ""  # as it was proposed, in whatever language
    try:
        done = parts.segmentations.rename(
            segmentation, who.who, version, segment, name, over(request)
        )
    except Conflict as conflict:
        if not is_part(request):
            raise
        with speaking(language_of(request)):
            label = tr("Name of segment {number}", number=segment)
            return both_texts(request, conflict, lambda _: label)
    if is_part(request):
        return kept(done.number)
    return onward(request, f"/w/{who.workspace}/segmentation/{segmentation}")


@routes.post("/segmentation/{segmentation}/seed")
def seed(
    request: Request, who: Editor, parts: Parts, segmentation: str,
    framework: Annotated[str, Form(max_length=100)] = "business-model-canvas",
    canvas: Annotated[str, Form(max_length=40)] = "",
    same: Annotated[str, Form(max_length=10)] = "",
) -> Response:  # fmt: skip
    """Seed a new canvas, or bring one up to date: nothing that a person wrote changes."""
    found = segmentation_in(parts, who, segmentation)
    made = seeded(
        parts, who, found, canvas, framework=framework, language=language_of(request),
        same=bool(same),
    )  # fmt: skip
    return onward(request, f"/w/{who.workspace}/canvas/{made.document}")


@routes.get("/segmentation/{segmentation}/members")
def members(who: Owner, parts: Parts, segmentation: str) -> Response:
    """Return who belongs where: rows of people, for owners alone."""
    return members_of(parts, who, segmentation_in(parts, who, segmentation))


@routes.post("/segmentation/{segmentation}/members/delete")
def delete_members(request: Request, who: Owner, parts: Parts, segmentation: str) -> Response:
    """Delete who belongs where, for good."""
    segmentation_in(parts, who, segmentation)
    parts.segmentations.delete_members(segmentation, who.who)
    return onward(request, f"/w/{who.workspace}/segmentation/{segmentation}")


def segmentation_in(parts: Services, who: Member, key: str) -> Found:
    """Return a segmentation of this workspace as it is now."""
    if parts.documents.workspace_of(key) != who.workspace:
        raise NotHere
    return parts.segmentations.head(key)


def segmentation_text(content: bytes, name: str) -> str:
    """Return the text of a file of a segmentation that was brought."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(
            f"{name} is no text.", "Expected segmentation.json, as 'forwhom discover' writes it."
        ) from None


def taken_out(parts: Services, who: Member, found: Found, form: str, language: str) -> Response:
    """Return a segmentation as a file in one of its forms, and write down who took it out."""
    if form == "json":
        made: str | bytes = found.text
    elif form == "txt":
        made = summary_text(found.segmentation, language=language)
    elif form in FORMS:
        made = _made(found, form, language)
    else:
        raise NotHere
    parts.audit.note(who.workspace, who.who, "exported", found.title)
    name = "report" if form in FORMS else "segmentation"
    return _file(made, _TYPES[form], f"{name}.{form}")


def members_of(parts: Services, who: Member, found: Found) -> Response:
    """Return who belongs where as a file, and write down who took it out."""
    content = parts.segmentations.members(found.document)
    if content is None:
        raise OptionError("It is not kept who belongs where.", "Keep it when you discover.")
    parts.audit.note(who.workspace, who.who, "exported", f"{found.title}: {MEMBERS}")
    return _file(content, PARQUET, MEMBERS)


def seeded(
    parts: Services, who: Member, found: Found, canvas: str, *, framework: str, language: str,
    same: bool,
) -> Version:  # fmt: skip
    """Seed a new canvas, or the one that is named."""
    if canvas:
        return _seeded_again(parts, who, found, canvas, same=same)
    text = seed_canvas(found.segmentation, framework=framework, language=language).text
    return parts.canvases.create(who.workspace, who.who, text)


def _seeded_again(
    parts: Services, who: Member, found: Found, canvas: str, *, same: bool
) -> Version:
    for _ in range(_SEEDING):
        head = canvas_in(parts, who, canvas)
        text = seed_canvas(found.segmentation, head.canvas, same_numbers=same).text
        try:
            return parts.canvases.replace(canvas, who.who, head.number, text, "seeded")
        except Conflict:
            continue  # somebody wrote meanwhile: seed what they have now
    raise NotNow("Others change this canvas just now.", "Try again in a moment.")


def onward(request: Request, path: str) -> Response:
    """Go on to a page, whether a script or a plain form asked."""
    if is_part(request):
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


@lru_cache(maxsize=8)
def _of(text: str, form: str, language: str) -> str | bytes:
    return FORMS.made(Segmentation.model_validate_json(text), form, language=language)


def _made(found: Found, form: str, language: str) -> str | bytes:
    return _of(found.text, form, language)
