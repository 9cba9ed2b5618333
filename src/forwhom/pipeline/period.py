"""The later period of a refresh: its tables, its customers, and whether it is later at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.checks import check_weights
from forwhom.customers.members import members_table
from forwhom.customers.newcomers import (
    gather_newcomers,
    notes_on,
    open_newcomers,
    place_newcomers,
)
from forwhom.customers.opening import Part
from forwhom.customers.preparation import Gathered
from forwhom.customers.rare import DECIDED, check_enough
from forwhom.documents import Segmentation, Study
from forwhom.documents.segmentation import Variable
from forwhom.errors import DataError, OptionError
from forwhom.mixture.scoring import Scores
from forwhom.pipeline.scoring import Scored
from forwhom.tables.weights import sampling_weights
from forwhom.wording import listed

Floats = NDArray[np.float64]

#: A period this much longer or shorter than the earlier one counts other numbers of purchases.
_LONGER = 1.34


@dataclass(frozen=True)
class Period:
    """The customers of a later period, placed by the frozen model."""

    segmentation: Segmentation
    parts: Sequence[Part]
    gathered: Gathered
    scores: Scores
    weights: Floats | None
    day: str
    notes: list[str]

    @classmethod
    def of(
        cls, found: Segmentation, data: object, cutoff: date | datetime | None,
        day: date | str | None,
    ) -> Period:  # fmt: skip
        """Read and place the customers; refuse what is no later period of the segmentation."""
        _check_cutoff(found, cutoff)
        parts = open_newcomers(found, data, cutoff)
        notes = _check_period(found, parts, cutoff)
        placing = {v.name for v in found.deciding}
        also = [
            v for v in found.variables
            if v.use in ("active", "descriptor") and v.name not in placing
        ]  # fmt: skip
        if found.weight is not None:
            also.append(
                Variable(
                    name=found.weight, label=found.weight, measure="continuous", use="weight"
                )
            )  # fmt: skip
        gathered = gather_newcomers(found, parts, also=also)
        check_enough(len(gathered.ids), max(found.threshold, 2), DECIDED)
        weights = None
        if found.weight is not None and found.weight in gathered.columns:
            raw = np.asarray(gathered.columns.pop(found.weight).values, dtype=np.float64)
            notes += check_weights(raw, found.weight)
            weights = sampling_weights(raw)
        scores = place_newcomers(found, gathered)
        notes = [*gathered.notes, *gathered.warnings, *notes]
        notes += notes_on(found, gathered.columns, scores)
        return cls(found, parts, gathered, scores, weights, _day(parts, day), notes)

    @property
    def scored(self) -> Scored:
        """The customers in the segments, one row each."""
        one, scores = self.gathered, self.scores
        table = members_table(
            one.ids, one.id_name, scores.segment, scores.probabilities, scores.place
        )
        table = table.append_column("fit", pa.array(scores.fit, from_pandas=True))
        return Scored(table, self.notes, self.segmentation)


def _check_cutoff(found: Segmentation, cutoff: date | datetime | None) -> None:
    """Refuse a study that would cut the later period off."""
    study = Study.model_validate(found.study) if found.study else None
    said = [spec.cutoff for spec in study.events if spec.cutoff] if study else []
    if said and cutoff is None:
        raise OptionError(
            f"the study uses events before {said[0]:%Y-%m-%d} only, which is the earlier period.",
            "Say where the later one ends (--cutoff).",
        )


def _check_period(
    found: Segmentation, parts: Sequence[Part], cutoff: date | datetime | None
) -> list[str]:
    """Refuse the same tables, and older ones; say where periods overlap or differ in length."""
    sources = [part.source for part in parts if part.source is not None]
    same = {one.fingerprint for one in sources} <= {one.fingerprint for one in found.sources}
    if same and (cutoff is None or not any(one.months for one in sources)):
        raise DataError(
            f"{listed([one.name for one in sources])}: the segments were discovered in these very "
            "rows.",
            "Give the tables of a later period.",
        )
    before = [one.months for one in found.sources if one.months]
    now = [one.months for one in sources if one.months]
    if not before or not now:
        return []
    (first, last), (start, end) = before[0], now[0]
    if end < last or start < first:
        raise DataError(
            f"the later period ({start} to {end}) is not later than that of the segments ({first} "
            f"to {last}).",
            "Give a period that begins and ends after it, or discover segments in this one.",
        )
    notes = []
    if start < last:
        notes.append(
            f"The periods overlap ({first} to {last}, {start} to {end}): what was bought in both "
            "counts twice, so changes look smaller."
        )
    lengths = sorted((_months(first, last), _months(start, end)))
    if lengths[1] >= _LONGER * lengths[0]:
        notes.append(
            f"The periods are not equally long ({first} to {last}, {start} to {end}): whatever "
            "grows with time, such as orders and revenue, differs for that reason alone."
        )
    return notes


def _months(first: str, last: str) -> int:
    (year, month), (year2, month2) = (map(int, one.split("-")) for one in (first, last))
    return (year2 - year) * 12 + month2 - month + 1


def _day(parts: Sequence[Part], day: date | str | None) -> str:
    if isinstance(day, str):
        try:
            return date.fromisoformat(day).isoformat()
        except ValueError as error:
            raise OptionError(f"{day!r} is no day.", "Write it as 2026-06-30.") from error
    if day is not None:
        return (day.date() if isinstance(day, datetime) else day).isoformat()
    ends = [part.features.report.last for part in parts if part.features is not None]
    return (max(ends).date() if ends else datetime.now(UTC).date()).isoformat()
