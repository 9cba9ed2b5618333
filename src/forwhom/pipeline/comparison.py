"""Two runs on the same customers, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from forwhom.customers.members import read_members
from forwhom.documents import Segmentation, read_segmentation
from forwhom.documents.segmentationfile import FILE_NAME
from forwhom.documents.telling import told_segmentation
from forwhom.evidence import Comparison
from forwhom.evidence import compare as compare_members
from forwhom.pipeline.discovery import Result
from forwhom.suffixes import path_asked


@dataclass(frozen=True)
class _Side:
    members: pa.Table
    segmentation: Segmentation | None
    title: str

    @property
    def names(self) -> dict[int, str] | None:
        if self.segmentation is None:
            return None
        return {one.id: one.name for one in told_segmentation(self.segmentation).segments}


def compare(a: Result | str | Path, b: Result | str | Path) -> Comparison:
    """Say how far two segmentations of the same customers agree.

    Parameters
    ----------
    a, b
        Results of :func:`discover`, folders that it was saved to, or files of members.

    Returns
    -------
    Comparison
        Cross table, adjusted Rand index, and who moved; nothing below the privacy threshold.

    Raises
    ------
    SourceMissing
        There is no such file.
    DataError
        The two have no customer in common.
    """
    first, second = _side(a), _side(b)
    if first.title == second.title:
        first, second = _told_apart(first, "A"), _told_apart(second, "B")
    known = [s.segmentation.threshold for s in (first, second) if s.segmentation is not None]
    return compare_members(
        first.members[first.members.column_names[0]].combine_chunks(),
        first.members["segment"].to_numpy(),
        second.members[second.members.column_names[0]].combine_chunks(),
        second.members["segment"].to_numpy(),
        a_names=first.names,
        b_names=second.names,
        a_title=first.title,
        b_title=second.title,
        threshold=max(known, default=10),
    )


def _side(given: Result | str | Path) -> _Side:
    if isinstance(given, Result):
        return _Side(given.members, given.segmentation, given.segmentation.title or "members")
    place = path_asked(given)
    members = read_members(place)
    beside = (place if place.is_dir() else place.parent) / FILE_NAME
    known = read_segmentation(beside) if beside.exists() else None
    return _Side(members, known, place.name or str(place))


def _told_apart(side: _Side, letter: str) -> _Side:
    return _Side(side.members, side.segmentation, f"{side.title} ({letter})")
