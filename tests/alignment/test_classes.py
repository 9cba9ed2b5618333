"""Classes and severity in arrays: what the rule says of one item, for many at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forwhom.alignment.classes import CLASSES, classify, weighed
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.misalignment import class_of, opposition

halves = st.integers(-10, 10).map(lambda v: v / 2)
items = st.lists(
    st.tuples(*[st.one_of(st.none(), halves)] * 4).filter(
        lambda row: sum(m is not None for m in row) >= 2
    ),
    min_size=1,
    max_size=6,
)
thresholds = st.builds(
    Thresholds,
    strong=st.integers(2, 5),
    strong_gap=st.integers(0, 4),
    sufficient=st.integers(0, 2),
    misaligned_gap=st.integers(1, 8),
)
parts = st.lists(st.floats(0, 1), min_size=4, max_size=4)


@given(items, thresholds, parts, st.floats(0, 1))
def test_arrays_say_of_many_what_the_rule_says_of_one(rows, limits, power, importance) -> None:
    medians = np.array(rows, dtype=np.float64)[:, :, None]
    rated = ~np.isnan(medians[:, :, 0])
    codes = classify(medians, rated, limits)[:, 0]
    weights = weighed(medians, rated, np.full(len(rows), importance), np.array(power))[:, :, 0]
    for row, code, weight in zip(rows, codes, weights, strict=True):
        said = {str(i): m for i, m in enumerate(row) if m is not None}
        assert CLASSES[code] == class_of(said.values(), limits)
        found = opposition(said, importance, {str(i): p for i, p in enumerate(power)})
        assert found.severity == weight.max() == weight[int(found.segment)]


def test_a_replicate_without_a_segment_has_no_class() -> None:
    medians = np.array([[[4.0, np.nan], [4.0, 4.0], [np.nan, np.nan]]])
    rated = np.array([[True, True, False]])
    codes = classify(medians, rated, Thresholds())
    assert codes.tolist() == [[CLASSES.index("strong"), -1]]
    none = classify(medians, np.zeros((1, 3), bool), Thresholds())
    assert none.tolist() == [[-1, -1]]
