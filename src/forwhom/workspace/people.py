"""Who may do what: people with accounts, their sessions, invitations, and roles in a workspace."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from forwhom.errors import OptionError, SourceError
from forwhom.workspace.database import Database, digest_of, moment_text, new_id, now
from forwhom.workspace.log import Author
from forwhom.workspace.shape import invitation, membership, person, session, workspace

#: How long somebody stays signed in.
SESSION = timedelta(days=30)
#: How long an invitation is open.
INVITATION = timedelta(days=14)
SHORTEST_PASSWORD = 10

# 64 MiB each, the default, would be two gigabytes for thirty people who sign in at once.
_HASHES = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
_AT_ONCE = threading.Semaphore(2)


class Role(IntEnum):
    """What somebody may do in a workspace; each may do what those before it may."""

    VIEWER = 1
    COMMENTER = 2
    EDITOR = 3
    OWNER = 4


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in: who, and the secret that their forms must bring back."""

    who: Author
    secret: str


@dataclass(frozen=True)
class Invitation:
    """A link that lets people in."""

    id: str
    role: Role
    made_by: str
    created: str
    expires: str
    revoked: bool

    @property
    def is_open(self) -> bool:
        """Whether it still lets somebody in."""
        return not self.revoked and self.expires > now()


def role_named(name: str) -> Role:
    """Return a role by its name."""
    try:
        return Role[name.upper()]
    except KeyError:
        known = ", ".join(one.name.lower() for one in Role)
        raise OptionError(f"There is no role {name!r}.", f"Expected one of: {known}.") from None


class People:
    """The people of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enroll(self, name: str, email: str | None = None, password: str | None = None) -> Author:
        """Make an account; without a password it is one of this machine alone."""
        name = _named(name)
        hashed = None
        if password is not None:
            email = _address(email)
            _check_password(password)
            with _AT_ONCE:
                hashed = _HASHES.hash(password)
        who = Author(new_id(), name)
        made = insert(person).values(
            id=who.id, name=name, email=email, password=hashed, created=now(), left=False
        )
        with self._database.writing() as connection:
            try:
                connection.execute(made)
            except IntegrityError:  # outside of this block, it is any error of a database
                raise OptionError(
                    f"Somebody has an account with {email} already.", "Sign in with it."
                ) from None
        return who

    def of_this_machine(self) -> Author:
        """Return the one person of a server that nobody else can reach; made when missing."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(person.c.id, person.c.name)
                .where(person.c.password.is_(None), person.c.email.is_(None), ~person.c.left)
                .order_by(person.c.created)
                .limit(1)
            ).one_or_none()
        return self.enroll("You") if row is None else Author(row.id, row.name)

    def known_elsewhere(self, name: str, email: str) -> Author:
        """Return who has an address that somebody else has made sure of; made when missing."""
        address = _address(email)
        with self._database.reading() as connection:
            row = connection.execute(
                select(person.c.id, person.c.name, person.c.left).where(person.c.email == address)
            ).one_or_none()
        if row is not None and row.left:
            raise SourceError("This account was closed.", "Ask an owner.")
        return self.enroll(name, address) if row is None else Author(row.id, row.name)

    def any_account(self) -> bool:
        """Whether anybody has an account."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(person.c.id).where(person.c.email.is_not(None)).limit(1)
            )
            return found.first() is not None

    def signed_in(self, email: str, password: str) -> Author | None:
        """Return whose address and password these are; None when they are nobody's."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(person).where(person.c.email == email.strip().lower(), ~person.c.left)
            ).one_or_none()
        # The same work for an address that nobody has, so that time tells nothing.
        known = _NOBODY if row is None or row.password is None else row.password
        with _AT_ONCE:
            right = _HASHES.verify(password, known)
        return Author(row.id, row.name) if right and row is not None and row.password else None

    def open_session(self, who: Author) -> str:
        """Let somebody in, and return the token that only their browser knows."""
        token = secrets.token_urlsafe(32)
        until = datetime.now(UTC) + SESSION
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.expires < now()))
            connection.execute(
                insert(session).values(
                    token=digest_of(token), person=who.id, secret=secrets.token_urlsafe(32),
                    created=now(), expires=moment_text(until),
                )
            )  # fmt: skip
        return token

    def visit(self, token: str) -> Visit | None:
        """Return who a session is of; None when it is over."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(person.c.id, person.c.name, session.c.secret)
                .join(person, person.c.id == session.c.person)
                .where(
                    session.c.token == digest_of(token), session.c.expires > now(), ~person.c.left
                )
            ).one_or_none()
        return None if row is None else Visit(Author(row.id, row.name), row.secret)

    def close_session(self, token: str) -> None:
        """End one session."""
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.token == digest_of(token)))

    def close_sessions(self, who: str) -> None:
        """End all sessions of a person."""
        with self._database.writing() as connection:
            connection.execute(delete(session).where(session.c.person == who))

    def role(self, place: str, who: str) -> Role | None:
        """Return what somebody is in a workspace; None for a stranger."""
        with self._database.reading() as connection:
            found = connection.execute(
                select(membership.c.role).where(
                    membership.c.workspace == place, membership.c.person == who
                )
            ).scalar_one_or_none()
        return None if found is None else role_named(found)

    def join(self, place: str, who: str, role: Role) -> None:
        """Make somebody a member, or give a member a higher role."""
        if (self.role(place, who) or 0) >= role:
            return
        with self._database.writing() as connection:
            connection.execute(
                delete(membership).where(
                    membership.c.workspace == place, membership.c.person == who
                )
            )
            connection.execute(
                insert(membership).values(workspace=place, person=who, role=role.name.lower())
            )

    def assign(self, place: str, who: str, role: Role) -> None:
        """Give a member another role; one owner stays."""
        if role is not Role.OWNER:
            self._check_not_last(place, who)
        with self._database.writing() as connection:
            connection.execute(
                update(membership)
                .where(membership.c.workspace == place, membership.c.person == who)
                .values(role=role.name.lower())
            )

    def rename(self, who: str, name: str) -> None:
        """Change the name under which others see a person; what is written keeps the old one."""
        with self._database.writing() as connection:
            connection.execute(update(person).where(person.c.id == who).values(name=_named(name)))

    def name_workspace(self, place: str, name: str) -> None:
        """Give a workspace another name."""
        with self._database.writing() as connection:
            connection.execute(
                update(workspace).where(workspace.c.id == place).values(name=_named(name))
            )

    def workspace_name(self, place: str) -> str:
        """Return what a workspace is called."""
        with self._database.reading() as connection:
            found = select(workspace.c.name).where(workspace.c.id == place)
            return str(connection.execute(found).scalar_one())

    def leave(self, place: str, who: str) -> None:
        """Take somebody out of a workspace; the last owner stays."""
        self._check_not_last(place, who)
        with self._database.writing() as connection:
            connection.execute(
                delete(membership).where(
                    membership.c.workspace == place, membership.c.person == who
                )
            )

    def _check_not_last(self, place: str, who: str) -> None:
        owners = [one.id for one, role in self.members(place) if role is Role.OWNER]
        if owners == [who]:
            raise OptionError(
                "This is the only owner of the workspace.", "Make somebody else an owner first."
            )

    def members(self, place: str) -> list[tuple[Author, Role]]:
        """Return who is in a workspace, and as what."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(person.c.id, person.c.name, membership.c.role)
                .join(person, person.c.id == membership.c.person)
                .where(membership.c.workspace == place)
                .order_by(person.c.name)
            ).all()
        return [(Author(row.id, row.name), role_named(row.role)) for row in rows]

    def new_workspace(self, name: str, owner: Author | None = None) -> str:
        """Make a workspace, and return its id; the first one who joins may be its owner."""
        key = new_id()
        with self._database.writing() as connection:
            connection.execute(
                insert(workspace).values(id=key, name=_named(name), created=now(), sequence=0)
            )
        if owner is not None:
            self.join(key, owner.id, Role.OWNER)
        return key

    def first_workspace(self) -> str | None:
        """Return the oldest workspace; None where there is none."""
        with self._database.reading() as connection:
            return connection.execute(
                select(workspace.c.id).order_by(workspace.c.created).limit(1)
            ).scalar_one_or_none()

    def workspaces(self, who: str) -> list[tuple[str, str, Role]]:
        """Return the workspaces of a person: id, name and role."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(workspace.c.id, workspace.c.name, membership.c.role)
                .join(membership, membership.c.workspace == workspace.c.id)
                .where(membership.c.person == who)
                .order_by(workspace.c.created)
            ).all()
        return [(row.id, row.name, role_named(row.role)) for row in rows]

    def invite(
        self, place: str, role: Role, by: Author, lasting: timedelta = INVITATION
    ) -> tuple[str, str]:
        """Make a link that lets people in: its id, and the token that only the link holds."""
        key, token = new_id(), secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            connection.execute(
                insert(invitation).values(
                    id=key, workspace=place, token=digest_of(token), role=role.name.lower(),
                    made_by=by.name, created=now(),
                    expires=moment_text(datetime.now(UTC) + lasting), revoked=False,
                )
            )  # fmt: skip
        return key, token

    def invited(self, token: str) -> tuple[str, str, Role] | None:
        """Return the workspace, its name and the role that a link gives; None when it is over."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(workspace.c.id, workspace.c.name, invitation.c.role)
                .join(workspace, workspace.c.id == invitation.c.workspace)
                .where(
                    invitation.c.token == digest_of(token), ~invitation.c.revoked,
                    invitation.c.expires > now(),
                )
            ).one_or_none()  # fmt: skip
        return None if row is None else (row.id, row.name, role_named(row.role))

    def invitations(self, place: str) -> list[Invitation]:
        """Return the links of a workspace, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(invitation)
                .where(invitation.c.workspace == place)
                .order_by(invitation.c.created.desc())
            ).all()
        return [
            Invitation(r.id, role_named(r.role), r.made_by, r.created, r.expires, r.revoked)
            for r in rows
        ]

    def revoke(self, place: str, key: str) -> None:
        """Close a link for good."""
        with self._database.writing() as connection:
            connection.execute(
                update(invitation)
                .where(invitation.c.workspace == place, invitation.c.id == key)
                .values(revoked=True)
            )


_NOBODY = _HASHES.hash(secrets.token_urlsafe(16))


def _named(name: str) -> str:
    name = " ".join(name.split())[:200]
    if not name:
        raise OptionError("A name is missing.", "Type one.")
    return name


def _address(email: str | None) -> str:
    text = (email or "").strip().lower()
    before, at, after = text.partition("@")
    if not (before and at and "." in after) or " " in text or len(text) > 320:
        raise OptionError(
            f"{email!r} is no e-mail address.", "Expected one such as ana@example.org."
        )
    return text


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise OptionError(
            f"This password has {len(password)} characters.",
            f"Expected at least {SHORTEST_PASSWORD}; a sentence is easy to remember.",
        )
