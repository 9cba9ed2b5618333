"""From segments that were found to a Segmentation that a person understands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from forwhom.customers.preparation import Customers
from forwhom.documents.fitting import CRITERIA, Candidate, Fit
from forwhom.documents.market import Made, market_of
from forwhom.documents.privacy import coarse_count
from forwhom.documents.reference import Reference
from forwhom.documents.segmentation import (
    Evidence,
    Quality,
    Segment,
    Segmentation,
    TypingTool,
    Variable,
)
from forwhom.documents.separateness import Separateness
from forwhom.documents.stability import Stability
from forwhom.documents.verdict import Noun, noun_of
from forwhom.evidence import (
    audit,
    blanks_evidence,
    collect_evidence,
    fairness_evidence,
    overlap_matrix,
    references_of,
    separateness_evidence,
    separateness_of,
    stability_evidence,
    stability_of,
    too_small,
    too_wide,
    verdict_evidence,
)
from forwhom.evidence.market import market_evidence
from forwhom.personas import (
    describe_segments,
    doubtful,
    renamed,
    typing_tool_of,
    without_outliers,
)
from forwhom.pipeline.blanks import blanks_of
from forwhom.pipeline.methods import Found
from forwhom.progress import Progress, share
from forwhom.statistics.membership import Membership
from forwhom.version import __version__


def describe(
    customers: Customers,
    found: Found,
    *,
    seed: int,
    threshold: int,
    progress: Progress,
) -> Segmentation:
    """Describe segments in words and numbers, with the evidence for what is said."""
    calm, notes = _calm(customers, found, threshold)
    segments = _segments(calm, found, seed, threshold, share(progress, 0.0, 0.85))
    progress("finding the few variables that place a customer", 0.85)
    typing_tool = _typing_tool(customers, found, seed)
    progress("collecting the evidence", 0.98)
    separateness = _separateness(calm, found, threshold)
    stability = stability_of(found.refits, len(segments), found.structure)
    return Segmentation(
        title="" if customers.study is None else customers.study.title,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        id_column=customers.id_name,
        n=len(customers),
        weight=customers.weight_name,
        threshold=threshold,
        sources=customers.sources,
        variables=[_coarse(v, len(customers), threshold) for v in customers.variables],
        model=found.model,
        fit=_rounded_fit(found.fit) if threshold > 1 else found.fit,
        selection=[_rounded(c) for c in found.candidates] if threshold > 1 else found.candidates,
        structure=found.structure,
        stability=stability,
        separateness=separateness,
        segments=segments,
        reference=_reference(calm, found, segments, threshold),
        overlap=overlap_matrix(found.responsibilities, customers.weights),
        residuals=found.residuals,
        typing_tool=typing_tool,
        quality=_quality(customers, found, notes, _doubts(customers, found, segments, threshold)),
        evidence=_evidence(customers, found, segments, threshold, stability, separateness),
        study=_study(customers),
        like=found.like,
    )


def _typing_tool(customers: Customers, found: Found, seed: int) -> TypingTool | None:
    active = {v.name: customers.columns[v.name] for v in customers.active}
    return typing_tool_of(
        found.densities,
        active,
        found.responsibilities,
        customers.weights,
        learned=found.information,
        refits=found.refits.get(found.responsibilities.shape[1]),
        seed=seed,
    )


def _calm(customers: Customers, found: Found, threshold: int) -> tuple[Customers, list[str]]:
    """Return customers of whom no single one shows, and say where that took something."""
    if threshold <= 1:
        return customers, []
    member = Membership.of(found.responsibilities, customers.weights)
    columns, member, notes = without_outliers(customers.columns, member, threshold)
    weights = None if customers.weights is None else member.weights
    return replace(customers, columns=columns, weights=weights), notes


def _segments(
    calm: Customers, found: Found, seed: int, threshold: int, progress: Progress
) -> list[Segment]:
    """Describe segments, from customers of whom no single one shows."""
    segments = describe_segments(
        calm.columns,
        calm.variables,
        found.responsibilities,
        calm.weights,
        learned=found.information,
        seed=seed,
        threshold=threshold,
        noun=_noun(found),
        progress=progress,
    )
    told = renamed(segments, found.names, found.kept_names)
    return [_standing(segment, found) for segment in told]


def _separateness(calm: Customers, found: Found, threshold: int) -> Separateness | None:
    """Compare every two segments, from customers of whom no single one shows."""
    return separateness_of(
        calm.columns,
        calm.variables,
        found.responsibilities,
        calm.weights,
        learned=found.information,
        threshold=threshold,
        noun=_noun(found),
    )


def _reference(
    calm: Customers, found: Found, segments: list[Segment], threshold: int
) -> list[Reference]:
    """Describe the customers so that later ones can be held against them."""
    member = Membership.of(found.responsibilities, calm.weights, found.information)
    return references_of(calm.columns, calm.variables, member, segments, threshold)


def _coarse(variable: Variable, n: int, threshold: int) -> Variable:
    """Say how many customers have no value so that it tells of no smaller group."""
    asked = max(1, round((1 - variable.unasked) * n))
    without = coarse_count(round(variable.missing * asked), asked, threshold) / asked
    unasked = coarse_count(round(variable.unasked * n), n, threshold) / n
    return variable.model_copy(update={"missing": without, "unasked": unasked})


#: Of what is computed from the likelihood, so many decimals: with all of them, that of one segment
#: would be an equation for the counts that are withheld.
_DECIMALS = 1

Computed = TypeVar("Computed", Candidate, Fit)


def _rounded(found: Computed) -> Computed:
    names = ("log_likelihood", *CRITERIA)
    told = {name: getattr(found, name, None) for name in names}
    kept = {name: round(value, _DECIMALS) for name, value in told.items() if value is not None}
    return found.model_copy(update=kept)


def _rounded_fit(fit: Fit) -> Fit:
    if fit.sample is None:
        return _rounded(fit)
    told = [_rounded(candidate) for candidate in fit.sample.all_customers]
    sample = fit.sample.model_copy(update={"all_customers": told})
    return _rounded(fit.model_copy(update={"sample": sample}))


def _noun(found: Found) -> Noun:
    return noun_of(found.structure, found.responsibilities.shape[1])


def _standing(segment: Segment, found: Found) -> Segment:
    if found.structure is None:
        return segment
    standing, neighbors = found.structure.standing(segment.id)
    return segment.model_copy(update={"standing": standing, "neighbors": neighbors})


def _evidence(
    customers: Customers,
    found: Found,
    segments: list[Segment],
    threshold: int,
    stability: Stability | None,
    separateness: Separateness | None,
) -> list[Evidence]:
    verdict = verdict_evidence(
        found.structure,
        len(segments),
        n=len(customers),
        variables={v.name: v for v in customers.variables},
        source=customers.fingerprint,
    )
    k, source = len(segments), customers.fingerprint
    again = stability_evidence(stability, k, noun=_noun(found), source=source)
    member = Membership.of(found.responsibilities, customers.weights)
    fairness = audit(
        customers.columns, customers.variables, member, noun=_noun(found), threshold=threshold
    )
    lacking = blanks_of(customers, found.model, member, _noun(found), threshold)
    sizes = {segment.id: segment.n for segment in segments}
    made = Made(segments, found.structure, separateness)
    apart = separateness_evidence(separateness, sizes, noun=_noun(found), source=source)
    return collect_evidence(
        segments,
        found.candidates,
        tried_on=None if found.fit.sample is None else found.fit.sample.customers,
        source=customers.fingerprint,
        n=len(customers),
        method=found.fit.method,
        threshold=threshold,
        labels={v.name: v.label for v in customers.variables},
        noun=_noun(found),
        more=[
            *verdict,
            *again,
            *fairness_evidence(fairness, n=len(customers), source=source),
            *blanks_evidence(lacking, n=len(customers), source=source),
            *apart,
            *market_evidence(market_of(made), n=len(customers), source=source),
        ],
    )


def _doubts(
    customers: Customers, found: Found, segments: list[Segment], threshold: int
) -> list[str]:
    member = Membership.of(found.responsibilities, customers.weights, found.information)
    return too_small(segments, threshold) + too_wide(doubtful(member))


def _quality(customers: Customers, found: Found, notes: list[str], doubts: list[str]) -> Quality:
    return Quality(
        left_out=customers.left_out,
        notes=customers.notes + found.notes + notes,
        warnings=customers.warnings + found.warnings + doubts,
    )


def _study(customers: Customers) -> dict[str, object] | None:
    if customers.study is None:
        return None
    return customers.study.model_dump(mode="json", by_alias=True, exclude_defaults=True)
