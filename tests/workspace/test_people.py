"""Accounts, sessions, roles and links: who comes in, as what, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forwhom.errors import OptionError, SourceError
from forwhom.workspace.people import Role, _address, _check_password, _named, role_named
from forwhom.workspace.shares import Shares

from .conftest import CANVAS, Team

PAST = timedelta(seconds=-1)


@pytest.mark.parametrize("email", ["", None, "a", "a@b", "@b.c", "a b@c.d", "x" * 313 + "@a.b.cde"])
def test_what_is_no_address(email: str | None) -> None:
    with pytest.raises(OptionError, match="is no e-mail address"):
        _address(email)


def test_addresses_names_and_passwords_at_their_borders() -> None:
    assert _address(" Ana@Example.org ") == "ana@example.org"
    longest = "x" * 312 + "@a.b.cde"
    assert _address(longest) == longest
    assert _named("  Ana   Maria ") == "Ana Maria"
    assert len(_named("x" * 201)) == 200
    with pytest.raises(OptionError, match="A name is missing"):
        _named(" \n")
    _check_password("0123456789")
    with pytest.raises(OptionError, match="has 9 characters"):
        _check_password("012345678")
    assert role_named("Editor") is Role.EDITOR
    with pytest.raises(OptionError, match="There is no role 'boss'"):
        role_named("boss")


def test_who_signs_in_needs_both_address_and_password(quick_team: Team) -> None:
    people = quick_team.people
    assert not people.any_account()
    cem = people.enroll("Cem", "Cem@example.org", "a long password")
    assert people.any_account()
    assert people.signed_in(" CEM@example.org ", "a long password") == cem
    assert people.signed_in("cem@example.org", "another password") is None
    assert people.signed_in("eva@example.org", "a long password") is None
    known = people.known_elsewhere("Dee", "dee@example.org")
    assert people.known_elsewhere("Other", "DEE@example.org") == known
    assert people.signed_in("dee@example.org", "") is None  # without a password of ours
    with pytest.raises(OptionError, match=r"has an account with cem@example\.org already"):
        people.enroll("Cem", "cem@example.org", "a long password")
    with pytest.raises(OptionError, match="characters"):
        people.enroll("Eva", "eva@example.org", "short")


def test_one_person_is_of_this_machine(quick_team: Team) -> None:
    assert quick_team.people.of_this_machine() == quick_team.ana


def test_sessions_are_one_persons_until_they_are_closed(
    quick_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, ana, ben = quick_team.people, quick_team.ana, quick_team.ben
    one, two, other = people.open_session(ana), people.open_session(ana), people.open_session(ben)
    visit = people.visit(one)
    assert visit is not None
    assert visit.who == ana
    again = people.visit(two)
    assert again is not None
    assert again.secret != visit.secret
    assert people.visit("no token") is None
    people.close_session(one)
    assert people.visit(one) is None
    assert people.visit(two) is not None
    people.close_sessions(ana.id)
    assert people.visit(two) is None
    assert people.visit(other) is not None
    monkeypatch.setattr("forwhom.workspace.people.SESSION", PAST)
    assert people.visit(people.open_session(ben)) is None


def test_roles_rise_by_joining_and_change_by_an_owner(quick_team: Team) -> None:
    people, place, ana, ben = (
        quick_team.people, quick_team.place, quick_team.ana, quick_team.ben,
    )  # fmt: skip
    people.join(place, ben.id, Role.VIEWER)
    assert people.role(place, ben.id) is Role.EDITOR
    people.join(place, ben.id, Role.OWNER)
    assert people.role(place, ben.id) is Role.OWNER
    people.assign(place, ben.id, Role.COMMENTER)
    assert people.members(place) == [(ana, Role.OWNER), (ben, Role.COMMENTER)]
    for last in (
        lambda: people.assign(place, ana.id, Role.EDITOR), lambda: people.leave(place, ana.id),
    ):  # fmt: skip
        with pytest.raises(OptionError, match="the only owner of the workspace"):
            last()
    people.assign(place, ana.id, Role.OWNER)
    people.assign(place, ben.id, Role.OWNER)
    people.leave(place, ana.id)
    assert people.role(place, ana.id) is None
    assert people.members(place) == [(ben, Role.OWNER)]


def test_workspaces_have_names_and_members(quick_team: Team) -> None:
    people, ana, ben = quick_team.people, quick_team.ana, quick_team.ben
    second = people.new_workspace(" Second  place ")
    assert people.members(second) == []
    assert people.workspace_name(second) == "Second place"
    assert people.first_workspace() == quick_team.place
    people.join(second, ana.id, Role.VIEWER)
    assert people.workspaces(ana.id) == [
        (quick_team.place, "Bakery", Role.OWNER), (second, "Second place", Role.VIEWER),
    ]  # fmt: skip
    assert [place for place, *_ in people.workspaces(ben.id)] == [quick_team.place]
    people.name_workspace(second, "Third")
    people.rename(ben.id, "Benno")
    assert people.workspace_name(second) == "Third"
    assert people.workspace_name(quick_team.place) == "Bakery"
    assert [who.name for who, _ in people.members(quick_team.place)] == ["Ana", "Benno"]


def test_an_invitation_lets_in_until_it_is_over_or_closed(quick_team: Team) -> None:
    people, place, ana = quick_team.people, quick_team.place, quick_team.ana
    key, token = people.invite(place, Role.COMMENTER, ana)
    _, late = people.invite(place, Role.OWNER, ana, PAST)
    other, kept = people.invite(place, Role.VIEWER, ana)
    assert people.invited(token) == (place, "Bakery", Role.COMMENTER)
    assert people.invited(late) is None
    assert people.invited("no token") is None
    shown = {one.role: one for one in people.invitations(place)}
    assert {role: one.is_open for role, one in shown.items()} == {
        Role.COMMENTER: True, Role.OWNER: False, Role.VIEWER: True,
    }  # fmt: skip
    assert shown[Role.COMMENTER].made_by == "Ana"
    people.revoke("another place", key)
    assert people.invited(token) is not None
    people.revoke(place, key)
    assert people.invited(token) is None
    assert people.invited(kept) == (place, "Bakery", Role.VIEWER)
    assert {one.id: one.revoked for one in people.invitations(place)}[key]
    assert not {one.id: one.is_open for one in people.invitations(place)}[key]
    assert other != key


def test_a_link_shows_one_canvas_until_it_is_over_or_closed(quick_team: Team) -> None:
    team, shares = quick_team, Shares(quick_team.database)
    canvas = team.canvases.create(team.place, team.ana, CANVAS).document
    key, token = shares.make(canvas, team.ana, timedelta(days=1))
    _, late = shares.make(canvas, team.ana, PAST)
    assert shares.shown(token) == canvas
    assert shares.shown(late) is None
    assert shares.shown("no token") is None
    assert sorted(one.is_open for one in shares.listed(canvas)) == [False, True]
    assert shares.listed("another") == []
    shares.revoke("another", key)
    assert shares.shown(token) == canvas
    shares.revoke(canvas, key)
    assert shares.shown(token) is None
    assert not any(one.is_open for one in shares.listed(canvas))


def test_an_account_that_was_closed_stays_closed(quick_team: Team) -> None:
    from sqlalchemy import update

    from forwhom.workspace.shape import person

    people = quick_team.people
    dee = people.known_elsewhere("Dee", "dee@example.org")
    token = people.open_session(dee)
    with quick_team.database.writing() as connection:
        connection.execute(update(person).where(person.c.id == dee.id).values(left=True))
    with pytest.raises(SourceError, match="This account was closed"):
        people.known_elsewhere("Dee", "dee@example.org")
    assert people.visit(token) is None
