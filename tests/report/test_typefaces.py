"""Letters of every script: shaped, or missed by name."""

from __future__ import annotations

from importlib import resources

import pypdfium2
import pytest
import typst

from forwhom.documents.canvas import Canvas
from forwhom.errors import LettersMissing
from forwhom.report import typefaces
from forwhom.report.canvas.writing import draw_canvas
from forwhom.report.pictures import picture_of

SCRIPTS = {
    "emoji": "📱🎯❌👩🏽‍⚕️🇩🇪",
    "Devanagari": "क्षेत्र",
    "Thai": "ที่ผู้",
    "Bengali": "ক্ষমতা",
    "Tamil": "நோயாளி",
    "Ethiopic": "ጤና",
    "Khmer": "ខ្មែរ",
    "Myanmar": "မြန်မာ",
    "Arabic": "العيادة",
    "Hebrew": "הורים",
    "Georgian": "ქართული",
}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a single font."""
    folder = str(resources.files("forwhom.report") / "fonts")
    own = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    monkeypatch.setattr(typefaces, "fonts", lambda: own)


def test_every_family_that_is_asked_for_comes_along() -> None:
    families = typefaces.fonts().families()
    assert [one for one in typefaces.BROUGHT if one not in families] == []


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_letters_are_there_on_a_machine_without_fonts(text: str) -> None:
    assert typefaces.unshown(text) == []


@pytest.mark.usefixtures("bare")
def test_what_no_font_has_is_named_with_what_to_install() -> None:
    assert typefaces.unshown("Ü 中 a 한 ✓") == ["中", "한"]
    canvas = Canvas(forwhom=1, kind="canvas", title="中文 한 𓀀", blocks={})
    with pytest.warns(LettersMissing) as told:
        made = draw_canvas(canvas, "png")
    assert isinstance(made, bytes)
    assert len(told) == 1
    said = str(told[0].message)
    assert "中 and 文 (Chinese), 한 (Hangul) and 𓀀 (Egyptian)" in said
    assert "fonts-noto-cjk and fonts-noto-core" in said


def drawing(*words: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" class="root">'
        "<title>T</title><desc>D</desc>"
        "<style>.root { font-size: 20px; } .root text { fill: #112233; } "
        ".root .end { text-anchor: end; } @media dark { text { fill: #ffffff; } }</style>"
        f'<g transform="translate(10 5)">{"".join(words)}</g></svg>'
    )


def places(pdf: bytes, letter: str) -> list[tuple[float, float]]:
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = [page.get_charbox(i) for i in range(page.count_chars())]
    return [
        (round(box[0] / 0.75), round(75 - box[1] / 0.75 + 25))
        for index, box in enumerate(boxes)
        if page.get_text_range(index, 1) == letter
    ]


def test_words_of_a_drawing_stand_where_they_were_and_can_be_searched() -> None:
    start, end = '<text x="90" y="40">H</text>', '<text x="290" y="70" class="end">E</text>'
    pdf = picture_of(drawing(start, end), "pdf")
    [(hx, hy)], [(ex, ey)] = places(pdf, "H"), places(pdf, "E")
    assert abs(hx - 100) <= 3
    assert abs(hy - 45) <= 2
    assert 284 <= ex <= 292  # it ends at 300
    assert abs(ey - 75) <= 2


def test_turned_words_stay_in_the_picture() -> None:
    turned = drawing('<text x="9" y="9" transform="rotate(-90 9 9)">turned</text>')
    assert picture_of(turned, "png") != picture_of(drawing(), "png")


@pytest.mark.parametrize("text", ["क्षेत्र", "👩🏽‍⚕️"])
def test_what_belongs_together_is_one(text: str) -> None:
    """A conjunct, a vowel around its letter, a joined emoji: never as wide as its parts."""
    whole, apart = (
        picture_of(drawing(f'<text x="5" y="50">{one}</text>'), "png")
        for one in (text, "\u200c".join(text))
    )
    assert whole != apart


def test_a_style_for_classes_goes_before_one_for_tags() -> None:
    red = '<text x="5" y="50" class="end" fill="#ff0000">x</text>'
    assert picture_of(drawing(red), "png") == picture_of(
        drawing(red.replace("#ff0000", "#00f")), "png"
    )
