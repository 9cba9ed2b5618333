"""FW302: one person uses, pays and decides."""

from __future__ import annotations

from collections.abc import Iterator

from forwhom.documents.canvas.people import Participant
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.rules.participants.functions import DECIDES, PAYS, USES
from forwhom.lint.view import View


@rule("FW302", "note")
def one_person_in_all_roles(view: View) -> Iterator[Finding]:
    """One participant uses, pays and decides, in an organization.

    ## What it checks

    Participants with roles of use, of payment and of decision at once, where a purchase is not a
    private one: the participant has an `organization`, is of a firmographic segment, or the canvas
    tells buyer, user and target impact apart.

    ## Why it matters

    For a private customer that is as it should be. In an organization it mostly means that nobody
    has asked who signs: the texts on buyer, user and target impact segments say that most
    frameworks are made for the single consumer, and that organizations add people between the wish
    and the purchase.

    ## Example

    ```yaml
    participants:
      - {id: ada, name: Head, organization: Clinic, roles: [user, buyer, decision-maker]}
    ```

    ## Better

    ```yaml
    participants:
      - {id: ada, name: Head, organization: Clinic, roles: [decision-maker]}
      - {id: nurse, name: Nurse, organization: Clinic, roles: [user]}
      - {id: office, name: Purchasing, organization: Clinic, roles: [purchaser]}
    ```
    """
    for index, participant in enumerate(view.canvas.participants):
        roles = set(participant.roles)
        if (
            roles & USES
            and roles & PAYS
            and roles & DECIDES
            and _in_organization(view, participant)
        ):
            yield Finding(
                ("participants", index, "roles"),
                f"{participant.name!r} uses, pays and decides alone.",
                "Ask who else signs, pays or works with it; if it is so, say so in a comment that "
                "silences this.",
            )


def _in_organization(view: View, participant: Participant) -> bool:
    firms = any("firmographic" in view.segments[s].bases for s in participant.segments)
    return bool(participant.organization.strip()) or firms or view.tells_buti_apart
