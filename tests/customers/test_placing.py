"""Members, new customers and roles by hand, on and beside each bound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from forwhom.customers.members import free_name, members_table, read_members
from forwhom.customers.newcomers import _check_levels, _role, _spelled
from forwhom.customers.pseudonyms import told_of_ids, without_persons
from forwhom.customers.roles import Roles, _measure_of_type, _set_weight, _why_not
from forwhom.documents.study import Study, StudyVariable
from forwhom.errors import DataError, SourceError, SourceMissing
from forwhom.tables import VariableProfile, open_table
from forwhom.tables.columns import Column


def profiled(name: str, **more: Any) -> VariableProfile:
    """Return what is known of a column of a hundred different numbers from 0 to 1."""
    given: dict[str, Any] = {
        "type": "number", "n": 100, "missing": 0.0, "distinct": 100, "minimum": 0.0,
        "maximum": 1.0, "mean": 0.5, "sd": 0.1, "quantiles": {}, "zeros": 0.0, "negatives": 0,
        "shape": "", "top": [], "measure": "continuous", "basis": None, "use": "active", "why": "",
        "label": name,
    }  # fmt: skip
    return VariableProfile(name=name, **given | more)


def test_members_have_a_certainty_and_zero_for_none() -> None:
    chances = np.array([[0.2, 0.8], [0.0, 0.0], [0.6, 0.4]])
    table = members_table(pa.array([7, 8, 9]), "p1", np.array([2, 0, 1], np.int32), chances)
    assert table.column_names == ["p1_id", "segment", "p1", "p2", "certainty"]
    assert table["certainty"].to_pylist() == [0.8, 0.0, 0.6]
    placed = members_table(
        pa.array([7]), None, np.array([1], np.int32), np.ones((1, 1)), np.array([np.nan])
    )
    assert placed.column_names == ["row", "segment", "p1", "certainty", "scale"]
    assert placed["scale"].to_pylist() == [None]
    assert [free_name(n, 2) for n in ("fit", "p2", "p3", "scale")] == [
        "fit_id", "p2_id", "p3", "scale_id",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"id": ["a"], "x": [1]}, "it has no column 'segment'"),
        ({"segment": [1]}, "it has no column 'segment'"),
        ({"segment": [1], "x": [1]}, "it has no column 'segment'"),
        ({"id": [], "segment": []}, "has no rows"),
        ({"id": ["a"], "segment": [-1]}, "the segment -1 is negative"),
    ],
)
def test_what_is_no_table_of_members_is_refused(
    columns: dict[str, list[Any]], message: str, tmp_path: Path
) -> None:
    file = tmp_path / "members.parquet"
    pyarrow.parquet.write_table(pa.table(columns), file)
    with pytest.raises(DataError, match=message):
        read_members(tmp_path)


def test_members_that_are_not_there_or_damaged_are_told(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match=r"there is no .*members\.parquet"):
        read_members(tmp_path)
    (tmp_path / "members.parquet").write_bytes(b"PAR1 and nothing else")
    with pytest.raises(SourceError, match="cannot be read as a table of members"):
        read_members(tmp_path)
    whole = tmp_path / "whole.parquet"
    pyarrow.parquet.write_table(pa.table({"id": ["a"], "segment": [0]}), whole)
    assert read_members(whole).num_rows == 1


def test_addresses_are_hashed_and_other_personal_columns_go() -> None:
    mails = [f"Person{i}@example.org" for i in range(30)]
    table = pa.table({"mail": mails, "segment": [1] * 30, "second": [m.lower() for m in mails]})
    hidden = without_persons(table)
    assert hidden.column_names == ["mail", "segment"]
    assert len(hidden["mail"][0].as_py()) == 64
    assert (
        hidden["mail"].to_pylist()
        == without_persons(
            pa.table({"mail": [f" {m.upper()} " for m in mails], "segment": [1] * 30})
        )["mail"].to_pylist()
    )
    assert told_of_ids(table).startswith("The ids are e-mail addresses, so they were written as")
    plain = pa.table({"id": list(range(30)), "segment": [1] * 30})
    assert without_persons(plain) == plain
    assert told_of_ids(plain) == ""
    gap = pa.table({"mail": [None, *mails], "segment": [1] * 31})
    assert without_persons(gap)["mail"][0].as_py() is None


def test_answers_of_which_none_is_known_are_refused() -> None:
    def answered(unseen: dict[str, int], *codes: int) -> Column:
        return Column("plan", np.array(codes, np.int32), ("free", "pro"), unseen)

    _check_levels(answered({"other": 1}, -1))
    _check_levels(answered({"other": 5}, -1, 0))
    _check_levels(answered({}, -1, -1))
    with pytest.raises(DataError) as raised:
        _check_levels(answered({"gold": 12, "Ada": 1}, -1, -1))
    said = str(raised.value)
    assert "'plan': none of the 13 answers is a level that the segments know." in said
    assert "Here are 'gold'; known are 'free' and 'pro'." in said
    with pytest.raises(DataError) as raised:
        _check_levels(answered({"Ada": 9}, -1))
    assert "Ada" not in str(raised.value)


def test_columns_are_spelled_as_in_the_earlier_run() -> None:
    table = open_table(pd.DataFrame({"Visits": [1], "AGE": [2], "Other": [4]}))
    assert _spelled(table, ["visits", "age", "OTHER", "Other"]).columns == [
        "visits",
        "age",
        "Other",
    ]
    assert _spelled(table, ["Visits"]) is table


def test_a_table_is_the_events_or_the_lookup_that_its_columns_tell() -> None:
    study = Study.model_validate(
        {
            "forwhom": 1,
            "events": [
                {"table": "a/old.csv", "name": "old", "customer": "who", "time": "day", "lookups": [
                    {"table": "items.csv", "on": "sku"}, {"table": "b/more.csv", "on": "sku"},
                ]},
                {"table": "a/new.csv", "name": "new", "customer": "who", "time": "day"},
            ],
        }
    )  # fmt: skip

    def role(name: str, *columns: str) -> Any:
        found = _role(name, open_table(pd.DataFrame({c: [1] for c in columns})), study)
        return getattr(found, "table", found)

    assert role("z/new.csv", "who", "day") == "a/new.csv"
    assert role("z/any.csv", "who", "day") == "a/old.csv"
    assert role("z/more.csv", "sku", "price") == "b/more.csv"
    assert role("z/any.csv", "sku", "price") == "items.csv"
    assert role("z/any.csv", "sku", "who") is None
    assert role("z/any.csv", "who", "age") is None
    assert _role("x", open_table(pd.DataFrame({"who": [1]})), None) is None


def test_why_a_column_is_left_out() -> None:
    column = profiled("x", use="ignore", why="it is empty")
    assert _why_not(StudyVariable(), column, "ignore") == "it is empty"
    assert _why_not(StudyVariable(use="ignore"), column, "ignore") == "it is empty"
    used = profiled("x", why="it is a number")
    assert _why_not(StudyVariable(use="ignore"), used, "ignore") == "the study says to ignore it"
    assert _why_not(StudyVariable(use="id"), used, "id") == "the study says it is an id"
    assert _why_not(StudyVariable(use="text"), used, "text") == "the study says it is free text"
    types = {"number": "continuous", "text": "nominal", "boolean": "binary", "date": None}
    assert {one: _measure_of_type(profiled("x", type=one)) for one in types} == types


def test_two_weights_are_one_too_many() -> None:
    roles = Roles()
    _set_weight(roles, "w")
    assert roles.weight == "w"
    with pytest.raises(DataError, match="two columns hold weights: 'w' and 'v'"):
        _set_weight(roles, "v")
