from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom canvas next canvas.yaml",
    "forwhom canvas next canvas.yaml -o next.html",
    "forwhom canvas next canvas.yaml --today 2026-11-25 --json",
    name="next",
)
@options.canvas
@options.output("Write it there too: a page (.html), text (.md, .txt), data (.json).")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), default=None,
    help="The day that ages are counted to; left out: today.",
)  # fmt: skip
@options.force
def next_(
    canvas: Path, output: Path | None, today: datetime | None, force: bool, as_json: bool
) -> None:
    """Say what comes next for a canvas and why, in order of what it would change.

    Along the five steps of finding segments (market research, personas, needs, competitors,
    hypotheses) and in the business model around them: what nobody thought about yet, what the
    linter finds, and needs on which segments are misaligned. Each says what to type.
    """
    from forwhom.pipeline.nextsteps import next_steps
    from forwhom.report.nextsteps import FORMS, next_steps_text, write_next_steps

    options.check_place(output, force, *FORMS)
    found = next_steps(canvas, today=None if today is None else today.date())
    if output is not None:
        write_next_steps(found, output, overwrite=force)
    terminal.answer(found, next_steps_text(found, terminal.width()), output, as_json=as_json)
