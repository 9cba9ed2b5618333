"""Fairness of a run: customers, a canvas that decides, and known shares."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.fairness import Without
from forwhom.errors import DataError, OptionError
from forwhom.pipeline.discovery import Result, discover
from forwhom.pipeline.fairness import audit_fairness

pytestmark = pytest.mark.usefixtures("swift")

N = 240
CANVAS = (
    "forwhom: 1\nkind: canvas\nsegments:\n"
    "  - {id: a, name: A, discovered: 1, status: %s, decision: {reason: r}}\n"
    "  - {id: b, name: B, discovered: 2, status: ignore, decision: {reason: r}}\n"
)


@pytest.fixture(scope="module")
def customers() -> pa.Table:
    """Two kinds of customers, of whom one is mostly women."""
    rng = np.random.default_rng(2)
    often = np.arange(N) < 140
    woman = rng.random(N) < np.where(often, 0.85, 0.2)
    part = rng.random(N) < np.where(woman, 0.9, 0.1)
    return pa.table(
        {
            "customer_id": [f"c{i:04}" for i in range(N)],
            "gender": np.where(woman, "woman", "man"),
            "visits": rng.poisson(np.where(often, 12, 2)),
            "online": np.where(rng.random(N) < np.where(often, 0.9, 0.2), "yes", "no"),
            "part_time": np.where(part, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def run(customers: pa.Table) -> Result:
    """The segments of these customers."""
    return discover(customers, k=2, n_starts=4, stability=0)


def test_a_run_says_what_segments_have_to_do_with_protected_attributes(run: Result) -> None:
    told = {e.id: e for e in run.segmentation.evidence if e.id.startswith("fairness.")}
    assert told["fairness.gender"].value > 0.4
    assert "Part time gives Gender away" in told["fairness.gender.proxy.part_time"].statement
    assert "fairness.gender.proxy.visits" not in told or "gives" in str(told)


def test_whom_a_canvas_serves_is_held_against_four_fifths(run: Result, customers: pa.Table) -> None:
    found = audit_fairness(run.segmentation, customers, canvas=parse_canvas(CANVAS % "serve"))
    [one] = found.fairness.selections
    segment = run.members["segment"].to_numpy()
    woman = np.asarray(customers["gender"].to_pylist()) == "woman"
    rates = {r.group: r.rate for r in one.rates}
    assert rates["woman"] == pytest.approx((segment[woman] == 1).mean(), abs=0.006)
    assert rates["man"] == pytest.approx((segment[~woman] == 1).mean(), abs=0.006)
    assert one.verdict == "apart"
    assert one.least == "man"


def test_segments_without_what_gives_an_attribute_away(run: Result, customers: pa.Table) -> None:
    found = audit_fairness(run.segmentation, customers, refit=True).fairness
    [one] = found.without
    assert one.left_out == ["Part time"]
    assert one.k == 2
    assert one.agreement is not None
    assert one.agreement > 0.8
    assert one.before == pytest.approx(0.6, abs=0.15)
    assert one.after == pytest.approx(one.before, abs=0.1)
    assert str(one).startswith("Gender: without Part time there are 2 segments")


def test_what_is_left_is_said() -> None:
    told = Without(
        attribute="gender", label="Gender", left_out=["Part time"], k=3, agreement=0.81,
        before=0.6, after=0.2,
    )  # fmt: skip
    assert str(told) == (
        "Gender: without Part time there are 3 segments, which agree with these by 0.81 (1: the "
        "same); the attribute goes with them by V = 0.20 instead of 0.60."
    )
    one = told.model_copy(update={"k": 1})
    assert str(one) == "Gender: without Part time the customers fall into no segments."
    nothing = told.model_copy(update={"k": None})
    assert str(nothing) == "Gender: without Part time no variable is left to form segments."


def test_known_shares_give_weights(run: Result, customers: pa.Table, tmp_path: Path) -> None:
    census = tmp_path / "census.yaml"
    census.write_text("margins:\n  gender: {woman: 30%, man: 70%}\n", encoding="utf-8")
    found = audit_fairness(run.segmentation, customers, margins=census)
    assert found.weights is not None
    weights = found.weights["weight"].to_numpy()
    by_id = dict(zip(found.weights["customer_id"].to_pylist(), weights, strict=True))
    gender = dict(
        zip(customers["customer_id"].to_pylist(), customers["gender"].to_pylist(), strict=True)
    )
    woman = sum(w for i, w in by_id.items() if gender[i] == "woman")
    assert woman / weights.sum() == pytest.approx(0.3)
    assert {m.verdict for m in found.fairness.margins} == {"apart"}
    assert "Weights that give each margin its due" in str(found)


def test_a_canvas_that_decides_nothing_is_refused(run: Result, customers: pa.Table) -> None:
    undecided = parse_canvas(CANVAS.replace("ignore", "candidate") % "candidate")
    with pytest.raises(OptionError, match="No segment of the canvas"):
        audit_fairness(run.segmentation, customers, canvas=undecided)


def test_data_without_a_protected_attribute_are_refused(customers: pa.Table) -> None:
    plain = customers.drop_columns(["gender"])
    found = discover(plain, k=2, n_starts=2, stability=0).segmentation
    with pytest.raises(DataError, match="No protected attribute"):
        audit_fairness(found, plain)
    with pytest.raises(OptionError, match="has no study"):
        audit_fairness(found.model_copy(update={"study": None}), plain)


def test_an_attribute_that_is_misspelled_is_told(run: Result, customers: pa.Table) -> None:
    names = ["sex" if name == "gender" else name for name in customers.column_names]
    with pytest.raises(DataError, match="The protected attribute 'gender' is not in the data"):
        audit_fairness(run.segmentation, customers.rename_columns(names))


def test_the_command(run: Result, customers: pa.Table, tmp_path: Path) -> None:
    data, census = tmp_path / "customers.csv", tmp_path / "census.yaml"
    pyarrow.csv.write_csv(customers, data)
    census.write_text("margins:\n  gender: {woman: 30%, man: 70%}\n", encoding="utf-8")
    segments = str(run.save(tmp_path / "segments"))
    runner = CliRunner()
    out = tmp_path / "weights.csv"
    asked = ["fairness", segments, str(data), "--margins", str(census), "-o", str(out), "-q"]
    told = runner.invoke(cli, asked)
    assert told.exit_code == 0, told.output
    assert "Gender is not spread evenly" in told.output
    assert out.read_text(encoding="utf-8").startswith('"customer_id","weight"\n')
    as_json = runner.invoke(cli, ["fairness", segments, str(data), "-q", "--json"])
    assert json.loads(as_json.output)["associations"][0]["attribute"] == "gender"
    refused = runner.invoke(cli, ["fairness", segments, str(data), "-o", str(tmp_path / "w.csv")])
    assert (refused.exit_code, "Give these with --margins" in refused.output) == (2, True)


def test_an_empty_table_is_called_as_it_was_given(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    lines = [f"{i},{1 + 8 * (i % 2)},{'fm'[i % 3 % 2]}" for i in range(60)]
    people.write_text("\n".join(["id,visits,gender", *lines]))
    found = discover(people, k=2, n_starts=2, stability=0).segmentation
    empty = tmp_path / "newer.csv"
    empty.write_text("id,visits,gender\n")
    with pytest.raises(DataError, match=r"newer\.csv has column names, but no rows"):
        audit_fairness(found, str(empty))


def test_missing_answers_are_tried_on_those_who_answered_everything(customers: pa.Table) -> None:
    rng = np.random.default_rng(6)
    woman = np.array(customers["gender"].to_pylist()) == "woman"
    gone = rng.random(N) < np.where(woman, 0.5, 0.0)
    online = [None if g else v for g, v in zip(gone, customers["online"].to_pylist(), strict=True)]
    untold = [None if i % 8 == 0 else g for i, g in enumerate(customers["gender"].to_pylist())]
    table = customers.set_column(3, "online", pa.array(online)).set_column(
        1, "gender", pa.array(untold)
    )
    run = discover(table, k=2, n_starts=4, stability=0)
    found = audit_fairness(run.segmentation, table)
    [told] = found.fairness.blanks
    assert told.unknown == pytest.approx(0.12, abs=0.01)
    assert (told.most, told.verdict) == ("woman", "apart")
    lacking = {one.group: one.missing for one in told.groups}
    assert lacking["man"] == 0.0
    assert lacking["woman"] == pytest.approx(0.5 / 3, abs=0.04)
    assert all(0 <= (one.moved or 0) <= 0.3 for one in told.groups)
    assert str(told) in str(found)


def test_a_run_says_what_blanks_do_and_a_full_table_says_nothing_of_them(
    run: Result, customers: pa.Table
) -> None:
    assert not [e.id for e in run.segmentation.evidence if ".blanks" in e.id or ".unknown" in e.id]
    woman = np.array(customers["gender"].to_pylist()) == "woman"
    gone = np.random.default_rng(6).random(N) < np.where(woman, 0.6, 0.0)
    table = customers
    for at, name in ((2, "visits"), (3, "online")):
        left = [None if g else v for g, v in zip(gone, customers[name].to_pylist(), strict=True)]
        table = table.set_column(at, name, pa.array(left))
    found = discover(table, k=2, n_starts=4, stability=0).segmentation
    told = {e.id: e for e in found.evidence}
    lacking, moving = told["fairness.gender.blanks"], told["fairness.gender.blanks-move"]
    assert lacking.verdict == "apart"
    assert lacking.statement.startswith("Of the answers that form segments, 'woman' lack ")
    assert lacking.value == pytest.approx(0.36, abs=0.01)  # of three variables, 60% of two
    assert lacking.interval is not None
    assert lacking.interval.low < lacking.value < lacking.interval.high
    assert moving.statement.startswith("Blanks like those of 'woman' place ")
    audited = audit_fairness(found, table).fairness.blanks
    assert [lacking.statement, moving.statement] == [audited[0].of_answers, audited[0].of_places]
    assert "fairness.gender.unknown" not in told
