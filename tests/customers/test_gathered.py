"""Texts, ratings, weights and arms of a trial, as they are read: at each border, part by part."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.texting import Texts, _check_many, _check_number, _scaled, whose
from forwhom.customers.trials import (
    LeftOut,
    _arms,
    _check_filled,
    _days,
    _named,
    _outcome,
    _placed,
    _truth,
)
from forwhom.customers.weighing import weights_of
from forwhom.errors import DataError, OptionError
from forwhom.tables import table_of
from forwhom.tables.columns import Column
from forwhom.tables.times import DAY_ZERO

TABLE = table_of(pa.table({"x": ["a"], "n": [1.0]}), "t")


def test_answers_that_were_chosen_from_a_list_are_no_texts() -> None:
    from forwhom.customers.texting import _LEVELS, _OFTEN

    def told(several: int, often: int, length: int = 10) -> list[str]:
        return [f"{i:0{length}}" for i in range(several)] * often

    for texts in (told(_LEVELS, _OFTEN), told(1, _OFTEN), told(2, _OFTEN, 59)):
        with pytest.raises(DataError, match="answers to choose from"):
            _check_many(TABLE, "x", texts)
    for texts in (told(_LEVELS + 1, _OFTEN), told(2, _OFTEN)[1:], told(2, _OFTEN, 60)):
        _check_many(TABLE, "x", texts)


def test_ratings_are_a_column_of_numbers() -> None:
    _check_number(TABLE, "n")
    with pytest.raises(DataError, match="there is no column 'm'"):
        _check_number(TABLE, "m")
    with pytest.raises(DataError, match="'x' holds no numbers"):
        _check_number(TABLE, "x")


def scaled(values: list[float | None], scale: tuple[float, float] | None = None) -> list[float]:
    return _scaled(TABLE, "n", pa.chunked_array([pa.array(values, pa.float64())]), scale).tolist()


def test_answers_are_scaled_to_ten() -> None:
    from forwhom.customers.texting import _ENOUGH, _SHORT

    assert scaled([0.0, 5.0, 10.0]) == [0.0, 5.0, 10.0]
    assert scaled([1.0, 3.0, 5.0], (1.0, 5.0)) == [0.0, 5.0, 10.0]
    assert np.isnan(scaled([None, 5.0], (0.0, 10.0))[0])
    few = [1.0, 2.0] * (_ENOUGH // 2)
    with pytest.raises(DataError, match="--scale 1 5, or --scale 0 10"):
        scaled(few)
    with pytest.raises(DataError, match=f"--scale 1 {_SHORT}, or"):
        scaled([*few, float(_SHORT)])
    assert len(scaled([*few, _SHORT + 1.0])) == len(few) + 1
    assert len(scaled([*few, 2.5])) == len(few) + 1
    assert len(scaled(few[1:])) == len(few) - 1
    for wrong in ((5.0, 1.0), (5.0, 5.0)):
        with pytest.raises(OptionError, match="does not go up"):
            scaled([1.0], wrong)
    for outside in ([0.9, 3.0], [3.0, 5.1]):
        with pytest.raises(DataError, match="answers outside of 1 to 5"):
            scaled(list(outside), (1.0, 5.0))


def wrote(ids: Any) -> Any:
    said = Texts.__dataclass_fields__
    given: dict[str, Any] = dict.fromkeys(said)
    return SimpleNamespace(**{**given, "name": "t", "ids": ids, "rows": np.array([4, 5])})


def test_whose_a_text_is() -> None:
    placed = pa.array(["a", "b", "c"])
    assert whose(wrote(None), placed, 10)[0].tolist() == [4, 5]
    at, notes = whose(wrote(pa.array(["c", "a"])), placed, 10)
    assert (at.tolist(), notes) == ([2, 0], [])
    at, notes = whose(wrote(pa.array(["c", "x", "y", "x"])), placed, 1)
    assert at.tolist() == [2, -1, -1, -1]
    assert notes[0].startswith("2 customers who wrote are in no segment")
    with pytest.raises(DataError, match="none of the customers who wrote is among those"):
        whose(wrote(pa.array(["x", "y"])), placed, 10)


def weighed(weights: list[float | None], ids: list[int], **more: Any) -> Any:
    segmentation: Any = SimpleNamespace(**{"weight": "w", "id_column": "id", **more})
    data = pa.table({"id": [1, 2, 3], "w": weights})
    return weights_of(segmentation, data, pa.array(ids))


def test_weights_are_found_again_by_the_ids() -> None:
    found, notes = weighed([0.5, 2.0, 0.0], [3, 1, 9])
    assert (found.tolist(), notes) == ([0.0, 0.5, 0.0], [])
    assert weighed([1.0, None, 2.0], [1, 2, 3])[0].tolist() == [1.0, 0.0, 2.0]
    assert weighed([1.0, 2.0, 3.0], [1, 2], weight=None)[0].tolist() == [1.0, 1.0]
    missing, notes = weighed([1.0, 2.0, 3.0], [1, 2], weight="gone")
    assert missing.tolist() == [1.0, 1.0]
    assert "each customer counts once" in notes[0]
    with pytest.raises(DataError, match="no usable weight"):
        weighed([1.0, 2.0, 0.0], [3])
    with pytest.raises(DataError, match="no usable weight"):
        weighed([1.0, 2.0, 3.0], [9])


def plan(**more: Any) -> Any:
    columns = SimpleNamespace(arm="arm", customer="id", date="day", segment="group")
    segments = [
        SimpleNamespace(id=name.split()[0].lower(), name=name, number=number, label=name)
        for number, name in enumerate(("Early birds", "Late risers"), 1)
    ]
    told = {"columns": columns, "control": "old", "treated": "new", "segments": segments,
            "sealed": None, "starts": None, "outcome": SimpleNamespace(column="y")}  # fmt: skip
    return SimpleNamespace(**told | more)


def coded(codes: list[int], levels: tuple[str, ...], **unseen: int) -> Column:
    return Column("arm", np.array(codes, dtype=np.int32), levels, unseen)


def test_who_is_in_which_arm() -> None:
    arms = ("old", "new")
    assert _arms(plan(), coded([0, 1, 0], arms), "t", 10).tolist() == [False, True, False]
    with pytest.raises(DataError, match=r"names an arm \('best'\) that is not in the plan, for 1"):
        _arms(plan(), coded([0, -1], arms, best=10, rest=9), "t", 10)
    with pytest.raises(DataError, match="names an arm that is not in the plan, for fewer than 10"):
        _arms(plan(), coded([0, -1], arms, rest=9), "t", 10)
    with pytest.raises(DataError, match="is empty for"):
        _arms(plan(), coded([0, 1, -1], arms), "t", 10)
    with pytest.raises(DataError, match="has one arm alone, 'new'"):
        _arms(plan(), coded([1, 1], arms), "t", 10)
    with pytest.raises(DataError, match="has one arm alone, 'old'"):
        _arms(plan(), coded([0, 0], arms), "t", 10)


@pytest.mark.parametrize(
    ("level", "said"),
    [("1", True), ("0.0", False), ("yes", True), ("no", False), ("2", None), ("maybe", None)],
)
def test_what_happened(level: str, said: bool | None) -> None:
    assert _truth(level) is said


def test_outcomes_are_numbers_or_shares() -> None:
    number = Column("y", np.array([1.5, np.nan]))
    np.testing.assert_array_equal(_outcome(number, "t"), [1.5, np.nan])
    share = Column("y", np.array([1, 0, -1], dtype=np.int32), ("no", "yes"))
    np.testing.assert_array_equal(_outcome(share, "t"), [1.0, 0.0, np.nan])
    for levels, what in ((("no", "yes", "2"), "a value"), (("no", "2", "3"), "values")):
        odd = Column("y", np.array([0], dtype=np.int32), levels)
        with pytest.raises(DataError, match=f"has {what} other than 0 and 1"):
            _outcome(odd, "t")
    trial: Any = SimpleNamespace(outcome=np.array([np.nan, np.nan]))
    with pytest.raises(DataError, match="'y' is empty for every customer"):
        _check_filled(plan(), trial)
    _check_filled(plan(), SimpleNamespace(outcome=np.array([np.nan, 1.0])))  # type: ignore[arg-type]


def day(*days: date | None) -> Column:
    numbers = [np.nan if d is None else d.toordinal() - DAY_ZERO.toordinal() for d in days]
    return Column("day", np.array(numbers, dtype=float))


@pytest.mark.parametrize(
    ("sealed", "starts", "said"),
    [
        (None, None, ""),
        ("2026-03-01", None, ""),
        ("2026-03-02", None, "2026-03-02, on which it was sealed"),
        ("2026-02-01", "2026-03-02", "2026-03-02, on which it starts"),
        ("2026-02-01", "2026-03-01", ""),
        ("2026-03-02", "2026-02-01", "2026-03-02, on which it was sealed"),
    ],
)
def test_no_day_is_before_the_plan(sealed: str | None, starts: str | None, said: str) -> None:
    seal = None if sealed is None else SimpleNamespace(date=sealed)
    asked = plan(sealed=seal, starts=starts)
    read = day(date(2026, 3, 1), date(2026, 4, 1))
    if said:
        with pytest.raises(DataError, match=said):
            _days(asked, read, "t", 10)
    else:
        told = _days(asked, read, "t", 10).tolist()
        assert told == [date(2026, 3, 1).toordinal(), date(2026, 4, 1).toordinal()]
    with pytest.raises(DataError, match="no day in 'day' that can be read"):
        _days(asked, day(None, date(2026, 4, 1)), "t", 10)


def test_segments_are_named_by_id_name_or_number() -> None:
    levels = ("early", "Late risers", "1", "other", "rare")
    codes = [0, 1, 2, -1, *[3] * 10, *[4] * 9]
    group = Column("group", np.array(codes, dtype=np.int32), levels)
    found, left = _named(plan(), group, "t", 10)
    assert found.tolist() == [0, 1, 0, -1, *[-1] * 19]
    assert (left.others, list(left.named)) == (20, ["other"])
    with pytest.raises(DataError, match="no customer is of the segment 'Late risers' in 'group'"):
        _named(plan(), Column("group", np.array([0], dtype=np.int32), levels), "t", 10)


def members(*numbers: int) -> pa.Table:
    return pa.table({"id": [f"c{i}" for i in range(len(numbers))], "segment": list(numbers)})


def test_members_say_who_is_in_which_segment() -> None:
    ids = pa.array(["c2", "c0", "x", "c1"])
    found, left = _placed(plan(), ids, members(1, 2, 3), "t", 10)
    assert found.tolist() == [-1, 0, -1, 1]
    assert (left.others, left.strangers) == (1, 1)
    with pytest.raises(DataError, match="no customer is among the members"):
        _placed(plan(), pa.array(["x", "y"]), members(1, 2), "t", 10)
    with pytest.raises(DataError, match="no customer is a member of the segment 'Late risers'"):
        _placed(plan(), ids, members(1, 1, 1), "t", 10)
    one = SimpleNamespace(id="a", name="A", number=None, label="A")
    with pytest.raises(DataError, match="the segment 'A' of the plan has no number"):
        _placed(plan(segments=[one]), ids, members(1, 1, 1), "t", 10)


def test_who_is_left_out_is_said_in_numbers_that_tell_of_nobody() -> None:
    assert list(LeftOut(10).notes()) == []
    some = list(LeftOut(10, others=20, named=["x"], strangers=30).notes())
    assert some == [
        "20 customers are of no planned segment ('x') and left out.",
        "30 customers are not among the members and left out.",
    ]
    (few,) = LeftOut(10, others=3).notes()
    assert "of no planned segment and left out" in few
    assert "3" not in few
