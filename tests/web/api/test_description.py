"""The description of the API is true: what is answered has the shapes that it promises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import lxml.html
import pytest
from tests.web.api.conftest import Program, token_of
from tests.web.api.test_access import asked
from tests.web.conftest import Team
from tests.web.server.test_security import live

from forwhom.errors import DataError, DriverMissing, OutputError
from forwhom.web.api.app import bare
from forwhom.web.api.description import operations
from forwhom.web.api.problems import KINDS
from forwhom.workspace.people import Role
from forwhom.workspace.tokens import SCOPES


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return bare().openapi()


def references(part: Any) -> Iterator[str]:
    yield from re.findall(r'"\$ref": "([^"]+)"', json.dumps(part))


def test_the_description_is_whole(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for one in references(document):
        found: Any = document
        for step in one.removeprefix("#/").split("/"):
            found = found[step]
    names = [one.id for one in operations(document)]
    assert len(set(names)) == len(names) > 25
    for one in operations(document):
        assert one.summary.endswith("."), one
        assert one.scope in SCOPES or one.path == "/workspaces"
        assert {401, 429} <= set(one.refused)
        assert one.answered
    assert not [name for name in document["components"]["schemas"] if "__" in name]


def test_what_is_answered_is_what_was_described(
    team: Team, program: Program, document: dict[str, Any]
) -> None:
    """Every route, asked for without a body: an answer, or a refusal that is described."""
    checked = set()
    for route, answer in asked(program, team):
        method = next(iter(route.methods)).lower()
        told = document["paths"][route.path][method]["responses"]
        assert str(answer.status_code) in told, (route.path, answer.status_code, answer.text)
        said = told[str(answer.status_code)]
        if "$ref" in said:
            said = document["components"]["responses"][str(answer.status_code)]
        kind = answer.headers.get("content-type", "").partition(";")[0]
        schema = said.get("content", {}).get(kind, {}).get("schema")
        if schema and kind.endswith("json"):
            whole = {**schema, "components": document["components"]}
            jsonschema.Draft202012Validator(whole).validate(answer.json())
            checked.add(answer.status_code)
    assert checked >= {200, 404, 415, 422, 428}


def test_the_page_says_everything_and_runs_nothing(team: Team, program: Program) -> None:
    program.headers.pop("authorization")
    answer = program.get("/")
    assert answer.status_code == 200
    assert list(live(answer.text)) == []
    assert "unsafe" not in answer.headers["content-security-policy"]
    page = lxml.html.fromstring(answer.text)
    anchors = set(page.xpath("//@id"))
    assert {one.name for one in KINDS} <= anchors
    for one in operations(program.get("openapi.json").json()):
        assert one.id in anchors
        assert f"{one.method} {one.path}" in page.text_content()
    inside = [one for one in page.xpath("//main//@href") if one.startswith("#")]
    assert [one for one in inside if one[1:] not in anchors] == []


def test_the_page_speaks_the_language_of_who_reads_it(program: Program) -> None:
    german = program.get("/", headers={"accept-language": "de"}).text
    assert '<html lang="de"' in german
    assert "Was schiefgehen kann" in german


@pytest.mark.parametrize(("error", "status", "kind"), [
    (DataError("No.", "Do."), 422, "unusable"), (OutputError("No.", "Do."), 503, "away"),
    (DriverMissing("No.", "Do."), 501, "not-installed"),
    (ZeroDivisionError("secret"), 500, "mistake"),
])  # fmt: skip
def test_whatever_goes_wrong_has_one_shape(
    team: Team, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, kind: str
) -> None:

    token = token_of(team, team.who, Role.OWNER)
    client = Program(team, token, raise_server_exceptions=False)

    def wrong(*_: Any) -> None:
        raise error

    monkeypatch.setattr(team.parts.canvases, "head", wrong)
    answer = client.get(f"{client.place}/canvases/{team.canvas}")
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (answer.status_code, said["status"], said["type"]) == (
        status,
        status,
        f"/api/v1/#{kind}",
    )
    assert "secret" not in answer.text
    assert said["advice"]


def test_what_is_not_there_is_said_in_the_same_shape(team: Team, program: Program) -> None:
    gone = program.get("nothing")
    assert (gone.status_code, gone.json()["type"]) == (404, "/api/v1/#not-here")
    wrong = program.delete("workspaces")
    assert (wrong.status_code, wrong.json()["type"]) == (405, "/api/v1/#no-such-method")
    assert wrong.headers["allow"] == "GET"
    long = program.get(f"{program.place}/canvases", params={"limit": 9999})
    assert (long.status_code, long.json()["type"]) == (422, "/api/v1/#unusable")
    assert "query 'limit'" in long.json()["detail"]


def test_a_token_is_told_what_it_may_do(team: Team, program: Program) -> None:
    [one] = program.get("workspaces").json()["items"]
    assert one == {"id": team.place, "name": "Ours", "role": "owner", "scopes": list(SCOPES)}
