"""Findings that are set aside: a comment in the file, a change in the log."""

from __future__ import annotations

from forwhom.lint import lint_canvas
from forwhom.workspace.changes import Insert, Put, Remove, Silence

from .conftest import Team

WEAK = """\
forwhom: 1
kind: canvas
segments:
  - {id: early, name: Early birds}
needs:
  # Heard in the shop.
  - id: bread
    statement: Find and hire people
  - {id: more, statement: Find and hire a baker}
"""
ASIDE = Silence(at=("needs", 0, "statement"), rules=("FW102",), reason="They say it so.")


def codes(team: Team, key: str) -> list[tuple[str, str]]:
    found = lint_canvas(team.canvases.head(key).canvas, select=["FW102", "silences"])
    return [(one.code, one.path) for one in found.diagnostics]


def test_a_finding_is_set_aside_with_its_reason_and_comes_back(team: Team) -> None:
    key = team.canvases.create(team.place, team.ana, WEAK).document
    seen = team.canvases.head(key).number
    assert codes(team, key) == [
        ("FW102", "needs[1].statement"), ("FW102", "needs[2].statement"),
    ]  # fmt: skip
    done = team.canvases.edit(key, team.ana, seen, [ASIDE])
    line = "    # lint: ignore[FW102] They say it so.\n    statement: Find"
    assert line in done.text
    assert codes(team, key) == [("FW102", "needs[2].statement")]
    flow = ASIDE.model_copy(update={"at": ("needs", 1, "statement")})
    team.canvases.edit(key, team.ben, seen, [flow])
    assert codes(team, key) == []
    team.canvases.undo(key, team.ana)
    assert codes(team, key) == [("FW102", "needs[1].statement")]
    team.canvases.redo(key, team.ana)
    assert codes(team, key) == []
    assert team.canvases.replayed(key) == team.canvases.head(key).text
    team.canvases.undo(key, team.ana)
    team.canvases.undo(key, team.ben)
    assert team.canvases.head(key).text == WEAK


def test_it_follows_what_it_is_about(team: Team) -> None:
    key = team.canvases.create(team.place, team.ana, WEAK).document
    seen = team.canvases.head(key).number
    first = Insert(at=("needs", 0), value={"id": "new", "statement": "Eat"})
    team.canvases.edit(key, team.ben, seen, [first])
    team.canvases.edit(key, team.ana, seen, [ASIDE])
    assert codes(team, key) == [("FW102", "needs[3].statement")]
    before = team.canvases.head(key)
    team.canvases.edit(key, team.ben, before.number, [Put(at=("needs", 0, "id"), value="newer")])
    team.canvases.undo(key, team.ana)
    assert "lint" not in team.canvases.head(key).text


def test_of_a_whole_canvas_it_stands_above_everything(team: Team) -> None:
    key = team.canvases.create(team.place, team.ana, WEAK).document
    seen = team.canvases.head(key).number
    canvas = team.canvases.head(key).canvas
    [whole] = [d for d in lint_canvas(canvas).diagnostics if d.code == "FW1301"]
    assert (whole.line, whole.column) == (1, 1)  # no framework is named
    aside = Silence(at=whole.location, rules=("FW1301",), reason="It is a sketch.")
    done = team.canvases.edit(key, team.ana, seen, [aside])
    assert done.text.startswith("# lint: ignore[FW1301] It is a sketch.\nforwhom: 1")
    assert "FW1301" not in [one.code for one in lint_canvas(done.canvas).diagnostics]
    team.canvases.edit(key, team.ana, done.number, [Remove(at=("needs", 0))])
    team.canvases.undo(key, team.ana)
    team.canvases.undo(key, team.ana)
    assert team.canvases.head(key).text == WEAK
