"""Levels that few customers have: they would say who has them, so they count as no answer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np

from forwhom.documents.segmentation import Variable
from forwhom.documents.study import Study
from forwhom.errors import DataError
from forwhom.languages.catalog import later, later_count
from forwhom.tables.columns import Column
from forwhom.tables.scales import is_answer_scale
from forwhom.wording import count, listed

#: What to do where the threshold was decided when segments were found.
DECIDED = "Give more customers; the threshold is that of the segments, and was decided with them."


#: What is rare, and what is said of it: of one, and of several.
_LEVELS = later_count("{n} level of {name}", "{n} levels of {name}")
_STEPS = later_count("{n} step of {name}", "{n} steps of {name}")
_GONE = (
    later("{told} that fewer than {threshold} customers have counts as missing."),
    later("{told} that fewer than {threshold} customers have count as missing."),
)
_STAYED = (
    later(
        "{told} that fewer than {threshold} customers have stays, because scales keep all steps; "
        "no count is told."
    ),
    later(
        "{told} that fewer than {threshold} customers have stay, because scales keep all steps; "
        "no count is told."
    ),
)


def check_enough(customers: int, threshold: int, hint: str = "") -> None:
    """Refuse customers of whom nothing may be told, because all of them are too few."""
    if customers < threshold:
        raise DataError(
            f"there {'is' if customers == 1 else 'are'} {count(customers, 'customer')}, "
            f"fewer than the {threshold} that a number "
            "must describe so that it tells of nobody.",
            hint
            or "Give more customers, or lower the threshold (--threshold) where nobody else reads "
            "the answer.",
        )


def scales_of(
    variables: Iterable[Variable], columns: Mapping[str, Column], study: Study
) -> set[str]:
    """Return the variables whose levels a question offers, or the study says, in their order."""
    declared = {name for name, said in study.variables.items() if said.levels}
    ordered = [v.name for v in variables if v.measure == "ordinal"]
    return {n for n in ordered if n in declared or is_answer_scale(columns[n].levels or ())}


def without_rare_levels(
    columns: Mapping[str, Column], threshold: int, scales: Collection[str] = ()
) -> tuple[dict[str, Column], list[str]]:
    """Return the columns without levels of fewer customers, and sentences that name none.

    They are gone before anything is fitted, so no model, table or name can hold them, and new
    customers who have one are treated alike: it is no level that is known. How many customers have
    no answer is written to multiples of the threshold, so it does not tell how many had a rare one.

    Steps of ``scales`` stay: that a question offers them tells of nobody, and without its ends a
    scale would be another one. Of how many chose such a step, every table and model is silent.
    """
    kept = dict(columns)
    gone: dict[str, int] = {}
    stayed: dict[str, int] = {}
    for name, column in columns.items():
        rare = _rare(column, threshold)
        if column.levels is None or not rare.any():
            continue
        if name in scales:
            stayed[name] = int(rare.sum())
            continue
        kept[name] = _without(column, column.levels, rare)
        gone[name] = int(rare.sum())
    notes = []
    if gone:
        notes.append(_told(gone, _LEVELS, _GONE, threshold))
    if stayed:
        notes.append(_told(stayed, _STEPS, _STAYED, threshold))
    return kept, notes


def _without(
    column: Column, levels: tuple[str, ...], rare: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Column:
    codes = np.asarray(column.values, dtype=np.int64)
    new = np.append(np.where(rare, -1, np.cumsum(~rare) - 1), -1)
    names = tuple(level for level, few in zip(levels, rare, strict=True) if not few)
    return replace(column, values=new[codes].astype(np.int32), levels=names, unseen={})


def _told(
    found: Mapping[str, int], nouns: tuple[str, str], said: tuple[str, str], threshold: int
) -> str:
    parts = [nouns[n != 1].format(n=f"{n:,}", name=repr(name)) for name, n in found.items()]
    several = list(found.values()) != [1]
    return said[several].format(told=listed(parts, most=6), threshold=threshold)


def _rare(column: Column, threshold: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    codes = np.asarray(column.values, dtype=np.int64) if column.levels else np.zeros(0, np.int64)
    sizes = np.bincount(codes[codes >= 0], minlength=len(column.levels or ()))
    return (sizes > 0) & (sizes < threshold)
