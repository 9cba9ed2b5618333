"""Who a person is leaves forwhom as a hash, unless it is asked for."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from forwhom.cli.main import cli
from forwhom.customers.members import read_members, write_members
from forwhom.customers.pseudonyms import told_of_ids, without_persons

IDS = {
    "Email": ["Ada@x.org ", "bob@x.org"],
    "Phone": ["+43 664 1234567", "+43 664 7654321"],
    "Customer name": ["Ada L", "Bob M"],
    "mobile": [436641234567, 436647654321],
}


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("ending", ["parquet", "csv", "sav", "xlsx"])
def test_ids_that_tell_who_somebody_is_are_hashed(name: str, ending: str, tmp_path: Path) -> None:
    table = pa.table({name: IDS[name], "segment": [1, 2]})
    path = write_members(table, tmp_path / f"members.{ending}")
    content = path.read_bytes()
    assert not any(str(one).strip().encode() in content for one in IDS[name])
    kept = write_members(table, tmp_path / f"kept.{ending}", keep_ids=True)
    if ending == "csv":
        assert str(IDS[name][1]).encode() in kept.read_bytes()
        hashed = hashlib.sha256(str(IDS[name][0]).strip().lower().encode()).hexdigest()
        assert read_members(path).column(0).to_pylist()[0] == hashed
    assert "--keep-ids" in told_of_ids(table)


def test_numbers_of_customers_stay_and_other_addresses_go() -> None:
    table = pa.table({"customer_id": [7, 8], "segment": [1, 2], "Email": IDS["Email"]})
    assert without_persons(table).to_pydict() == {"customer_id": [7, 8], "segment": [1, 2]}
    assert told_of_ids(table) == ""


def test_the_command_line_says_so(tmp_path: Path) -> None:
    sales = pa.table({
        "email": [f"p{i % 9}@x.org" for i in range(40)],
        "day": [date(2024, 1, 1 + i % 28) for i in range(40)],
        "amount": [1.0 + i for i in range(40)],
    })  # fmt: skip
    pa.parquet.write_table(sales, tmp_path / "sales.parquet")
    out = str(tmp_path / "features.csv")
    done = CliRunner().invoke(cli, ["features", str(tmp_path / "sales.parquet"), "-o", out, "-q"])
    assert done.exit_code == 0, done.output
    assert "written as hashes" in " ".join(done.output.split())
    assert "x.org" not in Path(out).read_text()
    again = ["features", str(tmp_path / "sales.parquet"), "-o", out, "-q", "--force", "--keep-ids"]
    assert "hashes" not in CliRunner().invoke(cli, again).output
    assert "p1@x.org" in Path(out).read_text()
