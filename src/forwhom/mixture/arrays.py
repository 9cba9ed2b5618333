"""Arrays and data frames as columns, for the estimator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure, has_levels
from forwhom.errors import DataError, OptionError, nearest
from forwhom.mixture import coding
from forwhom.tables.columns import Column, form_of
from forwhom.tables.inference import infer
from forwhom.tables.ordering import level_name
from forwhom.tables.spellings import spellings
from forwhom.tables.summaries import Summary

Measures = Mapping[Any, Measure] | Measure | None
Levels = Mapping[str, Sequence[str]]

MEASURES: tuple[Measure, ...] = get_args(Measure)

#: Rows that are looked at to infer a measure.
INFERENCE_ROWS = 20_000
#: Whole numbers in a range up to this are coded by a table instead of a sort.
TABLE_RANGE = 4096


def is_frame(data: object) -> bool:
    """Whether the data are a data frame (pandas, Polars, PyArrow, ...), not an array."""
    if isinstance(data, np.ndarray):  # need not wait for the table engine
        return False
    from forwhom.tables.frames import recognized

    return recognized(data, "X") is not None


def given_measures(measures: Measures, names: Sequence[str]) -> dict[str, Measure]:
    """Return the measure by name; OptionError for an unknown column or measure."""
    if measures is None:
        return {}
    if isinstance(measures, str):
        measures = dict.fromkeys(names, measures)
    if not isinstance(measures, Mapping):
        raise OptionError(
            f"measures is a {type(measures).__name__}.",
            "Give one word for all columns, or a mapping from column to measure.",
        )
    found: dict[str, Measure] = {}
    for key, measure in measures.items():
        name = names[key] if isinstance(key, int) and 0 <= key < len(names) else str(key)
        if name not in names:
            raise OptionError(
                f"measures names a column {key!r} that X does not have.",
                nearest(name, names) or f"It has: {', '.join(names[:20])}.",
            )
        if measure not in MEASURES:
            raise OptionError(
                f"measures gives {key!r} the measure {measure!r}.",
                f"Use one of {', '.join(MEASURES)}.",
            )
        found[name] = measure
    return found


def frame_columns(
    frame: object, measures: Measures, levels: Levels | None
) -> tuple[dict[str, Column], dict[str, Measure]]:
    """Columns of a data frame; measures that are not given are inferred."""
    from forwhom.tables import collect_columns, profile_table, table_of
    from forwhom.tables.frames import addressable

    table = table_of(frame, "X", index=False)
    names = table.frame.collect_schema().names()
    if isinstance(measures, Mapping):  # names with dots are spelled otherwise in tables
        measures = {addressable(k) if isinstance(k, str) else k: m for k, m in measures.items()}
    wanted = given_measures(measures, names)
    known = dict(levels or {})
    if set(names) - set(wanted):
        for column in profile_table(table).columns:
            if column.name not in wanted:
                wanted[column.name] = _usable(column.name, column.measure, column.type)
                if column.levels and levels is None:
                    known[column.name] = column.levels
    ordered = {name: wanted[name] for name in names}
    used = {n: v for n, v in known.items() if has_levels(ordered[n])}
    _, columns = collect_columns(table, ordered, levels=used)
    return columns, ordered


def _usable(name: str, measure: Measure | None, type_: str) -> Measure:
    if measure is not None:
        return measure
    if type_ == "number":
        return "continuous"
    held = {"text": "text", "date": "dates", "boolean": "yes and no"}.get(type_, "other values")
    raise DataError(
        f"{name!r} holds {held} in which no variable is recognized.",
        "Drop the column, or say how it was measured with measures={...}.",
    )


def array_columns(
    array: NDArray[Any], names: Sequence[str], measures: Measures, levels: Levels | None
) -> tuple[dict[str, Column], dict[str, Measure]]:
    """Columns of a two-dimensional array; measures that are not given are inferred."""
    wanted = given_measures(measures, names)
    step = max(1, len(array) // INFERENCE_ROWS)
    ordered: dict[str, Measure] = {
        name: wanted.get(name) or _infer(name, _as_numbers(array[::step, j]))
        for j, name in enumerate(names)
    }
    columns: dict[str, Column] = {}
    if array.dtype.kind in "iu" and levels is None:
        columns |= _integer_codes(array, names, ordered)
    for j, name in enumerate(names):
        if name in columns:
            continue
        measure, values = ordered[name], _as_numbers(array[:, j])
        if has_levels(measure):
            columns[name] = _codes(name, values, None if levels is None else levels[name])
        else:
            columns[name] = Column(name, _numbers(name, values, measure))
    return columns, ordered


def _as_numbers(values: NDArray[Any]) -> NDArray[Any]:
    """Return floats where every value is a number; text stays text."""
    if values.dtype.kind in "fiub":
        return values.astype(np.float64)
    if values.dtype.kind == "O":
        odd = next((v for v in values if isinstance(v, dict | list | set | tuple)), None)
        if odd is not None:
            raise TypeError(f"argument must be a string or a number, not {type(odd).__name__}")
    missing = np.array([v is None or (isinstance(v, float) and np.isnan(v)) for v in values])
    try:
        numbers = np.full(len(values), np.nan)
        numbers[~missing] = values[~missing].astype(np.float64)
    except ValueError:
        text = np.array([str(v) for v in values], dtype=object)
        text[missing] = None
        return text
    if np.isinf(numbers).any():
        raise DataError("X contains infinity.", "Correct or empty these cells.")
    return numbers


def _infer(name: str, values: NDArray[Any]) -> Measure:
    """Infer from evenly spread rows: whole numbers and text as in a table.

    Other numbers are continuous: whether they are skewed enough to be positive is for a person
    (or the name of the column in a data frame) to say.
    """
    text = values.dtype == object
    seen = values[[v is not None for v in values]] if text else values[~np.isnan(values)]
    if not len(seen):
        raise DataError(f"{name!r} has no value at all.", "Leave it out.")
    if not text and (seen != np.floor(seen)).any():
        return "continuous"
    unique, counts = np.unique(seen.astype(str) if text else seen, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:60]
    shown = [str(u) if text else f"{u:g}" for u in unique[order]]
    summary = Summary(
        name="",
        type="text" if text else "number",
        n=len(seen),
        rows=len(values),
        distinct=len(unique),
        counts=dict(zip(shown, counts[order].tolist(), strict=True)),
    )
    if not text:
        summary = _with_moments(summary, seen)
    return _usable(name, infer(summary).measure, summary.type)


def _with_moments(summary: Summary, seen: NDArray[np.float64]) -> Summary:
    from dataclasses import replace

    probabilities = (0.1, 0.25, 0.5, 0.75, 0.9)
    quantiles = np.quantile(seen, probabilities)
    return replace(
        summary,
        minimum=float(seen.min()),
        maximum=float(seen.max()),
        mean=float(seen.mean()),
        sd=float(seen.std()),
        quantiles=dict(zip(probabilities, quantiles.tolist(), strict=True)),
        zeros=float((seen == 0).mean()),
        negatives=int((seen < 0).sum()),
        whole=bool((seen == np.floor(seen)).all()),
    )


def _numbers(name: str, values: NDArray[Any], measure: Measure) -> NDArray[np.float64]:
    if values.dtype == object:
        bad = next(i for i, v in enumerate(values) if v is not None and not _is_number(v))
        raise DataError(
            f"{name!r} is {measure}, but row {bad + 1} holds text, {form_of(values[bad])}.",
            "Give numbers, or make it nominal.",
        )
    return np.asarray(values, dtype=np.float64)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _codes(name: str, values: NDArray[Any], levels: Sequence[str] | None) -> Column:
    """Code a discrete variable; values that are not among the levels become missing."""
    if values.dtype == object:
        distinct = sorted({v for v in values if v is not None})
        codes = np.array([distinct.index(v) if v is not None else -1 for v in values], np.int32)
        found = Column(name, codes, tuple(distinct))
    else:
        found = _number_codes(name, values)
    return found if levels is None else _in_levels(found, tuple(levels))


def _integer_codes(
    array: NDArray[np.integer], names: Sequence[str], measures: Mapping[str, Measure]
) -> dict[str, Column]:
    """Code all discrete columns of whole numbers in two passes, without floats or sorting."""
    low, high = array.min(axis=0).astype(np.int64), array.max(axis=0).astype(np.int64)
    width = high - low + 1
    chosen = np.array(
        [j for j, n in enumerate(names) if has_levels(measures[n]) and width[j] <= TABLE_RANGE],
        dtype=np.int64,
    )
    offset = np.concatenate([[0], np.cumsum(width[chosen])]).astype(np.int64)
    present = np.zeros(offset[-1], dtype=np.bool_)
    coding.mark(array, chosen, offset - np.append(low[chosen], 0), present)
    table = np.concatenate(
        [np.cumsum(present[a:b]) - 1 for a, b in pairwise(offset)] or [np.empty(0)]
    ).astype(np.int32)
    codes = np.empty((len(chosen), len(array)), dtype=np.int32)
    coding.look_up(array, chosen, offset - np.append(low[chosen], 0), table, codes)
    found = {}
    for row, j in enumerate(chosen):
        part = present[offset[row] : offset[row + 1]]
        levels = tuple(str(v) for v in np.flatnonzero(part) + low[j])
        found[names[j]] = Column(names[j], codes[row], levels)
    return found


def _number_codes(name: str, values: NDArray[np.float64]) -> Column:
    hole = np.isnan(values)
    if hole.all():
        return Column(name, np.full(len(values), -1, dtype=np.int32), ())
    low, high = np.nanmin(values), np.nanmax(values)
    shifted = np.where(hole, 0.0, values - low)
    offsets = shifted.astype(np.int64) if high - low < TABLE_RANGE else np.empty(0, np.int64)
    if len(offsets) and (offsets == shifted).all():
        present = np.bincount(offsets[~hole], minlength=int(high - low) + 1) > 0
        distinct = np.flatnonzero(present) + low
        codes = (np.cumsum(present) - 1)[offsets].astype(np.int32)
    else:
        distinct, inverse = np.unique(values[~hole], return_inverse=True)
        codes = np.zeros(len(values), dtype=np.int32)
        codes[~hole] = inverse
    codes[hole] = -1
    return Column(name, codes, tuple(level_name(v) for v in distinct.tolist()))


def _in_levels(column: Column, levels: tuple[str, ...]) -> Column:
    assert column.levels is not None
    translation = np.array([*map(spellings(levels).code, column.levels), -1], dtype=np.int32)
    codes = translation[column.values.astype(np.int64)]
    counts = np.bincount(column.values[(codes < 0) & (column.values >= 0)].astype(np.int64))
    unseen = {column.levels[i]: int(c) for i, c in enumerate(counts) if c}
    return Column(column.name, codes, levels, unseen)
