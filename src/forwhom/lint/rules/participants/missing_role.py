"""FW303: nobody uses, pays or decides."""

from __future__ import annotations

from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.rules.participants.functions import FUNCTIONS
from forwhom.lint.view import View, listed


@rule("FW303")
def missing_role(view: View) -> Iterator[Finding]:
    """Participants are named, and nobody of them uses, pays or decides.

    ## What it checks

    Canvases with participants that have roles: for each segment that participants name (and for the
    whole canvas when they name none), that somebody has a role of use (user), of payment (buyer,
    donor, purchaser, approver) and of decision (decision-maker, approver).

    ## Why it matters

    Users, influencers, recommenders, buyers and decision-makers each can make or break a sale. A
    map of the purchase without the one who decides sends the team to talk with all the others.
    Source: the text on customer segments of CANVAS-13; Webster and Wind, "Organizational Buying
    Behavior" (1972).

    ## Example

    ```yaml
    participants:
      - {id: nurse, name: Nurse, roles: [user]}
      - {id: office, name: Purchasing, roles: [purchaser]}
    ```

    ## Better

    ```yaml
    participants:
      - {id: nurse, name: Nurse, roles: [user]}
      - {id: office, name: Purchasing, roles: [purchaser]}
      - {id: ada, name: Head of the clinic, roles: [decision-maker]}
    ```
    """
    for segment, roles in _roles(view).items():
        missing = [said for said, some in FUNCTIONS.items() if roles and not roles & some]
        if missing:
            whom = f"for the segment {segment!r}, " if segment else ""
            yield Finding(
                ("participants",),
                f"{whom}no participant is named who {listed(missing)}.",
                "Add who that is, even if only as an archetype ('whoever signs').",
            )


def _roles(view: View) -> dict[str, set[str]]:
    """Segment to the roles of its participants; those of no segment take part everywhere."""
    named = {s for p in view.canvas.participants for s in p.segments}
    found: dict[str, set[str]] = {s: set() for s in view.segments if s in named} or {"": set()}
    for participant in view.canvas.participants:
        for segment in participant.segments or found:
            found[segment] |= set(participant.roles)
    return found
