"""`forwhom canvas new`: a canvas to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas new --framework business-model-canvas",
        "forwhom canvas new --framework lean-canvas --title 'Penny Path' -o penny.yaml",
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
@click.option("--list", "show", is_flag=True, help="Only say which frameworks there are.")
@options.force
@options.as_json
def new(framework: str, title: str, output: Path, show: bool, force: bool, as_json: bool) -> None:
    """Write a new canvas: YAML to fill in, with guiding questions as comments."""
    from forwhom.cli import terminal
    from forwhom.documents import write_text_atomically
    from forwhom.documents.canvas import framework_names, new_canvas, read_framework

    if show:
        known = {name: read_framework(name).name for name in framework_names()}
        if as_json:
            terminal.print_json(known)
        else:
            click.echo("\n".join(f"{name:24}{title}" for name, title in known.items()))
        return
    text = new_canvas(framework, title=title, file=output.name, folder=output.parent)
    write_text_atomically(output, text, overwrite=force)
    if as_json:
        terminal.print_json({"canvas": str(output)})
    else:
        click.echo(f"Wrote {output}. Fill it in, then run: forwhom lint {output}")
