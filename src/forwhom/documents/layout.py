"""Layouts of exports: how one is recognized, what its columns are, and how its rows hang together.

They are data, one YAML file each, and only draft a study: what a layout decides stands in the
draft, where a person can change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.mistakes import validated
from forwhom.documents.study import Returns, StudyVariable
from forwhom.documents.yamlfile import parse_yaml, read_text
from forwhom.errors import DocumentError, OptionError, nearest
from forwhom.suffixes import YAML, ends_with

_FOLDER = "forwhom.documents.layouts"

#: A heading of so many words is a question.
FEWEST_WORDS = 3

#: Keys of a layout that name the first of several columns that is there.
COLUMNS = (
    "customer", "time", "amount", "quantity", "price", "discount", "order", "order_amount",
    "refunded", "item", "channel",
)  # fmt: skip


def _columns(of: str) -> list[str]:
    columns: list[str] = Field(default_factory=list, description=f"{of}: the first that is there.")
    return columns


class Layout(Document):
    """What the columns of one kind of export are. A column goes by its heading, in any capitals."""

    forwhom: Literal[1] = Field(description="Version of the format.")
    name: str = Field(description="Name on the command line.")
    title: str = Field(description="What the export is, in words.")
    source: str = Field(default="", description="Where the format is described.")
    recognize: list[str] = Field(
        min_length=1,
        description="Headings by which it is recognized: all of them must be there, each as it is, "
        "or in one of several wordings with '|' between them.",
    )
    questions: bool = Field(
        default=False, description="Whether most of its headings are questions, in whole words."
    )
    rows: Literal["purchases", "events", "customers", "responses"] = Field(
        description="What a row is: (a line of) a purchase, something done, a customer, a response."
    )
    customer: list[str] = _columns("Who the customer is")
    time: list[str] = _columns("When it happened")
    amount: list[str] = _columns("Money of one line")
    quantity: list[str] = _columns("Units of one line")
    price: list[str] = _columns("Price of one unit")
    discount: list[str] = _columns("Money off one line")
    order: list[str] = _columns("What lines of one purchase share")
    order_amount: list[str] = _columns("Money of the whole order")
    refunded: list[str] = _columns("Money of the order that was given back")
    item: list[str] = _columns("Product")
    channel: list[str] = _columns("Store or channel")
    category: list[str] = Field(
        default_factory=list, description="Columns whose shares become features, where they vary."
    )
    returned: dict[str, list[str]] = Field(
        default_factory=dict, description="Orders of which all money was given back."
    )
    leave_out: dict[str, list[str]] = Field(
        default_factory=dict, description="Rows that are no business; '*' is any value."
    )
    returns: Returns | None = Field(
        default=None, description="Rows of their own that give money of an earlier order back."
    )
    variables: dict[str, StudyVariable] = Field(
        default_factory=dict, description="What columns with one value per customer mean."
    )
    says: list[str] = Field(default_factory=list, description="What it does, for people.")
    unknown: list[str] = Field(default_factory=list, description="What it cannot know.")

    def told(self) -> Iterator[str]:
        """Yield what is done with the export, and what it does not know, in sentences."""
        yield from self.says
        if self.unknown:
            yield f"What it does not say: {'; '.join(self.unknown)}."

    def found(self, headings: Iterable[str]) -> dict[str, str]:
        """Return the headings of a table by the form in which they are compared."""
        return {compared(heading): heading for heading in reversed(list(headings))}

    def missing(self, headings: Iterable[str]) -> list[str]:
        """Return the headings by which it is recognized that a table does not have."""
        here = self.found(headings)
        return [
            one for one in self.recognize if not any(compared(o) in here for o in one.split("|"))
        ]

    def fits(self, headings: Sequence[str]) -> bool:
        """Return whether a table is recognized."""
        if self.missing(headings):
            return False
        worded = sum(len(heading.split()) >= FEWEST_WORDS for heading in headings)
        return not self.questions or 2 * worded >= len(headings)


def compared(heading: str) -> str:
    """Return a heading as headings are compared: letters, digits and #, in small letters."""
    return re.sub(r"[^\w#]+|_", "", heading.casefold())


@cache
def layout_names() -> tuple[str, ...]:
    """Return the names of the layouts that forwhom knows."""
    files = resources.files(_FOLDER).iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


@cache
def known_layouts() -> Mapping[str, Layout]:
    """Return the layouts that forwhom knows, by name."""
    folder = resources.files(_FOLDER)
    texts = {n: (folder / f"{n}.yaml").read_text(encoding="utf-8") for n in layout_names()}
    return {n: _layout(text, f"{n}.yaml") for n, text in texts.items()}


def read_layout(name: str | Path) -> Layout:
    """Return a layout by its name, or from a person's own file."""
    text = str(name)
    if ends_with(text, YAML):
        return _layout(read_text(text, "a layout (YAML)"), text)
    if text not in layout_names():
        advice = nearest(text, layout_names()) or f"Known are: {', '.join(layout_names())}."
        raise OptionError(
            f"there is no layout {text!r}.", f"{advice} 'none' is none, and a file ends with .yaml."
        )
    return known_layouts()[text]


def _layout(text: str, name: str) -> Layout:
    return validated(Layout, parse_yaml(text, name), "a layout")


def recognized(headings: Iterable[str]) -> Layout | None:
    """Return the layout that a table has: the one of which most headings are there.

    Two that fit equally well are refused, with their names.
    """
    names = list(headings)
    fitting = [layout for layout in known_layouts().values() if layout.fits(names)]
    if not fitting:
        return None
    most = max(len(layout.recognize) for layout in fitting)
    best = [layout for layout in fitting if len(layout.recognize) == most]
    if len(best) > 1:
        raise DocumentError(
            f"two layouts fit: {best[0].name} ({best[0].title}) and {best[1].name} "
            f"({best[1].title}).",
            f"Say which one it is: --layout {best[0].name}, or --layout none.",
        )
    return best[0]
