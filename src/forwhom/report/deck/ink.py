"""How words and colors get onto shapes: in the language of the deck, from the side it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forwhom.report.deck.measures import (
    INDENT,
    TITLE_LEADING,
    Lettering,
)
from forwhom.report.deck.pages import Text
from forwhom.report.deck.template import THEME
from forwhom.report.drawing.lettering import right_to_left
from forwhom.report.drawing.palette import accent_name, colors
from forwhom.wording import clean, cut

#: How long the names of shapes are, in the list of a slide.
_NAME = 60


class Ink:
    """What writes on the shapes of one deck."""

    #: The namespace of drawings in files of Office.
    MAIN = "http://schemas.openxmlformats.org/drawingml/2006/main"

    def __init__(self, language: str, mirrored: bool) -> None:
        self.language = language
        self.mirrored = mirrored

    @staticmethod
    def points(*sizes: float) -> list[int]:
        """Return sizes in points as files of Office have them."""
        return [round(12700 * size) for size in sizes]

    @staticmethod
    def name(shape: Any, said: str) -> None:
        """Name a shape for the list of what is on a slide."""
        shape.name = cut(clean(said), _NAME)

    def describe(self, shape: Any, said: str) -> None:
        """Give a shape the words that a screen reader says of it."""
        self.name(shape, said)
        shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(said))

    def color(self, place: Any, name: str) -> None:
        """Give a color: that of the theme where it has it, so that a new theme changes it."""
        from pptx.enum.dml import MSO_THEME_COLOR

        slots = {
            "dk1": MSO_THEME_COLOR.TEXT_1, "dk2": MSO_THEME_COLOR.TEXT_2,
            "lt1": MSO_THEME_COLOR.BACKGROUND_1, "lt2": MSO_THEME_COLOR.BACKGROUND_2,
            "hlink": MSO_THEME_COLOR.HYPERLINK,
            **{f"accent{i}": getattr(MSO_THEME_COLOR, f"ACCENT_{i}") for i in range(1, 7)},
        }  # fmt: skip
        if name in THEME:
            place.theme_color = slots[THEME[name]]
        else:
            place.rgb = _rgb(_channels(colors()[name]))

    def fill(self, fill: Any, name: str) -> None:
        """Fill with a color."""
        fill.solid()
        self.color(fill.fore_color, name)

    @staticmethod
    def tint(fill: Any, name: str, strength: float) -> None:
        """Fill with a color as far as it shines through on the surface."""
        under, over = (_channels(colors()[one]) for one in ("surface", name))
        mixed = [round(u + strength * (o - u)) for u, o in zip(under, over, strict=True)]
        fill.solid()
        fill.fore_color.rgb = _rgb(mixed)

    def frame(self, frame: Any, inset: float = 0.0) -> None:
        """Let words break in a frame, begin at its top and keep its size."""
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE

        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.TOP
        edge = self.points(inset)[0]
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = edge

    def underline(self, place: Any) -> None:
        """Draw a line under a cell."""
        from pptx.oxml import parse_xml

        color = colors()["line"].removeprefix("#")
        place._tc.get_or_add_tcPr().insert(
            0,
            parse_xml(
                f'<a:lnB xmlns:a="{self.MAIN}" w="9525"><a:solidFill><a:srgbClr val="{color}"/>'
                "</a:solidFill></a:lnB>"
            ),
        )

    def title(self, shape: Any, text: str, size: float) -> None:
        """Write a title at a size at which it fits."""
        letters = Lettering(size, round(TITLE_LEADING * size, 1), 0, bold=True)
        self.paragraphs(shape.text_frame, [(Text(text), letters)], serif=None)

    def paragraphs(
        self, frame: Any, texts: Sequence[tuple[Text, Lettering]], serif: bool | None = False
    ) -> None:
        """Write paragraphs; ``serif`` None leaves the font to the layout."""
        for index, (text, letters) in enumerate(texts):
            one = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
            self._paragraph(one, text, letters, serif)

    def _paragraph(self, one: Any, text: Text, letters: Lettering, serif: bool | None) -> None:
        from pptx.util import Pt

        look = one._p.get_or_add_pPr()
        rtl = right_to_left(text.whole, self.mirrored)
        # Files of Office count from the left: what is read from the right stands at its side.
        look.set("algn", "r" if self.mirrored else "l")
        look.set("rtl", "1" if rtl else "0")
        one.line_spacing, one.space_before = Pt(letters.leading), Pt(letters.before)
        one.space_after = Pt(0)
        if serif is not None:
            self._set_in(look, text)
        for row, line in enumerate(text.text.split("\n")):
            if row:
                one.add_line_break()
            self._run(one, line, letters, letters.color, serif)
        self._marks(one, text, letters, serif)

    def _set_in(self, look: Any, text: Text) -> None:
        from lxml import etree

        (indent,) = self.points(INDENT)
        look.set("marL", str(indent * text.level))
        look.set("indent", str(-indent if text.bullet else 0))
        mark = etree.SubElement(look, f"{{{self.MAIN}}}{'buChar' if text.bullet else 'buNone'}")
        if text.bullet:
            mark.set("char", text.bullet)

    def _marks(self, one: Any, text: Text, letters: Lettering, serif: bool | None) -> None:
        """Write the numbers of segments, each in its color."""
        for index, number in enumerate(text.marks):
            self._run(one, ", " if index else " (", letters, letters.color, serif)
            bold = Lettering(letters.size, letters.leading, 0, bold=True)
            self._run(one, str(number), bold, accent_name(number), serif)
        if text.marks:
            self._run(one, ")", letters, letters.color, serif)

    def _run(self, one: Any, text: str, letters: Lettering, color: str, serif: bool | None) -> None:
        from pptx.util import Pt

        run = one.add_run()
        run.text = clean(text)
        font = run.font
        font.size, font.bold, font.italic = Pt(letters.size), letters.bold, letters.italic
        if serif is not None:
            self.color(font.color, color)
            font.name = "+mj-lt" if letters.serif else "+mn-lt"
        run._r.get_or_add_rPr().set("lang", self.language)

    def number(self, on: Any) -> None:
        """Write the number of the slide at its foot."""
        from pptx.oxml import parse_xml

        spaces = (
            'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
            f'xmlns:a="{self.MAIN}"'
        )
        at = max(shape.shape_id for shape in on.shapes) + 1
        on.shapes._spTree.append(
            parse_xml(
                f'<p:sp {spaces}><p:nvSpPr><p:cNvPr id="{at}" name="Number"/><p:cNvSpPr>'
                '<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldNum" sz="quarter" '
                'idx="12"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p>'
                '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr/>'
                "<a:t>‹#›</a:t></a:fld></a:p></p:txBody></p:sp>"
            )
        )


def _rgb(channels: Sequence[int]) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor(*channels)  # type: ignore[no-untyped-call]


def _channels(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]
