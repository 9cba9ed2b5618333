"""The commands that make, change and exchange a canvas."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from forwhom.cli.main import cli
from forwhom.documents import write_segmentation
from forwhom.documents.canvas import parse_canvas, read_canvas

from ..documents.canvas.segmentations import first, refit  # noqa: TID252

CANVAS = (
    "forwhom: 1\nkind: canvas\ntitle: Ours  # for now\nblocks: {key_partners: [{text: Farms}]}\n"
)
BMML = """\
version: "2.0"
meta: {name: FreshBox, portfolio: explore, stage: validation}
customer_segments: [{id: cs-cooks, name: Cooks, pains: [{id: pain-time, description: No time}]}]
value_propositions: [{id: vp-kit, name: Kit, pain_relievers: [{id: pr-fast, name: Fast}]}]
fits:
  - id: fit-one
    for: {value_propositions: [vp-kit], customer_segments: [cs-cooks]}
    mappings: [[pr-fast, pain-time]]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORWHOM_TRACEBACK", raising=False)
    Path("ours.yaml").write_text(CANVAS)
    Path("model.bmml").write_text(BMML)
    for name, made in (("segments", first()), ("later", refit())):
        Path(name).mkdir()
        write_segmentation(made, Path(name) / "segmentation.json")
    return tmp_path


def run(*args: str, code: int = 0) -> Result:
    found = CliRunner().invoke(cli, ["canvas", *args])
    assert found.exit_code == code, found.output
    return found


def printed(*args: str, code: int = 0) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(*args, "--json", code=code).stdout)
    return found


def test_new_writes_a_canvas_once() -> None:
    assert "forwhom lint canvas.yaml" in run("new").stdout
    assert read_canvas("canvas.yaml").framework == "business-model-canvas"
    before = Path("canvas.yaml").read_text()
    assert "exists already" in run("new", "--framework", "lean-canvas", code=2).stderr
    assert Path("canvas.yaml").read_text() == before
    said = printed("new", "-f", "lean-canvas", "--title", "A: b", "--force")
    assert said == {"canvas": "canvas.yaml"}
    assert read_canvas("canvas.yaml").title == "A: b"
    assert "lean-canvas" in run("new", "--list").stdout
    assert printed("new", "--list")["lean-canvas"] == "Lean Canvas"
    found = run("new", "-f", "lean-canvs", "-o", "other.yaml", code=2)
    assert "Did you mean 'lean-canvas'" in found.stderr
    assert not Path("other.yaml").exists()


def test_new_speaks_the_language_that_one_writes_in() -> None:
    run("new", "--language", "DE", "--title", "Brot", "-o", "brot.yaml")
    text = Path("brot.yaml").read_text(encoding="utf-8")
    assert read_canvas("brot.yaml").language == "de"
    assert "# Kundensegmente\n  #   Für wen schaffen wir Wert" in text
    found = run("new", "--language", "German", "-o", "brot.yaml", "--force", code=2)
    assert "'German' is no code of a language" in found.stderr
    assert "such as de" in found.stderr
    assert Path("brot.yaml").read_text(encoding="utf-8") == text


def test_new_writes_the_schema_beside_and_names_it() -> None:
    Path("docs").mkdir()
    said = printed("new", "-o", "docs/c.yaml", "--schema", "canvas.schema.json")
    assert said == {"canvas": "docs/c.yaml", "schema": "canvas.schema.json"}
    first = Path("docs/c.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../canvas.schema.json"
    assert json.loads(Path("canvas.schema.json").read_text())["title"] == "forwhom canvas"
    # The same schema serves a second canvas; another file is never replaced silently.
    run("new", "-o", "second.yaml", "--schema", "canvas.schema.json")
    Path("canvas.schema.json").write_text("{}")
    found = run("new", "-o", "third.yaml", "--schema", "canvas.schema.json", code=2)
    assert "canvas.schema.json exists already" in found.stderr
    assert not Path("third.yaml").exists()
    found = run("new", "-o", "third.yaml", "--schema", "canvas.schema", code=2)
    assert "canvas.schema ends with '.schema', which is no form for this" in found.stderr
    assert "$schema" not in run("new", "-o", "third.yaml").stdout


def test_f_is_the_framework_everywhere_and_the_format_only_where_it_is_named() -> None:
    run("convert", "ours.yaml", "-f", "lean-canvas", "-o", "lean.yaml")
    assert read_canvas("lean.yaml").framework == "lean-canvas"
    group = cli.commands["canvas"]
    assert isinstance(group, click.Group)
    for name, command in group.commands.items():
        short = [p for p in command.params if isinstance(p, click.Option) and "-f" in p.opts]
        assert all("--framework" in one.opts for one in short), name
        forms = [p for p in command.params if "--format" in p.opts]
        assert all(one.opts == ["--format"] for one in forms), name


def test_seed_update_and_accept() -> None:
    found = run("seed", "segments")
    assert "Wrote canvas.yaml" in found.stdout
    assert "2 new segments: Regulars; Others" in found.stdout
    assert run("accept", "canvas.yaml").stdout == "Nothing is suspect.\n"
    found = run("seed", "later")
    assert "Brought up to date: canvas.yaml" in found.stdout
    assert "3 items of evidence changed, 1 gone." in found.stdout
    assert "Suspect until a person looks: segment-1.size, c-segment-1" in found.stdout
    # Looking changes nothing, and says with its exit code that there is something.
    before = Path("canvas.yaml").read_bytes()
    listed = run("accept", "canvas.yaml", code=1).stdout
    assert "  it says now:       50 % of customers." in listed
    assert "  its evidence is gone; it said: " in listed
    suspect = printed("accept", "canvas.yaml", code=1)["suspect"]
    assert isinstance(suspect, list)
    assert [one["claim"] for one in suspect][:1] == ["segment-1.size"]
    found = run("accept", "canvas.yaml", "c-segment-1.distinction.visit", code=2)
    assert "Did you mean 'c-segment-1.distinction.visits'" in found.stderr
    assert Path("canvas.yaml").read_bytes() == before
    name = "c-segment-1.distinction.visits"
    assert printed("accept", "canvas.yaml", name, "--by", "Ada") == {
        "accepted": [name], "kept": [], "gone": [], "taken": [],
    }  # fmt: skip
    assert read_canvas("canvas.yaml").history[-1].by == "Ada"
    found = run("accept", "canvas.yaml", "--all", "--restate")
    assert "Accepted: segment-1.size" in found.stdout
    assert "Still suspect, because the evidence is gone: c-segment-1" in found.stdout
    assert "its evidence is gone" in run("accept", "canvas.yaml", code=1).stdout
    assert run("accept", "canvas.yaml", "--all").stdout.startswith("Accepted: nothing\n")


def test_seed_says_what_it_did_as_json() -> None:
    run("seed", "segments/segmentation.json", "-o", "c.yaml", "-f", "lean-canvas", "--claims", "1")
    said = printed("seed", "later", "-o", "c.yaml")
    assert said["added"] == ["Newcomers"]
    assert said["canvas"] == "c.yaml"
    assert read_canvas("c.yaml").framework == "lean-canvas"


def test_seed_refuses_what_it_cannot_use() -> None:
    assert "there is no" in run("seed", "nowhere", code=2).stderr
    assert "'ours.yaml'" not in run("seed", "ours.yaml", code=2).stderr
    Path("bad.yaml").write_text("forwhom: 1\nkind: canvas\nsegmnts: []\n")
    found = run("seed", "segments", "-o", "bad.yaml", code=2)
    assert "bad.yaml:3:1: there is no key 'segmnts'" in found.stderr
    assert Path("bad.yaml").read_text().endswith("segmnts: []\n")


def test_convert_changes_one_word_here_or_elsewhere() -> None:
    found = run("convert", "ours.yaml", "--to", "lean-canvas", "-o", "lean.yaml")
    assert "lean.yaml is a Lean Canvas now." in found.stdout
    assert "No block of it shows key_partners" in found.stdout
    assert Path("ours.yaml").read_text() == CANVAS
    assert "exists already" in run(
        "convert", "ours.yaml", "--to", "unite", "-o", "lean.yaml", code=2
    ).stderr  # fmt: skip
    said = printed("convert", "lean.yaml", "--to", "business-model-canvas")
    assert said == {"canvas": "lean.yaml", "framework": "business-model-canvas", "homeless": []}
    assert parse_canvas(Path("lean.yaml").read_text()) == parse_canvas(CANVAS)
    assert "Did you mean" in run("convert", "ours.yaml", "--to", "lean-canvs", code=2).stderr


def test_import_says_what_it_could_not_carry() -> None:
    found = run("import", "model.bmml")
    assert found.stdout == "Wrote canvas.yaml\nNot carried over:\n  fits: their ids (1)\n"
    canvas = read_canvas("canvas.yaml")
    assert (canvas.title, canvas.propositions[0].fit[0].need) == ("FreshBox", "pain-time")
    before = Path("canvas.yaml").read_bytes()
    assert "exists already" in run("import", "model.bmml", code=2).stderr
    assert Path("canvas.yaml").read_bytes() == before
    said = printed("import", "model.bmml", "--force")
    assert said == {"wrote": "canvas.yaml", "lost": ["fits: their ids (1)"], "changed": []}


def test_export_says_what_it_could_not_carry() -> None:
    found = run("export", "ours.yaml", "-o", "ours.bmml")
    assert "Wrote ours.bmml" in found.stdout
    assert "Changed:\n  the portfolio, which bmml needs, is 'explore' now" in found.stdout
    assert Path("ours.bmml").read_text().startswith('version: "2.0"\n')
    said = printed("export", "ours.yaml", "-o", "ours.json")
    assert said == {"wrote": "ours.json", "lost": [], "changed": []}
    assert json.loads(Path("ours.json").read_text())["title"] == "Ours"
    assert "exists already" in run("export", "ours.yaml", "-o", "ours.json", code=2).stderr
    run("export", "ours.yaml", "-o", "ours.json", "--force")


@pytest.mark.parametrize("suffix", ["json", "csv"])
def test_out_and_back_is_the_same(suffix: str) -> None:
    run("seed", "segments")
    run("export", "canvas.yaml", "-o", f"out.{suffix}")
    assert run("import", f"out.{suffix}", "-o", "back.yaml").stdout == "Wrote back.yaml\n"
    assert read_canvas("back.yaml") == read_canvas("canvas.yaml")


def test_a_table_opens_in_a_spreadsheet() -> None:
    Path("evil.yaml").write_text('forwhom: 1\nkind: canvas\ntitle: "=1+1"\nnot_for: [Köche]\n')
    run("export", "evil.yaml", "-o", "notes.csv")
    content = Path("notes.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfkind,")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["text"] for row in rows] == ["", "'=1+1", "Köche"]
    run("import", "notes.csv")
    assert read_canvas("canvas.yaml").title == "=1+1"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("import", "none.csv"), "There is no file none.csv"),
        (("import", "notes.doc"), "notes.doc ends with '.doc', which is no form for this"),
        (
            ("import", "ours.yaml", "--format", "bmml"),
            "ours.yaml:1:1: the key 'version' is missing",
        ),
        (("import", "ours.yaml", "--format", "json"), "ours.yaml:1:1: this is not JSON"),
        (
            ("import", "model.bmml", "--format", "csv"),
            "model.bmml:1:1: there is no column 'kind'",
        ),
        (("import", "segments/segmentation.json"), "this is a segmentation, not a canvas"),
        (("import", "bad.csv"), "bad.csv:2:1: there is no kind 'segmnt'"),
        (("import", "."), ". has no suffix, so nothing says its form"),
        (("export", "ours.yaml"), "Missing option '-o'"),
        (("export", "ours.yaml", "-o", "x"), "x has no suffix, so nothing says its form"),
        (("export", "model.bmml", "-o", "x.csv"), "model.bmml:1:1: the key 'forwhom' is missing"),
        (("export", "ours.yaml", "-o", "no/x.csv"), "there is no folder"),
        (("export", "ours.yaml", "-o", "x.csv", "--format", "xlsx"), "xlsx"),
        (("accept", "none.yaml"), "There is no file none.yaml"),
        (("convert", "ours.yaml"), "Missing option '--to'"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(args: tuple[str, ...], message: str) -> None:
    Path("bad.csv").write_text("kind,text\nsegmnt,A\n")
    Path("notes.doc").write_text("kind,text\n")
    before = sorted(Path().rglob("*"))
    found = run(*args, code=2)
    assert message in found.stderr
    assert found.stdout == ""
    assert "Traceback" not in found.stderr
    assert sorted(Path().rglob("*")) == before
