from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forwhom.documents.base import Measure, has_levels, starts_at_zero
from forwhom.errors import DataError
from forwhom.tables.columns import LARGEST, Column, form_of, shortened
from forwhom.tables.engine import compact
from forwhom.tables.frames import Table, check_column, kinds
from forwhom.tables.ordering import is_no_answer, level_name, natural_order, recognized_order
from forwhom.tables.spark import check_few
from forwhom.tables.spellings import spellings
from forwhom.tables.summaries import THRESHOLD
from forwhom.wording import listed

Numbers: TypeAlias = NDArray[np.float64]

#: A variable with more levels than this is text, not a nominal variable.
MOST_LEVELS = 1000

#: Up to this size, floating point tells every whole number from the next.
LARGEST_COUNT = 2.0**53


def collect_columns(
    table: Table,
    wanted: Mapping[str, Measure],
    *,
    id_column: str | None = None,
    levels: Mapping[str, Sequence[str]] | None = None,
) -> tuple[pa.Array | None, dict[str, Column]]:
    """Read variables of all customers into memory: ids, if there are any, and columns.

    Rows come in ascending order of the ids, without which they come in that of the source. Numbers
    are float64 with NaN for missing, levels int32 codes with -1 for missing; a value that is not
    among the given levels counts as missing and is in ``unseen``.
    """
    for name in [*([id_column] if id_column else []), *wanted]:
        check_column(table, name)
    needed = list(dict.fromkeys([*([id_column] if id_column else []), *wanted]))
    frame = table.frame.select(*[_readable(table, name) for name in needed])
    check_few(frame, table.name)
    rows = compact(frame, table.name, plain=() if id_column in wanted else (id_column or "",))
    if rows.num_rows == 0:
        raise DataError(f"{table.name} has no rows.", "Check that the export worked.")
    ids, order = (None, None) if id_column is None else _ids(rows[id_column], id_column, table)
    columns = columns_of(rows, wanted, dict(table.levels) | dict(levels or {}), table.name)
    if order is not None:
        columns = {name: _reordered(column, order) for name, column in columns.items()}
    return ids, columns


def columns_of(
    rows: pa.Table,
    wanted: Mapping[str, Measure],
    levels: Mapping[str, Sequence[str]],
    table: str,
    *,
    first: int = 1,
) -> dict[str, Column]:
    """Return variables of rows that are in memory, as :func:`collect_columns` does.

    ``first`` is the number of the first of these rows in the table.
    """
    return {
        name: _column(rows[name], name, measure, levels.get(name), table, first)
        for name, measure in wanted.items()
    }


def _readable(table: Table, name: str) -> nw.Expr:
    kind = kinds(table)[name]
    if kind == "other":
        raise DataError(
            f"{table.name}: the column {name!r} holds lists, times or other values that are "
            "neither numbers nor text.",
            "Leave it out (use: ignore), or turn it into a number or text first.",
        )
    return nw.col(name)


def _ids(
    values: pa.ChunkedArray, name: str, table: Table
) -> tuple[pa.Array, NDArray[np.int64] | None]:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    ids = _whole(values.combine_chunks())
    if ids.null_count:
        raise DataError(
            f"{table.name}: {ids.null_count} of {len(ids)} rows have no {name!r}.",
            "Every customer needs an id; fill them in, or remove these rows.",
        )
    repeated = len(ids) - pc.count_distinct(ids).as_py()
    if repeated:
        raise DataError(
            f"{table.name}: the ids in {name!r} are not unique; {repeated} of {len(ids)} rows "
            "repeat the id of another row.",
            "Keep one row per customer, or list the table under 'events' in the study when it "
            "holds many rows per customer (purchases, visits, tickets).",
        )
    order = pc.sort_indices(ids).to_numpy()
    if np.all(order[1:] > order[:-1]):
        return ids, None
    return ids.take(pa.array(order)), order.astype(np.int64)


def _whole(ids: pa.Array) -> pa.Array:
    """Return float ids without a fraction as integers: 17850.0 is customer 17850."""
    if not pa.types.is_floating(ids.type):
        return ids
    numbers = ids.drop_null().to_numpy(zero_copy_only=False)
    whole = np.all(np.isfinite(numbers)) and np.all(numbers == np.floor(numbers))
    return ids.cast(pa.int64()) if whole and np.all(np.abs(numbers) < 2**53) else ids


def _reordered(column: Column, order: NDArray[np.int64]) -> Column:
    return Column(column.name, column.values[order], column.levels, column.unseen)


def _column(
    values: pa.ChunkedArray,
    name: str,
    measure: Measure,
    levels: Sequence[str] | None,
    table: str,
    first: int,
) -> Column:
    if has_levels(measure):
        return _discrete(values, name, measure, levels, table)
    numbers = _numbers(values, name, table, first)
    _check_numbers(numbers, name, measure, table, first)
    return Column(name, numbers)


def _numbers(values: pa.ChunkedArray, name: str, table: str, first: int) -> Numbers:
    kind = values.type
    if pa.types.is_temporal(kind):
        raise DataError(
            f"{table}: {name!r} holds dates, but it was declared as a number.",
            "Leave it out, or turn it into a number such as days since that date.",
        )
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return _numbers_in_text(values, name, table, first)
    numbers = values.cast(pa.float64(), safe=False)
    return np.array(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)


def _numbers_in_text(values: pa.ChunkedArray, name: str, table: str, first: int) -> Numbers:
    texts = _dictionary(values)
    parsed = np.array([_parsed(text) for text in texts.dictionary.to_pylist()], dtype=object)
    bad = np.array([number is None for number in parsed], dtype=bool)
    codes = texts.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    wrong = (codes >= 0) & bad[codes] if len(bad) else np.zeros(len(codes), dtype=bool)
    if wrong.any():
        example = texts.dictionary[int(codes[np.argmax(wrong)])].as_py()
        raise DataError(
            f"{table}: {name!r} should be a number, but {_rows(wrong, first)} text, "
            f"{form_of(str(example))}.",
            "Correct these cells, empty them, or declare the variable as nominal.",
        )
    lookup: Numbers = np.array([*parsed, np.nan], dtype=np.float64)
    return np.asarray(lookup[codes])


def _parsed(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None


def _check_numbers(numbers: Numbers, name: str, measure: Measure, table: str, first: int) -> None:
    where = f"{table}: {name!r}"
    _refuse(
        np.isinf(numbers), f"{where} should be a number", "infinity",
        "Infinity often comes from a division by zero; correct or empty these cells.", first,
    )  # fmt: skip
    _refuse(
        np.abs(numbers) > (LARGEST_COUNT if measure == "count" else LARGEST),
        f"{where} is a {measure} variable", "a number too large to compute with",
        "Such numbers are often codes or mistakes: correct or empty these cells, or leave the "
        "variable out (use: ignore).", first,
    )  # fmt: skip
    if starts_at_zero(measure):
        _refuse(
            numbers < 0, f"{where} is a {measure} variable", "a negative value",
            "Correct or empty these cells, or declare the variable as continuous.", first,
        )  # fmt: skip
    if measure == "count":
        with np.errstate(invalid="ignore"):
            fractions = numbers != np.floor(numbers)
        _refuse(
            fractions & ~np.isnan(numbers), f"{where} is a count", "a fraction",
            "Declare the variable as positive or continuous.", first,
        )  # fmt: skip


def _refuse(wrong: NDArray[np.bool_], where: str, what: str, advice: str, first: int) -> None:
    if wrong.any():
        raise DataError(f"{where}, but {_rows(wrong, first)} {what}.", advice)


def _rows(wrong: NDArray[np.bool_], start: int) -> str:
    """Return "row 3 holds" or "4 of 90 rows hold (rows 3, 5, 8, ...)"; row 1 is the first."""
    positions = np.flatnonzero(wrong) + start
    if len(positions) == 1:
        return f"row {positions[0]} (row 1 is the first with data) holds"
    first = ", ".join(str(p) for p in positions[:5])
    more = ", ..." if len(positions) > 5 else ""
    return (
        f"{len(positions)} of {len(wrong)} rows (row {first}{more}; row 1 is the first with data) "
        "hold"
    )


def _discrete(
    values: pa.ChunkedArray,
    name: str,
    measure: Measure,
    levels: Sequence[str] | None,
    table: str,
) -> Column:
    codes, named, names = _encoded(values)
    known = tuple(levels) if levels else _levels(names, measure)
    if len(known) > MOST_LEVELS:
        raise DataError(
            f"{table}: {name!r} has {len(known)} different values, which is too many for a "
            f"{measure} variable (at most {MOST_LEVELS}).",
            "Leave it out (use: text), or group its values first.",
        )
    if measure == "binary" and len(known) > 2:
        rows = np.bincount(named[codes[codes >= 0]], minlength=len(names))
        often = [repr(shortened(one)) for one, n in zip(names, rows, strict=True) if n >= THRESHOLD]
        which = f", such as {listed(often, most=4)}" if often else ""
        raise DataError(
            f"{table}: {name!r} is declared binary, but has {len(known)} levels{which}.",
            "Declare it as nominal or ordinal, or correct the values.",
        )
    ways = spellings(known)
    lookup = np.array([*map(ways.code, names), -1], dtype=np.int32)
    unseen: dict[str, int] = {}
    if (lookup[:-1] < 0).any():
        counts = np.bincount(named[codes[codes >= 0]], minlength=len(names))
        unseen = {n: int(counts[i]) for i, n in enumerate(names) if lookup[i] < 0 < counts[i]}
    return Column(name, _looked_up(codes, lookup[named]), known, dict(sorted(unseen.items())))


def _looked_up(codes: NDArray[np.int32], lookup: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return codes of other levels; most often they are the same, and nothing is copied."""
    same = np.arange(len(lookup) - 1, dtype=np.int32)
    return codes if np.array_equal(lookup[:-1], same) else lookup[codes]


def _dictionary(values: pa.ChunkedArray) -> pa.DictionaryArray:
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    # Each batch has a dictionary of its own.
    return values.unify_dictionaries().combine_chunks()


def _encoded(
    values: pa.ChunkedArray,
) -> tuple[NDArray[np.int32], NDArray[np.int32], list[str]]:
    """Return codes of raw values (-1: none), the name of each, the last one none, and the names."""
    encoded = _dictionary(values)
    raw: list[Any] = encoded.dictionary.to_pylist()
    if pa.types.is_floating(encoded.dictionary.type) and encoded.dictionary.type.bit_width < 64:
        # As it is written where it is kept: 0.1, not the double that is nearest to its float.
        raw = [float(str(value)) for value in encoded.dictionary.to_numpy(zero_copy_only=False)]
    names = list(dict.fromkeys(level_name(value) for value in raw))
    where = {name: index for index, name in enumerate(names)}
    lookup = np.array([*(where[level_name(value)] for value in raw), -1], dtype=np.int32)
    indices = encoded.indices.cast(pa.int32()).fill_null(-1)
    codes = indices.to_numpy(zero_copy_only=False, writable=True)
    return codes, lookup, names


def _levels(names: Sequence[str], measure: Measure) -> tuple[str, ...]:
    recognized = recognized_order(names, least=2) if measure == "ordinal" else None
    if recognized is not None:
        return recognized
    answers = [name for name in names if not is_no_answer(name)]
    two_of_three = measure == "binary" and len(names) > 2 and len(answers) == 2
    return natural_order(answers if two_of_three else names)
