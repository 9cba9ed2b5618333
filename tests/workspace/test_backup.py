"""Everything in one file, and back, also into the other kind of database."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from forwhom.errors import OutputError, SourceError, SourceMissing
from forwhom.workspace.backup import back_up, restore
from forwhom.workspace.canvases import Canvases
from forwhom.workspace.changes import Put
from forwhom.workspace.comments import Comments
from forwhom.workspace.database import Database
from forwhom.workspace.files import Files
from forwhom.workspace.migrating import migrate
from forwhom.workspace.people import People, Role

from .conftest import CANVAS, Team


def filled(team: Team) -> str:
    files = {"ratings.csv": b"rater,segment,item,value\n"}
    key = team.canvases.create(team.place, team.ana, CANVAS, files).document
    seen = team.canvases.head(key).number
    team.canvases.edit(key, team.ben, seen, [Put(at=("title",), value="Brot 🍞")])
    comments = Comments(team.database)
    comments.write(key, team.ana, "Really?", at=("title",), version=seen, about="Bread")
    team.people.enroll("Cem", "cem@example.org", "a long password")
    return key


def test_all_of_it_comes_back_into_another_database(team: Team, tmp_path: Path) -> None:
    key = filled(team)
    place = tmp_path / "backup.zip"
    rows = back_up(team.database, place)
    other = Database(tmp_path / "other.db")
    assert restore(other, place) == rows
    canvases = Canvases(other, Files(other, tmp_path / "laid"))
    assert canvases.head(key).text == team.canvases.head(key).text
    assert canvases.replayed(key) == team.canvases.replayed(key)
    assert canvases.events(key) == team.canvases.events(key)
    assert Files(other, tmp_path / "laid").names(key) == ["ratings.csv"]
    assert [one.text for one in Comments(other).of(key)] == ["Really?"]
    people = People(other)
    assert people.role(team.place, team.ben.id) is Role.EDITOR
    assert people.signed_in("cem@example.org", "a long password") is not None
    canvases.edit(key, team.ana, canvases.head(key).number, [Put(at=("title",), value="On")])
    other.close()


def test_sqlite_goes_to_the_database_of_a_team(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """And what is in a database already is never mixed with a backup."""
    made = Database(tmp_path / "small.db")
    migrate(made)
    People(made).new_workspace("Ours", People(made).enroll("Ana"))
    back_up(made, tmp_path / "b.zip")
    made.close()
    restore(database, tmp_path / "b.zip")
    assert [role for _, role in People(database).members(People(database).first_workspace() or "")]
    with pytest.raises(OutputError, match="This database is not empty: it has"):
        restore(database, tmp_path / "b.zip")


def test_what_is_no_backup_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    made = Database(tmp_path / "new.db")
    with pytest.raises(SourceMissing):
        restore(made, tmp_path / "none.zip")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(SourceError, match="no whole backup"):
        restore(made, tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("forwhom.json", json.dumps({"kind": "else"}))
    with pytest.raises(SourceError, match="no backup of forwhom"):
        restore(made, tmp_path / "other.zip")
    made.close()


def test_a_backup_that_is_cut_off_fills_nothing(team: Team, tmp_path: Path) -> None:
    filled(team)
    place = tmp_path / "backup.zip"
    back_up(team.database, place)
    with pytest.raises(OutputError, match="already"):
        back_up(team.database, place)
    with zipfile.ZipFile(place) as archive, zipfile.ZipFile(tmp_path / "cut.zip", "w") as cut:
        for name in archive.namelist():
            content = archive.read(name)
            cut.writestr(name, content[:-20] if name == "event.jsonl" else content)
    other = Database(tmp_path / "other.db")
    with pytest.raises(SourceError, match="no whole backup"):
        restore(other, tmp_path / "cut.zip")
    assert People(other).first_workspace() is None
    other.close()
