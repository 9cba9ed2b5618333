"""Every function of the library that works on a canvas takes a canvas or the path of one."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import forwhom as fw
from forwhom.documents.experimentfile import parse_plan
from forwhom.errors import ForwhomError, OptionError

EXAMPLE = Path(__file__).parents[2] / "examples" / "penny-path"


def functions(out: Path) -> dict[str, Callable[[Any], object]]:
    """What each function does with a canvas; ``out`` is where it may write."""
    place = out / "out"
    return {
        "align": lambda c: fw.align(c, replicates=50),
        "assess_fit": fw.assess_fit,
        "compare_curves": fw.compare_curves,
        "convert_canvas": lambda c: fw.convert_canvas(c, "lean-canvas").text,
        "decide_segments": lambda c: fw.decide_segments(c, draws=100),
        "draw_canvas": lambda c: fw.draw_canvas(c, "md", framework="canvas-13"),
        "export_canvas": lambda c: fw.export_canvas(c, f"{place}.csv", overwrite=True).text,
        "funding": lambda c: fw.funding(c, today="2026-11-25").flows,
        "lint_canvas": lambda c: [d.message for d in fw.lint_canvas(c).diagnostics],
        "map_jobs": fw.map_jobs,
        "market_type": lambda c: fw.market_type(canvas=c),
        "next_steps": fw.next_steps,
        "plan_experiment": lambda c: fw.plan_experiment(PLAN, canvas=c, today=DAY).plan,
        "propose_participants": lambda c: fw.propose_participants(fw.funding(EXAMPLE_FILE), c)[0],
        "purchase_map": fw.purchase_map,
        "rank_needs": fw.rank_needs,
        "separate_segments": fw.separate_segments,
        "tell_stories": fw.tell_stories,
        "write_drawing": lambda c: fw.write_drawing(
            c, f"{place}.svg", overwrite=True
        ).read_bytes(),
        "write_strategies": lambda c: fw.write_strategies(
            c, fw.align(EXAMPLE_FILE, replicates=50)
        ).text,
        "write_workshop": lambda c: fw.write_workshop(c, f"{place}.pdf", overwrite=True).plan,
    }  # fmt: skip


EXAMPLE_FILE = EXAMPLE / "canvas.yaml"
DAY = date(2026, 11, 2)
PLAN = parse_plan(
    "{forwhom: 1, kind: plan, id: tasks, statement: They go on, hypothesis: second-month,"
    " outcome: {column: went_on, kind: share, baseline: 0.1}, arms: {booklet: 1, postcard: 1},"
    " effect: 0.05}"
)
#: These go without a canvas, too.
OPTIONAL = {"market_type", "plan_experiment"}
#: These take a canvas of their own segments: other tests try them.
OTHERS = {"write_canvas", "seed_canvas", "accept_claims", "audit_fairness", "propose_needs"}
VALUES = (None, 7, {"forwhom": 1}, b"canvas.yaml", "forwhom: 1\nkind: canvas\n")
NAMES = sorted(functions(Path()))


@pytest.fixture
def canvas(tmp_path: Path) -> Path:
    """A copy of an example, in a folder of its own."""
    return shutil.copytree(EXAMPLE, tmp_path / "penny-path") / "canvas.yaml"


@pytest.mark.parametrize("name", NAMES)
def test_a_canvas_and_its_path_give_the_same(name: str, canvas: Path, tmp_path: Path) -> None:
    run = functions(tmp_path)[name]
    before = canvas.read_bytes()
    wanted = run(fw.read_canvas(canvas))
    assert run(canvas) == wanted
    assert run(str(canvas)) == wanted
    assert canvas.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [(n, v) for n in NAMES for v in VALUES if not (v is None and n in OPTIONAL)],
)
def test_anything_else_is_refused_in_words(name: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(ForwhomError) as caught:
        functions(tmp_path)[name](value)
    assert caught.value.advice
    if name not in ("align", "funding"):  # these take tables as well
        assert isinstance(caught.value, OptionError)
        assert "A canvas was expected, and this is" in str(caught.value)


def test_every_function_with_a_canvas_is_among_them() -> None:
    public = {name: getattr(fw, name) for name in fw.__all__}
    taking = {
        name
        for name, one in public.items()
        if inspect.isfunction(one) and "canvas" in inspect.signature(one).parameters
    }
    assert taking - OTHERS <= set(NAMES)


def test_other_arguments_are_refused_in_words(canvas: Path, tmp_path: Path) -> None:
    for call in (
        lambda: fw.draw_canvas(canvas, framework=5),  # type: ignore[arg-type]
        lambda: fw.draw_canvas(canvas, "gif"),  # type: ignore[arg-type]
        lambda: fw.draw_canvas(canvas, None),  # type: ignore[arg-type]
        lambda: fw.write_drawing(canvas, None),  # type: ignore[arg-type]
        lambda: fw.write_drawing(canvas, "out.doc"),
        lambda: fw.export_canvas(canvas, 5),  # type: ignore[arg-type]
        lambda: fw.export_canvas(canvas, "x.csv", "xlsx"),  # type: ignore[arg-type]
        lambda: fw.convert_canvas(canvas, None),  # type: ignore[arg-type]
        lambda: fw.new_canvas(None),  # type: ignore[arg-type]
        lambda: fw.read_canvas(None),  # type: ignore[arg-type]
        lambda: fw.parse_canvas(None),  # type: ignore[arg-type]
        lambda: fw.import_canvas(None),  # type: ignore[arg-type]
        lambda: fw.write_canvas(None, tmp_path / "x.yaml"),  # type: ignore[arg-type]
        lambda: fw.write_choices(fw.rank_needs(canvas), 5),  # type: ignore[arg-type]
        lambda: fw.write_workshop(canvas, "out"),
    ):
        with pytest.raises(OptionError) as caught:
            call()
        assert caught.value.advice
