"""Everything that is drawn or written of the examples is as it was when a person last looked at it.

A picture is right when it looks right, which no assertion tells; but any change of it is seen here.
After a change that is meant, look at what changed, then: ``python -m tests.report.test_kept``.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import forwhom as fw
from forwhom.documents.canvas import framework_names
from forwhom.report.alignment.heat import alignment_svg
from forwhom.report.alignment.page import alignment_html
from forwhom.report.alignment.text import alignment_text
from forwhom.report.choices.writing import choices_html, choices_svg, choices_text
from forwhom.report.segmentation import report_html, summary_text
from forwhom.version import __version__

from ..funders.everything import of_money  # noqa: TID252
from .conftest import BUILDERS

EXAMPLES = Path(__file__).parents[2] / "examples"
CANVASES = ("clinic-notes", "penny-path", "shared-harvest")
KEPT = Path(__file__).with_name("kept.txt")
KEPT_OF = (*CANVASES, "money", *BUILDERS)
QUESTIONS: dict[str, Any] = {
    "needs": partial(fw.rank_needs, draws=200), "fit": fw.assess_fit,
    "curves": fw.compare_curves, "decision": partial(fw.decide_segments, draws=1000),
    "separate": fw.separate_segments,
}  # fmt: skip


def of_canvas(name: str) -> Iterator[tuple[str, str]]:
    """What is made of an example, each with what it is called."""
    place = EXAMPLES / name / "canvas.yaml"
    for form in ("svg", "html"):
        yield f"board.{form}", str(fw.draw_canvas(place, form))
    if name == "clinic-notes":  # one example of each is enough, for time
        yield "board.md", str(fw.draw_canvas(place, "md"))
        aligned = fw.align(place, replicates=40)
        yield "alignment.txt", alignment_text(aligned)
        yield "alignment.html", alignment_html(aligned)
        yield "alignment.svg", alignment_svg(aligned)
        yield "alignment.json", json.dumps(rounded(aligned.model_dump(mode="json")), sort_keys=True)
    if name == "shared-harvest":
        for framework in framework_names():
            yield f"{framework}.svg", str(fw.draw_canvas(place, "svg", framework=framework))
    for what, ask in QUESTIONS.items() if name == "penny-path" else ():
        found = ask(place)
        for form, drawn in (("txt", choices_text), ("html", choices_html), ("svg", choices_svg)):
            yield f"{what}.{form}", drawn(found)
        yield f"{what}.json", json.dumps(rounded(found.model_dump(mode="json")), sort_keys=True)


def rounded(value: Any) -> Any:
    """Numbers as far as every machine computes them alike."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return round(value, 6) + 0.0 if isinstance(value, float) else value


def kept() -> dict[str, str]:
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    return dict(line.split(maxsplit=1)[::-1] for line in lines)


def digest(text: str) -> str:
    everywhere = text.replace(str(EXAMPLES), "examples").replace(__version__, "VERSION")
    return hashlib.sha256(everywhere.encode()).hexdigest()[:12]


def digests(name: str) -> dict[str, str]:
    if name in BUILDERS:
        made = BUILDERS[name]()
        told = {"report.html": report_html(made), "report.txt": summary_text(made)}
        return {f"{name} {what}": digest(text) for what, text in told.items()}
    if name == "money":
        return {f"{name} {what}": digest(text) for what, text in of_money()}
    return {f"{name} {what}": digest(text) for what, text in of_canvas(name)}


@pytest.mark.parametrize("name", KEPT_OF)
def test_what_is_made_of_an_example_is_as_it_was_looked_at(name: str) -> None:
    known = {what: one for what, one in kept().items() if what.split()[0] == name}
    changed = {what for what, one in digests(name).items() if known.get(what) != one}
    assert not changed, "Look at them; if they are right: python -m tests.report.test_kept"


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {what: one for name in KEPT_OF for what, one in digests(name).items()}
    lines = [f"{one} {what}\n" for what, one in sorted(found.items())]
    KEPT.write_text("".join(lines), encoding="utf-8")
