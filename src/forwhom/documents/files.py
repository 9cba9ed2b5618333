"""Write a file so that it is never half written, and nothing is overwritten by accident.

It is written beside its place and then renamed, so that an error, Ctrl-C or a killed program leaves
the file as it was.
"""

import contextlib
import glob
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from forwhom.errors import OutputError

KEEP = "Name another place, or say that it may be overwritten (--force, overwrite=True)."


def path_meant(path: str | os.PathLike[str]) -> Path:
    """Return the path that is meant: what is there with this name, else ``~`` is a home folder."""
    place = Path(path)
    if os.path.lexists(place) or place.parts[:1] != ("~",):
        return place
    with contextlib.suppress(RuntimeError):  # nobody knows where home is
        return place.expanduser()
    return place


def write_text_atomically(
    path: str | os.PathLike[str], text: str, *, overwrite: bool = False
) -> Path:
    """Write text as UTF-8, whole or not at all."""
    return write_bytes_atomically(path, text.encode("utf-8"), overwrite=overwrite)


def write_bytes_atomically(
    path: str | os.PathLike[str], content: bytes, *, overwrite: bool = False
) -> Path:
    """Write bytes, whole or not at all: the twin of :func:`write_text_atomically`."""
    with written_aside(path, overwrite=overwrite) as beside:
        beside.write_bytes(content)
    return Path(path)


@contextlib.contextmanager
def written_aside(path: str | os.PathLike[str], *, overwrite: bool = False) -> Iterator[Path]:
    """Give a file to write into; it takes its place when all of it is there, or is gone."""
    place = Path(path)
    check_output(place, overwrite=overwrite)
    with said(place):
        # A link stays a link: what it points to is replaced.
        target = place.resolve()
        with fresh(lambda: _beside(target)) as beside:
            try:
                yield beside
                persist(beside)
                if target.exists():
                    beside.chmod(target.stat().st_mode & 0o777)
                _rename(beside, target, overwrite=overwrite)
            finally:
                beside.unlink(missing_ok=True)
        persist(target.parent)


def check_output(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Refuse a file that cannot be written, before long work is done for it."""
    place = Path(path)
    with said(place):
        _check_file(place, overwrite=overwrite)


def _check_file(place: Path, *, overwrite: bool) -> None:
    if place.is_dir():
        raise OutputError(f"{place} is a folder, not a file.", "Name a file inside it.")
    if place.exists() and not overwrite:
        raise OutputError(f"{place} exists already.", KEEP)
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
    check_writable(folder, place)


def check_writable(folder: Path, place: Path) -> None:
    """Refuse a place in a folder where nothing may be written."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            f"{place} cannot be written: no permission to write in {folder}.",
            "Name another place, or change the permissions of that folder.",
        )


@contextlib.contextmanager
def said(place: Path) -> Iterator[None]:
    """Say what the operating system refuses (disk full, name too long) in our words."""
    try:
        yield
    except OutputError:
        raise
    except FileExistsError as error:
        raise OutputError(f"{place} exists already.", KEEP) from error
    except ValueError as error:
        if "\0" not in str(place):
            raise
        raise OutputError(  # no file can have this name
            f"{str(place)!r} is the name of no file.", "Name another place."
        ) from error
    except RuntimeError as error:  # a link that leads back to itself
        raise OutputError(f"{place} is a link without an end.", "Name another place.") from error
    except OSError as error:
        raise OutputError(
            f"{place} cannot be written: {error.strerror or error}.",
            "Name another place, or make this one writable; nothing was written.",
        ) from error


#: How what `unused` returns ends, as a pattern.
UNUSED = "-" + "[0-9a-f]" * 8


def unused(path: Path) -> Path:
    """Return a name that nothing has, and that says what it is for."""
    return path.with_name(f"{path.name[:40]}-{secrets.token_hex(4)}")


@contextlib.contextmanager
def in_use(place: Path) -> Iterator[bool]:
    """Hold what is being written, so that no other run takes it for a leftover of a killed one.

    False if another run holds it. The system lets go of what a killed program held.
    """
    if sys.platform == "win32":  # nothing is held, and nothing taken for a leftover
        yield False
        return
    import fcntl

    handle = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


@contextlib.contextmanager
def fresh(make: Callable[[], Path]) -> Iterator[Path]:
    """Make something hidden and hold it; again where another run was faster to clear it away."""
    while True:
        place = make()
        with contextlib.ExitStack() as stack:
            try:
                mine = stack.enter_context(in_use(place))
            except FileNotFoundError:
                continue
            if (mine or sys.platform == "win32") and place.exists():
                yield place
                return


def persist(place: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # a file system that cannot
        pass
    finally:
        os.close(handle)


def _beside(target: Path) -> Path:
    """Make an empty file beside a target, and remove what killed runs left there."""
    hidden = target.with_name(f".{target.name}")
    for left in target.parent.glob(glob.escape(hidden.name[:40]) + UNUSED):
        with contextlib.suppress(OSError), in_use(left) as mine:
            if mine and left.is_file():
                left.unlink()
    beside = unused(hidden)
    # Not through tempfile, which makes private files: a result has the rights of any file.
    beside.touch(exist_ok=False)
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
