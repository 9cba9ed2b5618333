"""Very many customers: some are drawn and looked at, all are fitted and placed."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forwhom.customers import everybody
from forwhom.documents import read_segmentation
from forwhom.documents.study import Study
from forwhom.errors import DataError
from forwhom.evidence import structure
from forwhom.mixture import Column, build_design, fit_mixture
from forwhom.mixture.scoring import score as place
from forwhom.mixture.shape import PLAIN
from forwhom.pipeline import sparkfitting
from forwhom.pipeline.discovery import Result, discover
from forwhom.pipeline.scoring import score
from forwhom.report.segmentation import report_html
from forwhom.tables.collecting import collect_columns
from forwhom.tables.sources import open_table

pytestmark = pytest.mark.usefixtures("swift")

N, DRAWN = 9_000, 3_000
SHARES = (0.5, 0.3, 0.2)


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(everybody, "MANY", 5_000)
    monkeypatch.setattr(everybody, "DRAWN", DRAWN)
    monkeypatch.setattr(structure, "MOST_ROWS", 500)
    monkeypatch.setattr(structure, "MOST_TRIED", 3)


def customers(n: int = N, seed: int = 0) -> pa.Table:
    """Return customers of three segments; some answers are missing or coded."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(3, n, p=SHARES)
    plans = np.array(["basic", "plus", "pro"])
    plan = np.where(rng.random(n) < 0.9, plans[segment], plans[rng.integers(0, 3, n)])
    mood = np.clip(np.array([2, 3, 5])[segment] + rng.integers(-1, 2, n), 1, 5).astype(float)
    mood[rng.random(n) < 0.05] = 99  # no answer
    return pa.table(
        {
            "customer": pa.array([f"c{i:05d}" for i in range(n)]),
            "plan": pa.array(plan, mask=rng.random(n) < 0.05),
            "online": pa.array(np.where(rng.random(n) < np.array([0.1, 0.8, 0.4])[segment],
                                        "yes", "no")),
            "mood": mood.astype(int),
            "visits": rng.poisson(np.array([2.0, 6.0, 12.0])[segment]),
            "spend": np.round(np.exp(rng.normal(np.array([2.0, 3.0, 4.0])[segment], 0.5)), 2),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "customers.parquet"
    pq.write_table(customers(), path, row_group_size=1_000)
    return path


@pytest.fixture(scope="module")
def found(file: Path) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(everybody, "MANY", 5_000)
        patch.setattr(everybody, "DRAWN", DRAWN)
        patch.setattr(structure, "MOST_ROWS", 500)
        patch.setattr(structure, "MOST_TRIED", 3)
        return discover(file, k=3, n_starts=10)


def test_some_are_drawn_and_all_have_a_place(found: Result) -> None:
    told = found.segmentation
    all_of_them = told.fit.everybody
    assert all_of_them is not None
    assert all_of_them.customers == N
    assert abs(told.n - DRAWN) < 4 * np.sqrt(DRAWN)
    assert len(found.members) == N
    assert sum(all_of_them.segments) == N
    np.testing.assert_allclose(
        sorted(np.array(all_of_them.segments) / N, reverse=True), SHARES, atol=0.03
    )
    assert told.sources[0].rows == N


def test_every_customer_is_where_the_model_places_them(found: Result, file: Path) -> None:
    told = found.segmentation
    measures = {v.name: v.measure for v in told.variables if v.use == "active"}
    levels = {v.name: v.levels for v in told.variables if v.levels}
    table = pq.read_table(file)
    moods = pa.array([None if m == 99 else m for m in table["mood"].to_pylist()])
    table = table.set_column(table.column_names.index("mood"), "mood", moods)
    ids, columns = collect_columns(
        open_table(table, name="all"), measures, id_column="customer", levels=levels
    )
    assert ids is not None
    placed = place(told.model, columns)
    members = found.members.sort_by("customer")
    assert members["customer"].to_pylist() == ids.to_pylist()
    np.testing.assert_array_equal(
        members["segment"].to_numpy(), placed.probabilities.argmax(axis=1) + 1
    )
    np.testing.assert_allclose(members["p1"].to_numpy(), placed.probabilities[:, 0], atol=1e-12)


def test_the_model_is_fitted_to_all_of_them(found: Result, file: Path) -> None:
    """It is nearer to what the whole table gives in memory than what was drawn could be."""
    whole = discover(file, k=3, n_starts=10, sample=0)
    assert whole.segmentation.fit.everybody is None
    assert whole.segmentation.n == N
    here, there = found.segmentation.model, whole.segmentation.model
    assert here.kind == there.kind == "mixture"
    np.testing.assert_allclose(here.weights, there.weights, atol=0.004)
    assert found.segmentation.sources[0].fingerprint == whole.segmentation.sources[0].fingerprint


def test_the_order_of_rows_makes_no_difference(found: Result, tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    order = np.random.default_rng(1).permutation(N)
    pq.write_table(customers().take(pa.array(order)), path)
    again = discover(path, k=3, n_starts=10)
    assert again.segmentation.n == found.segmentation.n
    assert again.segmentation.fit.everybody is not None
    assert found.segmentation.fit.everybody is not None
    assert again.segmentation.fit.everybody.segments == found.segmentation.fit.everybody.segments


def test_what_is_told_says_of_whom(found: Result) -> None:
    told = found.segmentation
    assert "among 9,000 customers" in str(told)
    assert f"seen in {told.n:,} customers, drawn from all 9,000 by their ids" in str(told)
    page = report_html(told)
    assert told.fit.everybody is not None
    assert f"{told.fit.everybody.segments[0]:,} customers most likely here" in page


def test_the_files_hold_all_of_them(found: Result, tmp_path: Path) -> None:
    place = found.save(tmp_path / "out")
    members = pq.read_table(place / "members.parquet")
    assert members.num_rows == N
    kept = read_segmentation(place)
    assert kept.fit.everybody == found.segmentation.fit.everybody
    found.save_members(tmp_path / "members.csv")
    assert len((tmp_path / "members.csv").read_text().splitlines()) == N + 1


def test_ids_that_tell_who_somebody_is_are_hashed(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    table = customers()
    mails = pa.array([f"{i}@example.org" for i in range(N)])
    pq.write_table(table.set_column(0, "email", mails), path)
    place = discover(path, k=3, n_starts=4, stability=0).save(tmp_path / "out")
    ids = pq.read_table(place / "members.parquet").column(0)
    assert all(len(one) == 64 for one in ids.to_pylist())
    assert len(set(ids.to_pylist())) == N


def test_customers_without_an_id_go_by_their_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pq.write_table(customers().drop_columns(["customer"]), path)
    result = discover(path, k=3, n_starts=4, stability=0)
    assert result.segmentation.fit.everybody is not None
    assert sorted(result.members["row"].to_pylist()) == list(range(1, N + 1))


@pytest.mark.parametrize("numbers", ["tilts", "measured"])
def test_numbers_as_they_were_measured_stay_those_of_the_drawn(file: Path, numbers: str) -> None:
    told = discover(file, k=3, n_starts=4, stability=0, numbers=numbers).segmentation
    assert told.fit.everybody is not None
    assert (told.fit.everybody.log_likelihood is None) == (numbers == "measured")
    assert ("was fitted to all" in str(told)) == (numbers == "tilts")


def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.parquet"
    table = customers()
    ids = table["customer"].to_pylist()
    # Neither of the two is drawn, so only reading all of them shows it.
    gone = [i for i, one in enumerate(ids) if md5(one.encode()).hexdigest() > "f"]
    ids[gone[0]] = ids[gone[1]]
    pq.write_table(table.set_column(0, "customer", pa.array(ids)), path)
    with pytest.raises(DataError, match=r"ids in 'customer' are not unique; 1 of 9,000 rows"):
        discover(path, k=3, n_starts=4, stability=0)


def test_a_relation_of_duckdb_and_a_study_are_taken(file: Path, tmp_path: Path) -> None:
    study = tmp_path / "study.yaml"
    study.write_text(
        "forwhom: 1\ncustomers: {table: people.parquet, id: customer, missing: [99]}\n"
        "variables: {mood: {measure: ordinal}}\n"
    )
    rows = duckdb.connect().sql(f"FROM '{file}'")
    result = discover(rows, study=study, k=3, n_starts=4, stability=0)
    assert result.segmentation.fit.everybody is not None
    mood = next(v for v in result.segmentation.variables if v.name == "mood")
    assert mood.levels == ["1", "2", "3", "4", "5"]


def test_new_customers_are_placed_in_parts_as_they_are_at_once(
    found: Result, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_parts = score(found.segmentation, file)
    monkeypatch.setattr(everybody, "MANY", 10 * N)
    at_once = score(found.segmentation, file)
    assert in_parts.notes == at_once.notes
    assert in_parts.counts() == at_once.counts()
    assert in_parts.table.sort_by("customer").equals(at_once.table)
    in_parts.save(tmp_path / "one.parquet")
    at_once.save(tmp_path / "other.parquet")
    one, other = (pq.read_table(tmp_path / f"{n}.parquet") for n in ("one", "other"))
    assert one.sort_by("customer").equals(other)


def test_few_customers_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "few.parquet"
    pq.write_table(customers(2_000), path)
    assert discover(path, k=3, n_starts=4, stability=0).segmentation.fit.everybody is None


def test_new_customers_of_whom_no_answer_is_known_are_refused(
    found: Result, tmp_path: Path
) -> None:
    path = tmp_path / "other.parquet"
    table = customers()
    other = pa.array(np.where(np.arange(N) % 2, "gold", "silver"))
    pq.write_table(table.set_column(1, "plan", other), path)
    with pytest.raises(DataError, match=r"'plan': none of the 9,000 answers is a level"):
        score(found.segmentation, path)


def test_rows_that_the_study_leaves_out_are_nobody(file: Path) -> None:
    study = Study.model_validate(
        {"forwhom": 1, "customers": {"table": str(file), "id": "customer", "missing": [99],
                                     "leave_out": {"online": ["no"]}}}
    )  # fmt: skip
    told = discover(study=study, k=2, n_starts=10, stability=0).segmentation
    assert told.fit.everybody is not None
    assert told.fit.everybody.customers == customers()["online"].to_pylist().count("yes")


def test_weighted_customers_keep_the_model_of_those_drawn(tmp_path: Path) -> None:
    """Their weights are scaled among those drawn, and count in nothing of all the others."""
    rng = np.random.default_rng(7)
    path, study = tmp_path / "people.parquet", tmp_path / "study.yaml"
    weights = pa.array(rng.uniform(0.2, 3.0, N))
    pq.write_table(customers().append_column("weight", weights), path)
    study.write_text(
        "forwhom: 1\ncustomers: {table: people.parquet, id: customer, missing: [99]}\n"
        "variables: {weight: {use: weight}}\n"
    )
    told = discover(study=study, k=3, n_starts=10, stability=0).segmentation
    assert told.weight == "weight"
    assert told.fit.everybody is not None
    assert told.fit.everybody.log_likelihood is None
    assert told.fit.everybody.customers == N


def test_ids_that_are_floats_without_a_fraction_are_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "floats.parquet"
    ids = pa.array(np.arange(N, dtype=np.float64) + 1000.0)
    pq.write_table(customers().set_column(0, "customer", ids), path)
    members = discover(path, k=3, n_starts=10, stability=0).members
    assert members.schema.field("customer").type == pa.int64()


def test_customers_who_change_between_passes_on_spark_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = Column("paid", np.array([0, 1, 1, 0], dtype=np.int32), ("no", "yes"))
    fitted = fit_mixture(build_design([answers], {"paid": "binary"}), 1)
    asked = everybody.Asked(
        open_table(customers(10), name="all"), None, 10, {"plan": "nominal"}, {}
    )
    workers = sparkfitting.OnWorkers(asked, fitted.data.design, PLAIN)
    monkeypatch.setattr(sparkfitting, "of_each_partition", lambda *_: [{"n": 9}])
    with pytest.raises(DataError, match="there were 10 customers when they were counted, and 9"):
        workers.sums(fitted.parameters)
