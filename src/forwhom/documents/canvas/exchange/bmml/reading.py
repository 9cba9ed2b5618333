from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forwhom.documents.canvas.exchange.bmml.language import (
    NOTES,
    PAIRS,
    PROFILE,
    VALUE_MAP,
    VERSION,
    Bmml,
    Fit,
)
from forwhom.documents.canvas.exchange.carrying import Imported, Rewritten
from forwhom.documents.canvas.file import canvas_text, check_canvas
from forwhom.documents.canvas.model import Canvas
from forwhom.documents.mistakes import Mistake, Source, keys_of, refused, shaped
from forwhom.documents.study import Origin
from forwhom.documents.yamlfile import Location, parse_yaml
from forwhom.errors import DocumentError, nearest

_WHAT = "a bmml file"


def parse_bmml(text: str, path: str | Path = "model.bmml") -> Imported:
    """Read a business model from the text of a bmml file."""
    source = parse_yaml(text, str(path))
    _check_version(source)
    bmml = shaped(Bmml, source)
    mistakes = list(_twice(bmml)) or list(_wrong_fits(bmml))
    if mistakes:
        raise refused(mistakes, source.place)
    reader = _Reader()
    reader.read(bmml)
    rewritten = Rewritten(source, reader.data, reader.places)
    canvas = shaped(Canvas, rewritten)
    canvas._origin = Origin(source=rewritten)
    check_canvas(canvas)
    lost = [f"fits: their ids ({len(bmml.fits)})"] if bmml.fits else []
    return Imported(canvas=canvas, text=canvas_text(canvas), lost=lost, changed=[])


def _check_version(source: Source) -> None:
    found = keys_of(source, _WHAT, f'version: "{VERSION}"').get("version")
    if found is None:
        raise DocumentError(
            f"{source.place(())}: the key 'version' is missing.",
            f"Expected {_WHAT} with 'version: \"{VERSION}\"'; is this another kind of file?",
        )
    written = source.written(("version",))
    if written != VERSION:
        raise DocumentError(
            f"{source.place(('version',))}: this is bmml {str(written)[:40]!r}.",
            f"Expected version {VERSION}; bmml's own tool brings older files up to date.",
        )


@dataclass
class _Reader:
    """The canvas as plain values, and where in the bmml file each of them comes from."""

    data: dict[str, Any] = field(default_factory=lambda: {"forwhom": 1, "kind": "canvas"})
    places: dict[Location, Location] = field(default_factory=dict)

    def read(self, bmml: Bmml) -> None:
        self._meta(bmml)
        self._segments(bmml)
        self._propositions(bmml)
        self._notes(bmml)

    def _meta(self, bmml: Bmml) -> None:
        for name, value in bmml.meta:
            if value:
                key = {"name": "title", "tagline": "summary"}.get(name, name)
                self.data[key] = value
                self.places[(key,)] = ("meta", name)

    def _add(self, here: Location, made: dict[str, Any], there: Location, **names: str) -> None:
        """Remember where an item comes from, and its keys that have another name there."""
        self.places[here] = there
        for key, name in names.items():
            if key in made:
                self.places[(*here, key)] = (*there, name)

    def _segments(self, bmml: Bmml) -> None:
        segments: list[dict[str, Any]] = []
        needs: list[dict[str, Any]] = []
        for i, segment in enumerate(bmml.customer_segments):
            there: Location = ("customer_segments", i)
            segments.append(_without_empty(segment, "id", "name", "description"))
            self._add(("segments", i), segments[-1], there)
            for key, kind, _ in PROFILE:
                for j, need in enumerate(getattr(segment, key)):
                    made = {"id": need.id, "statement": need.description, "kind": kind}
                    here = ("needs", len(needs))
                    self._add(here, made, (*there, key, j), statement="description")
                    needs.append(made | {"segments": [segment.id]})
        self.data |= {"segments": segments, "needs": needs}

    def _propositions(self, bmml: Bmml) -> None:
        segments, answers = _fits(bmml)
        propositions = []
        for i, proposition in enumerate(bmml.value_propositions):
            there: Location = ("value_propositions", i)
            made = _without_empty(proposition, "id", "name", "description")
            made["segments"] = segments[proposition.id]
            self._add(("propositions", i), made, there)
            for key, name, _ in VALUE_MAP:
                offers = getattr(proposition, key)
                made[name] = [{"id": offer.id, "text": offer.name} for offer in offers]
                for j, offer in enumerate(made[name]):
                    self._add(("propositions", i, name, j), offer, (*there, key, j), text="name")
            made["fit"] = [{"need": n, "by": by} for n, by in answers[proposition.id].items()]
            propositions.append(made)
        self.data["propositions"] = propositions

    def _notes(self, bmml: Bmml) -> None:
        blocks: dict[str, list[dict[str, Any]]] = {}
        for key, topic, _, relations in NOTES:
            for i, item in enumerate(getattr(bmml, key)):
                made = {"id": item.id, "text": item.name}
                here: Location = ("blocks", topic, i)
                self._add(here, made, (key, i), text="name")
                for preposition, name, relation in relations:
                    ends = item.source if preposition == "from" else item.to
                    named = made.setdefault(relation, [])
                    for j, one in enumerate(getattr(ends, name)):
                        self.places[(*here, relation, len(named))] = (key, i, preposition, name, j)
                        named.append(one)
                blocks.setdefault(topic, []).append(made)
        self.data["blocks"] = blocks


def _without_empty(item: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names if getattr(item, name)} | {
        "id": item.id,
        "name": item.name,
    }


def _fits(bmml: Bmml) -> tuple[dict[str, list[str]], dict[str, dict[str, list[str]]]]:
    """For each proposition: whom it is for, and which of its offers answer which need."""
    owner, home = _owners(bmml), _homes(bmml)
    segments: dict[str, list[str]] = {p.id: [] for p in bmml.value_propositions}
    answers: dict[str, dict[str, list[str]]] = {p.id: {} for p in bmml.value_propositions}
    for fit in bmml.fits:
        for proposition in fit.ends.value_propositions:
            named = segments[proposition]
            named += [s for s in fit.ends.customer_segments if s not in named]
        for offer, need in fit.mappings:
            by = answers[owner[offer]].setdefault(need, [])
            if offer not in by:
                by.append(offer)
    for proposition, needs in answers.items():
        # Segment by segment, so that an export, which writes them so, comes back the same.
        order = segments[proposition]
        answers[proposition] = dict(sorted(needs.items(), key=lambda n: order.index(home[n[0]])))
    return segments, answers


def _owners(bmml: Bmml) -> dict[str, str]:
    """Offers, and the proposition that has each."""
    return {
        offer.id: proposition.id
        for proposition in bmml.value_propositions
        for key, _, _ in VALUE_MAP
        for offer in getattr(proposition, key)
    }


def _homes(bmml: Bmml) -> dict[str, str]:
    """Needs, and the segment that has each."""
    return {
        need.id: segment.id
        for segment in bmml.customer_segments
        for key, _, _ in PROFILE
        for need in getattr(segment, key)
    }


def _twice(bmml: Bmml) -> Iterator[Mistake]:
    taken: set[str] = set()
    for location, one in _ids(bmml):
        if one in taken:
            advice = "Every part of a model needs an id of its own; change one of them."
            yield Mistake((*location, "id"), f"the id {one!r} is here twice.", advice)
        taken.add(one)


def _ids(bmml: Bmml) -> Iterator[tuple[Location, str]]:
    parts = {"customer_segments": PROFILE, "value_propositions": VALUE_MAP}
    for key in ("customer_segments", "value_propositions", "fits", *(note[0] for note in NOTES)):
        for i, item in enumerate(getattr(bmml, key)):
            yield (key, i), item.id
            for name, *_ in parts.get(key, ()):
                for j, inner in enumerate(getattr(item, name)):
                    yield (key, i, name, j), inner.id


def _wrong_fits(bmml: Bmml) -> Iterator[Mistake]:
    """Fits that name what does not exist, or what belongs to others."""
    owner, home = _owners(bmml), _homes(bmml)
    propositions = [p.id for p in bmml.value_propositions]
    segments = [s.id for s in bmml.customer_segments]
    for i, fit in enumerate(bmml.fits):
        for key, known in (("value_propositions", propositions), ("customer_segments", segments)):
            for j, one in enumerate(getattr(fit.ends, key)):
                if one not in known:
                    yield _unknown(("fits", i, "for", key, j), one, known)
        for j, (offer, need) in enumerate(fit.mappings):
            here: Location = ("fits", i, "mappings", j)
            yield from _wrong_pair(here, fit, (offer, owner), (need, home))


def _wrong_pair(
    here: Location,
    fit: Fit,
    offered: tuple[str, dict[str, str]],
    needed: tuple[str, dict[str, str]],
) -> Iterator[Mistake]:
    (offer, owner), (need, home) = offered, needed
    if PAIRS.get(offer.split("-")[0]) != need.split("-")[0]:
        yield Mistake(
            here,
            f"[{offer}, {need}] is no pair of bmml.",
            "Expected [pr-…, pain-…] for a pain that is relieved, or [gc-…, gain-…] for a gain.",
        )
        return
    for position, one, owners, ends in (
        (0, offer, owner, fit.ends.value_propositions),
        (1, need, home, fit.ends.customer_segments),
    ):
        if one not in owners:
            yield _unknown((*here, position), one, list(owners))
        elif owners[one] not in ends:
            problem = f"{one!r} belongs to {owners[one]!r}, and this fit is for others."
            yield Mistake((*here, position), problem, f"Add {owners[one]!r} to 'for' of the fit.")


def _unknown(location: Location, one: str, known: list[str]) -> Mistake:
    some = f"Expected one of: {', '.join(known[:10])}." if known else "The file has none."
    return Mistake(location, f"there is no {one[:80]!r}.", nearest(one, known) or some)
