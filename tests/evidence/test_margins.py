import time

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.stats import chi2_contingency

from forwhom.documents.base import Measure
from forwhom.evidence import examine
from forwhom.evidence.margins import (
    LIMITS,
    _binned,
    _independence,
    _told,
    clumps,
    dependent,
    dip_of,
    limit,
    only_cut,
)
from forwhom.mixture import Column, Whole

Floats = NDArray[np.float64]


def numbers(**values: Floats) -> tuple[dict[str, Column], dict[str, Measure]]:
    columns = {name: Column(name, np.asarray(x, dtype=float)) for name, x in values.items()}
    return columns, dict.fromkeys(columns, "continuous")


def mixed(n: int, rng: Generator) -> tuple[dict[str, Column], dict[str, Measure]]:
    """Variables of all measures that have nothing to do with each other, a tenth missing."""
    columns, measures = numbers(
        score=rng.normal(size=n),
        spend=rng.lognormal(4, 1, n),
        orders=rng.poisson(4, n),
        tickets=rng.poisson(5, n) * (rng.random(n) < 0.15),
    )
    for name, measure, shares in (
        ("rating", "ordinal", [0.1, 0.2, 0.4, 0.3]),
        ("channel", "nominal", [0.5, 0.3, 0.1, 0.04, 0.02, 0.02, 0.01, 0.01]),
        ("plan", "binary", [0.93, 0.07]),
    ):
        codes = rng.choice(len(shares), n, p=shares)
        codes[rng.random(n) < 0.1] = -1
        columns[name] = Column(name, codes.astype(np.int32), tuple(map(str, range(len(shares)))))
        measures[name] = measure  # type: ignore[assignment]
    return columns, measures


def one_hot(labels: NDArray[np.bool_]) -> Floats:
    return np.stack([~labels, labels], axis=1).astype(float)


# --- clumps


@pytest.mark.parametrize(
    "name",
    ["uniform", "normal", "exponential", "t3", "rounded", "Poisson", "round sums", "weighted"],
)
def test_one_mode_is_rarely_said_to_be_two(name: str) -> None:
    rng = np.random.default_rng(11)
    n, draws = 400, 400
    draw = {
        "uniform": lambda: rng.uniform(size=n),
        "normal": lambda: rng.normal(size=n),
        "exponential": lambda: rng.exponential(size=n),
        "t3": lambda: rng.standard_t(3, n),
        "rounded": lambda: rng.normal(0, 5, n).round(),
        "Poisson": lambda: rng.poisson(30, n),
        "round sums": lambda: (
            np.ceil(rng.lognormal(3.5, 1, n) / (s := rng.choice([1, 5, 25], n))) * s
        ),
        "weighted": lambda: rng.uniform(size=n),
    }[name]
    weights = rng.lognormal(size=n) if name == "weighted" else None
    said = [bool(clumps(*numbers(x=draw()), weights)) for _ in range(draws)]
    # At a rate of 1 % more than eleven of 400 come once in a thousand times.
    assert sum(said) <= (11 if name in ("uniform", "weighted") else 6)


@pytest.mark.parametrize(("decimals", "weighted"), [(9, False), (1, False), (9, True)])
def test_two_normals_four_apart_are_two_clumps(decimals: int, weighted: bool) -> None:
    rng = np.random.default_rng(12)
    weights = rng.lognormal(sigma=0.5, size=500) if weighted else None
    found = [
        clumps(
            *numbers(x=np.round(rng.normal(size=500) + 4 * (rng.random(500) < 0.5), decimals)),
            weights,
        )
        for _ in range(50)
    ]
    assert found.count(["x"]) >= 49


def test_limits_are_those_of_uniform_samples() -> None:
    rng = np.random.default_rng(13)
    for n in (100, 1_000):
        found = [dip_of(rng.uniform(size=n), np.ones(n)) for _ in range(2_000)]
        assert np.mean(np.sqrt(n) * np.array(found) > LIMITS[n]) == pytest.approx(0.01, abs=0.007)


def test_only_numbers_of_many_values_have_clumps() -> None:
    two = np.repeat([0.0, 1.0, 10.0, 11.0], 100)
    assert clumps(*numbers(x=two), None) == []
    spaced = np.concatenate([np.linspace(0, 1, 200), np.linspace(5, 6, 200)])
    columns, measures = numbers(x=spaced, y=spaced, z=np.linspace(0, 1, 400))
    assert clumps(columns, measures, None) == ["x", "y"]
    assert clumps(columns, measures, None, [Whole("w", ("x",), "z")]) == ["y"]
    assert clumps(columns, {"x": "ordinal"}, None) == []


def test_missing_values_and_weights_of_zero_are_not_there() -> None:
    spaced = np.concatenate([np.linspace(0, 1, 200), np.linspace(5, 6, 200)])
    one = np.where(np.arange(400) < 200, np.nan, spaced)
    assert clumps(*numbers(x=one), None) == []
    assert clumps(*numbers(x=spaced), (np.arange(400) < 200).astype(float)) == []
    assert clumps(*numbers(x=np.full(400, np.nan)), None) == []


def test_order_and_units_of_weights_change_nothing() -> None:
    rng = np.random.default_rng(14)
    x, w = rng.normal(size=300), rng.lognormal(size=300)
    order = rng.permutation(300)
    assert dip_of(x, w) == pytest.approx(dip_of(x[order], 7 * w[order]))


def test_thirty_variables_of_two_thousand_customers_are_looked_at_in_no_time() -> None:
    rng = np.random.default_rng(15)
    columns, measures = numbers(**{f"x{j}": rng.normal(size=2_000) for j in range(30)})
    clumps(columns, measures, None)
    start = time.thread_time()
    clumps(columns, measures, None)
    assert time.thread_time() - start < 0.3


# --- only one variable


def test_independent_variables_rarely_depend() -> None:
    rng = np.random.default_rng(21)
    weights = rng.lognormal(size=400)
    said = [dependent(*mixed(400, rng), w) for w in [None] * 150 + [weights] * 150]
    assert sum(said) <= 9


def test_dependent_variables_do() -> None:
    rng = np.random.default_rng(22)
    factor = rng.normal(size=1_000)
    columns, measures = mixed(1_000, rng)
    more, _ = numbers(
        other=0.5 * factor + rng.normal(size=1_000), third=0.5 * factor + rng.normal(size=1_000)
    )
    assert dependent(columns | more, {**measures, **dict.fromkeys(more, "continuous")}, None)
    # Also where nothing but the spread moves, and in two yes-or-no variables.
    assert dependent(*numbers(a=factor, b=rng.normal(size=1_000) * np.exp(factor / 2)), None)
    yes = (factor > 0).astype(np.int32)
    also = np.where(rng.random(1_000) < 0.7, yes, 1 - yes).astype(np.int32)
    pair = {name: Column(name, x, ("no", "yes")) for name, x in (("a", yes), ("b", also))}
    assert dependent(pair, {"a": "binary", "b": "nominal"}, None)


def test_pairs_with_few_customers_are_not_tested() -> None:
    few = np.zeros(300, dtype=np.int32)
    few[:6] = 1
    pair = {name: Column(name, few, ("no", "yes")) for name in "ab"}
    assert not dependent(pair, {"a": "binary", "b": "binary"}, None)


def test_the_parts_of_one_whole_do_not_depend_on_each_other() -> None:
    rng = np.random.default_rng(23)
    items = rng.poisson(20, 800) + 1
    shares = rng.dirichlet([2.0, 2.0, 2.0], 800)
    values = {f"s{j}": shares[:, j] for j in range(3)}
    columns, measures = numbers(**values, items=items, score=rng.normal(size=800))
    whole = Whole("spend", ("s0", "s1", "s2"), "items")
    assert dependent(columns, measures, None)
    assert not dependent(columns, measures, None, [whole])
    along, _ = numbers(score=shares[:, 0] + 0.1 * rng.normal(size=800))
    assert dependent(columns | along, measures, None, [whole])
    # The segments that divide a whole are not those of one number.
    cut = one_hot(shares[:, 0] > 0.4)
    assert only_cut(columns, measures, None, [], cut) is None
    assert only_cut(columns, measures, None, [whole], cut) is None
    assert only_cut(columns, measures, None, [whole], one_hot(items > 20)) == "items"


@pytest.mark.parametrize("name", ["score", "spend", "tickets", "rating", "plan"])
def test_the_variable_that_is_cut_is_named(name: str) -> None:
    rng = np.random.default_rng(24)
    columns, measures = mixed(1_000, rng)
    values = np.asarray(columns[name].values, dtype=float)
    middle = 0 if name in ("tickets", "plan") else np.nanmedian(values)
    sure = one_hot(values > middle)
    unsure = 0.8 * sure + 0.1
    assert only_cut(columns, measures, None, [], sure) == name
    assert only_cut(columns, measures, rng.lognormal(size=1_000), [], unsure) == name
    order = rng.permutation(1_000)
    shuffled = {n: Column(n, c.values[order], c.levels) for n, c in reversed(list(columns.items()))}
    assert only_cut(shuffled, measures, None, [], unsure[order][:, ::-1]) == name


def test_nothing_is_named_where_there_is_more_than_one_variable_to_it() -> None:
    rng = np.random.default_rng(25)
    columns, measures = numbers(a=rng.normal(size=1_000), b=rng.normal(size=1_000))
    a, b = (np.asarray(columns[name].values) for name in "ab")
    assert only_cut(columns, measures, None, [], one_hot(a + b > 0)) is None
    assert only_cut(columns, measures, None, [], np.ones((1_000, 1))) is None
    assert only_cut(columns, measures, None, [], np.full((1_000, 2), 0.5)) is None
    alone, measure = numbers(a=a)
    assert only_cut(alone, measure, None, [], one_hot(a > 0)) == "a"


def test_segments_of_independent_variables_are_cuts_of_one_or_no_groups_at_all() -> None:
    rng = np.random.default_rng(31)
    n = 300
    columns, measures = numbers(a=rng.normal(size=n), b=rng.gamma(2, size=n), c=rng.random(n))
    seen = examine(columns, measures, None, 2, n_threads=1)
    a, b = (np.asarray(columns[name].values) for name in "ab")
    one = seen.verdict(one_hot(a > 0))
    assert (one.verdict, one.cut, one.scale) == ("unclear", "a", None)
    several = seen.verdict(one_hot((a > 0) & (b > 1)))
    assert (several.verdict, several.cut, several.scale) == ("one", None, None)


def test_one_variable_is_not_blamed_where_others_go_along() -> None:
    rng = np.random.default_rng(32)
    factor = rng.normal(size=(500, 1))
    table = factor + 0.7 * rng.normal(size=(500, 4))
    columns, measures = numbers(**{f"x{j}": table[:, j] for j in range(4)})
    found = examine(columns, measures, None, 2, n_threads=1).verdict(one_hot(table[:, 0] > 0))
    assert (found.verdict, found.cut) == ("scale", None)


def test_the_limit_lies_between_those_of_the_nearest_numbers_of_customers() -> None:
    assert limit(100) == pytest.approx(LIMITS[100] / 10)
    between = (LIMITS[100] + LIMITS[200]) / 2  # on the scale of logs
    assert limit(100 * np.sqrt(2)) == pytest.approx(between / np.sqrt(100 * np.sqrt(2)))
    assert limit(8_000) == pytest.approx(LIMITS[2_000] / np.sqrt(8_000))
    assert limit(5) == pytest.approx(LIMITS[20] / np.sqrt(5))


@pytest.mark.parametrize(("values", "found"), [(14, []), (15, ["x"])])
def test_fifteen_values_are_a_number(values: int, found: list[str]) -> None:
    places = np.concatenate([np.arange(values // 2), 100 + np.arange(values - values // 2)])
    assert clumps(*numbers(x=np.tile(places, 40)), None) == found


def codes_of(*levels: int) -> NDArray[np.int32]:
    return np.array(levels, dtype=np.int32)


def levels_of(measure: Measure, **codes: NDArray[np.int32]):
    columns = {n: Column(n, c, tuple(map(str, range(9)))) for n, c in codes.items()}
    return columns, dict.fromkeys(columns, measure)


def crossed(table: list[list[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    counts = np.array(table)
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    return np.divmod(cells.astype(np.int32), counts.shape[1])


def test_the_test_of_two_levels_each_is_that_of_chi_squared() -> None:
    # Over one degree of freedom 6.635 is exceeded once in a hundred times.
    for table, chi in (([[32, 18], [19, 31]], 6.763), ([[31, 19], [19, 31]], 5.76)):
        rows, columns = crossed(table)
        assert chi2_contingency(table, correction=False).statistic == pytest.approx(chi, abs=1e-3)
        assert dependent(*levels_of("nominal", a=rows, b=columns), None) == (chi > 6.635)


def test_of_several_pairs_each_must_say_more() -> None:
    rows, columns = crossed([[32, 18], [19, 31]])
    alternating = np.tile(codes_of(0, 1), 50)
    two = levels_of("nominal", a=rows, b=columns)
    three = levels_of("nominal", a=rows, b=columns, c=alternating)
    assert dependent(*two, None)
    assert not dependent(*three, None)
    # A pair that cannot be tested does not count.
    few = (np.arange(100) < 3).astype(np.int32)
    assert dependent(*levels_of("nominal", a=rows, b=columns, c=few), None)


def test_customers_with_a_missing_value_are_not_in_a_pair() -> None:
    rows, columns = crossed([[32, 18], [19, 31]])
    a, b = np.append(rows, codes_of(*[-1] * 80)), np.append(columns, codes_of(*[1] * 80))
    assert dependent(*levels_of("nominal", a=a, b=b), None)
    nobody = codes_of(*[-1] * 100)
    assert not dependent(*levels_of("nominal", a=rows, b=nobody), None)


def test_sparse_levels_join_their_neighbor_or_the_next_rarest() -> None:
    # Five are expected in each cell: below that, levels are joined until it is reached.
    table = np.array([[30.0, 10], [10, 30], [2, 2], [9, 3]])
    joined = [[30, 10], [10, 30], [11, 5]]
    found = _independence(table, False, False)
    assert found == pytest.approx(chi2_contingency(joined, correction=False).pvalue)
    assert _independence(table, True, True) == found
    swapped = table[[2, 0, 3, 1]]
    beside = [[32, 12], [9, 3], [10, 30]]
    assert _independence(swapped, True, False) == pytest.approx(
        chi2_contingency(beside, correction=False).pvalue
    )
    assert _independence(swapped, False, False) == pytest.approx(found)
    assert _independence(swapped.T, False, True) == pytest.approx(
        chi2_contingency(beside, correction=False).pvalue
    )


def test_five_customers_expected_in_a_cell_are_enough() -> None:
    enough = np.array([[8.0, 2], [2, 8]])
    assert _independence(enough, False, False) == pytest.approx(
        chi2_contingency(enough, correction=False).pvalue
    )
    assert _independence(enough * 0.99, False, False) is None
    assert _independence(np.array([[9.0, 9]]), False, False) is None
    assert _independence(np.zeros((0, 3)), False, False) is None
    with_none = np.array([[8.0, 2, 0], [2, 8, 0], [0, 0, 0]])
    assert _independence(with_none, True, True) == _independence(enough, False, False)


def test_a_number_has_six_bins_that_keep_equal_values_together() -> None:
    binned = _binned(Column("x", np.array([*range(12), np.nan], dtype=float)), "continuous")
    assert binned.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, -1]
    zeros = _binned(Column("x", np.array([0.0] * 7 + [*range(1, 8)])), "count")
    assert zeros.tolist() == [1] * 7 + [3, 3, 4, 4, 4, 5, 5]
    few = _binned(Column("x", np.array([7.0, 1, 1, 3, 3, 9, 11, 20])), "continuous")
    assert few.tolist() == [2, 0, 0, 1, 1, 3, 4, 5]
    rare = _binned(
        Column("x", codes_of(6, 6, 6, 0, 0, 1, 2, 3, 4, 5, -1), tuple("abcdefg")), "nominal"
    )
    assert rare.tolist() == [0, 0, 0, 1, 1, 2, 3, 4, 5, 5, -1]


def test_what_segments_tell_of_levels_by_hand() -> None:
    sure = np.array([[40.0, 0], [0, 40]])
    assert _told(sure) == pytest.approx(80 * np.log(2) - 0.5)
    assert _told(np.vstack([sure, np.zeros((1, 2))])) == pytest.approx(80 * np.log(2) - 0.5)
    assert _told(np.hstack([sure, np.zeros((2, 1))])) == pytest.approx(80 * np.log(2) - 0.5)
    assert _told(np.full((3, 2), 10.0)) == 0
    table = np.array([[9.0, 1], [5, 5], [1, 9]])
    information = sum(
        n * np.log(n / (row * 15 / 30))
        for line, row in zip(table, (10, 10, 10), strict=True)
        for n in line
    )
    assert _told(table) == pytest.approx(information - 1)


def test_four_fifths_of_what_is_told_are_one_variable_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = crossed([[40, 10], [10, 40]])
    resp = one_hot((a + 0) > 0)
    columns, measures = levels_of("nominal", a=a, b=b)
    told = [
        _told(np.array(table, dtype=float)) for table in ([[50, 0], [0, 50]], [[40, 10], [10, 40]])
    ]
    share = told[0] / sum(told)
    assert share == pytest.approx(0.784, abs=0.01)
    assert only_cut(columns, measures, None, [], resp) is None
    monkeypatch.setattr("forwhom.evidence.margins.ALONE", share * (1 - 1e-12))
    assert only_cut(columns, measures, None, [], resp) == "a"
    monkeypatch.setattr("forwhom.evidence.margins.ALONE", share * (1 + 1e-12))
    assert only_cut(columns, measures, None, [], resp) is None
