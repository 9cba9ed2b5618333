"""A drawing that stands in a page, or in a file of its own."""

from dataclasses import dataclass

from markupsafe import Markup

from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.palette import drawing_style
from forwhom.report.drawing.svg import element, picture

#: Space around a drawing in a file of its own.
_MARGIN = 24
_TITLE = 24
#: Titles need room, also where the drawing is small.
_NARROWEST = 560


@dataclass(frozen=True)
class Drawing:
    """A picture with its text alternative."""

    name: str  # unique on the page; the ids are made from it
    title: str  # ``title``, ``description``: what it is, and what it shows, in words
    description: str
    width: int  # ``width``, ``height``: in pixels
    height: int
    parts: tuple[Markup, ...]  # what is drawn

    def __html__(self) -> str:
        """Return it for a page, whose style sheet gives the colors."""
        return picture(
            self.name,
            self.title,
            self.description,
            self.height,
            *self.parts,
            width=self.width,
            class_="fixed chosen-chart",
        )


def standalone(drawings: list[Drawing], title: str) -> str:
    """Return drawings, one below the other, as one SVG file with colors of its own."""
    width = max(_NARROWEST, *(d.width for d in drawings)) + 2 * _MARGIN
    parts: list[Markup] = []
    top = _MARGIN
    for drawing in drawings:
        for row in wrapped(drawing.title, width - 2 * _MARGIN, 18, 3):
            parts.append(element("text", row, x=_MARGIN, y=top + 18, class_="drawn-title"))
            top += _TITLE
        top += _MARGIN - 6
        parts.append(
            element("g", *drawing.parts, transform=f"translate({_MARGIN} {top})", class_="part")
        )
        top += drawing.height + _MARGIN
    made = picture(
        "drawing",
        title,
        " ".join(f"{d.title}. {d.description}" for d in drawings),
        top,
        # Our own file, with our own colors in place of its variables.
        element("style", Markup(drawing_style("choices/drawing.css"))),
        element("rect", width=width, height=top, class_="sheet"),
        *parts,
        width=width,
        class_="chosen-chart",
        alone=True,
    )
    return str(made)
