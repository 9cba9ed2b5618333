from __future__ import annotations

import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import forwhom
from forwhom.documents.files import (
    check_output,
    fresh,
    in_use,
    said,
    write_bytes_atomically,
    write_text_atomically,
)
from forwhom.documents.folders import check_folder, clear_leftovers, new_folder
from forwhom.errors import DataError, OutputError

as_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_text_and_bytes_are_written_whole(tmp_path: Path) -> None:
    write_text_atomically(tmp_path / "a.txt", "größe\r\n")
    write_bytes_atomically(tmp_path / "b.bin", b"\x00\xff")
    assert (tmp_path / "a.txt").read_bytes() == "größe\r\n".encode()
    assert (tmp_path / "b.bin").read_bytes() == b"\x00\xff"
    assert names(tmp_path) == ["a.txt", "b.bin"]


def test_a_file_is_not_overwritten_silently(tmp_path: Path) -> None:
    path = write_text_atomically(tmp_path / "a.txt", "old")
    with pytest.raises(OutputError, match=r"exists already.*overwrite"):
        write_text_atomically(path, "new")
    assert path.read_text() == "old"
    write_text_atomically(path, "new", overwrite=True)
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


def test_a_new_file_has_usual_rights_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    path = write_text_atomically(tmp_path / "a.txt", "x")
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o640)
    write_text_atomically(path, "y", overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = write_text_atomically(tmp_path / "real.txt", "old")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_text_atomically(link, "new", overwrite=True)
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_missing_folder_and_a_folder_as_file_are_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no folder"):
        check_output(tmp_path / "none" / "a.txt")
    with pytest.raises(OutputError, match="is a folder"):
        write_text_atomically(tmp_path, "x")


def test_a_name_the_system_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_text_atomically(tmp_path / ("x" * 300), "x")
    assert names(tmp_path) == []


def test_a_name_that_no_file_can_have_is_said(tmp_path: Path) -> None:
    place = tmp_path / "a\0b"
    for write in (
        lambda: write_text_atomically(place, "x"),
        lambda: check_output(place),
        lambda: check_folder(place, overwrite=False),
        lambda: clear_leftovers(place),
    ):
        with pytest.raises(OutputError, match="is the name of no file"):
            write()
    with pytest.raises(DataError), said(tmp_path):  # what else goes wrong meanwhile stays itself
        raise DataError("no rows", "")


def test_a_failed_rename_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OutputError, match="No space left"):
        write_text_atomically(path, "new", overwrite=True)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


@as_root
def test_a_place_without_permission_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    with pytest.raises(OutputError, match="no permission"):
        write_text_atomically(closed / "a.txt", "x")
    with pytest.raises(OutputError, match="no permission"):
        new_folder(closed / "results").__enter__()


def test_a_read_only_file_stays_though_its_folder_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "canvas.yaml"
    path.write_text("mine")
    monkeypatch.setattr(os, "access", lambda place, _: place != path)
    with pytest.raises(OutputError, match="may not be changed: it is read-only"):
        write_text_atomically(path, "theirs", overwrite=True)
    assert path.read_text() == "mine"


def test_a_read_only_place_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="no permission to write"):
        check_output(tmp_path / "a.txt")
    with pytest.raises(OutputError, match="no permission to write"):
        new_folder(tmp_path / "results").__enter__()


def test_what_a_killed_run_left_beside_a_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.txt-0123abcd").write_text("half")
    (tmp_path / ".a.txt-mine").write_text("mine")
    with in_use(tmp_path / ".a.txt-0123abcd") as held:  # as another run that is writing now
        assert held
        write_text_atomically(tmp_path / "a.txt", "x")
        assert names(tmp_path) == [".a.txt-0123abcd", ".a.txt-mine", "a.txt"]
    write_text_atomically(tmp_path / "a.txt", "y", overwrite=True)
    assert names(tmp_path) == [".a.txt-mine", "a.txt"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_of_many_who_write_a_file_at_once_one_is_whole_and_the_others_know(
    tmp_path: Path, overwrite: bool
) -> None:
    place, texts = tmp_path / "out.csv", [f"{i}\n" * 5000 for i in range(12)]
    ready = threading.Barrier(len(texts))

    def write(text: str) -> str:
        ready.wait()
        try:
            write_text_atomically(place, text, overwrite=overwrite)
        except OutputError as error:
            return str(error)
        return text

    with ThreadPoolExecutor(len(texts)) as pool:
        found = list(pool.map(write, texts))
    written = [text for text in found if text in texts]
    assert place.read_text() in written
    assert len(written) == (len(texts) if overwrite else 1)
    assert all("exists already" in text for text in found if text not in texts)
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


def test_what_is_cleared_away_before_it_is_held_is_made_again(tmp_path: Path) -> None:
    made: list[Path] = []

    def make() -> Path:
        made.append(tmp_path / f"stage-{len(made)}")
        if len(made) > 1:
            made[-1].mkdir()
        return made[-1]

    with fresh(make) as stage:
        assert stage == made[1]
    assert len(made) == 2


#: What opens files to write them, and why it may.
_WRITERS = {
    "documents/files.py": "the place where files are written",
    "tables/delimited.py": "a copy in the scratch folder of a session",
    "tables/archives.py": "what it unpacks, in the scratch folder of a session",
    "tables/databases.py": "a password for one connection, in a folder that is removed",
    "pipeline/discovery.py": "into the stage of a folder that appears whole",
    "pipeline/rewriting.py": "into the stage of a folder that appears whole",
    "cli/main.py": "nowhere",
    "workspace/files.py": "a copy of what the database holds",
    "workspace/datasets.py": "an upload, into a folder of its own that is not listed before",
    "web/server/working.py": "what a process is told, in the scratch folder of a job",
    "web/server/worker.py": "what a process made, in the scratch folder of a job",
    "web/canvas/files.py": "a copy of an upload, in a folder that is removed",
    "web/api/canvases.py": "a copy of what was sent, in a folder that is removed",
    "workspace/backup.py": "beside its place, through documents/files.py",
}


def test_everything_that_a_person_keeps_is_written_in_one_place() -> None:
    opens = re.compile(r"""\.write_(?:text|bytes)\(|\bopen\([^)]*["'][wax]b?["']""")
    source = Path(forwhom.__file__).parent
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(opens.search(line) and ">>>" not in line for line in path.read_text().splitlines())
    }
    assert found == set(_WRITERS)
