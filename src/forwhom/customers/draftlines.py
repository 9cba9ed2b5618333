"""The lines of a drafted study: short YAML, and why, as a comment."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from forwhom.customers.clues import category_columns
from forwhom.customers.placement import EventsView
from forwhom.documents.yamlwriting import flow, key, scalar
from forwhom.tables import VariableProfile
from forwhom.tables.profile import label_of
from forwhom.wording import count

_WIDTH = 100

#: Text with so few levels could be one more category of events.
_COULD_BE_CATEGORY = 60


def comment(title: str, items: Iterable[str], indent: str = "") -> list[str]:
    """Return a list as a comment; nothing for an empty one."""
    said = list(items)
    if not said:
        return []
    lines = [f"{indent}# {title}"]
    for item in said:
        lines += wrapped(item, f"{indent}#   - ", f"{indent}#     ")
    return lines


def wrapped(text: str, first: str, then: str) -> list[str]:
    """Return a text as comment lines. Signs that a comment cannot hold are taken out."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return textwrap.wrap(
        printable, _WIDTH, initial_indent=first, subsequent_indent=then,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def table_line(name: str, value: Any, indent: str = "") -> list[str]:
    """Return ``name: value``, or an item of a list where the name is a dash."""
    start = f"{indent}-" if name == "-" else f"{indent}{scalar(name)}:"
    return [f"{start} {flow(value)}"]


_MEANING = {
    "amount": "money of a line",
    "price": "of one unit; quantity × price is the money of a line",
    "quantity": "units of a line",
    "order": "lines with the same value are one purchase",
    "item": "what was bought",
    "channel": "where or how",
}


def events_lines(events: EventsView, name: str, notes: list[str]) -> list[str]:
    """Return one item of ``events``, with what it does not use.

    Parameters
    ----------
    events
        The table and what its columns are for.
    name
        Prefix of its features; empty when it is the only one.
    notes
        Gets what could not be placed.
    """
    view, columns = events.view, events.columns
    customers = view.profile[columns["customer"]]
    missing = view.profile.rows - customers.n
    who = count(customers.distinct, "customer")
    if missing:
        who += f"; {count(missing, 'row without one is', 'rows without one are')} not used"
        rows = count(missing, "row has", "rows have")
        notes.append(f"{view.short}: {rows} no {columns['customer']}; not used.")
    time = view.profile[columns["time"]]
    said = {"customer": who, "time": _period(time), **_MEANING}
    lines = [
        f"  # Many rows per customer: {view.profile.rows:,}.",
        f"  - table: {scalar(view.name)}",
    ]
    if name:
        lines.append(f"    name: {scalar(name)}")
    lines += [
        _with_why(f"    {field}: {scalar(columns[field])}", why)
        for field, why in said.items()
        if field in columns
    ]
    categories = _categories(events)
    if categories:
        why = "the share of each level becomes a variable"
        lines.append(_with_why(f"    category: {flow(categories)}", why))
    if events.lookups:
        lines.append("    lookups:")
    for lookup, on in events.lookups:
        lines += table_line("-", {"table": lookup.name, "on": on}, indent="      ")
    lines += _not_used(events, categories, notes)
    last = str(time.maximum)[:10] if time.type == "date" else "2024-12-31"
    cutoff = f"    # cutoff: {last}        # only events before it count"
    return [*lines, _TIME_ZONE, cutoff, _CURRENCY]


_TIME_ZONE = "    # time_zone: UTC            # in which days and weeks are counted"
_CURRENCY = "    # currency: USD             # unit of the money, for words and charts"


def _period(column: VariableProfile) -> str:
    if column.type != "date":
        return f"{column.type}, read as times where it can be"
    low, high = str(column.minimum)[:10], str(column.maximum)[:10]
    return f"{low} to {high}"


def _with_why(line: str, why: str) -> str:
    return f"{line:<36}  # {why}" if why else line


def _categories(events: EventsView) -> list[str]:
    """Choose categories among the columns of the events and of their lookups."""
    taken = set(events.columns.values()) | {on for _, on in events.lookups}
    own = {c.name.casefold() for c in events.view.profile.columns}
    columns = list(events.view.profile.columns)
    for lookup, _ in events.lookups:
        # A name that both tables have would be another one after the join.
        columns += [c for c in lookup.profile.columns if c.name.casefold() not in own]
    return category_columns(columns, taken)


def _not_used(events: EventsView, categories: list[str], notes: list[str]) -> list[str]:
    used = {*events.columns.values(), *categories, *(on for _, on in events.lookups)}
    lines: list[str] = []
    for view in (events.view, *(lookup for lookup, _ in events.lookups)):
        said = [_about(c) for c in view.profile.columns if c.name not in used]
        if said:
            listed = ", ".join(said)
            lines += wrapped(f"Not used from {view.short}: {listed}.", "    # ", "    #   ")
            notes.append(f"{view.short}: not used: {listed}.")
    return lines


def _about(column: VariableProfile) -> str:
    if column.type == "text" and 2 <= column.distinct <= _COULD_BE_CATEGORY:
        return f"{column.name} ({column.distinct} levels, could be a category)"
    return f"{column.name} ({column.type})"


class VariableLines:
    """The lines under ``variables``, each name once, with the why of each.

    Parameters
    ----------
    notes
        Gets what takes no part.
    """

    def __init__(self, notes: list[str]) -> None:
        self.lines: list[str] = []
        self._notes = notes
        self._tables: dict[str, str] = {}
        self._weight: str | None = None
        self._last_why = ""

    def heading(self, table: str) -> None:
        """Start the variables of a table."""
        self.lines += (
            ["", *wrapped(table, "  # ", "  # ")] if self.lines else wrapped(table, "  # ", "  # ")
        )
        self._last_why = ""

    def add(self, column: VariableProfile, table: str) -> None:
        """Write what inference says about a column, and why."""
        if column.name in self._tables:
            said = f"{column.name} of {table} is not used: {self._tables[column.name]} has it too."
            self.lines += wrapped(said, "  # ", "  # ")
            self._notes.append(said)
            return
        self._tables[column.name] = table
        use, why = self._use(column)
        if use in ("ignore", "text"):
            self._notes.append(f"{table}: {column.name} takes no part. {why}")
        said_of: dict[str, Any] = {}
        if use in ("active", "descriptor", "protected"):
            told = None if column.label == label_of(column.name) else column.label
            said_of = {"label": told, "basis": column.basis, "measure": column.measure}
        said_of["use"] = use
        if use in ("active", "descriptor"):
            said_of |= {"role": column.role, "criterion": column.criterion}
        if column.levels and said_of.get("measure") == "ordinal":
            said_of["levels"] = list(column.levels)
        self._write(column.name, {k: v for k, v in said_of.items() if v is not None}, why)

    def _use(self, column: VariableProfile) -> tuple[str, str]:
        if column.use == "id":
            return "ignore", column.why  # only the customer's own id has the use of an id
        if column.use == "weight":
            if self._weight is not None:
                return "ignore", f"It looks like weights too, but {self._weight!r} is used."
            self._weight = column.name
        return column.use, column.why

    def _write(self, name: str, said: dict[str, Any], why: str) -> None:
        line = f"  {key(name)}: {flow(said)}"
        if len(line) + len(why) + 4 <= _WIDTH:
            self.lines += wrapped(why, f"{line}  # ", "  # ")
            self._last_why = ""
            return
        if why != self._last_why:
            self.lines += wrapped(why, "  # ", "  # ")
        self._last_why = why
        self.lines += [line] if len(line) <= _WIDTH else _folded(f"  {key(name)}: ", said)


def _folded(start: str, said: dict[str, Any]) -> list[str]:
    """Return keys and values on several lines, the levels on lines of their own."""
    indent = " " * (len(start) + 1)
    lines, line = [], f"{start}{{"
    for part, before in _parts(said, indent):
        taken = len(line) + len(part.rstrip()) + part.endswith("]")  # and the last bracket
        if taken > _WIDTH or part.startswith("levels: ["):
            lines.append(line.rstrip())
            line = before
        line += part
    return [*lines, f"{line.removesuffix(', ')}}}"]


def _parts(said: dict[str, Any], indent: str) -> Iterator[tuple[str, str]]:
    """Yield what a line can be broken before, and how far the rest is then indented."""
    for name, value in said.items():
        if name != "levels":
            yield f"{name}: {flow(value)}, ", indent
    levels = [flow(level) for level in said.get("levels", ())]
    for index, level in enumerate(levels):
        begin, end = "" if index else "levels: [", "]" if index + 1 == len(levels) else ", "
        yield f"{begin}{level}{end}", f"{indent}  " if index else indent
