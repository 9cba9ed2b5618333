"""The page of tokens: made for what a person may do themselves, shown once, closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from tests.web.conftest import Client, Team

from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]


def make(client: Client, team: Team, *scopes: str, **typed: Any) -> Any:
    sent = {"name": "nightly", "days": 30, "scopes": list(scopes), **typed}
    return client.submit(f"/w/{team.place}/tokens", **sent)


def shown(answer: Any) -> list[str]:
    return re.findall(r"<code>(forwhom_[\w-]+)</code>", answer.text)


def test_a_token_is_shown_once_and_works(client: Client, team: Team) -> None:
    answer = make(client, team, "read", "data")
    [token] = shown(answer)
    found = team.parts.tokens.shown(token)
    assert found is not None
    assert found.scopes == {"read", "data"}
    page = client.get(f"/w/{team.place}/tokens")
    assert token not in page.text
    assert "nightly" in page.text
    noted = team.parts.audit.last(team.place)[0]
    assert (noted.who, noted.what, noted.about) == (team.who, "token", "nightly")
    assert "made a token" in client.get(f"/w/{team.place}/people").text


@pytest.mark.parametrize(("role", "scopes"), [
    (Role.VIEWER, ["read"]), (Role.COMMENTER, ["read"]),
    (Role.EDITOR, ["read", "write", "data"]), (Role.OWNER, ["read", "write", "data", "members"]),
])  # fmt: skip
def test_nobody_is_offered_more_than_their_role(
    team: Team, as_role: AsRole, role: Role, scopes: list[str]
) -> None:
    client = as_role(role)
    page = lxml.html.fromstring(client.get(f"/w/{team.place}/tokens").text)
    assert page.xpath('//input[@name="scopes"]/@value') == scopes
    answer = make(client, team, "members")
    assert bool(shown(answer)) == (role is Role.OWNER)
    assert answer.status_code == (200 if role is Role.OWNER else 422)
    if role is not Role.OWNER:
        assert "may not do more than you: members" in answer.text
        assert team.parts.tokens.listed(team.place) == []


def test_what_was_typed_stays_where_it_was_wrong(client: Client, team: Team) -> None:
    answer = make(client, team, "data", name="my <dashboard>", days=4000)
    assert answer.status_code == 422
    assert "1 to 365 days" in answer.text
    page = lxml.html.fromstring(answer.text)
    assert page.xpath('//input[@name="name"]/@value') == ["my <dashboard>"]
    assert page.xpath('//input[@name="scopes"][@checked]/@value') == ["data"]
    assert not shown(answer)


def test_each_closes_their_own_and_owners_all(team: Team, as_role: AsRole) -> None:
    editor, viewer, owner = (as_role(role) for role in (Role.EDITOR, Role.VIEWER, Role.OWNER))
    [first] = shown(make(editor, team, "read", name="first"))
    [second] = shown(make(editor, team, "read", name="second"))
    one, two = (team.parts.tokens.listed(team.place)[at].id for at in (1, 0))
    close = f"/w/{team.place}/tokens/close"
    assert "first" not in viewer.get(f"/w/{team.place}/tokens").text
    assert viewer.submit(close, token=one).status_code == 404
    assert team.parts.tokens.shown(first) is not None
    assert editor.submit(close, token=one).status_code == 303
    assert team.parts.tokens.shown(first) is None
    assert "second" in owner.get(f"/w/{team.place}/tokens").text
    assert owner.submit(close, token=two).status_code == 303
    assert team.parts.tokens.shown(second) is None
    assert owner.get(f"/w/{team.place}/tokens").text.count("closed") == 2


def test_the_page_speaks_the_language_of_who_reads_it(client: Client, team: Team) -> None:
    make(client, team, "read")
    page = client.get(f"/w/{team.place}/tokens", headers={"accept-language": "de"}).text
    assert "Wofür ist es?" in page
    assert ">Schließen<" in page  # a button, and not the end of a workshop


def test_a_stranger_has_no_tokens_here(team: Team, as_role: AsRole) -> None:
    stranger = as_role(None)
    assert stranger.get(f"/w/{team.place}/tokens").status_code == 404
    assert make(stranger, team, "read").status_code == 404


def test_a_name_with_markup_is_text(client: Client, team: Team) -> None:
    make(client, team, "read", name="<script>alert(1)</script>")
    text = client.get(f"/w/{team.place}/tokens").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
