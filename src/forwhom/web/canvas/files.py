"""The whole file of a canvas: edited as text, uploaded, put in the place of one; never lost."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forwhom.documents.canvas.exchange.carrying import Imported
from forwhom.errors import ForwhomError, OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.pipeline.importing import import_canvas
from forwhom.suffixes import IMPORTS, WORKBOOKS, YAML, ends_with
from forwhom.web.canvas.taking import BESIDE
from forwhom.web.forms.items import Seen, Typed, canvas_in
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Editor, Member, Parts
from forwhom.workspace.canvases import Version
from forwhom.workspace.conflict import Conflict

routes = APIRouter(prefix="/w/{workspace}")

#: Largest file that is taken, in bytes.
_MOST = 20_000_000
FILE = "canvas.yaml"

Name = Annotated[str, Form(max_length=200)]
Whole = Annotated[str, Form(max_length=_MOST)]


@dataclass(frozen=True)
class Given:
    """A file that somebody brings: as a text that they see, or as bytes."""

    name: str
    content: bytes
    beside: dict[str, bytes]

    @property
    def text(self) -> str:
        """What can be shown of it, to be mended; empty for a workbook."""
        if ends_with(self.name, WORKBOOKS):
            return ""
        return self.content.decode("utf-8-sig", errors="replace")


@routes.get("/import")
def blank(request: Request, who: Editor) -> Response:
    """Show where a canvas can be brought in."""
    with speaking(language_of(request)):
        return _asked(request, who, None, Given("", b"", {}))


@routes.post("/import")
def bring(
    request: Request, who: Editor, parts: Parts, form: Typed, text: Whole = "", name: Name = "",
) -> Response:  # fmt: skip
    """Take a file in as a new canvas."""
    with speaking(language_of(request)):
        given = _given(parts, who, form, text, name)
        try:
            done = _read(given)
            made = parts.canvases.create(who.workspace, who.who, done.text, given.beside)
        except ForwhomError as error:
            return _asked(request, who, None, given, error)
        return _told(request, who, made, done)


@routes.get("/canvas/{key}/edit")
def edit(request: Request, who: Editor, parts: Parts, key: str) -> Response:
    """Show the whole file as text, to be changed or replaced."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        return _asked(request, who, found, Given(FILE, found.text.encode(), {}))


@routes.post("/canvas/{key}/edit")
def put(
    request: Request, who: Editor, parts: Parts, key: str, form: Typed, version: Seen,
    text: Whole = "", name: Name = "",
) -> Response:  # fmt: skip
    """Put a whole file in the place of what is there, unless somebody changed it meanwhile."""
    found = canvas_in(parts, who, key)
    with speaking(found.canvas.language):
        given = _given(parts, who, form, text, name)
        try:
            done = _read(given)
            made = parts.canvases.replace(key, who.who, version, done.text)
        except Conflict as conflict:
            return _asked(request, who, found, given, conflict, version)
        except ForwhomError as error:
            return _asked(request, who, replace(found, number=version), given, error)
        return _told(request, who, made, done)


def _given(parts: Services, who: Member, form: FormData, text: str, name: str) -> Given:
    """Return what was brought: the canvas among the files, or else the text that was typed."""
    parts.limits.check("upload", who.who.id)
    brought: dict[str, bytes] = {}
    for one in form.getlist("file"):
        # A browser sends an empty file where none was chosen.
        if isinstance(one, UploadFile) and one.filename:
            content = one.file.read(_MOST + 1)
            if len(content) > _MOST:
                raise OptionError(
                    tr("{name} is larger than {n} MB.", name=PurePath(one.filename).name, n=20),
                    tr("Expected a canvas, and the tables that it names."),
                )
            brought[PurePath(one.filename.replace("\\", "/")).name] = content
    if not brought:
        plain = text.replace("\r\n", "\n")
        return Given(PurePath(name).name or FILE, plain.encode(), {})
    first = next((n for n in brought if ends_with(n, YAML)), None)
    main = first or next((n for n in brought if ends_with(n, IMPORTS)), next(iter(brought)))
    beside = {n: c for n, c in brought.items() if n != main and ends_with(n, _BESIDE)}
    return Given(main, brought[main], beside)


_BESIDE = tuple(one.removeprefix(".") for one in BESIDE)


def _read(given: Given) -> Imported:
    """Read a file as the command line does; its messages name the file, not our folders."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**given.beside, given.name: given.content}.items():
            (Path(folder) / name).write_bytes(content)
        try:
            return import_canvas(Path(folder) / given.name)
        except ForwhomError as error:
            problem = error.problem.replace(f"{folder}/", "")
            raise type(error)(problem, error.advice.replace(f"{folder}/", "")) from error


def _asked(
    request: Request, who: Member, found: Version | None, given: Given,
    error: ForwhomError | None = None, seen: int = 0,
) -> Response:  # fmt: skip
    """Show a file with what is wrong in it; nothing of it is lost."""
    status = 200 if error is None else 409 if isinstance(error, Conflict) else 422
    return page(
        request, "canvas/file.html.jinja", status, who=who, found=found, given=given, error=error,
        seen=seen, conflict=isinstance(error, Conflict), kinds=",".join(f".{n}" for n in IMPORTS),
        title=(found.canvas.title if found else "") or tr("Untitled"),
    )  # fmt: skip


def _told(request: Request, who: Member, made: Version, done: Imported) -> Response:
    onward = f"/w/{who.workspace}/canvas/{made.document}"
    if not done.lost and not done.changed:
        return RedirectResponse(onward, 303)
    return page(
        request, "canvas/imported.html.jinja", who=who, found=made, done=done, onward=onward,
        title=made.canvas.title or tr("Untitled"),
    )  # fmt: skip
