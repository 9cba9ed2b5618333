"""All texts of a canvas, with where they stand."""

import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

from forwhom.documents.base import Document
from forwhom.documents.yamlfile import Location


def texts(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    """Yield every text in a part of a canvas; words of a fixed choice are no texts."""
    if isinstance(value, str):
        if value:
            yield location, value
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, (*location, index))
    elif isinstance(value, Document):
        for name, key in _fields(type(value)):
            inner = getattr(value, name)
            if inner:
                yield from texts(inner, (*location, key))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, (*location, key))


def is_citation(location: Location) -> bool:
    """Whether the text at a key path cites evidence."""
    return len(location) > 2 and location[-2] == "evidence" and isinstance(location[-1], int)


@cache
def _fields(model: type[Document]) -> tuple[tuple[str, str], ...]:
    """Fields that can hold texts: their names, and what the file calls them."""
    fields = model.model_fields.items()
    return tuple((n, f.alias or n) for n, f in fields if not _is_wordless(f.annotation))


def _is_wordless(annotation: Any) -> bool:
    """Whether something is a number, a yes or no, or a word of a fixed choice."""
    if typing.get_origin(annotation) is typing.Literal:
        return True
    if annotation in (int, float, bool, type(None)):
        return True
    parts = typing.get_args(annotation)
    return bool(parts) and all(_is_wordless(part) for part in parts)
