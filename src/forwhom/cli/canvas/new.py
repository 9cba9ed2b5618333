"""`forwhom canvas new`: a canvas to fill in."""

from __future__ import annotations

import os
from pathlib import Path

import click

from forwhom.cli import options
from forwhom.errors import OutputError
from forwhom.suffixes import YAML


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas new --framework business-model-canvas",
        "forwhom canvas new --framework lean-canvas --title 'Penny Path' -o penny.yaml",
        "forwhom canvas new --schema canvas.schema.json",
        "forwhom canvas new --list",
    ),
)
@click.option(
    "--framework", "-f", default="business-model-canvas", show_default=True,
    help="A framework by name, or the path of your own (.yaml).",
)  # fmt: skip
@click.option("--title", default="", help="What the canvas is about.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="canvas.yaml", show_default=True,
    help="The canvas.",
)  # fmt: skip
@click.option(
    "--schema", type=click.Path(path_type=Path), default=None,
    help="Also write the JSON Schema there (.json), and name it in the first line of the canvas, "
    "so that an editor completes and checks what you type.",
)  # fmt: skip
@click.option("--list", "show", is_flag=True, help="Only say which frameworks there are.")
@options.force
@options.as_json
def new(
    framework: str, title: str, output: Path, schema: Path | None, show: bool, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write a new canvas: YAML to fill in, with guiding questions and examples as comments."""
    from forwhom.cli import terminal
    from forwhom.documents import write_text_atomically
    from forwhom.documents.canvas import new_canvas

    if show:
        _show(as_json)
        return
    options.check_place(output, force, *YAML)
    text = new_canvas(
        framework, title=title, file=output.name, folder=output.parent,
        schema="" if schema is None else _way(output, schema),
    )  # fmt: skip
    if schema is not None:
        _write_schema(schema, force)
    write_text_atomically(output, text, overwrite=force)
    if as_json:
        made = {"canvas": str(output)}
        terminal.print_json(made if schema is None else made | {"schema": str(schema)})
    else:
        click.echo(f"Wrote {output}. Fill it in, then run: forwhom lint {output}")


def _show(as_json: bool) -> None:
    from forwhom.cli import terminal
    from forwhom.documents.canvas import framework_names, read_framework

    known = {name: read_framework(name).name for name in framework_names()}
    if as_json:
        terminal.print_json(known)
    else:
        click.echo("\n".join(f"{name:24}{title}" for name, title in known.items()))


def _way(output: Path, schema: Path) -> str:
    """Return the path of the schema as the canvas names it: from its own folder."""
    if output.resolve() == schema.resolve():
        raise OutputError(f"{output} cannot be canvas and schema.", "Name two files.")
    way = os.path.relpath(schema.resolve(), output.resolve().parent)
    return Path(way).as_posix()


def _write_schema(place: Path, force: bool) -> None:
    """Write the schema; one that is the same already may stay."""
    from forwhom.documents import canvas_schema, schema_text, write_text_atomically

    text = schema_text(canvas_schema())
    if place.is_file() and place.read_bytes() == text.encode():
        return
    options.check_place(place, force, "json")
    write_text_atomically(place, text, overwrite=force)
