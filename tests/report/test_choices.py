"""Pages and drawings of choices: sound, safe with any text, the same again, said in words."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from forwhom.choices.curves import compare_curves
from forwhom.choices.deciding import weigh_segments
from forwhom.choices.fit import fit_of
from forwhom.choices.jobmaps import map_jobs
from forwhom.choices.opportunities import rank_opportunities
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.canvas.kinds import JobStep
from forwhom.documents.results import Choices
from forwhom.documents.separation import separate_segments
from forwhom.errors import DocumentError, OptionError, OutputError
from forwhom.report.choices import choices_text, write_choices
from forwhom.report.choices.marks import spread_out
from forwhom.report.choices.writing import choices_html, choices_markdown, choices_svg

NASTY = "</title></style><script>alert(1)</script>\"'& <img src=x onerror=alert(1)> ]]> \x07 \u202e"
RTL = "عملاء مخلصون يشترون كل أسبوع"
LONG = "Kraftfahrzeughaftpflichtversicherungsbedingungen" * 4
STEPS = (None, *get_args(JobStep))
KINDS = ("job-maps", "opportunities", "fit", "curves", "priorities", "separation")


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
                **({"of": "n0", "step": STEPS[i % 9]} if i else {}),
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
        "job-maps": map_jobs(canvas),
        "separation": separate_segments(canvas),
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
    tree = etree.fromstring(choices_svg(results(text, needs + (kind == "job-maps"))[kind]).encode())
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
     (".json", b"{"), (".md", b"# Plain: What makes ours different")],
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
    with pytest.raises(OptionError, match=r"ends with '\.docx', which is no form.*\.html"):
        write_choices(plain["curves"], tmp_path / "curves.docx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_markdown_says_what_the_page_says_and_shows_text_as_it_is(
    plain: dict[str, Choices], nasty: dict[str, Choices], kind: str
) -> None:
    made = choices_markdown(plain[kind])
    words = " ".join(html.fromstring(choices_html(plain[kind])).text_content().split())
    for line in made.splitlines():
        if line.startswith("- "):
            assert re.sub(r"\\(.)", r"\1", line[2:]) in words
    rows = [line for line in made.splitlines() if line.startswith("|")]
    assert len(rows) >= 3
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows[:3]}) == 1
    hostile = choices_markdown(nasty[kind])
    assert not re.search(r"(?<!\\)<", hostile)
    assert not set("\x07\u202e") & set(hostile)


SEGMENTS = """
forwhom: 1
kind: canvas
segments: [{id: a, name: Anglers}, {id: b, name: Bakers}, {id: c, name: Cooks}]
decision:
  criteria: [{id: size, name: Size}, {id: reach, name: Reach, axis: ability}]
  scores: {a: {size: 2, reach: 2}, b: {size: 5}, c: {size: 8, reach: 9}}
  judges: [{id: ana, weights: {size: 1, reach: 1}}]
"""


def test_a_segment_keeps_the_number_and_color_that_it_has_on_the_board() -> None:
    found = weigh_segments(parse_canvas(SEGMENTS), draws=200)
    assert [(s.number, s.name, s.rank) for s in found.segments] == [
        (3, "Cooks", 1), (1, "Anglers", 2), (2, "Bakers", None),
    ]  # fmt: skip
    assert choices_text(found).split("\n\n")[1].startswith("  1  Cooks (segment 3): ")
    root = etree.fromstring(choices_svg(found).encode())
    dots = {
        "".join(group.itertext()): group[0].get("class")
        for group in root.findall(".//{*}g")
        if len(group) == 2 and group[0].tag.endswith("circle")
    }
    assert dots == {"3": "solid color-3", "1": "solid color-1", "2": "hollow color-2"}
    assert ">Rank 1 · attractiveness 8, ability 9 · not decided<" in choices_svg(found)
    page = html.fromstring(choices_html(found))
    cells = [" ".join(row.text_content().split()) for row in page.xpath("//tbody/tr")]
    assert cells[0].startswith("3 Cooks18.5")
    assert "| 1 | 3 | Cooks | 8.5 |" in choices_markdown(found)


def test_no_line_crosses_the_words_in_the_corner_and_strips_stay_off_the_edge() -> None:
    root = etree.fromstring(choices_svg(results()["opportunities"]).encode())
    (part,) = root.findall("./{*}g[1]")
    texts = {"".join(t.itertext()): t for t in part.findall("{*}text")}
    lines = [
        [float(one.get(k, "nan")) for k in ("x1", "y1", "x2", "y2")]
        for one in part.findall("{*}line")
        if one.get("class") in ("grid", "contour", "even")
    ]
    for word in ("matters,", "not met"):
        right, low = float(texts[word].get("x", 0)), float(texts[word].get("y", 0))
        box = (right - 7 * len(word), low - 10, right, low + 3)
        assert not [one for one in lines if crosses(one, box)]
    strips = part.findall("{*}rect[@class='track']")
    assert strips
    for strip in strips:
        assert float(strip.get("x", 0)) + float(strip.get("width", 0)) <= 1000 - 16


def crosses(line: list[float], box: tuple[float, float, float, float]) -> bool:
    """Whether a straight line goes through a box."""
    x1, y1, x2, y2 = line
    steps = [(x1 + (x2 - x1) * i / 200, y1 + (y2 - y1) * i / 200) for i in range(201)]
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in steps)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=20))
@settings(max_examples=40)
def test_dots_do_not_cover_each_other(cells: list[tuple[int, int]]) -> None:
    places = [(52 + 50.0 * x, 12 + 50.0 * y) for x, y in cells]
    spots = spread_out(places, 52.0, 12.0, 400.0)
    for i, one in enumerate(spots):
        assert (one.x, one.y) == places[i]
        assert 52 <= one.drawn_x <= 452
        assert 12 <= one.drawn_y <= 412
        for other in spots[:i]:
            apart = math.dist((one.drawn_x, one.drawn_y), (other.drawn_x, other.drawn_y))
            assert apart >= 20


def test_a_pair_shows_what_data_say_of_it_and_where_that_contradicts_the_canvas() -> None:
    said = "Segments 1 and 2 are reached through different channels (V = 0.4 [0.3, 0.5])"
    canvas = parse_canvas(
        "{forwhom: 1, kind: canvas, segments: [{id: a, name: Adam}, {id: b, name: Berta}], "
        "blocks: {channels: [{text: Web}]}, "
        "pairs: [{segments: [a, b], evidence: [segments-1-2.channel, segments-1-2.offer]}], "
        f"evidence: [{{id: segments-1-2.channel, statement: '{said}', verdict: different}}, "
        "{id: segments-1-2.offer, statement: 'd = 0.1', verdict: undecided}]}"
    )
    found = separate_segments(canvas)
    told = choices_markdown(found)
    assert f"different: {said.replace('[', chr(92) + '[')}" in told.replace("\\]", "]")
    assert "Channel: the canvas says the same, data say different." in told
    drawn = choices_svg(found)
    assert "data: ≠" in drawn
    assert "data: ?" in drawn
    assert "nobody has said it, or data cannot tell" in drawn
