from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.errors import OptionError

if TYPE_CHECKING:
    from forwhom.documents.results.alignment import AlignmentResult


@options.command(
    "forwhom align canvas.yaml",
    "forwhom align canvas.yaml -o alignment.html --write-strategies",
    "forwhom align ratings.csv -o heat.svg --seed 7",
)
@click.argument("source", metavar="CANVAS_OR_RATINGS", type=options.PATH)
@options.output(
    "Also write the answer: .html is a page, .svg, .png and .pdf are the heat map, .md is text, "
    ".pptx is a deck of slides, .csv is the heat map as a table, .json is everything."
)
@click.option(
    "--write-strategies", "write", is_flag=True,
    help="Give every misalignment of medium or high severity a strategy to fill in, in the canvas.",
)  # fmt: skip
@click.option(
    "--replicates", type=click.IntRange(40, 100_000), default=2000, show_default=True,
    help="How often raters are drawn anew for intervals and probabilities.",
)  # fmt: skip
@options.seed
@options.force
def align(
    *,
    source: Path,
    output: Path | None,
    write: bool,
    replicates: int,
    seed: int,
    force: bool,
    as_json: bool,
) -> None:
    """Say where segments want the same, from ratings of needs between -5 and 5.

    CANVAS_OR_RATINGS is a canvas with ratings, or a table with columns rater, segment, item,
    value and optionally mode (direct, proxy) and round. The exit code is 1 when a misalignment of
    medium or high severity has no strategy that says what will be done.
    """
    from forwhom.documents.canvas import canvas_path, is_canvas
    from forwhom.pipeline.aligning import align as run
    from forwhom.report.alignment import FORMS, alignment_text, write_alignment

    if write and not is_canvas(source):
        raise OptionError(
            f"{source} is no canvas, so there is no place for strategies.",
            "Leave out --write-strategies, or name a canvas whose alignment.file is this table.",
        )
    options.check_place(output, force, *FORMS)
    options.check_place(canvas_path(source) if write else None, True)
    result = run(source, replicates=replicates, seed=seed)
    said = []
    if output is not None:
        said.append(f"Wrote {write_alignment(result, output, overwrite=force)}")
    if write:
        said.append(_write_strategies(source, result))
    if as_json:
        terminal.print_json(result.model_dump(mode="json"))
    else:
        terminal.write(alignment_text(result, terminal.width()), nl=False)
    for line in said:
        terminal.write(line, err=as_json)
    click.get_current_context().exit(1 if result.unanswered else 0)


def _write_strategies(source: Path, result: AlignmentResult) -> str:
    """Write the strategies into the canvas; what to tell about it."""
    from forwhom.choices.strategies import write_strategies
    from forwhom.documents.canvas import canvas_path
    from forwhom.documents.changing import changing

    place = canvas_path(source)
    with changing(place) as change:
        done = write_strategies(place, result)
        if done.added:
            change(done.text)
    if not done.added:
        return f"{place} has a strategy for every misalignment of medium or high severity"
    return f"Strategies to fill in, in {place}: {', '.join(done.added)}"
