"""Bounds, refusals and odd places of documents: on the bound and beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.canvas.frameworks import homeless, read_framework
from forwhom.documents.files import said
from forwhom.documents.headings import topic_of
from forwhom.documents.jsonfile import parse_json
from forwhom.documents.segmentationfile import _json, dump_segmentation, parse_segmentation
from forwhom.documents.structure import Scale, Structure
from forwhom.documents.studyfile import parse_study
from forwhom.documents.verdict import _verdict, headline_of, verdict_of
from forwhom.documents.yamlfile import read_text
from forwhom.errors import DocumentError, OutputError

from .test_soundness import whole


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("Channels", "channels"), ("Channels & Kanäle", "channels"),
        ("Channels / gossip", "channels"),
        ("Channels and Costs", None), ("Gossip / Channels", None), ("Gossip and weather", None),
        ("(who?) 2. Channels:", "channels"), ("b) Channels", "channels"),
        ("No. 7: Costs", "cost_structure"),
    ],
)  # fmt: skip
def test_a_heading_with_two_names_is_one_block_or_none(heading: str, topic: str | None) -> None:
    assert topic_of(heading) == topic


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("customers: {table: c.csv, id: c, never: {c: [-1]}}", "which identifies the customer"),
        ("customers: {table: c.csv, sets: [{}]}", "either a 'column' with 'options'"),
        ("customers: {table: c.csv, sets: [{column: c}]}", "are missing: 'options'"),
        (
            "customers: {table: c.csv, sets: [{column: c, options: [a], columns: [d]}]}",
            "either a 'column' with 'options'",
        ),
        ("customers: {table: c.csv, never: {c: []}}", "never"),
    ],
)
def test_what_contradicts_itself_in_a_study_is_refused(text: str, what: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_study(f"forwhom: 1\n{text}\n", "study.yaml")
    assert what in str(caught.value)
    assert str(caught.value).startswith("study.yaml:2:")


def test_a_set_of_answers_is_a_column_with_options_or_columns() -> None:
    both = "[{column: c, options: [a]}, {columns: [d, e]}]"
    study = parse_study(f"forwhom: 1\ncustomers: {{table: c.csv, sets: {both}}}\n")
    assert [one.columns for one in study.customers.sets] == [[], ["d", "e"]]


SOUND: list[tuple[list[str | int], Any, bool]] = [
    (["segments", 0, "distinctions", 0, "effect"], math.pi, True),
    (["segments", 0, "distinctions", 0, "effect"], -math.pi, True),
    (["segments", 0, "distinctions", 0, "effect"], -4.0, False),
    (["segments", 0, "n"], -1, False),
    (["segments", 0, "share"], 1.01, False),
    (["segments", 0, "certainty", "sure"], 1.0, True),
    (["segments", 0, "certainty", "sure"], 0.0, True),
    (["segments", 0, "certainty", "sure"], -0.01, False),
    (["segments", 0, "certainty", "sure"], 1.01, False),
    (["segments", 0, "profile", 0, "inside", "sd"], 0.0, True),
    (["threshold"], 1, True),
    (["n"], 0, False),
    (["overlap", 0, 0], 0.0, True),
    (["overlap", 0, 0], -0.1, False),
    (["overlap", 0], [1.0], False),
    (["overlap"], [[1.0, 0.0]], False),
    (["structure", "islands"], [[1], [3]], False),
    (["structure", "islands"], [[0], [1]], False),
    (["segments", 0, "neighbors"], [3], False),
    (["structure", "style", "kept"], 1.5, False),
    (["stability", "segments", 0, "found"], 20, True),
    (["stability", "numbers", 0, "low"], -1.0, True),
    (["stability", "numbers", 0, "low"], -1.1, False),
    (["stability", "numbers", 0, "high"], 0.7, False),
    (["stability", "numbers", 0, "high"], 1.1, False),
    (["selection", 0, "k"], 1, True),
    (["typing_tool", "recommended"], 1, True),
    (["typing_tool", "majority"], 1.5, False),
    (["typing_tool", "gain"], -1.0, True),
    (["typing_tool", "gain"], -1.1, False),
    (["evidence", 0, "interval"], {"low": 1.0, "high": 1.0}, True),
    (["evidence", 0, "interval"], {"low": 0.0, "high": 1.0, "level": 0.0}, False),
    (["segments", 0, "share_interval", "low"], -0.1, False),
]


@pytest.mark.parametrize(("keys", "value", "sound"), SOUND, ids=str)
def test_what_a_run_can_give_is_read_up_to_its_bounds(
    keys: list[str | int], value: Any, sound: bool
) -> None:
    data = json.loads(dump_segmentation(whole()))
    holder = data
    for step in keys[:-1]:
        holder = holder[step]
    holder[keys[-1]] = value
    if sound:
        parse_segmentation(json.dumps(data))
    else:
        with pytest.raises(DocumentError):
            parse_segmentation(json.dumps(data))


def test_a_file_holds_one_record_a_line_and_short_lists_in_one() -> None:
    assert _json({"a": [1, 2], "b": {"c": [{"d": 1}, {"d": 2}]}}, 0) == (
        '{\n "a": [1, 2],\n "b": {"c": [{"d": 1}, {"d": 2}]}\n}'
    )
    assert (
        _json({"a": {"b": 1, "c": {"d": 2}}}, 0) == '{\n "a": {\n  "b": 1,\n  "c": {"d": 2}\n }\n}'
    )
    assert _json({"a": [1, {"b": 2}], "c": {}, "e": []}, 0) == (
        '{\n "a": [\n  1,\n  {"b": 2}\n ],\n "c": {},\n "e": []\n}'
    )
    long = ["x" * 60, "y" * 60]
    assert _json({"a": long}, 0) == f'{{\n "a": {json.dumps(long)}\n}}'
    assert _json({"a": {"b": "x" * 60, "c": "y" * 60}}, 0).count("\n") == 5


def test_where_a_mistake_of_json_stands() -> None:
    source = parse_json('{"a": [1, {"b" : 2}, [3, 4]],\n "c": {}}', "s.json", "a thing")
    places = {
        (): "s.json:1:1", ("a",): "s.json:1:2", ("a", 0): "s.json:1:8",
        ("a", 1, "b"): "s.json:1:12", ("a", 2, 1): "s.json:1:26", ("c",): "s.json:2:2",
    }  # fmt: skip
    assert {keys: source.place(keys) for keys in places} == places


def test_a_text_may_be_as_large_as_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("12345")
    assert read_text(path, "a study", 5) == "12345"
    with pytest.raises(DocumentError, match="too large"):
        read_text(path, "a study", 4)
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(DocumentError, match=r"a\.yaml:2:4: this is not UTF-8"):
        read_text(path, "a study")


def test_notes_without_a_block_are_told_where_there_are_some() -> None:
    canvas = parse_canvas(
        "forwhom: 1\nkind: canvas\n"
        "blocks: {team: [{text: Two}], brand: [], channels: [{text: Web}]}\n"
    )
    assert homeless(canvas, read_framework("lean-canvas")) == ["team"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileExistsError("x"), "exists already"),
        (RuntimeError("loop"), "a link without an end"),
        (OSError(36, "File name too long"), "cannot be written: File name too long"),
        (OutputError("ours", "do"), "ours"),
    ],
)
def test_what_the_system_refuses_is_said_in_our_words(error: Exception, words: str) -> None:
    with pytest.raises(OutputError, match=words), said(Path("a.txt")):
        raise error


@pytest.mark.parametrize(
    ("verdict", "k", "more", "headline", "first"),
    [
        ("clear", 3, {"islands": [[1], [3, 2]]}, "Two clear groups among 90 customers, in three",
         "Clear groups: they stand apart more clearly than a sliding scale would."),
        ("likely", 2, {}, "Two likely groups among 90 customers", "Groups are likely, but they"),
        ("scale", 1, {"scale": Scale()}, "A sliding scale of 90 customers",
         "A sliding scale describes these customers better than groups would."),
        ("scale", 2, {"scale": Scale()}, "A sliding scale of 90 customers, in two bands",
         "would: the two bands are useful cuts, not natural kinds."),
        ("scale", 2, {"scale": Scale(dimensions=2)}, "Two sliding scales of 90 customers, in two",
         "would: the two cuts are useful divisions, not natural kinds."),
        ("one", 1, {}, "One kind of customer among 90", "along which they differ. Other variables"),
        ("one", 2, {}, "One kind of customer among 90, divided into two segments",
         "The two segments were cut out of them; nothing else sets them apart."),
        ("unclear", 1, {}, "No evidence of separate groups: 90 customers", "we cannot tell."),
        ("unclear", 2, {}, "No evidence of separate groups: two segments of 90 customers",
         "we cannot tell. Use the two segments as a way to divide customers, not as a finding."),
        ("unclear", 2, {"cut": "x"}, "Two segments of 90 customers, cut along one variable", ""),
        ("unclear", 1, {"cut": "x"}, "No evidence of separate groups: 90 customers", ""),
    ],
)  # fmt: skip
def test_the_verdict_in_words(
    verdict: Any, k: int, more: dict[str, Any], headline: str, first: str
) -> None:
    structure = Structure(verdict=verdict, rows=90, **more)
    assert headline_of(structure, k, 90).startswith(headline)
    assert first in " ".join(_verdict(structure, k))
    if not (k > 1 and (verdict == "scale" or structure.cut)):
        assert first in verdict_of(structure, k, 90, {})


@pytest.mark.parametrize(
    ("islands", "said_of"),
    [
        ([[1], [2]], ""),
        ([[1, 2], [3]], "Segments 1 and 2 are slices of one continuum."),
        ([[2, 1], [4, 3]], "Segments 1 and 2; 3 and 4 are slices of one continuum each."),
    ],
)
def test_segments_of_one_island_are_slices(islands: list[list[int]], said_of: str) -> None:
    k = sum(map(len, islands))
    told = list(_verdict(Structure(verdict="clear", rows=90, islands=islands), k))
    assert told[1:] == ([said_of] if said_of else [])
