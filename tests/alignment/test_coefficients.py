"""Agreement against published figures, another library, and its own definition."""

from __future__ import annotations

import warnings

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.alignment.coefficients import (
    ac2_replicates,
    alpha_replicates,
    complete,
    gwet_ac2,
    kendall_w,
    krippendorff_alpha,
    unit_weights,
    w_replicates,
)

NO = np.nan
# Twelve units and four raters with missing ratings: cac.raw4raters of the R package irrCAC 1.0
# (Gwet KL, 2019), after Krippendorff K, Computing Krippendorff's alpha-reliability, 2011.
FOUR_RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
        [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
    ]
)
# Twenty subjects and three raters: the data set anxiety of the R package irr 0.84.
ANXIETY = np.array(
    [
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    ],
    dtype=float,
)
METRICS = ("nominal", "ordinal", "interval")

tables = st.integers(2, 5).flatmap(
    lambda raters: st.lists(
        st.lists(st.sampled_from([NO, -5.0, -2.0, 0.0, 1.0, 1.5, 4.0]), min_size=6, max_size=6),
        min_size=raters,
        max_size=raters,
    ).map(np.array)
)


def test_alpha_as_published() -> None:
    assert krippendorff_alpha(FOUR_RATERS, "nominal") == pytest.approx(0.74342, abs=5e-6)
    # Krippendorff (2011) gives these two figures for the same table.
    assert krippendorff_alpha(FOUR_RATERS, "ordinal") == pytest.approx(0.815, abs=5e-4)
    assert krippendorff_alpha(FOUR_RATERS, "interval") == pytest.approx(0.849, abs=5e-4)


@pytest.mark.parametrize(
    ("weights", "published"),
    [("identity", 0.77544), ("linear", 0.859), ("quadratic", 0.914), ("ordinal", 0.899)],
)
def test_ac1_and_ac2_as_irrcac_gives_them(weights, published) -> None:
    digits = 5 if weights == "identity" else 3
    assert round(gwet_ac2(FOUR_RATERS, weights), digits) == published


def test_w_corrected_for_ties_as_irr_gives_it() -> None:
    assert round(kendall_w(ANXIETY), 2) == 0.54
    assert 3 * 19 * kendall_w(ANXIETY) == pytest.approx(30.8, abs=0.05)  # its chi-square


@settings(max_examples=60)
@given(tables, st.sampled_from(METRICS))
def test_alpha_is_that_of_another_library(table, metric) -> None:
    ours = krippendorff_alpha(table, metric)
    pairs = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    values = pairs[~np.isnan(pairs)]
    if len(np.unique(values)) < 2:
        assert np.isnan(ours)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = krippendorff.alpha(table, level_of_measurement=metric)
    assert ours == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=30)
@given(tables, st.permutations(range(6)))
def test_no_coefficient_depends_on_order(table, order) -> None:
    other = table[::-1][:, order]
    for metric in METRICS:
        same = krippendorff_alpha(other, metric)
        assert krippendorff_alpha(table, metric) == pytest.approx(same, abs=1e-9, nan_ok=True)
    assert gwet_ac2(table) == pytest.approx(gwet_ac2(other), abs=1e-9, nan_ok=True)
    whole = np.nan_to_num(table, nan=2.0)
    w = kendall_w(whole)
    assert w == pytest.approx(kendall_w(whole[::-1][:, order]), abs=1e-9, nan_ok=True)
    assert np.isnan(w) or -1e-9 <= w <= 1 + 1e-9


def test_weights_of_units_are_copies_of_units() -> None:
    drawn = np.random.default_rng(3).integers(0, 12, 12)
    weights = np.bincount(drawn, minlength=12)[None, :].astype(float)
    for metric in METRICS:
        copied = krippendorff_alpha(FOUR_RATERS[:, drawn], metric)
        assert alpha_replicates(FOUR_RATERS, metric, weights)[0] == pytest.approx(copied)
    scale = [1, 2, 3, 4, 5]
    copied = gwet_ac2(FOUR_RATERS[:, drawn], "quadratic", scale)
    assert ac2_replicates(FOUR_RATERS, "quadratic", scale, weights)[0] == pytest.approx(copied)
    drawn = np.random.default_rng(4).integers(0, 20, 20)
    weights = np.bincount(drawn, minlength=20)[None, :].astype(float)
    assert w_replicates(ANXIETY, weights)[0] == pytest.approx(kendall_w(ANXIETY[:, drawn]))


def test_w_of_many_raters_without_ties_is_that_of_their_rank_correlations() -> None:
    # So many that ranks are summed in several blocks.
    strict = np.array([np.random.default_rng(i).permutation(8) for i in range(250)], dtype=float)
    mean = (np.corrcoef(strict).sum() - 250) / (250 * 249)
    assert kendall_w(strict) == pytest.approx((1 + 249 * mean) / 250)


def test_full_agreement_is_1() -> None:
    table = np.tile([-5.0, 0.0, 3.0, 4.0], (3, 1))
    assert [krippendorff_alpha(table, m) for m in METRICS] == pytest.approx([1, 1, 1])
    assert gwet_ac2(table) == pytest.approx(1)
    assert kendall_w(table) == pytest.approx(1)
    assert kendall_w(table[:2, :2]) == pytest.approx(1)  # two raters of two units are enough
    assert np.isnan(kendall_w(table[:, :1]))


@pytest.mark.parametrize(
    "table",
    [
        np.full((3, 4), 2.0),
        np.array([[1.0, NO], [NO, 2.0]]),
        np.full((2, 3), NO),
        np.array([[1.0, 2.0, 3.0]]),
    ],
    ids=["all equal", "no pair", "nothing", "one rater"],
)
def test_what_is_not_defined_is_nan(table) -> None:
    assert np.isnan(krippendorff_alpha(table))
    assert np.isnan(kendall_w(table))
    assert np.isnan(gwet_ac2(table))


def test_w_leaves_out_who_and_what_is_missing_most() -> None:
    members = np.full((2, 6), NO)
    members[:, :2] = 1.0
    team = np.arange(18.0).reshape(3, 6) % 5
    team[0, 5] = NO
    raters, units = complete(np.vstack([team, members]))
    assert raters.tolist() == [True, True, True, False, False]
    assert units.tolist() == [True, True, True, True, True, False]


def test_drawn_units_follow_from_the_seed(monkeypatch) -> None:
    (first,), (again,), (other,) = (unit_weights(5, 40, seed, 0) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.all(first.sum(axis=1) == 5)
    monkeypatch.setattr("forwhom.alignment.coefficients._HELD", 50)
    blocks = list(unit_weights(5, 40, 1, 0))
    assert [block.shape for block in blocks] == [(10, 5)] * 4
    assert np.array_equal(np.concatenate(blocks), first)
