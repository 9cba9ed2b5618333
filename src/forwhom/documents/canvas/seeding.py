"""From a segmentation to a canvas: segments, claims that cite evidence, drafts of personas.

Nothing is invented. What data cannot say (jobs, barriers, fears) is written down as an open
question. In a canvas that exists, only evidence is brought up to date and what is new is added:
no word that a person wrote changes, and claims whose evidence moved become suspect. Typical values
that nobody touched are evidence too, and follow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from forwhom.documents.canvas.file import AnyCanvas, canvas_of, canvas_text_of, parse_canvas
from forwhom.documents.canvas.frameworks import read_framework
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import citations, items
from forwhom.documents.canvas.suspects import GONE, evidence_data, suspects
from forwhom.documents.canvas.words import cited
from forwhom.documents.edits import append_item, set_key
from forwhom.documents.segmentation import (
    Distinction,
    Evidence,
    Segment,
    Segmentation,
    typical_text,
)
from forwhom.documents.segmentationfile import read_segmentation
from forwhom.documents.yamlfile import Location, parse_yaml
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import OptionError, OutputError

#: What a segmentation cannot know about a segment, and a team must find out.
SEGMENT_QUESTIONS = (
    "Which job are they trying to get done?",
    "What would they pay for, and who decides?",
    "Do we serve them, or leave them out on purpose?",
)
PERSONA_QUESTIONS = (
    "What do they want to achieve, and how do they tell that it worked?",
    "What stands in their way today?",
    "What do they worry about?",
)
#: Evidence of a segmentation, against evidence that people brought: its ids start so.
_COMPUTED = "segment"


@dataclass(frozen=True)
class Seeded:
    """What seeding did.

    Parameters
    ----------
    text
        The canvas, as YAML.
    added
        Names of the segments that are new in it.
    changed
        Ids of evidence whose content is not what it was.
    gone
        Ids of evidence that the segmentation no longer has.
    suspect
        Ids of the claims that a person should look at again.
    """

    text: str
    added: list[str]
    changed: list[str]
    gone: list[str]
    suspect: list[str]


def seed_canvas(
    segmentation: Segmentation | str | PathLike[str],
    canvas: AnyCanvas | None = None,
    *,
    framework: str | None = None,
    source: str = "segmentation.json",
    claims: int = 5,
    same_numbers: bool = False,
) -> Seeded:
    """Make a canvas from a segmentation, or bring one up to date.

    Parameters
    ----------
    segmentation
        The segments and their evidence; or the path of their file or folder.
    canvas
        A canvas to bring up to date, or its path; None: a new one.
    framework
        Framework of a new canvas; left out: the Business Model Canvas.
    source
        What the canvas calls the segmentation.
    claims
        Most claims about each segment, strongest first.
    same_numbers
        Whether a person knows that numbers mean the same segments as before, although the run does
        not continue the one that the canvas came from (``discover(..., like=...)``).

    Raises
    ------
    DocumentError
        A file is not sound.
    OptionError
        This is no segmentation or no canvas, there is no such framework, the canvas has another
        one, or the segments are numbered anew.
    OutputError
        An alias in the text repeats what would change.
    """
    if not isinstance(segmentation, Segmentation):
        segmentation = _read(segmentation)
    draft = _Draft(segmentation, source, claims)
    if canvas is None:
        framework = framework or "business-model-canvas"
        read_framework(framework)
        made = dump_yaml(draft.canvas(framework))
        parse_canvas(made)
        return Seeded(made, [s.name for s in segmentation.segments], [], [], [])
    known = canvas_of(canvas)
    _check_framework(known, framework)
    if not same_numbers:
        _check_lineage(known, segmentation)
    return _brought_up_to_date(draft, known)


def _read(path: str | PathLike[str]) -> Segmentation:
    if not isinstance(path, str | PathLike):
        raise OptionError(
            f"A segmentation was expected, and this is a {type(path).__name__}.",
            "Give what forwhom.discover or forwhom.read_segmentation returned, or its path.",
        )
    return read_segmentation(Path(path))


def _check_framework(canvas: Canvas, framework: str | None) -> None:
    if framework not in (None, canvas.framework):
        raise OptionError(
            f"the canvas has the framework {canvas.framework!r}, not {framework!r}.",
            "Seed it as it is; 'forwhom canvas convert' (convert_canvas) changes its framework.",
        )


def _check_lineage(canvas: Canvas, segmentation: Segmentation) -> None:
    """Refuse segments whose numbers mean others than those in the canvas."""
    if canvas.seeded_from in ("", segmentation.lineage, segmentation.like):
        return
    raise OptionError(
        "segment 1 of this run need not be segment 1 of the canvas: the run does not continue the "
        "one that the canvas was seeded from.",
        "Run 'forwhom discover … --like FOLDER' with the folder of that run, so that numbers are "
        "kept; or say that they mean the same (--same-numbers, same_numbers=True).",
    )


@dataclass(frozen=True)
class _Draft:
    """What a segmentation says, in the words of a canvas."""

    segmentation: Segmentation
    source: str
    most: int

    @property
    def day(self) -> str:
        return self.segmentation.created[:10]

    def evidence(self) -> dict[str, Evidence]:
        return {e.id: e for e in self.segmentation.evidence}

    def canvas(self, framework: str) -> dict[str, Any]:
        """A whole new canvas."""
        segments = [self.segment(s) for s in self.segmentation.segments]
        data: dict[str, Any] = {"forwhom": 1, "kind": "canvas"}
        if self.segmentation.title:
            data["title"] = self.segmentation.title
        data |= {"framework": framework, "created": self.day}
        data |= {"seeded_from": self.segmentation.lineage, "segments": segments}
        data["personas"] = [self.persona(s) for s in self.segmentation.segments]
        data["evidence"] = [self.said(e) for e in self.cited_in(data)]
        data["history"] = [self.seeded()]
        return data

    def seeded(self) -> dict[str, str]:
        return {"date": self.day, "what": "seeded", "item": "segments", "note": self.source}

    def cited_in(self, data: Mapping[str, Any]) -> list[Evidence]:
        canvas = Canvas.model_validate(data)
        names = {"segments.number", *(cited(c)[0] for _, c in citations(canvas))}
        return [e for e in self.segmentation.evidence if e.id in names]

    def said(self, evidence: Evidence) -> dict[str, Any]:
        """Evidence as it stands in the canvas."""
        fields = evidence.model_dump() | {"source": self.source, "date": self.day}
        return evidence_data(CanvasEvidence.model_validate(fields))

    def segment(self, segment: Segment) -> dict[str, Any]:
        size = {
            "customers": segment.n,
            "share": round(segment.share, 4),
            "low": round(segment.share_interval.low, 4),
            "high": round(segment.share_interval.high, 4),
            "source": self.source,
            "evidence": self.cite(f"segment-{segment.id}.size"),
        }
        data: dict[str, Any] = {"id": segment_id(segment), "name": segment.name}
        bases = self.bases(segment)
        if bases:
            data["bases"] = bases
        data |= {"size": size, "discovered": segment.id, "claims": list(self.claims(segment))}
        return data | {"open_questions": list(SEGMENT_QUESTIONS)}

    def persona(self, segment: Segment) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": f"persona-{segment.id}",
            "name": segment.name,
            "segment": segment_id(segment),
        }
        typical = self.typical(segment)
        if typical:
            data |= {"typical": typical, "evidence": self.cite(f"segment-{segment.id}.typical")}
        data["claims"] = list(self.claims(segment, "p", 3))
        return data | {"open_questions": list(PERSONA_QUESTIONS)}

    def typical(self, segment: Segment) -> dict[str, str]:
        labels = {v.name: v.label for v in self.segmentation.variables}
        member = segment.typical_member
        values = {} if member is None else member.values
        return {labels.get(name, name): value for name, value in values.items()}

    def claims(
        self, segment: Segment, prefix: str = "c", most: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """A claim for each of the strongest distinctions, in the words of its evidence."""
        known = self.evidence()
        said = 0
        for distinction in segment.distinctions:
            evidence = _evidence_of(segment, distinction, known)
            if evidence is None or said == (self.most if most is None else most):
                continue
            said += 1
            yield {
                "id": f"{prefix}-{evidence.id}",
                "text": evidence.statement,
                "evidence": self.cite(evidence.id),
            }

    def cite(self, name: str) -> list[str]:
        evidence = self.evidence().get(name)
        return [] if evidence is None else [f"{name}@{evidence.fingerprint}"]

    def bases(self, segment: Segment) -> list[str]:
        """The bases of the variables that tell its members from others."""
        basis = {v.name: v.basis for v in self.segmentation.variables if v.use == "active"}
        found = [basis.get(d.variable) for d in segment.distinctions[: self.most]]
        return list(dict.fromkeys(b for b in found if b is not None))


def segment_id(segment: Segment) -> str:
    """Return the id that a discovered segment has in a canvas."""
    return f"segment-{segment.id}"


def _evidence_of(
    segment: Segment, distinction: Distinction, known: Mapping[str, Evidence]
) -> Evidence | None:
    prefix = f"segment-{segment.id}.distinction."
    same = (
        e
        for e in known.values()
        if e.id.startswith(prefix) and e.statement == distinction.statement
    )
    return next(same, None)


def _brought_up_to_date(draft: _Draft, canvas: Canvas) -> Seeded:
    text, path = canvas_text_of(canvas), canvas._origin.path
    text, changed, gone = _with_evidence(draft, canvas, text)
    text = _with_typical_values(draft, canvas, text)
    text, added = _with_segments(draft, canvas, text)
    text = _with_new_evidence(draft, text)
    if changed or gone or added:
        text = append_item(text, ("history",), draft.seeded())
    if canvas.seeded_from != draft.segmentation.lineage:
        text = set_key(text, ("seeded_from",), draft.segmentation.lineage)
    after = parse_canvas(text, path)
    _check_only_added(canvas, after)
    names = list(dict.fromkeys(s.item for s in suspects(after)))
    return Seeded(text, added, changed, gone, names)


def _check_only_added(before: Canvas, after: Canvas) -> None:
    """Everything that a person wrote is there as it was; only evidence and what is new changed."""
    ours = {"evidence", "history", "segments", "personas", "seeded_from"}
    same = before.model_dump(exclude=ours) == after.model_dump(exclude=ours)
    for old, new in zip(before.segments, after.segments, strict=False):
        claims = new.claims[: len(old.claims)]
        same = same and old == new.model_copy(update={"claims": claims})
    computed = {"typical", "evidence"}
    for had, has in zip(before.personas, after.personas, strict=False):
        same = same and had.model_dump(exclude=computed) == has.model_dump(exclude=computed)
    if not same or before.history != after.history[: len(before.history)]:
        raise OutputError(
            "The canvas cannot be brought up to date without touching what a person wrote.",
            "An alias (*name) repeats evidence; write it out where it is repeated.",
        )


def _with_evidence(draft: _Draft, canvas: Canvas, text: str) -> tuple[str, list[str], list[str]]:
    """Bring the computed evidence up to date, where its fingerprint is not what it was."""
    known = draft.evidence()
    changed, gone = [], []
    for index, old in enumerate(canvas.evidence):
        place: Location = ("evidence", index)
        if old.id in known:
            new = known[old.id]
            if new.fingerprint != old.fingerprint:
                said = draft.said(new) | {"previous": old.statement}
                text = _rewritten(text, place, old, said)
                changed.append(old.id)
        elif old.id.startswith(_COMPUTED) and old.fingerprint not in ("", GONE):
            text = set_key(text, (*place, "fingerprint"), GONE)
            gone.append(old.id)
    return text, changed, gone


def _rewritten(text: str, place: Location, old: CanvasEvidence, new: dict[str, Any]) -> str:
    said = evidence_data(old)
    for key in dict.fromkeys([*said, *new]):
        if said.get(key) != new.get(key):
            text = set_key(text, (*place, key), new.get(key))
    return text


def _with_typical_values(draft: _Draft, canvas: Canvas, text: str) -> str:
    """Let typical values that nobody touched be those of the new run; others become suspect."""
    numbers = {s.id: s.discovered for s in canvas.segments}
    found = {segment.id: segment for segment in draft.segmentation.segments}
    said = {evidence.id: evidence.statement for evidence in canvas.evidence}
    for index, persona in enumerate(canvas.personas):
        segment = found.get(numbers.get(persona.segment) or 0)
        name = f"segment-{numbers.get(persona.segment)}.typical"
        untouched = said.get(name) == typical_text(persona.typical)
        cites = [cited(one)[0] for one in persona.evidence] == [name]
        if segment is None or not untouched or not cites or not draft.cite(name):
            continue
        place: Location = ("personas", index)
        if draft.typical(segment) != persona.typical:
            text = set_key(text, (*place, "typical"), draft.typical(segment))
        if draft.cite(name) != persona.evidence:
            text = set_key(text, (*place, "evidence"), draft.cite(name))
    return text


def _with_segments(draft: _Draft, canvas: Canvas, text: str) -> tuple[str, list[str]]:
    """Add segments that the canvas does not have, and claims whose evidence is new."""
    places = {s.discovered: i for i, s in enumerate(canvas.segments) if s.discovered is not None}
    taken = {item.id for item in items(canvas)}
    there = {evidence.id for evidence in canvas.evidence}
    added = []
    for segment in draft.segmentation.segments:
        index = places.get(segment.id)
        if index is None:
            if segment_id(segment) in taken:
                continue  # somebody gave this id to a segment of their own
            text = append_item(text, ("segments",), draft.segment(segment))
            persona = draft.persona(segment)
            if persona["id"] not in taken:
                text = append_item(text, ("personas",), persona)
            added.append(segment.name)
            continue
        for claim in draft.claims(segment):
            # A claim whose evidence is there was made before; without it, a person took it away.
            if cited(claim["evidence"][0])[0] not in there and claim["id"] not in taken:
                text = append_item(text, ("segments", index, "claims"), claim)
    return text, added


def _with_new_evidence(draft: _Draft, text: str) -> str:
    """Add the evidence that new claims cite, so that nothing points nowhere."""
    canvas = Canvas.model_validate(parse_yaml(text, "canvas").data)
    there = {e.id for e in canvas.evidence}
    wanted = {cited(c)[0] for _, c in citations(canvas)}
    for evidence in draft.segmentation.evidence:
        if evidence.id in wanted and evidence.id not in there:
            text = append_item(text, ("evidence",), draft.said(evidence))
    return text
