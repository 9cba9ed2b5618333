"""What a person decides about a segment, as changes of its canvas: each becomes one event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, get_args

from forwhom.documents.canvas import Canvas, accept_claims
from forwhom.documents.canvas.fieldnames import value_name
from forwhom.documents.canvas.kinds import Status
from forwhom.documents.canvas.suspects import GONE, fingerprint_of
from forwhom.errors import OptionError, SourceMissing
from forwhom.languages.catalog import later, tr
from forwhom.workspace.canvases import Version
from forwhom.workspace.changes import Change, Insert, Put

#: What can be decided; a segment of which nothing is decided yet is a candidate.
DECISIONS = tuple(one for one in get_args(Status) if one != "candidate")
_WHY = later("Say in one or two sentences why.")


def segment_at(canvas: Canvas, segment: str) -> int:
    """Return the position of a segment."""
    for index, one in enumerate(canvas.segments):
        if one.id == segment:
            return index
    raise SourceMissing(
        tr("This segment is not here."), tr("It may have been taken out; the history has it.")
    )


def decision(
    found: Version, segment: str, status: str, reason: str, evidence: Sequence[str], by: str,
    today: date,
) -> list[Change]:  # fmt: skip
    """Return the changes that decide about a segment: what, why, on what evidence, and by whom."""
    here = ("segments", segment_at(found.canvas, segment))
    if status not in DECISIONS:
        raise OptionError(tr("Nothing is chosen yet."), tr("Choose what is decided."))
    if not reason.strip():
        raise OptionError(tr("A decision needs a reason."), tr(_WHY))
    said: dict[str, Any] = {
        "reason": reason.strip(),
        "date": today.isoformat(),
        "by": by or None,
        "evidence": list(_cited(found.canvas, evidence)) or None,
    }
    known = {name: value for name, value in said.items() if value is not None}
    changes: list[Change] = [Put(at=(*here, "status"), value=status)]
    if found.canvas.segments[here[1]].decision is None:
        changes.append(Put(at=(*here, "decision"), value=known))
    else:  # key by key, so that a comment that somebody made there stays
        changes += [Put(at=(*here, "decision", key), value=value) for key, value in said.items()]
    told = {"what": "decided", "item": segment, "instead": value_name("status", status)}
    return [*changes, *_told(found, [{**told, "by": by, "note": known["reason"]}], today)]


def acceptance(
    found: Version, names: Sequence[str], *, by: str, note: str, restate: bool, today: date
) -> list[Change]:
    """Return the changes that say that claims still hold with the evidence as it is now."""
    done = accept_claims(found.canvas, names, by=by, note=note, restate=restate, today=today)
    changes: list[Change] = [Put(at=at, value=value) for at, value in done.changes]
    return [*changes, *_told(found, done.told, today)]


def _told(found: Version, entries: Sequence[dict[str, str]], today: date) -> Iterator[Insert]:
    """Yield what the history of the canvas tells."""
    for index, entry in enumerate(entries, len(found.canvas.history)):
        said = {"date": today.isoformat(), **{k: v for k, v in entry.items() if v}}
        yield Insert(at=("history", index), value=said)


def _cited(canvas: Canvas, ids: Sequence[str]) -> Iterator[str]:
    """Yield citations of evidence with the fingerprint that it has today."""
    known = {one.id: one for one in canvas.evidence}
    for name in dict.fromkeys(ids):
        if name not in known or known[name].fingerprint == GONE:
            raise OptionError(
                tr("This evidence is not here any more: {name}.", name=repr(name[:80])),
                tr("Load the page again, and choose other evidence."),
            )
        yield f"{name}@{fingerprint_of(known[name])}"
