"""What a population is, and the draws that several populations share.

Columns ``q1``, ``q2``, … hold answers on a scale of few steps, columns of text hold categories,
``weight`` is a sampling weight, and all else are numbers. A cell without a value is missing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Segments = NDArray[np.int64]

#: Variables that have nothing to do with each other; that move together along a scale; groups.
Kind = Literal["independent", "scale", "groups"]
#: Name of the column with the sampling weight of a customer.
WEIGHT = "weight"


class Customers(NamedTuple):
    """A table with one row per customer, and the group each was drawn from, where there are any."""

    table: pd.DataFrame
    segment: Segments | None = None


@dataclass(frozen=True)
class Population:
    """Customers of whom it is known whether they form groups."""

    name: str
    kind: Kind
    #: What it stands for, in one line.
    meaning: str
    simulate: Callable[[int, Generator], Customers]

    def draw(self, n: int, replicate: int) -> Customers:
        """Return n customers, the same ones for the same replicate on any machine."""
        return self.simulate(n, np.random.default_rng([replicate, n, crc32(self.name.encode())]))


def is_scale(name: str) -> bool:
    """Whether a column of this name holds answers on a scale of few steps."""
    return re.fullmatch(r"q\d+", name) is not None


def numbered(prefix: str, values: NDArray[np.generic]) -> pd.DataFrame:
    """Return a table with the columns prefix1, prefix2, …"""
    names = [f"{prefix}{j + 1}" for j in range(values.shape[1])]
    return pd.DataFrame(values, columns=names)


def likert(latent: Floats) -> NDArray[np.int64]:
    """Return the answers from 1 to 5 of people whose opinions are about standard normal."""
    return np.asarray(1 + (latent[..., None] > np.array([-1.3, -0.4, 0.4, 1.3])).sum(axis=-1))


def yes_no(chance: Floats, rng: Generator) -> NDArray[np.str_]:
    """Draw "yes" with the chance of each cell."""
    return np.where(rng.random(chance.shape) < chance, "yes", "no")


def logistic(x: Floats) -> Floats:
    """Return the chance of a logit."""
    return np.asarray(1 / (1 + np.exp(-x)))


def pick(chances: Floats, rng: Generator) -> NDArray[np.int64]:
    """Draw a category for each row of chances."""
    upto = chances.cumsum(axis=1)[:, :-1]
    return np.asarray((rng.random((len(chances), 1)) > upto).sum(axis=1))


def common(loading: float, scale: Floats, columns: int, rng: Generator) -> Floats:
    """Return standard normal columns whose correlation with each other is loading²."""
    own = rng.normal(size=(len(scale), columns))
    return np.asarray(loading * scale[:, None] + np.sqrt(1 - loading**2) * own)


def answers_missing(table: pd.DataFrame, share: float, rng: Generator) -> pd.DataFrame:
    """Return the table without this share of its cells, completely at random."""
    return table.mask(rng.random(table.shape) < share)
