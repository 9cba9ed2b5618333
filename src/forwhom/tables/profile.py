from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.documents.base import Basis, Criterion, Measure, Role, Use, expect, is_number
from forwhom.documents.privacy import coarse_count
from forwhom.errors import DataError
from forwhom.tables.engine import arrow
from forwhom.tables.frames import Kind, Table, held, kinds
from forwhom.tables.inference import MOST_TEXT_LEVELS, Inference, infer_all, shape
from forwhom.tables.lexicon import CODE_WORDS, ID_WORDS, STRICT_CODE_WORDS
from forwhom.tables.missing import codes_for_no_answer
from forwhom.tables.ordering import level_name
from forwhom.tables.personal import Personal
from forwhom.tables.spark import is_spark
from forwhom.tables.sparktallies import spark_tallies
from forwhom.tables.summaries import (
    THRESHOLD,
    Summary,
    Type,
    counted_statistics,
    name_words,
)
from forwhom.tables.tallies import Tally, tallied
from forwhom.wording import clean, count, listed, number, percent

_TOP = 5

#: What a first column is called where it numbers the rows, if its whole numbers are there once.
_INDEX_NAMES = frozenset({"index", "level_0", "x", "#"})


@dataclass(frozen=True)
class VariableProfile:
    """One column: what is in it, what it seems to be, and why."""

    name: str  # name of the column
    type: Type  # what it holds; ``other`` cannot be used
    n: int  # rows with a value
    missing: float  # share of rows without a value
    distinct: int  # number of different values
    minimum: float | date | datetime | None  # ``minimum``, ``maximum``: range of numbers and dates
    maximum: float | date | datetime | None
    mean: float | None  # ``mean``, ``sd``: of numbers
    sd: float | None
    quantiles: Mapping[float, float]  # probability to quantile, of numbers
    zeros: float  # share of zeros among rows with a value
    negatives: int  # number of values under zero
    shape: str  # the distribution in words, such as "right-skewed"
    #: most frequent levels with their rows; levels with fewer than 10 rows are withheld
    top: list[tuple[str, int]]
    #: ``measure``, ``basis``, ``use``, ``role``, ``criterion``, ``why``: what inference says;
    #: see :func:`forwhom.tables.inference.infer`
    measure: Measure | None
    basis: Basis | None
    use: Use
    why: str
    label: str  # plain words for charts and sentences
    levels: tuple[str, ...] = ()  # levels in their order, when an order was recognized
    rare: tuple[str, ...] = ()  # levels of fewer than 10 rows, which a draft does not name
    #: values, or months, that at least 10 rows reach at either end; None where rows are few
    usual: tuple[float, float] | tuple[str, str] | None = None
    role: Role | None = None
    criterion: Criterion | None = None
    missing_codes: tuple[str, ...] = ()  # numbers that stand for no answer; they count as missing
    personal: Personal | None = None  # which personal data it holds; these are never shown
    of_tool: bool = False  # a tool wrote down how a response came in
    #: Features have them; what a table holds comes without.
    unit: ClassVar[str | None] = None
    definition: ClassVar[str] = ""

    @property
    def called(self) -> str:
        """The label where it says more than the name; else empty."""
        return "" if self.label == label_of(self.name) else self.label

    @property
    def briefly(self) -> str:
        """What the values are, in a line: a range, or the most frequent levels."""
        if self.type in ("number", "date") and self.personal is None:
            said = [self.shape] if self.shape else []
            if self.usual is not None:
                low, high = (one if isinstance(one, str) else number(one) for one in self.usual)
                said.insert(0, f"{low} to {high}")
            return ", ".join(said)
        return ", ".join(str(level) for level, _ in self.top[:4])

    def for_others(self) -> VariableProfile:
        """Return the profile without what tells of fewer than 10 rows, to be passed on."""
        low, high = (None, None) if self.usual is None else self.usual
        rows = round(self.n / (1 - self.missing)) if self.n else 0
        n = rows - coarse_count(rows - self.n, rows, THRESHOLD)
        return replace(
            self,
            n=n,
            missing=1 - n / rows if rows else self.missing,
            minimum=low if isinstance(low, float) else None,
            maximum=high if isinstance(high, float) else None,
            mean=None,
            sd=None,
            quantiles={q: float(f"{value:.2e}") for q, value in self.quantiles.items()},
            zeros=coarse_count(round(self.zeros * self.n), self.n, THRESHOLD) / max(self.n, 1),
            negatives=coarse_count(self.negatives, max(self.n, 1), THRESHOLD),
            levels=tuple(level for level in self.levels if level not in self.rare),
            rare=(),
        )

    def __repr__(self) -> str:
        """Return a line that tells of no few rows: a printed profile is soon passed on."""
        about = f"{self.type}: {self.briefly}" if self.briefly else self.type
        return clean(f"{self.name} ({about}), {self.use}. {self.why}".rstrip())

    def exact(self) -> VariableProfile:
        """Return the profile with the smallest and the largest value as what is usual."""
        low, high = self.minimum, self.maximum
        if isinstance(low, int | float) and isinstance(high, int | float):
            return replace(self, usual=(float(low), float(high)))
        return self if low is None else replace(self, usual=(str(low), str(high)))


@dataclass(frozen=True)
class TableProfile:
    """What is in a table."""

    name: str  # what messages call the table
    rows: int  # number of rows
    columns: list[VariableProfile]  # one profile per column, in the order of the table
    notes: tuple[str, ...] = ()  # what was decided while opening the table

    def __getitem__(self, name: str) -> VariableProfile:
        """Return the profile of a column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def headline(self) -> str:
        """How large it is, in words."""
        return f"{self.name}: {count(self.rows, 'row')}, {count(len(self.columns), 'column')}"

    def for_others(self) -> TableProfile:
        """Return the profile without what tells of fewer than 10 rows, to be passed on."""
        return replace(self, columns=[column.for_others() for column in self.columns])

    def exact(self) -> TableProfile:
        """Return the profile with the smallest and the largest values as what is usual."""
        return replace(self, columns=[column.exact() for column in self.columns])

    def __repr__(self) -> str:
        """Return a line for each column, for a terminal."""
        return "\n".join([clean(self.headline), *(repr(column) for column in self.columns)])

    def _repr_html_(self) -> str:
        """Return the columns as a table, for notebooks."""
        heads = ("Column", "Type", "Missing", "Distinct", "Values", "Measure", "Use", "Why")
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in heads)
        rows = "".join(_html_row(column) for column in self.columns)
        notes = "".join(f"<p>{html.escape(clean(note))}</p>" for note in self.notes)
        return (
            f"<table><caption>{html.escape(clean(self.headline))}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}"
        )


def profile_table(table: Table, *, answered: Collection[str] = ()) -> TableProfile:
    """Say what is in each column of a table, and what it seems to be.

    A profile shows itself without what tells of fewer than 10 rows; its fields hold the extremes,
    too.

    Parameters
    ----------
    table
        Any table; its rows stay in their engine, only counts of values come back.
    answered
        Columns in which every number is an answer; in the others, codes for no answer are noticed.

    Raises
    ------
    DataError
        The table has no columns or no rows.
    SourceError
        It cannot be read.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forwhom.tables import table_of
    >>> rows = pa.table({"spend": [0.0, 9.5, 80.0], "city": ["Rome", "Rome", None]})
    >>> [(c.name, c.type, c.distinct) for c in profile_table(table_of(rows)).columns]
    [('spend', 'number', 3), ('city', 'text', 1)]
    """
    expect(table, Table, "A table", "forwhom.open_table")
    table = held(table)
    rows, tallies = spark_tallies(table) if is_spark(table.frame) else tallied(table)
    if rows == 0:
        raise DataError(f"{table.name} has no rows.", "Check that the export was complete.")
    found = [
        replace(
            _summary(table, name, kind, rows, tallies[name], coded=name not in answered),
            label=table.labels.get(name, ""),
        )
        for name, kind in kinds(table).items()
    ]
    judged = [_about_rows(table, *one) for one in zip(found, infer_all(found), strict=True)]
    columns = [_variable(*one) for one in zip(found, judged, strict=True)]
    return TableProfile(table.name, rows, columns, table.notes)


def _variable(summary: Summary, inference: Inference) -> VariableProfile:
    name, kind = summary.name, summary.type
    open_levels = [(level, n) for level, n in summary.counts.items() if n >= THRESHOLD]
    hidden = inference.use in ("id", "text") or inference.personal is not None
    numeric = kind in ("number", "date") and inference.personal is None
    return VariableProfile(
        name=name,
        type=kind,
        n=summary.n,
        missing=1 - summary.n / summary.rows,
        distinct=summary.distinct,
        minimum=summary.minimum if numeric else None,  # type: ignore[arg-type]
        maximum=summary.maximum if numeric else None,  # type: ignore[arg-type]
        mean=summary.mean,
        sd=summary.sd,
        quantiles=summary.quantiles,
        zeros=summary.zeros,
        negatives=summary.negatives,
        shape=shape(summary) if is_number(inference.measure) else "",
        top=[] if hidden else open_levels[:_TOP],
        measure=inference.measure,
        basis=inference.basis,
        use=inference.use,
        why=inference.why + _no_answer(summary),
        label=summary.label or label_of(name),
        levels=inference.levels,
        rare=tuple(sorted(summary.rare)),
        usual=summary.usual if numeric else None,
        role=inference.role,
        criterion=inference.criterion,
        missing_codes=summary.missing_codes,
        personal=inference.personal,
        of_tool=inference.of_tool,
    )


def _about_rows(table: Table, summary: Summary, judged: Inference) -> Inference:
    """Judge a column that names or numbers the rows: it may be the id, and is no variable."""
    once = summary.n == summary.distinct == summary.rows
    if summary.name == table.weight and judged.use != "ignore":
        why = "The file itself says that its rows are weighted by it."
        return Inference("positive", "weight", None, (), why)
    if summary.name in table.index:
        keys = once and (summary.type == "text" or summary.whole)
        why = "It is the index of the rows, or a first column without a name"
        ends = "; each value is there once." if keys else "; give it a name to use it."
        return Inference(None, "id" if keys else "ignore", None, (), why + ends)
    if not (once and summary.whole and summary.rows >= 10):
        return judged
    called = summary.name == table.columns[0] and summary.name.casefold() in _INDEX_NAMES
    speaks = judged.use == "id" or judged.basis is not None
    if not called and (speaks or not _ascending(table, summary.name)):
        return judged
    why = "Whole numbers, each once, in the order of the rows: they number the rows or are ids."
    if called:
        why = "The first column, whole numbers, each once: they number the rows or are ids."
    return Inference(None, "id", None, (), why)


def _ascending(table: Table, name: str) -> bool:
    if is_spark(table.frame):  # its rows have no order
        return False
    values = arrow(table.frame.select(name), table.name)[name].to_numpy()
    return bool((values[1:] > values[:-1]).all())


def _no_answer(summary: Summary) -> str:
    """Say which numbers count as missing; empty where none does."""
    codes = summary.missing_codes
    if len(codes) > 1:
        return f" {listed(codes)} stand for no answer and count as missing."
    return f" {codes[0]} stands for no answer and counts as missing." if codes else ""


def missing_words(column: VariableProfile) -> str:
    """Return the share of rows without a value in words; empty where all have one."""
    few = column.missing * column.n < THRESHOLD * (1 - column.missing)
    if column.missing == 0 or (few and column.missing < 0.5):
        return "few" if column.missing else ""
    return percent(column.missing)


def _html_row(column: VariableProfile) -> str:
    name = " – ".join(filter(None, (column.name, column.called)))
    texts = (
        column.type,
        missing_words(column),
        f"{column.distinct:,}",
        column.briefly,
        column.measure or "",
        column.use,
        column.why,
    )
    cells = "".join(f"<td>{html.escape(clean(text))}</td>" for text in texts)
    return f"<tr><th scope='row'>{html.escape(clean(name))}</th>{cells}</tr>"


def label_of(name: str) -> str:
    """Return a column name as plain words."""
    if re.fullmatch(r"[A-Za-z]{1,2}\d\w*", name):
        return name  # a question number is not made clearer by taking it apart
    if name.endswith("?") or (" - " in name and "_" not in name):
        return name  # a question is said as it was asked
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[_\s]+", " ", name)).strip()
    small = [word if word.isupper() else word.lower() for word in spaced.split()]
    text = " ".join(small)
    return text[:1].upper() + text[1:]


def _summary(
    table: Table, name: str, kind: Kind, rows: int, tally: Tally, *, coded: bool
) -> Summary:
    if kind in ("other", "date"):
        return Summary(
            name, kind, tally.n, rows, tally.distinct, tally.low, tally.high, usual=tally.months
        )
    values, counts, n, distinct = tally.values, tally.counts, tally.n, tally.distinct
    codes: tuple[float, ...] = ()
    if kind == "number" and tally.whole and coded and len(values) > 2:
        values, counts, codes = _answers(name, values, counts)
        n, distinct = int(counts.sum()), len(values)
    frequent = values.slice(0, MOST_TEXT_LEVELS).to_pylist()
    summary = Summary(
        name, kind, n, rows, distinct,
        counts={level_name(v): int(c) for v, c in zip(frequent, counts, strict=False)},
        order=table.levels.get(name, ()),
        missing_codes=tuple(level_name(code) for code in codes),
    )  # fmt: skip
    if kind != "number" or n == 0:
        return summary
    if tally.statistics is not None:
        return replace(summary, **vars(tally.statistics))
    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return replace(summary, **vars(counted_statistics(numbers, counts)))


def _answers(
    name: str, values: pa.Array, counts: NDArray[np.int64]
) -> tuple[pa.Array, NDArray[np.int64], tuple[float, ...]]:
    """Take the codes for no answer out of counted numbers."""
    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    words = set(name_words(name))
    named = bool(words & (CODE_WORDS | STRICT_CODE_WORDS | ID_WORDS))
    codes = codes_for_no_answer(numbers, counts, codes=named)
    kept = ~np.isin(numbers, codes)
    return values.filter(pa.array(kept)), counts[kept], codes
