"""Discover, score and compare, from tables in memory and from files."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from forwhom.documents import read_segmentation
from forwhom.documents.structure import Structure
from forwhom.documents.studyfile import parse_study
from forwhom.errors import DataError, OptionError, OutputError, SourceError
from forwhom.mixture import bootstrap
from forwhom.pipeline.comparison import compare
from forwhom.pipeline.discovery import Result, check_folder, discover
from forwhom.pipeline.methods import find_mixture
from forwhom.pipeline.scoring import score
from forwhom.report.segmentation import summary_text

pytestmark = pytest.mark.usefixtures("swift")

RULES = "rules:\n  - {name: Big, when: spend > 40}\n  - {name: Online, when: channel = 'online'}\n"


@pytest.fixture(scope="module")
def found(customers) -> Result:
    return discover(customers, k_max=3, n_starts=10)


@pytest.fixture(scope="module")
def three(customers) -> Result:
    return discover(customers, k=3, n_starts=2, stability=0)


def same(a: Result, b: Result) -> bool:
    return (
        a.members.equals(b.members)
        and a.segmentation.model == b.segmentation.model
        and a.segmentation.segments == b.segmentation.segments
    )


def test_two_kinds_of_customers_are_two_segments(found, customers):
    segmentation = found.segmentation
    assert [s.n for s in segmentation.segments] == pytest.approx([180, 120], abs=6)
    assert [c.k for c in segmentation.selection] == [1, 2, 3]
    assert segmentation.fit.criterion == "bic"
    assert segmentation.typing_tool is not None
    assert len(segmentation.residuals) == 3
    assert found.members.column_names == ["customer_id", "segment", "p1", "p2", "certainty"]
    assert len(found.members) == len(customers)


def test_the_same_seed_gives_the_same_answer_in_any_order_and_engine(found, customers):
    other = pl.from_arrow(customers.take(np.arange(300)[::-1]))
    assert same(found, discover(other, k_max=3, n_starts=10))


def test_eight_runs_at_once_give_what_each_gives_alone(customers, sales, tmp_path):
    customers = customers.slice(0, 100)
    pyarrow.csv.write_csv(customers, tmp_path / "customers.csv")
    sales = sales.filter(pc.less(sales["customer"], 50))
    pyarrow.csv.write_csv(sales, tmp_path / "sales.csv")
    several = [
        (customers, "mixture"), (customers, "kmeans"), (tmp_path / "customers.csv", "mixture"),
        (tmp_path / "sales.csv", "rfm"),
    ]  # fmt: skip

    def run(one: tuple[object, str]) -> Result:
        data, method = one
        k = None if method == "rfm" else 2
        return discover(data, method=method, k=k, n_starts=1, stability=0, threshold=1)

    alone = [run(one) for one in several]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(run, several * 2))
    assert all(same(a, b) for a, b in zip(alone * 2, together, strict=True))


@pytest.mark.skipif(sys.platform != "linux", reason="counts what the process reads")
def test_a_text_file_is_read_once(customers, tmp_path):
    def bytes_read() -> int:
        told = Path("/proc/self/io").read_text().split()
        return int(told[told.index("rchar:") + 1])

    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    pyarrow.csv.write_csv(customers, small)
    discover(small, k=2, method="kmeans", n_starts=1)  # loads what is loaded once
    more = pa.concat_tables([customers] * 700).drop_columns("customer_id")
    pyarrow.csv.write_csv(more, large)
    before = bytes_read()
    discover(large, k=2, method="kmeans", n_starts=1)
    # The start is looked at besides, to see how the file is written.
    assert bytes_read() - before < 1.2 * large.stat().st_size + 2**20 + 2**18


def test_what_is_no_table_is_refused_without_asking_it_for_anything():
    class Stranger:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError(f"nobody may ask for {name}")

    with pytest.raises(SourceError, match="Stranger is not a table"):
        discover(Stranger())


def test_one_kind_of_customers_is_one_segment():
    rng = np.random.default_rng(5)
    alike = pa.table({"visits": rng.poisson(5, 400), "spend": rng.lognormal(3, 0.5, 400)})
    assert len(discover(alike, k_max=3, n_starts=10).segmentation.segments) == 1


def test_a_given_number_is_not_chosen(three):
    assert len(three.segmentation.segments) == 3
    assert three.segmentation.fit.criterion == ""


def test_k_max_ends_where_segments_would_have_no_customers(customers):
    found = discover(customers.slice(0, 4), n_starts=5, threshold=1).segmentation
    assert [c.k for c in found.selection] == [1, 2]
    assert any("Up to 2 segments were tried" in note for note in found.quality.notes)


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ({"k": 0}, "k is 0"),
        ({"k_max": -1}, "k_max is -1"),
        ({"prior": float("nan")}, "prior is nan"),
        ({"stability": -1}, "stability is -1"),
        ({"stability": 5000}, "stability is 5000"),
        ({"threshold": 0}, "threshold is 0"),
        ({"criterion": "bik"}, "Did you mean 'bic'"),
        ({"method": "k-means"}, "Did you mean 'kmeans'"),
        ({"covariance": "ful"}, "Did you mean 'full'"),
        ({"numbers": "tilt"}, "Did you mean 'tilts'"),
        ({"method": "rules"}, "rules are missing"),
    ],
)
def test_options_that_cannot_be_used(customers, option, word):
    with pytest.raises(OptionError, match=word):
        discover(customers, **option)


def test_a_segment_below_the_threshold_is_a_doubt_about_the_answer(customers, tmp_path):
    rules = tmp_path / "rules.yaml"
    least = sorted(customers["spend"].to_pylist())[3]
    rules.write_text(f"rules:\n  - {{name: Least, when: spend < {least}}}\n")
    with pytest.raises(DataError, match="every rule leaves fewer than 10 customers"):
        discover(customers, rules=rules)
    warnings = discover(customers, rules=rules, threshold=1).segmentation.quality.warnings
    assert not any("fewer than" in warning for warning in warnings)


def test_more_segments_than_customers(customers):
    with pytest.raises(DataError, match="4 customers, fewer than 5 segments"):
        discover(customers.slice(0, 4), k=5, threshold=1)


def test_progress_only_grows_and_ends(customers):
    said: list[tuple[str, float]] = []
    discover(customers, k=2, n_starts=1, progress=lambda what, done: said.append((what, done)))
    fractions = [done for _, done in said]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert said[-1] == ("done", 1.0)


def test_results_are_saved_together_and_read_back(found, tmp_path):
    place = found.save(tmp_path / "run")
    assert sorted(p.name for p in place.iterdir()) == [
        "members.parquet",
        "report.html",
        "segmentation.json",
    ]
    assert read_segmentation(place / "segmentation.json") == found.segmentation
    assert pq.read_table(place / "members.parquet").equals(found.members)


def test_an_earlier_run_is_replaced_only_when_asked(found, tmp_path):
    place = found.save(tmp_path / "run")
    (place / "canvas.yaml").write_text("mine")
    with pytest.raises(OutputError, match="already holds files"):
        found.save(place)
    found.save(place, overwrite=True)
    assert (place / "canvas.yaml").read_text() == "mine"


def test_a_folder_with_something_else_is_never_replaced(found, tmp_path):
    (tmp_path / "segmentation.json").write_text(json.dumps({"mine": 1}))
    with pytest.raises(OutputError, match="no earlier run"):
        found.save(tmp_path, overwrite=True)


def test_no_row_of_the_data_is_in_the_segmentation(found, customers):
    text = found.segmentation.model_dump_json()
    assert not [one for one in customers["customer_id"].to_pylist() if f'"{one}"' in text]


def test_the_results_show_themselves(found, customers):
    assert "<table>" in found._repr_html_()
    scored = score(found.segmentation, customers.drop(["spend"]))
    assert found.segmentation.segments[0].name in scored._repr_html_()
    assert "taken as missing: spend" in scored._repr_html_()


@pytest.mark.parametrize(
    "option",
    [{"k": 2}, {"k": 3, "method": "kmeans"}, {"method": "rules"}],
    ids=["mixture", "kmeans", "rules"],
)
def test_scoring_the_same_customers_gives_the_same_segments(customers, tmp_path, option):
    if option.get("method") == "rules":
        (tmp_path / "rules.yaml").write_text(RULES)
        option = {"rules": tmp_path / "rules.yaml"}
    result = discover(customers, n_starts=2, stability=0, **option)
    assert len(result.segmentation.segments) == (2 if option.get("k") == 2 else 3)
    again = score(result.segmentation, customers)
    placed = again.table["segment"].to_numpy()
    members = result.members["segment"].to_numpy()
    # The mixture may say of a member that it is like nobody; the others never do.
    assert (placed == members)[placed > 0].all()
    assert (placed > 0).mean() > 0.98
    assert np.allclose(again.table["p1"], result.members["p1"])


def test_rules_name_their_segments(customers, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES + "otherwise: The rest\n")
    segments = discover(customers, rules=tmp_path / "rules.yaml").segmentation.segments
    assert [s.name for s in segments] == ["Big", "Online", "The rest"]


def test_scoring_with_missing_columns_says_so(found, customers):
    scored = score(found.segmentation, customers.drop(["spend"]))
    assert any("spend" in note for note in scored.notes)
    agree = scored.table["segment"].to_numpy() == found.members["segment"].to_numpy()
    assert agree.mean() > 0.95


def test_a_customer_like_nobody_is_in_no_segment(found, customers):
    strange = pa.table(
        {"customer_id": ["x"], "visits": [400], "spend": [1e9], "channel": ["store"]}
    )
    scored = score(found.segmentation, strange)
    assert scored.counts()[0] == 1
    assert any("like nobody" in note for note in scored.notes)


def test_scored_tables_are_written_as_they_are_named(found, customers, tmp_path):
    scored = score(found.segmentation, customers)
    scored.save(tmp_path / "s.csv")
    scored.save(tmp_path / "s.parquet")
    assert pq.read_table(tmp_path / "s.parquet").equals(scored.table)
    assert pyarrow.csv.read_csv(tmp_path / "s.csv").num_rows == len(scored.table)


SALES = (
    "forwhom: 1\nevents:\n"
    "  - {table: sales, customer: customer, time: bought_at, amount: paid, item: item,"
    " category: [kind], lookups: [{table: items, on: item}]}\n"
)
ITEMS = pa.table({"item": [0, 1, 2, 3, 4], "kind": ["tea", "tea", "ink", "ink", "pens"]})


@pytest.fixture(scope="module")
def bought(sales) -> Result:
    given = {"sales": sales, "items": ITEMS}
    return discover(given, study=parse_study(SALES), k=2, n_starts=2, stability=0)


def test_events_are_discovered_and_scored_in_the_same_way(bought, sales):
    assert [s.n for s in bought.segmentation.segments] == pytest.approx([100, 100], abs=10)
    again = score(bought.segmentation, {"sales": sales, "items": ITEMS})
    placed = again.table["segment"].to_numpy()
    assert (placed == bought.members["segment"].to_numpy())[placed > 0].all()
    assert (placed > 0).mean() > 0.95


def test_scoring_events_without_their_lookup_says_which(bought, sales):
    with pytest.raises(DataError, match=r"items.*give it as well"):
        score(bought.segmentation, {"sales": sales})


def test_a_later_period_is_scored_with_its_own_cutoff(sales):
    study = parse_study(SALES.split(", item", maxsplit=1)[0] + "}\n")
    early = discover(sales, study=study, k=2, n_starts=1, stability=0, cutoff=datetime(2024, 7, 1))
    later = score(early.segmentation, sales, cutoff=datetime(2024, 12, 31))
    assert len(later.table) == 200


def test_rfm_gives_named_segments_and_scores(sales):
    study = parse_study(SALES.split(", item", maxsplit=1)[0] + "}\n")
    result = discover(sales, study=study, method="rfm")
    assert "Champions" in {s.name for s in result.segmentation.segments}
    again = score(result.segmentation, sales)
    assert again.table["segment"].equals(result.members["segment"])


def shoppers() -> pa.Table:
    rng = np.random.default_rng(3)
    often = rng.integers(1, 40, 200)
    return pa.table({"orders": often, "days_since_last_order": rng.integers(0, 400, 200),
                     "total_spend": rng.gamma(2, 10, 200) * often, "mnt": often * 3.0})  # fmt: skip


def test_rfm_takes_columns_by_their_roles():
    grid = discover(shoppers(), method="rfm").segmentation
    assert set(grid.model.cuts) == {
        "days_since_last_order", "orders", "total_spend",
    }  # fmt: skip
    assert {v.name: v.role for v in grid.variables if v.role} == {
        "days_since_last_order": "recency", "orders": "frequency", "total_spend": "revenue",
    }  # fmt: skip


def test_the_study_decides_which_column_has_a_role():
    study = "forwhom: 1\ncustomers: {table: shop}\nvariables:\n  mnt: {role: revenue}\n"
    grid = discover(shoppers(), study=parse_study(study), method="rfm").segmentation
    assert grid.model.monetary == "mnt"
    twice = shoppers().append_column("revenue", shoppers()["mnt"])
    quality = discover(twice, method="rfm").segmentation.quality
    assert any("'total_spend', 'revenue'" in warning for warning in quality.warnings)
    with pytest.raises(DataError, match=r"whose role is 'recency'.*role: recency"):
        discover(shoppers().drop_columns("days_since_last_order"), method="rfm")


def test_a_study_file_finds_its_tables_beside_it(customers, tmp_path):
    pq.write_table(customers, tmp_path / "people.parquet")
    path = tmp_path / "study.yaml"
    path.write_text(
        "forwhom: 1\ntitle: Shop\ncustomers: {table: people.parquet, id: customer_id}\n"
    )
    result = discover(path, k=2, n_starts=1, stability=0)
    assert result.segmentation.title == "Shop"
    assert result.segmentation.sources[0].name == "people.parquet"
    other = discover(customers, study=path, k=2, n_starts=1, stability=0)
    assert other.members.equals(result.members)


def test_runs_are_compared_in_memory_and_from_folders(found, three, tmp_path):
    beside = compare(found, three)
    assert beside.n == 300
    assert beside.adjusted_rand > 0.6
    found.save(tmp_path / "a")
    three.save(tmp_path / "b")
    assert compare(tmp_path / "a", tmp_path / "b").table == beside.table
    assert compare(found, found).adjusted_rand == 1.0


def test_columns_of_new_data_may_be_spelled_in_other_capitals(customers, found):
    spelled = customers.rename_columns(["Customer_ID", "VISITS", "Spend", "channel", "age"])
    scored = score(found.segmentation, spelled)
    assert scored.table.equals(score(found.segmentation, customers).table)


def test_new_data_without_the_id_are_numbered_and_that_is_said(customers, found):
    renamed = customers.rename_columns(["customer_ids", "visits", "spend", "channel", "age"])
    scored = score(found.segmentation, renamed)
    assert scored.table.column_names[0] == "row"
    assert "no column 'customer_id'" in scored.notes[0]
    assert scored.notes[0].endswith("Did you mean 'customer_ids'?")


def test_members_in_csv_keep_their_leading_zeros(customers, found, tmp_path):
    scored = score(found.segmentation, customers)
    scored.save(tmp_path / "scored.csv")
    found.save(tmp_path / "run")
    assert compare(tmp_path / "run", tmp_path / "scored.csv").adjusted_rand == 1.0


def test_only_the_proportions_of_weights_count(customers):
    study = "forwhom: 1\ncustomers: {table: people, id: customer_id}\n"
    study += "variables:\n  w: {use: weight}\n"
    once = customers.append_column("w", pa.array(1.0 + np.arange(300) % 2))
    many = customers.append_column("w", pa.array(5000.0 * (1 + np.arange(300) % 2)))
    first, second = (
        discover({"people": people}, study=parse_study(study), k_max=2, n_starts=2).segmentation
        for people in (once, many)
    )
    assert [s.share for s in first.segments] == pytest.approx([s.share for s in second.segments])
    assert [c.bic for c in first.selection] == pytest.approx([c.bic for c in second.selection])


def test_a_verdict_goes_along_into_standing_and_evidence(found, customers, monkeypatch):
    structure = Structure(verdict="clear", rows=300, islands=[[1], [2]])

    def judged(*args, **more):
        return replace(find_mixture(*args, **more), structure=structure)

    monkeypatch.setattr("forwhom.pipeline.discovery.find_mixture", judged)
    told = discover(customers, k=2, n_starts=1, stability=0).segmentation
    assert told.structure == structure
    assert [(s.standing, s.neighbors) for s in told.segments] == [("own", []), ("own", [])]
    items = {item.id: item.statement for item in told.evidence}
    assert items["segments.structure"].startswith("Two clear groups among 300 customers.")
    assert items["segment-1.size"].startswith("Group 1 is")
    assert found.segmentation.structure is not None
    assert found.segmentation.structure.verdict == "clear"


def kinds(found: Result) -> dict[str, str]:
    return {item.names[0]: item.kind for item in found.segmentation.model.items}


def test_numbers_are_tilts_unless_they_are_to_be_measured(found, customers):
    assert kinds(found) == {"visits": "tilt", "spend": "tilt", "channel": "categorical"}
    told = " ".join(summary_text(found.segmentation).split())
    assert "Numbers were modeled as tilts of a distribution that all groups share" in told
    measured = discover(customers, k=2, n_starts=1, stability=0, numbers="measured")
    assert kinds(measured) == {"visits": "poisson", "spend": "positive", "channel": "categorical"}
    told = " ".join(summary_text(measured.segmentation).split())
    assert "Numbers were modeled as log-normal and Poisson by measure." in told


def test_a_study_names_the_family_of_a_number(customers):
    study = (
        "forwhom: 1\ncustomers: {table: people, id: customer_id}\n"
        "variables: {visits: {family: poisson}}\n"
    )
    named = discover({"people": customers}, study=parse_study(study), k=2, n_starts=1, stability=0)
    assert kinds(named) == {"visits": "poisson", "spend": "tilt", "channel": "categorical"}
    by_name = {v.name: v.family for v in named.segmentation.variables}
    assert (by_name["visits"], by_name["spend"], by_name["channel"]) == ("poisson", "tilt", None)
    wrong = study.replace("visits: {family", "channel: {family")
    with pytest.raises(
        DataError, match=r"'channel' has the family 'poisson', which is for numbers"
    ):
        discover({"people": customers}, study=parse_study(wrong), k=2)


def test_with_a_covariance_matrix_what_stays_outside_is_said(customers):
    rng = np.random.default_rng(3)
    both = customers.append_column("margin", pa.array(rng.normal(size=len(customers))))
    full = discover(both, k=2, n_starts=1, stability=0, covariance="full")
    assert kinds(full)["margin"] == "gaussian-block"
    assert kinds(full)["spend"] == "positive"
    assert any("Visits and Spend stay outside of it" in n for n in full.segmentation.quality.notes)


def test_customers_with_values_beyond_all_others_are_none_of_these(found, customers):
    beyond = customers.slice(0, 2).set_column(
        customers.column_names.index("spend"), "spend", pa.array([1e7, 20.0])
    )
    assert score(found.segmentation, beyond).counts()[0] == 1


def test_what_is_kept_is_sought_again_unless_nobody_wants_it(found, customers):
    stability = found.segmentation.stability
    assert stability is not None
    assert stability.replicates == 20
    assert stability.reading == "natural"
    [number] = stability.numbers
    assert number.k == 2
    assert number.agreement > 0.9
    assert all(s.jaccard > 0.9 and s.found == 20 for s in stability.segments)
    evidence = {e.id: e for e in found.segmentation.evidence}
    assert evidence["segments.stability"].value == number.agreement
    none = discover(customers, k_max=3, n_starts=10, stability=0)
    assert none.segmentation.stability is None
    assert none.segmentation.model == found.segmentation.model
    assert discover(customers, k=1, n_starts=1).segmentation.stability is None


def test_every_number_is_sought_again_when_asked_for(customers, tmp_path):
    result = discover(customers, k_max=4, n_starts=4, stability=12)
    stability = result.segmentation.stability
    assert stability is not None
    assert [n.k for n in stability.numbers] == [2, 3, 4]
    best = max(stability.numbers, key=lambda n: n.agreement)
    assert best.k == 2, "two groups that are cut further are cut elsewhere each time"
    result.save(tmp_path / "out")
    assert read_segmentation(tmp_path / "out").stability == stability


def test_the_number_of_segments_is_tested_with_tilts(customers, monkeypatch):
    monkeypatch.setattr(bootstrap, "REPLICATES", 9)
    few = customers.slice(0, 150)
    found = discover(few, k_max=2, n_starts=2, stability=0, blrt=True).segmentation
    assert found.selection[1].blrt_p == pytest.approx(0.1)


def test_what_a_killed_run_left_is_no_reason_to_refuse(tmp_path):
    (tmp_path / ".forwhom-0123abcd").mkdir()
    (tmp_path / ".forwhom-0123abcd" / "members.parquet").write_text("rows of people")
    check_folder(tmp_path, overwrite=True)
    assert list(tmp_path.iterdir()) == []
