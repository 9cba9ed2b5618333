"""Claims whose evidence changed since a person looked, and how a person clears them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forwhom.documents.canvas.file import canvas_data, parse_canvas
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import citations, items
from forwhom.documents.canvas.words import cited
from forwhom.documents.edits import append_item, set_key
from forwhom.documents.mistakes import path_of
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError, OutputError, nearest

#: Fingerprint of evidence that a later segmentation no longer has.
GONE = "gone"


@dataclass(frozen=True)
class Suspect:
    """A citation whose evidence is not what it was.

    Parameters
    ----------
    location
        Where the citation stands.
    item
        Id of the innermost item around it: the claim, the need, the segment.
    evidence
        The evidence as it is now.
    fingerprint
        What the citation remembers.
    """

    location: Location
    item: str
    evidence: CanvasEvidence
    fingerprint: str


def fingerprint_of(evidence: CanvasEvidence) -> str:
    """Return the fingerprint of evidence: its own, or a hash of what it says.

    Examples
    --------
    >>> fingerprint_of(CanvasEvidence(id="interview-1", statement="Nine of twelve do."))
    'e27c8214a4fb161c'
    """
    if evidence.fingerprint:
        return evidence.fingerprint
    content = evidence.model_dump(mode="json", exclude={"fingerprint"})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def suspects(canvas: Canvas) -> list[Suspect]:
    """Return the citations whose evidence changed or is gone, in the order of the document."""
    known = {evidence.id: evidence for evidence in canvas.evidence}
    found = []
    for location, citation in citations(canvas):
        name, fingerprint = cited(citation)
        if name in known and fingerprint and fingerprint_of(known[name]) != fingerprint:
            found.append(Suspect(location, _owner(canvas, location), known[name], fingerprint))
    return found


def _owner(canvas: Canvas, location: Location) -> str:
    """Id of the innermost item around a location, or the location itself where none has one."""
    around = [i for i in items(canvas) if location[: len(i.location)] == i.location]
    return max(around, key=lambda i: len(i.location)).id if around else path_of(location)


def accept_claims(
    text: str,
    names: Sequence[str] = (),
    *,
    by: str = "",
    note: str = "",
    restate: bool = False,
    today: date | None = None,
    path: str | None = None,
) -> tuple[str, list[Suspect]]:
    """Clear suspect claims: somebody looked, and they hold with the evidence as it is now.

    Parameters
    ----------
    text
        The canvas, as YAML.
    names
        Ids of claims, or of the items that hold them; none: all suspect claims.
    by, note
        Who accepts, and why; kept in the history of the canvas.
    restate
        Whether claims and sizes also say what the evidence says now.
    today
        The day that the history names; left out: today.
    path
        What messages call the canvas.

    Returns
    -------
    str
        The canvas with the new fingerprints; every other character is as it was.
    list of Suspect
        What was cleared.

    Raises
    ------
    OptionError
        A name is no suspect claim.
    OutputError
        An alias repeats a citation, so that another claim would be cleared as well.
    """
    canvas = parse_canvas(text, path)
    found = suspects(canvas)
    chosen = _chosen(canvas, found, names)
    day = (today or date.today()).isoformat()
    for suspect in chosen:
        fresh = f"{suspect.evidence.id}@{fingerprint_of(suspect.evidence)}"
        text = set_key(text, suspect.location, fresh)
        if restate:
            text = _restated(text, suspect)
    for item in dict.fromkeys(suspect.item for suspect in chosen):
        entry = {"date": day, "what": "accepted", "item": item, "by": by, "note": note}
        text = append_item(text, ("history",), {k: v for k, v in entry.items() if v})
    _check_cleared(parse_canvas(text, path), found, chosen)
    return text, chosen


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


def _restated(text: str, suspect: Suspect) -> str:
    """Let a claim say what its evidence says, and a size be the share that its evidence gives."""
    place = suspect.location[:-2]
    evidence = suspect.evidence
    if "claims" in place:
        return set_key(text, (*place, "text"), evidence.statement)
    if place[-1:] == ("size",) and evidence.value is not None:
        text = set_key(text, (*place, "share"), evidence.value)
        interval = evidence.interval
        text = set_key(text, (*place, "low"), None if interval is None else interval.low)
        text = set_key(text, (*place, "high"), None if interval is None else interval.high)
        # The number of members is not part of the evidence: a wrong one is worse than none.
        return set_key(text, (*place, "customers"), None)
    return text


def _check_cleared(canvas: Canvas, found: Sequence[Suspect], chosen: Sequence[Suspect]) -> None:
    """What was named is cleared, and nothing else is."""
    wanted = {s.location for s in found} - {s.location for s in chosen}
    wrong = sorted({s.location for s in suspects(canvas)} ^ wanted, key=path_of)
    if wrong:
        raise OutputError(
            f"{path_of(wrong[0])} cannot be changed without touching something else.",
            "An alias (*name) repeats it; edit the file by hand.",
        )


def evidence_data(evidence: Any) -> dict[str, Any]:
    """Return evidence as it stands in a canvas, without what it does not say."""
    return {k: v for k, v in canvas_data(evidence).items() if v not in (None, "")}
