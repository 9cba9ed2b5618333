from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal

if TYPE_CHECKING:
    from forwhom.report.canvas.setting import Paper


@options.command(
    "forwhom canvas draw canvas.yaml -o canvas.svg",
    "forwhom canvas draw canvas.yaml -o canvas.pdf --paper a4",
    "forwhom canvas draw canvas.yaml -o lean.html --framework lean-canvas --force",
    "forwhom canvas draw canvas.yaml -o canvas.pptx",
)
@options.canvas
@options.output(
    "The drawing; its suffix says the format: .svg, .png, .pdf, .md, .html or .pptx.",
    default="canvas.svg",
)
@click.option(
    "--framework", "-f", default=None,
    help="Draw it in another framework: a name, or the path of your own (.yaml). The canvas stays "
    "as it is.",
)  # fmt: skip
@click.option(
    "--paper", type=click.Choice(["a4", "a3", "16:9"]), default=None,
    help="For .png and .pdf: one page of this paper, on its long side. Left out: as large as the "
    "board.",
)  # fmt: skip
@options.language_of_all
@options.force
def draw(
    canvas: Path, output: Path, framework: str | None, paper: Paper | None, language: str | None,
    force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Draw a canvas: the blocks of its framework with everything in them.

    SVG and PNG are the board as one picture. PDF adds a page for each persona. HTML and Markdown
    also hold segments, personas, needs, propositions, hypotheses and what is still open. PPTX is a
    deck: the board, a slide for each segment, what is offered, decided, open, and what comes next.
    """
    from forwhom.choices.exercise import ratings_of
    from forwhom.documents.canvas import framework_of, read_canvas, read_framework
    from forwhom.pipeline.canvases import following_of
    from forwhom.report.canvas import FORMS, board_of, check_paper, write_drawing
    from forwhom.suffixes import suffix_of

    options.check_place(output, force, *FORMS)
    form = suffix_of(output, tuple(FORMS))
    check_paper(paper, form)
    found = read_canvas(canvas)
    frame = read_framework(framework) if framework else framework_of(found)
    ratings, unread = ratings_of(found)
    write_drawing(
        found, output, framework=frame, paper=paper, overwrite=force, ratings=ratings,
        language=language, following=following_of(found, form, language),
    )  # fmt: skip
    below = {panel.part: panel.name for panel in board_of(found, frame, ratings).elsewhere}
    told = {"drawing": str(output), "format": form, "framework": frame.id, "elsewhere": [*below]}
    told["notes"] = unread
    left = f"It has no block for {', '.join(below.values())}; these stand below it."
    lines = (f"Wrote {output} ({frame.name}).", *([left] if below else []), *unread)
    terminal.tell(told, *lines, as_json=as_json)
