"""What segments have in an outcome: the three-step method for users of the library."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr
from sklearn.utils.validation import check_is_fitted

from forwhom.documents.base import expect
from forwhom.errors import DataError, OptionError, nearest
from forwhom.evidence.threestep import Assignment, Classification, Estimates, likeliest
from forwhom.mixture.estimator import LatentSegments
from forwhom.mixture.information import Information
from forwhom.mixture.reopened import reopened
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]

Correction = Literal["BCH", "ML"]
_NAMES: dict[str, tuple[object, ...]] = {
    "correction": (*get_args(Correction), None),
    "assignment": get_args(Assignment),
}


@dataclass(frozen=True)
class Difference:
    """Two segments compared in one outcome.

    Parameters
    ----------
    first, second
        Segments, from 0.
    level
        The level whose shares are compared; None for a number.
    difference
        That of the first less that of the second.
    error
        Its standard error.
    low, high
        Its 95 % interval.
    p
        Two-sided, of no difference.
    """

    first: int
    second: int
    level: str | None
    difference: float
    error: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class SegmentOutcomes:
    """Means of a number, or shares of levels, in each segment.

    Parameters
    ----------
    values
        Shape (K, 1) for a number, (K, levels) for levels.
    errors
        Their standard errors, the first step included.
    covariance
        Of all values, segment by segment, shape (K·C, K·C).
    levels
        The levels; None for a number.
    """

    values: Floats
    errors: Floats
    covariance: Floats
    levels: tuple[str, ...] | None

    @property
    def intervals(self) -> Floats:
        """95 % intervals, shape (K, C, 2); those of shares stay between 0 and 1."""
        half = Z95 * self.errors
        found = np.stack([self.values - half, self.values + half], axis=-1)
        return found if self.levels is None else np.clip(found, 0.0, 1.0)

    @property
    def differences(self) -> list[Difference]:
        """Every two segments compared."""
        k, c = self.values.shape
        variances = np.diagonal(self.covariance).reshape(k, c)
        found = []
        for first, second in combinations(range(k), 2):
            for j in range(c):
                shared = self.covariance[first * c + j, second * c + j]
                variance = variances[first, j] + variances[second, j] - 2 * shared
                error = float(np.sqrt(max(variance, 0.0)))
                value = float(self.values[first, j] - self.values[second, j])
                p = float(2 * ndtr(-abs(value) / error)) if error > 0 else float(value == 0)
                level = None if self.levels is None else self.levels[j]
                ends = (value - Z95 * error, value + Z95 * error)
                found.append(Difference(first, second, level, value, error, *ends, p))
        return found

    def __str__(self) -> str:
        names = self.levels or ("mean",)
        rows = [f"{'segment':>7}  " + "  ".join(f"{name:>22}" for name in names)]
        for k, (values, intervals) in enumerate(zip(self.values, self.intervals, strict=True)):
            cells = (
                f"{value:>8.4f} [{low:.3f}, {high:.3f}]"
                for value, (low, high) in zip(values, intervals, strict=True)
            )
            rows.append(f"{k:>7}  " + "  ".join(f"{cell:>22}" for cell in cells))
        return "\n".join(rows)


def segment_outcomes(
    segments: LatentSegments,
    X: Any,
    outcome: ArrayLike,
    *,
    correction: Correction | None = "BCH",
    assignment: Assignment = "modal",
    variance: float | None = None,
    cautious: bool = False,
    sample_weight: ArrayLike | None = None,
) -> SegmentOutcomes:
    """Compare segments in an outcome that did not form them, corrected for wrong assignments.

    Parameters
    ----------
    segments
        A fitted estimator.
    X
        What it was fitted to.
    outcome
        A number, or a level, of each customer, shape (n_samples,); NaN and None are missing.
        Text, booleans and objects are levels, other values numbers.
    correction
        ``"BCH"`` (Bolck, Croon and Hagenaars), which assumes no distribution; ``"ML"`` (Vermunt),
        with a normal distribution of equal variance for a number; None: the uncorrected method,
        which makes differences too small.
    assignment
        ``"modal"``: to the most likely segment; ``"proportional"``: to all, by their probabilities.
    variance
        Of a number within segments, for ``"ML"``; None: estimated.
    cautious
        Whether errors of assignment are averaged over what is not known of the segments. They are
        underestimated otherwise where segments overlap much for so few customers.
    sample_weight
        The weights that it was fitted with.

    Returns
    -------
    SegmentOutcomes
        Means or shares, their errors and intervals, and all differences between segments.

    Raises
    ------
    OptionError
        There is no such correction or assignment.
    DataError
        The outcome is empty or of other customers, or segments overlap too much to be corrected.

    Notes
    -----
    Errors include the sampling of customers, that of the matrix of classification errors, and the
    estimation of the parameters of the first step (Bakk, Oberski and Vermunt 2014). Those of
    parameters are computed from at most 20,000 customers.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> rich = rng.random(900) < 0.4
    >>> X = rng.normal(np.where(rich, 2.0, 0.0)[:, None], 1.0, (900, 3))
    >>> spent = rng.normal(np.where(rich, 30.0, 20.0), 5.0)
    >>> model = LatentSegments(2, n_starts=5).fit(X)
    >>> segment_outcomes(model, X, spent).values.round(1).ravel()
    array([19.9, 29.9])
    """
    for name, value in (("correction", correction), ("assignment", assignment)):
        if value not in _NAMES[name]:
            known = [str(one) for one in _NAMES[name]]
            advice = nearest(str(value), known) or f"Choose one of: {', '.join(known)}."
            raise OptionError(f"there is no {name} {value!r}.", advice)
    expect(segments, LatentSegments, "A fitted estimator", "forwhom.LatentSegments.fit")
    check_is_fitted(segments)
    fitted = reopened(segments, X, sample_weight)
    weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    learned = Information(fitted, weights, prior=segments.prior) if fitted.k > 1 else None
    member = Membership.of(fitted.responsibilities(), weights, learned)
    values, levels = _coded(outcome, member.n)
    given = Classification.of(member, assignment, cautious=cautious)
    found = _estimated(given, values, correction, variance)
    return SegmentOutcomes(found.values, found.errors, found.covariance, levels)


def _estimated(
    given: Classification, values: Floats, correction: Correction | None, variance: float | None
) -> Estimates:
    if correction is None:
        return given.plain(values)
    return given.bch(values) if correction == "BCH" else likeliest(given, values, variance)


def _coded(outcome: ArrayLike, n: int) -> tuple[Floats, tuple[str, ...] | None]:
    """Return a number as it is, or levels as ones and zeros; NaN where missing."""
    given = np.asarray(outcome)
    if given.shape != (n,):
        raise DataError(
            f"the outcome has the shape {given.shape}.", f"Expected one value for {n} customers."
        )
    if given.dtype.kind in "iuf":
        values = given.astype(np.float64)[:, None]
        if not np.isfinite(values).any():
            raise DataError("no customer has a value of the outcome.", "Give another outcome.")
        return np.where(np.isfinite(values), values, np.nan), None
    missing = np.array([_is_missing(one) for one in given.tolist()])
    texts = np.array([str(one) for one in given.tolist()])
    levels = tuple(sorted(set(texts[~missing].tolist())))
    if not levels:
        raise DataError("no customer has a value of the outcome.", "Give another outcome.")
    hot = (texts[:, None] == np.array(levels)).astype(np.float64)
    return np.where(missing[:, None], np.nan, hot), levels


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))
