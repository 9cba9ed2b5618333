"""Pages and drawings of choices: sound, safe with any text, the same again, said in words."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.choices import Choices
from forwhom.errors import DocumentError, OptionError, OutputError
from forwhom.evidence.curves import compare_curves
from forwhom.evidence.deciding import weigh_segments
from forwhom.evidence.fit import fit_of
from forwhom.evidence.opportunities import rank_opportunities
from forwhom.report.choices import choices_html, choices_svg, choices_text, write_choices
from forwhom.report.choices.marks import spread_out

NASTY = "</title></style><script>alert(1)</script>\"'& <img src=x onerror=alert(1)> ]]> \x07 \u202e"
RTL = "عملاء مخلصون يشترون كل أسبوع"
LONG = "Kraftfahrzeughaftpflichtversicherungsbedingungen" * 4
KINDS = ("opportunities", "fit", "curves", "priorities")


def results(text: str = "Plain", needs: int = 3) -> dict[str, Choices]:
    """All four results of a canvas in which every text is the same one."""
    kinds = ["job", "want", "fear", "pain", "gain"]
    data: dict[str, Any] = {
        "forwhom": 1,
        "kind": "canvas",
        "title": text,
        "segments": [{"id": s, "name": text} for s in "ab"],
        "needs": [
            {
                "id": f"n{i}",
                "statement": text,
                "kind": kinds[i % 5],
                "segments": ["a"],
                "importance": 8,
                "satisfaction": i % 10,
                "rated_by": text if i % 2 else "",
            }
            for i in range(needs)
        ],
        "propositions": [
            {
                "id": "p",
                "name": text,
                "segments": ["a", "b"],
                "features": [{"id": "o1", "text": text}, {"id": "o2", "text": text}],
                "fit": [{"need": "n0", "by": ["o1"], "strength": "full", "how": text}],
                "positioning": {"category": text},
            }
        ],
        "competitors": [{"id": "k", "name": text}],
        "value_curves": [
            {
                "id": "v",
                "segment": "a",
                "points": [
                    {"criterion": text, "scores": {"ours": 8, "k": 8}},
                    {"criterion": text, "scores": {"ours": 3}},
                ],
            }
        ],
        "decision": {
            "criteria": [
                {"id": "c1", "name": text},
                {"id": "c2", "name": text, "axis": "ability"},
            ],
            "scores": {"a": {"c1": 8, "c2": 3}, "b": {"c1": 4}},
            "judges": [{"id": "ana", "weights": {"c1": 1, "c2": 1}}],
        },
    }
    canvas = parse_canvas(json.dumps(data))
    return {
        "opportunities": rank_opportunities(canvas),
        "fit": fit_of(canvas),
        "curves": compare_curves(canvas),
        "priorities": weigh_segments(canvas, draws=200),
    }


@pytest.fixture(scope="module")
def plain() -> dict[str, Choices]:
    return results()


@pytest.fixture(scope="module")
def nasty() -> dict[str, Choices]:
    return results(NASTY)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_runs_nothing_and_loads_nothing(nasty: dict[str, Choices], kind: str) -> None:
    page = choices_html(nasty[kind])
    tree = html.fromstring(page)
    assert tree.xpath("//script | //img | //iframe | //link | //object") == []
    assert [a for e in tree.iter() for a in e.attrib if a.startswith("on")] == []
    assert tree.xpath("//@style") == []
    (style,) = tree.xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")
    assert f"'sha256-{digest}'" in policy
    assert "\x07" not in page
    assert "\u202e" not in page
    assert "http" not in re.sub(r"http-equiv", "", page)


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_sound_and_says_what_it_shows(nasty: dict[str, Choices], kind: str) -> None:
    svg = choices_svg(nasty[kind])
    tree = etree.fromstring(svg.encode())
    names = {etree.QName(element).localname for element in tree.iter()}
    assert names <= {
        "svg", "title", "desc", "style", "rect", "g", "text", "line", "circle", "path", "polygon"
    }  # fmt: skip
    space = "{http://www.w3.org/2000/svg}"
    assert tree.findtext(f"{space}title")
    assert len(tree.findtext(f"{space}desc") or "") > 40
    assert "var(" not in svg, "a file of its own has no palette around it"
    assert "javascript" not in svg


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [RTL, LONG, "x"])
@pytest.mark.parametrize("needs", [1, 40])
def test_everything_stays_inside_the_picture(kind: str, text: str, needs: int) -> None:
    tree = etree.fromstring(choices_svg(results(text, needs)[kind]).encode())
    width, height = float(tree.get("width", "0")), float(tree.get("height", "0"))
    space = "{http://www.w3.org/2000/svg}"
    for group in tree.iter(f"{space}g"):
        moved = re.match(r"translate\(([\d.]+) ([\d.]+)\)", group.get("transform", ""))
        if moved is None:
            continue
        left, top = float(moved[1]), float(moved[2])
        for element in group.iter():
            for names, start, limit in ((("x", "x1", "x2", "cx"), left, width),
                                        (("y", "y1", "y2", "cy"), top, height)):  # fmt: skip
                for name in names:
                    value = element.get(name)
                    assert value is None or 0 <= start + float(value) <= limit, (name, value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_result_gives_the_same_page(plain: dict[str, Choices], kind: str) -> None:
    again = results()[kind]
    assert choices_html(plain[kind]) == choices_html(again)
    assert choices_svg(plain[kind]) == choices_svg(again)


def test_words_say_what_colors_show(plain: dict[str, Choices]) -> None:
    fit = choices_svg(plain["fit"])
    for words in ("answered in full", "not answered", "answers no need"):
        assert f">{words}" in fit
    assert "<circle" not in fit, "the layout is our own"
    assert "the team’s guess" in choices_svg(plain["opportunities"])
    priorities = choices_svg(plain["priorities"])
    assert re.search(r"first in \d+% to \d+% of random weights", priorities)
    assert "no rank: 1 score missing" in priorities
    curves = etree.fromstring(choices_svg(plain["curves"]).encode())
    space = "{http://www.w3.org/2000/svg}"
    texts = [t.text for t in curves.iter(f"{space}text")]
    assert "Ours" in texts
    assert len(list(curves.iter(f"{space}polygon"))) == 2, "a mark of its own, and in its label"


def test_a_gap_of_the_positioning_is_marked_and_brackets_of_a_text_are_not() -> None:
    page = choices_html(results("Books [and more]")["fit"])
    marks = html.fromstring(page).xpath("//p[@class='statement']/mark/text()")
    assert "[benefit]" in marks
    assert "[and more]" not in marks


def test_texts_are_wrapped_for_a_terminal(nasty: dict[str, Choices]) -> None:
    for kind, found in nasty.items():
        text = choices_text(found, 60)
        assert max(len(line) for line in text.splitlines()) <= 60, kind
        assert "\x07" not in text
        assert text.endswith("\n")


def test_nothing_to_draw_is_said() -> None:
    canvas = parse_canvas("{forwhom: 1, kind: canvas, needs: [{id: n, statement: N}]}")
    for found in (rank_opportunities(canvas), fit_of(canvas)):
        with pytest.raises(DocumentError, match="nothing to draw"):
            choices_svg(found)
        assert "<h1>" in choices_html(found)


@pytest.mark.parametrize(
    ("ending", "start"),
    [(".html", b"<!DOCTYPE"), (".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF"),
     (".json", b"{")],
)  # fmt: skip
def test_the_ending_decides_the_form(
    plain: dict[str, Choices], tmp_path: Path, ending: str, start: bytes
) -> None:
    place = write_choices(plain["curves"], tmp_path / f"curves{ending}")
    assert place.read_bytes().strip().startswith(start)
    with pytest.raises(OutputError, match="exists already"):
        write_choices(plain["curves"], place)
    assert write_choices(plain["curves"], place, overwrite=True) == place


def test_another_ending_is_refused(plain: dict[str, Choices], tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"Expected one of: \.html"):
        write_choices(plain["curves"], tmp_path / "curves.docx")
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_dots_do_not_cover_each_other(cells: list[tuple[int, int]]) -> None:
    places = [(50.0 * x, 50.0 * y) for x, y in cells]
    spots = spread_out(places, 0.0, 400.0)
    for i, one in enumerate(spots):
        assert (one.x, one.y) == places[i]
        for other in spots[:i]:
            apart = math.dist((one.drawn_x, one.drawn_y), (other.drawn_x, other.drawn_y))
            assert apart >= 20
