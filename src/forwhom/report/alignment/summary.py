"""A plain summary of an alignment: what the page, the drawing and the terminal show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from forwhom.documents.results.alignment import (
    FEW,
    AlignmentClass,
    AlignmentResult,
    Camp,
    Cell,
    ItemAlignment,
    SeverityLevel,
    ViewName,
)
from forwhom.languages.catalog import tr, tr_count, tr_in, whole
from forwhom.report.alignment import terms
from forwhom.report.alignment.terms import Names
from forwhom.report.outline import Table
from forwhom.wording import begun, beside, between, decimal, number, percent, signed

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
    severity: SeverityLevel | Literal[""]
    severity_text: str
    risks: tuple[str, ...]
    views: tuple[str, ...]


@dataclass(frozen=True)
class Misalignment:
    """An item on which segments do not want the same, and what to do about it."""

    statement: str
    level: str
    level_text: str
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
            tr(
                "{item}: {before} before, {after} now",
                item=names.items[c.item],
                before=_kind(c.before),
                after=_kind(c.after),
            )
            for c in result.class_changes
        ),
        settings=tuple(_settings(result)),
    )


def _misaligned(result: AlignmentResult) -> list[ItemAlignment]:
    found = [item for item in result.overall.items if item.alignment == "misaligned"]
    return sorted(found, key=lambda item: -item.severity.value if item.severity else 0.0)


def _headline(result: AlignmentResult) -> str:
    return _with_undecided(_counted(result), result.overall.items)


def _with_undecided(said: str, items: Sequence[ItemAlignment]) -> str:
    """Say beside what was found how much of it other raters might turn over."""
    n = sum(item.undecided for item in items)
    if not n:
        return said
    return tr_count(
        "{said}; {n} item is undecided", "{said}; {n} items are undecided", n, said=said
    )


def _counted(result: AlignmentResult) -> str:
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
    said = tr_count(
        "{n} rater gave {ratings} for {segments}, from −5 (very undesirable) to +5 (very "
        "desirable).",
        "{n} raters gave {ratings} for {segments}, from −5 (very undesirable) to +5 (very "
        "desirable).",
        result.raters,
        ratings=tr_count("{n} rating", "{n} ratings", result.ratings),
        segments=names.several(segments),
    )
    yield begun(result.raters, said)
    worst = next(iter(_misaligned(result)), None)
    if worst is not None and worst.severity is not None and worst.severity.level is not None:
        level = tr(terms.LEVELS[worst.severity.level]) + _apart(worst)
        yield tr(
            "The heaviest is “{item}”: {sides}. Severity {level}. {action}",
            item=names.items[worst.item],
            sides=_sides(result, worst, names),
            level=level,
            action=names.action(worst),
        )
    for view in result.views:
        if view.name != "all":
            n = sum(item.alignment == "misaligned" for item in view.items)
            name, question = (tr(text) for text in terms.VIEWS[view.name])
            found = tr_count("{n} misalignment", "{n} misalignments", n)
            found = found if n else tr("no misalignment")
            found = _with_undecided(found, view.items)
            yield f"{name} ({question.split(':')[0].strip()}): {found}."


def _warnings(result: AlignmentResult) -> Iterator[str]:
    undecided = sum(item.undecided for item in result.overall.items)
    if undecided:
        yield tr_count(
            "{n} item is undecided: with other raters of the same kind, the class would be another "
            "one more often than {certain} allows. More raters would tell.",
            "{n} items are undecided: with other raters of the same kind, the class would be "
            "another one more often than {certain} allows. More raters would tell.",
            undecided,
            certain=percent(result.thresholds.certain),
        )
    open_ones = len(result.unanswered)
    if open_ones:
        yield tr_count(
            "{n} misalignment of medium or high severity has no strategy that says what will be "
            "done.",
            "{n} misalignments of medium or high severity have no strategy that says what will be "
            "done.",
            open_ones,
        )
    yield from result.notes


def _sides(result: AlignmentResult, item: ItemAlignment, names: Names) -> str:
    cells = {c.segment: c for c in result.cells if c.item == item.item}
    ordered = sorted(item.segments, key=lambda s: -(cells[s].median or 0.0))
    said = [f"{names.segments[s]} {signed(cells[s].median)}" for s in ordered]
    if len(said) > terms.MOST_NAMED:  # both ends say what they differ on
        said[3:-3] = [tr("{n} between", n=whole(len(said) - 6))]
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
    detail = tr_count("{n} rating", "{n} ratings", cell.n)
    spread = terms.rating_range(cell.interval)
    if spread:
        detail += tr(", 95% interval {range}", range=spread)
    if cell.camps:
        low, high = cell.camps
        detail += f"; {_camp(low)}, " + tr(
            "{n} around {median}", n=whole(high.n), median=signed(high.median)
        )
    return HeatCell(cell.median, signed(cell.median), terms.stance(cell), detail)


def _camp(camp: Camp) -> str:
    median = signed(camp.median)
    return tr_count(
        "{n} rater around {median}", "{n} raters around {median}", camp.n, median=median
    )


def _kind(name: AlignmentClass) -> str:
    """Return a class as it goes on in a sentence."""
    return tr(terms.CLASSES[name][0]).lower()


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
    level = item.severity.level
    strategy = tr("none needed") if level == "low" else tr("none yet")
    if known.strategies:
        silent = "" if known.answered else tr(" (says nothing yet)")
        strategy = ", ".join(known.strategies) + silent
    range_text = terms.number_range(item.severity.interval)
    severity = decimal(item.severity.value) + (f" ({range_text})" if range_text else "")
    chances = sorted(item.probabilities.items(), key=lambda pair: -pair[1])
    return Misalignment(
        statement=names.items[item.item],
        level=level or "",
        level_text=tr("severity {level}", level=tr(terms.LEVELS[level])) if level else "",
        sides=_sides(result, item, names),
        numbers=tr(
            "gap {gap}, conflict {conflict}, severity {severity}",
            gap=number(item.gap),
            conflict=decimal(item.conflict),
            severity=severity + _apart(item),
        ),
        action=names.action(item),
        strategy=strategy,
        probabilities=", ".join(f"{_kind(name)} {terms.chance(p)}" for name, p in chances if p),
    )


def _view_lines(result: AlignmentResult, names: Names) -> Iterator[ViewLine]:
    for view in result.views:
        counts: dict[AlignmentClass, int] = dict.fromkeys(terms.CLASSES, 0)
        for item in view.items:
            counts[item.alignment] += 1
        said = [f"{whole(n)} {_kind(kind)}" for kind, n in counts.items() if n]
        heavy = [i for i in view.items if i.severity is not None and i.severity.level]
        heavy.sort(key=lambda i: -i.severity.value if i.severity else 0.0)
        name, question = (tr(text) for text in terms.VIEWS[view.name])
        yield ViewLine(
            name=name,
            question=question,
            segments=names.several(view.segments),
            counts=", ".join(said),
            worst=_worst(view.name, heavy, names),
        )


def _worst(view: ViewName, heavy: list[ItemAlignment], names: Names) -> str:
    if not heavy or heavy[0].severity is None or heavy[0].severity.level is None:
        return tr("nothing") if view == "all" else tr("nothing in this view")
    return f"{names.items[heavy[0].item]} ({tr(terms.LEVELS[heavy[0].severity.level])})"


def _divided(result: AlignmentResult, names: Names) -> Table:
    rows = []
    for cell in result.cells:
        if not (cell.camps or cell.disagree):
            continue
        camps = beside(_camp(camp) for camp in cell.camps)
        advice = tr("Ask why they differ.")
        if cell.camps and cell.basis == "direct":
            advice = tr("Split this segment?")
        elif cell.camps:
            advice = tr("Split it, or ask members?")
        rows.append(
            (
                names.segments[cell.segment],
                names.items[cell.item],
                decimal(cell.consensus),
                camps or tr("spread out"),
                advice,
            )
        )
    return Table(
        label=tr("Divided within a segment"),
        headings=(tr("Segment"), tr("Item"), tr("Consensus"), tr("Raters"), tr("What to do")),
        rows=tuple(rows),
        caption=tr(
            "Consensus is 1 when all ratings are equal, and 0 when half of them are at each end of "
            "the scale."
        ),
    )


def _proxies(result: AlignmentResult, names: Names) -> Table:
    return Table.of(
        result.proxies,
        [
            (tr("Segment"), lambda p: names.segments[p.segment]),
            (
                tr("Item"),
                lambda p: names.items[p.item] if p.item else tr("all {n} items", n=whole(p.items)),
            ),
            (tr("Guess less own"), lambda p: signed(p.bias)),
            (tr("95% interval"), lambda p: terms.rating_range(p.interval) or "–"),
            (tr("Mean error"), lambda p: number(p.error)),
            (
                tr("Opposite sign"),
                lambda p: (
                    whole(p.opposite) if p.item is None else tr("yes") if p.opposite else tr("no")
                ),
            ),
        ],
        label=tr("Guesses against own ratings"),
        caption=tr("Median of those who rate for the segment, less the median of its members."),
    )


def _agreement(result: AlignmentResult, names: Names) -> Table:
    return Table.of(
        result.agreement,
        [
            (
                tr("Ratings for"),
                lambda a: names.segments[a.segment] if a.segment else tr("all segments"),
            ),
            (tr("Coefficient"), lambda a: terms.COEFFICIENTS[a.coefficient]),
            (tr_in("of agreement", "Metric"), lambda a: tr(terms.METRICS[a.metric])),
            (tr("Value"), lambda a: f"– ({a.note})" if a.value is None else decimal(a.value)),
            (tr("95% interval"), lambda a: terms.number_range(a.interval) or "–"),
            (tr("Raters"), lambda a: whole(a.raters)),
            (tr("Rated pairs"), lambda a: whole(a.units)),
        ],
        label=tr("Agreement of raters"),
        caption=tr("Each with the 95% interval of a bootstrap over items."),
    )


def _variance(result: AlignmentResult) -> Table:
    return Table.of(
        result.variance,
        [
            (tr("Source"), lambda v: tr(terms.SOURCES[v.source][0])),
            (tr("Share"), lambda v: percent(v.share)),
            (tr("What it says"), lambda v: tr(terms.SOURCES[v.source][1])),
        ],
        label=tr("Shares of the variance"),
        caption=tr("Variance components (MINQUE), which hold for unbalanced ratings too."),
    )


def _changes(result: AlignmentResult, names: Names) -> Table:
    return Table.of(
        result.changes,
        [
            (tr("Segment"), lambda c: names.segments[c.segment]),
            (tr("Item"), lambda c: names.items[c.item]),
            (tr("Rounds"), lambda c: between(str(c.before_round), str(c.after_round))),
            (tr("Median"), lambda c: _moved(signed(c.before), signed(c.after))),
            (tr("95% of the change"), lambda c: terms.rating_range(c.interval) or "–"),
            (
                tr("Consensus"),
                lambda c: _moved(decimal(c.consensus_before), decimal(c.consensus_after)),
            ),
            (
                tr("Raters who moved"),
                lambda c: tr("{n} of {all}", n=whole(c.moved), all=whole(c.raters)),
            ),
        ],
        label=tr("Changes between rounds"),
        caption=tr("Only raters who rated in both rounds."),
    )


def _moved(before: str, after: str) -> str:
    return tr("{low} to {high}", low=before, high=after)


def _settings(result: AlignmentResult) -> Iterator[tuple[str, str]]:
    t = result.thresholds
    yield tr("Raters"), whole(result.raters)
    yield tr("Ratings"), whole(result.ratings)
    yield tr("Rounds"), str(result.rounds)
    drawn = {"n": whole(result.replicates), "seed": result.seed}
    yield tr("Bootstrap"), tr("{n} replicates, seed {seed}", **drawn)
    strong = {"least": number(t.strong), "gap": number(t.strong_gap)}
    yield tr("Strong"), tr("all ≥ {least} and gap ≤ {gap}", **strong)
    yield tr("Sufficient"), tr("all ≥ {least}", least=number(t.sufficient))
    yield tr("Misaligned"), tr("signs differ, or gap ≥ {gap}", gap=number(t.misaligned_gap))
    levels = {"medium": number(t.medium), "high": number(t.high)}
    yield tr("Severity"), tr("medium from {medium}, high from {high}", **levels)
    yield tr("Undecided"), tr("probability below {limit}", limit=percent(t.certain))
    for source in result.sources:
        rows = "" if source.rows is None else tr_count("{n} row", "{n} rows", source.rows)
        yield tr("Table"), ", ".join(one for one in (source.name, rows) if one)
