from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from forwhom.cli import options, terminal

if TYPE_CHECKING:
    from rich.text import Text

    from forwhom.tables.profile import TableProfile, VariableProfile


@options.command(
    "forwhom profile customers.csv",
    "forwhom profile 'sales/*.parquet' --json",
    "forwhom profile postgresql://localhost/shop/customers",
    reads=options.TABLES,
)
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@options.layout
@click.option(
    "--exact",
    is_flag=True,
    help="Show extremes and counts of few, too; only where nobody else reads it.",
)
def profile(data: tuple[str, ...], layout: str | None, exact: bool, as_json: bool) -> None:
    """Say what is in a table: type, missing, range, shape, and what each column is good for.

    A range leaves out the outermost values, so that it tells of no single row.
    The table is described as it stands in the file. Where it is a known export, notes say what its
    columns are, and what 'forwhom study' and 'forwhom discover' do with it.
    """
    from forwhom.customers.layouts import with_layout_told
    from forwhom.tables import open_table

    profiles = [with_layout_told(open_table(source), layout) for source in data]
    if exact:
        profiles = [one.exact() for one in profiles]
    if as_json:
        from dataclasses import asdict

        found = [_plain(asdict(p if exact else p.for_others())) for p in profiles]
        terminal.print_json(found[0] if len(found) == 1 else found)
        return
    for found_profile in profiles:
        _print(found_profile)


def _plain(value: Any) -> Any:
    """Turn what JSON does not have into what it has: dates to text, NaN to null."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _print(found: TableProfile) -> None:
    from forwhom.cli.terminal import console, table
    from forwhom.tables.profile import missing_words

    grid = table(
        "Column", "Type", ("Missing", "right"), ("Distinct", "right"), "Values", "Measure", "Use",
        "Why",
    )  # fmt: skip
    for column in found.columns:
        grid.add_row(
            _called(column),
            column.type,
            missing_words(column),
            f"{column.distinct:,}",
            column.briefly,
            column.measure or "",
            terminal.cell(column.use, "green" if column.use == "active" else "dim"),
            column.why,
        )
    terminal.say(found.headline)
    console().print(grid)
    terminal.warn(found.notes)


def _called(column: VariableProfile) -> Text:
    called = terminal.cell(column.name, "bold")
    if column.called:
        called.append_text(terminal.cell(f"\n{column.called}", "not bold dim"))
    return called
