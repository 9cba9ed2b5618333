"""What a reader must know before believing the numbers, in words."""

from collections.abc import Iterator, Sequence

from forwhom.documents.results.alignment import FEW, AlignmentResult
from forwhom.languages.catalog import later, tr, tr_count, whole
from forwhom.wording import listed, quoted

_SOURCES = {
    "item": later("items"),
    "segment": later("segments"),
    "segment-by-item": later("segments that differ by item"),
    "rater": later("raters"),
}
_ROLES = {
    "buyer": later("buyer"),
    "user": later("user"),
    "target-impact": later("target impact"),
}
_NO_VIEW = {
    "adoption": later("There is no view of adoption: {why}."),
    "sustainability": later("There is no view of sustainability: {why}."),
}


def notes_of(result: AlignmentResult, confounded: Sequence[str]) -> list[str]:
    """Return the notes on an answer."""
    return [
        *_missing(result),
        *_few(result),
        *_views(result),
        *_unknown(result),
        *_variance(result, confounded),
    ]


def _missing(result: AlignmentResult) -> Iterator[str]:
    unrated = [s for s in result.segments if s.raters == 0]
    if unrated:
        names = _names([s.name for s in unrated])
        yield tr("Nobody rated for {names}; it is not compared.", names=names)
    empty = {s.id for s in unrated}
    without = {item.id for item in result.items} - {c.item for c in result.cells if c.n}
    if without:
        some = [i.statement for i in result.items if i.id in without]
        yield tr("Nobody rated {names}.", names=_names(some))
    holes = [
        c for c in result.cells if not c.n and c.segment not in empty and c.item not in without
    ]
    if holes:
        yield tr_count(
            "{n} pair of item and segment has no rating: those items are compared over fewer "
            "segments, or not at all.",
            "{n} pairs of item and segment have no rating: those items are compared over fewer "
            "segments, or not at all.",
            len(holes),
        )


def _few(result: AlignmentResult) -> Iterator[str]:
    rated = [c for c in result.cells if c.n]
    if result.raters == 1:
        yield tr(
            "There is one rater: classes are what this one person says, and nothing can be said "
            "about how sure they are."
        )
        return
    alone = [c for c in rated if c.interval is None]
    if alone:
        yield tr_count(
            "{n} pair of item and segment has a single rater, or one of each kind: how sure these "
            "medians and the classes of their items are cannot be said.",
            "{n} pairs of item and segment have a single rater, or one of each kind: how sure "
            "these medians and the classes of their items are cannot be said.",
            len(alone),
        )
    few = [c for c in rated if c.n < FEW and c.interval is not None]
    if few:
        yield tr_count(
            "{n} pair of item and segment has fewer than {least} raters: intervals and "
            "probabilities look surer there than they are.",
            "{n} pairs of item and segment have fewer than {least} raters: intervals and "
            "probabilities look surer there than they are.",
            len(few),
            least=FEW,
        )
    if len({c.median for c in rated}) == 1 and all(c.consensus == 1 for c in rated):
        yield tr("All ratings are equal; was every item rated on its own?")


def _views(result: AlignmentResult) -> Iterator[str]:
    roles = {role for s in result.segments if s.raters for role in s.buti}
    if not roles:
        yield tr(
            "No segment is marked as buyer, user or target impact (buti), so adoption and "
            "sustainability are not looked at apart."
        )
        return
    there = {view.name for view in result.views}
    for name, other in (("adoption", "user"), ("sustainability", "target-impact")):
        if name not in there:
            lacking = [tr(_ROLES[role]) for role in ("buyer", other) if role not in roles]
            if len(lacking) > 1:
                one, another = lacking
                why = tr("no rated segment is a {one} or a {other}", one=one, other=another)
            elif lacking:
                why = tr("no rated segment is a {role}", role=lacking[0])
            else:
                why = tr("buyer and {role} are the same segment", role=tr(_ROLES[other]))
            yield tr(_NO_VIEW[name], why=why)


def _unknown(result: AlignmentResult) -> Iterator[str]:
    unsaid = [item for item in result.items if item.importance is None]
    if unsaid and any(item.severity for item in result.overall.items):
        n, total = len(unsaid), len(result.items)
        if n == total:
            yield tr(
                "No item has an importance: severity takes such an item as of the highest "
                "importance."
            )
            return
        yield tr_count(
            "{n} of {total} items has no importance: severity takes such an item as of the highest "
            "importance.",
            "{n} of {total} items have no importance: severity takes such an item as of the "
            "highest importance.",
            n,
            total=whole(total),
        )


def _variance(result: AlignmentResult, confounded: Sequence[str]) -> Iterator[str]:
    if result.variance and confounded:
        told = _names([tr(_SOURCES[source]) for source in confounded if source in _SOURCES])
        yield tr(
            "With these ratings, the share of {sources} in the differences cannot be told from the "
            "other shares.",
            sources=told,
        )


def _names(names: Sequence[str]) -> str:
    return listed([quoted(name) for name in names])
