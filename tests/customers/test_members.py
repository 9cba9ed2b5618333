"""The file of members: what cannot be read as one is said, and no column hides another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from forwhom.customers.members import free_name, members_table, read_members, write_members
from forwhom.errors import ForwhomError
from forwhom.progress import share


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 cut off", b"id,segment\n1,2\n"])
def test_a_damaged_file_of_members_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "members.parquet").write_bytes(content)
    with pytest.raises(ForwhomError, match=r"members\.parquet"):
        read_members(tmp_path / "members.parquet")


def test_members_are_read_as_they_were_written(tmp_path: Path) -> None:
    chances = np.array([[0.9, 0.1], [0.3, 0.7], [0.0, 0.0]])
    table = members_table(["a", "b", "c"], "id", np.array([1, 2, 0], dtype=np.int32), chances)
    assert table["certainty"].to_pylist() == [0.9, 0.7, 0.0]
    assert table["p2"].to_pylist() == [0.1, 0.7, 0.0]
    assert read_members(write_members(table, tmp_path / "members.parquet")).equals(table)


def test_an_id_has_a_name_of_its_own() -> None:
    taken = ("segment", "certainty", "fit", "scale", "p1", "p2")
    assert [free_name(name, 2) for name in taken] == [f"{name}_id" for name in taken]
    assert free_name("p3", 2) == "p3"
    assert free_name("id", 2) == "id"


def test_progress_of_a_part_is_a_part_of_the_progress() -> None:
    said: list[tuple[str, float]] = []
    part = share(lambda what, fraction: said.append((what, round(fraction, 9))), 0.2, 0.6)
    for fraction in (-1.0, 0.0, 0.5, 1.0, 2.0):
        part("fitting", fraction)
    assert said == [("fitting", done) for done in (0.2, 0.2, 0.4, 0.6, 0.6)]
