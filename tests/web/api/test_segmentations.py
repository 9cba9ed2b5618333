"""Segmentations by the API: taken in, read, with their evidence, seeded into canvases."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.api.conftest import Program, token_of
from tests.web.conftest import EXAMPLES, Team, take_segmentation

from forwhom.documents import Segmentation
from forwhom.workspace.canvases import Canvases
from forwhom.workspace.changes import Put
from forwhom.workspace.people import Role

JSON = {"content-type": "application/json"}
GROUPS = EXAMPLES / "coffee-bar" / "groups.json"


@pytest.fixture
def found(team: Team) -> str:
    return take_segmentation(team, b"PAR1 rows")


def at(client: Program, key: str, more: str = "") -> str:
    return f"{client.place}/segmentations/{key}{more}"


def test_a_segmentation_is_taken_in_and_read_to_the_letter(team: Team, program: Program) -> None:
    text = GROUPS.read_text(encoding="utf-8")
    made = program.post(f"{program.place}/segmentations", content=text.encode(), headers=JSON)
    assert made.status_code == 201, made.text
    answer = program.get(at(program, made.json()["id"]))
    assert answer.content.decode() == text
    assert answer.headers["etag"] == made.headers["etag"]
    listed = program.get(f"{program.place}/segmentations").json()
    assert [one["id"] for one in listed["items"]] == [made.json()["id"]]
    [one] = listed["items"]
    assert one["framework"] is None
    assert one["changed"] >= one["created"]
    wrong = program.post(f"{program.place}/segmentations", content=b'{"a": 1}', headers=JSON)
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/api/v1/#document")
    binary = program.post(f"{program.place}/segmentations", content=b"\xff\xfe", headers=JSON)
    assert "is no text" in binary.json()["detail"]
    plain = {"content-type": "text/plain"}
    other = program.post(f"{program.place}/segmentations", content=text.encode(), headers=plain)
    assert other.status_code == 415


def test_evidence_is_found_by_words(team: Team, program: Program) -> None:
    text = (EXAMPLES / "complete-journey" / "segmentation.json").read_text(encoding="utf-8")
    found = team.parts.segmentations.create(team.place, team.who, text).document
    known = Segmentation.model_validate_json(text).evidence
    answer = program.get(at(program, found, "/evidence"), params={"limit": 3, "offset": 1}).json()
    assert answer["total"] == len(known)
    assert [one["id"] for one in answer["items"]] == [one.id for one in known[1:4]]
    assert {"statement", "interval", "method", "fingerprint"} <= answer["items"][0].keys()
    about = {"about": "segment-1 SIZE"}
    sizes = program.get(at(program, found, "/evidence"), params=about).json()
    assert [one["id"] for one in sizes["items"]] == ["segment-1.size"]


def test_reports_are_taken_out_in_every_form(team: Team, program: Program, found: str) -> None:
    for form, begins in (
        ("html", b"<!DOCTYPE"), ("md", b"# "), ("txt", b""), ("json", b"{"), ("pptx", b"PK"),
    ):  # fmt: skip
        answer = program.get(at(program, found, f"/report/{form}"))
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert "attachment" in answer.headers["content-disposition"]
    assert program.get(at(program, found, "/report/exe")).status_code == 404
    assert team.parts.audit.last(team.place)[0].what == "exported"


def test_defense_has_seven_questions(program: Program, found: str) -> None:
    said = program.get(at(program, found, "/defense")).json()
    assert len(said["questions"]) == 7
    assert said["questions"][0]["question"] == "Is there structure?"
    german = {"accept-language": "de"}
    told = program.get(at(program, found, "/defense"), headers=german).json()
    assert told["questions"][0]["question"] == "Gibt es Gruppen?"


def test_evidence_is_told_in_the_language_that_is_accepted(team: Team, program: Program) -> None:
    text = (EXAMPLES / "complete-journey" / "segmentation.json").read_text(encoding="utf-8")
    found = team.parts.segmentations.create(team.place, team.who, text).document
    size, german = {"about": "segment-1.size"}, {"accept-language": "de"}
    (said,) = program.get(at(program, found, "/evidence"), params=size).json()["items"]
    answer = program.get(at(program, found, "/evidence"), params=size, headers=german)
    (told,) = answer.json()["items"]
    assert "of the customers" in said["statement"]
    assert "der Kunden" in told["statement"]
    assert told["fingerprint"] == said["fingerprint"]


def test_a_canvas_is_seeded_and_brought_up_to_date(
    team: Team, program: Program, found: str
) -> None:
    made = program.post(at(program, found, "/canvas"), json={"framework": "lean-canvas"})
    assert made.status_code == 200, made.text
    key = made.json()["id"]
    head = team.parts.canvases.head(key)
    assert (head.canvas.framework, made.headers["etag"]) == ("lean-canvas", f'"{head.number}"')
    team.parts.canvases.edit(key, team.who, head.number, [Put(at=("title",), value="Ours")])
    again = program.post(at(program, found, "/canvas"), json={"canvas": key})
    assert (again.status_code, again.json()["id"]) == (200, key)
    assert team.parts.canvases.head(key).canvas.title == "Ours"
    unknown = program.post(at(program, found, "/canvas"), json={"framework": "none"})
    assert unknown.status_code in (404, 422)
    assert program.post(at(program, found, "/canvas"), json={"canvas": "none"}).status_code == 404
    typo = program.post(at(program, found, "/canvas"), json={"canvass": key})
    assert typo.status_code == 422
    assert "canvass" in typo.json()["detail"]


def test_a_canvas_that_others_change_all_the_time_is_not_overwritten(
    team: Team, program: Program, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = program.post(at(program, found, "/canvas"), json={}).json()["id"]
    replace = Canvases.replace
    turn = iter(range(99))

    def later(self: Canvases, document: str, *given: Any) -> Any:
        head = self.head(document)
        change = [Put(at=("title",), value=f"Theirs {next(turn)}")]
        self.edit(document, team.who, head.number, change)
        return replace(self, document, *given)

    monkeypatch.setattr(Canvases, "replace", later)
    answer = program.post(at(program, found, "/canvas"), json={"canvas": key})
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/#not-now")


def test_who_belongs_where_leaves_only_with_its_own_scope(
    team: Team, program: Program, found: str
) -> None:
    most = Program(team, token_of(team, team.who, Role.OWNER, "read", "write", "data"))
    assert most.get(at(most, found, "/members")).status_code == 403
    answer = program.get(at(program, found, "/members"))
    assert answer.content == b"PAR1 rows"
    noted = team.parts.audit.last(team.place)[0]
    assert (noted.who.name, noted.what) == ("You (nightly)", "exported")
    assert "members.parquet" in noted.about
    team.parts.segmentations.delete_members(found, team.who)
    gone = program.get(at(program, found, "/members"))
    assert gone.status_code == 422
    assert "not kept who belongs where" in gone.json()["detail"]
