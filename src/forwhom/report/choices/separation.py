"""Pairs of segments by five criteria: a picture of all of them, and a table for each."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from forwhom.documents.base import Criterion
from forwhom.documents.results import ComparedCriterion, Merge, SegmentPair, Separation
from forwhom.documents.results.separation import RestsOn, Verdict
from forwhom.report.choices.picture import Drawing
from forwhom.report.drawing.lettering import wrapped
from forwhom.report.drawing.palette import accent
from forwhom.report.drawing.svg import circle, element, rect, stacked
from forwhom.report.outline import Line, Section, Table, Theirs
from forwhom.wording import listed, opened

CRITERIA: dict[Criterion, str] = {
    "offer": "Offer",
    "channel": "Channel",
    "relationship": "Relationship",
    "profitability": "Profitability",
    "price": "What they pay for",
}
RESTS: dict[RestsOn, str] = {
    "evidence": "evidence of both",
    "evidence-in-part": "evidence of one of them",
    "team": "the team",
    "nothing": "nothing yet",
}
_SIGNS: dict[Verdict, str] = {"different": "≠", "same": "=", "unknown": "?"}
_APART = {"role": "They have other roles in the purchase.", "side": "They are other sides."}

_NAMES, _CELL, _HEAD, _ROW = 330, 128, 40, 46
_WIDTH = _NAMES + 5 * _CELL


def separation_sections(found: Separation) -> Iterator[Section]:
    """Yield all pairs in one picture, what could be merged, and every pair in a table."""
    yield Section(
        name="All pairs",
        sentences=tuple(found.sentences),
        opens=True,
        picture=pairs_drawing(found.pairs) if found.pairs else None,
        pictured="Pairs of segments by five criteria",
        table=_overview(found.pairs),
    )
    if found.merges:
        yield Section(name="Proposals", sentences=tuple(_merge(one) for one in found.merges))
    yield from (_pair(pair) for pair in found.pairs)


def _overview(pairs: Sequence[SegmentPair]) -> Table | None:
    """All pairs with their verdicts; a terminal says each in one line."""
    if not pairs:
        return None
    return Table(
        label="Pairs of segments by five criteria",
        headings=("Pair", *CRITERIA.values()),
        words=tuple(CRITERIA.values()),
        rows=tuple(
            (_both(pair), *(one.verdict for one in pair.criteria)) for pair in pairs
        ),
        folded="All pairs as a table",
        ranks=("",) * len(pairs),
        briefly=tuple(_briefly(pair) for pair in pairs),
    )  # fmt: skip


def _both(pair: SegmentPair) -> tuple[str, ...]:
    return (Theirs(pair.first_name), " and ", Theirs(pair.second_name))


def _briefly(pair: SegmentPair) -> str:
    said = []
    for verdict in ("different", "same", "unknown"):
        named = [CRITERIA[c].lower() for c in pair.by(verdict)]
        said += [f"{verdict} {listed(named, most=None)}"] if named else []
    return f"{pair.first_name} and {pair.second_name}: {'; '.join(said)}"


def _merge(merge: Merge) -> Line:
    named: list[str] = []
    for index, name in enumerate(merge.names):
        between = "" if not index else " and " if index == len(merge.names) - 1 else ", "
        named += [between, Theirs(name)]
    unless = listed([CRITERIA[c].lower() for c in merge.unless], most=None, last="or")
    rest = f", unless they differ by {unless}, which nobody has compared." if unless else "."
    return ("Make one segment of ", *named[1:], rest)


def _pair(pair: SegmentPair) -> Section:
    first, second = f"Only {pair.first_name}", f"Only {pair.second_name}"
    table = Table.of(
        pair.criteria,
        [
            ("Criterion", lambda one: CRITERIA[one.criterion]),
            ("Verdict", lambda one: one.verdict),
            ("Because", lambda one: opened(f"{one.because}.")),
            (first, lambda one: _texts(one.first)),
            (second, lambda one: _texts(one.second)),
            ("Both", lambda one: _texts(one.both)),
            ("Rests on", _rests),
        ],
        label=f"{pair.first_name} and {pair.second_name}",
        words=("Verdict", "Because", first, second, "Both", "Rests on"),
    )
    return Section(
        name=_both(pair), items=(_APART[pair.apart_by],) if pair.apart_by else (), table=table
    )


def _texts(texts: Sequence[str]) -> Line:
    said: list[str] = []
    for text in texts:
        said += ["; ", Theirs(text)] if said else [Theirs(text)]
    return tuple(said) or "–"


def _rests(one: ComparedCriterion) -> Line:
    changed = ["; evidence has changed: look again"] if one.suspect else []
    cited = [f": {', '.join(one.evidence)}"] if one.evidence and one.rests_on != "nothing" else []
    return "".join([RESTS[one.rests_on], *cited, *changed])


def pairs_drawing(pairs: Sequence[SegmentPair]) -> Drawing:
    """Return a row for each pair and a column for each criterion: other, the same or unknown."""
    parts: list[Markup] = []
    for index, name in enumerate(CRITERIA.values()):
        middle = _NAMES + _CELL * (index + 0.5)
        parts += stacked(wrapped(name, _CELL - 8, 13, 2), middle, 18, 16, class_="strong middle")
    top = _HEAD
    for pair in pairs:
        made, height = _row(pair, top)
        parts += made
        top += height
    parts += _legend(top + 26)
    return Drawing(
        "pairs",
        "Pairs of segments by five criteria",
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
        if one.rests_on in ("evidence", "evidence-in-part"):
            parts.append(element("text", "evidence", x=x, y=middle + 21, class_="faint middle"))
    return parts, height


def _mark(verdict: Verdict, x: float, y: float) -> list[Markup]:
    look = {"different": "edge-full", "same": "edge-none", "unknown": "hollow"}[verdict]
    radius = 9 if verdict == "unknown" else 10
    inside = "on-hollow" if verdict == "unknown" else "on-solid"
    return [
        circle(x, y - 4, radius, class_=look),
        element("text", _SIGNS[verdict], x=x, y=y, class_=inside),
    ]


def _legend(y: float) -> Iterator[Markup]:
    texts: dict[Verdict, str] = {
        "different": "different", "same": "the same", "unknown": "nobody has said or compared it",
    }  # fmt: skip
    x = 14.0
    for verdict, text in texts.items():
        yield from _mark(verdict, x, y)
        yield element("text", text, x=x + 16, y=y, class_="faint")
        x += 110
    yield rect(x + 120, y - 14, 18, 18, rx=3, class_="box-open")
    yield element("text", "nothing tells these apart", x=x + 146, y=y, class_="faint")
