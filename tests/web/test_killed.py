"""The server is killed while people write: what it said yes to is there."""

from __future__ import annotations

import runpy
from pathlib import Path

KILLS = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "kills.py"))


def test_every_acknowledged_change_is_there_after_the_restart(tmp_path: Path) -> None:
    said, gone, same = KILLS["run"](1, tmp_path)
    assert said > 0
    assert gone == 0
    assert same
