"""Ids of a canvas and what points to them: each id once, nothing points nowhere or in a circle."""

import graphlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.canvas.strategy import OURS
from forwhom.documents.mistakes import Mistake
from forwhom.documents.names import Names
from forwhom.documents.yamlfile import Location
from forwhom.errors import nearest
from forwhom.wording import listed

#: Lists of the canvas whose items have an id, and what one of them is called.
_LISTS = {
    "segments": "segment",
    "participants": "participant",
    "needs": "need",
    "personas": "persona",
    "propositions": "proposition",
    "competitors": "competitor",
    "value_curves": "value curve",
    "hypotheses": "hypothesis",
    "questions": "question",
    "kpis": "KPI",
    "evidence": "evidence",
    "actors": "actor",
    "funding_features": "funding feature",
}
_OFFERS = ("products", "features", "benefits", "relieves", "experience")


@dataclass(frozen=True)
class Item:
    """Something with an id: what it is, where it stands, and its text."""

    id: str
    kind: str
    location: Location
    text: str


@dataclass(frozen=True)
class Reference:
    """A place that names an id, the kinds of item that it may name, and what cannot do without."""

    location: Location
    id: str
    kinds: tuple[str, ...]
    #: What goes when the item goes; empty: the place that names it, and nothing else.
    goes: tuple[Location, ...] = ()
    #: What goes when no item is left in the list that this stands in: it was for these alone, and
    #: an empty list would say that it is for all.
    last: tuple[Location, ...] = ()


def items(canvas: Canvas) -> Iterator[Item]:
    """Yield everything that has an id, in the order of the document."""
    for name, kind in _LISTS.items():
        for index, item in enumerate(getattr(canvas, name)):
            yield Item(item.id, kind, (name, index), _text(item))
    yield from _offers(canvas)
    for topic, index, note in canvas.notes():
        if note.id is not None:
            yield Item(note.id, "note", ("blocks", topic, index), note.text)
    for location, claim in claims(canvas):
        if claim.id is not None:
            yield Item(claim.id, "claim", location, claim.text)
    for index, strategy in enumerate(canvas.strategies):
        place = ("alignment", "strategies", index)
        yield Item(strategy.id, "strategy", place, strategy.action)
    if canvas.decision is not None:
        for part, kind in (("criteria", "criterion"), ("judges", "judge")):
            for index, one in enumerate(getattr(canvas.decision, part)):
                yield Item(one.id, kind, ("decision", part, index), _text(one))


def _offers(canvas: Canvas) -> Iterator[Item]:
    for index, proposition in enumerate(canvas.propositions):
        for part in _OFFERS:
            for position, offer in enumerate(getattr(proposition, part)):
                place = ("propositions", index, part, position)
                yield Item(offer.id, "offer", place, offer.text)


def _text(item: Any) -> str:
    for name in ("name", "statement", "text", "feature"):
        text = getattr(item, name, None)
        if isinstance(text, str):
            return text
    return str(item.id)


def claims(canvas: Canvas) -> Iterator[tuple[Location, Any]]:
    """Yield the claims about segments and personas, with where they stand."""
    for index, segment in enumerate(canvas.segments):
        for position, claim in enumerate(segment.claims):
            yield ("segments", index, "claims", position), claim
    for index, persona in enumerate(canvas.personas):
        for part, position, claim in persona.said():
            yield ("personas", index, part, position), claim


def is_about_all(evidence: str) -> bool:
    """Whether evidence is about all segments, by its id: it stands in a canvas without a claim."""
    return evidence.startswith(("segments.", "fairness."))


def citations(canvas: Canvas) -> Iterator[tuple[Location, str]]:
    """Yield every citation of evidence, with where it stands."""
    data = canvas.model_dump(exclude={"evidence"}, by_alias=True)
    yield from _citations(data, ())


def _citations(value: Any, location: Location) -> Iterator[tuple[Location, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                yield from _citations(inner, (*location, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from _citations(inner, (*location, index))
            elif isinstance(inner, str) and location[-1:] == ("evidence",):
                yield (*location, index), inner


def references(canvas: Canvas) -> Iterator[Reference]:
    """Yield every place that names an id."""
    yield from _of_people(canvas)
    yield from _of_value(canvas)
    yield from _of_alignment(canvas)
    yield from _of_strategy(canvas)
    for location, citation in citations(canvas):
        yield Reference(location, cited(citation)[0], ("evidence",))


def _each(
    location: Location,
    ids: Iterable[str],
    *kinds: str,
    goes: tuple[Location, ...] = (),
    last: tuple[Location, ...] = (),
) -> Iterator[Reference]:
    for index, one in enumerate(ids):
        yield Reference((*location, index), one, kinds, goes, last)


def _of_people(canvas: Canvas) -> Iterator[Reference]:
    for index, segment in enumerate(canvas.segments):
        if segment.sponsor is not None:
            place = ("segments", index, "sponsor")
            yield Reference(place, segment.sponsor, ("segment", "participant"))
        for position, paid in enumerate(segment.separate.price if segment.separate else ()):
            if paid.offer is not None:
                priced = ("segments", index, "separate", "price", position, "offer")
                yield Reference(priced, paid.offer, ("offer",))
    for index, pair in enumerate(canvas.pairs):
        both = ("pairs", index, "segments")
        yield from _each(both, pair.segments, "segment", goes=(("pairs", index),))
    for index, participant in enumerate(canvas.participants):
        here: Location = ("participants", index)
        yield from _each((*here, "segments"), participant.segments, "segment", last=(here,))
        stops = (*here, "veto")
        yield from _each((*here, "vetoes"), participant.vetoes, "participant", last=(stops,))
        for position, arrow in enumerate(participant.influences):
            led = (*here, "influences", position)
            yield Reference((*led, "on"), arrow.on, ("participant",), goes=(led,))
    for index, persona in enumerate(canvas.personas):
        here = ("personas", index)
        yield Reference((*here, "segment"), persona.segment, ("segment",), goes=(here,))
        yield from _each(("personas", index, "needs"), persona.needs, "need")


def _of_value(canvas: Canvas) -> Iterator[Reference]:
    for index, need in enumerate(canvas.needs):
        yield from _each(("needs", index, "segments"), need.segments, "segment")
        if need.of is not None:
            job = ("needs", index, "of")
            yield Reference(job, need.of, ("need",), goes=(job, ("needs", index, "step")))
    for index, proposition in enumerate(canvas.propositions):
        here: Location = ("propositions", index)
        yield from _each((*here, "segments"), proposition.segments, "segment")
        for position, fit in enumerate(proposition.fit):
            place = (*here, "fit", position)
            yield Reference((*place, "need"), fit.need, ("need",), goes=(place,))
            yield from _each((*place, "by"), fit.by, "offer")
    for topic, index, note in canvas.notes():
        here = ("blocks", topic, index)
        yield from _each((*here, "segments"), note.segments, "segment", last=(here,))
        only = () if note.segments else (here,)
        yield from _each((*here, "propositions"), note.propositions, "proposition", last=only)
        yield from _each((*here, "supports"), note.supports, "note")


def _of_alignment(canvas: Canvas) -> Iterator[Reference]:
    if canvas.alignment is None:
        return
    yield from _each(("alignment", "items"), canvas.alignment.items, "need")
    for index, rating in enumerate(canvas.alignment.ratings):
        here: Location = ("alignment", "ratings", index)
        yield Reference((*here, "segment"), rating.segment, ("segment",), goes=(here,))
        yield Reference((*here, "item"), rating.item, ("need",), goes=(here,))
    for index, strategy in enumerate(canvas.alignment.strategies):
        here = ("alignment", "strategies", index)
        yield Reference((*here, "item"), strategy.item, ("need",), goes=(here,))


def _of_strategy(canvas: Canvas) -> Iterator[Reference]:
    for index, hypothesis in enumerate(canvas.hypotheses):
        here: Location = ("hypotheses", index)
        yield from _each((*here, "segments"), hypothesis.segments, "segment")
        yield from _each((*here, "about"), hypothesis.about)
    for index, feature in enumerate(canvas.funding_features):
        yield from _each(("funding_features", index, "actors"), feature.actors, "actor")
    for name in ("competitors", "questions", "kpis", "actors"):
        for index, item in enumerate(getattr(canvas, name)):
            yield from _each((name, index, "segments"), item.segments, "segment")
    for index, curve in enumerate(canvas.value_curves):
        here = ("value_curves", index)
        yield Reference((*here, "segment"), curve.segment, ("segment",), goes=(here,))
        for position, point in enumerate(curve.points):
            for key in point.scores:
                if key != OURS:
                    scored = (*here, "points", position, "scores", key)
                    yield Reference(scored, key, ("competitor",))
    if canvas.decision is not None:
        here = ("decision",)
        yield from _scored((*here, "scores"), canvas.decision.scores)
        for index, judge in enumerate(canvas.decision.judges):
            place = (*here, "judges", index)
            for key in judge.weights:
                yield Reference((*place, "weights", key), key, ("criterion",))
            yield from _scored((*place, "scores"), judge.scores)


def _scored(location: Location, scores: Mapping[str, Mapping[str, float]]) -> Iterator[Reference]:
    for segment, values in scores.items():
        yield Reference((*location, segment), segment, ("segment",))
        for criterion in values:
            yield Reference((*location, segment, criterion), criterion, ("criterion",))


def contradictions(canvas: Canvas) -> list[Mistake]:
    """Return ids that are there twice, references to nothing, and circles; empty when sound."""
    found = list(items(canvas))
    mistakes = list(_twice(found))
    kind_of = {item.id: item.kind for item in found}
    by_kind: dict[str, list[str]] = {}
    segments = Names("segment", "in the canvas", {s.id: s.name for s in canvas.segments})
    for item in found:
        by_kind.setdefault(item.kind, []).append(item.id)
    for reference in references(canvas):
        kind = kind_of.get(reference.id)
        if kind is None or (reference.kinds and kind not in reference.kinds):
            mistakes.append(_dangling(reference, kind, by_kind, segments))
    return mistakes + list(_circles(canvas))


def _twice(found: Sequence[Item]) -> Iterator[Mistake]:
    first: dict[str, Item] = {}
    for item in found:
        before = first.setdefault(item.id, item)
        if before is not item:
            yield Mistake(
                (*item.location, "id"),
                f"the id {item.id!r} is here twice: a {before.kind} has it already.",
                "Every item of a canvas needs an id of its own; change one of them.",
            )


def _dangling(
    reference: Reference,
    kind: str | None,
    by_kind: Mapping[str, Sequence[str]],
    segments: Names,
) -> Mistake:
    wanted = listed(reference.kinds, last="or") or "item"
    known = [i for k in (reference.kinds or by_kind) for i in by_kind.get(k, ())]
    if kind is not None:
        problem = f"{reference.id!r} is a {kind}; expected here: {wanted}."
    else:
        problem = f"there is no {wanted} {reference.id!r}."
        several = segments.meant(reference.id) if "segment" in reference.kinds else []
        if len(several) > 1:
            both = listed([repr(one) for one in several])
            problem = f"{reference.id!r} may be each of {len(several)} segments: {both}."
            return Mistake(reference.location, problem, "Write the id of the one that is meant.")
    some = ", ".join(known[:10])
    called = segments.known.values() if "segment" in reference.kinds else ()
    advice = nearest(reference.id, [*called, *known]) or (
        f"Expected one of: {some}." if some else f"The canvas has no {wanted} yet; add it."
    )
    return Mistake(reference.location, problem, advice)


def _circles(canvas: Canvas) -> Iterator[Mistake]:
    """Chains that come back to where they began, of those that must end somewhere."""
    sponsors = {s.id: [s.sponsor] for s in canvas.segments if s.sponsor is not None}
    places: dict[str, Location] = {
        s.id: ("segments", i, "sponsor") for i, s in enumerate(canvas.segments)
    }
    yield from _circle(sponsors, places, "is paid for by")
    jobs = {n.id: [n.of] for n in canvas.needs if n.of is not None}
    places = {n.id: ("needs", i, "of") for i, n in enumerate(canvas.needs)}
    yield from _circle(jobs, places, "belongs to")
    supports = {n.id: list(n.supports) for _, _, n in canvas.notes() if n.id is not None}
    places = {
        n.id: ("blocks", topic, i, "supports") for topic, i, n in canvas.notes() if n.id is not None
    }
    yield from _circle(supports, places, "supports")
    replaced = {c.item: [c.instead] for c in canvas.history if c.what == "replaced" and c.instead}
    places = {c.item: ("history", i, "instead") for i, c in enumerate(canvas.history)}
    yield from _circle(replaced, places, "was replaced by")


def _circle(
    arrows: Mapping[str, Sequence[str]], places: Mapping[str, Location], verb: str
) -> Iterator[Mistake]:
    try:
        graphlib.TopologicalSorter(arrows).prepare()
    except graphlib.CycleError as error:
        chain = list(reversed(error.args[1]))
        said = f" {verb} ".join(repr(one) for one in chain[:6])
        yield Mistake(
            places[chain[0]],
            f"this goes in a circle: {said}{' …' if len(chain) > 6 else ''}.",
            "Take one of these away.",
        )
