"""The API as an app of its own: no cookie counts in it, and everything wrong is a problem."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from forwhom.languages.catalog import speaking, tr
from forwhom.version import __version__
from forwhom.web.api import canvases, data, segmentations, workspaces
from forwhom.web.api.access import PREFIX, Bearers
from forwhom.web.api.description import completed, models, operations
from forwhom.web.api.problems import KINDS, say_what_is_wrong
from forwhom.web.server.rendering import language_of, page
from forwhom.web.server.services import Services

_ABOUT = (
    "What the pages of forwhom do, for programs. A token of a workspace says what a program may do "
    "there. Read the first sentence of a segmentation's answer first: it says whether there are "
    "groups at all. Rows of people leave only where an owner keeps them, to a token for them."
)
_ROOMS = (workspaces, canvases, segmentations, data)
_open = APIRouter(include_in_schema=False)


class Api(FastAPI):
    """The API, with its description."""

    def openapi(self) -> dict[str, Any]:
        """Return the description (OpenAPI 3.1)."""
        if self.openapi_schema is None:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema


def api_of(parts: Services) -> Api:
    """Return the API over services that are open."""
    app = bare()
    app.state.services = parts
    say_what_is_wrong(app, parts)
    return app


def bare() -> Api:
    """Return the API without services: enough to be described."""
    return Api(
        title="forwhom",
        version="1",
        summary=f"The HTTP API of forwhom {__version__}.",
        description=_ABOUT,
        servers=[{"url": PREFIX}],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        separate_input_output_schemas=False,
        routes=[*_addresses()],
        middleware=[Middleware(Bearers)],
    )


@cache
def _addresses() -> list[BaseRoute]:
    """Return the routes of all rooms; what each asks of a request is worked out once a process."""
    addresses = APIRouter(generate_unique_id_function=_name)
    for router in (*(room.routes for room in _ROOMS), _open):
        addresses.include_router(router)
    return addresses.routes


@_open.get("/openapi.json")
async def description(request: Request) -> JSONResponse:
    """Return the description for programs."""
    return JSONResponse(request.app.openapi())


@_open.get("/")
def readable(request: Request) -> Response:
    """Show the description to people: the same document as a page, without any script of others."""
    document = request.app.openapi()
    with speaking(language_of(request)):
        return page(
            request, "api/description.html.jinja", title=tr("API"), document=document,
            operations=operations(document), models=models(document), kinds=KINDS, prefix=PREFIX,
        )  # fmt: skip


def _name(route: APIRoute) -> str:
    return route.name
