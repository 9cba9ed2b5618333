"""From what people say to needs in a canvas: proposals that cite evidence, for a person to judge.

Needs and evidence are added, and evidence is brought up to date; no word that a person wrote
changes. A need that a person took away does not come back, because its evidence is still there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forwhom.documents.canvas.file import AnyCanvas, canvas_of, edited, edits_of
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import items
from forwhom.documents.canvas.seeding import check_lineage
from forwhom.documents.canvas.suspects import evidence_data, renew_evidence, suspects
from forwhom.documents.ids import slug, unused
from forwhom.documents.results.voices import Saying, Voices, said_of
from forwhom.documents.segmentation import Segmentation
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking_all, tr, tr_count
from forwhom.wording import opened, typed


@dataclass(frozen=True)
class ProposedNeeds:
    """What was proposed."""

    text: str  # the canvas, as YAML
    added: list[str]  # ids of the needs and claims that are new in it
    changed: list[str]  # ids of evidence whose content is not what it was
    gone: list[str]  # ids of evidence that is not heard any more
    suspect: list[str]  # ids of what a person should look at again


def propose_needs(
    voices: Voices,
    segmentation: Segmentation,
    canvas: AnyCanvas,
    *,
    source: str = "",
    same_numbers: bool = False,
) -> ProposedNeeds:
    """Return the text of a canvas with the needs that people voice, and which are new.

    A pain, gain, job or fear becomes a need of its segment, in the words of customers, with
    importance and satisfaction where there are ratings; what no word sorts becomes a claim about
    the segment. Each cites its evidence. What names our own product or brand is no need.

    Parameters
    ----------
    voices
        What :func:`forwhom.find_voices` heard.
    segmentation
        The segments that it is about.
    canvas
        A canvas that was seeded from the segmentation, or its path.
    source
        What the canvas calls the texts.
    same_numbers
        Whether numbers of segments mean the same, although the canvas was seeded from another run.

    Raises
    ------
    OptionError
        This is no canvas, or no segment of it came from the segmentation.
    DocumentError
        It is not a sound canvas.
    """
    known = canvas_of(canvas)
    with speaking_all(known.language):
        return _proposed(voices, segmentation, known, source, same_numbers)


def _proposed(
    voices: Voices, segmentation: Segmentation, known: Canvas, source: str, same_numbers: bool
) -> ProposedNeeds:
    """Return the same, in the language of the canvas."""
    if not same_numbers:
        check_lineage(known, segmentation)
    places = {s.discovered: i for i, s in enumerate(known.segments) if s.discovered is not None}
    if not any(one.segment in places for one in voices.segments):
        raise OptionError(
            "no segment of the canvas came from this segmentation.",
            "Seed it first: forwhom canvas seed.",
        )
    where = source or tr("texts in {column}", column=repr(voices.column))
    told = _told(voices, where, segmentation)
    edits = edits_of(known)
    changed, gone = renew_evidence(edits, known, told, f"voices.{slug(voices.column)}.")
    there = {evidence.id for evidence in known.evidence}
    taken = {item.id for item in items(known)}
    added = []
    for number, saying in _proposable(voices, known):
        index = places.get(number)
        if index is None or saying.evidence in there:
            continue
        citation = f"{saying.evidence}@{told[saying.evidence]['fingerprint']}"
        new = unused(f"said-{number}-{slug(saying.phrase) or 'phrase'}", taken)
        taken.add(new)
        added.append(new)
        if saying.tone is None:
            claim = {"id": new, "text": told[saying.evidence]["statement"], "evidence": [citation]}
            edits.append(("segments", index, "claims"), claim)
        else:
            edits.append(("needs",), _need(new, saying, known.segments[index].id, citation))
        edits.append(("evidence",), told[saying.evidence])
    if added or changed or gone:
        day = segmentation.created[:10]
        edits.append(("history",), {"date": day, "what": "seeded", "item": "needs", "note": where})
    after, text = edited(known, edits)
    names = list(dict.fromkeys(s.item for s in suspects(after)))
    return ProposedNeeds(text, added, changed, gone, names)


def _proposable(voices: Voices, canvas: Canvas) -> Iterator[tuple[int, Saying]]:
    """Yield statements without the names of our product, with the number of their segment."""
    ours = [*canvas.names.ours, *canvas.names.brands, *canvas.names.features]
    named = [f" {name.casefold()} " for name in ours]
    for one in voices.segments:
        for saying in one.sayings:
            phrases = [f" {phrase} " for phrase in (saying.phrase, *saying.also)]
            if not any(name in phrase for name in named for phrase in phrases):
                yield one.segment, saying


def _need(id_: str, saying: Saying, segment: str, citation: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": id_,
        "statement": opened(", ".join([saying.phrase, *saying.also])),
        "kind": saying.tone,
        "segments": [segment],
    }
    if saying.importance is not None:
        data["importance"] = saying.importance.mean
    if saying.satisfaction is not None:
        data["satisfaction"] = saying.satisfaction.mean
    rated = saying.importance or saying.satisfaction
    if rated is not None:
        data["rated_by"] = tr_count(
            "about {n} customer who speaks of it", "about {n} customers who speak of it", rated.n
        )
    return data | {"evidence": [citation]}


def _told(voices: Voices, where: str, segmentation: Segmentation) -> dict[str, dict[str, Any]]:
    """Return evidence as it stands in a canvas, by its id."""
    shown = {
        saying.evidence: said_of(voices.noun, one.segment, saying)
        for one in voices.segments
        for saying in one.sayings
    }
    told = {}
    for evidence in voices.evidence:
        fields = evidence.model_dump() | {"source": where, "date": segmentation.created[:10]}
        fields["statement"] = typed(shown.get(evidence.id, evidence.statement))
        told[evidence.id] = evidence_data(CanvasEvidence.model_validate(fields))
    return told
