from pathlib import Path

import click

from forwhom.cli import options, terminal
from forwhom.cli.progress import show_progress
from forwhom.suffixes import YAML


@options.command(
    "forwhom study customers.csv",
    "forwhom study orders_export.csv --layout shopify-orders",
    "forwhom study transactions.parquet products.parquet demographics.csv -o study.yaml",
    reads=options.TABLES,
)
@click.argument("data", metavar="DATA...", nargs=-1, required=True)
@options.output("File for the study; left out: stdout.")
@options.layout
@options.force
@options.quiet
def study(
    *,
    data: tuple[str, ...],
    output: Path | None,
    layout: str | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Draft a study: which table is what, how tables join, what each variable means."""
    from forwhom.customers.drafting import draft_study
    from forwhom.documents import write_study

    options.check_place(output, force, *YAML)
    with show_progress(quiet=quiet) as progress:
        folder = Path() if output is None else output.parent
        draft = draft_study(list(data), folder=folder, layout=layout, progress=progress)
    if output is not None:
        write_study(draft.text, output, overwrite=force)
    if as_json:
        drafted = draft.study.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        terminal.print_json({"study": drafted, "notes": list(draft.notes)})
        return
    if output is None:
        terminal.write(draft.text, nl=False)
    for note in draft.notes:
        terminal.write(f"note: {note}", err=True)
    if output is not None:
        terminal.write(f"Wrote {output}. Read and correct it, then: forwhom discover {output}")
