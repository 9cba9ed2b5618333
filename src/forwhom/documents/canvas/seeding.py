"""From a segmentation to a canvas: segments, claims that cite evidence, drafts of personas.

Nothing is invented. What data cannot say (jobs, barriers, fears) is written down as an open
question. In a canvas that exists, only evidence is brought up to date and what is new is added:
no word that a person wrote changes, and claims whose evidence moved become suspect. Typical values
that nobody touched are evidence too, and follow it; so does what pairs of segments cite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forwhom.documents.canvas.drafting import language_asked
from forwhom.documents.canvas.file import AnyCanvas, canvas_of, edited, edits_of, parse_canvas
from forwhom.documents.canvas.frameworks import read_framework
from forwhom.documents.canvas.kinds import Standing, cited
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.references import is_about_all, items
from forwhom.documents.canvas.suspects import evidence_data, renew_evidence, suspects
from forwhom.documents.edits import Edits
from forwhom.documents.segmentation import (
    Distinction,
    Evidence,
    Segment,
    Segmentation,
    typical_text,
)
from forwhom.documents.segmentationfile import AnySegmentation, segmentation_of
from forwhom.documents.telling import written_segmentation
from forwhom.documents.yamlfile import Location
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import OptionError
from forwhom.languages.catalog import SOURCE, later, speaking_all, tr

#: What a segmentation cannot know about a segment, and a team must find out.
SEGMENT_QUESTIONS = (
    later("Which job are they trying to get done?"),
    later("What would they pay for, and who decides?"),
    later("Do we serve them, or leave them out on purpose?"),
)
PERSONA_QUESTIONS = (
    later("What do they want to achieve, and how do they tell that it worked?"),
    later("What stands in their way today?"),
    later("What do they worry about?"),
)
#: Evidence of a segmentation, against evidence that people brought: its ids start so.
_COMPUTED = ("segment", "fairness.")
#: What is said of all segments: how many they are, and whether they are groups.
_VERDICT = "segments.structure"


@dataclass(frozen=True)
class Seeded:
    """What seeding did."""

    text: str  # the canvas, as YAML
    added: list[str]  # names of the segments that are new in it
    changed: list[str]  # ids of evidence whose content is not what it was
    gone: list[str]  # ids of evidence that the segmentation no longer has
    suspect: list[str]  # ids of the claims that a person should look at again


def seed_canvas(
    segmentation: AnySegmentation,
    canvas: AnyCanvas | None = None,
    *,
    framework: str | None = None,
    source: str = "segmentation.json",
    claims: int = 5,
    same_numbers: bool = False,
    language: str | None = None,
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
    language
        Code of the language of a new canvas; left out: English. One that exists keeps its own.
        What a run found is written in it where forwhom speaks it whole: in German and Arabic.

    Raises
    ------
    DocumentError
        A file is not sound.
    OptionError
        This is no segmentation or no canvas, there is no such framework, the canvas has another
        one or is written in another language, the segments are numbered anew, or the language is
        no code.
    OutputError
        An alias in the text repeats what would change.
    """
    segmentation = segmentation_of(segmentation)
    if canvas is None:
        with speaking_all(code := language_asked(language or SOURCE)):
            draft = _Draft(written_segmentation(segmentation), source, claims)
            return _made(draft, framework or "business-model-canvas", code)
    known = canvas_of(canvas)
    _check_framework(known, framework)
    if language not in (None, known.language):
        raise OptionError(
            f"the canvas is written in {known.language!r}, not in {language!r}.",
            "Seed it as it is: it keeps its language.",
        )
    if not same_numbers:
        check_lineage(known, segmentation)
    with speaking_all(known.language):
        return _brought_up_to_date(
            _Draft(written_segmentation(segmentation), source, claims), known
        )


def _made(draft: _Draft, framework: str, language: str) -> Seeded:
    """Return a whole new canvas."""
    read_framework(framework)
    made = dump_yaml(draft.canvas(framework, language))
    parse_canvas(made)
    return Seeded(made, [s.name for s in draft.segmentation.segments], [], [], [])


def _check_framework(canvas: Canvas, framework: str | None) -> None:
    if framework not in (None, canvas.framework):
        raise OptionError(
            f"the canvas has the framework {canvas.framework!r}, not {framework!r}.",
            "Seed it as it is; 'forwhom canvas convert' (convert_canvas) changes its framework.",
        )


def check_lineage(canvas: Canvas, segmentation: Segmentation) -> None:
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

    def canvas(self, framework: str, language: str) -> dict[str, Any]:
        """A whole new canvas."""
        segments = [self.segment(s) for s in self.segmentation.segments]
        data: dict[str, Any] = {"forwhom": 1, "kind": "canvas"}
        if self.segmentation.title:
            data["title"] = self.segmentation.title
        if self.verdict:
            data["summary"] = self.verdict
        data |= {"framework": framework, "created": self.day}
        data |= {} if language == SOURCE else {"language": language}
        data |= {"seeded_from": self.segmentation.lineage, "segments": segments}
        data["personas"] = [self.persona(s) for s in self.segmentation.segments]
        pairs = self.pairs({s.id: segment_id(s) for s in self.segmentation.segments})
        compared = [{"segments": both, "evidence": said} for both, said in pairs]
        data |= {"pairs": compared} if compared else {}
        data["evidence"] = self.cited_in({"evidence": self.of_all()}, data)
        data["history"] = [self.seeded()]
        return data

    def of_all(self) -> list[str]:
        """Ids of the evidence about all segments: it belongs to the canvas, not to a claim."""
        return [evidence.id for evidence in self.segmentation.evidence if is_about_all(evidence.id)]

    @property
    def verdict(self) -> str:
        """Groups or degrees, in words; empty where nothing tested it."""
        evidence = self.evidence().get(_VERDICT)
        return "" if evidence is None else evidence.statement

    def standing(self, segment: Segment) -> Standing | None:
        """What the data say that a segment is; None where nothing tested it."""
        structure, noun = self.segmentation.structure, self.segmentation.noun
        if structure is None:
            return None
        if noun in ("band", "cut"):
            return "band" if noun == "band" else "cut"
        if segment.standing == "slice" and structure.tells:
            return "slice"
        return "group" if structure.verdict in ("clear", "likely") else "unproven"

    def seeded(self) -> dict[str, str]:
        return {"date": self.day, "what": "seeded", "item": "segments", "note": self.source}

    def cited_in(self, *data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The evidence that new parts of a canvas cite, so that nothing points nowhere."""
        names = {cited(one)[0] for one in _citations(list(data))}
        return [self.said(e) for e in self.segmentation.evidence if e.id in names]

    def said(self, evidence: Evidence) -> dict[str, Any]:
        """Evidence as it stands in the canvas."""
        fields = evidence.model_dump() | {"source": self.source, "date": self.day}
        return evidence_data(CanvasEvidence.model_validate(fields))

    def segment(self, segment: Segment) -> dict[str, Any]:
        size = {
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
        data |= {"size": size, "discovered": segment.id}
        standing = self.standing(segment)
        data |= {} if standing is None else {"standing": standing}
        data["claims"] = [*self.brings(segment), *self.claims(segment)]
        return data | {"open_questions": list(map(tr, SEGMENT_QUESTIONS))}

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
        return data | {"open_questions": list(map(tr, PERSONA_QUESTIONS))}

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

    def brings(self, segment: Segment) -> Iterator[dict[str, Any]]:
        """A claim on the part of the revenue, where there are amounts."""
        evidence = self.evidence().get(f"segment-{segment.id}.revenue")
        if evidence is not None:
            yield {
                "id": f"c-{evidence.id}",
                "text": evidence.statement,
                "evidence": self.cite(evidence.id),
            }

    def pairs(self, ids: Mapping[int, str]) -> Iterator[tuple[list[str], list[str]]]:
        """Yield every two segments of ``ids`` that were compared, and what is cited for them."""
        separateness, known = self.segmentation.separateness, self.evidence()
        for pair in () if separateness is None else separateness.pairs:
            start = f"segments-{pair.first}-{pair.second}"
            names = [f"{start}.{one.criterion}" for one in pair.criteria]
            both = [ids[number] for number in (pair.first, pair.second) if number in ids]
            said = [citation for name in names if name in known for citation in self.cite(name)]
            if said and len(both) == 2:
                yield both, said

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


def _citations(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for value in data:
            yield from _citations(value)
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from value if name == "evidence" else _citations(value)


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
    edits = edits_of(canvas)
    known = {name: draft.said(one) for name, one in draft.evidence().items()}
    changed, gone = renew_evidence(edits, canvas, known, _COMPUTED)
    _update_typical_values(edits, draft, canvas)
    _update_verdict(edits, draft, canvas)
    added = _add_segments(edits, draft, canvas)
    _update_pairs(edits, draft, canvas)
    if changed or gone or added:
        edits.append(("history",), draft.seeded())
    if canvas.seeded_from != draft.segmentation.lineage:
        edits.set(("seeded_from",), draft.segmentation.lineage)
    after, text = edited(canvas, edits)
    names = list(dict.fromkeys(s.item for s in suspects(after)))
    return Seeded(text, added, changed, gone, names)


def _update_typical_values(edits: Edits, draft: _Draft, canvas: Canvas) -> None:
    """Let typical values that nobody touched be those of the new run; others become suspect."""
    numbers = {s.id: s.discovered for s in canvas.segments}
    found = {segment.id: segment for segment in draft.segmentation.segments}
    said = {evidence.id: evidence.statement for evidence in canvas.evidence}
    same = _unmoved(draft, canvas)
    for index, persona in enumerate(canvas.personas):
        segment = found.get(numbers.get(persona.segment) or 0)
        name = f"segment-{numbers.get(persona.segment)}.typical"
        untouched = name not in same and said.get(name) == typical_text(persona.typical)
        cites = [cited(one)[0] for one in persona.evidence] == [name]
        if segment is None or not untouched or not cites or not draft.cite(name):
            continue
        if draft.typical(segment) != persona.typical:
            edits.set(("personas", index, "typical"), draft.typical(segment))
        if draft.cite(name) != persona.evidence:
            edits.set(("personas", index, "evidence"), draft.cite(name))


def _unmoved(draft: _Draft, canvas: Canvas) -> set[str]:
    """Return the evidence that is what it was: its words stay, in whatever language they are."""
    now = {name: one.fingerprint for name, one in draft.evidence().items()}
    return {one.id for one in canvas.evidence if now.get(one.id) == one.fingerprint}


def _update_verdict(edits: Edits, draft: _Draft, canvas: Canvas) -> None:
    """Let each segment be what the new run shows, and the summary say so where nobody wrote it."""
    found = {segment.id: segment for segment in draft.segmentation.segments}
    for index, one in enumerate(canvas.segments):
        segment = found.get(one.discovered or 0)
        if segment is not None and draft.standing(segment) != one.standing:
            edits.set(("segments", index, "standing"), draft.standing(segment))
    said = next((e.statement for e in canvas.evidence if e.id == _VERDICT), "")
    if said and canvas.summary == said != draft.verdict and _VERDICT not in _unmoved(draft, canvas):
        edits.set(("summary",), draft.verdict or None)


def _update_pairs(edits: Edits, draft: _Draft, canvas: Canvas) -> None:
    """Let pairs cite what was measured of them now; nobody's words rest on that, so it follows.

    A pair or a citation whose evidence is there and that is not was taken away by a person.
    """
    there = {evidence.id for evidence in canvas.evidence}
    taken = {item.id for item in items(canvas)}
    ids = {s.id: segment_id(s) for s in draft.segmentation.segments if segment_id(s) not in taken}
    ids |= {s.discovered: s.id for s in canvas.segments if s.discovered is not None}
    places = {frozenset(pair.segments): index for index, pair in enumerate(canvas.pairs)}
    for both, citations in draft.pairs(ids):
        now = {cited(one)[0]: one for one in citations}
        new = [one for name, one in now.items() if name not in there]
        index = places.get(frozenset(both))
        if index is not None:
            old = canvas.pairs[index].evidence
            kept = [now.get(cited(one)[0], one) for one in old]
            if [*kept, *new] != old:
                edits.set(("pairs", index, "evidence"), [*kept, *new])
        elif new:
            edits.append(("pairs",), {"segments": both, "evidence": new})
        for evidence in draft.cited_in({"evidence": new}):
            edits.append(("evidence",), evidence)


def _add_segments(edits: Edits, draft: _Draft, canvas: Canvas) -> list[str]:
    """Add segments that the canvas does not have, and claims whose evidence is new."""
    places = {s.discovered: i for i, s in enumerate(canvas.segments) if s.discovered is not None}
    taken = {item.id for item in items(canvas)}
    there = {evidence.id for evidence in canvas.evidence}
    added: list[str] = []
    new: list[tuple[Location, dict[str, Any]]] = []
    for segment in draft.segmentation.segments:
        index = places.get(segment.id)
        if index is not None:
            # A claim whose evidence is there was made before; without it, a person took it away.
            new += [
                (("segments", index, "claims"), claim)
                for claim in [*draft.brings(segment), *draft.claims(segment)]
                if cited(claim["evidence"][0])[0] not in there and claim["id"] not in taken
            ]  # fmt: skip
        elif segment_id(segment) not in taken:  # or else it is the id of somebody's own segment
            added.append(segment.name)
            new.append((("segments",), draft.segment(segment)))
            if f"persona-{segment.id}" not in taken:
                new.append((("personas",), draft.persona(segment)))
    for evidence in draft.cited_in({"evidence": draft.of_all()}, *(data for _, data in new)):
        if evidence["id"] not in there:
            new.append((("evidence",), evidence))
    for place, data in new:
        edits.append(place, data)
    return added
