"""ZIP archives, as tools pack their exports: unpacked into a scratch folder, within limits."""

import gzip
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO

from forwhom.errors import SourceError, SourceMissing, nearest
from forwhom.suffixes import TABLES, ends_with
from forwhom.tables.engine import scratch
from forwhom.tables.signatures import is_gzip
from forwhom.wording import listed

#: The ending of an archive.
ZIP = ("zip",)
_TABLES = tuple(end for ends in TABLES.values() for end in ends)
#: An archive of a few kilobytes may ask for terabytes: so much is unpacked at most, so many times
#: what it takes packed, and so many files are looked at.
MOST_BYTES, MOST_TIMES, MOST_FILES = 4 << 30, 400, 10_000
#: What packs well all the same, such as an export of a few columns.
_ALWAYS = 64 << 20
_BLOCK = 1 << 20
_DAMAGED = (zipfile.BadZipFile, RuntimeError, OSError, EOFError, zlib.error, NotImplementedError)


def tables_in(path: Path) -> list[str]:
    """Return the names of the tables in an archive, without folders that systems put beside."""
    with _opened(path) as archive:
        names = archive.namelist()
    outside = next((n for n in names if ".." in PurePosixPath(n).parts or n.startswith("/")), None)
    if outside is not None:
        raise SourceError(
            f"{path} names files outside of itself, such as {outside[:60]!r}, as no export does.",
            "Download it again from where it comes from.",
        )
    if len(names) > MOST_FILES:
        raise SourceError(
            f"{path} holds {len(names):,} files.", "Unpack it, and give the tables among them."
        )
    parts = {name: PurePosixPath(name).parts for name in names if not name.endswith("/")}
    return sorted(
        name
        for name, own in parts.items()
        if ends_with(name, _TABLES) and not any(p.startswith((".", "__MACOSX")) for p in own)
    )


def inner_archives(path: Path) -> list[str]:
    """Return the names of archives within an archive, which are not looked into."""
    with _opened(path) as archive:
        return [name for name in archive.namelist() if ends_with(name, ZIP)]


def unpacked(path: Path, name: str | None) -> Path:
    """Return one table of an archive as a file; the only one where no name is given."""
    names = tables_in(path)
    if not names:
        packed = inner_archives(path)
        advice = "Give an archive with CSV or Excel files."
        if packed:
            advice = f"It holds another archive, {packed[0]}: unpack it, and give that."
        raise SourceError(f"{path} holds no tables.", advice)
    if name is None and len(names) > 1:
        raise SourceError(
            f"{path} holds {len(names)} tables: {listed(names, most=8)}.",
            f"Name one, such as {path.name}#{names[0]}; 'forwhom study' and 'forwhom discover' "
            "take all of them.",
        )
    wanted = name or names[0]
    if wanted not in names:
        advice = nearest(wanted, names) or f"It holds: {listed(names, most=8)}."
        raise SourceMissing(f"{path} holds no table {wanted!r}.", advice)
    return _one(path.resolve(), wanted, path.stat().st_mtime_ns)


@cache
def _one(path: Path, name: str, changed: int) -> Path:  # noqa: ARG001 - a new file is read anew
    folder = Path(tempfile.mkdtemp(prefix="zip-", dir=scratch()))
    target = folder / PurePosixPath(name).name
    with _opened(path) as archive, _opened_one(archive, name, path) as packed:
        limit = min(MOST_BYTES, max(_ALWAYS, MOST_TIMES * archive.getinfo(name).compress_size))
        with target.open("wb") as out:
            while block := packed.read(_BLOCK):
                out.write(block)
                if out.tell() > limit:
                    out.close()
                    shutil.rmtree(folder)
                    raise SourceError(
                        f"{path}: {name} takes more than {limit >> 20:,} MB unpacked, "
                        f"{MOST_TIMES} times what it takes packed or more.",
                        "If you trust it, unpack it, and give the table itself.",
                    )
    return target


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise SourceError(
            f"{path} cannot be unpacked: {error}.", "It may be damaged; download it again."
        ) from error


@contextmanager
def _opened_one(archive: zipfile.ZipFile, name: str, path: Path) -> Iterator[zipfile.ZipExtFile]:
    try:
        with archive.open(name) as packed:
            yield packed  # type: ignore[misc]
    except RuntimeError as error:  # the package says so of a password
        raise SourceError(
            f"{path}: {name} is locked with a password.", "Unpack it, and give the table itself."
        ) from error


def check_unpacked(path: Path, most: int = sys.maxsize) -> None:
    """Refuse a file that takes much more room unpacked: an archive, a workbook, or gzip.

    What a file says of its own size is not believed; it is unpacked, and nothing of it kept.
    """
    limit = min(most, max(_ALWAYS, MOST_TIMES * path.stat().st_size))
    taken = 0
    with suppress(*_DAMAGED):  # that is said where it is read
        for stream in _streams(path):
            while block := stream.read(_BLOCK):
                taken += len(block)
                if taken > limit:
                    raise SourceError(
                        f"{path.name} takes more than {limit >> 20:,} MB unpacked.",
                        "Give a smaller table, such as a CSV or Parquet file with fewer rows.",
                    )


def _streams(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """Yield what is packed in a file, one after the other."""
    if is_gzip(path):
        with gzip.open(path) as packed:
            yield packed
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield member
