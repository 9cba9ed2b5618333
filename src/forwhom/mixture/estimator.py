"""The engine as a scikit-learn estimator."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import (
    _check_sample_weight,
    check_is_fitted,
    validate_data,
)

from forwhom.documents.base import Measure, Numbers, is_number
from forwhom.documents.fitting import Candidate
from forwhom.errors import DataError, DataTypeError, ForwhomError, OptionError
from forwhom.mixture.arrays import Measures, array_columns, frame_columns, is_frame
from forwhom.mixture.criteria import information
from forwhom.mixture.densities import log_densities
from forwhom.mixture.design import Design
from forwhom.mixture.encoding import build_design, check_weights
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.selection import check_ks, select
from forwhom.mixture.shape import Covariance
from forwhom.tables.columns import Column, unseen_notes

Floats = NDArray[np.float64]

#: Values that scikit-learn quotes in what it refuses.
_QUOTED = re.compile(r"(?s):\s*array=.*?\.\s+(?=Reshape)|(?<=to float): .*")

#: A segment of fewer customers than this stands for nobody.
NOBODY = 1.5
#: What each parameter must be, and its smallest value.
_LIMITS: tuple[tuple[str, Any, int], ...] = (
    ("n_segments", Integral, 1),
    ("n_starts", Integral, 1),
    ("prior", Real, 0),
    ("tol", Real, 0),
    ("max_iter", Integral, 1),
)


class LatentSegments(ClusterMixin, BaseEstimator):
    """Customer segments as the classes of a finite mixture.

    Each variable has a distribution of its own kind in each segment, independent of the others
    given the segment; missing values need no imputation (full information maximum likelihood).

    Parameters
    ----------
    n_segments
        Number of segments, K.
    measures
        How columns were measured, by name (or position in an array): ``"binary"``,
        ``"nominal"``, ``"ordinal"``, ``"count"``, ``"continuous"`` or ``"positive"``; one word
        stands for all columns. What is left out is inferred from the values.
    n_starts
        Starts that are tried; each is short unless it does well.
    prior
        Prior customers, spread over the segments like the whole sample, which keep estimates off
        the boundary; 0 is plain maximum likelihood.
    covariance
        ``"diagonal"``: continuous variables are independent within a segment. ``"full"`` or
        ``"tied"``: they have a covariance matrix per segment, or one for all.
    numbers
        ``"measured"``: numbers have the distribution that their measure suggests (normal, Poisson,
        log-normal). ``"tilts"``: they are in bins whose overall distribution all segments share,
        and each segment tilts it, by one or two slopes as BIC prefers; then the shape of one
        variable alone never makes segments.
    tol
        Gain in log-likelihood per customer and pass under which EM has converged.
    max_iter
        Most passes over the data.
    n_threads
        Threads; the result does not depend on it. None: all processors.
    random_state
        Seed of the starts.

    Attributes
    ----------
    weights_ : ndarray of shape (n_segments,)
        Shares of the segments, largest first.
    labels_ : ndarray of shape (n_samples,)
        Segment of each training customer, from 0 (the largest).
    log_likelihood_ : float
        Of the training data, without the prior.
    n_effective_ : float
        Customers, or with weights the effective number that every criterion counts.
    n_parameters_ : int
        Free parameters.
    converged_ : bool
        Whether the best start converged within ``max_iter`` passes.
    n_iter_ : int
        Passes over all rows that the best start needed to converge after screening.
    best_start_share_ : float
        Share of the completed starts that reached the best optimum.
    measures_ : dict
        Measure of each column.
    model_ : MixtureModel
        The fitted model as a document.
    candidate_ : Candidate
        All criteria.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    See Also
    --------
    select_segments : Fit several numbers of segments and compare.

    Notes
    -----
    The model is that of latent class and latent profile analysis (McLachlan and Peel 2000,
    Finite Mixture Models). ``docs/how-the-engine-works.md`` explains the computation.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> loyal, rare = rng.normal(9, 1, (60, 2)), rng.normal(2, 1, (40, 2))
    >>> model = LatentSegments(2, random_state=0).fit(np.vstack([loyal, rare]))
    >>> model.weights_.round(2)
    array([0.6, 0.4])
    >>> model.predict([[9.0, np.nan], [1.5, 2.0]])
    array([0, 1])
    """

    def __init__(
        self,
        n_segments: int = 2,
        *,
        measures: Measures = None,
        n_starts: int = 200,
        prior: float = 1.0,
        covariance: Covariance = "diagonal",
        numbers: Numbers = "measured",
        tol: float = 1e-10,
        max_iter: int = 2000,
        n_threads: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.n_segments = n_segments
        self.measures = measures
        self.n_starts = n_starts
        self.prior = prior
        self.covariance = covariance
        self.numbers = numbers
        self.tol = tol
        self.max_iter = max_iter
        self.n_threads = n_threads
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: object = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit the mixture.

        Parameters
        ----------
        X
            Array of shape (n_samples, n_features) or a data frame (pandas, Polars, PyArrow, ...)
            with mixed types; NaN and null are missing.
        y
            Ignored.
        sample_weight
            Non-negative weight of each customer, shape (n_samples,). Whole numbers count customers:
            2 is two equal ones. Other numbers are sampling weights, of which only the proportions
            count: they are scaled to sum to the effective number of customers (Kish).

        Raises
        ------
        OptionError
            A parameter has no usable value.
        DataError
            Values do not fit their measure, or there are fewer customers than segments.
        """
        options = self._options()
        columns = self._columns(X, reset=True)
        n = len(next(iter(columns.values())))
        if n < self.n_segments:
            raise DataError(
                f"n_samples={n} is fewer than n_segments={self.n_segments}.",
                "Ask for fewer segments, or give more customers.",
            )
        weights = _weights(sample_weight, X)
        design = self._design(columns, weights)
        [fitted] = select(design, [self.n_segments], options, degrees=self._degrees).fits
        return self._keep(fitted, columns)

    def _design(self, columns: dict[str, Column], weights: Floats | None) -> Design:
        families = {
            name: "tilt"
            for name, measure in self.measures_.items()
            if self.numbers == "tilts" and is_number(measure)
        }
        return build_design(list(columns.values()), self.measures_, weights, families=families)

    @property
    def _degrees(self) -> tuple[int, ...]:
        return (1, 2) if self.numbers == "tilts" else (1,)

    def _keep(self, fitted: FittedMixture, columns: dict[str, Column]) -> Self:
        self.model_ = fitted.document(columns)
        self.candidate_: Candidate = fitted.candidate
        self.weights_ = fitted.weights.copy()
        self.log_likelihood_ = fitted.log_likelihood
        self.n_effective_ = fitted.data.design.n
        self.n_parameters_ = fitted.n_parameters
        self.converged_ = fitted.converged
        self.n_iter_ = fitted.n_iter
        self.best_start_share_ = fitted.best_start_share
        self.labels_ = fitted.labels()
        if not fitted.converged:
            warnings.warn(
                f"EM stopped at max_iter={self.max_iter} before it converged: raise max_iter or "
                "tol, or ask for fewer segments.",
                ConvergenceWarning,
                stacklevel=3,
            )
        nobody = int((self.weights_ * self.n_effective_ < NOBODY).sum())
        if nobody and self.n_effective_ >= 10 * self.n_segments:
            warnings.warn(
                f"segments that stand for nobody: {nobody} of {self.n_segments} with fewer than "
                "two customers. A variable may follow from others, as a total from its parts: "
                "leave it out, or ask for fewer segments.",
                UserWarning,
                stacklevel=3,
            )
        return self

    def predict(self, X: Any) -> NDArray[np.intp]:
        """Return the most likely segment of each customer, shape (n_samples,), from 0."""
        return np.asarray(self.predict_proba(X).argmax(axis=1))

    def predict_proba(self, X: Any) -> Floats:
        """Return the probability of each segment, shape (n_samples, n_segments)."""
        check_is_fitted(self)
        return self._probabilities(self._columns(X, reset=False))

    def score_samples(self, X: Any) -> Floats:
        """Return the log-likelihood of each customer, shape (n_samples,)."""
        check_is_fitted(self)
        return np.asarray(logsumexp(self._joint(self._columns(X, reset=False)), axis=1))

    def score(self, X: Any, y: object = None) -> float:
        """Return the mean log-likelihood of a customer."""
        return float(self.score_samples(X).mean())

    def bic(self, X: Any, sample_weight: ArrayLike | None = None) -> float:
        """Return the Bayesian information criterion on X; smaller is better.

        ``sample_weight`` as in :meth:`fit`: customers count for their effective number.
        """
        return self._information(X, sample_weight, "bic")

    def aic(self, X: Any, sample_weight: ArrayLike | None = None) -> float:
        """Return Akaike's information criterion on X; smaller is better.

        ``sample_weight`` as in :meth:`fit`.
        """
        return self._information(X, sample_weight, "aic")

    def _information(self, X: Any, sample_weight: ArrayLike | None, name: str) -> float:
        logs = self.score_samples(X)
        given = _weights(sample_weight, X)
        counted = check_weights(given, len(logs))
        weights = counted if len(counted) else np.ones(len(logs))
        n = float(weights.sum())
        values = information(float(weights @ logs), self.n_parameters_, n, 0.0)
        return float(values[name])  # type: ignore[literal-required]

    def _joint(self, columns: dict[str, Column]) -> Floats:
        joint = np.tile(np.log(self.weights_), (len(next(iter(columns.values()))), 1))
        for _, densities in log_densities(self.model_, columns):
            joint += densities
        return np.asarray(joint)

    def _probabilities(self, columns: dict[str, Column]) -> Floats:
        joint = self._joint(columns)
        # A customer that is impossible in every segment is as likely in each as its share.
        lost = np.isneginf(joint).all(axis=1)
        joint[lost] = np.log(self.weights_)
        shifted = np.exp(joint - joint.max(axis=1, keepdims=True))
        return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))

    def _options(self) -> FitOptions:
        for name, kind, least in _LIMITS:
            value: Any = getattr(self, name)
            if not isinstance(value, kind) or not least <= value < np.inf:
                what = "a whole number of" if kind is Integral else "a number of"
                raise OptionError(f"{name} is {value!r}.", f"Give {what} {least} or more.")
        if self.n_threads is not None and not self.n_threads >= 1:
            raise OptionError(f"n_threads is {self.n_threads}.", "Give 1 or more, or None for all.")
        if self.covariance not in ("diagonal", "full", "tied"):
            raise OptionError(
                f"covariance is {self.covariance!r}.", "Give 'diagonal', 'full' or 'tied'."
            )
        if self.numbers not in ("measured", "tilts"):
            raise OptionError(f"numbers is {self.numbers!r}.", "Give 'measured' or 'tilts'.")
        return FitOptions(
            n_starts=self.n_starts,
            prior=self.prior,
            tol=self.tol,
            max_iter=self.max_iter,
            covariance=self.covariance,
            seed=_seed(self.random_state),
            n_threads=self.n_threads,
        )

    def _columns(self, X: Any, *, reset: bool) -> dict[str, Column]:
        """Read X as columns; when ``reset``, infer and keep measures and levels."""
        levels: dict[str, tuple[str, ...]] | None = None if reset else self.levels_
        measures: Measures = self.measures if reset else self.measures_
        if is_frame(X):
            with _in_words():
                validate_data(self, X, skip_check_array=True, reset=reset)
            columns, found = frame_columns(X, measures, levels)
        else:
            with _in_words():
                array = validate_data(
                    self, X, dtype=None, ensure_all_finite="allow-nan", reset=reset
                )
            names = getattr(self, "feature_names_in_", None)
            names = [f"x{j}" for j in range(array.shape[1])] if names is None else list(names)
            with _in_words():
                columns, found = array_columns(array, names, measures, levels)
        if reset:
            self.measures_: dict[str, Measure] = found
            self.levels_: dict[str, tuple[str, ...]] = {
                c.name: c.levels for c in columns.values() if c.levels is not None
            }
        for note in unseen_notes(columns, least=1):
            warnings.warn(note, UserWarning, stacklevel=3)
        return columns

    def __sklearn_tags__(self) -> Any:
        """Say that missing values and text are welcome."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags


def _weights(sample_weight: ArrayLike | None, X: Any) -> Floats | None:
    with _in_words():
        return None if sample_weight is None else _check_sample_weight(sample_weight, X)


@contextmanager
def _in_words() -> Iterator[None]:
    """Raise what scikit-learn refuses as an error of ours, with its text."""
    try:
        yield
    except ForwhomError:
        raise
    except TypeError as error:
        raise DataTypeError(str(error), "Give a data frame, or a dense array.") from error
    except ValueError as error:
        raise DataError(_QUOTED.sub(". ", str(error)).strip()) from error


def _seed(random_state: int | np.random.RandomState | None) -> int:
    if isinstance(random_state, int | np.integer):
        if random_state < 0:
            raise OptionError(f"random_state is {random_state}.", "Give 0 or more.")
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))


@dataclass(frozen=True)
class SelectedSegments:
    """Models for several numbers of segments.

    Parameters
    ----------
    models
        Fitted estimators by number of segments.
    criterion
        Name of the criterion that chooses.
    chosen
        The number of segments with the smallest criterion.
    """

    models: dict[int, LatentSegments]
    criterion: str
    chosen: int

    @property
    def table(self) -> list[Candidate]:
        """The criteria, one row per number of segments."""
        return [model.candidate_ for model in self.models.values()]

    @property
    def best(self) -> LatentSegments:
        """The chosen model."""
        return self.models[self.chosen]

    def __getitem__(self, k: int) -> LatentSegments:
        """Return the model with k segments."""
        return self.models[k]

    def __iter__(self) -> Iterator[LatentSegments]:
        """Go through the models in the order of k."""
        return iter(self.models.values())

    def __str__(self) -> str:
        head = f"{'k':>3} {'log-likelihood':>15} {'parameters':>10} {'BIC':>12} {'entropy R²':>10}"
        rows = [
            f"{c.k:>3} {c.log_likelihood:>15.3f} {c.n_parameters:>10} {c.bic:>12.2f} "
            f"{'' if c.entropy_r2 is None else format(c.entropy_r2, '.3f'):>10}"
            f"{'  <- ' + self.criterion.upper() if c.k == self.chosen else ''}"
            for c in self.table
        ]
        return "\n".join([head, *rows])

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<tr><td>{c.k}{' ✓' if c.k == self.chosen else ''}</td>"
            f"<td>{c.log_likelihood:.3f}</td><td>{c.n_parameters}</td><td>{c.bic:.2f}</td>"
            f"<td>{c.aic:.2f}</td><td>{c.icl:.2f}</td></tr>"
            for c in self.table
        )
        names = ("segments", "log-likelihood", "parameters", "BIC", "AIC", "ICL")
        head = "".join(f"<th>{name}</th>" for name in names)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table>"


def select_segments(
    X: Any,
    n_segments: Iterable[int] = range(1, 9),
    *,
    criterion: str = "bic",
    sample_weight: ArrayLike | None = None,
    **parameters: Any,
) -> SelectedSegments:
    """Fit several numbers of segments and compare them.

    Parameters
    ----------
    X
        As in :meth:`LatentSegments.fit`.
    n_segments
        Numbers of segments.
    criterion
        ``"bic"``, ``"aic"``, ``"aic3"``, ``"caic"``, ``"sabic"`` or ``"icl"``.
    sample_weight
        As in :meth:`LatentSegments.fit`.
    **parameters
        Further parameters of :class:`LatentSegments`.

    Returns
    -------
    SelectedSegments
        ``.table`` (criteria), ``.models`` (by K), ``.best``.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> X = np.vstack([rng.normal(0, 1, (80, 2)), rng.normal(6, 1, (80, 2))])
    >>> select_segments(X, range(1, 4), random_state=0).chosen
    2
    """
    ks = check_ks(n_segments)
    models = {k: LatentSegments(k, **parameters) for k in ks}
    first = models[ks[-1]]
    columns = first._columns(X, reset=True)
    if len(next(iter(columns.values()))) < ks[-1]:
        raise DataError(
            f"There are fewer customers than segments ({ks[-1]}).", "Ask for fewer segments."
        )
    weights = None if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    options, degrees = first._options(), first._degrees
    design = first._design(columns, weights)
    selection = select(design, ks, options, criterion=criterion, degrees=degrees)
    for fitted in selection.fits:
        model = models[fitted.k]
        for name in ("measures_", "levels_", "n_features_in_", "feature_names_in_"):
            if hasattr(first, name):
                setattr(model, name, getattr(first, name))
        model._keep(fitted, columns)
    return SelectedSegments(models, criterion, selection.best.k)
