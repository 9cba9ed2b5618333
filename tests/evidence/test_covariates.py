"""Membership by covariates: known coefficients come back, in one step and in three."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.exceptions import ConvergenceWarning

import forwhom as fw
from forwhom.errors import DataError, OptionError
from forwhom.mixture.logit import chances_of, fit_logit, information_of, scores_of

PATTERNS = np.array([[0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]])
#: Logits of the second and third segment against the first: intercept, then of one covariate.
TRUTH = np.array([[-0.3, 1.0], [-0.8, -1.0]])


def drawn(n: int, seed: int, right: float = 0.85) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 1, n)
    chances = chances_of(np.stack([np.ones(n), z], axis=1), TRUTH)
    segment = (rng.random(n)[:, None] > chances.cumsum(axis=1)[:, :2]).sum(axis=1)
    yes = rng.random((n, 6)) < np.where(PATTERNS[segment] == 1, right, 1 - right)
    return yes.astype(float), z


@pytest.fixture(scope="module")
def known():
    X, z = drawn(2500, 3)
    segments = fw.LatentSegments(3, measures="binary", n_starts=10, prior=0.0).fit(X)
    chances = segments.predict_proba(X)
    shown = chances.T @ X / chances.sum(axis=0)[:, None]
    order = [int(np.abs(shown - p).sum(axis=1).argmin()) for p in PATTERNS]
    return X, z, segments, order


def slopes(model: fw.MembershipModel, order: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and errors in the order of the truth."""
    found = {(o.segment, o.covariate): o for o in model.odds_ratios(order[0])}
    rows = [[found[order[s], name] for name in ("intercept", "x0")] for s in (1, 2)]
    return (
        np.array([[o.coefficient for o in row] for row in rows]),
        np.array([[o.error for o in row] for row in rows]),
    )


@pytest.mark.parametrize(
    "how",
    [
        {"n_steps": 1},
        {"n_steps": 3, "correction": "ML"},
        {"n_steps": 3, "correction": "BCH"},
        {"n_steps": 3, "correction": "ML", "assignment": "proportional"},
        {"n_steps": 3, "correction": "BCH", "assignment": "proportional"},
    ],
)
def test_the_coefficients_are_the_truth(known, how) -> None:
    X, z, segments, order = known
    values, errors = slopes(fw.MembershipModel(segments, **how).fit(X, z), order)
    assert (np.abs(values - TRUTH) < 3.2 * errors).all()
    assert (errors < 0.35).all()


def test_without_correction_effects_are_too_small(known) -> None:
    X, z, segments, order = known
    plain = fw.MembershipModel(segments, n_steps=3, correction=None).fit(X, z)
    corrected = fw.MembershipModel(segments, n_steps=3, correction="BCH").fit(X, z)
    assert (np.abs(slopes(plain, order)[0]) < np.abs(slopes(corrected, order)[0]))[:, 1].all()


def test_one_step_knows_more_than_segments_alone(known) -> None:
    X, z, segments, _ = known
    model = fw.MembershipModel(segments).fit(X, z)
    assert model.log_likelihood_ > segments.log_likelihood_ + 100
    assert model.n_parameters_ == segments.n_parameters_ + 2
    assert model.memberships_.sum(axis=1) == pytest.approx(1.0)
    assert model.coef_[0] == 0
    again = fw.MembershipModel(segments).fit(X, 10 + 4 * z)
    assert again.log_likelihood_ == pytest.approx(model.log_likelihood_, abs=1e-5)
    assert again.coef_ * 4 == pytest.approx(model.coef_, abs=1e-3)
    assert again.predict_proba((10 + 4 * z)[:, None]) == pytest.approx(
        model.predict_proba(z[:, None]), abs=1e-3
    )


@pytest.mark.parametrize("how", [{"n_steps": 1}, {"n_steps": 3}])
def test_twice_the_customers_halve_the_variance(known, how) -> None:
    X, z, segments, order = known
    weights = np.full(len(X), 2.0)
    once = fw.MembershipModel(segments, **how).fit(X, z)
    counted = fw.LatentSegments(3, measures="binary", n_starts=10, prior=0.0).fit(X, None, weights)
    twice = fw.MembershipModel(counted, **how).fit(X, z, weights)
    assert slopes(twice, order)[0] == pytest.approx(slopes(once, order)[0], abs=1e-3)
    assert slopes(twice, order)[1] * np.sqrt(2) == pytest.approx(slopes(once, order)[1], rel=0.02)


def test_texts_are_levels_and_who_lacks_one_takes_no_part(known) -> None:
    X, z, segments, _ = known
    plan = np.where(z > 0.5, "pro", np.where(z > -0.5, "plus", "basic")).astype(object)
    plan[:20] = None
    Z = pl.DataFrame({"plan": plan.tolist(), "score": z, "old": (z > 1).tolist()})
    model = fw.MembershipModel(segments, n_steps=3).fit(X, Z)
    common = max(set(plan[20:]), key=list(plan).count)
    named = [f"plan: {level}" for level in ("basic", "plus", "pro") if level != common]
    assert sorted(model.covariates_) == sorted([*named, "score", "old"])
    assert np.isnan(model.memberships_[:20]).all()
    assert not np.isnan(model.memberships_[20:]).any()
    chances = model.predict_proba(Z.select("old", "score", "plan")[10:40])
    assert np.isnan(chances[:10]).all()
    assert chances[10:].sum(axis=1) == pytest.approx(1.0)
    other = pl.DataFrame({"plan": ["gold"], "score": [0.0], "old": [False]})
    assert np.isnan(model.predict_proba(other)).all()
    with pytest.raises(DataError, match="no covariate 'score'"):
        model.predict_proba(Z.select("plan", "old"))


def test_unfitted_segments_are_fitted(known) -> None:
    X, z, _, _ = known
    segments = fw.LatentSegments(2, measures="binary", n_starts=3)
    model = fw.MembershipModel(segments, n_steps=3).fit(X, z)
    assert not hasattr(segments, "model_")
    assert model.segments_.n_segments == 2
    assert len(model.odds_ratios()) == 2
    with pytest.raises(OptionError, match="no segment 5"):
        model.odds_ratios(5)


def test_what_cannot_be_explained_is_refused(known) -> None:
    X, z, segments, _ = known
    refusals = [
        ({"n_steps": 2}, z, "no n_steps 2"),
        ({"correction": "BHC"}, z, "no correction"),
        ({"assignment": "soft"}, z, "no assignment"),
        ({}, z[:9], "covariates of 9 customers"),
        ({}, np.full(len(z), np.nan), "nobody has all"),
        ({}, np.ones(len(z)), "the same for everybody"),
        ({}, pl.DataFrame({"a": ["x"] * len(z)}), "no covariate that varies"),
    ]
    for how, covariates, told in refusals:
        with pytest.raises((OptionError, DataError), match=told):
            fw.MembershipModel(segments, **how).fit(X, covariates)
    with pytest.raises(OptionError, match="nothing to explain"):
        fw.MembershipModel(fw.LatentSegments(1)).fit(X, z)
    with pytest.raises(OptionError, match="no estimator"):
        fw.MembershipModel("segments").fit(X, z)  # type: ignore[arg-type]


def test_a_covariate_that_separates_without_error_is_told() -> None:
    X = np.repeat([[0.0, 0.0], [9.0, 9.0]], 40, axis=0) + np.random.default_rng(0).normal(
        size=(80, 2)
    )
    z = np.repeat([0.0, 1.0], 40)
    with pytest.warns(ConvergenceWarning, match="no limit"):
        model = fw.MembershipModel(fw.LatentSegments(2, n_starts=3), n_steps=3).fit(X, z)
    assert all(np.isnan(one.error) for one in model.odds_ratios())


def test_the_logit_is_where_its_scores_vanish() -> None:
    rng = np.random.default_rng(0)
    design = np.stack([np.ones(500), rng.normal(size=500)], axis=1)
    targets = rng.dirichlet([1, 1, 1], 500) * 1.4 - 0.4 / 3  # some are negative
    weights = rng.integers(1, 4, 500).astype(float)
    found = fit_logit(design, targets, weights)
    chances = chances_of(design, found)
    assert weights @ scores_of(design, targets, chances) == pytest.approx(0, abs=1e-5)
    step = 1e-5
    for i in range(4):
        moved = found.ravel().copy()
        moved[i] += step
        change = weights @ scores_of(design, targets, chances_of(design, moved.reshape(2, 2)))
        assert -change / step == pytest.approx(
            information_of(design, chances, weights)[i], rel=1e-3
        )
