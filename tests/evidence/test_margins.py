import time

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.evidence import examine
from forwhom.evidence.margins import LIMITS, clumps, dependent, dip_of, only_cut
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
