"""Members and scores as a file of SPSS, with labels."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyreadstat
import pytest

from forwhom.customers import spss
from forwhom.customers.members import write_members
from forwhom.errors import DriverMissing

TABLE = pa.table({
    "Customer ID": ["a1", "b2"], "segment": pa.array([1, 0], pa.int32()), "p1": [0.9, 0.0],
    "1st": [1.0, None], "customer_id": [3, 4],
})  # fmt: skip
NAMES = {1: "Frequent, recent", 0: "None of these"}


@pytest.mark.parametrize("without", [(), ("polars",)])
def test_segments_go_back_with_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: tuple[str, ...]
) -> None:
    found = spss.find_spec
    monkeypatch.setattr(spss, "find_spec", lambda n: None if n in without else found(n))
    path = write_members(TABLE, tmp_path / "scored.sav", names=NAMES)
    rows, meta = pyreadstat.read_sav(str(path), output_format="dict")
    assert {name: list(values) for name, values in rows.items()} == {
        "Customer_ID": ["a1", "b2"], "segment": [1.0, 0.0], "p1": [0.9, 0.0],
        "v_1st": [1.0, None], "customer_id_2": [3.0, 4.0],
    }  # fmt: skip
    assert meta.variable_value_labels["segment"] == {1.0: "Frequent, recent", 0.0: "None of these"}
    assert meta.column_names_to_labels["p1"] == "Probability of Frequent, recent"
    assert meta.variable_measure["segment"] == "nominal"


def test_without_a_data_frame_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spss, "find_spec", lambda _: None)
    with pytest.raises(DriverMissing, match=r"needs polars or pandas.*forwhom\[sav\]"):
        write_members(TABLE, tmp_path / "scored.sav")
    assert not (tmp_path / "scored.sav").exists()
