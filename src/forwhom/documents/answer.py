"""The answer first: how many segments, how sure, and what weakens it. Every face begins with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from forwhom.documents.fitting import CRITERIA, Candidate, Certainty, Fit
from forwhom.wording import count, counted, decimal, percent

_METHODS = {
    "kmeans": "k-means puts every customer into the nearest group; it tests neither whether the "
    "groups are real nor how sure a placement is.",
    "rfm": "The segments are cells of a recency, frequency and monetary grid. Membership follows "
    "from the cut points; nothing tests whether the groups are real.",
    "rules": "The segments are rules that a person wrote. Membership follows from the rules; "
    "nothing tests whether the groups are real.",
}


class _Segment(Protocol):
    @property
    def n(self) -> int: ...
    @property
    def certainty(self) -> Certainty: ...


class _Found(Protocol):
    """What the answer is made of: a segmentation."""

    @property
    def n(self) -> int: ...
    @property
    def weight(self) -> str | None: ...
    @property
    def fit(self) -> Fit: ...
    @property
    def selection(self) -> Sequence[Candidate]: ...
    @property
    def segments(self) -> Sequence[_Segment]: ...


@dataclass(frozen=True)
class Answer:
    """The headline, the sentences under it, and what weakens them."""

    headline: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    mass_market: bool


def answer_of(segmentation: _Found, warnings: Sequence[str]) -> Answer:
    """Return the answer of a segmentation in plain words."""
    k = len(segmentation.segments)
    customers = count(segmentation.n, "customer")
    alone = k == 1 and segmentation.fit.method == "mixture"
    best = best_by_criterion(segmentation)
    if alone and len(segmentation.selection) > 1 and best in (1, None):
        headline = "One mass market: no evidence of separate segments"
        sentences = _mass_market(segmentation, customers)
    elif k == 1:
        headline = f"One segment of {customers}"
        sentences = [_unfounded(segmentation, best)]
    else:
        headline = f"{counted(k, 'segment')} among {customers}"
        sentences = _certainty(segmentation)
    if segmentation.weight:
        sentences.append(_weighted(segmentation))
    return Answer(
        headline=headline,
        sentences=tuple(sentences),
        warnings=tuple(warnings),
        mass_market=k == 1,
    )


def _weighted(segmentation: _Found) -> str:
    sentence = f"Shares are weighted by “{segmentation.weight}”; counts are not."
    if segmentation.fit.n_effective is None:
        return sentence
    worth = count(round(segmentation.fit.n_effective), "equally weighted customer")
    return f"{sentence} With these weights, {segmentation.n:,} customers say as much as {worth}."


def _mass_market(segmentation: _Found, customers: str) -> list[str]:
    tried = [c.k for c in segmentation.selection]
    criterion = criterion_name(segmentation.fit.criterion)
    return [
        f"Of {min(tried)} to {max(tried)} segments, one describes the {customers} best "
        f"(by {criterion}).",
        "Customers do differ, but not in groups that these variables can tell apart. Other "
        "variables, such as needs, may still separate them.",
    ]


def _unfounded(segmentation: _Found, best: int | None) -> str:
    if best in (1, None):
        return "No other number of segments was tried, so this says nothing about structure."
    criterion = criterion_name(segmentation.fit.criterion)
    return f"One was asked for; by {criterion}, {best} segments describe the customers better."


def _certainty(segmentation: _Found) -> list[str]:
    method = segmentation.fit.method
    if method != "mixture":
        return [_METHODS[method]]
    members = sum(s.n for s in segmentation.segments) or 1
    mean = sum(s.n * s.certainty.mean_probability for s in segmentation.segments) / members
    sure = sum(s.n * s.certainty.sure for s in segmentation.segments) / members
    sentences = []
    k = len(segmentation.segments)
    candidate = next((c for c in segmentation.selection if c.k == k), None)
    if candidate is not None and candidate.entropy_r2 is not None:
        entropy = candidate.entropy_r2
        sentences.append(
            f"They are {how_separate(entropy)} (entropy R² {decimal(entropy)}, where 1 is perfect "
            "and 0 is guessing)."
        )
    sentences.append(
        f"We are {how_sure(mean)} who belongs where: a customer’s most likely segment has a "
        f"probability of {percent(mean)} on average, and {percent(sure)} of "
        "customers are placed with at least 80% certainty."
    )
    return sentences


def best_by_criterion(segmentation: _Found) -> int | None:
    """Return the number of segments with the lowest criterion; ``None`` when unknown."""
    name = segmentation.fit.criterion.lower()
    if name not in CRITERIA or not segmentation.selection:
        return None
    return min(segmentation.selection, key=lambda c: (float(getattr(c, name)), c.k)).k


def criterion_name(criterion: str) -> str:
    """Return a criterion as the literature writes it: ``'bic'`` is ``'BIC'``."""
    return criterion.upper() if criterion else "the criterion chosen"


def how_sure(probability: float) -> str:
    """Return how sure membership is, in words, from the mean probability of the own segment."""
    for least, word in ((0.9, "very sure"), (0.8, "sure"), (0.7, "fairly sure")):
        if probability >= least:
            return word
    return "unsure"


def how_separate(entropy_r2: float) -> str:
    """Return how far apart the segments are, in words, from the entropy R²."""
    bounds = ((0.8, "clearly separated"), (0.6, "fairly well separated"), (0.4, "overlapping"))
    for least, word in bounds:
        if entropy_r2 >= least:
            return word
    return "strongly overlapping"
