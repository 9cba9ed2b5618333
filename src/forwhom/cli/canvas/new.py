import os
from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.errors import OutputError
from forwhom.suffixes import YAML


@options.command(
    "forwhom canvas new --framework business-model-canvas",
    "forwhom canvas new --framework lean-canvas --title 'Penny Path' -o penny.yaml",
    "forwhom canvas new --title Reparaturcafé --language de",
    "forwhom canvas new --schema canvas.schema.json",
    "forwhom canvas new --list",
)
@click.option(
    "--framework", "-f", default="business-model-canvas", show_default=True,
    help="A framework by name, or the path of your own (.yaml).",
)  # fmt: skip
@click.option("--title", default="", help="What the canvas is about.")
@click.option("--language", default="en", help="Code of the language that you write in.")
@options.output("The canvas.", default="canvas.yaml")
@click.option(
    "--schema", type=options.PATH, default=None,
    help="Also write the JSON Schema there (.json), and name it in the first line of the canvas, "
    "so that an editor completes and checks what you type.",
)  # fmt: skip
@click.option("--list", "show", is_flag=True, help="Only say which frameworks there are.")
@options.force
def new(
    framework: str, title: str, language: str, output: Path, schema: Path | None, show: bool,
    force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write a new canvas: YAML to fill in, with guiding questions and examples as comments."""
    from forwhom.documents import write_text_atomically
    from forwhom.documents.canvas import new_canvas

    if show:
        _show(as_json)
        return
    options.check_place(output, force, *YAML)
    text = new_canvas(
        framework, title=title, file=output.name, folder=output.parent,
        schema="" if schema is None else _way(output, schema), language=language,
    )  # fmt: skip
    if schema is not None:
        _write_schema(schema, force)
    write_text_atomically(output, text, overwrite=force)
    made = {"canvas": str(output)} | ({} if schema is None else {"schema": str(schema)})
    said = f"Wrote {output}. Fill it in, then run: forwhom lint {output}"
    terminal.tell(made, said, as_json=as_json)


def _show(as_json: bool) -> None:
    from forwhom.documents.canvas import framework_names, read_framework

    known = {name: read_framework(name).name for name in framework_names()}
    lines = (f"{name:24}{title}" for name, title in known.items())
    terminal.tell(known, *lines, as_json=as_json)


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
