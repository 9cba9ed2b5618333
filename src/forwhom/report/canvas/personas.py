"""Persona sheets of a PDF: one page for each, with claims, what they rest on, what is open."""

import json
from dataclasses import asdict
from typing import Any

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
#set par(leading: 0.62em)
#for one in data.personas {
  pagebreak(weak: true)
  rect(width: 100%, height: 4pt, fill: rgb(one.color), radius: 2pt)
  v(4pt)
  text(font: with-emoji(data.serif), size: 24pt, weight: 700, said(one.title))
  v(-8pt)
  grid(columns: (auto, 1fr), column-gutter: 6pt, align: horizon,
    circle(radius: 7pt, fill: rgb(one.color),
      align(center + horizon, text(size: 8pt, weight: 700, fill: c.white, one.number))),
    said(one.subtitle, weight: 700))
  for it in one.texts { block(spacing: 12pt, said(it, size: 12pt)) }
  if one.facts.len() > 0 {
    block(spacing: 14pt, table(
      columns: (28%, 1fr), inset: (x: 0pt, y: 4pt),
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
    label[What is said, and what it rests on]
    for it in one.claims { claim(it) }
  }
  if one.open_questions.len() > 0 {
    v(8pt)
    block(
      width: 100%, inset: 8pt, radius: 4pt, breakable: false,
      stroke: (paint: c.control, thickness: 1.2pt, dash: "dashed"),
      {
        label[Open: nobody knows yet]
        for it in one.open_questions {
          block(spacing: 7pt, [#text(weight: 700, fill: c.notice)[? ]#said(it)])
        }
      },
    )
  }
}
"""


def persona_file(
    section: Section, language: str, *, mirrored: bool = False, credit: str = ""
) -> bytes:
    """Return what `PERSONAS` reads, as JSON."""
    known = colors()
    called = {"paper": "surface", "notice": "notice-line", "white": "on-accent"}
    called |= {name: name for name in ("ink", "muted", "line", "control")}
    data = {
        "personas": [_persona(entry, mirrored) for entry in section.entries],
        "lang": language,
        "rtl": mirrored,
        "sans": [*SANS, *BROUGHT],
        "serif": [*SERIF, *SANS, *BROUGHT],
        "suspect": f"{SUSPECT}.",
        "nothing": NO_EVIDENCE,
        "credits": _said(credit, mirrored),
        "colors": {name: known[color] for name, color in called.items()},
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _persona(entry: Entry, mirrored: bool) -> dict[str, Any]:
    number = entry.marks[0] if entry.marks else 1
    own = {"number": str(number), "color": colors()[accent_name(number)], "half": _half(entry)}
    return {key: _said(value, mirrored) for key, value in asdict(entry).items()} | own


def _half(entry: Entry) -> int:
    """How many groups of claims stand in the first of two columns that are about as long."""
    long = [1 + 3 * len(claims) for _, claims in entry.grouped]
    return min(range(len(long) + 1), key=lambda n: abs(sum(long[:n]) - sum(long[n:])))


def _said(value: Any, mirrored: bool) -> Any:
    """Return a value with the side from which each text in it is read."""
    if isinstance(value, dict):
        return {key: _said(inner, mirrored) for key, inner in value.items()}
    if isinstance(value, tuple):
        return [_said(inner, mirrored) for inner in value]
    if isinstance(value, str):
        cleaned = clean(value)
        return {"text": cleaned, "rtl": right_to_left(cleaned, mirrored)}
    return value
