"""`forwhom compare`: two segmentations of the same customers, side by side."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom compare segments segments-next-year",
        "forwhom compare a/members.parquet b/members.parquet --json",
    ),
)
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@options.as_json
def compare(a: Path, b: Path, as_json: bool) -> None:
    """Say how far two segmentations agree: cross table, adjusted Rand index, what moved.

    A and B are folders that 'forwhom discover' wrote, or members files.
    """
    from forwhom.cli import terminal
    from forwhom.pipeline.comparison import compare as set_side_by_side

    found = set_side_by_side(a, b)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        click.echo(str(found))
