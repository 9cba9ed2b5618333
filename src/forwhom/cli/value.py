from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.languages.catalog import speaking_asked, tr
from forwhom.languages.retelling import told

if TYPE_CHECKING:
    from forwhom.documents.study import TimeUnit
    from forwhom.documents.value import ModelName
    from forwhom.pipeline.valuing import Valued
    from forwhom.report.segmentation.ahead import Row


@options.command(
    "forwhom value segments transactions.parquet",
    "forwhom value segments transactions.parquet --months 24 --discount 0.1 --margin 0.3 "
    "--at-least 50000",
    "forwhom value segments transactions.parquet --language de",
    "forwhom value segments donations.csv --model bg-bb --period year --months 36",
    "forwhom value segments customers.csv --model sbg --start since --end until --price fee "
    "--period month --keep",
    reads=options.TABLES,
)
@options.segmentation
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option(
    "--model",
    type=click.Choice(["bg-nbd", "bg-bb", "sbg"]),
    default="bg-nbd",
    show_default=True,
    help="Customers buy when they like, once a period or not, or renew a contract.",
)
@click.option(
    "--period",
    type=click.Choice(["day", "week", "month", "year"]),
    help="Unit of time, and how long a contract lasts; left out: that of the study.",
)
@click.option("--start", help="Of contracts: the column with the first day.")
@click.option("--end", help="Of contracts: the column with the last day, empty while it goes on.")
@click.option("--price", help="Of contracts: the column with the money of a period.")
@click.option("--months", type=float, default=12.0, help="How far ahead.")
@click.option("--discount", type=float, default=0.0, help="Money is worth less a year: 0.1 is 10%.")
@click.option("--margin", type=float, default=1.0, help="What is left of revenue: 0.3 is 30%.")
@click.option(
    "--at-least", type=float, help="Money that a segment must bring; says how likely it is to."
)
@click.option(
    "--holdout-from", type=click.DateTime(),
    help="First day of the time held back to check predictions; left out: the last third.",
)  # fmt: skip
@click.option("--keep", is_flag=True, help="Write it into the segmentation, and its report again.")
@options.cutoff
@options.language_of_report
@options.quiet
def value(
    *,
    segmentation: Path,
    data: tuple[str, ...],
    model: ModelName,
    period: TimeUnit | None,
    start: str | None,
    end: str | None,
    price: str | None,
    months: float,
    discount: float,
    margin: float,
    at_least: float | None,
    holdout_from: datetime | None,
    keep: bool,
    cutoff: datetime | None,
    language: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Say what each segment is expected to buy and to bring, checked on time held back.

    DATA holds the tables of the study, with the purchases or contracts. Customers are placed into
    the segments of an earlier run; how often they will buy, who still is a customer and what they
    will spend is learned from their purchases, or from who renewed a contract. To check it, the
    same is predicted from the earlier part of the time and compared with what followed.
    """
    from forwhom.documents import read_segmentation
    from forwhom.pipeline.rewriting import written_again
    from forwhom.pipeline.valued import with_this_value
    from forwhom.pipeline.valuing import value_segments

    known = read_segmentation(segmentation)
    with show_progress(quiet=quiet) as progress:
        valued = value_segments(
            known, list(data), model=model, period=period, start=start, end=end, price=price,
            months=months, discount=discount, margin=margin,
            at_least=at_least, holdout_from=holdout_from, cutoff=cutoff, progress=progress,
        )  # fmt: skip
    if keep:
        written_again(segmentation, lambda found: with_this_value(
            found, valued.value, valued.evidence
        ))  # fmt: skip
    if as_json:
        terminal.print_json(valued.as_dict())
        return
    with speaking_asked(language):
        _tell(valued)
        terminal.warn(map(told, valued.notes))
        if keep:
            written = tr(
                "Wrote {path}: its report and 'forwhom defend' tell it.", path=segmentation
            )
            terminal.write(written)


def _tell(valued: Valued) -> None:
    """Print what the report says of it."""
    from forwhom.report.segmentation import summarize

    known = valued.segmentation.model_copy(update={"value": valued.value})
    ahead = summarize(known).ahead
    assert ahead is not None
    for sentence in ahead.sentences:
        terminal.say(sentence)
    _print(ahead.headings, ahead.rows)
    if ahead.checked_rows:
        title = tr("What was predicted of the last {held}, and what followed", held=ahead.held_back)
        _print(ahead.checked_headings, ahead.checked_rows, title)


def _print(headings: Sequence[str], rows: Sequence[Row], title: str | None = None) -> None:
    noun, *others = headings
    grid = terminal.table("", noun, *((one, "right") for one in others), title=title)
    for card, *cells in rows:
        assert not isinstance(card, str)
        grid.add_row(str(card.id), card.name, *map(str, cells))
    terminal.console().print(grid)
