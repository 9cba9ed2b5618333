"""Segmentations: listed, taken in, read with their evidence and reports, seeded into canvases."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from forwhom.documents.defense import Defense, defense_of_segmentation
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.segmentationfile import evidence_about
from forwhom.documents.telling import told_segmentation
from forwhom.languages.catalog import speaking
from forwhom.web.api.access import Keeper, Reader, Writer
from forwhom.web.api.bodies import JSON, NOT_NOW, Answers, Sent, body, file, taken, versioned
from forwhom.web.api.listing import Limit, Offset, entries, entry
from forwhom.web.api.models import Entries, Entry, EvidenceFound, Seeding
from forwhom.web.data.segmentations import (
    MOST,
    PARQUET,
    members_of,
    seeded,
    segmentation_in,
    segmentation_text,
    taken_out,
)
from forwhom.web.server.rendering import language_of
from forwhom.web.server.visits import Parts
from forwhom.workspace.segmentations import SEGMENTATION

routes = APIRouter(prefix="/workspaces/{workspace}/segmentations", tags=["segmentations"])

_ONE = "/{segmentation}"
File = Annotated[Sent, Depends(body(JSON, MOST))]
About = Annotated[str, Query(max_length=200, description="Words that must all be in it.")]
_FOUND: Answers = {
    200: {"model": Segmentation, "description": "The segmentation; its version is the ETag."}
}


@routes.get("")
def list_segmentations(
    who: Reader, parts: Parts, limit: Limit = 100, offset: Offset = 0
) -> Entries:
    """List the segmentations, those last changed first."""
    return entries(parts, who, SEGMENTATION, limit, offset)


@routes.post("", status_code=201, openapi_extra=taken(*JSON, of="Segmentation"))
def take_segmentation(who: Writer, parts: Parts, sent: File, response: Response) -> Entry:
    """Take in a segmentation that forwhom discover wrote."""
    parts.limits.check("upload", who.who.id)
    text = segmentation_text(sent.content, "segmentation.json")
    made = parts.segmentations.create(who.workspace, who.who, text)
    response.headers["etag"] = f'"{made.number}"'
    return entry(parts, made.document)


@routes.get(_ONE, responses=_FOUND, response_class=Response)
def read_segmentation(request: Request, who: Reader, parts: Parts, segmentation: str) -> Response:
    """Read a segmentation: who the segments are, how sure, and what weakens the answer."""
    found = segmentation_in(parts, who, segmentation)
    parts.audit.note(who.workspace, who.who, "looked", found.title, once=True)
    return versioned(request, found.text, JSON[0], found.number)


@routes.get(f"{_ONE}/evidence")
def list_evidence(
    request: Request, who: Reader, parts: Parts, segmentation: str, about: About = "",
    limit: Limit = 100, offset: Offset = 0,
) -> EvidenceFound:  # fmt: skip
    """List what was computed: each statement with number, interval, method and fingerprint.

    Statements are German or Arabic where the call accepts that language, and else English.
    """
    found = segmentation_in(parts, who, segmentation)
    parts.audit.note(who.workspace, who.who, "looked", found.title, once=True)
    with speaking(language_of(request)):
        chosen = evidence_about(told_segmentation(found.segmentation), about)
    return EvidenceFound(items=chosen[offset : offset + limit], total=len(chosen))


@routes.get(f"{_ONE}/defense")
def defend_segmentation(request: Request, who: Reader, parts: Parts, segmentation: str) -> Defense:
    """Answer whether the segments can be defended: seven questions.

    The answer is German or Arabic where the call accepts that language, and else English.
    """
    found = segmentation_in(parts, who, segmentation)
    with speaking(language_of(request)):
        return defense_of_segmentation(told_segmentation(found.segmentation))


@routes.get(f"{_ONE}/report/{{form}}", response_class=Response, responses=file("*/*"))
def report(request: Request, who: Reader, parts: Parts, segmentation: str, form: str) -> Response:
    """Take the report out, as html, pdf, pptx, md, csv, txt, or json for the whole segmentation.

    It speaks German or Arabic where the call accepts that language, and else English.
    """
    found = segmentation_in(parts, who, segmentation)
    return taken_out(parts, who, found, form, language_of(request))


@routes.post(f"{_ONE}/canvas", responses=NOT_NOW)
def seed_canvas(
    who: Writer, parts: Parts, segmentation: str, sent: Seeding, response: Response
) -> Entry:
    """Seed a new canvas, or bring one up to date: nothing that a person wrote changes."""
    found = segmentation_in(parts, who, segmentation)
    made = seeded(
        parts, who, found, sent.canvas, framework=sent.framework, language=sent.language,
        same=sent.same_numbers,
    )  # fmt: skip
    response.headers["etag"] = f'"{made.number}"'
    return entry(parts, made.document)


@routes.get(f"{_ONE}/members", response_class=Response, responses=file(PARQUET))
def read_members(who: Keeper, parts: Parts, segmentation: str) -> Response:
    """Take out who belongs where, as Parquet: rows of people, where an owner keeps them."""
    return members_of(parts, who, segmentation_in(parts, who, segmentation))
