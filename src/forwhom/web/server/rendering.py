"""Pages from templates: what every page knows, in the language of those who read it."""

from __future__ import annotations

import functools
from typing import Any

import jinja2
from babel import negotiate_locale
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from forwhom.languages.catalog import SOURCE, WHOLE, catalogs, language, speaking, spoken_as
from forwhom.report.drawing.palette import accent
from forwhom.report.filling import direction, environment_of
from forwhom.web.server.safety import masked
from forwhom.web.server.style import stamp


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page, in the language that is being spoken."""
    visit = request.scope.get("visit")
    text = (
        _templates()
        .get_template(template)
        .render(
            request=request,
            version=stamp(),
            language=language(),
            direction=direction(language()),
            secret=masked(visit.secret) if visit is not None else "",
            me=visit.who if visit is not None else None,
            is_part=is_part(request),
            **values,
        )
    )
    return HTMLResponse(text, status)


def filled(template: str, **values: Any) -> Markup:
    """Return a part of a page that is the same for all who see it."""
    return Markup(_templates().get_template(template).render(**values))


def is_part(request: Request) -> bool:
    """Whether a script asks for a part of a page, and not a browser for a whole one."""
    return request.headers.get("hx-request") == "true"


def language_of(request: Request) -> str:
    """Return the language of a browser that we speak in full; to participants, all of ours."""
    wanted = [
        part.split(";")[0].strip().replace("-", "_")
        for part in request.headers.get("accept-language", "").split(",")
    ]
    ours = catalogs() if request.url.path.startswith("/x") else sorted(WHOLE)
    known = [SOURCE, *ours]
    found = negotiate_locale([one for one in wanted if one], known)
    return spoken_as(found) if found else SOURCE


@functools.cache
def _templates() -> jinja2.Environment:
    environment = environment_of("forwhom.web", "forwhom.report")
    environment.globals |= {"accent": accent}
    return environment


__all__ = ["filled", "is_part", "language_of", "page", "speaking"]
