"""`forwhom score`: place new customers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom score segments/segmentation.json new.csv -o scored.csv",
        "forwhom score segments transactions.parquet -o scored.parquet --cutoff 2025-07-01",
    ),
)
@click.argument("segmentation", type=click.Path(path_type=Path))
@click.argument("data", metavar="NEWDATA...", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="scored.parquet", show_default=True,
    help="A .parquet or .csv file.",
)  # fmt: skip
@click.option("--cutoff", type=click.DateTime(), help="Use only events before this moment.")
@options.force
@options.quiet
@options.as_json
def score(
    *,
    segmentation: Path,
    data: tuple[str, ...],
    output: Path,
    cutoff: datetime | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Place new customers into the segments of an earlier run.

    NEWDATA holds the tables of the study with new rows, or one table with one row per customer.
    Columns may be missing. A customer like nobody seen before gets segment 0, none of these.
    """
    raise NotImplementedError
