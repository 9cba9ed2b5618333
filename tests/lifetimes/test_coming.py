"""The models behind one face: slopes, what is expected against what is drawn, and by simulation."""

import numpy as np
import pytest

from forwhom import BetaGeoBetaBinomModel, ShiftedBetaGeoModel
from forwhom.lifetimes import (
    BG_BB,
    MODELS,
    SBG,
    Coming,
    Histories,
    Horizon,
    expect,
    fit_lifetimes,
    spread,
)
from forwhom.lifetimes.rows import collapse

AT = {"bg-nbd": [0.6, 6.0, 0.9, 3.0], "bg-bb": [1.2, 0.7, 0.65, 2.8], "sbg": [0.7, 1.2]}
SEEN = {
    "bg-nbd": ([0.0, 2, 1, 7], [0.0, 11.5, 2, 30], [39.0, 30, 38, 31]),
    "bg-bb": ([0.0, 2, 1, 6], [0.0, 4, 1, 6], [6.0, 6, 5, 6]),
    "sbg": ([0.0, 2, 1, 6], [0.0, 2, 1, 6], [1.0, 2, 2, 6]),
}


def seen(model: Coming) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column) for column in SEEN[model.name])


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_scores_are_zero_at_the_best_parameters_and_those_of_the_fit(model: Coming) -> None:
    rows = collapse(seen(model), [40, 10, 20, 5])
    best = model.fit(rows)
    scores = model.scores(best.parameters, *rows.columns)
    assert scores.shape == (4, model.size)
    total = rows.weight @ scores
    assert np.abs(total).max() < 1e-4 * np.abs(rows.weight @ np.abs(scores)).max()
    elsewhere = rows.weight @ model.scores(np.array(AT[model.name]), *rows.columns)
    assert np.abs(elsewhere).max() > 0.5


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_futures_are_drawn_around_what_is_expected(model: Coming) -> None:
    columns, at, rng = seen(model), np.array(AT[model.name]), np.random.default_rng(1)
    expected = model.expected(at, 5.0, 0.0, *columns)
    there = model.alive(at, *columns)
    drawn = np.array([model.drawn(at, 5.0, columns, there, rng) for _ in range(8_000)])
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - expected) <= 4 * error + 1e-12).all()
    less = model.expected(at, 5.0, 0.1, *columns)
    assert (less <= expected).all()
    assert (less >= expected / 1.1**5).all()
    assert ((there >= 0) & (there <= 1)).all()


def test_what_one_face_says_is_what_the_estimators_say() -> None:
    x, last, n = seen(BG_BB)
    count = [90, 40, 60, 30]
    donors = BetaGeoBetaBinomModel().fit(x, last, n, count)
    found = fit_lifetimes(Histories(x, last, n), np.array(count, float), model=BG_BB)
    expected = expect(found, 0, Histories(x, last, n), Horizon(3.0, discount=0.1))
    np.testing.assert_allclose(expected.alive, donors.probability_alive(x, last, n))
    np.testing.assert_allclose(
        expected.purchases, donors.conditional_expected_purchases(3, x, last, n)
    )
    made, _, due = seen(SBG)
    members = ShiftedBetaGeoModel().fit(due, due > made, count)
    told = Histories(made, made, due, np.full(4, 12.0))
    found = fit_lifetimes(told, np.array(count, float), model=SBG)
    expected = expect(found, 0, told, Horizon(3.0, discount=0.1, margin=0.5))
    here = np.where(due > made, 0.0, 1.0)
    np.testing.assert_array_equal(expected.alive, here)
    np.testing.assert_allclose(expected.purchases, here * members.expected_renewals(3, made))
    assert expected.value is not None
    np.testing.assert_allclose(
        expected.value, 6.0 * here * members.expected_renewals(3, made, discount=0.1)
    )


def contracts(n: int, seed: int, seen_for: int = 5, ahead: int = 3) -> tuple[Histories, np.ndarray]:
    """Draw contracts and how often each is renewed in the time ahead."""
    rng = np.random.default_rng(seed)
    stays = rng.geometric(np.clip(rng.beta(0.8, 2.0, n), 1e-9, 1)) - 1
    due = rng.integers(1, seen_for + 1, n)
    made = np.minimum(stays, due)
    later = np.where(stays >= due, np.minimum(stays - due, ahead), 0)
    over = (stays < due).astype(float)
    return Histories(made * 1.0, made * 1.0, made + over, np.full(n, 10.0)), later.astype(float)


def test_contracts_are_renewed_as_often_as_foretold() -> None:
    histories, later = contracts(20_000, seed=3)
    found = fit_lifetimes(histories, np.ones(20_000), model=SBG)
    assert found.priced
    assert found.spending == []
    expected = expect(found, 0, histories, Horizon(3.0))
    error = later.std() / np.sqrt(20_000)
    assert expected.purchases.mean() == pytest.approx(later.mean(), abs=5 * error)
    told, paid = spread(found, 0, histories, Horizon(3.0), seed=1)
    assert told.sum() == pytest.approx(((later - expected.purchases) ** 2).sum(), rel=0.05)
    np.testing.assert_allclose(paid, 100 * told)
    moved = expected.of_value(np.ones(20_000) / 20_000)
    assert moved.error == pytest.approx(10 * expected.of_purchases(np.ones(20_000) / 20_000).error)
