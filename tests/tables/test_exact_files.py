"""A path that exists is that file, whatever signs are in its name."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forwhom.customers.inputs import read_inputs
from forwhom.customers.opening import Tables
from forwhom.errors import OptionError, SourceError
from forwhom.tables import collect, open_table
from forwhom.tables.engine import connect

NAMES = [
    "sales[1]",
    "*",
    "sales?",
    "[a-z]",
    "a\\b",
    "~x",
    "~",
    "~root",
    "it's",
    "sales[!1]",
    "{a,b}",
    "x=1",
    "**",
]


@pytest.mark.parametrize("name", NAMES)
def test_signs_of_patterns_are_part_of_the_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in ("sales1", "sales2", "a", "b", "c"):
        (tmp_path / f"{other}.csv").write_text("who\nwrong\nwrong\n")
        pq.write_table(pa.table({"who": ["wrong", "wrong"]}), tmp_path / f"{other}.parquet")
    (tmp_path / f"{name}.csv").write_text("who\nright\nalso\n")
    pq.write_table(pa.table({"who": ["right", "also"]}), tmp_path / f"{name}.parquet")
    monkeypatch.chdir(tmp_path)
    for suffix in ("csv", "parquet"):
        for path in (tmp_path / f"{name}.{suffix}", f"{name}.{suffix}"):
            assert collect(open_table(path))["who"].to_pylist() == ["right", "also"]


def test_folders_with_such_names_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "[2024] *"
    folder.mkdir()
    (tmp_path / "2 x").mkdir()
    (tmp_path / "2 x" / "t.csv").write_text("who\nwrong\n")
    for part in ("a[1].csv", "b.csv"):
        (folder / part).write_text("who\nright\n")
    assert collect(open_table(folder))["who"].to_pylist() == ["right", "right"]
    assert collect(open_table(folder / "b.csv"))["who"].to_pylist() == ["right"]


def test_a_pattern_that_is_no_file_still_is_a_pattern(tmp_path: Path) -> None:
    for part in ("s1.csv", "s2.csv"):
        (tmp_path / part).write_text("who\nx\n")
    assert len(collect(open_table(tmp_path / "s[12].csv"))) == 2


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:secret@shop.example/db/customers",
        "postgres://shop.example/db/customers",
        "POSTGRESQL://shop.example/db/customers",
        "https://shop.example/customers.csv",
        "s3://bucket/customers.parquet",
    ],
)
def test_servers_in_a_study_are_opened_only_when_allowed(address: str) -> None:
    with pytest.raises(OptionError, match=r"server.*--allow-connections") as caught:
        Tables(Path("/")).open(address)
    assert "secret" not in str(caught.value)
    given = pa.table({"x": [1]})
    assert Tables(Path("/"), {address: given}).source(address) is given
    assert Tables(Path("/"), connections=True).source(address) == address
    assert Tables(Path("/a")).source("duckdb://shop.db/orders") == "duckdb:///a/shop.db/orders"
    assert Tables(Path("/a")).source("duckdb:///b/s.db/orders") == "duckdb:///b/s.db/orders"
    assert Tables().source("duckdb://shop.db/orders") == "duckdb://shop.db/orders"


@pytest.mark.parametrize("name", ["secret", ".env", "sec*", "link.csv", "data", "../home/secret"])
def test_a_study_from_elsewhere_reads_out_no_file_that_is_no_table(
    name: str, tmp_path: Path
) -> None:
    """Any text is a table of one column, whose name, its first line, messages tell."""
    home = tmp_path / "home"
    home.mkdir()
    for place in (home / "secret", home / ".env", tmp_path / "outside"):
        place.write_text("API_KEY=geheim\n1\n")
    (home / "data").mkdir()
    for link in (home / "link.csv", home / "data" / "a.csv"):
        link.symlink_to(tmp_path / "outside")
    study = f"forwhom: 1\ncustomers: {{table: {name}, id: id}}\n"
    (home / "study.yaml").write_text(study)
    with pytest.raises(OptionError, match="nor its first bytes say that it is one") as caught:
        read_inputs(home / "study.yaml").tables.open(name)
    assert "geheim" not in f"{caught.value} {caught.value.advice}"
    given = read_inputs([home / "study.yaml", home / "secret"])
    assert given.tables.open(name).columns == ["API_KEY=geheim"]


def test_a_study_names_tables_wherever_they_lie(tmp_path: Path) -> None:
    for folder in ("studies", "data", "store"):
        (tmp_path / folder).mkdir()
    content = "id,visits\n1,2\n"
    (tmp_path / "data" / "people.csv").write_text(content)
    (tmp_path / "studies" / "ab12").write_text(content)
    (tmp_path / "studies" / "linked.csv").symlink_to(tmp_path / "studies" / "ab12")
    pq.write_table(pa.table({"id": [1], "visits": [2]}), tmp_path / "store" / "part-0")
    tables = Tables(tmp_path / "studies")
    places = ["../data/people.csv", "../data/*.csv", "../data", "linked.csv", "../store/part-0",
              str(tmp_path / "data" / "people.csv")]  # fmt: skip
    for place in places:
        assert tables.open(place).columns == ["id", "visits"]


@pytest.mark.parametrize(
    "option", ["passfile=/etc/shadow", "options=-c%20x=y", "service=x", "sslkey=/k", "hostaddr=::1"]
)
def test_an_address_cannot_steer_the_driver(option: str) -> None:
    with pytest.raises(SourceError, match=option.partition("=")[0]):
        open_table(f"postgresql://ann@localhost:1/shop/customers?{option}")


def test_nothing_is_downloaded_at_run_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "SELECT value FROM duckdb_settings() WHERE name = 'autoinstall_known_extensions'"
    assert connect().execute(asked).fetchall() == [("false",)]
    said: list[str] = []

    class Listening:
        def execute(self, sql: str) -> None:
            said.append(sql)
            raise duckdb.IOException("not there")

    monkeypatch.setattr(duckdb, "connect", lambda **_: Listening())
    with pytest.raises(Exception, match=r"forwhom\[postgres\]"):
        open_table("postgresql://ann@localhost:1/shop/customers")
    assert said
    assert not any("INSTALL" in sql for sql in said)


def test_names_of_folders_are_no_columns_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "shops" / "region=1" / "year=2024"
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"who": ["a", "b"], "region": [7, 8]}), folder / "people.parquet")
    table = collect(open_table(folder / "people.parquet"))
    assert table.to_pydict() == {"who": ["a", "b"], "region": [7, 8]}
    assert "year" in open_table(tmp_path / "shops").columns  # of a folder, they are


def test_a_database_reads_no_other_file(tmp_path: Path) -> None:
    secret, place = tmp_path / "secret.csv", tmp_path / "shop.db"
    secret.write_text("who\nnobody\nelse\n")
    with duckdb.connect(str(place)) as made:
        made.execute(f"CREATE VIEW theirs AS FROM read_csv('{secret}')")
        made.execute("CREATE TABLE ours AS SELECT range AS id FROM range(3)")
    with pytest.raises(SourceError, match="disabled by configuration"):
        collect(open_table(f"duckdb://{place}/theirs"))
    assert collect(open_table(f"DuckDB://{place}/ours"))["id"].to_pylist() == [0, 1, 2]
    with duckdb.connect(str(place), read_only=True):  # somebody of this program looks into it
        assert collect(open_table(f"duckdb://{place}/ours")).num_rows == 3


@pytest.mark.parametrize(
    "address", ["duckdb://postgresql://u:geheim@h/d/t", "postgresql:/u:geheim@h/d/t"]
)
def test_a_password_in_a_misspelled_address_is_not_said(address: str) -> None:
    with pytest.raises(SourceError) as error:
        open_table(address)
    assert "geheim" not in str(error.value)
