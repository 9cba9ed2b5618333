from collections.abc import Iterator

from forwhom.documents.participants import Person, Purchase, PurchaseMap
from forwhom.wording import clean


def purchase_text(found: PurchaseMap) -> str:
    """Return who takes part in each purchase, who can stop it and where it can fail."""
    return "\n".join(clean(line) for line in _told(found)) + "\n"


def _told(found: PurchaseMap) -> Iterator[str]:
    if not found.purchases:
        yield found.text
    for index, purchase in enumerate(found.purchases):
        if index:
            yield ""
        yield purchase.name
        yield from _seats(found, purchase)
        yield from _failures(purchase)


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
