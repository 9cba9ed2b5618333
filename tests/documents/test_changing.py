"""Two who change a file at once: both changes are there, or one of them is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forwhom.documents.changing import changing, in_turn
from forwhom.documents.folders import new_folder
from forwhom.documents.studyfile import read_study, set_variable
from forwhom.errors import OutputError


def test_no_change_is_lost_when_many_change_a_file_at_once(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text(
        "forwhom: 1\ncustomers: {table: c.csv, id: c}\nvariables:\n  v: {use: ignore}\n"
    )
    names = [f"v{i}" for i in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda name: set_variable(file, name, use="ignore"), names))
    assert set(read_study(file).variables) == {"v", *names}
    assert [p.name for p in tmp_path.iterdir()] == ["study.yaml"]


def test_what_an_editor_saved_in_the_meantime_stays(tmp_path: Path) -> None:
    file = tmp_path / "canvas.yaml"
    file.write_text("mine")
    with changing(file) as write:
        file.write_text("theirs")
        with pytest.raises(OutputError, match="somebody else changed this; nothing was written"):
            write("changed")
    assert file.read_text() == "theirs"


def test_a_file_that_appears_in_the_meantime_stays(tmp_path: Path) -> None:
    file = tmp_path / "canvas.yaml"
    with changing(file) as write:
        file.write_text("theirs")
        with pytest.raises(OutputError, match="somebody else"):
            write("new")
    assert file.read_text() == "theirs"


def test_no_name_is_lost_when_two_rename_at_once(tmp_path: Path) -> None:
    """Each run reads what the other wrote, also where a whole folder takes the place of one."""
    file = tmp_path / "run" / "names.txt"
    file.parent.mkdir()
    file.write_text("")

    def add(name: str) -> None:
        with in_turn(file, folder=tmp_path) as check:
            text = file.read_text() + f"{name} "
            check()
            with new_folder(file.parent, overwrite=True) as stage:
                (stage / file.name).write_text(text)

    names = [f"n{i}" for i in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add, names))
    assert sorted(file.read_text().split()) == sorted(names)
