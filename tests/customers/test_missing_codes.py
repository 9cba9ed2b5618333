"""Codes for no answer count as missing from the study to the SQL, declared or noticed."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from forwhom import discover, score
from forwhom.customers.drafting import draft_study
from forwhom.customers.opening import Tables
from forwhom.customers.preparation import prepare
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.studyfile import parse_study
from forwhom.mixture.sql import scoring_sql

pytestmark = pytest.mark.usefixtures("swift")

N = 240
DECLARED = "forwhom: 1\ncustomers: {table: people, id: person, missing: [99, -1]}\n"
STUDY = "forwhom: 1\ncustomers: {table: people}\n"


def people() -> pa.Table:
    rng = np.random.default_rng(3)
    kind = np.arange(N) % 2
    few = rng.random(N) < 0.1
    rated = np.where(few, 99, np.where(kind, rng.integers(4, 8, N), rng.integers(1, 4, N)))
    return pa.table(
        {
            "person": np.arange(N) * 3 + 7,
            "sat": rated,
            "ease": np.where(kind, rng.integers(4, 8, N), rng.integers(1, 4, N)),
            "wait": np.where(few, -1, np.where(kind, 1, 30) * rng.lognormal(2, 0.3, N)),
        }
    )


def ready(study: str = STUDY):
    return prepare(parse_study(study), Tables(given={"people": people()}))


def test_codes_are_noticed_and_said():
    found = ready()
    assert found.columns["sat"].levels == tuple("1234567")
    assert found.columns["sat"].missing.sum() == found.columns["wait"].missing.sum() > 10
    assert np.nanmin(found.columns["wait"].values) > 0
    said = [note for note in found.notes if "no answer" in note]
    assert any("99 stands for no answer in sat" in note for note in said)
    assert any("-1 stands for no answer in wait" in note for note in said)


def test_a_study_declares_codes_for_a_variable_and_for_a_table():
    none = ready(STUDY + "variables: {sat: {missing: []}}\n")
    assert not none.columns["sat"].missing.any()
    own = ready(STUDY + "variables: {sat: {missing: [99, 7]}}\n")
    assert own.columns["sat"].levels == tuple("123456")
    table = ready("forwhom: 1\ncustomers: {table: people, missing: [99, -1, 7]}\n")
    assert table.columns["ease"].levels == table.columns["sat"].levels == tuple("123456")
    assert np.nanmin(table.columns["wait"].values) > 0


def test_a_draft_writes_the_codes():
    draft = draft_study({"people": people()})
    assert draft.study.variables["sat"].missing == [99]
    assert "missing: [99]" in draft.text
    assert "missing: [-1]" in draft.text


@pytest.mark.parametrize("study", [None, DECLARED])
def test_score_and_sql_read_new_data_in_the_same_way(study: str | None):
    table = people()
    asked = {"study": parse_study(study)} if study else {}
    found = discover(table, k=2, n_starts=2, stability=0, **asked).segmentation
    placed = score(found, table).table
    sql = scoring_sql(found, "people")
    with duckdb.connect() as session:
        session.register("people", table)
        rows = session.execute(f"SELECT segment, fit FROM ({sql}) ORDER BY person").fetchnumpy()
    assert np.array_equal(rows["segment"], placed["segment"].to_numpy())
    assert "NULL" in sql


@pytest.fixture(scope="module")
def found() -> Segmentation:
    return discover(people(), k=2, n_starts=2, stability=0).segmentation


@pytest.mark.parametrize("kept", ["BIGINT", "DOUBLE", "DECIMAL(10, 2)", "VARCHAR"])
def test_the_sql_finds_a_code_in_every_type(found: Segmentation, kept: str):
    table = people()
    placed = score(found, table).table
    with duckdb.connect() as session:
        session.register("given", table)
        session.execute(f"CREATE TABLE people AS SELECT * REPLACE (sat::{kept} AS sat) FROM given")
        rows = session.execute(
            f"SELECT segment, unmatched FROM ({scoring_sql(found, 'people')}) ORDER BY person"
        ).fetchnumpy()
    assert np.array_equal(rows["segment"], placed["segment"].to_numpy())
    assert rows["unmatched"].max() == 0
