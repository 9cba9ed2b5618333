"""The rules: each is documented, and finds what its cases say and no more."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.yamlfile import parse_yaml
from forwhom.lint import all_rules, groups, lint_canvas
from forwhom.lint.diagnostic import Diagnostic
from forwhom.lint.registry import Rule

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
#: What the rules say of their cases, read by a person.
KEPT = Path(__file__).parent / "findings.txt"
HEAD = "forwhom: 1\nkind: canvas\n"
DAY = date(2026, 3, 1)
#: Sections that the documentation of every rule has.
SECTIONS = ("What it checks", "Why it matters", "Example", "Better")
#: The first number of the codes of each group.
HUNDREDS = {
    "silences": 0, "statements": 1, "segments": 2, "participants": 3, "personas": 4,
    "evidence": 5, "propositions": 6, "hypotheses": 7, "interviews": 8, "alignment": 9,
    "market": 10, "competitors": 11, "money": 12, "blocks": 13, "actors": 14,
}  # fmt: skip


def identify(rule: Rule) -> str:
    return f"{rule.code}-{rule.name}"


def found(rule: Rule, text: str) -> list[Diagnostic]:
    """What a rule finds in a canvas; rules on comments need another rule to be silenced."""
    select = [rule.code, "FW203"] if rule.last else [rule.code]
    result = lint_canvas(parse_canvas(HEAD + text), select=select, today=DAY)
    return [d for d in result.diagnostics if d.code == rule.code]


@cache
def case_list() -> list[tuple[Rule, str, str, str]]:
    listed = []
    for rule in all_rules():
        path = CASES / f"{rule.code}.yaml"
        cases = parse_yaml(path.read_text(encoding="utf-8"), path.name).data
        assert set(cases) == {"pass", "fail"}
        listed += [(rule, kind, n, text) for kind in cases for n, text in cases[kind].items()]
    return listed


@pytest.mark.parametrize(
    ("rule", "kind", "text"),
    [(rule, kind, text) for rule, kind, _, text in case_list()],
    ids=[f"{rule.code}-{kind}-{name}" for rule, kind, name, _ in case_list()],
)
def test_cases(rule: Rule, kind: str, text: str) -> None:
    diagnostics = found(rule, text)
    assert bool(diagnostics) == (kind == "fail"), [d.message for d in diagnostics]


def findings(rule: Rule) -> list[str]:
    """What a rule says of its cases: the case, place, path, words and what to do."""
    return [
        " | ".join(
            [rule.code, name, f"{d.line}:{d.column}", d.path, d.severity, d.message, d.advice]
        )
        for other, kind, name, text in case_list()
        if other is rule and kind == "fail"
        for d in found(rule, text)
    ]


@pytest.mark.parametrize("rule", all_rules(), ids=identify)
def test_what_a_rule_says_of_its_cases_is_as_it_was_read(rule: Rule) -> None:
    kept = [line for line in KEPT.read_text("utf-8").splitlines() if line.startswith(rule.code)]
    assert findings(rule) == [line for line in kept if line.split(" | ")[0] == rule.code], (
        "Read what is new; if it is right: python tests/lint/test_rules.py"
    )


#: What no rule says anything about; it stands before what a rule is to find.
WELL = parse_canvas(
    HEAD
    + """
segments:
  - {id: zz, name: Farmers who rent their land, description: They plan their seasons.,
     status: ignore, revenue: none, decision: {reason: Too few, date: "2026-01-01"}}
needs:
  - {id: zn, statement: Rent more land, segments: [zz], importance: 3, satisfaction: 8,
     rated_by: the team}
participants:
  - {id: zp, name: The farmer, roles: [user, decision-maker, donor], segments: [zz]}
propositions: [{id: zo, name: Leases, segments: [zz], fit: [{need: zn}]}]
questions: [{id: zq, text: How do you rent land?}]
hypotheses: [{id: zh, statement: They rent, metric: acres, threshold: at least 5}]
kpis: [{id: zk, name: Acres, target: "5"}]
"""
)


@pytest.mark.parametrize(
    "rule", [r for r in all_rules() if not r.last and r.code != "FW203"], ids=identify
)
def test_what_is_well_hides_nothing_that_stands_behind_it(rule: Rule) -> None:
    """A rule that stops at the first thing that is well would find less."""

    def said(diagnostics: list[Diagnostic]) -> set[str]:
        return {re.sub(r"\[\d+\]| of \d+ ", "", d.message) for d in diagnostics}

    for other, kind, name, text in case_list():
        if other is rule and kind == "fail":
            canvas = parse_canvas(HEAD + text)
            lists = [key for key in WELL.model_fields_set if isinstance(getattr(WELL, key), list)]
            more = {
                k: [*getattr(WELL, k), *getattr(canvas, k)] for k in lists if getattr(canvas, k)
            }
            behind = lint_canvas(canvas.model_copy(update=more), select=[rule.code], today=DAY)
            assert said(found(rule, text)) <= said(behind.diagnostics), name


def test_every_case_belongs_to_a_rule() -> None:
    assert {p.stem for p in CASES.glob("*.yaml")} == {rule.code for rule in all_rules()}


def test_there_are_enough_rules_and_codes_do_not_collide() -> None:
    assert len(all_rules()) >= 34
    assert len({rule.code for rule in all_rules()}) == len(all_rules())
    assert len({rule.name for rule in all_rules()}) == len(all_rules())
    words = {rule.name for rule in all_rules()} | {rule.code for rule in all_rules()}
    assert not words & set(groups())


@pytest.mark.parametrize("rule", all_rules(), ids=identify)
def test_a_code_tells_the_group(rule: Rule) -> None:
    assert re.fullmatch(r"FW\d{3,4}", rule.code)
    assert int(rule.code[2:]) // 100 == HUNDREDS[rule.group]


@pytest.mark.parametrize("rule", all_rules(), ids=identify)
def test_a_rule_stands_in_a_file_of_its_name_and_documents_itself(rule: Rule) -> None:
    assert rule.check.__module__.split(".")[-1] == rule.name.replace("-", "_")
    assert tuple(rule.sections) == SECTIONS
    assert rule.summary.endswith(".")
    assert len(rule.sections["Why it matters"]) > 100
    assert all(text for text in rule.sections.values())


def example(rule: Rule, part: str) -> str:
    block = re.fullmatch(r"```yaml\n(.*)```", rule.sections[part], re.DOTALL)
    assert block is not None, f"{rule.code}: {part} is one block of YAML"
    return block[1]


@pytest.mark.parametrize("rule", all_rules(), ids=identify)
def test_examples_are_true(rule: Rule) -> None:
    assert found(rule, example(rule, "Example"))
    assert not found(rule, example(rule, "Better"))


@pytest.mark.parametrize("rule", all_rules(), ids=identify)
def test_what_is_found_is_said_to_a_person(rule: Rule) -> None:
    for diagnostic in found(rule, example(rule, "Example")):
        assert diagnostic.message.endswith(".")
        assert diagnostic.advice.endswith((".", "?"))
        assert diagnostic.line is not None
        assert diagnostic.line > 1 or rule.code == "FW1301"


def test_the_docs_list_every_rule() -> None:
    page = (ROOT / "docs" / "lint-rules.md").read_text(encoding="utf-8")
    assert [r.code for r in all_rules() if f"### {r.code}: {r.name}\n" not in page] == []
    assert [r.code for r in all_rules() if f"| `{r.code}` |" not in page] == []


if __name__ == "__main__":
    written = [line for rule in all_rules() for line in findings(rule)]
    KEPT.write_text("\n".join(written) + "\n", encoding="utf-8")
