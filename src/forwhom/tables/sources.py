from __future__ import annotations

import glob
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet

from forwhom.documents.files import path_meant
from forwhom.errors import DataError, SourceError, SourceMissing, nearest
from forwhom.suffixes import TABLES, ends_with
from forwhom.tables.archives import ZIP, unpacked
from forwhom.tables.databases import read_duckdb, read_postgres
from forwhom.tables.delimited import read_delimited
from forwhom.tables.engine import connect, file_literal, reading, without_password
from forwhom.tables.frames import Table, addressable, check_names, table_of
from forwhom.tables.indexes import index_columns
from forwhom.tables.labels import told_by_fields
from forwhom.tables.statistical import read_statistical
from forwhom.tables.workbooks import read_workbook

_DELIMITED = (*TABLES["CSV"], *TABLES["TSV"])
_STATISTICAL = tuple(end for kind in ("SPSS", "Stata", "SAS") for end in TABLES[kind])
_PARQUET, _WORKBOOKS = TABLES["Parquet"], TABLES["Excel"]


def open_table(source: object, *, name: str | None = None) -> Table:
    """Open a table lazily: nothing but its schema is read until an answer is computed.

    Text files are the exception: they are read once, and held by DuckDB, in memory or on disk.

    Parameters
    ----------
    source
        A CSV, TSV (also ``.gz``), Parquet, Excel (``file.xlsx#Sheet``), SPSS, Stata or SAS file,
        or one in an archive (``export.zip#orders.csv``);
        a folder or glob of Parquet or CSV files; ``duckdb://file.db/table``;
        ``postgresql://user:password@host/database/table``; or a pandas, Polars, PyArrow, DuckDB
        or other table that narwhals supports, such as one of Spark.
    name
        What messages call the table; left out, it is taken from the source.

    Returns
    -------
    Table
        Missing values are null: empty cells, ``NA``, ``N/A``, ``NULL`` of text files, NaN of
        floats, empty text. ``notes`` says what was decided where the source left room.
        Tables may be opened in many threads at once; each serves one thread at a time.

    Raises
    ------
    SourceMissing
        The file, sheet or database table does not exist.
    SourceError
        It cannot be read.
    DataError
        It is empty, or several columns have the same name.
    DriverMissing
        An optional package is needed.

    Examples
    --------
    >>> import pyarrow as pa
    >>> open_table(pa.table({"visits": [3, 1]}), name="shop").columns
    ['visits']
    """
    if not isinstance(source, str | Path):
        return table_of(source, name or (source.name if isinstance(source, Table) else "the table"))
    text = str(source)
    if "://" in text:
        return _database(text, name)
    path, sheet = _sheet(text)
    called = name or Path(text).name or text
    session = connect()
    if ends_with(path, _WORKBOOKS) and path.is_file():
        rows, labels, notes, signs = read_workbook(session, path, sheet, called)
        return _with_signs(_table(session, rows, labels, called, notes, stored=True), signs)
    if ends_with(path, ZIP) and path.is_file():
        return open_table(unpacked(path, sheet), name=name or (Path(sheet or text).name))
    if ends_with(path, _STATISTICAL) and path.is_file():
        rows, said = read_statistical(session, path, called)
        table = _table(session, rows, said.labels, called, said.notes, stored=True)
        levels = {addressable(column): order for column, order in said.levels.items()}
        return replace(table, levels=levels, weight=addressable(said.weight))
    return _files(session, text, _found(text), called)


def _table(
    session: duckdb.DuckDBPyConnection,
    rows: duckdb.DuckDBPyRelation,
    labels: Mapping[str, str],
    name: str,
    notes: Sequence[str] = (),
    *,
    stored: bool,
) -> Table:
    table = table_of(rows, name)
    notes = (*notes, *table.notes)
    labels = {addressable(column): label for column, label in labels.items()}
    return replace(table, labels=labels, notes=notes, stored=stored, session=session, at_home=True)


def _with_signs(table: Table, signs: Mapping[str, str]) -> Table:
    return replace(table, signs={addressable(name): sign for name, sign in signs.items()})


def _database(uri: str, name: str | None) -> Table:
    scheme = uri.partition("://")[0].lower()
    called = name if name and "://" not in name else uri.partition("?")[0].rpartition("/")[2]
    if scheme == "duckdb":
        return _table(*read_duckdb(uri), called, stored=True)
    if scheme in ("postgresql", "postgres"):
        return _table(*read_postgres(uri), called, stored=False)
    raise SourceError(
        f"{without_password(uri)}: tables at {scheme}:// cannot be opened.",
        "Give a file, duckdb://file.db/table or postgresql://user:password@host/database/table.",
    )


def _sheet(text: str) -> tuple[Path, str | None]:
    if "#" in text and not Path(text).exists():
        file, _, sheet = text.rpartition("#")
        if ends_with(file, (*_WORKBOOKS, *ZIP)):
            return Path(file), sheet
    return Path(text), None


def _found(text: str) -> list[Path]:
    """Return the files behind a path, folder or glob."""
    path = path_meant(text)
    if path.is_file():
        return [path]
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
        tables = [p for p in files if ends_with(p, _PARQUET)] or [
            p for p in files if ends_with(p, _DELIMITED)
        ]
        if not tables:
            raise SourceError(
                f"The folder {text} holds no tables.",
                "Give a folder with Parquet or CSV files, or the path of one file.",
            )
        return tables
    if any(sign in text for sign in "*?["):
        matches = [Path(m) for m in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207
        files = [m for m in matches if m.is_file()]
        if files:
            return files
        raise SourceMissing(f"No file matches {text}.", "Check the folder and the pattern.")
    if path.exists() or path.is_symlink():
        what = "a pipe or a device" if path.exists() else "a link to a file that is not there"
        raise SourceError(f"{text} is {what}.", "Save the table as a file, and give its path.")
    raise SourceMissing(f"There is no file {without_password(text)}.", _suggestion(path))


def is_called_table(source: str, home: Path | None = None) -> bool:
    """Whether a file that somebody else named is a table, by its name or its first bytes.

    Any text can be read as a table of one column, and messages tell what columns are called. What
    is behind a link that leads out of ``home`` must be called one, too.
    """
    try:
        found = _found(str(_sheet(source)[0]))
    except SourceError:  # what is wrong is said when it is opened
        return True
    home = Path(home or "").resolve()
    return all(_is_called_table(one, home) for one in found)


def _is_called_table(path: Path, home: Path) -> bool:
    if not path.is_file():
        return True
    known = tuple(end for ends in TABLES.values() for end in ends) + ZIP
    meant = path.resolve()
    called = ends_with(path, known) and (meant.is_relative_to(home) or ends_with(meant, known))
    return called or _is_parquet(path)


def files_in(folder: Path) -> list[Path]:
    """Return every file in a folder that may be a table, without hidden ones."""
    known = tuple(end for ends in TABLES.values() for end in ends)
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not _hidden(p, folder))
    return [file for file in files if ends_with(file, known)]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _suggestion(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"The folder {without_password(str(folder))} does not exist either."
    names = [entry.name for entry in os.scandir(folder)]
    guess = nearest(path.name, names)
    tables = sorted(
        n for n in names if ends_with(n, (*_DELIMITED, *_PARQUET, *_WORKBOOKS, *_STATISTICAL))
    )
    return guess or (f"Tables there: {', '.join(tables[:10])}." if tables else "Check the path.")


def _files(
    session: duckdb.DuckDBPyConnection, text: str, files: Sequence[Path], name: str
) -> Table:
    if all(ends_with(file, _PARQUET) or _is_parquet(file) for file in files):
        rows, labels, index = _parquet(session, files, text)
        table = _table(session, rows, labels, name, stored=True)
        return replace(table, index=tuple(map(addressable, index)))
    if any(ends_with(file, (*_PARQUET, *_WORKBOOKS)) for file in files):
        raise SourceError(
            f"{text} matches files of different kinds.", "Give only Parquet, or only CSV files."
        )
    rows, labels, notes, signs = read_delimited(session, files, name)
    return _with_signs(_table(session, rows, labels, name, notes, stored=True), signs)


def _is_parquet(file: Path) -> bool:
    try:
        with file.open("rb") as raw:
            return raw.read(4) == b"PAR1"
    except OSError as error:
        raise SourceError(
            f"{file} cannot be read: {error.strerror}.", "Check its rights."
        ) from error


def _parquet(
    session: duckdb.DuckDBPyConnection, files: Sequence[Path], name: str
) -> tuple[duckdb.DuckDBPyRelation, dict[str, str], tuple[str, ...]]:
    for file in files:
        if file.stat().st_size == 0:
            raise DataError(f"{file} is empty.", "Check that the export was complete.")
    listed = ", ".join(file_literal(file) for file in files)
    advice = "The file is damaged or cut off; copy or export it again."
    several = str(len(files) > 1).lower()
    # A file is what stands in it; below a folder, names of folders are columns.
    folders = str(not path_meant(name).is_file()).lower()
    with reading(name, advice):
        names = session.execute(
            f"SELECT name FROM parquet_schema({file_literal(files[0])}) WHERE num_children IS NULL"
        ).fetchall()  # fmt: skip
        rows = session.sql(
            f"FROM read_parquet([{listed}], union_by_name={several}, hive_partitioning={folders})"
        )
    if len(names) == len(rows.columns):
        check_names([row[0] for row in names], name)
    with reading(name, advice):
        schema = pyarrow.parquet.read_schema(files[0])
    return rows, told_by_fields(schema), index_columns(schema.names, schema)
