"""The app: its routes, what stands before them, and what is said when something is wrong."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from forwhom.errors import ForwhomError, SourceMissing
from forwhom.languages.catalog import speaking, tr
from forwhom.web import boards, history, home, items, live, signing, static
from forwhom.web.limits import TooOften
from forwhom.web.rendering import is_part, language_of, page
from forwhom.web.safety import Gate, Stale, same_page
from forwhom.web.services import Services, opened
from forwhom.web.settings import Settings
from forwhom.web.visits import NotAllowed, NotHere, Sessions, SignIn


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
        dependencies=[Depends(same_page)],
        middleware=[
            Middleware(Gate, settings=parts.settings),
            Middleware(GZipMiddleware, minimum_size=1000),
            Middleware(Sessions),
        ],
    )
    app.state.services = parts
    for room in (static, home, signing, boards, items, history, live):
        app.include_router(room.routes)
    app.mount("/static", _Static(directory=str(resources.files("forwhom.web") / "static")))
    _say_what_is_wrong(app, parts)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Services = app.state.services
    parts.hub.start()
    yield
    await parts.hub.stop()
    parts.database.close()


class _Static(StaticFiles):
    """Our own files; a page names them with the version, so they may be kept."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "public, max-age=31536000, immutable"
        return answer


def _say_what_is_wrong(app: FastAPI, parts: Services) -> None:
    @app.exception_handler(SignIn)
    def sign_in(request: Request, _: SignIn) -> Response:
        if is_part(request) or request.method != "GET":
            return _told(request, 401, "You are signed out.", "Open the page again and sign in.")
        return RedirectResponse(f"/sign-in?next={request.url.path}", 303)

    @app.exception_handler(NotHere)
    def not_here(request: Request, _: NotHere) -> Response:
        return _told(request, 404, "There is nothing here.", "The address may be wrong.")

    @app.exception_handler(NotAllowed)
    def not_allowed(request: Request, _: NotAllowed) -> Response:
        return _told(
            request, 403, "You may look at this, but not change it.", "Ask an owner for more."
        )

    @app.exception_handler(Stale)
    def stale(request: Request, _: Stale) -> Response:
        return _told(
            request, 403, "This page is older than your session.", "Load it again; then try again."
        )

    @app.exception_handler(ForwhomError)
    def wrong(request: Request, error: ForwhomError) -> Response:
        status = 404 if isinstance(error, SourceMissing) else 422
        status = 429 if isinstance(error, TooOften) else status
        return _told(request, status, _without_folders(error.problem, parts), error.advice)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        return _told(request, error.status_code, str(error.detail), "")

    @app.exception_handler(RequestValidationError)
    def unreadable(request: Request, error: RequestValidationError) -> Response:
        names = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors()}))
        return _told(request, 422, f"The page sent no usable value for: {names}.", "Load it again.")


def _without_folders(text: str, parts: Services) -> str:
    """Return a message without the place on the server at which a document is laid out."""
    folder = re.escape(str(parts.settings.folder / "files"))
    return re.sub(rf"{folder}/[0-9a-f]+/", "", text)


def _told(request: Request, status: int, problem: str, advice: str) -> Response:
    with speaking(language_of(request)):
        template = "problem.part.jinja" if is_part(request) else "problem.html.jinja"
        return page(
            request, template, status, problem=tr(problem), advice=tr(advice) if advice else ""
        )
