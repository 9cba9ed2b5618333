"""Participants that funding data propose for a canvas; none is made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Sequence
from typing import Any, NamedTuple

from forwhom.documents.aid.names import said_place, said_sector
from forwhom.documents.canvas import AnyCanvas, canvas_of, edited, edits_of
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import items
from forwhom.documents.canvas.suspects import fingerprint_of
from forwhom.documents.ids import slug, unused
from forwhom.documents.results.funding import (
    NODE_NAMES,
    ROLE_NAMES,
    Basis,
    Funding,
    FundingRole,
    Proposal,
)
from forwhom.errors import OptionError, nearest
from forwhom.funders.organizations import plain
from forwhom.languages.catalog import later, speaking_all, tr, whole
from forwhom.wording import beside, money, typed

_ROLES: tuple[FundingRole, ...] = ("donor", "decision-maker", "purchaser")
_RECEIVED = later("{role}: received {amount}")
_METHODS: dict[Basis, str] = {
    "spent": later("Sums of reported flows (spent), each counted once."),
    "committed": later("Sums of reported flows (committed), each counted once."),
}


def check_segments(canvas: Canvas, segments: Sequence[str]) -> None:
    """Refuse ids that are no segment of a canvas."""
    ids = [segment.id for segment in canvas.segments]
    for name in segments:
        if name not in ids:
            some = f"Its segments are: {', '.join(ids[:10])}." if ids else "It has no segment yet."
            raise OptionError(f"The canvas has no segment {name!r}.", nearest(name, ids) or some)


def propose_participants(
    found: Funding, canvas: AnyCanvas, *, segments: Sequence[str] = (), most: int = 5
) -> tuple[str, list[Proposal]]:
    """Return the text of a canvas with participants that funding data show, and which are new.

    Nothing is written, and nothing that stands in the canvas changes: each new participant is
    added at the end of ``participants:``, with its roles and with evidence that it cites. Our own
    organization (``names: ours``) is none.

    Parameters
    ----------
    found
        What :func:`forwhom.funding` found.
    canvas
        A canvas, or the path of one.
    segments
        Ids of the segments whose purchase they take part in. Left out, they name none, and so
        take part in the purchase of every segment.
    most
        Organizations for each role, those with the most money and activities first.

    Raises
    ------
    OptionError
        This is no canvas, or it has no such segment.
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas.
    """
    known = canvas_of(canvas)
    check_segments(known, segments)
    edits = edits_of(known)
    with speaking_all(known.language):
        made = proposals(found, known, most, list(dict.fromkeys(segments)))
    for one in made:
        edits.append(("participants",), one.participant)
        edits.append(("evidence",), one.evidence)
    return edited(known, edits)[1], [one.proposal for one in made]


class Proposed(NamedTuple):
    """A proposal, and the items of the canvas that it becomes."""

    proposal: Proposal
    participant: dict[str, Any]
    evidence: dict[str, Any]


def proposals(
    found: Funding, canvas: Canvas, most: int, segments: Sequence[str] = ()
) -> list[Proposed]:
    """Return organizations that the canvas does not have yet, with the roles that data show."""
    ours = {plain(name) for name in canvas.names.ours}
    known = ours | {plain(one.name) for one in canvas.participants}
    known |= {plain(one.organization) for one in canvas.participants if one.organization}
    taken = {item.id for item in items(canvas)}
    made = []
    for organization, roles in _leading(found, most, ours).items():
        name = found.name(organization)
        if plain(name) in known:
            continue
        known.add(plain(name))
        made.append(_proposed(found, organization, roles, taken, segments))
        taken |= {made[-1].participant["id"], made[-1].evidence["id"]}
    return made


def _leading(found: Funding, most: int, ours: Container[str]) -> dict[str, list[FundingRole]]:
    money: Counter[tuple[str, FundingRole]] = Counter()
    activities: Counter[tuple[str, FundingRole]] = Counter()
    for shown in found.roles:
        named = shown.organization not in NODE_NAMES
        if named and plain(found.name(shown.organization)) not in ours:
            key = (shown.organization, shown.role)
            money[key] += round(shown.amount * 100)
            activities[key] += shown.activities
    leading: dict[str, list[FundingRole]] = {}
    for role in _ROLES:
        keys = [key for key in activities.keys() | money.keys() if key[1] == role]
        keys.sort(key=lambda key: (-money[key], -activities[key], key[0]))
        for organization, _ in keys[:most]:
            leading.setdefault(organization, []).append(role)
    return leading


def _proposed(
    found: Funding,
    organization: str,
    roles: list[FundingRole],
    taken: Collection[str],
    segments: Sequence[str],
) -> Proposed:
    name = found.name(organization)
    reason, amount = _reason(found, organization, roles)
    identity = unused(identity_of(name), taken)
    evidence = CanvasEvidence(
        id=unused(f"funding-{identity}", taken),
        statement=reason,
        value=amount,
        method=method_of(found),
        source=", ".join(found.sources)[:300],
        date=found.today,
    )
    said = evidence.model_dump(mode="json", exclude_defaults=True)
    participant = {
        "id": identity,
        "name": name,
        "organization": name,
        **({"segments": list(segments)} if segments else {}),
        "roles": list(roles),
        "notes": tr("Proposed from funding data; nobody has confirmed it."),
        "evidence": [f"{evidence.id}@{fingerprint_of(evidence)}"],
    }
    proposal = Proposal(id=identity, name=name, roles=roles, reason=reason, segments=list(segments))
    return Proposed(proposal, participant, said)


def _reason(
    found: Funding, organization: str, roles: list[FundingRole]
) -> tuple[str, float | None]:
    """Return what the data show, and the largest amount in it."""
    parts: list[str] = []
    amounts = []
    for role in roles:
        shown = [r for r in found.roles if (r.organization, r.role) == (organization, role)]
        amount = sum(r.amount for r in shown)
        largest = max(shown, key=lambda r: (r.amount, r.activities))
        called = tr(ROLE_NAMES[role])
        if amount > 0:
            whole_sum = money(amount, found.currency, exact=True)
            told = later("{role}: gave {amount}") if role == "donor" else _RECEIVED
            parts.append(tr(told, role=called, amount=whole_sum))
            amounts.append(round(amount, 2))
        else:
            count = whole(sum(r.activities for r in shown))
            parts.append(
                tr("{role}: named so by activities ({n} by sector and country)",
                   role=called, n=count)
            )  # fmt: skip
        parts[-1] = _placed(parts[-1], amount > 0, said_sector(largest.sector), largest.country)
    said = tr("{name} is {roles}.", name=found.name(organization), roles=beside(parts))
    return typed(said), max(amounts, default=None)


def _placed(said: str, money: bool, sector: str, country: str) -> str:
    """Return what a role rests on, and for which sector and country most of it is."""
    place = sector or said_place(country)
    if sector and country:
        place = tr("{sector} in {country}", sector=sector, country=said_place(country))
    if not place:
        return said
    told = (
        later("{said}, most of it for {place}")
        if money
        else later("{said}, most often for {place}")
    )
    return tr(told, said=said, place=place)


def method_of(found: Funding) -> str:
    """Return in words how amounts were found."""
    return tr(_METHODS[found.basis])


def identity_of(name: str) -> str:
    """Return the id of an organization, in the letters of its name."""
    return slug(name, 48, every_script=True) or "organization"
