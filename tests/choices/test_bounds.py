"""What is said only from a share on: on the bound, and beside it."""

from __future__ import annotations

import pytest

from forwhom.choices.deciding import weigh_segments
from forwhom.choices.verdicts import _about_status
from forwhom.documents.results import Priorities

from .test_deciding import canvas_of, judge


def third(top_two: float, status: str = "serve") -> Priorities:
    """Priorities in which the third of three segments is among the first two this often."""
    judges = [judge("ana", size=1, pays=1, reach=1), judge("ben", size=1, pays=2, reach=1)]
    found = weigh_segments(canvas_of(judges=judges, status={"c": status}))
    last = found.segments[-1]
    assert (last.segment, last.rank) == ("c", 3)
    assert last.near_judges is not None
    near = last.near_judges.model_copy(update={"top_two_high": top_two})
    return found.model_copy(
        update={"segments": [*found.segments[:-1], last.model_copy(update={"near_judges": near})]}
    )


@pytest.mark.parametrize(
    ("top_two", "said"), [(0.0, True), (0.049, True), (0.05, False), (0.3, False)]
)
def test_a_segment_to_be_served_that_is_hardly_ever_among_the_first(
    top_two: float, said: bool
) -> None:
    notes = _about_status(third(top_two))
    assert any("is to be served, but is among the first two in only" in n for n in notes) == said
    assert not any("among the first two" in n for n in _about_status(third(top_two, "candidate")))
