"""What pages send: forms are checked, changes are written, refusals are said in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from fastapi.routing import APIRoute
from tests.web.conftest import Client, Team, open_exercise, take_segmentation

from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings
from forwhom.web.serving import prepare
from forwhom.workspace.people import Role

#: What everybody does with what is theirs.
OWN = ("/people/me", "/people/sign-out", "/tokens", "/tokens/close")

AsRole = Callable[[Role | None], Client]


def add(client: Client, team: Team, text: str = "A stall", **values: Any) -> Any:
    version = team.parts.canvases.head(team.canvas).number
    sent = {"at": "blocks/channels", "version": version, "text": text, **values}
    return client.submit(f"{team.path}/add", team.path, **sent)


def channels(team: Team) -> list[str]:
    canvas = team.parts.canvases.head(team.canvas).canvas
    return [note.text for note in canvas.blocks["channels"]]


def test_a_note_is_added_by_its_text_alone(client: Client, team: Team) -> None:
    answer = add(client, team)
    assert answer.status_code == 204
    assert channels(team)[-1] == "A stall"


def test_a_segment_gets_an_id_that_nobody_typed(client: Client, team: Team) -> None:
    assert add(client, team, "Große Schwester", at="segments").status_code == 204
    made = team.parts.canvases.head(team.canvas).canvas.segments[-1]
    assert (made.id, made.name) == ("große-schwester", "Große Schwester")


@pytest.mark.parametrize(
    ("browser", "language"), [("ar,en;q=0.5", "ar"), ("de-AT", "de"), ("pl", "en")]
)
def test_a_canvas_begins_in_the_language_of_the_page(
    client: Client, team: Team, browser: str, language: str
) -> None:
    client.headers["accept-language"] = browser
    answer = client.submit(f"/w/{team.place}/canvases", team.path, title="A")
    canvas = answer.headers["location"].rpartition("/")[2]
    assert team.parts.canvases.head(canvas).canvas.language == language
    assert f'<html lang="{language}"' in client.get(answer.headers["location"]).text


def test_an_empty_text_is_refused_in_words(client: Client, team: Team) -> None:
    answer = add(client, team, "   ")
    assert answer.status_code == 422
    assert "There is no text yet." in answer.text


def test_only_what_was_changed_is_written(client: Client, team: Team) -> None:
    answer = fill(client, team, "segments/0", name="Planners")
    assert answer.status_code == 204
    done = team.parts.canvases.head(team.canvas)
    assert done.canvas.segments[0].name == "Planners"
    body = team.parts.canvases.events(team.canvas)[-1].body
    assert body["changes"] == [{"do": "set", "at": ["segments", 0, "name"], "value": "Planners"}]


@pytest.mark.parametrize("part", [
    "", "segments/0", "needs/1", "propositions/0", "participants/0", "personas/0", "hypotheses/0",
    "competitors/0", "kpis/0", "funding/0", "blocks/channels/0", "segments/0/claims/0", "names",
    "value_curves/0", "propositions/0/fit/0", "questions/0", "decision", "exchanges/0", "actors/0",
])  # fmt: skip
def test_a_form_that_is_sent_as_it_came_changes_nothing(
    client: Client, team: Team, part: str
) -> None:
    before = team.parts.canvases.head(team.canvas).text
    if client.get(f"{team.path}/item?at={part}").status_code == 404:
        pytest.skip("the example has no such part")
    answer = fill(client, team, part)
    assert (answer.status_code, answer.text) == (204, "")
    assert team.parts.canvases.head(team.canvas).text == before


def fill(client: Client, team: Team, part: str, **typed: str) -> Any:
    """Send the form of a part as a browser does, with some fields typed anew."""
    page = lxml.html.fromstring(client.get(f"{team.path}/item?at={part}").text)
    form = page.get_element_by_id("item-form")
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return client.submit(f"{team.path}/item", team.path, **{**values, **typed})


def test_a_form_asks_first_what_a_group_talks_about(client: Client, team: Team) -> None:
    for part, first in (("segments/0", "buti"), ("needs/0", "segments")):
        page = lxml.html.fromstring(client.get(f"{team.path}/item?at={part}").text)
        names = [name for name, _ in page.get_element_by_id("item-form").form_values()]
        asked = [name for name in dict.fromkeys(names) if name not in {"at", "version", "part"}]
        assert first in asked[:4]


def test_a_long_form_folds_what_is_filled_in_later_and_says_how_much_of_it_is(
    client: Client, team: Team
) -> None:
    page = lxml.html.fromstring(client.get(f"{team.path}/item?at=segments/0").text)
    form = page.get_element_by_id("item-form")
    shown = [one.get("name") for one in form.xpath(".//*[@name][not(ancestor::details)]")]
    assert {"name", "description", "buti"} <= {*shown}
    assert len({*shown}) < 8
    folds = [" ".join(one.text_content().split()) for one in form.xpath("./details/summary")]
    sizes = [len(one.xpath(".//div[@class='field']")) for one in form.xpath("./details")]
    assert folds[1] == "Size 5 of 6 filled in"
    assert sizes[1] == 5  # and what it rests on, which is chosen
    short = lxml.html.fromstring(client.get(f"{team.path}/item?at=questions/0").text)
    assert short.get_element_by_id("item-form").xpath("./details") == []


def test_what_is_mistyped_is_said_of_its_field(client: Client, team: Team) -> None:
    number = team.parts.canvases.head(team.canvas).number
    sent = {"at": "segments/0", "version": number, "name": "A", "power": "much"}
    answer = client.submit(f"{team.path}/item", team.path, **sent)
    assert answer.status_code == 422
    [problem] = lxml.html.fromstring(answer.text).xpath("//p[@data-field]")
    assert problem.get("data-field") == "power"
    assert "'much' is no number" in problem.text_content()


def test_what_the_file_would_be_refused_for_the_page_refuses(client: Client, team: Team) -> None:
    head = team.parts.canvases.head(team.canvas)
    sent = {"at": "needs/0", "version": head.number, "importance": "40"}
    answer = client.submit(f"{team.path}/item", team.path, **sent, statement="Save")
    assert answer.status_code == 422
    assert "10" in answer.text
    assert str(team.parts.settings.folder) not in answer.text
    assert team.parts.canvases.head(team.canvas).number == head.number


def test_a_form_of_another_page_is_refused(client: Client, team: Team) -> None:
    sent = {"at": "blocks/channels", "version": 1, "text": "From elsewhere"}
    for headers in (
        {},
        {"x-secret": "made up"},
        {"x-secret": client.secret(team.path), "origin": "https://elsewhere.example"},
        {"x-secret": client.secret(team.path), "origin": "null"},
    ):
        assert client.post(f"{team.path}/add", data=sent, headers=headers).status_code == 403
    assert "From elsewhere" not in channels(team)


def test_another_name_for_this_machine_is_refused(client: Client) -> None:
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 421


def test_no_page_may_load_or_run_anything_else(client: Client, team: Team) -> None:
    policy = client.get(team.path).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy


def routes(client: Client) -> list[APIRoute]:
    routers = [getattr(one, "original_router", None) for one in client.app.routes]  # type: ignore[attr-defined]
    return [route for router in routers if router is not None for route in router.routes]


def others(team: Team) -> dict[str, str]:
    """Return what else stands in addresses: a document of each kind, made where there is none."""
    found = {one.kind: one.id for one in team.parts.documents.listed(team.place)}
    if "exercise" not in found:
        found["exercise"] = open_exercise(team)
    if "segmentation" not in found:
        found["segmentation"] = take_segmentation(team)
    if "data" not in found:
        found["data"] = team.parts.datasets.create(team.place, team.who, [("a.csv", io.BytesIO())])
    jobs = team.parts.jobs.of(found["data"])
    job = (
        jobs[0].id if jobs else team.parts.jobs.ask(team.place, found["data"], "look", team.who, {})
    )
    fixed = {"form": "json", "segment": "late-starters", "choice": "fit", "name": "penny-path"}
    return {**found, **fixed, "job": job}


def needed(route: APIRoute) -> Role | None:
    """Return the role that a route asks for."""
    roles = [getattr(one.call, "role", None) for one in route.dependant.dependencies]
    return next((role for role in roles if role is not None), None)


def test_every_route_of_a_workspace_asks_for_a_role(client: Client) -> None:
    inside = [route for route in routes(client) if "{workspace}" in route.path]
    assert len(inside) > 10
    assert [route.path for route in inside if needed(route) is None] == []
    changing = [
        route
        for route in inside
        if route.methods - {"GET", "HEAD"} and not route.path.endswith(OWN)
    ]
    assert [route.path for route in changing if needed(route) < Role.COMMENTER] == []  # type: ignore[operator]


@pytest.mark.parametrize("role", [None, *Role])
def test_nobody_does_more_than_their_role(team: Team, as_role: AsRole, role: Role | None) -> None:
    client = as_role(role)
    secret = client.secret("/sign-in")
    for route in routes(client):
        wanted = needed(route)
        if wanted is None or route.path.endswith(("/live", *OWN)):
            continue
        path = route.path.format(workspace=team.place, key=team.canvas, **others(team))
        for method in route.methods:
            answer = client.request(method, path, headers={"x-secret": secret})
            if role is None:
                assert answer.status_code == 404, path
            elif role < wanted:
                assert answer.status_code == 403, path
            else:
                assert answer.status_code not in (401, 403, 404), (path, answer.text[-300:])


def test_nothing_of_another_workspace_is_reached(team: Team, as_role: AsRole) -> None:
    client = as_role(Role.OWNER)
    other = team.parts.people.new_workspace("Theirs", team.who)
    for path in (f"/w/{other}", f"/w/{other}/canvas/{team.canvas}"):
        assert client.get(path).status_code == 404
    empty = team.parts.people.new_workspace("Mine", team.parts.people.enroll("x"))
    stranger = team.parts.people.enroll("Eve", "eve@example.org", "a long password")
    team.parts.people.join(empty, stranger.id, Role.OWNER)
    eve = Client(team.parts)
    eve.sign_in(team.parts, stranger)
    assert eve.get(f"/w/{empty}/canvas/{team.canvas}").status_code == 404


@pytest.mark.parametrize("more", [{"https": True}, {"names": ("a.example",)}, {"host": "0.0.0.0"}])
def test_behind_a_proxy_nobody_comes_in_without_an_account(
    team: Team, tmp_path: Path, more: dict[str, Any]
) -> None:
    settings = Settings(str(tmp_path / "proxy.db"), tmp_path, **more)
    parts = opened(settings)
    said: list[str] = []
    prepare(parts, None, said.append)
    client = Client(parts)
    host = settings.names[0] if settings.names else "127.0.0.1"
    answer = client.get("/", headers={"host": host})
    assert answer.headers["location"] == "/sign-in?next=/"
    assert "set-cookie" not in answer.headers
    assert "The first owner: http" in said[-1]
    parts.database.close()


def test_signing_in_and_out(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    client = Client(team.parts)
    assert client.get(team.path).headers["location"] == f"/sign-in?next={team.path}"
    asked = client.get(f"{team.path}/item?at=needs/0&version=2").headers["location"]
    assert asked == f"/sign-in?next={team.path}/item%3Fat%3Dneeds/0%26version%3D2"
    wrong = client.post("/sign-in", data={"email": "ana@example.org", "password": "x"})
    assert wrong.status_code == 422
    assert "do not belong together" in wrong.text
    right = {"email": "Ana@example.org", "password": "correct horse battery"}
    answer = client.post("/sign-in", data={**right, "onward": "//elsewhere.example"})
    assert answer.headers["location"] == "/"
    assert client.get("/").status_code == 200
    client.post("/sign-out", headers={"x-secret": client.secret()})
    assert client.get("/").status_code == 303


def test_who_tries_passwords_is_slowed_down(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    client = Client(team.parts)
    answers = [
        client.post("/sign-in", data={"email": "ana@example.org", "password": "x"}).status_code
        for _ in range(12)
    ]
    assert answers[:10] == [422] * 10
    assert answers[-1] == 429


def test_a_link_lets_people_in_until_it_is_closed(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    key, token = team.parts.people.invite(team.place, Role.EDITOR, team.who)
    client = Client(team.parts)
    typed = {"name": "Ben", "email": "ben@example.org", "password": "a long password"}
    short = client.post(f"/join/{token}", data={**typed, "password": "short"})
    assert short.status_code == 422
    assert "Ben" in short.text
    assert client.post(f"/join/{token}", data=typed).headers["location"] == f"/w/{team.place}"
    assert client.get(team.path).status_code == 200
    team.parts.people.revoke(team.place, key)
    assert Client(team.parts).get(f"/join/{token}").status_code == 404


def test_others_are_told_an_address_that_they_reach() -> None:
    everywhere = Settings("f.db", Path("files"), host="0.0.0.0")
    for mine in ("http://127.0.0.1:8321/", "http://0.0.0.0:8321/", "http://localhost:8321/"):
        assert everywhere.address_for_others(mine) == everywhere.address
    assert "0.0.0.0" not in everywhere.address
    assert everywhere.address_for_others("http://192.168.1.5:8321/") == "http://192.168.1.5:8321"
    assert Settings("f.db", Path("files")).address_for_others(mine) == mine.rstrip("/")
