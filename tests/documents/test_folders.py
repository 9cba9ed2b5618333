from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from forwhom.documents import folders
from forwhom.documents.folders import check_folder, clear_leftovers, new_folder
from forwhom.errors import OutputError


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def texts(folder: Path) -> dict[str, str]:
    return {p.name: p.read_text() for p in folder.iterdir()}


def refuse(*_: object) -> None:
    raise OSError(95, "Operation not supported")


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results"
    with new_folder(out) as folder:
        (folder / "a.txt").write_text("a")
        assert not out.exists()
    assert names(out) == ["a.txt"]
    assert names(out.parent) == ["results"]
    assert out.stat().st_mode == out.parent.stat().st_mode


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    out = tmp_path / "deep" / "results"
    with pytest.raises(error), new_folder(out) as folder:  # noqa: PT012
        (folder / "a.txt").write_text("a")
        raise error
    assert names(tmp_path) == []


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    out = tmp_path / "results"
    out.mkdir()
    before = out.stat().st_ino
    with new_folder(out) as folder:
        (folder / "a.txt").write_text("a")
    assert names(out) == ["a.txt"]
    assert out.stat().st_ino == before


def test_a_folder_with_another_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "segmentation.json").write_text("{}")
    with pytest.raises(OutputError, match=r"already holds files \(segmentation.json\)"):
        new_folder(tmp_path).__enter__()
    assert names(tmp_path) == ["segmentation.json"]


def test_overwriting_a_run_replaces_its_files_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    with new_folder(tmp_path, overwrite=True) as folder:
        (folder / "a.txt").write_text("new")
        (folder / "b.txt").write_text("b")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {
        "a.txt": "new",
        "b.txt": "b",
        "mine.txt": "mine",
    }


def test_an_overwrite_that_fails_halfway_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("old")
    replace = Path.replace

    def refuse_b(self: Path, target: Path) -> Path:
        if self.name == "b.txt":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(folders, "_swap", refuse)
    monkeypatch.setattr(Path, "replace", refuse_b)
    filling = new_folder(tmp_path, overwrite=True)
    folder = filling.__enter__()
    (folder / "a.txt").write_text("new")
    (folder / "b.txt").write_text("b")
    with pytest.raises(OutputError, match="No space left"):
        filling.__exit__(None, None, None)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": "old"}


def test_a_file_in_the_way_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        new_folder(tmp_path / "file").__enter__()
    with pytest.raises(OutputError, match="is a file"):
        new_folder(tmp_path / "file" / "results").__enter__()


def test_an_earlier_run_is_replaced_in_one_step(tmp_path: Path) -> None:
    out = tmp_path / "results"
    out.mkdir(mode=0o750)
    for name in ("a.txt", "mine.txt", ".hidden"):
        (out / name).write_text("old")
    (out / "link").symlink_to("mine.txt")
    with new_folder(out, overwrite=True) as folder:
        assert folder.parent == tmp_path
        (folder / "a.txt").write_text("new")
        assert texts(out)["a.txt"] == "old"
    assert texts(out) == {"a.txt": "new", "mine.txt": "old", ".hidden": "old", "link": "old"}
    assert (out / "link").is_symlink()
    assert out.stat().st_mode & 0o777 == 0o750
    assert names(tmp_path) == ["results"]


@pytest.mark.parametrize("why", ["folder", "here", "system"])
def test_where_a_folder_must_stay_its_files_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "mine.txt").write_text("mine")
    before = tmp_path.stat().st_ino
    if why == "folder":
        (tmp_path / "sub").mkdir()
    elif why == "here":
        monkeypatch.chdir(tmp_path)
    else:
        monkeypatch.setattr(folders, "_swap", refuse)
    with new_folder(tmp_path, overwrite=True) as folder:
        (folder / "a.txt").write_text("new")
        (folder / "b.txt").write_text("new")
    assert tmp_path.stat().st_ino == before
    left = {p.name: p.read_text() for p in tmp_path.iterdir() if p.is_file()}
    assert left == {"a.txt": "new", "b.txt": "new", "mine.txt": "mine"}
    assert names(tmp_path) == sorted([*left, *(["sub"] if why == "folder" else [])])


#: Kills a writer at each of its steps in turn, and prints what is found in the folder then.
KILL = """
import os, shutil, sys, time
from pathlib import Path
from forwhom.documents import folders

root, way = Path(sys.argv[1]), sys.argv[2]
if way == "files":
    def refuse(*_): raise OSError(95, "Operation not supported")
    folders._swap = refuse

def write(stop):
    steps = iter(range(stop))
    def counted(step):
        def take(*args, **kwargs):
            if next(steps, None) is None: os._exit(9)
            return step(*args, **kwargs)
        return take
    for owner, name in (
        (Path, "rename"), (Path, "replace"), (Path, "mkdir"), (os, "link"), (os, "unlink"),
        (os, "rmdir"), (os, "fsync"), (folders, "_swap"),
    ):
        setattr(owner, name, counted(getattr(owner, name)))
    with folders.new_folder(root / "out", overwrite=True) as stage:
        for name in "abc": (stage / name).write_bytes(b"new")
    os._exit(0)

killed = 0
while True:
    shutil.rmtree(root / "out", ignore_errors=True)
    (root / "out").mkdir()
    for name in ("a", "b", "mine"): (root / "out" / name).write_bytes(b"old")
    child = os.fork()
    if not child: write(killed)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    def found(): return "".join(
        p.name + p.read_text()[0] for p in sorted((root / "out").iterdir()) if p.is_file()
    )
    at_once = found()
    folders.clear_leftovers(root / "out")
    hidden = [p.name for p in (*root.iterdir(), *(root / "out").iterdir()) if p.name[0] == "."]
    print(ended, at_once, found(), len(hidden))
    if ended == 0: break
    killed += 1
"""
OLD, NEW = "aobomineo", "anbncnmineo"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of its own process")
@pytest.mark.parametrize("way", ["folder", "files"])
def test_a_killed_run_leaves_old_or_new_and_nothing_else(tmp_path: Path, way: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", KILL, str(tmp_path), way], capture_output=True, text=True, check=True
    )
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert len(lines) > 10
    assert {ended for ended, *_ in lines[:-1]} == {"9"}
    assert {hidden for *_, hidden in lines} == {"0"}
    assert {after for _, _, after, _ in lines} == {OLD, NEW}
    assert lines[-1] == ["0", NEW, NEW, "0"]
    if way == "folder":
        assert {at_once for _, at_once, _, _ in lines} == {OLD, NEW}


@pytest.mark.parametrize("there", [False, True])
def test_the_slower_of_two_runs_is_told_and_replaces_nothing(tmp_path: Path, there: bool) -> None:
    place = tmp_path / "run"
    if there:
        place.mkdir()
    with (  # noqa: PT012 - what is written after the error must not be
        pytest.raises(OutputError, match="already holds files"),
        new_folder(place) as slow,
    ):
        (slow / "who").write_text("slow")
        with new_folder(place) as fast:
            (fast / "who").write_text("fast")
    assert (place / "who").read_text() == "fast"
    assert [one.name for one in tmp_path.iterdir()] == ["run"]
    with new_folder(place, overwrite=True) as third:
        (third / "who").write_text("third")
    assert (place / "who").read_text() == "third"


def test_what_another_run_fills_now_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / ".forwhom-settings").mkdir()
    with new_folder(tmp_path / "one") as folder:
        with new_folder(tmp_path / "two") as other:
            (other / "a.txt").write_text("a")
        assert folder.is_dir()
        left = shutil.copytree(folder, tmp_path / ".forwhom-0123abcd")
        clear_leftovers(tmp_path / "one")
        assert folder.is_dir()
        assert not left.exists()
    assert names(tmp_path) == [".forwhom-settings", "one", "two"]


def test_a_place_is_checked_before_long_work(tmp_path: Path) -> None:
    check_folder(tmp_path / "none")
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(OutputError, match=r"already holds files \(a.txt\)"):
        check_folder(tmp_path)
    check_folder(tmp_path, overwrite=True)
