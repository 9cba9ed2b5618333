"""What is told of some parts in words of their own, and what is told of many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from forwhom.documents.base import Document
from forwhom.documents.canvas.comparing.differences import Happened
from forwhom.documents.canvas.comparing.findings import Findings
from forwhom.documents.canvas.comparing.matching import Entry, Matched
from forwhom.documents.canvas.comparing.places import Where
from forwhom.documents.canvas.comparing.texts import labelled, new_and_gone
from forwhom.documents.canvas.fieldnames import field_name, value_name
from forwhom.documents.canvas.frameworks import framework_names, read_framework
from forwhom.documents.canvas.keynames import topic_name
from forwhom.documents.canvas.model import Canvas, CanvasEvidence
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.ratings import Alignment, Rating
from forwhom.documents.canvas.separateness import MeasuredPair
from forwhom.documents.canvas.strategy import Change
from forwhom.languages.catalog import later_count, tr, tr_count
from forwhom.wording import beside, joined, listed, quoted

T = TypeVar("T")
#: Of more entries that come by themselves, the number is told.
_MOST_ROWS = 3
#: What is never told one by one: what was computed, and what a person rated.
_COUNTED = (CanvasEvidence, Rating)
#: So many are named where their number is told.
_MOST_NAMED = 20


def framework(found: Findings, where: Where, old: Canvas, new: Canvas) -> None:
    """Tell another framework, and that notes have not gone with it."""
    if old.framework == new.framework:
        return
    names = [
        tr(read_framework(one).name) if one in framework_names() else quoted(one)
        for one in (old.framework, new.framework)
    ]
    what = tr("the framework changed from {old} to {new}", old=names[0], new=names[1])
    if all(one.kind != "removed" for one in found.found):  # so far only notes were compared
        what = tr("{what}; every note is kept", what=what)
    found.tell("changed", where.key("framework"), what, *names)


def empty_topics(found: Findings, where: Where, old: Canvas, new: Canvas) -> None:
    """Tell which topics came or went without a note."""
    gone, come = (
        [topic_name(topic) for topic, notes in here.items() if topic not in there and not notes]
        for here, there in ((old.blocks, new.blocks), (new.blocks, old.blocks))
    )
    kinds: Sequence[tuple[Happened, list[str], list[str]]] = (
        ("removed", gone, []), ("added", [], come)
    )  # fmt: skip
    for kind, before, after in kinds:
        if before or after:
            both = listed(before, most=None), listed(after, most=None)
            what = labelled(tr("topics without a note"), new_and_gone(both[1], both[0]))
            found.tell(kind, where, what, *both)


def status(found: Findings, where: Where, old: CanvasSegment, new: CanvasSegment) -> None:
    """Tell another status with the reason of the decision, which is part of it."""
    before, after = (value_name("status", one.status) for one in (old, new))
    what = tr("{old} → {new}", old=before, new=after)
    if new.decision is not None:
        reason = quoted(new.decision.reason, 300)
        what = tr("{what}, because {reason}", what=what, reason=reason)
        known = [one for one in (new.decision.by, new.decision.date) if one]
        what += f" ({joined(known)})" if known else ""
    whole = [
        joined([said, *([found.texts.whole(one.decision)] if one.decision else [])])
        for said, one in ((before, old), (after, new))
    ]
    found.tell("changed", where.key("status"), where.says(what), *whole)


def numbers(found: Findings, where: Where, old: Document, new: Document) -> frozenset[str]:
    """Tell numbers that change together in one sentence."""
    owner, pieces = type(new), []
    names = [name for name in owner.model_fields if name != "evidence"]
    for name in names:
        was, now = (getattr(one, name) for one in (old, new))
        if was != now:
            both = [found.texts.value_or_nothing(owner, name, one) for one in (was, now)]
            change = tr("{old} → {new}", old=both[0], new=both[1])
            field = field_name(owner, name)
            pieces.append(
                f"{field} {change}" if all(both) else labelled(field, new_and_gone(*both[::-1]))
            )
    if pieces:
        whole = (found.texts.whole(one) for one in (old, new))
        found.tell("changed", where, where.says(beside(pieces)), *whole)
    return frozenset(names)


def sum_up(found: Findings, where: Where, match: Matched[Any]) -> set[int]:
    """Tell how many entries changed, came or went where nobody wrote them one by one.

    Returns which entries are told by this: of those that changed, the later ones.
    """
    changed = [pair for pair in match.pairs if pair[0].value != pair[1].value]
    told: set[int] = set()
    all_of: Sequence[tuple[Happened, list[tuple[Entry[Any], ...]]]] = (
        ("changed", [*changed]), ("removed", [(e,) for e in match.removed]),
        ("added", [(e,) for e in match.added]),
    )  # fmt: skip
    for kind, entries in all_of:
        rows = [one for one in entries if _comes_by_itself(one)]
        if rows and (len(rows) > _MOST_ROWS or isinstance(rows[0][0].value, _COUNTED)):
            before, after = (
                listed([found.texts.called(one.value) for one in side], most=_MOST_NAMED)
                for side in _sides(kind, rows)
            )
            group = rows[0][0].group
            if group == "evidence":
                what = tr_count(*_EVIDENCE[kind], len(rows))
            else:
                owner = Alignment if group == "ratings" else Canvas
                what = tr_count(*_OTHERS[kind], len(rows), list=field_name(owner, group))
            found.tell(kind, where.key(group), what, before, after)
            told |= {id(one[-1]) for one in rows}
    return told


def _comes_by_itself(entries: Sequence[Entry[Any]]) -> bool:
    if isinstance(entries[0].value, CanvasEvidence):
        return any(one.value.fingerprint for one in entries)
    return isinstance(entries[0].value, MeasuredPair | Rating | Change)


def _sides(
    kind: Happened, rows: Sequence[Sequence[Entry[Any]]]
) -> tuple[list[Entry[Any]], list[Entry[Any]]]:
    first, last = [one[0] for one in rows], [one[-1] for one in rows]
    return ([] if kind == "added" else first), ([] if kind == "removed" else last)


#: What is told of computed evidence, and of rows of other lists.
_EVIDENCE: Mapping[Happened, tuple[str, str]] = {
    "changed": later_count(
        "evidence was brought up to date: {n} statement",
        "evidence was brought up to date: {n} statements",
    ),
    "added": later_count(
        "computed evidence: {n} statement is new", "computed evidence: {n} statements are new"
    ),
    "removed": later_count(
        "computed evidence: {n} statement is gone", "computed evidence: {n} statements are gone"
    ),
}
_OTHERS: Mapping[Happened, tuple[str, str]] = {
    "changed": later_count("{list}: {n} changed", "{list}: {n} changed"),
    "added": later_count("{list}: {n} is new", "{list}: {n} are new"),
    "removed": later_count("{list}: {n} is gone", "{list}: {n} are gone"),
}


def citations(found: Findings) -> None:
    """Tell at once of all citations that evidence is cited as it is now."""
    looked = found.looked_again
    if not looked:
        return
    before = [one for _, was, now in looked for one in (Counter(was) - Counter(now)).elements()]
    after = [one for _, was, now in looked for one in (Counter(now) - Counter(was)).elements()]
    what = tr_count(
        "{n} citation was brought up to date with its evidence",
        "{n} citations were brought up to date with their evidence",
        len(after),
    )
    places = [where for where, *_ in looked]
    where = Where(
        words=_shared([place.words for place in places]),
        before=_shared([place.before for place in places]),
        after=_shared([place.after for place in places]),
    )
    texts = (listed(some, most=_MOST_NAMED) for some in (before, after))
    found.tell("changed", where, where.says(what), *texts)


def _shared(paths: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    """Return how the paths begin, all of them."""
    first, n = paths[0], 0
    while all(len(path) > n and path[: n + 1] == first[: n + 1] for path in paths):
        n += 1
    return first[:n]
