"""Canvases: listed, taken in, read, changed as a whole, looked through, taken out."""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from forwhom.choices.defending import defense_of
from forwhom.documents.canvas import Canvas, canvas_text, parse_canvas
from forwhom.documents.canvas.exchange.exporting import canvas_json
from forwhom.documents.canvas.exchange.importing import parse_canvas_json
from forwhom.documents.canvas.file import FILE_NAME, edited, edits_of
from forwhom.documents.defense import Defense
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.documents.yamlfile import MAX_BYTES, decode
from forwhom.lint.diagnostic import LintResult
from forwhom.pipeline.aligning import align
from forwhom.pipeline.canvases import lint_canvas
from forwhom.web.api.access import Reader, Writer
from forwhom.web.api.bodies import (
    CSV,
    JSON,
    OF_A_VERSION,
    YAML,
    Answers,
    Seen,
    Sent,
    body,
    file,
    taken,
    versioned,
    wants_json,
)
from forwhom.web.api.listing import Limit, Offset, entries, entry
from forwhom.web.api.models import Entries, Entry, ExportEntry, Exports
from forwhom.web.api.problems import changed
from forwhom.web.canvas.exports import OFFERS, taken_out
from forwhom.web.forms.items import canvas_in
from forwhom.web.server.refusals import without_folders
from forwhom.web.server.services import Services
from forwhom.web.server.visits import Parts
from forwhom.workspace.canvases import CANVAS, Version

routes = APIRouter(prefix="/workspaces/{workspace}/canvases", tags=["canvases"])

_ONE = "/{canvas}"
#: Largest table of ratings, in bytes.
_RATINGS = 20_000_000
_RATINGS_FILE = "ratings.csv"

File = Annotated[Sent, Depends(body((*YAML, *JSON), MAX_BYTES))]
Ratings = Annotated[Sent, Depends(body(CSV, _RATINGS))]
Replicates = Annotated[int, Query(ge=40, le=10_000)]
Seed = Annotated[int, Query(ge=0, le=2**32 - 1)]
Rules = Annotated[list[str] | None, Query()]
_BOTH: Answers = {
    200: {
        "model": Canvas,
        "description": "The canvas; its version is the ETag.",
        "content": {YAML[0]: {"schema": {"$ref": "#/components/schemas/Canvas"}}},
    }
}


@routes.get("")
def list_canvases(who: Reader, parts: Parts, limit: Limit = 100, offset: Offset = 0) -> Entries:
    """List the canvases, those last changed first."""
    return entries(parts, who, CANVAS, limit, offset)


@routes.post("", status_code=201, openapi_extra=taken(YAML[0], *JSON, of="Canvas"))
def take_canvas(who: Writer, parts: Parts, sent: File, response: Response) -> Entry:
    """Take a canvas in as a new one: the file of YAML to the letter, or JSON."""
    parts.limits.check("upload", who.who.id)
    made = parts.canvases.create(who.workspace, who.who, _text(sent))
    return _told(parts, made, response)


@routes.get(_ONE, responses=_BOTH, response_class=Response)
def read_canvas(
    request: Request, who: Reader, parts: Parts, canvas: str, version: int = 0
) -> Response:
    """Read a canvas, as it is or was in one version: the file of YAML, or JSON (Accept)."""
    found = canvas_in(parts, who, canvas, version)
    parts.audit.note(who.workspace, who.who, "looked", found.canvas.title, once=True)
    if wants_json(request):
        return versioned(request, canvas_json(found.canvas), JSON[0], found.number)
    return versioned(request, found.text, YAML[0], found.number)


@routes.put(_ONE, openapi_extra=taken(YAML[0], *JSON, of="Canvas"), responses=OF_A_VERSION)
def put_canvas(
    who: Writer, parts: Parts, canvas: str, seen: Seen, sent: File, response: Response
) -> Entry:
    """Put a whole canvas in the place of the version that you read (If-Match)."""
    parts.limits.check("upload", who.who.id)
    found = canvas_in(parts, who, canvas)
    if seen != found.number:
        raise changed(found.number)
    text = _text(sent)
    if text != found.text:
        found = parts.canvases.replace(canvas, who.who, seen, text)
    return _told(parts, found, response)


@routes.get(f"{_ONE}/findings")
def lint(
    who: Reader, parts: Parts, canvas: str, select: Rules = None, ignore: Rules = None
) -> LintResult:
    """Say what is weak in a canvas, with line, reason and advice."""
    found = canvas_in(parts, who, canvas)
    weak = lint_canvas(found.canvas, select=select or (), ignore=ignore or ())
    # Where the server lays files out is nobody's business.
    said = [one.model_copy(update={"file": FILE_NAME}) for one in weak.diagnostics]
    remarks = [without_folders(one, parts) for one in weak.remarks]
    return weak.model_copy(update={"file": FILE_NAME, "diagnostics": said, "remarks": remarks})


@routes.get(f"{_ONE}/defense")
def defend_canvas(who: Reader, parts: Parts, canvas: str) -> Defense:
    """Answer whether the segments of a canvas can be defended: seven questions."""
    return defense_of(canvas_in(parts, who, canvas).canvas)


@routes.get(f"{_ONE}/alignment")
def align_canvas(
    who: Reader, parts: Parts, canvas: str, replicates: Replicates = 2000, seed: Seed = 0
) -> AlignmentResult:
    """Say where segments want the same, from the ratings of the canvas."""
    found = canvas_in(parts, who, canvas)
    return align(found.canvas, replicates=replicates, seed=seed)


@routes.post(f"{_ONE}/alignment", openapi_extra=taken(*CSV))
def align_ratings(
    who: Reader, parts: Parts, canvas: str, sent: Ratings, replicates: Replicates = 2000,
    seed: Seed = 0,
) -> AlignmentResult:  # fmt: skip
    """Say the same from a table of ratings in the place of the canvas's own; it is not kept."""
    found = canvas_in(parts, who, canvas)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / _RATINGS_FILE).write_bytes(sent.content)
        rated = parse_canvas(_naming_ratings(found), place / FILE_NAME)
        return align(rated, replicates=replicates, seed=seed)


@routes.get(f"{_ONE}/exports")
def list_exports(who: Reader, parts: Parts, canvas: str) -> Exports:
    """List what can be taken out of a canvas as it is now, and in which forms."""
    found = canvas_in(parts, who, canvas)
    offers = [one for one in OFFERS if one.there(found.canvas)]
    return Exports(
        items=[ExportEntry(of=one.of, name=one.name, forms=list(one.forms)) for one in offers]
    )


@routes.get(f"{_ONE}/exports/{{of}}/{{form}}", response_class=Response, responses=file("*/*"))
def export(
    who: Reader, parts: Parts, canvas: str, of: str, form: str, version: int = 0
) -> Response:
    """Take a canvas out, or what follows from it, as a file."""
    return taken_out(parts, who, canvas_in(parts, who, canvas, version), of, form)


def _text(sent: Sent) -> str:
    """Return a canvas that was sent as the text of its file; what is wrong is told as of a file."""
    text = decode(sent.content, FILE_NAME, "a canvas")
    return canvas_text(parse_canvas_json(text)) if sent.is_json else text


def _naming_ratings(found: Version) -> str:
    """Return a canvas whose ratings are those of a table beside it."""
    edits = edits_of(found.canvas)
    if found.canvas.alignment is None:
        edits.set(("alignment",), {"file": _RATINGS_FILE})
    else:
        edits.set(("alignment", "file"), _RATINGS_FILE)
        edits.set(("alignment", "ratings"), None)
    return edited(found.canvas, edits)[1]


def _told(parts: Services, made: Version, response: Response) -> Entry:
    response.headers["etag"] = f'"{made.number}"'
    return entry(parts, made.document)
