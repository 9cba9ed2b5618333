"""Taking a thing out of a canvas, with every place that names it: first what that means, in words.

A persona, a value curve, a rating cannot be without what they are about, and go with it. So do
notes and participants that were for one segment alone: without it they would be for all. A need, an
offer or a hypothesis stays, and names one thing less.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from forwhom.documents.canvas.file import edited, edits_of
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.references import Item, Reference, items, references
from forwhom.documents.canvas.sides import exchange_mistakes
from forwhom.documents.edits import Edits
from forwhom.documents.names import Names
from forwhom.documents.yamlfile import Location
from forwhom.errors import OptionError, nearest
from forwhom.languages.catalog import later, later_count, speaking_all, tr, tr_count
from forwhom.wording import joined, quoted

#: Things with an id, by their kinds.
_KINDS = {
    "segment": later("Segment {text}"),
    "participant": later("Participant {text}"),
    "need": later("Need {text}"),
    "persona": later("Persona {text}"),
    "proposition": later("Proposition {text}"),
    "competitor": later("Competitor {text}"),
    "value curve": later("Value curve {text}"),
    "hypothesis": later("Hypothesis {text}"),
    "question": later("Question {text}"),
    "KPI": later("KPI {text}"),
    "evidence": later("Evidence {text}"),
    "actor": later("Actor {text}"),
    "funding feature": later("Funding feature {text}"),
    "offer": later("Offer {text}"),
    "note": later("Note {text}"),
    "claim": later("Claim {text}"),
    "strategy": later("Strategy {text}"),
    "criterion": later("Criterion {text}"),
    "judge": later("Judge {text}"),
}
#: Parts of a canvas that have no id of their own, as the lists that they stand in are called.
_PARTS = {
    "scores": later_count("{n} score goes with it.", "{n} scores go with it."),
    "weights": later_count("{n} weight goes with it.", "{n} weights go with it."),
    "ratings": later_count("{n} rating goes with it.", "{n} ratings go with it."),
    "pairs": later_count(
        "{n} comparison of two segments goes with it.",
        "{n} comparisons of two segments go with it.",
    ),
    "exchanges": later_count(
        "{n} exchange between sides goes with it.", "{n} exchanges between sides go with it."
    ),
    "fit": later_count(
        "{n} answer of a proposition to a need goes with it.",
        "{n} answers of propositions to needs go with it.",
    ),
    "influences": later_count(
        "{n} arrow of influence goes with it.", "{n} arrows of influence go with it."
    ),
}
#: Parts that hold no thing with an id, and may still name one.
_AROUND = {
    "alignment": later("The alignment exercise"),
    "pairs": later("A comparison of two segments"),
    "exchanges": later("An exchange between sides"),
    "funding": later("A flow of money"),
}
_ELSEWHERE = later("Another part of the canvas")
#: What is said of a thing in which a list is left without a name.
_EMPTY = {
    "segments": later("{thing} then names no segment."),
    "evidence": later("{thing} then cites no evidence."),
    "vetoes": later("{thing} can then stop nobody."),
}


@dataclass(frozen=True)
class Removal:
    """What goes when a thing is taken out of a canvas."""

    item: Item
    places: tuple[Location, ...]  # all that goes, none of them inside another
    also: tuple[str, ...]  # what changes besides the thing itself, in the language of the canvas

    def write(self, edits: Edits, canvas: Canvas) -> None:
        """Take everything out of the text of the canvas."""
        names = Names("segment", "in the canvas", {s.id: s.name for s in canvas.segments})
        lists: dict[Location, list[int]] = defaultdict(list)
        for place in self.places:
            if isinstance(place[-1], int):
                lists[place[:-1]].append(place[-1])
        keys = [place for place in self.places if not isinstance(place[-1], int)]
        # What stands inside of something goes first, so that nothing moves that is still to go.
        for place in sorted([*keys, *lists], key=len, reverse=True):
            if place in lists:
                edits.remove_several(place, lists[place])
            else:
                edits.remove(_as_written(edits.data, place, names))

    def in_turn(self, data: object, canvas: Canvas) -> list[Location]:
        """Return the places as the file names them: each is where it was when its turn comes."""
        names = Names("segment", "in the canvas", {s.id: s.name for s in canvas.segments})
        return [_as_written(data, place, names) for place in sorted(self.places, key=_last_first)]


def removal_of(canvas: Canvas, one: str) -> Removal:
    """Return what goes when the thing with an id is taken out, to be asked about before."""
    found = {item.id: item for item in items(canvas)}
    if one not in found:
        advice = nearest(one, found) or f"Expected one of: {', '.join(list(found)[:10])}."
        raise OptionError(f"The canvas has nothing with the id {one!r}.", advice)
    item = found[one]
    gone = _Gone(canvas, item)
    with speaking_all(canvas.language):
        also = tuple(dict.fromkeys(gone.words()))
    return Removal(item, tuple(gone.outermost()), also)


def canvas_without(canvas: Canvas, removal: Removal) -> tuple[Canvas, str]:
    """Return a canvas without a thing and what goes with it, and its text, which is checked."""
    edits = edits_of(canvas)
    removal.write(edits, canvas)
    return edited(canvas, edits)


class _Gone:
    """The places that go with a thing, and what named what went."""

    def __init__(self, canvas: Canvas, item: Item) -> None:
        self.canvas = canvas
        self.item = item
        self.things = {one.location: one for one in items(canvas)}
        self.places = {item.location}
        #: Places that named something that goes, with what that was.
        self.named: dict[Location, list[Item]] = {}
        self._emptied: set[Location] = set()
        found = list(references(canvas))
        size = Counter(one.location[:-1] for one in found if isinstance(one.location[-1], int))
        while self._spread(found, size):
            pass

    def outermost(self) -> Iterator[Location]:
        """Yield the places that go, without those inside others."""
        for place in self.places:
            if not _is_inside(place[:-1], self.places):
                yield place

    def words(self) -> Iterator[str]:
        """Yield what changes besides the thing itself."""
        parts = Counter[str]()
        places = [place for place in self.outermost() if place != self.item.location]
        for place in sorted(places, key=_in_order):
            part = next((name for name in _PARTS if name in place[:-1]), "")
            if place in self.things or (place[0] == "blocks" and len(place) == 3):
                yield tr("{thing} goes with it.", thing=self._called(place))
            elif part in ("scores", "weights") or (part and place not in self.named):
                parts[part] += 1
            else:
                yield from self._lost(place)
        for name, number in parts.items():
            yield tr_count(*_PARTS[name], number)
        yield from self._files()

    def _lost(self, place: Location) -> Iterator[str]:
        named = self.named.get(place)
        if not named:  # what belonged to a reference: a step, the right to stop others
            return
        thing = self._called(place)
        if place in self._emptied and place[-1] in _EMPTY:
            yield tr(_EMPTY[str(place[-1])], thing=thing)
        elif self.item in named:
            yield tr("{thing} no longer names it.", thing=thing)
        else:
            gone = joined([quoted(one.text or one.id) for one in named])
            yield tr("{thing} no longer names {gone}.", thing=thing, gone=gone)

    def _files(self) -> Iterator[str]:
        rated = self.canvas.alignment.file if self.canvas.alignment else ""
        for file in filter(None, (rated, self.canvas.need_ratings)):
            if self.item.kind in ("segment", "need"):
                yield tr("What {file} says of it stays there.", file=file)

    def _called(self, place: Location) -> str:
        """Return what the thing is called that stands at a place, or around it."""
        for end in range(len(place), 0, -1):
            item = self.things.get(place[:end])
            if item is not None:
                return tr(_KINDS[item.kind], text=quoted(item.text or item.id))
        if place[0] == "blocks" and len(place) > 2:
            note = self.canvas.blocks[str(place[1])][int(place[2])]
            return tr(_KINDS["note"], text=quoted(note.text))
        return tr(_AROUND.get(str(place[0]), _ELSEWHERE))

    def _spread(self, found: Iterable[Reference], size: Counter[Location]) -> bool:
        """Add what goes because of what goes so far; return whether that is anything."""
        ids = {one.id: one for one in self.things.values() if _is_inside(one.location, self.places)}
        lists: dict[Location, list[Reference]] = defaultdict(list)
        new: set[Location] = set()
        for one in found:
            if one.id not in ids or _is_inside(one.location[:-1], self.places):
                continue
            new.update(one.goes or (one.location,))
            self.named.setdefault(one.location, [ids[one.id]])
            if isinstance(one.location[-1], int):
                lists[one.location[:-1]].append(one)
        for place, several in lists.items():
            if len(several) == size[place]:
                new.update((place, *several[0].last))
                self.named[place] = [ids[one.id] for one in several]
                self._emptied.add(place)
        new.update(self._exchanges())
        before = len(self.places)
        self.places |= new
        return len(self.places) > before

    def _exchanges(self) -> Iterator[Location]:
        """Yield the exchanges of a side on which no segment is left."""
        left = [
            segment
            for index, segment in enumerate(self.canvas.segments)
            if ("segments", index) not in self.places
        ]
        for mistake in exchange_mistakes(left, self.canvas.exchanges):
            yield mistake.location[:2]


def _is_inside(location: Location, places: Collection[Location]) -> bool:
    """Whether a place is one of some places, or inside one."""
    return any(location[:end] in places for end in range(1, len(location) + 1))


def _in_order(place: Location) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in place]


def _last_first(place: Location) -> tuple[int, list[int]]:
    """What stands inside of something before it, and of one list the last before the first."""
    return -len(place), [-step for step in place if isinstance(step, int)]


def _as_written(data: object, place: Location, names: Names) -> Location:
    """Return a place with the keys of the file, where a segment may be called by its name."""
    written: list[str | int] = []
    for step in place:
        key = step
        if isinstance(data, dict):
            if step not in data:
                key = next((name for name in data if names.meant(name) == [step]), step)
            data = data.get(key)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
        written.append(key)
    return tuple(written)
