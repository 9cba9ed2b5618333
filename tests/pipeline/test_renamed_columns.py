"""Columns with another name here are found by their own names in the SQL that is written."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot

import forwhom as fw
from forwhom.documents import dump_segmentation
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.segmentationfile import parse_segmentation
from forwhom.errors import DataError

pytestmark = pytest.mark.usefixtures("swift")

NAMES = ['sp"end', "it's", "Sepal.Length", "*", "`b`", "[c]", "a\nb", " lead", "SELECT"]


def shop(name: str) -> pa.Table:
    rng, kind = np.random.default_rng(0), np.arange(200) % 2
    return pa.table({
        'the"id': [f"c{i}" for i in range(200)],
        name: rng.normal(10 + 40 * kind, 3, 200),
        'plan"q': np.where(kind == 1, "a.b", 'c"d'),
    })  # fmt: skip


@pytest.fixture(scope="module")
def found() -> fw.Result:
    """Segments of a shop whose columns have names with a dot and quotes."""
    return fw.discover(shop("Sepal.Length"), k=2, n_starts=2, stability=0)


def named(segmentation: Segmentation, name: str) -> Segmentation:
    """Return the same segments of a table in which a column has another name."""
    source = segmentation.sources[0]
    other = source.model_copy(update={"renamed": {**source.renamed, "Sepal_Length": name}})
    return segmentation.model_copy(update={"sources": [other]})


@pytest.mark.parametrize("name", NAMES)
def test_the_sql_reads_columns_by_their_names_in_the_table(found: fw.Result, name: str) -> None:
    table = shop(name)
    again = parse_segmentation(dump_segmentation(named(found.segmentation, name)))
    connection = duckdb.connect()
    connection.register("shop", table)
    rows = connection.sql(fw.scoring_sql(again, "shop")).fetchall()
    placed = {row[0]: row[1] for row in rows}
    ids, segments = found.members[found.members.column_names[0]], found.members["segment"]
    assert placed == dict(zip(ids.to_pylist(), segments.to_pylist(), strict=True))


def test_other_dialects_read_the_same_columns(found: fw.Result) -> None:
    for dialect in ("postgres", "snowflake", "sqlite", "tsql"):
        text = fw.scoring_sql(found.segmentation, "shop", dialect=dialect)
        read = {c.name for c in sqlglot.parse_one(text, read=dialect).find_all(sqlglot.exp.Column)}
        assert {"Sepal.Length", 'plan"q', 'the"id'} <= read


def test_events_with_other_names_are_refused_by_name() -> None:
    rng = np.random.default_rng(1)
    lines = pa.table({
        "customer": rng.integers(0, 60, 400),
        "date": [f"2024-0{1 + i % 9}-11" for i in range(400)],
        "amount.net": np.round(rng.lognormal(2, 1, 400), 2),
    })  # fmt: skip
    made = fw.discover({"lines": lines}, k=1, n_starts=1, stability=0)
    with pytest.raises(DataError, match=r"'amount\.net' of lines is called 'amount_net' here"):
        fw.features_sql(made.segmentation)


def test_a_column_that_is_probably_misspelled_is_named(found: fw.Result) -> None:
    table = shop("Sepal.Length").rename_columns(['the"id', "Sepal.Lenght", 'plan"q'])
    notes = fw.score(found.segmentation, table).notes
    said = "there is no column 'Sepal_Length' in the new data. Did you mean 'Sepal_Lenght'?"
    assert any(said == note for note in notes), notes
    other = shop("weather")
    assert not any("Did you mean" in note for note in fw.score(found.segmentation, other).notes)
