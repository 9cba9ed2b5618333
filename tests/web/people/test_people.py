"""People, links, comments, and what is written down of accesses."""

from __future__ import annotations

import re
from collections.abc import Callable

import lxml.html
import pytest
from tests.web.conftest import Client, Team

from forwhom.errors import OptionError
from forwhom.workspace.changes import Move, Put, Remove
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]


def comment(client: Client, team: Team, at: str, text: str) -> None:
    version = team.parts.canvases.head(team.canvas).number
    sent = {"at": at, "version": version, "text": text}
    assert client.submit(f"{team.path}/comments", team.path, **sent).status_code == 204


def test_an_owner_lets_people_in_and_closes_the_link(team: Team, as_role: AsRole) -> None:
    owner = as_role(Role.OWNER)
    answer = owner.submit(f"/w/{team.place}/people/invite", role="commenter", days=3)
    link = re.search(r"http://127.0.0.1:8321(/join/[\w-]+)", answer.text)
    assert link is not None
    typed = {"name": "Cem", "email": "cem@example.org", "password": "a long password"}
    cem = Client(team.parts)
    assert cem.post(link[1], data=typed).status_code == 303
    members = {one.name: role for one, role in team.parts.people.members(team.place)}
    assert members["Cem"] is Role.COMMENTER
    assert "expires" not in answer.text
    token = link[1].rsplit("/", 1)[1]
    with team.parts.database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT token FROM invitation").scalars().all()
    assert token not in kept
    made = team.parts.people.invitations(team.place)[0]
    owner.submit(f"/w/{team.place}/people/revoke", link=made.id)
    assert Client(team.parts).get(link[1]).status_code == 404
    assert "Cem" in owner.get(f"/w/{team.place}/people").text


def test_a_link_is_not_open_for_years(team: Team, as_role: AsRole) -> None:
    answer = as_role(Role.OWNER).submit(f"/w/{team.place}/people/invite", days=4000)
    assert answer.status_code == 422
    assert "1 to 90 days" in answer.text


def test_the_last_owner_stays(team: Team) -> None:
    with pytest.raises(OptionError, match="only owner"):
        team.parts.people.leave(team.place, team.who.id)
    with pytest.raises(OptionError, match="only owner"):
        team.parts.people.assign(team.place, team.who.id, Role.VIEWER)


def test_roles_change_and_people_are_taken_out(team: Team, as_role: AsRole) -> None:
    owner, editor = as_role(Role.OWNER), as_role(Role.EDITOR)
    who = next(one for one, _ in team.parts.people.members(team.place) if one.name == "editor")
    path = f"/w/{team.place}/people/role"
    assert editor.submit(path, person=who.id, role="owner").status_code == 403
    owner.submit(path, person=who.id, role="viewer")
    assert team.parts.people.role(team.place, who.id) is Role.VIEWER
    owner.submit(path, person=who.id, role="none")
    assert editor.get(team.path).status_code == 404


def test_sessions_end_everywhere(team: Team, as_role: AsRole) -> None:
    client = as_role(Role.EDITOR)
    other = Client(team.parts)
    who = next(one for one, _ in team.parts.people.members(team.place) if one.name == "editor")
    other.sign_in(team.parts, who)
    assert other.get(team.path).status_code == 200
    client.submit(f"/w/{team.place}/people/sign-out")
    assert other.get(team.path).status_code == 303


def test_comments_stay_with_what_they_speak_of(client: Client, team: Team) -> None:
    comment(client, team, "blocks/channels/0", "Is this still true?")
    head = team.parts.canvases.head(team.canvas)
    move = Move(at=("blocks", "channels", 0), to=("blocks", "key_resources", 0))
    team.parts.canvases.edit(team.canvas, team.who, head.number, [move])
    found = team.parts.comments.of(team.canvas)[0]
    assert found.at == ("blocks", "key_resources", 0)
    assert "Is this still true?" in client.get(f"{team.path}/item?at=blocks/key_resources/0").text
    head = team.parts.canvases.head(team.canvas)
    gone = Remove(at=("blocks", "key_resources", 0))
    team.parts.canvases.edit(team.canvas, team.who, head.number, [gone])
    assert team.parts.comments.of(team.canvas)[0].at is None
    assert "taken out" in client.get(f"{team.path}/comments").text


def test_comments_are_resolved_and_opened_again(client: Client, team: Team) -> None:
    comment(client, team, "segments/0", "Really?")
    made = team.parts.comments.of(team.canvas)[0]
    client.submit(f"{team.path}/comments/resolve", comment=made.id)
    assert team.parts.comments.of(team.canvas)[0].resolved_by == "You"
    client.submit(f"{team.path}/comments/resolve", comment=made.id, again="true")
    assert team.parts.comments.of(team.canvas)[0].is_open
    assert client.submit(f"{team.path}/comments/resolve", comment="none").status_code == 422


def test_who_is_called_sees_it_at_home(team: Team, as_role: AsRole) -> None:
    team.parts.people.rename(team.who.id, "Ana Lima")
    other = as_role(Role.COMMENTER)
    comment(other, team, "segments/0", "@ana, who said that?")
    comment(other, team, "segments/0", "@anastasia too")
    mentioned = team.parts.comments.mentioning(team.place, type(team.who)(team.who.id, "Ana Lima"))
    assert [one.text for _, one in mentioned] == ["@ana, who said that?"]


def test_who_looked_and_who_took_out_is_written_down_for_owners(
    team: Team, as_role: AsRole
) -> None:
    viewer, owner = as_role(Role.VIEWER), as_role(Role.OWNER)
    for _ in range(3):
        viewer.get(team.path)
    viewer.get(f"{team.path}/canvas.yaml")
    noted = [(one.who.name, one.what) for one in team.parts.audit.last(team.place)]
    assert noted == [("viewer", "exported"), ("viewer", "looked")]
    page = lxml.html.fromstring(owner.get(f"/w/{team.place}/people").text).text_content()
    assert "viewer took out Penny Path" in " ".join(page.split())
    assert "took out" not in viewer.get(f"/w/{team.place}/people").text


@pytest.mark.parametrize(
    ("language", "framework", "changed"),
    [
        ("en", "Lean Canvas", "changed on "),
        ("de", "Lean Canvas", "geändert am "),
        ("ar", "مخطط لين", "آخر تغيير في "),
    ],
)
def test_a_workspace_tells_of_each_canvas_the_framework_and_the_last_change(
    client: Client, team: Team, language: str, framework: str, changed: str
) -> None:
    head = team.parts.canvases.head(team.canvas)
    put = Put(at=("framework",), value="lean-canvas")
    team.parts.canvases.edit(team.canvas, team.who, head.number, [put])
    page = client.get(f"/w/{team.place}", headers={"accept-language": language}).text
    [one] = lxml.html.fromstring(page).xpath(f"//li[a/@href='{team.path}']")
    day = team.parts.canvases.events(team.canvas)[-1].at[:10]
    assert framework in one.text_content()
    assert f"{changed}{day}" in one.text_content()
    # Among Arabic words, a day is marked, or it would be read from its end.
    marked = [("ltr", day)] if language == "ar" else []
    assert [(bdi.get("dir"), bdi.text) for bdi in one.xpath("span/bdi")] == [
        (None, framework), *marked
    ]  # fmt: skip
