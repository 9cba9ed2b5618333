from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.suffixes import YAML


@options.command(
    "forwhom canvas convert canvas.yaml --to lean-canvas",
    "forwhom canvas convert canvas.yaml --to canvas-13 -o canvas-13.yaml",
)
@options.canvas
@click.option(
    "--to", "-f", "--framework", "to", required=True,
    help="A framework by name, or the path of your own (.yaml).",
)  # fmt: skip
@options.output("Where to write; left out: the canvas itself is changed.")
@options.force
def convert(canvas: Path, to: str, output: Path | None, force: bool, as_json: bool) -> None:
    """Change the framework of a canvas; no note is moved or lost."""
    from forwhom.documents import write_text_atomically
    from forwhom.documents.canvas import canvas_path, convert_canvas, parse_canvas
    from forwhom.documents.changing import changing

    options.check_place(output, force, *YAML)
    place = canvas_path(canvas)
    target = output or place
    with changing(place) as write:
        done = convert_canvas(place, to)
        parse_canvas(done.text, target)
        if output is None:
            write(done.text)
    if output is not None:
        write_text_atomically(output, done.text, overwrite=force)
    left = (
        f"No block of it shows {', '.join(done.homeless)}; those notes stay in the file, and "
        "drawings show them below the canvas."
    )
    terminal.tell(
        {"canvas": str(target), "framework": done.framework.id, "homeless": done.homeless},
        f"{target} is a {done.framework.name} now.",
        *([left] if done.homeless else []),
        as_json=as_json,
    )
