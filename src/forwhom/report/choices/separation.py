"""Pairs of segments by five criteria: a picture of all of them, and a table for each."""

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from forwhom.documents.base import Criterion
from forwhom.documents.results import ComparedCriterion, Merge, SegmentPair, Separation
from forwhom.documents.results.separation import RestsOn, Verdict
from forwhom.documents.separateness import Verdict as Measured
from forwhom.documents.separation import CALLED
from forwhom.languages.catalog import later, later_in, tr, tr_in
from forwhom.report.choices.picture import Drawing
from forwhom.report.drawing.lettering import rough_width, wrapped
from forwhom.report.drawing.palette import accent
from forwhom.report.drawing.svg import circle, element, rect, stacked
from forwhom.report.outline import Line, Section, Table, Theirs, around, plain
from forwhom.wording import beside, joined, listed, opened

CRITERIA: dict[Criterion, str] = {
    "offer": later("Offer"),
    "channel": later("Channel"),
    "relationship": later("Relationship"),
    "profitability": later("Profitability"),
    "price": later("What they pay for"),
}
RESTS: dict[RestsOn, str] = {
    "evidence": later("evidence of both"),
    "evidence-in-part": later("evidence of one of them"),
    "team": later("the team"),
    "nothing": later("nothing yet"),
}
_SIGNS: dict[Verdict, str] = {"different": "≠", "same": "=", "unknown": "?"}
_VERDICTS: dict[Verdict, str] = {
    "different": later("different"),
    "same": later("same"),
    "unknown": later_in("verdict", "unknown"),
}
#: What is said of a pair by each verdict.
_BY: dict[Verdict, str] = {
    "different": later("different {criteria}"),
    "same": later("same {criteria}"),
    "unknown": later("unknown {criteria}"),
}
#: What data say of a pair, and its sign: less than what matters is the same.
_MEASURED: dict[Measured, tuple[str, str]] = {
    "different": (later("different"), "≠"),
    "equivalent": (later("equivalent"), "="),
    "undecided": (later("undecided"), "?"),
}
_APART = {
    "role": later("They have other roles in the purchase."),
    "side": later("They are other sides."),
}
_TITLE = later("Pairs of segments by five criteria")

_NAMES, _CELL, _HEAD, _ROW = 330, 128, 40, 46
_WIDTH = _NAMES + 5 * _CELL


def separation_sections(found: Separation) -> Iterator[Section]:
    """Yield all pairs in one picture, what could be merged, and every pair in a table."""
    yield Section(
        name=tr("All pairs"),
        sentences=tuple(found.sentences),
        opens=True,
        picture=pairs_drawing(found.pairs) if found.pairs else None,
        pictured=tr(_TITLE),
        table=_overview(found.pairs),
    )
    if found.merges:
        yield Section(name=tr("Proposals"), sentences=tuple(_merge(one) for one in found.merges))
    yield from (_pair(pair) for pair in found.pairs)


def _overview(pairs: Sequence[SegmentPair]) -> Table | None:
    """All pairs with their verdicts; a terminal says each in one line."""
    if not pairs:
        return None
    return Table(
        label=tr(_TITLE),
        headings=(tr("Pair"), *map(tr, CRITERIA.values())),
        words=tuple(map(tr, CRITERIA.values())),
        rows=tuple(
            (_both(pair), *(_verdict(one.verdict) for one in pair.criteria)) for pair in pairs
        ),
        folded=tr("All pairs as a table"),
        ranks=("",) * len(pairs),
        briefly=tuple(_briefly(pair) for pair in pairs),
    )  # fmt: skip


def _verdict(verdict: Verdict) -> str:
    said = _VERDICTS[verdict]
    return tr_in("verdict", said) if verdict == "unknown" else tr(said)


def _both(pair: SegmentPair) -> Line:
    both = tr("{first} and {last}")
    return around(both, first=Theirs(pair.first_name), last=Theirs(pair.second_name))


def _briefly(pair: SegmentPair) -> str:
    said = []
    for verdict in ("different", "same", "unknown"):
        named = [tr(CALLED[c]) for c in pair.by(verdict)]
        said += [tr(_BY[verdict], criteria=listed(named, most=None))] if named else []
    return f"{plain(_both(pair))}: {beside(said)}"


def _merge(merge: Merge) -> Line:
    first: Line = Theirs(merge.names[0])
    comma = tr("{first}, {next}")
    for name in merge.names[1:-1]:
        first = around(comma, first=first, next=Theirs(name))
    names = around(tr("{first} and {last}"), first=first, last=Theirs(merge.names[-1]))
    unless = listed([tr(CALLED[c]) for c in merge.unless], most=None, last="or")
    if not unless:
        return around(tr("Make one segment of {names}."), names=names)
    said = tr(
        "Make one segment of {names}, unless they differ by {criteria}, which nobody has compared."
    )
    return around(said, names=names, criteria=unless)


def _pair(pair: SegmentPair) -> Section:
    only = later("Only {name}")
    first, second = tr(only, name=pair.first_name), tr(only, name=pair.second_name)
    columns: list[tuple[str, Callable[[ComparedCriterion], Line]]] = [
        (tr("Criterion"), lambda one: tr(CRITERIA[one.criterion])),
        (tr("Verdict"), lambda one: _verdict(one.verdict)),
        (tr("Because"), lambda one: opened(f"{one.because}.")),
        (first, lambda one: _texts(one.first)),
        (second, lambda one: _texts(one.second)),
        (tr("Both"), lambda one: _texts(one.both)),
        (tr("Rests on"), _rests),
    ]
    if any(one.measured for one in pair.criteria):
        columns.insert(3, (tr("Data say"), _measured))
    words = tuple(name for name, _ in columns[1:])
    table = Table.of(pair.criteria, columns, label=plain(_both(pair)), words=words)
    apart = [tr(_APART[pair.apart_by])] if pair.apart_by else []
    apart += [_against(one) for one in pair.criteria if one.contradicted]
    return Section(name=_both(pair), items=tuple(apart), table=table)


def _measured(one: ComparedCriterion) -> Line:
    """The verdict of the evidence, and its own words."""
    if one.measured is None:
        return "–"
    said = tr(_MEASURED[one.measured.verdict][0])
    return (f"{said}: ", Theirs(one.measured.statement), f" ({one.measured.evidence})")


def _against(one: ComparedCriterion) -> str:
    """Say that the canvas and the data contradict each other."""
    called = tr(CALLED[one.criterion])
    if one.verdict == "same":
        return tr(
            "{criterion}: the canvas says the same, data say different.", criterion=opened(called)
        )
    return tr(
        "{criterion}: the canvas says different, data say equivalent.", criterion=opened(called)
    )


def _texts(texts: Sequence[str]) -> Line:
    said: list[str] = []
    for text in texts:
        said += [beside(("", "")), Theirs(text)] if said else [Theirs(text)]
    return tuple(said) or "–"


def _rests(one: ComparedCriterion) -> Line:
    said = tr(RESTS[one.rests_on])
    if one.evidence and one.rests_on != "nothing":
        said = f"{said}: {joined(one.evidence)}"
    changed = tr("evidence has changed: look again")
    return beside((said, changed)) if one.suspect else said


def pairs_drawing(pairs: Sequence[SegmentPair]) -> Drawing:
    """Return a row for each pair and a column for each criterion: other, the same or unknown."""
    parts: list[Markup] = []
    for index, name in enumerate(map(tr, CRITERIA.values())):
        middle = _NAMES + _CELL * (index + 0.5)
        parts += stacked(wrapped(name, _CELL - 8, 13, 2), middle, 18, 16, class_="strong middle")
    top = _HEAD
    for pair in pairs:
        made, height = _row(pair, top)
        parts += made
        top += height
    parts += _legend(top + 26, compared=any(c.measured for pair in pairs for c in pair.criteria))
    return Drawing(
        "pairs",
        tr(_TITLE),
        " ".join(f"{_briefly(pair)}." for pair in pairs),
        _WIDTH,
        top + 46,
        tuple(parts),
    )


def _row(pair: SegmentPair, top: int) -> tuple[list[Markup], int]:
    names = [
        (number, wrapped(name, _NAMES - 50, 13, 2))
        for number, name in (
            (pair.first_number, pair.first_name), (pair.second_number, pair.second_name),
        )
    ]  # fmt: skip
    height = max(_ROW, 16 + sum(17 * len(lines) + 6 for _, lines in names))
    look = "box-open" if pair.not_told_apart else "box"
    parts = [rect(0, top, _WIDTH, height - 6, rx=5, class_=look)]
    y = top + 20
    for number, lines in names:
        parts.append(circle(18, y - 5, 10, class_=f"solid color-{accent(number)}"))
        parts.append(element("text", str(number), x=18, y=y - 1, class_="on-solid"))
        parts += stacked(lines, 38, y, 17)
        y += 17 * len(lines) + 6
    middle = top + (height - 6) / 2
    for index, one in enumerate(pair.criteria):
        x = _NAMES + _CELL * (index + 0.5)
        parts += _mark(one.verdict, x, middle)
        under = _under(one)
        if under:
            look = "strong middle" if one.contradicted else "faint middle"
            parts.append(element("text", under, x=x, y=middle + 21, class_=look))
    return parts, height


def _under(one: ComparedCriterion) -> str:
    """What stands below a sign: what data say, or that evidence is cited."""
    if one.measured is not None:
        return tr("data: {sign}", sign=_MEASURED[one.measured.verdict][1])
    cited = one.rests_on in ("evidence", "evidence-in-part")
    return tr_in("of a pair", "evidence") if cited else ""


def _mark(verdict: Verdict, x: float, y: float) -> list[Markup]:
    look = {"different": "edge-full", "same": "edge-none", "unknown": "hollow"}[verdict]
    radius = 9 if verdict == "unknown" else 10
    inside = "on-hollow" if verdict == "unknown" else "on-solid"
    return [
        circle(x, y - 4, radius, class_=look),
        element("text", _SIGNS[verdict], x=x, y=y, class_=inside),
    ]


def _legend(y: float, *, compared: bool) -> Iterator[Markup]:
    silent = later("nobody has said or compared it")
    texts: dict[Verdict, str] = {
        "different": tr("different"),
        "same": tr("the same"),
        "unknown": tr("nobody has said it, or data cannot tell") if compared else tr(silent),
    }
    x = 14.0
    for verdict, text in texts.items():
        yield from _mark(verdict, x, y)
        yield element("text", text, x=x + 16, y=y, class_="faint")
        x += 16 + rough_width(text, 13) + 36
    yield rect(x - 10, y - 14, 18, 18, rx=3, class_="box-open")
    alike = tr("nothing tells these apart")
    yield element("text", alike, x=x + 16, y=y, class_="faint")
