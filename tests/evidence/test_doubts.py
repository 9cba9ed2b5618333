"""What weakens a fit, in sentences."""

from __future__ import annotations

import pytest

from forwhom.documents.fitting import Candidate, Certainty
from forwhom.documents.segmentation import Interval, Segment
from forwhom.documents.structure import Structure, Verdict
from forwhom.evidence import doubts_of, too_small, too_wide

LARGEST = Candidate(
    k=8, log_likelihood=-1.0, n_parameters=30, bic=1, aic=1, aic3=1, caic=1, sabic=1, icl=1,
    entropy_r2=0.9, classification_error=0.1, smallest_share=0.1, converged=True, n_iter=7,
    best_start_share=0.5, n_starts=20,
)  # fmt: skip


def doubts(structure: Structure | None) -> list[str]:
    return doubts_of(
        LARGEST, 1000, 20, tried=range(1, 9), limited=False, structure=structure
    )  # fmt: skip


@pytest.mark.parametrize("verdict", ["clear", "likely", "one"])
def test_more_groups_than_were_tried_may_fit_better(verdict: Verdict) -> None:
    (doubt,) = doubts(Structure(verdict=verdict, rows=1000))
    assert doubt.startswith("8 segments is the largest number that was tried; more may fit better")
    assert doubts(None) == [doubt]


@pytest.mark.parametrize("verdict", ["scale", "unclear"])
def test_more_segments_are_no_remedy_where_there_are_no_groups(verdict: Verdict) -> None:
    assert doubts(Structure(verdict=verdict, rows=1000)) == []


def test_more_segments_are_no_remedy_where_one_variable_is_cut() -> None:
    assert doubts(Structure(verdict="one", rows=1000, cut="spend")) == []


def doubts_about(n: int = 1000, asked: int = 20, limited: bool = True, **changes) -> list[str]:
    candidate = LARGEST.model_copy(update=changes)
    return doubts_of(candidate, n, asked, tried=range(1, 9), limited=limited)


def test_a_sound_fit_leaves_no_doubt() -> None:
    assert doubts_about() == []
    assert doubts_about(k=7, limited=False) == []  # eight were tried
    assert doubts_of(LARGEST, 1000, 20, tried=[8], limited=False) == []  # it was asked for


def test_fewer_customers_than_parameters_are_too_few() -> None:
    assert doubts_about(n=30) == []
    assert doubts_about(n=1_029, n_parameters=1_030) == [
        "There are fewer customers (1,029) than parameters (1,030); the segments may not be found "
        "again in other data. Use fewer variables or segments."
    ]


def test_a_fit_that_did_not_end_is_told() -> None:
    assert doubts_about(converged=False, n_iter=2_000) == [
        "The fit had not converged after 2,000 passes over the data."
    ]


@pytest.mark.parametrize(
    ("changes", "doubted"),
    [
        ({"best_start_share": 0.05}, True),  # one of twenty
        ({"best_start_share": 0.1}, False),
        ({"best_start_share": 0.075}, False),
        ({"best_start_share": 0.05, "k": 2}, True),
        ({"best_start_share": 0.05, "k": 1}, False),
        ({"best_start_share": 1.0, "n_starts": 1}, False),
        ({"best_start_share": 0.5, "n_starts": 2}, True),
    ],
)
def test_a_best_fit_that_one_start_alone_reached_is_told(changes, doubted: bool) -> None:
    starts = changes.get("n_starts", 20)
    said = [
        f"Only one of {starts} starts reached the best fit, so a better one may exist. Another "
        "seed, or more starts, may find it."
    ]
    assert doubts_about(**changes) == (said if doubted else [])
    assert doubts_about(asked=1, **changes) == []


def test_segments_of_few_are_named() -> None:
    sizes = {1: 40, 2: 10, 3: 9, 4: 0, 5: 1}
    segments = [
        Segment(
            id=i, name="", proposed_name="", n=n, share=0.1,
            share_interval=Interval(low=0, high=1),
            certainty=Certainty(mean_probability=1, sure=1),
        )
        for i, n in sizes.items()
    ]  # fmt: skip
    assert too_small(segments, 10) == [
        "Segments 3 and 5 have fewer than 10 customers: too few to describe or to rely on."
    ]
    assert too_small(segments, 2) == [
        "Segment 5 has fewer than 2 customers: too few to describe or to rely on."
    ]
    assert too_small(segments, 1) == []


def test_intervals_that_are_wide_are_named() -> None:
    assert too_wide([]) == []
    (one,), (two,) = too_wide([4]), too_wide([1, 3])
    assert one.startswith("The intervals of segment 4 are about twice as wide as usual")
    assert two.startswith("The intervals of segments 1 and 3 are about twice as wide")
