"""Kinds or degrees: groups are found where they are, and a scale is called a scale."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from forwhom.documents.structure import Structure
from forwhom.evidence import examine
from forwhom.evidence.structure import Examination, sampled, scale_of
from forwhom.mixture import Column, FitOptions, build_design, select
from forwhom.mixture.continuum import CONTINUA, fit_continuum, fit_with_factor
from forwhom.mixture.islands import islands_of
from forwhom.mixture.scale import moved_along

QUICK = FitOptions(n_starts=12, tol=1e-7, n_threads=1)


def numbers(table: np.ndarray) -> dict[str, Column]:
    return {f"x{j}": Column(f"x{j}", column) for j, column in enumerate(table.T)}


def ratings(latent: np.ndarray) -> dict[str, Column]:
    codes = (latent[:, :, None] > np.array([-1.3, -0.4, 0.4, 1.3])).sum(axis=2)
    return {
        f"q{j}": Column(f"q{j}", column.astype(np.int32), tuple("12345"))
        for j, column in enumerate(codes.T)
    }


def measures_of(columns: dict[str, Column]) -> dict[str, str]:
    return {n: "continuous" if c.levels is None else "ordinal" for n, c in columns.items()}


def looked_at(columns: dict[str, Column], weights: np.ndarray | None = None) -> Examination:
    measures = measures_of(columns)
    return examine(columns, measures, weights, 3, n_threads=1)  # type: ignore[arg-type]


def judged(columns: dict[str, Column]) -> Structure:
    measures = measures_of(columns)
    families = {name: "tilt" for name, measure in measures.items() if measure == "continuous"}
    design = build_design(list(columns.values()), measures, families=families)  # type: ignore[arg-type]
    selection = select(design, range(1, 5), QUICK, degrees=(1, 2))
    k = selection.best.k
    seen = examine(columns, measures, None, k, selection.fits, n_threads=1)  # type: ignore[arg-type]
    return seen.verdict(selection.fits[seen.k - 1].responsibilities())


def three_groups(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    z = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    centers = 4.0 * np.array([[0, 0, 0, 0], [1, 1, 0, -1], [0, 1, 1, 1]])
    return centers[z] + rng.normal(size=(n, 4)), z


def one_factor(n: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    loadings = np.array([1.0, 1.0, 1.0, -1.0, 0.7, 0.7])
    return rng.normal(size=(n, 1)) * loadings + rng.normal(size=(n, 6))


def test_groups_that_stand_apart_are_clear() -> None:
    found = judged(numbers(three_groups(500)[0]))
    assert found.verdict == "clear"
    assert sorted(map(len, found.islands)) == [1, 1, 1]
    assert found.standing(1) == ("own", [])
    assert found.difference is not None
    assert found.difference > 100
    assert 7 <= found.null_sets <= 19


def test_customers_on_a_line_are_a_scale_however_many_segments_fit_best() -> None:
    found = judged(numbers(one_factor(1_000)))
    assert found.verdict == "scale"
    assert found.scale is not None
    assert (found.scale.dimensions, found.scale.curved) == (1, False)
    assert 0.7 < found.scale.reliability < 0.95
    moves = {v.variable: v for v in found.scale.variables}
    assert abs(moves["x0"].loading - moves["x3"].loading) > 1.2
    rise = abs(moves["x0"].high - moves["x0"].low)
    assert rise == pytest.approx(2 * 1.28, rel=0.15)  # in the units of the data
    assert moves["x0"].middle == pytest.approx(0.0, abs=0.2)


def test_a_curve_is_a_scale_and_no_two_groups() -> None:
    rng = np.random.default_rng(3)
    t = rng.normal(size=1_000)
    table = np.column_stack([t, t**2 / 1.4, 0.7 * t, 0.6 * t**2]) + 0.5 * rng.normal(
        size=(1_000, 4)
    )
    found = judged(numbers(table))
    assert found.verdict == "scale"
    assert found.scale is not None
    assert found.scale.curved


def test_a_scale_along_which_customers_spread_is_no_group_of_steady_ones() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(500, 1))
    found = looked_at(numbers(0.6 * z + 0.7 * np.exp(0.5 * z) * rng.normal(size=(500, 5))))
    assert found.contest.difference > 10  # of two groups with a factor in common
    assert found.contest.torn  # but a scale does better than groups alone
    assert not found.styled
    assert found.verdict(np.full((500, 2), 0.5)).verdict == "unclear"


def test_a_scale_that_closes_is_no_groups_around_it() -> None:
    rng = np.random.default_rng(2)
    favorite = rng.uniform(0.0, 2 * np.pi, (1_200, 1))  # a time of the year
    rate = 4.6 * np.exp(1.2 * np.cos(favorite - np.arange(4) * np.pi / 2))
    found = looked_at(numbers(rng.poisson(rate).astype(float)))
    assert found.contest.kind.name == "closed"
    assert found.contest.difference < -10
    assert found.line is None  # two axes tell where a customer is
    structure = found.verdict(np.full((1_200, 2), 0.5))
    assert structure.verdict == "scale"
    assert structure.scale is not None
    assert structure.scale.dimensions == 2


def test_two_groups_are_no_circle_seen_from_the_side() -> None:
    rng = np.random.default_rng(5)
    z = rng.integers(0, 2, (500, 1))
    found = looked_at(numbers(2.5 * z / 2 + rng.normal(size=(500, 4))))
    circle = next(kind for kind in CONTINUA if kind.closed)
    closed = fit_continuum(found.design, circle, 1, n_threads=1)
    assert closed.bic < found.contest.continuum.bic  # it would take from what speaks for them
    assert found.contest.kinds


@pytest.mark.parametrize("seed", range(3))
def test_independent_columns_of_any_shape_are_one_kind_of_customer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = np.column_stack(
        [
            rng.gamma(2, 30, 800).round(2),
            rng.negative_binomial(2, 0.25, 800),
            rng.standard_t(3, 800),
            np.where(rng.random(800) < 0.4, 0.0, rng.lognormal(3, 1, 800)),
            rng.random(800).round(1),
        ]
    )
    assert judged(numbers(table)).verdict == "one"


def test_a_dense_clump_beside_a_stick_is_two_islands() -> None:
    rng = np.random.default_rng(5)
    clump = rng.random(1_000) < 0.3
    t = rng.uniform(-3, 3, 1_000)
    table = np.column_stack(
        [
            np.where(clump, 0, t),
            np.where(clump, 4, 0),
            np.where(clump, 0, 0.7 * t),
            np.where(clump, 3, 0),
        ]
    )
    found = judged(numbers(table + 0.7 * rng.normal(size=table.shape)))
    assert found.verdict in ("clear", "likely")
    # The clump is on an island of its own.
    assert len(found.islands) >= 2
    assert min(map(len, found.islands)) == 1


def test_groups_with_a_response_style_keep_both() -> None:
    rng = np.random.default_rng(7)
    z = rng.choice(3, 1_500, p=[0.45, 0.35, 0.2])
    means = np.array(
        [
            [0.8, 0.8, 0.8, 0, 0, 0, -0.6, -0.6],
            [-0.6, -0.6, 0, 0.8, 0.8, 0, 0.6, 0],
            [0, -0.8, -0.8, -0.8, 0, 0.9, 0.9, 0.9],
        ]
    )
    latent = 1.3 * means[z] + 0.5 * rng.normal(size=(1_500, 1)) + 0.8 * rng.normal(size=(1_500, 8))
    columns = ratings(latent)
    found = judged(columns)
    assert found.verdict in ("clear", "likely")
    assert len(found.islands) == 3
    assert found.style is not None
    assert len({v.loading > 0 for v in found.style.variables}) == 1  # all answers go up together
    design = build_design(list(columns.values()), dict.fromkeys(columns, "ordinal"))
    plain = select(design, [3], QUICK).best
    styled = fit_with_factor(plain)
    assert styled.bic < plain.candidate.bic
    assert adjusted_rand_score(z, styled.labels()) > adjusted_rand_score(z, plain.labels()) - 0.02


def test_neither_order_nor_double_rows_change_the_difference() -> None:
    table = three_groups(300, seed=2)[0]
    order = np.random.default_rng(1).permutation(2 * len(table))
    twice = looked_at(numbers(np.repeat(table, 2, axis=0)[order])).contest.difference
    weighted = looked_at(numbers(table), np.full(len(table), 2.0)).contest.difference
    assert weighted == pytest.approx(twice, abs=0.05)


def test_more_customers_than_are_looked_at_are_drawn_by_what_they_are() -> None:
    table = three_groups(5_000, seed=4)[0]
    measures = dict.fromkeys(numbers(table), "continuous")
    order = np.random.default_rng(1).permutation(len(table))
    first = sampled(numbers(table), measures, None, (), seed=0).rows  # type: ignore[arg-type]
    second = sampled(numbers(table[order]), measures, None, (), seed=0).rows  # type: ignore[arg-type]
    assert len(first) == len(second) == 2_000
    assert set(order[second].tolist()) == set(first.tolist())
    heavy = np.where(np.arange(5_000) < 500, 2.5, 0.5)
    drawn = sampled(numbers(table), measures, heavy, (), seed=0).rows  # type: ignore[arg-type]
    assert (drawn < 500).mean() == pytest.approx(0.357, abs=0.03)  # in proportion to weight


def test_islands_join_over_bridges_that_are_no_thinner_than_what_they_join() -> None:
    shares = np.array([0.4, 0.35, 0.2, 0.05])
    close = {(0, 2): -5.0, (1, 2): -4.0, (0, 1): 80.0, (2, 3): 90.0}
    assert sorted(map(sorted, islands_of(close, shares))) == [[0, 1, 2], [3]]
    thin = np.array([0.45, 0.4, 0.1, 0.05])
    assert sorted(map(sorted, islands_of(close, thin))) == [[0, 2], [1], [3]]
    tiny = np.array([0.6, 0.39, 0.006, 0.004])
    assert min(map(sorted, islands_of({}, tiny))) == [0, 2, 3]


def test_a_factor_without_effect_is_one_segment() -> None:
    table = np.random.default_rng(9).normal(size=(600, 4))
    columns = numbers(table)
    design = build_design(
        list(columns.values()),
        dict.fromkeys(columns, "continuous"),
        families=dict.fromkeys(columns, "tilt"),
    )
    alone = select(design, [1], QUICK).best
    factor = fit_continuum(design, CONTINUA[0], 1, n_threads=1)
    assert factor.log_likelihood >= alone.log_likelihood - 0.5
    # A loading for each variable is all that it has more.
    extra = (factor.bic + 2 * factor.log_likelihood) - (
        alone.candidate.bic + 2 * alone.log_likelihood
    )
    assert extra == pytest.approx(4 * np.log(600))


def test_loadings_have_the_signs_and_sizes_that_customers_were_drawn_with() -> None:
    columns = numbers(one_factor(2_000, seed=11))
    design = build_design(
        list(columns.values()),
        dict.fromkeys(columns, "continuous"),
        families=dict.fromkeys(columns, "tilt"),
    )
    fitted = fit_continuum(design, CONTINUA[0], 1, n_threads=1)
    loadings = {m.variable: m.loading for m in moved_along(fitted, np.zeros(1))}
    sign = np.sign(loadings["x0"])
    expected = {"x0": 0.707, "x1": 0.707, "x3": -0.707, "x5": 0.573}
    for name, value in expected.items():
        assert sign * loadings[name] == pytest.approx(value, abs=0.06)


def test_two_scales_are_turned_so_that_each_variable_moves_along_one() -> None:
    rng = np.random.default_rng(6)
    latent = rng.normal(size=(1_000, 2))
    table = np.hstack([latent[:, [0]].repeat(3, axis=1), latent[:, [1]].repeat(3, axis=1)])
    table = table * [1, 1, 1, -1, -1, -1] + 0.8 * rng.normal(size=table.shape)
    columns = numbers(table)
    design = build_design(
        list(columns.values()),
        dict.fromkeys(columns, "continuous"),
        families=dict.fromkeys(columns, "tilt"),
    )
    two = next(kind for kind in CONTINUA if kind.name == "two factors")
    found = scale_of(fit_continuum(design, two, 1, n_threads=1), 2)
    dimension = {v.variable: v.dimension for v in found.variables}
    assert dimension["x0"] == dimension["x1"] == dimension["x2"] != dimension["x3"]
    assert dimension["x3"] == dimension["x4"] == dimension["x5"]
    assert [v.dimension for v in found.variables] == [1, 1, 1, 2, 2, 2]
    for one in found.variables:
        assert one.loading == pytest.approx(0.78, abs=0.06)  # up, whatever the sign of the factor
        assert one.low < one.middle < one.high
