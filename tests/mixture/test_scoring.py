"""Log densities against SciPy, placing customers, and who fits no segment."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from forwhom.documents.items import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
)
from forwhom.documents.models import KMeansModel, MixtureModel, Novelty, RFMModel, Rule, RulesModel
from forwhom.errors import DataError, OptionError
from forwhom.mixture.scoring import (
    log_densities,
    novelty,
    novelty_reference,
    score,
    unusable_values,
)
from forwhom.tables.columns import Column

NAN = np.nan


def numbers(name: str, values: object) -> dict[str, Column]:
    return {name: Column(name, np.asarray(values, dtype=np.float64))}


def levels(name: str, codes: object, names: tuple[str, ...]) -> dict[str, Column]:
    return {name: Column(name, np.asarray(codes, dtype=np.int32), names)}


def mixture(weights: list[float], items: list[Item], threshold: float = -10.0) -> MixtureModel:
    _, centers, spreads = novelty_reference(weights, items)
    return MixtureModel(
        weights=weights,
        items=items,
        novelty=Novelty(threshold=threshold, centers=centers.tolist(), spreads=spreads.tolist()),
    )


PET = CategoricalItem(
    variable="pet", levels=["cat", "dog", "eel"], probabilities=[[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]]
)
VISITS = PoissonItem(variable="visits", rates=[2.0, 9.5])
AGE = GaussianItem(variable="age", means=[30.0, 60.0], sds=[5.0, 8.0])
SPEND = PositiveItem(variable="spend", any=[0.4, 0.9], log_means=[1.0, 3.0], log_sds=[0.5, 0.8])
BLOCK = GaussianBlock(
    variables=["a", "b", "c"],
    tied=False,
    means=[[0.0, 1.0, 2.0], [3.0, 2.0, 1.0]],
    covariances=[
        [[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 1.5]],
        [[1.0, -0.4, 0.0], [-0.4, 3.0, 0.7], [0.0, 0.7, 1.0]],
    ],
)
ALL = mixture([0.6, 0.4], [PET, VISITS, AGE, SPEND, BLOCK])


def simulate(n: int, seed: int = 7) -> tuple[dict[str, Column], np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.where(rng.random(n) < 0.6, 0, 1)
    pet = (rng.random((n, 1)) > np.cumsum(PET.probabilities, axis=1)[truth, :-1]).sum(axis=1)
    spend = np.exp(rng.normal(np.take(SPEND.log_means, truth), np.take(SPEND.log_sds, truth)))
    spend[rng.random(n) > np.take(SPEND.any or [], truth)] = 0.0
    blocks = [
        rng.multivariate_normal(mean, covariance, n)
        for mean, covariance in zip(BLOCK.means, BLOCK.covariances, strict=True)
    ]
    block = np.stack(blocks)[truth, np.arange(n)]
    columns = {
        **levels("pet", pet, ("cat", "dog", "eel")),
        **numbers("visits", rng.poisson(np.take(VISITS.rates, truth))),
        **numbers("age", rng.normal(np.take(AGE.means, truth), np.take(AGE.sds, truth))),
        **numbers("spend", spend),
        **numbers("a", block[:, 0]),
        **numbers("b", block[:, 1]),
        **numbers("c", block[:, 2]),
    }
    return columns, truth + 1


def hide(columns: dict[str, Column], share: float, seed: int = 3) -> dict[str, Column]:
    rng = np.random.default_rng(seed)
    hidden = {}
    for name, column in columns.items():
        gone = rng.random(len(column)) < share
        blank = NAN if column.levels is None else -1
        values = np.where(gone, blank, column.values).astype(column.values.dtype)
        hidden[name] = dataclasses.replace(column, values=values)
    return hidden


class TestLogDensities:
    def test_categorical_matches_levels_by_name(self) -> None:
        columns = levels("pet", [0, 1, 2, -1], ("eel", "cat", "yak"))
        [(names, table)] = log_densities(mixture([0.5, 0.5], [PET]), columns)
        assert names == ("pet",)
        np.testing.assert_allclose(
            table, [[np.log(0.1), np.log(0.7)], [np.log(0.7), np.log(0.1)], [0, 0], [0, 0]]
        )

    def test_poisson_is_scipys(self) -> None:
        x = np.array([0.0, 1, 2, 40, 1000, NAN])
        [(_, table)] = log_densities(mixture([0.5, 0.5], [VISITS]), numbers("visits", x))
        np.testing.assert_allclose(
            table[:5], stats.poisson.logpmf(x[:5, None], VISITS.rates), rtol=1e-12
        )
        assert table[5].tolist() == [0.0, 0.0]

    def test_gaussian_is_scipys(self) -> None:
        x = np.array([-50.0, 0, 30, 1e4, NAN])
        [(_, table)] = log_densities(mixture([0.5, 0.5], [AGE]), numbers("age", x))
        np.testing.assert_allclose(
            table[:4], stats.norm.logpdf(x[:4, None], AGE.means, AGE.sds), rtol=1e-12
        )
        assert table[4].tolist() == [0.0, 0.0]

    def test_positive_is_zero_or_scipys_lognormal(self) -> None:
        x = np.array([0.0, 1e-3, 2.5, 1e6, NAN])
        [(_, table)] = log_densities(mixture([0.5, 0.5], [SPEND]), numbers("spend", x))
        above = stats.lognorm.logpdf(x[1:4, None], SPEND.log_sds, scale=np.exp(SPEND.log_means))
        np.testing.assert_allclose(table[1:4], above + np.log(SPEND.any), rtol=1e-12)
        np.testing.assert_allclose(table[0], np.log1p(-np.array(SPEND.any)))
        assert table[4].tolist() == [0.0, 0.0]

    def test_block_is_scipys_marginal_for_every_pattern_of_missing(self) -> None:
        rng = np.random.default_rng(0)
        patterns = np.array([[bool(code & bit) for bit in (1, 2, 4)] for code in range(8)] * 3)
        x = np.where(patterns, rng.normal(size=patterns.shape) * 2, NAN)
        columns = {k: v for j, n in enumerate("abc") for k, v in numbers(n, x[:, j]).items()}
        [(names, table)] = log_densities(mixture([0.5, 0.5], [BLOCK]), columns)
        assert names == ("a", "b", "c")
        for row, seen, got in zip(x, patterns, table, strict=True):
            for k in range(2):
                mean = np.array(BLOCK.means[k])[seen]
                covariance = np.array(BLOCK.covariances[k])[np.ix_(seen, seen)]
                want = (
                    stats.multivariate_normal.logpdf(row[seen], mean, covariance)
                    if seen.any()
                    else 0.0
                )
                assert got[k] == pytest.approx(want, rel=1e-12)

    def test_a_tied_block_may_write_its_covariance_once(self) -> None:
        once = BLOCK.model_copy(update={"tied": True, "covariances": BLOCK.covariances[:1]})
        each = BLOCK.model_copy(update={"tied": True, "covariances": BLOCK.covariances[:1] * 2})
        columns = hide(simulate(40)[0], 0.3)
        got, want = (
            score(mixture([0.5, 0.5], [once]), columns),
            score(mixture([0.5, 0.5], [each]), columns),
        )
        np.testing.assert_array_equal(got.probabilities, want.probabilities)
        np.testing.assert_array_equal(got.fit, want.fit)

    def test_missing_column_is_a_dropped_column(self) -> None:
        columns, _ = simulate(50)
        del columns["age"], columns["b"]
        blank = {**columns, **numbers("age", [NAN] * 50), **numbers("b", [NAN] * 50)}
        without, with_blank = score(ALL, columns), score(ALL, blank)
        np.testing.assert_allclose(without.probabilities, with_blank.probabilities, rtol=1e-12)
        np.testing.assert_allclose(without.fit, with_blank.fit, rtol=1e-12)
        dropped = mixture([0.6, 0.4], [PET, VISITS, SPEND])
        del columns["a"], columns["c"]
        np.testing.assert_allclose(
            score(ALL, columns).probabilities, score(dropped, columns).probabilities, rtol=1e-12
        )

    def test_values_that_a_measure_cannot_have_count_as_missing(self) -> None:
        columns = {
            **numbers("visits", [1.5, -1, np.inf, 3]),
            **numbers("spend", [-2.0, np.inf, 0, 1]),
            **numbers("age", [-np.inf, 30, NAN, 1]),
        }
        model = mixture([0.5, 0.5], [VISITS, SPEND, AGE])
        tables = dict(log_densities(model, columns))
        assert (tables[("visits",)][:3] == 0).all()
        assert (tables[("spend",)][:2] == 0).all()
        assert (tables[("age",)][0] == 0).all()
        assert unusable_values(model, columns) == {"visits": 3, "spend": 2, "age": 1}

    def test_wrong_kind_of_column_is_said(self) -> None:
        with pytest.raises(DataError, match="'pet' holds numbers"):
            log_densities(ALL, numbers("pet", [1.0]))
        with pytest.raises(DataError, match="'age' holds levels"):
            log_densities(ALL, levels("age", [0], ("x",)))

    def test_no_columns_and_unequal_lengths_are_said(self) -> None:
        with pytest.raises(DataError, match="no column to score"):
            score(ALL, {})
        with pytest.raises(DataError, match="'age' has 1 rows, but 'visits' has 2"):
            score(ALL, {**numbers("age", [1.0]), **numbers("visits", [1.0, 2.0])})

    def test_broken_parameters_are_said(self) -> None:
        with pytest.raises(DataError, match="standard deviation"):
            score(
                ALL.model_copy(update={"items": [AGE.model_copy(update={"sds": [0.0, 1.0]})]}),
                numbers("age", [1.0]),
            )
        flat = BLOCK.model_copy(update={"covariances": [[[1.0] * 3] * 3] * 2})
        with pytest.raises(DataError, match="positive definite"):
            score(ALL.model_copy(update={"items": [flat]}), simulate(2)[0])


class TestScore:
    def test_simulated_customers_are_placed(self) -> None:
        columns, truth = simulate(3000)
        scores = score(ALL, columns)
        assert (scores.segment == truth).mean() > 0.97
        np.testing.assert_allclose(scores.probabilities.sum(axis=1), 1.0)
        # Posterior probabilities are calibrated: their mean is the share that is right.
        assert scores.probabilities.max(axis=1).mean() == pytest.approx(
            (scores.segment == truth).mean(), abs=0.01
        )

    def test_fit_is_standardized_within_the_true_segment(self) -> None:
        one = mixture([1.0], [VISITS.model_copy(update={"rates": [4.0]})])
        x = np.random.default_rng(1).poisson(4.0, 20_000)
        fit = score(one, numbers("visits", x)).fit
        assert fit.mean() == pytest.approx(0.0, abs=0.03)
        assert fit.std() == pytest.approx(1.0, abs=0.03)

    @pytest.mark.parametrize("item", [PET, VISITS, AGE, SPEND, BLOCK])
    def test_reference_is_mean_and_variance_of_the_log_density(self, item: Item) -> None:
        columns, truth = simulate(8000)
        model = mixture([0.6, 0.4], [item])
        table = log_densities(model, columns)[0][1]
        centers, spreads = np.array(model.novelty.centers), np.array(model.novelty.spreads)
        for k in range(2):
            mine = table[truth == k + 1, k]
            if item is SPEND:  # the value counts only for those who have one
                any_ = np.array(SPEND.any)[k]
                want = centers[0, k] + any_ * centers[1, k]
                assert mine.mean() == pytest.approx(want, abs=0.06)
                above = columns["spend"].values[truth == k + 1] > 0
                value = mine[above] - np.log(any_)
                assert value.var() == pytest.approx(spreads[1, k], rel=0.1)
            else:
                assert mine.mean() == pytest.approx(centers[0, k], abs=0.06)
                assert mine.var() == pytest.approx(spreads[0, k], rel=0.1)

    def test_fit_with_missing_values_stays_standardized(self) -> None:
        columns, _ = simulate(4000)
        scores = score(ALL, hide(columns, 0.4))
        assert np.nanmean(scores.fit) == pytest.approx(0.15, abs=0.2)
        assert np.nanstd(scores.fit) == pytest.approx(1.0, abs=0.2)

    def test_strangers_fit_no_segment_however_probable_one_is(self) -> None:
        scores = score(ALL, {**numbers("age", [30.0, 500.0]), **numbers("visits", [2.0, 2.0])})
        assert scores.segment.tolist() == [1, 0]
        assert scores.fit[1] < -100
        assert scores.probabilities[1].max() > 0.99

    def test_impossible_everywhere_is_none_of_these(self) -> None:
        no_zero = SPEND.model_copy(update={"any": None})
        model = mixture([0.5, 0.5], [no_zero, VISITS])
        scores = score(model, {**numbers("spend", [0.0, 5.0]), **numbers("visits", [NAN, 3.0])})
        assert scores.segment.tolist()[0] == 0
        assert scores.probabilities[0].tolist() == [0.0, 0.0]
        assert scores.fit[0] == -1e6
        assert scores.known.all()
        assert scores.segment[1] > 0

    def test_impossible_in_one_segment_only_is_certain(self) -> None:
        item = CategoricalItem(variable="x", levels=["u", "v"], probabilities=[[1, 0], [0.5, 0.5]])
        scores = score(mixture([0.5, 0.5], [item]), levels("x", [1, 0], ("u", "v")))
        np.testing.assert_allclose(scores.probabilities, [[0, 1], [2 / 3, 1 / 3]])
        assert np.isfinite(scores.fit).all()

    def test_extreme_log_densities_do_not_underflow(self) -> None:
        items: list[Item] = [AGE.model_copy(update={"variable": f"x{j}"}) for j in range(60)]
        columns = {k: v for j in range(60) for k, v in numbers(f"x{j}", [4000.0]).items()}
        scores = score(mixture([0.5, 0.5], items), columns)
        assert scores.probabilities.tolist() == [[0.0, 1.0]]

    def test_nothing_known_is_said_apart(self) -> None:
        scores = score(ALL, {**numbers("age", [NAN, 30.0]), **levels("pet", [0, -1], ("yak",))})
        assert scores.known.tolist() == [False, True]
        assert scores.segment[0] == 1
        np.testing.assert_allclose(scores.probabilities[0], [0.6, 0.4])
        assert np.isnan(scores.fit[0])

    def test_labels_and_rows_can_be_permuted(self) -> None:
        columns, _ = simulate(20_000)
        columns = hide(columns, 0.2)
        scores = score(ALL, columns)
        order = np.random.default_rng(2).permutation(20_000)
        moved = score(
            ALL,
            {k: dataclasses.replace(c, values=c.values[order]) for k, c in columns.items()},
        )
        np.testing.assert_array_equal(moved.segment, scores.segment[order])
        np.testing.assert_allclose(moved.probabilities, scores.probabilities[order], rtol=1e-12)
        swapped = score(_swap(ALL), columns)
        np.testing.assert_allclose(
            swapped.probabilities, scores.probabilities[:, ::-1], rtol=1e-9, atol=1e-12
        )
        np.testing.assert_allclose(swapped.fit, scores.fit, rtol=1e-9)

    def test_no_rows(self) -> None:
        scores = score(ALL, numbers("age", []))
        assert scores.probabilities.shape == (0, 2)
        assert len(scores) == 0


def _swap(model: MixtureModel) -> MixtureModel:
    items: list[Item] = [
        item.model_copy(
            update={
                name: value[::-1]
                for name in type(item).model_fields
                if name not in ("kind", "variable", "variables", "levels", "tied")
                and isinstance(value := getattr(item, name), list)
            }
        )
        for item in model.items
    ]
    return mixture(model.weights[::-1], items)


class TestNovelty:
    def test_about_the_asked_share_of_training_falls_outside(self) -> None:
        columns, _ = simulate(6000)
        learned = novelty(ALL.items, ALL.weights, columns, quantile=0.01)
        assert learned.threshold <= -3.0
        loose = score(ALL.model_copy(update={"novelty": learned}), columns)
        assert 0.0 <= (loose.segment == 0).mean() <= 0.01

    def test_weight_is_duplication(self) -> None:
        columns, _ = simulate(300)
        weights = np.random.default_rng(5).integers(0, 4, 300).astype(float)
        repeated = {
            k: dataclasses.replace(c, values=np.repeat(c.values, weights.astype(int)))
            for k, c in columns.items()
        }
        weighted = novelty(ALL.items, ALL.weights, columns, weights, quantile=0.05)
        assert weighted.threshold == pytest.approx(
            novelty(ALL.items, ALL.weights, repeated, quantile=0.05).threshold
        )

    def test_a_small_sample_has_a_lower_threshold_than_its_minimum(self) -> None:
        columns, _ = simulate(30)
        learned = novelty(ALL.items, ALL.weights, columns)
        assert learned.threshold < score(ALL, columns).fit.min()
        fresh, _ = simulate(4000, seed=99)
        scores = score(ALL.model_copy(update={"novelty": learned}), fresh)
        assert (scores.segment == 0).mean() < 0.01

    def test_threshold_is_never_above_the_bound_even_without_values(self) -> None:
        coin = CategoricalItem(variable="coin", levels=["h", "t"], probabilities=[[0.5, 0.5]])
        assert novelty([coin], [1.0], levels("coin", [0, 1], ("h", "t"))).threshold <= -3.0
        assert novelty([coin], [1.0], levels("coin", [-1], ("h", "t"))).threshold == -3.0

    def test_large_rates_meet_the_normal_limit(self) -> None:
        item = PoissonItem(variable="x", rates=[0.999e6, 1.001e6, 0.0])
        _, centers, spreads = novelty_reference([0.3, 0.3, 0.4], [item])
        assert centers[0, 0] == pytest.approx(centers[0, 1], abs=2e-3)
        assert spreads[0].tolist() == pytest.approx([0.5, 0.5, 0.0], abs=1e-3)

    @pytest.mark.parametrize("quantile", [0.0, 0.5, -1.0, NAN])
    def test_impossible_share_is_said(self, quantile: float) -> None:
        with pytest.raises(OptionError, match="between 0 and"):
            novelty(ALL.items, ALL.weights, numbers("age", [1.0]), quantile=quantile)


class TestBaselines:
    def test_kmeans_is_the_nearest_center(self) -> None:
        model = KMeansModel(
            variables=["a", "b"], means=[10.0, 5.0], sds=[2.0, 1.0], centers=[[0, 0], [2, -1]]
        )
        columns = {**numbers("a", [10.0, 14.0, 14.0, NAN]), **numbers("b", [5.0, 4.0, NAN, NAN])}
        scores = score(model, columns)
        assert scores.segment.tolist() == [1, 2, 2, 1]
        assert scores.probabilities.tolist() == [[1, 0], [0, 1], [0, 1], [1, 0]]
        np.testing.assert_allclose(scores.fit, [0.0, 0.0, -np.sqrt(0.5), NAN])
        assert scores.known.tolist() == [True, True, True, False]

    def test_rfm_looks_the_cell_up(self) -> None:
        model = RFMModel(
            recency="r",
            frequency="f",
            monetary="m",
            cuts={"r": [10.0], "f": [1.0, 3.0], "m": [100.0]},
            cells={"2-3-2": 1, "1-1-1": 2, "2-1-1": 2},
        )
        columns = {
            **numbers("r", [10, 11, 3, 3, NAN]),
            **numbers("f", [4, 1, 1, 2, 1]),
            **numbers("m", [100.5, 100, 2, 2, 2]),
        }
        scores = score(model, columns)
        assert scores.segment.tolist() == [1, 2, 2, 0, 0]
        assert scores.probabilities.sum(axis=1).tolist() == [1, 1, 1, 0, 0]
        assert scores.known.tolist() == [True, True, True, True, False]

    def test_rules_go_by_the_first_that_holds(self) -> None:
        model = RulesModel(rules=[Rule(name="A", when="x > 1"), Rule(name="B", when="x > 0")])
        scores = score(model, numbers("x", [0.5, 2.0, -1.0, NAN]))
        assert scores.segment.tolist() == [2, 1, 3, 3]
        assert scores.probabilities[:3].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
        assert np.isnan(scores.fit).all()


def test_novelty_of_another_model_is_said() -> None:
    model = mixture([0.5, 0.5], [AGE])
    other = model.novelty.model_copy(update={"centers": [], "spreads": []})
    with pytest.raises(DataError, match="0 centers and 0 spreads of novelty, but 1"):
        score(model.model_copy(update={"novelty": other}), numbers("age", [30.0, 60.0]))
