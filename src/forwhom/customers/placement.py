"""Which table is what: customers, more about them, events, lookups of events, or none of these."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.customers.clues import (
    CUSTOMER_WORDS,
    FEW_LEVELS,
    KEY_WORDS,
    customer_rank,
    is_other_key,
    may_be_time,
    time_columns,
)
from forwhom.customers.joining import all_ids, positions
from forwhom.customers.keys import FEW_OF_TOOL, earliest, found_keys, may_be_days, moving_within
from forwhom.customers.purchases import (
    OrderLines,
    Purchases,
    code_columns,
    event_columns,
    is_money,
    look_like_purchases,
    order_lines,
    repeats_orders,
    unread_money,
)
from forwhom.documents.layout import Layout
from forwhom.documents.study import COLUMNS_OF_EVENTS, ChoiceSet, Events, StudyVariable
from forwhom.errors import DataError
from forwhom.features.orders import filled_down
from forwhom.tables import Table, TableProfile, VariableProfile, collect, join_left
from forwhom.tables.personal import IDENTIFYING
from forwhom.tables.profile import profile_table
from forwhom.tables.scales import FEW
from forwhom.tables.summaries import name_words
from forwhom.tables.times import with_local_time
from forwhom.wording import count, listed

#: The customers of a study are those of the customers table; it must know nearly all who bought.
COVERAGE = 0.9

#: With fewer values that can be read as times, a column holds something else.
MOSTLY_READ = 0.8

#: What is said where no column identifies the customer.
EVERY_ROW = "No column says who the customer is, so every row counts as one."

#: What a person does about it.
_NAME_IT = "In the study that 'forwhom study' drafts, name it under 'events' before you go on."

#: Without a word such as "id", few values that each have so many rows are levels.
_OFTEN = 10

#: Of several columns that may identify the customer, one with fewer values than this share of the
#: others' is for some customers only.
MOSTLY_FILLED = 0.9

#: How plausibly personal data identify the customer, after every number of theirs.
_PERSONAL = {"e-mail addresses": 1_000, "phone numbers": 2_000, "bank accounts": 3_000}
#: And after all of these, their names.
_BY_NAME = 4_000

#: With fewer repeated ids than this, a table has one row per customer, and some mistakes.
NEARLY_UNIQUE = 0.9


@dataclass(frozen=True)
class View:
    """A table, what is in it, and the column that identifies the customer."""

    name: str  # what the study calls it
    table: Table
    profile: TableProfile
    id: str | None = None
    lines: OrderLines | None = None  # where one line of an order holds what is said of the whole
    others: tuple[str, ...] = ()  # columns that could identify the customer, too
    layout: Layout | None = None  # of which known export it is
    columns: Mapping[str, Any] | None = None  # what the layout says of the columns of events
    variables: Mapping[str, StudyVariable] = field(default_factory=dict)  # and of customers
    left_out: Mapping[str, list[str]] = field(default_factory=dict)  # rows that are no customers
    sets: tuple[ChoiceSet, ...] = ()  # questions of which several answers may be chosen
    #: numbers that say "never", by column
    never: Mapping[str, Sequence[int | float]] = field(default_factory=dict)
    #: columns of one question, and of questions that not everybody was asked
    questions: Mapping[str, StudyVariable] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)  # why, of some of them
    #: what was found about questions, or by values alone, in sentences
    remarks: tuple[str, ...] = ()
    unclear: str = ""  # what values leave open about who the customer is

    @property
    def short(self) -> str:
        """The table's name without the folders before it."""
        return self.table.name

    def ids(self, column: str | None = None) -> pa.Array:
        """Return the different values of the id, or of another column, in memory."""
        column = column or self.id
        assert column is not None
        distinct = self.table.frame.select(column).drop_nulls().unique()
        return collect(replace(self.table, frame=distinct))[column].combine_chunks()

    def one_row_each(self, column: str) -> bool:
        """Return whether no value of a column is in two rows."""
        found = self.profile[column]
        return found.n > 0 and found.distinct == found.n

    def id_mistakes(self) -> Iterator[str]:
        """Say what must be mended in the data before the ids can be used."""
        if self.id is None:
            return
        column = self.profile[self.id]
        if column.n < self.profile.rows:
            yield f"{count(self.profile.rows - column.n, 'row has', 'rows have')} no {self.id}"
        if column.distinct < column.n:
            rows = count(column.n - column.distinct, "row repeats", "rows repeat")
            yield f"{rows} the {self.id} of another row"


@dataclass(frozen=True)
class EventsView:
    """A table of events, with what its columns are for and the tables that belong to it."""

    view: View
    columns: dict[str, Any]
    lookups: list[tuple[View, str]] = field(default_factory=list)
    remarks: tuple[str, ...] = ()  # what was found by values alone, in sentences

    def unused(self, spec: Events) -> Iterator[tuple[str, str]]:
        """Yield each table with the columns that the events do not use, in words."""
        used = {*spec.category, *spec.leave_out, *spec.returned, *(on for _, on in self.lookups)}
        used |= {getattr(spec, key) for key in COLUMNS_OF_EVENTS}
        used |= {spec.currencies.column} if spec.currencies is not None else set()
        used |= {spec.returns.order, *spec.returns.rows} if spec.returns is not None else set()
        for view in (self.view, *(lookup for lookup, _ in self.lookups)):
            unused = [c for c in view.profile.columns if c.name not in used]
            used |= {c.name for c in unused}  # lines know the columns of their orders
            said = [_about(c) for c in unused if c.n]
            if empty := len(unused) - len(said):
                said.append(count(empty, "column without any value", "columns without any value"))
            if said:
                yield view.short, ", ".join(said)


def _about(column: VariableProfile) -> str:
    if column.personal is not None:
        return f"{column.name} ({column.personal})"
    if column.type == "text" and 2 <= column.distinct <= FEW_LEVELS:
        return f"{column.name} ({column.distinct} levels, could be a category)"
    return f"{column.name} ({column.type})"


@dataclass
class Placement:
    """What each table is."""

    customers: View | None = None
    tables: list[View] = field(default_factory=list)
    events: list[EventsView] = field(default_factory=list)
    unplaced: list[tuple[str, str]] = field(default_factory=list)
    known: dict[str, tuple[int, int]] = field(default_factory=dict)
    undecided: str = ""  # what must be said by a person before segments can be sought
    way_out: str = ""  # and how

    @property
    def of_customers(self) -> list[View]:
        """The tables with one row per customer."""
        return [*([] if self.customers is None else [self.customers]), *self.tables]

    def coverage(self, view: View) -> str:
        """Say how many customers are in a table that tells more about them."""
        both, everyone = self.known[view.name]
        said = f"{both:,} of {everyone:,} customers are in it"
        alone = "; under 'customers' instead, only those would take part"
        return said + alone if self.customers is None else said

    def leave_out(self, view: View, why: str) -> None:
        """Say that a table has no place, and why."""
        self.unplaced.append((view.short, why))


def with_whole_orders(view: View, order: str | None = None) -> View:
    """Return a view in which each line of an order says what one of them says of the whole."""
    lines = order_lines(view.table, view.profile, order)
    if lines is None:
        return view
    table = filled_down(view.table, lines.order, lines.once)
    return replace(view, table=table, profile=profile_table(table), lines=lines)


def place(views: Sequence[View]) -> Placement:
    """Decide what each table is, and which column holds its ids; each is in exactly one place."""
    placement = Placement()
    customers, rest = [], []
    identified = _identified(views)
    for view in identified:
        if view.columns is not None:
            placement.events.append(EventsView(view, dict(view.columns)))
            continue
        time = _time(view)
        if view.id is None:
            rest.append(view)
        elif view.layout is not None or _is_per_customer(view, time):
            customers.append(view)
        elif time is not None:
            found = event_columns(view.table, view.profile, view.id, time, view.lines)
            remarks = (*view.remarks, *found.remarks)
            placement.events.append(EventsView(view, found.columns, remarks=remarks))
            _check_money(placement, view, found)
        else:
            rest.append(view)
    rest = [view for view in rest if not _are_lines(placement, view)]
    for view in rest:
        _place_rest(placement, view, alone=len(views) == 1)
    _place_customers(placement, customers)
    if placement.customers is None and not placement.events:
        _settle_without_ids(placement, identified)
    return placement


def _check_money(placement: Placement, view: View, found: Purchases) -> None:
    """Say what cannot be read, where a column is called like the money of a row and holds text.

    And what cannot be decided, where several numbers of purchases may be it.
    """
    columns = found.columns
    if set(columns) & {"amount", "price", "order_amount"}:
        return
    taken = [name for name in columns.values() if isinstance(name, str)]
    unread = unread_money(view.table, view.profile, taken)
    if unread is not None:
        placement.undecided = (
            f"{view.short}: {unread!r} is called like money, but not all that it holds are "
            "numbers, so nothing says what a row is worth"
        )
        placement.way_out = (
            "Correct or empty the cells that are no numbers; or go on without money, with the "
            "study that 'forwhom study' drafts."
        )
    elif len(found.may_be_money) > 1 and {"order", "quantity", "item"} & set(columns):
        placement.undecided = (
            f"{view.short}: no column says what money a row is; it may be "
            f"{listed(found.may_be_money, last='or')}"
        )
        placement.way_out = (
            "In the study that 'forwhom study' drafts, name it as 'amount' (of a line) or "
            "'order_amount' (of a whole order) before you go on; or go on without money with it."
        )


def _time(view: View) -> str | None:
    """Return the column that says when something happened."""
    found = time_columns(view.profile.columns)
    if view.id is None or view.one_row_each(view.id):
        return next(iter(found), None)
    if found:
        first = earliest(view.table, view.profile, found, view.id) if len(found) > 1 else None
        return first or found[0]
    others = [c for c in view.profile.columns if c.name != view.id]
    candidates = [c.name for c in others if may_be_time(c) or may_be_days(c)]
    return next((name for name in candidates if _is_written_time(view, name)), None)


def _is_written_time(view: View, column: str) -> bool:
    """Whether text or numbers are times, but for some that nobody can read."""
    try:
        frame, _ = with_local_time(
            view.table.frame, column, "UTC", name="forwhom_time", where=view.name
        )
    except DataError:
        return False
    read = collect(replace(view.table, frame=frame.select(nw.col("forwhom_time").count())))
    return int(read[0][0].as_py()) >= MOSTLY_READ * view.profile[column].n


def _identified(views: Sequence[View]) -> list[View]:
    """Find the column that identifies the customer in each table: by name, else by its values."""
    names = [c.name for view in views for c in view.profile.columns]
    named = [(view.id,) if view.id is not None else _named_id(view, names) for view in views]
    if any(named):
        return [
            replace(view, id=found[0] if found else None, others=found[1:])
            for view, found in zip(views, named, strict=True)
        ]
    return [_by_values(view) or replace(view, id=_unnamed_id(view, names, len(views)))
            for view in views]  # fmt: skip


def _by_values(view: View) -> View | None:
    """Find who the customer is where no heading says it; None where rows are no purchases."""
    order = None if view.lines is None else view.lines.order
    found = found_keys(view.table, view.profile, order)
    if found is None:
        return None
    if found.customer is None:
        return replace(view, unclear=found.unclear())
    said = f"{found.customer} is taken for the customer, because {found.why}."
    return replace(view, id=found.customer, others=found.others, remarks=(said,))


def _named_id(view: View, names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that could be the customer's, the most plausible first."""
    ranked = [
        # Of equally strong names, the one that joins most tables.
        (rank, -names.count(column.name), position, column)
        for position, column in enumerate(view.profile.columns)
        if (rank := _rank(column)) is not None
    ]
    most = max((one[3].n for one in ranked), default=0)
    moving = moving_within(view.table, view.profile, [one[3].name for one in ranked])
    # A number that only some have, as shops give to those with an account, tells less.
    ranked.sort(key=lambda one: (one[3].n < MOSTLY_FILLED * most, one[3].name in moving, *one[:3]))
    found = tuple(one[3].name for one in ranked)
    if not found or view.profile[found[0]].personal is None:
        return found
    return _impersonal(view, found)


def _rank(column: VariableProfile) -> int | None:
    """Return how plausibly a column identifies the customer; lower is stronger."""
    if column.personal is not None:
        # One account in all rows is whose file it is; a name that repeats is of one customer.
        several = 1 < column.distinct < NEARLY_UNIQUE * column.n
        named = several and bool(set(CUSTOMER_WORDS) & set(name_words(column.name)))
        if column.personal == "names of people":
            return _BY_NAME if named else None
        return _PERSONAL.get(column.personal) if column.distinct > 1 else None
    return customer_rank(column.name) if _can_identify(column) else None


def _impersonal(view: View, found: tuple[str, ...]) -> tuple[str, ...]:
    """Prefer a number to an address where both stand once in each row."""
    address = view.profile[found[0]]
    of_responses = sum(c.of_tool for c in view.profile.columns) >= FEW_OF_TOOL
    own = _unnamed_id(view, (), 1)
    if own is None or not view.one_row_each(own) or view.profile[own].n < view.profile.rows:
        return found
    if of_responses or address.distinct >= NEARLY_UNIQUE * view.profile.rows:
        return (own, *found)
    return found


def _unnamed_id(view: View, names: Sequence[str], tables: int) -> str | None:
    ids = [
        column.name
        for column in view.profile.columns
        if _can_identify(column) and column.use == "id" and not is_other_key(column.name)
        if not is_money(column.name) and not may_be_time(column)
        if column.personal is None and column.n >= MOSTLY_FILLED * view.profile.rows
    ]
    if tables > 1:
        return next((name for name in ids if names.count(name) > 1), None)
    return next((name for name in ids if view.one_row_each(name)), next(iter(ids), None))


def _can_identify(column: VariableProfile) -> bool:
    """Whether values can be ids: a measurement with an unlucky name (number_of_users) cannot."""
    words = name_words(column.name)
    sure = column.type == "text" or column.use == "id" or len(words) == 1
    sure = sure or bool(words and words[-1] in KEY_WORDS)
    # A key comes first in other languages: código do cliente; but not in a number of users.
    sure = sure or bool(words and words[0] in KEY_WORDS - {"number", "numbers"})
    return sure and column.type in ("number", "text") and column.n > 0 and not _are_levels(column)


def _are_levels(column: VariableProfile) -> bool:
    """Whether a few values that repeat are levels (contact: cellular, telephone) and no ids."""
    keyed = KEY_WORDS & set(name_words(column.name))
    return not keyed and column.distinct <= FEW and column.n >= _OFTEN * column.distinct


def _is_per_customer(view: View, time: str | None) -> bool:
    assert view.id is not None
    if view.one_row_each(view.id):
        return True
    column = view.profile[view.id]
    columns = event_columns(view.table, view.profile, view.id, "", view.lines).columns
    has_lines = bool({"amount", "order_amount", "price", "quantity", "order"} & set(columns))
    nearly = column.distinct >= NEARLY_UNIQUE * column.n
    return nearly and (time is None or not has_lines)


def _are_lines(placement: Placement, view: View) -> bool:
    """Whether a table has the lines of orders that another holds: they become the events.

    Who bought and when is looked up in the orders, one row for each. Money of an order is that of
    all its lines.
    """
    repeated = {c.name for c in view.profile.columns if c.n > c.distinct}
    for index, events in enumerate(placement.events):
        order = events.columns.get("order")
        if view.id is None and order in repeated and events.view.one_row_each(order):
            placement.events[index] = _by_line(events, view, order)
            return True
    return False


def _by_line(orders: EventsView, lines: View, order: str) -> EventsView:
    """Return the lines of orders as the events, with the orders as what is looked up."""
    of_order, customer = dict(orders.columns), orders.columns["customer"]
    found = event_columns(lines.table, lines.profile, customer, "")
    own = {key: said for key, said in found.columns.items() if key not in ("customer", "time")}
    whole = of_order.pop("amount", None) or of_order.get("order_amount")
    out = {**of_order.pop("leave_out", {}), **own.pop("leave_out", {})}
    columns = {**of_order, **own, "order": order}
    columns |= {} if whole is None else {"order_amount": whole}
    columns |= {"leave_out": out} if out else {}
    here = {c.name.casefold() for c in lines.profile.columns}
    more = [c for c in orders.view.table.columns if c.casefold() not in here]
    told = orders.view.table.frame.select(order, *more)
    joined = join_left(lines.table, replace(orders.view.table, frame=told), on=order)
    known = profile_table(replace(joined, frame=joined.frame.select(more)))
    profile = replace(lines.profile, columns=[*lines.profile.columns, *known.columns])
    view = replace(lines, table=joined, profile=profile, id=customer)
    remarks = (*orders.remarks, *found.remarks)
    return EventsView(view, columns, [(orders.view, order), *orders.lookups], remarks)


def _place_rest(placement: Placement, view: View, *, alone: bool) -> None:
    """Place a table without customers, or with many rows for each but no time: often a lookup."""
    for index, events in enumerate(placement.events):
        columns = {c.name for c in events.view.profile.columns}
        for column in view.profile.columns:
            joins = column.name in columns and column.name != events.columns["time"]
            if joins and column.type in ("number", "text") and view.one_row_each(column.name):
                placement.events[index].lookups.append((view, column.name))
                return
    if alone:
        return
    if view.id is None:
        why = "no column says who the customer is, and no events share a key of it"
    else:
        why = f"it has several rows for each {view.id}, but no date or time, so they are no events"
    placement.leave_out(view, why)


def _place_customers(placement: Placement, views: list[View]) -> None:
    """Choose the table that says who the customers are; the others tell more about them."""
    if not views:
        return
    if placement.events:
        everyone = all_ids([events.view.ids() for events in placement.events])
        for view in views:
            own = view.ids()
            both = int((positions(everyone, own) >= 0).sum())
            placement.known[view.name] = (both, len(everyone))
        complete = [v for v in views if placement.known[v.name][0] >= COVERAGE * len(everyone)]
    else:
        complete = views
    if complete:
        placement.customers = max(complete, key=lambda v: v.profile[str(v.id)].distinct)
    for view in views:
        if view is placement.customers:
            continue
        if not placement.events and placement.customers is not None:
            base = placement.customers.ids()
            both = int((positions(base, view.ids()) >= 0).sum())
            placement.known[view.name] = (both, len(base))
        if placement.known[view.name][0] == 0:
            placement.leave_out(view, f"its {view.id} has no value in common with other tables")
        else:
            placement.tables.append(view)


def _repeats(profile: TableProfile, address: str) -> bool:
    """Whether nearly all rows have an address of somebody, and many have that of another row."""
    own = profile[address]
    whole = own.n >= MOSTLY_FILLED * profile.rows
    return own.personal in IDENTIFYING and whole and own.distinct < NEARLY_UNIQUE * own.n


def _settle_without_ids(placement: Placement, views: Sequence[View]) -> None:
    """Take every row of the longest table for a customer: there is no better reading.

    A table whose ids repeat keeps them, so that the repetition is said and not computed with.
    """
    longest = max(views, key=lambda v: (v.profile.rows, -views.index(v)))
    named = longest.id is not None and (
        customer_rank(longest.id) is not None or _repeats(longest.profile, longest.id)
    )
    placement.customers = replace(longest, id=longest.id if named else None)
    if longest.unclear:
        placement.undecided = f"{longest.short}: {longest.unclear}"
        placement.way_out = _NAME_IT
        return
    lines = longest.lines is not None or repeats_orders(longest.table, longest.profile)
    if not named and (lines or look_like_purchases(longest.profile)):
        may_be = [c.name for c in code_columns(longest.profile)]
        could = f"; it may be {listed(may_be, last='or')}" if may_be else ""
        placement.undecided = (
            f"{longest.short}: the rows look like purchases, but no column says who the customer "
            f"is{could}"
        )
        placement.way_out = _NAME_IT
    placement.unplaced = [one for one in placement.unplaced if one[0] != longest.short]
