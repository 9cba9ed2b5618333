"""Purchases of customers: how often and when each bought, and where each belonged then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.joining import positions, take
from forwhom.customers.newcomers import gather_newcomers, open_newcomers, place_newcomers
from forwhom.customers.opening import Part
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.study import Events, Study, TimeUnit
from forwhom.errors import DataError
from forwhom.lifetimes import Histories
from forwhom.pipeline.known import Known, Reading, begin_of
from forwhom.statistics.membership import Membership
from forwhom.tables.collecting import collect_columns
from forwhom.tables.columns import Column
from forwhom.tables.times import next_midnight


def purchases_known(
    segmentation: Segmentation,
    data: object,
    unit: TimeUnit | None,
    *,
    whole: bool,
    cutoff: date | datetime | None,
) -> Reading:
    """Return what reads purchases as they were known before a moment, in a unit of time.

    Without a unit, it is that of the study. The last calendar unit counts only as a ``whole``, if
    that is asked for.
    """

    def read(until: date | datetime | None) -> Known:
        until = cutoff if until is None else until
        parts = open_newcomers(segmentation, data, until)
        part = purchases_in(parts)
        own = spec_of(segmentation, part).time_unit
        asked, notes = unit or own, list[str]()
        assert part.features is not None
        end = next_midnight(part.features.report.cutoff)
        begin = begin_of(end, asked)
        if whole and begin < end:
            until, parts = begin, open_newcomers(segmentation, data, begin)
            part = purchases_in(parts)
            notes = [
                f"The {asked} from {begin:%Y-%m-%d} was not over on {end:%Y-%m-%d} and is left "
                "out; if nothing more can come, '--cutoff' with the day after it says so."
            ]
        in_unit = None
        if asked != own:
            in_unit = purchases_in(open_newcomers(_in_unit(segmentation, asked), data, until))
        found = known_in(segmentation, parts, part, in_unit)
        return replace(found, unit=asked, notes=[*found.notes, *notes])

    return read


def _in_unit(segmentation: Segmentation, unit: TimeUnit) -> Segmentation:
    """Return a segmentation whose study counts time in another unit."""
    study = Study.model_validate(segmentation.study)
    events = [spec.model_copy(update={"time_unit": unit}) for spec in study.events]
    told = study.model_copy(update={"events": events}).model_dump(mode="json", by_alias=True)
    return segmentation.model_copy(update={"study": told})


def known_in(
    segmentation: Segmentation, parts: Sequence[Part], part: Part, in_unit: Part | None = None
) -> Known:
    """Read and place the customers who bought; ``part`` has the purchases.

    ``in_unit`` are the same purchases in the unit of time that is asked for, if it is another.
    """
    spec = spec_of(segmentation, part)
    here = set(part.table.columns)
    also = [
        Variable(name=name, label=name, measure="positive", use="descriptor")
        for name in _names_of(spec).values()
        if name in here
    ]
    gathered = gather_newcomers(segmentation, parts, also=also)
    columns = gathered.columns if in_unit is None else _columns(in_unit, also, gathered.ids)
    found = histories_of(spec, columns)
    if found is None or not found[1].any():
        raise DataError(f"{part.name}: nobody bought anything.", "Give the table of purchases.")
    histories, seen = found
    chances = place_newcomers(segmentation, gathered).probabilities[seen]
    notes = [*gathered.notes, *gathered.warnings]
    source = "" if part.source is None else part.source.fingerprint
    assert part.features is not None
    report = part.features.report
    return Known(
        report.first, report.last, report.cutoff, spec.time_unit, spec.currency, source,
        gathered.ids.filter(seen), histories, Membership.of(chances), notes,
    )  # fmt: skip


def _columns(part: Part, wanted: Sequence[Variable], ids: pa.Array) -> dict[str, Column]:
    """Return columns of a part for other ids, in their order."""
    measures = {v.name: v.measure for v in wanted}
    own, columns = collect_columns(part.table, measures, id_column=part.id)
    at = positions(ids, own)
    return {name: take(column, at) for name, column in columns.items()}


def _names_of(spec: Events) -> dict[str, str]:
    """The features that tell a history, by what they tell."""
    prefix = f"{spec.name}_" if spec.name else ""
    return {key: f"{prefix}clv_{key}" for key in ("frequency", "recency", "T", "monetary_value")}


def histories_of(
    spec: Events, columns: Mapping[str, Column]
) -> tuple[Histories, NDArray[np.bool_]] | None:
    """Return histories of those who bought, and who that is; None where a column is not there."""
    found = {
        key: np.asarray(columns[name].values, dtype=np.float64)
        for key, name in _names_of(spec).items()
        if name in columns
    }
    if not {"frequency", "recency", "T"} <= found.keys():
        return None
    seen = np.isfinite(found["frequency"])
    money = found.get("monetary_value")
    told = Histories(
        found["frequency"][seen], found["recency"][seen], found["T"][seen],
        None if money is None else np.nan_to_num(money[seen]),
    )  # fmt: skip
    return told, seen


def purchases_in(parts: Sequence[Part]) -> Part:
    """Return the table of purchases: one with money first."""
    found = [part for part in parts if part.features is not None]
    if not found:
        raise DataError(
            "there are no purchases among the tables.",
            "Value is learned from who bought when: give the table of purchases, too.",
        )
    with_money = [
        p for p in found if any(c.endswith("clv_monetary_value") for c in p.table.columns)
    ]
    return [*with_money, *found][0]


def spec_of(segmentation: Segmentation, part: Part) -> Events:
    """Return what the study says of the events of a part."""
    study = Study.model_validate(segmentation.study)
    names = [f"{spec.name}_" if spec.name else "" for spec in study.events]
    here = set(part.table.columns)
    return next(
        spec for spec, name in zip(study.events, names, strict=True) if f"{name}clv_T" in here
    )
