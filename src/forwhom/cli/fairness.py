from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.suffixes import MEMBERS
from forwhom.wording import listed


@options.command(
    "forwhom fairness segments customers.csv",
    "forwhom fairness segments customers.csv --canvas canvas.yaml",
    "forwhom fairness segments customers.csv --margins census.yaml -o weights.csv",
    reads=options.TABLES,
)
@options.segmentation
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option(
    "--canvas", type=options.PATH, help="A canvas that decides which segments are served."
)
@click.option("--margins", type=options.PATH, help="Known shares of groups (YAML), as of a census.")
@click.option(
    "--refit", is_flag=True, help="Also find segments without what gives an attribute away."
)
@options.output(f"Weights by the known shares: {listed(MEMBERS, last='or')}.")
@options.cutoff
@options.force
@options.quiet
def fairness(
    *,
    segmentation: Path,
    data: tuple[str, ...],
    canvas: Path | None,
    margins: Path | None,
    refit: bool,
    output: Path | None,
    cutoff: datetime | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say whom segments, decisions and the sample favor, by protected attributes.

    DATA are the tables that the segments were discovered in. Groups of few people are not told.
    """
    from forwhom.customers.members import write_members
    from forwhom.errors import OptionError
    from forwhom.pipeline.fairness import audit_fairness

    if output is not None and margins is None:
        raise OptionError("-o writes weights by known shares.", "Give these with --margins.")
    options.check_place(output, force, *MEMBERS)
    with show_progress(quiet=quiet) as progress:
        found = audit_fairness(
            segmentation, list(data), canvas=canvas, margins=margins, refit=refit, cutoff=cutoff,
            progress=progress,
        )  # fmt: skip
        if output is not None and found.weights is not None:
            write_members(found.weights, output, overwrite=force)
    terminal.tell(found.fairness.model_dump(mode="json"), str(found), as_json=as_json)
    if output is not None and not as_json:
        terminal.write(f"Wrote {output}")
