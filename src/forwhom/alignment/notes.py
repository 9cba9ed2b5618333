"""What a reader must know before believing the numbers, in words."""

from collections.abc import Iterator, Sequence

from forwhom.documents.results.alignment import FEW, AlignmentResult
from forwhom.wording import count, listed, quoted

_SOURCES = {
    "item": "items",
    "segment": "segments",
    "segment-by-item": "segments that differ by item",
    "rater": "raters",
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
        yield f"Nobody rated for {_names([s.name for s in unrated])}; it is not compared."
    empty = {s.id for s in unrated}
    without = {item.id for item in result.items} - {c.item for c in result.cells if c.n}
    if without:
        some = [i.statement for i in result.items if i.id in without]
        yield f"Nobody rated {_names(some)}."
    holes = [
        c for c in result.cells if not c.n and c.segment not in empty and c.item not in without
    ]
    if holes:
        yield (
            f"{_cells(len(holes))} no rating: those items are compared over fewer segments, or "
            "not at all."
        )


def _few(result: AlignmentResult) -> Iterator[str]:
    rated = [c for c in result.cells if c.n]
    if result.raters == 1:
        yield (
            "There is one rater: classes are what this one person says, and nothing can be said "
            "about how sure they are."
        )
        return
    alone = [c for c in rated if c.interval is None]
    if alone:
        yield (
            f"{_cells(len(alone))} a single rater, or one of each kind: how sure these medians and "
            "the classes of their items are cannot be said."
        )
    few = [c for c in rated if c.n < FEW and c.interval is not None]
    if few:
        yield (
            f"{_cells(len(few))} fewer than {FEW} raters: intervals and probabilities look surer "
            "there than they are."
        )
    if len({c.median for c in rated}) == 1 and all(c.consensus == 1 for c in rated):
        yield "All ratings are equal; was every item rated on its own?"


def _views(result: AlignmentResult) -> Iterator[str]:
    roles = {role for s in result.segments if s.raters for role in s.buti}
    if not roles:
        yield (
            "No segment is marked as buyer, user or target impact (buti), so adoption and "
            "sustainability are not looked at apart."
        )
        return
    there = {view.name for view in result.views}
    for name, other, word in (
        ("adoption", "user", "user"),
        ("sustainability", "target-impact", "target impact"),
    ):
        if name not in there:
            lacking = [w for r, w in (("buyer", "buyer"), (other, word)) if r not in roles]
            why = (
                f"no rated segment is a {' or a '.join(lacking)}"
                if lacking
                else f"buyer and {word} are the same segment"
            )
            yield f"There is no view of {name}: {why}."


def _unknown(result: AlignmentResult) -> Iterator[str]:
    unsaid = [item for item in result.items if item.importance is None]
    if unsaid and any(item.severity for item in result.overall.items):
        n, total = len(unsaid), len(result.items)
        has = f"{n} of {total} items {'has' if n == 1 else 'have'} no importance"
        if n == total:
            has = "No item has an importance"
        yield f"{has}: severity takes such an item as of the highest importance."


def _variance(result: AlignmentResult, confounded: Sequence[str]) -> Iterator[str]:
    if result.variance and confounded:
        told = _names([_SOURCES[source] for source in confounded if source in _SOURCES])
        yield (
            f"With these ratings, the share of {told} in the differences cannot be told from the "
            "other shares."
        )


def _cells(n: int) -> str:
    return count(n, "pair of item and segment has", "pairs of item and segment have")


def _names(names: Sequence[str]) -> str:
    return listed([quoted(name) for name in names])
