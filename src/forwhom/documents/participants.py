"""Who takes part in a purchase: three sets of words, how they map, and what a map of it says.

"Buyer" means the whole purchasing side in one set of words, the one who pays in another, and the
one with formal authority in the third; so each role says in which set it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.canvas.frameworks import framework_of
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.people import CanvasSegment, Influence, Participant
from forwhom.languages.catalog import later, speaking_all, tr


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
        does=later("pays"),
        roles=["donor"],
        perhaps=["buyer", "approver"],
        buti=["buyer: donor"],
        participants=["buyer"],
        buying_center=["approver of the budget"],
        needed=True,
    ),
    Crossing(
        id="decides",
        does=later("decides"),
        roles=["decision-maker", "approver"],
        buti=["buyer: decision-maker"],
        participants=["decision-maker"],
        buying_center=["decider", "approver"],
        needed=True,
    ),
    Crossing(
        id="signs",
        does=later("places the order"),
        roles=["purchaser"],
        perhaps=["buyer", "gatekeeper"],
        buti=["buyer: purchaser"],
        participants=["buyer"],
        buying_center=["buyer", "gatekeeper"],
    ),
    Crossing(
        id="uses",
        does=later("uses it"),
        roles=["user"],
        perhaps=["initiator"],
        buti=["user"],
        participants=["user"],
        buying_center=["user", "initiator"],
        needed=True,
    ),
    Crossing(
        id="benefits",
        does=later("benefits in the end"),
        roles=["target-impact"],
        buti=["target impact"],
    ),
    Crossing(
        id="influences",
        does=later("influences the decision"),
        roles=["influencer", "gatekeeper"],
        perhaps=["recommender"],
        participants=["influencer"],
        buying_center=["influencer", "gatekeeper"],
    ),
    Crossing(
        id="recommends",
        does=later("recommends it"),
        roles=["recommender"],
        perhaps=["influencer"],
        participants=["recommender"],
        buying_center=["influencer"],
    ),
)

#: Parts without which no purchase happens.
NEEDED = tuple(row.id for row in CROSSWALK if row.needed)
#: Roles of somebody who buys for themself, alone or with those around them; all others are of
#: organizations, or of those who buy for somebody else.
PLAIN_ROLES = frozenset({"user", "influencer", "recommender", "buyer", "decision-maker"})
#: Roles of those who stand beside a purchase: whatever they are, the buyer may be a person.
OUTSIDE_ROLES = frozenset({"gatekeeper", "influencer", "recommender"})
#: What a segment of this kind stands for, where nobody in person is named.
_SEATS_OF = {"user": "uses", "target-impact": "benefits"}
#: Parts that somebody of another segment may have, and of which kind that segment is.
_CROSSING = {
    "pays": "buyer", "decides": "buyer", "signs": "buyer", "uses": "user",
    "benefits": "target-impact",
}  # fmt: skip
#: What a framework shows that tells buyer, user and target impact apart.
_BUTI_BLOCKS = {"buyers", "users", "target_impact"}

_CANNOT_FAIL = later("Nothing in the canvas says that it can fail.")
#: Whether a part of the purchase has somebody.
Presence = Literal["named", "perhaps", "segment", "nobody", "missing"]
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
        description="Somebody is named; a role may mean it; a segment stands for it; nobody, and "
        "that is decided; it is not known."
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
    stops: bool = Field(
        default=False, description="Whether it can stop the purchase, or is a smaller gap."
    )


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
    def stopping(self) -> list[Failure]:
        """Those of them that can stop a purchase."""
        return [failure for failure in self.failures if failure.stops]

    @property
    def text(self) -> str:
        """Where each purchase can fail, in plain words."""
        with speaking_all(self.language):
            return self._told()

    def _told(self) -> str:
        if not self.purchases:
            return tr("No segment may be served yet, so there is no purchase to look at.")
        parts = []
        for purchase in self.purchases:
            said = [f"- {failure.text}" for failure in purchase.failures]
            nothing = f"- {tr(_CANNOT_FAIL)}"
            parts.append("\n".join([purchase.name, *(said or [nothing])]))
        return "\n\n".join(parts)


def tells_buti_apart(canvas: Canvas) -> bool:
    """Whether a canvas tells buyer, user and target impact apart.

    Its segments say at least two of the three, or its framework has blocks for them. One alone is
    no more than a word: a workshop asks for it, also in a market of consumers.
    """
    said = {one for segment in canvas.segments for one in segment.buti}
    return len(said) > 1 or has_buti_blocks(canvas)


def has_buti_blocks(canvas: Canvas) -> bool:
    """Whether the framework of a canvas has blocks for buyer, user and target impact."""
    shown = {part for block in framework_of(canvas).blocks for part in block.shows}
    return shown >= _BUTI_BLOCKS


def purchases_of(canvas: Canvas) -> Iterator[tuple[CanvasSegment, list[Participant]]]:
    """Yield the segments that have a purchase, and who takes part in it.

    Those are the segments that are served or still a candidate, unless one is there only to
    benefit and nobody is named for it. Who names no segment takes part in every purchase, and who
    pays for a segment in the purchase of that one. A part that nobody of the segment has may be
    taken in another one: who pays, decides, uses and benefits need not stand together.
    """
    for segment in canvas.segments:
        if segment.status not in ("serve", "candidate"):
            continue
        named = any(segment.id in one.segments for one in canvas.participants)
        if named or segment.buti != ["target-impact"]:
            own = [
                one for one in canvas.participants
                if not one.segments or segment.id in one.segments or one.id == segment.sponsor
            ]  # fmt: skip
            taking = {one.id for one in (*own, *_from_elsewhere(segment, own, canvas))}
            yield segment, [one for one in canvas.participants if one.id in taking]


def _from_elsewhere(
    segment: CanvasSegment, own: Sequence[Participant], canvas: Canvas
) -> list[Participant]:
    """Return who of other segments has a part that nobody of this one has, and who can stop them.

    Nobody is looked for where the segment itself says who uses it or benefits.
    """
    others = [one for one in canvas.participants if one not in own]
    found: list[Participant] = []
    for row in CROSSWALK:
        if row.id not in _CROSSING or row.id in {_SEATS_OF.get(b) for b in segment.buti}:
            continue
        beside, roles = _beside(segment, row.id, canvas), {*row.roles, *row.perhaps}
        able = [one for one in others if beside & set(one.segments) and roles & set(one.roles)]
        if not any(roles & set(one.roles) for one in own):
            found += [one for one in able if set(row.roles) & set(one.roles)] or able
    ids, where = {one.id for one in found}, {s for one in found for s in one.segments}
    found += [
        one for one in others
        if set(one.vetoes) & ids or (one.veto and not one.vetoes and where & set(one.segments))
    ]  # fmt: skip
    return found


def _beside(segment: CanvasSegment, part: str, canvas: Canvas) -> set[str]:
    """Return the other segments in which a part of this one's purchase may be taken.

    Whoever pays for a segment, also through a third, may decide for it; whoever it pays for, and
    whoever is paid for by the same, may use it and benefit. Where buyer, user and target impact are
    told apart, those of the right kind may, too.
    """
    others = {s.id: s for s in canvas.segments if s.id != segment.id and s.status != "ignore"}
    kind = _CROSSING[part]
    named = {s.id for s in others.values() if kind in s.buti} if segment.buti else set()
    found = named if tells_buti_apart(canvas) and kind not in segment.buti else set()
    payers, sponsor = set[str](), segment.sponsor
    while sponsor in others and sponsor not in payers:
        payers.add(sponsor)
        sponsor = others[sponsor].sponsor
    paid = {s.id for s in others.values() if s.sponsor in {segment.id, *payers}}
    return found | (payers if kind == "buyer" else paid | payers)


def buys_for_themself(
    segment: CanvasSegment, people: Sequence[Participant], canvas: Canvas
) -> bool:
    """Whether the members of a segment are people who buy for themselves.

    So it is where only plain roles are in play (user, influencer, recommender, buyer,
    decision-maker), and nothing says that the buyer is an organization or buys for others: no
    organization of a participant, no firmographic basis, no other role, no target impact. Those who
    only watch over it or speak of it (a city, a magazine) stand outside, whatever they are, and so
    does whoever has to permit what somebody uses and buys themself.
    """
    outside = OUTSIDE_ROLES | ({"approver"} if any(map(_for_themself, people)) else set())
    people = [one for one in people if not one.roles or set(one.roles) - outside] or people
    if has_buti_blocks(canvas) or "target-impact" in segment.buti:
        return False
    if segment.buti and tells_buti_apart(canvas):
        return False
    if "firmographic" in segment.bases or any(one.organization.strip() for one in people):
        return False
    return {role for one in people for role in one.roles} <= PLAIN_ROLES


def _for_themself(one: Participant) -> bool:
    return "user" in one.roles and bool({"buyer", "decision-maker"} & set(one.roles))


def seats_of(segment: CanvasSegment, people: Sequence[Participant], canvas: Canvas) -> list[Seat]:
    """Return which parts of the purchase of a segment are filled, and by whom.

    Whoever says that somebody is missing in a purchase asks here, so that all say the same.
    """
    seats = [_seat(row, people, canvas.segments) for row in CROSSWALK]
    paid = [_paid(seat, segment, people, canvas) if seat.crossing == "pays" else seat
            for seat in seats]  # fmt: skip
    if not buys_for_themself(segment, people, canvas):
        return paid
    return [seat for seat in paid if seat.presence != "missing" or seat.crossing in NEEDED]


def in_all_roles(segment: CanvasSegment, seats: Sequence[Seat]) -> list[str]:
    """Return who uses, decides and pays at once, where nobody else does any of it."""
    needed = [seat for seat in seats if seat.crossing in NEEDED]
    if any({*seat.segments} - {segment.id} for seat in needed):
        return []
    held = [set(seat.participants) for seat in needed]
    everybody = set().union(*held)
    return list(everybody) if len(everybody) == 1 and all(held) else []


def _seat(row: Crossing, people: Sequence[Participant], segments: Sequence[CanvasSegment]) -> Seat:
    named = [one.id for one in people if set(one.roles) & set(row.roles)]
    perhaps = [one.id for one in people if set(one.roles) & set(row.perhaps)]
    standing = [s.id for s in segments for b in s.buti if _SEATS_OF.get(b) == row.id]
    return Seat(
        crossing=row.id,
        does=tr(row.does),
        presence="named" if named else "perhaps" if perhaps else "segment" if standing
        else "missing",
        participants=named or perhaps,
        segments=standing,
    )  # fmt: skip


def _paid(
    seat: Seat, segment: CanvasSegment, people: Sequence[Participant], canvas: Canvas
) -> Seat:
    """Who pays, with what the segment says of it: that comes before a role that may mean it."""
    named = seat.participants if seat.presence == "named" else []
    if segment.sponsor in {one.id for one in people}:
        others = [one for one in named if one != segment.sponsor]
        return seat.model_copy(
            update={"presence": "named", "participants": [segment.sponsor, *others]}
        )
    if segment.sponsor is not None:
        presence = "named" if named else "segment"
        said = {"presence": presence, "participants": named, "segments": [segment.sponsor]}
        return seat.model_copy(update=said)
    if named:
        return seat
    if segment.revenue == "pays" or (segment.revenue is None and _brings_money(segment, canvas)):
        return seat.model_copy(update={"presence": "segment", "segments": [segment.id]})
    if segment.revenue == "none":
        return seat.model_copy(update={"presence": "nobody", "participants": []})
    return seat


def _brings_money(segment: CanvasSegment, canvas: Canvas) -> bool:
    """Whether a note says that money comes from a segment."""
    return any(segment.id in note.segments for note in canvas.blocks.get("revenue_streams", ()))
