"""What is said when something is wrong: in words, beside the field or as a page, never a trace."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from forwhom.errors import ForwhomError, OptionError, SourceMissing
from forwhom.languages.catalog import later, speaking, tr
from forwhom.web.server.limits import TooOften
from forwhom.web.server.rendering import is_part, language_of, page
from forwhom.web.server.safety import Stale
from forwhom.web.server.services import Services
from forwhom.web.server.visits import NotAllowed, NotHere, SignIn

#: Status, what is wrong, and what to do.
_REFUSALS: dict[type[Exception], tuple[int, str, str]] = {
    NotHere: (404, later("There is nothing here."), later("The address may be wrong.")),
    NotAllowed: (
        403,
        later("You may look at this, but not change it."),
        later("Ask an owner for more."),
    ),
    Stale: (
        403,
        later("This page is older than your session."),
        later("Load it again; then try again."),
    ),
}


class Mistyped(OptionError):
    """What was typed into one field of a form cannot be used."""

    def __init__(self, field: str, problem: str, advice: str) -> None:
        super().__init__(problem, advice)
        self.field = field


def say_what_is_wrong(app: FastAPI, parts: Services) -> None:
    """Give an app its answers to everything that can go wrong."""

    def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, ForwhomError)
        status = 404 if isinstance(error, SourceMissing) else 422
        status = 429 if isinstance(error, TooOften) else status
        field = error.field if isinstance(error, Mistyped) else ""
        problem = without_folders(error.problem, parts)
        return told(request, status, problem, error.advice, field)

    app.add_exception_handler(ForwhomError, wrong)
    app.add_exception_handler(SignIn, _sign_in)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    for kind in _REFUSALS:
        app.add_exception_handler(kind, _known)


def told(request: Request, status: int, problem: str, advice: str, field: str = "") -> Response:
    """Say what is wrong and what to do: a part for a script, a page for a person.

    The script of the page takes what is about a field to that field.
    """
    with speaking(language_of(request)):
        template = "problem.part.jinja" if is_part(request) else "problem.html.jinja"
        return page(request, template, status, problem=problem, advice=advice, field=field)


def _known(request: Request, error: Exception) -> Response:
    return told(request, *_REFUSALS[type(error)])


def _sign_in(request: Request, _: Exception) -> Response:
    if is_part(request) or request.method != "GET":
        problem = later("You are signed out.")
        return told(request, 401, problem, later("Open the page again and sign in."))
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(asked)}", 303)


def _refused(request: Request, error: Exception) -> Response:
    """Say in our words what the routing has only a phrase of HTTP for."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return told(request, *_REFUSALS[NotHere])
    problem = later("This cannot be done at this address.")
    answer = told(request, error.status_code, problem, later("Load the page again."))
    answer.headers.update(error.headers or {})
    return answer


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    names = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors()}))
    with speaking(language_of(request)):
        problem = tr("The page sent no usable value for: {names}.", names=names)
    return told(request, 422, problem, later("Load it again."))


def without_folders(text: str, parts: Services) -> str:
    """Return a message without the place on the server at which a document is laid out."""
    folder = re.escape(str(parts.settings.folder / "files"))
    return re.sub(rf"{folder}/[0-9a-f]+/", "", text)


def plain(status: int, said: str) -> Response:
    """Return the refusal of a request that gets no further than the gate."""
    return PlainTextResponse(f"{said}\n", status)
