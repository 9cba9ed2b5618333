"""Columns of Arrow in types that the table engine knows; others are refused before it sees them."""

from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from forwhom.errors import DataError
from forwhom.tables.engine import first_line

#: Names longer than this are no names, and no engine compares them.
LONGEST_NAME = 1000

_TYPES = pa.types


def _is_decimal(kind: pa.DataType) -> bool:
    return bool(_TYPES.is_decimal(kind)) and kind.bit_width <= 128


#: Types that are used as they are; what else is there is turned into one of them, or refused.
_KNOWN: tuple[Callable[[pa.DataType], bool], ...] = (
    _TYPES.is_null, _TYPES.is_boolean, _TYPES.is_integer, _TYPES.is_float32, _TYPES.is_float64,
    _is_decimal, _TYPES.is_string, _TYPES.is_large_string,
    _TYPES.is_date, _TYPES.is_timestamp, _TYPES.is_time,
    _TYPES.is_duration, _TYPES.is_list, _TYPES.is_large_list, _TYPES.is_fixed_size_list,
    _TYPES.is_struct, _TYPES.is_map, _TYPES.is_binary, _TYPES.is_large_binary,
    _TYPES.is_fixed_size_binary,
)  # fmt: skip


def readable(table: pa.Table, name: str) -> pa.Table:
    """Return a table with types that the engine knows, or refuse the first column of another."""
    if table.num_columns == 0:
        raise DataError(f"{name} has no columns.", "Give a table with one row per customer.")
    for index, field in enumerate(table.schema):
        if len(field.name) > LONGEST_NAME:
            raise DataError(
                f"{name}: the name of column {index + 1} has {len(field.name):,} characters.",
                f"Give it a name of {LONGEST_NAME:,} at most.",
            )
        kind = _kind(field.type)
        if kind is None:
            raise DataError(
                f"{name}: column {field.name!r} is of the type {str(field.type)[:80]}, which is no "
                "kind of number, text or date.",
                "Turn it into one of them first, or leave it out.",
            )
        if kind != field.type:
            column = _as(table.column(index), kind, f"{name}: column {field.name!r}")
            table = table.set_column(
                index, pa.field(field.name, kind, metadata=field.metadata), column
            )
    return table


def _kind(of: pa.DataType) -> pa.DataType | None:
    """Return the type that a column is used as; None where there is none."""
    if _TYPES.is_dictionary(of):
        levels = _kind(of.value_type)
        return None if levels is None else of if levels == of.value_type else levels
    if isinstance(of, pa.BaseExtensionType):
        # What a type of somebody else means is known to them; of some, the storage says it all.
        plain = of.extension_name in ("arrow.bool8", "arrow.json", "arrow.uuid")
        return _kind(of.storage_type) if plain else None
    if _TYPES.is_float16(of):
        return pa.float32()
    if _TYPES.is_decimal256(of):
        return pa.float64()
    if _TYPES.is_run_end_encoded(of):
        return _kind(of.value_type)
    if _TYPES.is_string_view(of):
        return pa.string()
    inner = [_kind(of.field(i).type) == of.field(i).type for i in range(of.num_fields)]
    return of if all(inner) and any(known(of) for known in _KNOWN) else None


def _as(column: pa.ChunkedArray, kind: pa.DataType, where: str) -> pa.ChunkedArray:
    try:
        return pa.chunked_array(list(_parts(column, kind)), kind)
    except (pa.ArrowException, ValueError) as error:
        raise DataError(
            f"{where} cannot be used as {kind}: {first_line(error)}",
            "Turn it into numbers, text or dates first, or leave it out.",
        ) from error


def _parts(column: pa.ChunkedArray, kind: pa.DataType) -> Iterator[pa.Array]:
    for part in column.chunks:
        plain = part.storage if isinstance(part, pa.ExtensionArray) else part
        if isinstance(plain, pa.DictionaryArray):
            plain = plain.dictionary_decode()
        if isinstance(plain, pa.RunEndEncodedArray):
            plain = pc.run_end_decode(plain)
        if plain.type not in (kind, part.type):
            yield from _parts(pa.chunked_array([plain]), kind)
        else:
            yield plain if plain.type == kind else pc.cast(plain, kind)
