"""Change a file that others may be changing: one after the other, and nothing of theirs is lost."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from forwhom.documents.files import write_text_atomically
from forwhom.errors import OutputError


@contextlib.contextmanager
def changing(path: str | os.PathLike[str]) -> Iterator[Callable[[str], Path]]:
    """Give what writes a file again; read the file inside, so that no other run writes between.

    Runs of forwhom wait for each other. Whoever else saved the file in the meantime, such as an
    editor, keeps what was saved: nothing is written then.
    """
    place = Path(path)
    with in_turn(place) as check:
        before = _content(place)

        def write(text: str) -> Path:
            check()
            return write_text_atomically(place, text, overwrite=before is not None)

        yield write


def _content(place: Path) -> bytes | None:
    return place.read_bytes() if place.is_file() else None


@contextlib.contextmanager
def in_turn(
    path: str | os.PathLike[str], *, folder: Path | None = None
) -> Iterator[Callable[[], None]]:
    """Hold a file while it is read and written again; give what refuses what others saved since.

    Where its whole folder takes the place of another, hold the ``folder`` around that.
    """
    place = Path(path)
    with _held(place if folder is None else folder):
        before = _content(place)

        def check() -> None:
            if _content(place) != before:
                raise OutputError(
                    f"{place}: somebody else changed this; nothing was written.",
                    "Run the command again: it starts from what the file holds now.",
                )

        yield check


@contextlib.contextmanager
def _held(place: Path) -> Iterator[None]:
    """Hold a file; the system lets go of what a killed program held."""
    if sys.platform == "win32" or not place.exists():
        yield
        return
    import fcntl

    while True:
        handle = os.open(place, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            # Who held it before has put another file into its place.
            if not place.exists() or os.path.samestat(os.fstat(handle), place.stat()):
                yield
                return
        finally:
            os.close(handle)
