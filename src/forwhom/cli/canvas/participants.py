"""`forwhom canvas participants`: who takes part in a purchase, and where it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options

if TYPE_CHECKING:
    from forwhom.documents.participants import Purchase, PurchaseMap


@click.command(
    cls=options.Examples,
    examples=(
        "forwhom canvas participants canvas.yaml",
        "forwhom canvas participants canvas.yaml -o map.svg",
        "forwhom canvas participants canvas.yaml --json",
    ),
)
@click.argument("canvas", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default=None,
    help="Where to draw the map; its suffix says the format: .svg, .png or .pdf.",
)  # fmt: skip
@options.force
@options.as_json
def participants(canvas: Path, output: Path | None, force: bool, as_json: bool) -> None:
    """Say who takes part in each segment's purchase, who can stop it, and where it can fail.

    Roles may be those of buyer, user and target impact, of the participants of a purchase, or of
    the buying center; a crosswalk compares them. Exit code 1 when a purchase can fail.
    """
    from forwhom.cli import terminal
    from forwhom.documents.canvas import read_canvas
    from forwhom.documents.files import check_output
    from forwhom.evidence.participants import purchase_map
    from forwhom.report.canvas import draw_purchase_map, format_of, write_made

    if output is not None:
        check_output(output, overwrite=force)
        kind = format_of(output, ("svg", "png", "pdf"))
    found = purchase_map(read_canvas(canvas))
    if output is not None:
        write_made(draw_purchase_map(found, kind), output, overwrite=force)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        click.echo("\n".join(_told(found)))
        if output is not None:
            click.echo(f"\nWrote {output}")
    click.get_current_context().exit(1 if found.failures else 0)


def _told(found: PurchaseMap) -> Iterator[str]:
    from forwhom.report.words import clean

    if not found.purchases:
        yield found.text
    for index, purchase in enumerate(found.purchases):
        if index:
            yield ""
        yield clean(purchase.name)
        yield from (clean(line) for line in _seats(found, purchase))
        yield "  Where it can fail:" if purchase.failures else "  Nothing says that it can fail."
        yield from (f"  ! {clean(failure.text)}" for failure in purchase.failures)


def _seats(found: PurchaseMap, purchase: Purchase) -> Iterator[str]:
    """Who has which part; nothing where nobody is named at all."""
    if not purchase.participants:
        return
    people = {p.id: p for p in found.people}
    for seat in purchase.seats:
        who = [f"{people[i].name} ({', '.join(people[i].roles)})" for i in seat.participants]
        said = {
            "named": ", ".join(who),
            "perhaps": f"perhaps {', '.join(who)}",
            "segment": ", ".join(found.segments[i] for i in seat.segments),
            "missing": "nobody named",
        }[seat.presence]
        yield f"  {seat.does}: {said}"
    for veto in purchase.vetoes:
        over = ", ".join(people[i].name for i in veto.over if i in people) or "the purchase"
        yield f"  {people[veto.participant].name} can stop {over} (stance: {veto.stance})"
