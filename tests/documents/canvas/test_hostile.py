"""Whatever a file holds: a sound canvas, or one error that says where."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from forwhom.documents import yamlfile
from forwhom.documents.canvas import Canvas, canvas_text, parse_canvas, read_canvas
from forwhom.documents.canvas.exchange.bmml.reading import parse_bmml
from forwhom.documents.canvas.exchange.importing import parse_canvas_json
from forwhom.documents.canvas.file import canvas_data
from forwhom.documents.yamlfile import MAX_BYTES, parse_yaml
from forwhom.documents.yamlwriting import dump_yaml, flow
from forwhom.errors import DocumentError

from .strategies import canvases

CALM = settings(max_examples=25, suppress_health_check=list(HealthCheck))
START = "forwhom: 1\nkind: canvas\n"
PLACE = re.compile(r"c\.yaml:\d+:\d+: ")


def sound_or_said(text: str) -> str:
    """The error, or "" where the text is a sound canvas that can be written and read again."""
    try:
        canvas = parse_canvas(text, "c.yaml")
    except DocumentError as error:
        said = str(error)
        assert PLACE.match(said), said
        return said
    assert parse_canvas(canvas_text(canvas)) == canvas
    return ""


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from([
        "yes", "null", "2024-01-01", "2024-13-45", "0x1F", "1e5", "s0", "n0", "a" * 300, "@",
        10**40, "=1", "﷽", "a\x00b", "a\u2028b", "- x", ": ", "#", "&a", "*a", "!!str", "%",
    ]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, the top first."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def mutated(data: Any, draw: Any) -> Any:
    """A document with one place that holds something else, is gone, or has one more key."""
    made = copy.deepcopy(data)
    path = draw(st.sampled_from(list(places(made))[1:]))
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    what = draw(st.sampled_from(["replace", "remove", "add", "repeat"]))
    if what == "replace":
        holder[path[-1]] = draw(VALUES)
    elif what == "remove":
        del holder[path[-1]]
    elif isinstance(holder, list):
        holder.append(draw(VALUES) if what == "add" else copy.deepcopy(holder[path[-1]]))
    else:
        holder[draw(st.text(max_size=8))] = draw(VALUES)
    return made


@CALM
@given(canvases(), st.data())
def test_one_damaged_place_is_sound_or_said(canvas: Canvas, data: st.DataObject) -> None:
    damaged = mutated(canvas_data(canvas), data.draw)
    sound_or_said(dump_yaml(damaged))
    sound_or_said(flow(damaged))
    text = json.dumps(damaged)
    if "NaN" not in text and "Infinity" not in text:
        try:
            parse_canvas_json(text, "c.yaml")
        except DocumentError as error:
            said = str(error)
        else:
            said = "c.yaml:1:1: "
        assert PLACE.match(said), said


@CALM
@given(canvases(), st.data())
def test_damaged_text_is_sound_or_said(canvas: Canvas, data: st.DataObject) -> None:
    text = canvas_text(canvas)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 12))
    piece = data.draw(
        st.text(max_size=3)
        | st.sampled_from(["\t", "\n", "\r", "\0", "&a ", "*a", "<<: ", "? ", "- ", "{", "]", '"',
                           "|\n", "!!python/object:os.system ", "\ufeff", "\x85", "\ud800", "---\n",
                           "%YAML 1.1\n", "%TAG ! x\n", "...\n"])
    )  # fmt: skip
    sound_or_said(text[:at] + piece + text[at + cut :])


@settings(max_examples=60)
@given(
    st.text(st.characters(codec=None) | st.sampled_from("\n\t :-{}[],#&*!|>'\"%@`?"), max_size=40)
)
@example("? []\n: 1")
@example("{[a]: 1}")
@example("a: &x\nb: *x")
@example("a: &x 1\nb: &x 2")
@example("%YAML 9.9\n---\na: 1")
@example("%YAML 1.1\n---\nforwhom: yes")
@example("a: !!int x")
@example("a: !!binary x")
@example("a: 0o9")
@example("a: 0x")
@example("a: 1:99")
@example("<<: 1")
@example("a: =")
@example("\x85")
@example("\ud800")
def test_any_text_is_refused_in_our_words(text: str) -> None:
    for head in ("", START):
        sound_or_said(head + text)


def deep(n: int) -> str:
    return "a: " + "[" * n + "]" * n


BOMB = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "c.yaml:1:1: the file is empty"),
        ("# only a comment\n", "c.yaml:1:1: the file is empty"),
        ("\ufeff", "c.yaml:1:1: the file is empty"),
        ("just text", "c.yaml:1:1: found text"),
        ("- a\n", "c.yaml:1:1: found a list"),
        ("PK\x03\x04", r"c.yaml:1:3: a character that text cannot hold \(U\+0003\)"),
        ("forwhom: 1\0", r"c.yaml:1:11: a character that text cannot hold \(U\+0000\)"),
        ("forwhom: 1\nkind: canvas\n\ttitle: a\n", "c.yaml:3:1: .*tab"),
        (START + "title: a\ntitle: b\n", "c.yaml:4:1: the key 'title' is here twice"),
        (START + "segments: [{id: a, id: b}]", "c.yaml:3:20: the key 'id' is here twice"),
        (START + BOMB, "c.yaml:.*too many or too deeply nested"),
        (START + "title: &a [*a]", "c.yaml:3:8: too many or too deeply nested"),
        (START + deep(60), "c.yaml:3:.*too many or too deeply nested"),
        (START + deep(100_000), r"c.yaml:3:5\d: too many or too deeply nested"),
        (START + "? " * 100_000, r"c.yaml:3:10\d: too many or too deeply nested"),
        (START + "not_for: [" + "a," * 600_000 + "]", "c.yaml:3:800015: too many or too deeply"),
        (START + f"title: {'a' * MAX_BYTES}", "c.yaml:1:1: this is too large"),
        (START + "title: !!python/name:os.system a", "c.yaml:3:8: the tag .* is not used here"),
        (START + "--- \ntitle: a", "c.yaml:3:1: .*a second document starts here"),
        (START + "title: *a", "c.yaml:3:8: .*undefined alias"),
        ("forwhom: 2\nkind: canvas", "c.yaml:1:1: this is format 2, written by a newer forwhom"),
        ("forwhom: 9" + "9" * 5000 + "\nkind: canvas", "c.yaml:1:10: .* is not a number"),
        ("forwhom: true\nkind: canvas", "c.yaml:1:1: there is no format 'True'"),
        ("forwhom: '1'\nkind: canvas", "c.yaml:1:1: there is no format '1'"),
        ("forwhom: 1\nkind: [canvas]", "c.yaml:2:1: 'kind' cannot be a list"),
        ("forwhom: 1\nkind: {a: b}", "c.yaml:2:1: 'kind' cannot be keys and values"),
        ("forwhom: 1", "c.yaml:1:1: the key 'kind' is missing"),
        (START + "framework: [a]", "c.yaml:3:1: 'framework' is a list. Expected text"),
        (START + "framework: ../../etc/passwd", "c.yaml:3:1: there is no framework"),
        (START + "created: 2024-02-30", "c.yaml:3:1: '2024-02-30' is not in the calendar"),
        (START + "created: 24-2-3", "c.yaml:3:1: 'created' is '24-2-3'. Expected a day such as"),
        (START + "created: 2024", "c.yaml:3:1: 'created' is '2024'. Expected a day such as"),
        (START + "segments: [{id: a, name: true}]", "c.yaml:3:20: .*Put it in quotes"),
        (START + "segments: [{id: 'a\n\n', name: A}]", "c.yaml:3:13: .*Expected letters, digits"),
        (START + f"segments: [{{id: {'a' * 81}, name: A}}]", "at most 80 characters"),
        (START + "segments: [{id: a/b, name: A}]", "c.yaml:3:13: .*Expected letters, digits"),
        (START + "segments: {id: a, name: A}", "c.yaml:3:1: 'segments' is keys and values"),
        (START + "segments: [{id: a, name: A, power: .nan}]", "c.yaml:3:29: .*power"),
        (START + "funding_rates: {EUR: .inf}", "c.yaml:3:17: 'funding_rates.EUR' is inf"),
        (START + 'title: "\\ud83d"', "c.yaml:3:8: this holds half a character"),
        (START + "evidence: [{id: e, statement: E}]\nneeds: [{id: e, statement: N}]",
         "c.yaml:3:13: the id 'e' is here twice: a need has it already"),
        (START + "lint: 7", "c.yaml:3:1: 'lint' is '7'. Expected keys and values"),
    ],
)  # fmt: skip
def test_hostile_text(text: str, message: str) -> None:
    begun = time.thread_time()
    assert re.search(message, sound_or_said(text))
    assert time.thread_time() - begun < 5


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("titel: a", "'title'"),
        ("names: {our: []}", "'ours'"),
        ("segments: [{id: a, name: A, base: []}]", "'bases'"),
        ("segments: [{id: a, name: A, size: {shares: 1}}]", "'share'"),
        ("segments: [{id: a, name: A, claims: [{txt: b}]}]", "'text'"),
        ("participants: [{id: a, name: A, influences: [{on: a, strenght: weak}]}]", "'strength'"),
        ("needs: [{id: a, statement: A, quotes: [{text: b, sorce: c}]}]", "'source'"),
        ("propositions: [{id: a, name: A, statement: {headlin: b}}]", "'headline'"),
        ("propositions: [{id: a, name: A, fit: [{need: a, stength: full}]}]", "'strength'"),
        ("blocks: {channels: [{txt: a}]}", "'text'"),
        ("alignment: {thresholds: {stron: 1}}", "'strong'"),
        ("alignment: {ratings: [{ratr: a}]}", "'rater'"),
        ("hypotheses: [{id: a, statement: A, learning: {observd: b}}]", "'observed'"),
        ("decision: {criteria: [{id: a, nam: b}]}", "'name'"),
        ("evidence: [{id: a, statement: A, interval: {lo: 1}}]", "'low'"),
        ("funding: [{form: a, amount: 1}]", "'from'"),
        ("lint: {selct: []}", "'select'"),
    ],
)
def test_a_key_that_does_not_exist_is_suggested_at_every_level(lines: str, message: str) -> None:
    assert f"Did you mean {message}" in sound_or_said(START + lines)


WORDS = ("2024-01-01", "12:30", "yes", "NO", "on", "~x", "1e5", "0x1F", "012", "1_000", "+1", ".5")


@pytest.mark.parametrize("word", WORDS)
def test_text_that_looks_like_something_else_stays_text(word: str) -> None:
    lines = f"title: {word}\nnot_for: [{word}]\nblocks: {{channels: [{{text: {word}}}]}}\n"
    canvas = parse_canvas(START + lines)
    assert (canvas.title, canvas.not_for) == (word, [word])
    assert canvas.blocks["channels"][0].text == word
    persona = f"personas: [{{id: p, name: P, segment: a, typical: {{2017: {word}}}}}]\n"
    canvas = parse_canvas(START + "segments: [{id: a, name: A}]\n" + persona)
    assert canvas.personas[0].typical == {"2017": word}


def test_a_number_behind_an_alias_stays_as_written() -> None:
    assert parse_canvas(START + "title: &t 012\nsummary: *t\n").summary == "012"


def test_many_mistakes_are_cut_short_and_fast() -> None:
    begun = time.thread_time()
    with pytest.raises(DocumentError) as caught:
        parse_canvas(START + "not_for:\n" + "  - []\n" * 20_000)
    lines = str(caught.value).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "… and 19,950 more."
    assert time.thread_time() - begun < 10


def test_a_long_canvas_is_read_in_reasonable_time() -> None:
    many = "".join(f"  - {{id: n{i}, statement: Do, segments: [s]}}\n" for i in range(5_000))
    begun = time.thread_time()
    canvas = parse_canvas(START + "segments: [{id: s, name: S}]\nneeds:\n" + many)
    assert len(canvas.needs) == 5_000
    assert time.thread_time() - begun < 10


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("forwhom: 1\nkind: canvas\ntitle: Köche\n".encode("latin-1"), "3:9: this is not UTF-8"),
        ("forwhom: 1\nkind: canvas\n".encode("utf-16"), "1:1: this is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "1:1: this is not UTF-8"),
        (b"\0" * 1000, "1:1: a character that text cannot hold"),
        (b"x" * 100_000_000, "1:1: this is too large"),
    ],
)
def test_hostile_files(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=message) as caught:
        read_canvas(path)
    assert str(caught.value).startswith(f"{path}:")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_are_fine(ends: str, mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "canvas.yaml"
    text = START + "title: Ours\nnot_for: [Köche]\n"
    path.write_bytes(mark + text.replace("\n", ends).encode())
    canvas = read_canvas(path)
    assert (canvas.title, canvas.not_for) == ("Ours", ["Köche"])
    assert canvas.place("title") == f"{path}:3:1"


@CALM
@given(st.data())
def test_damaged_bmml_is_sound_or_said(data: st.DataObject) -> None:
    model = {
        "version": "2.0",
        "meta": {"name": "A", "portfolio": "explore", "stage": "ideation"},
        "customer_segments": [{"id": "cs-a", "name": "A", "pains": [PAIN], "gains": [GAIN]}],
        "value_propositions": [{"id": "vp-a", "name": "V", "pain_relievers": [RELIEF]}],
        "fits": [
            {
                "id": "fit-a",
                "for": {"value_propositions": ["vp-a"], "customer_segments": ["cs-a"]},
                "mappings": [["pr-a", "pain-a"]],
            }
        ],
        "channels": [{"id": "ch-a", "name": "C", "for": {"customer_segments": ["cs-a"]}}],
        "costs": [{"id": "cost-a", "name": "C", "for": {"key_resources": []}}],
    }
    said = "c.yaml:1:1: "
    try:
        canvas = parse_bmml(dump_yaml(mutated(model, data.draw)), "c.yaml").canvas
        assert parse_canvas(canvas_text(canvas)) == canvas
    except DocumentError as error:
        said = str(error)
    assert PLACE.match(said), said


PAIN = {"id": "pain-a", "description": "P"}
GAIN = {"id": "gain-a", "description": "G"}
RELIEF = {"id": "pr-a", "name": "R"}


@pytest.mark.parametrize(
    "text",
    [
        "open: [Who pays?, 'And then?', \"Why?\"]  # is that so?",
        "{who?: x?, y: [1?, a??, b ?c], z: &n? n}",
        "{who?: x?, y: [1?, a??, what? no]}",
        "? a\n: b?\nc: |\n  why?\nd: >-\n  how?\n  so\n",
        "[&n what?, *n, {really: *n}]",
        "[Who pays?, \ue000]",
        r'[Who pays?, "\ue000", "\uE000", "\U0000e000"]',
    ],
)
def test_questions_are_read_as_ruamel_reads_them(text: str) -> None:
    try:
        expected = YAML(typ="safe", pure=True).load(text)
    except Exception:
        with pytest.raises(DocumentError):
            parse_yaml(text, "c.yaml")
        return
    assert parse_yaml(text, "c.yaml").data == expected


def test_questions_in_brackets_are_read_in_c(monkeypatch: pytest.MonkeyPatch) -> None:
    """A canvas has them, and ruamel's own parser takes ten times as long."""
    monkeypatch.setattr(yamlfile, "_Bounded", None)
    found = parse_yaml("open: [Who pays?, how?]\nby: you?\n", "c.yaml")
    assert found.data == {"open": ["Who pays?", "how?"], "by": "you?"}
    assert found.written(("open", 0)) == "Who pays?"
    assert found.place(("open", 1)) == "c.yaml:1:19"
