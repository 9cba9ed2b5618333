"""Canvases by the API: read, changed without overwriting anybody, looked through, taken out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.web.api.conftest import Program
from tests.web.conftest import EXAMPLES, Team, take

from forwhom.choices.defending import defense_of
from forwhom.documents.canvas import canvas_text, parse_canvas, read_canvas
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.pipeline.aligning import align
from forwhom.pipeline.canvases import lint_canvas
from forwhom.workspace.changes import Put

YAML = {"content-type": "application/yaml"}
JSON = {"content-type": "application/json"}


def path(client: Program, team: Team, more: str = "") -> str:
    return f"{client.place}/canvases/{team.canvas}{more}"


def put(client: Program, team: Team, text: str | bytes, seen: Any, **headers: str) -> Any:
    return client.put(
        path(client, team), content=text, headers={**YAML, "if-match": f'"{seen}"', **headers}
    )


def test_canvases_are_listed_a_part_at_a_time(team: Team, program: Program) -> None:
    made = [
        take(team.parts, team.place, team.who, name) for name in ("shared-harvest", "clinic-notes")
    ]
    found = program.get(f"{program.place}/canvases", params={"limit": 2}).json()
    assert (found["total"], [one["id"] for one in found["items"]]) == (3, made[::-1])
    rest = program.get(f"{program.place}/canvases", params={"offset": 2}).json()
    [last] = rest["items"]
    assert (last["id"], last["title"]) == (team.canvas, "Penny Path")
    assert last["version"] == team.parts.canvases.head(team.canvas).number


def test_a_list_tells_when_a_canvas_was_changed_and_its_framework(
    team: Team, program: Program
) -> None:
    def listed() -> dict[str, Any]:
        [one] = program.get(f"{program.place}/canvases").json()["items"]
        return dict(one)

    before = listed()
    assert before["framework"] == team.parts.canvases.head(team.canvas).canvas.framework
    text = team.parts.canvases.head(team.canvas).text.replace("Penny Path", "Penny Trail")
    answer = put(program, team, text, before["version"]).json()
    after = listed()
    assert (after["version"], after["created"]) == (answer["version"], before["created"])
    assert after["changed"] == team.parts.canvases.events(team.canvas)[-1].at
    assert answer == after
    assert after["changed"] >= before["changed"] >= before["created"]


def test_a_canvas_is_its_file_to_the_letter_or_json(team: Team, program: Program) -> None:
    head = team.parts.canvases.head(team.canvas)
    answer = program.get(path(program, team))
    assert answer.content.decode() == head.text
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.headers["etag"] == f'"{head.number}"'
    as_json = program.get(path(program, team), headers={"accept": "application/json"})
    assert type(head.canvas).model_validate(as_json.json()) == head.canvas
    for accept in ("*/*", "text/html", "application/yaml, application/json"):
        again = program.get(path(program, team), headers={"accept": accept})
        assert again.headers["content-type"].startswith("application/yaml")


def test_what_is_known_already_is_not_sent_again(team: Team, program: Program) -> None:
    tag = program.get(path(program, team)).headers["etag"]
    again = program.get(path(program, team), headers={"if-none-match": f'"0", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_canvas_goes_back_into_its_version(team: Team, program: Program) -> None:
    head = team.parts.canvases.head(team.canvas)
    text = head.text.replace("title: Penny Path", "title: Penny Path 2  # by a program")
    done = put(program, team, text, head.number)
    assert done.status_code == 200
    new = team.parts.canvases.head(team.canvas)
    assert (new.text, done.json()["version"]) == (text, new.number)
    assert done.headers["etag"] == f'"{new.number}"'
    event = team.parts.canvases.events(team.canvas)[-1]
    assert (event.kind, event.who.name) == ("replaced", "You (nightly)")
    same = put(program, team, text, new.number)
    assert same.json()["version"] == new.number
    old = program.get(path(program, team), params={"version": head.number})
    assert old.text == head.text


def test_json_goes_back_as_well(team: Team, program: Program) -> None:
    answer = program.get(path(program, team), headers={"accept": "application/json"})
    sent = {**answer.json(), "title": "By JSON"}
    done = put(program, team, json.dumps(sent), answer.headers["etag"].strip('"'), **JSON)
    assert done.status_code == 200, done.text
    head = team.parts.canvases.head(team.canvas)
    assert head.canvas.title == "By JSON"
    assert head.text == canvas_text(head.canvas)


def test_who_was_later_overwrites_nothing(team: Team, program: Program) -> None:
    seen = team.parts.canvases.head(team.canvas)
    team.parts.canvases.edit(
        team.canvas, team.who, seen.number, [Put(at=("title",), value="Theirs")]
    )
    head = team.parts.canvases.head(team.canvas)
    answer = put(program, team, seen.text.replace("Penny Path", "Mine"), seen.number)
    assert answer.status_code == 412
    assert answer.headers["etag"] == f'"{head.number}"'
    said = answer.json()
    assert (said["type"], said["version"]) == ("/api/v1/#changed", head.number)
    assert f"at version {head.number} now" in said["detail"]
    assert team.parts.canvases.head(team.canvas).text == head.text


def test_who_was_later_by_a_moment_overwrites_nothing_either(
    team: Team, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes between the look at the version and the change."""
    canvases = team.parts.canvases
    seen, replace = canvases.head(team.canvas), canvases.replace

    def later(*given: Any) -> Any:
        canvases.edit(team.canvas, team.who, seen.number, [Put(at=("title",), value="Theirs")])
        return replace(*given)

    monkeypatch.setattr(canvases, "replace", later)
    answer = put(program, team, seen.text.replace("Penny Path", "Mine"), seen.number)
    assert (answer.status_code, answer.json()["detail"][:3]) == (412, "You")
    assert canvases.head(team.canvas).canvas.title == "Theirs"


@pytest.mark.parametrize("said", ["", "*", '"x"', "abc", '"1", "2"', '"-1"'])
def test_nobody_changes_a_canvas_blindly(team: Team, program: Program, said: str) -> None:
    headers = {**YAML, **({"if-match": said} if said else {})}
    answer = program.put(path(program, team), content="x", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (428, "/api/v1/#no-version")


def test_mistakes_are_told_as_the_command_line_does_with_their_places(
    team: Team, program: Program
) -> None:
    head = team.parts.canvases.head(team.canvas)
    wrong = "forwhom: 1\nkind: canvas\ntitel: x\nsegments:\n  - id: 1x y\n    name: []\n"
    answer = put(program, team, wrong, head.number)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    with pytest.raises(ValueError, match="canvas") as told:
        parse_canvas(wrong, "canvas.yaml")
    assert f"{said['detail']} {said['advice']}".strip() == str(told.value)
    assert said["type"] == "/api/v1/#document"
    assert [(one["line"], one["column"]) for one in said["places"]] == [(3, 1), (5, 5), (6, 5)]
    assert "Did you mean 'title'" in said["places"][0]["detail"]
    one = put(program, team, "forwhom: 1\nkind: canvas\na: [\n", head.number).json()
    assert one["places"][0]["line"] >= 3
    assert one["advice"] in one["places"][0]["detail"]
    as_json = put(program, team, '{"forwhom": 1,', head.number, **JSON).json()
    assert as_json["places"][0]["line"] == 1
    assert str(team.parts.settings.folder) not in answer.text + json.dumps([one, as_json])
    assert team.parts.canvases.head(team.canvas).number == head.number


@pytest.mark.parametrize("kind", ["", "text/html", "multipart/form-data; boundary=x", "text/csv"])
def test_another_kind_of_body_is_refused(team: Team, program: Program, kind: str) -> None:
    for method, where in (("POST", ""), ("PUT", f"/{team.canvas}")):
        headers = {"if-match": '"1"', **({"content-type": kind} if kind else {})}
        answer = program.request(
            method, f"{program.place}/canvases{where}", content=b"x", headers=headers
        )
        assert (answer.status_code, answer.json()["type"]) == (415, "/api/v1/#wrong-kind")
        assert "application/yaml" in answer.json()["advice"]


def test_what_is_no_text_and_what_unfolds_without_end_is_refused(
    team: Team, program: Program
) -> None:
    where = f"{program.place}/canvases"
    assert program.post(where, content=b"\xff\xfe\x00", headers=YAML).status_code == 422
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert program.post(where, content=bomb, headers=YAML).status_code == 422
    large = program.post(where, content=b"#" * 5_000_001, headers=YAML)
    assert (large.status_code, large.json()["type"]) == (413, "/api/v1/#too-large")
    assert program.get(where).json()["total"] == 1


def test_a_canvas_is_taken_in(team: Team, program: Program) -> None:
    text = (EXAMPLES / "shared-harvest" / "canvas.yaml").read_text(encoding="utf-8")
    made = program.post(f"{program.place}/canvases", content=text, headers=YAML)
    assert made.status_code == 201, made.text
    head = team.parts.canvases.head(made.json()["id"])
    assert (head.text, made.headers["etag"]) == (text, f'"{head.number}"')


def test_the_linter_says_what_it_says_at_a_terminal(team: Team, program: Program) -> None:
    text = "forwhom: 1\nkind: canvas\nneeds: [{id: a, statement: Find and hire people}]\n"
    key = team.parts.canvases.create(team.place, team.who, text).document
    where = f"{program.place}/canvases/{key}/findings"
    found = program.get(where).json()
    told = lint_canvas(parse_canvas(text))
    assert len(found["diagnostics"]) > 1
    assert [(d["code"], d["line"]) for d in found["diagnostics"]] == [
        (d.code, d.line) for d in told.diagnostics
    ]
    assert {found["file"], *(one["file"] for one in found["diagnostics"])} == {"canvas.yaml"}
    assert str(team.parts.settings.folder) not in json.dumps(found)
    code = found["diagnostics"][0]["code"]
    without = program.get(where, params={"ignore": [code]}).json()
    assert code not in [one["code"] for one in without["diagnostics"]]
    unknown = program.get(where, params={"select": "FW99999"})
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/api/v1/#unusable")


def test_alignment_is_that_of_the_command_line(team: Team, program: Program) -> None:
    where = path(program, team, "/alignment")
    own = program.get(where, params={"replicates": 40, "seed": 3})
    told = align(read_canvas(EXAMPLES / "penny-path"), replicates=40, seed=3)
    assert AlignmentResult.model_validate(own.json()).views == told.views
    head = team.parts.canvases.head(team.canvas)
    ratings = (EXAMPLES / "penny-path" / "ratings.csv").read_bytes()
    csv = {"content-type": "text/csv; charset=utf-8"}
    half = b"\n".join(ratings.splitlines()[: len(ratings.splitlines()) // 2])
    same, other = (
        program.post(where, content=one, headers=csv, params={"replicates": 40, "seed": 3})
        for one in (ratings, half)
    )
    assert same.json()["views"] == own.json()["views"]
    assert other.json()["views"] != own.json()["views"]
    assert team.parts.canvases.head(team.canvas).number == head.number
    assert team.parts.files.contents(team.canvas)["ratings.csv"] == ratings
    wrong = program.post(where, content=b"a,b\n1,2\n", headers=csv)
    assert wrong.status_code == 422
    assert "/tmp" not in wrong.text


def test_a_canvas_without_ratings_is_aligned_with_those_that_are_sent(
    team: Team, program: Program
) -> None:
    text = (
        "{forwhom: 1, kind: canvas, segments: [{id: a, name: A}, {id: b, name: B}],"
        " needs: [{id: n, statement: Save time}]}"
    )
    key = team.parts.canvases.create(team.place, team.who, text).document
    where = f"{program.place}/canvases/{key}/alignment"
    missing = program.get(where)
    assert missing.status_code == 422
    assert "there are no ratings" in missing.json()["detail"]
    assert str(team.parts.settings.folder) not in missing.text
    rows = "rater,segment,item,value\n" + "".join(
        f"{r},{s},n,{v}\n" for r in range(4) for s, v in (("a", 4), ("b", -4))
    )
    found = program.post(where, content=rows, headers={"content-type": "text/csv"})
    assert found.status_code == 200, found.text
    assert found.json()["views"][0]["items"][0]["alignment"] == "misaligned"


def test_everything_is_taken_out_that_the_page_offers(team: Team, program: Program) -> None:
    offers = program.get(path(program, team, "/exports")).json()["items"]
    assert "pptx" in next(one["forms"] for one in offers if one["of"] == "canvas")
    assert {one["of"] for one in offers} >= {"canvas", "next", "alignment", "decision", "fit"}
    for one in offers:
        form = next(form for form in ("md", "txt", "json", "svg") if form in one["forms"])
        answer = program.get(path(program, team, f"/exports/{one['of']}/{form}"))
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].endswith(f".{form}")
    for wrong in ("canvas/exe", "elsewhere/json"):
        assert program.get(path(program, team, f"/exports/{wrong}")).status_code == 404


def test_whether_segments_can_be_defended_is_answered(team: Team, program: Program) -> None:
    said = program.get(path(program, team, "/defense")).json()
    told = defense_of(read_canvas(EXAMPLES / "penny-path"))
    assert [one["state"] for one in said["questions"]] == [one.state for one in told.questions]
