"""`forwhom canvas participants`: who takes part in a purchase, and where it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal

if TYPE_CHECKING:
    from forwhom.documents.participants import Person, Purchase, PurchaseMap


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
    from forwhom.report.canvas import MAP_FORMS

    options.check_place(output, force, *MAP_FORMS)
    found = purchase_map(canvas)
    if output is not None:
        MAP_FORMS.write(found, output, overwrite=force)
    if as_json:
        terminal.print_json(found.model_dump(mode="json"))
    else:
        click.echo("\n".join(_told(found)))
        if output is not None:
            click.echo(f"\nWrote {output}")
    click.get_current_context().exit(1 if found.stopping else 0)


def _told(found: PurchaseMap) -> Iterator[str]:
    from forwhom.wording import clean

    if not found.purchases:
        yield found.text
    for index, purchase in enumerate(found.purchases):
        if index:
            yield ""
        yield clean(purchase.name)
        yield from (clean(line) for line in _seats(found, purchase))
        yield from (clean(line) for line in _failures(purchase))


def _failures(purchase: Purchase) -> Iterator[str]:
    stopping = [failure.text for failure in purchase.failures if failure.stops]
    gaps = [failure.text for failure in purchase.failures if not failure.stops]
    if stopping:
        yield "  What can stop it:"
        yield from (f"  ! {text}" for text in stopping)
    if gaps:
        yield "  Also to look at:"
        yield from (f"  - {text}" for text in gaps)
    if not purchase.failures:
        yield "  Nothing says that it can fail."


def _person(one: Person) -> str:
    return f"{one.name} ({', '.join(one.roles)})" if one.roles else one.name


def _seats(found: PurchaseMap, purchase: Purchase) -> Iterator[str]:
    """Who has which part; nothing where nobody is named at all."""
    if not purchase.participants:
        return
    people = {p.id: p for p in found.people}
    for seat in purchase.seats:
        who = ", ".join(_person(people[i]) for i in seat.participants)
        standing = ", ".join(found.segments[i] for i in seat.segments)
        said = {
            "named": ", ".join(filter(None, [who, standing if seat.crossing == "pays" else ""])),
            "perhaps": f"perhaps {who}",
            "segment": standing + (f", perhaps by {who}" if who else ""),
            "nobody": "nobody, and that is decided",
            "missing": "nobody named",
        }[seat.presence]
        yield f"  {seat.does}: {said}"
    for veto in purchase.vetoes:
        over = ", ".join(people[i].name for i in veto.over if i in people) or "the purchase"
        yield f"  {people[veto.participant].name} can stop {over} (stance: {veto.stance})"
