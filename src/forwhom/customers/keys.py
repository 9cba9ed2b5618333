"""Who bought, and what is one order, by values alone: what headings in unknown words leave open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forwhom.customers.arithmetic import FEWEST, has_fractions, taxed
from forwhom.customers.clues import FEW_LEVELS, ORDER_WORDS, first_named, is_other_key
from forwhom.tables import Table, TableProfile, VariableProfile, collect
from forwhom.tables.personal import IDENTIFYING
from forwhom.tables.summaries import name_words
from forwhom.wording import listed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: So many rows show how columns hang together.
ROWS = 20_000
#: A rule holds where it holds for nearly all; exports have slips of the pen.
HOLDS = 0.98
#: From this share of rows on, a key is there; and a text is one word, or has a digit.
_FILLED, _MOSTLY = 0.9, 0.8
#: So many customers, or this share of them, come back on another day.
_COME_BACK, _SHARE = 5, 0.1
#: So many times more customers than anything else: more than sellers, stores and places.
_FINER = 4
#: Fewer values, each with so many rows, may be those who sell, and not those who buy.
_SELLERS, _SALES = 20, 20
#: Ids that all are multiples of so much are amounts.
_ROUND = 5
#: So many columns of a survey tool make the rows responses.
FEW_OF_TOOL = 3
#: Numbers of rising orders and their times rise together, but for this.
_RISING = 0.9


@dataclass(frozen=True)
class Sample:
    """The first rows of a table: which value each has, and its numbers."""

    codes: Mapping[str, Ints]  # ranks of values, by column; -1 where nothing stands
    numbers: Mapping[str, Floats]  # by column of numbers; NaN where nothing stands
    days: Mapping[str, Floats]  # days since 1970, by column of dates

    def constant(self, key: str, column: str) -> tuple[float, int]:
        """Return in which share of the groups of a key a column says one thing, and of how many.

        Groups of one row tell nothing.
        """
        return _constant(self.codes[key], self.codes[column])

    def determines(self, key: str, column: str) -> bool:
        """Whether rows with the same key say the same in a column."""
        share, groups = self.constant(key, column)
        return share >= HOLDS and groups >= FEWEST

    def distinct(self, column: str) -> int:
        """Return how many values there are."""
        return int(self.codes[column].max(initial=-1)) + 1

    def are_distinct(self, column: str) -> bool:
        """Whether no value is in two rows."""
        own = self.codes[column]
        return self.distinct(column) == int((own >= 0).sum())


def _constant(key: Ints, column: Ints) -> tuple[float, int]:
    both = (key >= 0) & (column >= 0)
    key, column = key[both], column[both]
    order = np.argsort(key, kind="stable")
    key, column = key[order], column[order]
    if len(key) == 0:
        return 0.0, 0
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    sizes = np.diff(np.r_[starts, len(key)])
    same = np.maximum.reduceat(column, starts) == np.minimum.reduceat(column, starts)
    several = sizes > 1
    groups = int(several.sum())
    return (float(same[several].mean()) if groups else 0.0), groups


def sampled(table: Table, columns: Sequence[VariableProfile]) -> Sample:
    """Read the first rows of some columns."""
    names = [c.name for c in columns if c.n and c.type != "other"]
    rows = collect(replace(table, frame=table.frame.select(names).head(ROWS)))
    numeric = {c.name for c in columns if c.type == "number"}
    codes = {name: _ranks(rows[name].combine_chunks()) for name in names}
    numbers = {name: _floats(rows[name]) for name in names if name in numeric}
    dates = {c.name for c in columns if c.type == "date"}
    days = {name: _days(rows[name]) for name in names if name in dates}
    return Sample(codes, numbers, days)


def _ranks(values: pa.Array) -> Ints:
    ranks = pc.rank(values, sort_keys="ascending", tiebreaker="dense").to_numpy()
    held = values.is_valid().to_numpy(zero_copy_only=False)
    return np.where(held, ranks.astype(np.int64) - 1, -1)


def _floats(values: pa.ChunkedArray) -> Floats:
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)


def _days(values: pa.ChunkedArray) -> Floats:
    return np.floor(_floats(values.cast(pa.timestamp("s"), safe=False).cast(pa.int64())) / 86_400)


@dataclass(frozen=True)
class Keys:
    """What values say of who bought: one column, or several of which none is surer."""

    customer: str | None
    order: str | None = None
    others: tuple[str, ...] = ()
    #: the only reading in which each row is a customer, who would be told apart by this
    row: str | None = None

    @property
    def why(self) -> str:
        """Why the customer is who it is, in words."""
        same = f", and are the same on all lines of a {self.order}" if self.order else ""
        return f"its values come back on other days{same}"

    def unclear(self) -> str:
        """Say what cannot be decided."""
        may_be = listed(self.others, last="or")
        if self.row is None:
            return (
                "the rows look like purchases, but no column says who the customer is; it may "
                f"be {may_be}"
            )
        return (
            f"nothing says whether a row is a purchase, of whom {may_be} tells, or a customer "
            f"with the number in {self.row}"
        )


def code_like(sample: Sample, table: Table, column: VariableProfile) -> bool:
    """Whether values are ids by how they are written: one word with digits, of one length."""
    if column.type == "number":
        own = sample.numbers[column.name]
        own = own[~np.isnan(own)]
        whole = len(own) > 0 and own.min() >= 0 and bool(np.all(own == np.floor(own)))
        if not whole or column.zeros > 0:
            return False
        texts = [f"{value:.0f}" for value in np.unique(own)]
        one_length = len(texts[0]) == len(texts[-1]) >= 3
        dense = len(texts) >= FEW_LEVELS and own.max() - own.min() < 1.5 * len(texts)
        # Amounts without cents are round numbers; ids are not.
        round_ones = bool(np.gcd.reduce(np.unique(own).astype(np.int64)) >= _ROUND)
        days = all(_is_day(text) for text in texts[:100])
        return bool(one_length or dense) and not days and not round_ones
    kind = nw.col(column.name)
    told = table.frame.select(column.name).head(ROWS).drop_nulls().select(
        word=(~kind.str.strip_chars().str.contains(r"\s")).cast(nw.Int64).sum(),
        digit=kind.str.contains(r"\d").cast(nw.Int64).sum(),
        n=nw.len(),
    )  # fmt: skip
    row = collect(replace(table, frame=told)).to_pylist()[0]
    return bool(min(row["word"], row["digit"]) >= _MOSTLY * max(row["n"], 1))


def _is_day(text: str) -> bool:
    of_ours = len(text) == 8 and text[:2] in ("19", "20")
    return of_ours and "01" <= text[4:6] <= "12" and "01" <= text[6:] <= "31"


def may_be_days(column: VariableProfile) -> bool:
    """Whether numbers may be days such as 20171231."""
    low, high = column.minimum, column.maximum
    numbers = isinstance(low, int | float) and isinstance(high, int | float)
    return numbers and _is_day(f"{low:.0f}") and _is_day(f"{high:.0f}")


def _candidates(profile: TableProfile) -> Iterator[VariableProfile]:
    for column in profile.columns:
        fits = column.type in ("text", "number") and column.n >= _FILLED * profile.rows
        known = column.personal is not None and column.personal not in IDENTIFYING
        known = known or column.basis == "geographic" or column.of_tool
        if fits and not known and column.distinct >= FEWEST:
            yield column


def found_keys(table: Table, profile: TableProfile, order: str | None = None) -> Keys | None:
    """Find who the customer is by values: those who come back, the same on all lines of an order.

    None where rows are no purchases or visits at all, by what can be seen.
    """
    filled = [c for c in profile.columns if c.n >= _FILLED * profile.rows]
    dates = [c for c in filled if c.type == "date"] or [c for c in filled if may_be_days(c)]
    if not dates or sum(c.of_tool for c in profile.columns) >= FEW_OF_TOOL:
        return None
    may_be = [c for c in _candidates(profile) if c not in dates]
    numbers = [c for c in profile.columns if c.type == "number" and c not in [*may_be, *dates]]
    sample = sampled(table, [*dates, *may_be, *numbers])
    codes = [c.name for c in may_be if c.personal or code_like(sample, table, c)]
    days = [c.name for c in dates]
    order = order or order_by_values(sample, codes, days)
    cents = any(map(has_fractions, sample.numbers.values()))
    if order is None and not cents and not taxed(sample.numbers):
        return None
    back = [c for c in codes if _come_back(sample, c, days) and not is_other_key(c)]
    if order is not None:
        back = _finest(sample, [c for c in back if c != order and sample.determines(order, c)])
    else:
        # Without orders of several lines, what is finer may be orders of several days.
        own = [c for c in back if not _is_priced(sample, c) and not _are_levels(sample, c)]
        back = _without_copies(sample, own)
    if not back:
        return None
    found = _settled(sample, back, order)
    row = next((c for c in codes if sample.are_distinct(c)), None)
    if order is None and row is not None and not _rises(sample, row, days):
        return _row_or_customer(sample, found, row)
    return found


def order_by_values(sample: Sample, codes: Sequence[str], days: Sequence[str]) -> str | None:
    """Return the finest key whose lines share a time, where several have more than one line."""
    found = [
        c for c in codes
        if not sample.are_distinct(c) and any(sample.determines(c, day) for day in days)
    ]  # fmt: skip
    return max(found, key=sample.distinct, default=None)


def _come_back(sample: Sample, column: str, days: Sequence[str]) -> bool:
    """Whether several of those whom a key tells apart were there on different days."""
    for day in days:
        same, groups = sample.constant(column, day)
        varying = round((1 - same) * groups)
        if varying >= _COME_BACK and varying >= _SHARE * groups:
            return True
    return False


def _is_priced(sample: Sample, column: str) -> bool:
    """Whether each value has a price of its own: it is a product."""
    fractions = [n for n, own in sample.numbers.items() if has_fractions(own)]
    return any(
        sample.distinct(number) >= 3 and sample.determines(column, number)
        for number in fractions if number != column
    )  # fmt: skip


def _finest(sample: Sample, keys: Sequence[str]) -> list[str]:
    """Leave out what a finer key tells: the town of a customer, or a second number of theirs."""
    ranked = sorted(keys, key=lambda c: -sample.distinct(c))
    kept: list[str] = []
    for one in ranked:
        if not any(sample.determines(finer, one) for finer in kept):
            kept.append(one)
    return kept


def _without_copies(sample: Sample, keys: Sequence[str]) -> list[str]:
    """Leave out second names of the same: each value of one has one of the other."""
    kept: list[str] = []
    for one in sorted(keys, key=lambda c: -sample.distinct(c)):
        if not any(sample.determines(k, one) and sample.determines(one, k) for k in kept):
            kept.append(one)
    return kept


def _are_levels(sample: Sample, key: str) -> bool:
    """Whether a few values with many rows each may be answers, or those who sell."""
    values, rows = sample.distinct(key), int((sample.codes[key] >= 0).sum())
    return values <= _SELLERS and rows >= _SALES * values


def _settled(sample: Sample, keys: Sequence[str], order: str | None) -> Keys:
    """Take one key where it is surer than all others: much finer, or the only one."""
    first, *rest = keys
    sizes = [sample.distinct(one) for one in keys]
    # Without orders of several lines, what is finest may be what was bought.
    others = all(_FINER * n <= sizes[0] and n <= FEW_LEVELS for n in sizes[1:])
    surer = order is not None and others
    if _are_levels(sample, first) or (rest and not surer):
        return Keys(None, order, tuple(keys))
    return Keys(first, order, tuple(rest))


def _row_or_customer(sample: Sample, found: Keys, row: str) -> Keys | None:
    """Doubt that rows are purchases where each has a number, and nothing shows what it counts."""
    if taxed(sample.numbers):
        return found
    may_be = (found.customer,) if found.customer else found.others
    if {"id", "key"} & set(name_words(row)):
        return None
    return Keys(None, None, may_be, row)


def _rises(sample: Sample, row: str, days: Sequence[str]) -> bool:
    """Whether numbers of rows were given in the order of their times, as those of receipts are."""
    for day in days:
        both = (sample.codes[row] >= 0) & (sample.codes[day] >= 0)
        if both.sum() < FEWEST:
            continue
        a, b = sample.codes[row][both], sample.codes[day][both]
        if np.ptp(a) and np.ptp(b) and abs(float(np.corrcoef(a, b)[0, 1])) >= _RISING:
            return True
    return False


def moving_within(table: Table, profile: TableProfile, names: Sequence[str]) -> set[str]:
    """Return which of several keys of people differ within orders: of guests, not who ordered."""
    order = first_named(profile.columns, ORDER_WORDS, names) if len(names) > 1 else None
    if order is None:
        return set()
    sample = sampled(table, [c for c in profile.columns if c.name in (order, *names)])
    told = {name: sample.constant(order, name) for name in names}
    return {name for name, (same, groups) in told.items() if groups >= FEWEST and same < HOLDS}


def order_of(table: Table, profile: TableProfile, customer: str, time: str) -> str | None:
    """Find what the lines of one order share, by values: one time, and one customer."""
    may_be = [
        c for c in _candidates(profile) if c.name not in (customer, time) and c.personal is None
    ]  # fmt: skip
    known = [c for c in profile.columns if c.name in (customer, time)]
    sample = sampled(table, [*known, *may_be])
    codes = [c.name for c in may_be if code_like(sample, table, c)]
    keys = [c for c in codes if sample.determines(c, customer)]
    return order_by_values(sample, keys, [time] if profile[time].type == "date" else [])


def earliest(table: Table, profile: TableProfile, days: Sequence[str], customer: str) -> str | None:
    """Return which of several dates comes first in each row, among those that move.

    What is the same for all rows of a customer, such as a birthday, is not when they bought.
    """
    known = [c for c in profile.columns if c.name in (customer, *days)]
    sample = sampled(table, known)
    moving = [d for d in days if not sample.determines(customer, d)]
    filled = {d: int((sample.codes[d] >= 0).sum()) for d in moving}
    moving = [d for d in moving if filled[d] >= _FILLED * max(filled.values())]
    first = [
        d for d in moving
        if all(_not_after(sample.days[d], sample.days[other]) for other in moving if other != d)
    ]  # fmt: skip
    return max(first, key=sample.distinct, default=None)


def _not_after(days: Floats, others: Floats) -> bool:
    both = ~np.isnan(days) & ~np.isnan(others)
    return bool(both.any()) and float(np.mean(days[both] <= others[both])) >= HOLDS
