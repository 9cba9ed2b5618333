"""Persona sheets of a PDF: one page for each, with claims, what they rest on, what is open."""

import json
from dataclasses import asdict, replace
from typing import Any

from forwhom.languages.catalog import tr
from forwhom.report.canvas.cards import SUSPECT
from forwhom.report.canvas.entries import NO_EVIDENCE, Entry, Section
from forwhom.report.drawing.lettering import SANS, SERIF, right_to_left
from forwhom.report.drawing.palette import accent_name, colors
from forwhom.report.typefaces import BROUGHT
from forwhom.wording import clean

#: Markup of the sheets; every word of a canvas comes from the data.
PERSONAS = """
#let data = json("personas.json")
#let c = data.colors.pairs().map(p => (p.first(), rgb(p.last()))).to-dict()
#let bar = if data.rtl { (right: 1.5pt + c.line) } else { (left: 1.5pt + c.line) }
#let room = if data.rtl { (right: 8pt) } else { (left: 8pt) }
#let said(it, ..look) = text(dir: if it.rtl { rtl } else { ltr }, ..look, it.text)
#let quiet = (size: 8.5pt, fill: c.muted)
#let label(body) = text(size: 8.5pt, weight: 700, fill: c.muted, body)
#let support(it) = {
  said(it.statement, ..quiet)
  if it.numbers.text != "" { text(..quiet)[ (]; said(it.numbers, ..quiet); text(..quiet)[)] }
  if it.changed { text(size: 8.5pt, weight: 700, fill: c.notice)[ #data.suspect] }
}
#let claim(it) = block(width: 100%, inset: (y: 3pt), {
  said(it.text)
  for one in it.supports {
    block(inset: room, stroke: bar, above: 7pt, below: 4pt, support(one))
  }
  if it.supports.len() == 0 {
    block(inset: room, stroke: bar, above: 7pt, below: 4pt, text(..quiet, data.nothing))
  }
})
#let brief(it) = block(width: 100%, above: 5pt, below: 5pt, {
  said(it.text)
  let rests = if it.supports.len() == 0 { text(size: 7pt, fill: c.notice, data.nothing) }
  for one in it.supports {
    set text(size: 7pt, fill: c.muted)
    block(inset: room, stroke: bar, above: 4pt, below: 3pt, {
      said(one.statement)
      if one.numbers.text != "" [ (#said(one.numbers))]
      if one.changed { text(weight: 700, fill: c.notice)[ #data.suspect] }
    })
  }
  if rests != none { block(inset: room, above: 4pt, below: 3pt, rests) }
})
#set page(
  paper: "a4", margin: (x: 20mm, y: 15mm), fill: c.paper, header: none,
  footer: if data.credits.text == "" { none } else { said(data.credits, size: 7pt, fill: c.muted) },
)
#set text(
  font: with-emoji(data.sans), size: 10.5pt, fill: c.ink, lang: data.lang,
  dir: if data.rtl { rtl } else { ltr }, hyphenate: false,
)
// Words in another direction stand on the side of the page all the same.
#set align(if data.rtl { right } else { left })
#set par(leading: 0.62em)
#let shown(it) = block(width: 100%, {
  block(width: 100%, radius: 3pt, clip: true, image(it.file.text, width: 100%, alt: it.alt.text))
  block(above: 3pt, said(it.caption, size: 6.5pt, fill: c.muted))
})
#let drawn(it) = block(width: 100%, {
  image(it.file.text, height: 9mm, alt: it.alt.text)
  block(above: 3pt, said(it.caption, size: 7.5pt, fill: c.muted))
})
#let row(items, show-one) = if items.len() > 0 {
  block(above: 10pt, below: 6pt,
    grid(columns: (1fr,) * items.len(), column-gutter: 5mm, ..items.map(show-one)))
}
#let sheet(one) = {
  rect(width: 100%, height: 4pt, fill: rgb(one.color), radius: 2pt)
  v(4pt)
  text(font: with-emoji(data.serif), size: 24pt, weight: 700, said(one.title))
  v(-8pt)
  grid(columns: (auto, 1fr), column-gutter: 6pt, align: horizon,
    circle(radius: 7pt, fill: rgb(one.color),
      align(center + horizon, text(size: 8pt, weight: 700, fill: c.white, one.number))),
    said(one.subtitle, weight: 700))
  let told = for it in one.texts { block(spacing: 12pt, said(it, size: 12pt)) }
  if one.image.len() == 0 { told } else {
    block(above: 10pt, grid(columns: (1fr, 46mm), column-gutter: 8mm, {
      told
      row(one.world, shown)
    }, shown(one.image.first())))
  }
  if one.image.len() == 0 { row(one.world, shown) }
  row(one.share, drawn)
  if one.facts.len() > 0 {
    block(spacing: 14pt, table(
      columns: (28%, 1fr), column-gutter: 6pt, inset: (x: 0pt, y: 4pt),
      stroke: (x, y) => if y > 0 { (top: 0.5pt + c.line) },
      ..one.facts.map(f => (said(f.first(), fill: c.muted), said(f.last()))).flatten()
    ))
  }
  if one.grouped.len() > 0 {
    set text(size: 8.8pt)
    show: it => { set par(leading: 0.5em); it }
    let half(parts) = for part in parts {
      block(above: 9pt, below: 4pt, {
        label(part.first().text)
        for it in part.last() { brief(it) }
      })
    }
    let parts = one.grouped
    grid(columns: (1fr, 1fr), column-gutter: 9mm,
      half(parts.slice(0, one.half)), half(parts.slice(one.half)))
  }
  for part in one.lists {
    block(above: 10pt, below: 6pt, label(part.first().text))
    for it in part.last() { block(spacing: 5pt, said(it, size: 8.8pt, style: "italic")) }
  }
  if one.claims.len() > 0 {
    v(6pt)
    label(data.rests)
    for it in one.claims { claim(it) }
  }
  if one.open_questions.len() > 0 {
    v(8pt)
    block(
      width: 100%, inset: 8pt, radius: 4pt, breakable: false,
      stroke: (paint: c.control, thickness: 1.2pt, dash: "dashed"),
      {
        label(data.open)
        for it in one.open_questions {
          block(spacing: 7pt, [#text(weight: 700, fill: c.notice)[? ]#said(it)])
        }
      },
    )
  }
}
#for one in data.personas {
  pagebreak(weak: true)
  // As large as fits on one page; what is too long for that goes on.
  layout(room => {
    let high(k) = measure(width: room.width / k, sheet(one)).height * k
    let fits = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7).filter(k => high(k) <= room.height)
    if fits.len() == 0 or fits.first() == 1.0 { sheet(one) } else {
      let k = fits.first()
      scale(k * 100%, reflow: true, block(width: room.width / k, sheet(one)))
    }
  })
}
"""


def persona_files(
    section: Section, language: str, *, mirrored: bool = False, credit: str = ""
) -> dict[str, bytes]:
    """Return what `PERSONAS` reads: its data as JSON, and the pictures."""
    known = colors()
    called = {"paper": "surface", "notice": "notice-line", "white": "on-accent"}
    called |= {name: name for name in ("ink", "muted", "line", "control")}
    pictures: dict[str, bytes] = {}
    data = {
        "personas": [_persona(entry, mirrored, pictures) for entry in section.entries],
        "lang": language,
        "rtl": mirrored,
        "sans": [*SANS, *BROUGHT],
        "serif": [*SERIF, *SANS, *BROUGHT],
        "suspect": f"{tr(SUSPECT)}.",
        "nothing": tr(NO_EVIDENCE),
        "rests": tr("What is said, and what it rests on"),
        "open": tr("Open: nobody knows yet"),
        "credits": _said(credit, mirrored),
        "colors": {name: known[color] for name, color in called.items()},
    }
    return {"personas.json": json.dumps(data, ensure_ascii=False).encode(), **pictures}


def _persona(entry: Entry, mirrored: bool, pictures: dict[str, bytes]) -> dict[str, Any]:
    number = entry.marks[0] if entry.marks else 1
    own: dict[str, Any] = {"number": str(number), "color": colors()[accent_name(number)]}
    own["half"] = _half(entry)
    shown: dict[str, list[dict[str, str]]] = {"image": [], "world": [], "share": []}
    for picture in entry.pictures:
        file = f"picture-{len(pictures) + 1}.svg"
        pictures[file] = picture.framed()
        shown[picture.of].append({"file": file, "alt": picture.alt, "caption": picture.caption})
    # What pictures show is told below them; the list of them is for forms without pictures.
    lists = tuple(one for one in entry.lists if one[0] != tr("Pictures") or not entry.pictures)
    plain = asdict(replace(entry, pictures=(), lists=lists)) | shown
    return {key: _said(value, mirrored) for key, value in plain.items()} | own


def _half(entry: Entry) -> int:
    """How many groups of claims stand in the first of two columns that are about as long."""
    long = [1 + 3 * len(claims) for _, claims in entry.grouped]
    return min(range(len(long) + 1), key=lambda n: abs(sum(long[:n]) - sum(long[n:])))


def _said(value: Any, mirrored: bool) -> Any:
    """Return a value with the side from which each text in it is read."""
    if isinstance(value, dict):
        return {key: _said(inner, mirrored) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_said(inner, mirrored) for inner in value]
    if isinstance(value, str):
        cleaned = clean(value)
        return {"text": cleaned, "rtl": right_to_left(cleaned, mirrored)}
    return value
