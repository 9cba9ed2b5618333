"""The models as estimators: published values, recovery of what was drawn, refusals."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError

import forwhom as fw
from forwhom.errors import DataError, OptionError

#: Donors of a first-time cohort by donations and last year of one in six years, and how many:
#: Fader, Hardie and Shang (2010), table 2.
DONORS = (
    (6, 6, 1203), (5, 6, 728), (4, 6, 512), (3, 6, 357), (2, 6, 234), (1, 6, 129), (5, 5, 335),
    (4, 5, 284), (3, 5, 225), (2, 5, 173), (1, 5, 119), (4, 4, 240), (3, 4, 181), (2, 4, 155),
    (1, 4, 78), (3, 3, 322), (2, 3, 255), (1, 3, 129), (2, 2, 613), (1, 2, 277), (1, 1, 1091),
    (0, 0, 3464),
)  # fmt: skip
#: Shares of two groups of 1,000 customers who were there after each year: Fader and Hardie (2007).
REGULAR = (0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241)
HIGH_END = (0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491)


def as_published(model: Any, **values: float) -> Any:
    for name, value in values.items():
        setattr(model, f"{name}_", value)
    return model


CDNOW = as_published(fw.BetaGeoModel(), r=0.243, alpha=4.414, a=0.793, b=2.426)


def shop(n: int, parameters: tuple[float, ...], seed: int) -> tuple[np.ndarray, ...]:
    """Draw what is seen of customers who buy and leave as BG/NBD says."""
    r, alpha, a, b = parameters
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    T = rng.integers(20, 60, n).astype(float)
    x, last, there, now = np.zeros(n), np.zeros(n), np.full(n, True), np.zeros(n)
    while there.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-12))
        there &= now < T
        x[there] += 1
        last[there] = now[there]
        there &= rng.random(n) >= leave
    return x, last, T


@pytest.fixture(scope="module")
def customers() -> tuple[np.ndarray, ...]:
    return shop(12_000, (0.6, 6.0, 0.9, 3.0), seed=3)


@pytest.fixture(scope="module")
def fitted(customers: tuple[np.ndarray, ...]) -> fw.BetaGeoModel:
    return fw.BetaGeoModel().fit(*customers)


def test_bg_nbd_finds_what_was_drawn(fitted: fw.BetaGeoModel) -> None:
    for name, true in {"r": 0.6, "alpha": 6.0, "a": 0.9, "b": 3.0}.items():
        error = fitted.standard_errors_[name]
        assert abs(getattr(fitted, f"{name}_") - true) < 3.5 * error < 0.7 * true
        low, high = fitted.intervals_[name]
        assert np.log(high / low) == pytest.approx(3.92 * error / np.sqrt(low * high), rel=1e-3)
    assert fitted.converged_
    assert fitted.n_ == 12_000
    assert fitted.bic() - fitted.aic() == pytest.approx(4 * np.log(12_000) - 8)


def test_what_is_predicted_comes_true(
    fitted: fw.BetaGeoModel, customers: tuple[np.ndarray, ...]
) -> None:  # fmt: skip
    """Of equal customers who were watched for longer, the first part predicts the rest."""
    rng = np.random.default_rng(8)
    n, now, watched = 40_000, np.zeros(40_000), 30.0
    rate, leave = rng.gamma(0.6, 1 / 6, n), rng.beta(0.9, 3, n)
    there = np.full(n, True)
    seen, last, later = np.zeros(n), np.zeros(n), np.zeros(n)
    while there.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-12))
        there &= now < watched + 20
        early = there & (now < watched)
        seen[early] += 1
        last[early] = now[early]
        later[there & ~early] += 1
        there &= rng.random(n) >= leave
    known = (seen, last, np.full(n, watched))
    expected = fitted.conditional_expected_purchases(20, *known)
    for x in (0, 1, 4):
        of = seen == x
        error = later[of].std() / np.sqrt(of.sum())
        assert abs(later[of].mean() - expected[of].mean()) < 4 * error + 0.02 * expected[of].mean()


def test_published_predictions_of_cdnow() -> None:
    """Fader, Hardie and Lee (2005), and the walk-through of the R package BTYD."""
    found = CDNOW.conditional_expected_purchases(39, [2, 26], [30.43, 30.86], [38.86, 31])
    assert found[0] == pytest.approx(1.226, abs=5e-4)
    assert CDNOW.conditional_expected_purchases(52, [26], [30.86], [31])[0] == pytest.approx(
        25.76, abs=0.02
    )
    assert CDNOW.expected_purchases([52])[0] == pytest.approx(1.444, abs=5e-3)
    assert CDNOW.probability_alive([26, 0], [30.86, 0], [31, 31]) == pytest.approx(
        [0.969, 1], abs=1e-3
    )


def test_published_predictions_of_spend() -> None:
    model = as_published(fw.GammaGammaModel(), p=6.25, q=3.74, v=15.44)
    spend = model.conditional_expected_spend([2, 1, 0], [22.345, 11.77, 0])
    assert spend == pytest.approx([24.65, 18.91, 6.25 * 15.44 / 2.74], abs=0.02)


def test_published_donors() -> None:
    x, last, n = np.array(DONORS).T
    model = fw.BetaGeoBetaBinomModel().fit(x, last, np.full(22, 6), n)
    found = [model.alpha_, model.beta_, model.gamma_, model.delta_]
    assert found == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=6e-4)
    assert model.log_likelihood_ == pytest.approx(-33225.58, abs=5e-3)
    ahead = model.conditional_expected_purchases(5, [0, 6], [0, 6], [6, 6])
    assert ahead == pytest.approx([0.07, 3.75], abs=5e-3)
    assert model.n_ == 11_104


@pytest.mark.parametrize(
    ("shares", "parameters", "value"),
    [(REGULAR, (0.704, 1.182), -1680.3), (HIGH_END, (0.668, 3.806), -1611.2)],
)
def test_published_contracts(
    shares: tuple[float, ...], parameters: tuple[float, float], value: float
) -> None:
    there = np.round(1000 * np.array([1, *shares]))
    model = fw.ShiftedBetaGeoModel().fit(
        [*range(1, 8), 7], [True] * 7 + [False], [*-np.diff(there), there[-1]]
    )
    assert [model.alpha_, model.beta_] == pytest.approx(parameters, abs=6e-4)
    assert model.log_likelihood_ == pytest.approx(value, abs=0.05)


def test_gamma_gamma_finds_what_was_drawn() -> None:
    rng = np.random.default_rng(5)
    n = 6_000
    x = rng.integers(0, 6, n).astype(float)
    scale = rng.gamma(3.7, 1 / 15.0, n)
    spend = np.where(x > 0, rng.gamma(np.maximum(6.2 * x, 1)) / scale / np.maximum(x, 1), 0)
    model = fw.GammaGammaModel().fit(x, spend)
    for name, true in {"p": 6.2, "q": 3.7, "v": 15.0}.items():
        assert model.intervals_[name][0] < true < model.intervals_[name][1]
    assert model.n_ == (x > 0).sum()
    twice = fw.GammaGammaModel().fit(np.tile(x, 2), np.tile(spend, 2))
    weighted = fw.GammaGammaModel().fit(x, spend, np.full(n, 2.0))
    assert twice.p_ == pytest.approx(weighted.p_, rel=1e-6)


def test_weights_count_customers_and_order_changes_nothing(
    customers: tuple[np.ndarray, ...],
) -> None:
    x, last, T = (column[:800] for column in customers)
    weight = np.arange(800) % 3
    one = fw.BetaGeoModel().fit(x, last, T, weight)
    copied = fw.BetaGeoModel().fit(*(np.repeat(c, weight) for c in (x, last, T)))
    turned = fw.BetaGeoModel().fit(x[::-1], last[::-1], T[::-1], weight[::-1])
    assert one.log_likelihood_ == pytest.approx(copied.log_likelihood_, rel=1e-9)
    assert one.n_ == copied.n_ == weight.sum()
    assert one.standard_errors_["a"] == pytest.approx(copied.standard_errors_["a"], rel=1e-4)
    assert (one.r_, one.alpha_, one.a_, one.b_) == (turned.r_, turned.alpha_, turned.a_, turned.b_)
    sampled = fw.BetaGeoModel().fit(x, last, T, weight + 0.5)
    assert sampled.n_ < 800


def test_discounts_are_sums_over_time() -> None:
    known = ([3.0], [20.0], [30.0])
    steps = np.linspace(0, 52, 401)
    sofar = [0.0, *(CDNOW.conditional_expected_purchases(t, *known)[0] for t in steps[1:])]
    summed = np.diff(sofar) @ 1.002 ** -((steps[1:] + steps[:-1]) / 2)
    found = CDNOW.conditional_expected_purchases(52, *known, discount=0.002)[0]
    assert found == pytest.approx(summed, rel=1e-5)
    donors = as_published(
        fw.BetaGeoBetaBinomModel(), alpha=1.204, beta=0.75, gamma=0.657, delta=2.783
    )
    one, both = (donors.conditional_expected_purchases(t, [4], [5], [6])[0] for t in (1, 2))
    lessened = donors.conditional_expected_purchases(2, [4], [5], [6], discount=0.25)[0]
    assert lessened == pytest.approx(one / 1.25 + (both - one) / 1.25**2)


def test_contracts_ahead_by_hand() -> None:
    model = as_published(fw.ShiftedBetaGeoModel(), alpha=1.0, beta=2.0)
    assert model.survival([0, 1, 2]) == pytest.approx([1, 2 / 3, 1 / 2])
    assert model.retention_rate([1, 2]) == pytest.approx([2 / 3, 3 / 4])
    assert model.expected_renewals(2, [0, 1]) == pytest.approx([2 / 3 + 1 / 2, 3 / 4 + 3 / 5])
    assert model.expected_renewals(2, discount=1.0)[0] == pytest.approx(2 / 3 / 2 + 1 / 2 / 4)


def test_who_did_not_come_again_is_gone_the_more_the_more_there_is_to_miss() -> None:
    alive = CDNOW.probability_alive([2, 2, 9], [30, 10, 10], [38, 38, 38])
    assert alive[0] > alive[1] > alive[2]
    donors = as_published(
        fw.BetaGeoBetaBinomModel(), alpha=1.204, beta=0.75, gamma=0.657, delta=2.783
    )
    chances = donors.probability_alive([4, 4, 0], [6, 4, 0], [6, 6, 6])
    assert 1 > chances[0] > chances[1] > chances[2] > 0


IMPOSSIBLE: dict[str, tuple[list[Any], str]] = {
    "recency is greater than T for 1 customer (the first in row 1)": ([[1, 1], [3, 9], [5, 5]], ""),
    "frequency is negative": ([[-1, 1], [0, 3], [5, 5]], ""),
    "T is missing or not finite": ([[1, 1], [3, 3], [5, np.nan]], ""),
    "frequency is no whole number": ([[1.5, 1], [3, 3], [5, 5]], ""),
    "recency is not 0, but frequency is": ([[0, 1], [3, 3], [5, 5]], ""),
    "recency is 0, but there are repeat purchases": ([[1, 1], [0, 3], [5, 5]], ""),
    "Nobody bought again": ([[0, 0], [0, 0], [5, 5]], ""),
    "frequency has 2, recency has 1, T has 2": ([[0, 1], [0], [5, 5]], ""),
    "There are no customers": ([[], [], []], ""),
    "something else than numbers": ([["a", 1], [0, 1], [5, 5]], ""),
    "frequency has the shape (1, 2)": ([[[0, 1]], [0, 1], [5, 5]], ""),
    "one weight for each": ([[0, 1], [0, 1], [5, 5], [1]], ""),
    "nothing but zeros": ([[0, 1], [0, 1], [5, 5], [0, 0]], ""),
}


@pytest.mark.parametrize("says", IMPOSSIBLE)
def test_bg_nbd_refuses_what_cannot_be(says: str) -> None:
    with pytest.raises(DataError) as refused:
        fw.BetaGeoModel().fit(*IMPOSSIBLE[says][0])
    assert says in str(refused.value)


def test_the_others_refuse_what_cannot_be() -> None:
    with pytest.raises(DataError, match="spend is 0, but"):
        fw.GammaGammaModel().fit([1, 2], [0, 3])
    with pytest.raises(DataError, match="Nobody bought again"):
        fw.GammaGammaModel().fit([0, 0], [0, 0])
    with pytest.raises(DataError, match="spend the same"):
        fw.GammaGammaModel().fit([2, 2], [5, 5])
    with pytest.raises(DataError, match="recency is greater than periods"):
        fw.BetaGeoBetaBinomModel().fit([1], [7], [6])
    with pytest.raises(DataError, match="at most one purchase"):
        fw.BetaGeoBetaBinomModel().fit([3], [2], [6])
    with pytest.raises(DataError, match="0 where there was none"):
        fw.BetaGeoBetaBinomModel().fit([0], [2], [6])
    with pytest.raises(DataError, match="Nobody came again"):
        fw.BetaGeoBetaBinomModel().fit([0], [0], [6])
    with pytest.raises(DataError, match="No contract ended"):
        fw.ShiftedBetaGeoModel().fit([3, 4], [False, False])
    with pytest.raises(DataError, match="lasted for 1 period"):
        fw.ShiftedBetaGeoModel().fit([0, 4], [True, False])
    with pytest.raises(DataError, match="neither true nor false"):
        fw.ShiftedBetaGeoModel().fit([2, 4], [2, 0])


def test_options_are_judged() -> None:
    with pytest.raises(OptionError, match="t is -1"):
        CDNOW.conditional_expected_purchases(-1, [0], [0], [5])
    with pytest.raises(OptionError, match="t is 0"):
        CDNOW.conditional_expected_purchases(0, [0], [0], [5])
    with pytest.raises(OptionError, match="discount is -2"):
        CDNOW.conditional_expected_purchases(3, [0], [0], [5], discount=-2)
    with pytest.raises(OptionError, match=r"t is 1\.5"):
        as_published(fw.ShiftedBetaGeoModel(), alpha=1.0, beta=2.0).expected_renewals(1.5)
    with pytest.raises(OptionError, match="max_iter is 0"):
        fw.BetaGeoModel(max_iter=0).fit([1], [2], [3])


def test_estimators_keep_the_contract() -> None:
    for kind in (
        fw.BetaGeoModel,
        fw.GammaGammaModel,
        fw.BetaGeoBetaBinomModel,
        fw.ShiftedBetaGeoModel,
    ):
        model = kind(max_iter=7)
        assert clone(model).get_params() == {"max_iter": 7}
        with pytest.raises(NotFittedError):
            model.aic()
    with pytest.raises(NotFittedError):
        fw.BetaGeoModel().probability_alive([1], [2], [3])


def test_what_has_no_best_value_is_said() -> None:
    """Everybody buys at one rate, and nobody leaves."""
    rng = np.random.default_rng(2)
    T = np.full(400, 40.0)
    x = rng.poisson(8, 400).astype(float)
    last = np.where(x > 0, T * rng.random(400) ** (1 / np.maximum(x, 1)), 0)
    with pytest.warns(ConvergenceWarning, match="no best finite value"):
        model = fw.BetaGeoModel().fit(x, last, T)
    ahead = model.conditional_expected_purchases(10, x, last, T)
    assert ahead.mean() == pytest.approx(2.0, rel=0.1)


def test_one_step_is_not_enough_and_is_said(customers: tuple[np.ndarray, ...]) -> None:
    with pytest.warns(ConvergenceWarning, match="max_iter=1"):
        model = fw.BetaGeoModel(max_iter=1).fit(*(c[:500] for c in customers))
    assert not model.converged_
