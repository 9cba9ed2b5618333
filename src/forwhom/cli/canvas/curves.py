"""`forwhom canvas curves`: value curves, ours beside others'."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import choosing, options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas curves canvas.yaml",
        "forwhom canvas curves canvas.yaml -o curves.svg",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@choosing.output
@options.force
@options.as_json
def curves(canvas: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Draw our value curve beside those of competitors, for each segment.

    Says where ours is ahead of every other, level with the best, or behind.
    """
    from forwhom.choices.questions import compare_curves

    choosing.check_place(output, force)
    choosing.show(compare_curves(canvas), output, force, as_json)
