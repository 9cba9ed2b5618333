"""Numbers in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.report import words


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
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.342, "34%"), (0.0042, "0.4%"), (0.0004, "under 0.1%"), (0.9996, "over 99.9%"),
     (0.995, "99.5%"), (0.0099, "1%"), (1.0, "100%"), (0.0, "0%"), (None, "–")],
)  # fmt: skip
def test_percent(value: float | None, text: str) -> None:
    assert words.percent(value) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(12, "days", "12 days"), (1, "days", "1 day"), (1, "glass", "1 glass"), (1234, "$", "$1,234"),
     (-5, "€", "−€5"), (0.34, "share", "34%"), (34, "%", "34%"), (3, None, "3"),
     (12, "USD", "12 USD")],
)  # fmt: skip
def test_quantity(value: float, unit: str | None, text: str) -> None:
    assert words.quantity(value, unit) == text


def test_ranges_say_the_unit_once() -> None:
    assert words.quantity_range(3, 12, "days") == "3–12 days"
    assert words.quantity_range(3, 3, "days") == "3 days"
    assert words.quantity_range(-3, 12, "days") == "−3 to 12 days"
    assert words.quantity_range(3, 12, "$") == "$3–$12"
    assert words.quantity_range(0.08, 0.44, "share") == "8–44%"
    assert words.percent_range(0.31, 0.37) == "31–37%"
    assert words.percent_range(-0.01, 0.0004) == "0% to under 0.1%"


def test_counts_and_lists() -> None:
    assert words.counted(4, "segment") == "Four segments"
    assert words.counted(1, "segment") == "One segment"
    assert words.counted(13, "segment") == "13 segments"
    assert words.count(1, "customer") == "1 customer"
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.span([1, 2, 3, 4]) == "1 to 4"
    assert words.span([2, 4, 8]) == "2, 4 and 8"


def test_judgments_follow_their_bounds() -> None:
    assert [words.how_sure(p) for p in (0.95, 0.85, 0.75, 0.5)] == [
        "very sure", "sure", "fairly sure", "unsure",
    ]  # fmt: skip
    assert words.how_separate(0.8) == "clearly separated"
    assert words.how_separate(0.1) == "strongly overlapping"
    assert words.how_large(-0.9) == "large difference"
    assert words.how_large(0.1) == "very small difference"


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_clean_text_can_be_printed_and_stays_clean(text: str) -> None:
    cleaned = words.clean(text)
    assert words.clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\x1b" not in cleaned
    assert "\n" not in cleaned


def test_clean_keeps_other_scripts() -> None:
    assert words.clean("عملاء 数字 ñandú 👍") == "عملاء 数字 ñandú 👍"


@settings(max_examples=60, deadline=None)
@given(st.floats(allow_nan=False))
def test_every_number_has_words(value: float) -> None:
    assert words.number(value)
    assert words.quantity(value, "days").endswith(("days", "day"))
