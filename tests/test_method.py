"""Every row of docs/method.md shows what it promises: its command runs on a small canvas."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.documents.yamlfile import parse_yaml
from forwhom.lint import all_rules

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([a-z0-9]+-\d+) \| (.+) \| (.+) \| `(forwhom [^`]+)` \|$", re.MULTILINE)
PAGE = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
TRIED = parse_yaml((ROOT / "tests" / "method.yaml").read_text(encoding="utf-8"), "method.yaml").data
EXAMPLES = {"clinic": "clinic-notes", "penny": "penny-path", "harvest": "shared-harvest"}


def put(on: str) -> None:
    """Put what a row is tried on into the folder."""
    if on in EXAMPLES:
        shutil.copytree(ROOT / "examples" / EXAMPLES[on], ".", dirs_exist_ok=True)
    elif on == "segmentation":
        Path("segments").mkdir()
        made = ROOT / "examples" / "complete-journey" / "segmentation.json"
        shutil.copy(made, "segments/segmentation.json")
    else:
        Path("canvas.yaml").write_text(f"forwhom: 1\nkind: canvas\n{on}\n", encoding="utf-8")


def test_every_row_is_tried_and_no_other() -> None:
    rows = [row[0] for row in ROW.findall(PAGE)]
    # Each line of a table that is no heading is a whole row, with its command.
    assert len(rows) == len(re.findall(r"^\| (?!row)[^-]", PAGE, re.MULTILINE))
    assert rows == list(TRIED)
    assert len(rows) == len(set(rows)) > 80


@pytest.mark.parametrize(
    ("row", "command"), [(row[0], row[3]) for row in ROW.findall(PAGE)], ids=TRIED
)
def test_a_row_shows_what_it_promises(
    row: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(TRIED[row]["on"])
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    done = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert done.exit_code in (0, 1), done.stderr
    new = [p for p in tmp_path.iterdir() if p.is_file() and before.get(p) != p.read_bytes()]
    texts = [p.read_text(encoding="utf-8") for p in new if p.suffix != ".pdf"]
    seen = "\n".join([done.stdout, *texts])
    assert TRIED[row]["shows"] in " ".join(seen.split()) or TRIED[row]["shows"] in seen


def test_rules_that_a_row_names_are_there() -> None:
    codes = {rule.code for rule in all_rules()}
    assert set(re.findall(r"FW\d+", PAGE)) <= codes
