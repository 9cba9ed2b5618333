from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.suffixes import MEMBERS
from forwhom.wording import listed

if TYPE_CHECKING:
    from forwhom.pipeline.scoring import Scored


@options.command(
    "forwhom score segments/segmentation.json new.csv -o scored.csv",
    "forwhom score segments transactions.parquet -o scored.parquet --cutoff 2025-07-01",
    reads=options.TABLES,
)
@options.segmentation
@click.argument("data", metavar="NEWDATA...", nargs=-1, required=True)
@options.output(f"A {listed(MEMBERS, last='or')} file.", default="scored.parquet")
@options.cutoff
@options.keep_ids
@options.force
@options.quiet
def score(
    *,
    segmentation: Path,
    data: tuple[str, ...],
    output: Path,
    cutoff: datetime | None,
    keep_ids: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Place new customers into the segments of an earlier run.

    NEWDATA holds the tables of the study with new rows, or one table with one row per customer.
    Columns may be missing. A customer like nobody seen before gets segment 0, none of these.
    """
    from forwhom.customers.pseudonyms import told_of_ids
    from forwhom.documents import read_segmentation
    from forwhom.pipeline.scoring import score as place

    options.check_place(output, force, *MEMBERS)
    known = read_segmentation(segmentation)
    with show_progress(quiet=quiet) as progress:
        scored = place(known, list(data), cutoff=cutoff, progress=progress)
        scored.save(output, overwrite=force, keep_ids=keep_ids)
    if as_json:
        counts = {str(segment): n for segment, n in scored.counts().items()}
        terminal.print_json(
            {"output": str(output), "customers": len(scored), "segments": counts,
             "notes": scored.notes}
        )  # fmt: skip
        return
    _tell(scored)
    terminal.warn([] if keep_ids else list(filter(None, [told_of_ids(scored.first)])))
    terminal.write(f"Wrote {output}")


def _tell(scored: Scored) -> None:
    from forwhom.cli.terminal import console, table
    from forwhom.wording import percent

    names = {segment.id: segment.name for segment in scored.segmentation.segments}
    counts = scored.counts()
    total = max(1, sum(counts.values()))
    grid = table("", "Segment", ("Placed here", "right"), ("Of these customers", "right"))
    for segment in [*names, 0]:
        if segment or counts[0]:
            share = percent(counts[segment] / total)
            name = names.get(segment, "None of these")
            grid.add_row(str(segment), name, f"{counts[segment]:,}", share)
    out = console()
    out.print(grid)
    terminal.warn(scored.notes)
