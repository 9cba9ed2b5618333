"""Files of SPSS, Stata and SAS: their labels, levels, missing values, sets and weights count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from forwhom.errors import DataError, SourceError
from forwhom.suffixes import TABLES, ends_with
from forwhom.tables.engine import first_line, reading
from forwhom.tables.frames import check_names
from forwhom.tables.ordering import is_no_answer, level_name
from forwhom.tables.spssheader import weight_of
from forwhom.wording import count

#: The reader of each ending, as the package calls it.
_READERS = {
    "sav": "read_sav", "zsav": "read_sav", "por": "read_por", "dta": "read_dta",
    "sas7bdat": "read_sas7bdat", "xpt": "read_xport", "xport": "read_xport",
}  # fmt: skip
#: Values read at a time: as Python objects they take several times their size.
_CELLS = 150_000
#: A transport file of SAS is made of records of so many bytes, and does not say how many.
_RECORD = 80
#: Encodings tried where the file names none, or a wrong one.
_ENCODINGS = (None, "WINDOWS-1252", "LATIN1")


@dataclass
class Statistical:
    """What a file says, beside its rows."""

    labels: dict[str, str] = field(default_factory=dict)
    levels: dict[str, tuple[str, ...]] = field(default_factory=dict)  # in their order, if ordinal
    notes: list[str] = field(default_factory=list)
    weight: str = ""


def read_statistical(
    session: duckdb.DuckDBPyConnection, path: Path, name: str
) -> tuple[duckdb.DuckDBPyRelation, Statistical]:
    """Read a file of SPSS, Stata or SAS into a connection, batch by batch."""
    if path.stat().st_size == 0:
        raise DataError(f"{name} is empty.", "Check that the export was complete.")
    if ends_with(path, ("xpt", "xport")) and path.stat().st_size % _RECORD:
        raise SourceError(
            f"{name} ends within a record, so it is cut off.",
            "Copy or export it again.",
        )
    tried = _ENCODINGS if not ends_with(path, ("por", "xpt", "xport")) else (None,)
    for encoding in tried:
        try:
            return _read(session, path, name, encoding)
        except SourceError as error:
            if encoding == tried[-1] or "encoding" not in str(error.__cause__):
                raise
    raise AssertionError("the last encoding is read, or refused")


def _read(
    session: duckdb.DuckDBPyConnection, path: Path, name: str, encoding: str | None
) -> tuple[duckdb.DuckDBPyRelation, Statistical]:
    named = {} if encoding is None else {"encoding": encoding}
    with _refusing(name):
        declared = {"user_missing": True} if ends_with(path, ("sav", "zsav", "dta")) else {}
        _, meta = _call(path, metadataonly=True, **declared, **named)
    if not meta.column_names or meta.number_rows == 0:
        raise DataError(f"{name} has no rows.", "Check that the export was complete.")
    check_names(meta.column_names, name)
    said = Statistical(labels=_labels(meta), weight=_weight(path, meta))
    if encoding is not None:
        said.notes.append(f"{name} was read as {encoding.title()}.")
    plans = _plans(meta, said, name)
    session.execute("DROP TABLE IF EXISTS forwhom_rows")
    for index, rows in enumerate(_rows(path, meta, named, name)):
        session.register("forwhom_batch", _batch(plans, rows))
        made = "INSERT INTO forwhom_rows" if index else "CREATE TEMP TABLE forwhom_rows AS"
        with reading(name):
            session.execute(f"{made} FROM forwhom_batch")
        session.unregister("forwhom_batch")
    return session.table("forwhom_rows"), said


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """Turn every error of the package into one that says what to do; it raises its own kinds."""
    try:
        yield
    except Exception as error:
        raise SourceError(
            f"{name} cannot be read: {first_line(error)}",
            "Is it whole, and a file of SPSS, Stata or SAS? Copy or export it again.",
        ) from error


def _call(path: Path, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    import pyreadstat

    reader = next(r for end, r in _READERS.items() if ends_with(path, (end,)))
    found: tuple[dict[str, list[Any]], Any] = getattr(pyreadstat, reader)(
        str(path), output_format="dict", **options
    )
    return found


def _rows(
    path: Path, meta: Any, named: Mapping[str, str], name: str
) -> Iterator[dict[str, list[Any]]]:
    """Yield the rows, some at a time; what a user declared missing is missing."""
    step = max(1, _CELLS // max(1, len(meta.column_names)))
    start, got = 0, step
    while got == step:
        with _refusing(name):
            rows, _ = _call(path, row_offset=start, row_limit=step, **named)
        got = len(next(iter(rows.values()))) if rows else 0
        if got:
            yield rows
        start += step


def _labels(meta: Any) -> dict[str, str]:
    said = {name: " ".join((label or "").split()) for name, label in
            meta.column_names_to_labels.items()}  # fmt: skip
    return {name: label for name, label in said.items() if label and label != name}


@dataclass(frozen=True)
class _Plan:
    """What becomes of the values of one column, or of a set of them."""

    name: str
    sources: tuple[str, ...]
    kind: str  # number, text, date, time, levels, chosen
    words: Mapping[Any, str] = field(default_factory=dict)
    counted: Any = None


def _plans(meta: Any, said: Statistical, name: str) -> list[_Plan]:
    sets = {column: one for one in meta.mr_sets.values() for column in one["variable_list"]}
    done: set[int] = set()
    plans: list[_Plan] = []
    for column in meta.column_names:
        one = sets.get(column)
        if one is None:
            plans.append(_plan(meta, column, said, name))
        elif one["is_dichotomy"]:
            members = tuple(one["variable_list"])
            plans.append(_Plan(column, (column, *members), "chosen", counted=one["counted_value"]))
        elif id(one) not in done:
            done.add(id(one))
            plans += _of_set(meta, one, said)
    if meta.mr_sets:
        sets_said = count(len(meta.mr_sets), "multiple-response set")
        said.notes.append(f"{name}: {sets_said}: each answer is a yes or no.")
    return plans


def _of_set(meta: Any, one: Mapping[str, Any], said: Statistical) -> Iterator[_Plan]:
    """Yield a yes or no for each category of a set whose columns hold codes."""
    members = tuple(one["variable_list"])
    words = meta.variable_value_labels.get(members[0], {})
    title = one.get("label") or said.labels.get(members[0], members[0])
    for code, word in sorted(words.items(), key=lambda pair: str(pair[0])):
        column = f"{members[0]}: {word}".replace(".", "_").replace('"', "")
        said.labels[column] = f"{title}: {word}"
        yield _Plan(column, members, "among", counted=code)


def _plan(meta: Any, column: str, said: Statistical, name: str) -> _Plan:
    """Decide what a column is: its value labels are its levels where every value has one."""
    form, words = meta.original_variable_types.get(column) or "", _words(meta, column, said, name)
    kind = _kind(form, meta.readstat_variable_types.get(column, "double"))
    measure = meta.variable_measure.get(column, "unknown")
    if kind != "number" or not words:
        return _Plan(column, (column,), kind)
    ends = measure == "scale" or _only_ends(words)
    if ends and measure != "nominal":
        return _Plan(column, (column,), "number")
    if measure == "ordinal" or (measure != "nominal" and _is_numbered(words)):
        said.levels[column] = tuple(words[code] for code in sorted(words))
    return _Plan(column, (column,), "levels", words)


def _words(meta: Any, column: str, said: Statistical, name: str) -> dict[float, str]:
    """Return the value labels by code; two codes with one label stay apart."""
    missing = meta.missing_ranges.get(column) or []
    given = meta.variable_value_labels.get(column) or {}
    words = {
        code: " ".join(str(word).split()) or level_name(code)
        for code, word in given.items()
        if not any(_within(code, one) for one in missing)
    }
    several = [w for w in words.values() if list(words.values()).count(w) > 1]
    if several:
        said.notes.append(
            f"{name}: several codes of {column!r} have the label {several[0]!r}; each is a level "
            "of its own, with its code."
        )
    return {c: f"{w} ({level_name(c)})" if w in several else w for c, w in words.items()}


def _within(code: Any, one: Any) -> bool:
    low, high = (one["lo"], one["hi"]) if isinstance(one, Mapping) else (one, one)
    try:
        return bool(low <= code <= high)
    except TypeError:
        return False


def _only_ends(words: Mapping[float, str]) -> bool:
    """Whether only some steps of a scale have words, such as the first and the last."""
    codes = sorted(words)
    apart = len(codes) < 4 and codes[-1] - codes[0] >= 2 * len(codes) - 2
    return len(codes) == 1 or apart


def _is_numbered(words: Mapping[float, str]) -> bool:
    """Whether steps between the ends of a scale are called by their numbers, as Stata labels it."""
    codes = [code for code in sorted(words) if not is_no_answer(words[code])]
    return len(codes) >= _FEWEST_STEPS and all(
        words[code].strip(" .") == level_name(code) for code in codes[1:-1]
    )


#: So many steps tell a scale from a few numbered kinds.
_FEWEST_STEPS = 4
_DATES = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "%td", "%d", "YYMMDD", "MMDDYY", "DDMMYY")


def _kind(form: str, stored: str) -> str:
    if stored == "string":
        return "text"
    head = form.upper()
    if head.startswith(("DATETIME", "YMDHMS", "%TC")):
        return "time"
    if head.startswith(tuple(d.upper() for d in _DATES)):
        return "date"
    return "clock" if head.startswith(("TIME", "DTIME")) else "number"


def _batch(plans: Sequence[_Plan], rows: Mapping[str, list[Any]]) -> pa.Table:
    return pa.table({plan.name: _array(plan, rows) for plan in plans})


def _array(plan: _Plan, rows: Mapping[str, list[Any]]) -> pa.Array:
    if plan.kind == "chosen":
        own, *members = (rows[source] for source in plan.sources)
        asked = (any(v not in (None, "") for v in row) for row in zip(*members, strict=True))
        chosen = [
            (value == plan.counted or str(value) == str(plan.counted) or
             level_name(value) == str(plan.counted)) if on else None
            for value, on in zip(own, asked, strict=True)
        ]  # fmt: skip
        return pa.array(chosen, pa.bool_())
    if plan.kind == "among":
        several = zip(*(rows[source] for source in plan.sources), strict=True)
        return pa.array([None if not any(v is not None for v in row) else plan.counted in row
                         for row in several], pa.bool_())  # fmt: skip
    values = rows[plan.sources[0]]
    if plan.kind == "levels":
        said = {code: plan.words.get(code, level_name(code)) for code in set(values) - {None}}
        return pa.array([said.get(value) for value in values], pa.string())
    if plan.kind == "text":
        return pa.array([str(v).rstrip() or None if v is not None else None for v in values],
                        pa.string())  # fmt: skip
    if plan.kind in ("time", "date"):
        return pa.array([_moment(v) for v in values], pa.timestamp("us"))
    if plan.kind == "clock":
        return pa.array([None if v is None else str(v) for v in values], pa.string())
    return pa.array([v if isinstance(v, int | float) else None for v in values], pa.float64())


def _moment(value: Any) -> datetime | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value if isinstance(value, datetime) else None


def _weight(path: Path, meta: Any) -> str:
    found = weight_of(path) if ends_with(path, TABLES["SPSS"][:2]) else ""
    names = {str(name).casefold()[:8]: str(name) for name in reversed(meta.column_names)}
    return names.get(found.casefold(), "")
