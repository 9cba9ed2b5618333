"""No small group shows anywhere, and none can be computed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.privacy import coarse_count
from forwhom.documents.segmentation import Segment, Variable
from forwhom.personas import describe_segments
from forwhom.tables.columns import Column

LEVELS = ("a", "b", "c", "d")
THRESHOLD = 10


def survey(counts: np.ndarray) -> list[Segment]:
    """Describe crisp segments with these counts of levels."""
    k, n_levels = counts.shape
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    variable = Variable(name="v", label="Answer", measure="nominal", use="active")
    column = Column("v", (cells % n_levels).astype(np.int32), LEVELS[:n_levels])
    return describe_segments({"v": column}, [variable], np.eye(k)[cells // n_levels])


def hidden_cells_that_follow(segments: list[Segment], counts: np.ndarray) -> list[tuple[int, int]]:
    """Return hidden counts that sizes, shown shares and the sample's shares determine."""
    k, n_levels = counts.shape
    shown = np.array([[s.inside is not None for s in seg.profile[0].levels] for seg in segments])
    totals = [s.sample is not None for s in segments[0].profile[0].levels]
    mask = ~np.vstack([shown, totals])
    hidden = np.argwhere(mask)
    # Of a segment without members nothing is shown, and nothing is a secret.
    hidden = hidden[[r == k or counts[r].sum() > 0 for r, _ in hidden.tolist()]]
    equations = np.zeros((k + 1 + n_levels, len(hidden)))
    for i, (r, c) in enumerate(hidden):
        equations[r, i] = 1
        equations[k + 1 + c, i] = 1 if r < k else -1
    rank = np.linalg.matrix_rank(equations) if len(hidden) else 0
    found = []
    for unit, cell in zip(np.eye(len(hidden)), hidden.tolist(), strict=True):
        if np.linalg.matrix_rank(np.vstack([equations, unit])) == rank:
            found.append((cell[0], cell[1]))
    return found


@given(
    st.integers(2, 4).flatmap(
        lambda c: st.lists(
            st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=c, max_size=c),
            min_size=1,
            max_size=4,
        )
    )
)
@settings(max_examples=60)
def test_no_level_of_a_small_group_shows_or_follows(table: list[list[int]]) -> None:
    counts = np.array(table)
    if counts.sum() == 0:
        counts[0, 0] = 1
    segments = survey(counts)
    for segment, row in zip(segments, counts, strict=True):
        for share, count in zip(segment.profile[0].levels, row, strict=True):
            if 0 < count < THRESHOLD:
                assert share.inside is None
        for distinction in segment.distinctions:
            level = LEVELS.index(distinction.level)
            others = counts[:, level].sum() - row[level]
            assert not 0 < row[level] < THRESHOLD
            assert not 0 < others < THRESHOLD
        assert segment.profile[0].n is None or segment.profile[0].n >= THRESHOLD
    for share, total in zip(segments[0].profile[0].levels, counts.sum(axis=0), strict=True):
        if 0 < total < THRESHOLD:
            assert share.sample is None
    assert hidden_cells_that_follow(segments, counts) == []


def test_numbers_of_a_small_group_are_hidden_and_cannot_be_computed_from_the_sample() -> None:
    segment = np.repeat([0, 1, 2], [40, 30, 5])
    values = np.random.default_rng(0).normal(segment * 3.0, 1.0)
    variable = Variable(name="x", label="X", measure="continuous", use="active")
    segments = describe_segments({"x": Column("x", values)}, [variable], np.eye(3)[segment])
    inside = [s.profile[0].inside for s in segments]
    assert inside[2] is None
    # With the mean of the others shown, that of the five would follow from the sample's.
    assert inside[1] is None
    assert inside[0] is not None
    assert segments[2].profile[0].n is None
    assert segments[2].distinctions == segments[1].distinctions == []
    assert segments[2].typical_member is None


def test_how_many_have_no_value_tells_of_no_small_group() -> None:
    rng = np.random.default_rng(0)
    for gaps in (3, 7, 14, 57, 95):
        values = rng.normal(size=200)
        values[:gaps] = np.nan
        segment = np.repeat([0, 1], 100)
        variable = Variable(name="x", label="X", measure="continuous", use="active")
        first, _ = describe_segments({"x": Column("x", values)}, [variable], np.eye(2)[segment])
        found = first.profile[0]
        without = round(found.missing * first.n)
        assert without % THRESHOLD == 0
        assert found.n is None or (found.n >= THRESHOLD and found.n == first.n - without)


@pytest.mark.parametrize(
    ("count", "total", "coarse"),
    [(0, 50, 0), (4, 50, 0), (5, 50, 10), (50, 50, 50), (46, 50, 50), (25, 50, 30), (3, 4, 4)],
)
def test_counts_are_rounded_from_the_nearer_end(count: int, total: int, coarse: int) -> None:
    assert coarse_count(count, total, 10) == coarse


def test_zeros_of_a_number_tell_of_no_small_group() -> None:
    values = np.where(np.arange(200) % 40 == 0, 0.0, 5.0 + np.arange(200) % 7)
    variable = Variable(name="x", label="X", measure="positive", use="active")
    segments = describe_segments(
        {"x": Column("x", values)}, [variable], np.eye(2)[np.arange(200) % 2]
    )
    for segment in segments:
        assert round(segment.profile[0].inside.zeros * segment.n) in (0, 10)
        assert round(segment.profile[0].sample.zeros * 200) in (0, 10)


def test_a_typical_member_is_the_record_of_nobody_and_built_from_enough(customers) -> None:
    segments = describe_segments(customers.columns, customers.variables, customers.responsibilities)
    for segment in segments:
        typical = segment.typical_member
        assert typical.based_on >= THRESHOLD
        assert "gender" not in typical.values
        assert "empty" not in typical.values
        assert typical.values["frequency"].endswith(("orders", "order"))
        assert "." not in typical.values["frequency"]


def test_the_values_of_a_typical_member_are_rounded_to_two_digits() -> None:
    spend = Variable(name="spend", label="Spend", measure="continuous", use="active", unit="USD")
    column = Column("spend", np.full(50, 43.271))
    [segment] = describe_segments({"spend": column}, [spend], np.ones((50, 1)))
    assert segment.typical_member is not None
    assert segment.typical_member.values == {"spend": "43 USD"}


def test_a_level_that_too_few_share_is_not_typical() -> None:
    n = 80
    codes = (np.arange(n) % 16).astype(np.int32)
    levels = tuple(f"level {i}" for i in range(16))
    variables = [
        Variable(name="v", label="V", measure="nominal", use="active"),
        Variable(name="x", label="X", measure="continuous", use="active"),
    ]
    columns = {"v": Column("v", codes, levels), "x": Column("x", np.zeros(n))}
    (everybody,) = describe_segments(columns, variables, np.ones((n, 1)))
    assert set(everybody.typical_member.values) == {"x"}


def test_a_lower_threshold_shows_more(make_customers) -> None:
    few = make_customers(120)
    counts = []
    for threshold in (1, 10, 40):
        segments = describe_segments(
            few.columns, few.variables, few.responsibilities, threshold=threshold
        )
        shares = [s for seg in segments for p in seg.profile for s in p.levels]
        counts.append(sum(s.inside is not None for s in shares))
    assert counts[0] > counts[1] > counts[2]
    assert counts[0] == 3 * (2 + 4 + 2)
