"""Tables in DuckDB files and PostgreSQL databases."""

from __future__ import annotations

import importlib.util
import itertools
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import duckdb

from forwhom.errors import DriverMissing, SourceError, SourceMissing, nearest
from forwhom.tables.engine import connection, first_line, literal, quoted, without_password

_counter = itertools.count(1)
_attached: dict[str, str] = {}


def read_duckdb(uri: str) -> duckdb.DuckDBPyRelation:
    """Open ``duckdb://file.db/table`` (or ``.../schema.table``), read-only.

    Raises
    ------
    SourceMissing
        There is no such file or table.
    SourceError
        The file is no DuckDB database, or another program holds it.
    """
    path, _, table = uri.removeprefix("duckdb://").rpartition("/")
    if not path or not table:
        raise SourceError(
            f"{uri} does not name a file and a table.", "Write duckdb://file.db/table."
        )
    if not Path(path).is_file():
        raise SourceMissing(f"There is no file {path}.", "Write duckdb://file.db/table.")
    alias = _attach(f"{literal(str(Path(path).resolve()))}", "READ_ONLY", path)
    return _table(alias, unquote(table), path)


def read_postgres(uri: str) -> duckdb.DuckDBPyRelation:
    """Open ``postgresql://user:password@host:port/database/table``, read-only.

    The table may have its schema (``sales.customers``); options of the connection follow a
    question mark (``?host=/var/run/postgresql``).

    Raises
    ------
    DriverMissing
        The extension that reads PostgreSQL is not there.
    SourceMissing
        The database has no such table.
    SourceError
        The server cannot be reached or refuses the user; messages never hold the password.
    """
    parts = urlsplit(uri)
    shown = without_password(uri)
    database, _, table = parts.path.strip("/").partition("/")
    if not database or not table:
        raise SourceError(
            f"{shown} does not name a database and a table.",
            "Write postgresql://user:password@host/database/table.",
        )
    _load_postgres()
    try:
        port = parts.port
    except ValueError as error:
        raise SourceError(f"{shown}: the port is not a number.", "Write host:5432.") from error
    options = {
        "host": parts.hostname and unquote(parts.hostname),
        "port": port,
        "user": parts.username and unquote(parts.username),
        "password": parts.password and unquote(parts.password),
        "dbname": unquote(database),
        **dict(parse_qsl(parts.query)),
    }
    told = " ".join(f"{key}={_escaped(value)}" for key, value in options.items() if value)
    alias = _attach(literal(told), "TYPE postgres, READ_ONLY", shown)
    return _table(alias, unquote(table), without_password(uri.rpartition("/")[0]), "public")


def _escaped(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _load_postgres() -> None:
    package = "duckdb_extension_postgres_scanner"
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec else []
    name = "postgres_scanner.duckdb_extension"
    file = Path(*folders[:1], "extensions", f"v{duckdb.__version__}", name)
    source = literal(str(file)) if folders and file.is_file() else "postgres"
    try:
        if source == "postgres":
            connection().execute("INSTALL postgres")
        connection().execute(f"LOAD {source}")
    except duckdb.Error as error:
        raise DriverMissing(
            f"Reading PostgreSQL needs an extension of DuckDB {duckdb.__version__} that is not "
            "installed.",
            "Install it with: pip install 'forwhom[postgres]'",
        ) from error


def _attach(target: str, options: str, shown: str) -> str:
    if target in _attached:
        return _attached[target]
    alias = f"forwhom_source_{next(_counter)}"
    try:
        connection().execute(f"ATTACH {target} AS {alias} ({options})")
    except duckdb.Error as error:
        message = first_line(error)
        raise SourceError(
            f"{shown} cannot be opened: {message}",
            "Check the address, the user's rights, and that no other program holds it open.",
        ) from None  # the original message may hold the password
    _attached[target] = alias
    return alias


def _table(alias: str, table: str, where: str, schema: str = "main") -> duckdb.DuckDBPyRelation:
    if "." in table:
        schema, _, table = table.partition(".")
    found = connection().execute(
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ?",
        [alias],
    ).fetchall()  # fmt: skip
    if (schema, table) not in found:
        names = [t if s in ("main", "public") else f"{s}.{t}" for s, t in found]
        listed = ", ".join(sorted(names)[:20]) or "no tables"
        raise SourceMissing(
            f"There is no table {table!r} in {where}.",
            nearest(table, names) or f"It has: {listed}.",
        )
    return connection().sql(f"FROM {alias}.{quoted(schema)}.{quoted(table)}")
