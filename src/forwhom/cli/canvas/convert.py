"""`forwhom canvas convert`: the same canvas in another framework."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options
from forwhom.suffixes import YAML


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas convert canvas.yaml --to lean-canvas",
        "forwhom canvas convert canvas.yaml --to canvas-13 -o canvas-13.yaml",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@click.option(
    "--to", "-f", "--framework", "to", required=True,
    help="A framework by name, or the path of your own (.yaml).",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=None,
    help="Where to write; left out: the canvas itself is changed.",
)  # fmt: skip
@options.force
@options.as_json
def convert(canvas: Path, to: str, output: Path | None, force: bool, as_json: bool) -> None:
    """Change the framework of a canvas; no note is moved or lost."""
    from forwhom.cli import terminal
    from forwhom.documents import write_text_atomically
    from forwhom.documents.canvas import canvas_path, convert_canvas, parse_canvas

    options.check_place(output, force, *YAML)
    place = canvas_path(canvas)
    done = convert_canvas(place, to)
    target = output or place
    parse_canvas(done.text, target)
    write_text_atomically(target, done.text, overwrite=force or output is None)
    if as_json:
        terminal.print_json(
            {"canvas": str(target), "framework": done.framework.id, "homeless": done.homeless}
        )
        return
    click.echo(f"{target} is a {done.framework.name} now.")
    if done.homeless:
        click.echo(
            f"No block of it shows {', '.join(done.homeless)}; those notes stay in the file, and "
            "drawings show them below the canvas."
        )
