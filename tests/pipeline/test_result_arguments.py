"""Functions that take what another one returned refuse anything else in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import forwhom as fw
from forwhom.documents.canvas import parse_canvas
from forwhom.errors import OptionError

CANVAS = parse_canvas("{forwhom: 1, kind: canvas}")
TAKING: dict[str, Callable[[Any, Path], object]] = {
    "draw_purchase_map": lambda value, _: fw.draw_purchase_map(value),
    "write_alignment": fw.write_alignment,
    "write_choices": fw.write_choices,
    "write_strategies": lambda value, _: fw.write_strategies(CANVAS, value),
}


@pytest.mark.parametrize("value", [None, 7, {}, "canvas.yaml", CANVAS])
@pytest.mark.parametrize("name", sorted(TAKING))
def test_anything_else_is_refused_in_words(name: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"was expected, and this is .* Give what forwhom\."):
        TAKING[name](value, tmp_path / "out.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("draws", [99, 1_000_001])
def test_draws_have_ends(draws: int) -> None:
    canvas = parse_canvas(
        "{forwhom: 1, kind: canvas, segments: [{id: a, name: A}, {id: b, name: B}],"
        " decision: {criteria: [{id: x, name: X}], scores: {a: {x: 1}, b: {x: 2}}}}"
    )
    with pytest.raises(OptionError, match="draws of weights are too"):
        fw.decide_segments(canvas, draws=draws)
