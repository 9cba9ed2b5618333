"""Sheets as PNG and PDF: shapes are a picture, and the typesetter sets the words.

Typesetters shape more writing systems in their own text than in the text of a picture, and words
that they set can be searched and copied in the PDF.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from forwhom.report.canvas.lettering import SANS, SERIF
from forwhom.report.canvas.sheet import Sheet, Words, colors
from forwhom.report.typesetting import typeset

#: Markup that sets a sheet; every word of a canvas comes from the data.
SHEET = """
#let sheet = json("sheet.json")
#set document(title: sheet.title)
#set text(lang: sheet.lang)
#page(width: sheet.width * 0.75pt, height: sheet.height * 0.75pt, margin: 0pt, {
  place(top + left, image("shapes.svg", width: 100%, alt: sheet.alt))
  for word in sheet.words {
    let set-word = text(
      word.text, size: word.size * 0.75pt, weight: word.weight, style: word.style,
      fill: rgb(word.fill), font: word.font, dir: if word.rtl { rtl } else { ltr },
      top-edge: "baseline", bottom-edge: "baseline", hyphenate: false,
    )
    context {
      let wide = measure(set-word).width
      let x = word.x * 0.75pt - wide * word.back
      place(top + left, dx: x, dy: word.y * 0.75pt, box(width: wide, set-word))
    }
  }
})
"""
#: Asked for where the others lack letters, so that no display face is chosen for them.
_MORE = ("Noto Sans Hebrew", "Noto Sans Arabic")
#: How much of their width words stand before their place.
_BACK = {"start": 0.0, "middle": 0.5, "end": 1.0}


def language_code(language: str) -> str:
    """Return a language as the typesetter knows it; English where it is no code."""
    code = language.lower().split("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else "en"


def sheet_files(sheet: Sheet, title: str, description: str, language: str) -> dict[str, bytes]:
    """Return what `SHEET` reads."""
    data = {
        "title": title,
        "alt": f"{title}. {description}",
        "lang": language_code(language),
        "width": round(sheet.width),
        "height": round(sheet.height),
        "words": [_word(one) for one in sheet.words],
    }
    shapes = sheet.svg(title, description, language, words=False)
    return {
        "sheet.json": json.dumps(data, ensure_ascii=False).encode(),
        "shapes.svg": shapes.encode(),
    }


def _word(one: Words) -> dict[str, Any]:
    style = one.style
    return {
        "text": one.text,
        "x": round(one.x, 2),
        "y": round(one.y, 2),
        "size": style.size,
        "weight": 700 if style.bold else 400,
        "style": "italic" if style.italic else "normal",
        "fill": colors().get(style.color, style.color),
        "font": [*(SERIF if style.serif else ()), *SANS, *_MORE],
        "rtl": one.right_to_left,
        "back": _BACK[one.anchor],
    }


def set_sheet(
    sheet: Sheet, kind: Literal["pdf", "png"], title: str, description: str, language: str
) -> bytes:
    """Return a sheet as a picture, or as a page of its size."""
    return typeset(SHEET, kind, sheet_files(sheet, title, description, language))
