"""The app: its routes, what stands before them, and what is said when something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import resources

from fastapi import APIRouter, Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from forwhom.web.api.access import PREFIX
from forwhom.web.api.app import api_of
from forwhom.web.api.problems import at_the_gate
from forwhom.web.canvas import (
    boards,
    exports,
    files,
    frames,
    history,
    nextsteps,
    remarks,
    removals,
    shared,
)
from forwhom.web.choices import answers, weighing
from forwhom.web.data import segmentations, tables
from forwhom.web.exercise import leading, taking_part
from forwhom.web.forms import items
from forwhom.web.people import home, members, signing, tokens
from forwhom.web.people.elsewhere import PATH, elsewhere
from forwhom.web.segments import profiles
from forwhom.web.server import live, style
from forwhom.web.server.refusals import plain, say_what_is_wrong
from forwhom.web.server.safety import Gate, same_page
from forwhom.web.server.services import Services, opened
from forwhom.web.server.settings import Settings
from forwhom.web.server.visits import Sessions

#: One a line, so that two who add one do not meet. An address is looked for in this order: what
#: thirty phones and all who look at a board ask for comes first.
_ROOMS = (
    taking_part,
    live,
    boards,
    items,
    style,
    home,
    signing,
    history,
    removals,
    frames,
    shared,
    files,
    exports,
    nextsteps,
    remarks,
    members,
    tokens,
    segmentations,
    profiles,
    answers,
    weighing,
    tables,
    leading,
)


def create_app(settings: Settings) -> FastAPI:
    """Return the web app on a database."""
    return app_of(opened(settings))


def app_of(parts: Services) -> FastAPI:
    """Return the web app over services that are open."""
    app = FastAPI(
        title="forwhom",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_lifespan,
        routes=[*_pages()],
        middleware=[
            Middleware(Gate, settings=parts.settings, refused=_refused),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Sessions),
        ],
    )
    app.state.services = parts
    if parts.settings.issuer:
        app.mount(PATH, elsewhere(parts))
    app.mount(PREFIX, api_of(parts))
    app.mount("/static", _Static(directory=str(resources.files("forwhom.web") / "static")))
    say_what_is_wrong(app, parts)
    app.add_exception_handler(taking_part.NoSuchCode, taking_part.no_such_code)
    return app


@cache
def _pages() -> list[BaseRoute]:
    """Return the routes of all rooms; what each asks of a request is worked out once a process."""
    pages = APIRouter(dependencies=[Depends(same_page)])
    for room in _ROOMS:
        pages.include_router(room.routes)
    return pages.routes


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Services = app.state.services
    parts.hub.start()
    parts.work.start()
    yield
    await parts.hub.stop()
    await run_in_threadpool(parts.work.stop)
    parts.database.close()


def _refused(scope: Scope, status: int, said: str) -> Response:
    """Refuse a request at the gate: in the shape of the API, or as plain text."""
    is_api = scope["path"].startswith(f"{PREFIX}/")
    return at_the_gate(status, said) if is_api else plain(status, said)


class _Static(StaticFiles):
    """Our own files; a page names them with the version, so they may be kept."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer
