"""Columns in memory: the only rows that leave the table engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forwhom.wording import few_of, listed

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


def unseen_notes(columns: Mapping[str, Column], *, least: int = 10) -> list[str]:
    """Return a sentence for each variable with values that are not among its levels.

    Those of fewer rows than ``least`` are not named: they may be one customer's.
    """
    notes = []
    for column in columns.values():
        if column.unseen:
            rows = sum(column.unseen.values())
            often = [level for level, n in column.unseen.items() if n >= least]
            shown = listed([repr(shortened(level)) for level in often], most=3)
            which = f" ({shown})" if often else ""
            notes.append(
                f"{column.name!r}: {few_of(rows, 'row holds', 'rows hold', least)} a level that is "
                f"not known{which} and counts as missing."
            )
    return notes


def shortened(text: str) -> str:
    """Return at most 40 characters of one cell, which is what a message may quote."""
    return text if len(text) <= 40 else text[:37] + "..."


def form_of(cell: str) -> str:
    """Return how a cell is written, as a message tells it without telling the cell.

    Examples
    --------
    >>> form_of("31.12.2024"), form_of("12 EUR")
    ("written like '00.00.0000'", "written like '00 AAA'")
    """
    signs = (
        "0" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in cell
    )
    return f"written like {shortened(''.join(signs))!r}"
