"""Where a purchase can fail, said in plain sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forwhom.documents.canvas.keynames import roles_of
from forwhom.documents.participants import CROSSWALK, NEEDED, Failure, Person, Seat, Veto
from forwhom.languages.catalog import later, tr
from forwhom.wording import listed, quoted

#: Parts that stop a purchase when nobody has them; what nobody uses is bought all the same.
_STOPPING = ("pays", "decides")


@dataclass(frozen=True)
class Findings:
    """What is known of one purchase."""

    name: str  # name of the segment
    people: Mapping[str, Person]  # who takes part, by id
    seats: Sequence[Seat]  # parts of the purchase
    vetoes: Sequence[Veto]  # who can stop it
    opposed: Mapping[str, str]  # who is against it, and why that has power, as a sentence goes on
    #: who uses, decides and pays at once, where that is worth a sentence
    in_all_roles: Sequence[str]
    private: bool  # whether people buy for themselves: then nobody has to stand in for anybody

    def named(self, ids: Iterable[str]) -> str:
        """Return names, as a list in a sentence."""
        return listed([self.people[i].name if i in self.people else i for i in ids])


def failures_of(found: Findings) -> list[Failure]:
    """Return the ways in which a purchase can fail, the most serious first."""
    if not found.people:
        text = tr(
            "Nobody is named who takes part in the purchase of {segment}.", segment=found.name
        )
        return [Failure(kind="nobody-named", text=text, stops=True)]
    said = [
        *_opposed_vetoes(found),
        *_missing(found),
        *_unreached(found),
        *_opposed(found),
        *_nobody_for_it(found),
        *_single_points(found),
        *_in_all_roles(found),
        *_unclear(found),
        *_missing_roles(found),
    ]
    return sorted(said, key=lambda failure: not failure.stops)


def _over(found: Findings, veto: Veto) -> str:
    """Whose decision a veto stops, as a sentence goes on."""
    if veto.over:
        return tr("can stop the decision of {names}", names=found.named(veto.over))
    return tr("can stop the purchase alone")


def _opposed_vetoes(found: Findings) -> Iterator[Failure]:
    for veto in found.vetoes:
        if veto.stance != "opposes":
            continue
        who = found.named([veto.participant])
        text = tr("{who} is against it and {power}.", who=who, power=_over(found, veto))
        if not veto.reached_by:
            then = tr("Nobody who is for it has influence there.")
        else:
            then = tr("{names} could talk to them.", names=found.named(veto.reached_by))
        yield Failure(
            kind="opposed-veto", text=f"{text} {then}", participants=[veto.participant], stops=True
        )


def _missing(found: Findings) -> Iterator[Failure]:
    for seat in found.seats:
        if seat.crossing in NEEDED and seat.presence == "missing":
            text = tr("It is not known who {does}.", does=seat.does)
            yield Failure(kind="part-missing", text=text, stops=seat.crossing in _STOPPING)


def _unreached(found: Findings) -> Iterator[Failure]:
    for veto in found.vetoes:
        who = found.named([veto.participant])
        if veto.stance in ("opposes", "supports"):
            continue
        known = (
            later("{who} {power}, and nobody knows what they think.")
            if veto.stance == "unknown"
            else later("{who} {power}, and they are neutral.")
        )
        text = tr(known, who=who, power=_over(found, veto))
        if veto.reached_by:
            asking = tr("{names} could ask.", names=found.named(veto.reached_by))
            text = f"{text} {asking}"
            yield Failure(kind="unknown-veto", text=text, participants=[veto.participant])
        else:
            nobody = tr("Nobody who is for it has influence there.")
            text = f"{text} {nobody}"
            yield Failure(
                kind="unreached-veto", text=text, participants=[veto.participant], stops=True
            )


def _opposed(found: Findings) -> Iterator[Failure]:
    vetoing = {veto.participant for veto in found.vetoes}
    for name, power in found.opposed.items():
        if name not in vetoing:
            text = tr("{who} is against it and {power}.", who=found.named([name]), power=power)
            yield Failure(kind="opposed-power", text=text, participants=[name], stops=True)


def _nobody_for_it(found: Findings) -> Iterator[Failure]:
    if not any(person.stance == "supports" for person in found.people.values()):
        yield Failure(kind="nobody-for-it", text=tr("Nobody is known to be for it."))


def _single_points(found: Findings) -> Iterator[Failure]:
    for seat in found.seats:
        alone = len(seat.participants) == 1 and seat.presence == "named" and not seat.segments
        if alone and not found.private and seat.crossing in _STOPPING:
            who = found.named(seat.participants)
            text = tr(
                "{who} alone {does}; when they leave or change their mind, it stops.",
                who=who,
                does=seat.does,
            )
            yield Failure(kind="single-point", text=text, participants=seat.participants)
    for veto in found.vetoes:
        if veto.stance != "supports" and len(veto.reached_by) == 1:
            who, holder = found.named(veto.reached_by), found.named([veto.participant])
            text = tr(
                "Only {who} is for it and has influence on {holder}, who can stop it.",
                who=who,
                holder=holder,
            )
            yield Failure(
                kind="single-point", text=text, participants=[*veto.reached_by, veto.participant]
            )


def _in_all_roles(found: Findings) -> Iterator[Failure]:
    for name in found.in_all_roles:
        text = tr(
            "{who} uses it, decides and pays; nobody else has a say.", who=found.named([name])
        )
        yield Failure(kind="one-in-all-roles", text=text, participants=[name])


def _unclear(found: Findings) -> Iterator[Failure]:
    for seat in found.seats:
        if seat.presence == "perhaps" and seat.crossing in NEEDED:
            who = found.named(seat.participants)
            may = next(row.perhaps for row in CROSSWALK if row.id == seat.crossing)
            roles = sorted({r for i in seat.participants for r in found.people[i].roles} & {*may})
            text = tr(
                "It is not clear who {does}: {who} may, but {roles} can mean more than one part of "
                "a purchase.",
                does=seat.does,
                who=who,
                roles=listed([quoted(role) for role in roles_of(roles)]),
            )
            yield Failure(kind="part-unclear", text=text, participants=seat.participants)


def _missing_roles(found: Findings) -> Iterator[Failure]:
    rest = [s.does for s in found.seats if s.presence == "missing" and s.crossing not in NEEDED]
    if rest and not found.private:
        text = tr("Nobody is named who {does}.", does=listed(rest, last="or"))
        yield Failure(kind="role-missing", text=text)
