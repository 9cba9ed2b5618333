"""A refit keeps the numbers and names of the old segments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw

pytestmark = pytest.mark.usefixtures("swift")


@pytest.fixture(scope="module")
def shop() -> pa.Table:
    rng = np.random.default_rng(5)
    kind = np.arange(600) % 6
    often, far = kind < 3, kind == 5
    return pa.table(
        {
            "visits": rng.poisson(np.where(often, 12, 2)),
            "basket_size": rng.normal(np.where(far, 40.0, 10.0), 2.0),
        }
    )


@pytest.fixture(scope="module")
def two(shop: pa.Table) -> fw.Result:
    return fw.discover(shop, k=2, n_starts=4, stability=0)


@pytest.fixture(scope="module")
def three(shop: pa.Table) -> fw.Result:
    return fw.discover(shop, k=3, n_starts=4, stability=0)


def test_numbers_and_given_names_stay_when_sizes_change(shop: pa.Table) -> None:
    quick = {"k": 3, "numbers": "measured", "n_starts": 4, "stability": 0}
    first = fw.discover(shop, **quick)
    named = fw.rename_segment(first.segmentation, 1, "Regulars")
    # Most regulars leave: by size alone, they would not be segment 1 any more.
    visits = shop["visits"].to_numpy()
    rows = np.flatnonzero((visits < 7) | (np.arange(600) % 5 == 0))
    fewer = shop.take(rows)
    plain = fw.discover(fewer, **quick)
    kept = fw.discover(fewer, like=named, **quick)
    assert plain.segmentation.segments[0].n > kept.segmentation.segments[0].n
    assert kept.segmentation.segments[0].name == "Regulars"
    old = first.members["segment"].to_numpy()[rows]
    assert (kept.members["segment"].to_numpy() == old).mean() > 0.95


def test_a_lost_segment_is_said(shop: pa.Table, three: fw.Result) -> None:
    old = three.segmentation
    new = fw.discover(shop, k=2, n_starts=4, stability=0, like=old).segmentation
    assert any("has no successor" in note for note in new.quality.notes)


def test_a_new_segment_is_said(shop: pa.Table, two: fw.Result) -> None:
    old = two.segmentation
    new = fw.discover(shop, k=3, n_starts=4, stability=0, like=old).segmentation
    assert any("without a predecessor" in note for note in new.quality.notes)


def test_a_result_shows_its_segments_not_pages_of_numbers(shop: pa.Table) -> None:
    result = fw.discover(shop, k=2, n_starts=4)
    shown = repr(result)
    assert shown.startswith("Two clear groups among 600 customers\nClear groups")
    # The headline, what it rests on, and a line for each segment.
    assert len(shown.splitlines()) == 1 + len(result.segmentation.answer.sentences) + 2
    assert repr(result.segmentation) == shown
