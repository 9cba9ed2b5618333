"""`forwhom canvas draw`: a canvas as a picture, a page, a text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options

if TYPE_CHECKING:
    from forwhom.report.canvas.setting import Paper


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas draw canvas.yaml -o canvas.svg",
        "forwhom canvas draw canvas.yaml -o canvas.pdf --paper a4",
        "forwhom canvas draw canvas.yaml -o lean.html --framework lean-canvas --force",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="canvas.svg", show_default=True,
    help="The drawing; its suffix says the format: .svg, .png, .pdf, .md or .html.",
)  # fmt: skip
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
@options.force
@options.as_json
def draw(
    canvas: Path, output: Path, framework: str | None, paper: Paper | None, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Draw a canvas: the blocks of its framework with everything in them.

    SVG and PNG are the board as one picture. PDF adds a page for each persona. HTML and Markdown
    also hold segments, personas, needs, propositions, hypotheses and what is still open.
    """
    from forwhom.cli import terminal
    from forwhom.documents.canvas import framework_of, read_canvas, read_framework
    from forwhom.report.canvas import FORMS, board_of, check_paper, write_drawing
    from forwhom.suffixes import suffix_of

    options.check_place(output, force, *FORMS)
    form = suffix_of(output, tuple(FORMS))
    check_paper(paper, form)
    found = read_canvas(canvas)
    frame = read_framework(framework) if framework else framework_of(found)
    write_drawing(found, output, framework=frame, paper=paper, overwrite=force)
    below = {panel.part: panel.name for panel in board_of(found, frame).elsewhere}
    if as_json:
        terminal.print_json(
            {
                "drawing": str(output),
                "format": form,
                "framework": frame.id,
                "elsewhere": list(below),
            }
        )
        return
    click.echo(f"Wrote {output} ({frame.name}).")
    if below:
        click.echo(f"It has no block for {', '.join(below.values())}; these stand below it.")
