"""Charts turned around where we speak a language that is read from the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from markupsafe import Markup

from forwhom.languages.catalog import language
from forwhom.languages.codes import is_right_to_left
from forwhom.report.drawing.mirroring import mirrored

_Asked = ParamSpec("_Asked")


def turned(chart: Callable[_Asked, Markup]) -> Callable[_Asked, Markup]:
    """Return what draws a chart so that it begins where the language begins to be read."""

    @wraps(chart)
    def drawn(*args: _Asked.args, **how: _Asked.kwargs) -> Markup:
        made = chart(*args, **how)
        return mirrored(made) if is_right_to_left(language()) else made

    return drawn
