"""A later period against segments: from tables to a verdict that is kept, traced and defended."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents.defense import defense_of_segmentation
from forwhom.documents.ledger import read_ledger, stale
from forwhom.documents.refresh import Refresh
from forwhom.errors import DataError, OptionError
from forwhom.pipeline.discovery import Result

pytestmark = pytest.mark.usefixtures("swift")

N = 600


def period(
    seed: int, n: int = N, often: float = 0.4, more: float = 0.0, first: int = 0
) -> pa.Table:
    """Draw customers of two kinds: a part of them comes often and buys online."""
    rng = np.random.default_rng(seed)
    kind = rng.random(n) < often
    return pa.table(
        {
            "customer_id": [f"c{i:05d}" for i in range(first, first + n)],
            "visits": rng.poisson(np.where(kind, 12 + more, 2)),
            "spend": np.round(rng.lognormal(np.where(kind, 4, 2), 0.5), 2),
            "channel": np.where(rng.random(n) < np.where(kind, 0.9, 0.2), "online", "store"),
            "basket": rng.normal(np.where(kind, 3.0, 0.0)),
        }
    )


@pytest.fixture(scope="module")
def run() -> Result:
    return fw.discover(period(1), k=2, n_starts=3, stability=0)


@pytest.fixture
def folder(run: Result, tmp_path: Path) -> Path:
    return run.save(tmp_path / "segments")


def held(run: Result, data: pa.Table, members: pa.Table | None = None) -> Refresh:
    return fw.refresh(
        run.segmentation, data, members=members, refit=False, day="2027-01-01"
    ).refresh


def test_the_same_customers_are_kept_though_their_mix_changed(run: Result) -> None:
    same = held(run, period(2))
    assert same.verdict == "keep"
    assert same.alarm > 0.05
    grown = held(run, period(3, often=0.6))
    assert grown.verdict == "keep"
    assert grown.resized
    assert "their sizes changed" in grown.headline
    assert [one.now.value for one in grown.sizes] == pytest.approx([0.4, 0.6], abs=0.06)


def test_a_profile_that_moved_asks_for_a_refit(run: Result) -> None:
    found = held(run, period(4, more=5))
    assert found.verdict in ("watch", "refit")
    first = found.moves[0]
    assert (first.variable, first.moved) == ("visits", True)
    assert first.effect > 0.1
    assert "on average to" in first.words
    assert found.shifts[0].variable == "visits"


def test_a_new_kind_fits_none(run: Result) -> None:
    rng = np.random.default_rng(5)
    strange = pa.table(
        {
            "customer_id": [f"s{i}" for i in range(150)],
            "visits": rng.poisson(60, 150),
            "spend": np.round(rng.lognormal(9, 0.3, 150), 2),
            "channel": ["online"] * 150,
            "basket": rng.normal(-12, 1, 150),
        }
    )
    found = held(run, pa.concat_tables([period(6), strange]))
    assert found.verdict == "refit"
    assert found.unfit is not None
    assert found.unfit.more
    assert found.unfit.now.value == pytest.approx(150 / 750, abs=0.02)


def test_few_customers_cannot_tell(run: Result) -> None:
    assert held(run, period(7, n=60)).verdict == "unknown"


def test_a_refit_follows_the_segments(run: Result) -> None:
    found = fw.refresh(run.segmentation, period(8), day="2027-01-01")
    told = found.refresh.refitted
    assert told is not None
    assert (told.k, told.added) == (2, [])
    assert told.agreement > 0.9
    assert all(one.refitted is not None for one in found.refresh.sizes)
    assert found.refit is not None
    assert found.refit.segmentation.like == run.segmentation.lineage


def test_it_is_kept_defended_and_traced(folder: Path, run: Result) -> None:
    later = pa.concat_tables([period(1).slice(100), period(9, n=80, first=5000)])
    found = fw.refresh(folder, later, refit=False, day=date(2027, 1, 1))
    went = found.refresh.transitions
    assert went is not None
    assert went.both == 500
    assert [went.table[i][i] for i in (0, 1)] == [went.table[0][0], went.table[1][1]]
    assert sum(n or 0 for n in went.left) == 100
    history = found.save_history(folder / "history.parquet", since=date(2026, 1, 1))
    assert sum(history.counts(date(2026, 12, 1)).values()) == N
    assert sum(history.counts(date(2027, 1, 1)).values()) == 580
    found.save(folder)
    known = fw.read_segmentation(folder)
    assert known.refreshed == found.refresh
    assert {"refresh.verdict", "segment-1.size-now"} <= {e.id for e in known.evidence}
    still = defense_of_segmentation(known).questions[-1]
    assert (still.id, still.state) == ("true", {"keep": "yes"}.get(found.refresh.verdict, "open"))
    runs = read_ledger(folder)
    assert [line.run for line in runs] == ["discover", "refresh"]
    assert runs[1].evidence["refresh.verdict"] == found.evidence[0].fingerprint
    assert "Is it still true?" in (folder / "report.html").read_text()
    assert "c00200" not in (folder / "report.html").read_text()
    assert "c00200" not in json.dumps(known.model_dump(mode="json"))
    soon = date.fromisoformat(found.refresh.created[:10])
    assert stale(known, soon) == ""
    assert "was made 100 days ago" in stale(known, soon + timedelta(days=100))
    other = known.model_copy(update={"model": run.segmentation.model.model_copy()})
    assert stale(other, soon) == ""


def test_a_verdict_that_lacks_a_variable_says_so_and_not_that_customers_are_few(
    run: Result,
) -> None:
    later = period(10).rename_columns(["customer_id", "vists", "spend", "channel", "basket"])
    found = held(run, later, run.members)
    assert (found.verdict, found.lacking) == ("unknown", ["Visits"])
    assert found.headline.endswith("the groups: Visits is missing from the new data.")
    assert not any("does not last" in told for told in found.sentences)


def test_what_is_no_later_period_is_refused(run: Result, folder: Path) -> None:
    with pytest.raises(DataError, match="discovered in these very rows"):
        held(run, period(1))
    with pytest.raises(DataError, match=r"(?s)fewer than the 10.*was decided with them"):
        held(run, period(2, n=5))
    with pytest.raises(DataError, match="none of the variables"):
        held(run, pa.table({"a": [1, 2], "b": [3, 4]}))
    with pytest.raises(OptionError, match="is no day"):
        fw.refresh(run.segmentation, period(2), day="tomorrow", refit=False)
    strangers = run.members.slice(0, 200)
    with pytest.raises(DataError, match="the members are not of this segmentation"):
        held(run, period(2), members=strangers)
    renamed = period(2).set_column(3, "channel", pa.array(["web", "shop"] * (N // 2)))
    with pytest.raises(DataError, match="a level that the segments know"):
        held(run, renamed)
    alone = fw.refresh(run.segmentation, period(2), refit=False, day="2027-01-01")
    with pytest.raises(DataError, match="begins with the members"):
        alone.save_history(folder / "new.parquet")


def test_without_a_variable_nobody_is_vouched_for(run: Result) -> None:
    found = held(run, period(2).drop_columns(["basket"]))
    assert found.verdict == "unknown"
    assert any("basket" in note for note in found.notes)


def test_groups_around_centers_are_held_against_a_period_too() -> None:
    found = fw.discover(period(1), method="kmeans", k=2)
    same = fw.refresh(found.segmentation, period(2), refit=False, day="2027-01-01").refresh
    # Centers are of numbers: the channel is told, and places nobody.
    assert same.verdict == "keep"
    assert {move.variable for move in same.moves if not move.formed} == {"channel"}
    assert same.alarm > 0.05
    few = pa.concat_tables([period(3, n=100, often=0.0), period(4, n=4, often=1.0, first=900)])
    told = fw.refresh(found.segmentation, few, refit=False, day="2027-01-01").refresh
    assert [one.placed for one in told.sizes] == [None, None]
    assert all(round(one.now.value * 104) % 10 in (0, 4) for one in told.sizes)


def test_order_of_rows_changes_nothing(run: Result) -> None:
    data = period(11)
    mixed = data.take(pa.array(np.random.default_rng(0).permutation(N)))
    plain, other = held(run, data), held(run, mixed)
    assert plain.sizes == other.sizes
    assert plain.moves == other.moves


def test_periods_of_events_are_told_apart() -> None:
    rng = np.random.default_rng(1)

    def bought(begin: str, days: int) -> pa.Table:
        who = np.repeat(np.arange(150), 2 + 6 * (np.arange(150) % 2))
        day = np.datetime64(begin) + rng.integers(0, days, len(who))
        return pa.table({"customer": who, "day": day, "amount": rng.gamma(6, 5, len(who)).round(2)})

    first = fw.discover(bought("2025-01-01", 180), method="rfm").segmentation
    assert first.sources[0].months == ["2025-01", "2025-06"]
    later = fw.refresh(first, bought("2025-07-01", 360), refit=False).refresh
    assert any("not equally long" in note for note in later.notes)
    assert later.day > "2026-01-01"
    assert later.unfit is None
    overlapping = fw.refresh(first, bought("2025-05-01", 180), refit=False).refresh
    assert any("overlap" in note for note in overlapping.notes)
    with pytest.raises(DataError, match="is not later"):
        fw.refresh(first, bought("2024-01-01", 180), refit=False)
