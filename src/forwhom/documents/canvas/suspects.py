"""Claims whose evidence changed since a person looked, and how a person clears them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forwhom.documents.canvas.file import AnyCanvas, canvas_data, canvas_of, edited, edits_of
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import Item, citations, claims, items
from forwhom.documents.edits import Edits
from forwhom.documents.mistakes import path_of
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError, nearest

#: Fingerprint of evidence that a later segmentation no longer has.
GONE = "gone"


@dataclass(frozen=True)
class Suspect:
    """A citation whose evidence is not what it was."""

    location: Location  # where the citation stands
    item: str  # id of the innermost item around it: the claim, the need, the segment
    evidence: CanvasEvidence  # the evidence as it is now
    fingerprint: str  # what the citation remembers

    @property
    def gone(self) -> bool:
        """Whether the evidence is no longer there, so that nothing can be accepted."""
        return self.evidence.fingerprint == GONE


@dataclass(frozen=True)
class Accepted:
    """What a person has accepted."""

    text: str  # the canvas with the new fingerprints; every other character is as it was
    cleared: list[Suspect]  # the citations that are suspect no more
    #: claims that were to be restated but are in somebody's own words, which stay
    kept: list[Suspect]
    gone: list[Suspect]  # citations whose evidence is gone: they stay suspect
    taken: list[Suspect]  # citations written by hand, which now remember their evidence
    #: what was set where, None where a key was taken away; and what the history tells
    changes: list[tuple[Location, object | None]] = field(repr=False)
    told: list[dict[str, str]] = field(repr=False)


def fingerprint_of(evidence: CanvasEvidence) -> str:
    """Return the fingerprint of evidence: its own, or a hash of what it says."""
    if evidence.fingerprint:
        return evidence.fingerprint
    content = evidence.model_dump(mode="json", exclude={"fingerprint", "previous"})
    for name in ("count", "verdict"):  # what has none says what it said before there were any
        if not content[name] and content[name] != 0:
            del content[name]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def suspects(canvas: Canvas) -> list[Suspect]:
    """Return the citations whose evidence changed or is gone, in the order of the document."""
    known = {evidence.id: evidence for evidence in canvas.evidence}
    prints = {name: fingerprint_of(evidence) for name, evidence in known.items()}
    placed = {item.location: item for item in items(canvas)}
    found = []
    for location, citation in citations(canvas):
        name, fingerprint = cited(citation)
        if name not in known:
            continue
        now = prints[name]
        if now == GONE or (fingerprint and now != fingerprint):
            found.append(Suspect(location, _owner(placed, location), known[name], fingerprint))
    return found


def handwritten(canvas: Canvas) -> list[Suspect]:
    """Return the citations that remember no fingerprint, so that nobody would notice a change."""
    known = {evidence.id: evidence for evidence in canvas.evidence}
    placed = {item.location: item for item in items(canvas)}
    return [
        Suspect(location, _owner(placed, location), known[name], "")
        for location, (name, fingerprint) in ((at, cited(c)) for at, c in citations(canvas))
        if name in known and not fingerprint and fingerprint_of(known[name]) != GONE
    ]


def _owner(placed: Mapping[Location, Item], location: Location) -> str:
    """Id of the innermost item around a location, and the part of it: ``segment-1.size``."""
    around = (placed.get(location[:depth]) for depth in range(len(location) - 1, 0, -1))
    item = next((one for one in around if one is not None), None)
    if item is None:
        return path_of(location)
    part = location[len(item.location)]
    if part == "evidence" and item.kind == "persona":
        part = "typical"  # the values that this evidence is of
    return item.id if part in ("evidence", "claims") else f"{item.id}.{part}"


def accept_claims(
    canvas: AnyCanvas,
    names: Sequence[str] = (),
    *,
    by: str = "",
    note: str = "",
    restate: bool = False,
    today: date | None = None,
) -> Accepted:
    """Clear suspect claims: somebody looked, and they hold with the evidence as it is now.

    Citations that were written by hand, without a fingerprint, get the one of their evidence.

    A size that is accepted takes the share that its evidence gives. A claim whose evidence is gone
    cannot be accepted: it needs other evidence, or must go.

    Parameters
    ----------
    canvas
        A canvas, or the path of its file.
    names
        Ids of claims, parts such as ``segment-1.size``, or items that hold them; none: all that
        are suspect.
    by, note
        Who accepts, and why; kept in the history of the canvas.
    restate
        Whether claims also say what the evidence says now. Only those that still say what it said
        before: a person's own words stay.
    today
        The day that the history names; left out: today.

    Raises
    ------
    OptionError
        A name is no suspect claim, or its evidence is gone.
    OutputError
        An alias repeats a citation, so that another claim would be cleared as well.
    """
    known = canvas_of(canvas)
    found = [*suspects(known), *handwritten(known)]
    asked = _chosen(known, found, names)
    taken = [s for s in asked if not s.fingerprint and not s.gone]
    asked = [s for s in asked if s.fingerprint or s.gone]
    chosen, gone = [s for s in asked if not s.gone], [s for s in asked if s.gone]
    if names and gone and not chosen and not taken:
        raise _nothing_left(gone)
    day = (today or date.today()).isoformat()
    changes, kept = _renewed(known, taken, chosen, restate=restate)
    told = [
        {k: v for k, v in entry.items() if v}
        for entry in (
            {"date": day, "what": "accepted", "item": item, "by": by, "note": note}
            for item in dict.fromkeys(suspect.item for suspect in chosen)
        )
    ]
    edits = edits_of(known)
    for location, value in changes:
        edits.set(location, value)
    for entry in told:
        edits.append(("history",), entry)
    return Accepted(edited(known, edits)[1], chosen, kept, gone, taken, changes, told)


def _renewed(
    canvas: Canvas, taken: Sequence[Suspect], chosen: Sequence[Suspect], *, restate: bool
) -> tuple[list[tuple[Location, object | None]], list[Suspect]]:
    """Return what is set so that citations are as their evidence, and claims that keep words."""
    changes: list[tuple[Location, object | None]] = [
        (one.location, f"{one.evidence.id}@{fingerprint_of(one.evidence)}")
        for one in (*taken, *chosen)
    ]
    kept = []
    claimed = {place for place, _ in claims(canvas)}
    for suspect in chosen:
        if suspect.location[-3:-2] == ("size",):
            changes += _resized(suspect)
        elif restate and suspect.location[:-2] in claimed:
            own = _words_at(canvas, suspect)
            if own in (suspect.evidence.previous, suspect.evidence.statement):
                changes.append(((*suspect.location[:-2], "text"), suspect.evidence.statement))
            else:
                kept.append(suspect)
    return changes, kept


def _nothing_left(gone: Sequence[Suspect]) -> OptionError:
    names = ", ".join(dict.fromkeys(s.evidence.id for s in gone))
    return OptionError(
        f"{gone[0].item!r} cannot be accepted: its evidence ({names}) is gone.",
        "Cite other evidence, or take the claim away.",
    )


def _words_at(canvas: Canvas, suspect: Suspect) -> str:
    """The words of the claim around a citation."""
    claim: Any = canvas
    for step in suspect.location[:-2]:
        claim = getattr(claim, step) if isinstance(step, str) else claim[step]
    return str(claim.text)


def _chosen(canvas: Canvas, found: list[Suspect], names: Sequence[str]) -> list[Suspect]:
    if not names:
        return found
    places = {i.id: i.location for i in items(canvas)}
    chosen: set[Location] = set()
    for name in names:
        here = places.get(name)
        own = [
            s for s in found
            if s.item == name or (here is not None and s.location[: len(here)] == here)
        ]  # fmt: skip
        if not own:
            known = list(dict.fromkeys(s.item for s in found))
            some = f"Suspect are: {', '.join(known[:10])}." if known else "Nothing is suspect."
            problem = f"{name!r} is no claim that is suspect."
            raise OptionError(problem, nearest(name, known) or some)
        chosen |= {s.location for s in own}
    return [s for s in found if s.location in chosen]


def _resized(suspect: Suspect) -> Iterator[tuple[Location, object | None]]:
    """Let a size be the share that its evidence gives: a number under a new fingerprint is new."""
    place, evidence = suspect.location[:-2], suspect.evidence
    if evidence.value is None:
        return
    interval = evidence.interval
    numbers = {
        "share": evidence.value,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
    }
    for key, value in numbers.items():
        yield (*place, key), None if value is None else round(value, 4)
    # Whoever counted customers counted those of before: a wrong number is worse than none.
    yield (*place, "customers"), None
    if evidence.source:
        yield (*place, "source"), evidence.source


def evidence_data(evidence: Any) -> dict[str, Any]:
    """Return evidence as it stands in a canvas, without what it does not say."""
    return {k: v for k, v in canvas_data(evidence).items() if v not in (None, "")}


def renew_evidence(
    edits: Edits,
    canvas: Canvas,
    known: Mapping[str, dict[str, Any]],
    computed: str | tuple[str, ...],
) -> tuple[list[str], list[str]]:
    """Bring computed evidence up to date, where its fingerprint is not what it was.

    ``known`` is evidence as it would stand in the canvas, by id; what begins with ``computed`` and
    is not among it is gone. Returns the ids of what changed, and of what is gone.
    """
    changed, gone = [], []
    for index, old in enumerate(canvas.evidence):
        if old.id in known:
            if known[old.id]["fingerprint"] != old.fingerprint:
                was, now = evidence_data(old), known[old.id] | {"previous": old.statement}
                for key in dict.fromkeys([*was, *now]):
                    if was.get(key) != now.get(key):
                        edits.set(("evidence", index, key), now.get(key))
                changed.append(old.id)
        elif old.id.startswith(computed) and old.fingerprint not in ("", GONE):
            edits.set(("evidence", index, "fingerprint"), GONE)
            gone.append(old.id)
    return changed, gone
