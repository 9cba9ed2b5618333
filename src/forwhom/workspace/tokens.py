"""Tokens with which programs use a workspace: made by a person, and never worth more than they are.

Only a hash of a token is kept. What it may do is asked for anew each time: its scopes, and the role
that its person has in the workspace just then.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import Row, Select, insert, select, update

from forwhom.errors import OptionError
from forwhom.languages.catalog import tr
from forwhom.wording import listed
from forwhom.workspace.database import Database, digest_of, moment_text, new_id, now
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role, role_named
from forwhom.workspace.shape import membership, person, token

#: What a token may be for.
Scope = Literal["read", "write", "data", "members"]
#: The role that its person needs for each.
SCOPES: dict[Scope, Role] = {
    "read": Role.VIEWER,
    "write": Role.EDITOR,
    "data": Role.EDITOR,
    "members": Role.OWNER,
}
#: Longest time that a token lasts, in days, and longest name of one.
LONGEST_DAYS, LONGEST_NAME = 365, 60
#: Found by programs that look for secrets in what people publish.
PREFIX = "forwhom_"
#: A use is written down again after so long.
_ONCE = timedelta(minutes=1)
#: Longest name of somebody who writes, as the log has it.
_AUTHOR = 200


@dataclass(frozen=True)
class Token:
    """A token as its person sees it: everything but the secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    who: Author
    created: str
    expires: str
    #: Empty where it was never used.
    used: str
    revoked: bool

    @property
    def is_open(self) -> bool:
        """Whether it still counts."""
        return not self.revoked and self.expires > now()


@dataclass(frozen=True)
class Bearer:
    """A program that showed a token: for whom it acts, where, and what it may."""

    id: str
    workspace: str
    #: The person with the name of the token behind theirs: what is written down says both.
    who: Author
    role: Role
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether it may do what a scope is for: the token has it, and the person's role does."""
        return scope in self.scopes and self.role >= SCOPES[scope]


class Tokens:
    """The tokens of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(
        self, place: str, who: Author, role: Role, name: str, scopes: Collection[str], days: int
    ) -> tuple[str, str]:
        """Make a token for somebody with a role: its id, and the secret that is shown once."""
        name = " ".join(name.split())
        if not 1 <= len(name) <= LONGEST_NAME:
            raise OptionError(
                tr("A token has a name of 1 to {n} signs.", n=LONGEST_NAME),
                tr("Say what it is for."),
            )
        if not 1 <= days <= LONGEST_DAYS:
            raise OptionError(
                tr("A token lasts 1 to {n} days.", n=LONGEST_DAYS), tr("Type fewer days.")
            )
        key, secret = new_id(), PREFIX + secrets.token_urlsafe(32)
        with self._database.writing() as connection:
            connection.execute(
                insert(token).values(
                    id=key, workspace=place, person=who.id, digest=digest_of(secret), name=name,
                    scopes=" ".join(_checked(scopes, role)), created=now(),
                    expires=moment_text(datetime.now(UTC) + timedelta(days=days)), used="",
                    revoked=False,
                )
            )  # fmt: skip
        return key, secret

    def shown(self, secret: str) -> Bearer | None:
        """Return for whom a program acts that shows a secret; None when it is nobody's any more."""
        wanted = (
            _all()
            .add_columns(membership.c.role)
            .join(
                membership,
                (membership.c.person == token.c.person)
                & (membership.c.workspace == token.c.workspace),
            )
            .where(
                token.c.digest == digest_of(secret), ~token.c.revoked, token.c.expires > now(),
                ~person.c.left,
            )
        )  # fmt: skip
        with self._database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            return None
        self._note_use(row)
        who = Author(row.person, f"{row.called[: _AUTHOR - len(row.name) - 3]} ({row.name})")
        scopes = frozenset(_token(row).scopes)
        return Bearer(row.id, row.workspace, who, role_named(row.role), scopes)

    def listed(self, place: str, whose: str | None = None) -> list[Token]:
        """Return the tokens of a workspace, or those of one person in it, the newest first."""
        wanted = _all().where(token.c.workspace == place).order_by(token.c.created.desc())
        if whose is not None:
            wanted = wanted.where(token.c.person == whose)
        with self._database.reading() as connection:
            return [_token(row) for row in connection.execute(wanted).all()]

    def revoke(self, place: str, key: str) -> None:
        """Let a token count no more, for good."""
        with self._database.writing() as connection:
            connection.execute(
                update(token)
                .where(token.c.workspace == place, token.c.id == key)
                .values(revoked=True)
            )

    def _note_use(self, row: Row[Any]) -> None:
        if row.used > moment_text(datetime.now(UTC) - _ONCE):
            return
        with self._database.writing() as connection:
            connection.execute(update(token).where(token.c.id == row.id).values(used=now()))


def _all() -> Select[Any]:
    return select(token, person.c.name.label("called")).join(person, person.c.id == token.c.person)


def _checked(scopes: Collection[str], role: Role) -> Sequence[Scope]:
    """Return scopes in their order, or refuse those that are none or more than a role has."""
    known = get_args(Scope)
    if not scopes or set(scopes) - set(known):
        raise OptionError(
            tr("It is not said what the token may do."),
            tr("Choose of: {scopes}.", scopes=listed(known, None)),
        )
    more = [one for one in SCOPES if one in scopes and role < SCOPES[one]]
    if more:
        raise OptionError(
            tr("A token may not do more than you: {scopes}.", scopes=listed(more, None)),
            tr("Leave that out, or ask an owner for another role."),
        )
    return [one for one in SCOPES if one in scopes]


def _token(row: Row[Any]) -> Token:
    scopes: Any = tuple(row.scopes.split())
    return Token(
        row.id, row.name, scopes, Author(row.person, row.called), row.created, row.expires,
        row.used, row.revoked,
    )  # fmt: skip
