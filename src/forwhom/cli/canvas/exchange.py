"""`forwhom canvas import` and `forwhom canvas export`: other formats."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from forwhom.cli import options, terminal
from forwhom.suffixes import CANVASES, IMPORTS, YAML, CanvasFormat, ImportFormat


def _format(formats: dict[str, Any]) -> Callable[[Any], Any]:
    return click.option(
        "--format", "format_", type=click.Choice(list(dict.fromkeys(formats.values()))),
        default=None, help="Left out: what the name of the file says.",
    )  # fmt: skip


@options.command(
    "forwhom canvas import model.bmml -o canvas.yaml",
    "forwhom canvas import notes.csv -o canvas.yaml",
    "forwhom canvas import board.canvas -o canvas.yaml --force",
    name="import",
)
@click.argument("file", type=options.PATH)
@options.output("The canvas.", default="canvas.yaml")
@_format(IMPORTS)
@options.force
def import_(
    file: Path, output: Path, format_: ImportFormat | None, force: bool, as_json: bool
) -> None:  # fmt: skip
    """Make a canvas from bmml, JSON, a table, Markdown, or a board of another tool.

    Boards come as Markdown or plain text with headings, tables (CSV, Excel) with a column for the
    block or with notes below headings, JSON Canvas of Obsidian, and items of Miro as JSON. What a
    canvas cannot hold is said, and what no block takes is kept as a comment.
    """
    from forwhom.documents.canvas import write_canvas
    from forwhom.pipeline.importing import import_canvas

    options.check_place(output, force, *YAML)
    done = import_canvas(file, format_)
    write_canvas(done.text, output, overwrite=force)
    _say(output, done.lost, done.changed, as_json)


@options.command(
    "forwhom canvas export canvas.yaml -o model.bmml",
    "forwhom canvas export canvas.yaml -o notes.csv",
    "forwhom canvas export canvas.yaml -o canvas.json",
    name="export",
)
@options.canvas
@options.output("Where to write.", required=True)
@_format(CANVASES)
@options.force
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
    lines = [f"Wrote {output}"]
    for title, said in (("Not carried over", lost), ("Changed", changed)):
        lines += [f"{title}:", *(f"  {one}" for one in said)] if said else []
    told = {"wrote": str(output), "lost": lost, "changed": changed}
    terminal.tell(told, *lines, as_json=as_json)
