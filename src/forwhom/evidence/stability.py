"""Would the same segments be found again? Agreement over replicates of the customers.

It answers another question than structure: a sliding scale is often cut at the same places again,
and overlapping groups may not be found again where customers are few.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.again import again_of, found_again, lost_of
from forwhom.documents.segmentation import Evidence, Interval
from forwhom.documents.stability import (
    AGREES,
    FOUND,
    NumberStability,
    Reading,
    SegmentStability,
    Stability,
)
from forwhom.documents.structure import Structure
from forwhom.evidence.items import fingerprint
from forwhom.mixture.replicates import Refits

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

#: Shares of the replicates between which the interval of an agreement lies.
_INTERVAL = (0.05, 0.95)
_ID = "segments.stability"


def stability_of(
    refits: Mapping[int, Refits], k: int, structure: Structure | None
) -> Stability | None:
    """Return the stability of k segments, and of the other numbers that were refitted."""
    if k < 2 or k not in refits:
        return None
    own = refits[k]
    numbers = [_number(other, one) for other, one in sorted(refits.items())]
    agreement = next(one.agreement for one in numbers if one.k == k)
    return Stability(
        replicates=len(own.cold),
        rows=len(own.found),
        rows_in_all=own.rows_in_all,
        reading=_reading(agreement, structure),
        numbers=numbers,
        segments=_segments(own, k),
    )


def tempered(structure: Structure | None, refits: Mapping[int, Refits], k: int) -> Structure | None:
    """Call clear groups likely where one of them is lost in most replicates of the customers."""
    stability = stability_of(refits, k, structure)
    if structure is None or stability is None or structure.verdict != "clear":
        return structure
    return structure.model_copy(update={"verdict": "likely"}) if lost_of(stability) else structure


def _reading(agreement: float, structure: Structure | None) -> Reading:
    if agreement < AGREES:
        return "constructive"
    clear = structure is not None and structure.verdict == "clear"
    return "natural" if clear else "reproducible"


def _number(k: int, refits: Refits) -> NumberStability:
    cold, warm = (
        [_agreement(table) for table in _tables(refits.found, labels, refits.weights, k)]
        for labels in (refits.cold, refits.warm)
    )
    low, high = np.quantile(cold, _INTERVAL)
    return NumberStability(
        k=k,
        agreement=float(np.mean(cold)),
        low=float(low),
        high=float(high),
        warm=float(np.mean(warm)),
    )


def _segments(refits: Refits, k: int) -> list[SegmentStability]:
    """Each segment's overlap with the most alike of a replicate (Hennig 2007)."""
    best = np.array(
        [
            _jaccard(table).max(axis=1)
            for table in _tables(refits.found, refits.cold, refits.weights, k)
        ]
    )
    means, found = best.mean(axis=0), (best >= FOUND).sum(axis=0)
    return [
        SegmentStability(segment=i + 1, jaccard=float(means[i]), found=int(found[i]))
        for i in range(k)
    ]


def _tables(found: Labels, replicates: Labels, weights: Floats, k: int) -> list[Floats]:
    """Weight of the customers in each segment and each one of a replicate, (k, k) for each."""
    cells = [np.bincount(found * k + labels, weights, k * k) for labels in replicates]
    return [cell.reshape(k, k).astype(np.float64) for cell in cells]


def _agreement(table: Floats) -> float:
    """Adjusted Rand index of a weighted cross table (Hubert and Arabie 1985)."""

    def pairs(sizes: Floats) -> float:
        return float(np.maximum(sizes * (sizes - 1), 0).sum() / 2)

    both, of_a, of_b = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    every = pairs(table.sum(keepdims=True))
    chance = of_a * of_b / every if every else 0.0
    most = (of_a + of_b) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _jaccard(table: Floats) -> Floats:
    either = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    return np.asarray(np.divide(table, either, out=np.zeros_like(table), where=either > 0))


def stability_evidence(
    stability: Stability | None, k: int, *, noun: str, source: str
) -> list[Evidence]:
    """Return the stability of k segments as evidence; nothing where it is not known."""
    told = None if stability is None else stability.of(k)
    if stability is None or told is None:
        return []
    method = "mean adjusted Rand index over bootstrap replicates of the customers, cold starts"
    interval = Interval(low=told.low, high=told.high, level=_INTERVAL[1] - _INTERVAL[0])
    # Other replicates move the figures a little: what counts is what they say.
    content = f"{method}: {stability.reading}"
    return [
        Evidence(
            id=_ID,
            statement=again_of(stability, k, noun),
            value=told.agreement,
            interval=interval,
            n=stability.rows,
            method=method,
            source=source,
            verdict=found_again(stability),
            fingerprint=fingerprint(_ID, None, None, None, content),
        )
    ]
