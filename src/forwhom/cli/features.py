from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.suffixes import MEMBERS
from forwhom.wording import count, listed

if TYPE_CHECKING:
    from forwhom.customers.featuring import FeaturesTable


@options.command(
    "forwhom features transactions.parquet -o customers.parquet",
    "forwhom features study.yaml --cutoff 2025-01-01 -o customers.csv",
    reads=options.TABLES,
)
@click.argument("data", metavar="DATA_OR_STUDY...", nargs=-1, required=True)
@options.output(f"A {listed(MEMBERS, last='or')} file.", default="customers.parquet")
@options.cutoff
@options.allow_connections
@options.layout
@options.keep_ids
@options.force
@options.quiet
def features(
    *,
    data: tuple[str, ...],
    output: Path,
    cutoff: datetime | None,
    allow_connections: bool,
    layout: str | None,
    keep_ids: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Turn purchases, visits or tickets into one row per customer, and say what each column means.

    DATA_OR_STUDY is a study, or one or more tables, for which a study is drafted in memory. The
    file has the id of each customer, the features that 'forwhom discover' makes of the events, and
    the columns of tables with one row per customer.
    """
    from forwhom.customers.featuring import features_table
    from forwhom.customers.pseudonyms import told_of_ids

    options.check_place(output, force, *MEMBERS)
    with show_progress(quiet=quiet) as progress:
        made = features_table(
            list(data) if len(data) > 1 else data[0],
            cutoff=cutoff, layout=layout, progress=progress, allow_connections=allow_connections,
        )  # fmt: skip
        made.save(output, overwrite=force, keep_ids=keep_ids)
    if as_json:
        _print_json(made, output)
        return
    _tell(made)
    terminal.warn([] if keep_ids else list(filter(None, [told_of_ids(made.table)])))
    customers = count(made.table.num_rows, "customer")
    terminal.write(f"Wrote {output}: {customers}, {count(made.table.num_columns, 'column')}")


def _print_json(made: FeaturesTable, output: Path) -> None:
    told = [
        {
            "name": one.name,
            "label": one.label,
            "unit": one.unit,
            "measure": one.measure,
            "use": made.uses[one.name],
            "definition": one.definition,
        }
        for one in made.dictionary
    ]
    terminal.print_json(
        {"output": str(output), "customers": made.table.num_rows,
         "columns": made.table.column_names, "features": told, "notes": made.notes}
    )  # fmt: skip


def _tell(made: FeaturesTable) -> None:
    grid = terminal.table("Feature", "What it is", "Use", "How it is computed")
    for one in made.dictionary:
        use = made.uses[one.name]
        style = "green" if use == "active" else "dim"
        grid.add_row(
            terminal.cell(one.name, "bold"), one.label, terminal.cell(use, style), one.definition
        )  # fmt: skip
    terminal.console().print(grid)
    terminal.warn(made.notes)
