"""How a customer's purchases spread: over categories, items and channels."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.features.lines import AMOUNT, CHANNEL, CUSTOMER, ITEM
from forwhom.features.purchases import Plan, order_keys, purchase_lines
from forwhom.tables.engine import arrow
from forwhom.tables.spellings import is_printed, spellings, ways

#: A level below this share of all spend (of all lines, where there is no money) is "other" ...
LEAST_SHARE = 0.02
#: ... and so is a level beyond the largest ones.
MOST_LEVELS = 12
#: The name of what is in no level of its own, or has no level.
OTHER = "other"


@dataclass(frozen=True)
class Levels:
    """The levels of a category column that get a feature each."""

    column: str  # column of the study
    role: str  # its fixed name in the lines
    names: Mapping[str, str]  # level -> name of its feature, largest first
    other: str  # name of the feature of all other levels
    label: str  # the column in plain words
    #: level -> the texts in these lines that stand for it, which another engine may print otherwise
    written: Mapping[str, tuple[str, ...]]


def find_levels(
    plan: Plan, column: str, known: Sequence[str] | None = None, least: int = 1
) -> Levels:
    """Find the levels of a category column that are large enough for a feature.

    A level that fewer customers than ``least`` bought would name what they bought: it is "other".
    """
    role = plan.lines.categories[column]
    levels = list(known) if known is not None else _largest(plan, role, least)
    written = (
        {level: (level,) for level in levels} if known is None else _written(plan, role, levels)
    )
    words = [_word(level) for level in levels]
    names = _distinct([f"{_word(column)}_share_{word}" for word in [*words, OTHER]])
    label = plan.lines.table.labels.get(column) or column.replace("_", " ")
    return Levels(column, role, dict(zip(levels, names, strict=False)), names[-1], label, written)


def category_shares(plan: Plan, levels: Levels) -> nw.LazyFrame[Any]:
    """Return, per customer, the share of spend per level and the number of distinct levels."""
    spend = _spend(plan, levels.role)
    weight, level = nw.col("weight"), nw.col(levels.role).cast(nw.String)
    # Not "is in": not every dialect that the expressions are written in has lists.
    parts = {
        name: nw.when(reduce(or_, (level == text for text in levels.written[value])))
        .then(weight)
        .sum()
        for value, name in levels.names.items()
    }
    totals = spend.group_by(CUSTOMER).agg(
        weight.sum().alias("weight"),
        nw.col(levels.role).count().cast(nw.Int64).alias(distinct_name(levels.column)),
        *(part.alias(name) for name, part in parts.items()),
    )
    rest = weight
    for name in parts:
        rest = rest - nw.col(name)
    named = {levels.other: rest} | {name: nw.col(name) for name in parts}
    shares = {name: nw.when(weight > 0).then(part / weight) for name, part in named.items()}
    return totals.with_columns(**shares).drop("weight")


def distinct_items(plan: Plan) -> nw.LazyFrame[Any]:
    """Return, per customer, the number of distinct items bought."""
    frame = purchase_lines(plan).filter(~nw.col(ITEM).is_null())
    pairs = frame.group_by(CUSTOMER, ITEM).agg()
    return pairs.group_by(CUSTOMER).agg(nw.len().cast(nw.Int64).alias("distinct_items"))


def channels(plan: Plan) -> nw.LazyFrame[Any]:
    """Return, per customer, the number of channels, orders in the main one and in all.

    An order in several channels counts in each.
    """
    frame = purchase_lines(plan).filter(~nw.col(CHANNEL).is_null())
    frame, keys = order_keys(plan, frame)
    placed = frame.group_by(CUSTOMER, *keys, CHANNEL).agg()
    per_channel = placed.group_by(CUSTOMER, CHANNEL).agg(nw.len().cast(nw.Float64).alias("placed"))
    return per_channel.group_by(CUSTOMER).agg(
        nw.len().cast(nw.Int64).alias("channels"),
        nw.col("placed").max().alias("in_main_channel"),
        nw.col("placed").sum().alias("in_channels"),
    )


def distinct_name(column: str) -> str:
    """Return the name of the feature that counts the distinct levels of a column."""
    return f"distinct_{_word(column)}"


def _spend(plan: Plan, role: str) -> nw.LazyFrame[Any]:
    """Return spend (lines, where there is no money) per customer and level."""
    frame = purchase_lines(plan)
    weight = nw.col(AMOUNT).sum() if AMOUNT in plan.lines.roles else nw.len().cast(nw.Float64)
    return frame.group_by(CUSTOMER, role).agg(weight.alias("weight"))


def _largest(plan: Plan, role: str, least: int) -> list[str]:
    frame = purchase_lines(plan)
    weight = nw.col(AMOUNT).sum() if AMOUNT in plan.lines.roles else nw.len().cast(nw.Float64)
    buyers = nw.col(CUSTOMER).n_unique() if least > 1 else nw.len()
    totals = frame.group_by(role).agg(weight.alias("weight"), buyers.alias("buyers"))
    level = nw.col(role).cast(nw.String).alias("level")
    rows = arrow(totals.select(level, "weight", "buyers"), plan.lines.table.name).to_pylist()
    everything = sum(row["weight"] for row in rows)
    found = [
        (-row["weight"], row["level"])
        for row in rows
        if row["level"] is not None
        and row["weight"] >= LEAST_SHARE * everything > 0
        and row["buyers"] >= least
    ]
    return [level for _, level in sorted(found)[:MOST_LEVELS]]


def _written(plan: Plan, role: str, levels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return, for each known level, the texts of these lines that stand for it."""
    text = nw.col(role).cast(nw.String).alias("level")
    rows = arrow(purchase_lines(plan).select(text).unique(), plan.lines.table.name)
    texts = sorted(one for one in rows["level"].to_pylist() if one is not None)
    known = spellings(levels)
    found: dict[str, tuple[str, ...]] = {}
    for at, level in enumerate(levels):
        # Another engine may print a number, or a yes or no, in none of the ways seen here.
        told = [word for word, code in known.codes.items() if code == at]
        printed = sorted({*ways(level), *told}) if is_printed(level) else []
        same = [one for one in (*texts, *printed) if known.code(one) == at]
        found[level] = tuple(dict.fromkeys([level, *same]))
    return found


def _word(text: str) -> str:
    """Return a text as lower-case words joined by underscores."""
    plain = unicodedata.normalize("NFKC", text).lower()
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    # A level in another script keeps its letters; an empty name would help nobody.
    source = ascii_only if re.search(r"[a-z0-9]", ascii_only) else plain
    return re.sub(r"\W+", "_", source).strip("_") or "blank"


def _distinct(names: Sequence[str]) -> list[str]:
    """Number the names that occur again, in order."""
    out: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in out:
            number += 1
            candidate = f"{name}_{number}"
        out.append(candidate)
    return out
