"""Actors and features of how money is given, proposed from who funds whom."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.documents.canvas import parse_canvas
from forwhom.funders.economy import propose_economy
from forwhom.lint import lint_canvas

from .activities import activity, find, receiver, transaction
from .conftest import Write

CANVAS = "forwhom: 1\nkind: canvas  # ours\nactors: [{id: kept, name: Clinic}]\n"


def test_actors_and_features_come_with_evidence_and_only_once(tmp_path: Path, write: Write) -> None:
    source = write(activity("Health Fund", transaction(3, 900, receiver("Clinic"))))
    found = find(source)
    path = tmp_path / "canvas.yaml"
    path.write_text(CANVAS, encoding="utf-8")
    text, added = propose_economy(found, path)
    canvas = parse_canvas(text, path)
    assert "# ours" in text
    assert [one.name for one in canvas.actors] == ["Clinic", "Health Fund"]
    assert "one-giver" in added
    features = {one.id: one for one in canvas.funding_features}
    assert features["one-giver"].feature == "100% of the money comes from one giver, Health Fund"
    evidence = {one.id: one for one in canvas.evidence}
    said = "100% of the money is for development aims"
    assert features["money-by-aim"].feature == said
    assert evidence["funding-health-fund"].value == 1.0
    assert canvas.actors[1].evidence[0].startswith("funding-health-fund@")
    path.write_text(text, encoding="utf-8")
    assert propose_economy(found, path) == (text, [])
    # What nobody can know from data is asked for.
    asked = {d.code for d in lint_canvas(path, select=["actors"]).diagnostics}
    assert asked == {"FW1401", "FW1403"}


def test_shares_of_givers_are_of_what_was_given(write: Write) -> None:
    given = {"Fund": 300, "Trust": 100, "Bank": -400}
    made = [activity(name, transaction(3, n, receiver("R"))) for name, n in given.items()]
    text, _ = propose_economy(find(write(*made)), parse_canvas("forwhom: 1\nkind: canvas\n"))
    assert "Fund gave 75% of the money" in text
    assert "Trust gave 25% of the money" in text
    assert "Bank gave" not in text


def test_the_command_adds_them_where_it_is_told(tmp_path: Path, write: Write) -> None:
    source = write(activity("Health Fund", transaction(3, 900, receiver("Clinic"))))
    path = tmp_path / "canvas.yaml"
    path.write_text(CANVAS, encoding="utf-8")
    alone = CliRunner().invoke(cli, ["funding", str(source), "--economy"])
    assert (alone.exit_code, "--propose" in alone.stderr) == (2, True)
    done = CliRunner().invoke(
        cli, ["funding", str(source), "--propose", str(path), "--economy", "--today", "2026-11-25"]
    )
    assert done.exit_code == 0, done.stderr
    assert "Added actors and features of the money: health-fund-2, money-by-aim" in done.stdout
    assert "Health Fund" in path.read_text(encoding="utf-8")
