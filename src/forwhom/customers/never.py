"""Find numbers that say "never", such as -1 days since a customer was last called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import narwhals.stable.v2 as nw

from forwhom.customers.placement import Placement, View
from forwhom.documents.base import is_number
from forwhom.tables import VariableProfile, profile_table
from forwhom.tables.frames import collect
from forwhom.tables.never import ever_of, with_never
from forwhom.wording import listed, percent

#: Nobody leaves out so many answers: from this share on, a number of its own says "never".
_MOSTLY = 0.5
#: The same for columns that count time since something happened, of which many never had it.
_OFTEN = 0.1
_SINCE = re.compile(
    r"days|weeks|months|years|hours|since|last|ago|recency|tage|wochen|monate|seit|jours|depuis"
)


def with_found_never(placement: Placement) -> None:
    """Take numbers apart that stand for "never", in every table of people."""
    if placement.customers is not None:
        placement.customers = _with_never(placement.customers)
    placement.tables = [_with_never(view) for view in placement.tables]


def _with_never(view: View) -> View:
    coded = [c for c in view.profile.columns if c.missing_codes and is_number(c.measure)]
    never = {
        c.name: [_number(code) for code in c.missing_codes] for c in coded if _says_never(view, c)
    }
    if not never:
        return view
    table = with_never(view.table, never)
    return replace(view, table=table, profile=profile_table(table), never=never)


def _says_never(view: View, column: VariableProfile) -> bool:
    """Whether so many have the number that it is an answer, and not the lack of one."""
    if ever_of(column.name) in view.table.columns:
        return False
    codes = [_number(code) for code in column.missing_codes]
    said = nw.col(column.name).is_in(codes).cast(nw.Int64).sum().alias("n")
    counted = collect(replace(view.table, frame=view.table.frame.select(said)))
    share = int(counted["n"][0].as_py() or 0) / max(view.profile.rows, 1)
    since = _SINCE.search(f"{column.name} {column.label}".lower())
    return share >= (_OFTEN if since else _MOSTLY)


def _number(code: str) -> int | float:
    value = float(code)
    return int(value) if value.is_integer() else value


def told_never(views: Sequence[View]) -> Iterator[str]:
    """Yield which numbers say "never", in sentences."""
    for view in views:
        for name, codes in view.never.items():
            ever = view.profile[ever_of(name)]
            yes = dict(ever.top).get("true", 0) / max(ever.n, 1)
            yield (
                f"{view.short}: {name}: {listed([str(code) for code in codes], last='or')} says "
                f"never, for {percent(1 - yes)}; it is a yes or no ({ever_of(name)}), and a number "
                "among those with any."
            )
