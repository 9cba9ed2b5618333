from collections.abc import Iterator

from forwhom.documents.participants import NEEDED, purchases_of, seats_of
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW303")
def missing_role(view: View) -> Iterator[Finding]:
    """Participants are named, and nobody uses, pays or decides.

    ## What it checks

    Canvases with participants: that in the purchase of each segment that is served or may be,
    somebody uses it, pays and decides. Roles say so (`forwhom canvas participants` shows which),
    and so do `buti: [user]` of a segment, and its `revenue` and `sponsor`: who pays is known where
    it pays itself, where somebody pays for it, and where nobody does on purpose.

    ## Why it matters

    Users, influencers, recommenders, buyers and decision-makers each can make or break a sale. A
    map of the purchase without the one who decides sends the team to talk with all the others.
    Source: the text on customer segments of CANVAS-13; Webster and Wind, "Organizational Buying
    Behavior" (1972).

    ## Example

    ```yaml
    segments: [{id: clinics, name: Clinics in villages, revenue: pays}]
    participants:
      - {id: nurse, name: Nurse, roles: [user]}
      - {id: office, name: Purchasing, roles: [purchaser]}
    ```

    ## Better

    ```yaml
    segments: [{id: clinics, name: Clinics in villages, revenue: pays}]
    participants:
      - {id: nurse, name: Nurse, roles: [user]}
      - {id: office, name: Purchasing, roles: [purchaser]}
      - {id: ada, name: Head of the clinic, roles: [decision-maker]}
    ```
    """
    if not view.canvas.participants:
        return
    for segment, people in purchases_of(view.canvas):
        seats = seats_of(segment, people, view.canvas)
        missing = [seat for seat in seats if seat.crossing in NEEDED and seat.presence == "missing"]
        if not missing:
            continue
        advice = "Add who that is, even if only as an archetype ('whoever signs')."
        if any(seat.crossing == "pays" for seat in missing):
            advice += " Who pays may also stand in 'revenue' or 'sponsor' of the segment."
        yield Finding(
            ("participants",),
            f"for the segment {segment.id!r}, nobody is named who "
            f"{listed([seat.does for seat in missing], last='or')}.",
            advice,
        )
