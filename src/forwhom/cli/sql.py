from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.errors import OptionError


@options.command(
    "forwhom sql segments/segmentation.json --table customers",
    "forwhom sql segments --table crm.customers --dialect bigquery -o score.sql",
)
@options.segmentation
@click.option("--table", required=True, help="Table with one row per customer.")
@click.option(
    "--dialect", default="duckdb", show_default=True, help="Dialect, as sqlglot names it."
)
@options.output("File; left out: stdout.")
@options.force
def sql(
    *, segmentation: Path, table: str, dialect: str, output: Path | None, force: bool, as_json: bool
) -> None:
    """Write the scoring of a segmentation as one SQL statement, to run where the data live."""
    from forwhom.documents import read_segmentation, write_text_atomically
    from forwhom.mixture.sql import scoring_sql

    options.check_place(output, force, "sql")
    found = read_segmentation(segmentation)
    statement = scoring_sql(found, table, dialect=dialect)
    if output is not None:
        write_text_atomically(output, statement + "\n", overwrite=force)
    told = {"dialect": dialect, "table": table, "sql": statement}
    if output is None and not as_json and terminal.steers(statement):
        raise OptionError(
            "The SQL holds names of columns or levels with control characters, which the terminal "
            "would obey.",
            "Write it to a file: -o score.sql",
        )
    terminal.tell(told, statement if output is None else f"Wrote {output}", as_json=as_json)
