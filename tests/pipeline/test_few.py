"""Fewer segments where one would have few customers, or rest on the weights of a few."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.customers.tries import Tries
from forwhom.pipeline.few import without_few
from forwhom.pipeline.methods import Found

from .test_by_parts import found_in


def sought(sizes: dict[int, list[int]], ks: tuple[int, ...], k: int | None, threshold: int):
    """Return what was asked for and found; ``sizes`` are those of the segments of each number."""
    asked: list[tuple[tuple[int, ...], int | None]] = []

    def find(tries: Tries, k: int | None) -> Found:
        asked.append((tries.ks, k))
        wanted = k or tries.ks[-1]
        labels = np.repeat(np.arange(len(sizes[wanted])), sizes[wanted]).tolist()
        return found_in([*labels, -1], len(sizes[wanted]), notes=["first"])

    found = without_few(find, Tries(ks), k, threshold)
    return asked, found.responsibilities.shape[1], found.notes


def test_the_number_is_lowered_until_each_segment_has_enough() -> None:
    sizes = {4: [20, 20, 9, 1], 3: [20, 20, 9], 2: [20, 10], 1: [30]}
    asked, k, notes = sought(sizes, (1, 2, 3, 4), None, 10)
    assert asked == [((1, 2, 3, 4), None), ((1, 2, 3), None), ((1, 2), None)]
    assert k == 2
    assert notes == [
        "first",
        "With 4 segments, one would have fewer than 10 customers, whose values it would tell; so "
        "there are no more than 2.",
    ]
    assert sought(sizes, (4,), 4, 10)[0] == [((4,), 4), ((3,), 3), ((2,), 2)]
    assert sought(sizes, (3, 4), None, 10)[0] == [((3, 4), None), ((3,), None), ((2,), None)]


def test_enough_and_one_segment_are_left_alone() -> None:
    for sizes, ks, threshold in (
        ({2: [20, 10]}, (1, 2), 10),
        ({2: [20, 1]}, (1, 2), 1),
        ({1: [3]}, (1,), 10),
    ):
        asked, k, notes = sought(sizes, ks, None, threshold)
        assert (len(asked), k, notes) == (1, ks[-1], ["first"])
    assert sought({2: [20, 0], 1: [20]}, (1, 2), None, 10)[1] == 1


@pytest.mark.parametrize(("method", "kept"), [("rfm", 2), ("rules", 2), ("kmeans", 1)])
def test_grids_and_rules_have_no_number_to_lower(method: str, kept: int) -> None:
    def find(tries: Tries, k: int | None) -> Found:
        return found_in([0] * 20 + [1] * (0 if k == 1 else 3), k or 2, method)

    assert without_few(find, Tries((2,)), 2, 10).responsibilities.shape[1] == kept


@pytest.mark.parametrize(
    ("heaviest", "kept"), [(1.0, 2), (3.0, 2), (8.0, 1), (500.0, 1)]
)  # a segment of twelve: worth 12, 9.8, 4.8 and 1 customers of one weight
def test_one_customer_who_weighs_as_much_as_many_is_no_segment(heaviest: float, kept: int) -> None:
    def find(tries: Tries, k: int | None) -> Found:
        return found_in([0] * 88 + [tries.ks[-1] - 1] * 12, tries.ks[-1])

    weights = np.ones(100)
    weights[88] = heaviest
    for scale in (1.0, 40.0):
        found = without_few(find, Tries((1, 2)), None, 10, scale * weights)
        assert found.responsibilities.shape[1] == kept
        assert found.notes == [
            "With 2 segments, one would rest on a few customers who weigh as much as many; so "
            "there are no more than 1."
        ] * (kept == 1)
    assert without_few(find, Tries((1, 2)), None, 10).responsibilities.shape[1] == 2


def test_equal_weights_change_nothing_and_the_first_reason_is_told() -> None:
    def find(tries: Tries, k: int | None) -> Found:
        labels = {3: [0] * 84 + [1] * 4 + [2] * 12, 2: [0] * 88 + [1] * 12, 1: [0] * 100}
        return found_in(labels[tries.ks[-1]], tries.ks[-1])

    equal, heavy = np.ones(100), np.ones(100)
    heavy[88] = 500.0
    for weights in (None, equal):
        kept = without_few(find, Tries((1, 2, 3)), None, 3, weights)
        assert kept.responsibilities.shape[1] == 3
    [note] = without_few(find, Tries((1, 2, 3)), None, 10, heavy).notes
    assert note.startswith("With 3 segments, one would have fewer than 10 customers")
