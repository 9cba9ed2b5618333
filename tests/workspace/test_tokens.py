"""Tokens of programs: hashed, with scopes, never more than their person, over when it is over."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.errors import OptionError
from forwhom.workspace.backup import back_up, restore
from forwhom.workspace.database import Database
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role
from forwhom.workspace.tokens import SCOPES, Tokens

from .conftest import Team


@pytest.fixture
def tokens(team: Team) -> Tokens:
    return Tokens(team.database)


def made(team: Team, tokens: Tokens, *scopes: str, name: str = "nightly") -> tuple[str, str]:
    return tokens.make(team.place, team.ben, Role.EDITOR, name, scopes or ("read",), 30)


def test_a_token_acts_for_its_person_and_both_names_are_said(team: Team, tokens: Tokens) -> None:
    key, secret = made(team, tokens, "data", "read")
    found = tokens.shown(secret)
    assert found is not None
    assert (found.id, found.workspace, found.role) == (key, team.place, Role.EDITOR)
    assert found.who == Author(team.ben.id, "Ben (nightly)")
    assert found.scopes == {"read", "data"}
    assert [one for one in SCOPES if found.may(one)] == ["read", "data"]
    assert tokens.shown(f"{secret}x") is None


def test_only_a_hash_is_kept_and_the_last_use(team: Team, tokens: Tokens) -> None:
    _, secret = made(team, tokens)
    assert len(secret) > 40
    assert tokens.listed(team.place)[0].used == ""
    tokens.shown(secret)
    first = tokens.listed(team.place)[0].used
    assert first
    tokens.shown(secret)
    assert tokens.listed(team.place)[0].used == first  # again within a minute is the same use
    with team.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM token").one()
    assert not [value for value in row if secret in str(value)]


def test_a_role_that_changes_counts_at_once(team: Team, tokens: Tokens) -> None:
    _, secret = made(team, tokens, "read", "write")
    team.people.assign(team.place, team.ben.id, Role.VIEWER)
    found = tokens.shown(secret)
    assert found is not None
    assert [one for one in SCOPES if found.may(one)] == ["read"]
    team.people.assign(team.place, team.ben.id, Role.OWNER)
    found = tokens.shown(secret)
    assert found is not None
    assert not found.may("members")  # a higher role gives a token no new scope
    team.people.leave(team.place, team.ben.id)
    assert tokens.shown(secret) is None


def test_what_is_closed_or_over_counts_no_more(team: Team, tokens: Tokens) -> None:
    key, secret = made(team, tokens)
    tokens.revoke("elsewhere", key)
    assert tokens.shown(secret) is not None
    tokens.revoke(team.place, key)
    assert tokens.shown(secret) is None
    assert [one.is_open for one in tokens.listed(team.place)] == [False]
    _, other = made(team, tokens)
    with team.database.writing() as connection:
        connection.exec_driver_sql("UPDATE token SET expires = '2020-01-01T00:00:00.000000Z'")
    assert tokens.shown(other) is None


def test_a_person_who_left_has_no_token(team: Team, tokens: Tokens) -> None:
    _, secret = made(team, tokens)
    with team.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE person SET \"left\" = true WHERE id = '{team.ben.id}'")
    assert tokens.shown(secret) is None


@pytest.mark.parametrize(("scopes", "name", "days", "said"), [
    (["members"], "x", 30, "may not do more than you: members"),
    (["read", "members"], "x", 30, "members"),
    ([], "x", 30, "not said what the token may do"),
    (["rule"], "x", 30, "Choose of: read, write, data and members"),
    (["read"], "  ", 30, "a name of 1 to 60 signs"),
    (["read"], "x" * 61, 30, "a name of 1 to 60 signs"),
    (["read"], "x", 0, "1 to 365 days"),
    (["read"], "x", 366, "1 to 365 days"),
])  # fmt: skip
def test_what_no_token_can_be_is_refused(
    team: Team, tokens: Tokens, scopes: list[str], name: str, days: int, said: str
) -> None:
    with pytest.raises(OptionError, match=said):
        tokens.make(team.place, team.ben, Role.EDITOR, name, scopes, days)
    assert tokens.listed(team.place) == []


def test_each_sees_their_own_and_long_names_fit(team: Team, tokens: Tokens) -> None:
    team.people.rename(team.ben.id, "B" * 200)
    _, secret = made(team, tokens, name="n" * 60)
    tokens.make(team.place, team.ana, Role.OWNER, "hers", ["members"], 1)
    assert [one.name for one in tokens.listed(team.place, team.ana.id)] == ["hers"]
    assert [one.name for one in tokens.listed(team.place)] == ["hers", "n" * 60]
    found = tokens.shown(secret)
    assert found is not None
    assert len(found.who.name) == 200
    assert found.who.name.endswith(f" ({'n' * 60})")


def test_no_backup_brings_a_token_back(team: Team, tokens: Tokens, tmp_path: Path) -> None:
    """What was closed after the backup would count again."""
    _, secret = made(team, tokens)
    back_up(team.database, tmp_path / "b.zip")
    other = Database(tmp_path / "other.db")
    restore(other, tmp_path / "b.zip")
    assert Tokens(other).shown(secret) is None
    assert Tokens(other).listed(team.place) == []
    assert tokens.shown(secret) is not None
    other.close()
