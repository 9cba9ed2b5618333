from __future__ import annotations

from collections.abc import Sequence

from forwhom.choices.purchase.failures import Findings, failures_of
from forwhom.choices.purchase.influence import power_of, reached_from
from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.canvas.people import CanvasSegment, Participant
from forwhom.documents.participants import (
    Person,
    Purchase,
    PurchaseMap,
    Veto,
    buys_for_themself,
    in_all_roles,
    purchases_of,
    seats_of,
)
from forwhom.languages.catalog import speaking_all, tr


def purchase_map(canvas: AnyCanvas) -> PurchaseMap:
    """Return who takes part in the purchase of each segment, and where it can fail.

    Roles are compared through a crosswalk of three sets of words (buyer, user, target impact; the
    participants of a purchase; the buying center), so that a canvas may use any of them.

    Parameters
    ----------
    canvas
        A canvas, or the path of one. A participant who names no segment takes part in the
        purchase of every segment; a veto that names nobody stops the whole purchase. Who pays is
        said by roles, and by `revenue` and `sponsor` of the segment.

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
    known = canvas_of(canvas)
    with speaking_all(known.language):
        purchases = [_purchase(segment, people, known) for segment, people in purchases_of(known)]
    return PurchaseMap(
        title=known.title,
        language=known.language,
        right_to_left=known.right_to_left,
        people=[Person.of(one) for one in known.participants],
        segments={s.id: s.name for s in known.segments},
        purchases=purchases,
    )


def _purchase(segment: CanvasSegment, taking: Sequence[Participant], canvas: Canvas) -> Purchase:
    people = [Person.of(one) for one in taking]
    seats = seats_of(segment, taking, canvas)
    private = buys_for_themself(segment, taking, canvas)
    alone = [] if private else in_all_roles(segment, seats)
    # Who pays has power, also without a role that says so.
    power = {p.id: power_of(p, people) or (tr("pays for it") if p.id == segment.sponsor else "")
             for p in people}  # fmt: skip
    opposed = {p.id: power[p.id] for p in people if p.stance == "opposes" and power[p.id]}
    vetoes = [_veto(person, people) for person in people if person.veto]
    found = Findings(
        segment.name, {p.id: p for p in people}, seats, vetoes, opposed, alone, private
    )
    return Purchase(
        segment=segment.id,
        name=segment.name,
        participants=[p.id for p in people],
        seats=seats,
        vetoes=vetoes,
        opposed=list(opposed),
        in_all_roles=alone,
        failures=failures_of(found),
    )


def _veto(holder: Person, people: Sequence[Person]) -> Veto:
    reaching = [
        p.id for p in people if p.stance == "supports" and holder.id in reached_from(p.id, people)
    ]
    return Veto(
        participant=holder.id, over=holder.vetoes, stance=holder.stance, reached_by=reaching
    )
