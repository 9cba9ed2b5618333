"""Sheets as PNG and PDF: shapes are a picture, and the typesetter sets the words.

Typesetters shape more writing systems in their own text than in the text of a picture, and words
that they set can be searched and copied in the PDF.
"""

import json
import re
from typing import Any, Literal

from forwhom.report.canvas.sheet import Sheet, Words
from forwhom.report.drawing.lettering import SANS, SERIF, text_width
from forwhom.report.drawing.palette import colors
from forwhom.report.typefaces import BROUGHT

#: Papers that a sheet can be scaled to, on their long side.
Paper = Literal["a4", "a3", "16:9"]
#: Their sizes in points; a slide is as large as slides are.
PAPERS: dict[Paper, tuple[float, float]] = {
    "a4": (841.89, 595.28),
    "a3": (1190.55, 841.89),
    "16:9": (960.0, 540.0),
}
#: By these letters fonts of the machine are compared with those that words were measured for.
_SAMPLE = "The quick brown fox jumps over 1,234 lazy dogs"
#: Points of a pixel, on a sheet of its own size.
_UNIT = 0.75
#: How much of their width words stand before their place.
_BACK = {"start": 0.0, "middle": 0.5, "end": 1.0}


def language_code(language: str) -> str:
    """Return a language as the typesetter knows it; English where it is no code."""
    code = language.lower().split("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else "en"


def sheet_files(
    sheet: Sheet, title: str, description: str, language: str, paper: Paper | None = None
) -> dict[str, bytes]:
    """Return what `SHEET` reads; on a paper, the sheet is scaled to it and stands in its middle."""
    width, height = round(sheet.width), round(sheet.height)
    wide, high = PAPERS[paper] if paper else (width * _UNIT, height * _UNIT)
    unit = min(wide / width, high / height)
    data = {
        "title": title,
        "alt": f"{title}. {description}",
        "lang": language_code(language),
        "paper": {"width": wide, "height": high},
        "fill": colors()["paper"],
        "unit": unit,
        "left": (wide - width * unit) / 2,
        "top": (high - height * unit) / 2,
        "width": width,
        "sample": {
            "text": _SAMPLE,
            "regular": text_width(_SAMPLE, 1.0),
            "bold": text_width(_SAMPLE, 1.0, bold=True),
        },
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
        "font": [*(SERIF if style.serif else ()), *SANS, *BROUGHT],
        "rtl": one.right_to_left,
        "back": _BACK[one.anchor],
    }
