"""The answer first: how many segments, how sure, and what weakens it."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.segmentation import Candidate, Segmentation
from forwhom.report.segmentation.judgments import how_separate, how_sure
from forwhom.wording import count, counted, decimal, percent

#: The criteria of a candidate, lower is better.
CRITERIA = ("bic", "aic", "aic3", "caic", "sabic", "icl")

_METHODS = {
    "kmeans": "k-means puts every customer into the nearest group; it tests neither whether the "
    "groups are real nor how sure a placement is.",
    "rfm": "The segments are cells of a recency, frequency and monetary grid. Membership follows "
    "from the cut points; nothing tests whether the groups are real.",
    "rules": "The segments are rules that a person wrote. Membership follows from the rules; "
    "nothing tests whether the groups are real.",
}


@dataclass(frozen=True)
class Answer:
    """The headline, the sentences under it, and what weakens them."""

    headline: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    mass_market: bool


def chosen_candidate(segmentation: Segmentation) -> Candidate | None:
    """Return the criteria of the chosen number of segments; ``None`` when none were computed."""
    k = len(segmentation.segments)
    return next((c for c in segmentation.selection if c.k == k), None)


def answer(segmentation: Segmentation) -> Answer:
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
        sentences.append(f"Shares are weighted by “{segmentation.weight}”; counts are not.")
    return Answer(
        headline=headline,
        sentences=tuple(sentences),
        warnings=tuple(segmentation.quality.warnings),
        mass_market=k == 1,
    )


def _mass_market(segmentation: Segmentation, customers: str) -> list[str]:
    tried = [c.k for c in segmentation.selection]
    criterion = criterion_name(segmentation.fit.criterion)
    return [
        f"Of {min(tried)} to {max(tried)} segments, one describes the {customers} best "
        f"(by {criterion}).",
        "Customers do differ, but not in groups that these variables can tell apart. Other "
        "variables, such as needs, may still separate them.",
    ]


def _unfounded(segmentation: Segmentation, best: int | None) -> str:
    if best in (1, None):
        return "No other number of segments was tried, so this says nothing about structure."
    criterion = criterion_name(segmentation.fit.criterion)
    return f"One was asked for; by {criterion}, {best} segments describe the customers better."


def _certainty(segmentation: Segmentation) -> list[str]:
    method = segmentation.fit.method
    if method != "mixture":
        return [_METHODS[method]]
    members = sum(s.n for s in segmentation.segments) or 1
    mean = sum(s.n * s.certainty.mean_probability for s in segmentation.segments) / members
    sure = sum(s.n * s.certainty.sure for s in segmentation.segments) / members
    sentences = []
    candidate = chosen_candidate(segmentation)
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


def best_by_criterion(segmentation: Segmentation) -> int | None:
    """Return the number of segments with the lowest criterion; ``None`` when unknown."""
    name = segmentation.fit.criterion.lower()
    if name not in CRITERIA or not segmentation.selection:
        return None
    return min(segmentation.selection, key=lambda c: (float(getattr(c, name)), c.k)).k


def criterion_name(criterion: str) -> str:
    """Return a criterion as the literature writes it: ``'bic'`` is ``'BIC'``."""
    return criterion.upper() if criterion else "the criterion chosen"
