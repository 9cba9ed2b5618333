"""Tables by the API: brought, profiled, columns changed, segments looked for, rows deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.web.api.conftest import Program, token_of
from tests.web.conftest import Team
from tests.web.data.test_data import ORDERS, shop
from tests.web.server.test_working import here

from forwhom.workspace.people import Role


@pytest.fixture
def work(team: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Do here and now what was asked for, until nothing is left to do."""
    monkeypatch.setattr("forwhom.web.server.working._started", here)
    monkeypatch.chdir(tmp_path)

    def done() -> None:
        while team.parts.work.turn():
            for one in team.parts.work._running.values():
                one.process.wait()

    return done


def bring(client: Program, *files: tuple[str, bytes]) -> Any:
    return client.post(f"{client.place}/data", files=[("files", one) for one in files])


@pytest.fixture
def data(program: Program, work: Callable[[], None]) -> str:
    """Tables that somebody has looked at."""
    key = str(bring(program, ("shop.csv", shop())).json()["id"])
    work()
    return f"{program.place}/data/{key}"


def columns(profile: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in profile["tables"][0]["columns"]}


def test_tables_are_brought_and_looked_at(
    team: Team, program: Program, work: Callable[[], None]
) -> None:
    answer = bring(program, ("../../etc/shop.csv", shop()), ("b.csv", b"a,b\n1,2\n"))
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert answer.headers["location"] == f"/api/v1/{program.place}/data/{found['id']}"
    assert found["files"] == ["b.csv", "shop.csv"]
    assert found["deleted_on"] > found["created"][:10]
    [job] = found["jobs"]
    assert (job["kind"], job["state"], job["segmentation"]) == ("look", "queued", None)
    early = program.get(f"{program.place}/data/{found['id']}/profile")
    assert (early.status_code, early.json()["type"]) == (409, "/api/v1/#not-now")
    listed = program.get(f"{program.place}/data").json()
    assert [one["id"] for one in listed["items"]] == [found["id"]]
    event = team.parts.datasets.head(found["id"])
    assert event.workspace == team.place


def test_a_profile_tells_what_columns_are_for_and_of_nobody(program: Program, data: str) -> None:
    answer = program.get(f"{data}/profile")
    found = answer.json()
    assert found["tables"][0]["role"] == "customers"
    known = columns(found)
    assert known["person"]["use"] == "id"
    assert known["spend"]["use"] == "active"
    assert known["gender"]["uses"] == ["protected", "ignore"]
    assert "p0001" not in answer.text
    assert program.get(data).json()["version"] == found["version"]


def test_columns_are_changed_in_the_version_that_was_read(
    team: Team, program: Program, data: str
) -> None:
    seen = program.get(f"{data}/profile").json()["version"]
    sent = {"columns": {"visits": {"use": "descriptor"}, "spend": {"label": "Euros"}}}
    blind = program.patch(f"{data}/columns", json=sent)
    assert blind.status_code == 428
    done = program.patch(f"{data}/columns", json=sent, headers={"if-match": f'"{seen}"'})
    assert done.status_code == 200, done.text
    known = columns(program.get(f"{data}/profile").json())
    assert (known["visits"]["use"], known["spend"]["label"]) == ("descriptor", "Euros")
    assert known["person"]["use"] == "id"
    late = program.patch(f"{data}/columns", json=sent, headers={"if-match": f'"{seen}"'})
    assert (late.status_code, late.json()["version"]) == (412, done.json()["version"])
    study = program.get(f"{data}/study")
    assert study.headers["etag"] == done.headers["etag"]
    assert "use: descriptor" in study.text


@pytest.mark.parametrize(("sent", "said"), [
    ({"columns": {"gender": {"use": "active"}}}, "protected attribute"),
    ({"columns": {"spent": {"use": "active"}}}, "Did you mean 'spend'"),
    ({"columns": {"visits": {"use": "text"}}}, "cannot be for 'text'"),
    ({"columns": {"visits": {"use": "segment"}}}, "columns.visits.use"),
    ({"columns": {"visits": {"uses": "id"}}}, "columns.visits.uses"),
    ({"events": {"shop.csv": {"time": "visits"}}}, "no table of events 'shop.csv'"),
    ({"colums": {}}, "colums"),
])  # fmt: skip
def test_what_no_column_can_be_is_refused(
    program: Program, data: str, sent: dict[str, Any], said: str
) -> None:
    seen = {"if-match": f'"{program.get(data).json()["version"]}"'}
    answer = program.patch(f"{data}/columns", json=sent, headers=seen)
    assert answer.status_code == 422
    assert said in f"{answer.json()['detail']} {answer.json()['advice']}"
    assert program.get(data, headers=seen).json()["version"] == int(seen["if-match"].strip('"'))


def test_columns_of_events_are_named(program: Program, work: Callable[[], None]) -> None:
    key = bring(program, ("orders.csv", ORDERS)).json()["id"]
    work()
    data = f"{program.place}/data/{key}"
    found = program.get(f"{data}/profile").json()
    [table] = found["tables"]
    roles = table["events"]["roles"]
    assert (roles["customer"], roles["time"]) == ("customer_id", "order_date")
    seen = {"if-match": f'"{found["version"]}"'}
    for wrong in ({"customer": "nobody"}, {"buyer": "customer_id"}):
        sent = {"events": {table["name"]: wrong}}
        assert program.patch(f"{data}/columns", json=sent, headers=seen).status_code == 422
    sent = {"events": {table["name"]: {"order": ""}}}
    assert program.patch(f"{data}/columns", json=sent, headers=seen).status_code == 200
    after = program.get(f"{data}/profile").json()["tables"][0]["events"]["roles"]
    assert after == {**roles, "order": ""}


@pytest.mark.usefixtures("swift")
def test_segments_are_looked_for_and_found(
    team: Team, program: Program, data: str, work: Callable[[], None]
) -> None:
    options = {"k_max": 2, "title": "A shop", "members": True}
    asked = program.post(f"{data}/jobs", json=options)
    assert asked.status_code == 202, asked.text
    where = asked.headers["location"].removeprefix("/api/v1/")
    again = program.post(f"{data}/jobs", json={})
    assert (again.status_code, again.json()["type"]) == (409, "/api/v1/#not-now")
    work()
    job = program.get(where).json()
    assert (job["state"], job["fraction"]) == ("done", 1.0), job
    key = job["segmentation"]
    found = program.get(f"{program.place}/segmentations/{key}").json()
    assert (found["title"], len(found["segments"])) == ("A shop", 2)
    members = program.get(f"{program.place}/segmentations/{key}/members")
    assert members.content.startswith(b"PAR1")
    assert program.get(data).json()["jobs"][0]["segmentation"] == key
    like = program.post(f"{data}/jobs", json={"k_max": 2, "like": key})
    assert like.status_code == 202
    gone = program.post(f"{like.headers['location'].removeprefix('/api/v1/')}/cancel")
    assert gone.json()["state"] == "cancelled"


def test_what_cannot_be_looked_for_is_refused(team: Team, program: Program, data: str) -> None:
    for wrong, status in (
        ({"k_max": 99}, 422), ({"k_max": 0}, 422), ({"k": 3}, 422), ({"like": "none"}, 404),
        ({"title": "x" * 300}, 422), ([], 422),
    ):  # fmt: skip
        assert program.post(f"{data}/jobs", json=wrong).status_code == status, wrong
    less = Program(team, token_of(team, team.who, Role.OWNER, "data"))
    refused = less.post(f"{data}/jobs", json={"members": True})
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#not-allowed")
    assert "'members'" in refused.json()["detail"]
    assert [one["kind"] for one in program.get(data).json()["jobs"]] == ["look"]


def test_a_job_that_was_given_up_or_failed_says_so(
    team: Team, program: Program, work: Callable[[], None]
) -> None:
    found = bring(program, ("a.csv", b"a,b\n1,2\n")).json()
    where = f"{program.place}/jobs/{found['jobs'][0]['id']}"
    assert program.post(f"{where}/cancel").json()["state"] == "cancelled"
    work()
    assert program.get(where).json()["state"] == "cancelled"
    early = program.post(f"{program.place}/data/{found['id']}/jobs", json={})
    assert "Nobody has looked" in early.json()["detail"]
    other = team.parts.jobs.ask(team.place, found["id"], "look", team.who, {})
    team.parts.jobs.fail(other, "It has no rows.", "Give more.")
    job = program.get(f"{program.place}/jobs/{other}").json()
    assert (job["state"], job["problem"], job["advice"]) == (
        "failed", "It has no rows.", "Give more.",
    )  # fmt: skip


def test_rows_are_deleted_by_a_program(team: Team, program: Program, data: str) -> None:
    key = data.rpartition("/")[2]
    assert program.delete(data).status_code == 204
    assert not team.parts.datasets.rows(key).exists()
    assert program.get(data).status_code == 404
    assert program.get(f"{data}/profile").status_code == 404


def test_tables_that_a_backup_did_not_bring_are_said_to_be_missing(
    team: Team, program: Program, data: str
) -> None:
    folder = team.parts.datasets.rows(data.rpartition("/")[2]).parent
    (folder / "look.json").unlink()
    answer = program.get(f"{data}/profile")
    assert (answer.status_code, "any more" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize(("files", "status", "said"), [
    ([("photo.png", b"x")], 422, "no table that is read"),
    ([(f"{n}.csv", b"a") for n in range(3)], 422, "more than this server takes at once"),
    ([], 415, "content type"),
])  # fmt: skip
def test_what_is_no_table_is_refused(
    team: Team, files: list[tuple[str, bytes]], status: int, said: str
) -> None:
    few = replace(team.parts.settings, most_files=2)
    client = Program(
        team._replace(parts=replace(team.parts, settings=few)),
        token_of(team, team.who, Role.OWNER),
    )
    answer = bring(client, *files)
    assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
    assert len(team.parts.documents.listed(team.place)) == 1


@pytest.mark.parametrize(("kind", "status"), [
    ("text/plain", 415), ("", 415), ("application/xml", 415), ("application/json", 422),
])  # fmt: skip
def test_another_kind_of_body_is_refused_wherever_one_is_sent(
    program: Program, data: str, kind: str, status: int
) -> None:
    headers = {"if-match": '"1"', **({"content-type": kind} if kind else {})}
    for method, path in (
        ("POST", f"{data}/jobs"), ("PATCH", f"{data}/columns"), ("POST", f"{program.place}/data"),
        ("POST", f"{program.place}/segmentations/none/canvas"),
    ):  # fmt: skip
        answer = program.request(method, path, content=b"{", headers=headers)
        wanted = 415 if path.endswith("/data") else status
        assert answer.status_code == wanted, (method, path, answer.text)
        assert json.loads(answer.text)["type"].startswith("/api/v1/#")
