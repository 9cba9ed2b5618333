"""A template filled into one page that needs no network and runs nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping
from importlib import resources

import jinja2
from markupsafe import Markup

from forwhom.report import words


def filled(
    template: str,
    styles: tuple[str, ...],
    more_style: str = "",
    functions: Mapping[str, object] | None = None,
    **values: object,
) -> str:
    """Return a page: a template filled with values, its style inside, its policy strict.

    Parameters
    ----------
    template
        Its name among the templates; it has places for ``style`` and ``policy``.
    styles
        Names of style sheets among the templates.
    more_style
        Style that depends on what is shown; never text that somebody wrote.
    functions
        What templates and their macros can call, besides ``percent``.
    values
        What the template shows; text is escaped.
    """
    style = _style(styles) + more_style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = _environment(tuple((functions or {}).items()))
    return environment.get_template(template).render(
        # Our own files, and the hash in the policy is of exactly this text.
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        **values,
    )


@functools.cache
def _style(names: tuple[str, ...]) -> str:
    folder = resources.files("forwhom.report") / "templates"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


@functools.cache
def _environment(functions: tuple[tuple[str, object], ...]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("forwhom.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.globals.update({"percent": words.percent, **dict(functions)})
    return environment


def _finalized(value: object) -> object:
    # Texts come from anybody's data or canvas: no control character reaches the page.
    return words.clean(value) if type(value) is str else value
