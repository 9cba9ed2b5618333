"""A new canvas to fill in, and the same canvas in another framework."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forwhom.documents.canvas.file import parse_canvas
from forwhom.documents.canvas.frameworks import (
    Block,
    Framework,
    framework_of,
    homeless,
    read_framework,
)
from forwhom.documents.edits import set_key
from forwhom.documents.yamlwriting import scalar

_START = """\
# A canvas: what we know and decide about our customers.
# Check it with: forwhom lint {file}

forwhom: 1
kind: canvas
title: {title}
framework: {framework}

# Names that must not appear in what customers need.
names: {{ours: [], brands: [], features: [], competitors: []}}

# For whom? Name groups by what they need and do. 'status' is candidate, serve, ignore or
# not-a-customer; once decided, 'decision' says why.
segments: []
#  - id: first-segment
#    name: Parents who shop once a week
#    bases: [behavioral]
#    status: candidate

# Who is left out on purpose?
not_for: []

# What do they need? A job is a verb, an object and a context, without our product.
needs: []
#  - id: first-job
#    statement: Get a week of meals into the house in one trip
#    kind: job
#    job: functional
#    segments: [first-segment]

# What do we offer them?
propositions: []
#  - id: first-proposition
#    name: One cart for the week
#    segments: [first-segment]
#    fit:
#      - {{need: first-job, strength: partial}}

# What do we believe, and how will we know?
hypotheses: []

"""


def new_canvas(
    framework: str = "business-model-canvas",
    *,
    title: str = "",
    file: str = "canvas.yaml",
    folder: str | Path = ".",
) -> str:
    """Return a new canvas to fill in: YAML with the framework's questions as comments.

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

    Raises
    ------
    OptionError
        There is no such framework.

    Examples
    --------
    >>> text = new_canvas("lean-canvas", title="Penny Path")
    >>> parse_canvas(text).framework
    'lean-canvas'
    """
    frame = read_framework(framework, folder)
    start = _START.format(file=file, title=scalar(title), framework=scalar(framework))
    lines = ["# Notes, block by block: - {text: what it says, segments: [for-whom]}", "blocks:"]
    for block in frame.blocks:
        lines += _block_lines(block)
    return start + "\n".join(lines) + "\n"


def _block_lines(block: Block) -> Iterator[str]:
    yield f"  # {block.name}"
    for question in block.questions:
        yield f"  #   {question}"
    yield f"  {block.topics[0]}: []"


@dataclass(frozen=True)
class Converted:
    """A canvas in another framework.

    Parameters
    ----------
    text
        The canvas, as YAML; only its framework changed.
    framework
        The new framework.
    homeless
        Topics with notes that no block of the new framework shows. They stay in the file, and
        drawings show them below the canvas.
    """

    text: str
    framework: Framework
    homeless: list[str]


def convert_canvas(text: str, to: str, path: str | Path | None = None) -> Converted:
    r"""Change the framework of a canvas; no note is moved or lost, so the way back is the same.

    Parameters
    ----------
    text
        The canvas, as YAML.
    to
        A framework by name, or the path of your own, relative to the canvas.
    path
        The file of the canvas, for messages and relative paths.

    Raises
    ------
    DocumentError
        The text is not a sound canvas.
    OptionError
        There is no such framework.

    Examples
    --------
    >>> text = "forwhom: 1\nkind: canvas\nblocks: {key_partners: [{text: Schools}]}\n"
    >>> lean = convert_canvas(text, "lean-canvas")
    >>> lean.homeless
    ['key_partners']
    >>> back = convert_canvas(lean.text, "business-model-canvas")
    >>> parse_canvas(back.text) == parse_canvas(text)
    True
    """
    canvas = parse_canvas(text, path)
    framework_of(canvas)
    framework = read_framework(to, "." if path is None else Path(path).parent)
    changed = set_key(text, ("framework",), to, str(path or "canvas"))
    return Converted(changed, framework, homeless(parse_canvas(changed, path), framework))
