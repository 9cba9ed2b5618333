"""Key paths of a canvas in addresses and forms: ``blocks/channels/3``."""

from __future__ import annotations

from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError


def written(location: Location) -> str:
    """Return a key path as text."""
    return "/".join(str(step) for step in location)


def read(text: str) -> Location:
    """Return the key path that a text stands for; digits are positions."""
    steps = text.split("/") if text else []
    if any(not step for step in steps) or len(steps) > 12:
        raise OptionError(f"{text!r} is no place in a canvas.", "Load the page again.")
    return tuple(int(step) if step.isdecimal() and step.isascii() else step for step in steps)
