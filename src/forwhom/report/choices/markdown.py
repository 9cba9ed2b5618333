"""The same results as Markdown, for wikis and for reading in a diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from forwhom.documents.results import (
    Choices,
    Curves,
    Fits,
    NeedRanking,
    Opportunities,
    Priorities,
    RankedNeed,
    SegmentCurves,
    SegmentFit,
)
from forwhom.documents.segmentation import Interval
from forwhom.report.canvas.markdown import escaped, escaped_inside
from forwhom.report.choices.wording import (
    HEADLINES,
    SOURCES,
    STRENGTHS,
    between,
    ranks,
    score,
    share,
)
from forwhom.report.words import percent


def choices_markdown(found: Choices) -> str:
    """Return a result as Markdown: its sentences, what weakens it, and every number.

    Parameters
    ----------
    found
        What `rank_needs`, `assess_fit`, `compare_curves` or `decide_segments` returned.

    Returns
    -------
    str
        Markdown; text of the canvas is escaped, so that it is shown and never interpreted.
    """
    title = f"{found.title}: " if found.title.strip() else ""
    lines = [f"# {escaped(title + HEADLINES[found.kind])}"]
    match found:
        case Opportunities():
            for ranking in [found.everybody, *found.segments]:
                lines += _ranking(ranking)
        case Fits():
            lines += _fits(found)
        case Curves():
            for one in found.segments:
                lines += _curves(one)
        case Priorities():
            lines += _priorities(found)
    if not isinstance(found, Curves) and found.notes:
        lines += ["", "## What weakens this answer", *_list(found.notes)]
    return "\n".join(lines) + "\n"


def _list(texts: Iterable[str]) -> Iterator[str]:
    yield ""
    yield from (f"- {escaped(text)}" for text in texts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    yield from (f"| {' | '.join(escaped_inside(cell) for cell in row)} |" for row in rows)


def _ranking(ranking: NeedRanking) -> Iterator[str]:
    yield from ("", f"## {escaped(ranking.name)}")
    if ranking.sentences:
        yield from _list(ranking.sentences)
    if ranking.needs:
        heads = ("Rank", "Need", "Opportunity", "Importance", "Satisfaction", "First", "From")
        yield from _table(heads, (_need(row) for row in ranking.needs))


def _need(row: RankedNeed) -> tuple[str, ...]:
    source = SOURCES[row.numbers_from]
    return (
        "–" if row.rank is None else str(row.rank),
        row.statement,
        _with(row.opportunity, row.opportunity_interval),
        _with(row.importance, row.importance_interval),
        _with(row.satisfaction, row.satisfaction_interval),
        "–" if row.first is None else percent(row.first),
        f"{row.n:,} {source}" if row.numbers_from == "respondents" else source,
    )


def _with(value: float | None, interval: Interval | None) -> str:
    return score(value) + (f" ({between(interval)})" if interval is not None else "")


def _fits(found: Fits) -> Iterator[str]:
    said = [f"Nothing is offered to {one.name}." for one in found.without_proposition]
    said += [f"{one.name} is for no segment." for one in found.without_segment]
    if not found.fits:
        said.insert(0, "No proposition of this canvas is for one of its segments.")
    if said:
        yield from _list(said)
    for fit in found.fits:
        yield from _fit(fit)


def _fit(fit: SegmentFit) -> Iterator[str]:
    yield from ("", f"## {escaped(f'{fit.proposition_name} for {fit.segment_name}')}")
    yield from _list(fit.sentences)
    yield from ("", f"Positioning: {escaped(fit.positioning.text)}")
    if fit.needs:
        text = {offer.id: offer.text for offer in fit.offers}
        yield from _table(
            ("Need", "Kind", "Importance", "Answered", "By", "Evidence"),
            (
                (
                    need.statement,
                    need.kind,
                    score(need.importance),
                    STRENGTHS[need.strength],
                    "; ".join(text.get(offer, offer) for offer in need.by),
                    "cited" if need.backed else "none",
                )
                for need in fit.needs
            ),
        )


def _curves(found: SegmentCurves) -> Iterator[str]:
    yield from ("", f"## For {escaped(found.segment_name)}")
    yield from _list([*found.sentences, *found.notes])
    heads = ["Criterion", *(escaped_inside(curve.name) for curve in found.curves)]
    yield from _table(
        heads,
        (
            [criterion, *(score(curve.scores[row]) for curve in found.curves)]
            for row, criterion in enumerate(found.criteria)
        ),
    )


def _priorities(found: Priorities) -> Iterator[str]:
    yield from _list(found.sentences)
    near = any(one.near_judges is not None for one in found.segments)
    heads = ["Rank", "No.", "Segment", "Together", *(axis.capitalize() for axis in found.axes)]
    heads += ["First, random weights", "Expected rank"]
    heads += ["First, near the judges’", "Expected rank"] if near else []
    rows = []
    for segment in found.segments:
        axes = {"attractiveness": segment.attractiveness, "ability": segment.ability}
        row = ["–" if segment.rank is None else str(segment.rank), str(segment.number)]
        row += [segment.name, score(segment.combined), *(score(axes[one]) for one in found.axes)]
        for frequency in (segment.any_weights, segment.near_judges):
            if frequency is not None:
                row.append(share(frequency.first_low, frequency.first_high))
                row.append(ranks(frequency.rank_low, frequency.rank_high))
        rows.append(row)
    yield from _table(heads, rows)
