"""Stories: how one segment would use the offer, told from what the canvas holds of it."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from forwhom.documents.base import Document

#: The chapters of a story, in order.
Part = Literal[
    "day", "needs", "obstacles", "today", "hears", "offer", "use", "gets", "pays", "after", "open"
]
PARTS: tuple[Part, ...] = get_args(Part)


class Cited(Document):
    """An item of the canvas that a sentence comes from, and the evidence that the item cites."""

    item: str = Field(description="What it is, and its id or key: 'need: teach-money'.")
    place: str = Field(default="", description="File, line and column; empty where none is known.")
    evidence: list[str] = Field(description="What the cited evidence says, with its numbers.")
    changed: bool = Field(description="Whether evidence has changed since somebody looked.")


class Sentence(Document):
    """One sentence of a story: words of the canvas, with what joins them."""

    text: str
    cites: list[int] = Field(min_length=1, description="Numbers of the sources, from 1.")


class Chapter(Document):
    """A part of a story, under its heading."""

    part: Part
    heading: str = Field(description="In the language of the canvas.")
    sentences: list[Sentence] = Field(min_length=1)


class Lack(Document):
    """What a story lacks, and where it would stand in the canvas."""

    part: Part
    text: str = Field(description="What is not known, in the language of the canvas.")
    key: str = Field(description="The key of the canvas that would say it.")


class Story(Document):
    """How one segment would use the offer; each sentence says where it comes from."""

    segment: str = Field(description="Id of the segment.")
    name: str = Field(description="Its name.")
    number: int = Field(description="Its number on the board.")
    title: str = Field(description="In the language of the canvas.")
    chapters: list[Chapter]
    sources: list[Cited] = Field(description="What sentences cite, in order.")
    lacks: list[Lack] = Field(description="What would have to be known to tell it whole.")
    untold: int = Field(description="Needs of the segment that the story does not tell.")


class Stories(Document):
    """One story for each segment that is served or may be."""

    forwhom: Literal[1] = 1
    kind: Literal["stories"] = "stories"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    right_to_left: bool = Field(default=False, description="Whether it is read from the right.")
    told_in: str = Field(description="Language of what joins the words of the canvas.")
    stories: list[Story]

    @property
    def lacking(self) -> list[Story]:
        """The stories that lack something."""
        return [story for story in self.stories if story.lacks]
