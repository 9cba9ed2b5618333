from collections.abc import Iterator

from forwhom.documents.canvas.keynames import roles_of
from forwhom.documents.participants import Person, Purchase, PurchaseMap, Seat
from forwhom.languages.catalog import later, later_in, speaking_all, tr, tr_in
from forwhom.wording import clean, joined

_STANCES = {
    "supports": later_in("stance", "supports"),
    "neutral": later_in("stance", "neutral"),
    "opposes": later_in("stance", "opposes"),
    "unknown": later_in("stance", "unknown"),
}


def purchase_text(found: PurchaseMap) -> str:
    """Return who takes part in each purchase, who can stop it and where it can fail."""
    with speaking_all(found.language):
        return "\n".join(clean(line) for line in _told(found)) + "\n"


def _told(found: PurchaseMap) -> Iterator[str]:
    if not found.purchases:
        yield found.text
    for index, purchase in enumerate(found.purchases):
        if index:
            yield ""
        yield purchase.name
        yield from seats_told(found, purchase)
        yield from _failures(purchase)


def _failures(purchase: Purchase) -> Iterator[str]:
    stopping = [failure.text for failure in purchase.failures if failure.stops]
    gaps = [failure.text for failure in purchase.failures if not failure.stops]
    if stopping:
        yield f"  {tr(_STOPS)}"
        yield from (f"  ! {text}" for text in stopping)
    if gaps:
        yield f"  {tr(_LOOK)}"
        yield from (f"  - {text}" for text in gaps)
    if not purchase.failures:
        yield f"  {tr(_NOTHING)}"


_STOPS = later("What can stop it:")
_LOOK = later("Also to look at:")
_NOTHING = later("Nothing says that it can fail.")


def _person(one: Person) -> str:
    return f"{one.name} ({joined(roles_of(one.roles))})" if one.roles else one.name


def seats_told(found: PurchaseMap, purchase: Purchase) -> Iterator[str]:
    """Yield who has which part; nothing where nobody is named at all."""
    if not purchase.participants:
        return
    people = {p.id: p for p in found.people}
    for seat in purchase.seats:
        who = joined([_person(people[i]) for i in seat.participants])
        standing = joined([found.segments[i] for i in seat.segments])
        said = tr("{does}: {who}", does=seat.does, who=_seated(seat, who, standing))
        yield f"  {said}"
    for veto in purchase.vetoes:
        over = joined([people[i].name for i in veto.over if i in people])
        said = tr(
            "{who} can stop {what} (stance: {stance})",
            who=people[veto.participant].name,
            what=over or tr("the purchase"),
            stance=tr_in("stance", _STANCES[veto.stance]),
        )
        yield f"  {said}"


def _seated(seat: Seat, who: str, standing: str) -> str:
    if seat.presence == "nobody":
        return tr("nobody, and that is decided")
    if seat.presence == "missing":
        return tr("nobody named")
    if seat.presence == "perhaps":
        return tr("perhaps {who}", who=who)
    if seat.presence == "segment":
        return tr("{segments}, perhaps by {who}", segments=standing, who=who) if who else standing
    return joined([one for one in (who, standing if seat.crossing == "pays" else "") if one])
