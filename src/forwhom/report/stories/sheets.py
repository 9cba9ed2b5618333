"""Stories on paper: a page for each, set as large as fits on it."""

import json
from typing import Any

from forwhom.documents.results.stories import Stories, Story
from forwhom.errors import DocumentError
from forwhom.report.canvas.setting import language_code
from forwhom.report.drawing.lettering import SANS, SERIF, right_to_left
from forwhom.report.drawing.palette import accent_name, colors
from forwhom.report.stories.terms import labels_of
from forwhom.report.typesetting import typeset
from forwhom.wording import clean

#: Markup of the pages; every word comes from the data.
_SHEETS = """
#let data = json("stories.json")
#let c = data.colors.pairs().map(p => (p.first(), rgb(p.last()))).to-dict()
#let said(it, ..look) = text(dir: if it.rtl { rtl } else { ltr }, ..look, it.text)
#let marks(numbers) = text(size: 0.68em, fill: c.muted, super(numbers))
#set document(title: data.title.text)
#set page(
  paper: "a4", margin: (x: 18mm, y: 15mm), fill: c.paper,
  footer: said(data.foot, size: 7pt, fill: c.muted),
)
#set text(
  font: data.sans, fill: c.ink, lang: data.lang, hyphenate: false,
  dir: if data.rtl { rtl } else { ltr },
)
// Words in another direction stand on the side of the page all the same.
#set align(if data.rtl { right } else { left })
#let chapter(one, color) = block(width: 100%, above: 1.25em, below: 0.6em, {
  text(size: 0.86em, weight: 700, fill: color, said(one.heading))
  for it in one.sentences {
    block(above: 0.8em, below: 0.4em, { said(it.text); marks(it.cites) })
  }
})
#let lacks(one) = block(
  width: 100%, inset: 0.8em, radius: 4pt, above: 1.4em,
  stroke: (paint: c.control, thickness: 1.2pt, dash: "dashed"),
  {
    text(size: 0.86em, weight: 700, fill: c.muted, said(data.lacks))
    if one.lacks.len() == 0 { block(above: 0.6em, said(data.whole)) }
    for it in one.lacks {
      block(above: 0.6em, {
        text(weight: 700, fill: c.notice)[? ]
        said(it.text)
        text(size: 0.8em, fill: c.muted)[ #said(it.key)]
      })
    }
    if one.untold.text != "" { block(above: 0.6em, said(one.untold, fill: c.muted)) }
  },
)
#let source(it) = block(above: 0.5em, below: 0.2em, {
  text(weight: 700)[#it.number ]
  said(it.item)
  for proof in it.evidence [ · #said(proof)]
  if it.evidence.len() == 0 [ · #said(data.no_evidence)]
  if it.changed [ · #said(data.changed, fill: c.notice, weight: 700)]
})
#let body(one, size) = {
  set text(size: size)
  set par(leading: 0.52em)
  let color = rgb(one.color)
  grid(columns: (1fr, 1fr), column-gutter: 9mm,
    one.chapters.slice(0, one.half).map(it => chapter(it, color)).join(),
    one.chapters.slice(one.half).map(it => chapter(it, color)).join())
  lacks(one)
  block(above: 1.2em, text(size: 0.86em, weight: 700, fill: c.muted, said(data.sources)))
  set text(size: 0.66em, fill: c.muted)
  let middle = calc.ceil(one.sources.len() / 2)
  grid(columns: (1fr, 1fr), column-gutter: 9mm,
    one.sources.slice(0, middle).map(source).join(), one.sources.slice(middle).map(source).join())
}
#let sheet(one, size) = {
  rect(width: 100%, height: 4pt, fill: rgb(one.color), radius: 2pt)
  block(above: 12pt, text(font: data.serif, size: 22pt, weight: 700, said(one.name)))
  block(above: 12pt, below: 6pt, grid(columns: (auto, 1fr), column-gutter: 6pt, align: horizon,
    circle(radius: 7pt, fill: rgb(one.color),
      align(center + horizon, text(size: 8pt, weight: 700, fill: c.white, one.number))),
    said(one.title, size: 11pt, weight: 700)))
  body(one, size)
}
#for one in data.stories {
  pagebreak(weak: true)
  layout(room => {
    let sizes = (11pt, 10.5pt, 10pt, 9.5pt, 9pt, 8.5pt, 8pt, 7.5pt)
    let high(size) = measure(width: room.width, sheet(one, size)).height
    let fits = sizes.filter(size => high(size) <= room.height)
    sheet(one, if fits.len() > 0 { fits.first() } else { sizes.last() })
  })
}
"""


def stories_pdf(found: Stories) -> bytes:
    """Return stories as a PDF, a page for each."""
    words = labels_of(found)
    if not found.stories:
        raise DocumentError(words["nobody"], "Give a segment the status 'serve' or 'candidate'.")
    known = colors()
    called = {"paper": "surface", "notice": "notice-line", "white": "on-accent"}
    called |= {name: name for name in ("ink", "muted", "control")}
    title = f"{found.title}: {words['stories']}" if found.title.strip() else words["stories"]
    labels = {key: words[key] for key in ("lacks", "whole", "sources", "changed", "no_evidence")}
    texts = {
        **labels,
        "title": title,
        "foot": f"{title}. {words['rests']}",
        "stories": [_sheet(story, words) for story in found.stories],
    }
    data = _said(texts, found.right_to_left) | {
        "lang": language_code(found.language),
        "rtl": found.right_to_left,
        "sans": list(SANS),
        "serif": list(SERIF),
        "colors": {name: known[color] for name, color in called.items()},
    }
    for sheet, story in zip(data["stories"], found.stories, strict=True):
        sheet |= {"color": known[accent_name(story.number)], "half": _half(story)}
        sheet["number"] = str(story.number)
    file = json.dumps(data, ensure_ascii=False).encode()
    return typeset(_SHEETS, "pdf", {"stories.json": file})


def _sheet(story: Story, words: dict[str, str]) -> dict[str, Any]:
    return {
        "name": story.name,
        "title": story.title,
        "chapters": [
            {
                "heading": one.heading,
                "sentences": [
                    {"text": it.text, "cites": _Plain(", ".join(map(str, it.cites)))}
                    for it in one.sentences
                ],
            }
            for one in story.chapters
        ],
        "lacks": [{"text": lack.text, "key": f"({lack.key})"} for lack in story.lacks],
        "untold": words["untold"].format(n=story.untold) if story.untold else "",
        "sources": [
            {
                "number": _Plain(str(number)),
                "item": one.item,
                "evidence": one.evidence,
                "changed": one.changed,
            }
            for number, one in enumerate(story.sources, 1)
        ],
    }


class _Plain(str):
    """Text of ours that needs no side."""

    __slots__ = ()


def _half(story: Story) -> int:
    """How many chapters stand in the first of two columns that are about as long."""
    long = [60 + sum(40 + len(it.text) for it in one.sentences) for one in story.chapters]
    return min(range(len(long) + 1), key=lambda n: abs(sum(long[:n]) - sum(long[n:])))


def _said(value: Any, mirrored: bool) -> Any:
    """Return a value with the side from which each text in it is read."""
    if isinstance(value, dict):
        return {key: _said(inner, mirrored) for key, inner in value.items()}
    if isinstance(value, list):
        return [_said(inner, mirrored) for inner in value]
    if isinstance(value, str) and not isinstance(value, _Plain):
        cleaned = clean(value)
        return {"text": cleaned, "rtl": right_to_left(cleaned, mirrored)}
    return value
