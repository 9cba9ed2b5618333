"""A new canvas to fill in, and the same canvas in another framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from forwhom.documents.base import LANGUAGE_PATTERN
from forwhom.documents.canvas.file import AnyCanvas, canvas_of, edited, edits_of
from forwhom.documents.canvas.frameworks import (
    Block,
    Framework,
    framework_of,
    homeless,
    read_framework,
)
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.skeleton import skeleton
from forwhom.documents.yamlwriting import key
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking, tr
from forwhom.languages.codes import code_by_name, written_code


def language_asked(language: str) -> str:
    """Return the code of a language in which a canvas will be written."""
    if not re.fullmatch(LANGUAGE_PATTERN, language):
        meant = code_by_name(language) or "en"
        raise OptionError(f"{language!r} is no code of a language.", f"Type one, such as {meant}.")
    return written_code(language)


def new_canvas(
    framework: str = "business-model-canvas",
    *,
    title: str = "",
    file: str = "canvas.yaml",
    folder: str | Path = ".",
    schema: str = "",
    language: str = "en",
) -> str:
    """Return a new canvas to fill in: YAML with questions and examples as comments.

    Parameters
    ----------
    framework
        A framework by name, or the path of your own.
    title
        What the canvas is about.
    file
        What comments call the file.
    folder
        Where a relative path of a framework starts.
    schema
        The path of a JSON Schema beside the file, which its first line names for editors.
    language
        Code of the language in which it will be written. Blocks and their questions are named in
        it where forwhom speaks it.

    Raises
    ------
    OptionError
        There is no such framework, or the language is no code.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = new_canvas("lean-canvas", title="Penny Path")
    >>> parse_canvas(text).framework
    'lean-canvas'
    """
    code = language_asked(language)
    frame = read_framework(framework, folder)
    start = skeleton(title, framework, _one_line(file), schema, code)
    lines = ["# Notes, block by block: - {text: what it says, segments: [for-whom]}", "blocks:"]
    with speaking(language):
        for block in frame.blocks:
            lines += _block_lines(block)
    return start + "\n".join(lines) + "\n"


def _block_lines(block: Block) -> Iterator[str]:
    yield f"  # {_one_line(tr(block.name))}"
    for question in block.questions:
        yield f"  #   {_one_line(tr(question))}"
    if block.bears_on:
        yield f"  #   Bears on: {_one_line(', '.join(block.bears_on))}"
    yield f"  {key(block.topics[0])}:"


def _one_line(text: str) -> str:
    """Return text as a comment can hold it: a line break in it would begin something else."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@dataclass(frozen=True)
class Converted:
    """A canvas in another framework."""

    canvas: Canvas  # the canvas in the new framework
    text: str  # the same as YAML; only its framework changed
    framework: Framework  # the new framework
    #: topics with notes that no block of the new framework shows. They stay in the file, and
    #: drawings show them below the canvas.
    homeless: list[str]


def convert_canvas(canvas: AnyCanvas, to: str | PathLike[str]) -> Converted:
    r"""Change the framework of a canvas; no note is moved or lost, so the way back is the same.

    Parameters
    ----------
    canvas
        A canvas, or the path of one; nothing is written.
    to
        A framework by name, or the path of your own, relative to the canvas.

    Raises
    ------
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas.
    OptionError
        This is no canvas, or there is no such framework.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = "{forwhom: 1, kind: canvas, blocks: {key_partners: [{text: Schools}]}}"
    >>> canvas = parse_canvas(text)
    >>> lean = convert_canvas(canvas, "lean-canvas")
    >>> lean.homeless
    ['key_partners']
    >>> convert_canvas(lean.canvas, "business-model-canvas").canvas == canvas
    True
    """
    known = canvas_of(canvas)
    framework_of(known)
    path = known._origin.path
    name = str(to)
    framework = read_framework(name, "." if path is None else path.parent)
    edits = edits_of(known)
    edits.set(("framework",), name)
    changed, text = edited(known, edits)
    return Converted(changed, text, framework, homeless(changed, framework))
