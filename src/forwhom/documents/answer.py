"""The answer first: groups or degrees, how sure, and what weakens it. Every face begins with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from forwhom.documents.again import again_of
from forwhom.documents.fitting import CRITERIA, Candidate, Certainty, Everybody, Fit
from forwhom.documents.nouns import numbered, phrase
from forwhom.documents.stability import Stability
from forwhom.documents.structure import Structure
from forwhom.documents.verdict import headline_of, noun_of, sentences_of
from forwhom.languages.catalog import later, tr, tr_count, whole
from forwhom.wording import (
    apart,
    decimal,
    lowered,
    opened,
    percent,
    percent_between,
    tr_counted,
)

_METHODS = {
    "kmeans": later(
        "k-means puts every customer into the nearest group; it tests neither whether the groups "
        "are real nor how sure a placement is."
    ),
    "rfm": later(
        "The segments are cells of a recency, frequency and monetary grid. Membership follows from "
        "the cut points; nothing tests whether the groups are real."
    ),
    "rules": later(
        "The segments are rules that a person wrote. Membership follows from the rules; nothing "
        "tests whether the groups are real."
    ),
}
_SURE = later(
    "We are {how} who belongs where: {likely} has a probability of {mean} on average, and {sure} "
    "of customers are placed with at least 80% certainty."
)
_SURE_MEASURED = later(
    "We are {how} who belongs where: {likely} has a probability of {mean} on average, and {sure} "
    "of customers are placed with at least 80% certainty (entropy R² {entropy}, where 1 is perfect "
    "and 0 is guessing)."
)


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
    headline, sentences = _told(segmentation, k, n)
    sentences += _who_matters(segmentation) if k > 1 else []
    if k > 1 and segmentation.stability is not None:
        again = again_of(segmentation.stability, k, noun_of(segmentation.structure, k))
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


def _told(segmentation: _Found, k: int, n: int) -> tuple[str, list[str]]:
    """Return what was found among ``n`` customers, and what is said of it at once."""
    customers = tr_count("{n} customer", "{n} customers", n)
    best = best_by_criterion(segmentation)
    structure = segmentation.structure
    if structure is not None:
        known = {variable.name: variable for variable in segmentation.variables}
        sentences = list(sentences_of(structure, k, known))
        sentences += _certainty(segmentation) if k > 1 else []
        return headline_of(structure, k, n), sentences
    alone = k == 1 and segmentation.fit.method == "mixture"
    if alone and len(segmentation.selection) > 1 and best in (1, None):
        headline = tr("One mass market: no evidence of separate segments")
        return headline, _mass_market(segmentation, customers)
    if k == 1:
        return tr("One segment of {customers}", customers=customers), [
            _unfounded(segmentation, best)
        ]
    headline = tr_counted(
        "{n} segment among {customers}", "{n} segments among {customers}", k, customers=customers
    )
    return headline, [*_untested(segmentation), *_certainty(segmentation)]


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
    label = next((v.label for v in segmentation.variables if v.name == revenue.variable), None)
    noun = noun_of(segmentation.structure, len(segmentation.segments))
    called = opened(numbered(noun, [most.id]))
    unnamed = most.name.lower() in (called.lower(), f"{noun} {most.id}")
    return [
        tr(
            "{part} brings the largest part of the revenue ({label}): {share} of it ({between}), "
            "with {customers} of the customers.",
            part=called if unnamed else f"{called} ({apart(most.name)})",
            label=tr("revenue") if label is None else apart(lowered(label)),
            share=percent(revenue.share),
            between=percent_between(revenue.interval.low, revenue.interval.high),
            customers=percent(most.share),
        )
    ]


def _weighted(segmentation: _Found) -> str:
    sentence = tr("Shares are weighted by “{weight}”; counts are not.", weight=segmentation.weight)
    if segmentation.fit.n_effective is None:
        return sentence
    worth = tr_count(
        "With these weights, {customers} customers say as much as {n} equally weighted customer.",
        "With these weights, {customers} customers say as much as {n} equally weighted customers.",
        round(segmentation.fit.n_effective),
        customers=whole(segmentation.n),
    )
    return f"{sentence} {worth}"


def _drawn(n: int, everybody: Everybody) -> str:
    """Say of whom the numbers tell, where that is not everybody."""
    if everybody.log_likelihood is None:
        return tr(
            "What is told was seen in {drawn} customers, drawn from all {customers} by their ids; "
            "the model gave all of them their place.",
            drawn=whole(n),
            customers=whole(everybody.customers),
        )
    return tr(
        "What is told was seen in {drawn} customers, drawn from all {customers} by their ids; the "
        "model was fitted to all and gave all of them their place.",
        drawn=whole(n),
        customers=whole(everybody.customers),
    )


def _mass_market(segmentation: _Found, customers: str) -> list[str]:
    tried = [c.k for c in segmentation.selection]
    return [
        tr(
            "Of {least} to {most} segments, one describes the {customers} best (by {criterion}).",
            least=min(tried),
            most=max(tried),
            customers=customers,
            criterion=criterion_name(segmentation.fit.criterion),
        ),
        tr(
            "Customers do differ, but not in groups that these variables can tell apart. Other "
            "variables, such as needs, may still separate them."
        ),
    ]


def _unfounded(segmentation: _Found, best: int | None) -> str:
    if best is None or best == 1:
        return tr("No other number of segments was tried, so this says nothing about structure.")
    return tr_count(
        "One was asked for; by {criterion}, {n} segment describes the customers better.",
        "One was asked for; by {criterion}, {n} segments describe the customers better.",
        best,
        criterion=criterion_name(segmentation.fit.criterion),
    )


def _untested(segmentation: _Found) -> list[str]:
    if segmentation.fit.method != "mixture":
        return []
    return [tr("Nothing tested whether they are separate groups or parts of a sliding scale.")]


def _certainty(segmentation: _Found) -> list[str]:
    method = segmentation.fit.method
    if method != "mixture":
        return [tr(_METHODS[method])]
    members = sum(s.n for s in segmentation.segments) or 1
    mean = sum(s.n * s.certainty.mean_probability for s in segmentation.segments) / members
    sure = sum(s.n * s.certainty.sure for s in segmentation.segments) / members
    k = len(segmentation.segments)
    candidate = next((c for c in segmentation.selection if c.k == k), None)
    noun, structure = noun_of(segmentation.structure, k), segmentation.structure
    likely = phrase("most likely", noun)
    if structure is not None and structure.verdict not in ("clear", "likely"):
        told = tr(
            "{likely} has a probability of {mean} on average, and {sure} of customers are placed "
            "with at least 80% certainty: that is how sharply {parts} are drawn, not how far they "
            "are apart.",
            likely=opened(likely),
            mean=percent(mean),
            sure=percent(sure),
            parts=phrase("all", noun),
        )
        return [told]
    entropy = None if candidate is None else candidate.entropy_r2
    if entropy is None:
        return [
            tr(_SURE, how=how_sure(mean), likely=likely, mean=percent(mean), sure=percent(sure))
        ]
    told = tr(
        _SURE_MEASURED,
        how=how_sure(mean),
        likely=likely,
        mean=percent(mean),
        sure=percent(sure),
        entropy=decimal(entropy),
    )
    return [told]


def best_by_criterion(segmentation: _Found) -> int | None:
    """Return the number of segments with the lowest criterion; ``None`` when unknown."""
    name, sample = segmentation.fit.criterion.lower(), segmentation.fit.sample
    if name not in CRITERIA or not segmentation.selection:
        return None
    decisive = segmentation.selection if sample is None else sample.all_customers
    return min(decisive or segmentation.selection, key=lambda c: (float(getattr(c, name)), c.k)).k


def criterion_name(criterion: str) -> str:
    """Return a criterion as the literature writes it: ``'bic'`` is ``'BIC'``."""
    return criterion.upper() if criterion else tr("the criterion chosen")


def how_sure(probability: float) -> str:
    """Return how sure membership is, in words, from the mean probability of the own segment."""
    if probability >= 0.9:
        return tr("very sure")
    if probability >= 0.8:
        return tr("sure")
    return tr("fairly sure") if probability >= 0.7 else tr("unsure")
