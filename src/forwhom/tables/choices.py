"""Questions of which several answers may be chosen: one yes or no for each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.documents.study import ChoiceSet
from forwhom.tables.frames import Table, addressable, as_key, collect, kinds
from forwhom.wording import lowered

#: Signs between answers in one cell, the surest first.
SEPARATORS = (";", "|", "\n", " / ", ",")
#: A question has no more answers than this, and each is short.
MOST_OPTIONS = 40
_LONGEST = 90
_MOST_LEVELS = 5_000
#: From this share on, answers occur in several combinations.
_MOSTLY = 0.8
#: In so many different cells, two parts that are never apart are one answer.
_TOGETHER = 3
#: Cells that say no where another answer of the question is yes.
_NOT_CHOSEN = ("0", "no", "n", "false", "not selected", "unchecked", "nein", "non", "off")


def name_of(column: str, option: str) -> str:
    """Return the name of the column that says whether an answer was chosen."""
    return addressable(f"{column}: {option}")


def with_choices(table: Table, sets: Sequence[ChoiceSet]) -> Table:
    """Turn questions with several answers into one yes or no for each; not asked is missing."""
    if not sets:
        return table
    frame, labels, dropped = table.frame, dict(table.labels), []
    types = kinds(table)
    for one in sets:
        if one.column is not None:
            asked = table.labels.get(one.column, one.column)
            said = _split(table, one.column, one.separator, one.options)
            frame = frame.with_columns(**said)
            labels |= {name_of(one.column, o): f"{asked}: {o}" for o in one.options}
            dropped.append(one.column)
        else:
            frame = frame.with_columns(*_chosen(one.columns, types))
    return replace(table, frame=frame.drop(*dropped) if dropped else frame, labels=labels)


def _split(table: Table, column: str, separator: str, options: Sequence[str]) -> dict[str, nw.Expr]:
    text = as_key(table, column).str.strip_chars()  # where all chose one answer, it may be numbers
    if separator.strip():
        text = text.str.replace_all(f"{separator} ", separator, literal=True)
    whole = nw.concat_str(nw.lit(separator), text, nw.lit(separator))
    plain = {option: option.replace(f"{separator} ", separator) for option in options}
    return {
        name_of(column, option): whole.str.contains(f"{separator}{said}{separator}", literal=True)
        for option, said in plain.items()
    }


def _chosen(columns: Sequence[str], types: dict[str, Any]) -> list[nw.Expr]:
    """Return for each column whether it was chosen, where any of them says something."""
    answered = nw.any_horizontal(*(~nw.col(c).is_null() for c in columns), ignore_nulls=True)
    found: list[nw.Expr] = []
    for column in columns:
        said = nw.col(column)
        if types[column] == "number":
            said = said.cast(nw.Float64) != 0
        elif types[column] != "boolean":
            text = said.cast(nw.String).str.to_lowercase().str.strip_chars()
            said = ~text.is_in(_NOT_CHOSEN)
        found.append(nw.when(answered).then(said.fill_null(False)).alias(column))
    return found


def levels_of(table: Table, column: str) -> dict[str, int]:
    """Return the different texts of a column and their rows; empty where there are very many."""
    here = table.frame.select(column).drop_nulls()
    counted = here.group_by(column).agg(nw.len().alias("forwhom_n")).head(_MOST_LEVELS + 1)
    rows = collect(replace(table, frame=counted))
    found = {str(level): int(n) for level, n in zip(*(c.to_pylist() for c in rows), strict=True)}
    return {} if len(found) > _MOST_LEVELS else dict(sorted(found.items()))


def options_in(levels: Mapping[str, int], separator: str) -> list[str]:
    """Return the answers of which cells hold one or several; empty where they are no answers.

    What one person alone wrote is text beside "other", and no answer.
    """
    parts = _whole({level: _parts(level, separator) for level in levels}, separator)
    rows = Counter[str]()
    for level, own in parts.items():
        rows.update(dict.fromkeys(own, levels[level]))
    known = {level: [one for one in own if rows[one] > 1] for level, own in parts.items()}
    several = [level for level in levels if len(parts[level]) > 1]
    beside = sum(len(known[level]) > 1 for level in several)
    options = sorted({part for own in known.values() for part in own})
    if not several or 2 * beside < len(several) or not 2 <= len(options) <= MOST_OPTIONS:
        return []
    if any(len(option) > _LONGEST for option in options):
        return []
    together = {part for level in several for part in known[level]}
    again = sum(sum(part in own for own in known.values()) > 1 for part in together)
    if again < _MOSTLY * len(together):
        return []
    # 1,5 and 2,5 are numbers; nobody chooses an answer twice.
    numbers = all(o.replace(".", "").isdigit() for o in options)
    twice = any(len(set(own)) < len(own) for own in parts.values())
    return [] if twice or (numbers and separator == ",") else options


def _whole(parts: dict[str, list[str]], separator: str) -> dict[str, list[str]]:
    """Join what is one answer with the sign in it, "Books, maps": never one without the other."""
    while pair := _inseparable(list(parts.values())):
        joined = f"{separator} ".join(pair)
        parts = {level: _rejoined(own, pair, joined) for level, own in parts.items()}
    return parts


def _inseparable(lists: Sequence[Sequence[str]]) -> tuple[str, str] | None:
    """Return two parts that stand side by side wherever one of them does, in several cells."""
    single = Counter(part for own in lists for part in own)
    pairs = Counter(pair for own in lists for pair in pairwise(own))
    for (first, second), n in pairs.items():
        if n >= _TOGETHER and n == single[first] == single[second] and len(single) > 2:
            return first, second
    return None


def _rejoined(own: Sequence[str], pair: tuple[str, str], joined: str) -> list[str]:
    at = next((i for i, both in enumerate(pairwise(own)) if both == pair), None)
    return list(own) if at is None else [*own[:at], joined, *own[at + 2 :]]


def _parts(level: str, separator: str) -> list[str]:
    return [part for one in level.split(separator) if (part := one.strip())]


def is_other_text(name: str, label: str) -> bool:
    """Return whether a column holds what people wrote beside "other"."""
    said = lowered(label or name).rstrip(") ].")
    return (
        name.endswith(("_TEXT", "_other_text", "[other]", "_other"))
        or said.endswith(("- text", "please specify", "bitte angeben", "veuillez préciser"))
    )  # fmt: skip


def taken_apart(names: Collection[str]) -> frozenset[str]:
    """Return the columns whose answers stand in columns of their own: q beside q/a and q/b."""
    stems = Counter(name.rpartition("/")[0] for name in names if "/" in name)
    return frozenset(name for name in names if stems[name] > 1)
