"""Contrast, computed from the palette in both schemes (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest

from forwhom.report.drawing.palette import colors as colors_of
from forwhom.report.drawing.palette import drawing_style
from forwhom.report.segmentation.charts.overlap import STRONGEST

Color = tuple[float, float, float]
REPORT = Path(str(resources.files("forwhom.report")))


def palettes() -> dict[str, dict[str, Color]]:
    css = (resources.files("forwhom.report") / "templates" / "palette.css").read_text("utf-8")
    light, dark = re.findall(r":root \{([^}]*#[^}]*)\}", css)
    return {
        name: {
            key: tuple(int(value[i : i + 2], 16) / 255 for i in (0, 2, 4))
            for key, value in re.findall(r"--([\w-]+): #([0-9a-f]{6});", block)
        }
        for name, block in (("light", light), ("dark", dark))
    }


def luminance(color: Color) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(first: Color, second: Color) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def blended(over: Color, under: Color, opacity: float) -> Color:
    a, b, c = (opacity * o + (1 - opacity) * u for o, u in zip(over, under, strict=True))
    return a, b, c


@pytest.fixture(params=["light", "dark"])
def colors(request: pytest.FixtureRequest) -> dict[str, Color]:
    return palettes()[request.param]


def test_white_on_black_is_21() -> None:
    assert contrast((1, 1, 1), (0, 0, 0)) == pytest.approx(21)


def test_colors_stand_in_the_palette_and_nowhere_else() -> None:
    files = [p for p in REPORT.rglob("*") if p.suffix in (".py", ".css", ".jinja")]
    written = {p.name: re.findall(r"#[0-9a-fA-F]{6}\b", p.read_text("utf-8")) for p in files}
    assert [name for name, colors in written.items() if colors] == ["palette.css"]


def test_a_drawing_of_its_own_needs_no_variable() -> None:
    style = drawing_style("alignment/drawing.css")
    light, dark = style.split("@media")
    assert f".paper {{ fill: {colors_of()['paper']}; }}" in light
    assert f".paper {{ fill: {colors_of(dark=True)['paper']}; }}" in dark
    assert "var(" not in style + drawing_style("choices/drawing.css")


def test_both_schemes_have_the_same_colors() -> None:
    found = palettes()
    assert found["light"].keys() == found["dark"].keys()
    assert sum(name.startswith("accent-") for name in found["light"]) == 12


@pytest.mark.parametrize("text", ["ink", "muted", "link"])
@pytest.mark.parametrize("behind", ["paper", "surface", "notice"])
def test_text_is_readable(colors: dict[str, Color], text: str, behind: str) -> None:
    assert contrast(colors[text], colors[behind]) >= 4.5


@pytest.mark.parametrize("accent", range(1, 13))
def test_accents_are_readable(colors: dict[str, Color], accent: int) -> None:
    color = colors[f"accent-{accent}"]
    assert contrast(color, colors["on-accent"]) >= 4.5
    assert contrast(color, colors["surface"]) >= 4.5
    assert contrast(color, colors["paper"]) >= 3


@pytest.mark.parametrize("line", ["control", "notice-line", "ink"])
def test_lines_that_carry_meaning_are_visible(colors: dict[str, Color], line: str) -> None:
    assert contrast(colors[line], colors["paper"]) >= 3
    assert contrast(colors[line], colors["surface"]) >= 3


def test_numbers_on_the_map_are_readable(colors: dict[str, Color]) -> None:
    for shade in (0.0, STRONGEST / 2, STRONGEST):
        assert contrast(colors["ink"], blended(colors["heat"], colors["paper"], shade)) >= 4.5
