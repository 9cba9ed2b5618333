from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.errors import OptionError

if TYPE_CHECKING:
    from forwhom.documents import Segmentation


@options.command(
    "forwhom sql segments/segmentation.json --table customers",
    "forwhom sql segments --table crm.customers --dialect bigquery -o score.sql",
    "forwhom sql segments --table crm.customers --create-view crm.segments --dialect snowflake",
    "forwhom sql segments --features --table transactions=sales.lines --table products=sales.goods",
)
@options.segmentation
@click.option(
    "--table", "tables", multiple=True, metavar="[NAME=]TABLE",
    help="Table with one row per customer; with --features, the table of the events, or each table "
    "by the name that the study has for it.",
)  # fmt: skip
@click.option(
    "--features", is_flag=True,
    help="Begin with purchases, visits or tickets, and compute the features from them.",
)  # fmt: skip
@click.option(
    "--cutoff", type=click.DateTime(), help="With --features: use only events before this moment."
)
@click.option(
    "--dialect", default="duckdb", show_default=True, help="Dialect, as sqlglot names it."
)
@click.option(
    "--create-view", "view", metavar="NAME",
    help="Create a view of this name, which places customers whenever it is read.",
)  # fmt: skip
@options.output("File; left out: stdout.")
@options.force
def sql(
    *,
    segmentation: Path,
    tables: tuple[str, ...],
    features: bool,
    cutoff: datetime | None,
    dialect: str,
    view: str | None,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Write the scoring of a segmentation as one SQL statement, to run where the data live.

    With --features, the statement goes the whole way from events to segments: it keeps the id of
    the customer, and its heading says which tables and columns it reads.
    """
    from forwhom.documents import read_segmentation, write_text_atomically

    options.check_place(output, force, "sql")
    found = read_segmentation(segmentation)
    statement = _statement(found, tables, dialect, features=features, cutoff=cutoff, view=view)
    if output is not None:
        write_text_atomically(output, statement + "\n", overwrite=force)
    told = {"dialect": dialect, "table": ", ".join(tables), "sql": statement}
    if output is None and not as_json and terminal.steers(statement):
        raise OptionError(
            "The SQL holds names of columns or levels with control characters, which the terminal "
            "would obey.",
            "Write it to a file: -o score.sql",
        )
    terminal.tell(told, statement if output is None else f"Wrote {output}", as_json=as_json)


def _statement(
    found: Segmentation,
    tables: tuple[str, ...],
    dialect: str,
    *,
    features: bool,
    cutoff: datetime | None,
    view: str | None,
) -> str:
    from forwhom.customers.querying import features_sql
    from forwhom.mixture.sql import scoring_sql

    if features:
        pairs = [name.partition("=") for name in tables]
        if len(pairs) == 1 and not pairs[0][1]:
            return features_sql(found, tables[0], dialect=dialect, cutoff=cutoff, view=view)
        unnamed = next((name for name, equals, _ in pairs if not equals), None)
        if unnamed is not None:
            raise OptionError(
                f"--table {unnamed}: with several tables, each needs its name in the study.",
                f"Write --table NAME={unnamed}.",
            )
        places = {name: place for name, _, place in pairs}
        return features_sql(found, places, dialect=dialect, cutoff=cutoff, view=view)
    if cutoff is not None:
        raise OptionError(
            "--cutoff is about events, and this SQL reads customers.",
            "Add --features, or leave it out.",
        )
    if len(tables) != 1:
        raise OptionError(
            "the SQL reads one table with one row per customer.",
            "Give it with --table, or write the SQL from events with --features.",
        )
    return scoring_sql(found, tables[0], dialect=dialect, view=view)
