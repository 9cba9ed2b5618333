"""PDF and PNG: typst sets the page, with its own fonts, ours and those of the machine."""

from collections.abc import Mapping
from typing import Any, Literal

from forwhom.errors import DriverMissing, OutputError
from forwhom.report.typefaces import EMOJI_FIRST, fonts, warn_of_boxes

#: Pixels per inch of a picture: sharp on a screen with twice the dots.
RESOLUTION = 144
#: Markup that sets a sheet; every word of a canvas comes from the data.
SHEET = """
#let sheet = json("sheet.json")
#set document(title: sheet.title)
#set text(lang: sheet.lang)
#let unit = sheet.unit * 1pt
// Where the machine has none of the fonts that words were measured for, its own may be wider.
#let fit(word) = {
  let sample = sheet.at("sample", default: none)
  if sample == none { return 1 }
  let ideal = if word.weight > 400 { sample.bold } else { sample.regular }
  let look = (size: 100pt, weight: word.weight, style: word.style, font: word.font)
  let real = measure(text(sample.text, ..look))
  calc.min(1, ideal * 100pt / real.width)
}
#page(width: sheet.paper.width * 1pt, height: sheet.paper.height * 1pt, margin: 0pt,
  fill: rgb(sheet.fill), {
  let (left-edge, top-edge) = (sheet.left * 1pt, sheet.top * 1pt)
  let shapes = image("shapes.svg", width: sheet.width * unit, alt: sheet.alt)
  place(top + left, dx: left-edge, dy: top-edge, shapes)
  for word in sheet.words {
    context {
      let letters(..more) = text(
        word.text, size: word.size * unit * fit(word), weight: word.weight, style: word.style,
        fill: rgb(word.fill), font: with-emoji(word.font), dir: if word.rtl { rtl } else { ltr },
        top-edge: "baseline", bottom-edge: "baseline", hyphenate: false, ..more,
      )
      let wide = measure(letters()).width
      let x = left-edge + word.x * unit - wide * word.back
      let put(body) = place(top + left, dx: x, dy: top-edge + word.y * unit, box(width: wide, body))
      let halo = word.at("halo", default: none)
      if halo != none {
        put(letters(stroke: (paint: rgb(halo), thickness: 4 * unit, join: "round")))
      }
      put(letters())
    }
  }
})
"""


def typeset(
    source: str,
    kind: Literal["pdf", "png"],
    files: Mapping[str, bytes] | None = None,
    *,
    resolution: int = RESOLUTION,
) -> bytes:
    """Set a page."""
    try:
        import typst
    except ImportError as error:
        raise DriverMissing(
            "PDF and PNG are made by typst, which is not installed.",
            "Install it with: pip install 'forwhom[pdf]'. SVG, HTML and Markdown need nothing.",
        ) from error
    given: Any = {"main.typ": (EMOJI_FIRST + source).encode(), **(files or {})}
    warn_of_boxes(files or {})
    try:
        made = typst.compile(given, format=kind, ppi=resolution, timestamp=0, font_paths=fonts())
    except RuntimeError as error:
        raise OutputError(f"This page cannot be set: {error}.", "Please report it.") from error
    first: bytes = made[0] if isinstance(made, list) else made
    return first
