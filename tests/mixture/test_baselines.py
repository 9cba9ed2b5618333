"""k-means, the RFM grid and rules: recover what is there, in any row order, or say why not."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forwhom.documents.models import Rule
from forwhom.errors import ColumnMissing, DataError, OptionError
from forwhom.mixture import baselines
from forwhom.mixture.baselines import fit_kmeans, fit_rfm, fit_rules, rfm_segment_names
from forwhom.mixture.scoring import score
from forwhom.tables.columns import Column

NAN = np.nan


def numbers(**values: object) -> dict[str, Column]:
    return {name: Column(name, np.asarray(x, dtype=np.float64)) for name, x in values.items()}


def reordered(columns: dict[str, Column], order: np.ndarray) -> dict[str, Column]:
    return {k: dataclasses.replace(c, values=c.values[order]) for k, c in columns.items()}


def three_groups(n: int = 400, seed: int = 0) -> tuple[dict[str, Column], np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, n, p=[0.2, 0.5, 0.3])
    x = np.array([0.0, 8.0, 0.0])[truth] + rng.normal(size=n)
    y = np.array([0.0, 0.0, 800.0])[truth] + 100 * rng.normal(size=n)
    return numbers(x=x, y=y), truth


class TestKMeans:
    def test_recovers_groups_in_the_order_of_size(self) -> None:
        columns, truth = three_groups()
        model, r = fit_kmeans(columns, ["x", "y"], 3, seed=1)
        assert r.sum(axis=0).tolist() == sorted(r.sum(axis=0).tolist(), reverse=True)
        # Truth 1 is the largest, then 2, then 0.
        assert (r.argmax(axis=1) == np.array([2, 0, 1])[truth]).mean() > 0.99
        np.testing.assert_array_equal(r, score(model, columns).probabilities)

    def test_is_the_same_in_any_row_order(self) -> None:
        columns, _ = three_groups()
        columns["x"].values[::7] = NAN
        order = np.random.default_rng(3).permutation(400)
        model, r = fit_kmeans(columns, ["x", "y"], 4, seed=5)
        moved, moved_r = fit_kmeans(reordered(columns, order), ["x", "y"], 4, seed=5)
        assert moved == model
        np.testing.assert_array_equal(moved_r, r[order])

    def test_starts_on_some_of_the_customers_reach_the_same_groups(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        columns, truth = three_groups()
        monkeypatch.setattr(baselines, "ROWS_PER_START", 60)
        _, r = fit_kmeans(columns, ["x", "y"], 3)
        assert (r.argmax(axis=1) == np.array([2, 0, 1])[truth]).mean() > 0.99

    def test_rare_customers_outside_the_starts_are_found(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(baselines, "ROWS_PER_START", 10)
        model, _ = fit_kmeans(numbers(x=[0.0] * 50 + [1.0] + [0.0] * 49), ["x"], 2)
        assert len(model.centers) == 2

    def test_weight_is_duplication(self) -> None:
        columns, _ = three_groups(120)
        weights = np.random.default_rng(0).integers(0, 3, 120)
        repeated = {
            k: dataclasses.replace(c, values=np.repeat(c.values, weights))
            for k, c in columns.items()
        }
        weighted, _ = fit_kmeans(columns, ["x", "y"], 3, weights=weights.astype(float))
        plain, _ = fit_kmeans(repeated, ["x", "y"], 3)
        np.testing.assert_allclose(weighted.centers, plain.centers, atol=1e-12)
        np.testing.assert_allclose(weighted.means, plain.means)

    def test_one_segment_is_everybody(self) -> None:
        model, r = fit_kmeans(numbers(x=[1.0, 2.0, 4.0]), ["x"], 1)
        np.testing.assert_allclose(model.centers, [[0.0]], atol=1e-15)
        assert r.tolist() == [[1.0]] * 3

    def test_problems_are_said(self) -> None:
        columns = numbers(x=[1.0, 2, 1], same=[3.0, NAN, 3], none=[NAN] * 3)
        columns["pet"] = Column("pet", np.zeros(3, dtype=np.int32), ("cat",))
        with pytest.raises(OptionError, match="cannot be 0"):
            fit_kmeans(columns, ["x"], 0)
        with pytest.raises(DataError, match="2 different customers, fewer than 3"):
            fit_kmeans(columns, ["x"], 3)
        with pytest.raises(DataError, match="'same' is 3 for every customer"):
            fit_kmeans(columns, ["x", "same"], 2)
        with pytest.raises(DataError, match="'none' has no values"):
            fit_kmeans(columns, ["none"], 2)
        with pytest.raises(DataError, match="'pet' holds levels"):
            fit_kmeans(columns, ["pet"], 2)
        with pytest.raises(ColumnMissing, match="Did you mean 'same'"):
            fit_kmeans(columns, ["samee"], 2)


def shoppers(n: int = 600) -> dict[str, Column]:
    rng = np.random.default_rng(4)
    love = rng.random(n)
    return numbers(
        days=rng.exponential(60 * (1.1 - love)).round(),
        orders=1 + rng.poisson(6 * love**2),
        spend=np.exp(rng.normal(2 + 3 * love, 0.5)),
    )


class TestRFM:
    def test_champions_came_lately_and_bought_much(self) -> None:
        columns = shoppers()
        model, r = fit_rfm(columns, "days", "orders", "spend")
        names = rfm_segment_names(model)
        assert sorted(names) == sorted(set(baselines.RFM_SEGMENTS.values()))
        assert r.sum(axis=0).tolist() == sorted(r.sum(axis=0).tolist(), reverse=True)
        means = {
            name: [columns[v].values[r[:, s] == 1].mean() for v in ("days", "orders", "spend")]
            for s, name in enumerate(names)
        }
        assert means["Champions"][0] < means["At risk"][0]
        assert means["Champions"][1] > means["New customers"][1]
        assert means["At risk"][2] > means["Hibernating"][2]
        assert means["New customers"][0] < means["Hibernating"][0]

    def test_five_scores_hold_a_fifth_each(self) -> None:
        x = np.arange(100.0)
        model, _ = fit_rfm(numbers(r=x, f=x, m=x), "r", "f", "m", bins=5)
        assert model.cuts == {key: [19.0, 39.0, 59.0, 79.0] for key in "rfm"}

    def test_equal_values_get_equal_scores_and_fewer_bins(self) -> None:
        x = np.arange(10.0)
        orders = np.array([1.0] * 7 + [2.0, 2.0, 5.0])
        model, _ = fit_rfm(numbers(r=x, f=orders, m=x), "r", "f", "m", bins=5)
        assert model.cuts["f"] == [1.0, 2.0]
        nearly_all_high = np.array([1.0] + [2.0] * 9)
        model, _ = fit_rfm(numbers(r=x, f=nearly_all_high, m=x), "r", "f", "m", bins=3)
        assert model.cuts["f"] == [1.0]

    def test_missing_values_have_no_segment(self) -> None:
        columns = shoppers()
        columns["spend"].values[:5] = NAN
        model, r = fit_rfm(columns, "days", "orders", "spend", bins=3)
        assert (r[:5] == 0).all()
        assert (score(model, columns).segment[:5] == 0).all()
        assert (r[5:].sum(axis=1) == 1).all()

    def test_weight_is_duplication_in_any_order(self) -> None:
        columns = shoppers(200)
        weights = np.random.default_rng(0).integers(0, 4, 200)
        rows = np.random.default_rng(1).permutation(np.repeat(np.arange(200), weights))
        weighted, _ = fit_rfm(
            columns, "days", "orders", "spend", bins=4, weights=weights.astype(float)
        )
        repeated, _ = fit_rfm(reordered(columns, rows), "days", "orders", "spend", bins=4)
        assert repeated == weighted

    @given(
        arrays(np.float64, (3, 12), elements=st.integers(0, 4).map(float)),
        st.integers(2, 9),
    )
    @settings(max_examples=30)
    def test_everybody_with_three_values_has_a_cell(self, x: np.ndarray, bins: int) -> None:
        columns = numbers(r=x[0], f=x[1], m=x[2])
        if any(len(np.unique(row)) < 2 for row in x):
            with pytest.raises(DataError, match="for every customer"):
                fit_rfm(columns, "r", "f", "m", bins=bins)
            return
        model, r = fit_rfm(columns, "r", "f", "m", bins=bins)
        assert (r.sum(axis=1) == 1).all()
        assert (r.sum(axis=0) > 0).all()
        assert len(rfm_segment_names(model)) == r.shape[1]
        for name, cuts in model.cuts.items():
            assert 1 <= len(cuts) < bins
            assert cuts == sorted(set(cuts))
            assert cuts[-1] < columns[name].values.max()

    @pytest.mark.parametrize("bins", [1, 10])
    def test_problems_are_said(self, bins: int) -> None:
        with pytest.raises(OptionError, match=f"{bins} scores"):
            fit_rfm(shoppers(10), "days", "orders", "spend", bins=bins)


class TestRules:
    def test_the_first_rule_that_holds_decides(self) -> None:
        rules = [Rule(name="Big", when="x > 10"), Rule(name="Some", when="x > 0")]
        model, r = fit_rules(numbers(x=[20.0, 5.0, -1.0]), rules, "Nobody")
        assert r.argmax(axis=1).tolist() == [0, 1, 2]
        assert model.otherwise == "Nobody"

    def test_problems_are_said(self) -> None:
        columns = numbers(x=[1.0])
        with pytest.raises(OptionError, match="no rules"):
            fit_rules(columns, [])
        with pytest.raises(OptionError, match="called 'A'"):
            fit_rules(columns, [Rule(name="A", when="x > 1")], "A")
        with pytest.raises(OptionError, match="'x >'"):
            fit_rules(columns, [Rule(name="A", when="x >")])
