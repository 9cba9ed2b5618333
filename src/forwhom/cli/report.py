"""`forwhom report`: a segmentation as a page that people read."""

from __future__ import annotations

from pathlib import Path

import click

from forwhom.cli import options


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom report segments/segmentation.json -o report.html",
        "forwhom report segments -o for-the-board.html --force",
    ),
)
@click.argument("segmentation", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="report.html", show_default=True,
    help="The page, one file without network.",
)  # fmt: skip
@options.force
@options.as_json
def report(segmentation: Path, output: Path, force: bool, as_json: bool) -> None:
    """Write the report of a segmentation again, such as after editing names of segments."""
    from forwhom.cli import terminal
    from forwhom.documents import read_segmentation
    from forwhom.report.segmentation import FORMS, write_report

    options.check_place(output, force, *FORMS)
    found = read_segmentation(segmentation)
    write_report(found, output, overwrite=force)
    if as_json:
        terminal.print_json({"report": str(output)})
    else:
        click.echo(f"Wrote {output}")
