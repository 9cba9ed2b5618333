"""What weakens a segmentation, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from forwhom.documents.fitting import Candidate
from forwhom.documents.segmentation import Segment
from forwhom.documents.structure import Structure
from forwhom.documents.verdict import cuts_only
from forwhom.wording import listed


def doubts_of(
    candidate: Candidate,
    n: int,
    n_starts: int,
    *,
    tried: Sequence[int],
    limited: bool,
    structure: Structure | None = None,
) -> list[str]:
    """Say what weakens the fit of a mixture to ``n`` customers.

    ``tried`` are the numbers of segments, which the data themselves may have ``limited``. Where
    nothing but a scale or one variable is being cut, more segments would only cut it finer.
    """
    doubts = []
    if n < candidate.n_parameters:
        doubts.append(
            f"There are fewer customers ({n:,}) than parameters ({candidate.n_parameters:,}); the "
            "segments may not be found again in other data. Use fewer variables or segments."
        )
    if not candidate.converged:
        doubts.append(f"The fit had not converged after {candidate.n_iter:,} passes over the data.")
    reached = candidate.best_start_share * candidate.n_starts
    if candidate.k > 1 and min(n_starts, candidate.n_starts) > 1 and reached < 1.5:
        doubts.append(
            f"Only one of {candidate.n_starts} starts reached the best fit, so a better one may "
            "exist. Another seed, or more starts, may find it."
        )
    if len(tried) > 1 and candidate.k == max(tried) and not limited and not cuts_only(structure):
        doubts.append(
            f"{candidate.k} segments is the largest number that was tried; more may fit better. "
            "Try more, or the criterion 'icl', which prefers fewer and clearer segments."
        )
    return doubts


def too_small(segments: Sequence[Segment], threshold: int) -> list[str]:
    """Say which segments hold so few customers that they cannot be described."""
    small = [str(s.id) for s in segments if 0 < s.n < threshold]
    if not small:
        return []
    if len(small) == 1:
        return [
            f"Segment {small[0]} has fewer than {threshold} customers: too few to describe or to "
            "rely on."
        ]
    return [
        f"Segments {listed(small, most=None)} have fewer than {threshold} customers: too few to "
        "describe or to rely on."
    ]


def too_wide(ids: Sequence[int]) -> list[str]:
    """Say which segments have wide intervals because their fit may be far off."""
    if not ids:
        return []
    which = f"{'segment' if len(ids) == 1 else 'segments'} {listed(list(map(str, ids)), most=None)}"
    return [
        f"The intervals of {which} are about twice as wide as usual: the overlap is large for so "
        "few customers that they may lie elsewhere in another sample."
    ]
