"""What the commands of choices have in common: where the answer goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options

if TYPE_CHECKING:
    from forwhom.documents.results import Choices

#: Lines on a terminal are not longer than this, so that they can be read.
_WIDEST = 100

output = click.option(
    "-o", "--output", type=click.Path(path_type=Path),
    help="Write it there too: a page (.html), text (.md), a drawing (.svg, .png, .pdf), data "
    "(.json).",
)  # fmt: skip


def check_place(place: Path | None, force: bool) -> None:
    """Refuse a place that cannot be written, before anything is computed."""
    from forwhom.report.choices import FORMS

    options.check_place(place, force, *FORMS)


def show(found: Choices, place: Path | None, force: bool, as_json: bool) -> None:
    """Write a result where it was asked for, and print it as text or as JSON."""
    from forwhom.cli import terminal
    from forwhom.report.choices import choices_text, write_choices

    if place is not None:
        write_choices(found, place, overwrite=force)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
        return
    click.echo(choices_text(found, min(terminal.console().width, _WIDEST)), nl=False)
    if place is not None:
        click.echo(f"\nWrote {place}")
