from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom canvas compare last-month/canvas.yaml canvas.yaml",
    "forwhom canvas compare before.yaml after.yaml -o changes.html",
    "forwhom canvas compare before.yaml after.yaml --json",
)
@click.argument("before", type=options.PATH)
@click.argument("after", type=options.PATH)
@options.output("Write it there too: a page (.html), text (.md, .txt), data (.json).")
@options.force
def compare(before: Path, after: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Say in words what two versions of a canvas differ in, part by part.

    What came, went, moved, was renamed, reworded or decided, and why. Parts are known by their id,
    other texts by what they say, so that a reworded note is not told as gone. Comments are not
    compared, nor are files that the canvas names. The exit code is 1 when something differs.
    """
    from forwhom.documents.canvas.comparing import comparison_of
    from forwhom.report.comparison import FORMS, comparison_text

    options.check_place(output, force, *FORMS)
    found = comparison_of(before, after)
    if output is not None:
        FORMS.write(found, output, overwrite=force)
    terminal.answer(found, comparison_text(found, terminal.width()), output, as_json=as_json)
    click.get_current_context().exit(1 if found.differences else 0)
