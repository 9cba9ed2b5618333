"""Who is in which segment, explained by what else is known of the customers."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

import narwhals.stable.v1 as nw
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from forwhom.errors import DataError, OptionError, nearest
from forwhom.evidence.threestep import Assignment, Classification, rates_of
from forwhom.mixture.concomitant import fit_concomitant, sandwich
from forwhom.mixture.estimator import LatentSegments
from forwhom.mixture.information import Information
from forwhom.mixture.logit import LARGEST, chances_of, fit_logit, scores_of
from forwhom.mixture.reopened import reopened
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]

#: Passes of EM of the three-step method by maximum likelihood.
_PASSES = 2000
_KNOWN: dict[str, tuple[object, ...]] = {
    "n_steps": (1, 3),
    "correction": ("ML", "BCH", None),
    "assignment": get_args(Assignment),
}


@dataclass(frozen=True)
class OddsRatio:
    """What one covariate does to the odds of a segment against another.

    Parameters
    ----------
    segment, reference
        The segments, from 0.
    covariate
        Its name; ``"intercept"`` where all covariates are 0.
    coefficient, error
        Of the logit, and its standard error.
    odds_ratio
        By which factor the odds change with one unit more.
    low, high
        The 95 % interval of the factor.
    p
        Two-sided, of no change.
    """

    segment: int
    reference: int
    covariate: str
    coefficient: float
    error: float
    odds_ratio: float
    low: float
    high: float
    p: float


class MembershipModel(BaseEstimator):
    """Explain who is in which segment by covariates, with odds ratios.

    Membership is a multinomial logit of covariates that did not form the segments, such as age,
    region or plan.

    Parameters
    ----------
    segments
        The segments to explain; one that is fitted already is taken as it is, else it is cloned and
        fitted.
    n_steps
        ``1``: segments and logit are estimated together, which is most precise, and lets covariates
        move the segments a little. ``3``: segments first, then the logit of who was assigned.
    correction
        With three steps: ``"ML"`` (Vermunt) or ``"BCH"`` (Bolck, Croon and Hagenaars) take wrong
        assignments back; None does not, and makes effects too small.
    assignment
        With three steps: to the most likely segment (``"modal"``), or to all by their probabilities
        (``"proportional"``).

    Attributes
    ----------
    segments_ : LatentSegments
        The fitted segments, as they are without covariates.
    covariates_ : tuple of str
        Names of the columns of coefficients; a text column has one for each level but the most
        common.
    intercept_ : ndarray of shape (n_segments,)
        Logits against segment 0, where all covariates are 0.
    coef_ : ndarray of shape (n_segments, n_covariates)
        What one unit more adds to them.
    covariance_ : ndarray
        Of intercept and coefficients, segment by segment from 1; robust (sandwich), and with what
        is not known of the segments. NaN where a covariate separates segments without error.
    log_likelihood_ : float
        One step: of variables given the covariates, without the prior. Three steps: of assignments
        given covariates.
    n_parameters_ : int
        Free parameters that were estimated in the last step.
    memberships_ : ndarray of shape (n_samples, n_segments)
        Probability of each segment of those who were fitted; one step: covariates included. NaN
        where a covariate is missing.

    See Also
    --------
    segment_outcomes : What segments have, in place of who is in them.

    Notes
    -----
    Customers with a missing covariate take no part in the logit. Errors of three steps are those of
    all steps together, from the influence of every customer.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> age = rng.uniform(20, 70, 800)
    >>> often = rng.random(800) < 1 / (1 + np.exp(-(age - 45) / 10))
    >>> X = rng.normal(np.where(often, 2.0, 0.0)[:, None], 1.0, (800, 3))
    >>> model = MembershipModel(LatentSegments(2, n_starts=5)).fit(X, age[:, None])
    >>> [one.covariate for one in model.odds_ratios()]
    ['intercept', 'x0']
    """

    def __init__(
        self,
        segments: LatentSegments,
        *,
        n_steps: Literal[1, 3] = 1,
        correction: Literal["ML", "BCH"] | None = "ML",
        assignment: Assignment = "modal",
    ) -> None:
        self.segments = segments
        self.n_steps = n_steps
        self.correction = correction
        self.assignment = assignment

    def fit(self, X: Any, Z: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Explain the segments of X by covariates Z.

        Parameters
        ----------
        X
            What forms the segments, as in :meth:`LatentSegments.fit`.
        Z
            Covariates: an array of numbers of shape (n_samples, n_covariates), or a data frame with
            numbers, booleans and texts. NaN and null are missing.
        sample_weight
            As in :meth:`LatentSegments.fit`.

        Raises
        ------
        OptionError
            A parameter has no usable value.
        DataError
            Covariates are of other customers, all missing, or the same for everybody.
        """
        self._check()
        values, self.covariates_, self._levels = covariates_of(Z)
        weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        fitted = hasattr(self.segments, "model_")
        self.segments_ = self.segments if fitted else clone(self.segments).fit(X, None, weights)
        seen = np.asarray(np.isfinite(values).all(axis=1))
        n = len(self.segments_.labels_)
        if len(values) != n:
            raise DataError(
                f"there are covariates of {len(values)} customers and {n} in X.",
                "Give a row of covariates for each customer.",
            )
        if not seen.any():
            raise DataError("nobody has all covariates.", "Leave out those that are missing.")
        center, scale = values[seen].mean(axis=0), values[seen].std(axis=0)
        for name, spread in zip(self.covariates_, scale.tolist(), strict=True):
            if not spread > 0:
                raise DataError(f"{name!r} is the same for everybody.", "Leave it out.")
        design = np.hstack(
            [np.ones((n, 1)), (np.where(seen[:, None], values, center) - center) / scale]
        )
        step = self._together if self.n_steps == 1 else self._afterwards
        found, covariance = step(X, design, seen, weights)
        back = np.eye(design.shape[1])  # from standardized covariates to those that were given
        back[0, 1:] = -center / scale
        back[1:, 1:] = np.diag(1 / scale)
        raw = found @ back.T
        turned = np.kron(np.eye(len(found)), back)
        self.covariance_ = turned @ covariance @ turned.T
        self.intercept_ = np.append(0.0, raw[:, 0])
        self.coef_ = np.vstack([np.zeros(raw.shape[1] - 1), raw[:, 1:]])
        self.n_features_in_ = self.segments_.n_features_in_
        if np.abs(found).max() > LARGEST:
            warnings.warn(
                "A covariate separates segments without error: its odds ratio has no limit.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _together(
        self, X: Any, design: Floats, seen: NDArray[np.bool_], weights: Floats | None
    ) -> tuple[Floats, Floats]:
        """Estimate segments and logit at once."""
        start = reopened(self.segments_, X, weights, rows=np.flatnonzero(seen))
        prior, own = self.segments_.prior, design[seen]
        found = fit_concomitant(start, own, prior=prior)
        if not found.converged:
            warnings.warn("EM had not converged.", ConvergenceWarning, stacklevel=3)
        scores, inverse = found.scores(own, prior)
        size = found.coefficients.size
        covariance = sandwich(scores, inverse, start.data.design.row_weights)
        if np.abs(found.coefficients).max() > LARGEST:
            covariance[:] = np.nan
        self.log_likelihood_ = found.log_likelihood
        self.n_parameters_ = start.n_parameters - (start.k - 1) + size
        self.memberships_ = np.full((len(seen), start.k), np.nan)
        self.memberships_[seen] = found.chances
        return found.coefficients, covariance[:size, :size]

    def _afterwards(
        self, X: Any, design: Floats, seen: NDArray[np.bool_], weights: Floats | None
    ) -> tuple[Floats, Floats]:
        """Explain those who were assigned, wrong assignments taken back."""
        start = reopened(self.segments_, X, weights)
        learned = Information(start, weights, prior=self.segments_.prior)
        member = Membership.of(start.responsibilities(), weights, learned)
        given = Classification.of(member, self.assignment)
        logit = _Afterwards(given, design, seen, self.correction)
        found = logit.solve()
        chances = chances_of(design, found)
        reached = chances @ (np.eye(member.k) if self.correction is None else given.rates)
        logs = np.log(np.maximum(reached, 1e-300))
        self.log_likelihood_ = float(logit.weights @ (given.assigned * logs).sum(axis=1))
        self.n_parameters_ = found.size
        self.memberships_ = np.where(seen[:, None], member.responsibilities, np.nan)
        if np.abs(found).max() > LARGEST:  # nothing is known of a limit that is not there
            return found, np.full((found.size, found.size), np.nan)
        return found, member.covariance(given.influence(logit.scoring, found.ravel()))

    def odds_ratios(self, reference: int = 0) -> list[OddsRatio]:
        """Return what each covariate does to the odds of each segment against another one.

        Parameters
        ----------
        reference
            The segment that others are compared with, from 0, the largest.
        """
        check_is_fitted(self)
        k, names = len(self.intercept_), ("intercept", *self.covariates_)
        if not 0 <= reference < k:
            raise OptionError(f"there is no segment {reference}.", f"Give 0 to {k - 1}.")
        values = np.hstack([self.intercept_[:, None], self.coef_])
        q = values.shape[1]
        every = np.zeros((k * q, k * q))
        every[q:, q:] = self.covariance_
        every = every.reshape(k, q, k, q)
        found = []
        for t in (t for t in range(k) if t != reference):
            for j, name in enumerate(names):
                value = float(values[t, j] - values[reference, j])
                variance = every[t, j, t, j] + every[reference, j, reference, j]
                error = float(np.sqrt(variance - 2 * every[t, j, reference, j]))
                p = float(2 * ndtr(-abs(value) / error))
                with np.errstate(over="ignore"):
                    low, high = np.exp([value - Z95 * error, value + Z95 * error]).tolist()
                    ratio = float(np.exp(value))
                found.append(OddsRatio(t, reference, name, value, error, ratio, low, high, p))
        return found

    def predict_proba(self, Z: Any) -> Floats:
        """Return the probability of each segment by covariates alone, (n_samples, n_segments).

        NaN where a covariate is missing.
        """
        check_is_fitted(self)
        values = self._values(Z)
        seen = np.asarray(np.isfinite(values).all(axis=1))
        logits = np.where(seen[:, None], values, 0.0) @ self.coef_.T + self.intercept_
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        found = shifted / shifted.sum(axis=1, keepdims=True)
        return np.asarray(np.where(seen[:, None], found, np.nan))

    def _values(self, Z: Any) -> Floats:
        values, found, _ = covariates_of(Z, self._levels)
        if sorted(found) != sorted(self.covariates_):
            lost = [name for name in self.covariates_ if name not in found]
            what = f"there is no covariate {lost[0]!r}" if lost else f"{found[-1]!r} was not fitted"
            raise DataError(f"{what}.", f"Give those of fit: {', '.join(self.covariates_)}.")
        return values[:, [found.index(name) for name in self.covariates_]]

    def _check(self) -> None:
        for name, known in _KNOWN.items():
            value = getattr(self, name)
            if value not in known:
                words = [str(one) for one in known]
                advice = nearest(str(value), words) or f"Choose one of: {', '.join(words)}."
                raise OptionError(f"there is no {name} {value!r}.", advice)
        if not isinstance(self.segments, LatentSegments):
            raise OptionError(
                "'segments' is no estimator of segments.", "Give LatentSegments(...)."
            )
        if self.segments.n_segments < 2:
            raise OptionError(
                "there is one segment, so nothing to explain.", "Ask for two or more."
            )


class _Afterwards:
    """The logit of assignments, given their errors."""

    def __init__(
        self,
        given: Classification,
        design: Floats,
        seen: NDArray[np.bool_],
        correction: str | None,
    ) -> None:
        self.given, self.design, self.seen, self.correction = given, design, seen, correction
        self.weights = given.member.weights * seen
        self.shape = (given.member.k - 1, design.shape[1])

    def solve(self) -> Floats:
        """Return the coefficients, (K - 1, q)."""
        joint = self.given.joint
        first = np.zeros(self.shape)
        found = fit_logit(self.design, self._targets(first, joint), self.weights)
        if self.correction != "ML":
            return found
        for _ in range(_PASSES):
            targets = self._targets(found, joint)
            step = fit_logit(self.design, targets, self.weights, found, 2)
            near = np.abs(step - found).max() < 1e-10
            found = step
            if near:
                break
        return found

    def scoring(self, parameters: Floats, joint: Floats) -> Floats:
        """Return the scores of customers."""
        coefficients = parameters.reshape(self.shape)
        targets = self._targets(coefficients, joint)
        found = scores_of(self.design, targets, chances_of(self.design, coefficients))
        return found * self.seen[:, None]

    def _targets(self, coefficients: Floats, joint: Floats) -> Floats:
        """Parts of customers in segments that the logit is to explain."""
        assigned, rates = self.given.assigned, rates_of(joint)
        if self.correction is None:
            return assigned
        if self.correction == "BCH":
            return np.asarray(assigned @ np.linalg.inv(rates))
        chances = chances_of(self.design, coefficients)
        ratio = assigned / np.maximum(chances @ rates, 1e-300)
        return np.asarray(chances * (ratio @ rates.T))


#: The levels of each covariate of text, the most common one first.
Known = dict[str, tuple[str, ...]]


def covariates_of(Z: Any, known: Known | None = None) -> tuple[Floats, tuple[str, ...], Known]:
    """Return covariates as numbers (n, q), their names, and levels: those of a fit, if known."""
    frame = nw.from_native(Z, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        values = np.asarray(Z, dtype=np.float64)
        values = values[:, None] if values.ndim == 1 else values
        return values, tuple(f"x{j}" for j in range(values.shape[1])), {}
    columns, levels = dict[str, Floats](), Known()
    for name in frame.columns:
        cells = frame[name].to_list()
        if frame[name].dtype.is_numeric() or frame[name].dtype == nw.Boolean:
            columns[name] = np.array([np.nan if cell is None else float(cell) for cell in cells])
            continue
        texts = np.array(["" if cell is None else str(cell) for cell in cells], dtype=object)
        there = np.array([cell is not None for cell in cells])
        levels[name] = _levels(texts[there]) if known is None else known.get(name, ())
        there &= np.isin(texts, np.array(levels[name], dtype=object))
        for level in levels[name][1:]:
            columns[f"{name}: {level}"] = np.where(there, texts == level, np.nan).astype(np.float64)
    if not columns:
        raise DataError("there is no covariate that varies.", "Give a column at least.")
    return np.stack(list(columns.values()), axis=1), tuple(columns), levels


def _levels(texts: NDArray[np.object_]) -> tuple[str, ...]:
    found, counts = np.unique(texts.astype(str), return_counts=True)
    return tuple(found[np.argsort(-counts, kind="stable")].tolist())
