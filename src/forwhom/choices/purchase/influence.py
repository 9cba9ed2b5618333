"""Who reaches whom, and who has power over a purchase."""

from collections.abc import Sequence

from forwhom.documents.canvas.keynames import roles_of
from forwhom.documents.participants import Person
from forwhom.languages.catalog import tr
from forwhom.wording import joined, listed

#: Roles that hold the purchase in their hands.
POWERFUL = {"decision-maker", "approver", "buyer", "donor", "purchaser", "gatekeeper"}


def reached_from(start: str, people: Sequence[Person]) -> set[str]:
    """Return whom somebody influences, directly or through others; never themselves."""
    arrows = {p.id: [a.on for a in p.influences] for p in people}
    found: set[str] = set()
    todo = [start]
    while todo:
        for name in arrows[todo.pop()]:
            if name in arrows and name not in found and name != start:
                found.add(name)
                todo.append(name)
    return found


def power_of(person: Person, people: Sequence[Person]) -> str:
    """Return why somebody has power over a purchase, as a sentence goes on; empty for none.

    A veto is power, and so is a role that decides, pays, signs or lets others in, and influence
    on somebody with either.
    """
    if person.veto:
        return tr("can stop it")
    held = [role for role in person.roles if role in POWERFUL]
    if held:
        return tr("has a say as {roles}", roles=listed(roles_of(held)))
    reached = reached_from(person.id, people)
    strong = [p.name for p in people if p.id in reached and (p.veto or set(p.roles) & POWERFUL)]
    return tr("has influence on {names}", names=joined(strong)) if strong else ""
