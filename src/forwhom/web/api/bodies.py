"""What is sent and answered as it is: whole files, of a kind and a size, with a version."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from forwhom.web.api.problems import Refused, kind_of, wrong_kind
from forwhom.wording import listed

#: What a route says of its answers, for the description.
Answers: TypeAlias = dict[int | str, dict[str, Any]]
YAML = ("application/yaml", "application/x-yaml", "text/yaml")
JSON = ("application/json",)
CSV = ("text/csv",)

#: With what a change of a version may be refused, and work that waits for other work.
OF_A_VERSION: Answers = {412: {}, 428: {}}
NOT_NOW: Answers = {409: {}}

_IfMatch = Annotated[str, Header(description="The ETag that you read: the version you change.")]
_VERSION = re.compile(r'^(?:W/)?"?(\d{1,12})"?$')


@dataclass(frozen=True)
class Sent:
    """A body, and of which kind it is."""

    kind: str
    content: bytes

    @property
    def is_json(self) -> bool:
        """Whether it is JSON."""
        return self.kind in JSON


def body(kinds: tuple[str, ...], most: int) -> Callable[[Request], Awaitable[Sent]]:
    """Return what reads a body of one of some kinds, and no more of it than may be."""

    async def read(request: Request) -> Sent:
        kind = kind_of(request)
        if kind not in kinds:
            raise wrong_kind(kind, listed(kinds, None, "or"))
        taken = bytearray()
        async for piece in request.stream():
            taken += piece
            if len(taken) > most:
                raise Refused("too-large", f"This is larger than {most // 1_000_000} MB.")
        return Sent(kind, bytes(taken))

    return read


def taken(*kinds: str, of: str = "") -> dict[str, Any]:
    """Return how the description tells of a body; its shape is a model, or text."""
    shape = {"$ref": f"#/components/schemas/{of}"} if of else {"type": "string"}
    content = {kind: {"schema": shape} for kind in kinds}
    return {"requestBody": {"required": True, "content": content}}


def _seen(if_match: _IfMatch = "") -> int:
    """Return the version that somebody changes, as ``If-Match`` says it."""
    found = _VERSION.match(if_match.strip())
    if found is None:
        raise Refused(
            "no-version", "It is not said which version this change is of.",
            "Send 'If-Match' with the ETag that you read; '*' is not taken, since it would "
            "overwrite what others did.",
        )  # fmt: skip
    return int(found[1])


Seen = Annotated[int, Depends(_seen)]


def file(*kinds: str) -> Answers:
    """Return how the description tells of a file that is answered."""
    return {200: {"content": {kind: {} for kind in kinds}, "description": "The file."}}


def versioned(request: Request, content: str | bytes, media: str, version: int) -> Response:
    """Return a document with its version, or only that nothing is new."""
    tag = f'"{version}"'
    headers = {"etag": tag, "vary": "accept, authorization", "cache-control": "private, no-cache"}
    known = [one.strip().removeprefix("W/") for one in _listed(request, "if-none-match")]
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)


def wants_json(request: Request) -> bool:
    """Whether JSON is asked for before YAML."""
    asked = [one.partition(";")[0].strip().lower() for one in _listed(request, "accept")]
    return next((one in JSON for one in asked if one in (*YAML, *JSON)), False)


def _listed(request: Request, header: str) -> list[str]:
    return request.headers.get(header, "").split(",")
