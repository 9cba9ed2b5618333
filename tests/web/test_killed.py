"""The server is killed while people write: what it said yes to is there."""

from __future__ import annotations

import runpy
from pathlib import Path

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
KILLS, EDITORS = (runpy.run_path(str(BENCHMARKS / f"{name}.py")) for name in ("kills", "editors"))


def test_every_acknowledged_change_is_there_after_the_restart(tmp_path: Path) -> None:
    said, gone, same = KILLS["run"](1, tmp_path)
    assert said > 0
    assert gone == 0
    assert same


def test_two_editors_at_random_overwrite_nothing(tmp_path: Path) -> None:
    tally, same = EDITORS["run"](0.5, tmp_path)
    assert tally.written > 0
    assert tally.overwritten == 0
    assert same
