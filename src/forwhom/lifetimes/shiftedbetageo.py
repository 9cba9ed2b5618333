"""The shifted beta-geometric model as an estimator."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln

from forwhom.lifetimes.estimating import LifetimeEstimator
from forwhom.lifetimes.maximum import Floats
from forwhom.lifetimes.opportunities import worths_of
from forwhom.lifetimes.renewals import fit_renewals, renewals_ahead
from forwhom.lifetimes.rows import collapse, numbers, refuse, whole


class ShiftedBetaGeoModel(LifetimeEstimator):
    """Shifted beta-geometric: how long customers with a contract renew it.

    For subscriptions and contracts, where an end is known. At each renewal a customer leaves with
    a chance of its own (beta: ``alpha_``, ``beta_``). Those who leave easily go first, so that
    retention rises with the years though nobody becomes more loyal.

    Parameters
    ----------
    max_iter
        Most steps of Newton's method.

    Attributes
    ----------
    alpha_, beta_ : float
        The parameters.
    log_likelihood_, standard_errors_, intervals_, covariance_, n_, converged_
        As in :class:`BetaGeoModel`.

    Notes
    -----
    Fader and Hardie (2007), How to project customer retention, Journal of Interactive Marketing
    21(1).

    Examples
    --------
    >>> model = ShiftedBetaGeoModel().fit([1, 2, 3, 3], [True, True, True, False], [37, 16, 9, 38])
    >>> model.retention_rate([1, 2, 3, 10]).round(2)
    array([0.63, 0.75, 0.81, 0.93])
    """

    names = ("alpha", "beta")
    flat = "customers hardly differ in how soon they leave, or nobody leaves."

    def fit(
        self, duration: ArrayLike, ended: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        duration
            Periods that each contract was seen to last: 1 for who left at the first renewal; of who
            is still there, how many renewals came through.
        ended
            Whether it ended; False: the customer was still there when the data end.
        sample_weight
            As in :meth:`BetaGeoModel.fit`: also how many customers have each row of a table.

        Raises
        ------
        DataError
            What is said of a customer is impossible, or no contract ended.
        """
        steps = self._iterations()
        periods, gone = numbers(duration=duration, ended=np.asarray(ended, dtype=np.float64))
        whole(duration=periods)
        refuse((gone != 0) & (gone != 1), "ended is neither true nor false", "Give True or False.")
        refuse(
            (gone == 1) & (periods < 1),
            "duration is 0, but the contract ended",
            "A contract that ends at its first renewal has lasted for 1 period.",
        )
        made = periods - gone
        rows = collapse((made, made, periods), sample_weight)
        found = fit_renewals(rows, max_iter=steps)
        return self._keep(found, float(rows.weight.sum()))

    def survival(self, t: ArrayLike) -> Floats:
        """Return the share of new customers who are still there after ``t`` renewals.

        Parameters
        ----------
        t
            Numbers of renewals.
        """
        a, b = self._parameters
        [renewals] = numbers(t=t)
        return np.asarray(np.exp(betaln(a, b + renewals) - betaln(a, b)))

    def retention_rate(self, t: ArrayLike) -> Floats:
        """Return the share of those there before the renewal number ``t`` who stay.

        Parameters
        ----------
        t
            Renewals, the first one is 1.
        """
        a, b = self._parameters
        [renewals] = numbers(t=t)
        refuse(renewals < 1, "t is less than 1", "The first renewal is 1.")
        return np.asarray((b + renewals - 1) / (a + b + renewals - 1))

    def expected_renewals(
        self, t: int, tenure: ArrayLike = 0, *, discount: float = 0.0
    ) -> Floats:  # fmt: skip
        """Return how many of the next ``t`` renewals a customer is expected to make.

        Parameters
        ----------
        t
            Renewals ahead.
        tenure
            Renewals that each customer has made.
        discount
            By how much a renewal is worth less per period; the first one ahead by one period.
            Times the money of a period and a margin, the sum is the lifetime value up to ``t``.

        Returns
        -------
        ndarray of shape (n,)
            Expected numbers of renewals.
        """
        worths_of(t, discount)
        [made] = numbers(tenure=tenure)
        return renewals_ahead(self._parameters, t, discount, made, made, made)
