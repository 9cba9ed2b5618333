"""A plain summary of an alignment: what the page, the drawing and the terminal show."""

from collections.abc import Iterator
from dataclasses import dataclass

from forwhom.documents.results.alignment import FEW, AlignmentResult, Cell, ItemAlignment, ViewName
from forwhom.languages.catalog import tr, tr_count
from forwhom.report.alignment import terms
from forwhom.report.alignment.terms import Names
from forwhom.report.outline import Table
from forwhom.wording import begun, count, counted, decimal, number, percent, signed

_ORDER = list(terms.CLASSES)


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
    risks: tuple[str, ...]
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
    language: str
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
    """Put an alignment into words."""
    names = Names(result)
    rated = [segment for segment in result.segments if segment.raters]
    views = [view for view in result.views if view.name != "all"]
    return AlignmentSummary(
        title=result.title,
        language=result.language,
        headline=_headline(result),
        sentences=tuple(_sentences(result, names)),
        warnings=tuple(_warnings(result)),
        segments=tuple(segment.name for segment in rated),
        view_names=tuple(tr(terms.VIEWS[view.name][0]) for view in views),
        rows=tuple(_rows(result, names)),
        misalignments=tuple(_misalignment(result, item, names) for item in _misaligned(result)),
        views=tuple(_view_lines(result, names)),
        divided=_divided(result, names),
        proxies=_proxies(result, names),
        agreement=_agreement(result, names),
        variance=_variance(result),
        changes=_changes(result, names),
        class_changes=tuple(
            f"{names.items[c.item]}: {terms.CLASSES[c.before][0].lower()} before, "
            f"{terms.CLASSES[c.after][0].lower()} now"
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
        return tr("No item can be compared between segments")
    n, total = len(_misaligned(result)), len(compared)
    of = tr_count("{n} item", "{n} items", total)
    if n:
        said = tr_count(
            "{n} misalignment among {items}", "{n} misalignments among {items}", n, items=of
        )
        return begun(n, said)
    unwanted = sum(item.alignment == "unwanted" for item in compared)
    if unwanted:
        return tr_count(
            "No misalignment among {items}, but {n} is unwanted",
            "No misalignment among {items}, but {n} are unwanted",
            unwanted,
            items=of,
        )
    return tr("No misalignment among {items}", items=of)


def _sentences(result: AlignmentResult, names: Names) -> Iterator[str]:
    segments = [segment.id for segment in result.segments if segment.raters]
    yield (
        f"{counted(result.raters, 'rater')} gave {count(result.ratings, 'rating')} "
        f"for {names.several(segments)}, from −5 (very undesirable) to +5 (very desirable)."
    )
    worst = next(iter(_misaligned(result)), None)
    if worst is not None and worst.severity is not None:
        yield (
            f"The heaviest is “{names.items[worst.item]}”: {_sides(result, worst, names)}. "
            f"Severity {worst.severity.level}{_apart(worst)}. {names.action(worst)}"
        )
    for view in result.views:
        if view.name != "all":
            misaligned = sum(item.alignment == "misaligned" for item in view.items)
            name, question = terms.VIEWS[view.name]
            found = count(misaligned, "misalignment") if misaligned else "no misalignment"
            yield f"{name} ({question.split(':')[0]}): {found}."


def _warnings(result: AlignmentResult) -> Iterator[str]:
    undecided = sum(item.undecided for item in result.overall.items)
    if undecided:
        yield (
            f"{count(undecided, 'item is', 'items are')} undecided: with other raters of the same "
            "kind, the class would be another one more often than "
            f"{percent(result.thresholds.certain)} allows. More raters would tell."
        )
    open_ones = len(result.unanswered)
    if open_ones:
        what = "of medium or high severity"
        have = count(open_ones, f"misalignment {what} has", f"misalignments {what} have")
        yield f"{have} no strategy that says what will be done."
    yield from result.notes


def _sides(result: AlignmentResult, item: ItemAlignment, names: Names) -> str:
    cells = {c.segment: c for c in result.cells if c.item == item.item}
    ordered = sorted(item.segments, key=lambda s: -(cells[s].median or 0.0))
    said = [f"{names.segments[s]} {signed(cells[s].median)}" for s in ordered]
    if len(said) > terms.MOST_NAMED:  # both ends say what they differ on
        said[3:-3] = [f"{len(said) - 6} between"]
    return ", ".join(said)


def _apart(item: ItemAlignment) -> str:
    found = terms.risks(item)
    return f": {', '.join(found)}" if found else ""


def _rows(result: AlignmentResult, names: Names) -> Iterator[HeatRow]:
    segments = [segment.id for segment in result.segments if segment.raters]
    cells = {(cell.item, cell.segment): cell for cell in result.cells}
    others = [
        {item.item: terms.class_name(item) for item in view.items}
        for view in result.views
        if view.name != "all"
    ]
    for item in sorted(result.overall.items, key=_weight):
        level = item.severity.level if item.severity is not None else None
        value = decimal(item.severity.value) if item.severity and level else ""
        yield HeatRow(
            item=item.item,
            statement=names.items[item.item],
            cells=tuple(_heat_cell(cells[item.item, segment]) for segment in segments),
            kind=item.alignment,
            class_name=terms.class_name(item),
            sureness=_sureness(
                item, min((cells[item.item, s].n for s in item.segments), default=0)
            ),
            severity=level or "",
            severity_text=f"{tr(terms.LEVELS[level])} ({value})" if level else "–",
            risks=terms.risks(item),
            views=tuple(view[item.item] for view in others),
        )


def _weight(item: ItemAlignment) -> tuple[int, float]:
    return _ORDER.index(item.alignment), -item.severity.value if item.severity else 0.0


def _heat_cell(cell: Cell) -> HeatCell:
    detail = count(cell.n, "rating")
    spread = terms.rating_range(cell.interval)
    if spread:
        detail += f", 95% interval {spread}"
    if cell.camps:
        low, high = cell.camps
        detail += (
            f"; {count(low.n, 'rater')} around {signed(low.median)}, {high.n} around "
            f"{signed(high.median)}"
        )
    return HeatCell(cell.median, signed(cell.median), terms.stance(cell), detail)


def _sureness(item: ItemAlignment, fewest: int) -> str:
    if item.probability is None:
        return "" if item.alignment == "not-compared" else tr("sureness unknown")
    share = terms.chance(item.probability)
    if item.undecided:
        return tr("undecided, {share}", share=share)
    return tr("{share} sure", share=share) if fewest >= FEW else tr("few raters")


def _misalignment(result: AlignmentResult, item: ItemAlignment, names: Names) -> Misalignment:
    assert item.severity is not None
    known = next(one for one in result.items if one.id == item.item)
    strategy = "none needed" if item.severity.level == "low" else "none yet"
    if known.strategies:
        strategy = ", ".join(known.strategies) + ("" if known.answered else " (says nothing yet)")
    range_text = terms.number_range(item.severity.interval)
    severity = f"severity {decimal(item.severity.value)}" + (
        f" ({range_text})" if range_text else ""
    )
    severity += _apart(item)
    chances = sorted(item.probabilities.items(), key=lambda pair: -pair[1])
    return Misalignment(
        statement=names.items[item.item],
        level=item.severity.level or "",
        sides=_sides(result, item, names),
        numbers=f"gap {number(item.gap)}, conflict {decimal(item.conflict)}, {severity}",
        action=names.action(item),
        strategy=strategy,
        probabilities=", ".join(
            f"{terms.CLASSES[name][0].lower()} {terms.chance(p)}" for name, p in chances if p
        ),
    )


def _view_lines(result: AlignmentResult, names: Names) -> Iterator[ViewLine]:
    for view in result.views:
        counts = dict.fromkeys(terms.CLASSES, 0)
        for item in view.items:
            counts[item.alignment] += 1
        said = [f"{n} {terms.CLASSES[kind][0].lower()}" for kind, n in counts.items() if n]
        heavy = [i for i in view.items if i.severity is not None and i.severity.level]
        heavy.sort(key=lambda i: -i.severity.value if i.severity else 0.0)
        name, question = terms.VIEWS[view.name]
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
        camps = "; ".join(f"{count(c.n, 'rater')} around {signed(c.median)}" for c in cell.camps)
        advice = "Ask why they differ."
        if cell.camps:
            advice = (
                "Split this segment?" if cell.basis == "direct" else "Split it, or ask members?"
            )
        rows.append(
            (
                names.segments[cell.segment],
                names.items[cell.item],
                decimal(cell.consensus),
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
            ("Guess less own", lambda p: signed(p.bias)),
            ("95% interval", lambda p: terms.rating_range(p.interval) or "–"),
            ("Mean error", lambda p: number(p.error)),
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
            ("Coefficient", lambda a: terms.COEFFICIENTS[a.coefficient]),
            ("Metric", lambda a: terms.METRICS[a.metric]),
            (
                "Value",
                lambda a: f"– ({a.note})" if a.value is None else decimal(a.value),
            ),
            ("95% interval", lambda a: terms.number_range(a.interval) or "–"),
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
            ("Source", lambda v: terms.SOURCES[v.source][0]),
            ("Share", lambda v: percent(v.share)),
            ("What it says", lambda v: terms.SOURCES[v.source][1]),
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
            ("Median", lambda c: f"{signed(c.before)} to {signed(c.after)}"),
            ("95% of the change", lambda c: terms.rating_range(c.interval) or "–"),
            (
                "Consensus",
                lambda c: f"{decimal(c.consensus_before)} to {decimal(c.consensus_after)}",
            ),
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
    yield "Undecided", f"probability below {percent(t.certain)}"
    for source in result.sources:
        rows = "" if source.rows is None else f", {count(source.rows, 'row')}"
        yield "Table", f"{source.name}{rows}"
