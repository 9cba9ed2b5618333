"""`forwhom canvas jobs`: needs ranked by opportunity."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import choosing, options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas jobs canvas.yaml",
        "forwhom canvas jobs canvas.yaml -o jobs.html",
        "forwhom canvas jobs canvas.yaml -o jobs.svg --seed 7 --force",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@choosing.output
@options.seed
@options.force
@options.as_json
def jobs(canvas: Path, output: Path | None, seed: int, force: bool, as_json: bool) -> None:
    """Rank needs by opportunity: what matters and is not met.

    Importance and satisfaction come from respondents (the file under 'need_ratings'), with
    intervals, or from the canvas itself; what is only the team's guess is said.
    """
    from forwhom.choices.questions import rank_needs

    choosing.check_place(output, force)
    choosing.show(rank_needs(canvas, seed=seed), output, force, as_json)
