"""Read and write ``segmentation.json``; rename a segment."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from forwhom.documents.base import expect
from forwhom.documents.files import write_text_atomically
from forwhom.documents.jsonfile import parse_json
from forwhom.documents.mistakes import path_of, refused, validated
from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.soundness import mistakes_in
from forwhom.documents.yamlfile import Location, read_text
from forwhom.errors import DocumentError, OptionError, SourceMissing
from forwhom.suffixes import path_asked

#: What the file is called inside a folder of results.
FILE_NAME = "segmentation.json"

#: A segmentation, or the path of its file or folder: what functions that work on one take.
AnySegmentation: TypeAlias = Segmentation | str | PathLike[str]

_WHAT = "a segmentation"
_WIDTH = 100


def segmentation_of(value: AnySegmentation) -> Segmentation:
    """Return the segmentation that a value stands for: itself, or the one at a path."""
    if isinstance(value, Segmentation):
        return value
    if not isinstance(value, str | PathLike):
        raise OptionError(
            f"A segmentation was expected, and this is a {type(value).__name__}.",
            "Give what forwhom.discover or forwhom.read_segmentation returned, or its path.",
        )
    return read_segmentation(value)


def segmentation_path(path: str | PathLike[str]) -> Path:
    """Return the file that a path stands for: itself, or the one in a folder of results."""
    place = path_asked(path)
    file = place / FILE_NAME if place.is_dir() else place
    if file.exists():
        return file
    above = "" if place.parent.is_dir() else f"There is no folder {place.parent}. "
    raise SourceMissing(
        f"there is no {f'{FILE_NAME} in {place}' if place.is_dir() else place}.",
        f"{above}'forwhom discover DATA -o FOLDER' writes FOLDER/{FILE_NAME}.",
    )


def read_segmentation(path: str | PathLike[str]) -> Segmentation:
    """Read a segmentation.

    Parameters
    ----------
    path
        ``segmentation.json``, or the folder of results that holds it.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It ends too early, is another kind of file, or contradicts itself; the message starts
        with file, line and column.
    """
    place = segmentation_path(path)
    text = read_text(place, "a segmentation (segmentation.json, written by 'forwhom discover')")
    return parse_segmentation(text, str(place))


def parse_segmentation(text: str, name: str = "segmentation") -> Segmentation:
    """Read a segmentation from its text: JSON."""
    source = parse_json(text, name, "a segmentation (JSON)")
    segmentation = validated(Segmentation, source, _WHAT)
    mistakes = mistakes_in(segmentation)
    if mistakes:
        raise refused(mistakes, source.place)
    return segmentation


def write_segmentation(
    segmentation: Segmentation, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write a segmentation, whole or not at all.

    Parameters
    ----------
    segmentation
        What to write.
    path
        Where to write.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        The place cannot be written, or holds a file and ``overwrite`` is false.
    DocumentError
        A number is NaN or infinite, which no file can hold.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    return write_text_atomically(path, dump_segmentation(segmentation), overwrite=overwrite)


def dump_segmentation(segmentation: Segmentation) -> str:
    """Return a segmentation as JSON, with short lists on one line; numbers lose no digit."""
    data = segmentation.model_dump(mode="python", by_alias=True)
    for location in _not_finite(data, ()):
        raise DocumentError(
            f"{path_of(location)}: this number is NaN or infinite, which a file cannot hold.",
            "It should have been left empty; please report this as a mistake of forwhom.",
        )
    return _json(segmentation.model_dump(mode="json", by_alias=True), 0) + "\n"


def evidence_about(segmentation: Segmentation, about: str = "") -> list[Evidence]:
    """Return the evidence in whose id and statement all words are; without any, all of it."""
    words = about.lower().split()
    return [
        one
        for one in segmentation.evidence
        if all(word in f"{one.id} {one.statement}".lower() for word in words)
    ]


def rename_segment(segmentation: Segmentation, segment: int, name: str) -> Segmentation:
    """Give a segment another name.

    Parameters
    ----------
    segmentation
        Stays as it is.
    segment
        Id of the segment; 1 is the largest.
    name
        The new name; empty: the proposed one again.

    Returns
    -------
    Segmentation
        A copy with the new name.

    Raises
    ------
    OptionError
        There is no such segment, or another one has this name.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    ids = [s.id for s in segmentation.segments]
    if segment not in ids:
        raise OptionError(
            f"there is no segment {segment}.", f"Expected one of: {', '.join(map(str, ids))}."
        )
    name = " ".join(name.split())
    renamed = []
    for one in segmentation.segments:
        if one.id == segment:
            renamed.append(one.model_copy(update={"name": name or one.proposed_name}))
        elif name and one.name.casefold() == name.casefold():
            raise OptionError(f"segment {one.id} is called {name!r} already.", "Use another name.")
        else:
            renamed.append(one)
    return segmentation.model_copy(update={"segments": renamed})


def _not_finite(value: Any, location: Location) -> Iterator[Location]:
    if isinstance(value, float):
        if not math.isfinite(value):
            yield location
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_finite(inner, (*location, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _not_finite(inner, (*location, index))


def _json(value: Any, indent: int) -> str:
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    nested = isinstance(value, list | dict) and any(
        isinstance(v, dict) for v in (value if isinstance(value, list) else value.values())
    )
    short = indent > 0 and not nested and len(line) + indent < _WIDTH
    if short or not value or not isinstance(value, list | dict):
        return line
    space = "\n" + " " * (indent + 1)
    if isinstance(value, list):
        if all(isinstance(v, int | float | str) for v in value):
            return line
        inner = [_json(v, indent + 1) for v in value]
        return "[" + space + f",{space}".join(inner) + "\n" + " " * indent + "]"
    inner = [
        f"{json.dumps(k, ensure_ascii=False)}: {_json(v, indent + 1)}" for k, v in value.items()
    ]
    return "{" + space + f",{space}".join(inner) + "\n" + " " * indent + "}"
