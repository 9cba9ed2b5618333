from __future__ import annotations

import builtins
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import forwhom as fw
from forwhom.documents.canvas import Canvas, framework_names, parse_canvas, read_framework
from forwhom.documents.segmentation import Segmentation
from forwhom.errors import DriverMissing
from forwhom.pipeline.canvases import following_of
from forwhom.pipeline.nextsteps import next_steps
from forwhom.report.alignment import write_alignment
from forwhom.report.canvas import draw_canvas
from forwhom.report.choices import write_choices
from forwhom.report.deck import Bars, Board, Box, Cell, Deck, Grid, Page, Points, Spot, Text
from forwhom.report.deck.writing import deck_pptx

from .canvases import FULL
from .decks import charts_of, described, opened, tables_of, titles_of, words_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "penny-path" / "canvas.yaml"
LONG = "Teach my children how to handle money before they get their own bank card. " * 12


def deck(*pages: Page, language: str = "en", mirrored: bool = False) -> Deck:
    return Deck("About us", (Text("An answer"),), language, pages, mirrored)


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    return fw.read_canvas(EXAMPLE)


def test_an_alignment_is_a_deck(canvas: Canvas, tmp_path: Path) -> None:
    found = fw.align(canvas, replicates=40)
    place = write_alignment(found, tmp_path / "a.pptx")
    made = opened(place.read_bytes())
    assert titles_of(made)[:3] == ["Penny Path", "Item by item", "What the classes mean"]
    heat = tables_of(made)[0]
    assert heat[0][0] == "Item"
    assert heat[1][0] == "Decide about my own money without asking"
    # What a color says stands there in words.
    assert heat[1][1:3] == ["−2\nunwelcome", "+5\ndesirable"]
    assert heat[1][4].startswith("high (0.56)")
    assert "Rethink the proposition" in words_of(made)
    assert "Strategy: jar-rule." in words_of(made)
    assert found.overall.items[0].alignment
    again = write_alignment(found, tmp_path / "b.pptx")
    assert again.read_bytes() == place.read_bytes()


def test_decisions_are_a_deck_with_reasons(canvas: Canvas, tmp_path: Path) -> None:
    found = fw.decide_segments(canvas, draws=100)
    made = opened(write_choices(found, tmp_path / "d.pptx").read_bytes())
    decided = next(rows for rows in tables_of(made) if rows[0][2:3] == ["Decision"])
    assert decided[0] == ["No.", "Segment", "Decision", "Why", "Evidence"]
    left_out = next(row for row in decided if row[2] == "To be left out")
    assert left_out[3].startswith("They buy, but nobody")
    assert left_out[4].startswith("Six of eight workbooks")
    (chart,) = charts_of(made)
    points = {series.name: next(iter(series.values)) for series in chart.plots[0].series}
    assert points["1 Parents who plan the month"] == pytest.approx(found.segments[0].attractiveness)
    assert len(points) == len(found.segments)


def test_a_canvas_is_a_deck(canvas: Canvas, tmp_path: Path) -> None:
    place = fw.write_drawing(canvas, tmp_path / "a.pptx")
    made = opened(place.read_bytes())
    titles = titles_of(made)
    assert titles[0] == "Penny Path"
    assert titles[1].startswith("Business Model Canvas")
    assert {"4 Relatives who look for a useful present", "Left out on purpose"} < set(titles)
    boxes = {shape.name: shape for shape in made.slides[1].shapes}
    assert boxes["Channels"].left > boxes["Key Partners"].left
    assert boxes["Cost Structure"].top > boxes["Channels"].top
    assert "School newsletters (1)" in boxes["Channels"].text_frame.text
    said = words_of(made)
    # Who, bases, size, why, need, offer, claim with evidence, what nobody knows.
    for part in (
        "Serve · 31% (26–36%)", "Told apart by: behavioral, psychographic",
        "Why: They look for something", "Reach a wish with money that I saved myself",
        "A year of small money tasks", "Nine of fourteen had tried", "11 of 14, Interviews",
        "Would they buy a second volume", "Let parent and child sign on the first page",
    ):  # fmt: skip
        assert part in said, part
    decided = next(rows for rows in tables_of(made) if rows[0][1:2] == ["Decision"])
    assert [row[1] for row in decided[1:]] == ["Serve", "Serve", "Serve", "Ignore"]
    following = next(rows for rows in tables_of(made) if rows[0][1:2] == ["To do"])
    assert following[1][0] == "1"
    assert fw.draw_canvas(canvas, "pptx") == place.read_bytes()


def test_low_and_high_boards_and_what_a_canvas_says_in_arabic_and_german() -> None:
    full = parse_canvas(FULL)
    # The boards with the lowest and with the highest rows are the hardest and the easiest.
    names = sorted(framework_names(), key=lambda name: read_framework(name).rows)
    for name in (names[0], names[-1]):
        assert titles_of(opened(bytes(draw_canvas(full, "pptx", framework=name))))  # type: ignore[arg-type]
    for language, said in (("de", "Was entschieden wurde"), ("ar", "ما تقرّر")):
        spoken = full.model_copy(update={"language": language})
        made = opened(bytes(draw_canvas(spoken, "pptx")))  # type: ignore[arg-type]
        assert any(said in title for title in titles_of(made))
        assert (made.element.get("rtl") == "1") == (language == "ar")


def test_a_canvas_of_many_segments_and_notes_loses_none() -> None:
    data = {
        "forwhom": 1,
        "kind": "canvas",
        "segments": [{"id": f"s{n}", "name": f"Segment {n}, {LONG[:90]}"} for n in range(24)],
        "blocks": {"channels": [{"text": f"Note {n}, {LONG[:60]}"} for n in range(40)]},
    }
    made = opened(bytes(draw_canvas(parse_canvas(json.dumps(data)), "pptx")))  # type: ignore[arg-type]
    said = words_of(made)
    assert all(f"Note {n}," in said for n in range(40))
    titles = " ".join(titles_of(made))
    assert all(f"{n + 1} Segment {n}," in titles for n in range(24))


def test_an_empty_canvas_shows_the_questions_of_its_blocks() -> None:
    empty = parse_canvas("{forwhom: 1, kind: canvas}")
    # It names no day, so what comes next is as of none.
    following = following_of(empty, "pptx")
    assert following is not None
    assert following == next_steps(empty, today=date(2000, 1, 1))
    assert following_of(empty, "html") is None
    made = opened(bytes(fw.draw_canvas(empty, "pptx")))  # type: ignore[arg-type]
    assert "?" in words_of(made)


@pytest.mark.parametrize("name", ["grocery", "worst_case", "one_segment"])
def test_a_segmentation_is_a_deck(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    segmentation: Segmentation = request.getfixturevalue(name)
    place = fw.write_report(segmentation, tmp_path / "a.pptx")
    made = opened(place.read_bytes())
    answer = segmentation.answer
    assert answer.sentences[0] in words_of(made)
    assert any(title.startswith("Can we defend these") for title in titles_of(made))
    charts = charts_of(made)
    assert bool(charts) == (not answer.mass_market)
    if charts:
        shares = [segment.share for segment in segmentation.segments]
        assert list(charts[0].plots[0].series[0].values) == pytest.approx(shares)
        first = segmentation.segments[0]
        assert any(title.startswith(f"1 {first.name}"[:20]) for title in titles_of(made))
    told = {row[0] for rows in tables_of(made) for row in rows if rows[0][-1] == "How it was found"}
    for one in segmentation.evidence:
        assert one.id != "segments.structure" or any(row in one.statement for row in told)


@pytest.mark.parametrize(
    "ask", [fw.rank_needs, fw.assess_fit, fw.compare_curves, fw.separate_segments, fw.map_jobs]
)
def test_every_other_choice_is_a_deck(ask: Any, canvas: Canvas, tmp_path: Path) -> None:
    found = ask(canvas)
    made = opened(write_choices(found, tmp_path / "c.pptx").read_bytes())
    assert len(made.slides) > 1
    assert tables_of(made) or "job" in found.kind


def test_what_has_no_room_goes_on_a_further_slide_and_is_not_lost() -> None:
    texts = tuple(Text(f"{number}: {LONG}", level=1) for number in range(9))
    made = opened(deck_pptx(deck(Page("A list", texts), Page("A wall", (Text(LONG * 12),)))))
    lists = [title for title in titles_of(made) if title.startswith("A list")]
    assert lists == [f"A list ({n} of {len(lists)})" for n in range(1, len(lists) + 1)]
    assert len(lists) > 1
    said = words_of(made)
    assert all(f"{number}: {LONG.strip()}" in said for number in range(9))
    assert said.count("bank card.") == 12 * 9 + 12 * 12


def test_tables_go_on_with_their_headings_and_huge_rows_are_parted() -> None:
    rows = [(f"row {n}", LONG if n == 3 else "short", "yes") for n in range(60)]
    rows[5] = ("row 5", LONG * 9, "no")
    grid = Grid.of("Rows", ("Row", "Said", "Known"), rows)
    made = opened(deck_pptx(deck(Page("Rows", (grid,)))))
    tables = tables_of(made)
    assert all(table[0] == ["Row", "Said", "Known"] for table in tables)
    told = [row[0] for table in tables for row in table[1:] if row[0]]
    assert told == [f"row {n}" for n in range(60)]
    assert words_of(made).count("bank card.") == 12 + 12 * 9


def test_columns_that_have_no_room_stand_in_a_further_table() -> None:
    names = tuple(f"Segment that is called {n}" for n in range(24))
    grid = Grid.of("Wide", ("Item", *names), [("Save money", *(str(n) for n in range(24)))])
    made = opened(deck_pptx(deck(Page("Wide", (grid,)))))
    tables = tables_of(made)
    assert len(tables) > 1
    assert [c for table in tables for c in table[0][1:]] == list(names)
    assert all(table[1][0] == "Save money" for table in tables)


def test_a_board_writes_as_large_as_all_its_blocks_allow() -> None:
    def board(cards: int) -> Any:
        notes = tuple((Text(f"Note {n}: {LONG[:70]}", level=1),) for n in range(cards))
        boxes = (Box(0, 0, 0.5, 1, "Left", notes), Box(0.5, 0, 0.5, 1, "Right", ()))
        return opened(deck_pptx(deck(Page("Board", (Board(boxes),)))))

    few, many = board(3), board(40)
    assert len(few.slides) == 2
    sizes = [
        max(p.runs[0].font.size.pt for p in shape.text_frame.paragraphs[1:])
        for made in (few, many)
        for shape in made.slides[1].shapes
        if shape.name == "Left"
    ]
    assert sizes[0] > sizes[1] >= 9
    said = words_of(many)
    assert all(f"Note {n}:" in said for n in range(40))
    assert "more on a further slide" in said
    assert "Left (continued)" in said


def test_charts_can_be_edited_and_say_what_they_show() -> None:
    bars = Bars("Shares: a 60%, b 40%", "Share", ("1 a", "2 b"), (0.6, 0.4), (1, 2))
    points = Points("a at 3 and 4", "Ability", "Attractiveness", (Spot(1, "a", 3.0, 4.0),))
    made = opened(deck_pptx(deck(Page("Bars", (bars,)), Page("Points", (points,)))))
    first, second = charts_of(made)
    assert list(first.plots[0].categories) == ["1 a", "2 b"]
    assert list(first.plots[0].series[0].values) == [0.6, 0.4]
    assert first.part.chart_workbook.xlsx_part is not None
    assert list(second.plots[0].series[0].values) == [4.0]
    shapes = [s for slide in made.slides for s in slide.shapes if s.has_chart]
    assert [described(s) for s in shapes] == ["Shares: a 60%, b 40%", "a at 3 and 4"]


def test_a_deck_in_arabic_is_read_from_the_right() -> None:
    grid = Grid.of("جدول", ("البند", "القيمة"), [("قيمة الوقت", "Excel")])
    boxes = (Box(0, 0, 0.5, 1, "أول", ()), Box(0.5, 0, 0.5, 1, "ثان", ()))
    pages = (
        Page("عنوان", (Text("نص بالعربية"), Text("Only English"), grid)),
        Page("لوحة", (Board(boxes),)),
    )
    made = opened(deck_pptx(deck(*pages, language="ar", mirrored=True)))
    frames = [s for s in made.slides[1].shapes if s.has_text_frame and not s.is_placeholder]
    looks = [p._p.pPr for p in frames[0].text_frame.paragraphs]
    assert [(look.get("rtl"), look.get("algn")) for look in looks] == [("1", "r"), ("0", "r")]
    assert frames[0].text_frame.paragraphs[0].runs[0]._r.rPr.get("lang") == "ar"
    (table,) = [s for s in made.slides[1].shapes if s.has_table]
    assert table.table._tbl.tblPr.get("rtl") == "1"
    left = {s.name: s.left for s in made.slides[2].shapes}
    assert left["أول"] > left["ثان"]
    assert made.element.get("rtl") == "1"


def test_titles_fit_whatever_they_are() -> None:
    named = "What we would like to find out about everybody who plans the month " * 5
    made = opened(deck_pptx(deck(Page(named, (Text("a"),)), Page(named, (Text("b"),)))))
    assert titles_of(made)[1].endswith("…")
    assert " ".join(named.split()) in words_of(made)


def test_control_signs_and_colors_of_the_palette() -> None:
    grid = Grid("Rows", ("A", "B"), ((Cell("x\x00\x0by", "accent-1", 0.5), Cell("")),))
    texts = (Text("a\x00b\x1f", marks=(1, 13)), Text("", "plain"))
    made = opened(deck_pptx(deck(Page("T\x01", (*texts, grid)))))
    assert tables_of(made)[0][1][0].split() == ["x", "y"]
    assert "ab (1, 13)" in words_of(made)
    theme = made.slide_master.part.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme"
    )
    assert re.search(rb"<a:accent1>\s*<a:srgbClr val=\"1f5fa8\"", theme.blob)
    assert b'typeface="Georgia"' in theme.blob
    about = made.core_properties
    assert (about.title, about.author, about.created.year) == ("About us", "forwhom", 2000)


def test_without_python_pptx_the_message_says_what_to_install(
    canvas: Canvas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = fw.decide_segments(canvas, draws=100)
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "pptx":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DriverMissing, match=r"pip install 'forwhom\[slides\]'"):
        write_choices(found, tmp_path / "d.pptx")
    assert not list(tmp_path.iterdir())
