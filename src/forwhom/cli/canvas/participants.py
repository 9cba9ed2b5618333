from pathlib import Path

import click

from forwhom.cli import options, terminal


@options.command(
    "forwhom canvas participants canvas.yaml",
    "forwhom canvas participants canvas.yaml -o map.svg",
    "forwhom canvas participants canvas.yaml --json",
)
@options.canvas
@options.output("Where to draw the map; its suffix says the format: .svg, .png or .pdf.")
@options.force
def participants(canvas: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Say who takes part in each segment's purchase, who can stop it, and where it can fail.

    Roles may be those of buyer, user and target impact, of the participants of a purchase, or of
    the buying center; a crosswalk compares them. Who pays is also said by 'revenue' and 'sponsor'
    of a segment. Exit code 1 when something can stop a purchase: a veto of somebody who is
    against it or whom nobody reaches, nobody who pays or decides, power against it.
    """
    from forwhom.choices.purchase.tracing import purchase_map
    from forwhom.report.canvas import MAP_FORMS, purchase_text

    options.check_place(output, force, *MAP_FORMS)
    found = purchase_map(canvas)
    if output is not None:
        MAP_FORMS.write(found, output, overwrite=force)
    terminal.answer(found, purchase_text(found), output, as_json=as_json)
    click.get_current_context().exit(1 if found.stopping else 0)
