from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.wording import count, number, percent, quantity

if TYPE_CHECKING:
    from forwhom.documents.study import TimeUnit
    from forwhom.documents.value import ModelName
    from forwhom.evidence.value import Estimate
    from forwhom.pipeline.valuing import Valued


@options.command(
    "forwhom value segments transactions.parquet",
    "forwhom value segments transactions.parquet --months 24 --discount 0.1 --margin 0.3 "
    "--at-least 50000",
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
    _tell(valued, at_least)
    _tell_check(valued)
    terminal.warn(valued.notes)
    if keep:
        terminal.write(f"Wrote {segmentation}: its report and 'forwhom defend' tell it.")


def _tell(valued: Valued, at_least: float | None) -> None:
    from forwhom.documents.value import next_units

    horizon, names = valued.horizon, {s.id: s.name for s in valued.segmentation.segments}
    ahead = f"In the {next_units(horizon.t, valued.unit)}"
    if horizon.discount or horizon.margin != 1:
        worth = number(100 * valued.value.discount, 3)
        ahead += f"; money after a margin of {percent(horizon.margin)}, worth {worth}% less a year"
    has_money = any(one.value is not None for one in valued.prospects)
    heads: list[str | tuple[str, str]] = ["", "Segment", ("Customers", "right")]
    words = valued.value.words
    heads += [(words.still, "right"), (f"{valued.value.coming} each (95%)", "right")]
    heads += [("Value each (95%)", "right"), ("Of all value", "right")] if has_money else []
    if has_money and at_least is not None:
        heads.append((f"Brings {quantity(at_least, valued.money, 3)}", "right"))
    grid = terminal.table(*heads, title=ahead)
    for one in valued.prospects:
        cells = [str(one.segment), names[one.segment], f"{one.n:,}", percent(one.alive)]
        cells.append(_estimate(one.purchases, None))
        if has_money:
            cells += [_estimate(one.value, valued.money), _percent(one.share)]
        if has_money and at_least is not None:
            cells.append(_percent(one.substantial))
        grid.add_row(*cells)
    terminal.console().print(grid)


def _tell_check(valued: Valued) -> None:
    if valued.unchecked:
        terminal.write(f"Not checked: {valued.unchecked}")
        return
    names = {s.id: s.name for s in valued.segmentation.segments}
    heads: list[str | tuple[str, str]] = ["", "Segment", ("Customers then", "right")]
    heads += [("Predicted", "right"), ("Followed (95%)", "right")]
    has_money = any(one.actual_value is not None for one in valued.checked)
    heads += [("Predicted money", "right"), ("Spent (95%)", "right")] if has_money else []
    held = count(round(valued.held_back), valued.unit)
    coming = valued.value.coming.lower()
    grid = terminal.table(*heads, title=f"Checked on the last {held}: {coming} of a customer")
    for one in valued.checked:
        cells = [str(one.segment), names[one.segment], f"{one.n:,}", number(one.predicted, 3)]
        cells.append(_estimate(one.actual, None))
        if has_money:
            cells.append(quantity(one.predicted_value, valued.money, 3))
            cells.append(_estimate(one.actual_value, valued.money))
        grid.add_row(*cells)
    terminal.console().print(grid)


def _percent(share: float | None) -> str:
    return "" if share is None else percent(share)


def _estimate(one: Estimate | None, unit: str | None) -> str:
    if one is None:
        return ""
    if unit is None:
        return f"{number(one.value, 3)} ({number(one.low, 3)} to {number(one.high, 3)})"
    low, high = quantity(one.low, unit, 3), quantity(one.high, unit, 3)
    return f"{quantity(one.value, unit, 3)} ({low} to {high})"
