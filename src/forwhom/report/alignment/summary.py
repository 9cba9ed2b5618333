"""A plain summary of an alignment: what the page, the drawing and the terminal show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forwhom.documents.results.alignment import FEW, AlignmentResult, Cell, ItemAlignment, ViewName
from forwhom.report import words
from forwhom.report.alignment import wording
from forwhom.report.alignment.wording import Names
from forwhom.report.outline import Table

_ORDER = list(wording.CLASSES)


@dataclass(frozen=True)
class HeatCell:
    """One item for one segment."""

    value: float | None
    text: str
    stance: str
    detail: str


@dataclass(frozen=True)
class HeatRow:
    """One item: what each segment says, its class, its severity."""

    item: str
    statement: str
    cells: tuple[HeatCell, ...]
    kind: str
    class_name: str
    sureness: str
    severity: str
    severity_text: str
    views: tuple[str, ...]


@dataclass(frozen=True)
class Misalignment:
    """An item on which segments do not want the same, and what to do about it."""

    statement: str
    level: str
    sides: str
    numbers: str
    action: str
    strategy: str
    probabilities: str


@dataclass(frozen=True)
class ViewLine:
    """What one view says."""

    name: str
    question: str
    segments: str
    counts: str
    worst: str


@dataclass(frozen=True)
class AlignmentSummary:
    """Everything that is shown, in words."""

    title: str
    headline: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    segments: tuple[str, ...]
    view_names: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    misalignments: tuple[Misalignment, ...]
    views: tuple[ViewLine, ...]
    divided: Table
    proxies: Table
    agreement: Table
    variance: Table
    changes: Table
    class_changes: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]


def summarize_alignment(result: AlignmentResult) -> AlignmentSummary:
    """Put an alignment into words.

    Parameters
    ----------
    result
        What was computed.
    """
    names = Names(result)
    rated = [segment for segment in result.segments if segment.raters]
    views = [view for view in result.views if view.name != "all"]
    return AlignmentSummary(
        title=result.title,
        headline=_headline(result),
        sentences=tuple(_sentences(result, names)),
        warnings=tuple(_warnings(result)),
        segments=tuple(segment.name for segment in rated),
        view_names=tuple(wording.VIEWS[view.name][0] for view in views),
        rows=tuple(_rows(result, names)),
        misalignments=tuple(_misalignment(result, item, names) for item in _misaligned(result)),
        views=tuple(_view_lines(result, names)),
        divided=_divided(result, names),
        proxies=_proxies(result, names),
        agreement=_agreement(result, names),
        variance=_variance(result),
        changes=_changes(result, names),
        class_changes=tuple(
            f"{names.items[c.item]}: {wording.CLASSES[c.before][0].lower()} before, "
            f"{wording.CLASSES[c.after][0].lower()} now"
            for c in result.class_changes
        ),
        settings=tuple(_settings(result)),
    )


def _misaligned(result: AlignmentResult) -> list[ItemAlignment]:
    found = [item for item in result.overall.items if item.alignment == "misaligned"]
    return sorted(found, key=lambda item: -item.severity.value if item.severity else 0.0)


def _headline(result: AlignmentResult) -> str:
    compared = [i for i in result.overall.items if i.alignment != "not-compared"]
    if not compared:
        return "No item can be compared between segments"
    n, total = len(_misaligned(result)), len(compared)
    of = f"{total} items" if total > 1 else "1 item"
    if n:
        return f"{words.counted(n, 'misalignment')} among {of}"
    unwanted = sum(item.alignment == "unwanted" for item in compared)
    if unwanted:
        is_are = "is" if unwanted == 1 else "are"
        return f"No misalignment among {of}, but {unwanted} {is_are} unwanted"
    return f"No misalignment among {of}"


def _sentences(result: AlignmentResult, names: Names) -> Iterator[str]:
    segments = [segment.id for segment in result.segments if segment.raters]
    yield (
        f"{words.counted(result.raters, 'rater')} gave {words.count(result.ratings, 'rating')} "
        f"for {names.several(segments)}, from −5 (very undesirable) to +5 (very desirable)."
    )
    worst = next(iter(_misaligned(result)), None)
    if worst is not None and worst.severity is not None:
        yield (
            f"The heaviest is “{names.items[worst.item]}”: {_sides(result, worst, names)}. "
            f"Severity {worst.severity.level}. {names.action(worst)}"
        )
    for view in result.views:
        if view.name != "all":
            misaligned = sum(item.alignment == "misaligned" for item in view.items)
            name, question = wording.VIEWS[view.name]
            found = words.count(misaligned, "misalignment") if misaligned else "no misalignment"
            yield f"{name} ({question.split(':')[0]}): {found}."


def _warnings(result: AlignmentResult) -> Iterator[str]:
    undecided = sum(item.undecided for item in result.overall.items)
    if undecided:
        least = words.percent(result.thresholds.certain)
        are = "1 item is" if undecided == 1 else f"{undecided} items are"
        yield (
            f"{are} undecided: with other raters of the same kind, the class would be another one "
            f"more often than {least} allows. More raters would tell."
        )
    open_ones = len(result.unanswered)
    if open_ones:
        have = "1 misalignment" if open_ones == 1 else f"{open_ones} misalignments"
        have += " of medium or high severity " + ("has" if open_ones == 1 else "have")
        yield f"{have} no strategy that says what will be done."
    yield from result.notes


def _sides(result: AlignmentResult, item: ItemAlignment, names: Names) -> str:
    cells = {c.segment: c for c in result.cells if c.item == item.item}
    ordered = sorted(item.segments, key=lambda s: -(cells[s].median or 0.0))
    said = [f"{names.segments[s]} {wording.rating(cells[s].median)}" for s in ordered]
    if len(said) > wording.MOST_NAMED:  # both ends say what they differ on
        said[3:-3] = [f"{len(said) - 6} between"]
    return ", ".join(said)


def _rows(result: AlignmentResult, names: Names) -> Iterator[HeatRow]:
    segments = [segment.id for segment in result.segments if segment.raters]
    cells = {(cell.item, cell.segment): cell for cell in result.cells}
    others = [
        {item.item: wording.class_name(item) for item in view.items}
        for view in result.views
        if view.name != "all"
    ]
    for item in sorted(result.overall.items, key=_weight):
        level = item.severity.level if item.severity is not None else None
        value = f"{item.severity.value:.2f}" if item.severity and level else ""
        yield HeatRow(
            item=item.item,
            statement=names.items[item.item],
            cells=tuple(_heat_cell(cells[item.item, segment]) for segment in segments),
            kind=item.alignment,
            class_name=wording.class_name(item),
            sureness=_sureness(
                item, min((cells[item.item, s].n for s in item.segments), default=0)
            ),
            severity=level or "",
            severity_text=f"{level} ({value})" if level else "–",
            views=tuple(view[item.item] for view in others),
        )


def _weight(item: ItemAlignment) -> tuple[int, float]:
    return _ORDER.index(item.alignment), -item.severity.value if item.severity else 0.0


def _heat_cell(cell: Cell) -> HeatCell:
    detail = words.count(cell.n, "rating")
    spread = wording.rating_range(cell.interval)
    if spread:
        detail += f", 95% interval {spread}"
    if cell.camps:
        low, high = cell.camps
        detail += (
            f"; {low.n} raters around {wording.rating(low.median)}, {high.n} around "
            f"{wording.rating(high.median)}"
        )
    return HeatCell(cell.median, wording.rating(cell.median), wording.stance(cell), detail)


def _sureness(item: ItemAlignment, fewest: int) -> str:
    if item.probability is None:
        return "" if item.alignment == "not-compared" else "sureness unknown"
    share = wording.chance(item.probability)
    if item.undecided:
        return f"undecided, {share}"
    return f"{share} sure" if fewest >= FEW else "few raters"


def _misalignment(result: AlignmentResult, item: ItemAlignment, names: Names) -> Misalignment:
    assert item.severity is not None
    known = next(one for one in result.items if one.id == item.item)
    strategy = "none needed" if item.severity.level == "low" else "none yet"
    if known.strategies:
        strategy = ", ".join(known.strategies) + ("" if known.answered else " (says nothing yet)")
    range_text = wording.number_range(item.severity.interval)
    severity = f"severity {item.severity.value:.2f}" + (f" ({range_text})" if range_text else "")
    chances = sorted(item.probabilities.items(), key=lambda pair: -pair[1])
    return Misalignment(
        statement=names.items[item.item],
        level=item.severity.level or "",
        sides=_sides(result, item, names),
        numbers=f"gap {words.number(item.gap)}, conflict {item.conflict:.2f}, {severity}",
        action=names.action(item),
        strategy=strategy,
        probabilities=", ".join(
            f"{wording.CLASSES[name][0].lower()} {wording.chance(p)}" for name, p in chances if p
        ),
    )


def _view_lines(result: AlignmentResult, names: Names) -> Iterator[ViewLine]:
    for view in result.views:
        counts = dict.fromkeys(wording.CLASSES, 0)
        for item in view.items:
            counts[item.alignment] += 1
        said = [f"{n} {wording.CLASSES[kind][0].lower()}" for kind, n in counts.items() if n]
        heavy = [i for i in view.items if i.severity is not None and i.severity.level]
        heavy.sort(key=lambda i: -i.severity.value if i.severity else 0.0)
        name, question = wording.VIEWS[view.name]
        yield ViewLine(
            name=name,
            question=question,
            segments=names.several(view.segments),
            counts=", ".join(said),
            worst=_worst(view.name, heavy, names),
        )


def _worst(view: ViewName, heavy: list[ItemAlignment], names: Names) -> str:
    if not heavy or heavy[0].severity is None:
        return "nothing" if view == "all" else "nothing in this view"
    return f"{names.items[heavy[0].item]} ({heavy[0].severity.level})"


def _divided(result: AlignmentResult, names: Names) -> Table:
    rows = []
    for cell in result.cells:
        if not (cell.camps or cell.disagree):
            continue
        camps = "; ".join(f"{c.n} raters around {wording.rating(c.median)}" for c in cell.camps)
        advice = "Ask why they differ."
        if cell.camps:
            advice = (
                "Split this segment?" if cell.basis == "direct" else "Split it, or ask members?"
            )
        rows.append(
            (
                names.segments[cell.segment],
                names.items[cell.item],
                f"{cell.consensus:.2f}",
                camps or "spread out",
                advice,
            )
        )
    return Table(
        label="Divided within a segment",
        headings=("Segment", "Item", "Consensus", "Raters", "What to do"),
        rows=tuple(rows),
        caption="Consensus is 1 when all ratings are equal, and 0 when half of them are at each "
        "end of the scale.",
    )


def _proxies(result: AlignmentResult, names: Names) -> Table:
    return Table.of(
        result.proxies,
        [
            ("Segment", lambda p: names.segments[p.segment]),
            ("Item", lambda p: names.items[p.item] if p.item else f"all {p.items} items"),
            ("Guess less own", lambda p: wording.rating(p.bias)),
            ("95% interval", lambda p: wording.rating_range(p.interval) or "–"),
            ("Mean error", lambda p: words.number(p.error)),
            (
                "Opposite sign",
                lambda p: str(p.opposite) if p.item is None else "yes" if p.opposite else "no",
            ),
        ],
        label="Guesses against own ratings",
        caption="Median of those who rate for the segment, less the median of its members.",
    )


def _agreement(result: AlignmentResult, names: Names) -> Table:
    return Table.of(
        result.agreement,
        [
            ("Ratings for", lambda a: names.segments[a.segment] if a.segment else "all segments"),
            ("Coefficient", lambda a: wording.COEFFICIENTS[a.coefficient]),
            ("Metric", lambda a: wording.METRICS[a.metric]),
            (
                "Value",
                lambda a: (
                    f"– ({a.note})" if a.value is None else f"{a.value:.2f}".replace("-", "−")
                ),
            ),
            ("95% interval", lambda a: wording.number_range(a.interval) or "–"),
            ("Raters", lambda a: f"{a.raters}"),
            ("Rated pairs", lambda a: f"{a.units}"),
        ],
        label="Agreement of raters",
        caption="Each with the 95% interval of a bootstrap over items.",
    )


def _variance(result: AlignmentResult) -> Table:
    return Table.of(
        result.variance,
        [
            ("Source", lambda v: wording.SOURCES[v.source][0]),
            ("Share", lambda v: words.percent(v.share)),
            ("What it says", lambda v: wording.SOURCES[v.source][1]),
        ],
        label="Shares of the variance",
        caption="Variance components (MINQUE), which hold for unbalanced ratings too.",
    )


def _changes(result: AlignmentResult, names: Names) -> Table:
    return Table.of(
        result.changes,
        [
            ("Segment", lambda c: names.segments[c.segment]),
            ("Item", lambda c: names.items[c.item]),
            ("Rounds", lambda c: f"{c.before_round} to {c.after_round}"),
            ("Median", lambda c: f"{wording.rating(c.before)} to {wording.rating(c.after)}"),
            ("95% of the change", lambda c: wording.rating_range(c.interval) or "–"),
            ("Consensus", lambda c: f"{c.consensus_before:.2f} to {c.consensus_after:.2f}"),
            ("Raters who moved", lambda c: f"{c.moved} of {c.raters}"),
        ],
        label="Changes between rounds",
        caption="Only raters who rated in both rounds.",
    )


def _settings(result: AlignmentResult) -> Iterator[tuple[str, str]]:
    t = result.thresholds
    yield "Raters", f"{result.raters:,}"
    yield "Ratings", f"{result.ratings:,}"
    yield "Rounds", str(result.rounds)
    yield "Bootstrap", f"{result.replicates:,} replicates, seed {result.seed}"
    yield "Strong", f"all ≥ {t.strong:g} and gap ≤ {t.strong_gap:g}"
    yield "Sufficient", f"all ≥ {t.sufficient:g}"
    yield "Misaligned", f"signs differ, or gap ≥ {t.misaligned_gap:g}"
    yield "Severity", f"medium from {t.medium:g}, high from {t.high:g}"
    yield "Undecided", f"probability below {words.percent(t.certain)}"
    for source in result.sources:
        yield "Table", f"{source.name}, {source.rows} rows"
