"""BG/NBD as an estimator."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from forwhom.errors import OptionError
from forwhom.lifetimes import buying
from forwhom.lifetimes.estimating import LifetimeEstimator
from forwhom.lifetimes.maximum import Floats
from forwhom.lifetimes.rows import collapse, numbers, positive, refuse, whole


class BetaGeoModel(LifetimeEstimator):
    """BG/NBD: how often customers buy while they stay, and who is still there.

    For businesses in which nobody says goodbye. While a customer stays, it buys at random with a
    rate of its own; after each purchase it may leave for good, with a chance of its own. Rates are
    gamma distributed (shape ``r_``, rate ``alpha_``) and chances beta distributed (``a_``, ``b_``).

    Parameters
    ----------
    max_iter
        Most steps of Newton's method.

    Attributes
    ----------
    r_, alpha_, a_, b_ : float
        The parameters; ``alpha_`` is in the unit of time of the data.
    log_likelihood_ : float
        Of the data.
    standard_errors_ : dict
        By parameter: from the curvature of the log-likelihood.
    intervals_ : dict
        95 % intervals by parameter, symmetric in the logarithm.
    covariance_ : ndarray of shape (4, 4)
        Of the logarithms of the parameters, in the order r, alpha, a, b.
    n_ : float
        Customers.
    converged_ : bool
        Whether the search reached the top.

    See Also
    --------
    GammaGammaModel : What they spend on a purchase.
    customer_features : Frequency, recency and T from purchases (the ``clv_`` features).

    Notes
    -----
    Fader, Hardie and Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2).
    Customers with equal histories are computed once.

    Examples
    --------
    >>> frequency, recency, T = [0, 0, 1, 1, 2, 3, 5], [0, 0, 4, 9, 30, 35, 20], [38, 30] + [39] * 5
    >>> model = BetaGeoModel().fit(frequency, recency, T, [90, 80, 30, 30, 10, 9, 4])
    >>> model.probability_alive([5, 5], [20, 38], [39, 39]).round(1)
    array([0.7, 1. ])
    """

    names = ("r", "alpha", "a", "b")
    flat = (
        "customers hardly differ in how often they buy, or in how soon they leave, or nobody "
        "leaves. Predictions hold nevertheless; single parameters mean nothing."
    )

    def fit(
        self,
        frequency: ArrayLike,
        recency: ArrayLike,
        T: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        frequency
            Purchases after the first one, per customer.
        recency
            Time from the first to the last purchase; 0 without a repeat.
        T
            Time from the first purchase to the end of what was observed.
        sample_weight
            Whole numbers count customers; of other numbers only the proportions count, as in
            :class:`LatentSegments`.

        Raises
        ------
        DataError
            What is said of a customer is impossible, or nobody ever bought again.
        """
        steps = self._iterations()
        rows = collapse(_histories(frequency, recency, T), sample_weight)
        found = buying.fit_purchases(rows, max_iter=steps)
        return self._keep(found, float(rows.weight.sum()))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Floats:
        """Return the probability that each customer still is one.

        Parameters
        ----------
        frequency, recency, T
            As in :meth:`fit`.

        Returns
        -------
        ndarray of shape (n,)
            1 for who bought only once: the model lets customers leave only after a repeat.
        """
        return buying.alive(self._parameters, *_histories(frequency, recency, T))

    def expected_purchases(self, t: ArrayLike) -> Floats:
        """Return how often a new customer is expected to buy again until each time ``t``.

        Parameters
        ----------
        t
            Times since the first purchase.

        Returns
        -------
        ndarray of shape (n,)
            Expected numbers of purchases, the first one not counted.
        """
        return buying.purchases_of_new(self._parameters, *numbers(t=t))

    def conditional_expected_purchases(
        self, t: float, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike,
        *, discount: float = 0.0,
    ) -> Floats:  # fmt: skip
        """Return how often each customer is expected to buy in the next ``t`` units of time.

        Parameters
        ----------
        t
            The horizon, counted from the end of what was observed.
        frequency, recency, T
            As in :meth:`fit`.
        discount
            By how much a purchase is worth less per unit of time: 0.1 with T in years is 10 % a
            year. Times a mean spend and a margin, the sum is the lifetime value up to ``t``.

        Returns
        -------
        ndarray of shape (n,)
            Expected numbers of purchases.
        """
        positive(t=t)
        if not (np.isfinite(discount) and discount > -1):
            raise OptionError(f"discount is {discount}.", "Give a rate per unit of time, as 0.01.")
        rows = collapse(_histories(frequency, recency, T))
        found = buying.discounted_purchases(self._parameters, t, discount, *rows.columns)
        return rows.each(found)


def _histories(frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> tuple[Floats, ...]:
    x, t, end = numbers(frequency=frequency, recency=recency, T=T)
    whole(frequency=x)
    refuse(t > end, "recency is greater than T", "The last purchase is not after the end; check T.")
    refuse(
        (x == 0) & (t > 0),
        "recency is not 0, but frequency is",
        "Recency is the time from the first to the last purchase: 0 for who bought once.",
    )
    refuse(
        (x > 0) & (t == 0),
        "recency is 0, but there are repeat purchases",
        "Count purchases of one period as one, or take a shorter unit of time.",
    )
    return x, t, end
