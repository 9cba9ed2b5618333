"""A deck as a file: titles, frames of text, tables and charts that can be edited."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from forwhom.report.deck.boards import PADDING, PlacedBox
from forwhom.report.deck.charts import draw_chart
from forwhom.report.deck.ink import Ink
from forwhom.report.deck.measures import CELL_ACROSS, CELL_DOWN, WIDTH, Lettering
from forwhom.report.deck.packing import packed
from forwhom.report.deck.pages import Deck, Text
from forwhom.report.deck.placing import Placed, PlacedChart, PlacedText, Slide, cover, slides_of
from forwhom.report.deck.tables import PlacedGrid
from forwhom.report.deck.template import TITLE_ONLY, TITLE_SLIDE, presentation, sign

#: A table with lines above and below, its headings in bold.
_TABLE_STYLE = "{9D7B030F-B1BA-407E-804F-0B05F660EEB4}"


def deck_pptx(deck: Deck) -> bytes:
    """Return a deck as the bytes of a .pptx file; the same deck gives the same bytes."""
    made = presentation()
    ink = Ink(deck.language, deck.mirrored)
    _cover(made, deck, ink)
    for slide in slides_of(deck):
        _slide(made, slide, ink)
    sign(made, deck.title, deck.language, deck.mirrored)
    out = io.BytesIO()
    made.save(out)
    return packed(out.getvalue())


def _cover(made: Any, deck: Deck, ink: Ink) -> None:
    on = made.slides.add_slide(made.slide_layouts[TITLE_SLIDE])
    first = cover(deck)
    ink.title(on.shapes.title, first.title, first.size)
    ink.paragraphs(on.placeholders[1].text_frame, first.texts)


def _slide(made: Any, slide: Slide, ink: Ink) -> None:
    on = made.slides.add_slide(made.slide_layouts[TITLE_ONLY])
    ink.title(on.shapes.title, slide.title, slide.size)
    for one in slide.placed:
        match one:
            case PlacedText():
                _text(on, one, ink)
            case PlacedBox():
                _box(on, one, ink)
            case PlacedGrid():
                _table(on, one, ink)
            case PlacedChart():
                draw_chart(on, one.chart, _where(one, ink), ink)
    ink.number(on)


def _where(one: Placed, ink: Ink) -> list[int]:
    """Return left, top, width and height; turned around on a slide that is read from the right."""
    x = WIDTH - one.x - one.width if ink.mirrored else one.x
    return ink.points(x, one.y, one.width, one.height)


def _text(on: Any, one: PlacedText, ink: Ink) -> None:
    shape = on.shapes.add_textbox(*_where(one, ink))
    ink.name(shape, one.texts[0][0].text)
    ink.frame(shape.text_frame)
    ink.paragraphs(shape.text_frame, one.texts)


def _box(on: Any, one: PlacedBox, ink: Ink) -> None:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.oxml.ns import qn

    shape = on.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_where(one, ink))
    ink.name(shape, one.name)
    ink.fill(shape.fill, "surface")
    ink.fill(shape.line.fill, "line")
    shape.line.width = ink.points(1)[0]
    # A style of the theme would add a shadow, and white letters.
    shape._element.remove(shape._element.find(qn("p:style")))
    ink.frame(shape.text_frame, PADDING)
    ink.paragraphs(shape.text_frame, one.texts)


def _table(on: Any, one: PlacedGrid, ink: Ink) -> None:
    shape = on.shapes.add_table(len(one.rows) + 1, len(one.headings), *_where(one, ink))
    ink.describe(shape, one.said)
    table = shape.table
    style = table._tbl.tblPr.find(f"{{{ink.MAIN}}}tableStyleId")
    style.text = _TABLE_STYLE
    table.horz_banding = False
    if ink.mirrored:
        table._tbl.tblPr.set("rtl", "1")
    for column, width in zip(table.columns, one.widths, strict=True):
        column.width = ink.points(width)[0]
    for row, height in zip(table.rows, one.heights, strict=True):
        row.height = ink.points(height)[0]
    bold = replace(one.letters, bold=True)
    for column, heading in enumerate(one.headings):
        _cell(table.cell(0, column), heading, bold, ink)
    for row, cells in enumerate(one.rows, 1):
        for column, cell in enumerate(cells):
            place = table.cell(row, column)
            _cell(place, cell.text, one.letters, ink)
            if cell.fill:
                ink.tint(place.fill, cell.fill, cell.strength)


def _cell(place: Any, text: str, letters: Lettering, ink: Ink) -> None:
    across, down = ink.points(CELL_ACROSS, CELL_DOWN)
    place.margin_left = place.margin_right = across
    place.margin_top = place.margin_bottom = down
    lines = [(Text(line), letters) for line in text.splitlines() or [""]]
    ink.paragraphs(place.text_frame, lines)
    ink.underline(place)
