"""Who chooses their own text over another's overwrites that text, and nothing else."""

from __future__ import annotations

from typing import Any

import lxml.html
from tests.web.conftest import Client, Team

from forwhom.workspace.changes import Insert, Put

AT = ("blocks", "channels", 0)


def page_of(client: Client, team: Team) -> dict[str, Any]:
    """Return the form of the first channel as a browser has it before anybody changes it."""
    text = client.get(f"{team.path}/item?at=blocks/channels/0").text
    form = lxml.html.fromstring(text).get_element_by_id("item-form")
    values: dict[str, Any] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def send(client: Client, team: Team, form: dict[str, Any], over: int = 0) -> Any:
    headers = {"x-secret": client.secret(team.path), "hx-request": "true"}
    headers |= {"x-over": str(over)} if over else {}
    return client.post(f"{team.path}/item", data=form, headers=headers)


def theirs(team: Team, *changes: Put | Insert) -> int:
    number = team.parts.canvases.head(team.canvas).number
    return team.parts.canvases.edit(team.canvas, team.who, number, changes).number


def channels(team: Team) -> list[Any]:
    return team.parts.canvases.head(team.canvas).canvas.blocks["channels"]


def test_what_one_did_not_touch_stays_as_the_other_wrote_it(client: Client, team: Team) -> None:
    form = page_of(client, team)
    now = theirs(team, Put(at=(*AT, "text"), value="Theirs"), Put(at=(*AT, "detail"), value="More"))
    mine = {**form, "text": "Mine"}
    assert send(client, team, mine).status_code == 409
    assert send(client, team, mine, now).status_code == 204
    assert (channels(team)[0].text, channels(team)[0].detail) == ("Mine", "More")


def test_it_is_the_same_note_wherever_it_stands_by_now(client: Client, team: Team) -> None:
    form = page_of(client, team)
    now = theirs(
        team, Put(at=(*AT, "text"), value="Theirs"), Insert(at=AT, value={"text": "A new one"})
    )
    mine = {**form, "text": "Mine"}
    assert send(client, team, mine).status_code == 409
    assert send(client, team, mine, now).status_code == 204
    assert [note.text for note in channels(team)[:2]] == ["A new one", "Mine"]


def test_what_a_third_wrote_meanwhile_is_shown_first(client: Client, team: Team) -> None:
    form = page_of(client, team)
    now = theirs(team, Put(at=(*AT, "text"), value="Theirs"))
    mine = {**form, "text": "Mine"}
    assert send(client, team, mine).status_code == 409
    theirs(team, Put(at=(*AT, "text"), value="A third text"))
    again = send(client, team, mine, now)
    assert again.status_code == 409
    assert "A third text" in again.text
    assert channels(team)[0].text == "A third text"
