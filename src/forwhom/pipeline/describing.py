"""From segments that were found to a Segmentation that a person understands."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import numpy as np

from forwhom.customers.preparation import Customers
from forwhom.documents.segmentation import Quality, Segment, Segmentation, TypingTool
from forwhom.evidence import collect_evidence, overlap_matrix
from forwhom.mixture.scoring import log_densities
from forwhom.personas import build_typing_tool, describe_segments, sample_rows
from forwhom.pipeline.methods import Found
from forwhom.progress import Progress, share
from forwhom.tables.columns import Column
from forwhom.version import __version__
from forwhom.wording import listed

#: The typing tool is built on this many customers at most.
TYPED_ROWS = 40_000


def describe(
    customers: Customers,
    found: Found,
    *,
    title: str,
    seed: int,
    threshold: int,
    progress: Progress,
) -> Segmentation:
    """Describe segments in words and numbers, with the evidence for what is said.

    Parameters
    ----------
    customers
        The customers.
    found
        Their segments.
    title
        What this is about.
    seed
        Decides which customers are used where not all are needed.
    threshold
        No cell with fewer customers is shown.
    progress
        Called with what is being done and the fraction done.
    """
    segments = _segments(customers, found, seed, threshold, share(progress, 0.0, 0.7))
    progress("finding the few variables that place a customer", 0.7)
    typing_tool = _typing_tool(customers, found, seed)
    progress("collecting the evidence", 0.95)
    evidence = collect_evidence(
        segments,
        found.candidates,
        source=_fingerprint(customers),
        n=len(customers),
        method=found.fit.method,
        threshold=threshold,
        labels={v.name: v.label for v in customers.variables},
    )
    return Segmentation(
        title=title,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        id_column=customers.id_name,
        n=len(customers),
        weight=customers.weight_name,
        threshold=threshold,
        sources=customers.sources,
        variables=customers.variables,
        model=found.model,
        fit=found.fit,
        selection=found.candidates,
        segments=segments,
        overlap=overlap_matrix(found.responsibilities, customers.weights),
        residuals=found.residuals,
        typing_tool=typing_tool,
        quality=_quality(customers, found, _too_small(segments, threshold)),
        evidence=evidence,
        study=_study(customers),
        like=found.like,
    )


def _segments(
    customers: Customers, found: Found, seed: int, threshold: int, progress: Progress
) -> list[Segment]:
    segments = describe_segments(
        customers.columns,
        customers.variables,
        found.responsibilities,
        customers.weights,
        seed=seed,
        threshold=threshold,
        progress=progress,
    )
    return _with_names(segments, found)


def _quality(customers: Customers, found: Found, doubts: list[str]) -> Quality:
    return Quality(
        left_out=customers.left_out,
        notes=customers.notes + found.notes,
        warnings=customers.warnings + found.warnings + doubts,
    )


def _too_small(segments: list[Segment], threshold: int) -> list[str]:
    """Say which segments hold so few customers that they cannot be described."""
    small = [str(s.id) for s in segments if 0 < s.n < threshold]
    if not small:
        return []
    which = (
        f"Segment {small[0]} has"
        if len(small) == 1
        else f"Segments {listed(small, most=None)} have"
    )
    return [f"{which} fewer than {threshold} customers: too few to describe or to rely on."]


def _with_names(segments: list[Segment], found: Found) -> list[Segment]:
    """Put the names of the method, and those that a person gave earlier, over proposed ones."""
    if found.names is not None:
        segments = [
            s.model_copy(update={"name": name, "proposed_name": name})
            for s, name in zip(segments, found.names, strict=True)
        ]
    if found.kept_names is not None:
        segments = [
            s if name is None else s.model_copy(update={"name": name})
            for s, name in zip(segments, found.kept_names, strict=True)
        ]
    return segments


def _typing_tool(customers: Customers, found: Found, seed: int) -> TypingTool | None:
    """Choose the variables that place a customer; None where there is nothing to choose."""
    if found.responsibilities.shape[1] < 2:
        return None
    rows = sample_rows(found.responsibilities, size=TYPED_ROWS, seed=seed)
    some = {
        v.name: _rows_of(customers.columns[v.name], rows)
        for v in customers.active
    }  # fmt: skip
    chances = found.responsibilities[rows]
    placed = np.where(chances.max(axis=1) > 0, chances.argmax(axis=1), -1)
    weights = None if customers.weights is None else customers.weights[rows]
    with np.errstate(divide="ignore"):
        log_weights = np.log(np.asarray(found.densities.weights))
    return build_typing_tool(
        log_densities(found.densities, some), log_weights, placed, weights, seed=seed
    )


def _rows_of(column: Column, rows: np.ndarray) -> Column:
    return Column(column.name, column.values[rows], column.levels)


def _fingerprint(customers: Customers) -> str:
    """Return what changes when any of the tables does."""
    if len(customers.sources) == 1:
        return customers.sources[0].fingerprint
    joined = "\n".join(source.fingerprint for source in customers.sources)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def _study(customers: Customers) -> dict[str, object] | None:
    if customers.study is None:
        return None
    return customers.study.model_dump(mode="json", by_alias=True, exclude_defaults=True)
