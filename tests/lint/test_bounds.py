"""Rules with a bound: what lies on it, and what lies beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.lint import lint_canvas

HEAD = "forwhom: 1\nkind: canvas\n"
DAY = date(2026, 3, 1)


def count(code: str, text: str) -> int:
    return len(lint_canvas(parse_canvas(HEAD + text), select=[code], today=DAY).diagnostics)


@pytest.mark.parametrize(("days", "found"), [(-1, 1), (0, 1), (182, 1), (183, 0)])
def test_money_that_ends_within_half_a_year(days: int, found: int) -> None:
    until = DAY + timedelta(days=days)
    money = f'funding: [{{from: Fund, to: Us, amount: 1, until: "{until}"}}]\n'
    assert count("FW1201", "names: {ours: [Us]}\n" + money) == found


@pytest.mark.parametrize(("days", "found"), [(365, 0), (366, 1)])
def test_evidence_that_is_a_year_old(days: int, found: int) -> None:
    day = DAY - timedelta(days=days)
    evidence = f'evidence: [{{id: e, statement: x, date: "{day}"}}]\n'
    evidence += "needs: [{id: a, statement: Plan, evidence: [e]}]\n"
    assert count("FW504", evidence) == found


@pytest.mark.parametrize(("share", "found"), [(50, 0), (51, 1)])
def test_one_giver_of_most_of_the_money(share: int, found: int) -> None:
    flows = f"{{from: A, to: Us, amount: {share}}}, {{from: B, to: Us, amount: {100 - share}}}"
    assert count("FW1202", f"names: {{ours: [Us]}}\nfunding: [{flows}]\n") == found


@pytest.mark.parametrize(("importance", "found"), [(6, 0), (7, 1)])
def test_an_important_need_without_an_answer(importance: int, found: int) -> None:
    need = f"{{id: n, statement: Plan, segments: [s], importance: {importance}}}"
    text = f"segments: [{{id: s, name: S}}]\nneeds: [{need}]\npropositions: [{{id: p, name: P}}]\n"
    assert count("FW605", text) == found


@pytest.mark.parametrize(("letters", "found"), [(160, 0), (161, 1)])
def test_a_note_that_is_too_long_for_a_card(letters: int, found: int) -> None:
    assert count("FW1302", f"blocks: {{channels: [{{text: {'x' * letters}}}]}}\n") == found
