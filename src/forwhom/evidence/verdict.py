"""The verdict on structure as evidence, so that a canvas can cite it."""

from collections.abc import Mapping

from forwhom.documents.segmentation import Evidence, Variable
from forwhom.documents.structure import Structure
from forwhom.documents.verdict import verdict_of
from forwhom.evidence.items import fingerprint

_ID = "segments.structure"


def verdict_evidence(
    structure: Structure | None,
    k: int,
    *,
    n: int,
    variables: Mapping[str, Variable],
    source: str,
) -> list[Evidence]:
    """Return the verdict on ``k`` segments of ``n`` customers; nothing where nothing tested it."""
    if structure is None:
        return []
    statement = verdict_of(structure, k, n, variables)
    method = "BIC of the best continuum minus BIC of the best groups, on the same bins"
    # Other customers move the figures a little: what counts is the verdict, and what is joined.
    content = f"{method}: {structure.verdict}, {structure.islands}, {structure.cut}"
    return [
        Evidence(
            id=_ID,
            statement=statement,
            value=structure.difference,
            n=structure.rows,
            method=method,
            source=source,
            verdict=structure.verdict,
            fingerprint=fingerprint(_ID, None, None, None, content),
        )
    ]
