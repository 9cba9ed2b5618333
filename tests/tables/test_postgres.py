"""PostgreSQL, against a server of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from forwhom.errors import DriverMissing, SourceError, SourceMissing
from forwhom.tables import collect, join_left, open_table, profile_table

pytest.importorskip("duckdb_extension_postgres_scanner", reason="forwhom[postgres] is missing")

SQL = """
CREATE TABLE customers (id integer, spend double precision, fee numeric(9, 2), city text,
                        joined timestamp);
INSERT INTO customers VALUES (1, 'NaN', 1.50, 'Rome', '2020-01-02 03:04'),
                             (2, 9.5, NULL, '', NULL);
COMMENT ON COLUMN customers.fee IS 'What they pay a year';
CREATE SCHEMA sales;
CREATE TABLE sales.orders AS SELECT 1 AS id;
CREATE ROLE ann LOGIN PASSWORD 'p@ss word';
GRANT SELECT ON customers TO ann;
"""


@pytest.fixture(scope="module")
def server(postgres: Path, ask_postgres: Callable[[str], list[list[str]]]) -> str:
    """Fill a server; give the folder of its socket."""
    ask_postgres(SQL)
    return str(postgres)


def test_tables_are_read(server: str) -> None:
    table = open_table(f"postgresql:///postgres/customers?host={server}&user=postgres")
    assert dict(table.labels) == {"fee": "What they pay a year"}
    assert table.name == "customers"
    rows = collect(table).to_pylist()
    assert [row["id"] for row in rows] == [1, 2]
    assert [row["spend"] for row in rows] == [None, 9.5]
    assert [row["fee"] for row in rows] == [1.5, None]
    assert [row["city"] for row in rows] == ["Rome", None]
    assert profile_table(table)["joined"].type == "date"
    orders = open_table(f"postgresql:///postgres/sales.orders?host={server}&user=postgres")
    assert collect(orders).to_pydict() == {"id": [1]}


def test_rows_can_be_joined_with_other_tables(server: str) -> None:
    customers = open_table(f"postgresql:///postgres/customers?host={server}&user=postgres")
    visits = open_table(pa.table({"id": [1, 1, 2]}), name="visits")
    assert sorted(collect(join_left(visits, customers, on="id"))["fee"].to_pylist(), key=str) == [
        1.5,
        1.5,
        None,
    ]


def test_users_with_passwords(server: str) -> None:
    address = f"postgres/customers?host={server}"
    table = open_table(f"postgresql://ann:p%40ss%20word@/{address}")
    assert collect(table).num_rows == 2


def test_mistakes_are_said_without_the_password(server: str) -> None:
    with pytest.raises(SourceMissing, match=r"no table 'custmers'.*Did you mean 'customers'"):
        open_table(f"postgresql:///postgres/custmers?host={server}&user=postgres")
    with pytest.raises(SourceError, match="cannot be opened") as caught:
        open_table(f"postgresql://ann:wr0ng-one@/postgres/customers?host={server}")
    assert "wr0ng" not in str(caught.value)
    assert caught.value.__cause__ is None
    with pytest.raises(SourceError, match="cannot be opened") as caught:
        open_table("postgresql://ann:hidden@localhost:1/shop/customers")
    assert "hidden" not in str(caught.value)
    with pytest.raises(SourceError, match="does not name a database and a table"):
        open_table("postgresql://host/customers")


def test_a_missing_extension_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def execute(self, sql: str) -> None:
            raise duckdb.IOException("no network")

    monkeypatch.setattr(duckdb, "connect", lambda **_: Refusing())
    with pytest.raises(DriverMissing, match=r"forwhom\[postgres\]"):
        open_table("postgresql://ann@localhost/shop/customers")
