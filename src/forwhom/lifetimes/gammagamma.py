"""Gamma-Gamma as an estimator."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forwhom.errors import DataError
from forwhom.lifetimes import spending
from forwhom.lifetimes.estimating import LifetimeEstimator
from forwhom.lifetimes.maximum import Floats
from forwhom.lifetimes.rows import collapse, numbers, refuse, whole


class GammaGammaModel(LifetimeEstimator):
    """Gamma-Gamma: what customers spend on a purchase.

    The more purchases of a customer were seen, the more its own mean counts, and the less that of
    all others. How much is spent has nothing to do with how often, which should be checked.

    Parameters
    ----------
    max_iter
        Most steps of Newton's method.

    Attributes
    ----------
    p_, q_, v_ : float
        Shape of purchases of one customer, shape over customers, and scale in money (the γ of the
        literature).
    log_likelihood_, standard_errors_, intervals_, covariance_, n_, converged_
        As in :class:`BetaGeoModel`; ``n_`` counts customers with repeat purchases.

    Notes
    -----
    Fader and Hardie (2013), The Gamma-Gamma model of monetary value.

    Examples
    --------
    >>> model = GammaGammaModel().fit([2, 5, 1, 3, 8], [20.0, 35.0, 12.0, 18.0, 60.0])
    >>> own = model.conditional_expected_spend([8, 1, 0], [60.0, 60.0, 0.0])
    >>> bool(own[0] > own[1] > own[2])
    True
    """

    names = ("p", "q", "v")
    flat = "customers hardly differ in what they spend, or a customer's purchases hardly differ."

    def fit(
        self, frequency: ArrayLike, spend: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Fit the model to the customers with repeat purchases.

        Parameters
        ----------
        frequency
            Repeat purchases per customer; customers with 0 are passed over.
        spend
            Mean money of those purchases; more than 0 where there are any.
        sample_weight
            As in :meth:`BetaGeoModel.fit`.

        Raises
        ------
        DataError
            What is said of a customer is impossible, or nobody ever bought again.
        """
        steps = self._iterations()
        x, mean = _spendings(frequency, spend)
        again = x > 0
        if not again.any():
            raise DataError(
                "Nobody bought again: every frequency is 0.",
                "What customers spend later can be learned only where some come back.",
            )
        weight: NDArray[np.float64] | None = None
        if sample_weight is not None:
            # All weights are judged, and then those of customers with repeats are taken.
            every = collapse((np.arange(len(x), dtype=np.float64),), sample_weight)
            weight = every.each(every.weight)[again]
        rows = collapse((x[again], mean[again]), weight)
        return self._keep(spending.fit_spend(rows, max_iter=steps), float(rows.weight.sum()))

    def conditional_expected_spend(self, frequency: ArrayLike, spend: ArrayLike) -> Floats:
        """Return what each customer is expected to spend on a purchase.

        Parameters
        ----------
        frequency, spend
            As in :meth:`fit`; for who has no repeat purchase, it is the mean of all.

        Returns
        -------
        ndarray of shape (n,)
            Money; infinite without repeats where ``q_`` is 1 or less, since then there is no mean.
        """
        return spending.spend(self._parameters, *_spendings(frequency, spend))


def _spendings(frequency: ArrayLike, spend: ArrayLike) -> tuple[Floats, ...]:
    x, mean = numbers(frequency=frequency, spend=spend)
    whole(frequency=x)
    refuse(
        (x > 0) & (mean == 0),
        "spend is 0, but there are repeat purchases",
        "Leave out purchases without money, or these customers.",
    )
    return x, mean
