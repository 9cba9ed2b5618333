"""How far out a number may be: limits, their rate on new customers, and what is beyond them."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from forwhom.documents.fitting import Fit
from forwhom.documents.segmentation import Segmentation
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.novelty import LOWEST_FIT
from forwhom.mixture.scoring import score
from forwhom.mixture.sql import scoring_sql
from forwhom.mixture.tails import upper_limit

CHANCE = 1e-4


@pytest.mark.parametrize(
    "distribution",
    [stats.norm, stats.lognorm(1), stats.t(3), stats.expon, stats.poisson(4), stats.uniform],
)
@pytest.mark.parametrize("n", [500, 5000])
def test_few_customers_like_those_seen_pass_a_limit(distribution, n):
    rates = []
    for seed in range(15):
        values = np.asarray(distribution.rvs(size=n, random_state=seed), dtype=float)
        rates.append(distribution.sf(upper_limit(values, np.ones(n), CHANCE)))
    assert np.mean(rates) < 3 * CHANCE


@pytest.mark.parametrize(
    ("distribution", "far"), [(stats.norm, 9), (stats.lognorm(1), 300), (stats.poisson(4), 40)]
)
def test_what_is_far_beyond_all_customers_passes_the_limit(distribution, far):
    for seed in range(5):
        values = np.asarray(distribution.rvs(size=2000, random_state=seed), dtype=float)
        assert np.quantile(values, 0.995) < upper_limit(values, np.ones(2000), CHANCE) < far


def test_a_weight_of_two_is_two_customers_and_their_order_says_nothing():
    rng = np.random.default_rng(1)
    values, weights = rng.lognormal(3, 1, 800), rng.integers(0, 3, 800)
    limit = upper_limit(values, weights.astype(float), CHANCE)
    assert limit == pytest.approx(
        upper_limit(np.repeat(values, weights), np.ones(weights.sum()), CHANCE), rel=1e-9
    )
    turned = upper_limit(values[::-1], weights[::-1].astype(float), CHANCE)
    assert turned == pytest.approx(limit, rel=1e-12)
    assert upper_limit(1000 * values, weights.astype(float), CHANCE) == pytest.approx(1000 * limit)


@pytest.mark.parametrize("values", [[3.0] * 50, [0.0] * 40 + [1.0] * 60, [0.0, 1.0], [5.0]])
def test_values_with_hardly_a_tail_have_a_limit(values):
    limit = upper_limit(np.array(values), np.ones(len(values)), CHANCE)
    assert max(values) <= limit < 200


def test_a_customer_beyond_a_limit_is_like_nobody_in_sql_as_in_the_library():
    rng = np.random.default_rng(2)
    often = rng.random(1000) < 0.4
    spend = Column("spend", rng.lognormal(np.where(often, 4, 2), 0.6))
    visits = Column("visits", rng.poisson(np.where(often, 12, 2)).astype(float))
    design = build_design(
        [spend, visits], {"spend": "positive", "visits": "count"},
        families=dict.fromkeys(["spend", "visits"], "tilt"),
    )  # fmt: skip
    model = fit_mixture(design, 2, FitOptions(n_starts=10)).document(
        {"spend": spend, "visits": visits}
    )
    assert all(item.low is not None and item.high is not None for item in model.items)
    new = {
        "spend": Column("spend", np.array([30.0, 1e6, np.nan, 30.0, -50.0, np.inf, np.nan])),
        "visits": Column("visits", np.array([6.0, 6.0, 300.0, np.nan, np.nan, 5.0, np.nan])),
    }
    scores = score(model, new)
    assert (scores.segment > 0).tolist() == [True, False, False, True, False, True, True]
    assert scores.fit[[1, 2, 4]].tolist() == [LOWEST_FIT] * 3
    segmentation = Segmentation(
        created="2024-01-01T00:00:00Z", version="0", id_column="id", n=1, variables=[],
        model=model, fit=Fit(method="mixture", seed=0), segments=[], overlap=[],
    )  # fmt: skip
    table = pa.table({"id": range(7), **{name: column.values for name, column in new.items()}})
    with duckdb.connect() as connection:
        connection.register("customers", table)
        sql = scoring_sql(segmentation, "customers") + " ORDER BY id"
        rows = np.array(connection.sql(sql).fetchall(), dtype=float)
    assert rows[:, 1].tolist() == scores.segment.tolist()
    assert rows[:, 5] == pytest.approx(scores.fit, rel=1e-9, nan_ok=True)
