"""The page: an alignment in one HTML file that needs no network."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from forwhom.documents.alignment import AlignmentResult
from forwhom.documents.files import write_text_atomically
from forwhom.report import charts, words
from forwhom.report.alignment.heat import heat_map
from forwhom.report.alignment.summary import summarize_alignment
from forwhom.report.alignment.wording import CLASSES

_STYLES = ("palette.css", "style.css", "alignment.css", "print.css")


def alignment_html(result: AlignmentResult) -> str:
    """Return the alignment as one HTML page.

    The page loads nothing: no script at all, the style is inside, and its content security
    policy forbids everything else. The same alignment gives the same page.

    Parameters
    ----------
    result
        The alignment.

    Returns
    -------
    str
        A whole HTML document.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    summary = summarize_alignment(result)
    return _template().render(
        summary=summary,
        picture=heat_map(summary),
        classes=CLASSES.values(),
        # Our own file, and the hash in the policy is of exactly this text.
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        version=result.version,
    )


def write_alignment(result: AlignmentResult, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write the alignment as one HTML file, whole or not at all.

    Parameters
    ----------
    result
        What :func:`forwhom.align` found.
    path
        Where to write, such as ``alignment.html``; its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    OutputError
        If the file exists and may not be replaced, or cannot be written.
    """
    return write_text_atomically(path, alignment_html(result), overwrite=overwrite)


@functools.cache
def _style() -> str:
    folder = resources.files("forwhom.report") / "templates"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in _STYLES)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("forwhom.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.globals.update(charts=charts, percent=words.percent)
    return environment.get_template("alignment.html.jinja")


def _finalized(value: object) -> object:
    # Statements come from anybody's canvas: no control character reaches the page.
    return words.clean(value) if type(value) is str else value
