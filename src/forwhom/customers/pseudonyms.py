"""What tells who a person is, such as e-mail addresses, leaves forwhom as hashes or not at all."""

import hashlib

import pyarrow as pa

from forwhom.tables.ordering import level_name
from forwhom.tables.personal import Personal, personal_kind
from forwhom.tables.summaries import Summary, Type

#: What ids hold: numbers, or text.
_FORMS: tuple[Type, Type] = ("number", "text")
#: Values looked at to tell what they are.
_LOOKED_AT = 200


def without_persons(table: pa.Table, like: pa.Table | None = None) -> pa.Table:
    """Return a table whose ids, in the first column, are hashed where they tell who somebody is.

    Of a part of a table, what its columns are is told from the beginning of the whole, ``like``.

    SHA-256 of the text in small letters and without blanks around it, in hexadecimal digits: the
    same address is the same hash everywhere, so tables still meet, and who has the address can
    find it. Other columns of that kind are left out.
    """
    kinds = [_kind(table if like is None else like, index) for index in range(table.num_columns)]
    kept = table.select([i for i, kind in enumerate(kinds) if i == 0 or kind is None])
    if kinds[0] is None:
        return kept
    name = kept.column_names[0]
    return kept.set_column(0, pa.field(name, pa.string()), hashed_ids(kept.column(0)))


def hashed_ids(ids: pa.Array) -> pa.Array:
    """Return ids as they stand in a table without persons."""
    told = [None if one is None else _hash(level_name(one)) for one in ids.to_pylist()]
    return pa.array(told, pa.string())


def told_of_ids(table: pa.Table) -> str:
    """Return what was done with ids that tell who somebody is; empty where they do not."""
    kind = _kind(table, 0)
    if kind is None:
        return ""
    return (
        f"The ids are {kind}, so they were written as hashes (SHA-256 of the text in small "
        "letters); --keep-ids keeps them as they are."
    )


def _kind(table: pa.Table, index: int) -> Personal | None:
    values = table.column(index)
    text = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    if not text and not pa.types.is_integer(values.type):
        return None
    first = values.slice(0, _LOOKED_AT).drop_null().to_pylist()
    seen = {level_name(one): 1 for one in first}
    name, form, n = table.column_names[index], _FORMS[text], len(first)
    return personal_kind(Summary(name, form, n, n, len(seen), counts=seen))


def _hash(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()
