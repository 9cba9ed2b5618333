"""What follows from a later period, in words; and the ledger that its numbers are traced by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forwhom.documents.ledger import (
    LedgerLine,
    ledger_text,
    read_ledger,
    traced,
)
from forwhom.documents.refresh import (
    Move,
    Range,
    Refresh,
    Shift,
    SizeNow,
    Unfit,
    verdict_of,
)
from forwhom.errors import DocumentError


def move(effect: float, wide: float, p: float = 1.0, **more: object) -> Move:
    return Move.model_validate(
        {"segment": 2, "variable": "visits", "label": "Visits", "kind": "d", "effect": effect,
         "low": effect - wide, "high": effect + wide, "p": p, **more}
    )  # fmt: skip


def unfit(share: float, p: float) -> Unfit:
    now = Range(value=share, low=0.8 * share, high=1.2 * share)
    return Unfit(before=Range(value=0.001, low=0, high=0.003), now=now, p=p)


@pytest.mark.parametrize(
    ("alarm", "moves", "none", "complete", "expected"),
    [
        (0.5, [move(0.05, 0.2)], None, True, "keep"),
        (0.5, [move(0.05, 0.2)], None, False, "unknown"),
        (0.5, [move(0.05, 0.9)], None, True, "unknown"),
        (0.5, [], None, True, "unknown"),
        (0.01, [move(0.15, 0.1, 0.01)], None, True, "watch"),
        (0.01, [move(0.4, 0.1, 0.01)], None, True, "refit"),
        (0.01, [move(0.15, 0.1, 0.01, refitted=0.6)], None, True, "refit"),
        (0.01, [move(0.05, 0.04, 0.01)], None, True, "keep"),
        (0.01, [move(0.4, 0.1, 0.01, formed=False), move(0, 0.3)], None, True, "watch"),
        (0.01, [move(0.0, 0.1)], unfit(0.1, 0.001), True, "refit"),
        (0.01, [move(0.0, 0.1)], unfit(0.005, 0.001), True, "watch"),
    ],
)
def test_the_verdict(
    alarm: float, moves: list[Move], none: Unfit | None, complete: bool, expected: str
) -> None:
    assert verdict_of(alarm, moves, none, complete) == expected


def told(**more: object) -> Refresh:
    size = SizeNow(
        segment=1,
        before=Range(value=0.5, low=0.4, high=0.6),
        now=Range(value=0.7, low=0.6, high=0.8),
        placed=70,
    )
    shift = Shift(
        variable="", label="The sizes of the segments", bins=2, raw=0.2, p=0.001,
        psi=Range(value=0.17, low=0.12, high=0.22), verdict="much",
    )  # fmt: skip
    given = {
        "created": "2026-11-27T10:00:00+00:00", "version": "0.1.0", "lineage": "m",
        "day": "2026-11-27", "n": 100, "sources": [], "verdict": "keep", "alarm": 0.6,
        "sizes": [size], "shift": shift,
    }  # fmt: skip
    return Refresh.model_validate({**given, **more})


def test_a_changed_mix_of_the_same_segments_is_kept() -> None:
    assert told().headline == "Keep them: the segments are the same; their sizes changed."
    assert "The sizes of the segments changed much (PSI 0.17, 0.12 to 0.22)." in told().sentences


def test_what_moved_is_told_in_units_of_the_data() -> None:
    moved = move(0.4, 0.1, 0.01, words="from 2 on average to 5", refitted=0.5)
    found = told(verdict="refit", alarm=0.001, moves=[moved])
    assert found.headline == "Find them again: the segments are no longer what they were."
    assert found.sentences[0] == (
        "Segment 2 moved in Visits, from 2 on average to 5 (0.40 standard deviations; 0.50 in the "
        "refit)."
    )


def test_too_few_customers_say_so() -> None:
    found = told(verdict="unknown", moves=[move(0.1, 0.9)])
    assert found.headline.startswith("We cannot tell whether these are still the segments")
    assert "of segment 2 shows, and a large one cannot be excluded" in found.sentences[0]


def line(**more: object) -> LedgerLine:
    given = {
        "run": "refresh", "at": "2026-11-27T10:00:00+00:00", "version": "0.1.0", "lineage": "m",
        "sources": {"a.csv": "f00"}, "evidence": {"segment-1.size-now": "abc"},
    }  # fmt: skip
    return LedgerLine.model_validate({**given, **more})


def test_a_number_is_traced_to_its_run(tmp_path: Path) -> None:
    lines = [line(), line(at="2027-01-01T10:00:00+00:00", evidence={"segment-1.size-now": "def"})]
    (tmp_path / "ledger.jsonl").write_text(ledger_text(lines))
    assert read_ledger(tmp_path) == lines
    assert traced(lines, "def") == lines[1:]
    assert traced(lines, "segment-1.size-now") == traced(lines, "f00") == lines
    assert traced(lines, "nothing") == []
    assert read_ledger(tmp_path / "none.jsonl") == []
    (tmp_path / "ledger.jsonl").write_text('{"run": "guess"}\n')
    with pytest.raises(DocumentError, match="jsonl:1: this is no run"):
        read_ledger(tmp_path)


def test_the_day_of_a_refresh_is_a_day() -> None:
    assert date.fromisoformat(told().day) == date(2026, 11, 27)
