"""From the table of an experiment to its customers: an arm, a segment, an outcome, a day each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.joining import differ_only_in, positions
from forwhom.documents.base import Measure
from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.names import Names
from forwhom.errors import ColumnMissing, DataError, nearest
from forwhom.evidence.allocation import Trial
from forwhom.tables import Column, Table, collect_columns
from forwhom.tables.columns import shortened
from forwhom.tables.engine import arrow
from forwhom.tables.frames import as_key, check_column
from forwhom.tables.spellings import truth
from forwhom.tables.times import DAY_ZERO, with_day_number, with_local_time
from forwhom.wording import apart, few_of, listed, tr_few

#: Where the day and its local time stand beside the columns of a table.
_MOMENT, _DAY = "forwhom moment", "forwhom day"
_MEASURES: dict[str, Measure] = {"mean": "continuous", "money": "continuous", "count": "count"}


@dataclass(frozen=True)
class Gathered:
    """The customers of an experiment, and what a reader must know of them."""

    trial: Trial
    left: LeftOut

    def notes(self) -> list[str]:
        """Say who is left out, in the language that is spoken."""
        return [*self.left.notes()]


@dataclass(frozen=True)
class LeftOut:
    """Customers of the data who are in no planned segment, and those who are no members."""

    threshold: int
    others: int = 0
    named: Sequence[str] = ()  # segments of the others, where that tells nobody's
    strangers: int = 0

    def notes(self) -> Iterator[str]:
        """Yield what is said of them."""
        if self.others and self.named:
            yield tr_few(
                "{n} customer is of no planned segment ({segments}) and left out.",
                "{n} customers are of no planned segment ({segments}) and left out.",
                self.others,
                self.threshold,
                segments=listed([apart(repr(shortened(one))) for one in self.named], most=5),
            )
        elif self.others:
            yield tr_few(
                "{n} customer is of no planned segment and left out.",
                "{n} customers are of no planned segment and left out.",
                self.others,
                self.threshold,
            )
        if self.strangers:
            yield tr_few(
                "{n} customer is not among the members and left out.",
                "{n} customers are not among the members and left out.",
                self.strangers,
                self.threshold,
            )


def gather_trial(
    plan: ExperimentPlan, table: Table, members: pa.Table | None, threshold: int
) -> Gathered:
    """Read who was in which arm of an experiment, and with what outcome.

    ``members`` has the id of each customer first, and a column ``segment`` with numbers; without
    it, the table itself names the segments.
    """
    columns = plan.columns
    check_column(table, columns.customer, plan.place("columns", "customer"))
    _check_arms_there(plan, table)
    check_column(table, plan.outcome.column, plan.place("outcome", "column"))
    _refuse_repeated(plan, table, threshold)
    table, has_days = _with_days(plan, table)
    wanted: dict[str, Measure] = {columns.arm: "nominal"}
    wanted[plan.outcome.column] = _MEASURES.get(plan.outcome.kind, "nominal")
    wanted |= {_DAY: "continuous"} if has_days else {}
    asks = bool(plan.segments) and members is None
    if asks:
        check_column(table, columns.segment, plan.place("columns", "segment"))
        wanted[columns.segment] = "nominal"
    ids, found = collect_columns(
        table, wanted, id_column=columns.customer, levels={columns.arm: list(plan.arms)}
    )
    assert ids is not None
    treated = _arms(plan, found[columns.arm], table.name, threshold)
    outcome = _outcome(found[plan.outcome.column], table.name)
    day = _days(plan, found[_DAY], table.name, threshold) if has_days else None
    segment, left = np.zeros(len(treated), dtype=np.int64), LeftOut(threshold)
    if asks:
        segment, left = _named(plan, found[columns.segment], table.name, threshold)
    elif plan.segments and members is not None:
        segment, left = _placed(plan, ids, members, table.name, threshold)
    trial = Trial(outcome, treated, segment, day).pick(segment >= 0)
    _check_filled(plan, trial)
    return Gathered(trial, left)


def _check_arms_there(plan: ExperimentPlan, table: Table) -> None:
    if plan.columns.arm not in table.columns:
        raise ColumnMissing(
            f"{table.name} does not say who was in which arm: there is no column "
            f"{plan.columns.arm!r}.",
            nearest(plan.columns.arm, table.columns)
            or f"Rename the column of the data that does: the plan is sealed. There are: "
            f"{listed(table.columns, most=10)}.",
        )


def _refuse_repeated(plan: ExperimentPlan, table: Table, threshold: int) -> None:
    """Refuse a customer in two arms, and one who is there twice."""
    key, arm = as_key(table, plan.columns.customer), as_key(table, plan.columns.arm)
    each = (
        table.frame.select(key.alias("who"), arm.alias("which"))
        .group_by("who")
        .agg(nw.len().alias("rows"), nw.col("which").n_unique().alias("arms"))
    )
    several = each.filter(nw.col("rows") > 1).select(
        nw.len().alias("rows"), (nw.col("arms") > 1).cast(nw.Int64).sum().alias("arms")
    )
    found = arrow(several, table.name)
    rows, arms = int(found["rows"][0].as_py()), int(found["arms"][0].as_py() or 0)
    if arms:
        raise DataError(
            f"{table.name}: {few_of(arms, 'customer is', 'customers are', threshold)} in more than "
            "one arm.",
            "A customer who saw both tells nothing of either. Find out how that happened; if it is "
            "a matter of chance, leave all of them out.",
        )
    if rows:
        raise DataError(
            f"{table.name}: {few_of(rows, 'customer is', 'customers are', threshold)} there more "
            "than once.",
            "Expected one row for each customer, with what was measured of all of the time: sum or "
            "count the rows of a customer first.",
        )


def _with_days(plan: ExperimentPlan, table: Table) -> tuple[Table, bool]:
    """Add the day of each customer, if the table has one; it must where looks are planned."""
    column = plan.columns.date
    if column not in table.columns:
        if len(plan.looks) > 1 or plan.starts is not None:
            raise ColumnMissing.of(
                column,
                f"{table.name}, and without the day of each customer nobody can tell what a "
                "planned look would have seen, or when it began",
                table.columns,
                plan.place("columns", "date"),
            )
        return table, False
    frame, _ = with_local_time(table.frame, column, "UTC", name=_MOMENT, where=table.name)
    return replace(table, frame=with_day_number(frame, _MOMENT, name=_DAY)), True


def _arms(plan: ExperimentPlan, column: Column, table: str, threshold: int) -> NDArray[np.bool_]:
    """Return who is in the other arm than the control."""
    where = f"{table}: {plan.columns.arm!r}"
    if column.unseen:
        rows = sum(column.unseen.values())
        often = [repr(shortened(name)) for name, n in column.unseen.items() if n >= threshold]
        which = f" ({listed(often, most=5)})" if often else ""
        raise DataError(
            f"{where} names an arm{which} that is not in the plan, for "
            f"{few_of(rows, 'customer', least=threshold)}.",
            f"The arms are {plan.control!r} and {plan.treated!r}; correct the plan's spelling "
            "before it is sealed, or the table's.",
        )
    missing = int(column.missing.sum())
    if missing:
        raise DataError(
            f"{where} is empty for {few_of(missing, 'customer', least=threshold)}.",
            "Leave out who was put into no arm.",
        )
    treated = np.equal(column.values, 1)
    if treated.all() or not treated.any():
        only = plan.treated if treated.all() else plan.control
        raise DataError(
            f"{where} has one arm alone, {only!r}: there is nothing to hold it against.",
            "Give the customers of both arms in one table.",
        )
    return treated


def _outcome(column: Column, table: str) -> NDArray[np.float64]:
    """Return what was measured, NaN where it is missing; of a share 0 and 1."""
    if column.levels is None:
        return np.asarray(column.values, dtype=np.float64)
    truths = [_truth(level) for level in column.levels]
    wrong = [level for level, known in zip(column.levels, truths, strict=True) if known is None]
    if wrong:
        what = "values" if len(wrong) > 1 else "a value"
        raise DataError(
            f"{table}: {column.name!r} is a share in the plan, and has {what} other than 0 and 1.",
            "Expected 1 where it happened and 0 where it did not (or yes and no); a number is the "
            "kind 'mean', 'money' or 'count'.",
        )
    lookup = np.array([*(float(bool(known)) for known in truths), np.nan])
    return np.asarray(lookup[column.values])


def _truth(level: str) -> bool | None:
    try:
        value = float(level)
    except ValueError:
        return truth(level)
    return {0.0: False, 1.0: True}.get(value)


def _days(plan: ExperimentPlan, read: Column, table: str, threshold: int) -> NDArray[np.int64]:
    """Return the day of each customer as an ordinal, none before the plan."""
    column, seal = plan.columns.date, plan.sealed
    missing = int(read.missing.sum())
    if missing:
        raise DataError(
            f"{table}: {few_of(missing, 'customer has', 'customers have', threshold)} no day in "
            f"{column!r} that can be read.",
            "Fill it in: the order of customers decides what each look has seen.",
        )
    days = np.asarray(read.values, dtype=np.int64) + DAY_ZERO.toordinal()
    first = "" if seal is None else seal.date
    begins = max(first, plan.starts or "")
    early = int((days < date.fromisoformat(begins).toordinal()).sum()) if begins else 0
    if early:
        what = "it was sealed" if begins == first else "it starts"
        raise DataError(
            f"{table}: {few_of(early, 'customer is', 'customers are', threshold)} of a day before "
            f"{begins}, on which {what}, as the plan says.",
            "Data that were there before the plan cannot test it. Leave out what is older, or plan "
            "a new experiment.",
        )
    return days


def _named(
    plan: ExperimentPlan, column: Column, table: str, threshold: int
) -> tuple[NDArray[np.int64], LeftOut]:
    """Return the planned segment of each customer by what the table names, -1 for others."""
    assert column.levels is not None
    names = Names("segment", "in the plan", {one.id: one.name for one in plan.segments})
    place = {one.id: index for index, one in enumerate(plan.segments)}
    numbers = {str(one.number): one.id for one in plan.segments if one.number is not None}
    lookup = np.full(len(column.levels) + 1, -1, dtype=np.int64)
    for code, level in enumerate(column.levels):
        meant = [numbers[level]] if level in numbers else names.meant(level)
        if len(meant) == 1:
            lookup[code] = place[meant[0]]
    found = lookup[column.values]
    n = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
    others = [
        level
        for code, level in enumerate(column.levels)
        if lookup[code] < 0 and n[code] >= threshold
    ]
    for index, one in enumerate(plan.segments):
        if not (found == index).any():
            some = f"It has: {listed([repr(shortened(o)) for o in others], most=10)}."
            raise DataError(
                f"{table}: no customer is of the segment {one.label!r} in {column.name!r}.",
                nearest(one.id, others) or nearest(one.label, others) or (some if others else ""),
            )
    return found, LeftOut(threshold, int((found < 0).sum()), others)


def _placed(
    plan: ExperimentPlan, ids: pa.Array, members: pa.Table, table: str, threshold: int
) -> tuple[NDArray[np.int64], LeftOut]:
    """Return the planned segment of each customer by a table of members, -1 for others."""
    known = members.column(0).combine_chunks()
    at = positions(ids, known)
    unknown = int((at < 0).sum())
    if unknown == len(ids):
        why = differ_only_in(ids, known)
        raise DataError(
            f"{table}: no customer is among the members"
            f"{f', whose ids differ in {why}' if why else ''}.",
            f"{plan.columns.customer!r} and {members.column_names[0]!r} must be the same ids.",
        )
    numbers = np.asarray(members["segment"].to_numpy(zero_copy_only=False), dtype=np.int64)
    segment = np.where(at >= 0, numbers[at], 0)
    lookup = {one.number: index for index, one in enumerate(plan.segments)}
    if None in lookup:
        one = plan.segments[lookup[None]]
        raise DataError(
            f"the segment {one.label!r} of the plan has no number, by which members are known.",
            "Plan with the segmentation (--segmentation), which numbers its segments.",
        )
    found = np.array([lookup.get(int(number), -1) for number in segment], dtype=np.int64)
    for index, one in enumerate(plan.segments):
        if not (found == index).any():
            raise DataError(
                f"{table}: no customer is a member of the segment {one.label!r}.",
                "Are these the members of the model that the plan was made with?",
            )
    others = int(((found < 0) & (at >= 0)).sum())
    return found, LeftOut(threshold, others, strangers=unknown)


def _check_filled(plan: ExperimentPlan, trial: Trial) -> None:
    """Refuse an outcome that nobody has."""
    if np.isnan(trial.outcome).all():
        raise DataError(
            f"{plan.outcome.column!r} is empty for every customer.", "Check the export."
        )
