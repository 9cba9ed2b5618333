"""`forwhom canvas fit`: how far propositions answer needs."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import choosing, options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas fit canvas.yaml",
        "forwhom canvas fit canvas.yaml -o fit.html",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@choosing.output
@options.seed
@options.force
@options.as_json
def fit(canvas: Path, output: Path | None, seed: int, force: bool, as_json: bool) -> None:
    """Say which needs of a segment a proposition answers, and what is missing in it.

    For each segment: needs that are not answered, fears and pains that nothing relieves, kinds of
    value, offers that answer nothing, and a positioning statement with its gaps.
    """
    from forwhom.choices.questions import assess_fit

    choosing.check_place(output, force)
    choosing.show(assess_fit(canvas, seed=seed), output, force, as_json)
