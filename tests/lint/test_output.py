"""Findings for people and machines."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.lint import LintResult, all_rules, lint_canvas
from forwhom.lint.output import as_json, explanation, github, rule_list, sarif, text
from forwhom.lint.registry import find_rules

HEAD = "forwhom: 1\nkind: canvas\n"
DAY = date(2026, 3, 1)


def result(body: str, *select: str, path: str = "canvases/a b.yaml") -> LintResult:
    return lint_canvas(parse_canvas(HEAD + body, path), select=select, today=DAY)


SOME = "needs: [{id: a, statement: 'Find and\n\n  hire 100%, people'}]\n"


def test_text_has_a_place_that_editors_jump_to_and_the_advice() -> None:
    lines = text([result(SOME, "FW102")]).splitlines()
    assert lines[0].startswith("canvases/a b.yaml:3:17: warning: ")
    assert lines[0].endswith("[FW102 compound-job]")
    assert lines[1].startswith("    Make two needs")
    assert lines[2] == "1 finding in 1 canvas: 1 warning."


def test_text_counts_kinds_and_says_what_comments_silence() -> None:
    silent = "segments: [{id: s, name: S}]  # lint: ignore[FW203] a pilot\n"
    assert text([result(silent, "FW203")]) == (
        "Nothing found in 1 canvas; 1 finding silenced by comments."
    )
    both = [result(SOME, "FW102", "FW106"), result("", "FW102")]
    assert text(both).splitlines()[-1] == "2 findings in 2 canvases: 1 warning, 1 note."


def test_text_of_a_canvas_in_memory_has_the_key_path() -> None:
    found = lint_canvas(parse_canvas(HEAD + SOME), select=["FW102"])
    assert text([found]).startswith("canvas:3:17: ")
    memory = lint_canvas(type(parse_canvas(HEAD))(forwhom=1, kind="canvas"), select=["FW1301"])
    assert text([memory]).startswith("canvas: framework: note: ")


def test_json_is_what_the_library_gives() -> None:
    found = result(SOME, "FW102")
    data = json.loads(json.dumps(as_json([found])))
    assert data["findings"] == 1
    assert LintResult.model_validate(data["canvases"][0]) == found


def test_github_commands_are_escaped() -> None:
    body = 'segments: [{id: s, name: "a::error file=x,line=1::b\\nc"}]\n'
    lines = github([result(body, "FW210", path="a,b:c%.yaml")]).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::warning file=a%2Cb%3Ac%25.yaml,line=3,col=12,title=FW210 ")
    assert "\r" not in lines[0]


def test_github_commands_name_the_three_levels() -> None:
    body = (
        "evidence: [{id: e, statement: x, fingerprint: a}]\n"
        "needs: [{id: n, statement: Better, evidence: [e@b]}]\n"
    )
    found = github([result(body, "FW104", "FW106", "FW502")])
    commands = [line.split(" ")[0] for line in found.splitlines()]
    assert commands == ["::notice", "::warning", "::error"]


def test_sarif_has_what_code_scanning_needs() -> None:
    log = json.loads(json.dumps(sarif([result(SOME, "FW102", "FW106")], "1.2.3")))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["semanticVersion"] == "1.2.3"
    assert [one["id"] for one in driver["rules"]] == [rule.code for rule in all_rules()]
    for one in driver["rules"]:
        assert one["shortDescription"]["text"]
        assert one["help"]["markdown"]
        assert one["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for one in run["results"]:
        assert driver["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] in ("error", "warning", "note")
        assert one["message"]["text"]
        (location,) = one["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "canvases/a%20b.yaml"
        assert physical["region"]["startLine"] == 3
        assert physical["region"]["startColumn"] >= 1
    assert len({one["partialFingerprints"]["forwhom/v1"] for one in run["results"]}) == 2


def test_sarif_puts_what_has_no_place_at_the_beginning() -> None:
    memory = lint_canvas(type(parse_canvas(HEAD))(forwhom=1, kind="canvas"), select=["FW1301"])
    [found] = sarif([memory])["runs"][0]["results"]
    region = found["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 1}


def test_sarif_fingerprints_do_not_move_with_lines() -> None:
    prints = [
        sarif([result(before + SOME, "FW102")])["runs"][0]["results"][0]["partialFingerprints"]
        for before in ("", "title: x\n")
    ]
    assert prints[0] == prints[1]


def test_sarif_paths_are_relative_below_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    below = sarif([result(SOME, "FW102", path=str(tmp_path / "x" / "c.yaml"))])
    above = sarif([result(SOME, "FW102", path=str(tmp_path.parent / "c.yaml"))])
    uris = [
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for log in (below, above)
    ]
    assert uris[0] == "x/c.yaml"
    assert uris[1].startswith("file:///")


def test_remarks_are_said_in_every_format() -> None:
    found = result("language: fr\n", "FW102")
    assert "'fr'" in text([found])
    assert github([found]).startswith("::notice ")
    notes = sarif([found])["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert "'fr'" in notes[0]["message"]["text"]


def test_explanations_are_the_docstrings() -> None:
    assert "## Why it matters" in explanation("compound-job")
    assert explanation("market").count("## Better") == 6
    assert len(rule_list(all_rules()).splitlines()) == len(all_rules())


def test_nothing_found() -> None:
    nothing = [LintResult(file="canvas.yaml")]
    assert text(nothing) == "Nothing found in 1 canvas."
    assert as_json(nothing)["findings"] == 0
    assert sarif([])["runs"][0]["tool"]["driver"]["name"] == "forwhom lint"


def test_rules_are_found_by_code_name_and_group() -> None:
    assert [one.code for one in find_rules("compound-job")] == ["FW102"]
    assert [one.code for one in find_rules("FW10")] == [f"FW100{i}" for i in range(1, 7)]
    assert explanation("FW102").splitlines()[0] == "FW102 compound-job (statements, warning)"


def test_a_canvas_that_was_not_read_is_in_every_format_of_machines() -> None:
    unread = LintResult(file="bad.yaml", error="bad.yaml:3:1: there is no key 'x'.\nRemove it.")
    both = [result("", "FW102"), unread]
    assert not unread.clean
    data = as_json(both)
    assert (data["unread"], data["canvases"][1]["error"]) == (1, unread.error)
    assert github(both) == (
        "::error file=bad.yaml,line=3,col=1,title=not read::"
        "bad.yaml:3:1: there is no key 'x'.%0ARemove it."
    )
    (invocation,) = sarif(both)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("error", unread.error)
    assert sarif([both[0]])["runs"][0]["invocations"][0]["executionSuccessful"] is True
