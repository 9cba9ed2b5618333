"""What weakens a fit, in sentences."""

from __future__ import annotations

import pytest

from forwhom.documents.fitting import Candidate
from forwhom.documents.structure import Structure, Verdict
from forwhom.evidence import doubts_of

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
