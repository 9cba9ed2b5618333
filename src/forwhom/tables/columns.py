"""Columns in memory: the only rows that leave the table engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forwhom.wording import count, listed

#: No number that was measured is larger, and sums of its square can still be computed everywhere.
LARGEST = 1e100


@dataclass(frozen=True)
class Column:
    """One variable of all customers, as an array."""

    name: str  # name of the variable
    #: numbers: float64 of shape (n,), NaN where missing. Levels: int32 codes of shape (n,), -1
    #: where missing.
    values: NDArray[np.float64] | NDArray[np.int32]
    #: the levels behind the codes, in order; ``None`` for numbers
    levels: tuple[str, ...] | None = None
    #: values that are not among the levels that were asked for, with the number of rows; they
    #: count as missing
    unseen: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where the value is missing; shape (n,)."""
        return self.values < 0 if self.levels is not None else np.isnan(self.values)


def unseen_notes(columns: Mapping[str, Column], *, named: bool = True) -> list[str]:
    """Return a sentence for each variable with values that are not among its levels.

    A document does not name them: they may be one customer's.
    """
    notes = []
    for column in columns.values():
        if column.unseen:
            rows = sum(column.unseen.values())
            shown = listed([repr(shortened(level)) for level in column.unseen], most=3)
            which = f" ({shown})" if named else ""
            notes.append(
                f"{column.name!r}: {count(rows, 'row holds', 'rows hold')} a level that is not "
                f"known{which}; {'it counts' if rows == 1 else 'they count'} as missing."
            )
    return notes


def shortened(text: str) -> str:
    """Return at most 40 characters of one cell, which is what a message may quote."""
    return text if len(text) <= 40 else text[:37] + "..."
