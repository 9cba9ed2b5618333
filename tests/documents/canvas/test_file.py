from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from forwhom.documents import canvas_schema
from forwhom.documents.canvas import (
    Canvas,
    canvas_of,
    canvas_text,
    convert_canvas,
    edited,
    edits_of,
    framework_names,
    new_canvas,
    parse_canvas,
    read_canvas,
    read_framework,
    write_canvas,
)
from forwhom.documents.canvas.file import check_canvas
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.references import items
from forwhom.documents.ids import slug, unused
from forwhom.documents.yamlfile import parse_yaml
from forwhom.errors import DocumentError, OptionError, OutputError, SourceMissing

from .strategies import canvases

START = "forwhom: 1\nkind: canvas\n"
CALM = settings(max_examples=15)


@CALM
@given(canvases())
def test_any_canvas_survives_writing_and_reading(canvas: Canvas) -> None:
    check_canvas(canvas)
    assert parse_canvas(canvas_text(canvas)) == canvas


@CALM
@given(canvases())
def test_any_canvas_comes_back_from_every_framework(canvas: Canvas) -> None:
    for name in framework_names():
        there = convert_canvas(canvas, name)
        assert parse_canvas(there.text) == there.canvas
        assert there.canvas.blocks == canvas.blocks
        assert convert_canvas(there.canvas, canvas.framework).canvas == canvas


def test_converting_changes_one_word(tmp_path: Path) -> None:
    text = START + "framework: lean-canvas  # for now\nblocks:\n  kpi: [{text: Users}] # few\n"
    (tmp_path / "canvas.yaml").write_text(text)
    done = convert_canvas(tmp_path, "business-model-canvas")
    assert done.text == text.replace("lean-canvas", "business-model-canvas")
    assert done.homeless == ["kpi"]


@pytest.mark.parametrize("name", framework_names())
def test_a_new_canvas_is_sound_and_asks_the_questions_of_its_framework(name: str) -> None:
    text = new_canvas(name, title="A: 'title' # with signs")
    canvas = parse_canvas(text)
    assert canvas.title == "A: 'title' # with signs"
    assert list(canvas.blocks) == [b.topics[0] for b in read_framework(name).blocks]
    for block in read_framework(name).blocks:
        assert all(question in text for question in block.questions)


@pytest.mark.parametrize("name", [n for n in framework_names() if n.startswith("unite-")])
def test_a_part_of_the_model_bears_on_topics_of_the_whole(name: str) -> None:
    whole = {t for n in ("unite", "business-model-canvas", "canvas-13") for t in
             read_framework(n).topics}  # fmt: skip
    frame = read_framework(name)
    for block in frame.blocks:
        assert block.bears_on
        assert {*block.bears_on} <= whole
        assert not {*block.bears_on} & {*block.topics}
        assert ", ".join(block.bears_on) in new_canvas(name)
    taken = {cell for block in frame.blocks for cell in block.place.cells()}
    assert len(taken) == frame.columns * frame.rows  # nothing of the board is empty


@pytest.mark.parametrize("mark", ["#", "# "])
def test_what_a_new_canvas_shows_as_examples_is_a_sound_canvas_with_every_part(mark: str) -> None:
    text = new_canvas()
    waiting = {"summary", "created", "updated", "portfolio", "stage", "market_type", "need_ratings"}
    automatic = {"derived_from", "seeded_from", "pairs"}
    asked_for = {"need_scale"}  # where answers fit two scales
    assert parse_canvas(text).segments == []
    shown = [line[len(mark) :] if line.startswith("#  ") else line for line in text.splitlines()]
    canvas = parse_canvas("\n".join(shown))
    assert set(Canvas.model_fields) - canvas.model_fields_set == waiting | automatic | asked_for
    assert all(f"\n{key}:" in text for key in waiting)
    assert len(canvas.segments) == 2
    assert canvas.segments[0].side
    assert canvas.segments[0].market_type
    assert [getattr(canvas, name) for name in _PARTS if not getattr(canvas, name)] == []
    assert text.count("\n#  ") < 150


_PARTS = ("segments", "not_for", "participants", "needs", "personas", "propositions",
          "competitors", "value_curves", "decision", "hypotheses", "questions", "alignment",
          "kpis", "funding", "funding_rates", "evidence", "history")  # fmt: skip


def test_a_new_canvas_keeps_to_its_schema_before_and_after_it_is_filled() -> None:
    text = new_canvas()
    filled = "\n".join(line[1:] if line.startswith("#  ") else line for line in text.splitlines())
    for one in (text, filled):
        jsonschema.validate(parse_yaml(one, "canvas").data, canvas_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"forwhom": 1, "kind": None}, canvas_schema())


def test_a_new_canvas_names_its_schema_in_the_first_line() -> None:
    first, rest = new_canvas(schema="../my schemas/canvas.json\nx: 1").split("\n", 1)
    assert first == "# yaml-language-server: $schema=../my%20schemas/canvas.json%0Ax%3A%201"
    assert rest == new_canvas()


@pytest.mark.parametrize("name", framework_names())
def test_every_topic_has_one_block_and_every_block_a_question(name: str) -> None:
    framework = read_framework(name)
    assert len(set(framework.topics)) == len(framework.topics)
    assert all(block.questions for block in framework.blocks)
    assert framework.credits
    taken = [cell for block in framework.blocks for cell in block.place.cells()]
    assert len(taken) == framework.columns * framework.rows


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("segmnts: []", r"canvas:3:1: there is no key 'segmnts'. Did you mean 'segments'\?"),
        ("segments: [{id: a, name: A}, {id: a, name: B}]", r"3:31.*'a' is here twice"),
        ("personas: [{id: p, name: P, segment: a}]", "there is no segment 'a'"),
        ("needs: [{id: n, statement: S, importance: 11}]", "importance"),
        ("needs: [{id: n, statement: S, kind: jop}]", "Did you mean 'job'"),
        ("framework: lean-canvs", r"canvas:3:1: there is no framework.*Did you mean 'lean-canvas'"),
        ("framework: ours.yaml", "canvas:3:1: There is no file ours.yaml"),
        ("blocks: {chanels: []}", r"there is no topic 'chanels'.*Did you mean 'channels'"),
        ("framework: lean-canvas\nblocks: {problem: []}", "have the topic 'customer_problem'"),
        (
            "segments: [{id: a, name: A, sponsor: b}, {id: b, name: B, sponsor: a}]",
            "goes in a circle: 'a' is paid for by 'b' is paid for by 'a'",
        ),
        (
            "blocks: {channels: [{id: a, text: A, supports: [a]}]}",
            "goes in a circle: 'a' supports 'a'",
        ),
        (
            "segments: [{id: a, name: A}]\npersonas: [{id: p, name: P, segment: p}]",
            "'p' is a persona; expected here: segment",
        ),
        (
            "needs: [{id: n, statement: A, of: m}, {id: m, statement: B, of: n}]",
            "goes in a circle: 'n' belongs to 'm' belongs to 'n'",
        ),
        ("needs: [{id: n, statement: A, step: find}]", "step.*Expected"),
        (
            "segments: [{id: a, name: A, separate: {price: [{aspect: A, offer: a}]}}]",
            "'a' is a segment; expected here: offer",
        ),
        (
            "segments: [{id: a, name: A}]\n"
            "personas: [{id: p, name: P, segment: a, goals: [{text: T, evidence: [e]}]}]",
            "there is no evidence 'e'",
        ),
        ("segments: [{id: a b, name: A}]", "id"),
        ("lint: {stale_after_days: 0}", "stale_after_days"),
        ("title: {a: 1}", "title"),
    ],
)  # fmt: skip
def test_mistakes_are_said_with_line_and_column(lines: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_canvas(START + lines + "\n")
    assert str(caught.value).startswith("canvas:")


def test_all_mistakes_are_said_at_once() -> None:
    text = START + "personas:\n- {id: p, name: P, segment: a}\n- {id: p, name: Q, segment: b}\n"
    with pytest.raises(DocumentError) as caught:
        parse_canvas(text)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "canvas:4:20", "canvas:5:4", "canvas:5:20",
    ]  # fmt: skip


def test_other_versions_and_other_documents_are_refused() -> None:
    with pytest.raises(DocumentError, match="newer forwhom"):
        parse_canvas("forwhom: 2\nkind: canvas\n")
    with pytest.raises(DocumentError, match="this is a study, not a canvas"):
        parse_canvas("forwhom: 1\ncustomers: {table: x.csv}\n")
    with pytest.raises(DocumentError, match="this is a segmentation, not a canvas"):
        parse_canvas("forwhom: 1\nkind: segmentation\n")


def test_a_file_is_read_from_its_folder_and_not_overwritten(tmp_path: Path) -> None:
    canvas = parse_canvas(START + "title: Ours\n")
    write_canvas(canvas, tmp_path / "canvas.yaml")
    assert read_canvas(tmp_path) == canvas
    with pytest.raises(OutputError):
        write_canvas(canvas, tmp_path / "canvas.yaml")
    with pytest.raises(DocumentError):
        write_canvas("forwhom: 1\nkind: canvas\nx: 1\n", tmp_path / "bad.yaml")
    assert not (tmp_path / "bad.yaml").exists()
    with pytest.raises(SourceMissing):
        read_canvas(tmp_path / "none.yaml")


def test_a_canvas_or_its_path_is_a_canvas(tmp_path: Path) -> None:
    path = tmp_path / "canvas.yaml"
    text = START + "title: Ours  # for now\n"
    path.write_text(text)
    canvas = read_canvas(path)
    assert canvas_of(canvas) is canvas
    assert canvas_of(tmp_path) == canvas_of(str(path)) == canvas_of(path) == canvas
    assert edits_of(canvas).written().text == text
    # What was changed in memory is no longer what the file says.
    changed = canvas.model_copy(update={"title": "Theirs"})
    assert edits_of(changed).written().text == START + "title: Theirs\n"
    assert edits_of(Canvas(forwhom=1, kind="canvas")).written().text == START
    canvas.not_for.append("Dealers")
    assert edits_of(canvas).written().text.endswith("not_for: [Dealers]\n")


@pytest.mark.parametrize("value", [None, 7, b"canvas.yaml", {"forwhom": 1}, "", START, [], object])
def test_what_is_no_canvas_and_no_path_says_what_was_expected(value: Any) -> None:
    with pytest.raises(OptionError, match="A canvas was expected, and this is") as caught:
        canvas_of(value)
    assert caught.value.advice


OWN = """\
forwhom: 1
kind: framework
id: ours
name: Ours
columns: 2
rows: 1
blocks:
  - {id: who, name: Who, topics: [customer_segments], place: {column: 1, row: 1}}
  - {id: what, name: What, topics: [promises], place: {column: 2, row: 1}}
"""


def test_a_framework_of_ones_own_works_the_same(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(OWN)
    path = tmp_path / "canvas.yaml"
    text = START + "framework: ours.yaml\nblocks: {promises: [{text: Soon}]}\n"
    canvas = parse_canvas(text, path)
    assert canvas.blocks["promises"][0].text == "Soon"
    new = new_canvas("ours.yaml", folder=tmp_path)
    path.write_text(new)
    assert "promises" in read_canvas(path).blocks
    # Its own topics are lost to nobody, but another framework does not know them.
    with pytest.raises(DocumentError, match="there is no topic 'promises'"):
        convert_canvas(parse_canvas(text, path), "lean-canvas")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("column: 2", "column: 3", "leaves the grid"),
        ("column: 2", "column: 1", "cover each other"),
        ("[promises]", "[customer_segments]", "both show the topic"),
        ("[promises]", "[promises, promises]", "'what' shows the topic 'promises' twice"),
        ("[promises]", "[]", r"'blocks\[2\].topics' is a list. Expected at least 1 in it"),
        ("id: what", "id: who", "two blocks have the id 'who'"),
        ("columns: 2", "columns: 0", "columns"),
    ],
)
def test_mistakes_of_a_framework(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "ours.yaml").write_text(OWN.replace(old, new))
    with pytest.raises(DocumentError, match=message):
        read_framework("ours.yaml", tmp_path)


def test_texts_of_a_framework_stay_comments_and_keys(tmp_path: Path) -> None:
    name, question, topic = '"A\\nkpis: 3\\u2028b: \\0"', r'"Why?\nnames: 3\x85c: d"', "'a: b # c'"
    own = OWN.replace("name: What", f"name: {name}, questions: [{question}]")
    (tmp_path / "ours.yaml").write_text(own.replace("promises", topic))
    text = new_canvas("ours.yaml", folder=tmp_path, file="x\nstage: y.yaml")
    made = parse_canvas(text, tmp_path / "canvas.yaml")
    assert list(made.blocks) == ["customer_segments", "a: b # c"]
    assert (made.kpis, made.stage) == ([], "")


def test_an_unknown_framework_is_suggested() -> None:
    with pytest.raises(OptionError, match="Did you mean 'lean-canvas'"):
        read_framework("lean_canvas")


def test_ids_are_made_of_words_and_never_twice() -> None:
    assert slug("Écoles & médias, 2nd year") == "ecoles-medias-2nd-year"
    assert unused("parents", {"parents", "parents-2"}) == "parents-3"


def test_what_is_named_and_what_is_cited() -> None:
    segment = CanvasSegment(id="parents", name="Parents")
    found = items(Canvas(forwhom=1, kind="canvas", segments=[segment]))
    assert [(item.kind, item.id) for item in found] == [("segment", "parents")]
    assert cited("segment-1.size@3f9a1c") == ("segment-1.size", "3f9a1c")
    assert cited("interview-3") == ("interview-3", "")
    text = canvas_text(parse_canvas("{forwhom: 1, kind: canvas, title: Ours}"))
    assert text == "forwhom: 1\nkind: canvas\ntitle: Ours\n"


def test_an_edit_of_a_large_board_is_quick() -> None:
    notes = "".join(f"    - id: n{i}\n      text: Note {i}  # why\n" for i in range(500))
    text = f"{START}blocks:\n  channels:\n{notes}"
    begun = time.thread_time()
    canvas = parse_canvas(text)
    edits = edits_of(canvas)
    edits.move(("blocks", "channels", 7), ("blocks", "key_partners"), 0)
    after, written = edited(canvas, edits)
    assert time.thread_time() - begun < 0.6  # 0.09 on a machine with nothing else to do
    assert [note.id for note in after.blocks["key_partners"]] == ["n7"]
    assert len(written) == len(text) + len("  key_partners:\n")


def test_a_path_may_have_a_line_feed_in_its_name(tmp_path: Path) -> None:
    place = tmp_path / "a\nb.yaml"
    place.write_text("forwhom: 1\nkind: canvas\ntitle: Penny Path\n")
    assert read_canvas(place).title == "Penny Path"
