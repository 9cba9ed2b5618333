"""What two versions of a canvas differ in, difference by difference."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document

#: What happened to something of a canvas.
Happened = Literal["added", "removed", "changed", "moved", "reordered"]


class Difference(Document):
    """One thing in which the later of two canvases is not what the earlier one was."""

    kind: Happened = Field(
        description="What happened: added, removed, changed (also reworded or renamed), moved from "
        "one list to another, or in another order."
    )
    sentence: str = Field(description="What happened, in the language of the canvas.")
    where: list[str] = Field(
        description="What it is about, from the outside in, by name; empty: the canvas itself."
    )
    item: str = Field(
        default="", description="Id of the innermost item around it, as in the later canvas."
    )
    path: list[str | int] = Field(
        description="Key path in the later canvas; of what is gone, of the list that held it."
    )
    path_before: list[str | int] = Field(
        description="Key path in the earlier canvas; of what is new, of the list that holds it."
    )
    before: str = Field(default="", description="What it said, whole; empty: nothing.")
    after: str = Field(default="", description="What it says, whole; empty: nothing.")


class CanvasComparison(Document):
    """Two versions of a canvas, and what they differ in."""

    forwhom: Literal[1] = 1
    kind: Literal["canvas-comparison"] = "canvas-comparison"
    title: str = ""
    language: str = Field(default="en", description="Language of the texts of the canvas.")
    before: str = Field(default="", description="The earlier file; empty when made in memory.")
    after: str = Field(default="", description="The later file; empty when made in memory.")
    differences: list[Difference] = Field(description="In the order of the canvas.")
