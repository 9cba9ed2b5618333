"""What the customers were like who formed segments, as a later period needs it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents.segmentation import Segment, Segmentation, Variable
from forwhom.errors import DocumentError
from forwhom.evidence.reference import references_of, scores_of
from forwhom.mixture import Column
from forwhom.statistics.membership import Membership


@pytest.fixture(scope="module")
def segmentation(customers: pa.Table) -> Segmentation:
    return fw.discover(customers, k=2, n_starts=3, stability=0).segmentation


def test_bins_hold_enough_customers_and_shares_add_up(segmentation: Segmentation) -> None:
    numbers = [one for one in segmentation.reference if not one.levels]
    assert {one.variable for one in numbers} >= {"visits", "spend"}
    for one in numbers:
        shares = [share or 0.0 for share in one.shares]
        assert sum(shares) == pytest.approx(1.0, abs=1e-4)
        assert min(shares) * segmentation.n >= segmentation.threshold
        assert len(one.inside) == len(segmentation.segments)


def test_where_segments_stand_is_the_mean_of_normal_scores() -> None:
    values = np.repeat([1.0, 2.0, 3.0, 4.0], 25)
    r = np.eye(2)[(values > 2).astype(int)]
    variable = Variable(name="x", label="x", measure="continuous", use="active")
    # What describes nobody, and what has no values here, is passed over.
    others = [variable.model_copy(update=new) for new in ({"use": "ignore"}, {"name": "y"})]
    columns = {"x": Column("x", values)}
    [found] = references_of(columns, [variable, *others], Membership.of(r), [], 10)
    assert found.cuts == [1.5, 2.5, 3.5]
    assert found.shares == [0.25] * 4
    scores = scores_of(values, np.array(found.cuts), np.full(4, 0.25))
    assert scores.std() == pytest.approx(1.0)
    assert found.inside[1] == [pytest.approx(-(found.inside[0][0] or 0.0), abs=1e-9)]
    assert found.inside[1][0] == pytest.approx(float(scores[50:].mean()), abs=1e-3)


def test_what_is_withheld_in_a_profile_is_withheld_here(segmentation: Segmentation) -> None:
    shown = {
        (p.variable, level.level, s.id): level.inside is not None
        for s in segmentation.segments
        for p in s.profile
        for level in p.levels
    }
    for one in segmentation.reference:
        for k, row in enumerate(one.inside):
            for level, share in zip(one.levels, row, strict=False):
                assert (share is not None) == shown[one.variable, level, k + 1]


def test_a_segment_of_few_with_a_value_is_not_told() -> None:
    values = np.r_[np.repeat([1.0, 2.0], 30), np.full(40, np.nan), 3.0, 4.0, 5.0]
    r = np.eye(2)[np.r_[np.zeros(60, int), np.ones(43, int)]]
    variable = Variable(name="x", label="x", measure="continuous", use="active")
    segments: list[Segment] = []
    [found] = references_of({"x": Column("x", values)}, [variable], Membership.of(r), segments, 10)
    assert found.inside[0][0] is not None
    assert found.inside[1] == [None]


def test_a_changed_file_is_refused(segmentation: Segmentation, tmp_path) -> None:
    one = segmentation.reference[0].model_copy(update={"shares": [0.5]})
    fw.write_segmentation(
        segmentation.model_copy(update={"reference": [one]}), tmp_path / "segmentation.json"
    )
    with pytest.raises(DocumentError, match="does not have a share for each bin or level"):
        fw.read_segmentation(tmp_path / "segmentation.json")
