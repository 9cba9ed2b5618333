"""What is said beside the numbers of an alignment, and scales that are not whole."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from forwhom.alignment import coded
from forwhom.alignment.agreements import _scale
from forwhom.alignment.coefficients import unit_weights
from forwhom.alignment.components import variance_shares
from forwhom.alignment.notes import _missing, _unknown


def test_ratings_between_whole_numbers_make_their_own_scale() -> None:
    assert _scale(np.array([2.5, -1.0, 2.5])).tolist() == [-1.0, 2.5]
    assert _scale(np.array([2.0, -1.0])).tolist() == list(range(-5, 6))


@pytest.mark.parametrize(
    ("importance", "said"),
    [
        ([None, 3.0, 3.0], "1 of 3 items has no importance"),
        ([None, None, 3.0], "2 of 3 items have no importance"),
        ([None, None], "No item has an importance"),
        ([3.0], None),
    ],
)
def test_items_without_importance_are_counted(importance: list[Any], said: str | None) -> None:
    rated = SimpleNamespace(items=[SimpleNamespace(severity=object())])
    items = [SimpleNamespace(importance=value) for value in importance]
    notes = list(_unknown(SimpleNamespace(items=items, overall=rated)))  # type: ignore[arg-type]
    expected = f"{said}: severity takes such an item as of the highest importance."
    assert notes == ([expected] if said else [])


def test_raters_are_drawn_among_those_who_rate_alike() -> None:
    told = [("a", "x", True), ("a", "y", False), ("b", "x", True), ("c", "x", False),
            ("d", "y", True), ("e", "x", False), ("e", "x", True)]  # fmt: skip
    raters, segments, direct = zip(*told, strict=True)
    found = coded(raters, segments, [f"i{n}" for n in range(7)], [1.0] * 7, direct=direct)
    strata = dict(zip(found.raters, found.strata().tolist(), strict=True))
    assert strata["a"] == strata["e"] == -1
    assert len({strata[one] for one in "abcd"}) == 4


def test_a_pair_has_no_rating_where_others_have_one() -> None:
    def notes(*rated: tuple[str, str]) -> list[str]:
        cells = [SimpleNamespace(segment=s, item=i, n=int((s, i) in rated))
                 for s in "xyz" for i in "pqr"]  # fmt: skip
        segments = [SimpleNamespace(id=s, name=s, raters=sum(c.n for c in cells if c.segment == s))
                    for s in "xyz"]  # fmt: skip
        items = [SimpleNamespace(id=i, statement=i) for i in "pqr"]
        return list(_missing(SimpleNamespace(segments=segments, items=items, cells=cells)))  # type: ignore[arg-type]

    four = [(s, i) for s in "xy" for i in "pq"]
    nobody = [
        "Nobody rated for “z”; it is not compared.",
        "Nobody rated “r”.",
    ]
    assert notes(*four) == nobody
    [*others, hole] = notes(*four[:-1])
    assert others == nobody
    assert hole.startswith("1 pair of item and segment has no rating")


def test_each_unit_is_drawn_as_often_as_there_are_units() -> None:
    drawn = np.concatenate(list(unit_weights(7, 50, seed=1, part=0)))
    assert drawn.shape == (50, 7)
    assert (drawn.sum(axis=1) == 7).all()


def test_two_of_a_kind_are_a_source_of_differences_and_one_is_none() -> None:
    raters, items, values = ["a", "a", "b", "b"], ["i", "j"] * 2, np.array([1.0, 3.0, 2.0, 4.0])
    two = coded(raters, ["s"] * 4, items, values)
    shares, confounded = variance_shares(two)
    assert {one.source for one in shares} == {"item", "rater", "rest"}
    assert {one.source: round(one.variance, 9) for one in shares} == {
        "item": 2.0, "rater": 0.5, "rest": 0.0,
    }  # fmt: skip
    assert confounded == []
    assert variance_shares(coded(raters[:2], ["s"] * 2, items[:2], values[:2])) == ([], [])
    assert variance_shares(coded(raters, ["s"] * 4, items, np.ones(4))) == ([], [])
