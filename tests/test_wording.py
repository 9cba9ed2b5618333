"""Numbers in words."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forwhom
from forwhom.wording import (
    clean,
    count,
    counted,
    decimal,
    listed,
    number,
    pair,
    percent,
    percent_range,
    quantity,
    quantity_range,
    ratio,
    span,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1234.5, "1,234"), (999.7, "1,000"), (123.4, "123"), (12.34, "12.3"),
        (12.0, "12"), (1.2345, "1.23"), (0.01234, "0.012"), (0.00001, "1e-5"), (5e-69, "0"),
        (-5e-69, "0"),
        (-12.34, "−12.3"),
        (2_500_000, "2.5 million"), (3.2e9, "3.2 billion"), (None, "–"), (math.nan, "–"),
        (math.inf, "∞"), (-math.inf, "−∞"), (-0.0, "0"),
    ],
)  # fmt: skip
def test_number(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.342, "34%"), (0.0042, "0.4%"), (0.0004, "under 0.1%"), (0.9996, "over 99.9%"),
     (0.995, "99.5%"), (0.0099, "1%"), (1.0, "100%"), (0.0, "0%"), (None, "–")],
)  # fmt: skip
def test_percent(value: float | None, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(12, "days", "12 days"), (1, "days", "1 day"), (1, "glass", "1 glass"), (1234, "$", "$1,234"),
     (-5, "€", "−€5"), (0.34, "share", "34%"), (34, "%", "34%"), (3, None, "3"),
     (12, "USD", "12 USD")],
)  # fmt: skip
def test_quantity(value: float, unit: str | None, text: str) -> None:
    assert quantity(value, unit) == text


def test_ranges_say_the_unit_once() -> None:
    assert quantity_range(3, 12, "days") == "3–12 days"
    assert quantity_range(3, 3, "days") == "3 days"
    assert quantity_range(-3, 12, "days") == "−3 to 12 days"
    assert quantity_range(3, 12, "$") == "$3–$12"
    assert quantity_range(0.08, 0.44, "share") == "8–44%"
    assert percent_range(0.31, 0.37) == "31–37%"
    assert percent_range(-0.01, 0.0004) == "0% to under 0.1%"


def test_counts_and_lists() -> None:
    assert counted(4, "segment") == "Four segments"
    assert counted(1, "segment") == "One segment"
    assert counted(13, "segment") == "13 segments"
    assert count(1, "customer") == "1 customer"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert span([1, 2, 3, 4]) == "1 to 4"
    assert span([2, 4, 8]) == "2, 4 and 8"


@settings(max_examples=60)
@given(st.text())
def test_clean_text_can_be_printed_and_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\x1b" not in cleaned
    assert "\n" not in cleaned


def test_clean_keeps_other_scripts() -> None:
    assert clean("عملاء 数字 ñandú 👍") == "عملاء 数字 ñandú 👍"


@settings(max_examples=60)
@given(st.floats(allow_nan=False))
def test_every_number_has_words(value: float) -> None:
    assert number(value)
    assert quantity(value, "days").endswith(("days", "day"))


SHARES = st.one_of(
    st.floats(0, 1), st.floats(0, 1e-3), st.floats(0.99, 1), st.sampled_from([0.0, 1.0, 5e-324])
)
BOUNDS = {
    "under 0.1%": 0.0005,
    "over 99.9%": 0.9995,
    "under 0.01%": 0.00005,
    "over 99.99%": 0.99995,
}


def told(text: str) -> float:
    """The share that a text says, the middle of what it leaves open."""
    return BOUNDS.get(text) or float(text.removesuffix("%")) / 100


@settings(max_examples=200)
@given(SHARES, SHARES, st.sampled_from([0, 1, 2]))
def test_shares_keep_their_order_and_never_lie_about_nothing_and_all(
    first: float, second: float, decimals: int
) -> None:
    low, high = sorted((first, second))
    said = percent(low, decimals), percent(high, decimals)
    assert told(said[0]) <= told(said[1])
    for share, text in zip((low, high), said, strict=True):
        assert (told(text) == 0) == (share == 0)
        assert (told(text) == 1) == (share == 1)
        assert abs(told(text) - share) <= 0.0051
        assert len(text) <= len("over 99.9%") + max(decimals - 1, 0)


@settings(max_examples=100)
@given(st.floats(-1e300, 1e300), st.floats(-1e7, 1e7))
def test_numbers_keep_their_order_and_stay_short(first: float, second: float) -> None:
    def value(text: str) -> float:
        digits, _, word = text.replace("−", "-").replace(",", "").partition(" ")
        return float(digits) * {"": 1.0, "million": 1e6, "billion": 1e9}[word]

    low, high = sorted((first, second))
    assert value(number(low)) <= value(number(high))
    for given_, text in ((low, number(low)), (high, number(high))):
        assert abs(value(text) - given_) <= 0.051 * abs(given_) or abs(given_) < 1e-3
        assert len(text) <= len("−999,999.99 billion")


@settings(max_examples=60)
@given(st.lists(st.text("ab", min_size=1), min_size=1, max_size=12), st.integers(1, 8))
def test_a_list_tells_how_much_it_leaves_out(parts: list[str], most: int) -> None:
    said = listed(parts, most)
    left = len(parts) - most
    assert said.endswith(f" and {left} more") == (left > 1)
    assert said.count(",") + said.count(" and ") == min(len(parts), most + 1) - 1


def test_numbers_of_a_column_keep_their_decimals() -> None:
    assert [decimal(x, 1, sign=True) for x in (0.04, -0.04, 2, -2.26)] == [
        "0.0", "0.0", "+2.0", "−2.3",
    ]  # fmt: skip
    assert pair(1_234_567, 1_236_000, "$") == ("$1.23 million", "$1.24 million")
    assert pair(0.5, 0.5, "share") == ("50%", "50%")


def test_in_a_sentence_two_digits_are_enough() -> None:
    assert [number(x, 2) for x in (0, 0.0349, 5.234, 41.2, 1234.5, -3)] == [
        "0", "0.035", "5.2", "41", "1,234", "−3",
    ]  # fmt: skip
    assert number(float("nan")) == "–"
    assert [percent(x) for x in (0, 0.001, 0.34, 0.999, 1)] == [
        "0%", "0.1%", "34%", "99.9%", "100%",
    ]  # fmt: skip
    assert quantity(1, "orders") == "1 order"
    assert quantity(-2, "$") == "−$2"
    assert quantity(7, "%") == "7%"
    assert ratio(500, 1) == "over 100 times as much"
    assert ratio(3, 2, "days") == "1.5 times as long"
    assert ratio(1, 0) == ""


def test_nobody_else_says_shares_and_lists() -> None:
    source = Path(forwhom.__file__).parent
    own = re.compile(r""":\.\d%\}|["'] (and|or) ["']\.join""")
    found = [p.name for p in source.rglob("*.py") if own.search(p.read_text(encoding="utf-8"))]
    assert not found
