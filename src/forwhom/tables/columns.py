"""Columns in memory: the only rows that leave the table engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """One variable of all customers, as an array.

    Parameters
    ----------
    name
        Name of the variable.
    values
        Numbers: float64 of shape (n,), NaN where missing. Levels: int32 codes of shape (n,),
        -1 where missing.
    levels
        The levels behind the codes, in order; ``None`` for numbers.
    """

    name: str
    values: NDArray[np.float64] | NDArray[np.int32]
    levels: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.values)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where the value is missing; shape (n,)."""
        return self.values < 0 if self.levels is not None else np.isnan(self.values)
