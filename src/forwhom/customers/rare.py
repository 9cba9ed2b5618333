"""Levels that few customers have: they would say who has them, so they count as no answer."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forwhom.errors import DataError
from forwhom.tables.columns import Column
from forwhom.wording import count, listed

#: What to do where the threshold was decided when segments were found.
DECIDED = "Give more customers; the threshold is that of the segments, and was decided with them."


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


def without_rare_levels(
    columns: Mapping[str, Column], threshold: int
) -> tuple[dict[str, Column], list[str]]:
    """Return the columns without levels of fewer customers, and a sentence that names none.

    They are gone before anything is fitted, so no model, table or name can hold them, and new
    customers who have one are treated alike: it is no level that is known. How many customers have
    no answer is written to multiples of the threshold, so it does not tell how many had a rare one.
    """
    kept = dict(columns)
    gone: dict[str, int] = {}
    for name, column in columns.items():
        rare = _rare(column, threshold)
        if column.levels is None or not rare.any():
            continue
        codes = np.asarray(column.values, dtype=np.int64)
        new = np.append(np.where(rare, -1, np.cumsum(~rare) - 1), -1)
        levels = tuple(level for level, few in zip(column.levels, rare, strict=True) if not few)
        unseen: dict[str, int] = {}
        kept[name] = replace(
            column, values=new[codes].astype(np.int32), levels=levels, unseen=unseen
        )
        gone[name] = int(rare.sum())
    if not gone:
        return kept, []
    told = listed([f"{count(n, 'level')} of {name!r}" for name, n in gone.items()], most=6)
    counts = "counts" if list(gone.values()) == [1] else "count"
    return kept, [f"{told} that fewer than {threshold} customers have {counts} as missing."]


def _rare(column: Column, threshold: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    codes = np.asarray(column.values, dtype=np.int64) if column.levels else np.zeros(0, np.int64)
    sizes = np.bincount(codes[codes >= 0], minlength=len(column.levels or ()))
    return (sizes > 0) & (sizes < threshold)
