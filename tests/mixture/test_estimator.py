"""The estimator: data frames and arrays of mixed types, options, messages, comparison of models."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics import adjusted_rand_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from forwhom.errors import DataError, OptionError
from forwhom.mixture.estimator import LatentSegments, SelectedSegments, select_segments

N = 300
TRUTH = (np.random.default_rng(1).random(N) < 0.4).astype(int)
MEASURES = {
    "member": "binary",
    "channel": "nominal",
    "plan": "ordinal",
    "visits": "count",
    "age": "continuous",
    "spend": "positive",
}

BY_POSITION = {0: "binary", 1: "nominal", 2: "continuous"}


def customers() -> dict[str, list[Any]]:
    """Two segments in variables of six measures, some values missing."""
    rng = np.random.default_rng(2)
    columns: dict[str, np.ndarray] = {
        "member": rng.random(N) < np.array([0.2, 0.9])[TRUTH],
        "channel": np.array(["shop", "web", "app"])[rng.integers(0, 2, N) + TRUTH],
        "plan": np.array(["basic", "plus", "pro"])[rng.integers(0, 2, N) + TRUTH],
        "visits": rng.poisson(2 + 8 * TRUTH),
        "age": rng.normal(30 + 20 * TRUTH, 5),
        "spend": rng.lognormal(3 + TRUTH, 0.5) * (rng.random(N) < 0.8),
    }
    return {
        name: [None if rng.random() < 0.1 else value for value in values.tolist()]
        for name, values in columns.items()
    }


def pandas_frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype({"member": "boolean", "visits": "Int64"})


FRAMES: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pandas_frame,
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
}


def numbers() -> np.ndarray:
    """Yes or no, a category, a number."""
    rng = np.random.default_rng(3)
    likes = rng.random(N) < np.array([0.2, 0.8])[TRUTH]
    return np.column_stack([likes, rng.integers(0, 3, N) + TRUTH, rng.normal(5 * TRUTH, 1.0)])


def quick(**options: Any) -> LatentSegments:
    return LatentSegments(**({"n_starts": 5} | options))


@pytest.fixture(scope="module")
def model() -> LatentSegments:
    return quick(measures=MEASURES, random_state=3).fit(pl.DataFrame(customers()))


@pytest.fixture(scope="module")
def selected() -> SelectedSegments:
    return select_segments(numbers(), [3, 1, 2], measures=BY_POSITION, n_starts=5)


class TestDataFrames:
    @pytest.mark.parametrize("kind", FRAMES)
    def test_mixed_types_are_taken_as_they_are(self, kind: str) -> None:
        X = FRAMES[kind](customers())
        model = quick(measures=MEASURES).fit(X)
        assert model.measures_ == MEASURES
        assert list(model.feature_names_in_) == list(MEASURES)
        assert adjusted_rand_score(TRUTH, model.labels_) > 0.9
        assert [i.kind for i in model.model_.items] == [
            *["categorical"] * 3, "poisson", "gaussian", "positive"
        ]  # fmt: skip
        assert set(model.levels_["channel"]) == {"shop", "web", "app"}

    def test_every_library_gives_the_same_model(self) -> None:
        models = [quick(measures=MEASURES).fit(make(customers())) for make in FRAMES.values()]
        for other in models[1:]:
            assert other.log_likelihood_ == pytest.approx(models[0].log_likelihood_, abs=1e-9)
            assert other.levels_ == models[0].levels_
            assert np.array_equal(other.labels_, models[0].labels_)

    def test_measures_are_inferred(self) -> None:
        model = quick().fit(pl.DataFrame(customers()))
        found = model.measures_
        assert found["member"] == "binary"
        assert found["channel"] == "nominal"
        assert found["visits"] == "count"
        assert found["age"] in ("continuous", "positive")
        assert found["spend"] == "positive"

    def test_some_measures_are_given_and_the_others_inferred(self) -> None:
        model = quick(measures={"plan": "ordinal"}).fit(pl.DataFrame(customers()))
        assert model.measures_["plan"] == "ordinal"
        assert model.measures_["visits"] == "count"

    def test_an_ordered_categorical_keeps_its_order(self) -> None:
        sizes = ["small", "medium", "large"]
        values = np.array(sizes)[np.random.default_rng(4).integers(0, 3, N)]
        frames = [
            pd.DataFrame({"size": pd.Categorical(values, categories=sizes, ordered=True)}),
            pl.DataFrame({"size": pl.Series(values.tolist(), dtype=pl.Enum(sizes))}),
        ]
        for frame in frames:
            model = quick().fit(frame)
            assert model.measures_ == {"size": "ordinal"}
            assert model.levels_ == {"size": ("small", "medium", "large")}

    def test_a_fitted_model_takes_another_library(self) -> None:
        columns = customers()
        model = quick(measures=MEASURES).fit(FRAMES["polars"](columns))
        expected = model.predict_proba(FRAMES["polars"](columns))
        for kind in ("pandas", "pyarrow"):
            assert model.predict_proba(FRAMES[kind](columns)) == pytest.approx(expected)

    @pytest.mark.parametrize("kind", FRAMES)
    def test_a_level_that_was_never_seen_warns_and_counts_as_missing(self, kind: str) -> None:
        columns = customers()
        model = quick(measures=MEASURES).fit(FRAMES[kind](columns))
        new = {name: values[:4] for name, values in columns.items()}
        new["channel"] = ["fax", None, "fax", "web"]
        with pytest.warns(UserWarning, match=r"'channel': 2 rows .*'fax'.* as missing"):
            strange = model.predict_proba(FRAMES[kind](new))
        new["channel"] = [None, None, None, "web"]
        assert strange == pytest.approx(model.predict_proba(FRAMES[kind](new)))

    def test_other_columns_are_refused(self) -> None:
        frame = pandas_frame(customers())
        model = quick(measures=MEASURES).fit(frame)
        with pytest.raises(ValueError, match="Feature names seen at fit time"):
            model.predict(frame.drop(columns="age"))
        with pytest.raises(ValueError, match="same order"):
            model.predict(frame[list(reversed(frame.columns))])

    @pytest.mark.parametrize(
        ("column", "measure", "message"),
        [
            (["x", "y"], "count", "'a' should be a number.*text, written like 'a'"),
            ([1.5, 2.0], "count", "'a'.*fraction"),
            ([-1.0, 2.0], "positive", "'a'.*negative"),
            ([math.inf, 2.0], "continuous", "'a'.*infinity"),
            ([-math.inf, 2.0], "positive", "'a'.*(infinity|negative)"),
            ([[1], [2]], None, "'a' holds"),
        ],
    )
    def test_values_that_do_not_fit(
        self, column: list[Any], measure: str | None, message: str
    ) -> None:
        measures = {"a": measure} if measure else None
        with pytest.raises(DataError, match=message):
            quick(measures=measures).fit(pl.DataFrame({"a": column * 20}, strict=False))


class TestArrays:
    def test_measures_by_position(self) -> None:
        model = quick(measures=BY_POSITION).fit(numbers())
        assert model.measures_ == {"x0": "binary", "x1": "nominal", "x2": "continuous"}
        assert model.levels_ == {"x0": ("0", "1"), "x1": ("0", "1", "2", "3")}
        assert adjusted_rand_score(TRUTH, model.labels_) > 0.8

    def test_measures_by_name_and_one_word_for_all(self) -> None:
        X = numbers()[:, :2]
        named = quick(measures={"x0": "nominal", "x1": "nominal"}).fit(X)
        for_all = quick(measures="nominal").fit(X)
        assert named.measures_ == for_all.measures_ == {"x0": "nominal", "x1": "nominal"}
        assert named.log_likelihood_ == for_all.log_likelihood_

    def test_measures_are_inferred(self) -> None:
        found = quick().fit(numbers()).measures_
        assert found["x0"] == "binary"
        assert found["x2"] == "continuous"

    @pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.float32, object])
    def test_types_of_numbers_do_not_matter(self, dtype: type) -> None:
        X = numbers()[:, :2]
        expected = quick(measures="nominal").fit(X)
        model = quick(measures="nominal").fit(X.astype(dtype))
        assert model.levels_ == expected.levels_
        assert model.log_likelihood_ == expected.log_likelihood_

    def test_text_in_an_array(self) -> None:
        X = np.array(["shop", "web", "app"], dtype=object)[numbers()[:, 1].astype(int) % 3]
        X = np.column_stack([X, numbers()[:, 2]]).astype(object)
        X[5, 0] = X[6, 1] = None
        model = quick().fit(X)
        assert model.measures_ == {"x0": "nominal", "x1": "continuous"}
        assert model.levels_["x0"] == ("app", "shop", "web")
        with pytest.warns(UserWarning, match="'x0': 1 row holds a level that is not known"):
            model.predict(np.array([["fax", 1.0]], dtype=object))

    def test_missing_values(self) -> None:
        X = numbers()
        X[::7, 0] = X[::5, 1] = X[::3, 2] = np.nan
        model = quick(measures=BY_POSITION).fit(X)
        nothing = model.predict_proba(np.full((2, 3), np.nan))
        assert nothing == pytest.approx(np.tile(model.weights_, (2, 1)))
        alone = model.predict_proba([[np.nan, np.nan, 5.0]])
        assert alone.sum() == pytest.approx(1.0)
        assert alone.max() > 0.9

    def test_numbers_that_were_never_seen_warn(self) -> None:
        model = quick(measures=BY_POSITION).fit(numbers())
        with pytest.warns(UserWarning, match=r"'x1': 2 rows hold a level .*'17'"):
            model.predict([[0, 17, 0.0], [1, 17, 5.0]])

    @pytest.mark.parametrize("infinity", [math.inf, -math.inf])
    @pytest.mark.parametrize("dtype", [float, object])
    def test_infinity_is_refused(self, infinity: float, dtype: type) -> None:
        X = numbers().astype(dtype)
        model = quick().fit(X)
        X[3, 2] = infinity
        with pytest.raises(ValueError, match="infinity"):
            quick().fit(X)
        with pytest.raises(ValueError, match="infinity"):
            model.predict(X)

    @pytest.mark.parametrize("measures", [None, "nominal", "continuous", "count", "positive"])
    def test_a_column_without_a_value_is_refused(self, measures: str | None) -> None:
        X = np.column_stack([np.arange(40) % 2 + 1, np.full(40, np.nan)])
        with pytest.raises(DataError, match="'x1' has no value at all"):
            quick(measures=measures).fit(X)

    def test_values_that_do_not_fit(self) -> None:
        with pytest.raises(
            DataError, match="'x0' is count, but row 2 holds text, written like 'aaaa'"
        ):
            quick(measures="count").fit(np.array([["1"], ["many"], ["3"]], dtype=object))
        with pytest.raises(DataError, match=r"'x2' is positive, but .* negative"):
            quick(measures={2: "positive"}).fit(numbers())

    def test_a_message_quotes_little(self) -> None:
        X = np.array([["1"], ["secret " * 30]], dtype=object)
        with pytest.raises(DataError) as caught:
            quick(measures="count").fit(X)
        assert len(str(caught.value)) < 150
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("X", "weights", "kept"),
        [
            (np.array([99817.5, 2.0]), None, "Expected 2D array, got 1D array instead. Reshape"),
            (np.eye(4), ["99817.5", "Ada", 1, 1], "could not convert string to float"),
        ],
    )
    def test_what_is_no_array_is_told_without_its_values(
        self, X: np.ndarray, weights: list[object] | None, kept: str
    ) -> None:
        with pytest.raises(DataError, match=kept) as refused:
            LatentSegments(2).fit(X, sample_weight=weights)
        assert "99817" not in str(refused.value)
        assert "Ada" not in str(refused.value)


class TestOptions:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"n_segments": 0}, "n_segments is 0. Give a whole number of 1 or more."),
            ({"n_segments": 2.5}, "n_segments is 2.5."),
            ({"n_segments": "3"}, "n_segments is '3'."),
            ({"n_starts": 0}, "n_starts is 0."),
            ({"n_starts": 10.0}, "n_starts is 10.0."),
            ({"prior": -1}, "prior is -1. Give a number of 0 or more."),
            ({"prior": math.nan}, "prior is nan."),
            ({"prior": math.inf}, "prior is inf."),
            ({"prior": "strong"}, "prior is 'strong'."),
            ({"tol": -1e-3}, "tol is -0.001."),
            ({"max_iter": 0}, "max_iter is 0."),
            ({"n_threads": 0}, "n_threads is 0."),
            ({"random_state": -1}, "random_state is -1."),
            ({"covariance": "spherical"}, "covariance is 'spherical'."),
            ({"measures": "numeric"}, "gives 'x0' the measure 'numeric'. Use one of binary"),
            ({"measures": {0: "likert"}}, "gives 0 the measure 'likert'."),
            ({"measures": {7: "count"}}, "a column 7 that X does not have. It has: x0, x1, x2."),
            ({"measures": {"x22": "count"}}, "column 'x22' .* Did you mean 'x2'?"),
            ({"measures": ["count"] * 3}, "measures is a list."),
        ],
    )
    def test_what_cannot_be_used_is_said(self, options: dict[str, Any], message: str) -> None:
        pattern = message if ".*" in message else re.escape(message)
        with pytest.raises(OptionError, match=pattern):
            quick(**options).fit(numbers())

    def test_fewer_customers_than_segments(self) -> None:
        with pytest.raises(DataError, match="n_samples=4 is fewer than n_segments=5"):
            quick(n_segments=5).fit(numbers()[:4])

    def test_weights_that_cannot_be_used(self) -> None:
        X = numbers()
        for weights in (np.ones(3), -np.ones(N), np.zeros(N), np.full(N, np.nan)):
            with pytest.raises(ValueError, match="weight"):
                quick().fit(X, sample_weight=weights)

    def test_before_fit(self) -> None:
        with pytest.raises(NotFittedError):
            LatentSegments().predict(numbers())

    def test_a_limit_on_passes_warns(self) -> None:
        with pytest.warns(ConvergenceWarning, match="max_iter=1 before it converged"):
            model = quick(max_iter=1).fit(numbers())
        assert not model.converged_
        assert np.isfinite(model.log_likelihood_)

    def test_a_total_beside_its_parts_warns_of_segments_of_nobody(self) -> None:
        parts = np.random.default_rng(0).normal(size=(300, 2))
        table = np.column_stack([parts, parts.sum(axis=1)])
        model = LatentSegments(2, covariance="full", n_starts=5, random_state=0)
        with pytest.warns(UserWarning, match="nobody: 1 of 2 with fewer than two customers"):
            model.fit(table)

    @pytest.mark.parametrize("state", [7, np.int64(7), np.random.RandomState(7), None])
    def test_kinds_of_seeds(self, state: Any) -> None:
        assert quick(random_state=state).fit(numbers()).weights_.sum() == pytest.approx(1.0)

    @pytest.mark.parametrize("covariance", ["diagonal", "full", "tied"])
    def test_covariance(self, covariance: str) -> None:
        X = numbers()[:, 1:] + np.random.default_rng(5).normal(0, 0.1, (N, 2))
        model = quick(covariance=covariance, measures="continuous").fit(X)
        matrices = {"diagonal": 2 * 2, "full": 2 * 3, "tied": 3}[covariance]
        assert model.n_parameters_ == 1 + 4 + matrices
        kinds = {item.kind for item in model.model_.items}
        assert kinds == ({"gaussian"} if covariance == "diagonal" else {"gaussian-block"})


class TestFitted:
    def test_labels_are_the_predictions(self, model: LatentSegments) -> None:
        X = pl.DataFrame(customers())
        assert np.array_equal(model.labels_, model.predict(X))
        assert np.array_equal(model.labels_, clone(model).fit_predict(X))

    def test_scores_add_up_to_the_likelihood(self, model: LatentSegments) -> None:
        X = pl.DataFrame(customers())
        assert model.score_samples(X).sum() == pytest.approx(model.log_likelihood_, abs=1e-6)
        assert model.score(X) == pytest.approx(model.log_likelihood_ / N)
        assert model.bic(X) == pytest.approx(model.candidate_.bic, abs=1e-5)
        assert model.aic(X) == pytest.approx(model.candidate_.aic, abs=1e-5)

    def test_probabilities_sum_to_one(self, model: LatentSegments) -> None:
        probabilities = model.predict_proba(pl.DataFrame(customers()))
        assert probabilities.shape == (N, 2)
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(N))
        assert (np.diff(model.weights_) <= 0).all()

    def test_a_customer_impossible_everywhere_is_placed_by_share(self) -> None:
        spend = np.exp(numbers()[:, 2:])
        model = quick(measures="positive", prior=0).fit(spend)
        assert model.predict_proba([[0.0]])[0] == pytest.approx(model.weights_)

    def test_clone_and_pipeline(self) -> None:
        model = quick(measures=BY_POSITION)
        expected = clone(model).fit(numbers())
        steps = make_pipeline(FunctionTransformer(), model).fit(numbers())
        assert np.array_equal(steps.predict(numbers()), expected.labels_)

    def test_weights_count_as_customers(self) -> None:
        X, weights = numbers(), np.random.default_rng(6).integers(1, 4, N)
        weighted = quick(measures=BY_POSITION).fit(X, sample_weight=weights)
        repeated = quick(measures=BY_POSITION).fit(np.repeat(X, weights, axis=0))
        assert weighted.log_likelihood_ == pytest.approx(repeated.log_likelihood_, rel=1e-9)
        assert weighted.weights_ == pytest.approx(repeated.weights_, abs=1e-5)

    def test_sampling_weights_count_for_their_effective_number(self) -> None:
        X, weights = numbers(), np.exp(np.random.default_rng(7).normal(0, 0.8, N))
        effective = weights.sum() ** 2 / (weights @ weights)
        model = quick(measures=BY_POSITION).fit(X, sample_weight=weights)
        assert model.n_effective_ == pytest.approx(effective)
        logs = model.score_samples(X)
        loglik = effective * float(np.average(logs, weights=weights))
        assert model.log_likelihood_ == pytest.approx(loglik, rel=1e-9)
        bic = -2 * loglik + model.n_parameters_ * np.log(effective)
        assert model.candidate_.bic == pytest.approx(bic, rel=1e-9)
        assert model.bic(X, weights) == pytest.approx(bic, rel=1e-6)
        again = quick(measures=BY_POSITION).fit(X, sample_weight=1000.5 * weights)
        assert again.candidate_.bic == pytest.approx(bic, rel=1e-6)
        selected = select_segments(X, [2], sample_weight=weights, measures=BY_POSITION, n_starts=5)
        assert selected.table[0].bic == pytest.approx(bic, rel=1e-4)

    def test_whole_numbers_count_customers_in_the_criteria_too(self) -> None:
        X, weights = numbers(), np.random.default_rng(6).integers(0, 4, N)
        model = quick(measures=BY_POSITION).fit(X, sample_weight=weights)
        assert model.n_effective_ == weights.sum()
        repeated = np.repeat(X, weights, axis=0)
        assert model.bic(X, weights) == pytest.approx(model.bic(repeated), rel=1e-9)
        assert model.aic(X, weights) == pytest.approx(model.aic(repeated), rel=1e-9)
        assert model.bic(X, weights) != pytest.approx(model.bic(X), rel=1e-3)


class TestSelectSegments:
    def test_table_and_models(self, selected: SelectedSegments) -> None:
        assert [c.k for c in selected.table] == [1, 2, 3] == list(selected.models)
        assert [m.n_segments for m in selected] == [1, 2, 3]
        assert selected.chosen == 2
        assert selected.best is selected[2]
        assert selected.best.bic(numbers()) == pytest.approx(selected.table[1].bic, abs=1e-5)
        assert adjusted_rand_score(TRUTH, selected.best.predict(numbers())) > 0.8

    def test_models_are_those_of_single_fits(self, selected: SelectedSegments) -> None:
        alone = LatentSegments(1, measures=BY_POSITION, n_starts=5).fit(numbers())
        assert selected[1].log_likelihood_ == alone.log_likelihood_
        assert selected[1].levels_ == alone.levels_
        assert selected[1].measures_ == alone.measures_

    def test_it_prints_as_a_table(self, selected: SelectedSegments) -> None:
        lines = str(selected).splitlines()
        assert lines[0].split() == ["k", "log-likelihood", "parameters", "BIC", "entropy", "R²"]
        assert len(lines) == 4
        assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3"]
        assert [line.endswith("<- BIC") for line in lines[1:]] == [False, True, False]
        assert f"{selected.table[1].log_likelihood:.3f}" in lines[2]

    def test_it_shows_itself_in_a_notebook(self, selected: SelectedSegments) -> None:
        html = selected._repr_html_()
        assert html.count("<tr>") == 4
        assert "<td>2 ✓</td>" in html
        assert f"<td>{selected.table[0].bic:.2f}</td>" in html

    def test_the_criterion_decides(self) -> None:
        selected = select_segments(numbers(), [1, 2, 3], criterion="aic", n_starts=5)
        assert selected.chosen == min(selected.table, key=lambda c: c.aic).k
        assert "<- AIC" in str(selected)

    def test_weights(self) -> None:
        X, weights = numbers(), np.random.default_rng(8).integers(0, 3, N)
        a = select_segments(X, [1, 2], sample_weight=weights, n_starts=5)
        b = select_segments(np.repeat(X, weights, axis=0), [1, 2], n_starts=5)
        assert [c.bic for c in a.table] == pytest.approx([c.bic for c in b.table], rel=1e-8)

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"n_segments": []}, "must be 1 or more, not none"),
            ({"n_segments": [0, 1]}, "must be 1 or more, not 0"),
            ({"n_segments": [1], "criterion": "wbic"}, "no criterion 'wbic'. Choose one of bic"),
            ({"n_segments": [1, 2], "n_starts": 0}, "n_starts is 0"),
        ],
    )
    def test_what_cannot_be_used_is_said(self, more: dict[str, Any], message: str) -> None:
        with pytest.raises(OptionError, match=message):
            select_segments(numbers(), **more)

    def test_data_that_cannot_be_used(self) -> None:
        with pytest.raises(DataError, match="fewer customers than segments"):
            select_segments(numbers()[:3], range(1, 6))
        with pytest.raises(DataError, match="3 weights for 300 customers"):
            select_segments(numbers(), [1, 2], sample_weight=np.ones(3))
        with pytest.raises(TypeError, match="n_start"):
            select_segments(numbers(), [1], n_start=3)


def test_numbers_may_be_tilts_with_their_degree_chosen() -> None:
    rng = np.random.default_rng(9)
    skewed = np.column_stack(
        [rng.gamma(1.0, 5.0, 600), rng.standard_t(3, 600), rng.exponential(2, 600)]
    )
    plain = select_segments(skewed, range(1, 4), n_starts=10, random_state=0)
    tilts = select_segments(skewed, range(1, 4), n_starts=10, random_state=0, numbers="tilts")
    assert (plain.chosen, tilts.chosen) == (3, 1)
    wide = rng.random(600) < 0.5
    spread = rng.normal(0, np.where(wide, 4, 1)[:, None], (600, 4))
    model = LatentSegments(2, numbers="tilts", n_starts=10).fit(spread)
    assert model.candidate_.degree == 2
    assert {item.kind for item in model.model_.items} == {"tilt"}
    with pytest.raises(OptionError, match="Give 'measured' or 'tilts'"):
        LatentSegments(2, numbers="tilt").fit(spread)
