"""`forwhom canvas import` and `forwhom canvas export`: other formats."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options
from forwhom.suffixes import CANVASES, YAML, CanvasFormat

_format = click.option(
    "--format", "format_", type=click.Choice(list(dict.fromkeys(CANVASES.values()))), default=None,
    help="Left out: what the name of the file says.",
)  # fmt: skip


@click.command(
    "import",
    cls=options.Examples,
    examples=(
        "forwhom canvas import model.bmml -o canvas.yaml",
        "forwhom canvas import notes.csv -o canvas.yaml",
        "forwhom canvas import canvas.json -o canvas.yaml --force",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="canvas.yaml", show_default=True,
    help="The canvas.",
)  # fmt: skip
@_format
@options.force
@options.as_json
def import_(
    file: Path, output: Path, format_: CanvasFormat | None, force: bool, as_json: bool
) -> None:  # fmt: skip
    """Make a canvas from bmml, JSON, or a flat table (CSV).

    What a canvas cannot hold is said, not dropped silently.
    """
    from forwhom.documents.canvas import import_canvas, write_canvas

    options.check_place(output, force, *YAML)
    done = import_canvas(file, format_)
    write_canvas(done.text, output, overwrite=force)
    _say(output, done.lost, done.changed, as_json)


@click.command(
    "export",
    cls=options.Examples,
    examples=(
        "forwhom canvas export canvas.yaml -o model.bmml",
        "forwhom canvas export canvas.yaml -o notes.csv",
        "forwhom canvas export canvas.yaml -o canvas.json",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="Where to write."
)
@_format
@options.force
@options.as_json
def export(
    canvas: Path, output: Path, format_: CanvasFormat | None, force: bool, as_json: bool
) -> None:  # fmt: skip
    """Write a canvas as bmml, JSON, or a flat table (CSV) for spreadsheets and boards.

    What that format cannot hold is said, not dropped silently.
    """
    from forwhom.documents.canvas import export_canvas

    options.check_place(output, force, *(() if format_ else CANVASES))
    done = export_canvas(canvas, output, format_, overwrite=force)
    _say(output, done.lost, done.changed, as_json)


def _say(output: Path, lost: list[str], changed: list[str], as_json: bool) -> None:
    from forwhom.cli import terminal

    if as_json:
        terminal.print_json({"wrote": str(output), "lost": lost, "changed": changed})
        return
    click.echo(f"Wrote {output}")
    for title, said in (("Not carried over", lost), ("Changed", changed)):
        if said:
            click.echo("\n".join([f"{title}:", *(f"  {one}" for one in said)]))
