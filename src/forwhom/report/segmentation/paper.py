"""A segmentation on paper: what its slides say, set as pages that can be printed and sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from forwhom.documents.segmentation import Segmentation
from forwhom.languages.catalog import language as spoken
from forwhom.languages.catalog import speaking_asked
from forwhom.languages.codes import is_right_to_left
from forwhom.report.deck import Bars, Deck, Grid, Page, Part, Text
from forwhom.report.drawing.lettering import SANS, SERIF, right_to_left
from forwhom.report.drawing.palette import accent_name, colors
from forwhom.report.segmentation.slides import report_deck
from forwhom.report.typesetting import typeset
from forwhom.wording import clean, percent

#: Markup of the pages; every word comes from the data.
_PAGES = """
#let data = json("report.json")
#let c = data.colors.pairs().map(p => (p.first(), rgb(p.last()))).to-dict()
#let said(it, ..look) = text(dir: if it.rtl { rtl } else { ltr }, ..look, it.text)
#set document(title: data.title.text)
#set page(paper: "a4", margin: (x: 20mm, y: 18mm), footer: context align(end,
  text(size: 8pt, fill: c.muted, counter(page).display("1 / 1", both: true))))
#set text(font: data.sans, size: 10pt, fill: c.ink, lang: data.lang, hyphenate: false,
  dir: if data.rtl { rtl } else { ltr })
#set par(leading: 0.6em)
#show heading: it => text(font: data.serif, weight: 700, it)
#show heading.where(level: 1): set text(size: 22pt)
#show heading.where(level: 2): it => block(above: 1.6em, below: 0.8em, breakable: false,
  sticky: true, text(size: 15pt, it.body))
#let near = if data.rtl { right } else { left }
#let words(it) = block(above: 0.8em, below: 0.8em, inset: (repr(near): it.level * 1.2em), {
  if it.look == "strong" { said(it, weight: 700) }
  else if it.look == "heading" { said(it, weight: 700, fill: c.muted) }
  else if it.look == "quiet" or it.look == "fact" { said(it, fill: c.muted) }
  else if it.bullet != "" { [#it.bullet #said(it)] } else { said(it) }
})
#let rows(it) = block(above: 1em, below: 1em, table(
  columns: it.widths.map(w => w * 1fr), inset: (x: 4pt, y: 5pt), align: near + top,
  stroke: (x, y) => (bottom: (if y == 0 { 1pt } else { 0.5pt }) + c.line),
  table.header(..it.headings.map(one => said(one, size: 8.5pt, weight: 700))),
  ..it.rows.flatten().map(one => said(one, size: 8.5pt)),
))
#let bars(it) = block(above: 1em, below: 1em, grid(
  columns: (auto, 1fr, auto), column-gutter: 6pt, row-gutter: 5pt, align: horizon,
  ..it.bars.map(one => (said(one.name, size: 9pt),
    rect(width: one.share * 100%, height: 8pt, radius: 2pt, fill: rgb(one.color)),
    said(one.value, size: 9pt))).flatten(),
))
#let kinds = (words: words, rows: rows, bars: bars)
#heading(level: 1, said(data.title))
#for it in data.under { words(it) }
#for page in data.pages {
  heading(level: 2, said(page.title))
  for it in page.parts { kinds.at(it.kind)(it) }
}
"""
#: Colors of the palette by the names that the markup gives them.
_COLORS = {name: name for name in ("ink", "muted", "line")}
#: The letters that a column has room for at least; joined ones cannot be broken.
_NARROWEST, _NARROWEST_JOINED = 6, 10
#: How many letters of a cell ask for room: longer ones are folded.
_FOLDED = 40


def report_pdf(segmentation: Segmentation, *, language: str | None = None) -> bytes:
    """Return the report as pages (A4): the answer, can it be defended, each segment, evidence."""
    with speaking_asked(language):
        data = _data(report_deck(segmentation))
    return typeset(_PAGES, "pdf", {"report.json": json.dumps(data, ensure_ascii=False).encode()})


def _data(deck: Deck) -> dict[str, Any]:
    known = colors()
    return {
        "title": _said(deck.title),
        "lang": deck.language,
        "rtl": deck.mirrored,
        "sans": list(SANS),
        "serif": list(SERIF),
        "colors": {name: known[color] for name, color in _COLORS.items()},
        "under": [_words(one) for one in deck.under],
        "pages": [_page(one) for one in _told(deck)],
    }


def _told(deck: Deck) -> Iterator[Page]:
    yield from (page for page in deck.pages if page.parts)


def _page(page: Page) -> dict[str, Any]:
    parts = (_part(one) for one in page.parts)
    return {"title": _said(page.title), "parts": [one for one in parts if one]}


def _part(part: Part) -> dict[str, Any]:
    """Return what stands on paper; where a slide begins a column, paper goes on."""
    match part:
        case Text():
            return _words(part)
        case Grid():
            return _rows(part)
        case Bars():
            return _bars(part)
    return {}


def _words(text: Text) -> dict[str, Any]:
    return {
        "kind": "words", "look": text.look, "level": text.level, "bullet": text.bullet,
        **_said(text.whole),
    }  # fmt: skip


def _rows(grid: Grid) -> dict[str, Any]:
    least = _NARROWEST_JOINED if is_right_to_left(spoken()) else _NARROWEST
    columns = list(zip(grid.headings, *([c.text for c in row] for row in grid.rows), strict=True))
    return {
        "kind": "rows",
        "headings": [_said(one) for one in grid.headings],
        "rows": [[_said(cell.text) for cell in row] for row in grid.rows],
        "widths": [max(least, *(min(len(one), _FOLDED) for one in column)) for column in columns],
    }


def _bars(bars: Bars) -> dict[str, Any]:
    known, most = colors(), max(bars.shares) or 1.0
    return {
        "kind": "bars",
        "bars": [
            {
                "name": _said(name),
                "share": share / most,
                "value": _said(percent(share)),
                "color": known[accent_name(number)],
            }
            for name, share, number in zip(bars.names, bars.shares, bars.numbers, strict=True)
        ],
    }


def _said(text: str) -> dict[str, Any]:
    mirrored = is_right_to_left(spoken())
    return {"text": clean(text), "rtl": right_to_left(text, mirrored)}
