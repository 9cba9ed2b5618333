"""What the models of lifetimes have in common as estimators."""

from __future__ import annotations

import warnings
from typing import ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted

from forwhom.errors import OptionError
from forwhom.lifetimes.maximum import FAR, Floats, Maximum
from forwhom.wording import listed


class LifetimeEstimator(BaseEstimator):
    """Parameters found by maximum likelihood, with their errors."""

    #: Names of the parameters, and what it means where one has no best finite value.
    names: ClassVar[tuple[str, ...]] = ()
    flat: ClassVar[str] = ""

    def __init__(self, *, max_iter: int = 200) -> None:
        self.max_iter = max_iter

    def _iterations(self) -> int:
        if not isinstance(self.max_iter, int) or self.max_iter < 1:
            raise OptionError(
                f"max_iter is {self.max_iter!r}.", "Give a whole number of 1 or more."
            )
        return self.max_iter

    def _keep(self, found: Maximum, n: float) -> Self:
        for name, value in zip(self.names, found.parameters, strict=True):
            setattr(self, f"{name}_", float(value))
        self.log_likelihood_ = found.log_likelihood
        self.n_ = n
        self.converged_ = found.converged
        self.covariance_: Floats = found.covariance
        errors = found.parameters * np.sqrt(np.diag(found.covariance))
        self.standard_errors_ = dict(zip(self.names, errors.tolist(), strict=True))
        pairs = [(low, high) for low, high in found.intervals().tolist()]
        self.intervals_ = dict(zip(self.names, pairs, strict=True))
        if found.far:
            which = listed([self.names[i] for i in found.far])
            verb = "has" if len(found.far) == 1 else "have"
            warnings.warn(
                f"{which} {verb} no best finite value in these data (looked for up to e^{FAR:g}): "
                f"{self.flat}",
                ConvergenceWarning,
                stacklevel=3,
            )
        elif not found.converged:
            warnings.warn(
                f"The search stopped after max_iter={self.max_iter} steps before it converged.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return self

    @property
    def _parameters(self) -> Floats:
        check_is_fitted(self)
        return np.array([getattr(self, f"{name}_") for name in self.names])

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether there are parameters."""
        return all(hasattr(self, f"{name}_") for name in self.names)

    def aic(self) -> float:
        """Return Akaike's information criterion of the fit; smaller is better."""
        check_is_fitted(self)
        return 2 * len(self.names) - 2 * float(self.log_likelihood_)

    def bic(self) -> float:
        """Return the Bayesian information criterion of the fit; smaller is better."""
        check_is_fitted(self)
        return float(len(self.names) * np.log(self.n_) - 2 * self.log_likelihood_)
