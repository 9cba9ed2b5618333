"""The colors of pages and drawings, all from one style sheet."""

import functools
import re
from importlib import resources

#: Colors that tell segments or givers apart; after the last one they begin again.
ACCENTS = 12


def accent(number: int) -> int:
    """Return which accent what has this number gets; names and numbers stay unique."""
    return (number - 1) % ACCENTS + 1


def accent_name(number: int) -> str:
    """Return the name of that accent in the palette: ``'accent-3'``."""
    return f"accent-{accent(number)}"


@functools.cache
def colors(dark: bool = False) -> dict[str, str]:
    """Return the colors by name: those of print and light screens, or those of dark screens."""
    scheme = _read("palette.css").split("@media")[dark]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", scheme))


def colored(style: str) -> str:
    """Return style with its colors written in, for readers that know no variables.

    What stands after ``@media`` is for dark screens.
    """
    light, media, dark = style.partition("@media")
    return f"{_written(light, colors())}{media}{_written(dark, colors(dark=True))}"


@functools.cache
def drawing_style(name: str) -> str:
    """Return a style sheet of the templates, for a drawing in a file of its own."""
    return colored(re.sub(r"/\*.*?\*/", "", _read(name), flags=re.DOTALL))


def _written(style: str, known: dict[str, str]) -> str:
    return re.sub(r"var\(--([\w-]+)\)", lambda found: known[found[1]], style)


def _read(name: str) -> str:
    return (resources.files("forwhom.report") / "templates" / name).read_text(encoding="utf-8")
