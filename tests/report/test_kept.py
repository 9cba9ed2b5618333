"""Everything that is drawn or written of the examples is as it was when a person last looked at it.

A picture is right when it looks right, which no assertion tells; but any change of it is seen here.
After a change that is meant, look at what changed, then: ``python -m tests.report.test_kept``.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import warnings
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import forwhom as fw
from forwhom.choices.jobmaps import map_jobs
from forwhom.choices.purchase.tracing import purchase_map
from forwhom.choices.stories import tell_stories
from forwhom.documents.canvas import Canvas, framework_names, parse_canvas, read_canvas
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.errors import ForwhomError
from forwhom.pipeline.nextsteps import next_steps
from forwhom.report.alignment.heat import alignment_svg
from forwhom.report.alignment.page import alignment_html
from forwhom.report.alignment.text import alignment_text
from forwhom.report.canvas import draw_purchase_map, purchase_text
from forwhom.report.choices.writing import choices_html, choices_markdown, choices_svg, choices_text
from forwhom.report.nextsteps.writing import (
    next_steps_html,
    next_steps_markdown,
    next_steps_text,
)
from forwhom.report.segmentation import report_html, summary_text
from forwhom.report.stories.writing import stories_html, stories_markdown, stories_text
from forwhom.version import __version__

from ..alignment.everything import exercise  # noqa: TID252
from ..choices import test_deciding, test_fit, test_jobmaps, test_stories  # noqa: TID252
from ..documents.everything import (  # noqa: TID252
    of_carrying,
    of_privacy,
    of_seeding,
    of_slips,
)
from ..funders.everything import of_money  # noqa: TID252
from . import canvases
from .conftest import BUILDERS
from .test_choices import SEGMENTS
from .test_purchase_map import crowd, map_of

EXAMPLES = Path(__file__).parents[2] / "examples"
CANVASES = tuple(
    f"{name}/{canvas}"
    for name in ("clinic-notes", "penny-path", "shared-harvest")
    for canvas in ("canvas", "canvas-broken")
)
KEPT = Path(__file__).with_name("kept.txt")
TEXTS = {"full": canvases.FULL, "stories": test_stories.FULL, "job-map": test_jobmaps.CANVAS,
         "fit": test_fit.CANVAS, "curves": test_deciding.CURVES, "scores": SEGMENTS,
         "decisions": canvases.DECISIONS, "tied": canvases.TIED,
         "separate": canvases.SEPARATE}  # fmt: skip
TODAY = datetime.date(2026, 11, 25)
QUESTIONS: dict[str, Any] = {
    "needs": partial(fw.rank_needs, draws=200), "fit": fw.assess_fit, "curves": fw.compare_curves,
    "decision": partial(fw.decide_segments, draws=1000), "separate": fw.separate_segments,
    "jobs": map_jobs, "stories": tell_stories, "next": partial(next_steps, today=TODAY),
    "purchase": purchase_map,
}  # fmt: skip
CHOSEN: dict[str, Any] = {
    "txt": choices_text, "html": choices_html, "svg": choices_svg, "md": choices_markdown,
}  # fmt: skip
DRAWN: dict[str, dict[str, Any]] = {
    # Lines are as long as they are: where they break hangs on how long the path of a file is.
    "stories": {
        "txt": partial(stories_text, width=10_000),
        "html": stories_html,
        "md": stories_markdown,
    },
    "next": {"txt": next_steps_text, "html": next_steps_html, "md": next_steps_markdown},
    "purchase": {"txt": purchase_text, "svg": draw_purchase_map},
}


def of_canvas(name: str, piece: str) -> Iterator[tuple[str, str]]:
    """What is made of a canvas, each with what it is called."""
    canvas = canvas_called(name)
    if piece == "board":
        forms = ("svg", "html", "md")
        yield from ((f"board.{form}", str(fw.draw_canvas(canvas, form))) for form in forms)  # type: ignore[arg-type]
    elif piece == "alignment":
        if canvas.alignment is not None and (canvas.alignment.file or canvas.alignment.ratings):
            yield from of_alignment(fw.align(canvas, replicates=40))
    elif piece in framework_names():
        yield f"{piece}.svg", str(fw.draw_canvas(canvas, "svg", framework=piece))
    else:
        yield from of_question(piece, canvas)


def of_question(piece: str, canvas: Canvas) -> Iterator[tuple[str, str]]:
    try:
        found = QUESTIONS[piece](canvas)
    except ForwhomError as error:  # there is nothing to say
        yield piece, str(error)
        return
    yield f"{piece}.json", data(found)
    for form, drawn in DRAWN.get(piece, CHOSEN).items():
        try:
            yield f"{piece}.{form}", str(drawn(found))
        except ForwhomError as error:  # there is nothing to draw
            yield f"{piece}.{form}", str(error)


@cache
def canvas_called(name: str) -> Canvas:
    place = EXAMPLES / f"{name}.yaml"
    return parse_canvas(TEXTS[name]) if name in TEXTS else read_canvas(place)


def of_alignment(found: AlignmentResult) -> Iterator[tuple[str, str]]:
    yield "alignment.txt", alignment_text(found)
    yield "alignment.html", alignment_html(found)
    yield "alignment.svg", alignment_svg(found)
    yield "alignment.json", data(found)


def of_crowds() -> Iterator[tuple[str, str]]:
    for size in (1, 5, 14):
        for right in (False, True):
            found = map_of(crowd(size), right_to_left=right, language="ar" if right else "en")
            yield f"{size}-{found.language}.svg", str(draw_purchase_map(found))


def data(found: Any) -> str:
    return json.dumps(rounded(found.model_dump(mode="json")), sort_keys=True)


def rounded(value: Any) -> Any:
    """Numbers as far as every machine computes them alike."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 6) + 0.0 if isinstance(value, float) else value


@cache
def kept() -> dict[str, str]:
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    return dict(line.split(maxsplit=1)[::-1] for line in lines)


def digest(text: str) -> str:
    everywhere = text.replace(str(EXAMPLES), "examples").replace(__version__, "VERSION")
    return hashlib.sha256(everywhere.encode()).hexdigest()[:12]


def digests(name: str, piece: str) -> dict[str, str]:
    if name in BUILDERS:
        made = BUILDERS[name]()
        told = [("report.html", report_html(made)), ("report.txt", summary_text(made))]
    else:
        told = list(MADE[name]() if name in MADE else of_canvas(name, piece))
    return {f"{name} {what}": digest(text) for what, text in told}


MADE = {
    "money": of_money, "exercise": lambda: of_alignment(exercise()), "crowds": of_crowds,
    "slips": of_slips, "withheld": of_privacy, "carried": partial(of_carrying, TEXTS),
    "seeded": of_seeding,
}  # fmt: skip


#: What is kept, in pieces that are quick; all frameworks of one canvas are enough.
KEPT_OF = [
    *(
        (name, piece)
        for name in (*CANVASES, *TEXTS)
        for piece in ("board", "alignment", *QUESTIONS)
    ),
    *(("shared-harvest/canvas", framework) for framework in framework_names()),
    *((name, "") for name in (*MADE, *BUILDERS)),
]


@pytest.mark.parametrize(("name", "piece"), KEPT_OF)
def test_what_is_made_of_an_example_is_as_it_was_looked_at(name: str, piece: str) -> None:
    known = kept()
    changed = [what for what, one in digests(name, piece).items() if known.get(what) != one]
    assert not changed, "Look at them; if they are right: python -m tests.report.test_kept"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {what: one for case in KEPT_OF for what, one in digests(*case).items()}
    lines = [f"{one} {what}\n" for what, one in sorted(found.items())]
    KEPT.write_text("".join(lines), encoding="utf-8")
