"""Several groups of customers: how far they are drawn together, and what is expected of them."""

import numpy as np
import pytest

from forwhom.errors import DataError
from forwhom.lifetimes import Histories, Horizon, Lifetimes, expect, fit_lifetimes, spread

TRUE = (0.6, 6.0, 0.9, 3.0)


def shop(n: int, parameters: tuple[float, ...], seed: int, watched: float = 40.0) -> Histories:
    r, alpha, a, b = parameters
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    x, last, now, there = np.zeros(n), np.zeros(n), np.zeros(n), np.full(n, True)
    while there.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-12))
        there &= now < watched
        x[there] += 1
        last[there] = now[there]
        there &= rng.random(n) >= leave
    paid = rng.gamma(np.maximum(6 * x, 1)) / rng.gamma(4, 1 / 15, n) / np.maximum(x, 1)
    return Histories(x, last, np.full(n, watched), np.where(x > 0, paid, 0))


def together(parts: list[Histories]) -> tuple[Histories, np.ndarray]:
    sizes = [len(part.frequency) for part in parts]
    of = np.repeat(np.arange(len(parts)), sizes)
    columns = [np.concatenate([vars(p)[c] for p in parts]) for c in vars(parts[0])]
    return Histories(*columns), (of == np.arange(len(parts))[:, None]).astype(float)


def test_groups_that_are_alike_are_fitted_as_one() -> None:
    histories, groups = together([shop(400, TRUE, seed) for seed in (1, 2, 3)])
    found = fit_lifetimes(histories, np.ones(1200), groups)
    assert found.prior_customers is not None
    assert found.prior_customers > 1_000
    rates = [fit.parameters[0] / fit.parameters[1] for fit in found.buying]
    assert max(rates) < 1.15 * min(rates)


def test_groups_that_differ_are_fitted_each_and_small_ones_are_drawn_to_all() -> None:
    often = (2.0, 4.0, 0.9, 3.0)
    parts = [shop(900, TRUE, 1), shop(900, often, 2), shop(30, often, 3)]
    histories, groups = together(parts)
    found = fit_lifetimes(histories, np.ones(1830), groups)
    assert found.prior_customers is not None
    assert found.prior_customers < 300
    rates = [fit.parameters[0] / fit.parameters[1] for fit in found.buying]
    assert rates[0] < 0.15
    assert rates[1] > 0.3
    whole = fit_lifetimes(histories, np.ones(1830)).buying[0].parameters
    assert whole[0] / whole[1] < rates[2] < 1.3 * rates[1]


def test_expectations_add_up_over_rows_and_follow_margin_and_discount() -> None:
    histories = shop(500, TRUE, 4)
    found = fit_lifetimes(histories, np.ones(500))
    plain = expect(found, 0, histories, Horizon(20))
    less = expect(found, 0, histories, Horizon(20, discount=0.01, margin=0.5))
    assert plain.value is not None
    assert less.value is not None
    np.testing.assert_allclose(plain.purchases, less.purchases)
    assert (less.value <= 0.5 * plain.value).all()
    assert (less.value >= 0.5 * plain.value / 1.01**20).all()
    every = np.ones(500)
    assert plain.of_purchases(every).error == pytest.approx(
        500 * plain.of_purchases(every / 500).error
    )
    assert 0 < plain.of_value(every / 500).error < 0.3 * plain.value.mean()
    # Together the customers say that the parameters are the best ones.
    for moved in (plain.of_purchases(every), plain.of_value(every)):
        assert not moved.own.any()
        assert abs(moved.common.sum()) < 1e-5 * np.abs(moved.common).sum()


def test_what_chance_does_is_that_of_drawn_futures() -> None:
    """Of equal customers, the variance of what they bought later is what was foretold."""
    n, histories = 6_000, shop(6_000, TRUE, 5)
    longer = shop(6_000, TRUE, 5, watched=60.0)
    parameters = fit_lifetimes(histories, np.ones(n))
    expected = expect(parameters, 0, histories, Horizon(20))
    bought, paid = spread(parameters, 0, histories, Horizon(20), seed=1)
    later = longer.frequency - histories.frequency
    error = ((later - expected.purchases) ** 2).sum()
    assert bought.sum() == pytest.approx(error, rel=0.15)
    assert paid.sum() > bought.sum()
    again = spread(parameters, 0, histories, Horizon(20), seed=1)
    np.testing.assert_array_equal(bought, again[0])


def test_without_money_there_is_no_value() -> None:
    bare = shop(300, TRUE, 6)
    found = fit_lifetimes(Histories(bare.frequency, bare.recency, bare.T), np.ones(300))
    assert not found.has_money
    assert expect(found, 0, bare, Horizon(5)).value is None
    assert not spread(found, 0, bare, Horizon(5), seed=0)[1].any()


def test_where_nobody_leaves_the_future_is_known_as_well_as_the_rate() -> None:
    rng = np.random.default_rng(2)
    x = rng.poisson(8, 500).astype(float)
    last = np.where(x > 0, 40 * rng.random(500) ** (1 / np.maximum(x, 1)), 0)
    steady = Histories(x, last, np.full(500, 40.0))
    expected = expect(fit_lifetimes(steady, np.ones(500)), 0, steady, Horizon(10))
    mean, error = expected.purchases.mean(), expected.of_purchases(np.ones(500) / 500).error
    assert mean == pytest.approx(2, rel=0.08)
    assert 0 < error < 0.1


def test_nobody_who_came_again_teaches_nothing() -> None:
    once = Histories(np.zeros(20), np.zeros(20), np.arange(20.0))
    with pytest.raises(DataError, match="Nobody bought again"):
        fit_lifetimes(once, np.ones(20))


def test_spending_without_a_mean_is_left_out() -> None:
    rng = np.random.default_rng(0)
    known = shop(400, TRUE, 7)
    wild = np.where(known.frequency > 0, rng.pareto(0.4, 400) + 1, 0)
    found = fit_lifetimes(Histories(known.frequency, known.recency, known.T, wild), np.ones(400))
    assert isinstance(found, Lifetimes)
    assert not found.has_money
