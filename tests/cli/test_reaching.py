"""What a person asks for on the command line reaches the library, and the answer is printed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from forwhom.cli import progress as bars
from forwhom.cli.main import cli
from forwhom.cli.progress import show_progress
from forwhom.cli.score import _tell
from forwhom.errors import DataError

CALLS = [
    ("canvas fit c.yaml --seed 7", "forwhom.choices.questions.assess_fit", {"seed": 7}),
    ("canvas jobs c.yaml --seed 7", "forwhom.choices.questions.rank_needs", {"seed": 7}),
    ("decide c.yaml --seed 7 --draws 2000", "forwhom.choices.questions.decide_segments",
     {"seed": 7, "draws": 2000}),
    ("align c.yaml --seed 7 --replicates 50", "forwhom.pipeline.aligning.align",
     {"seed": 7, "replicates": 50}),
    ("discover t.csv -o out --seed 7 --k 3 --threshold 12 --keep-ids --method kmeans",
     "forwhom.pipeline.discovery.discover",
     {"seed": 7, "k": 3, "threshold": 12, "method": "kmeans", "allow_connections": False}),
    ("discover t.csv -o out --rules r.yaml --allow-connections --cutoff 2024-02-01",
     "forwhom.pipeline.discovery.discover",
     {"method": "rules", "rules": Path("r.yaml"), "allow_connections": True, "seed": 0}),
    ("features t.csv -o f.csv --cutoff 2024-02-01 --layout none",
     "forwhom.customers.featuring.features_table", {"layout": "none"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "function", "wanted"), CALLS, ids=[c[0] for c in CALLS])
def test_options_reach_the_library(
    line: str,
    function: str,
    wanted: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: dict[str, Any] = {}

    def called(*_arguments: Any, **options: Any) -> Any:
        given.update(options)
        raise DataError("reached", "")

    monkeypatch.chdir(tmp_path)
    for name in ("c.yaml", "t.csv", "r.yaml"):
        Path(name).write_text("forwhom: 1\nkind: canvas\n")
    monkeypatch.setattr(function, called)
    found = CliRunner().invoke(cli, line.split())
    assert "reached" in found.output
    assert {name: given[name] for name in wanted} == wanted
    if "--cutoff" in line:
        assert str(given["cutoff"]).startswith("2024-02-01")


def scored(segments: list[int]) -> Any:
    names = [SimpleNamespace(id=1, name="Regulars"), SimpleNamespace(id=2, name="Others")]
    table = pa.table({"id": np.arange(len(segments)), "segment": segments})
    counts = {i: segments.count(i) for i in range(3)}
    return SimpleNamespace(
        table=table, notes=[], counts=lambda: counts, segmentation=SimpleNamespace(segments=names)
    )


def test_score_says_how_many_are_where(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(scored([1, 1, 1, 2]))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["1", "Regulars", "3", "75%"] in lines
    assert ["2", "Others", "1", "25%"] in lines
    assert not any("None" in line for line in lines)
    _tell(scored([1, 1, 1, 0]))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["0", "None", "of", "these", "1", "25%"] in lines
    assert ["2", "Others", "0", "0%"] in lines
    _tell(scored([]))
    assert "0%" in capsys.readouterr().out


def test_a_terminal_has_a_bar_that_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[tuple[str, float]] = []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(bars.time, "monotonic", iter(np.arange(100.0, 200.0, 10.0)).__next__)

    class Bar:
        def __init__(self, *_columns: Any, **_options: Any) -> None: ...

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *_error: object) -> None: ...

        def add_task(self, what: str, total: float) -> int:
            done.append((what, total))
            return 3

        def update(self, task: int, description: str, completed: float) -> None:
            assert task == 3
            done.append((description, completed))

    monkeypatch.setattr("rich.progress.Progress", Bar)
    with show_progress(quiet=False) as progress:
        assert progress is not None
        progress("reading\x1b[2J", 0.25)
        progress("fitting", 0.5)
    assert done == [
        ("starting", 1.0), (r"reading\x1b[2J", 0.25), ("fitting", 0.5),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["canvas fit c.yaml -o f.html", "canvas curves c.yaml -o v.svg"])
def test_what_was_written_is_said(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.yaml").write_text(
        "forwhom: 1\nkind: canvas\nsegments: [{id: s, name: S}]\n"
        "needs: [{id: n, statement: Plan, segments: [s]}]\n"
        "propositions: [{id: p, name: P, segments: [s], fit: [{need: n}]}]\n"
        "competitors: [{id: a, name: A}]\n"
        "value_curves:\n"
        "  - {id: v, segment: s, points: [{criterion: Price, scores: {ours: 7, a: 5}}]}\n"
    )
    found = CliRunner().invoke(cli, line.split())
    assert found.exit_code == 0, found.output
    assert found.output.splitlines()[-1] == f"Wrote {line.rsplit(maxsplit=1)[-1]}"
    assert Path(line.rsplit(maxsplit=1)[-1]).stat().st_size > 100
