"""Small parts of pages by themselves, without a server: forms, places, scales, uses, the gate."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import FormData, Headers

from forwhom.documents.canvas.file import parse_canvas
from forwhom.documents.studyfile import parse_study
from forwhom.errors import OptionError
from forwhom.web.data.uses import USES, _check_use, _of_events, columns_of, events_of
from forwhom.web.exercise.questions import questions_of, rows_of, scale_of
from forwhom.web.forms import places
from forwhom.web.forms.fields import Field, Section, Sheet, sheet, title_key, title_of, type_at
from forwhom.web.forms.filled import changed, typed, whole
from forwhom.web.forms.items import (
    _appended,
    _field_name,
    _may_begin,
    _neighbors,
    _with_id,
    plain,
)
from forwhom.web.server.refusals import Mistyped
from forwhom.web.server.safety import (
    TOO_LARGE,
    Gate,
    _as_read,
    _from_here,
    _name,
    masked,
    too_large,
    unmasked,
)
from forwhom.web.server.settings import Settings
from forwhom.workspace.canvases import Version
from forwhom.workspace.exercise import Cell, Participant, Setup, State
from forwhom.workspace.exercises import Opened, Rated
from forwhom.workspace.outcomes import Outcome

CANVAS = """\
forwhom: 1
kind: canvas
segments:
  - {id: early, name: Early birds}
  - {id: late, name: Late risers}
  - {id: rare, name: Rare guests}
blocks:
  channels: [{text: The shop}]
needs:
  - {id: bread, statement: Find bread, segments: [early]}
evidence:
  - {id: e1, statement: They come at six.}
"""


@pytest.fixture
def found() -> Version:
    return Version("d", 1, parse_canvas(CANVAS), CANVAS)


def test_places_are_written_and_read() -> None:
    assert places.read("blocks/channels/3") == ("blocks", "channels", 3)
    assert places.read("") == ()
    assert places.written(("a", 0)) == "a/0"
    assert places.read("/".join("a" * 12)) == tuple("a" * 12)
    for text in ("a//b", "/", "/".join("a" * 13)):
        with pytest.raises(OptionError, match="is no place in a canvas"):
            places.read(text)
    assert places.read("²") == ("²",)


def one(kind: Any, name: str = "x", **more: Any) -> Field:
    return Field(name, "Label", kind, **more)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (one("text"), " a\r\nb ", "a\nb"),
        (one("text"), "  ", None),
        (one("yes"), "on", True),
        (one("yes"), "", None),
        (one("yes", value=True), "", False),
        (one("yes", value=False), "", False),
        (one("lines"), "a\n\n b ", ["a", "b"]),
        (one("lines"), " \n", None),
        (one("number"), "7", 7),
        (one("number"), "7,5", 7.5),
        (one("number"), "", None),
        (one("day"), "2026-11-25", "2026-11-25"),
        (one("day"), "", None),
    ],
)
def test_what_is_typed_becomes_a_value(field: Field, text: str, value: Any) -> None:
    ((way, told),) = typed([field], FormData([("x", text)]))
    assert (way, told, type(told)) == (("x",), value, type(value))


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        (one("number"), "seven", "'seven' is no number"),
        (one("number"), "inf", "'inf' is no number"),
        (one("number"), "nan", "'nan' is no number"),
        (one("day"), "25.11.2026", "'25.11.2026' is no day"),
        (one("text", required=True), " ", "Label: this is needed"),
    ],
)
def test_what_cannot_be_a_value_is_said_beside_its_field(
    field: Field, text: str, said: str
) -> None:
    with pytest.raises(Mistyped, match=said):
        list(typed([field], FormData([("x", text)])))


def test_choices_keep_their_order_and_fingerprints() -> None:
    field = one("choices", value=["b@1", "a@2"])
    form = FormData([("x", "c"), ("x", "a"), ("x", "b")])
    assert list(typed([field], form)) == [(("x",), ["b@1", "a@2", "c"])]
    assert list(typed([field], FormData([("x", "a")]))) == [(("x",), ["a@2"])]
    assert list(typed([field], FormData())) == [(("x",), None)]
    assert field.chosen == {"a", "b"}


def test_a_group_in_which_nothing_is_typed_is_not_there() -> None:
    inner = one("text", "g.a", required=True), one("number", "g.b")
    group = one("group", "g", inside=inner)
    assert list(typed([group], FormData())) == [(("g",), None)]
    assert list(typed([group], FormData([("g.a", "x")]))) == [(("g", "a"), "x"), (("g", "b"), None)]
    with pytest.raises(Mistyped, match="this is needed"):
        list(typed([group], FormData([("g.b", "1")])))
    deep = one("group", "g", inside=(one("group", "g.h", inside=(one("text", "g.h.c"),)),))
    assert list(typed([deep], FormData([("g.h.c", "x")]))) == [(("g", "h", "c"), "x")]
    assert list(typed([deep], FormData())) == [(("g",), None)]
    rows = one("list", "g.l", rows=(("g/l/0", "One"),))
    held = one("group", "g", inside=(rows, one("text", "g.a")))
    assert list(typed([held], FormData())) == [(("g", "a"), None)]
    assert list(typed([one("list")], FormData([("x", "y")]))) == []


def test_what_is_other_than_before_is_written_and_nothing_else() -> None:
    before = {"a": 1, "b": {"c": "x"}, "e": "", "f": []}
    told = [(("a",), 1), (("b", "c"), "y"), (("d",), None), (("e",), None), (("f",), None),
            (("a", "z"), 2), (("b",), None)]  # fmt: skip
    assert list(changed(before, told)) == [(("b", "c"), "y"), (("a", "z"), 2), (("b",), None)]
    assert whole([(("a",), 1), (("b", "c"), "y"), (("d",), None)]) == {"a": 1, "b": {"c": "y"}}


def test_a_long_form_shows_what_comes_first() -> None:
    first = one("text", "name", required=True)
    inner = one("group", "g", inside=(one("text", "g.a", value="x"), one("text", "g.b")))
    parts, basis = one("list", "parts", rows=(("a", "A"),)), one("choices", "evidence")
    more = tuple(one("text", f"m{i}") for i in range(4))
    short = Sheet("T", (first, *more, parts, basis))
    assert [len(s.fields) for s in short.sections] == [7]
    assert len(Sheet("T", (first, *more, parts, basis, more[0])).sections) == 1
    long = Sheet("T", (first, *more, inner, parts, basis))
    assert [[f.name for f in s.fields] for s in long.sections] == [
        ["name"], ["m0", "m1", "m2", "m3"], ["g.a", "g.b"], ["parts"], ["evidence"],
    ]  # fmt: skip
    assert [s.filled for s in long.sections] == [0, 0, 1, 1, 0]
    assert Section("", (inner,)).inputs == inner.inside
    empty = [one("text", value=v).is_filled for v in (None, "", [], False, 0, "x")]
    assert empty == [False, False, False, False, False, True]


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        (("segments", 0, "name"), str), (("segments", "name"), None), (("nothing",), None),
        (("segments", 0, "name", "x"), None),
    ],
)  # fmt: skip
def test_what_can_stand_at_a_place(at: Any, kind: Any) -> None:
    assert type_at(at) is kind


def test_a_form_is_made_from_what_a_part_is(found: Version) -> None:
    made = sheet(found.canvas, ("needs", 0), {"id": "bread", "statement": "Find bread"})
    assert made is not None
    fields = {field.name: field for field in made.fields}
    assert made.title == "Find bread"
    assert (fields["statement"].kind, fields["statement"].value) == ("long", "Find bread")
    assert fields["segments"].kind == "choices"
    assert [one for one, _ in fields["segments"].options] == ["early", "late", "rare"]
    assert "id" not in fields
    assert made.fields[0].name in ("statement", "segments")
    assert made.holder == ("needs", 0)
    assert sheet(found.canvas, ("history",), None) is None
    assert sheet(found.canvas, ("segments",), []) is None
    title = sheet(found.canvas, ("title",), "Bread")
    assert title is not None
    assert [(field.name, field.value) for field in title.fields] == [("title", "Bread")]
    assert title.holder == ()
    assert (title_of({"id": "a"}), title_of({"name": "N", "id": "a"}), title_of("s")) == (
        "a", "N", "s",
    )  # fmt: skip
    assert title_of(3) == title_of({"name": ""}) == ""
    assert title_key(type_at(("needs", 0))) == "statement"
    assert title_key(str) == ""


def test_where_something_in_a_list_can_go(found: Version) -> None:
    def told(*way: Any) -> list[tuple[str, str]]:
        return list(_neighbors(found, way))

    assert told("segments", 0) == [("segments/1", "Down")]
    assert told("segments", 1) == [("segments/0", "Up"), ("segments/2", "Down")]
    assert told("segments", 2) == [("segments/1", "Up")]
    assert told("segments") == told() == []
    others = told("blocks", "channels", 0)
    assert others
    assert all(at.startswith("blocks/") and at.endswith("/0") for at, _ in others)
    assert not any(at.startswith("blocks/channels") for at, _ in others)


def test_what_is_new_gets_an_id_of_its_text_and_the_last_place(found: Version) -> None:
    assert _with_id(found, ("segments",), {"name": "Night owls"})["id"] == "night-owls"
    assert _with_id(found, ("segments",), {"name": "Early"})["id"] == "early-2"
    assert _with_id(found, ("segments",), {"name": "!"})["id"] == "segment"
    assert "id" not in _with_id(found, ("blocks", "channels"), {"text": "x"})
    assert tuple(_appended(found, ("segments",), 1).at) == ("segments", 3)
    assert tuple(_appended(found, ("offers",), 1).at) == ("offers", 0)
    assert _may_begin(found, ("segments", 0, "size"))
    assert not _may_begin(found, ("segments", 0, "name"))
    assert not _may_begin(found, ("segments", 9))
    assert not _may_begin(found, ())


def test_how_values_and_fields_are_called_beside_each_other() -> None:
    assert plain([{"name": "A"}, "b", None]) == "A, b, "
    assert (plain(None), plain(3), plain({"id": "x"})) == ("", "3", "x")
    inner = Field("g.size", "Size", "number")
    made = Sheet("T", (Field("g", "Group", "group", inside=(inner,)),))
    assert _field_name(made, ("segments", 0, "g", "size")) == "Size"
    assert _field_name(made, ("a", "other")) == "other"
    assert _field_name(made, None) == _field_name(None, ("a",)) == ""


def exercise(kind: str) -> Opened:
    setup = Setup.model_validate({
        "canvas": "c", "kind": kind, "title": "T", "language": "en",
        "items": ({"id": "i", "text": "It", "of": "S"},),
        "sides": ({"id": "s", "name": "S"}, {"id": "t", "name": "T"}),
    })  # fmt: skip
    return Opened("e", "w", "c", "code", 1, 1, State(setup=setup, round=1, stage="rating"))


def test_what_a_phone_asks() -> None:
    who = Participant("p", 1, "", {"t": "proxy", "s": "direct"})
    cells = [Cell("s", "i", "desirable"), Cell("t", "i", "desirable")]
    asked = questions_of(exercise("alignment"), who, {cells[0]: None}, {cells[1]: 2})
    assert [(q.cell, q.side, q.own, q.said, q.before) for q in asked] == [
        (cells[0], "S", True, "", ""), (cells[1], "T", False, None, "+2"),
    ]  # fmt: skip
    assert (asked[0].text, asked[0].of, asked[0].name) == ("It", "S", "s|i|desirable")
    assert [[o.value for o in group.options] for group in asked[0].groups] == [
        ["-5", "-4", "-3", "-2", "-1"], ["0"], ["1", "2", "3", "4", "5"],
    ]  # fmt: skip
    words = [o.word for group in asked[0].groups for o in group.options]
    assert (words[0], words[5], words[10]) == (
        "very undesirable", "makes no difference", "very desirable",
    )  # fmt: skip
    again = questions_of(exercise("alignment"), who, {cells[0]: 0}, {cells[0]: None})
    assert (again[0].said, again[0].before) == ("0", "don’t know")


@pytest.mark.parametrize(
    ("kind", "measure", "ends"),
    [("needs", "importance", [(0, 3), (4, 6), (7, 10)]),
     ("weights", "weight", [(0, 3), (4, 6), (7, 10)])],
)  # fmt: skip
def test_scales_begin_at_nothing(kind: str, measure: str, ends: list[tuple[int, int]]) -> None:
    who = Participant("p", 1, "", {"s": "direct"})
    asked = next(q for q in questions_of(exercise(kind), who, {}, {}) if q.cell.measure == measure)
    told = [(int(g.options[0].value), int(g.options[-1].value)) for g in asked.groups]
    assert told == ends
    assert all(o.word == group.name for group in asked.groups for o in group.options)
    assert scale_of(exercise(kind).setup.kind) == "0 … 10"
    assert scale_of("alignment") == "−5 … +5"


def test_what_everybody_may_see_of_weights() -> None:
    rated = tuple(Rated(f"p{i}", 1, Cell("", "i", "weight"), v, late=False)
                  for i, v in enumerate([2, 4, 9]))  # fmt: skip
    (row,) = rows_of(exercise("weights"), Outcome(rated, (), 0, 0, None))
    assert row.cells == (("weight", "4.0 (from 2 to 9, 3 people)"),)
    needs = tuple(Rated("p", 1, Cell("s", "i", "importance"), v, late=False) for v in (3, 4))
    (row,) = rows_of(exercise("needs"), Outcome(needs, (), 0, 0, None))
    assert row.cells == (("S · importance", "3.5 (from 3 to 4, 2 people)"),)
    assert rows_of(exercise("alignment"), Outcome((), (), 0, 0, None)) == []


STUDY = parse_study("""\
forwhom: 1
customers: {table: people, id: nr}
events: [{table: orders, customer: nr, time: day, amount: sum}]
variables: {plan: {use: descriptor, measure: nominal, label: Plan}}
""")


def seen(name: str, use: str | None = "active", *, protected: bool = False) -> dict[str, Any]:
    return {"name": name, "use": use, "measure": "count", "label": "L", "protected": protected}


LOOK: dict[str, Any] = {"tables": [
    {"name": "people", "role": "customers", "columns": [
        seen("nr"), seen("plan"), seen("sex", protected=True), seen("blob", None),
        seen("note", "text"), seen("odd", "other"),
    ]},
    {"name": "orders", "role": "events", "columns": [seen("nr"), seen("day"), seen("sum")]},
]}  # fmt: skip


def test_what_columns_are_for_and_can_be_for() -> None:
    ((table, columns),) = columns_of(LOOK, STUDY)
    assert table["name"] == "people"
    told = {column.seen["name"]: column for column in columns}
    assert [one.key for one in columns] == [f"0.{i}" for i in range(6)]
    assert told["nr"].use == "id"
    assert (told["plan"].use, told["plan"].measure, told["plan"].label) == (
        "descriptor", "nominal", "Plan",
    )  # fmt: skip
    assert (told["blob"].use, told["blob"].measure, told["blob"].label) == ("", "count", "L")
    assert told["sex"].uses == ("protected", "ignore")
    assert told["blob"].uses == ()
    assert told["note"].uses == tuple(USES)
    assert "text" not in told["plan"].uses
    assert told["odd"].uses[0] == "other"
    assert list(columns_of(None, STUDY)) == list(columns_of(LOOK, None)) == []
    _check_use(told["plan"], "ignore")
    _check_use(told["plan"], None)
    with pytest.raises(OptionError, match="'plan' cannot be for 'text'"):
        _check_use(told["plan"], "text")
    with pytest.raises(OptionError, match="Leave it as it is"):
        _check_use(told["blob"], "active")


def test_which_column_of_events_is_what() -> None:
    ((at, table, names, said),) = events_of(LOOK, STUDY)
    assert (at, table["name"], names) == (0, "orders", ["nr", "day", "sum"])
    assert dict(said)["amount"] == "sum"
    assert dict(said)["quantity"] == ""
    assert list(events_of(None, STUDY)) == list(events_of(LOOK, None)) == []

    def puts(**asked: str) -> list[tuple[tuple[Any, ...], Any]]:
        return [(tuple(p.at), p.value) for p in _of_events(LOOK, STUDY, {"orders": asked})]

    assert puts(amount="sum", quantity="") == []
    assert puts(amount="", quantity="day") == [
        (("events", 0, "amount"), None), (("events", 0, "quantity"), "day"),
    ]  # fmt: skip
    with pytest.raises(OptionError, match="There is no column 'gone'"):
        puts(amount="gone")
    with pytest.raises(OptionError, match="No column of events is for 'color'"):
        puts(color="sum")
    with pytest.raises(OptionError, match="There is no table of events 'x'"):
        list(_of_events(LOOK, STUDY, {"x": {}}))


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({}, True),
        ({"origin": "http://a.example:80"}, False),
        ({"origin": "http://A.example"}, True),
        ({"origin": "null"}, False),
        ({"referer": "http://a.example/page"}, True),
        ({"referer": "http://b.example/"}, False),
        ({"origin": "http://b.example", "referer": "http://a.example/"}, False),
    ],
)
def test_whether_a_change_comes_from_our_own_page(headers: dict[str, str], here: bool) -> None:
    assert _from_here(Headers(headers), "a.example") is here


def test_names_secrets_and_sizes() -> None:
    assert [_name(host) for host in ("A.example:80", "[::1]:8321", "")] == ["a.example", "::1", ""]
    assert unmasked(masked("secret")) == "secret"
    assert masked("secret") != masked("secret")
    assert unmasked("§") == unmasked("abc") == ""
    assert too_large(200_000_000) == "This is larger than the 200 MB that this server takes."
    for method, path, read in (("HEAD", "/w", "GET"), ("HEAD", "/w/live", "HEAD"),
                               ("POST", "/w", "POST")):  # fmt: skip
        assert _as_read({"method": method, "path": path})["method"] == read


def answered(settings: Settings, sent: list[bytes], method: str = "GET", **headers: str) -> Any:
    """Ask the gate: what was refused, what came through, and the headers of the answer."""
    refusals: list[int] = []
    through: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive()).get("more_body"):
            through.append(message["body"])
        through.append(scope.get(TOO_LARGE, message.get("body", message["type"])))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def refused(_scope: Any, status: int, _said: str) -> Any:
        async def answer(_scope: Any, _receive: Any, send: Any) -> None:
            refusals.append(status)
            await send({"type": "http.response.start", "status": status, "headers": []})

        return answer

    bodies = iter(enumerate(sent, 1))

    async def receive() -> Any:
        number, body = next(bodies)
        return {"type": "http.request", "body": body, "more_body": number < len(sent)}

    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(dict(message["headers"]))

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": "/", "headers": raw}
    asyncio.run(Gate(app, settings, refused)(scope, receive, send))
    return refusals, through, told[0]


def test_the_gate_lets_in_what_our_pages_send() -> None:
    here = Settings("x", Path(), most_bytes=10)
    assert answered(here, [b"a"], host="localhost:8321")[:2] == ([], [b"a"])
    assert answered(here, [b"a"], host="evil.example")[0] == [421]
    assert answered(here, [b"a"], "POST", host="localhost", origin="http://b.example")[0] == [403]
    assert answered(here, [b"a"], "POST", host="localhost", origin="http://localhost")[0] == []
    assert answered(here, [b"a"], host="localhost", content_length="10")[0] == []
    assert answered(here, [b"a"], host="localhost", content_length="11")[0] == [413]
    assert answered(here, [b"a"], host="localhost", content_length="-1")[0] == [413]
    everywhere = Settings("x", Path(), host="0.0.0.0")
    assert answered(everywhere, [b"a"], host="any.example")[0] == []


def test_the_gate_stops_what_is_longer_than_it_said() -> None:
    here = Settings("x", Path(), most_bytes=10)
    _, through, _ = answered(here, [b"12345", b"12345"], "POST", host="localhost")
    assert through == [b"12345", b"12345"]
    _, through, _ = answered(here, [b"12345", b"123456"], "POST", host="localhost")
    assert through == [b"12345", True]


def test_every_answer_says_what_a_browser_must_not_do() -> None:
    plain_, safe = Settings("x", Path()), Settings("x", Path(), https=True, names=("a",))
    _, _, headers = answered(plain_, [b""], host="localhost")
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cache-control"] == b"no-store"
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert b"strict-transport-security" not in headers
    _, _, headers = answered(safe, [b""], host="a")
    assert headers[b"strict-transport-security"] == b"max-age=31536000"


@pytest.mark.parametrize(
    ("more", "local", "known"),
    [
        ({}, True, 3), ({"host": "localhost"}, True, 3), ({"host": "::1"}, True, 3),
        ({"host": "0.0.0.0"}, False, 0), ({"host": "a.example"}, False, 0),
        ({"https": True}, False, 0), ({"names": ("a", "b")}, False, 2),
    ],
)  # fmt: skip
def test_which_machines_reach_a_server(more: dict[str, Any], local: bool, known: int) -> None:
    settings = Settings("x", Path(), **more)
    assert (settings.is_local, len(settings.known_names)) == (local, known)
