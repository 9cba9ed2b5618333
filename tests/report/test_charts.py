"""Charts: positions, escaping, nothing outside the picture."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.segmentation import Segmentation
from forwhom.report.drawing.lettering import rough_width, text_width, wrapped
from forwhom.report.drawing.svg import element
from forwhom.report.segmentation import charts, summarize
from forwhom.report.segmentation.charts.curves import nice_ticks
from forwhom.report.segmentation.profiles import Contrast

from .made import amount, typical, value


def test_text_and_attributes_are_escaped() -> None:
    made = element("text", '<b>"x"</b>', class_='"><script>')
    assert "<b>" not in made
    assert "<script>" not in made


def test_positions_across_stay_in_the_picture(segmentation: Segmentation) -> None:
    summary = summarize(segmentation)
    pictures = [charts.share_bar(c, max(d.high for d in summary.cards)) for c in summary.cards]
    pictures += [
        charts.effect_bar("e", card, item) for card in summary.cards for item in card.first
    ]
    limit = charts.contrast_limit(summary.contrasts)
    pictures += [charts.contrast_dots("c", c, summary.cards, limit) for c in summary.contrasts]
    assert summary.selection is not None
    pictures.append(charts.selection_curves(summary.selection))
    for picture in pictures:
        places = [float(p) for p in re.findall(r'"(-?[\d.]+)%"', picture)]
        assert places
        assert all(0 <= p <= 100 for p in places)


def test_a_bar_is_as_long_as_its_share(grocery: Segmentation) -> None:
    card = summarize(grocery).cards[0]
    assert f'width="{98 * 0.342:.2f}%"' in charts.share_bar(card, 1.0)


def test_an_effect_points_to_its_side(grocery: Segmentation) -> None:
    card = summarize(grocery).cards[0]
    more, less = (next(d for d in card.first if (d.effect > 0) is up) for up in (True, False))
    assert 'class="fill"' in charts.effect_bar("a", card, more)
    assert re.search(r'<rect x="50%"[^>]*class="fill"', charts.effect_bar("a", card, more))
    assert not re.search(r'<rect x="50%"[^>]*class="fill"', charts.effect_bar("a", card, less))
    assert "less than the other customers" in charts.effect_bar("a", card, less)


def test_dots_of_equal_value_do_not_cover_each_other(grocery: Segmentation) -> None:
    cards = summarize(grocery).cards
    same = Contrast("v", "label", (0.5, 0.5, 0.5, None))
    picture = charts.contrast_dots("c", same, cards, 1.0)
    heights = re.findall(r'<circle cx="[^"]*" cy="(\d+)"', picture)
    assert len(heights) == len(set(heights)) == 3
    assert "1 not shown" in picture


def test_the_chosen_number_is_marked(grocery: Segmentation) -> None:
    selection = summarize(grocery).selection
    assert selection is not None
    picture = charts.selection_curves(selection)
    assert ">4 chosen<" in picture
    assert "BIC is lowest at" in picture


def test_the_map_shows_every_probability(grocery: Segmentation) -> None:
    summary = summarize(grocery)
    picture = charts.overlap_map(summary.overlap, summary.cards)
    assert picture.count('class="cell middle"') == 16
    assert ">95%<" in picture
    assert ">&lt;0.1%<" in picture


@settings(max_examples=60)
@given(st.floats(-1e9, 1e9, allow_subnormal=False), st.floats(1e-3, 1e9, allow_subnormal=False))
def test_ticks_span_the_values(low: float, size: float) -> None:
    ticks = nice_ticks(low, low + size)
    assert ticks[0] <= low + 1e-6 * abs(low)
    assert ticks[-1] >= (low + size) - 1e-6 * abs(low + size)
    assert 2 <= len(ticks) <= 9


def test_equal_values_have_ticks_too() -> None:
    assert len(nice_ticks(5.0, 5.0)) >= 2


@pytest.mark.parametrize(
    "text", ["short", "several words that do not fit", "x" * 300_000, "数字" * 40, "é́́" * 90, ""]
)
def test_wrapped_lines_fit(text: str) -> None:
    lines = wrapped(text, 100, 12, 2)
    assert len(lines) <= 2
    assert all(rough_width(line, 12) <= 100 for line in lines)


def test_no_letter_is_much_wider_than_it_is_high() -> None:
    letters = "aWΩЖשעم अกമကසతಕதក中🙂—"
    assert all(0.2 < text_width(letter, 1.0) <= 1.2 for letter in letters)


def test_predicted_against_actual_lies_on_the_line_where_both_are_the_same() -> None:
    told = value(0.5, 0.5, predicted=10.0, followed=10.0)
    lower = told.checked[1].model_copy(update={"spent": amount(5.0)})
    found = typical().model_copy(
        update={"value": told.model_copy(update={"checked": [told.checked[0], lower]})}
    )
    said = summarize(found).ahead
    assert said is not None
    drawn = charts.calibration_plot(said)
    assert "1: 10 predicted, 10 followed" in drawn
    dots = re.findall(r'<g class="dot[^>]*><circle cx="([\d.]+)%" cy="([\d.]+)"', drawn)
    (x1, y1), (x2, y2) = [(float(x), float(y)) for x, y in dots]
    assert x1 == x2
    across, upwards = (x1 - 12) / 85, (296 - y1) / 272
    assert across == pytest.approx(upwards, abs=0.001)
    assert y2 > y1


def test_nobody_says_that_segments_bring_enough_where_the_check_has_failed() -> None:
    told = []
    for followed in (10.0, 20.0):
        found = typical().model_copy(update={"value": value(0.99, 0.01, followed=followed)})
        said = summarize(found).ahead
        assert said is not None
        told.append([row[-1] for row in said.rows])
    assert told[0] == ["yes (99%)", "no (1%)"]
    assert told[1] == ["we cannot tell (by the model 99%)", "we cannot tell (by the model 1%)"]
