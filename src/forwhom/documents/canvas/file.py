"""Read, check, write ``canvas.yaml``."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from forwhom.documents.canvas.frameworks import topic_mistakes
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.outside import check_inside
from forwhom.documents.canvas.references import contradictions
from forwhom.documents.canvas.sides import exchange_mistakes
from forwhom.documents.edits import Edits
from forwhom.documents.files import write_text_atomically
from forwhom.documents.literal import guessed
from forwhom.documents.mistakes import Mistake, path_of, refused, validated
from forwhom.documents.study import Origin
from forwhom.documents.yamlfile import (
    HALF,
    MAX_BYTES,
    Location,
    YamlText,
    parse_yaml,
    read_text,
)
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import DataError, DocumentError, OptionError, SourceError, SourceMissing
from forwhom.suffixes import YAML, ends_with

#: What the file is called inside a folder.
FILE_NAME = "canvas.yaml"

#: A canvas, or the path of its file or folder: what functions that work on a canvas take.
AnyCanvas: TypeAlias = Canvas | str | os.PathLike[str]

_WHAT = "a canvas"
#: What a message quotes, as Python writes it, and what stands there where it must not.
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_HIDDEN = "'\N{HORIZONTAL ELLIPSIS}'"


def canvas_of(value: AnyCanvas) -> Canvas:
    """Return the canvas that a value stands for: itself, or the one in a file."""
    return value if isinstance(value, Canvas) else read_canvas(value)


def edits_of(canvas: Canvas) -> Edits:
    r"""Return edits of what a canvas's file said, comments included.

    A canvas that was made in memory, or changed since it was read, is written anew.
    """
    source = canvas._origin.source
    if not isinstance(source, YamlText) or not _is_as_read(canvas, source):
        source = parse_yaml(canvas_text(canvas), str(canvas._origin.path or "canvas"))
    return Edits(source)


def _is_as_read(canvas: Canvas, source: YamlText) -> bool:
    read = canvas._origin.read
    if read is None:
        return validated(Canvas, source, _WHAT) == canvas
    return canvas.model_dump() == read  # a quarter of the time of reading it again


def edited(canvas: Canvas, edits: Edits) -> tuple[Canvas, str]:
    """Return a canvas after edits, and its text, which is checked."""
    source = edits.written()
    return _canvas_in(source, canvas._origin.path), source.text


def read_canvas(path: str | os.PathLike[str]) -> Canvas:
    r"""Read a canvas.

    Parameters
    ----------
    path
        ``canvas.yaml``, or the folder that holds it.

    Returns
    -------
    Canvas
        It remembers its file, so that later messages name line and column.

    Raises
    ------
    OptionError
        This is not a path.
    SourceMissing
        There is no such file.
    DocumentError
        It is not a sound canvas; every mistake is listed with file, line and column.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "canvas.yaml"
    >>> _ = path.write_text("forwhom: 1\nkind: canvas\nsegments: [{id: a, name: Parents}]\n")
    >>> read_canvas(path).segments[0].name
    'Parents'
    """
    place = canvas_path(path)
    return parse_canvas(read_canvas_text(place), place)


def canvas_path(path: str | os.PathLike[str]) -> Path:
    """Return the canvas that a path stands for: the file, or ``canvas.yaml`` in the folder."""
    name = os.fspath(path) if isinstance(path, str | os.PathLike) else None
    is_text = isinstance(path, str) and "\n" in path  # the name of a file may have one, too
    if not isinstance(name, str) or not name or is_text:
        raise _no_path(path)
    place = Path(name)
    return place / FILE_NAME if (place / FILE_NAME).is_file() else place


def is_canvas(path: str | os.PathLike[str]) -> bool:
    """Return whether a path stands for a canvas, and not for a table."""
    return ends_with(canvas_path(path), YAML)


def _no_path(value: object) -> OptionError:
    advice = "Give a canvas, as forwhom.read_canvas returns it, or the path of its file."
    what = "None" if value is None else f"a value of the type {type(value).__name__!r}"
    if isinstance(value, str):
        what = "the text of one" if value else "an empty text"
        if value:
            advice = "Read it with forwhom.parse_canvas, or give the path of its file."
    return OptionError(f"A canvas was expected, and this is {what}.", advice)


def read_canvas_text(path: str | Path) -> str:
    """Return the text of a canvas, as it stands in its file."""
    return read_text(path, "a canvas (YAML)", MAX_BYTES)


def parse_canvas(text: str, path: str | Path | None = None) -> Canvas:
    r"""Read a canvas from its text.

    Parameters
    ----------
    text
        YAML.
    path
        The file that it comes from, for messages and for relative paths.

    Raises
    ------
    DocumentError
        It is not a sound canvas.

    Examples
    --------
    >>> text = "forwhom: 1\nkind: canvas\npersonas: [{id: p, name: P, segment: x}]\n"
    >>> parse_canvas(text)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    forwhom.errors.DocumentError: canvas:3:29: there is no segment 'x'. The canvas has no ...
    """
    if not isinstance(text, str):
        raise _no_path(text)
    source = parse_yaml(text, str(path) if path is not None else "canvas")
    return _canvas_in(source, None if path is None else Path(path))


def _canvas_in(source: YamlText, path: Path | None) -> Canvas:
    canvas = validated(Canvas, source, _WHAT)
    canvas._origin = Origin(path=path, source=source)
    mistakes = list(guessed(canvas, source.data, spelled=source.written))
    if mistakes:
        raise refused(mistakes, source.place)
    said = canvas.model_dump()
    _check(canvas, said)
    canvas._origin = Origin(path=path, source=source, read=said)
    return canvas


def check_canvas(canvas: Canvas) -> None:
    """Refuse a canvas that contradicts itself."""
    _check(canvas, canvas.model_dump())


def _check(canvas: Canvas, said: dict[str, Any]) -> None:
    mistakes: list[Mistake] = [
        *topic_mistakes(canvas), *contradictions(canvas),
        *exchange_mistakes(canvas.segments, canvas.exchanges),
        *(_unwritable(said, ()) if _is_unwritable(said) else ()),
    ]  # fmt: skip
    if mistakes:
        raise refused(mistakes, lambda location: canvas.place(*location))


def _is_unwritable(said: dict[str, Any]) -> bool:
    """Whether anything in it is what no file can hold; where it stands is asked for only then."""
    waiting: list[Any] = [said]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str):
            if not value.isascii() and HALF.search(value):
                return True
        elif isinstance(value, float) and not math.isfinite(value):
            return True
    return False


def _unwritable(value: Any, location: Location) -> Iterator[Mistake]:
    """What no file can hold: NaN, infinities, and halves of characters (lone surrogates)."""
    if isinstance(value, float) and not math.isfinite(value):
        yield Mistake(location, f"{path_of(location)!r} is {value}.", "Expected a number.")
    elif isinstance(value, str) and HALF.search(value):
        yield Mistake(location, f"{path_of(location)!r} holds half a character.", "Remove it.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unwritable(inner, (*location, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unwritable(inner, (*location, index))


def canvas_text(canvas: Canvas) -> str:
    """Return a canvas as YAML; what is not said is left out."""
    return dump_yaml(canvas_data(canvas))


def canvas_data(value: Any) -> dict[str, Any]:
    """Return a part of a canvas as plain values; what is not said is left out."""
    data: dict[str, Any] = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def write_canvas(canvas: Canvas | str, path: str | Path, *, overwrite: bool = False) -> Path:
    r"""Write a canvas, whole or not at all.

    Parameters
    ----------
    canvas
        A canvas, or YAML text with its comments; text is checked before it is written.
    path
        Where to write.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OptionError
        It is neither a canvas nor text.
    DocumentError
        It is not a sound canvas.
    OutputError
        The place cannot be written, or holds a file and ``overwrite`` is false.
    """
    if isinstance(canvas, str):
        parse_canvas(canvas, path)
        return write_text_atomically(path, canvas, overwrite=overwrite)
    if not isinstance(canvas, Canvas):
        raise _no_path(canvas)
    check_canvas(canvas)
    return write_text_atomically(path, canvas_text(canvas), overwrite=overwrite)


def folder_of(canvas: Canvas) -> Path:
    """Return the folder that relative paths start from."""
    path = canvas._origin.path
    if path is None:
        raise DocumentError(
            "This canvas has no file, so its relative paths lead nowhere.",
            "Write it to a file and read it back, or give the path.",
        )
    return path.parent


@contextmanager
def named_file(canvas: Canvas, name: str, *location: str | int) -> Iterator[Path]:
    """Give the path of a file that a canvas names; faults are told where it is named.

    What stands in the file is never quoted: the canvas may come from somebody who wants to see it.
    """
    check_inside(name, folder_of(canvas), canvas.place(*location))
    path = folder_of(canvas) / name
    if not path.exists():  # neither a pattern nor an address
        raise SourceMissing(
            f"{canvas.place(*location)}: there is no file {path}.",
            "A canvas names one file, from its own folder.",
        )
    try:
        yield path
    except (SourceError, DataError) as error:
        told, advice = (_QUOTED.sub(_HIDDEN, text) for text in (error.problem, error.advice))
        told = f"t{told[1:]}" if told.startswith(("There ", "The ")) else told
        raise type(error)(f"{canvas.place(*location)}: {told}", advice) from error
