"""Actors and features of how money is given, as funding data show them; what they mean is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from forwhom.documents.canvas import AnyCanvas, canvas_of, edited, edits_of
from forwhom.documents.canvas.model import CanvasEvidence
from forwhom.documents.canvas.references import items
from forwhom.documents.canvas.suspects import fingerprint_of
from forwhom.documents.ids import unused
from forwhom.documents.results.funding import NODE_NAMES, Funding, said_quarter
from forwhom.funders.organizations import plain
from forwhom.funders.proposals import identity_of, method_of
from forwhom.languages.catalog import later, speaking_all, tr
from forwhom.wording import lowered, percent, typed

#: From this share on, something holds for most of the money.
_MOST = 0.5
#: What divides the money, and how it is said of most of it.
_KINDS = {
    "aim": later("{share} of the money is for {what} aims."),
    "channel": later("{share} of the money comes through {what} channels."),
    "form": later("{share} of the money is given in the form: {what}."),
    "earmarking": later("{share} of the money is {what}."),
    "term": later("{share} of the money is {what}."),
}


class _Feature(NamedTuple):
    """A feature that data show: its id, what it says, and the number behind it."""

    id: str
    says: str
    value: float | None


def propose_economy(found: Funding, canvas: AnyCanvas, *, most: int = 5) -> tuple[str, list[str]]:
    """Return the text of a canvas with actors and funding features that data show, and their ids.

    What an actor wants and by which rules it lives, and what a feature means for the model, no data
    say: these keys stay out, and the linter asks for them. Nothing that stands there changes.
    """
    known = canvas_of(canvas)
    edits = edits_of(known)
    taken = {item.id for item in items(known)}
    named = {plain(one.name) for one in known.actors} | {plain(one) for one in known.names.ours}
    said = {plain(one.feature) for one in known.funding_features}
    added: list[str] = []
    with speaking_all(known.language):
        shown = [*_actors(found, most), *_features(found)]
    for key, item, proof in shown:
        name = plain(str(item.get("name", item.get("feature"))))
        if name in (named if key == "actors" else said):
            continue
        item["id"] = unused(item["id"], taken)
        evidence = proof.model_copy(update={"id": unused(f"funding-{item['id']}", taken)})
        taken |= {item["id"], evidence.id}
        item["evidence"] = [f"{evidence.id}@{fingerprint_of(evidence)}"]
        edits.append((key,), item)
        edits.append(("evidence",), evidence.model_dump(mode="json", exclude_defaults=True))
        added.append(item["id"])
    return edited(known, edits)[1], added


#: The part of the canvas, the item, and its evidence, which has no id yet.
_Proposed = tuple[str, dict[str, Any], CanvasEvidence]


def _actors(found: Funding, most: int) -> Iterator[_Proposed]:
    given = sum(one.given for one in found.organizations if one.given > 0)
    givers = [one for one in found.organizations if one.id not in NODE_NAMES and one.given > 0]
    for one in sorted(givers, key=lambda giver: (-giver.given, giver.id))[:most]:
        share = one.given / given  # of what was given, where others paid back more
        says = tr("{name} gave {share} of the money.", name=one.name, share=percent(share))
        yield "actors", {"id": identity_of(one.name), "name": one.name}, _proof(found, says, share)


def _features(found: Funding) -> Iterator[_Proposed]:
    for one in _shown(found):
        item = {"id": one.id, "feature": typed(one.says).rstrip(".")}
        yield "funding_features", item, _proof(found, one.says, one.value)


def _shown(found: Funding) -> Iterator[_Feature]:
    for kind in found.kinds:
        part = kind.parts[0]
        if kind.by in _KINDS and part.code and part.share >= _MOST:
            share = percent(part.share)
            says = tr(_KINDS[kind.by], share=share, what=lowered(tr(part.code)))
            yield _Feature(f"money-by-{kind.by}", says, part.share)
    for one in found.concentration:
        if one.of == "givers" and one.largest_share >= _MOST:
            says = tr(
                "{share} of the money comes from one giver, {name}.",
                share=percent(one.largest_share), name=found.name(one.largest),
            )  # fmt: skip
            yield _Feature("one-giver", says, one.largest_share)
    if found.cliff.falls:
        says = tr(
            "Less than half of today’s money is known from {quarter} on.",
            quarter=said_quarter(found.cliff.falls),
        )
        yield _Feature("money-ends", says, None)
    if found.unknown_receiver_share >= _MOST / 2:
        unnamed = found.unknown_receiver_share
        says = tr("{share} of the money goes to receivers whom nobody names.",
                  share=percent(unnamed))  # fmt: skip
        yield _Feature("receivers-not-named", says, unnamed)


def _proof(found: Funding, says: str, value: float | None) -> CanvasEvidence:
    return CanvasEvidence(
        id="funding",
        statement=typed(says),
        value=None if value is None else round(value, 4),
        method=method_of(found),
        source=", ".join(found.sources)[:300],
        date=found.today,
    )
