"""The benchmarks still run: on few rows, without the peer, in one process."""

import importlib
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from pyarrow import csv

from forwhom import discover

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
KINDS = ("nominal", "binary", "mixed")
SCRIPTS = (
    "alignment", "canvas", "data", "experiments", "exports", "false_alarms", "funding", "large",
    "lint", "measuring", "mixture", "ours", "pipeline", "reading", "run", "updating", "workshop",
)  # fmt: skip


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The scripts, imported as they import each other."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield {name: importlib.import_module(name) for name in SCRIPTS}
    for name in SCRIPTS:
        del sys.modules[name]


def test_simulated_customers_are_those_that_were_described(scripts: dict[str, ModuleType]) -> None:
    data = scripts["data"]
    nominal = data.simulate("nominal", 2000)
    assert tuple(nominal.max(axis=0) + 1) == data.LEVELS
    assert sum(data.LEVELS) == 70
    assert np.array_equal(nominal, data.simulate("nominal", 2000))
    binary = data.simulate("binary", 500, columns=11)
    assert binary.shape == (500, 11)
    assert set(np.unique(binary)) == {0, 1}
    mixed = data.simulate("mixed", 2000, missing=0.1)
    assert np.isnan(mixed).mean() == pytest.approx(0.1, abs=0.01)
    shares = np.bincount(data.true_segments(20_000)) / 20_000
    assert shares == pytest.approx(data.SHARES, abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fit_from_the_truth_is_found_again_by_the_search(
    kind: str, scripts: dict[str, ModuleType]
) -> None:
    ours = scripts["ours"]
    truth, found = ours.from_truth(kind, 1200), ours.search(kind, 1200, n_starts=20)
    assert truth["converged"]
    assert found["loglik"] >= truth["loglik"] - 1e-6
    assert found["matrix_mb"] > 0


@pytest.mark.usefixtures("swift")
def test_whole_runs_find_the_segments_that_were_drawn(
    scripts: dict[str, ModuleType], tmp_path: Path
) -> None:
    large = scripts["large"]
    path = tmp_path / "customers.csv"
    for variables, missing in ((6, 0.0), (20, 0.1), (100, 0.0)):
        table = large.simulate(400, variables, missing)
        assert table.num_columns == variables + 1
    csv.write_csv(large.simulate(400, 6, 0.0), path)
    assert large.kmeans(str(path))["k"] >= 2
    found = large.discover(str(path))
    assert found["k"] >= 2
    assert 0 < found["early"] <= found["late"]


def test_acceleration_ends_no_lower_than_plain_em(scripts: dict[str, ModuleType]) -> None:
    ours = scripts["ours"]
    fast, plain = ours.from_start("binary", 1200), ours.plain_passes("binary", 1200)
    assert fast["converged"]
    assert fast["loglik"] >= plain["loglik"] - 1e-6
    assert plain["passes"] > 1


def test_tables_go_between_the_markers_and_nowhere_else(scripts: dict[str, ModuleType]) -> None:
    run = scripts["run"]
    page = f"before\n{run.BEGIN}old\n{run.END}\nafter\n"
    filled = run.between(page, ["| new |", ""])
    assert filled == f"before\n{run.BEGIN}\n| new |\n\n{run.END}\nafter\n"
    assert run.between(filled, ["| new |"]) == filled
    docs = BENCHMARKS.parent / "docs" / "benchmarks.md"
    assert run.BEGIN in docs.read_text(encoding="utf-8")
    assert run.END in docs.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(979.6, "980"), (32.04, "32.0"), (4.567, "4.57"), (0.05432, "0.054")],
)
def test_seconds_have_no_more_digits_than_they_deserve(
    seconds: float, shown: str, scripts: dict[str, ModuleType]
) -> None:
    assert scripts["mixture"]._seconds(seconds) == shown


@pytest.mark.usefixtures("swift")
def test_the_parts_around_a_canvas_are_measured(
    scripts: dict[str, ModuleType],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = partial(discover, n_starts=1, stability=0)
    monkeypatch.setattr(scripts["updating"], "discover", quick)
    # Three numbers and three items are enough to find somebody by.
    few = scripts["data"].simulate("mixed", 200)[:, 7:13]
    monkeypatch.setattr(scripts["updating"], "simulate", lambda _kind, _n: few)
    scripts["lint"].main(3, 40)
    scripts["alignment"].main(10, 6, 50)
    scripts["funding"].main(0.1)
    scripts["updating"].main(2, 1)
    printed = capsys.readouterr().out.splitlines()
    rows = [line for line in printed if line.startswith("| ") and not line.startswith("| work")]
    assert [row.split(" | ")[0] for row in rows] == [
        "| reading", "| rules", "| both", "| statistics", "| from CSV", "| reading", "| whole",
        "| `canvas seed`", "| `canvas accept`",
    ]  # fmt: skip


@pytest.mark.usefixtures("swift")
@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="only Linux tells what was read")
def test_a_text_file_is_not_read_again_for_every_answer(
    scripts: dict[str, ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    scripts["reading"].main(20_000, 5)
    printed = capsys.readouterr().out.splitlines()
    (row,) = [line for line in printed if line.startswith("| `discover`")]
    # Once, and the start of the file a few times, which is much of one as small as this.
    assert 1 <= float(row.split(" | ")[2].rstrip(" |")) < 4


def test_customers_like_those_seen_seldom_fit_no_segment(
    scripts: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms = scripts["false_alarms"]
    monkeypatch.setattr(alarms, "NEW", 20_000)
    assert alarms.rate("log-normal", 2000, 3, 1, "tilts") < 0.003
    assert alarms.rate("Poisson", 2000, 3, 1, "measured") < 0.003


@pytest.mark.parametrize("number", range(5))
def test_the_customer_time_and_amount_of_an_unknown_export_are_found(
    number: int, scripts: dict[str, ModuleType]
) -> None:
    exports = scripts["exports"]
    good, said = exports.judged(exports.drawn(number))
    assert good, said


def test_experiments_are_drawn_with_their_effect_and_read(scripts: dict[str, ModuleType]) -> None:
    made = scripts["experiments"]
    for kind in made.KINDS:
        effect = 5 * made.KINDS[kind]["threshold"]
        plan = made.planned(kind, 2, effect, 4000)
        trial = made.drawn(kind, [effect, -effect], [4000, 4000], np.random.default_rng(1))
        assert [s.verdict for s in made.read(plan, trial).segments] == ["supported", "refuted"]
    head, _, *rows = made.mismatch(1)
    assert head == "| arms | customers | not read |"
    assert len(rows) == 4
