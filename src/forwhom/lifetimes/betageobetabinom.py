"""BG/BB as an estimator."""

from __future__ import annotations

from typing import Self

from numpy.typing import ArrayLike

from forwhom.lifetimes.estimating import LifetimeEstimator
from forwhom.lifetimes.maximum import Floats
from forwhom.lifetimes.opportunities import (
    alive_in_next,
    fit_opportunities,
    periods_ahead,
    worths_of,
)
from forwhom.lifetimes.rows import collapse, numbers, refuse, whole


class BetaGeoBetaBinomModel(LifetimeEstimator):
    """BG/BB: who gives, renews or comes once a period, and who is still there.

    For what happens at most once in each of a few periods: donations a year, visits to a yearly
    fair. While a customer stays, it buys in each period with a chance of its own (beta: ``alpha_``,
    ``beta_``); at the start of each period it may leave for good, with another (beta: ``gamma_``,
    ``delta_``).

    Parameters
    ----------
    max_iter
        Most steps of Newton's method.

    Attributes
    ----------
    alpha_, beta_, gamma_, delta_ : float
        The parameters.
    log_likelihood_, standard_errors_, intervals_, covariance_, n_, converged_
        As in :class:`BetaGeoModel`.

    Notes
    -----
    Fader, Hardie and Shang (2010), Customer-base analysis in a discrete-time noncontractual
    setting, Marketing Science 29(6).

    Examples
    --------
    >>> gave, last = [6, 3, 0, 1, 2, 4, 0], [6, 5, 0, 1, 6, 4, 0]
    >>> model = BetaGeoBetaBinomModel().fit(gave, last, [6] * 7, [90, 40, 300, 120, 20, 20, 80])
    >>> model.probability_alive([6, 4], [6, 4], [6, 6]).round(1)
    array([0.9, 0.1])
    """

    names = ("alpha", "beta", "gamma", "delta")
    flat = "customers hardly differ in how often they come, or in how soon they leave."

    def fit(
        self,
        frequency: ArrayLike,
        recency: ArrayLike,
        periods: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        frequency
            In how many periods after the first purchase there was one, per customer.
        recency
            The last period with a purchase, from 1; 0 where there was none.
        periods
            How many periods were observed.
        sample_weight
            As in :meth:`BetaGeoModel.fit`: also how many customers have each row of a table.

        Raises
        ------
        DataError
            What is said of a customer is impossible, or nobody ever came again.
        """
        steps = self._iterations()
        rows = collapse(_opportunities(frequency, recency, periods), sample_weight)
        found = fit_opportunities(rows, max_iter=steps)
        return self._keep(found, float(rows.weight.sum()))

    def probability_alive(
        self, frequency: ArrayLike, recency: ArrayLike, periods: ArrayLike
    ) -> Floats:  # fmt: skip
        """Return the probability that each customer is one in the period after the observed ones.

        Parameters
        ----------
        frequency, recency, periods
            As in :meth:`fit`.
        """
        rows = collapse(_opportunities(frequency, recency, periods))
        return rows.each(alive_in_next(self._parameters, *rows.columns))

    def conditional_expected_purchases(
        self, t: int, frequency: ArrayLike, recency: ArrayLike, periods: ArrayLike,
        *, discount: float = 0.0,
    ) -> Floats:  # fmt: skip
        """Return in how many of the next ``t`` periods each customer is expected to buy.

        Parameters
        ----------
        t
            Periods ahead.
        frequency, recency, periods
            As in :meth:`fit`.
        discount
            By how much a purchase is worth less per period; the first one ahead by one period.

        Returns
        -------
        ndarray of shape (n,)
            Expected numbers of purchases.
        """
        worths_of(t, discount)
        rows = collapse(_opportunities(frequency, recency, periods))
        return rows.each(periods_ahead(self._parameters, t, discount, *rows.columns))


def _opportunities(
    frequency: ArrayLike, recency: ArrayLike, periods: ArrayLike
) -> tuple[Floats, ...]:
    x, last, n = numbers(frequency=frequency, recency=recency, periods=periods)
    whole(frequency=x, recency=last, periods=n)
    refuse(last > n, "recency is greater than periods", "It is the last period with a purchase.")
    refuse(
        x > last, "frequency is greater than recency", "There is at most one purchase in a period."
    )
    refuse(
        (x == 0) & (last > 0),
        "recency is not 0, but frequency is",
        "Recency is the last period with a purchase: 0 where there was none.",
    )
    return x, last, n
