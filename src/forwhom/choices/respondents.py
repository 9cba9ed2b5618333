"""Answers of respondents about needs, and what resampling respondents says of their means."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, stdtrit

from forwhom.documents.segmentation import Interval
from forwhom.errors import OptionError

Numbers = NDArray[np.float64]

#: Resamples that are computed together; bounds the memory.
_BATCH = 256


@dataclass(frozen=True)
class Answers:
    """What respondents said, one row per respondent, one column per need."""

    #: the segment of each respondent; ``None`` where it is not known. Length n.
    segments: Sequence[str | None]
    needs: Sequence[str]  # ids of the needs. Length m.
    #: ``importance``, ``satisfaction``: 0 to 10, NaN where not answered; shape (n, m)
    importance: Numbers
    satisfaction: Numbers
    source: str = ""  # what messages call it

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Where a respondent gave both numbers; shape (n, m)."""
        both: NDArray[np.bool_] = ~(np.isnan(self.importance) | np.isnan(self.satisfaction))
        return both

    def members(self, segment: str | None) -> NDArray[np.bool_]:
        """Return which respondents are of a segment; shape (n,)."""
        return np.array([s == segment for s in self.segments], dtype=bool)


@dataclass(frozen=True)
class Resampled:
    """Means of needs, and the same in each bootstrap sample of respondents."""

    n: NDArray[np.int64]  # respondents who gave both numbers; shape (m,)
    #: ``importance``, ``satisfaction``: means; shape (m,), NaN where nobody answered
    importance: Numbers
    satisfaction: Numbers
    #: ``importance_draws``, ``satisfaction_draws``: the same in each resample; shape (draws, m)
    importance_draws: Numbers
    satisfaction_draws: Numbers

    @property
    def opportunity_draws(self) -> Numbers:
        """Opportunity in each resample; shape (draws, m)."""
        return opportunity(self.importance_draws, self.satisfaction_draws)


def opportunity(importance: Numbers, satisfaction: Numbers) -> Numbers:
    """Return importance + max(importance - satisfaction, 0), as Ulwick defines it."""
    result: Numbers = importance + np.maximum(importance - satisfaction, 0.0)
    return result


def resample(
    answers: Answers, shown: NDArray[np.bool_], *, draws: int, seed: int, name: str
) -> Resampled:
    """Draw respondents again and again, with replacement; ``shown`` says which answers count."""
    _check(seed, draws)
    counts = shown & answers.complete
    rows = counts.any(axis=1)
    counts = counts[rows]
    importance = np.where(counts, answers.importance[rows], 0.0)
    satisfaction = np.where(counts, answers.satisfaction[rows], 0.0)
    n = counts.sum(axis=0)
    stacked = np.hstack([importance, satisfaction, counts.astype(np.float64)])
    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
    sums = _sums(stacked, draws, rng)
    first, second, drawn = np.split(sums, 3, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Resampled(
            n=n.astype(np.int64),
            importance=importance.sum(axis=0) / n,
            satisfaction=satisfaction.sum(axis=0) / n,
            importance_draws=first / drawn,
            satisfaction_draws=second / drawn,
        )


def _check(seed: int, draws: int) -> None:
    if seed < 0:
        raise OptionError(f"the seed is {seed}.", "Give a seed of 0 or more.")
    if draws < 100:
        raise OptionError(
            f"{draws} draws are too few to say how sure an answer is.", "Give at least 100."
        )


def _sums(stacked: Numbers, draws: int, rng: np.random.Generator) -> Numbers:
    n = len(stacked)
    parts = []
    for start in range(0, draws, _BATCH):
        size = min(_BATCH, draws - start)
        times = rng.multinomial(n, np.full(n, 1 / n), size=size) if n else np.zeros((size, 0))
        parts.append(times @ stacked)
    return np.vstack(parts)


def bootstrap_interval(draws: Numbers, n: int, level: float = 0.95) -> Interval:
    """Return the percentile interval of a number in each resample, widened for few respondents.

    Plain percentiles are too narrow in small samples, because a resample varies less than a
    sample does; the expanded percentiles make up for that (T. Hesterberg, "What teachers should
    know about the bootstrap", The American Statistician 69 (2015), section 4.3). NaN is a draw in
    which the number could not be computed.
    """
    tail = (1 - level) / 2
    expanded = ndtr(np.sqrt(n / (n - 1)) * stdtrit(n - 1, tail))
    low, high = np.nanquantile(draws, [expanded, 1 - expanded])
    return Interval(low=float(low), high=float(high), level=level)


def top_shares(values: Numbers, most: int) -> Numbers:
    """Return how often each column is among the ``most`` largest of a draw; ties share the places.

    Values have shape (draws, m); NaN counts as smaller than every number. The shares sum to
    ``most``, or to m where that is less.
    """
    known = np.where(np.isnan(values), -np.inf, values)
    shares = np.zeros(known.shape[1])
    for j in range(known.shape[1]):
        larger = (known > known[:, j : j + 1]).sum(axis=1)
        equal = (known == known[:, j : j + 1]).sum(axis=1)
        shares[j] = (np.clip(most - larger, 0, equal) / equal).mean()
    return shares
