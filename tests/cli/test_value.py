"""`forwhom value`: what it prints of segments and of the check."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import forwhom as fw
from forwhom.cli.main import cli


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place, rng = tmp_path_factory.mktemp("value"), np.random.default_rng(4)
    who = np.repeat(np.arange(120), 1 + np.arange(120) % 8)
    day = np.datetime64("2024-01-01") + rng.integers(0, 300, len(who))
    sales = pa.table({"customer": who, "day": day, "amount": rng.gamma(6, 5, len(who)).round(2)})
    pq.write_table(sales, place / "sales.parquet")
    found = fw.discover(sales, method="kmeans", k=2)
    fw.write_segmentation(found.segmentation, place / "segmentation.json")
    return place


def run(folder: Path, *options: str) -> str:
    return run_in(folder, "sales.parquet", *options)


def run_in(folder: Path, data: str, *options: str) -> str:
    paths = [str(folder / "segmentation.json"), str(folder / data)]
    done = CliRunner().invoke(cli, ["value", *paths, "--quiet", *options], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())  # as lines are broken somewhere


def test_it_tells_of_each_segment_and_of_the_check(folder: Path) -> None:
    said = run(folder, "--months", "3", "--discount", "0.1", "--margin", "0.4", "--at-least", "9")
    assert "in the next 91 days, after a margin of 40% and worth 10% less a year" in said
    assert "Brings 9" in said
    assert "Still there" in said
    assert "Checked on the last 99 days" in said
    assert "What was predicted of the last 99 days, and what followed" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["in den nächsten 91 Tagen", "Noch da", "für die letzten 99 Tage vorhergesagt"]),
        ("ar", ["لآخر 99 يوما، وما تلا ذلك"]),
    ],
)
def test_it_tells_it_in_the_language_that_is_asked_for(
    folder: Path, language: str, words: list[str]
) -> None:
    said = run(folder, "--months", "3", "--at-least", "9", "--language", language)
    assert [word for word in words if word not in said] == []
    ours = ("Customers", "Predicted", "Followed", "Checked", "expected", "Brings", "Money")
    assert [word for word in ours if word in said] == []


def test_what_must_be_known_of_it_is_told_in_that_language_too(folder: Path) -> None:
    dates = ("--cutoff", "2024-10-01", "--holdout-from", "2024-09-30")
    said = run(folder, *dates, "--months", "24", "--language", "de")
    assert "Die Zeit ist zu kurz, um etwas zurückzuhalten." in said
    assert "! Der Horizont (" in said


def test_json_holds_what_was_computed(folder: Path) -> None:
    told = json.loads(run(folder, "--json"))
    assert [one["segment"] for one in told["prospects"]] == [1, 2]
    assert told["horizon"]["t"] == pytest.approx(365.25)
    assert 0 <= told["prospects"][0]["substantial"] <= 1
    assert told["model"] == "bg-nbd"
    assert told["checked"][0]["predicted"] > 0
    assert told["evidence"][0]["id"] == "segment-1.purchases-ahead"


def test_what_cannot_be_checked_is_said(folder: Path) -> None:
    said = run(folder, "--cutoff", "2024-10-01", "--holdout-from", "2024-09-30")
    assert "was not checked on time held back. There is too little time to hold any back." in said


def test_contracts_are_told_and_kept_in_the_segmentation(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    loyal = np.arange(120) % 2 == 1
    start = np.datetime64("2016-01-01") + rng.integers(0, 900, 120)
    months = np.minimum(rng.geometric(np.where(loyal, 0.05, 0.3)), 60) * 30
    over = start + months
    until = [str(day) if day < np.datetime64("2019-01-01") else "" for day in over]
    people = pa.table({
        "since": start.astype("M8[D]"), "until": until, "fee": np.where(loyal, 9.0, 5.0),
        **{f"need_{i}": rng.random(120) < np.where(loyal, 0.9, 0.1) for i in range(5)},
    })  # fmt: skip
    pq.write_table(people, tmp_path / "members.parquet")
    study = fw.Study.model_validate({
        "forwhom": 1, "customers": {"table": "data"},
        "variables": {n: {"use": "ignore"} for n in ("since", "until", "fee")},
    })  # fmt: skip
    found = fw.discover({"data": people}, study=study, k=2, n_starts=2, stability=0)
    fw.write_segmentation(found.segmentation, tmp_path / "segmentation.json")
    (tmp_path / "report.html").write_text("before", "utf-8")
    told = run_in(
        tmp_path, "members.parquet", "--model", "sbg", "--period", "month", "--start", "since",
        "--end", "until", "--price", "fee", "--months", "6", "--cutoff", "2019-01-01", "--keep",
    )  # fmt: skip
    assert "in the next 6 months" in told
    assert "Renewals of" in told
    assert "Have a contract" in told
    assert "Brings 5%" in told
    kept = fw.read_segmentation(tmp_path / "segmentation.json")
    assert kept.value is not None
    assert kept.value.model == "sbg"
    ahead = [item.id for item in kept.evidence if item.id.endswith("-ahead")]
    assert len(ahead) == len(set(ahead)) == 4
    assert "Renewals of a customer" in (tmp_path / "report.html").read_text("utf-8")
