"""`forwhom decide`: which segments to serve first."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import choosing, options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom decide canvas.yaml",
        "forwhom decide canvas.yaml -o decide.html",
        "forwhom decide canvas.yaml --seed 7 --draws 20000 --json",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@choosing.output
@options.seed
@click.option(
    "--draws", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True,
    help="Draws of random weights.",
)  # fmt: skip
@options.force
@options.as_json
def decide(
    canvas: Path, output: Path | None, seed: int, draws: int, force: bool, as_json: bool
) -> None:
    """Say which segments come first, and how much that depends on whose weights count.

    Reads the decision matrix of a canvas: criteria of attractiveness and of our ability to
    compete, scores, and the weights of several judges. Thousands of random weights say how often
    each segment ranks first.
    """
    from forwhom.choices.questions import decide_segments

    choosing.check_place(output, force)
    choosing.show(decide_segments(canvas, seed=seed, draws=draws), output, force, as_json)
