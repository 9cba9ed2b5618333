"""Every word of ours on what a canvas makes goes through the catalog of its language.

The catalog is replaced by one in which each letter of a message is another one. What is left in
Latin letters then was written by somebody, or never reaches the catalog.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from forwhom.choices import questions
from forwhom.choices.jobmaps import map_jobs
from forwhom.choices.purchase.tracing import purchase_map
from forwhom.errors import DocumentError
from forwhom.languages import catalog
from forwhom.pipeline.aligning import align
from forwhom.pipeline.nextsteps import next_steps
from forwhom.report.alignment.page import alignment_html
from forwhom.report.alignment.text import alignment_text
from forwhom.report.canvas import purchase_text
from forwhom.report.choices import FORMS, choices_text
from forwhom.report.nextsteps import FORMS as NEXT_FORMS

ROOT = Path(__file__).parents[2]
EXAMPLES = ("clinic-notes", "penny-path", "shared-harvest")
WORD = re.compile(r"[A-Za-z][A-Za-z’'-]+")
#: Names, keys of a canvas, and what statistics calls so everywhere.
NAMES = {"forwhom", "version", "canvas", "yaml", "AC", "Gwet", "Kendall", "Krippendorff", "ci"}


class Strange:
    """A catalog in which no message has a Latin letter."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(\{[^{}]*\})", message)
        return "".join(p if p.startswith("{") else re.sub("[A-Za-z]", "ж", p) for p in parts)

    def pgettext(self, _: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, one: str, several: str, n: int) -> str:
        return self.gettext(one if n == 1 else several)


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_words", lambda code: None if code == "en" else Strange())


def in_german(example: str, tmp_path: Path) -> Path:
    """Return an example whose language is said to be German."""
    for file in (ROOT / "examples" / example).iterdir():
        text = file.read_text(encoding="utf-8")
        if file.name == "canvas.yaml":
            text = re.sub(r"^language: en$", "language: de", text, flags=re.MULTILINE)
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return tmp_path / "canvas.yaml"


def left(text: str, canvas: Path) -> set[str]:
    """Return the words of a text that the canvas and its tables do not hold."""
    if "<html" in text or "<svg" in text:
        text = re.sub(r"<(style|code)\b.*?</\1>", " ", text, flags=re.DOTALL)
        said = re.findall(r'(?:aria-label|alt|title|content)="([^"]*)"', text)
        text = html.unescape(re.sub(r"<[^>]*>", " ", text + " ".join(said)))
        text = re.sub(r"default-src.*?form-action 'none'", " ", text)
        text = text.replace("width=device-width, initial-scale=1", " ").replace("no-referrer", " ")
        text = text.replace("light dark", " ")
    held = " ".join(file.read_text(encoding="utf-8") for file in canvas.parent.iterdir())
    known = {word.lower() for word in WORD.findall(held)} | {name.lower() for name in NAMES}
    return {word for word in WORD.findall(text) if word.lower() not in known}


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.usefixtures("strange")
def test_an_alignment_speaks_one_language(example: str, tmp_path: Path) -> None:
    canvas = in_german(example, tmp_path)
    found = align(canvas, replicates=40)
    assert left(alignment_html(found), canvas) == set()
    assert left(alignment_text(found), canvas) == set()


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize("example", EXAMPLES)
def test_what_helps_to_choose_speaks_one_language(example: str, tmp_path: Path) -> None:
    canvas, asked = in_german(example, tmp_path), 0
    for ask in (
        questions.rank_needs, questions.assess_fit, questions.compare_curves,
        questions.decide_segments, questions.separate_segments, map_jobs,
    ):  # fmt: skip
        try:
            found = ask(canvas)
        except DocumentError:  # this example has no such part
            continue
        asked += 1
        said = [choices_text(found), *(str(FORMS.made(found, form)) for form in ("html", "md"))]
        assert [left(text, canvas) for text in said] == [set(), set(), set()]
    assert asked > 3


@pytest.mark.usefixtures("strange")
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_purchase_speaks_one_language(example: str, tmp_path: Path) -> None:
    canvas = in_german(example, tmp_path)
    found = purchase_map(canvas)
    assert found.failures
    assert left(purchase_text(found) + found.text, canvas) == set()


@pytest.mark.usefixtures("strange")
def test_what_comes_next_speaks_one_language_but_for_the_linter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forwhom.choices.gaps.steps.weaknesses", lambda *_: iter(()))
    monkeypatch.chdir(tmp_path)
    seen, path = set(), Path("canvas.yaml")
    for text in ("", SEGMENTS, f"{SEGMENTS}\n{MORE}"):
        path.write_text(f"forwhom: 1\nkind: canvas\nlanguage: de\n{text}\n", encoding="utf-8")
        found = next_steps(path)
        seen |= {task.id for task in found.tasks}
        for form in ("html", "md", "txt"):
            said = str(NEXT_FORMS.made(found, form))
            # What is to be typed is English, as keys are.
            said = re.sub(r"~~~.*?~~~", "", said, flags=re.DOTALL)
            said = "\n".join(line for line in said.splitlines() if not line.startswith(" " * 7))
            assert left(said, path) == set(), form
    assert len(seen) > 20


SEGMENTS = """
segments:
  - {id: xa, name: Ωa, status: serve, buti: [user], side: Ω}
  - {id: xb, name: Ωb, status: serve, buti: [buyer], side: Ψ}
market_type: multi-sided
"""
MORE = """
title: Ω
evidence: [{id: xe, statement: Ω.}]
participants: [{id: xp, name: Ω, veto: true, stance: opposes, roles: [approver]}]
personas: [{id: xo, name: Ω, segment: xa}]
needs: [{id: xn, statement: Ω, segments: [xa, xb], importance: 9, satisfaction: 2}]
propositions: [{id: xv, name: Ω, segments: [xa]}]
competitors: [{id: xc, name: Ω}]
hypotheses:
  - {id: xh, statement: Ω, segments: [xa], test: Ω, threshold: Ω, critical: true}
  - id: xi
    statement: Ω
    critical: true
    segments: [xa]
    learning: {date: 2026-01-01, observed: Ω, result: refuted, learned: Ω}
alignment:
  ratings:
    - {rater: xr, segment: xa, item: xn, value: 5}
    - {rater: xr, segment: xb, item: xn, value: -5}
  strategies: [{id: xs, item: xn, rerate: 2026-01-01}]
"""
