from pathlib import Path
from typing import Literal

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom workshop canvas.yaml -o workshop.pdf",
    "forwhom workshop canvas.yaml --language fr -o atelier.pdf",
    "forwhom workshop canvas.yaml --minutes 45 --raters 8 --paper letter -o workshop.pdf",
)
@options.canvas
@options.output(
    "The pages to print; ratings-template.csv is written beside them.", default="workshop.pdf"
)
@click.option(
    "--minutes", type=click.IntRange(30, 90), default=60, show_default=True,
    help="How long the workshop is; the agenda adds up to it.",
)  # fmt: skip
@click.option(
    "--raters", type=click.IntRange(1, 30), default=6, show_default=True,
    help="How many people rate; ratings-template.csv has lines for each.",
)  # fmt: skip
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True,
    help="Size of the pages.",
)  # fmt: skip
@options.language
@options.force
def workshop(
    canvas: Path, output: Path, minutes: int, raters: int, paper: Literal["a4", "letter"],
    language: str | None, force: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write what a facilitator prints to find out where buyer, user and target impact differ.

    A facilitator's page with agenda and rules, a rating sheet for each segment with a role, a
    page for the results, and a CSV to type the answers in. The items are those under
    'alignment: items', else all needs of these segments. The pages speak the language of the
    canvas where forwhom knows it: English, German, French, Spanish and Arabic.
    """
    from forwhom.documents.canvas import read_canvas
    from forwhom.report.workshop import write_workshop
    from forwhom.wording import count, counted

    pack = write_workshop(
        read_canvas(canvas), output, minutes=minutes, raters=raters, paper=paper,
        language=language, overwrite=force,
    )  # fmt: skip
    items = counted(len(pack.plan.items), "item")
    segments = counted(len(pack.plan.segments), "segment").lower()
    terminal.tell(
        pack.model_dump(mode="json"),
        f"Wrote {pack.pdf} and {pack.template}",
        f"{items} for {segments} in {minutes} minutes.",
        f"Print a set of rating sheets for {count(raters, 'rater')}.",
        *(f"Note: {warning}" for warning in pack.plan.warnings),
        as_json=as_json,
    )
