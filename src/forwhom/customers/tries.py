"""Which numbers of segments are worth trying, with so many customers and so many variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.mixture import Whole
from forwhom.mixture.families import DEFAULT, FAMILIES
from forwhom.mixture.families.dirichlet import NAME as PARTS
from forwhom.tables.columns import Column

#: More segments than this are tried one by one by nobody.
MOST_TRIED = 100

#: Rows that are compared at a time.
_BLOCK = 1 << 14


@dataclass(frozen=True)
class Tries:
    """Numbers of segments to try."""

    ks: tuple[int, ...]  # the numbers, ascending
    limit: str = ""  # why there are not more, in words; empty when it is as many as were asked for

    @property
    def notes(self) -> list[str]:
        """Why no more segments were tried, in a sentence."""
        if not self.limit:
            return []
        most = self.ks[-1]
        said = "Only one segment was" if most == 1 else f"Up to {most} segments were"
        return [f"{said} tried: {self.limit}."]


def numbers_to_try(
    k: int | None,
    k_max: int,
    columns: Sequence[Column],
    measures: Sequence[Measure],
    wholes: Sequence[Whole] = (),
    families: Mapping[str, str] = MappingProxyType({}),
) -> Tries:
    """Return the numbers of segments to try, given the active variables."""
    n = len(columns[0])
    if k is not None:
        different = _different(columns, k)
        if different < k:
            kind = "" if different == n else "different "
            raise DataError(
                f"there are {different} {kind}customers, fewer than {k} segments.",
                f"Ask for at most {different} segments.",
            )
        return Tries((k,))
    parts = {part for whole in wholes for part in whole.parts}
    named = {**dict.fromkeys(parts, PARTS), **families}
    one = sum(
        FAMILIES[named.get(column.name) or DEFAULT[measure]].per_segment(column)
        for column, measure in zip(columns, measures, strict=True)
    )
    limits = {
        MOST_TRIED: f"at most {MOST_TRIED} numbers are tried",
        max(2, (n + 1) // (one + 1)): f"more would need more parameters than there are customers "
        f"({n:,})",
        max(1, n // 2): f"a segment needs two customers, and there are {n:,}",
    }
    most = min(limits)
    different = _different(columns, min(most, k_max))
    if different < min(most, k_max):
        return Tries(tuple(range(1, different + 1)), f"only {different} customers differ")
    if most < k_max:
        return Tries(tuple(range(1, most + 1)), limits[most])
    return Tries(tuple(range(1, k_max + 1)))


def _different(columns: Sequence[Column], enough: int) -> int:
    """Count the customers that differ from each other, up to ``enough``."""
    seen: set[bytes] = set()
    for start in range(0, len(columns[0]), _BLOCK):
        block = [np.asarray(c.values[start : start + _BLOCK], dtype=float) + 0.0 for c in columns]
        rows = np.ascontiguousarray(np.column_stack(block))
        seen.update(row.tobytes() for row in rows)
        if len(seen) >= enough:
            return enough
    return len(seen)
