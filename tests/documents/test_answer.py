"""The answer: how sure, in words, and what it claims only with a verdict on structure."""

from __future__ import annotations

import pytest

from forwhom.documents import answer
from forwhom.documents.fitting import Candidate, Certainty, Fit
from forwhom.documents.models import MixtureModel, Novelty, RulesModel
from forwhom.documents.segmentation import Interval, Segment, Segmentation, Variable
from forwhom.documents.structure import Structure, Verdict


def segment(number: int) -> Segment:
    return Segment(
        id=number, name=f"S{number}", proposed_name=f"S{number}", n=50, share=0.5,
        share_interval=Interval(low=0.4, high=0.6),
        certainty=Certainty(mean_probability=0.96, sure=0.93),
    )  # fmt: skip


def found(structure: Structure | None) -> Segmentation:
    novelty = Novelty(threshold=-3.0, centers=[], spreads=[])
    candidate = Candidate(
        k=2, log_likelihood=-1.0, n_parameters=3, bic=1, aic=1, aic3=1, caic=1, sabic=1, icl=1,
        entropy_r2=0.91, classification_error=0.1, smallest_share=0.4, converged=True, n_iter=7,
        best_start_share=0.5, n_starts=10,
    )  # fmt: skip
    return Segmentation(
        created="2026-01-02", version="0.1.0", n=100,
        variables=[Variable(name="age", label="Age", measure="continuous", use="active")],
        model=MixtureModel(weights=[0.5, 0.5], items=[], novelty=novelty),
        fit=Fit(method="mixture", criterion="bic", seed=1), selection=[candidate],
        segments=[segment(1), segment(2)], overlap=[[0.9, 0.1], [0.1, 0.9]], structure=structure,
    )  # fmt: skip


def test_judgments_follow_their_bounds() -> None:
    assert [answer.how_sure(p) for p in (0.95, 0.85, 0.75, 0.5)] == [
        "very sure", "sure", "fairly sure", "unsure",
    ]  # fmt: skip


def test_what_the_weights_are_worth_is_said() -> None:
    fit = Fit(method="rules", seed=0, n_effective=640.4)
    weighted = Segmentation(
        created="2024-01-01T00:00:00Z", version="0", n=1000, weight="w", variables=[],
        model=RulesModel(rules=[]), fit=fit, segments=[], overlap=[],
    )  # fmt: skip
    told = weighted.answer.sentences[-1]
    assert told.endswith("1,000 customers say as much as 640 equally weighted customers.")
    older = weighted.model_copy(update={"fit": fit.model_copy(update={"n_effective": None})})
    assert older.answer.sentences[-1] == "Shares are weighted by “w”; counts are not."


def test_certainty_of_membership_is_no_claim_of_separate_groups() -> None:
    told = found(None).answer
    assert told.headline == "Two segments among 100 customers"
    assert told.sentences[0] == (
        "Nothing tested whether they are separate groups or parts of a sliding scale."
    )
    assert "very sure who belongs where" in told.sentences[1]
    assert "entropy R² 0.91" in told.sentences[1]
    assert "separated" not in " ".join(told.sentences)


@pytest.mark.parametrize("verdict", ["clear", "likely"])
def test_the_verdict_stands_before_certainty(verdict: Verdict) -> None:
    told = found(Structure(verdict=verdict, rows=100)).answer
    assert told.headline == f"Two {verdict} groups among 100 customers"
    assert "groups" in told.sentences[0].lower()
    assert "a customer’s most likely group has" in told.sentences[-1]
    assert not any("Nothing tested" in sentence for sentence in told.sentences)


@pytest.mark.parametrize("verdict", ["scale", "unclear", "one"])
def test_without_groups_certainty_only_says_how_sharp_the_cuts_are(verdict: Verdict) -> None:
    segmentation = found(Structure(verdict=verdict, rows=100))
    *_, last = segmentation.answer.sentences
    assert last.endswith(f"how sharply the {segmentation.noun}s are drawn, not how far they are "
                         "apart.")  # fmt: skip
    assert "sure who belongs" not in last
    assert segmentation.answer.headline in str(segmentation)
