"""`forwhom sql`: the scoring as one SQL statement."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom sql segments/segmentation.json --table customers",
        "forwhom sql segments --table crm.customers --dialect bigquery -o score.sql",
    ),
)
@click.argument("segmentation", type=click.Path(path_type=Path))
@click.option("--table", required=True, help="Table with one row per customer.")
@click.option(
    "--dialect", default="duckdb", show_default=True, help="Dialect, as sqlglot names it."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File; left out: stdout.")
@options.force
@options.as_json
def sql(
    *, segmentation: Path, table: str, dialect: str, output: Path | None, force: bool, as_json: bool
) -> None:
    """Write the scoring of a segmentation as one SQL statement, to run where the data live."""
    from forwhom.cli import terminal
    from forwhom.documents import read_segmentation, write_text_atomically
    from forwhom.mixture.sql import scoring_sql

    options.check_place(output, force, "sql")
    found = read_segmentation(segmentation)
    statement = scoring_sql(found, table, dialect=dialect)
    if output is not None:
        write_text_atomically(output, statement + "\n", overwrite=force)
    if as_json:
        terminal.print_json({"dialect": dialect, "table": table, "sql": statement})
    elif output is not None:
        click.echo(f"Wrote {output}")
    else:
        click.echo(statement)
