"""Summaries of columns and of counted values: NumPy only, the same numbers from every engine."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.privacy import rounded_within
from forwhom.tables.scripts import in_english

#: What a column holds: ``other`` is a list, a time of day or another value without a use here.
Type: TypeAlias = Literal["number", "text", "date", "boolean", "other"]

#: Levels with fewer rows than this are not told.
THRESHOLD = 10

#: Ranks between which an end of what is usual may be, and the fewest rows with both ends.
AROUND = (THRESHOLD // 2, THRESHOLD, THRESHOLD + THRESHOLD // 2)
FEWEST = 2 * THRESHOLD

#: Quantiles of numbers that a summary holds.
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class NumberStatistics:
    """Statistics of numbers; the fields are those of :class:`Summary`."""

    minimum: float
    maximum: float
    mean: float
    sd: float
    quantiles: Mapping[float, float]
    zeros: float
    negatives: int
    whole: bool
    #: values that so many rows reach at either end that they tell of no single one
    usual: tuple[float, float] | None = None


def counted_statistics(values: NDArray[np.float64], counts: NDArray[np.int64]) -> NumberStatistics:
    """Compute statistics of numbers from different values and how often each occurs.

    Infinity is left out.
    """
    finite = np.flatnonzero(np.isfinite(values))
    if len(finite) == 0:
        nothing = float("nan")
        return NumberStatistics(nothing, nothing, nothing, nothing, {}, 0.0, 0, whole=False)
    order = finite[np.argsort(values[finite])]
    x, w = values[order], counts[order]
    n = int(w.sum())
    with np.errstate(over="ignore"):  # what is too large to be squared has an infinite spread
        mean = float(np.dot(x, w) / n)
        spread = float(np.dot((x - mean) ** 2, w) / max(n - 1, 1))
    cumulated = np.cumsum(w)
    return NumberStatistics(
        minimum=float(x[0]),
        maximum=float(x[-1]),
        mean=mean,
        sd=float(np.sqrt(spread)),
        quantiles={q: _quantile(x, cumulated, q) for q in QUANTILES},
        zeros=float(w[x == 0].sum() / n),
        negatives=int(w[x < 0].sum()),
        whole=bool(np.all(x == np.floor(x))),
        usual=_usual(x, cumulated),
    )


def _usual(x: NDArray[np.float64], cumulated: NDArray[np.int64]) -> tuple[float, float] | None:
    n = int(cumulated[-1])
    if n < FEWEST:
        return None
    ranks = [r - 1 for r in AROUND], [n - r for r in reversed(AROUND)]
    near = [[float(x[np.searchsorted(cumulated, r, side="right")]) for r in own] for own in ranks]
    low, high = (rounded_within(middle, first, last) for first, middle, last in near)
    return low, high


def _quantile(x: NDArray[np.float64], cumulated: NDArray[np.int64], q: float) -> float:
    """Interpolate linearly between order statistics of counted values."""
    position = q * (cumulated[-1] - 1)
    below = int(np.floor(position))
    first = x[np.searchsorted(cumulated, below, side="right")]
    second = x[np.searchsorted(cumulated, min(below + 1, cumulated[-1] - 1), side="right")]
    return float(first if first == second else first + (position - below) * (second - first))


@dataclass(frozen=True)
class Summary:
    """What inference needs to know about one column."""

    name: str  # name of the column
    type: Type  # what it holds
    n: int  # rows with a value
    rows: int  # all rows
    distinct: int  # number of different values
    #: ``minimum``, ``maximum``, ``mean``, ``sd``: of the numbers; ``None`` for other types
    minimum: float | date | datetime | str | None = None
    maximum: float | date | datetime | str | None = None
    mean: float | None = None
    sd: float | None = None
    #: probability to quantile: 0.1, 0.25, 0.5, 0.75, 0.9
    quantiles: Mapping[float, float] = field(default_factory=dict)
    zeros: float = 0.0  # share of zeros among rows with a value
    negatives: int = 0  # number of values under zero
    whole: bool = False  # every number is a whole number
    #: values, or months, that so many rows reach at either end that they tell of no single one
    usual: tuple[float, float] | tuple[str, str] | None = None
    #: level to number of rows, most frequent first: every level when there are at most
    #: ``MOST_TEXT_LEVELS``, else some
    counts: Mapping[str, int] = field(default_factory=dict)
    order: tuple[str, ...] = ()  # levels in the order that the source itself knows
    missing_codes: tuple[str, ...] = ()  # numbers that stood for no answer, and are not counted
    label: str = ""  # what the source itself says about it, such as the question of a survey

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words in the name, in lower case."""
        return name_words(self.name)

    @property
    def low(self) -> float:
        """The minimum as a number."""
        return float(self.minimum) if isinstance(self.minimum, int | float) else 0.0

    @property
    def high(self) -> float:
        """The maximum as a number."""
        return float(self.maximum) if isinstance(self.maximum, int | float) else 0.0

    @property
    def rare(self) -> frozenset[str]:
        """Levels that fewer rows have than may be told of."""
        return frozenset(level for level, n in self.counts.items() if n < THRESHOLD)

    @property
    def complete(self) -> bool:
        """``counts`` holds every level."""
        return len(self.counts) == self.distinct


#: Letters that are no others with an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "°": "o", "º": "o", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae",
     "ı": "i", "đ": "d"}
)  # fmt: skip


def without_accents(text: str) -> str:
    """Return letters without the signs above and below them."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(char for char in apart if not unicodedata.combining(char))


def name_words(name: str) -> tuple[str, ...]:
    """Return the words in a column name, in lower case and without accents, or in English."""
    name = without_accents(in_english(name).translate(_LETTERS))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(word for word in re.split(r"[^a-z]+", spaced.lower()) if word)
