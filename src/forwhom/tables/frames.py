"""Tables: any engine's frame behind one lazy face."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import duckdb
import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.errors import ColumnMissing, DataError, SourceError
from forwhom.tables.arrowtypes import readable
from forwhom.tables.engine import BATCH, arrow, connect, literal, quoted, reading
from forwhom.tables.exotic import UNSTORED, plain_frame, unstored
from forwhom.tables.indexes import index_columns, with_index
from forwhom.tables.labels import told_by_fields
from forwhom.tables.spark import check_few, is_spark, of_each_partition
from forwhom.tables.spellings import truth, ways
from forwhom.wording import count

#: What a column holds, in the words of messages. ``other`` cannot be used as a variable.
Kind: TypeAlias = Literal["number", "text", "date", "boolean", "other"]

Told = TypeVar("Told")

#: Spaces around a name, also those of no width, and commas after it.
_ENDS = re.compile(r"^[\s\u200b\u2060\ufeff]+|[\s,\u200b\u2060\ufeff]+$")


@dataclass(frozen=True)
class Table:
    """A table that is read only when an answer is computed."""

    name: str  # what messages call it
    frame: nw.LazyFrame[Any] = field(repr=False)  # some engines compute and show rows
    notes: tuple[str, ...] = ()  # what was found and decided while opening it, in sentences
    #: order of levels that the source itself knows (ordered categoricals, enums)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what the source itself says about columns, such as the question of a survey
    labels: Mapping[str, str] = field(default_factory=dict)
    #: signs that stood beside numbers and were taken off, such as €, by column
    signs: Mapping[str, str] = field(default_factory=dict)
    #: the column by which the source itself weighs its rows
    weight: str = ""
    #: reading it again is cheap: in memory or columnar. Text files and remote tables are not.
    stored: bool = True
    #: columns that name or number the rows, such as the index of a data frame: never variables
    index: tuple[str, ...] = ()
    #: columns that have another name in the source, by their name here
    renamed: Mapping[str, str] = field(default_factory=dict)
    #: the table's own connection of DuckDB, on which it is held and meets other tables. Like
    #: any connection, it serves one thread at a time.
    session: duckdb.DuckDBPyConnection = field(default_factory=connect, repr=False)
    #: the frame lives on the session. A lazy frame of another engine, or a relation of a
    #: connection that somebody else made, does not.
    at_home: bool = False

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self.frame.collect_schema().names())


def table_of(native: object, name: str = "the table", *, index: bool = True) -> Table:
    """Return any data frame as a :class:`Table`, with the index of pandas as columns or without."""
    if isinstance(native, Table):
        return replace(native, name=name)
    frame = recognized(native, name)
    if frame is None:
        raise SourceError(
            f"{name}: a {type(native).__module__}.{type(native).__name__} is not a table.",
            "Give a path, a database URI, or a pandas, Polars, PyArrow or DuckDB table.",
        )
    keys: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    if index and (frame.implementation.is_pandas_like() or frame.implementation.is_dask()):
        frame, keys, said = with_index(frame, name)
    if isinstance(frame, nw.DataFrame):
        check_names(frame.columns, name)
        enums = _enums(frame.schema)
        session = connect()
        frame, bands = plain_frame(frame)
        held = _to_arrow(frame, name)
        lazy, notes = _addressable(nw.from_native(session.from_arrow(held)), name)
        keys = (*keys, *index_columns(held.column_names, getattr(native, "schema", None)))
        return Table(
            name, unified(lazy), (*said, *notes), _renamed(enums | bands),
            _renamed(told_by_fields(held.schema)),
            index=tuple(map(addressable, keys)), renamed=_old_names(held.column_names),
            session=session, at_home=True,
        )  # fmt: skip
    relation = frame.to_native()
    of_duckdb = isinstance(relation, duckdb.DuckDBPyRelation)  # its schema drops what is repeated
    with reading(name, "Correct the query that it stands for."):
        check_names(relation.columns if of_duckdb else frame.collect_schema().names(), name)
    lazy, notes = _addressable(frame, name)
    renamed = _old_names(frame.collect_schema().names())
    schema = lazy.collect_schema()
    keys = (*map(addressable, keys), *index_columns(schema.names()))
    return Table(
        name, unified(lazy), (*said, *notes), _enums(schema), index=keys, renamed=renamed,
        stored=False,
    )  # fmt: skip


def recognized(native: object, name: str) -> nw.DataFrame[Any] | nw.LazyFrame[Any] | None:
    """Return the frame in an object, by its type; None where it is none.

    No attribute of a stranger is looked up, because that may compute for hours, or fail.
    """
    if isinstance(native, Table):
        return native.frame
    if isinstance(native, pa.RecordBatch):
        native = pa.Table.from_batches([native])
    try:
        found: object = nw.from_native(native, pass_through=True)
    except nw.exceptions.DuplicateError:
        frame: Any = native
        check_names(frame.column_names if isinstance(frame, pa.Table) else frame.columns, name)
        raise
    if not isinstance(found, nw.DataFrame | nw.LazyFrame):
        return None
    return found


def _to_arrow(frame: nw.DataFrame[Any], name: str) -> pa.Table:
    try:
        table = frame.to_arrow()
    except UNSTORED:
        raise unstored(frame, name) from None  # what Arrow says quotes a cell
    # PyArrow appends the index of a pandas frame when rows were picked from it, as by a split.
    width = len(frame.columns)
    table = table.select(range(width)).rename_columns([str(column) for column in frame.columns])
    return readable(table, name)


def check_names(names: Iterable[object], table: str) -> None:
    """Refuse column names that occur more than once."""
    texts = [str(name) for name in names]
    counts = Counter(text.casefold() for text in texts)
    repeated = [text for text in texts if counts[text.casefold()] > 1]
    if repeated:
        listed = ", ".join(repr(name) for name in dict.fromkeys(repeated))
        alike = " (capitals make no difference)" if len(set(repeated)) > len(
            {r.casefold() for r in repeated}
        ) else ""  # fmt: skip
        raise DataError(
            f"{table}: several columns have the same name: {listed}{alike}.",
            "Rename them, so that every column has its own name.",
        )


def _addressable(frame: nw.LazyFrame[Any], name: str) -> tuple[nw.LazyFrame[Any], tuple[str, ...]]:
    """Rename columns that SQL engines would read as table and column, such as Sepal.Length."""
    columns = frame.collect_schema().names()
    names = {column: addressable(column) for column in columns}
    changed = {old: new for old, new in names.items() if old != new}
    if not changed:
        return frame, ()
    check_names(names.values(), name)
    native: Any = frame.to_native()
    if isinstance(native, duckdb.DuckDBPyRelation):
        cells = ", ".join(f"{quoted(old)} AS {quoted(new)}" for old, new in names.items())
        frame = nw.from_native(native.select(cells))
    else:
        frame = frame.rename(changed)
    listed = ", ".join(f"{old!r} is {new!r}" for old, new in list(changed.items())[:5])
    more = ", ..." if len(changed) > 5 else ""
    return frame, (
        f"{name}: columns were renamed, without dots, quotes and spaces at the ends: "
        f"{listed}{more}.",
    )


def addressable(column: str) -> str:
    """Return the name that a column has here: without dots and double quotes, and not ``*``.

    Neither does it begin with a space nor end with one or a comma, which engines would take off.
    """
    # A star alone means "all columns" to an SQL engine, however it is quoted.
    plain = "star" if column == "*" else column.replace(".", "_").replace('"', "")
    return _ENDS.sub("", plain) or plain


def _old_names(columns: Sequence[str]) -> dict[str, str]:
    """Return the names in the source of the columns that have another one here."""
    return {new: old for old in columns if (new := addressable(old)) != old}


def _renamed(told: Mapping[str, Told]) -> dict[str, Told]:
    return {addressable(column): value for column, value in told.items()}


def unified(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the frame with one way to say missing and one type per kind of value.

    NaN and empty text become null, decimals become floats (or integers when they have no
    fraction), categories become text.
    """
    changed = [
        expression.alias(column)
        for column, dtype in frame.collect_schema().items()
        if (expression := _unify(column, dtype)) is not None
    ]
    return frame.with_columns(*changed) if changed else frame


def _unify(column: str, dtype: nw.dtypes.DType) -> nw.Expr | None:
    values = nw.col(column)
    if dtype.is_float():
        return nw.when(~values.is_nan()).then(values)
    if dtype == nw.String:
        text = values.cast(nw.String)  # JSON calls itself text, and cannot be compared with it
        return nw.when(text != "").then(text)
    if dtype.is_decimal():
        whole = getattr(dtype, "scale", 1) == 0 and getattr(dtype, "precision", 38) <= 18
        return values.cast(nw.Int64 if whole else nw.Float64)
    if dtype in (nw.Int128, nw.UInt128):
        return values.cast(nw.Float64)
    if dtype in (nw.Categorical, nw.Enum, nw.Unknown):
        return values.cast(nw.String)
    return None


def _enums(schema: Mapping[str, nw.dtypes.DType]) -> dict[str, tuple[str, ...]]:
    return {
        str(column): tuple(str(level) for level in dtype.categories)
        for column, dtype in schema.items()
        if isinstance(dtype, nw.Enum)
    }


#: From here on a float holds no whole numbers one by one.
_WHOLE = 2.0**53


def as_key(table: Table, column: str) -> nw.Expr:
    """Return a column as text that is the same for 17 and 17.0, to compare keys of two columns."""
    dtype, values = table.frame.collect_schema()[column], nw.col(column)
    if not (dtype.is_float() or dtype.is_decimal()):
        return values.cast(nw.String)
    number = values.cast(nw.Float64)
    whole = (number == number.round(0)) & (number.abs() < _WHOLE)
    digits = nw.when(whole).then(number).cast(nw.Int64).cast(nw.String)
    return nw.when(whole).then(digits).otherwise(values.cast(nw.String))


def says(table: Table, column: str, values: Sequence[str]) -> nw.Expr:
    """Return whether a column says one of some values, however its type prints them; never null.

    Numbers are compared as numbers, yes and no as what they mean, text in whatever capitals.
    """
    kind, said = kinds(table)[column], nw.col(column)
    if kind == "number":
        numbers = [n for value in values if (n := _number_in(value)) is not None]
        return said.cast(nw.Float64).is_in(numbers).fill_null(False)
    if kind == "boolean":
        truths = [known for value in values if (known := truth(value)) is not None]
        return said.is_in(truths).fill_null(False)
    text = said.cast(nw.String).str.to_lowercase().str.strip_chars()
    said_so = {way for value in values for way in ways(value)}
    # Engines differ in the small letter of İ.
    said_so |= {way.replace("i\u0307", "i") for way in said_so}
    return text.is_in(sorted(said_so)).fill_null(False)


def _number_in(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:  # a yes or no that another engine keeps as 1 and 0
        known = truth(value)
        return None if known is None else float(known)


def kinds(table: Table) -> dict[str, Kind]:
    """Return what each column holds."""
    return {column: _kind(dtype) for column, dtype in table.frame.collect_schema().items()}


def _kind(dtype: nw.dtypes.DType) -> Kind:
    if dtype.is_numeric():
        return "number"
    if dtype == nw.Boolean:
        return "boolean"
    if dtype in (nw.Date, nw.Datetime):
        return "date"
    return "text" if dtype == nw.String else "other"


def row_count(table: Table) -> int:
    """Return the number of rows."""
    return int(arrow(table.frame.select(nw.len().alias("n")), table.name)["n"][0].as_py())


def check_column(table: Table, column: str, where: str = "") -> None:
    """Refuse a column that the table does not have, with the nearest name."""
    if column not in table.columns:
        raise ColumnMissing.of(column, table.name, table.columns, where)


def collect(table: Table) -> pa.Table:
    """Compute the table and return its rows in memory."""
    return arrow(table.frame, table.name)


def held(table: Table) -> Table:
    """Return the table on a connection of its own, so that many questions read its source once.

    Tables that are cheap to read again, and those of engines other than DuckDB, come back as they
    are. DuckDB keeps the copy in memory, and moves what does not fit to disk, as long as the table
    that comes back is in use.
    """
    native: Any = table.frame.to_native()
    if table.stored or not isinstance(native, duckdb.DuckDBPyRelation):
        return table
    session = connect()
    with reading(table.name):
        # Somebody else's connection is only asked for its rows: a question of ours that fails
        # there would end the transaction that it may be in.
        rows = native.to_arrow_reader(BATCH)
        session.register("forwhom_source", rows)
        session.execute("CREATE TEMP TABLE forwhom_rows AS FROM forwhom_source")
        session.unregister("forwhom_source")
    frame = nw.from_native(session.table("forwhom_rows"))
    return replace(table, frame=frame, stored=True, session=session, at_home=True)


def fetched(table: Table, *, whole: bool = True) -> Table:
    """Return a table of Spark with its rows here, where they are few; others as they are.

    Of a ``whole`` table, it is noted that these are all of its rows.
    """
    if not is_spark(table.frame):
        return table
    check_few(table.frame, table.name)
    rows, session = arrow(table.frame, table.name), connect()
    told = count(rows.num_rows, "row was", "rows were")
    return replace(
        table,
        frame=nw.from_native(session.from_arrow(rows)),
        stored=True,
        session=session,
        at_home=True,
        notes=(
            *table.notes,
            *([f"{table.name}: {told} fetched from Spark, which is all of them."] if whole else []),
        ),
    )


def join_left(left: Table, right: Table, *, on: str, right_on: str | None = None) -> Table:
    """Add the columns of ``right`` to the rows of ``left`` that share a key."""
    right_on = right_on or on
    check_column(left, on)
    check_column(right, right_on)
    _check_key(left, right, on, right_on)
    clashes = {c.casefold() for c in left.columns} | {on.casefold()}
    stem = Path(right.name).stem
    names = {c: f"{c}_{stem}" for c in right.columns if c.casefold() in clashes and c != right_on}
    key = "forwhom_join_key"
    ours, theirs = _same_engine(left, right)
    theirs = theirs.rename(names | {right_on: key})
    joined = ours.join(theirs, left_on=on, right_on=key, how="left")
    if key in joined.collect_schema().names():
        joined = joined.drop(key)
    return replace(
        left,
        frame=joined,
        at_home=ours.implementation == nw.Implementation.DUCKDB,
        notes=left.notes + right.notes,
        levels=_brought(right.levels, names, right.columns) | dict(left.levels),
        labels=_brought(right.labels, names, right.columns) | dict(left.labels),
        stored=False,
    )


def _brought(
    told: Mapping[str, Told], names: Mapping[str, str], columns: Collection[str]
) -> dict[str, Told]:
    return {names.get(name, name): value for name, value in told.items() if name in columns}


def _check_key(left: Table, right: Table, on: str, right_on: str) -> None:
    ours, theirs = kinds(left)[on], kinds(right)[right_on]
    if ours != theirs:
        raise DataError(
            f"{left.name} and {right.name} cannot be joined: {on!r} is a {ours} here, "
            f"{right_on!r} a {theirs} there.",
            "Write the ids the same way in both tables.",
        )
    keys = right.frame.filter(~nw.col(right_on).is_null()).group_by(right_on)
    repeated = keys.agg(nw.len().alias("forwhom_n")).filter(nw.col("forwhom_n") > 1)
    n = int(arrow(repeated.select(nw.len().alias("n")), right.name)["n"][0].as_py())
    if n:
        values = count(n, f"value of {right_on!r} occurs", f"values of {right_on!r} occur")
        raise DataError(
            f"{right.name}: {values} more than once, so joining it would repeat rows of "
            f"{left.name}.",
            "Keep one row per value there, or join by another column.",
        )


def _same_engine(left: Table, right: Table) -> tuple[nw.LazyFrame[Any], nw.LazyFrame[Any]]:
    if (
        left.frame.implementation == right.frame.implementation
        and left.frame.implementation != nw.Implementation.DUCKDB
    ):
        return left.frame, right.frame
    return _moved(left, left.session), _moved(right, left.session)


def _moved(table: Table, session: duckdb.DuckDBPyConnection) -> nw.LazyFrame[Any]:
    """Return the rows on a connection, where they can be joined with others."""
    if table.at_home and table.session is session:
        return table.frame
    check_few(table.frame, table.name)
    return nw.from_native(session.from_arrow(arrow(table.frame, table.name)))


def fingerprint(table: Table) -> str:
    """Return 16 hexadecimal digits that change when schema or content changes.

    The order of rows and the engine make no difference. It is a check against accidents, not
    against forgery, and is comparable between equal versions of DuckDB.
    """
    types = kinds(table)
    with reading(table.name):
        if is_spark(table.frame):
            summed = partial(_summed_batches, types)
            parts = of_each_partition(table.frame, summed, "n BIGINT, total STRING")
        else:
            rows: Any = table.frame.to_native()
            if not isinstance(rows, duckdb.DuckDBPyRelation):
                rows = _moved(table, table.session).to_native()
            parts = [_summed(types, rows)]
        n, total = (sum(int(part[key]) for part in parts) for key in ("n", "total"))
        schema = literal(repr(sorted(types.items())))
        (row,) = connect().execute(
            f"SELECT hash({n}::BIGINT, '{total % _HASHES}', {schema})"
        ).fetchall()  # fmt: skip
    return f"{row[0]:016x}"


#: So many hashes there are; up to a multiple of it, a sum of them knows no order of rows.
_HASHES = 1 << 64


def _summed(types: Mapping[str, Kind], rows: duckdb.DuckDBPyRelation) -> dict[str, Any]:
    """Return the number of rows, and the sum of their hashes as text."""
    casts = {"number": "DOUBLE", "date": "TIMESTAMP", "boolean": "BOOLEAN"}
    cells = ", ".join(f"CAST({quoted(c)} AS {casts.get(k, 'VARCHAR')})" for c, k in types.items())
    total = f"coalesce(sum(hash({cells})::HUGEINT) % {_HASHES}, 0)::VARCHAR"
    (row,) = rows.aggregate(f"count(*), {total}").fetchall()
    return {"n": row[0], "total": row[1]}


def _summed_batches(
    types: Mapping[str, Kind], batches: Iterable[pa.RecordBatch]
) -> dict[str, Any]:  # fmt: skip
    n = total = 0
    for batch in batches:
        part = _summed(types, connect().from_arrow(pa.Table.from_batches([batch])))
        n, total = n + part["n"], total + int(part["total"])
    return {"n": n, "total": str(total % _HASHES)}
