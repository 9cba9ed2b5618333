"""What helps to choose: `decide`, `canvas jobs`, `job-map`, `fit`, `curves`, `separate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal

if TYPE_CHECKING:
    from forwhom.documents.results import Choices

_output = options.output(
    "Write it there too: a page (.html), text (.md), a drawing (.svg, .png, .pdf), slides "
    "(.pptx), tables (.csv), data (.json)."
)


@options.command(
    "forwhom decide canvas.yaml",
    "forwhom decide canvas.yaml -o decide.html",
    "forwhom decide canvas.yaml --seed 7 --draws 20000 --json",
)
@options.canvas
@_output
@options.seed
@click.option(
    "--draws", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True,
    help="Draws of random weights.",
)  # fmt: skip
@options.force
def decide(
    canvas: Path, output: Path | None, seed: int, draws: int, force: bool, as_json: bool
) -> None:
    """Say which segments come first, and how much that depends on whose weights count.

    Reads the decision matrix of a canvas: criteria of attractiveness and of our ability to
    compete, scores, and the weights of several judges. Thousands of random weights say how often
    each segment ranks first.
    """
    from forwhom.choices.questions import decide_segments

    _answer(lambda: decide_segments(canvas, seed=seed, draws=draws), output, force, as_json)


@options.command(
    "forwhom canvas jobs canvas.yaml",
    "forwhom canvas jobs canvas.yaml -o jobs.html",
    "forwhom canvas jobs canvas.yaml -o jobs.svg --seed 7 --force",
)
@options.canvas
@_output
@options.seed
@options.force
def jobs(canvas: Path, output: Path | None, seed: int, force: bool, as_json: bool) -> None:
    """Rank needs by opportunity: what matters and is not met.

    Importance and satisfaction come from respondents (the file under 'need_ratings'), with
    intervals, or from the canvas itself; what is only the team's guess is said.
    """
    from forwhom.choices.questions import rank_needs

    _answer(lambda: rank_needs(canvas, seed=seed), output, force, as_json)


@options.command(
    "forwhom canvas job-map canvas.yaml",
    "forwhom canvas job-map canvas.yaml -o map.svg",
    name="job-map",
)
@options.canvas
@_output
@options.force
def job_map(canvas: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Draw the map of each main job: what people must get done at each of eight steps.

    Define, locate, prepare, confirm, execute, monitor, modify, conclude: the needs at each step,
    how much they matter, what answers them, and of which steps nobody has said anything; related
    jobs, outcomes of the job as a whole, and the form of each statement.
    """
    from forwhom.choices.jobmaps import map_jobs

    _answer(lambda: map_jobs(canvas), output, force, as_json)


@options.command(
    "forwhom canvas fit canvas.yaml",
    "forwhom canvas fit canvas.yaml -o fit.html",
)
@options.canvas
@_output
@options.seed
@options.force
def fit(canvas: Path, output: Path | None, seed: int, force: bool, as_json: bool) -> None:
    """Say which needs of a segment a proposition answers, and what is missing in it.

    For each segment: needs that are not answered, fears and pains that nothing relieves, kinds of
    value, offers that answer nothing, and a positioning statement with its gaps.
    """
    from forwhom.choices.questions import assess_fit

    _answer(lambda: assess_fit(canvas, seed=seed), output, force, as_json)


@options.command(
    "forwhom canvas curves canvas.yaml",
    "forwhom canvas curves canvas.yaml -o curves.svg",
)
@options.canvas
@_output
@options.force
def curves(canvas: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Draw our value curve beside those of competitors, for each segment.

    Says where ours is ahead of every other, level with the best, or behind.
    """
    from forwhom.choices.questions import compare_curves

    _answer(lambda: compare_curves(canvas), output, force, as_json)


@options.command(
    "forwhom canvas separate canvas.yaml",
    "forwhom canvas separate canvas.yaml -o separate.html",
)
@options.canvas
@_output
@options.force
def separate(canvas: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Say what makes segments separate, and which of them could be one.

    Compares every two segments that are served or may be by offer, channel, relationship,
    profitability and what they pay for: different, the same or unknown, and what that rests on.
    """
    from forwhom.choices.questions import separate_segments

    _answer(lambda: separate_segments(canvas), output, force, as_json)


def _answer(find: Callable[[], Choices], output: Path | None, force: bool, as_json: bool) -> None:
    """Find an answer, write it where it was asked for, and print it."""
    from forwhom.report.choices import FORMS, choices_text, write_choices

    options.check_place(output, force, *FORMS)
    found = find()
    if output is not None:
        write_choices(found, output, overwrite=force)
    terminal.answer(found, choices_text(found, terminal.width()), output, as_json=as_json)
