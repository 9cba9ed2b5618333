"""What the linter finds, as things to do: one for each rule, however often it finds something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forwhom.documents.results.nextsteps import STAKES, Stake, Step, Task
from forwhom.languages.retelling import told
from forwhom.lint import LintResult, find_rules
from forwhom.lint.diagnostic import Diagnostic
from forwhom.wording import opened, tr_counted

#: Group of rules to the step that it belongs to, and what its warnings would change.
_GROUPS: dict[str, tuple[Step, Stake]] = {
    "statements": ("needs", "offer"),
    "segments": ("research", "whom"),
    "participants": ("research", "model"),
    "personas": ("personas", "offer"),
    "evidence": ("research", "whom"),
    "propositions": ("needs", "offer"),
    "hypotheses": ("hypotheses", "offer"),
    "interviews": ("needs", "way"),
    "alignment": ("needs", "offer"),
    "market": ("research", "model"),
    "competitors": ("competitors", "offer"),
    "money": ("model", "way"),
    "actors": ("research", "model"),
    "blocks": ("model", "offer"),
    "silences": ("model", "words"),
}
#: What a rule would change where that is not what its group says.
_STAKES: dict[str, Stake] = {
    "FW208": "model",  # nobody pays
    "FW705": "model",
    "FW1201": "model",  # the money ends
    "FW1302": "words",
}


def weaknesses(found: LintResult, covered: Iterable[str]) -> Iterator[Task]:
    """Yield a thing to do for each rule that found something and is not covered otherwise."""
    known = set(covered)
    rules: dict[str, list[Diagnostic]] = {}
    for one in found.diagnostics:
        if one.code not in known:
            rules.setdefault(one.code, []).append(one)
    for code, findings in rules.items():
        yield _task(code, findings)


def _task(code: str, findings: list[Diagnostic]) -> Task:
    rule, first = find_rules(code)[0], findings[0]
    step, stake = _GROUPS.get(rule.group, ("model", "way"))
    stake = _STAKES.get(code, stake)
    if first.severity == "note" and code not in _STAKES:
        stake = STAKES[min(STAKES.index(stake) + 1, len(STAKES) - 1)]
    others = len(findings) - 1
    more = tr_counted("{n} more place like it.", "{n} more places like it.", others)
    return Task(
        id=rule.name,
        step=step,
        stake=stake,
        what=opened(told(first.advice)),
        now=opened(told(first.message)) + (f" {more}" if others else ""),
        why=told(_first_sentence(rule.sections["Why it matters"])),
        touches={"finding": len(findings)},
        begin=f"forwhom lint --explain {code}",
        places=[f"{f.file}:{f.line}:{f.column}" for f in findings if f.file and f.line],
        rules=[code],
    )


def _first_sentence(text: str) -> str:
    whole = " ".join(text.split())
    end = whole.find(". ")
    return whole if end < 0 else whole[: end + 1]
