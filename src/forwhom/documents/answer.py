"""The answer first: groups or degrees, how sure, and what weakens it. Every face begins with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from forwhom.documents.again import again_of
from forwhom.documents.fitting import CRITERIA, Candidate, Certainty, Everybody, Fit
from forwhom.documents.stability import Stability
from forwhom.documents.structure import Structure
from forwhom.documents.verdict import headline_of, noun_of, sentences_of
from forwhom.wording import count, counted, decimal, lowered, percent, percent_between

_METHODS = {
    "kmeans": "k-means puts every customer into the nearest group; it tests neither whether the "
    "groups are real nor how sure a placement is.",
    "rfm": "The segments are cells of a recency, frequency and monetary grid. Membership follows "
    "from the cut points; nothing tests whether the groups are real.",
    "rules": "The segments are rules that a person wrote. Membership follows from the rules; "
    "nothing tests whether the groups are real.",
}


class _Interval(Protocol):
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class _Sum(Protocol):
    @property
    def variable(self) -> str: ...
    @property
    def share(self) -> float: ...
    @property
    def interval(self) -> _Interval: ...


class _Worth(Protocol):
    @property
    def revenue(self) -> _Sum | None: ...


class _Segment(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def share(self) -> float: ...
    @property
    def certainty(self) -> Certainty: ...
    @property
    def worth(self) -> _Worth | None: ...


class _Variable(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str | None: ...


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
    def variables(self) -> Sequence[_Variable]: ...
    @property
    def structure(self) -> Structure | None: ...
    @property
    def stability(self) -> Stability | None: ...
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
    everybody = segmentation.fit.everybody
    n = segmentation.n if everybody is None else everybody.customers
    customers = count(n, "customer")
    alone = k == 1 and segmentation.fit.method == "mixture"
    best = best_by_criterion(segmentation)
    structure = segmentation.structure
    if structure is not None:
        headline = headline_of(structure, k, n)
        known = {variable.name: variable for variable in segmentation.variables}
        sentences = list(sentences_of(structure, k, known))
        sentences += _certainty(segmentation) if k > 1 else []
    elif alone and len(segmentation.selection) > 1 and best in (1, None):
        headline = "One mass market: no evidence of separate segments"
        sentences = _mass_market(segmentation, customers)
    elif k == 1:
        headline = f"One segment of {customers}"
        sentences = [_unfounded(segmentation, best)]
    else:
        headline = f"{counted(k, 'segment')} among {customers}"
        sentences = [*_untested(segmentation), *_certainty(segmentation)]
    sentences += _who_matters(segmentation) if k > 1 else []
    if k > 1 and segmentation.stability is not None:
        again = again_of(segmentation.stability, k, noun_of(structure, k))
        sentences += [again] if again else []
    if segmentation.weight:
        sentences.append(_weighted(segmentation))
    if everybody is not None:
        sentences.append(_drawn(segmentation.n, everybody))
    return Answer(
        headline=headline,
        sentences=tuple(sentences),
        warnings=tuple(warnings),
        mass_market=k == 1,
    )


def _who_matters(segmentation: _Found) -> list[str]:
    """Say which segment brings most of the revenue, where there are amounts."""
    brings = [
        (segment.worth.revenue, segment)
        for segment in segmentation.segments
        if segment.worth is not None and segment.worth.revenue is not None
    ]
    if not brings:
        return []
    revenue, most = max(brings, key=lambda both: (both[0].share, -both[1].id))
    label = next((v.label for v in segmentation.variables if v.name == revenue.variable), "revenue")
    noun = noun_of(segmentation.structure, len(segmentation.segments))
    called = f"{noun.capitalize()} {most.id}"
    named = "" if called.lower() == most.name.lower() else f" ({most.name})"
    between = percent_between(revenue.interval.low, revenue.interval.high)
    return [
        f"{called}{named} brings the largest part of the revenue ({lowered(label)}): "
        f"{percent(revenue.share)} of it ({between}), with {percent(most.share)} of the customers."
    ]


def _weighted(segmentation: _Found) -> str:
    sentence = f"Shares are weighted by “{segmentation.weight}”; counts are not."
    if segmentation.fit.n_effective is None:
        return sentence
    worth = count(round(segmentation.fit.n_effective), "equally weighted customer")
    return f"{sentence} With these weights, {segmentation.n:,} customers say as much as {worth}."


def _drawn(n: int, everybody: Everybody) -> str:
    """Say of whom the numbers tell, where that is not everybody."""
    fitted = "was fitted to all and " if everybody.log_likelihood is not None else ""
    return (
        f"What is told was seen in {n:,} customers, drawn from all {everybody.customers:,} by "
        f"their ids; the model {fitted}gave all of them their place."
    )


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


def _untested(segmentation: _Found) -> list[str]:
    if segmentation.fit.method != "mixture":
        return []
    return ["Nothing tested whether they are separate groups or parts of a sliding scale."]


def _certainty(segmentation: _Found) -> list[str]:
    method = segmentation.fit.method
    if method != "mixture":
        return [_METHODS[method]]
    members = sum(s.n for s in segmentation.segments) or 1
    mean = sum(s.n * s.certainty.mean_probability for s in segmentation.segments) / members
    sure = sum(s.n * s.certainty.sure for s in segmentation.segments) / members
    k = len(segmentation.segments)
    candidate = next((c for c in segmentation.selection if c.k == k), None)
    noun, structure = noun_of(segmentation.structure, k), segmentation.structure
    if structure is not None and structure.verdict not in ("clear", "likely"):
        return [
            f"A customer’s most likely {noun} has a probability of {percent(mean)} on average, and "
            f"{percent(sure)} of customers are placed with at least 80% certainty: that is how "
            f"sharply the {noun}s are drawn, not how far they are apart."
        ]
    entropy = None if candidate is None else candidate.entropy_r2
    measured = (
        ""
        if entropy is None
        else f" (entropy R² {decimal(entropy)}, where 1 is perfect and 0 is guessing)"
    )
    return [
        f"We are {how_sure(mean)} who belongs where: a customer’s most likely {noun} has a "
        f"probability of {percent(mean)} on average, and {percent(sure)} of "
        f"customers are placed with at least 80% certainty{measured}."
    ]


def best_by_criterion(segmentation: _Found) -> int | None:
    """Return the number of segments with the lowest criterion; ``None`` when unknown."""
    name, sample = segmentation.fit.criterion.lower(), segmentation.fit.sample
    if name not in CRITERIA or not segmentation.selection:
        return None
    decisive = segmentation.selection if sample is None else sample.all_customers
    return min(decisive or segmentation.selection, key=lambda c: (float(getattr(c, name)), c.k)).k


def criterion_name(criterion: str) -> str:
    """Return a criterion as the literature writes it: ``'bic'`` is ``'BIC'``."""
    return criterion.upper() if criterion else "the criterion chosen"


def how_sure(probability: float) -> str:
    """Return how sure membership is, in words, from the mean probability of the own segment."""
    for least, word in ((0.9, "very sure"), (0.8, "sure"), (0.7, "fairly sure")):
        if probability >= least:
            return word
    return "unsure"
