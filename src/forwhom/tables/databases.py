"""Tables in DuckDB files and PostgreSQL databases."""

import contextlib
import importlib.util
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import duckdb

from forwhom.errors import DriverMissing, SourceError, SourceMissing, nearest
from forwhom.tables.engine import (
    NO_DOWNLOADS,
    first_line,
    literal,
    quoted,
    scratch,
    without_password,
)

_ADVICE = "Check the address, the user's rights, and that no other program holds it open."

#: What an address may say about the connection: nothing that runs commands or reads other files.
_OPTIONS = frozenset(
    ["host", "port", "user", "password", "dbname", "sslmode", "connect_timeout", "application_name"]
)

#: A view in a file from elsewhere reads no other file, and no page of a server.
_ALONE = NO_DOWNLOADS | {"enable_external_access": "false"}

_counter = itertools.count(1)


#: The connection, the rows, and the comments of columns.
Opened: TypeAlias = tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyRelation, dict[str, str]]


@dataclass(frozen=True)
class _Place:
    """A database: its connection, its name, how to list its tables and the comments of columns."""

    session: duckdb.DuckDBPyConnection
    name: str
    listing: str
    comments: Callable[[str, str], str]  # of a schema and a table, as SQL
    schema: str


def read_duckdb(uri: str) -> Opened:
    """Open ``duckdb://file.db/table`` (or ``.../schema.table``), read-only."""
    path, _, table = uri.partition("://")[2].rpartition("/")
    if not path or not table:
        raise SourceError(
            f"{uri} does not name a file and a table.", "Write duckdb://file.db/table."
        )
    if not Path(path).is_file():
        shown = without_password(path)
        raise SourceMissing(f"There is no file {shown}.", "Write duckdb://file.db/table.")
    file = str(Path(path).resolve())
    try:
        session = _opened(file)
    except duckdb.Error as error:
        raise SourceError(f"{path} cannot be opened: {first_line(error)}", _ADVICE) from None
    listing = (
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_catalog = current_database()"
    )

    def comments(schema: str, table: str) -> str:
        return (
            "SELECT column_name, comment FROM duckdb_columns() WHERE database_name = "
            f"current_database() AND schema_name = {literal(schema)} "
            f"AND table_name = {literal(table)}"
        )

    return _table(_Place(session, path, listing, comments, "main"), unquote(table))


def _opened(file: str) -> duckdb.DuckDBPyConnection:
    """Open a file for reading, or in the way in which this program has it open already."""
    with contextlib.suppress(duckdb.ConnectionException):
        return duckdb.connect(file, read_only=True, config=_ALONE)
    with contextlib.suppress(duckdb.ConnectionException):
        return duckdb.connect(file, read_only=True)
    return duckdb.connect(file)


def read_postgres(uri: str) -> Opened:
    """Open ``postgresql://user:password@host:port/database/table``, read-only.

    The table may have its schema (``sales.customers``); options of the connection follow a
    question mark (``?host=/var/run/postgresql``).
    """
    parts = urlsplit(uri)
    shown = without_password(uri)
    database, _, table = parts.path.strip("/").partition("/")
    if not database or not table:
        raise SourceError(
            f"{shown} does not name a database and a table.",
            "Write postgresql://user:password@host/database/table.",
        )
    try:
        port = parts.port
    except ValueError as error:
        raise SourceError(f"{shown}: the port is not a number.", "Write host:5432.") from error
    options = _options(parts, port, shown)
    told = " ".join(f"{key}={_escaped(value)}" for key, value in options.items() if value)
    asked = (
        "SELECT table_schema, table_name FROM information_schema.tables "
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    listing = f"FROM postgres_query('server', {literal(asked)})"
    name = f"the database {unquote(database)}"

    def comments(schema: str, table: str) -> str:
        asked = (
            "SELECT column_name, col_description(format('%I.%I', table_schema, table_name)"
            "::regclass, ordinal_position) AS comment FROM information_schema.columns "
            f"WHERE table_schema = {literal(schema)} AND table_name = {literal(table)}"
        )
        return f"FROM postgres_query('server', {literal(asked)})"

    server = _server(told, shown)
    return _table(_Place(server, name, listing, comments, "public"), unquote(table))


def _options(parts: SplitResult, port: int | None, shown: str) -> dict[str, object]:
    """Return what an address says about the connection, its password in a file."""
    options: dict[str, object] = {
        "host": parts.hostname and unquote(parts.hostname),
        "port": port,
        "user": parts.username and unquote(parts.username),
        "dbname": unquote(parts.path.strip("/").partition("/")[0]),
        **dict(parse_qsl(parts.query)),
    }
    strange = [key for key in options if key not in _OPTIONS]
    if strange:
        raise SourceError(
            f"{shown} sets the option {strange[0]!r} of the driver, which an address may not.",
            f"It may set {', '.join(sorted(_OPTIONS))}.",
        )
    password = str(options.pop("password", "") or unquote(parts.password or ""))
    if password:
        options["passfile"] = _password_file(password)
    return options


@cache
def _password_file(password: str) -> str:
    """Return a file that only this user can read; engines put connection strings in messages."""
    path = Path(scratch()) / f"{next(_counter)}.pgpass"
    path.touch(mode=0o600)
    escaped = password.replace("\\", "\\\\").replace(":", "\\:")
    path.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
    return str(path)


def _escaped(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _server(told: str, shown: str) -> duckdb.DuckDBPyConnection:
    """Return a database of its own: a server that goes away must not break other tables."""
    server = duckdb.connect(config=NO_DOWNLOADS)
    _load_postgres(server)
    try:
        server.execute(f"ATTACH {literal(told)} AS server (TYPE postgres, READ_ONLY); USE server")
    except duckdb.Error as error:
        raise SourceError(f"{shown} cannot be opened: {first_line(error)}", _ADVICE) from None
    return server


def _load_postgres(server: duckdb.DuckDBPyConnection) -> None:
    package = "duckdb_extension_postgres_scanner"
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec else []
    name = "postgres_scanner.duckdb_extension"
    file = Path(*folders[:1], "extensions", f"v{duckdb.__version__}", name)
    try:
        if folders and file.is_file():
            server.execute(f"LOAD {literal(str(file))}")
        else:
            server.execute("LOAD postgres")
    except duckdb.Error as error:
        raise DriverMissing(
            f"Reading PostgreSQL needs an extension of DuckDB {duckdb.__version__} that is not "
            "installed.",
            "Install it with: pip install 'forwhom[postgres]'",
        ) from error


def _table(place: _Place, table: str) -> Opened:
    schema = place.schema
    if "." in table:
        schema, _, table = table.partition(".")
    try:
        rows = place.session.sql(f"FROM {quoted(schema)}.{quoted(table)}")
        comments = place.session.execute(place.comments(schema, table)).fetchall()
        return place.session, rows, {column: said for column, said in comments if said}
    except duckdb.CatalogException:
        found = place.session.execute(place.listing).fetchall()
    except duckdb.Error as error:
        raise SourceError(f"{place.name} cannot be read: {first_line(error)}", _ADVICE) from None
    names = sorted(t if s in ("main", "public") else f"{s}.{t}" for s, t in found)
    listed = f"It has: {', '.join(names[:20])}." if names else "It has no tables."
    raise SourceMissing(
        f"There is no table {table!r} in {place.name}.", nearest(table, names) or listed
    )
