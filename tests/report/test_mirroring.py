"""Results of a canvas that is read from the right: drawings and pages are turned around."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

import forwhom
from forwhom.documents.canvas import Canvas
from forwhom.report.drawing.mirroring import EMBED, mirrored
from forwhom.report.drawing.svg import element, picture, rect

NAMES = ("الممرضات في العيادات", "الأسر البعيدة", "الجهات المانحة")


def canvas(language: str = "ar") -> Canvas:
    roles = (["user"], ["target-impact"], ["buyer"])
    segments = [
        {"id": f"s{i}", "name": name, "status": "candidate", "buti": role}
        for i, (name, role) in enumerate(zip(NAMES, roles, strict=True))
    ]
    needs = [
        {"id": "n", "statement": "كتابة الزيارة مرة واحدة", "segments": ["s0"], "kind": "job",
         "importance": 9, "satisfaction": 2},
        {"id": "m", "statement": "العثور على الملف", "of": "n", "step": "locate",
         "segments": ["s0"]},
    ]  # fmt: skip
    ratings = [
        {"rater": f"r{i}", "segment": f"s{i % 3}", "item": "n", "value": value}
        for i, value in enumerate((5, -3, 4, 5, -2, 3))
    ]
    offer = {
        "id": "p", "name": "دفتر 2.0", "segments": ["s0"],
        "fit": [{"need": "n", "strength": "full"}],
    }  # fmt: skip
    flow = {"from": "صندوق الشمال", "to": "وزارة الصحة", "amount": 900, "currency": "USD"}
    data: dict[str, Any] = {
        "forwhom": 1, "kind": "canvas", "title": "دفتر العيادة", "language": language,
        "segments": segments, "needs": needs, "propositions": [offer], "funding": [flow],
        "alignment": {"ratings": ratings},
    }  # fmt: skip
    return Canvas.model_validate(data)


def answers(made: Canvas) -> dict[str, tuple[Any, Any]]:
    return {
        "fit": (forwhom.assess_fit(made), forwhom.write_choices),
        "jobs": (forwhom.rank_needs(made), forwhom.write_choices),
        "job-map": (forwhom.map_jobs(made), forwhom.write_choices),
        "separate": (forwhom.separate_segments(made), forwhom.write_choices),
        "align": (forwhom.align(made, replicates=50), forwhom.write_alignment),
        "funding": (forwhom.funding(made, today="2026-11-25"), forwhom.write_funding),
    }


@pytest.fixture(scope="module")
def arabic() -> dict[str, tuple[Any, Any]]:
    return answers(canvas())


@pytest.mark.parametrize("what", ["fit", "jobs", "job-map", "separate", "align", "funding"])
def test_drawings_and_pages_of_arabic_are_turned_around(
    what: str, arabic: dict[str, tuple[Any, Any]], tmp_path: Path
) -> None:
    found, write = arabic[what]
    svg = write(found, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert 'transform="matrix(-1 0 0 1 ' in svg
    page = write(found, tmp_path / "a.html").read_text(encoding="utf-8")
    assert re.search(r'<html lang="\w+" dir="rtl">', page)
    assert "matrix(-1 0 0 1 " in page
    assert write(found, tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_what_comes_next_is_a_page_from_the_right(tmp_path: Path) -> None:
    for language, side in (("ar", "rtl"), ("he-IL", "rtl"), ("de", "ltr")):
        found = forwhom.next_steps(canvas(language))
        page = forwhom.write_next_steps(found, tmp_path / f"{language}.html")
        assert f'dir="{side}"' in page.read_text(encoding="utf-8")


def test_languages_from_the_left_stay(tmp_path: Path) -> None:
    found = forwhom.assess_fit(canvas("de"))
    svg = forwhom.write_choices(found, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "matrix(" not in svg


def test_a_mirrored_text_ends_where_it_began_and_shapes_are_turned() -> None:
    group = element(
        "g",
        rect(10, 0, 30, 8),
        element("text", "الأسر & Co", x=10, y=5),
        element("text", "+5", x=20, y=6, class_="middle"),
        element("text", "end", x=40, y=7, class_="end"),
        element("text", "turned", x=4, y=9, transform="rotate(-90 4 9)"),
        transform="translate(100 50)",
    )
    made = mirrored(picture("p", "T", "D", 200, group, width=400, alone=True))
    assert isinstance(made, Markup)
    texts = re.findall(r'<text[^>]* x="([^"]*)" y="([^"]*)"[^>]*>([^<]*)<', made)
    assert {(text.strip(EMBED + "\u202c"), x, y) for x, y, text in texts} == {
        ("الأسر &amp; Co", "290", "55"), ("+5", "280", "56"), ("end", "260", "57"),
        ("turned", "296", "59"),
    }  # fmt: skip
    # A page forbids a style at an element: the side of a text is an attribute, or its class.
    assert "style=" not in made
    looks = re.findall(r"<text([^>]*)>", made)
    assert ['class="middle"' in one for one in looks] == [False, True, False, False]
    assert [re.findall(r'text-anchor="(\w+)"', one) for one in looks] == [
        ["end"], [], ["start"], [],
    ]  # fmt: skip
    assert 'class="end"' not in made
    assert "rotate(-90 296 59)" in made
    assert made.count(EMBED) == 1  # a number keeps its sign before it
    assert made.index("matrix(") < made.index("<rect") < made.index("<text")
