"""Persona sheets of a PDF: one page for each, with claims, what they rest on, what is open."""

from __future__ import annotations

import json
from typing import Any

from forwhom.report.canvas.cards import SUSPECT
from forwhom.report.canvas.entries import NO_EVIDENCE, Entry, Section, Support
from forwhom.report.drawing.lettering import SANS, SERIF, right_to_left
from forwhom.report.drawing.palette import accent_name, colors
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
#set page(
  paper: "a4", margin: (x: 20mm, y: 18mm), fill: c.paper, header: none,
  footer: if data.credits.text == "" { none } else { said(data.credits, size: 7pt, fill: c.muted) },
)
#set text(
  font: data.sans, size: 10.5pt, fill: c.ink, lang: data.lang,
  dir: if data.rtl { rtl } else { ltr }, hyphenate: false,
)
#set par(leading: 0.62em)
#for one in data.personas {
  pagebreak(weak: true)
  rect(width: 100%, height: 4pt, fill: rgb(one.color), radius: 2pt)
  v(4pt)
  text(font: data.serif, size: 24pt, weight: 700, said(one.title))
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
  if one.claims.len() > 0 {
    label[What is said, and what it rests on]
    for it in one.claims { claim(it) }
  }
  if one.open.len() > 0 {
    v(8pt)
    block(
      width: 100%, inset: 10pt, radius: 4pt,
      stroke: (paint: c.control, thickness: 1.2pt, dash: "dashed"),
      {
        label[Open: nobody knows yet]
        for it in one.open {
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
    data = {
        "personas": [_persona(entry, mirrored) for entry in section.entries],
        "lang": language,
        "rtl": mirrored,
        "sans": list(SANS),
        "serif": list(SERIF),
        "suspect": f"{SUSPECT}.",
        "nothing": NO_EVIDENCE,
        "credits": _said(credit, mirrored),
        "colors": {
            "paper": known["surface"],
            "ink": known["ink"],
            "muted": known["muted"],
            "line": known["line"],
            "control": known["control"],
            "notice": known["notice-line"],
            "white": known["on-accent"],
        },
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _persona(entry: Entry, mirrored: bool) -> dict[str, Any]:
    number = entry.marks[0] if entry.marks else 1

    def said(text: str) -> dict[str, Any]:
        return _said(text, mirrored)

    return {
        "title": said(entry.title),
        "subtitle": said(entry.subtitle),
        "number": str(number),
        "color": colors()[accent_name(number)],
        "texts": [said(text) for text in entry.texts],
        "facts": [[said(label), said(value)] for label, value in entry.facts],
        "claims": [
            {"text": said(c.text), "supports": [_support(s, mirrored) for s in c.supports]}
            for c in entry.claims
        ],
        "open": [said(question) for question in entry.open_questions],
    }


def _support(one: Support, mirrored: bool) -> dict[str, Any]:
    return {
        "statement": _said(one.statement, mirrored),
        "numbers": _said(one.numbers, mirrored),
        "changed": one.changed,
    }


def _said(text: str, mirrored: bool) -> dict[str, Any]:
    cleaned = clean(text)
    return {"text": cleaned, "rtl": right_to_left(cleaned, mirrored)}
