from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.canvas import Canvas, export_canvas, import_canvas, parse_canvas
from forwhom.documents.canvas.exchange import exported
from forwhom.documents.canvas.exchange.carrying import left_out
from forwhom.documents.canvas.exchange.exporting import canvas_json
from forwhom.documents.canvas.exchange.importing import parse_canvas_json
from forwhom.documents.canvas.exchange.table.captions import Cards
from forwhom.documents.canvas.exchange.table.headings import COLUMNS, cell_of, is_number, value_of
from forwhom.documents.canvas.exchange.table.reading import parse_csv
from forwhom.documents.canvas.exchange.table.writing import csv_text
from forwhom.documents.cells import as_it_was, harmless
from forwhom.errors import DocumentError, OptionError, OutputError, SourceMissing
from forwhom.suffixes import CanvasFormat

from .strategies import canvases

CALM = settings(max_examples=15)
START = "forwhom: 1\nkind: canvas\n"


@CALM
@given(canvases())
def test_any_canvas_survives_json(canvas: Canvas) -> None:
    text = canvas_json(canvas)
    assert parse_canvas_json(text) == canvas
    json.loads(text)


@CALM
@given(canvases())
def test_any_canvas_survives_a_flat_table(canvas: Canvas) -> None:
    text = csv_text(canvas)
    done = parse_csv(text)
    assert done.canvas == canvas
    assert list(done.canvas.blocks) == list(canvas.blocks)
    assert (done.lost, done.changed) == ([], [])
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not is_number(cell.removeprefix("+"))
        for row in rows
        for cell in row
    )


@given(st.text("'=+-@\t\ra1.", max_size=6))
def test_no_text_is_a_formula_and_every_text_comes_back(text: str) -> None:
    assert is_number(text.removeprefix("+").replace(",", ".").lower()) or harmless(text)[
        :1
    ] not in list("=+-@\t\r")
    assert as_it_was(harmless(text)) == text


RICH = (
    START
    + """\
title: =cmd|' /C calc'!A0
segments:
  - {id: a, name: Parents, description: Of two, claims: [{id: c, text: Come often}]}
  - {id: b, name: Schools}
not_for: [Tourists]
needs: [{id: n, statement: Waste less, kind: fear, segments: [a, b]}]
personas: [{id: p, name: Ada, segment: a, claims: [{text: Reads}]}]
propositions:
  - {id: v, name: Kit, segments: [a], features: [{id: f, text: Small}], fit: [{need: n, by: [f]}]}
blocks: {channels: [{text: Shop, segments: [a]}], key_partners: []}
alignment: {items: [n], ratings: [{rater: r1, segment: a, item: n, value: -2}]}
decision: {criteria: [{id: size, name: Size}], scores: {a: {size: 3}}}
history: [{date: 2026-01-02, what: decided, item: a, note: So}]
"""
)


def test_a_flat_table_reads_like_a_table() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(parse_canvas(RICH)).removeprefix("\ufeff"))))
    found = [
        (r["kind"], r["id"], r["text"], r["block"], r["topic"], r["of"], r["segments"])
        for r in rows
    ]
    assert found[1:] == [
        ("canvas", "title", "'=cmd|' /C calc'!A0", "", "", "", ""),
        ("canvas", "alignment", "", "", "", "", ""),
        ("canvas", "decision", "", "", "", "", ""),
        ("segment", "a", "Parents", "Customer Segments", "", "", ""),
        ("claim", "c", "Come often", "", "", "a", ""),
        ("segment", "b", "Schools", "Customer Segments", "", "", ""),
        ("fear", "n", "Waste less", "", "", "", "a, b"),
        ("persona", "p", "Ada", "", "", "", "a"),
        ("claim", "", "Reads", "", "", "p", ""),
        ("proposition", "v", "Kit", "Value Propositions", "", "", "a"),
        ("feature", "f", "Small", "", "", "v", ""),
        ("fit", "", "", "", "", "v", ""),
        ("change", "", "So", "", "", "", ""),
        ("not-for", "", "Tourists", "", "", "", ""),
        ("note", "", "Shop", "Channels", "channels", "", "a"),
        ("topic", "", "", "Key Partners", "key_partners", "", ""),
        ("rating", "", "", "", "", "", "a"),
    ]
    assert rows[4]["detail"] == "Of two"


def by_kind(text: str) -> dict[str, dict[str, str]]:
    """The first row of each kind, without empty cells."""
    found: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))):
        found.setdefault(row["kind"], {k: v for k, v in row.items() if v and k != "kind"})
    return found


COMMON = (
    START
    + """\
segments: [{id: a, name: Parents, status: serve, buti: [buyer, user], decision: {reason: They pay}}]
participants: [{id: head, name: Head, roles: [buyer, user], veto: true}]
needs:
  - {id: n, statement: Waste less, job: functional, segments: [a], importance: 8, satisfaction: 2.5,
     rated_by: 12 respondents, evidence: [e@1f, e]}
propositions:
  - {id: v, name: Kit, features: [{id: f, text: Small}, {id: g, text: Light}],
     fit: [{need: n, by: [f, g], strength: partial, evidence: [e]}]}
hypotheses: [{id: h, statement: They stay, test: Ask, metric: Share, threshold: 60 percent,
  stated: 2026-09-01}]
kpis: [{id: k, name: Returns, value: "7", target: at least 8, date: 2026-11-01}]
evidence: [{id: e, statement: Nine of 12, value: 0.75, source: Interviews, date: 2026-01-02, n: 12}]
funding: [{from: Fund, to: Us, amount: 8000, currency: EUR, date: 2026-01-01}]
history: [{date: 2026-01-02, what: decided, item: a, by: Ada, note: So}]
alignment: {ratings: [{rater: r1, segment: a, item: n, value: -2}]}
value_curves: [{id: c, segment: a, points: [{criterion: Price, scores: {ours: 7}}]}]
"""
)


def test_common_fields_have_columns_and_every_row_says_something_on_its_card() -> None:
    canvas = parse_canvas(COMMON)
    text = csv_text(canvas)
    rows = by_kind(text)
    assert rows["segment"]["status"] == "serve"
    assert rows["segment"]["roles"] == "buyer, user"
    job = rows["job"]
    assert (job["importance"], job["satisfaction"], job["rated_by"]) == (
        "8",
        "2.5",
        "12 respondents",
    )
    assert (job["job"], job["evidence"]) == ("functional", "e@1f, e")
    assert "extra" not in job
    assert rows["fit"] == {
        "card": "Answered in part: Waste less", "of": "v", "need": "n", "by": "f, g",
        "strength": "partial", "evidence": "e",
    }  # fmt: skip
    assert (rows["hypothesis"]["threshold"], rows["hypothesis"]["date"]) == (
        "60 percent",
        "2026-09-01",
    )
    assert (rows["kpi"]["value"], rows["kpi"]["target"]) == ("7", "at least 8")
    assert (rows["evidence"]["value"], rows["evidence"]["source"]) == ("0.75", "Interviews")
    assert rows["funding"]["card"] == "Fund to Us: 8000 EUR"
    assert rows["rating"]["value"] == "-2"
    assert rows["rating"]["card"] == "Waste less for Parents: -2 by r1"
    assert rows["change"]["card"] == "a was decided. So"
    assert rows["value-curve"]["card"] == "Value curve for Parents"
    assert [kind for kind, row in rows.items() if not row.get("card")] == []
    assert parse_csv(text).canvas == canvas


def test_columns_may_be_changed_in_a_spreadsheet() -> None:
    text = "kind;text;importance;satisfaction;status\njob;Waste less;8,5;;open\nsegment;A;;;serve\n"
    done = parse_csv(text.replace("serve", "candidate"))
    assert done.canvas.needs[0].importance == 8.5
    assert done.lost == ["the column 'status' of rows of the kind 'job'"]
    with pytest.raises(DocumentError, match=r"n.csv:2:3: .*importance.* is 'high'"):
        parse_csv(text.replace("8,5", "high"), "n.csv")
    with pytest.raises(DocumentError, match=r"n.csv:3:5: .*status.* 'served'"):
        parse_csv(text.replace("serve", "served"), "n.csv")
    # What an older table says in 'extra' still counts; a column says it better.
    old = (
        'kind,text,importance,extra\njob,A,,"{""importance"": 4}"\njob,B,5,"{""importance"": 4}"\n'
    )
    assert [need.importance for need in parse_csv(old).canvas.needs] == [4, 5]


@pytest.mark.parametrize("format_", ["json", "csv", "yaml"])
def test_a_rich_canvas_comes_back_equal(format_: CanvasFormat, tmp_path: Path) -> None:
    canvas = parse_canvas(RICH)
    path = tmp_path / f"out.{format_}"
    done = export_canvas(canvas, path)
    assert (done.lost, done.changed) == ([], [])
    back = import_canvas(path)
    assert back.canvas == canvas
    assert parse_canvas(back.text) == canvas


def test_a_table_that_people_filled_in() -> None:
    text = (
        "Kind;Text;Block;Segments;Votes\n"
        "segment;Families with a budget;;;3\n"
        "segment;Families with a budget;;;1\n"
        ";;;;\n"
        "JOB;Know what is left;;families-with-a-budget, families-with-a-budget-2;\n"
        "note;School newsletters;channels;;\n"
        'note;"One; two";Customer Segments;;\n'
    )
    done = parse_csv(text)
    assert [s.id for s in done.canvas.segments] == [
        "families-with-a-budget", "families-with-a-budget-2",
    ]  # fmt: skip
    assert done.canvas.needs[0].segments == [s.id for s in done.canvas.segments]
    assert done.canvas.blocks["channels"][0].text == "School newsletters"
    assert done.canvas.blocks["customer_segments"][0].text == "One; two"
    assert done.lost == ["the column 'votes'"]
    assert len(done.changed) == 3


def test_ratings_come_before_or_after_the_rest_of_the_alignment() -> None:
    canvas = parse_canvas(RICH)
    head, *rows = csv_text(canvas).splitlines()
    assert parse_csv("\n".join([head, *reversed(rows)])).canvas.alignment == canvas.alignment


HEAD = "kind,id,text,topic,of,segments,extra\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "n.csv:1:1: there is no column 'kind'; it is empty"),
        ("a,b\n1,2\n", "n.csv:1:1: there is no column 'kind'; its columns are: a, b"),
        ("kind,text,kind\n", "n.csv:1:3: the column 'kind' is here twice"),
        (HEAD + "segmnt,a,A\n", "n.csv:2:1: there is no kind 'segmnt'. Did you mean 'segment'"),
        (HEAD + ",a,A\n", "n.csv:2:1: the kind is missing"),
        (HEAD + "segment,a,A\nsegment,a,B\n", "n.csv:3:2: the id 'a' is here twice"),
        (HEAD + "segment,a b,A\n", "n.csv:2:2: .* is 'a b'. Expected letters, digits"),
        (HEAD + "pain,n,N,,,x\n", "n.csv:2:6: there is no segment 'x'"),
        (HEAD + "note,,N\n", "n.csv:2:4: this note has no topic"),
        (HEAD + "note,,N,chanels\n", "n.csv:2:4: there is no topic 'chanels'"),
        (HEAD + "feature,f,F,,v\n", "n.csv:2:5: there is no proposition 'v' that this feature"),
        (HEAD + "segment,a,A,,,,{\n", "n.csv:2:7: 'extra' is not JSON"),
        (HEAD + "segment,a,A,,,,NaN\n", "n.csv:2:7: 'extra' is not JSON"),
        (HEAD + "segment,a,A,,,,[1]\n", "n.csv:2:7: 'extra' is not keys and values"),
        (HEAD + 'segment,a,A,,,,"{""nam"": 1}"\n', "n.csv:2:7: there is no key 'nam'"),
        (HEAD + 'segment,a,A,,,,"{""power"": 2}"\n', "n.csv:2:7: .*power"),
        (HEAD + "canvas,segments,A\n", "n.csv:2:2: a row of the kind 'canvas' cannot set 'segm"),
        (HEAD + "canvas,titel,A\n", "n.csv:2:3: there is no key 'titel'. Did you mean 'title'"),
        (HEAD + "canvas,forwhom,,,,,2\n", "n.csv:2:7: this is format 2, written by a newer"),
        (HEAD + "canvas,framework,lean\n", "n.csv:2:3: there is no framework 'lean'"),
        (HEAD + "canvas,alignment,,,,,7\nrating,,,,,a\n", "n.csv:2:7: 'alignment' is '7'"),
        (HEAD + 'segment,a,"A\nB"\npain,n,N,,,x\n', "n.csv:4:6: there is no segment 'x'"),
        (HEAD + 'segment,a,"A"x\n', "n.csv:2:1: this row is not CSV"),
        (HEAD + 'segment,a,"A\n', "n.csv:2:1: this row is not CSV"),
        (HEAD + "segment,a,A,,,,,,x\n", "n.csv:2:8: this row has more cells than the heading"),
        (HEAD + "segment,a,A,,,,9" + "9" * 5000, "n.csv:2:7: 'extra' is not JSON"),
    ],
)  # fmt: skip
def test_mistakes_of_a_table_are_said_with_line_and_cell(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_csv(text, "n.csv")


@given(st.data())
def test_a_damaged_table_is_refused_and_never_crashes(data: st.DataObject) -> None:
    text = csv_text(parse_canvas(RICH))
    at = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.text('",\r\n\t\0;{}[]:x1=', max_size=4))
    cut = data.draw(st.integers(0, 5))
    said = "n.csv:"
    try:
        parse_csv(text[:at] + piece + text[at + cut :], "n.csv")
    except DocumentError as error:
        said = str(error)
    assert said.startswith("n.csv:")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"forwhom": 1, "kind": "canvas", "titel": ""}', "c.json:1:34: there is no key 'titel'"),
        ('{"forwhom": 1, "kind": "canvas", "title": 1}', "c.json:1:34: 'title' is '1'"),
        ('{"forwhom": 1, "kind": "canvas", "kind": "canvas"}', "the key 'kind' is there twice"),
        ('{"forwhom": 1, "kind": "canvas"', "c.json:1:32: "),
        ('{"forwhom": 1, "kind": "canvas", "title": "\\ud800"}', "c.json:1:1: .*half a char"),
        ('{"forwhom": 1, "kind": "canvas", "funding_rates": {"EUR": 1e999}}', "c.json:1:52: .*inf"),
        ('{"forwhom": 1' + "0" * 5000 + "}", "c.json:1:1: a number has too many digits"),
        ("[" * 100_000, "c.json:1:1: nested too deeply"),
        ("", "c.json:1:1: "),
    ],
)
def test_mistakes_of_json_are_said_with_line_and_column(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_canvas_json(text, "c.json")


def test_a_canvas_in_yaml_keeps_its_comments_and_bmml_is_recognized(tmp_path: Path) -> None:
    own = tmp_path / "own.yml"
    own.write_text(START + "title: Ours  # for now\n")
    assert import_canvas(own).text == own.read_text()
    other = tmp_path / "model.bmml.yaml"
    other.write_text('version: "2.0"\nmeta: {name: A, portfolio: exploit, stage: grow}\n')
    assert import_canvas(other).canvas.title == "A"


def test_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    canvas = parse_canvas(RICH)
    with pytest.raises(
        OptionError, match=r"ends with '\.txt', which is no form for this.*--format"
    ):
        export_canvas(canvas, tmp_path / "out.txt")
    with pytest.raises(SourceMissing):
        import_canvas(tmp_path / "none.json")
    path = tmp_path / "out.txt"
    export_canvas(canvas, path, "json")
    with pytest.raises(OutputError):
        export_canvas(canvas, path, "json")
    assert import_canvas(path, "json").canvas == canvas
    (tmp_path / "latin.csv").write_bytes("kind,text\nsegment,Köche\n".encode("latin-1"))
    with pytest.raises(DocumentError, match=r"latin.csv:2:10: this is not UTF-8 text"):
        import_canvas(tmp_path / "latin.csv")
    (tmp_path / "big.csv").write_bytes(b"x" * 6_000_000)
    with pytest.raises(DocumentError, match=r"big.csv:1:1: this is too large"):
        import_canvas(tmp_path / "big.csv")


def test_a_row_that_spreadsheets_would_cut_is_said() -> None:
    canvas = parse_canvas(START + f"blocks: {{channels: [{{text: {'a' * 40_000}}}]}}\n")
    done = exported(canvas, "csv")
    assert done.changed
    assert parse_csv(done.text).canvas == canvas


def test_cells_are_lists_numbers_and_texts() -> None:
    assert cell_of(["a", "b"], "list") == "a, b"
    assert (cell_of(8.0, "number"), cell_of("plain", "text")) == ("8", "plain")
    assert value_of("a; b", "list") == ["a", "b"]
    assert (value_of("\u22128,5", "number"), value_of("high", "number")) == (-8.5, "high")
    assert [harmless(t) for t in ("=1+1", "plain", "-2.5")] == ["'=1+1", "plain", "-2.5"]


def test_what_a_row_says_and_what_is_left_out() -> None:
    cards = Cards(Canvas(forwhom=1, kind="canvas"))
    fit = {"kind": "fit", "need": "rest", "strength": "full", "text": ""}
    assert cards.said(fit) == "Answered in full: rest"
    assert left_out({"title": "Ours", "kpis": [{"id": "k"}]}, {"title": True}) == ["kpis (1)"]


def test_an_empty_canvas_as_json() -> None:
    text = '{\n "forwhom": 1,\n "kind": "canvas"\n}\n'
    assert canvas_json(Canvas(forwhom=1, kind="canvas")) == text
