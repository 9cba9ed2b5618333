"""Go through two canvases side by side: every field of every part, by whatever it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from forwhom.documents.base import Document
from forwhom.documents.canvas.comparing import special
from forwhom.documents.canvas.comparing.differences import Happened
from forwhom.documents.canvas.comparing.findings import Findings
from forwhom.documents.canvas.comparing.matching import Entry, matched, out_of_order, renamed_ids
from forwhom.documents.canvas.comparing.places import Where
from forwhom.documents.canvas.comparing.texts import (
    CALLED,
    LONGEST_NAME,
    LONGEST_PART,
    LONGEST_TEXT,
    Texts,
    identity,
    is_prose,
    labelled,
    nature,
    new_and_gone,
    rewording,
)
from forwhom.documents.canvas.fieldnames import field_name, item_name
from forwhom.documents.canvas.keynames import topic_name
from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.people import CanvasSegment, SegmentSize
from forwhom.documents.canvas.personas import CLAIMED, Persona
from forwhom.documents.canvas.ratings import Alignment
from forwhom.documents.canvas.separateness import Separateness
from forwhom.documents.canvas.strategy import DecisionMatrix
from forwhom.documents.canvas.value import Proposition
from forwhom.documents.segmentation import Interval
from forwhom.languages.catalog import tr
from forwhom.wording import cut, listed, quoted

#: Lists of one part between which items may move.
TOGETHER: Mapping[type[Document], tuple[str, ...]] = {
    Persona: CLAIMED,
    Proposition: ("products", "features", "benefits", "relieves", "experience"),
}
#: Lists of one kind of item by name; an item may move from one to another.
Lists = Mapping[str, Sequence[Any]]
#: Parts that hold lists, which are told one by one also where the whole part is new.
_LISTING = (Alignment, DecisionMatrix, Separateness)
_Pairs = Sequence[tuple[Entry[Any], Entry[Any]]]


class Walk(Findings):
    """Two canvases side by side."""

    def __init__(self, before: Canvas, after: Canvas) -> None:
        super().__init__(Texts(before, after))
        self._renamed = renamed_ids(before, after)
        self.fields(Where(), before, after)
        special.citations(self)
        self.in_order()

    def fields(self, where: Where, old: Document, new: Document) -> None:
        """Compare every field of a part."""
        owner = type(new)
        done = self._told(where, old, new)
        for name, field in owner.model_fields.items():
            was, now = getattr(old, name), getattr(new, name)
            if was != now and name not in done:
                self._field(where, owner, name, field.alias or name, was, now)

    def _told(self, where: Where, old: Any, new: Any) -> frozenset[str]:
        """Tell what is special of a part, and return the fields that this covers."""
        together = TOGETHER.get(type(new), ())
        match new:
            case Canvas():
                self._notes(where.key("blocks"), old, new)
                special.framework(self, where, old, new)
                return frozenset({"framework", "blocks"})
            case CanvasSegment() if old.status != new.status:
                special.status(self, where, old, new)
                if old.decision is not None and new.decision is not None:
                    here = where.part("decision", field_name(CanvasSegment, "decision"))
                    cites = {"evidence": old.decision.evidence}  # the rest is told
                    self.fields(here, new.decision.model_copy(update=cites), new.decision)
                return frozenset({"status", "decision"})
            case SegmentSize() | Interval():
                return special.numbers(self, where, old, new)
        if together:
            lists = ({name: getattr(one, name) for name in together} for one in (old, new))
            self.items(where, type(new), *lists)
        return frozenset(together)

    def _notes(self, where: Where, old: Canvas, new: Canvas) -> None:
        """Compare notes wherever they stand; topics that only wait for notes are told at once."""
        self.items(where, Canvas, old.blocks, new.blocks)
        special.empty_topics(self, where, old, new)

    def _field(
        self, where: Where, owner: type[Document], name: str, key: str, was: Any, now: Any
    ) -> None:
        one = was or now
        if isinstance(one, _LISTING) and None in (was, now) and one != empty_of(one):
            was, now = (empty_of(one) if part is None else part for part in (was, now))
        if isinstance(was, Document) and isinstance(now, Document):
            self.fields(where.part(key, field_name(owner, name)), was, now)
        elif isinstance(one, list) and isinstance(one[0], Document):
            self.items(where, owner, {key: was}, {key: now})
        elif isinstance(one, list) and isinstance(one[0], str):
            texts = self._prose if is_prose(owner, name) else self._names
            texts(where.key(key), owner, name, was, now)
        elif isinstance(one, dict):
            self._entries(where.part(key, field_name(owner, name)), owner, name, was, now)
        else:
            label = field_name(owner, name)
            self._single(where.key(key), owner, name, was, now, label)

    def _single(
        self, where: Where, owner: type[Document], name: str, was: Any, now: Any, label: str
    ) -> None:
        """Tell that one value changed, was filled in, or is gone."""
        before, after = (self.texts.value_or_nothing(owner, name, v) for v in (was, now))
        prose = isinstance(was, str) and isinstance(now, str) and is_prose(owner, name)
        if not before or not after:
            kind: Happened = "removed" if before or now is None else "added"
            short = (cut(after, LONGEST_PART), cut(before, LONGEST_PART))
            sentence = where.says(labelled(label, new_and_gone(*short)))
        else:
            kind = "changed"
            if prose and where.noun and CALLED.get(owner) == (name,):
                sentence = _renamed(where, name, was, now)
            elif prose:
                sentence = where.says(labelled(label, rewording(was, now)))
            else:
                change = tr("{old} → {new}", old=before, new=after)
                sentence = where.says(f"{label} {change}".strip())
        self.tell(kind, where, sentence, was if prose else before, now if prose else after)

    def _names(
        self, where: Where, owner: type[Document], name: str, was: list[str], now: list[str]
    ) -> None:
        """Tell which names are new in a list and which are gone: ids, our own words, citations."""
        old, new = was, now
        if nature(owner, name) == "citation":
            old, new = self._citations(where, was, now)
        old = [self._renamed.get(one, one) for one in old]
        said = field_name(owner, name)
        come, gone = Counter(new) - Counter(old), Counter(old) - Counter(new)
        before, after = (self.texts.value_or_nothing(owner, name, some) for some in (was, now))
        if come or gone:
            both = (self.texts.value_or_nothing(owner, name, [*c.elements()]) for c in (come, gone))
            kind: Happened = "changed" if come and gone else "added" if come else "removed"
            self.tell(kind, where, where.says(labelled(said, new_and_gone(*both))), before, after)
        elif old != new:
            what = labelled(said, tr("now in the order {items}", items=after))
            self.tell("reordered", where, where.says(what), before, after)

    def _citations(
        self, where: Where, was: list[str], now: list[str]
    ) -> tuple[list[str], list[str]]:
        """Keep which citations remember another fingerprint, and return what is cited."""
        old, new = ([cited(one) for one in some] for some in (was, now))
        old = [(self._renamed.get(name, name), mark) for name, mark in old]
        stay = {name for name, _ in old} & {name for name, _ in new}
        kept = [[one for one in some if one[0] in stay] for some in (old, new)]
        before, after = (
            [f"{name}@{mark}" if mark else name for name, mark in sorted(some)] for some in kept
        )
        if before != after:
            self.looked_again.append((where, before, after))
        return [name for name, _ in old], [name for name, _ in new]

    def _prose(
        self, where: Where, owner: type[Document], name: str, was: list[str], now: list[str]
    ) -> None:
        """Tell which texts are new in a list, reworded, gone, or elsewhere."""
        said = field_name(owner, name)
        both = (
            [Entry("", i, text, key=text, prose=text) for i, text in enumerate(texts)]
            for texts in (was, now)
        )
        match = matched(*both)
        for old, new in match.pairs:
            if old.value != new.value:
                what = labelled(said, rewording(old.value, new.value))
                here = where.key(new.index, old.index)
                self.tell("changed", here, where.says(what), old.value, new.value)
        for one in match.removed:
            here = replace(where, before=(*where.before, one.index))
            what = labelled(said, new_and_gone("", quoted(one.value, LONGEST_TEXT)))
            self.tell("removed", here, where.says(what), before=one.value)
        for one in match.added:
            here = replace(where, after=(*where.after, one.index))
            what = labelled(said, new_and_gone(quoted(one.value, LONGEST_TEXT), ""))
            self.tell("added", here, where.says(what), after=one.value)
        self._order(where, said, match.pairs, quoted)

    def _entries(
        self,
        where: Where,
        owner: type[Document],
        name: str,
        was: Mapping[str, Any],
        now: Mapping[str, Any],
    ) -> None:
        """Compare what stands under each key."""
        ids = name in ("scores", "weights")
        keys = {(self._renamed.get(k, k) if ids else k): k for k in was}
        for key in dict.fromkeys([*now, *keys]):
            old, new = was.get(keys.get(key, key)), now.get(key)
            here = where.part(key, self.texts.named(key), keys.get(key, key))
            if isinstance(old, dict) and isinstance(new, dict):
                self._entries(here, owner, name, old, new)
            elif old != new or (key in now) != (key in keys):
                self._single(here, owner, name, old, new, "")

    def items(self, where: Where, owner: type[Document], was: Lists, now: Lists) -> None:
        """Compare lists of items, which may have moved from one of them to another."""
        match = matched(_in_lists(was, self._renamed), _in_lists(now, {}))
        told = special.sum_up(self, where, match)
        for old, new in match.pairs:
            if old.value == new.value and old.group == new.group:
                continue
            here = self._at(where, owner, new, old)
            if old.group != new.group:
                thing = f"{here.noun} {self.texts.called(new.value)}"
                lists = [list_name(where, owner, entry.group) for entry in (old, new)]
                what = tr(
                    "{item} moved from {old} to {new}", item=thing, old=lists[0], new=lists[1]
                )
                self.tell("moved", here, where.says(what), *lists)
            if id(new) not in told:
                self.fields(here, old.value, new.value)
        for one in match.removed:
            if id(one) not in told:
                here = self._at(where, owner, one)
                held = replace(here, after=(*where.after, one.group))
                what = tr("{item} was removed", item=here.words[-1])
                self.tell("removed", held, where.says(what), before=self.texts.whole(one.value))
        for one in match.added:
            if id(one) not in told:
                here = self._at(where, owner, one)
                held = replace(here, before=(*where.before, one.group))
                what = tr("{item} was added", item=here.words[-1])
                self.tell("added", held, where.says(what), after=self.texts.whole(one.value))
        for group in dict.fromkeys(new.group for _, new in match.pairs):
            stayed = [p for p in match.pairs if p[0].group == group and p[1].group == group]
            said = list_name(where, owner, group)
            self._order(where.key(group), said, stayed, self.texts.called)

    def _at(
        self, where: Where, owner: type[Document], new: Entry[Any], old: Entry[Any] | None = None
    ) -> Where:
        """Return the place of an item; of what is only in one canvas, as if it were in both."""
        notes = where.after[-1:] == ("blocks",)
        noun = item_name("blocks" if notes else new.group)
        said = f"{noun} {self.texts.called(new.value)}"
        if notes or (owner in TOGETHER and new.group in TOGETHER[owner]):
            said = tr("{item} in {part}", item=said, part=list_name(where, owner, new.group))
        before = new if old is None else old
        here = where.key(new.group, before.group).part(new.index, said, before.index)
        return replace(here, noun=noun, item=getattr(new.value, "id", None) or where.item)

    def _order(self, where: Where, said: str, pairs: _Pairs, called: Callable[[Any], str]) -> None:
        """Tell that a list is in another order, and what stands elsewhere in it."""
        moved = list(out_of_order([old.index for old, _ in pairs]))
        if moved:
            names = listed([called(pairs[at][1].value) for at in moved])
            what = labelled(said, tr("in another order, with {items} elsewhere", items=names))
            ordered = [pair[1].value for pair in sorted(pairs, key=lambda pair: pair[0].index)]
            texts = (
                listed([called(value) for value in some], most=None)
                for some in (ordered, [new.value for _, new in pairs])
            )
            self.tell("reordered", where, where.says(what), *texts)


def list_name(where: Where, owner: type[Document], group: str) -> str:
    """Return what a list of items is called: a topic of notes, or a field."""
    return topic_name(group) if where.after[-1:] == ("blocks",) else field_name(owner, group)


def empty_of(part: Alignment | DecisionMatrix | Separateness) -> Document:
    """Return a part of that kind with nothing in it."""
    return DecisionMatrix(criteria=[]) if isinstance(part, DecisionMatrix) else type(part)()


def _in_lists(lists: Lists, renamed: Mapping[str, str]) -> list[Entry[Any]]:
    return [
        Entry(group, index, one, *identity(one, renamed))
        for group, some in lists.items()
        for index, one in enumerate(some)
    ]


def _renamed(where: Where, name: str, was: str, now: str) -> str:
    """Return that what an item is called is another: its name, or its text."""
    old, new = quoted(was, LONGEST_TEXT), quoted(now, LONGEST_TEXT)
    if name == "name":
        what = tr("{thing} {old} is now called {new}", thing=where.noun, old=old, new=new)
    else:
        what = tr(
            "{item} was reworded: {change}",
            item=f"{where.noun} {quoted(was, LONGEST_NAME)}",
            change=rewording(was, now),
        )
    return replace(where, words=where.words[:-1]).says(what)
