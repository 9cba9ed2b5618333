"""Each table has a connection of its own: what happens on one concerns nobody else."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from forwhom.errors import SourceError
from forwhom.tables import collect, held, join_left, open_table, profile_table, row_count
from forwhom.tables.engine import connect, reading


@pytest.fixture
def theirs() -> duckdb.DuckDBPyConnection:
    """A connection of somebody else, in the middle of a transaction."""
    connection = duckdb.connect()
    connection.execute("BEGIN; CREATE TABLE mine AS SELECT i, 'x' || i AS x FROM range(3) t(i)")
    return connection


def is_usable(connection: duckdb.DuckDBPyConnection) -> bool:
    return connection.execute("SELECT count(*) FROM mine").fetchall() == [(3,)]


def test_many_threads_open_and_profile_at_once(tmp_path: Path) -> None:
    for i in range(8):
        lines = [f"{n},{n % (i + 2)}" for n in range(500)]
        (tmp_path / f"{i}.csv").write_text("\n".join(["number,kind", *lines]))

    def kinds_in(i: int) -> int:
        return profile_table(open_table(tmp_path / f"{i}.csv"))["kind"].distinct

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(kinds_in, range(8))) == [i + 2 for i in range(8)]


def test_a_file_that_cannot_be_read_leaves_the_default_connection_alone(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("a,b\n1,2\n3\n")
    duckdb.execute("BEGIN; CREATE TEMP TABLE mine AS FROM range(3)")
    try:
        with pytest.raises(SourceError, match="line 3"):
            open_table(broken)
        assert is_usable(duckdb.default_connection())
    finally:
        duckdb.execute("ROLLBACK")


def test_questions_are_asked_on_our_connection(theirs: duckdb.DuckDBPyConnection) -> None:
    table = open_table(theirs.table("mine"), name="mine")
    with pytest.raises(SourceError), reading("mine"):
        held(table).frame.to_native().aggregate("sum(x::INT)").fetchall()
    assert is_usable(theirs)


def test_a_relation_that_cannot_be_read_is_refused_with_words() -> None:
    theirs = duckdb.connect()
    theirs.execute("CREATE TABLE mine AS SELECT i, 'x' || i AS x FROM range(3) t(i)")
    with pytest.raises(SourceError, match=r"mine cannot be read: .*string … to INT32"):
        profile_table(open_table(theirs.sql("SELECT x::INT AS n FROM mine"), name="mine"))
    assert is_usable(theirs)


def test_columns_of_every_type_can_be_read(theirs: duckdb.DuckDBPyConnection) -> None:
    odd = theirs.sql(
        "SELECT i, '{}'::JSON AS json, 'infinity'::TIMESTAMP AS ever, '-infinity'::DATE AS never, "
        "NULL AS nothing, uuid() AS key, {'a': i} AS struct, i * 1e12::BIGINT AS large FROM mine"
    )
    profile = profile_table(open_table(odd))
    assert profile["json"].top == []
    assert profile["json"].n == 3
    assert profile["ever"].maximum > profile["never"].maximum  # type: ignore[operator]
    assert profile["large"].maximum == 2e12
    assert is_usable(theirs)


def test_tables_of_different_connections_are_joined(theirs: duckdb.DuckDBPyConnection) -> None:
    mine = open_table(theirs.table("mine"), name="mine")
    lookups = [
        open_table(pa.table({"i": [0, 1], "a": ["p", "q"]}), name="a"),
        open_table(duckdb.sql("SELECT 1 AS i, 'r' AS b"), name="b"),
        open_table(pl.LazyFrame({"i": [2], "c": ["s"]}), name="c"),
    ]
    joined = mine
    for lookup in lookups:
        joined = join_left(joined, lookup, on="i")
    again = join_left(mine, lookups[2], on="i")
    # What comes from one table lives on one connection, so that it can be joined with itself.
    both = joined.frame.join(again.frame.select("i"), on="i", how="left")
    assert sorted(map(str, both.collect("pyarrow").to_native().to_pylist())) == [
        "{'i': 0, 'x': 'x0', 'a': 'p', 'b': None, 'c': None}",
        "{'i': 1, 'x': 'x1', 'a': 'q', 'b': 'r', 'c': None}",
        "{'i': 2, 'x': 'x2', 'a': None, 'b': None, 'c': 's'}",
    ]
    assert is_usable(theirs)


def test_a_file_of_duckdb_is_read_beside_those_who_write_it(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with duckdb.connect(str(path)) as writing:
        writing.execute("CREATE TABLE customers AS SELECT 1 AS id")
        table = open_table(f"duckdb://{path}/customers")
        assert row_count(table) == 1
    table = open_table(f"duckdb://{path}/customers")
    assert row_count(open_table(f"duckdb://{path}/customers")) == row_count(table) == 1
    del table
    gc.collect()
    with duckdb.connect(str(path)) as writing:  # nobody holds it any more
        writing.execute("INSERT INTO customers VALUES (2)")
        assert row_count(open_table(f"duckdb://{path}/customers")) == 2


def test_a_database_that_duckdb_gave_up_is_not_used_again() -> None:
    before = connect()
    before.execute("CREATE TABLE here AS SELECT 1")
    assert connect().execute("FROM here").fetchall() == [(1,)]
    with pytest.raises(SourceError), reading("it"):
        raise duckdb.FatalException("database has been invalidated")
    with pytest.raises(duckdb.CatalogException):
        connect().execute("FROM here")


def _rows(sent: multiprocessing.SimpleQueue[int]) -> None:
    sent.put(row_count(open_table(pa.table({"a": list(range(500_000))}))))


@pytest.mark.skipif(sys.platform != "linux", reason="needs a fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_has_a_database_of_its_own() -> None:
    connect().execute("SELECT sum(i) FROM range(1000000) t(i)").fetchall()
    context = multiprocessing.get_context("fork")
    sent = context.SimpleQueue()
    child = context.Process(target=_rows, args=(sent,))
    child.start()
    child.join(60)
    child.kill()
    assert child.exitcode == 0
    assert sent.get() == 500_000


class Stranger:
    """No table; and who asks it for anything, gets into trouble."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"nobody may ask for {name}")


def test_no_attribute_of_a_stranger_is_looked_up() -> None:
    with pytest.raises(SourceError, match="Stranger is not a table"):
        open_table(Stranger())


def test_values_leave_a_table_after_it_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n2\n")
    rows = collect(open_table(tmp_path / "a.csv"))
    gc.collect()
    assert rows["a"].to_pylist() == [1, 2]
