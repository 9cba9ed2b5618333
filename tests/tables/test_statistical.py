"""Files of SPSS, Stata and SAS: labels, levels, missing values, sets and weights."""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from forwhom.errors import DataError, SourceError, SourceMissing
from forwhom.tables import collect, open_table, profile_table, row_count, statistical
from forwhom.tables.spssheader import weight_of

N = 60
HOW = {1.0: "bad", 2.0: "fair", 3.0: "good", 9.0: "no answer"}
PEOPLE = pl.DataFrame({
    "id": [float(i) for i in range(N)],
    "how": [float([1, 2, 3, 9][i % 4]) for i in range(N)],
    "region": [float(1 + i % 3) for i in range(N)],
    "liked": [float(1 + i % 5) for i in range(N)],
    "city": [["Wien", "Zürich", "Oslo"][i % 3] for i in range(N)],
    "born": [date(1990, 1, 1 + i % 28) for i in range(N)],
    "seen": [datetime(2024, 1, 1, i % 24) for i in range(N)],
    "wgt": [0.5 + (i % 4) / 2 for i in range(N)],
})  # fmt: skip
SAID: dict[str, Any] = {
    "column_labels": {"how": "How is the shop?", "liked": "Do you like it?"},
    "variable_value_labels": {
        "how": HOW, "region": {1.0: "North", 2.0: "South", 3.0: "East"},
        "liked": {1.0: "not at all", 5.0: "very much"},
    },
}  # fmt: skip


def sav(path: Path, **more: Any) -> Path:
    pyreadstat.write_sav(PEOPLE, str(path), **SAID, missing_ranges={"how": [9]},
                         variable_measure={"how": "ordinal", "region": "nominal", "liked": "scale"},
                         **more)  # fmt: skip
    return path


def test_steps_that_are_called_by_their_numbers_are_a_scale_and_do_not_know_is_none(
    tmp_path: Path,
) -> None:
    steps = {1.0: "gar nicht", **{float(n): str(n) for n in range(2, 7)}, 7.0: "sehr"}
    kinds = {1.0: "2", 2.0: "app", 3.0: "shop", 4.0: "phone"}
    people = pl.DataFrame({
        "price": [99.0 if i % 12 == 0 else float(1 + i % 7) for i in range(N * 2)],
        "near": [float(1 + i % 7) for i in range(N * 2)],
        "way": [float(1 + i % 4) for i in range(N * 2)],
    })  # fmt: skip
    pyreadstat.write_dta(
        people, str(tmp_path / "a.dta"),
        variable_value_labels={"price": steps | {99.0: "weiß nicht"}, "near": steps, "way": kinds},
    )  # fmt: skip
    found = {c.name: c for c in profile_table(open_table(tmp_path / "a.dta")).columns}
    order = ("gar nicht", "2", "3", "4", "5", "6", "sehr")
    assert (found["price"].measure, found["price"].levels) == ("ordinal", order)
    assert "'weiß nicht' counts as missing" in found["price"].why
    assert (found["near"].measure, found["near"].levels) == ("ordinal", order)
    assert found["way"].measure == "nominal"


@pytest.mark.parametrize("ending", ["sav", "zsav"])
def test_labels_levels_and_missing_values_of_spss_count(tmp_path: Path, ending: str) -> None:
    table = open_table(sav(tmp_path / f"a.{ending}", compress=ending == "zsav"))
    assert dict(table.labels) == {"how": "How is the shop?", "liked": "Do you like it?"}
    assert dict(table.levels) == {"how": ("bad", "fair", "good")}
    rows = collect(table).to_pylist()
    assert [row["how"] for row in rows[:4]] == ["bad", "fair", "good", None]
    assert [rows[1][c] for c in ("region", "liked", "city")] == ["South", 2.0, "Zürich"]
    assert rows[1]["seen"] == datetime(2024, 1, 1, 1)
    found = {c.name: c for c in profile_table(table).columns}
    assert (found["how"].measure, found["how"].levels) == ("ordinal", ("bad", "fair", "good"))
    assert (found["region"].measure, found["liked"].measure) == ("nominal", "ordinal")
    assert (found["born"].type, found["how"].label) == ("date", "How is the shop?")


def test_stata_and_sas_files_are_read(tmp_path: Path) -> None:
    plain = PEOPLE.select("id", "how", "city")
    pyreadstat.write_dta(plain, str(tmp_path / "a.dta"),
                         column_labels=SAID["column_labels"],
                         variable_value_labels={"how": dict(HOW)})  # fmt: skip
    stata = open_table(tmp_path / "a.dta")
    assert stata.labels["how"] == "How is the shop?"
    assert collect(stata)["how"].to_pylist()[:4] == ["bad", "fair", "good", "no answer"]
    pyreadstat.write_xport(plain, str(tmp_path / "a.xpt"), column_labels=SAID["column_labels"])
    sas = open_table(tmp_path / "a.xpt")
    assert collect(sas)["city"].to_pylist()[:2] == ["Wien", "Zürich"]
    assert sas.labels["how"] == "How is the shop?"


def test_two_codes_with_one_label_stay_apart(tmp_path: Path) -> None:
    twice = {1.0: "Other", 2.0: "Other", 3.0: "East"}
    pyreadstat.write_sav(PEOPLE, str(tmp_path / "a.sav"), variable_value_labels={"region": twice})
    table = open_table(tmp_path / "a.sav")
    assert set(collect(table)["region"].to_pylist()) == {"Other (1)", "Other (2)", "East"}
    assert table.notes[0].startswith("a.sav: several codes of 'region' have the label 'Other'")


def test_rows_are_read_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = collect(open_table(sav(tmp_path / "a.sav")))
    monkeypatch.setattr(statistical, "_CELLS", 7 * PEOPLE.width)
    assert collect(open_table(tmp_path / "a.sav")).equals(whole)


def weighted(path: Path, position: int) -> Path:
    content = bytearray(sav(path).read_bytes())
    content[76:80] = struct.pack("<i", position)
    path.write_bytes(content)
    return path


def test_the_weight_that_a_file_names_weighs(tmp_path: Path) -> None:
    path = weighted(tmp_path / "a.sav", PEOPLE.columns.index("wgt") + 1)
    assert weight_of(path) == "WGT"
    table = open_table(path)
    assert table.weight == "wgt"
    assert profile_table(table)["wgt"].use == "weight"
    assert weight_of(weighted(tmp_path / "b.sav", 10_000)) == ""
    assert open_table(sav(tmp_path / "c.sav")).weight == ""


SETS = {
    "tried": {"type": "D", "is_dichotomy": True, "counted_value": 1, "label": "Tried",
              "variable_list": ["a", "b"]},
    "named": {"type": "C", "is_dichotomy": False, "counted_value": None, "label": "Named",
              "variable_list": ["first", "second"]},
}  # fmt: skip


def test_sets_of_answers_are_one_yes_or_no_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brands = {1.0: "Tea & Co", 2.0: "Ink"}
    rows = pl.DataFrame({"a": [1.0, 0.0, None], "b": [0.0, None, None], "first": [1.0, 2.0, None],
                         "second": [2.0, None, None], "age": [20.0, 30.0, 40.0]})  # fmt: skip
    pyreadstat.write_sav(rows, str(tmp_path / "a.sav"),
                         variable_value_labels={"first": brands, "second": brands})  # fmt: skip
    read = pyreadstat.read_sav

    def with_sets(*args: Any, **options: Any) -> Any:
        found, meta = read(*args, **options)
        meta.mr_sets = SETS
        return found, meta

    monkeypatch.setattr(pyreadstat, "read_sav", with_sets)
    table = open_table(tmp_path / "a.sav")
    assert collect(table).to_pydict() == {
        "a": [True, False, None], "b": [False, False, None],
        "first: Tea & Co": [True, False, None], "first: Ink": [True, True, None],
        "age": [20.0, 30.0, 40.0],
    }  # fmt: skip
    assert table.labels["first: Ink"] == "Named: Ink"
    assert "a.sav: 2 multiple-response sets: each answer is a yes or no." in table.notes


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "cut.sav").write_bytes(sav(tmp_path / "a.sav").read_bytes()[:300])
    with pytest.raises(SourceError, match=r"cut\.sav cannot be read"):
        open_table(tmp_path / "cut.sav")
    (tmp_path / "empty.sav").write_bytes(b"")
    with pytest.raises(DataError, match=r"empty\.sav is empty"):
        open_table(tmp_path / "empty.sav")
    (tmp_path / "text.dta").write_text("id,age\n1,2\n")
    with pytest.raises(SourceError, match=r"a file of SPSS, Stata or SAS"):
        open_table(tmp_path / "text.dta")
    with pytest.raises(SourceMissing, match=r"no file .*b\.sav"):
        open_table(tmp_path / "b.sav")
    pyreadstat.write_sav(PEOPLE.head(0), str(tmp_path / "none.sav"))
    with pytest.raises(DataError, match=r"none\.sav has no rows"):
        open_table(tmp_path / "none.sav")


def test_labels_in_another_encoding_are_read(tmp_path: Path) -> None:
    content = sav(tmp_path / "a.sav").read_bytes()
    # The record that names the encoding goes, and the texts are those of Windows.
    marked = content.replace(b"UTF-8", b"?????").replace("Zürich".encode(), b"Z\xfcrich ")
    (tmp_path / "b.sav").write_bytes(marked)
    table = open_table(tmp_path / "b.sav")
    assert collect(table)["city"].to_pylist()[:2] == ["Wien", "Zürich"]
    assert "b.sav was read as Windows-1252." in table.notes


@pytest.mark.parametrize("ending", ["sav", "por", "dta", "xpt"])
def test_a_file_that_is_cut_off_is_refused(ending: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"ID": range(300), "SAT": [i % 4 + 1 for i in range(300)]})
    writer = {"xpt": "write_xport"}.get(ending, f"write_{ending}")
    path = tmp_path / f"a.{ending}"
    getattr(pyreadstat, writer)(frame, str(path))
    assert row_count(open_table(path)) == 300
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 7])
    with pytest.raises(SourceError, match=rf"a\.{ending} (?:cannot be read|ends within a record)"):
        open_table(path)
