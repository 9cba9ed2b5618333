"""Wrong input of the commands of the web app: words, exit code 2, and nothing half made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forwhom.cli import options
from forwhom.cli.main import cli
from forwhom.errors import DriverMissing


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*arguments: str) -> str:
    done: Result = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    return done.output


def test_a_folder_that_is_not_there_leaves_no_database(here: Path) -> None:
    assert "There is no folder none" in told("serve", "none", "--prepare")
    assert list(here.iterdir()) == []


def test_a_file_that_is_no_database_is_named_and_left_as_it_was(here: Path) -> None:
    (here / "text.db").write_text("hello, this is a text and no database at all")
    before = (here / "text.db").read_bytes()
    for command in (("serve", "--prepare"), ("backup", "-o", "b.zip")):
        assert "text.db is no database" in told(*command, "--database", "text.db")
    assert (here / "text.db").read_bytes() == before
    assert not (here / "b.zip").exists()


def test_a_canvas_that_cannot_be_read_is_told_where_it_lies(here: Path) -> None:
    (here / "canvas.yaml").write_text("forwhom: 1\nkind: canvas\ntitle: [a")
    done = CliRunner().invoke(cli, ["serve", ".", "--prepare"])
    assert done.exit_code == 0
    assert "Left out canvas.yaml: canvas.yaml:3:10: this is not YAML" in done.output
    assert not list((here / "forwhom.db.files").rglob("canvas.yaml"))


def test_no_backup_is_made_of_nothing(here: Path) -> None:
    assert "There is no database none.db" in told("backup", "--database", "none.db", "-o", "b.zip")
    assert list(here.iterdir()) == []


def test_an_assistant_needs_a_folder() -> None:
    assert "There is no folder none" in told("mcp", "none", "--list")


def test_what_is_missing_is_named_and_a_fault_of_our_own_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with (
        pytest.raises(DriverMissing, match="needs the package 'segno'"),
        options.needing("web", "It"),
    ):
        import segno  # noqa: F401
    with (
        pytest.raises(ModuleNotFoundError, match=r"forwhom\.nothing"),
        options.needing("web", "It"),
    ):
        import forwhom.nothing  # type: ignore[import-not-found]  # noqa: F401
