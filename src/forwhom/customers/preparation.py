"""From a study to prepared customers: one row each, every variable with a measure and a use."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.checks import check_weights, near_duplicates, repeats_ids, uninformative
from forwhom.customers.dependence import determined_numbers, following_levels
from forwhom.customers.joining import all_ids, differ_only_in, positions, take
from forwhom.customers.opening import Asked, Part, Tables, open_parts, with_levels
from forwhom.customers.rare import check_enough, scales_of, without_rare_levels
from forwhom.customers.roles import Roles, check_all_placed, decide, suggestions
from forwhom.customers.wholes import Shares, Wholes, check_wholes, wholes_of
from forwhom.documents.base import Measure, Numbers, is_number
from forwhom.documents.segmentation import LeftOut, Source, Variable
from forwhom.documents.study import Study
from forwhom.errors import DataError
from forwhom.features.counts import EventReport
from forwhom.mixture import Design, Whole, build_design
from forwhom.progress import Progress, share, silent
from forwhom.tables import collect_columns, row_count
from forwhom.tables.columns import Column, unseen_notes
from forwhom.tables.weights import sampling_weights
from forwhom.wording import few

#: When more than this share of a table's customers is unknown to the others, it is a warning.
MOST_LOST = 0.1


@dataclass(frozen=True)
class Customers:
    """Customers, ready to be segmented."""

    ids: pa.Array  # of each customer, ascending; the row number where there is no id; shape (n,)
    id_name: str | None  # name of the id column; None: row numbers
    columns: dict[str, Column]  # the values of every variable, by name
    variables: list[Variable]  # what each is and what it is for; active ones form the segments
    #: sampling weights, which sum to the effective number of customers; ``None``: one each
    weights: NDArray[np.float64] | None = None
    weight_name: str | None = None  # the column that the weights come from
    sources: list[Source] = field(default_factory=list)  # the tables that were read
    #: what was found in the events, in the order of the study
    events: list[EventReport] = field(default_factory=list)
    #: columns that take no part, or a smaller one, and why
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was found and done
    warnings: list[str] = field(default_factory=list)  # what weakens the answer
    #: what was asked, with the levels that were found, to prepare new customers in the same way
    study: Study | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def active(self) -> list[Variable]:
        """The variables that form segments."""
        return [v for v in self.variables if v.use == "active"]

    @property
    def measures(self) -> dict[str, Measure]:
        """Measure of each variable, by name."""
        return {v.name: v.measure for v in self.variables}

    @property
    def active_measures(self) -> dict[str, Measure]:
        """Measure of each variable that forms segments, by name."""
        return {v.name: v.measure for v in self.active}

    @property
    def families(self) -> dict[str, str]:
        """How active numbers are modeled where that is not as their measure suggests, by name."""
        return {v.name: v.family for v in self.active if v.family is not None and v.whole is None}

    def with_numbers(self, numbers: Numbers) -> Self:
        """Say how the active numbers are modeled of which the study does not say it."""
        if numbers == "measured":
            return self
        variables = [
            v.model_copy(update={"family": "tilt"})
            if v.use == "active" and v.whole is None and v.family is None and is_number(v.measure)
            else v
            for v in self.variables
        ]
        return replace(self, variables=variables)

    @property
    def n_effective(self) -> float | None:
        """How many equally weighted customers say as much; None without weights."""
        return None if self.weights is None else round(float(self.weights.sum()), 2)

    @property
    def wholes(self) -> list[Whole]:
        """The wholes that active variables are the shares of."""
        found: dict[tuple[str, str], list[str]] = {}
        for v in self.active:
            if v.whole is not None and v.items is not None:
                found.setdefault((v.whole, v.items), []).append(v.name)
        return [Whole(name, tuple(parts), items) for (name, items), parts in found.items()]

    @property
    def fingerprint(self) -> str:
        """What changes when any of the tables does."""
        if len(self.sources) == 1:
            return self.sources[0].fingerprint
        joined = "\n".join(source.fingerprint for source in self.sources)
        return hashlib.sha256(joined.encode()).hexdigest()[:16]

    def design(self, *, collapse: bool = True) -> Design:
        """Return the active variables as the engine reads them."""
        measures = self.active_measures
        names = dict.fromkeys([*measures, *(whole.items for whole in self.wholes)])
        columns = [self.columns[name] for name in names]
        return build_design(
            columns, measures, self.weights,
            families=self.families, wholes=self.wholes, collapse=collapse,
        )  # fmt: skip


@dataclass
class Gathered:
    """Columns of all parts, for the same customers in the same order."""

    ids: pa.Array
    id_name: str | None
    columns: dict[str, Column]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def prepare(
    study: Study,
    tables: Tables,
    *,
    cutoff: date | datetime | None = None,
    threshold: int = 1,
    progress: Progress = silent,
) -> Customers:
    """Read the tables of a study and get its customers ready, one row each, by ascending id."""
    parts = open_parts(study, tables, cutoff, share(progress, 0.0, 0.6), least=threshold)
    progress("deciding what each variable is for", 0.6)
    roles, found = [], []
    wholes = wholes_of(study, parts, tables)
    for part in parts:
        suggested = suggestions(part, tables)
        roles.append(decide(study, suggested, wholes))
        found += [s.name for s in suggested]
    check_all_placed(study, [*found, *(part.id for part in parts if part.id is not None)])
    check_wholes(study, found)
    if any(part.role == "customers" and part.source and part.source.rows == 1 for part in parts):
        raise _one_customer()
    doubled = _keep_first(parts, roles)
    if not any(v.use == "active" for role in roles for v in role.variables):
        raise _nothing_active(
            [v for role in roles for v in role.variables], [o for r in roles for o in r.left_out]
        )
    progress("bringing customers together", 0.7)
    gathered = gather(parts, roles, threshold)
    if len(gathered.ids) == 1:
        raise _one_customer()
    check_enough(len(gathered.ids), threshold)
    asked_for = [v for role in roles for v in role.variables]
    scales = scales_of(asked_for, gathered.columns, study)
    gathered.columns, rare = without_rare_levels(gathered.columns, threshold, scales)
    asked = {name: one for part in parts for name, one in part.asked.items()}
    customers = _customers(gathered, roles, threshold, asked)
    customers = replace(customers, notes=customers.notes + rare)
    apart = _one_by_one(customers, wholes)
    customers = replace(
        customers,
        warnings=customers.warnings + [_add_up(shares) for shares in apart],
        left_out=customers.left_out + doubled,
        sources=[part.source for part in parts if part.source is not None],
        events=[part.features.report for part in parts if part.features is not None],
        study=with_levels(study, parts),
    )
    told = {part for shares in apart for part in shares.parts}
    return _settle(customers, {n for r in roles for n in r.named}, told)


def _one_customer() -> DataError:
    return DataError(
        "there is only one customer.", "Segments are groups of customers; give more of them."
    )


def _keep_first(parts: Sequence[Part], roles: Sequence[Roles]) -> list[LeftOut]:
    """Leave out variables that an earlier table already has."""
    seen: dict[str, Part] = {}
    out = []
    for part, role in zip(parts, roles, strict=True):
        for variable in list(role.variables):
            first = seen.setdefault(variable.name, part)
            if first is not part:
                role.variables.remove(variable)
                why = f"{first.name} has it; not read again from {part.name}"
                out.append(LeftOut(name=variable.name, why=why))
    return out


def gather(parts: Sequence[Part], roles: Sequence[Roles], threshold: int = 10) -> Gathered:
    """Collect the wanted columns of every part, and join them on the customer id.

    The customers are those of the customers table; without one, those of the events.
    """
    collected = [_collect(part, role) for part, role in zip(parts, roles, strict=True)]
    leading = "customers" if parts[0].role == "customers" else "events"
    base = [
        (own, part.id)
        for part, (own, _) in zip(parts, collected, strict=True)
        if part.role == leading
    ]
    ids = all_ids([own for own, _ in base])
    gathered = Gathered(ids, base[0][1], {})
    for part, (own, found) in zip(parts, collected, strict=True):
        at = positions(ids, own)
        # Taking copies, so the customers' own table is left as it is.
        same = own is ids
        gathered.columns |= found if same else {k: take(c, at) for k, c in found.items()}
        gathered.notes += _join_notes(part, ids, own, at, threshold)
        gathered.warnings += _join_warnings(part, ids, own, at)
    return gathered


def _collect(part: Part, roles: Roles) -> tuple[pa.Array, dict[str, Column]]:
    wanted: dict[str, Measure] = {v.name: v.measure for v in roles.variables}
    if roles.weight is not None:
        wanted[roles.weight] = "continuous"
    levels = {v.name: v.levels for v in roles.variables if v.levels}
    ids, columns = collect_columns(part.table, wanted, id_column=part.id, levels=levels)
    if ids is None:
        return pa.array(np.arange(1, row_count(part.table) + 1)), columns
    return ids, columns


def _join_notes(
    part: Part, base: pa.Array, own: pa.Array, at: NDArray[np.int64], threshold: int
) -> list[str]:
    notes = list(part.table.notes)
    if part.features is not None:
        notes += part.features.report.notes(threshold)
    matched = int((at >= 0).sum())
    if matched < len(base):
        notes.append(
            f"{few(len(base) - matched, threshold)} of {len(base):,} customers are not in "
            f"{part.origin}; what it says counts as missing for them."
        )
    if matched < len(own):
        notes.append(
            f"{few(len(own) - matched, threshold)} customers in {part.origin} are unknown to the "
            "other tables and were left out."
        )
    return notes


def _join_warnings(
    part: Part, base: pa.Array, own: pa.Array, at: NDArray[np.int64]
) -> list[str]:  # fmt: skip
    """Say what is lost because ids do not meet; refuse tables without a customer in common."""
    warnings = [] if part.features is None else part.features.report.warnings()
    matched = int((at >= 0).sum())
    if matched == len(base) == len(own):
        return warnings
    apart = differ_only_in(base, own)
    if matched == 0:
        raise DataError(
            f"none of the customers in {part.origin} is in the other tables.",
            f"Their ids differ in {apart}; write them the same way." if apart
            else "Check that the id columns hold the same ids, written the same way.",
        )  # fmt: skip
    if apart:
        warnings.append(
            f"Some ids in {part.origin} and in the other tables differ in {apart} and were taken "
            "for different customers. Write them the same way."
        )
    lost = len(own) - matched
    if lost > MOST_LOST * len(own):
        warnings.append(
            f"{few(lost)} of {len(own):,} customers in {part.origin} are unknown to the other "
            "tables and were left out."
        )
    return warnings


def _customers(
    gathered: Gathered, roles: Sequence[Roles], threshold: int, asked: Mapping[str, Asked]
) -> Customers:
    """Put variables and columns together; describe what is missing."""
    weight = next((r.weight for r in roles if r.weight is not None), None)
    columns = dict(gathered.columns)
    weights = None
    notes, warnings = list(gathered.notes), list(gathered.warnings)
    if weight is not None:
        weights = np.asarray(columns.pop(weight).values, dtype=np.float64)
        warnings += check_weights(weights, weight)
        # Only their proportions count: weights that add up to a whole country would pass for as
        # many customers, and find segments in noise.
        weights = sampling_weights(weights)
        notes.append(
            f"The weights in {weight!r} were scaled to sum to {weights.sum():,.0f}, the number of "
            f"equally weighted customers that say as much as these {len(weights):,}."
        )
    notes += unseen_notes(columns, least=threshold)
    variables = []
    for variable in (v for r in roles for v in r.variables):
        column = columns[variable.name]
        told: dict[str, object] = {"levels": list(column.levels or ())}
        told["missing"] = float(column.missing.mean())
        if (one := asked.get(variable.name)) is not None:
            told |= {"missing": one.missing, "asked": one.words, "unasked": one.unasked}
        variables.append(variable.model_copy(update=told))
    return Customers(
        ids=gathered.ids,
        id_name=gathered.id_name,
        columns=columns,
        variables=variables,
        weights=weights,
        weight_name=weight,
        left_out=[out for r in roles for out in r.left_out],
        notes=notes,
        warnings=warnings + [warning for r in roles for warning in r.warnings],
    )


def _one_by_one(customers: Customers, wholes: Wholes) -> list[Shares]:
    """Return the shares of a whole that form segments one by one."""
    active = {v.name for v in customers.active}
    found = (*wholes.unknown, *wholes.apart)
    return [shares for shares in found if active.issuperset(shares.parts)]


def _add_up(shares: Shares) -> str:
    return (
        f"{', '.join(shares.parts)} add up to {shares.total} in every row, so each says what the "
        "others do, and segments of them one by one may be no groups of customers. Name them under "
        f"'wholes' in the study, with 'items: {shares.items or '…'}' (a number of items)."
    )


def _settle(customers: Customers, named: set[str], told: set[str]) -> Customers:
    """Leave out what says nothing, and let no two active variables count the same twice.

    Of ``told`` variables it was said already that they add up.
    """
    kept, out = [], list(customers.left_out)
    counting = {whole.items for whole in customers.wholes}
    for variable in customers.variables:
        column = customers.columns[variable.name]
        why = "" if variable.name in counting else uninformative(column)
        if column.unseen and column.missing.all():
            raise DataError(
                f"none of the values of {variable.name!r} is among its levels in the study.",
                f"The data hold {', '.join(map(repr, list(column.unseen)[:3]))}; correct 'levels'.",
            )
        if variable.name not in named and repeats_ids(column, customers.ids):
            why = "it repeats the customer's id"
        if not why:
            kept.append(variable)
        elif variable.name in named:
            raise DataError(
                f"the variable {variable.name!r} is to form segments, but {why}.",
                "Take 'use: active' from it in the study, or check the column in the data.",
            )
        else:
            out.append(LeftOut(name=variable.name, why=why))
    if not any(v.use == "active" for v in kept):
        raise _nothing_active(kept, out)
    kept, repeated = _without_repeats(customers, _in_wholes(kept), named)
    kept, computed, doubts = _without_computed(customers, kept, named, told)
    return replace(
        customers,
        warnings=customers.warnings + _blank_customers(customers, kept) + doubts,
        columns={v.name: customers.columns[v.name] for v in kept},
        variables=kept,
        left_out=out + repeated + computed,
    )


def _in_wholes(kept: Sequence[Variable]) -> list[Variable]:
    """Let the only share that is left of a whole be a number by itself; check the others' items."""
    shares = Counter(v.whole for v in kept if v.use == "active" and v.whole is not None)
    names = {v.name for v in kept}
    found = []
    for variable in kept:
        if variable.whole is not None and shares[variable.whole] < 2:
            found.append(variable.model_copy(update={"whole": None, "items": None}))
            continue
        if variable.items is not None and variable.items not in names:
            raise DataError(
                f"{variable.name!r} is a share of {variable.whole!r}, but the number of its items, "
                f"{variable.items!r}, takes no part.",
                f"Give {variable.items!r} 'use: descriptor' in the study.",
            )
        found.append(variable)
    return found


def _blank_customers(customers: Customers, kept: Sequence[Variable]) -> list[str]:
    """Say for how many customers nothing is known that could place them."""
    columns = [customers.columns[v.name] for v in kept if v.use == "active"]
    blank = int(np.logical_and.reduce([column.missing for column in columns]).sum())
    if blank == 0:
        return []
    return [
        f"{blank:,} of {len(customers):,} customers have no value in any variable that forms "
        "segments; they are placed by the size of the segments alone."
    ]


def _nothing_active(kept: Sequence[Variable], out: Sequence[LeftOut]) -> DataError:
    told: dict[str, list[str]] = {}
    for one in out:
        told.setdefault(one.why, []).append(one.name)
    left = {one.name for one in out}
    reasons = [f"{v.name} is {_used(v)}" for v in kept if v.name not in left]
    reasons += [f"{', '.join(names)}: {why}" for why, names in told.items()]
    reasons = reasons or ["the tables hold nothing but ids"]
    shown = "; ".join(reason.rstrip(".") for reason in reasons[:5])
    more = "; …" if len(reasons) > 5 else ""
    return DataError(
        f"no variable can form segments ({shown}{more}).",
        "Segments need differences between customers: check that the right columns are there, or "
        "give 'use: active' in the study to those that should form segments.",
    )


def _used(variable: Variable) -> str:
    return "protected" if variable.use == "protected" else f"a {variable.use}"


def _without_repeats(
    customers: Customers, kept: Sequence[Variable], named: set[str]
) -> tuple[list[Variable], list[LeftOut]]:
    """Turn an active variable that repeats another one into a descriptor."""
    # What the study names comes first, so that it is what stays active.
    active = sorted(
        (v for v in kept if v.use == "active"), key=lambda v: (v.name not in named, not v.whole)
    )
    wholes = {v.name: v.whole for v in active if v.whole is not None}
    repeats = near_duplicates([customers.columns[v.name] for v in active], wholes)
    out, settled = [], []
    for variable in kept:
        if variable.name not in repeats:
            settled.append(variable)
            continue
        other, together = repeats[variable.name]
        why = (
            f"described, but not used to form segments: it says nearly the same as {other} "
            f"(rank correlation {together:.2f})"
        )
        out.append(LeftOut(name=variable.name, why=why))
        alone = {"use": "descriptor", "why": why, "whole": None, "items": None}
        settled.append(variable.model_copy(update=alone))
    return settled, out


def _without_computed(
    customers: Customers, kept: Sequence[Variable], named: set[str], told: set[str]
) -> tuple[list[Variable], list[LeftOut], list[str]]:
    """Turn active variables that others determine into descriptors, or warn of them."""
    active = [v for v in kept if v.use == "active" and v.whole is None and v.name not in told]
    columns = [customers.columns[v.name] for v in active]
    found = following_levels(columns, named)
    copies = {one.name for one in found}
    found += determined_numbers([c for c in columns if c.name not in copies], named)
    warnings = [
        f"{one.name!r} says nothing of its own, since {one.said}; the study makes all of them form "
        "segments, so it counts twice. Give one of them 'use: descriptor'."
        for one in found
        if one.name in named
    ]
    whys = {
        one.name: f"described, but not used to form segments: {one.said}"
        for one in found
        if one.name not in named
    }
    settled = [
        v.model_copy(update={"use": "descriptor", "why": whys[v.name]}) if v.name in whys else v
        for v in kept
    ]
    return settled, [LeftOut(name=name, why=why) for name, why in whys.items()], warnings
