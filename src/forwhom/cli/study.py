"""`forwhom study`: a draft of the study, to be read and edited."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom study customers.csv",
        "forwhom study transactions.parquet products.parquet demographics.csv -o study.yaml",
    ),
)
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File for the study; left out: stdout."
)
@options.force
@options.as_json
def study(data: tuple[str, ...], output: Path | None, force: bool, as_json: bool) -> None:
    """Draft a study: which table is what, how tables join, what each variable means."""
    raise NotImplementedError
