"""The likelihoods: their values by hand, and their slopes and curvatures by differences."""

import numpy as np
import pytest
from scipy.special import beta, betaln, gamma, hyp2f1

from forwhom.lifetimes import buying
from forwhom.lifetimes.buying import PurchaseLikelihood
from forwhom.lifetimes.maximum import Likelihood, Prior, maximize
from forwhom.lifetimes.opportunities import opportunity_scores, terms_of
from forwhom.lifetimes.renewals import _terms, renewal_scores
from forwhom.lifetimes.rows import collapse
from forwhom.lifetimes.spending import SpendLikelihood, spend_scores

HISTORIES = (
    np.array([0.0, 2.0, 0.0, 7.0, 1.0, 2.0]),
    np.array([0.0, 11.5, 0.0, 30.0, 2.0, 11.5]),
    np.array([39.0, 30.0, 12.0, 31.0, 38.0, 30.0]),
)
WEIGHTS = [1.0, 2.0, 3.0, 1.0, 5.0, 1.0]


def purchases() -> Likelihood:
    return PurchaseLikelihood(collapse(HISTORIES, WEIGHTS))


def spending() -> Likelihood:
    return SpendLikelihood(collapse((HISTORIES[0][1:] + 1, HISTORIES[2][1:]), WEIGHTS[1:]))


def donations() -> Likelihood:
    rows = collapse(
        (np.array([0.0, 3, 1]), np.array([0.0, 4, 1]), np.array([6.0, 6, 5])), [5, 3, 2]
    )
    terms = terms_of(*rows.columns)
    return lambda u: terms(u, rows.weight)


MADE, DUE = np.array([0.0, 2, 1, 6]), np.array([1.0, 2, 2, 6])


def renewals() -> Likelihood:
    terms = _terms(MADE, DUE)
    return lambda u: terms(u, np.array([5.0, 3, 2, 1]))


@pytest.mark.parametrize(
    ("likelihood", "at"),
    [
        (purchases(), [0.24, 4.4, 0.8, 2.4]),
        (purchases(), [1.7, 90.0, 3.0, 0.2]),
        (spending(), [6.2, 3.7, 15.4]),
        (spending(), [0.3, 0.9, 80.0]),
        (donations(), [1.2, 0.7, 0.65, 2.8]),
        (donations(), [0.1, 3.0, 5.0, 0.4]),
        (renewals(), [0.7, 1.2]),
    ],
)
def test_slopes_and_curvatures_are_those_of_the_value(
    likelihood: Likelihood, at: list[float]
) -> None:
    here = np.array(at)
    terms = likelihood(here)
    for i, size in enumerate(here):
        step = np.zeros(len(here))
        step[i] = 1e-5 * size
        above, below = likelihood(here + step), likelihood(here - step)
        slope = (above.value - below.value) / (2 * step[i])
        assert terms.gradient[i] == pytest.approx(slope, rel=1e-6, abs=1e-7)
        curved = (above.gradient - below.gradient) / (2 * step[i])
        np.testing.assert_allclose(terms.hessian[i], curved, rtol=1e-5, atol=1e-7)


def test_scores_of_customers_add_up_to_the_slope() -> None:
    at = np.array([0.24, 4.4, 0.8, 2.4])
    scores = WEIGHTS @ buying.purchase_scores(at, *HISTORIES)
    np.testing.assert_allclose(scores, purchases()(at).gradient * at)
    at, money = np.array([6.2, 3.7, 15.4]), (HISTORIES[0][1:] + 1, HISTORIES[2][1:])
    scores = WEIGHTS[1:] @ spend_scores(at, *money)
    np.testing.assert_allclose(scores, spending()(at).gradient * at)
    # Who paid nothing, or never came back, says nothing of what is spent.
    assert not spend_scores(at, np.array([0.0, 0, 2]), np.array([0.0, 9, 0])).any()
    at = np.array([1.2, 0.7, 0.65, 2.8])
    columns = np.array([0.0, 3, 1]), np.array([0.0, 4, 1]), np.array([6.0, 6, 5])
    scores = [5, 3, 2] @ opportunity_scores(at, *columns)
    np.testing.assert_allclose(scores, donations()(at).gradient * at)
    at = np.array([0.7, 1.2])
    scores = [5, 3, 2, 1] @ renewal_scores(at, MADE, MADE, DUE)
    np.testing.assert_allclose(scores, renewals()(at).gradient * at)


def test_nobody_makes_no_rows() -> None:
    rows = collapse((np.empty(0), np.empty(0)))
    assert [len(column) for column in (*rows.columns, rows.weight)] == [0, 0, 0]


def test_bg_nbd_by_hand() -> None:
    """Of one customer, from the integrals of the paper (its equation 6)."""
    r, alpha, a, b = 0.5, 5.0, 0.9, 2.0
    x, t, T = 3.0, 20.0, 39.0
    front = gamma(r + x) * alpha**r / gamma(r)
    still = beta(a, b + x) / beta(a, b) / (alpha + T) ** (r + x)
    gone = beta(a + 1, b + x - 1) / beta(a, b) / (alpha + t) ** (r + x)
    rows = collapse((np.array([x]), np.array([t]), np.array([T])))
    value = PurchaseLikelihood(rows)(np.array([r, alpha, a, b])).value
    assert value == pytest.approx(np.log(front * (still + gone)))
    rows = collapse((np.array([0.0]), np.array([0.0]), np.array([T])))
    value = PurchaseLikelihood(rows)(np.array([r, alpha, a, b])).value
    assert value == pytest.approx(r * np.log(alpha / (alpha + T)))


def test_gamma_gamma_by_hand() -> None:
    p, q, v, x, m = 2.5, 3.0, 12.0, 4.0, 20.0
    density = gamma(p * x + q) / gamma(p * x) / gamma(q) * v**q * m ** (p * x - 1) * x ** (p * x)
    density /= (x * m + v) ** (p * x + q)
    value = SpendLikelihood(collapse((np.array([x]), np.array([m]))))(np.array([p, q, v])).value
    assert value == pytest.approx(np.log(density))


def test_bg_bb_by_hand() -> None:
    """Who came in the first of three periods: still there, or left before the third or second."""
    a, b, c, d = 1.2, 0.7, 0.6, 2.8
    told = beta(a + 1, b + 2) * beta(c, d + 3)
    told += beta(a + 1, b) * beta(c + 1, d + 1) + beta(a + 1, b + 1) * beta(c + 1, d + 2)
    terms = terms_of(np.array([1.0]), np.array([1.0]), np.array([3.0]))
    value = terms.row_logs(np.array([a, b, c, d]))[0]
    assert value == pytest.approx(np.log(told) - betaln(a, b) - betaln(c, d))


def test_the_histories_of_all_periods_are_all_there_is() -> None:
    x, last, n = (c.ravel().astype(float) for c in np.meshgrid(range(5), range(5), 4))
    there = (x <= last) & ((x > 0) == (last > 0))
    x, last, n = x[there], last[there], n[there]
    ways = np.array(
        [
            1 if k == 0 else gamma(m) / gamma(k) / gamma(m - k + 1)
            for k, m in zip(x, last, strict=True)
        ]
    )
    for parameters in ([1.2, 0.7, 0.6, 2.8], [0.1, 5.0, 3.0, 0.3]):
        chances = np.exp(terms_of(x, last, n).row_logs(np.array(parameters)))
        assert ways @ chances == pytest.approx(1)


@pytest.mark.parametrize("parameters", [[0.24, 4.4, 0.79, 2.4], [1.5, 30.0, 2.5, 0.7]])
def test_expected_purchases_are_those_of_the_closed_form(parameters: list[float]) -> None:
    r, alpha, a, b = parameters
    for x, T, t in [(0.0, 10.0, 5.0), (2.0, 39.0, 52.0), (26.0, 31.0, 52.0), (2.0, 1.0, 60.0)]:
        shape, ahead = r + x, (alpha + T) / (alpha + T + t)
        series = ahead**shape * hyp2f1(shape, b + x, a + b + x - 1, 1 - ahead)
        closed = (a + b + x - 1) / (a - 1) * (1 - series)
        found = buying._while_alive(shape, a, b + x, np.array([t / (alpha + T)]))
        assert found[0] == pytest.approx(closed, rel=1e-8)


def test_expected_purchases_hold_where_the_closed_form_does_not() -> None:
    near = [buying._while_alive(3.0, a, 4.0, np.array([1.3]))[0] for a in (1 - 1e-6, 1, 1 + 1e-6)]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-9)
    # A large a and b fix the chance to leave, and a large rate and shape the rate: geometric.
    p, rate = 0.25, 2.0
    fixed = buying._while_alive(1e6, 1e6 * p, 1e6 * (1 - p), np.array([rate * 3 / 1e6]))
    assert fixed[0] == pytest.approx((1 - np.exp(-rate * p * 3)) / p, rel=1e-4)
    # Nobody leaves: purchases are rate times time.
    assert buying._while_alive(2.0, 1e-9, 5.0, np.array([7.0]))[0] == pytest.approx(14, rel=1e-6)


def test_a_prior_draws_what_few_customers_say_towards_it() -> None:
    center, few = np.log([0.24, 4.4, 0.8, 2.4]), purchases()
    free = np.log(maximize(few, [[0.5, 4, 1, 2]], 13).parameters)
    strong = maximize(few, [[0.5, 4, 1, 2]], 13, prior=Prior(center, 1e6 * np.eye(4)))
    some = maximize(few, [[0.5, 4, 1, 2]], 13, prior=Prior(center, 5 * np.eye(4)))
    np.testing.assert_allclose(np.log(strong.parameters), center, atol=1e-4)
    assert strong.log_likelihood == pytest.approx(few(np.exp(center)).value, abs=1e-3)
    away = np.abs(np.log(some.parameters) - center)
    assert (away > 0).all()
    assert away.sum() < np.abs(free - center).sum()
