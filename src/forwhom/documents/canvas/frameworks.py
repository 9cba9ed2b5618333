"""Frameworks: which blocks a canvas has, where they stand, and which topics each holds.

A note belongs to a topic, not to a block. A framework says which block shows which topics, so a
canvas changes framework by changing one word, and no note is moved or lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from forwhom.documents.base import Document
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.outside import check_inside
from forwhom.documents.headings import topic_of
from forwhom.documents.mistakes import Mistake, validated
from forwhom.documents.yamlfile import parse_yaml, read_text
from forwhom.errors import DocumentError, OptionError, nearest
from forwhom.languages.catalog import tr
from forwhom.suffixes import YAML, ends_with

_FOLDER = "forwhom.documents.frameworks"

#: Parts of a canvas, besides notes, that a block can show.
Shown = Literal[
    "segments",
    "buyers",
    "users",
    "target_impact",
    "other_segments",
    "propositions",
    "needs",
    "kpis",
    "strategies",
    "funding",
]


class Place(Document):
    """Where a block stands in the grid of the framework, counted from 1."""

    column: int = Field(ge=1, description="First column.")
    row: int = Field(ge=1, description="First row.")
    width: int = Field(default=1, ge=1, description="Columns.")
    height: int = Field(default=1, ge=1, description="Rows.")

    def cells(self) -> Iterator[tuple[int, int]]:
        """Yield the cells of the grid that it takes."""
        for row in range(self.row, self.row + self.height):
            for column in range(self.column, self.column + self.width):
                yield column, row


class Block(Document):
    """One block of a framework."""

    id: str = Field(description="Name of the block in files.")
    name: str = Field(description="Heading, as people see it.")
    topics: list[str] = Field(
        min_length=1, description="Topics whose notes it shows; new notes get the first one."
    )
    shows: list[Shown] = Field(
        default_factory=list, description="Other parts of the canvas that it shows."
    )
    place: Place = Field(description="Where it stands.")
    questions: list[str] = Field(default_factory=list, description="What to ask there.")
    bears_on: list[str] = Field(
        default_factory=list,
        description="Topics of the business model that what stands here changes.",
    )


class Framework(Document):
    """The blocks of a canvas: their layout, questions, credits, and topics."""

    forwhom: Literal[1] = Field(description="Version of the format.")
    kind: Literal["framework"] = Field(description="What this file is.")
    id: str = Field(description="Name in files.")
    name: str = Field(description="Name, as people see it.")
    credits: str = Field(default="", description="Shown under every drawing.")
    license: str = Field(default="", description="License of the framework.")
    link: str = Field(default="", description="Where it comes from.")
    columns: int = Field(ge=1, le=24, description="Columns of the grid.")
    rows: int = Field(ge=1, le=24, description="Rows of the grid.")
    blocks: list[Block] = Field(min_length=1, description="The blocks.")

    @property
    def credited(self) -> str:
        """Its credits in the language that is spoken."""
        return tr(self.credits) if self.credits else ""

    @property
    def topics(self) -> list[str]:
        """All topics that some block shows."""
        return [topic for block in self.blocks for topic in block.topics]

    def block_of(self, topic: str) -> Block | None:
        """Return the block that shows a topic, or None."""
        return next((block for block in self.blocks if topic in block.topics), None)

    @model_validator(mode="after")
    def _blocks_fit(self) -> Self:
        taken: dict[tuple[int, int], str] = {}
        topics: dict[str, str] = {}
        ids: set[str] = set()
        for block in self.blocks:
            if block.id in ids:
                raise ValueError(f"two blocks have the id {block.id!r}")
            ids.add(block.id)
            for column, row in block.place.cells():
                if column > self.columns or row > self.rows:
                    raise ValueError(
                        f"the block {block.id!r} leaves the grid of {self.columns} columns and "
                        f"{self.rows} rows"
                    )
                other = taken.setdefault((column, row), block.id)
                if other != block.id:
                    raise ValueError(f"the blocks {other!r} and {block.id!r} cover each other")
            for topic in block.topics:
                if topic in topics:
                    raise ValueError(
                        f"{topics[topic]!r} and {block.id!r} both show the topic {topic!r}"
                        if topics[topic] != block.id
                        else f"the block {block.id!r} shows the topic {topic!r} twice"
                    )
                topics[topic] = block.id
        return self


@cache
def framework_names() -> tuple[str, ...]:
    """Return the names of the frameworks that forwhom knows."""
    files = resources.files(_FOLDER).iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


@cache
def _built_in(name: str) -> Framework:
    text = (resources.files(_FOLDER) / f"{name}.yaml").read_text(encoding="utf-8")
    return validated(Framework, parse_yaml(text, f"{name}.yaml"), "a framework")


def read_framework(name: str | PathLike[str], folder: str | Path = ".") -> Framework:
    """Read a framework.

    Parameters
    ----------
    name
        The name of one that forwhom knows, or the path of your own file (YAML).
    folder
        Where a relative path starts: the folder of the canvas.

    Raises
    ------
    OptionError
        There is no such framework.
    DocumentError
        The file is not a sound framework.

    Examples
    --------
    >>> read_framework("lean-canvas").blocks[0].name
    'Problem'
    """
    if not isinstance(name, str | PathLike):
        raise OptionError(
            f"A framework was expected, and this is {name!r:.60}.",
            f"Give one of {', '.join(framework_names())}; or the path of your own (.yaml).",
        )
    name = str(name)
    if name in framework_names():
        return _built_in(name)
    if not ends_with(name, YAML):
        known = ", ".join(framework_names())
        raise OptionError(
            f"there is no framework {name!r}.",
            nearest(name, framework_names())
            or f"Expected one of: {known}; or the path of your own (.yaml).",
        )
    path = Path(folder) / name
    source = parse_yaml(read_text(path, "a framework (YAML)"), str(path))
    return validated(Framework, source, "a framework")


def framework_of(canvas: Canvas) -> Framework:
    """Return the framework that a canvas uses."""
    folder = Path() if canvas._origin.path is None else canvas._origin.path.parent
    if canvas.framework not in framework_names() and ends_with(canvas.framework, YAML):
        check_inside(canvas.framework, folder, canvas.place("framework") or "framework")
    try:
        return read_framework(canvas.framework, folder)
    except (OptionError, FileNotFoundError) as error:
        where = canvas.place("framework") or "framework"
        advice = getattr(error, "advice", "")
        problem = getattr(error, "problem", str(error))
        raise DocumentError(f"{where}: {problem}", advice) from error


def known_topics(canvas: Canvas) -> list[str]:
    """Return the topics that notes of this canvas can have: its framework's, and all others'."""
    topics = [*framework_of(canvas).topics]
    for name in framework_names():
        topics += _built_in(name).topics
    return list(dict.fromkeys(topics))


def topic_mistakes(canvas: Canvas) -> list[Mistake]:
    """Return the topics of notes that no framework knows."""
    known = known_topics(canvas)
    mistakes = []
    for topic in canvas.blocks:
        if topic not in known:
            own = (b.topics[0] for b in framework_of(canvas).blocks if topic in (b.id, b.name))
            meant = next(own, None) or topic_of(topic)
            told = f"Notes of this block have the topic {meant!r}: write '{meant}:'."
            advice = told if meant else nearest(topic, known)
            advice = advice or f"Expected one of: {', '.join(known)}."
            problem = f"there is no topic {topic!r} in {canvas.framework!r} or another framework."
            mistakes.append(Mistake(("blocks", topic), problem, advice))
    return mistakes


def homeless(canvas: Canvas, framework: Framework) -> list[str]:
    """Return the topics with notes that no block of a framework shows; the notes stay."""
    return [t for t, notes in canvas.blocks.items() if notes and framework.block_of(t) is None]
