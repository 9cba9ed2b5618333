"""What a column is, decided right at the border and just beyond it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from forwhom.tables.inference import infer, shape
from forwhom.tables.missing import codes_for_no_answer
from forwhom.tables.ordering import level_name
from forwhom.tables.outcomes import assigned
from forwhom.tables.scales import falls_off, has_gap, rating_scales
from forwhom.tables.summaries import Summary, counted_statistics


def of(name: str, counts: Mapping[Any, int], **more: Any) -> Summary:
    """Return the summary of values that occur so often."""
    told = {level_name(value): n for value, n in counts.items()}
    n = sum(counts.values())
    words = any(isinstance(value, str) for value in counts)
    summary = Summary(name, "text" if words else "number", n, n, len(counts), counts=told)
    numbers = {}
    if not words:
        values = np.array(list(counts), dtype=float)
        numbers = vars(counted_statistics(values, np.array(list(counts.values()))))
    return Summary(**{**vars(summary), **numbers, **more})


def each(values: Sequence[Any], rows: int = 1) -> dict[Any, int]:
    return dict.fromkeys(values, rows)


ONCE = [
    ("x", range(10), {}, "id"),
    ("x", range(1, 11), {}, "id"),
    ("x", range(9), {}, "active"),
    ("x", range(2, 12), {}, "active"),
    ("x", [*range(9), 10], {}, "active"),
    ("x", [10**5 + 7 * i for i in range(100)], {}, "id"),
    ("x", [10**5 + 7 * i for i in range(99)], {}, "active"),
    ("x", [10**5 - 1 + 7 * i for i in range(100)], {}, "active"),
    ("x", [0.5 + i for i in range(100)], {}, "active"),
    ("order_number", [3 * i for i in range(19)], {"n": 20, "rows": 20}, "id"),
    ("order_number", [3 * i for i in range(19)], {"n": 19, "rows": 19}, "active"),
    ("order_number", [3 * i for i in range(19)], {"n": 21, "rows": 21}, "active"),
    ("order_number", [3 * i - 1 for i in range(20)], {}, "active"),
    ("x", [f"w{i}" for i in range(19)], {"n": 20, "rows": 20}, "id"),
    ("x", [f"w{i}" for i in range(19)], {"n": 19, "rows": 19}, "text"),
    ("x", [f"w{i}" for i in range(19)], {"n": 21, "rows": 21}, "text"),
    ("x", [f"w {i}" for i in range(20)], {}, "text"),
    ("customer", ["Ann", "Bob", "Cy"], {}, "id"),
    ("customer", ["Ann", "Bob", "Cy"], {"n": 4, "rows": 4}, "active"),
    ("code", [f"w{i}" for i in range(1001)], {"n": 3000, "rows": 3000}, "id"),
    ("code", [f"w{i}" for i in range(1000)], {"n": 3000, "rows": 3000}, "text"),
    ("store_id", range(40, 53), {"n": 100, "rows": 100}, "id"),
    ("store_id", range(40, 52), {"n": 100, "rows": 100}, "active"),
    ("store_id", [True, False], {"type": "boolean"}, "active"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "more", "use"), ONCE)
def test_what_is_an_id(name: str, values: Sequence[Any], more: Mapping[str, Any], use: str) -> None:
    assert infer(of(name, each(values), **more)).use == use


@pytest.mark.parametrize(
    ("name", "label", "mean", "more", "use"),
    [
        ("weight", "", 0.2, {}, "weight"),
        ("weight", "", 0.19, {}, "active"),
        ("weight", "", 5.0, {}, "weight"),
        ("weight", "", 5.01, {}, "active"),
        ("weight", "", 1.0, {"whole": True}, "weight"),
        ("weight", "", 1.0, {"negatives": 1}, "active"),
        ("w", "weight of the answer", 1.0, {}, "active"),
        ("w", "weight of answer", 1.0, {}, "weight"),
        ("w", "weight", 1.0, {"whole": True}, "active"),
        ("w", "weight", 0.5, {}, "weight"),
        ("w", "weight", 0.49, {}, "active"),
        ("w", "weight", 2.0, {}, "weight"),
        ("w", "weight", 2.01, {}, "active"),
        ("w", "body weight", 1.0, {}, "active"),
        ("weight_kg", "", 1.0, {}, "active"),
    ],
)
def test_what_is_a_weight(
    name: str, label: str, mean: float, more: Mapping[str, Any], use: str
) -> None:
    values = of(name, each([0.25, 0.5, 1.5, 2.5], 30), label=label, mean=mean, **more)
    assert infer(values).use == use


YEARS = {1900: 30, 1910: 30, 1920: 30}


@pytest.mark.parametrize(
    ("name", "counts", "more", "years"),
    [
        ("x", YEARS, {}, True),
        ("x", {1899: 30, 1910: 30, 1920: 30}, {}, False),
        ("x", {2080: 30, 2090: 30, 2100: 30}, {}, True),
        ("x", {2080: 30, 2090: 30, 2101: 30}, {}, False),
        ("x", {1900: 4, 1910: 3, 1920: 3}, {}, True),
        ("x", {1900: 3, 1910: 3, 1920: 3}, {}, False),
        ("x", YEARS, {"sd": 39.9}, True),
        ("x", YEARS, {"sd": 40.0}, False),
        ("visits", YEARS, {}, False),
        ("revenue", YEARS, {}, False),
        ("year", {1850: 30, 1910: 30, 1920: 30}, {}, True),
        ("year", {1849: 30, 1910: 30, 1920: 30}, {}, False),
        ("year", {2080: 30, 2090: 30, 2150: 30}, {}, True),
        ("year", {2080: 30, 2090: 30, 2151: 30}, {}, False),
    ],
)
def test_what_is_a_year(
    name: str, counts: Mapping[int, int], more: Mapping[str, Any], years: bool
) -> None:
    assert ("alendar years" in infer(of(name, counts, **more)).why) is years


def test_few_years_are_steps_and_many_are_numbers() -> None:
    few = infer(of("year", each(range(2010, 2022), 10)))
    assert (few.measure, few.use) == ("ordinal", "descriptor")
    assert few.levels == tuple(str(year) for year in range(2010, 2022))
    assert infer(of("year", each(range(2010, 2023), 10))).measure == "continuous"
    some = of("year", each(range(2010, 2020), 10), distinct=12)
    assert infer(some).measure == "continuous"


@pytest.mark.parametrize(
    ("name", "counts", "more", "measure"),
    [
        # Positions in the calendar.
        ("month", each(range(1, 13), 10), {}, "nominal"),
        ("month", each(range(1, 14), 10), {}, None),
        ("month", each(range(-1, 5), 10), {}, "continuous"),
        ("day", each([0.5, 1.0, 1.5], 10), {}, "continuous"),
        ("visits_per_month", each(range(1, 30), 10), {}, "count"),
        # Codes, and too many of them.
        ("zip", each(range(100, 160), 10), {}, "nominal"),
        ("zip", each(range(100, 161), 10), {}, None),
        ("branch", each(range(100, 160), 10), {}, "nominal"),
        ("branch", each(range(100, 161), 10), {}, None),
        ("branch_size", each(range(101, 150), 10), {}, "continuous"),
        ("branch", each([x + 0.5 for x in range(20)], 10), {}, "continuous"),
        ("naics", each([x + 0.5 for x in range(20)], 10), {}, "nominal"),
        # Half stars.
        ("stars", each([0.0, 0.5, 1.0], 10), {}, "ordinal"),
        ("stars", each([x / 2 for x in range(21)], 10), {}, "ordinal"),
        ("stars", each([x / 2 for x in range(22)], 10), {}, "continuous"),
        ("stars", each([8.5, 9.5, 10.0], 10), {}, "ordinal"),
        ("stars", each([8.5, 9.5, 10.5], 10), {}, "continuous"),
        ("stars", each([-0.5, 0.5, 1.0], 10), {}, "continuous"),
        ("stars", each([0.5, 0.75, 1.0], 10), {}, "continuous"),
        ("stars", each([0.0, 0.5, 1.0], 10), {"distinct": 4}, "continuous"),
        ("height", each([0.0, 0.5, 1.0], 10), {}, "continuous"),
        # Few whole numbers with gaps are codes; round ones from nothing on are amounts.
        ("x", each([1, 4, 7, 19], 30), {}, "nominal"),
        ("x", each([1, 4, 7, 10, 13, 20], 30), {}, "nominal"),
        ("x", each([1, 4, 7, 10, 13, 16, 20], 30), {}, "count"),
        ("x", {1: 20, 2: 2, 3: 20, 4: 20}, {}, "nominal"),
        ("x", {1: 19, 2: 2, 3: 20, 4: 20}, {}, "ordinal"),
        ("x", {1: 20, 2: 3, 3: 20, 4: 20}, {}, "ordinal"),
        ("x", {0: 90, 50: 60, 150: 30, 200: 30}, {}, "positive"),
        ("x", {0: 90, 49: 60, 147: 30, 196: 30}, {}, "nominal"),
        ("x", {0: 90, 50: 60, 100: 30, 150: 30}, {}, "nominal"),
        ("x", {50: 90, 100: 60, 200: 30, 250: 30}, {}, "nominal"),
        # Counts are small and thin out.
        ("x", {3: 60, 4: 20, 5: 10, 6: 5, 20: 5, 7: 5, 8: 2}, {}, "count"),
        ("x", {4: 60, 5: 20, 6: 10, 7: 5, 21: 5, 8: 5, 9: 2}, {}, "positive"),
        ("x", each(range(40), 4), {"mean": 30.0, "sd": 17.0}, "count"),
        ("x", each(range(40), 4), {"mean": 30.1, "sd": 17.0}, "positive"),
        ("x", each(range(40), 4), {"mean": 10.0, "sd": 10.0}, "count"),
        ("x", each(range(40), 4), {"mean": 10.0, "sd": 10.1}, "continuous"),
        ("x", each(range(40), 4), {"maximum": 300, "sd": 5.0}, "count"),
        ("x", each(range(40), 4), {"maximum": 301, "sd": 5.0}, "continuous"),
        ("x", each(range(-1, 40), 4), {}, "continuous"),
        # A share is no amount of money, as long as it may be one.
        ("share", {0.0: 60, 1.5: 20, 100.0: 20}, {}, "continuous"),
        ("share", {0.0: 60, 1.5: 20, 100.1: 20}, {}, "positive"),
    ],
)  # fmt: skip
def test_how_numbers_are_measured(
    name: str, counts: Mapping[float, int], more: Mapping[str, Any], measure: str | None
) -> None:
    found = infer(of(name, counts, **more))
    assert found.measure == measure, found.why


@pytest.mark.parametrize(
    ("counts", "more", "measure"),
    [
        (each([f"town {i}" for i in range(60)], 2), {}, "nominal"),
        (each([f"town {i}" for i in range(61)], 2), {}, None),
        (each(["a", "b", "c"]), {}, "nominal"),
        (each(["a", "b", "c", "d"]), {}, None),
        (each(["a", "b", "c", "d"], 2), {}, "nominal"),
        (each(["1", "2", "12"], 9), {}, "ordinal"),
        (each(["1", "2", "123"], 9), {}, "nominal"),
        (each(["one", "two", "Don't know"], 9), {}, "binary"),
    ],
)
def test_how_texts_are_measured(
    counts: Mapping[str, int], more: Mapping[str, Any], measure: str | None
) -> None:
    assert infer(of("x", counts, **more)).measure == measure


def test_an_order_of_the_source_leaves_out_what_is_no_answer() -> None:
    counts = each(["low", "high", "top", "Don't know"], 9)
    found = infer(of("x", counts, order=("low", "high", "top", "Don't know")))
    assert found.levels == ("low", "high", "top")
    assert '("Don\'t know" counts as missing)' in found.why
    only = ("low", "Don't know", "No answer")
    alone = infer(of("x", each(only, 9), order=only))
    assert alone.levels == only
    assert "missing" not in alone.why


def quantiles(low: float, middle: float, high: float, **more: Any) -> Summary:
    known = {0.1: low, 0.25: low, 0.5: middle, 0.75: high, 0.9: high}
    told = {"type": "number", "n": 100, "rows": 100, "distinct": 50, "quantiles": known}
    ends = {"minimum": low, "maximum": high, "mean": middle, "sd": 10.0}
    return Summary("x", **{**told, **ends, **more})


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        (quantiles(0, 50, 100), "roughly symmetric"),
        (quantiles(0, 35, 100), "roughly symmetric"),
        (quantiles(0, 34, 100), "right-skewed"),
        (quantiles(0, 65, 100), "roughly symmetric"),
        (quantiles(0, 66, 100), "left-skewed"),
        (quantiles(0, 50, 100, mean=53.0), "roughly symmetric"),
        (quantiles(0, 50, 100, mean=53.1), "right-skewed"),
        (quantiles(0, 50, 100, mean=47.0), "roughly symmetric"),
        (quantiles(0, 50, 100, mean=46.9), "left-skewed"),
        (quantiles(0, 50, 100, mean=50.6, maximum=601), "right-skewed"),
        (quantiles(0, 50, 100, mean=50.6, maximum=600), "roughly symmetric"),
        (quantiles(0, 50, 100, mean=50.5, maximum=601), "roughly symmetric"),
        (quantiles(0, 50, 100, mean=50.6, maximum=601, sd=0.0), "roughly symmetric"),
        (quantiles(0, 50, 100, mean=None), "roughly symmetric"),
        (quantiles(5, 5, 5), "nearly constant"),
        (quantiles(0, 50, 100, zeros=0.5), "roughly symmetric"),
        (quantiles(0, 50, 100, zeros=0.51), "mostly zero"),
        (quantiles(0, 50, 100, n=0), ""),
        (quantiles(0, 50, 100, type="text"), ""),
        (quantiles(0, 50, 100, quantiles={}), ""),
    ],
)
def test_shapes(summary: Summary, told: str) -> None:
    assert shape(summary) == told


def test_where_most_values_are_is_told_by_ten_rows() -> None:
    def said(n: int) -> str:
        values = quantiles(1.5, 50.5, 99.5, n=n, rows=n, quantiles={
            0.1: 1.5, 0.25: 20.5, 0.5: 50.5, 0.75: 80.5, 0.9: 99.5})  # fmt: skip
        return infer(values).why

    assert "mostly from 1.5 to 99.5" in said(100)
    assert "mostly from 20.5 to 80.5" in said(99)
    assert "mostly from 20.5 to 80.5" in said(40)
    assert "mostly" not in said(39)


def test_zeros_are_told_of_ten_rows_and_one_in_a_hundred() -> None:
    def said(n: int, zeros: int) -> str:
        return infer(quantiles(1.5, 5.5, 99.5, n=n, rows=n, zeros=zeros / n)).why

    assert "10% of them zero" in said(100, 10)
    assert "zero" not in said(100, 9)
    assert "1% of them zero" in said(5000, 50)
    assert "zero" not in said(5000, 49)


@pytest.mark.parametrize(
    ("counts", "falls"),
    [
        ({0: 50, 1: 20, 2: 10}, True),
        ({0: 50, 1: 20, 2: 11}, False),
        ({1: 50, 2: 20, 3: 10}, True),
        ({2: 50, 3: 20, 4: 10}, False),
        ({0: 30, 1: 49, 2: 49, 3: 30, 4: 12, 5: 9}, True),
        ({0: 49, 1: 30, 2: 49, 3: 30, 4: 12, 5: 9}, False),
        ({0: 30, 1: 35, 2: 49, 3: 20, 4: 12, 5: 9}, True),
        ({0: 30, 1: 35, 2: 40, 3: 49, 4: 12, 5: 9}, False),
        ({0: 49, 1: 20, 2: 27, 3: 9}, True),
        ({0: 49, 1: 20, 2: 28, 3: 9}, False),
        ({0: 40, 1: 33, 2: 49, 3: 20, 4: 9, 5: 5}, True),
        ({0: 41, 1: 33, 2: 49, 3: 20, 4: 9, 5: 5}, False),
    ],
)
def test_counts_fall_off(counts: Mapping[int, int], falls: bool) -> None:
    assert falls_off(of("x", counts)) is falls


@pytest.mark.parametrize(
    ("counts", "gap"),
    [
        ({1: 20, 2: 2, 3: 20}, True),
        ({1: 20, 3: 20}, True),
        ({1: 20, 2: 3, 3: 20}, False),
        ({1: 19, 2: 1, 3: 20}, False),
        ({1: 20, 2: 1, 3: 19}, False),
        ({1: 2, 2: 20, 3: 20}, False),
    ],
)
def test_a_gap_is_rare_between_frequent_ones(counts: Mapping[int, int], gap: bool) -> None:
    assert has_gap(of("x", counts)) is gap


def even(name: str, low: int, high: int, **more: Any) -> Summary:
    return of(name, each(range(low, high + 1), 30), **more)


@pytest.mark.parametrize(
    ("columns", "levels"),
    [
        # Alone, a scale has at most ten steps between its ends, up to 10.
        ([even("x", 0, 10)], {"x": (0, 10)}),
        ([even("x", -5, 5)], {"x": (-5, 5)}),
        ([even("x", 0, 11)], {}),
        ([even("x", 1, 11)], {}),
        ([of("x", each([1, 2, 3, 5], 30))], {}),
        ([of("x", each([1, 2, 3, 4, 5, 10], 30))], {"x": (1, 10)}),
        ([of("x", each([1, 2, 3, 4, 10], 30))], {}),
        ([of("q1", each([1, 2, 5], 19))], {"q1": (1, 5)}),
        ([of("q1", each([1, 5, 2], 19)), of("x", each([1, 6, 2], 19))], {"q1": (1, 5)}),
        ([of("rating", each([2, 3, 4, 5], 30))], {"rating": (1, 5)}),
        ([of("rating", each([3, 4, 5], 30))], {"rating": (1, 5)}),
        ([of("rating", each([4, 5, 6, 7], 30))], {"rating": (4, 7)}),
        ([of("q7", each([3, 4, 5], 30))], {"q7": (1, 5)}),
        ([of("x", each([3, 4, 5], 30))], {"x": (3, 5)}),
        # Neighbors decide together: three of them are a battery.
        ([even(f"a{i}", 2, 5) for i in range(3)], {f"a{i}": (1, 5) for i in range(3)}),
        ([even(f"a{i}", 2, 5) for i in range(2)], {f"a{i}": (2, 5) for i in range(2)}),
        ([even("a1", 1, 5), even("a2", 1, 5), even("a3", 2, 5)],
         {"a1": (1, 5), "a2": (1, 5), "a3": (1, 5)}),
        ([even("b1", 1, 5), even("b2", 2, 5)], {"b1": (1, 5), "b2": (2, 5)}),
        ([even("c1", 1, 5), even("c2", 2, 5), even("c3", 3, 5)],
         {"c1": (1, 5), "c2": (2, 5), "c3": (3, 5)}),
        ([even("d1", 1, 7), even("d2", 1, 7), even("d3", 1, 4)],
         {"d1": (1, 7), "d2": (1, 7), "d3": (1, 4)}),
        ([even("d1", 1, 7), even("d2", 1, 7), even("d3", 1, 7), even("d4", 1, 4)],
         {"d1": (1, 7), "d2": (1, 7), "d3": (1, 7), "d4": (1, 7)}),
    ],
)  # fmt: skip
def test_where_scales_begin_and_end(
    columns: Sequence[Summary], levels: Mapping[str, tuple[int, int]]
) -> None:
    found = rating_scales(columns)
    assert {name: (int(s.levels[0]), int(s.levels[-1])) for name, s in found.items()} == levels


COUNTED = {1: 300, 2: 100, 3: 30, 4: 9, 5: 3}


def test_half_of_a_battery_makes_it_a_scale() -> None:
    tails = [of(f"x{i}", COUNTED) for i in range(2)]
    half = rating_scales([*tails, even("x3", 1, 5), even("x4", 1, 5)])
    assert list(half) == ["x0", "x1", "x3", "x4"]
    assert "as in 3 columns beside it" in half["x0"].why
    assert not rating_scales([*tails, even("x3", 1, 5)])
    pair = rating_scales([even("y1", 1, 5), even("y2", 1, 5)])
    assert "beside" not in pair["y1"].why


@pytest.mark.parametrize(("high", "told"), [(4, False), (5, True), (6, False), (7, True)])
def test_a_zero_of_a_battery_may_be_no_answer(high: int, told: bool) -> None:
    found = rating_scales([even(f"x{i}", 0, high) for i in range(3)])
    assert ("if 0 is no answer" in found["x0"].why) is told
    alone = rating_scales([even(f"x{i}", 0, high) for i in range(2)])
    assert "if 0 is no answer" not in alone["x0"].why


def test_steps_that_few_chose_are_named() -> None:
    scale = {1: 9, 2: 10, 3: 50, 4: 40, 5: 30}
    assert "few or none chose 1" in rating_scales([of("rating", scale)])["rating"].why
    rare = rating_scales([of("rating", each(range(1, 6), 9))])["rating"].why
    assert "few or none" not in rare  # where all are rare, all would be named


@pytest.mark.parametrize(
    ("name", "counts", "told"),
    [
        ("group", {"a": 110, "b": 90}, "equal size"),
        ("group", {"a": 115, "b": 85}, ""),
        ("group", {"a": 114, "b": 86}, "equal size"),
        ("group", each(list("abcdef"), 50), "equal size"),
        ("group", each(list("abcdefg"), 50), ""),
        ("group", each(["a", "blue"], 50), ""),
        ("plan", each(["a", "b"], 50), ""),
        ("x", {"control": 10, "offer": 90}, "control group"),
        ("x", {"control": 10, "offer": 50, "other": 40}, ""),
        ("test_group", {"control": 10, "offer": 50, "other": 40}, "control group"),
        ("satisfaction", {"control": 10, "offer": 90}, ""),
        ("variant", {"blue": 10, "red": 90}, "'variant' in its name"),
        ("variant_rating", {"blue": 10, "red": 90}, ""),
    ],
)
def test_what_customers_were_put_into(name: str, counts: Mapping[str, int], told: str) -> None:
    said = assigned(of(name, counts))
    assert told in said
    assert bool(said) is bool(told)
    assert not assigned(of(name, counts, distinct=len(counts) + 1))


def codes(counts: Mapping[float, int], *, named: bool = False) -> tuple[float, ...]:
    values = Counter(counts)
    return codes_for_no_answer(
        np.array(list(values), dtype=float), np.array(list(values.values())), codes=named
    )


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        # A code has three rows and half a percent of them.
        ({-9: 3, 1: 30, 2: 30}, (-9,)),
        ({-9: 2, 1: 30, 2: 30}, ()),
        ({-9: 5, 1: 500, 2: 495}, (-9,)),
        ({-9: 4, 1: 500, 2: 496}, ()),
        # Three codes at most, and two numbers that are none.
        ({-9: 5, -8: 5, -7: 5, 1: 30, 2: 30}, (-9, -8, -7)),
        ({-99: 5, -9: 5, -8: 5, -7: 5, 1: 30, 2: 30}, ()),
        ({-9: 5, 1: 30}, ()),
        ({-9: 5, -8: 5, 1: 30}, ()),
        # From -7 down a code stands apart even from nothing; -1 may be a step.
        ({-7: 5, 0: 30, 1: 30}, (-7,)),
        ({-3: 5, 0: 30, 1: 30}, ()),
        ({-1: 5, 0: 30, 1: 30, 2: 30, 3: 30}, ()),
        ({-1: 5, 0: 30, 1: 30, 2: 30, 4: 30}, (-1,)),
        ({-1: 5, 1: 30, 2: 30, 3: 30}, (-1,)),
        ({-9: 5, -4: 5, 1: 30, 2: 30}, ()),
        ({-6: 5, 1: 30, 2: 30}, ()),
        # Above a scale, a code leaves out a step.
        ({1: 30, 2: 30, 6: 30, 8: 30}, (8,)),
        ({1: 30, 2: 30, 7: 30, 8: 30}, ()),
        ({1: 30, 2: 30, 10: 30, 66: 30}, (66,)),
        # Nine may be the end of a tail; more rows than before it, or two percent, are none.
        ({0: 900, 1: 80, 2: 19, 9: 20}, (9,)),
        ({0: 900, 1: 80, 7: 19, 9: 19}, ()),
        ({0: 900, 1: 80, 7: 30, 9: 21}, (9,)),
        ({0: 900, 1: 80, 7: 30, 9: 20}, ()),
        # Ninety-nine beside a scale is none, however few.
        ({0: 900, 1: 80, 7: 19, 99: 10}, (99,)),
        # Beyond measurements: 66 or more, and a quarter of their range away.
        ({0: 10, 20: 10, 52: 10, 66: 10}, (66,)),
        ({0: 10, 20: 10, 53: 10, 66: 10}, ()),
        ({1000: 10, 2000: 10, 7999: 10, 9999: 10}, (9999,)),
        ({1000: 10, 2000: 10, 8200: 10, 9999: 10}, ()),
        # Beside a usual one, a code may be rare.
        ({1: 300, 2: 300, 97: 1, 98: 30}, (97, 98)),
        ({1: 300, 2: 300, 97: 1, 98: 1}, ()),
        ({1: 30, 2: 30, 96: 9, 97: 9, 98: 9, 99: 9}, ()),
        ({1: 30, 99: 30}, ()),
        ({1: 30, 2: 30, 98: 30, float("inf"): 5}, (98,)),
        ({1.5: 30, 2: 30, 8: 30}, ()),
    ],
)  # fmt: skip
def test_what_stands_for_no_answer(counts: Mapping[float, int], found: tuple[float, ...]) -> None:
    assert codes(counts) == found
    assert codes(dict(reversed(counts.items()))) == found
    assert codes(counts, named=True) == tuple(code for code in found if code < 0)


UNDER = [-1, -2, -3, -7, -8, -9, -66, -77, -88, -97, -98, -99, -777, -888, -999, -9999, -99999]
OVER = [8, 9, 66, 77, 88, 96, 97, 98, 99, 777, 888, 997, 998, 999, 9998, 9999, 99999, 999999]


@pytest.mark.parametrize("code", [*UNDER, *OVER, 9999999])
def test_each_code_of_programs_is_known_and_its_neighbors_are_not(code: int) -> None:
    assert codes({1: 30, 2: 30, 3: 30, code: 9}) == (code,)
    known = {*UNDER, *OVER, 9999999}
    for beside in {code - 1, code + 1} - known - {0}:
        assert codes({1: 30, 2: 30, 3: 30, beside: 9}) == ()
