"""Write a folder of results that is there whole, or as it was before, whatever happens.

It is filled under a hidden name, brought to the disk, and takes the place of an earlier one in a
single step. Where the system has no such step, or the folder must stay the same one (somebody works
in it, it is a mount, it holds folders of somebody's own), its files are replaced one by one; a run
that was killed in between is carried on by the next. What else a killed run left is removed then.
"""

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forwhom.documents.files import (
    KEEP,
    UNUSED,
    check_writable,
    fresh,
    in_use,
    persist,
    said,
    unused,
)
from forwhom.errors import OutputError
from forwhom.wording import listed

_STAGE = ".forwhom"
#: Inside a stage that is complete: where the files go that it replaces.
_OLD = ".old"
#: A folder with more in it than this is no folder of results, and keeps its place.
_MOST = 1000


@contextlib.contextmanager
def new_folder(path: str | Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Fill a folder of results that appears whole, or not at all.

    Enter it before long work, so that a place that cannot be used is refused at once. Write into
    the folder that it yields; when the block ends well, those files are at ``path``, and after an
    error or Ctrl-C they are gone and ``path`` is as it was.
    """
    place = Path(path)
    with said(place):
        clear_leftovers(place)
        _check_folder(place, overwrite=overwrite)
    with fresh(lambda: _stage_of(place)) as stage:
        try:
            yield stage
            with said(place):
                _to_disk(stage)
                _check_folder(place, overwrite=overwrite)  # another run may have been faster
                if place.is_dir():
                    _replace(stage, place.resolve())
                else:
                    _appear(stage, place)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _stage_of(place: Path) -> Path:
    with said(place):
        stage = unused(_ground(place) / _STAGE)
        stage.mkdir()
    return stage


def check_folder(path: str | Path, *, overwrite: bool = False) -> None:
    """Refuse a folder that cannot take results, before long work is done for it."""
    place = Path(path)
    with said(place):
        _check_folder(place, overwrite=overwrite)


def clear_leftovers(path: str | Path) -> None:
    """Carry on or remove what a killed run left at a place for results, or beside it."""
    with said(Path(path)):
        place = Path(path).resolve()
    for folder in {_existing(place), _existing(place.parent)}:
        for stage in sorted(folder.glob(_STAGE + UNUSED)):
            if stage.is_dir() and not stage.is_symlink():
                with contextlib.suppress(OSError), in_use(stage) as mine:
                    if mine:
                        _carry_on(stage, folder)
                        shutil.rmtree(stage, ignore_errors=True)


def _carry_on(stage: Path, place: Path) -> None:
    """Move the rest of a stage whose files had begun to replace others."""
    if (stage / _OLD).is_dir():
        for new in sorted(p for p in stage.iterdir() if p.name != _OLD):
            new.replace(place / new.name)
        persist(place)


def _check_folder(place: Path, *, overwrite: bool) -> None:
    if place.exists() and not place.is_dir():
        raise OutputError(f"{place} is a file, not a folder.", "Name a folder for the results.")
    if place.is_dir():
        check_writable(place, place)
        found = sorted(p.name for p in place.iterdir() if not p.name.startswith("."))
        if found and not overwrite:
            raise OutputError(f"{place} already holds files ({listed(found, most=3)}).", KEEP)
        return
    above = _existing(place.resolve())
    if not above.is_dir():
        raise OutputError(
            f"{place} cannot be created: {above} is a file.", "Name another folder for the results."
        )
    check_writable(above, place)


def _existing(whole: Path) -> Path:
    return next(p for p in (whole, *whole.parents) if p.exists())


def _ground(place: Path) -> Path:
    """Return the folder to fill a new one in: beside what it replaces, if that can be moved."""
    whole = place.resolve()
    return whole.parent if whole.is_dir() and _may_move(whole) else _existing(whole)


def _may_move(place: Path) -> bool:
    inside = list(place.iterdir())
    return (
        0 < len(inside) <= _MOST
        and all(one.is_file() or one.is_symlink() for one in inside)
        and os.access(place.parent, os.W_OK | os.X_OK)
        and not os.path.ismount(place)
        and place not in (Path.cwd(), *Path.cwd().parents)
    )


def _to_disk(stage: Path) -> None:
    for file in stage.rglob("*"):
        if file.is_file():
            persist(file)
    persist(stage)


def _appear(stage: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        raise OutputError(f"{place} was created by somebody else in the meantime.", KEEP)
    stage.rename(place)
    persist(place.resolve().parent)


def _replace(stage: Path, place: Path) -> None:
    if stage.parent == place:
        _move_into(stage, place)
    elif _may_move(place) and _exchanged(stage, place):
        persist(place.parent)
    else:
        inside = place / stage.name
        stage.rename(inside)
        try:
            _move_into(inside, place)
        finally:
            shutil.rmtree(inside, ignore_errors=True)


def _exchanged(stage: Path, place: Path) -> bool:
    """Let a stage with the other files of a folder take its place, in a single step."""
    new = {one.name for one in stage.iterdir()}
    others = [one for one in place.iterdir() if one.name not in new]
    try:
        for other in others:
            os.link(other, stage / other.name, follow_symlinks=False)
        shutil.copymode(place, stage)
        persist(stage)
        _swap(stage, place)
    except OSError:  # a file system without links, or without this step
        for other in others:
            (stage / other.name).unlink(missing_ok=True)
        return False
    for late in stage.iterdir():  # what somebody wrote into the folder in this very moment
        if not (place / late.name).exists():
            late.rename(place / late.name)
    return True


def _swap(one: Path, other: Path) -> None:
    """Swap the names of two folders; an error where the system cannot."""
    first, second = os.fsencode(one), os.fsencode(other)
    system: Any = None if sys.platform == "win32" else ctypes.CDLL(None, use_errno=True)
    done = -1
    if hasattr(system, "renameat2"):  # Linux: RENAME_EXCHANGE, of paths as they are (AT_FDCWD)
        done = system.renameat2(-100, first, -100, second, 2)
    elif hasattr(system, "renamex_np"):  # macOS: RENAME_SWAP
        done = system.renamex_np(first, second, 2)
    if done != 0:
        raise OSError(ctypes.get_errno(), "there is no swapping of folders here")


def _move_into(stage: Path, place: Path) -> None:
    old = stage / _OLD
    # From here on, a run that is killed is carried on by the next: everything new is on the disk.
    old.mkdir()
    persist(stage)
    moved: list[Path] = []
    try:
        for new in sorted(p for p in stage.iterdir() if p != old):
            target = place / new.name
            _keep(target, old / new.name)
            moved.append(target)
            new.replace(target)
    except BaseException:
        for target in moved:
            _restore(target, old / target.name)
        raise
    persist(place)


def _keep(target: Path, kept: Path) -> None:
    """Keep what is replaced, and leave it in its place until then where links can be made."""
    if target.exists():
        try:
            os.link(target, kept)
        except OSError:
            target.rename(kept)


def _restore(target: Path, kept: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target, ignore_errors=True)
    elif not kept.exists():
        target.unlink(missing_ok=True)
    if kept.exists():
        kept.replace(target)
