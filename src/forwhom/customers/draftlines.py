"""The text of a drafted study: short YAML, and why, as a comment."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from forwhom.customers.placement import EVERY_ROW, EventsView, Placement, View
from forwhom.documents.study import CustomerTable, Events, Study, StudyVariable
from forwhom.documents.yamlwriting import flow, scalar
from forwhom.documents.yamlwriting import key as key_of
from forwhom.tables import VariableProfile
from forwhom.wording import count, opened

_WIDTH = 100

_HEAD = (
    "# A draft, made from the data. Read it, correct it, then run: forwhom discover study.yaml",
    "# What a line leaves out is inferred. 'use' decides most: active variables form the segments,",
    "# descriptors describe them, protected ones are only audited, the others take no part.",
    "# Numbers are tilts of a distribution that all segments share, unless a line names another",
    "# family: gaussian, poisson or positive (log-normal).",
)
_FEATURES = (
    "# Each events table becomes variables (how recently, how often, how much, which categories,",
    "# ...) that need no line here. A line changes one, such as:",
    "#   recency: {use: descriptor}",
)
_WHOLES = (
    "# Shares of one whole are one variable, of so many items: two thirds of three orders say less",
    "# than two thirds of thirty.",
)
_MEANING = {
    "amount": "money of a line",
    "price": "of one unit; quantity × price is the money of a line",
    "quantity": "units of a line",
    "discount": "money off a line",
    "order": "lines with the same value are one purchase",
    "order_amount": "money of the whole order, divided among its lines",
    "refunded": "money of the order that was given back",
    "item": "what was bought",
    "channel": "where or how",
}
_ROWS = {
    "leave_out": "Rows that are no business; '*' is any value.",
    "returned": "Orders of which all money was given back.",
}
#: What is said of a variable; levels come last, because they may take lines of their own.
_SAID = (
    "label", "question", "asked", "basis", "measure", "use", "role", "criterion", "minimum",
    "missing", "levels",
)  # fmt: skip
_TIME_ZONE = "    # time_zone: UTC            # in which days and weeks are counted"
_CURRENCY = "    # currency: USD             # unit of the money, for words and charts"

_SEVERAL_CURRENCIES = (
    "    # Amounts of several currencies cannot be added up: say which one the answer is in, and",
    "    # what 1 of each other is worth in it, such as: rates: {JPY: 0.0062}.",
    "    # currency: EUR",
)


@dataclass(frozen=True)
class Decision:
    """What a draft says about a column, and why; nothing where another table has it too."""

    view: View
    column: str
    said: StudyVariable | None
    why: str


def draft_text(study: Study, placement: Placement, decisions: Sequence[Decision]) -> str:
    """Return a drafted study as YAML, with a comment for every decision."""
    lines = [*_HEAD, "forwhom: 1"]
    if study.title:
        lines.append(f"title: {flow(study.title)}")
    if placement.unplaced:
        lines.append("# Not placed:")
    for name, why in placement.unplaced:
        lines += _wrapped(f"{name}: {why}", "#   - ", "#     ")
    lines += _customers(study, placement)
    if study.events:
        lines += ["", "events:"]
    for events, spec in zip(placement.events, study.events, strict=True):
        lines += _events(events, spec)
    if study.events:
        lines += ["", *_FEATURES]
    if decisions:
        lines += ["", "variables:", *_variables(decisions, several=len(placement.of_customers) > 1)]
    if study.wholes:
        lines += ["", *_WHOLES, "wholes:", *_wholes(study)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, first: str, then: str) -> list[str]:
    """Return a text as comment lines. Signs that a comment cannot hold are taken out."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return textwrap.wrap(
        printable, _WIDTH, initial_indent=first, subsequent_indent=then,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _customers(study: Study, placement: Placement) -> Iterator[str]:
    if study.customers is not None and placement.customers is not None:
        view = placement.customers
        yield from ("", f"# One row per customer: {count(view.profile.rows, 'row')}.")
        yield from _layout(view, "# ")
        if view.id is None:
            yield f"# {EVERY_ROW}"
        yield from _mistakes(view, "# ")
        yield from _one_table(study.customers, "customers:", "  ")
    if study.tables:
        yield from ("", "# More about the same customers, joined by their id.", "tables:")
    for view, spec in zip(placement.tables, study.tables, strict=True):
        yield f"  # {opened(placement.coverage(view))}."
        yield from _mistakes(view, "  # ")
        yield from _one_table(spec, "  -", "    ")


def _layout(view: View, start: str) -> Iterator[str]:
    """Yield what a recognized export is, and what was done with it, as comments."""
    if view.layout is None:
        return
    yield from _wrapped(f"{view.layout.title} (layout {view.layout.name}).", start, start)
    for said in view.layout.told():
        yield from _wrapped(said, f"{start}- ", f"{start}  ")


def _mistakes(view: View, start: str) -> list[str]:
    return [f"{start}Mend this first: {one}." for one in view.id_mistakes()]


def _one_table(spec: CustomerTable, start: str, indent: str) -> Iterator[str]:
    """Yield a table on one line, or, with questions of several answers, on several."""
    said = spec.model_dump(exclude_defaults=True)
    if not spec.sets:
        yield f"{start} {flow(said)}"
        return
    first, *rest = [f"{key}: {flow(said[key])}" for key in said if key != "sets"]
    yield f"{start} {first}" if start.endswith("-") else start
    yield from (f"{indent}{line}" for line in (rest if start.endswith("-") else [first, *rest]))
    yield f"{indent}# Several answers may be chosen: each becomes a yes or no."
    yield f"{indent}sets:"
    yield from (f"{indent}  - {flow(one)}" for one in said["sets"])


def _events(events: EventsView, spec: Events) -> Iterator[str]:
    """Yield one item of ``events``, with what it does not use."""
    profile = events.view.profile
    customers, time = profile[spec.customer], profile[spec.time]
    who = count(customers.distinct, "customer")
    if missing := profile.rows - customers.n:
        who += f"; {count(missing, 'row without one is', 'rows without one are')} not used"
    yield f"  # Many rows per customer: {profile.rows:,}."
    yield from _layout(events.view, "  # ")
    yield f"  - table: {scalar(spec.table)}"
    if spec.name:
        yield f"    name: {scalar(spec.name)}"
    for field, why in {"customer": who, "time": _period(time), **_MEANING}.items():
        if (column := getattr(spec, field)) is not None:
            yield f"{f'    {field}: {scalar(column)}':<36}  # {why}"
    yield from _rows(spec)
    if spec.currencies is not None:
        yield from _SEVERAL_CURRENCIES
        yield f"    currencies: {flow({'column': spec.currencies.column})}"
    if spec.category:
        line = f"    category: {flow(spec.category)}"
        yield f"{line:<36}  # the share of each level becomes a variable"
    if spec.lookups:
        yield "    lookups:"
    for lookup in spec.lookups:
        yield f"      - {flow(lookup.model_dump())}"
    for table, columns in events.unused(spec):
        yield from _wrapped(f"Not used from {table}: {columns}.", "    # ", "    #   ")
    dated = time.usual is not None and time.type not in ("number", "text")
    last = f"{time.usual[1]}-01" if dated and time.usual else "2024-12-31"
    yield from (_TIME_ZONE, f"    # cutoff: {last}        # only events before it count")
    if spec.currency is not None:
        yield f"    currency: {spec.currency}             # unit of the money, as the rows say"
    elif spec.currencies is None:
        yield _CURRENCY


def _rows(spec: Events) -> Iterator[str]:
    """Yield how lines hang together, and which are left out."""
    if spec.fill:
        first = "The first" if spec.order in spec.fill else "One"
        yield f"    # {first} line of each order holds these; they hold for all of its lines."
        yield from _wrapped_list("    fill: ", spec.fill)
    if spec.returns is not None:
        yield "    # Rows of their own that give money of an earlier order back."
        yield f"    returns: {flow(spec.returns.model_dump(exclude_defaults=True))}"
    for field, why in _ROWS.items():
        if said := getattr(spec, field):
            yield f"    # {why}"
            yield f"    {field}: {flow(said)}"


def _wrapped_list(start: str, names: Sequence[str]) -> Iterator[str]:
    line = f"{start}{flow(list(names))}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield start.rstrip()
    yield from (f"      - {scalar(name)}" for name in names)


def _period(column: VariableProfile) -> str:
    if column.type != "date":
        return f"{column.type}, read as times where it can be"
    # The first and the last day are those of one event.
    return "dates" if column.usual is None else "{} to {}".format(*column.usual)


def _variables(decisions: Sequence[Decision], *, several: bool) -> list[str]:
    """Return the lines under ``variables``; a reason that the line before had is not repeated."""
    lines: list[str] = []
    view, last_why = None, ""
    alike = {i for i, (a, b) in enumerate(pairwise(decisions)) if a.why == b.why}
    for index, one in enumerate(decisions):
        if several and one.view is not view:
            lines += [*([""] if lines else []), *_wrapped(one.view.short, "  # ", "  # ")]
            view, last_why = one.view, ""
        if one.said is None:
            lines += _wrapped(one.why, "  # ", "  # ")
            continue
        told = {name: getattr(one.said, name) for name in _SAID}
        said = {name: value for name, value in told.items() if value is not None}
        line = f"  {key_of(one.column)}: {flow(said)}"
        shared = index in alike or index - 1 in alike
        if len(line) + len(one.why) + 4 <= _WIDTH and not shared:
            lines += _wrapped(one.why, f"{line}  # ", "  # ")
            last_why = ""
            continue
        if one.why != last_why:
            lines += _wrapped(one.why, "  # ", "  # ")
        last_why = one.why
        lines += [line] if len(line) <= _WIDTH else _folded(f"  {key_of(one.column)}: ", said)
    return lines


def _wholes(study: Study) -> Iterator[str]:
    for name, whole in study.wholes.items():
        line = f"  {key_of(name)}: {flow({'parts': whole.parts, 'items': whole.items})}"
        if len(line) <= _WIDTH:
            yield line
            continue
        yield f"  {key_of(name)}:"
        yield "    parts:"
        yield from (f"      - {scalar(part)}" for part in whole.parts)
        yield f"    items: {scalar(whole.items)}"


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
