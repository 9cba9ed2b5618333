"""Texts of customers: which table and column, whose they are, and what was answered beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.joining import differ_only_in, positions
from forwhom.customers.opening import Tables, named_tables
from forwhom.customers.pseudonyms import hashed_ids
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.study import Study
from forwhom.errors import DataError, OptionError, nearest
from forwhom.tables import Table, collect, kinds
from forwhom.tables.textual import MISSING
from forwhom.wording import count, listed, tr_few

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: So few different texts, and each so often, are answers to choose from.
_LEVELS, _OFTEN = 20, 10
#: Whole answers up to this fit a short scale as well as 0 to 10.
_SHORT, _ENOUGH = 7, 20
_EMPTY = frozenset(MISSING)


@dataclass(frozen=True)
class Texts:
    """What customers wrote, one row per text, empty ones left out."""

    name: str  # of the table
    texts: list[str]
    ids: pa.Array | None  # of the customer of each text; None: each row is one
    rows: Ints  # row of each text in the table
    answers: Mapping[str, Floats]  # 0 to 10, NaN where nothing was answered
    #: the tables that place customers
    placing: dict[str, object]
    #: whether the texts stand in a table that has one row per customer
    one_each: bool
    notes: tuple[str, ...]


def read_texts(
    segmentation: Segmentation,
    data: object,
    text: str,
    *,
    customer: str | None = None,
    ratings: Mapping[str, str],
    scale: tuple[float, float] | None = None,
) -> Texts:
    """Read a column of texts, and ratings beside it.

    ``ratings`` names the columns of ``"satisfaction"`` and ``"importance"``, as far as there are.
    """
    named = named_tables(data)
    tables = Tables(given=named)
    opened = {name: tables.open(name) for name in named}
    name, column = _found(opened, text)
    table = opened[name]
    _check_text(table, column)
    identity = _identity(segmentation, table, customer)
    wanted = [column, *([identity] if identity else []), *ratings.values()]
    for one in ratings.values():
        _check_number(table, one)
    rows = collect(replace(table, frame=table.frame.select(list(dict.fromkeys(wanted)))))
    written = [str(one or "").strip() for one in rows[column].to_pylist()]
    kept = np.array([i for i, one in enumerate(written) if one not in _EMPTY], dtype=np.int64)
    if not len(kept):
        raise DataError(
            f"{table.name}: every text in {column!r} is empty.", "Is it the right column?"
        )
    texts = [written[i] for i in kept]
    _check_many(table, column, texts)
    ids = None if identity is None else rows[identity].combine_chunks().take(pa.array(kept))
    whole = None if identity is None else rows[identity]
    one_each = whole is None or len(whole.unique()) == len(whole)
    answers = {what: _scaled(table, one, rows[one], scale)[kept] for what, one in ratings.items()}
    placing = {n: one for n, one in named.items() if n != name or one_each}
    return Texts(table.name, texts, ids, kept, answers, placing, one_each, table.notes)


def _found(opened: Mapping[str, Table], text: str) -> tuple[str, str]:
    """Return the table that has the column of texts, and the column as it is spelled there."""
    here = [
        (name, column)
        for name, table in opened.items()
        for column in table.columns
        if column.casefold() == text.casefold()
    ]
    exact = [(name, column) for name, column in here if column == text]
    found = exact or here
    if len(found) == 1:
        return found[0]
    if found:
        names = listed([opened[name].name for name, _ in found])
        raise OptionError(
            f"{text!r} is a column of {names}.", "Give only the table with the texts that you mean."
        )
    known = [column for table in opened.values() for column in table.columns]
    written = [c for table in opened.values() for c, kind in kinds(table).items() if kind == "text"]
    some = f"Columns of text are: {listed(written, 8)}." if written else "It has no text at all."
    tables = listed([table.name for table in opened.values()])
    raise DataError(f"{tables}: there is no column {text!r}.", nearest(text, known) or some)


def _check_text(table: Table, column: str) -> None:
    kind = kinds(table)[column]
    if kind != "text":
        held = {"number": "numbers", "boolean": "yes and no", "date": "dates"}.get(kind, "no text")
        raise DataError(
            f"{table.name}: {column!r} holds {held}, not what people wrote.",
            "Name the column with reviews, interviews or open answers.",
        )


def _check_many(table: Table, column: str, texts: list[str]) -> None:
    """Refuse answers that were chosen from a list: they are levels."""
    several = len(set(texts))
    if several <= _LEVELS and len(texts) >= _OFTEN * several and max(map(len, texts)) < 60:
        raise DataError(
            f"{table.name}: {column!r} has only {count(several, 'different text')} in "
            f"{count(len(texts), 'row')}, so these are answers to choose from.",
            "Give them to 'forwhom discover' as a variable; here, name a column that people wrote.",
        )


def _check_number(table: Table, column: str) -> None:
    if column not in table.columns:
        raise DataError(
            f"{table.name}: there is no column {column!r}.",
            nearest(column, table.columns) or "Ratings stand in the table with the texts.",
        )
    if kinds(table)[column] != "number":
        raise DataError(f"{table.name}: {column!r} holds no numbers.", "Ratings are numbers.")


def _scaled(
    table: Table, column: str, values: pa.ChunkedArray, scale: tuple[float, float] | None
) -> Floats:
    """Return answers on 0 to 10; a short scale is asked for, as nobody can tell it."""
    given = np.asarray(values.cast(pa.float64()).to_numpy(), dtype=np.float64)
    seen = given[np.isfinite(given)]
    if scale is None:
        if len(seen) >= _ENOUGH and seen.max() <= _SHORT and bool(np.all(seen == np.round(seen))):
            top = 5 if seen.max() <= 5 else _SHORT
            raise DataError(
                f"{table.name}: no answer in {column!r} is above {top}, so they fit a scale that "
                f"ends at {top} as well as 0 to 10.",
                f"Say which it was: --scale 1 {top}, or --scale 0 10.",
            )
        scale = (0.0, 10.0)
    low, high = scale
    if not low < high:
        raise OptionError(f"the scale {low:g} {high:g} does not go up.", "Such as: 1 5.")
    if len(seen) and not low <= float(seen.min()) <= float(seen.max()) <= high:
        raise DataError(
            f"{table.name}: {column!r} has answers outside of {low:g} to {high:g}.",
            "Say the lowest and the highest answer with --scale, such as --scale 1 5.",
        )
    return 10 * (given - low) / (high - low)


def _identity(segmentation: Segmentation, table: Table, customer: str | None) -> str | None:
    """Return the column that says whose a text is; None where each row is a customer."""
    if customer is not None:
        if customer not in table.columns:
            raise DataError(
                f"{table.name}: there is no column {customer!r}.",
                nearest(customer, table.columns) or "It says whose a text is.",
            )
        return customer
    study = Study.model_validate(segmentation.study) if segmentation.study else None
    of_events = [] if study is None else [one.customer for one in study.events]
    known = [name.casefold() for name in (segmentation.id_column, *of_events) if name]
    return next((c for c in table.columns if c.casefold() in known), None)


def whose(texts: Texts, placed: pa.Array, threshold: int) -> tuple[Ints, list[str]]:
    """Return the place of each text's customer among those who were placed, -1 for none."""
    if texts.ids is None:
        return texts.rows, []
    at = positions(texts.ids, placed)
    if (at < 0).all():
        at = positions(hashed_ids(texts.ids), placed)
    if (at < 0).all():
        apart = differ_only_in(texts.ids, placed)
        raise DataError(
            f"{texts.name}: none of the customers who wrote is among those in segments.",
            f"Their ids differ in {apart}; write them the same way." if apart
            else "Name the column that says who wrote with --customer.",
        )  # fmt: skip
    strangers = len(texts.ids.filter(pa.array(at < 0)).unique())
    if not strangers:
        return at, []
    said = tr_few(
        "{n} customer who wrote is in no segment, because nothing else is known of them: left out.",
        "{n} customers who wrote are in no segment, because nothing else is known of them: left "
        "out.",
        strangers, threshold,
    )  # fmt: skip
    return at, [said]
