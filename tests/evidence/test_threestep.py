"""Means by segment, corrected for wrong assignments: known truth, known influence, known limits."""

from __future__ import annotations

import numpy as np
import pytest

import forwhom as fw
from forwhom.documents.base import Measure
from forwhom.errors import DataError, OptionError
from forwhom.evidence.threestep import Classification, likeliest
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.fitted import converge_from_responsibilities
from forwhom.mixture.information import Information
from forwhom.statistics.membership import Membership

SHARES, YES = np.array([0.5, 0.3, 0.2]), 0.8
MEANS = np.array([0.0, 1.0, -1.0])
PATTERNS = np.array([[0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]])


def drawn(n: int, seed: int) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """Six answers of three segments that overlap, a number, and a level."""
    rng = np.random.default_rng(seed)
    z = rng.choice(3, n, p=SHARES)
    chance = np.where(PATTERNS[z] == 1, YES, 1 - YES)
    answers = (rng.random((n, 6)) < chance).astype(np.int32)
    columns = [Column(f"y{j}", answers[:, j], ("no", "yes")) for j in range(6)]
    return columns, rng.normal(MEANS[z], 1.0), (rng.random(n) < np.array([0.2, 0.5, 0.8])[z])


def fitted(columns: list[Column], weights: np.ndarray | None = None, start=None):
    measures: dict[str, Measure] = dict.fromkeys((c.name for c in columns), "binary")
    options = FitOptions(prior=0.0, n_starts=20, seed=1, tol=1e-13)
    if start is None:
        return fit_mixture(build_design(columns, measures, weights), 3, options)
    design = build_design(columns, measures, weights)
    return converge_from_responsibilities(design, start, options)


@pytest.fixture(scope="module")
def known():
    columns, number, level = drawn(4000, 7)
    fit = fitted(columns)
    member = Membership.of(fit.responsibilities(), None, Information(fit))
    pattern = np.stack([(c.values == 1).astype(float) for c in columns], axis=1)
    shown = fit.responsibilities().T @ pattern / fit.responsibilities().sum(axis=0)[:, None]
    order = [int(np.abs(shown - p).sum(axis=1).argmin()) for p in PATTERNS]
    return member, np.array(order), number[:, None], level.astype(float)


@pytest.mark.parametrize("assignment", ["modal", "proportional"])
def test_corrected_means_are_the_truth_and_plain_ones_are_drawn_together(known, assignment) -> None:
    member, order, number, level = known
    given = Classification.of(member, assignment)
    plain = given.plain(number).values[order, 0]
    for found in (given.bch(number), likeliest(given, number), likeliest(given, number, 1.0)):
        values, errors = found.values[order, 0], found.errors[order, 0]
        assert (np.abs(values - MEANS) < 3 * errors).all()
        assert (errors < 0.1).all()
    assert plain[1] - plain[2] < 1.75  # the truth is 2
    both = np.stack([1 - level, level], axis=1)
    shares, same = given.bch(both), likeliest(given, both)
    assert shares.values[order, 1] == pytest.approx([0.2, 0.5, 0.8], abs=0.06)
    assert same.values[order, 1] == pytest.approx(shares.values[order, 1], abs=0.03)
    assert shares.values.sum(axis=1) == pytest.approx(1.0)
    assert same.values.sum(axis=1) == pytest.approx(1.0)


def test_what_is_assigned_without_error_is_not_corrected() -> None:
    rng = np.random.default_rng(3)
    z, values = rng.integers(0, 2, 300), rng.normal(5, 2, (300, 1))
    given = Classification.of(Membership.of(np.eye(2)[z]))
    assert given.rates == pytest.approx(np.eye(2))
    for found in (given.bch(values), given.plain(values), given.own(values)):
        for k in range(2):
            own = values[z == k, 0]
            assert found.values[k, 0] == pytest.approx(own.mean())
            assert found.errors[k, 0] == pytest.approx(own.std(ddof=1) / np.sqrt(len(own)))


@pytest.mark.parametrize("assignment", ["modal", "proportional"])
@pytest.mark.parametrize("method", ["bch", "plain", "own", "ml", "ml levels"])
def test_the_influence_of_a_customer_is_what_more_weight_changes(assignment, method) -> None:
    columns, number, level = drawn(400, 5)
    chances = fitted(columns).responsibilities()
    values = np.where(np.arange(400) % 7 == 0, np.nan, number)[:, None]
    if method == "ml levels":
        values = np.stack([level, ~level], axis=1).astype(float)
    weights = np.random.default_rng(1).integers(1, 4, 400).astype(float)

    def estimated(w: np.ndarray):
        given = Classification.of(Membership.of(chances, w), assignment)
        if method.startswith("ml"):
            return likeliest(given, values)
        return getattr(given, method)(values)

    found = estimated(weights)
    for i in (1, 40, 203):
        more = weights.copy()
        more[i] += 1e-4
        changed = (estimated(more).values - found.values) / 1e-4
        assert changed == pytest.approx(found.influence[i] / _hc1(chances, weights), abs=2e-6)


def _hc1(chances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    n = (weights @ chances) ** 2 / (weights**2 @ chances)
    return np.sqrt(n / (n - 1))[:, None]


@pytest.mark.parametrize("method", ["bch", "own"])
def test_the_influence_knows_the_first_step(method: str) -> None:
    columns, number, _ = drawn(600, 5)
    values = number[:, None] if method == "bch" else (columns[0].values == 1).astype(float)[:, None]
    fit = fitted(columns)
    start, weights = fit.responsibilities(), np.ones(600)
    rule = Classification.of(Membership.of(start), "modal").assigned

    def estimated(w: np.ndarray, learned: bool):
        one = fitted(columns, w, start)
        info = Information(one, w) if learned else None
        given = Classification(Membership.of(one.responsibilities(), w, info), rule)
        return getattr(given, method)(values)

    found, blind = estimated(weights, True), estimated(weights, False)
    for i in (3, 100, 411):
        more = weights.copy()
        more[i] = 2.0  # a second customer like this one
        changed = estimated(more, False).values - found.values
        assert changed == pytest.approx(found.influence[i], abs=0.003)
    assert not np.allclose(found.errors, blind.errors, rtol=1e-3)


def test_weights_order_and_labels_change_nothing(known) -> None:
    member, _, number, _ = known
    plain = Membership.of(member.responsibilities)
    found = Classification.of(plain).bch(number)
    order = np.random.default_rng(0).permutation(len(number))
    turned = Classification.of(Membership.of(plain.responsibilities[order][:, ::-1]))
    again = turned.bch(number[order])
    assert again.values[::-1] == pytest.approx(found.values)
    assert again.errors[::-1] == pytest.approx(found.errors, rel=1e-6)
    half = plain.responsibilities[:500]
    twice = Classification.of(Membership.of(np.vstack([half, half])))
    counted = Classification.of(Membership.of(half, np.full(500, 2.0)))
    values = number[:500]
    both = twice.bch(np.vstack([values, values]))
    assert counted.bch(values).values == pytest.approx(both.values)
    assert counted.bch(values).errors == pytest.approx(both.errors, rel=0.01)


def test_segments_that_cannot_be_told_apart_are_refused() -> None:
    chances = np.random.default_rng(0).normal(0.5, 1e-4, (200, 1))
    given = Classification.of(Membership.of(np.hstack([chances, 1 - chances])), "proportional")
    assert not given.is_sound
    with pytest.raises(DataError, match="overlap so much"):
        given.bch(np.ones((200, 1)))


def test_outcomes_of_an_estimator() -> None:
    columns, number, level = drawn(1500, 9)
    X = np.stack([c.values for c in columns], axis=1).astype(float)
    model = fw.LatentSegments(3, measures="binary", n_starts=10, prior=0.0).fit(X)
    number[:5] = np.nan
    found = fw.segment_outcomes(model, X, number)
    assert np.sort(found.values[:, 0]) == pytest.approx([-1, 0, 1], abs=0.25)
    assert len(found.differences) == 3
    one = found.differences[0]
    assert one.difference == pytest.approx(float(found.values[0, 0] - found.values[1, 0]))
    assert one.low < one.difference < one.high
    assert one.p < 0.001
    plain = fw.segment_outcomes(model, X, number, correction=None)
    assert np.ptp(plain.values) < np.ptp(found.values)
    likely = fw.segment_outcomes(model, X, number, correction="ML", assignment="proportional")
    assert likely.values == pytest.approx(found.values, abs=0.15)
    named = np.where(level, "app", "shop").astype(object)
    named[3] = None
    shares = fw.segment_outcomes(model, X, named)
    assert shares.levels == ("app", "shop")
    assert {d.level for d in shares.differences} == {"app", "shop"}
    assert ((shares.intervals >= 0) & (shares.intervals <= 1)).all()
    assert "app" in str(shares)


def test_outcomes_refuse_what_cannot_be() -> None:
    X = np.random.default_rng(0).normal(size=(60, 2)) + np.repeat([[0.0], [5.0]], 30, axis=0)
    model = fw.LatentSegments(2, n_starts=3).fit(X)
    with pytest.raises(OptionError, match="no correction 'BHC'"):
        fw.segment_outcomes(model, X, X[:, 0], correction="BHC")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="no assignment"):
        fw.segment_outcomes(model, X, X[:, 0], assignment="hard")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="one value for 60"):
        fw.segment_outcomes(model, X, X[:5, 0])
    with pytest.raises(DataError, match="no customer has a value"):
        fw.segment_outcomes(model, X, np.full(60, np.nan))
    with pytest.raises(DataError, match="no customer has a value"):
        fw.segment_outcomes(model, X, np.full(60, None))
    with pytest.raises(DataError, match="not the customers"):
        fw.segment_outcomes(model, X[::-1] * 0.3 + 1, X[:, 0])
