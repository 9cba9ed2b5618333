"""ZIP archives, as tools pack their exports: unpacked into a scratch folder, within limits."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath

from forwhom.errors import SourceError, SourceMissing, nearest
from forwhom.suffixes import TABLES, ends_with
from forwhom.tables.engine import scratch
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
    folder = Path(scratch()) / f"zip-{_one.cache_info().currsize}"
    folder.mkdir()
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
