"""Several tables behind one path: a folder, a workbook with sheets, an archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from forwhom.documents.files import path_meant
from forwhom.errors import ForwhomError
from forwhom.suffixes import TABLES, ends_with
from forwhom.tables import open_table
from forwhom.tables.archives import ZIP, inner_archives, tables_in
from forwhom.tables.sources import files_in
from forwhom.tables.workbooks import sheets_of

#: A folder with more files than this holds parts of one table.
_MOST_FILES = 40


def several_tables(named: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
    """Return each table behind the paths that were given by a name of its own, and what to note."""
    found: dict[str, object] = {}
    notes: list[str] = []
    for name, source in named.items():
        notes += _packed_twice(source)
        parts = list(_parts(str(source))) if isinstance(source, str | Path) else []
        tables: dict[str, object] = {part: part for part in parts if _is_table(part, notes)}
        found |= tables or {name: source}
    return found, notes


def _packed_twice(source: object) -> Iterator[str]:
    """Say which archives within an archive are not looked into."""
    path = path_meant(str(source)) if isinstance(source, str | Path) else None
    if path is not None and ends_with(path, ZIP) and path.is_file() and tables_in(path):
        yield from (
            f"{path.name}: the archive {name} within it was not looked into; unpack it to use it."
            for name in inner_archives(path)
        )


def _parts(text: str) -> Iterator[str]:
    """Yield the tables behind a path, where they are several."""
    path = path_meant(text)
    names: list[str] = []
    if path.is_dir():
        files = files_in(path)
        if _differ(files):
            yield from (str(Path(text) / file.relative_to(path)) for file in files)
    elif path.is_file() and ends_with(path, ZIP):
        names = tables_in(path)
    elif path.is_file() and ends_with(path, TABLES["Excel"]):
        names = sheets_of(path)
    if len(names) > 1:
        yield from (f"{text}#{name}" for name in names)


def _differ(files: list[Path]) -> bool:
    """Whether files are several tables, and no parts of one: their columns are not the same."""
    if not 1 < len(files) <= _MOST_FILES:
        return False
    columnar = any(ends_with(file, TABLES["Parquet"]) for file in files)
    if not columnar and len({_first_line(file) for file in files}) == 1:
        return False
    try:
        return len({frozenset(open_table(file).columns) for file in files}) > 1
    except ForwhomError:
        return True


def _first_line(file: Path) -> bytes:
    with file.open("rb") as raw:
        return raw.readline(1 << 16)


def _is_table(reference: str, notes: list[str]) -> bool:
    """Whether a part can be read as a table; a note says why not."""
    try:
        open_table(reference)
    except ForwhomError as error:
        notes.append(f"{Path(reference).name} was left out: {error.problem}")
        return False
    return True
