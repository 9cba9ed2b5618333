"""Who can stop a purchase, who is missing, and where it can fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.participants import (
    CROSSWALK,
    Crossing,
    Person,
    Purchase,
    PurchaseMap,
    Seat,
    Veto,
)
from forwhom.evidence.failures import Findings, failures_of
from forwhom.evidence.influence import power_of, reached_from

#: What a segment of this kind stands for, where nobody in person is named.
_SEATS_OF = {"user": "uses", "target-impact": "benefits"}


def purchase_map(canvas: Canvas) -> PurchaseMap:
    """Return who takes part in the purchase of each segment, and where it can fail.

    Roles are compared through a crosswalk of three sets of words (buyer, user, target impact; the
    participants of a purchase; the buying center), so that a canvas may use any of them.

    Parameters
    ----------
    canvas
        The canvas. A participant who names no segment takes part in the purchase of every
        segment; a veto that names nobody stops the whole purchase.

    Returns
    -------
    PurchaseMap
        One purchase for each segment that is served or still a candidate, unless it is there
        only to benefit and nobody is named for it.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> text = '''
    ... forwhom: 1
    ... kind: canvas
    ... segments: [{id: schools, name: Schools}]
    ... participants:
    ...   - {id: head, name: Head teacher, roles: [decision-maker, buyer], veto: true,
    ...      stance: opposes}
    ... '''
    >>> print(purchase_map(parse_canvas(text)).failures[0].text)
    Head teacher is against it and can stop the purchase alone. Nobody who is for it has influence
    there.
    """
    people = [Person.of(one) for one in canvas.participants]
    purchases = []
    for segment in canvas.segments:
        taking = [p for p in people if not p.segments or segment.id in p.segments]
        if _may_be_bought(segment, people):
            purchases.append(_purchase(segment, taking, canvas.segments))
    return PurchaseMap(
        title=canvas.title,
        language=canvas.language,
        right_to_left=canvas.right_to_left,
        people=people,
        segments={s.id: s.name for s in canvas.segments},
        purchases=purchases,
    )


def _may_be_bought(segment: CanvasSegment, people: Iterable[Person]) -> bool:
    if segment.status not in ("serve", "candidate"):
        return False
    named = any(segment.id in person.segments for person in people)
    return named or segment.buti != ["target-impact"]


def _purchase(
    segment: CanvasSegment, people: Sequence[Person], segments: Sequence[CanvasSegment]
) -> Purchase:
    seats = [_seat(row, people, segments) for row in CROSSWALK]
    vetoes = [_veto(person, people) for person in people if person.veto]
    opposed = [p.id for p in people if p.stance == "opposes" and power_of(p, people)]
    found = Findings(segment.name, {p.id: p for p in people}, seats, vetoes, opposed)
    return Purchase(
        segment=segment.id,
        name=segment.name,
        participants=[p.id for p in people],
        seats=seats,
        vetoes=vetoes,
        opposed=opposed,
        in_all_roles=found.in_all_roles,
        failures=failures_of(found),
    )


def _seat(row: Crossing, people: Sequence[Person], segments: Sequence[CanvasSegment]) -> Seat:
    named = [p.id for p in people if set(p.roles) & set(row.roles)]
    perhaps = [p.id for p in people if set(p.roles) & set(row.perhaps)]
    standing = [s.id for s in segments for b in s.buti if _SEATS_OF.get(b) == row.id]
    presence = "named" if named else "perhaps" if perhaps else "segment" if standing else "missing"
    return Seat(
        crossing=row.id,
        does=row.does,
        presence=presence,
        participants=named or perhaps,
        segments=standing,
    )


def _veto(holder: Person, people: Sequence[Person]) -> Veto:
    reaching = [
        p.id for p in people if p.stance == "supports" and holder.id in reached_from(p.id, people)
    ]
    return Veto(
        participant=holder.id, over=holder.vetoes, stance=holder.stance, reached_by=reaching
    )
