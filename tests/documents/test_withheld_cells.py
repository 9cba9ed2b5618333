"""What is withheld can neither be read nor computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.privacy import is_small, withheld_cells

tables = st.integers(1, 5).flatmap(
    lambda columns: st.lists(
        st.lists(
            st.one_of(st.integers(0, 12), st.integers(0, 80)), min_size=columns, max_size=columns
        ),
        min_size=1,
        max_size=5,
    )
)


def recoverable(mask: np.ndarray) -> list[tuple[int, int]]:
    """Return the hidden cells that the sums of rows and columns determine, by linear algebra."""
    hidden = np.argwhere(mask)
    equations = np.zeros((sum(mask.shape), len(hidden)))
    for i, (r, c) in enumerate(hidden):
        equations[r, i] = 1
        equations[mask.shape[0] + c, i] = 1
    rank = np.linalg.matrix_rank(equations) if len(hidden) else 0
    found = []
    for i, cell in enumerate(hidden):
        unit = np.zeros(len(hidden))
        unit[i] = 1
        if np.linalg.matrix_rank(np.vstack([equations, unit])) == rank:
            found.append(tuple(cell.tolist()))
    return found


@given(tables)
@settings(max_examples=150)
def test_no_small_cell_is_shown_and_none_can_be_computed(table: list[list[int]]) -> None:
    counts = np.array(table)
    mask = np.array(withheld_cells(table, 10))
    assert not ((counts > 0) & (counts < 10) & ~mask).any()
    if min(counts.shape) > 1:
        assert recoverable(mask) == []


@given(tables)
@settings(max_examples=150)
def test_nor_when_the_sums_of_columns_are_published_too(table: list[list[int]]) -> None:
    counts = np.array([*table, np.sum(table, axis=0).tolist()])
    mask = np.array(withheld_cells(table, 10, totals=True))
    assert mask.shape == counts.shape
    assert not ((counts > 0) & (counts < 10) & ~mask).any()
    if counts.shape[1] > 1:
        assert recoverable(mask) == []


@given(tables)
@settings(max_examples=100)
def test_what_a_line_hides_is_no_small_group_taken_together(table: list[list[int]]) -> None:
    counts = np.array(table)
    mask = np.array(withheld_cells(table, 10))
    for c, m in [*zip(counts, mask, strict=True), *zip(counts.T, mask.T, strict=True)]:
        if m.any() and not m.all() and c.sum() >= 10:
            assert c[m].sum() >= 10
            assert m.sum() >= 2


@given(tables)
@settings(max_examples=50)
def test_cells_are_all_shown_when_none_is_small(table: list[list[int]]) -> None:
    large = [[count + 10 for count in row] for row in table]
    assert not np.array(withheld_cells(large, 10, totals=True)).any()
    assert not np.array(withheld_cells(table, 1)).any()


def test_a_cell_without_anybody_is_shown() -> None:
    assert withheld_cells([[0, 50], [40, 60]], 10) == [[False, False], [False, False]]


def test_the_cheapest_rectangle_is_withheld_with_a_small_cell() -> None:
    counts = [[3, 40, 50], [30, 25, 60], [70, 35, 90]]
    assert withheld_cells(counts, 10) == [[True, True, False], [True, True, False], [False] * 3]


def test_cells_can_be_withheld_in_any_case() -> None:
    also = [[True, False], [False, False]]
    assert withheld_cells([[50, 50], [50, 50]], 10, also=also) == [[True, True], [True, True]]


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (9, True), (10, False)])
def test_small_is_somebody_but_under_the_threshold(count: int, small: bool) -> None:
    assert is_small(count, 10) is small


def test_an_empty_table_has_nothing_to_withhold() -> None:
    assert withheld_cells([[], []], 10, totals=True) == [[], [], []]
