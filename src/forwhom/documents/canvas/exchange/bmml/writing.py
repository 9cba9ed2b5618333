import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from forwhom.documents.canvas.exchange.bmml.language import (
    NOTES,
    PROFILE,
    STAGES,
    VALUE_MAP,
    VERSION,
)
from forwhom.documents.canvas.exchange.carrying import Exported, left_out
from forwhom.documents.canvas.file import canvas_data, check_canvas
from forwhom.documents.canvas.model import Canvas, Note
from forwhom.documents.canvas.value import Fit, Need, Proposition
from forwhom.documents.ids import slug, unused
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.languages.catalog import later
from forwhom.wording import count, listed

#: Kinds of need, and what bmml calls them.
_NEEDS = {
    "job": "job", "pain": "pain", "fear": "pain", "gain": "gain", "want": "gain", "outcome": "gain",
}  # fmt: skip

_OTHER_PAIRS = later(
    "pairs of an offer and a need other than reliever and pain, creator and gain, of one "
    "proposition"
)
_OWN_KINDS = {kind for _, kind, _ in PROFILE}

#: Offers of a proposition, and how their ids begin; features and experience have no place.
_OFFERS = {
    "products": "ps",
    "features": "ps",
    "relieves": "pr",
    "benefits": "gc",
    "experience": "gc",
}
#: What answers what: the start of the need's id, and of the offer's.
_ANSWERS = {"pain": "pr", "gain": "gc"}

_OFFER = {"id": True, "text": True}
_HELD = {
    "forwhom": True,
    "kind": True,
    "title": True,
    "summary": True,
    "created": True,
    "updated": True,
    "portfolio": True,
    "stage": True,
    "derived_from": True,
    "segments": {"id": True, "name": True, "description": True},
    "needs": {"id": True, "statement": True, "kind": True, "segments": True},
    "propositions": {
        "id": True, "name": True, "description": True, "segments": True,
        **dict.fromkeys(_OFFERS, _OFFER), "fit": {"need": True, "by": True},
    },
    "blocks": {
        topic: {"id": True, "text": True} | {field: True for _, _, field in relations}
        for _, topic, _, relations in NOTES
    },
}  # fmt: skip


def bmml_text(canvas: Canvas) -> Exported:
    """Return a canvas as bmml 2.0, with every loss said."""
    check_canvas(canvas)
    writer = _Writer(canvas)
    data = writer.whole()
    counted = [f"{what} ({count})" for what, count in writer.dropped.items()]
    lost = left_out(canvas_data(canvas), _HELD) + counted
    return Exported(text=dump_yaml(data), lost=lost, changed=writer.changed)


class _Writer:
    """The parts of a bmml file, and what was dropped or changed for it."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.dropped: Counter[str] = Counter()
        self.changed: list[str] = []
        self.ids, self.taken = _ids(canvas)
        #: Where a need stands: need and segment to its id there.
        self.copies: dict[tuple[str, str], str] = {}
        self._say_ids()

    def whole(self) -> dict[str, Any]:
        data: dict[str, Any] = {"version": VERSION, "meta": self._meta()}
        data["customer_segments"] = self._segments()
        data["value_propositions"] = [self._proposition(p) for p in self.canvas.propositions]
        data["fits"] = [fit for p in self.canvas.propositions for fit in self._fits(p)]
        for key, topic, prefix, relations in NOTES:
            notes = self.canvas.blocks.get(topic, [])
            data[key] = [self._note(note, prefix, relations) for note in notes]
        return {key: value for key, value in data.items() if value}

    def _say_ids(self) -> None:
        renamed = [f"{old} → {new}" for old, new in self.ids.items() if old != new]
        if renamed:
            number = count(len(renamed), "id")
            self.changed.append(f"{number}, to what bmml allows: {listed(renamed)}")

    def _meta(self) -> dict[str, Any]:
        canvas = self.canvas
        portfolio, stage = canvas.portfolio, canvas.stage
        if portfolio is None:
            portfolio = "exploit" if stage in STAGES["exploit"][:-1] else "explore"
            self.changed.append(f"the portfolio, which bmml needs, is {portfolio!r} now")
        if stage not in STAGES[portfolio]:
            if stage:
                self.dropped[f"stage {stage!r}"] += 1
            stage = STAGES[portfolio][0]
            self.changed.append(f"the stage, which bmml needs, is {stage!r} now")
        if not canvas.title:
            self.changed.append("the name, which bmml needs, is 'Untitled' now")
        meta = {
            "name": canvas.title or "Untitled",
            "tagline": canvas.summary,
            "created": canvas.created,
            "updated": canvas.updated,
            "portfolio": portfolio,
            "stage": stage,
            "derived_from": canvas.derived_from,
        }
        return {key: value for key, value in meta.items() if value}

    def _segments(self) -> list[dict[str, Any]]:
        made = []
        for segment in self.canvas.segments:
            data: dict[str, Any] = {"id": self.ids[segment.id], "name": segment.name}
            if segment.description:
                data["description"] = segment.description
            for key, _, kind in PROFILE:
                needs = [
                    {"id": self._copy(need, segment.id), "description": need.statement}
                    for need in self.canvas.needs
                    if segment.id in need.segments and _NEEDS[need.kind] == kind
                ]
                if needs:
                    data[key] = needs
            made.append(data)
        self._say_needs()
        return made

    def _copy(self, need: Need, segment: str) -> str:
        """The id of a need in a segment: its own in the first one, another in the others."""
        one = self.ids[need.id]
        if any((need.id, s) in self.copies for s in need.segments):
            one = unused(f"{one}-{self.ids[segment].removeprefix('cs-')}", self.taken)
            self.taken.add(one)
        return self.copies.setdefault((need.id, segment), one)

    def _say_needs(self) -> None:
        for need in self.canvas.needs:
            several = len(set(need.segments)) > 1
            if not need.segments:
                self.dropped[later("needs of no segment")] += 1
            elif several:
                self.changed.append(f"the need {need.id!r} stands in each of its segments, anew")
            if need.kind not in _OWN_KINDS:
                self.changed.append(f"the {need.kind} {need.id!r} is a {_NEEDS[need.kind]} now")

    def _proposition(self, proposition: Proposition) -> dict[str, Any]:
        data: dict[str, Any] = {"id": self.ids[proposition.id], "name": proposition.name}
        if proposition.description:
            data["description"] = proposition.description
        for key, own, prefix in VALUE_MAP:
            offers = [
                {"id": self.ids[offer.id], "name": offer.text}
                for part, start in _OFFERS.items()
                for offer in getattr(proposition, part)
                if start == prefix
            ]
            moved = [p for p in _OFFERS if _OFFERS[p] == prefix and p != own]
            for part in moved:
                if getattr(proposition, part):
                    whose = proposition.id
                    self.changed.append(f"the {part} of {whose!r} are among its {key} now")
            if offers:
                data[key] = offers
        return data

    def _fits(self, proposition: Proposition) -> Iterator[dict[str, Any]]:
        segments = list(dict.fromkeys(proposition.segments))
        pairs = list(self._pairs(proposition))
        for segment in dict.fromkeys(s for s, _, _ in pairs):
            if segment not in segments:
                segments.append(segment)
                who = f"{proposition.id!r} answers a need of {segment!r}"
                self.changed.append(f"{who}, and is for that segment now")
        for segment in segments:
            ends = self.ids[proposition.id], self.ids[segment]
            wanted = "-".join(["fit", *(end.split("-", 1)[1] for end in ends)])
            one = unused(wanted, self.taken)
            self.taken.add(one)
            fit: dict[str, Any] = {
                "id": one,
                "for": {"value_propositions": [ends[0]], "customer_segments": [ends[1]]},
            }
            mappings = [[offer, need] for s, offer, need in pairs if s == segment]
            yield fit | ({"mappings": mappings} if mappings else {})

    def _pairs(self, proposition: Proposition) -> Iterator[tuple[str, str, str]]:
        """Segment, offer and need, as bmml pairs them; what it cannot pair is dropped."""
        needs = {need.id: need for need in self.canvas.needs}
        own = dict(_starts(proposition))
        for fit in proposition.fit:
            need = needs[fit.need]
            wanted = _ANSWERS.get(_NEEDS[need.kind])
            fitting = [one for one in dict.fromkeys(fit.by) if own.get(one) == wanted]
            self._count_dropped(fit, fitting, need)
            for segment in dict.fromkeys(need.segments):
                for one in fitting:
                    yield segment, self.ids[one], self.copies[need.id, segment]

    def _count_dropped(self, fit: Fit, fitting: list[str], need: Need) -> None:
        others = set(fit.by) - set(fitting)
        if others:
            self.dropped[_OTHER_PAIRS] += len(others)
        elif not fit.by or not need.segments:
            self.dropped[later("fits without an offer or a segment")] += 1

    def _note(
        self, note: Note, prefix: str, relations: Iterable[tuple[str, str, str]]
    ) -> dict[str, Any]:
        one = self.ids.get(note.id or "")
        if one is None:
            one = unused(f"{prefix}-{slug(note.text) or 'note'}", self.taken)
            self.taken.add(one)
        data: dict[str, Any] = {"id": one, "name": note.text}
        written: set[str] = set()
        for preposition, key, field in relations:
            start = {"key_resources": "kr-", "key_activities": "ka-"}.get(key, "")
            named = [self.ids.get(i, "") for i in dict.fromkeys(getattr(note, field))]
            named = [i for i in named if i.startswith(start) and i]
            written |= set(named)
            if named:
                data.setdefault(preposition, {})[key] = named
        if any(field == "supports" for _, _, field in relations):
            others = [i for i in note.supports if self.ids.get(i) not in written]
            if others:
                self.dropped["notes that serve other than resources and activities"] += len(others)
        return data


def _starts(proposition: Proposition) -> Iterator[tuple[str, str]]:
    for part, start in _OFFERS.items():
        for offer in getattr(proposition, part):
            yield offer.id, start


def _ids(canvas: Canvas) -> tuple[dict[str, str], set[str]]:
    """Ids of the canvas to ids that bmml allows; those that it allows already stay."""
    starts = dict(_prefixes(canvas))
    fine = {
        one for one, start in starts.items() if re.fullmatch(f"{start}-[a-z0-9-]+", one)
    }  # fmt: skip
    taken, ids = set(fine), {}
    for one, start in starts.items():
        ids[one] = one if one in fine else unused(f"{start}-{slug(one) or '1'}", taken)
        taken.add(ids[one])
    return ids, taken


def _prefixes(canvas: Canvas) -> Iterator[tuple[str, str]]:
    for segment in canvas.segments:
        yield segment.id, "cs"
    for need in canvas.needs:
        yield need.id, _NEEDS[need.kind]
    for proposition in canvas.propositions:
        yield proposition.id, "vp"
        yield from _starts(proposition)
    for _, topic, prefix, _ in NOTES:
        for note in canvas.blocks.get(topic, ()):
            if note.id is not None:
                yield note.id, prefix
