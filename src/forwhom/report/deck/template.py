"""The template of a deck, made in code: 16:9, with the colors and the fonts of pages and boards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from forwhom.errors import DriverMissing
from forwhom.report.deck.measures import (
    COVER_TITLE,
    COVER_UNDER,
    HEIGHT,
    INNER,
    MARGIN,
    TITLE_HEIGHT,
    TITLE_SIZES,
    TITLE_TOP,
    WIDTH,
)
from forwhom.report.drawing.lettering import SANS, SERIF
from forwhom.report.drawing.palette import colors
from forwhom.wording import clean, cut

#: The font of a deck: of those that words are measured for, the ones that every office has.
_HEADINGS, _WORDS = SERIF[0], SANS[1]
#: Colors of a theme by their names in the palette; a person who changes the theme changes them.
THEME = {
    "ink": "dk1", "surface": "lt1", "muted": "dk2", "paper": "lt2", "link": "hlink",
    "accent-1": "accent1", "accent-2": "accent2", "accent-3": "accent3", "accent-4": "accent4",
    "accent-5": "accent5", "accent-6": "accent6",
}  # fmt: skip
#: Layouts that are kept: of the title slide, and of all others.
TITLE_SLIDE, TITLE_ONLY = 0, 1
_KEPT = ("Title Slide", "Title Only")
#: A file says when it was made; the same answer gives the same file.
_MADE = datetime(2000, 1, 1)


def presentation() -> Any:
    """Return an empty deck."""
    try:
        from pptx import Presentation
    except ImportError as error:
        raise DriverMissing(
            "Decks for PowerPoint are made by python-pptx, which is not installed.",
            "Install it with: pip install 'forwhom[slides]'. HTML and Markdown need nothing.",
        ) from error
    made = Presentation()
    from pptx.util import Pt

    made.slide_width, made.slide_height = Pt(WIDTH), Pt(HEIGHT)
    for layout in list(made.slide_layouts):
        if layout.name not in _KEPT:
            made.slide_layouts.remove(layout)
    _dress(made)
    _strip(made)
    _place(made.slide_master, 0, MARGIN, TITLE_TOP, INNER, TITLE_HEIGHT)
    first, others = made.slide_layouts
    _place(first, 0, MARGIN, 90, INNER, COVER_TITLE)
    _place(first, 1, MARGIN, 255, INNER, COVER_UNDER)
    _place(others, 0, MARGIN, TITLE_TOP, INNER, TITLE_HEIGHT)
    for one in (made.slide_master, first, others):
        _foot(one)
    return made


def sign(made: Any, title: str, language: str, mirrored: bool) -> None:
    """Write into the file what it is called and in which language it is."""
    about = made.core_properties
    about.title, about.language, about.author = cut(clean(title), 255), language, "forwhom"
    about.last_modified_by, about.revision = "forwhom", 1
    about.subject = about.keywords = about.comments = about.category = ""
    about.created = about.modified = _MADE
    if mirrored:
        made.element.set("rtl", "1")


def _place(on: Any, index: int, *where: float) -> None:
    from pptx.util import Pt

    shape = on.placeholders[index]
    shape.left, shape.top, shape.width, shape.height = map(Pt, where)


def _foot(on: Any) -> None:
    """Keep the number of the slide at the foot; nothing else stands there."""
    from pptx.enum.shapes import PP_PLACEHOLDER
    from pptx.util import Pt

    for shape in list(on.placeholders):
        kind = shape.placeholder_format.type
        if kind in (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER):
            shape._element.getparent().remove(shape._element)
        elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
            shape.left, shape.top = Pt(WIDTH - MARGIN - 60), Pt(HEIGHT - 28)
            shape.width, shape.height = Pt(60), Pt(20)


def _dress(made: Any) -> None:
    """Write colors and fonts into the theme, and how titles look into the master."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml.ns import qn

    master = made.slide_master
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root: Any = etree.fromstring(theme.blob)
    root.set("name", "forwhom")
    for name, slot in THEME.items():
        place = root.find(f".//{qn('a:clrScheme')}/{qn(f'a:{slot}')}")
        place[:] = []
        etree.SubElement(place, qn("a:srgbClr"), val=colors()[name].removeprefix("#"))
    for which, font in (("major", _HEADINGS), ("minor", _WORDS)):
        place = root.find(f".//{qn(f'a:{which}Font')}")
        place.find(qn("a:latin")).set("typeface", font)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    master.element.find(f".//{qn('p:bgRef')}/{qn('a:schemeClr')}").set("val", "bg2")
    for layout in (master, *made.slide_layouts):
        for shape in layout.placeholders:
            for inside in shape._element.iter(qn("a:bodyPr")):
                inside[:] = []
                for edge in ("lIns", "rIns", "tIns", "bIns"):
                    inside.set(edge, "0")
    title = master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    letters = title.find(qn("a:defRPr"))
    letters.set("sz", str(int(100 * TITLE_SIZES[0])))
    letters.set("b", "1")


def _strip(made: Any) -> None:
    """Leave out the picture of an empty deck, and the settings of a printer."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    for holder in (made.part.package, made.part):
        relations = holder._rels
        for key, relation in list(relations.items()):
            if relation.reltype in (
                RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.PRINTER_SETTINGS,
            ):  # fmt: skip
                relations.pop(key)
