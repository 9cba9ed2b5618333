"""Putting a story together: sentences around words of a canvas, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forwhom.choices.storyphrases import HEADINGS, SAYS
from forwhom.documents.canvas import Canvas, cited, suspects
from forwhom.documents.canvas.model import Note
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.personas import Persona
from forwhom.documents.canvas.references import items
from forwhom.documents.canvas.value import Need, Proposition
from forwhom.documents.mistakes import path_of
from forwhom.documents.results.stories import Chapter, Cited, Part, Sentence
from forwhom.documents.yamlfile import Location
from forwhom.languages.catalog import tr
from forwhom.report.canvas.entries import numbers_of
from forwhom.wording import beside

#: Ends of a sentence, in any of the writings of the canvases.
_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।", "”", "“", "»", '"', ")")


class Teller:
    """A story in the making: what the canvas holds of one segment, and what was told of it."""

    def __init__(self, canvas: Canvas, segment: CanvasSegment, index: int) -> None:
        self.canvas, self.segment, self.index = canvas, segment, index
        self.needs: list[Need] = [n for n in canvas.needs if segment.id in n.segments]
        self.own = {need.id: need for need in self.needs}
        self._told: dict[Part, dict[str, list[int]]] = {}
        self._cited: dict[Location, dict[str, None]] = {}
        self._part: Part = "day"
        self._kinds = {item.location: (item.kind, item.id) for item in items(canvas)}
        self._evidence = {one.id: one for one in canvas.evidence}
        self._suspect = [one.location for one in suspects(canvas)]

    @property
    def personas(self) -> Iterator[tuple[int, Persona]]:
        """The personas that stand for the segment, with their positions."""
        known = enumerate(self.canvas.personas)
        return ((i, one) for i, one in known if one.segment == self.segment.id)

    @property
    def propositions(self) -> Iterator[tuple[int, Proposition]]:
        """The propositions for the segment, with their positions."""
        known = enumerate(self.canvas.propositions)
        return ((i, one) for i, one in known if self.segment.id in one.segments)

    @property
    def quoted(self) -> bool:
        """Whether somebody's own words are there, of a need or a persona of the segment."""
        return any(n.quotes for n in self.needs) or any(p.quotes for _, p in self.personas)

    def notes(self, topic: str) -> Iterator[tuple[Location, Note]]:
        """Yield the notes of a topic that are for the segment, with their places."""
        for index, note in enumerate(self.canvas.blocks.get(topic, ())):
            if self.segment.id in self.canvas.reached_by(note):
                yield ("blocks", topic, index), note

    def name_of(self, one: str) -> str:
        """Return the name of a segment or participant."""
        names = {s.id: s.name for s in self.canvas.segments}
        return (names | {p.id: p.name for p in self.canvas.participants}).get(one, one)

    def joined(self, texts: Sequence[str]) -> str:
        """Return texts side by side in one sentence."""
        return beside(text.strip().rstrip(".") for text in texts)

    def phrase(self, frame: str, /, **slots: str) -> str:
        """Return one of our phrases with words of the canvas in it."""
        return tr(SAYS[frame], **{key: text.strip() for key, text in slots.items()})

    def begin(self, part: Part) -> None:
        """Begin a chapter."""
        self._part = part

    def say(self, text: str, place: Location, evidence: Iterable[str] = ()) -> None:
        """Say words of the canvas as they stand there."""
        text = " ".join(text.split())
        if text:
            self._add(text, [self._source(place, evidence)])

    def tell(
        self, frame: str, place: Location, evidence: Iterable[str] = (), /, **slots: str
    ) -> None:
        """Say one of our phrases around words of the canvas."""
        self._add(self.phrase(frame, **slots), [self._source(place, evidence)])

    def answer(
        self, frame: str, need: Need, place: Location, evidence: Iterable[str], /, **slots: str
    ) -> None:
        """Say how a need is answered; the sentence cites both."""
        asked = self._source(("needs", self.canvas.needs.index(need)), ())
        said = self.phrase(frame, need=need.statement.rstrip("."), **slots)
        self._add(said, [asked, self._source(place, evidence)])

    def chapters(self) -> list[Chapter]:
        """Return the chapters that say something, in order."""
        return [
            Chapter(
                part=part,
                heading=tr(HEADINGS[part]),
                sentences=[Sentence(text=text, cites=cites) for text, cites in told.items()],
            )
            for part, told in self._told.items()
        ]

    def sources(self) -> list[Cited]:
        """Return what sentences cite, in order."""
        return [
            Cited(
                item=self._called(place),
                place=self.canvas.place(*place),
                evidence=list(evidence),
                changed=self._is_suspect(place),
            )
            for place, evidence in self._cited.items()
        ]

    def _add(self, text: str, cites: Sequence[int]) -> None:
        text = f"{text[:-2]}." if text.endswith("..") else text
        whole = text if text.endswith(_ENDS) else f"{text}."
        # What a segment and its persona say in the same words is told once, with both sources.
        before = next((told[whole] for told in self._told.values() if whole in told), None)
        known = (
            self._told.setdefault(self._part, {}).setdefault(whole, [])
            if before is None
            else before
        )
        known += [one for one in dict.fromkeys(cites) if one not in known]

    def _source(self, place: Location, evidence: Iterable[str]) -> int:
        """Return the number of an item among the sources, which gets it when it is new."""
        self._cited.setdefault(place, {}).update(dict.fromkeys(map(self._says, evidence)))
        return 1 + list(self._cited).index(place)

    def _called(self, place: Location) -> str:
        for depth in range(len(place), 0, -1):
            if place[:depth] in self._kinds:
                kind, name = self._kinds[place[:depth]]
                rest = [str(part) for part in place[depth:] if isinstance(part, str)]
                return " ".join([f"{kind}: {name}", *rest])
        return path_of(place)

    def _says(self, citation: str) -> str:
        name, _ = cited(citation)
        known = self._evidence.get(name)
        if known is None:
            return name
        numbers = numbers_of(known)
        return f"{known.statement} ({numbers})" if numbers else known.statement

    def _is_suspect(self, place: Location) -> bool:
        """Whether evidence that the item itself cites has changed, not that of its parts."""
        within = len(place)
        return any(
            one[:within] == tuple(place) and "evidence" in one[within : within + 2]
            for one in self._suspect
        )
