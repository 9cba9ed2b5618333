"""Who may do what by the API: every route, every scope, every role, and what is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.routing import APIRoute
from limits import parse
from tests.web.api.conftest import HERE, Program, token_of
from tests.web.canvas.test_forms import others
from tests.web.conftest import Client, Team

from forwhom.web.api.app import bare
from forwhom.web.server import limits
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role
from forwhom.workspace.tokens import SCOPES, Scope

Person = Callable[[Role], Author]


def routes() -> list[APIRoute]:
    routers = [getattr(one, "original_router", None) for one in bare().routes]
    every = [route for router in routers if router is not None for route in router.routes]
    return [route for route in every if route.include_in_schema]


def scope_of(route: APIRoute) -> Scope | None:
    """Return the scope that a route asks for."""
    found = [getattr(one.call, "scope", None) for one in route.dependant.dependencies]
    return next((scope for scope in found if scope is not None), None)


def asked(client: Program, team: Team, **more: Any) -> Iterator[tuple[APIRoute, Any]]:
    """Yield every route of a workspace with what it answers."""
    there = {"workspace": team.place, **others(team), "of": "canvas", "form": "json", **more}
    for route in routes():
        if "{workspace}" in route.path:
            for method in route.methods:
                yield route, client.request(method, route.path.format(**there).lstrip("/"))


def test_every_route_of_a_workspace_asks_for_a_scope() -> None:
    inside = [route for route in routes() if "{workspace}" in route.path]
    assert len(inside) > 25
    assert [route.path for route in inside if scope_of(route) is None] == []
    changing = {scope_of(route) for route in inside if route.methods - {"GET", "POST"}}
    assert changing == {"write", "data"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("scope", SCOPES)
def test_no_token_does_more_than_its_scopes(
    team: Team, person: Person, role: Role, scope: Scope
) -> None:
    """For every role, a token with one scope that was made by somebody who might then."""
    who = person(role)
    client = Program(team, token_of(team, who, Role.OWNER, scope))
    for route, answer in asked(client, team):
        if scope_of(route) == scope and role >= SCOPES[scope]:
            assert answer.status_code not in (401, 403), route.path
        else:
            assert answer.status_code == 403, route.path
            assert answer.json()["type"] == "/api/v1/#not-allowed"


def test_nothing_of_another_workspace_is_reached_by_a_token(team: Team) -> None:
    """Not even of one in which the person of the token is at home, too."""
    other = team.parts.people.new_workspace("Theirs", team.who)
    client = Program(team, token_of(team, team.who, Role.OWNER, place=other))
    for route, answer in asked(client, team):
        assert answer.status_code == 404, route.path
    for route, answer in asked(client, team, workspace=other):
        documents = {"{canvas}", "{segmentation}", "{data}", "{job}"}
        if any(one in route.path for one in documents) and answer.status_code not in (415, 422):
            assert answer.status_code in (404, 428), route.path


def test_ids_of_another_workspace_are_not_there(team: Team) -> None:
    other = team.parts.people.new_workspace("Theirs", team.who)
    client = Program(team, token_of(team, team.who, Role.OWNER, place=other))
    there = others(team)
    base = f"workspaces/{other}"
    yaml = {"content-type": "application/yaml", "if-match": '"1"'}
    for method, path, more in (
        ("PUT", f"canvases/{there['canvas']}", {"content": "x", "headers": yaml}),
        ("POST", f"segmentations/{there['segmentation']}/canvas", {"json": {}}),
        ("PATCH", f"data/{there['data']}/columns", {"json": {}, "headers": {"if-match": '"1"'}}),
        ("POST", f"data/{there['data']}/jobs", {"json": {}}),
        ("DELETE", f"data/{there['data']}", {}),
        ("POST", f"jobs/{there['job']}/cancel", {}),
    ):
        answer = client.request(method, f"{base}/{path}", **more)
        assert answer.status_code == 404, path
    mine = token_of(team, team.who, Role.OWNER)
    seed = Program(team, mine).post(
        f"workspaces/{team.place}/segmentations/{there['segmentation']}/canvas",
        json={"canvas": team.parts.canvases.create(other, team.who, CANVAS).document},
    )
    assert seed.status_code == 404


CANVAS = "{forwhom: 1, kind: canvas}"


def test_a_program_without_a_token_is_told_so(team: Team) -> None:
    for token in ("", "forwhom_made-up", "x" * 5000):
        for route, answer in asked(Program(team, token), team):
            assert answer.status_code == 401, route.path
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.json()["type"] == "/api/v1/#no-token"


def test_no_cookie_counts_on_the_api(team: Team, client: Client) -> None:
    """So nothing that another site lets a browser send can do anything."""
    assert client.get(team.path).status_code == 200  # the one person of this machine
    path = f"{HERE}/api/v1/workspaces/{team.place}/canvases/{team.canvas}"
    answer = client.get(path)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    secret = {
        "x-secret": client.secret("/sign-in"),
        "if-match": '"1"',
        "content-type": "application/yaml",
    }
    assert client.put(path, content=CANVAS, headers=secret).status_code == 401
    program = Program(team, token_of(team, team.who, Role.OWNER))
    program.cookies.set("forwhom", "planted")
    assert "set-cookie" not in program.get("workspaces").headers


def test_a_token_opens_no_page(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    program = Program(team, token_of(team, team.who, Role.OWNER), follow_redirects=False)
    answer = program.get(f"{HERE}{team.path}")
    assert answer.headers["location"].startswith("/sign-in")


def test_who_loses_a_role_loses_it_for_their_tokens(team: Team, person: Person) -> None:
    who = person(Role.EDITOR)
    client = Program(team, token_of(team, who, Role.EDITOR))
    data, canvas = f"{client.place}/data", f"{client.place}/canvases/{team.canvas}"
    assert client.get(data).status_code == 200
    team.parts.people.assign(team.place, who.id, Role.VIEWER)
    refused = client.get(data)
    assert refused.status_code == 403
    assert "has no role any more" in refused.json()["detail"]
    assert client.get(canvas).status_code == 200
    team.parts.people.leave(team.place, who.id)
    assert client.get(canvas).status_code == 401


def test_a_token_that_was_closed_counts_no_more(team: Team, program: Program) -> None:
    assert program.get("workspaces").status_code == 200
    team.parts.tokens.revoke(team.place, team.parts.tokens.listed(team.place)[0].id)
    assert program.get("workspaces").status_code == 401


def test_who_calls_too_often_waits(
    team: Team, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.KINDS, "call", parse("3/minute"))
    other = Program(team, token_of(team, team.who, Role.OWNER))
    answers = [program.get("workspaces") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["type"] == "/api/v1/#too-often"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert other.get("workspaces").status_code == 200


def test_who_sends_too_much_waits_wherever_they_send_it(
    team: Team, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.KINDS, "upload", parse("4/minute"))
    yaml = {"content-type": "application/yaml", "if-match": '"1"'}
    table = {"files": ("a.csv", b"a,b\n1,2\n")}
    asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("POST", "canvases", {"content": CANVAS, "headers": yaml}),
        ("PUT", f"canvases/{team.canvas}", {"content": CANVAS, "headers": yaml}),
        ("POST", "segmentations", {"content": b"{}", "headers": JSON}),
        ("POST", "data", {"files": table}),
    )
    first, again = (
        [program.request(how, f"{program.place}/{path}", **more).status_code
         for how, path, more in asked]
        for _ in range(2)
    )  # fmt: skip
    assert first == [201, 200, 422, 201]
    assert again == [429] * 4


def test_who_guesses_tokens_is_slowed_down(team: Team, program: Program) -> None:
    guesser = Program(team, "forwhom_guess")
    answers = [guesser.get("workspaces").status_code for _ in range(61)]
    assert answers[0] == 401
    assert answers[-1] == 429
    assert program.get("workspaces").status_code == 200  # whoever has one is not held up


def test_a_body_without_a_token_is_not_read(team: Team) -> None:
    """Whoever may not bring anything cannot fill the disk of the server."""
    files = {"files": ("a.csv", b"a,b\n" * 1000)}
    client = Program(team)
    assert client.post(f"{client.place}/data", files=files).status_code == 401
    assert client.post(f"{client.place}/data", content=b"{", headers=JSON).status_code == 401
    assert team.parts.documents.listed(team.place)[0].kind == "canvas"


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("version", [-1, 10**9, 10**30])
def test_a_version_that_cannot_be_is_refused_in_words(
    team: Team, program: Program, version: int
) -> None:
    path = f"{program.place}/canvases/{team.canvas}"
    answer = program.get(path, params={"version": version})
    assert answer.status_code in (404, 422)
    assert answer.json()["detail"]


def test_what_the_gate_refuses_is_said_in_the_same_shape(team: Team, program: Program) -> None:
    other = program.get("workspaces", headers={"host": "elsewhere.example"})
    assert (other.status_code, other.json()["type"]) == (421, "/api/v1/#wrong-name")
    path = f"{program.place}/canvases"
    foreign = program.post(path, headers={"origin": "https://elsewhere.example"})
    assert (foreign.status_code, foreign.json()["type"]) == (403, "/api/v1/#not-allowed")
    large = program.post(path, headers={"content-length": "999999999999"}, content=b"")
    assert (large.status_code, large.json()["type"]) == (413, "/api/v1/#too-large")


def test_a_body_that_grows_too_large_is_refused_in_words(team: Team) -> None:
    small = replace(team.parts.settings, most_bytes=1000)
    client = Program(
        team._replace(parts=replace(team.parts, settings=small)),
        token_of(team, team.who, Role.OWNER),
    )
    boundary = {"content-type": "multipart/form-data; boundary=x"}
    for path, headers in (("data", boundary), ("canvases", {"content-type": "application/yaml"})):
        pieces = (b"x" * 400 for _ in range(5))
        answer = client.post(f"{client.place}/{path}", content=pieces, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (413, "/api/v1/#too-large")


def test_what_programs_saw_and_took_out_is_written_down_with_the_token(
    team: Team, program: Program
) -> None:
    one = f"{program.place}/canvases/{team.canvas}"
    for _ in range(2):
        program.get(one)
    program.get(f"{one}/exports/canvas/json")
    noted = [(n.who.name, n.what, n.about) for n in team.parts.audit.last(team.place)]
    assert noted == [
        ("You (nightly)", "exported", "Penny Path: penny-path.json"),
        ("You (nightly)", "looked", "Penny Path"),
    ]
