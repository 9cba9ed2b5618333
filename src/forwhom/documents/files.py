"""Write results so that nothing is half written and nothing is overwritten by accident.

A file is written beside its place and then renamed; a folder of results is filled under a hidden
name and then renamed, so that an error or Ctrl-C in the middle leaves the disk as it was.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from forwhom.errors import OutputError
from forwhom.wording import listed

_KEEP = "Name another place, or say that it may be overwritten (--force, overwrite=True)."


def write_text_atomically(
    path: str | os.PathLike[str], text: str, *, overwrite: bool = False
) -> Path:
    """Write text as UTF-8, whole or not at all."""
    return write_bytes_atomically(path, text.encode("utf-8"), overwrite=overwrite)


def write_bytes_atomically(
    path: str | os.PathLike[str], content: bytes, *, overwrite: bool = False
) -> Path:
    """Write bytes, whole or not at all: the twin of :func:`write_text_atomically`."""
    place = Path(path)
    check_output(place, overwrite=overwrite)
    # A link stays a link: what it points to is replaced.
    target = place.resolve()
    with _said(place):
        beside = _write_beside(target, content)
        try:
            _rename(beside, target, overwrite=overwrite)
        finally:
            beside.unlink(missing_ok=True)
    return place


def check_output(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Refuse a file that cannot be written, before long work is done for it."""
    place = Path(path)
    with _said(place):
        _check_file(place, overwrite=overwrite)


def _check_file(place: Path, *, overwrite: bool) -> None:
    if place.is_dir():
        raise OutputError(f"{place} is a folder, not a file.", "Name a file inside it.")
    if place.exists() and not overwrite:
        raise OutputError(f"{place} exists already.", _KEEP)
    if place.exists() and not os.access(place, os.W_OK):
        # A rename would replace it all the same; somebody does not want that.
        raise OutputError(
            f"{place} may not be changed: it is read-only.",
            "Name another place, or let it be written.",
        )
    folder = place.resolve().parent
    if not folder.is_dir():
        raise OutputError(
            f"{place} cannot be written: there is no folder {folder}.",
            "Create the folder first, or name another place.",
        )
    _check_writable(folder, place)


@contextlib.contextmanager
def new_folder(path: str | Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Fill a folder of results that appears whole, or not at all.

    Enter it before long work, so that a place that cannot be used is refused at once. Write into
    the folder that it yields; when the block ends well, those files are at ``path``, and after an
    error or Ctrl-C they are gone and ``path`` is as it was.
    """
    place = Path(path)
    with _said(place):
        _check_folder(place, overwrite=overwrite)
        exists = place.is_dir()
        # Inside an existing folder: it may be a mount or the current folder, which cannot be
        # renamed, in a parent that cannot be written.
        stage = _unused(_nearest_existing(place) / ".forwhom")
        stage.mkdir()
    try:
        yield stage
        with _said(place):
            if exists:
                _move_into(stage, place)
            else:
                _appear(stage, place)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def check_folder(path: str | Path, *, overwrite: bool = False) -> None:
    """Refuse a folder that cannot take results, before long work is done for it."""
    place = Path(path)
    with _said(place):
        _check_folder(place, overwrite=overwrite)


def _check_folder(place: Path, *, overwrite: bool) -> None:
    if place.exists() and not place.is_dir():
        raise OutputError(f"{place} is a file, not a folder.", "Name a folder for the results.")
    if place.is_dir():
        _check_writable(place, place)
        found = sorted(p.name for p in place.iterdir() if not p.name.startswith("."))
        if found and not overwrite:
            raise OutputError(f"{place} already holds files ({listed(found, most=3)}).", _KEEP)
        return
    above = _nearest_existing(place)
    if not above.is_dir():
        raise OutputError(
            f"{place} cannot be created: {above} is a file.", "Name another folder for the results."
        )
    _check_writable(above, place)


def _nearest_existing(place: Path) -> Path:
    whole = place.resolve()
    return next(p for p in (whole, *whole.parents) if p.exists())


def _check_writable(folder: Path, place: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            f"{place} cannot be written: no permission to write in {folder}.",
            "Name another place, or change the permissions of that folder.",
        )


@contextlib.contextmanager
def _said(place: Path) -> Iterator[None]:
    # What the operating system refuses (disk full, read-only, name too long) in our words.
    try:
        yield
    except OutputError:
        raise
    except FileExistsError as error:
        raise OutputError(f"{place} exists already.", _KEEP) from error
    except RuntimeError as error:  # a link that leads back to itself
        raise OutputError(f"{place} is a link without an end.", "Name another place.") from error
    except OSError as error:
        raise OutputError(
            f"{place} cannot be written: {error.strerror or error}.",
            "Name another place, or make this one writable; nothing was written.",
        ) from error


def _unused(path: Path) -> Path:
    return path.with_name(f"{path.name[:40]}-{secrets.token_hex(4)}")


def _write_beside(target: Path, content: bytes) -> Path:
    beside = _unused(target.with_name(f".{target.name}"))
    try:
        # Not through tempfile, which makes private files: a result has the rights of any file.
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o777)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _rename(beside: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        beside.replace(target)
        return
    try:
        # A hard link, unlike a rename, fails when another run was faster.
        os.link(beside, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError(str(target)) from None
        beside.replace(target)


def _appear(stage: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        raise OutputError(f"{place} was created by somebody else in the meantime.", _KEEP)
    stage.rename(place)


def _move_into(stage: Path, place: Path) -> None:
    old = _unused(stage / ".old")
    old.mkdir()
    moved: list[Path] = []
    try:
        for new in sorted(p for p in stage.iterdir() if p != old):
            target = place / new.name
            if target.exists():
                target.rename(old / new.name)
            moved.append(target)
            new.rename(target)
    except BaseException:
        for target in moved:
            if target.is_dir():
                shutil.rmtree(target, ignore_errors=True)
            else:
                target.unlink(missing_ok=True)
        for before in old.iterdir():
            before.rename(place / before.name)
        raise
