"""Find questions of which several answers may be chosen: in one cell, or in several columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from forwhom.customers.placement import Placement, View
from forwhom.documents.study import ChoiceSet
from forwhom.tables import VariableProfile, profile_table
from forwhom.tables.choices import (
    SEPARATORS,
    levels_of,
    options_in,
    taken_apart,
    with_choices,
)

#: What stands before the last sign of a heading is the question, what stands after it the answer.
_STEM = re.compile(r"^(.*?)\s*(?:[_/.:\[]|\s(?:-|–|>>?)\s)\s*[^_/.:\[]*$")


def with_found_choices(placement: Placement) -> None:
    """Turn questions with several answers into one yes or no for each, in every table of people."""
    if placement.customers is not None:
        placement.customers = _with_choices(placement.customers)
    placement.tables = [_with_choices(view) for view in placement.tables]


def _with_choices(view: View) -> View:
    beside = list(_beside_cells(view))
    known = {name for one in beside for name in one.columns}
    sets = [*_in_cells(view), *beside, *_in_columns(view, known)]
    if not sets:
        return view
    table = with_choices(view.table, sets)
    return replace(view, table=table, profile=profile_table(table), sets=tuple(sets))


def _in_cells(view: View) -> Iterator[ChoiceSet]:
    apart = taken_apart(view.table.columns)
    for column in view.profile.columns:
        fits = column.type == "text" and column.distinct > 2 and column.name != view.id
        known = column.of_tool or column.personal is not None or column.name in apart
        if not fits or known:
            continue
        separators = (*SEPARATORS, " ") if _spaced(view) else SEPARATORS
        levels = levels_of(view.table, column.name)
        for separator in separators:
            options = options_in(levels, separator)
            if options:
                yield ChoiceSet(column=column.name, separator=separator, options=options)
                break


def _spaced(view: View) -> bool:
    """Whether the tool writes the answers of one cell with blanks between them, as ODK does."""
    return view.layout is not None and view.layout.name in ("kobotoolbox", "odk")


def _beside_cells(view: View) -> Iterator[ChoiceSet]:
    """Yield the columns of answers that stand beside one with all of them: q/a, q/b beside q."""
    for stem in sorted(taken_apart(view.table.columns)):
        own = [c for c in view.profile.columns if c.name.rpartition("/")[0] == stem]
        if all(c.n and (c.type == "boolean" or _is_0_or_1(c)) for c in own):
            yield ChoiceSet(columns=[c.name for c in own])


def _is_0_or_1(column: VariableProfile) -> bool:
    return column.type == "number" and {column.minimum, column.maximum} <= {0, 1}


def _in_columns(view: View, known: Collection[str]) -> Iterator[ChoiceSet]:
    """Yield neighbors of one question that hold one value each, where they hold any."""
    columns = [c for c in view.profile.columns if c.name not in known]
    for (stem, single), several in groupby(
        columns, key=lambda c: (stem_of(c), _is_single(c, view.profile.rows))
    ):
        names = [column.name for column in several]
        if stem and single and len(names) > 1:
            yield ChoiceSet(columns=names)


def _is_single(column: VariableProfile, rows: int) -> bool:
    kinds = ("text", "number", "boolean")
    return column.distinct == 1 and 0 < column.n < rows and column.type in kinds and (
        not column.of_tool and column.personal is None
    )  # fmt: skip


def stem_of(column: VariableProfile) -> str:
    """Return the question of which a column is one answer, or one row; empty for none."""
    if [level for level, _ in column.top] == [column.name]:
        return "each by its own name"
    for said in (column.called, column.name):
        match = _STEM.match(said)
        if match and match[1]:
            return match[1]
    return ""


def told_choices(views: Sequence[View]) -> Iterator[str]:
    """Yield which questions have several answers, in sentences."""
    for view in views:
        for one in view.sets:
            if one.column is not None:
                how = f"{one.column}: several answers in one cell"
            else:
                how = f"{one.columns[0]} to {one.columns[-1]}: one column for each answer"
            n = len(one.options or one.columns)
            each = f"each of the {n} is a yes or no, missing where none was given"
            yield f"{view.short}: {how}; {each}."
