from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.suffixes import MEMBERS
from forwhom.wording import count, few, listed


@options.command(
    "forwhom history history.parquet",
    "forwhom history history.parquet --as-of 2026-06-30 -o members.csv",
)
@click.argument("history", type=options.PATH)
@click.option("--as-of", type=click.DateTime(), help="Who was where on this day; else the last.")
@options.output(f"Who was where on that day: {listed(MEMBERS, last='or')}.")
@options.keep_ids
@options.force
def history(
    *, history: Path, as_of: datetime | None, output: Path | None, keep_ids: bool, force: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Say who was in which segment on any day, from what 'forwhom refresh' kept.

    HISTORY is the file of 'forwhom refresh --history': from when until when each customer was in
    which segment, and why.
    """
    from forwhom.customers.history import read_history
    from forwhom.customers.members import write_members

    options.check_place(output, force, *MEMBERS)
    known = read_history(history)
    day = known.last if as_of is None else as_of.date()
    there = known.as_of(day)
    if output is not None:
        write_members(there, output, overwrite=force, keep_ids=keep_ids)
    counts = {int(s): int(n) for s, n in known.counts(day).items()}
    if as_json:
        terminal.print_json({"day": day.isoformat(), "customers": there.num_rows,
                             "segments": {str(s): few(n) for s, n in counts.items()}})  # fmt: skip
        return
    terminal.say(f"{count(there.num_rows, 'customer')} as of {day}", "bold")
    grid = terminal.table("Segment", ("Customers", "right"))
    for segment, n in counts.items():
        grid.add_row(str(segment) if segment else "None of these", few(n))
    terminal.console().print(grid)
    if output is not None:
        terminal.write(f"Wrote {output}")
