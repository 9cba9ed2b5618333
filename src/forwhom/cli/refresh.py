from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.errors import OptionError
from forwhom.suffixes import MEMBERS
from forwhom.wording import count, listed, percent, percent_range

if TYPE_CHECKING:
    from forwhom.documents.refresh import Range
    from forwhom.documents.segmentation import Segmentation
    from forwhom.pipeline.refreshing import Refreshed


@options.command(
    "forwhom refresh segments customers-2027.csv",
    "forwhom refresh segments second-half.parquet --history history.parquet",
    "forwhom refresh segments customers-2027.csv --no-refit -o scored.parquet --flows flows.svg",
    reads=options.TABLES,
)
@options.segmentation
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@click.option(
    "--members", type=options.PATH,
    help="Who was where before; left out: members.parquet beside the segmentation.",
)  # fmt: skip
@click.option("--day", help="Day of these memberships; left out: end of the events, or today.")
@click.option(
    "--history", type=options.PATH,
    help="A Parquet file that gets who is where from this day on, and why. Only added to.",
)  # fmt: skip
@click.option(
    "--since", type=click.DateTime(), help="Day of the earlier period, where a history begins."
)
@click.option("--refit/--no-refit", default=True, help="Also seek the segments again.")
@options.output(f"These customers in the segments: {listed(MEMBERS, last='or')}.")
@click.option("--flows", type=options.PATH, help="A drawing of who went where (.svg, .png, .pdf).")
@click.option("--dry-run", is_flag=True, help="Write nothing into the segmentation.")
@options.cutoff
@options.keep_ids
@options.force
@options.quiet
def refresh(
    *, segmentation: Path, data: tuple[str, ...], members: Path | None, day: str | None,
    history: Path | None, since: datetime | None, refit: bool, output: Path | None,
    flows: Path | None, dry_run: bool, cutoff: datetime | None, keep_ids: bool, force: bool,
    quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    """Say whether segments are still true of a later period: keep, watch or find them again.

    DATA are the tables of the study with the customers of a later period. They are placed by the
    segments as they were, and segments are sought again with the same settings. The answer goes
    into the segmentation, its report and a ledger beside it.
    """
    from forwhom.documents import read_segmentation
    from forwhom.pipeline.refreshing import refresh as hold_against
    from forwhom.report.segmentation import FLOWS, moves_of, write_flows

    options.check_place(output, force, *MEMBERS)
    options.check_place(flows, force, *FLOWS)
    options.check_place(history, True, "parquet")
    if history is not None and dry_run:
        raise OptionError("a history was asked for with --dry-run.", "Leave one of them out.")
    read_segmentation(segmentation)
    with show_progress(quiet=quiet) as progress:
        found = hold_against(
            segmentation, list(data), members=members, day=day, cutoff=cutoff, refit=refit,
            progress=progress,
        )  # fmt: skip
        # First what can be refused for what it holds: then nothing else is written, either.
        if flows is not None:
            moves_of(found.segmentation)
        if history is not None:
            begun = None if since is None else since.date()
            found.save_history(history, since=begun, keep_ids=keep_ids)
        if flows is not None:
            write_flows(found.segmentation, flows, overwrite=force)
        if output is not None:
            found.scored.save(output, overwrite=force, keep_ids=keep_ids)
        written = None if dry_run else found.save(segmentation)
    if as_json:
        terminal.print_json(found.refresh.model_dump(mode="json"))
        return
    _tell(found)
    for place in (output, flows, history, written):
        if place is not None:
            terminal.write(f"Wrote {place}")


def _tell(found: Refreshed) -> None:
    told = found.refresh
    terminal.say(told.headline, "bold")
    for sentence in told.sentences:
        terminal.say(sentence)
    _sizes(found.segmentation)
    terminal.warn(told.notes)


def _sizes(found: Segmentation) -> None:
    told = found.refreshed
    assert told is not None
    names = {segment.id: segment.name for segment in found.segments}
    grid = terminal.table(
        "", told.noun.capitalize(), ("Then (95%)", "right"), ("Now (95%)", "right"),
        *([("Sought again", "right")] if told.refitted else []), ("Placed here", "right"),
        title=f"{count(told.n, 'customer')} as of {told.day}",
    )  # fmt: skip
    for one in told.sizes:
        again = [] if told.refitted is None else [_share(one.refitted)]
        grid.add_row(
            str(one.segment), names[one.segment], _share(one.before), _share(one.now), *again,
            "not shown" if one.placed is None else f"{one.placed:,}",
        )  # fmt: skip
    terminal.console().print(grid)


def _share(one: Range | None) -> str:
    return "–" if one is None else f"{percent(one.value)} ({percent_range(one.low, one.high)})"
