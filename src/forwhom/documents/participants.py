"""Who takes part in a purchase: three sets of words, how they map, and what a map of it says.

"Buyer" means the whole purchasing side in one set of words, the one who pays in another, and the
one with formal authority in the third; so each role says in which set it stands.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.people import Influence, Participant

#: Sets of words for roles: buyer, user and target impact with the three kinds of buyer; the five
#: participants of a purchase; the buying center.
Vocabulary = Literal["buti", "participants", "buying-center"]
VOCABULARIES: dict[Vocabulary, str] = {
    "buti": "Buyer, user, target impact",
    "participants": "Participants of a purchase",
    "buying-center": "Buying center",
}


class Crossing(Document):
    """One row of the crosswalk: what the same part of a purchase is called in each set of words."""

    id: str = Field(description="Name of the row.")
    does: str = Field(description="What somebody in this part does, as a sentence goes on.")
    roles: list[str] = Field(description="Roles in a canvas that stand for it without doubt.")
    perhaps: list[str] = Field(
        default_factory=list, description="Roles that may stand for it; a person has to say."
    )
    buti: list[str] = Field(default_factory=list, description="Buyer, user, target impact.")
    participants: list[str] = Field(
        default_factory=list, description="The five participants of a purchase."
    )
    buying_center: list[str] = Field(
        default_factory=list, description="Buying center (Webster and Wind, Bonoma)."
    )
    needed: bool = Field(default=False, description="Whether no purchase happens without it.")


#: How the three sets of words map. The one whose life should get better is in one of them alone.
CROSSWALK: tuple[Crossing, ...] = (
    Crossing(
        id="pays",
        does="pays",
        roles=["donor"],
        perhaps=["buyer", "approver"],
        buti=["buyer: donor"],
        participants=["buyer"],
        buying_center=["approver of the budget"],
        needed=True,
    ),
    Crossing(
        id="decides",
        does="decides",
        roles=["decision-maker", "approver"],
        buti=["buyer: decision-maker"],
        participants=["decision-maker"],
        buying_center=["decider", "approver"],
        needed=True,
    ),
    Crossing(
        id="signs",
        does="places the order",
        roles=["purchaser"],
        perhaps=["buyer", "gatekeeper"],
        buti=["buyer: purchaser"],
        participants=["buyer"],
        buying_center=["buyer", "gatekeeper"],
    ),
    Crossing(
        id="uses",
        does="uses it",
        roles=["user"],
        perhaps=["initiator"],
        buti=["user"],
        participants=["user"],
        buying_center=["user", "initiator"],
        needed=True,
    ),
    Crossing(
        id="benefits",
        does="benefits in the end",
        roles=["target-impact"],
        buti=["target impact"],
    ),
    Crossing(
        id="influences",
        does="influences the decision",
        roles=["influencer", "gatekeeper"],
        perhaps=["recommender"],
        participants=["influencer"],
        buying_center=["influencer", "gatekeeper"],
    ),
    Crossing(
        id="recommends",
        does="recommends it",
        roles=["recommender"],
        perhaps=["influencer"],
        participants=["recommender"],
        buying_center=["influencer"],
    ),
)

#: Whether a part of the purchase has somebody.
Presence = Literal["named", "perhaps", "segment", "missing"]
#: What a sentence warns of, the most serious first.
FailureKind = Literal[
    "nobody-named",
    "opposed-veto",
    "part-missing",
    "unreached-veto",
    "unknown-veto",
    "opposed-power",
    "nobody-for-it",
    "single-point",
    "one-in-all-roles",
    "part-unclear",
    "role-missing",
]


class Seat(Document):
    """One part of a purchase, and who has it."""

    crossing: str = Field(description="Row of the crosswalk.")
    does: str = Field(description="What somebody in this part does.")
    presence: Presence = Field(
        description="Somebody is named; a role may mean it; a segment stands for it; nobody."
    )
    participants: list[str] = Field(description="Ids of those who have it, or may.")
    segments: list[str] = Field(
        default_factory=list, description="Ids of the segments that stand for it."
    )


class Veto(Document):
    """Somebody who can stop a purchase, and whether anybody who is for it reaches them."""

    participant: str = Field(description="Who can stop it.")
    over: list[str] = Field(description="Whose decision; empty: the whole purchase.")
    stance: str = Field(description="Whether they are for it.")
    reached_by: list[str] = Field(
        description="Who is for it and has influence on them, directly or through others."
    )


class Failure(Document):
    """One way in which a purchase can fail, in plain words."""

    kind: FailureKind = Field(description="What it warns of.")
    text: str = Field(description="One or two sentences.")
    participants: list[str] = Field(default_factory=list, description="Who it is about.")


class Purchase(Document):
    """The purchase of one segment: who has which part, who can stop it, where it can fail."""

    segment: str = Field(description="Id of the segment; empty: all segments together.")
    name: str = Field(description="Name of the segment.")
    participants: list[str] = Field(description="Ids of those who take part.")
    seats: list[Seat] = Field(description="Parts of the purchase.")
    vetoes: list[Veto] = Field(description="Who can stop it.")
    opposed: list[str] = Field(description="Who is against it and has power over it.")
    in_all_roles: list[str] = Field(
        description="Who uses, decides and pays at once, so that nobody else is asked."
    )
    failures: list[Failure] = Field(description="Where it can fail, the most serious first.")


class Person(Document):
    """A participant, as a map shows them."""

    id: str = Field(description="Name that stays.")
    name: str = Field(description="Name or job title.")
    organization: str = Field(default="", description="Where they work.")
    roles: list[str] = Field(default_factory=list, description="What they do in the purchase.")
    segments: list[str] = Field(default_factory=list, description="Whose purchase; empty: all.")
    stance: str = Field(default="unknown", description="Whether they are for it.")
    veto: bool = Field(default=False, description="Whether they can stop it.")
    vetoes: list[str] = Field(default_factory=list, description="Whose decision; empty: all.")
    influences: list[Influence] = Field(default_factory=list, description="On whom.")

    @classmethod
    def of(cls, one: Participant) -> Person:
        """Return the part of a participant that a map shows."""
        return cls(
            id=one.id,
            name=one.name,
            organization=one.organization,
            roles=list(one.roles),
            segments=list(one.segments),
            stance=one.stance,
            veto=one.veto or bool(one.vetoes),
            vetoes=list(one.vetoes),
            influences=list(one.influences),
        )


class PurchaseMap(Document):
    """Everybody who takes part, and each segment's purchase."""

    title: str = Field(default="", description="What it is about.")
    language: str = Field(default="en", description="Language of the names.")
    right_to_left: bool = Field(default=False, description="Whether it is read from the right.")
    people: list[Person] = Field(description="Everybody who takes part.")
    segments: dict[str, str] = Field(description="Names of segments by id.")
    purchases: list[Purchase] = Field(description="One for each segment that may be served.")

    @property
    def failures(self) -> list[Failure]:
        """All ways in which a purchase can fail."""
        return [failure for purchase in self.purchases for failure in purchase.failures]

    @property
    def text(self) -> str:
        """Where each purchase can fail, in plain words.

        Examples
        --------
        >>> print(PurchaseMap(people=[], segments={}, purchases=[]).text)
        No segment may be served yet, so there is no purchase to look at.
        """
        if not self.purchases:
            return "No segment may be served yet, so there is no purchase to look at."
        parts = []
        for purchase in self.purchases:
            said = [f"- {failure.text}" for failure in purchase.failures]
            nothing = ["- Nothing in the canvas says that it can fail."]
            parts.append("\n".join([purchase.name, *(said or nothing)]))
        return "\n\n".join(parts)
