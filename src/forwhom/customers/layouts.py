"""A layout and a table: what the columns of a recognized export are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from forwhom.customers.placement import MOSTLY_FILLED, View, with_whole_orders
from forwhom.customers.questions import grids_in, told_grids
from forwhom.documents.layout import (
    COLUMNS,
    Layout,
    compared,
    layout_names,
    read_layout,
    recognized,
)
from forwhom.documents.study import Returns
from forwhom.errors import ColumnMissing, DataError, nearest
from forwhom.features.orders import without_rows
from forwhom.tables import Table, TableProfile, profile_table
from forwhom.wording import listed, lowered

#: Switches layouts off.
NONE = "none"


def with_layouts(views: Sequence[View], asked: str | Path | None) -> list[View]:
    """Return views with the layouts that they have: the one asked for, or what is recognized."""
    if asked is not None and str(asked) == NONE:
        return [with_whole_orders(view) for view in views]
    layout = None if asked is None else read_layout(asked)
    if layout is not None and all(layout.missing(view.table.columns) for view in views):
        raise _misses(layout, views[0])
    found = []
    for view in views:
        own = recognized(view.table.columns) if layout is None else layout
        fits = own is not None and not own.missing(view.table.columns)
        laid = _laid_out(view, own) if own is not None and fits else None
        if laid is None and fits and layout is not None:
            raise _lacks(layout, view)
        found.append(laid or with_whole_orders(view))
    return found


def _lacks(layout: Layout, view: View) -> DataError:
    """Return the error for a table without a customer or a time that its layout names."""
    here = layout.found(view.table.columns)
    key = "time" if _customer(layout, view.profile, here) is not None else "customer"
    named: list[str] = getattr(layout, key)
    hint = nearest(named[0], view.table.columns) if named else ""
    what = f"{listed(named, last='or')} as the {key}" if named else f"no {key}"
    return ColumnMissing(
        f"the layout {layout.name} names {what}, and {view.short} has no such column with values.",
        hint or f"It has: {listed(view.table.columns, most=20)}.",
    )


def told(view: View) -> Iterator[str]:
    """Yield what a recognized export is, what is done with it, and what it does not know."""
    if view.layout is not None:
        yield (
            f"{view.short}: read as {lowered(view.layout.title)} (layout {view.layout.name}; "
            "--layout names another one, or none)."
        )
        yield from (f"{view.short}: {said}" for said in view.layout.told())
        yield from _not_there(view, view.layout)


def _not_there(view: View, layout: Layout) -> Iterator[str]:
    """Say where none of the columns that a person's own layout names for something is there."""
    if layout.name in layout_names() or layout.rows in ("customers", "responses"):
        return
    for key in COLUMNS:
        named: list[str] = getattr(layout, key)
        if named and key not in {"customer", *(view.columns or {})}:
            what = f"the layout names {listed(named, last='or')} for {key!r}"
            yield f"{view.short}: {what}, which is not there or holds nothing; it is left out."


def with_layout_told(table: Table, asked: str | Path | None) -> TableProfile:
    """Return what is in a table as it stands, with notes on the layout that it has."""
    profile = profile_table(table)
    view = with_layouts([View(table.name, table, profile)], asked)[0]
    notes = [*profile.notes, *told(view)]
    grids = list(grids_in(profile.columns))
    notes += [f"{table.name}: {said}" for said in told_grids(grids)]
    if view.layout is not None:
        columns = {"customer": view.id} | dict(view.columns or {})
        said = [f"{key} {column}" for key, column in columns.items() if isinstance(column, str)]
        notes += [f"{table.name}: by the layout, {listed(said, most=None)}."] if said else []
    return replace(profile, notes=tuple(notes))


def _laid_out(view: View, layout: Layout) -> View | None:
    """Find the columns of a layout in a table; None where it lacks what events must have."""
    here = layout.found(view.table.columns)
    found = _first_filled(layout, view.profile, here)
    said = {here[compared(c)]: v for c, v in layout.variables.items() if compared(c) in here}
    out = _of_columns(layout.leave_out, here, view.profile)
    view = replace(view, layout=layout, variables=said, left_out=out)
    if layout.rows in ("customers", "responses"):
        table = without_rows(view.table, out, "customer")
        if table is not view.table:
            view = replace(view, table=table, profile=profile_table(table))
        return replace(view, id=_customer(layout, view.profile, here))
    view = with_whole_orders(view, found.get("order"))
    customer = _customer(layout, view.profile, here)
    if customer is None or "time" not in found:
        return None
    returned = _of_columns(layout.returned, here, view.profile)
    columns: dict[str, Any] = {"customer": customer} | found
    columns |= {"leave_out": out} if out else {}
    columns |= {"returned": returned} if returned else {}
    if (returns := _returns(layout, here, view.profile)) is not None:
        columns["returns"] = returns
    columns["category"] = [
        here[c] for name in layout.category
        if (c := compared(name)) in here and view.profile[here[c]].distinct > 1
    ]  # fmt: skip
    return replace(view, id=customer, columns=columns)


def _misses(layout: Layout, view: View) -> DataError:
    """Return the error for a table without a heading of the layout that was asked for."""
    missing = layout.missing(view.table.columns)
    hint = nearest(missing[0], view.table.columns)
    return ColumnMissing(
        f"the layout {layout.name} names the column {missing[0]!r}, which {view.short} does not "
        "have.",
        hint or f"It has: {listed(view.table.columns, most=20)}. Take another layout, or none.",
    )


def _first_filled(layout: Layout, profile: TableProfile, here: Mapping[str, str]) -> dict[str, str]:
    """Return for each key the first of its columns that is there and holds something."""
    found: dict[str, str] = {}
    for key in COLUMNS[1:]:
        there = [here[c] for name in getattr(layout, key) if (c := compared(name)) in here]
        column = next((c for c in there if profile[c].n and c not in found.values()), None)
        if column is not None:
            found[key] = column
    if "amount" in found or "quantity" not in found:
        found.pop("price", None)
    if not {"amount", "price"} & set(found):
        found.pop("discount", None)
    return found


def _returns(layout: Layout, here: Mapping[str, str], profile: TableProfile) -> Returns | None:
    """Return which rows give money back, where the export says of which order."""
    said = layout.returns
    column = None if said is None else here.get(compared(said.order))
    if said is None or column is None or not profile[column].n:
        return None
    return Returns(order=column, rows=_of_columns(said.rows, here, profile))


def _customer(layout: Layout, profile: TableProfile, here: Mapping[str, str]) -> str | None:
    """Return who the customer is: the first column that nearly as many rows have as any other."""
    there = [here[c] for name in layout.customer if (c := compared(name)) in here]
    most = max((profile[column].n for column in there), default=0)
    return next((c for c in there if profile[c].n and profile[c].n >= MOSTLY_FILLED * most), None)


def _of_columns(
    said: Mapping[str, Sequence[str]], here: Mapping[str, str], profile: TableProfile
) -> dict[str, list[str]]:
    """Return what is said of columns that are there and hold something."""
    return {
        here[compared(column)]: list(values)
        for column, values in said.items()
        if compared(column) in here and profile[here[compared(column)]].n
    }
