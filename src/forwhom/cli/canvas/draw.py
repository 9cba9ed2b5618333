"""`forwhom canvas draw`: a canvas as a picture, a page, a text."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas draw canvas.yaml -o canvas.svg",
        "forwhom canvas draw canvas.yaml -o canvas.pdf",
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
@options.force
@options.as_json
def draw(canvas: Path, output: Path, framework: str | None, force: bool, as_json: bool) -> None:
    """Draw a canvas: the blocks of its framework with everything in them.

    SVG and PNG are the board as one picture. PDF adds a page for each persona. HTML and Markdown
    also hold segments, personas, needs, propositions, hypotheses and what is still open.
    """
    from forwhom.cli import terminal
    from forwhom.documents.canvas import homeless, read_canvas, read_framework
    from forwhom.documents.canvas.frameworks import framework_of
    from forwhom.documents.files import check_output
    from forwhom.report.canvas import format_of, write_drawing

    check_output(output, overwrite=force)
    kind = format_of(output)
    found = read_canvas(canvas)
    frame = read_framework(framework) if framework else framework_of(found)
    write_drawing(found, output, framework=frame, overwrite=force)
    topics = homeless(found, frame)
    if as_json:
        terminal.print_json(
            {
                "drawing": str(output),
                "format": kind,
                "framework": frame.id,
                "elsewhere": topics,
            }
        )
        return
    click.echo(f"Wrote {output} ({frame.name}).")
    if topics:
        click.echo(f"It has no block for {', '.join(topics)}; these stand below it.")
