from collections.abc import Iterator

from forwhom.documents.participants import (
    buys_for_themself,
    in_all_roles,
    purchases_of,
    seats_of,
)
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW302", "note")
def one_person_in_all_roles(view: View) -> Iterator[Finding]:
    """One participant uses, pays and decides, in an organization.

    ## What it checks

    The purchase of each segment that is served or may be: that not one participant alone uses it,
    pays and decides. A purchase in which people buy for themselves is left alone: only users,
    influencers, recommenders, buyers and decision-makers take part, none of them with an
    `organization`; the segment has no firmographic basis and is no buyer, user or target impact
    that the canvas tells apart.

    ## Why it matters

    For a private customer that is as it should be. In an organization it mostly means that nobody
    has asked who signs: the texts on buyer, user and target impact segments say that most
    frameworks are made for the single consumer, and that organizations add people between the wish
    and the purchase.

    ## Example

    ```yaml
    segments: [{id: clinics, name: Clinics in villages}]
    participants:
      - {id: ada, name: Head, organization: Clinic, roles: [user, buyer, decision-maker]}
    ```

    ## Better

    ```yaml
    segments: [{id: clinics, name: Clinics in villages}]
    participants:
      - {id: ada, name: Head, organization: Clinic, roles: [decision-maker]}
      - {id: nurse, name: Nurse, organization: Clinic, roles: [user]}
      - {id: office, name: Purchasing, organization: Clinic, roles: [purchaser]}
    ```
    """
    alone = dict[str, str]()
    for segment, people in purchases_of(view.canvas):
        if buys_for_themself(segment, people, view.canvas):
            continue
        for name in in_all_roles(segment, seats_of(segment, people, view.canvas)):
            alone.setdefault(name, segment.name)
    for index, participant in enumerate(view.canvas.participants):
        if participant.id in alone:
            yield Finding(
                ("participants", index, "roles"),
                f"{participant.name!r} uses, pays and decides alone in the purchase of "
                f"{brief(alone[participant.id])}.",
                "Ask who else signs, pays or works with it; if it is so, say so in a comment that "
                "silences this.",
            )
