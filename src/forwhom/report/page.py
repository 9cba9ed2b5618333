"""The page: a summary filled into the template, in one file that needs no network."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from forwhom.documents.files import write_text_atomically
from forwhom.documents.segmentation import Segmentation
from forwhom.report import charts, words
from forwhom.report.summary import summarize


def report_html(segmentation: Segmentation) -> str:
    """Return the report as one HTML page.

    The page loads nothing: no script at all, the style is inside, and its content security
    policy forbids everything else. The same segmentation gives the same page.

    Parameters
    ----------
    segmentation
        The segments and their evidence; no row of anybody's data is needed.

    Returns
    -------
    str
        A whole HTML document.
    """
    return filled(
        "report.html.jinja",
        ("palette.css", "style.css", "print.css"),
        summary=summarize(segmentation),
        version=segmentation.version,
    )


def filled(template: str, styles: tuple[str, ...], more_style: str = "", **values: object) -> str:
    """Return a page: a template filled with values, its style inside, its policy strict.

    Parameters
    ----------
    template
        Its name among the templates; it has places for ``style`` and ``policy``.
    styles
        Names of style sheets among the templates.
    more_style
        Style that depends on what is shown; never text that somebody wrote.
    values
        What the template shows; text is escaped.
    """
    style = _style(styles) + more_style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template(template).render(
        # Our own files, and the hash in the policy is of exactly this text.
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        **values,
    )


def write_report(segmentation: Segmentation, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write the report as one HTML file, whole or not at all.

    Parameters
    ----------
    segmentation
        The segments and their evidence.
    path
        Where to write, such as ``report.html``; its folder must exist.
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
    return write_text_atomically(path, report_html(segmentation), overwrite=overwrite)


@functools.cache
def _style(names: tuple[str, ...]) -> str:
    folder = resources.files("forwhom.report") / "templates"
    files = (folder / name for name in names)
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@functools.cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("forwhom.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.globals.update(charts=charts, percent=words.percent)
    return environment.get_template(name)


def _finalized(value: object) -> object:
    # Names and levels come from anybody's data: no control character reaches the page.
    return words.clean(value) if type(value) is str else value
