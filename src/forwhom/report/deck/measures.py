"""Sizes on a slide, in points: of the slide, of letters, of a paragraph in a width."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from forwhom.report.deck.pages import Look, Text
from forwhom.report.drawing.lettering import lines_of

#: A slide of 16:9, as wide as slides are.
WIDTH, HEIGHT = 960.0, 540.0
MARGIN = 40.0
INNER = WIDTH - 2 * MARGIN
#: The title, what stands under it, and the foot with the number of the slide.
TITLE_TOP, TITLE_HEIGHT = 24.0, 62.0
TOP, BOTTOM = 98.0, 506.0
#: On the title slide: the title and what stands under it.
COVER_TITLE, COVER_UNDER = 140.0, 235.0
#: Between columns, and how far a level is set in.
GUTTER, INDENT = 28.0, 13.0


@dataclass(frozen=True)
class Lettering:
    """How letters look: size and distance of lines, the space before a paragraph."""

    size: float
    leading: float
    before: float
    color: str = "ink"
    bold: bool = False
    serif: bool = False
    italic: bool = False

    def scaled(self, by: float) -> Lettering:
        """Return it larger."""
        return replace(
            self,
            size=round(by * self.size, 1),
            leading=round(by * self.leading, 1),
            before=round(by * self.before, 1),
        )


LOOKS: dict[Look, Lettering] = {
    "heading": Lettering(15, 19, 11, bold=True, serif=True),
    "strong": Lettering(13.5, 17, 6, bold=True),
    "plain": Lettering(13, 16.5, 5),
    "fact": Lettering(12, 15.5, 3, bold=True),
    "quiet": Lettering(12, 15.5, 3, color="muted"),
    "doubt": Lettering(12, 15.5, 3, color="notice-line", bold=True),
    "question": Lettering(12, 15.5, 5, color="muted", italic=True),
}
TITLE_SIZES = (26.0, 22.0, 19.0, 16.0)
TITLE_LEADING = 1.16
#: A page is written as large as one slide allows; one that needs several is of its own size.
SCALES = (1.5, 1.35, 1.2, 1.1, 1.0, 0.9)
#: Letters of a table.
TABLE = Lettering(11.5, 14.5, 0)
CELL_ACROSS, CELL_DOWN = 5.0, 3.5


def board_lettering(look: Look, size: float) -> Lettering:
    """Return how a paragraph looks in a block of a board, at this size of its letters."""
    own = LOOKS[look]
    less = 1.0 if look in ("quiet", "fact", "doubt", "question") else 0.0
    more = 1.0 if look == "heading" else 0.0
    letters = size - less + more
    before = {"heading": 0.0, "strong": 4.0, "plain": 4.0, "question": 4.0}.get(look, 1.0)
    return Lettering(
        letters, round(1.24 * letters, 2), before, own.color, own.bold, own.serif, own.italic
    )


def rows_of(text: str, width: float, letters: Lettering) -> list[str]:
    """Return text as lines that are no wider than a width."""
    return list(_rows(text, round(width, 2), letters.size, letters.bold))


@lru_cache(maxsize=20_000)
def _rows(text: str, width: float, size: float, bold: bool) -> tuple[str, ...]:
    return tuple(line.text for line in lines_of(text, width, size, bold=bold))


def rows_of_paragraph(text: Text, width: float, letters: Lettering) -> list[str]:
    """Return a paragraph as lines, with its bullet and the numbers behind it."""
    return rows_of(text.whole, width - INDENT * text.level, letters)


def rejoined(rows: list[str]) -> str:
    """Return lines as one text again, for the part of a paragraph that goes on elsewhere."""
    return "\n".join(rows)
