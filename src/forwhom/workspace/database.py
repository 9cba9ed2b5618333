"""The database: SQLite in a file, or PostgreSQL; who writes, writes alone."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError

from forwhom.errors import DriverMissing, OptionError, OutputError, SourceError, SourceMissing

_WRITES = "writes"
#: How long somebody waits for others who write, in seconds.
_PATIENCE = 30


class Database:
    """A database by its address: ``sqlite:///path`` or ``postgresql://…``, or a path."""

    def __init__(self, address: str | Path) -> None:
        self.address = address_of(address)
        self.is_sqlite = self.address.startswith("sqlite")
        self.engine = _engine(self.address)
        # SQLite lets those who wait try again at random: somebody may wait for seconds.
        self._turn = threading.Lock() if self.is_sqlite else None
        self._listeners: list[Callable[[], None]] = []

    def listen(self, tell: Callable[[], None]) -> None:
        """Call something after each change of this process, in the thread that wrote it."""
        self._listeners.append(tell)

    def forget(self, tell: Callable[[], None]) -> None:
        """Call it no more."""
        self._listeners.remove(tell)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database."""
        with self._told(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept all together, or not at all."""
        with self._told(), self._in_turn(), self.engine.connect() as opened:
            connection = opened.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection
        for tell in tuple(self._listeners):
            tell()

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        with self._turn:
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DataError, OverflowError) as error:
            raise OptionError(
                "This has a number or a sign that no database keeps.", "Leave it out."
            ) from error
        except DBAPIError as error:
            said = str(error.orig).strip().splitlines()[0]
            if "not a database" in said:
                raise SourceError(
                    f"{self.address.removeprefix('sqlite:///')} is no database.",
                    "Name another file with --database; this one was left as it is.",
                ) from error
            advice = "Try again; if it stays so, look at the server of the database."
            if self.is_sqlite:
                advice = "Is the disk full, or does another program hold the file?"
            raise OutputError(f"The database did not answer: {said}.", advice) from error


def existing(place: str | Path) -> Database:
    """Open a database that is there; a path at which none is would make an empty one."""
    if "://" not in str(place) and not Path(place).is_file():
        raise SourceMissing(f"There is no database {place}.", "Name one with --database.")
    return Database(place)


def address_of(place: str | Path) -> str:
    """Return the address of a database for SQLAlchemy; a path is a file of SQLite."""
    text = str(place)
    if "://" not in text:
        return f"sqlite:///{text}"
    for scheme in ("postgresql://", "postgres://"):
        if text.startswith(scheme):
            return "postgresql+psycopg://" + text.removeprefix(scheme)
    return text


def now() -> str:
    """Return this moment in UTC, to the microsecond, as text that sorts in time."""
    return moment_text(datetime.now(UTC))


def moment_text(moment: datetime) -> str:
    """Return a moment in UTC as `now` writes it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def new_id() -> str:
    """Return an id that nobody guesses."""
    return secrets.token_hex(8)


def digest_of(secret: str) -> str:
    """Return what is kept of a secret with enough chance in it: it cannot be found from this."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _engine(address: str) -> Engine:
    if not address.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise OptionError(
            f"There is no database at {address.split('://', maxsplit=1)[0]!r}.",
            "Expected the path of a file, or postgresql://user@host/name.",
        )
    url = _url(address)
    if url.drivername != "sqlite":
        try:
            return create_engine(url, pool_size=20, max_overflow=20, pool_pre_ping=True)
        except (ImportError, NoSuchModuleError) as error:
            raise DriverMissing(
                "PostgreSQL needs a driver that is not installed.",
                "Run: pip install 'forwhom[team]'.",
            ) from error
    if url.database and url.database != ":memory:" and not Path(url.database).parent.is_dir():
        raise SourceError(
            f"{url.database}: its folder is not there.", "Make the folder, or name another."
        )
    engine = create_engine(url, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _opened)
    event.listen(engine, "begin", _begun)
    return engine


def _url(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        # What was typed may hold a password, so it is not repeated.
        raise OptionError(
            "This is no address of a database.",
            "Expected postgresql://user:password@host:port/name.",
        ) from None


def _opened(connection: Any, _: Any) -> None:
    # The driver's own transactions would leave reads outside; `_begun` begins them.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    # A write that begins as a read and finds that another has written can only fail.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
