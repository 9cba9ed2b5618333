"""The board as a picture: complete, nothing overlaps, nothing leaves it, text stays text."""

from __future__ import annotations

import itertools
import json
import re
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.documents.canvas.strategies import canvases
from tests.report.canvases import drawn_words, full, missing, squeezed

from forwhom.documents.canvas import Canvas, framework_names, parse_canvas, read_framework
from forwhom.errors import OptionError, OutputError
from forwhom.report.canvas import board_of, draw_canvas, write_drawing
from forwhom.report.canvas.layout import _dealt, plan
from forwhom.report.drawing.lettering import lines_of, right_to_left, text_width

Rect = tuple[float, float, float, float]
NASTY = '<script>alert("x")</script> & <b>\'"</b> ]]> \x00\x1b\u202e --> {{ x }} #eval("1")'


def picture(canvas: Canvas) -> etree._Element:
    made = draw_canvas(canvas, "svg")
    assert isinstance(made, str)
    return etree.fromstring(made.encode())


def rects(root: etree._Element, name: str) -> list[Rect]:
    found = root.findall(f".//{{*}}rect[@class='{name}']")
    keys = ("x", "y", "width", "height")
    return [tuple(float(r.get(k, "nan")) for k in keys) for r in found]  # type: ignore[misc]


def texts(root: etree._Element) -> list[etree._Element]:
    return root.findall(".//{*}text")


def shown(root: etree._Element) -> str:
    return "".join("".join(t.itertext()) for t in texts(root))


def overlap(a: Rect, b: Rect) -> bool:
    across = a[0] < b[0] + b[2] - 0.02 and b[0] < a[0] + a[2] - 0.02
    return across and a[1] < b[1] + b[3] - 0.02 and b[1] < a[1] + a[3] - 0.02


def inside(a: Rect, b: Rect) -> bool:
    low = a[0] >= b[0] - 0.02 and a[1] >= b[1] - 0.02
    return low and a[0] + a[2] <= b[0] + b[2] + 0.02 and a[1] + a[3] <= b[1] + b[3] + 0.02


def check(canvas: Canvas) -> None:
    """What must hold for every drawing."""
    root = picture(canvas)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    cards, blocks = rects(root, "card"), rects(root, "block")
    assert not [pair for pair in combinations(cards, 2) if overlap(*pair)]
    assert not [pair for pair in combinations(blocks, 2) if overlap(*pair)]
    assert all(any(inside(card, block) for block in blocks) for card in cards)
    assert all(inside(block, (0, 0, width, height)) for block in blocks)
    for text in texts(root):
        line = "".join(text.itertext())
        size, x = float(text.get("font-size", 0)), float(text.get("x", 0))
        wide = text_width(line, size, bold=text.get("font-weight") == "700")
        shift = {None: 0.0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
        assert x - shift >= -0.5
        assert x - shift + wide <= width + 0.5
        assert 0 < float(text.get("y", 0)) < height
    assert missing(drawn_words(canvas), shown(root)) == []
    assert not covered(root)
    for panel in plan(board_of(canvas)).panels:
        in_columns = sorted(panel.cards, key=lambda card: (round(card.box.x), card.box.y))
        assert [card.card for card in in_columns] == list(panel.panel.cards)


def covered(root: etree._Element) -> list[tuple[Rect, str]]:
    """Words under a disc; the number in it is not meant."""
    discs = []
    for circle in root.findall(".//{*}circle"):
        x, y, r = (float(circle.get(key, "nan")) for key in ("cx", "cy", "r"))
        discs.append((x - r, y - r, 2 * r, 2 * r))
    found = []
    for text in texts(root):
        line, anchor = "".join(text.itertext()), text.get("text-anchor")
        if anchor == "middle":
            continue
        size, x, y = (float(text.get(key, 0)) for key in ("font-size", "x", "y"))
        wide = text_width(line, size, bold=text.get("font-weight") == "700")
        box = (x - (wide if anchor == "end" else 0), y - 0.7 * size, wide, 0.7 * size)
        found += [(disc, line) for disc in discs if overlap(disc, box)]
    return found


def test_only_the_line_beside_a_number_is_shorter_for_it() -> None:
    note = {"text": "we are at it " * 16, "segments": ["a"]}
    data = {
        "forwhom": 1, "kind": "canvas", "segments": [{"id": "a", "name": "Parents"}],
        "blocks": {"channels": [note, {**note, "segments": []}]},
    }  # fmt: skip
    made = plan(board_of(parse_canvas(json.dumps(data))))
    (panel,) = [p for p in made.panels if p.panel.id == "channels"]
    beside, alone = (card.texts[0].lines for card in panel.cards)
    assert len(beside[0].text) < len(alone[0].text)
    widths = [text_width(line.text, 13) for line in beside]
    assert max(widths[1:]) > widths[0]
    assert max(widths[1:]) <= max(text_width(line.text, 13) for line in alone)


@pytest.mark.parametrize(
    ("heights", "columns", "dealt"),
    [([40, 40, 90, 30], 2, [2, 2]), ([40, 40], 3, [1, 1]), ([10] * 5, 4, [2, 1, 1, 1]),
     ([200, 10, 10, 10], 2, [1, 3]), ([10, 10, 10, 200], 2, [3, 1]), ([30], 4, [1])],
)  # fmt: skip
def test_columns_are_filled_in_order_and_none_is_longer_than_must_be(
    heights: list[float], columns: int, dealt: list[int]
) -> None:
    assert _dealt(heights, columns) == dealt


@settings(max_examples=25)
@given(st.lists(st.integers(20, 300), min_size=1, max_size=9), st.integers(1, 4))
def test_no_other_way_to_deal_cards_is_shorter(heights: list[int], columns: int) -> None:
    def longest(counts: list[int]) -> float:
        ends = [sum(counts[:i]) for i in range(len(counts) + 1)]
        parts = [heights[a:b] for a, b in itertools.pairwise(ends)]
        return max(sum(part) + 8 * (len(part) - 1) for part in parts)

    dealt = _dealt(heights, columns)
    assert sum(dealt) == len(heights)
    assert len(dealt) <= columns
    ways = (
        [b - a for a, b in itertools.pairwise((0, *cuts, len(heights)))]
        for n in range(min(columns, len(heights)))
        for cuts in combinations(range(1, len(heights)), n)
    )
    assert longest(dealt) <= min(longest(way) for way in ways) + 0.5


@pytest.mark.parametrize("paper", ["a4", "a3", "16:9"])
def test_a_paper_holds_the_whole_board_on_one_page(paper: str) -> None:
    wide, high = {"a4": (842, 595), "a3": (1191, 842), "16:9": (960, 540)}[paper]
    made = draw_canvas(full(), "pdf", paper=paper)  # type: ignore[arg-type]
    document = pypdfium2.PdfDocument(made)
    page = document[0]
    assert (round(page.get_width()), round(page.get_height())) == (wide, high)
    words = "".join(page.get_textpage().get_text_bounded().split())
    assert missing(drawn_words(full()), words) == []
    assert len(document) == 2  # the other is a persona
    picture = draw_canvas(full(), "png", paper=paper)  # type: ignore[arg-type]
    assert isinstance(picture, bytes)
    across, down = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert across / down == pytest.approx(wide / high, rel=0.01)
    empty = parse_canvas("{forwhom: 1, kind: canvas}")
    assert len(pypdfium2.PdfDocument(draw_canvas(empty, "pdf", paper=paper))) == 1  # type: ignore[arg-type]


def test_a_paper_that_cannot_be_is_refused() -> None:
    for form, paper, message in (
        ("svg", "a4", r"of the form 'svg' has no paper"),
        ("pdf", "a5", r"There is no form 'a5' for this. Expected a4, a3 or 16:9"),
    ):
        with pytest.raises(OptionError, match=message):
            draw_canvas(full(), form, paper=paper)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", framework_names())
def test_everything_of_a_full_canvas_is_drawn_in_every_framework(name: str) -> None:
    canvas = full(name)
    check(canvas)
    drawn = squeezed(shown(picture(canvas)))
    frame = read_framework(name)
    assert all(squeezed(block.name) in drawn for block in frame.blocks)
    assert squeezed(frame.credits) in drawn
    assert "Evidencehaschanged" in drawn
    assert "2participants,1persona,1hypothesis" in drawn


@pytest.mark.parametrize("name", framework_names())
def test_an_empty_canvas_asks_its_questions(name: str) -> None:
    canvas = parse_canvas(f"{{forwhom: 1, kind: canvas, framework: {name}}}")
    check(canvas)
    root = picture(canvas)
    assert rects(root, "card") == []
    questions = (q for block in read_framework(name).blocks for q in block.questions)
    assert missing(questions, shown(root)) == []


def test_forty_notes_in_one_block_make_it_wider() -> None:
    notes = [{"text": f"Note {i} about letters and parents", "segments": []} for i in range(40)]
    data = {"forwhom": 1, "kind": "canvas", "blocks": {"channels": notes}}
    canvas = parse_canvas(json.dumps(data))
    check(canvas)
    made = plan(board_of(canvas))
    widths = {panel.panel.id: panel.box.width for panel in made.panels}
    assert widths["channels"] > 1.5 * widths["key_partners"]
    assert made.height < made.width


def test_long_texts_and_many_segments_stay_inside() -> None:
    segments = [{"id": f"s{i}", "name": f"Group {i} " + "long " * i} for i in range(16)]
    long = "antidisestablishmentarianism " * 40 + "x" * 400 + "数字化" * 60
    note = {"text": long, "detail": long, "segments": [s["id"] for s in segments]}
    blocks = {"channels": [note], "cost_structure": [note]}
    data = {"forwhom": 1, "kind": "canvas", "title": long, "segments": segments, "blocks": blocks}
    check(parse_canvas(json.dumps(data)))


def test_what_no_block_shows_stands_elsewhere() -> None:
    board = board_of(full("business-model-canvas"))
    assert [p.name for p in board.elsewhere] == [
        "Needs", "KPIs", "Alignment", "Funding", "KPI",
    ]  # fmt: skip
    aid = [panel.name for panel in board_of(full("aid-sustainability")).elsewhere]
    assert not {"Needs", "KPIs"} & {*aid}
    segments = {
        card.number for p in board_of(full("aid-sustainability")).panels for card in p.cards
    }
    assert segments >= {1, 2, 3, 4}


def test_notes_carry_the_numbers_of_their_segments() -> None:
    root = picture(full())
    titles = {t.text for t in root.findall(".//{*}g/{*}title")}
    assert titles == {
        "1 Parents who plan the month", "2 Primary schools", "3 Children of 8 to 12",
        "4 Hobby investors",
    }  # fmt: skip
    (card,) = [c for p in board_of(full()).panels for c in p.cards if c.texts[0] == "Savings banks"]
    assert card.marks == (2,)


def test_a_language_read_from_the_right_mirrors_the_board() -> None:
    left, right = full(), full()
    right = Canvas.model_validate({**right.model_dump(by_alias=True), "language": "he-IL"})
    there, mirrored = picture(left), picture(right)
    width = float(there.get("width", 0))
    turned = [(width - x - w, y, w, h) for x, y, w, h in rects(mirrored, "card")]
    for one, other in zip(rects(there, "card"), turned, strict=True):
        assert one == pytest.approx(other, abs=0.6)
    anchors = {t.get("text-anchor") for t in texts(mirrored)}
    assert anchors == {"end", "middle"}
    assert mirrored.get("lang") == "he-IL"
    check(right)


def test_words_read_from_the_right_say_so() -> None:
    text = "{forwhom: 1, kind: canvas, language: ar, blocks: {channels: [{text: نشرة المدرسة}]}}"
    assert "\u202bنشرة المدرسة\u202c" in shown(picture(parse_canvas(text)))


@pytest.mark.parametrize("suffix", ["svg", "html", "md"])
def test_markup_in_text_is_text(suffix: str) -> None:
    note = {"text": NASTY, "detail": NASTY}
    data = {
        "forwhom": 1, "kind": "canvas", "title": NASTY, "blocks": {"channels": [note]},
        "segments": [{"id": "a", "name": NASTY, "claims": [{"text": NASTY}]}],
    }  # fmt: skip
    made = draw_canvas(parse_canvas(json.dumps(data)), suffix)  # type: ignore[arg-type]
    assert isinstance(made, str)
    assert "<script" not in made.replace("\\<", "")  # Markdown escapes with a backslash
    assert "<b>" not in made.replace("\\<", "")
    assert not set("\x00\x1b\u202e") & set(made)


@settings(max_examples=15)
@given(canvases())
def test_any_canvas_can_be_drawn(canvas: Canvas) -> None:
    check(canvas)


@settings(max_examples=40)
@given(st.text(max_size=80), st.floats(20, 300), st.sampled_from([9.0, 14.0]), st.booleans())
def test_lines_fit_and_lose_nothing(text: str, width: float, size: float, bold: bool) -> None:
    lines = lines_of(text, width, size, bold=bold)
    joined = "".join(line.text for line in lines)
    assert missing(iter([text]), joined) == []
    widest = max((text_width(c, size, bold) for c in joined), default=0.0)
    for line in lines:
        # A letter with its marks is never cut, even where it alone is wider than the line.
        assert text_width(line.text, size, bold) <= max(width, widest * 4)


def test_the_same_canvas_gives_the_same_bytes() -> None:
    for kind in ("svg", "png", "pdf", "md", "html"):
        assert draw_canvas(full(), kind) == draw_canvas(full(), kind)  # type: ignore[arg-type]


def test_png_and_pdf_open_and_hold_the_words(tmp_path: Path) -> None:
    png = write_drawing(full(), tmp_path / "canvas.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    document = pypdfium2.PdfDocument(write_drawing(full(), tmp_path / "canvas.pdf").read_bytes())
    pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    assert len(pages) == 2
    assert missing(drawn_words(full()), pages[0]) == []
    for said in ("Monday planner", "Four visits a month", "They shop 4.3 times a month",
                 "n = 844", "Evidence has changed", "Open: nobody knows yet",
                 "Which routine fits?"):  # fmt: skip
        assert squeezed(said) in pages[1]


def test_nothing_in_text_is_taken_for_markup_of_the_typesetter() -> None:
    text = '#panic("no") $x$ `code` *bold* <label> @ref \\ // [x] "quoted"'
    data = {
        "forwhom": 1, "kind": "canvas", "title": text, "blocks": {"channels": [{"text": text}]},
        "segments": [{"id": "a", "name": text}],
        "personas": [{"id": "p", "name": text, "segment": "a", "claims": [{"text": text}],
                      "open_questions": [text], "typical": {text: text}}],
    }  # fmt: skip
    made = draw_canvas(parse_canvas(json.dumps(data)), "pdf")
    assert isinstance(made, bytes)
    document = pypdfium2.PdfDocument(made)
    for page in document:
        assert squeezed(text) in squeezed(page.get_textpage().get_text_bounded())


def test_formats_and_files_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"ends with '\.gif', which is no form.*\.svg, \.png"):
        write_drawing(full(), tmp_path / "canvas.gif")
    with pytest.raises(OptionError, match="has no suffix, so nothing says its form"):
        write_drawing(full(), tmp_path / "canvas")
    write_drawing(full(), tmp_path / "canvas.svg")
    with pytest.raises(OutputError, match=r"canvas\.svg"):
        write_drawing(full(), tmp_path / "canvas.svg")
    write_drawing(full(), tmp_path / "canvas.svg", overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["canvas.svg"]


def test_letters_decide_where_a_text_begins_and_how_wide_it_is() -> None:
    hebrew = "3 \u05e9\u05dc\u05d5\u05dd"
    mixed = "Why: \u05e9\u05dc\u05d5\u05dd"
    assert [right_to_left(t) for t in (hebrew, "3 apples", mixed)] == [True, False, False]
    assert right_to_left("3", mirrored=True)
    assert right_to_left(mixed, mirrored=True)
    assert text_width("Parents", 10) < text_width("Parents", 10, bold=True)
    lines = [line.text for line in lines_of("Families who plan", 60, 10)]
    assert lines == ["Families", "who plan"]


@pytest.mark.parametrize("framework", framework_names())
def test_blocks_stand_side_by_side_where_each_holds_words(framework: str) -> None:
    canvas = parse_canvas(f"{{forwhom: 1, kind: canvas, framework: {framework}}}")
    page = draw_canvas(canvas, "html")
    assert isinstance(page, str)
    [wide] = re.findall(r"@media print, \(min-width: (\d+)rem\)", page)
    [shares] = re.findall(
        r"columns: auto; grid-template-columns: ((?:minmax\(0, \d+fr\) ?)+)", page
    )
    parts = [int(part) for part in re.findall(r"(\d+)fr", shares)]
    spans = re.findall(r"grid-column: (\d+) / span (\d+);", page)
    least = min(sum(parts[int(c) - 1 : int(c) - 1 + int(n)]) for c, n in spans)
    assert int(wide) >= 64
    assert int(wide) * least / sum(parts) >= 10.9
