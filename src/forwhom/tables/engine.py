"""The table engine: the one place that makes DuckDB connections and reads DuckDB's errors."""

import atexit
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.errors import ForwhomError, SourceError

#: Rows that leave the engine at a time.
BATCH = 1 << 15

#: Packages whose errors mean that a table cannot be read.
_ENGINES = ("duckdb", "_duckdb", "polars", "pyarrow", "narwhals", "python_calamine", "pyreadstat",
            "pyspark")  # fmt: skip

#: What engines say of cells that they could not convert or compute with, and how they quote them.
_CONVERTING = re.compile(
    r"(?i)^(?!Binder|Catalog|Parser).*(?:conver|\bcast|parse|out of range|overflow)"
)
_CELL = re.compile(
    r"""(column '[^']*'|column "[^"]*")|\[.*\]|'.*'|"[^"]*"|(?<=with value )\S+"""
    r"""|(?<= \()-?\d[^)]*(?=\))"""
)

#: Nothing is fetched from the network because a query needs it.
NO_DOWNLOADS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false"
}


@cache
def _memory(process: int) -> duckdb.DuckDBPyConnection:  # noqa: ARG001 - a fork has no threads
    """Return a process's database in memory: one budget of memory and threads for all tables."""
    return duckdb.connect(config=NO_DOWNLOADS)


def connect() -> duckdb.DuckDBPyConnection:
    """Return a new connection: what runs or fails on it concerns no other run and no user.

    It costs microseconds; a database would cost 20 ms, and claim most of the memory for itself.
    """
    return _memory(os.getpid()).cursor()


@contextmanager
def reading(
    name: str, advice: str = "", *, unless: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Turn an engine's error into a :class:`SourceError` that names the table."""
    try:
        yield
    except ForwhomError:
        raise
    except Exception as error:
        if isinstance(error, duckdb.FatalException | duckdb.InternalException):
            _memory.cache_clear()  # DuckDB gives up a database after these
        if isinstance(error, unless):
            raise
        origin = type(error).__module__.split(".")[0]
        if origin not in _ENGINES and not isinstance(error, OSError):
            raise
        raise SourceError(f"{name} cannot be read: {first_line(error)}", advice) from error


def first_line(error: BaseException) -> str:
    """Return the first line of an engine's message, without passwords and cells."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return without_cells(without_password(lines[0] if lines else type(error).__name__))


def without_cells(text: str) -> str:
    """Return what an engine says of a cell that it could not convert, without that cell.

    Examples
    --------
    >>> without_cells("Could not convert string 'Ada' to INT32, from column code")
    'Could not convert string … to INT32, from column code'
    >>> without_cells("conversion failed in column 'code' for 1 out of 60 values: ['Ada']")
    "conversion failed in column 'code' for 1 out of 60 values: …"
    """
    if not _CONVERTING.search(text):
        return text
    return _CELL.sub(lambda found: found[1] or "…", text)  # the name of a column stays


def without_password(text: str) -> str:
    """Return a text in which passwords of URIs and connection strings are replaced."""
    text = re.sub(r"(\w+:/{1,3}[^:/@\s]*):.*@", r"\1:***@", text)
    return re.sub(r"(?i)password\s*=\s*('(?:[^'\\]|\\.)*'|\S+)", "password=***", text)


def public_address(address: str) -> str:
    """Return the address of a database as it may be written down: without a password.

    Examples
    --------
    >>> public_address("postgresql://ada:se@cret@host/shop/orders?password=secret&sslmode=require")
    'postgresql://ada@host/shop/orders?sslmode=require'
    """
    scheme, _, rest = address.partition("://")
    if scheme.lower() == "duckdb":
        return address
    front, _, query = rest.partition("?")
    if "@" in query and "@" not in front:  # a password may hold any sign
        front, query = rest, ""
    user, at, place = front.rpartition("@")
    name = user.partition(":")[0]
    parts = query.split("&")
    kept = [one for one in parts if "pass" not in unquote_plus(one.partition("=")[0]).lower()]
    told = f"{scheme}://{name}{at if name else ''}{place}"
    return f"{told}?{'&'.join(kept)}" if any(kept) else told


@cache
def scratch() -> str:
    """Return a folder that only this user can read, removed when the program ends."""
    folder = tempfile.mkdtemp(prefix="forwhom-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def arrow(frame: nw.LazyFrame[Any], name: str) -> pa.Table:
    """Compute a lazy frame and return it as an Arrow table."""
    with reading(name, "Open the file again, or export it anew if it is damaged."):
        return frame.collect(backend="pyarrow").to_native()


def compact(frame: nw.LazyFrame[Any], name: str, *, plain: Collection[str] = ()) -> pa.Table:
    """Compute a frame with text as codes into a dictionary, batch by batch.

    Levels repeat; written out, twenty columns of a million answers take a gigabyte.
    """
    native: Any = frame.to_native()
    if not isinstance(native, duckdb.DuckDBPyRelation):
        return _coded(arrow(frame, name), plain)
    with reading(name, "Open the file again, or export it anew if it is damaged."):
        reader = native.to_arrow_reader(BATCH)
        parts = [_copied(_coded(pa.Table.from_batches([batch]), plain)) for batch in reader]
        return pa.concat_tables(parts) if parts else _coded(reader.schema.empty_table(), plain)


def _coded(table: pa.Table, plain: Collection[str]) -> pa.Table:
    for index, field in enumerate(table.schema):
        text = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
        if text and field.name not in plain:
            codes = table.column(index).cast(pa.string()).dictionary_encode()
            table = table.set_column(index, field.name, codes)
    return table


def _copied(table: pa.Table) -> pa.Table:
    # A column that shares memory with its batch would keep all of the batch's text alive.
    columns = [column.combine_chunks() for column in table.columns]
    copies = [pa.concat_arrays([column, column.slice(0, 0)]) for column in columns]
    return pa.Table.from_arrays(copies, names=table.column_names)


def file_literal(path: Path) -> str:
    """Return the path of one file as an SQL string in which no character is a pattern."""
    if "\\" in path.name:  # the engine takes it for the end of a folder
        plain = Path(scratch()) / f"{sha256(str(path.resolve()).encode()).hexdigest()}{path.suffix}"
        plain.unlink(missing_ok=True)
        plain.symlink_to(path.resolve())
        return literal(str(plain))
    return literal(glob.escape(f"./{path}" if str(path).startswith("~") else str(path)))


def quoted(identifier: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"
