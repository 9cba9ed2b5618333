"""Our own style, in one file: that of the reports, and what the app adds."""

import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter
from starlette.responses import Response

routes = APIRouter()

_REPORT = (
    "palette.css",
    "style.css",
    "canvas/page.css",
    "choices/drawing.css",
    "choices/page.css",
    "alignment/page.css",
    "print.css",
)
_OWN = (
    "app.css",
    "data.css",
    "segments.css",
    "next.css",
    "exercise.css",
    "files.css",
)


@routes.get("/style.css")
def style() -> Response:
    """Return the style of every page."""
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(_style(), media_type="text/css", headers=kept)


@cache
def _style() -> str:
    report = resources.files("forwhom.report") / "templates"
    own = resources.files("forwhom.web") / "static"
    files = [*(report / name for name in _REPORT), *(own / name for name in _OWN)]
    return "\n".join(file.read_text("utf-8") for file in files)


@cache
def stamp() -> str:
    """Return what changes with any of our files: a page names them with it, so they may be kept."""
    folder = resources.files("forwhom.web") / "static"
    said = hashlib.sha256(_style().encode())
    for one in sorted(folder.iterdir(), key=lambda file: file.name):
        said.update(one.read_bytes())
    return said.hexdigest()[:12]
