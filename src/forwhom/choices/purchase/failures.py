"""Where a purchase can fail, said in plain sentences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forwhom.documents.participants import CROSSWALK, NEEDED, Failure, Person, Seat, Veto
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
        text = f"Nobody is named who takes part in the purchase of {found.name}."
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
    return (
        f"can stop the decision of {found.named(veto.over)}"
        if veto.over
        else "can stop the purchase alone"
    )


def _opposed_vetoes(found: Findings) -> Iterator[Failure]:
    for veto in found.vetoes:
        if veto.stance != "opposes":
            continue
        who = found.named([veto.participant])
        text = f"{who} is against it and {_over(found, veto)}."
        if not veto.reached_by:
            text += " Nobody who is for it has influence there."
        else:
            text += f" {found.named(veto.reached_by)} could talk to them."
        yield Failure(kind="opposed-veto", text=text, participants=[veto.participant], stops=True)


def _missing(found: Findings) -> Iterator[Failure]:
    for seat in found.seats:
        if seat.crossing in NEEDED and seat.presence == "missing":
            text = f"It is not known who {seat.does}."
            yield Failure(kind="part-missing", text=text, stops=seat.crossing in _STOPPING)


def _unreached(found: Findings) -> Iterator[Failure]:
    for veto in found.vetoes:
        who = found.named([veto.participant])
        if veto.stance in ("opposes", "supports"):
            continue
        known = "nobody knows what they think" if veto.stance == "unknown" else "they are neutral"
        text = f"{who} {_over(found, veto)}, and {known}."
        if veto.reached_by:
            text += f" {found.named(veto.reached_by)} could ask."
            yield Failure(kind="unknown-veto", text=text, participants=[veto.participant])
        else:
            text += " Nobody who is for it has influence there."
            yield Failure(
                kind="unreached-veto", text=text, participants=[veto.participant], stops=True
            )


def _opposed(found: Findings) -> Iterator[Failure]:
    vetoing = {veto.participant for veto in found.vetoes}
    for name, power in found.opposed.items():
        if name not in vetoing:
            text = f"{found.named([name])} is against it and {power}."
            yield Failure(kind="opposed-power", text=text, participants=[name], stops=True)


def _nobody_for_it(found: Findings) -> Iterator[Failure]:
    if not any(person.stance == "supports" for person in found.people.values()):
        yield Failure(kind="nobody-for-it", text="Nobody is known to be for it.")


def _single_points(found: Findings) -> Iterator[Failure]:
    for seat in found.seats:
        alone = len(seat.participants) == 1 and seat.presence == "named" and not seat.segments
        if alone and not found.private and seat.crossing in _STOPPING:
            who = found.named(seat.participants)
            text = f"{who} alone {seat.does}; when they leave or change their mind, it stops."
            yield Failure(kind="single-point", text=text, participants=seat.participants)
    for veto in found.vetoes:
        if veto.stance != "supports" and len(veto.reached_by) == 1:
            who, holder = found.named(veto.reached_by), found.named([veto.participant])
            text = f"Only {who} is for it and has influence on {holder}, who can stop it."
            yield Failure(
                kind="single-point", text=text, participants=[*veto.reached_by, veto.participant]
            )


def _in_all_roles(found: Findings) -> Iterator[Failure]:
    for name in found.in_all_roles:
        text = f"{found.named([name])} uses it, decides and pays; nobody else has a say."
        yield Failure(kind="one-in-all-roles", text=text, participants=[name])


def _unclear(found: Findings) -> Iterator[Failure]:
    for seat in found.seats:
        if seat.presence == "perhaps" and seat.crossing in NEEDED:
            who = found.named(seat.participants)
            may = next(row.perhaps for row in CROSSWALK if row.id == seat.crossing)
            roles = sorted({r for i in seat.participants for r in found.people[i].roles} & {*may})
            said = listed([quoted(role) for role in roles])
            text = (
                f"It is not clear who {seat.does}: {who} may, but {said} can mean more than one "
                "part of a purchase."
            )
            yield Failure(kind="part-unclear", text=text, participants=seat.participants)


def _missing_roles(found: Findings) -> Iterator[Failure]:
    rest = [s.does for s in found.seats if s.presence == "missing" and s.crossing not in NEEDED]
    if rest and not found.private:
        text = f"Nobody is named who {listed(rest, last='or')}."
        yield Failure(kind="role-missing", text=text)
