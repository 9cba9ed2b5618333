"""Programs with tokens: of any scopes, for a person with any role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import Team, loop

from forwhom.web.app import app_of
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role
from forwhom.workspace.tokens import SCOPES

HERE = "http://127.0.0.1:8321"


class Program(TestClient):
    """A program that uses the API with a token, and knows of no cookie."""

    def __init__(self, team: Team, token: str = "", **more: Any) -> None:
        super().__init__(app_of(team.parts), base_url=f"{HERE}/api/v1", **more)
        self.portal = loop()
        self.place = f"workspaces/{team.place}"
        if token:
            self.headers["authorization"] = f"Bearer {token}"


def token_of(team: Team, who: Author, role: Role, *scopes: str, place: str = "") -> str:
    """Make a token; without scopes, for all that the role may."""
    wanted = scopes or [one for one in SCOPES if role >= SCOPES[one]]
    made = team.parts.tokens.make(place or team.place, who, role, "nightly", wanted, 30)
    return made[1]


@pytest.fixture
def program(team: Team) -> Program:
    """A program of the owner of this machine, without any account, that may do everything."""
    return Program(team, token_of(team, team.who, Role.OWNER))


@pytest.fixture
def person(team: Team) -> Callable[[Role], Author]:
    """Return somebody with a role."""

    def made(role: Role) -> Author:
        name = role.name.lower()
        who = team.parts.people.enroll(name, f"{name}@example.org", "a long password")
        team.parts.people.join(team.place, who.id, role)
        return who

    return made
