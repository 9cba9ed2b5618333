"""Formats that a canvas is exchanged in, what each can carry, and what is lost on the way."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.mistakes import Source
from forwhom.documents.yamlfile import Location
from forwhom.suffixes import CANVASES, IMPORTS, CanvasFormat, ImportFormat, suffix_of, unknown_form

#: Keys that a format holds: True for a whole part, or the keys inside it.
Held = Mapping[str, Any]


def format_of(path: str | PathLike[str], given: str | None = None) -> CanvasFormat:
    """Return the format that was asked for, or that the name of a file says."""
    if given is None:
        return CANVASES[suffix_of(path, list(CANVASES), ", or name the format (--format)")]
    for known in CANVASES.values():
        if given == known:
            return known
    raise unknown_form(given, list(dict.fromkeys(CANVASES.values())))


def import_format_of(path: str | PathLike[str], given: str | None = None) -> ImportFormat:
    """Return the format of a file to be read that was asked for, or that its name says."""
    if given is None:
        return IMPORTS[suffix_of(path, list(IMPORTS), ", or name the format (--format)")]
    for known in IMPORTS.values():
        if given == known:
            return known
    raise unknown_form(given, list(dict.fromkeys(IMPORTS.values())))


class Imported(Document):
    """A canvas that was read from another format."""

    canvas: Canvas = Field(description="The canvas.")
    text: str = Field(description="The canvas as YAML.")
    lost: list[str] = Field(description="What the file said and a canvas cannot hold.")
    changed: list[str] = Field(description="What was changed or added on the way.")


class Exported(Document):
    """A canvas in another format."""

    text: str = Field(description="The canvas in that format.")
    lost: list[str] = Field(description="What the canvas says and that format cannot hold.")
    changed: list[str] = Field(description="What was changed or added on the way.")


@dataclass(frozen=True)
class Rewritten:
    """A canvas made from another text, which knows where in that text each part stands."""

    source: Source  # the text that was read
    data: Any  # the canvas as plain values
    #: key paths of the canvas, and where in the text they come from; what stands inside a part
    #: comes from inside its place
    places: Mapping[Location, Location]

    @property
    def name(self) -> str:
        """What messages call the text."""
        return self.source.name

    def place(self, location: Location) -> str:
        """Return ``name:line:column`` of a key path of the canvas."""
        return self.source.place(self._there(location))

    def written(self, location: Location) -> str | None:
        """Return the text of a scalar, as written."""
        return self.source.written(self._there(location))

    def _there(self, location: Location) -> Location:
        for end in range(len(location), 0, -1):
            if location[:end] in self.places:
                return self.places[location[:end]] + location[end:]
        return ()


def left_out(data: Mapping[str, Any], held: Held) -> list[str]:
    """Say which parts of a document a format cannot hold, and how often each is there."""
    found = Counter(_left_out(data, held, ""))
    return [f"{path} ({count})" for path, count in found.items()]


def _left_out(value: Any, held: Held, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _left_out(one, held, path)
        return
    for key, inner in value.items():
        inside = held.get(key)
        here = f"{path}.{key}" if path else key
        if inside is None:
            yield from [here] * (len(inner) if isinstance(inner, list) else 1)
        elif isinstance(inside, Mapping):
            yield from _left_out(inner, inside, here)
