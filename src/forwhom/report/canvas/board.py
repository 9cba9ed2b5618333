"""What stands on the board: the blocks of the framework, and the cards in each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from forwhom.documents.canvas import Block, Canvas, Framework, framework_of, homeless
from forwhom.documents.canvas.frameworks import Place
from forwhom.documents.canvas.keynames import MARKETS, topic_name
from forwhom.documents.canvas.ratings import Rating
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.report.canvas import alignment, bearing, cards
from forwhom.report.canvas.cards import Card, Clues
from forwhom.wording import listed

#: Parts of a canvas that blocks can show, and what they are called where no block does.
PARTS: Mapping[str, str] = {
    "segments": later("Customer segments"),
    "propositions": later("Value propositions"),
    "needs": later("Needs"),
    "kpis": later("KPIs"),
    "strategies": later("Alignment"),
    "funding": later("Funding"),
}
#: Parts that each show some of the segments.
_BUTI: Mapping[str, str] = {
    "buyers": "buyer", "users": "user", "target_impact": "target-impact", "other_segments": "",
}  # fmt: skip
#: How ids of panels begin that no block of the framework shows.
_ELSEWHERE = "elsewhere-"


@dataclass(frozen=True)
class Panel:
    """One block: its heading, its cards, and what to ask while it is empty."""

    id: str
    name: str
    place: Place | None
    cards: tuple[Card, ...]
    questions: tuple[str, ...] = ()

    @property
    def part(self) -> str:
        """The topic or the part of the canvas, of a panel that stands elsewhere."""
        return self.id.removeprefix(_ELSEWHERE)


@dataclass(frozen=True)
class Member:
    """A segment in the key that says what the numbers mean."""

    number: int
    name: str
    status: str


@dataclass(frozen=True)
class Board:
    """A canvas as it is drawn, before any geometry."""

    title: str
    summary: str
    facts: tuple[str, ...]
    language: str
    direction: Literal["ltr", "rtl"]
    framework: Framework
    members: tuple[Member, ...]
    panels: tuple[Panel, ...]
    elsewhere: tuple[Panel, ...]
    more: str

    @property
    def mirrored(self) -> bool:
        """Whether it is read from the right."""
        return self.direction == "rtl"


def board_of(
    canvas: Canvas,
    framework: Framework | None = None,
    ratings: Sequence[Rating] | None = None,
) -> Board:
    """Return what a canvas shows in its framework, or in another one."""
    frame = framework or framework_of(canvas)
    clues = Clues(canvas, ratings)
    panels = tuple(_panel(block, canvas, frame, clues) for block in frame.blocks)
    return Board(
        title=canvas.title or tr(frame.name),
        summary=canvas.summary,
        facts=tuple(_facts(canvas, frame)),
        language=canvas.language,
        direction="rtl" if canvas.right_to_left else "ltr",
        framework=frame,
        members=tuple(
            Member(i, s.name, tr(cards.STATUSES[s.status]))
            for i, s in enumerate(canvas.segments, 1)
        ),
        panels=panels,
        elsewhere=tuple(_elsewhere(canvas, frame, clues)),
        more=_more(canvas),
    )


def _facts(canvas: Canvas, frame: Framework) -> Iterator[str]:
    if canvas.title:
        yield tr(frame.name)
    if canvas.market_type:
        yield tr(MARKETS[canvas.market_type])
    if canvas.portfolio:
        yield {"explore": tr("Exploring a model"), "exploit": tr("Running a model")}[
            canvas.portfolio
        ]
    if canvas.stage:
        yield canvas.stage
    if canvas.updated or canvas.created:
        yield tr("As of {date}", date=canvas.updated or canvas.created)


def _panel(block: Block, canvas: Canvas, frame: Framework, clues: Clues) -> Panel:
    made: list[Card] = []
    for part in block.shows:
        made += _part(part, canvas, clues)
        if part == _shows_who(frame):
            made += cards.left_out(canvas)
    for topic in block.topics:
        made += cards.notes(canvas, topic, clues)
    if "strategies" not in block.shows:
        made += alignment.answers(canvas, block, clues)
    if made:
        made += bearing.bearing(block)
    made += bearing.borne_on(canvas, frame, block, clues)
    asked = [*map(tr, block.questions), *([bearing.bears_on(block)] if block.bears_on else [])]
    return Panel(block.id, tr(block.name), block.place, tuple(made), tuple(asked))


def _shows_who(frame: Framework) -> str:
    """Return the part beside which stands who is left out on purpose; empty for none."""
    shown = [part for block in frame.blocks for part in block.shows]
    return next((p for p in ("segments", "other_segments", "users", "buyers") if p in shown), "")


def _part(part: str, canvas: Canvas, clues: Clues) -> list[Card]:
    if part in _BUTI:
        wanted = _BUTI[part]
        return [
            card
            for segment, card in zip(canvas.segments, cards.segments(canvas, clues), strict=True)
            if (wanted in segment.buti if wanted else not segment.buti)
        ]
    makers = {
        "segments": cards.segments,
        "propositions": cards.propositions,
        "needs": cards.needs,
        "kpis": cards.kpis,
        "strategies": alignment.cards_of,
        "funding": cards.funding,
    }
    return makers[part](canvas, clues)


def _elsewhere(canvas: Canvas, frame: Framework, clues: Clues) -> Iterator[Panel]:
    shown: set[str] = {part for block in frame.blocks for part in block.shows}
    for part, name in PARTS.items():
        if part == "segments":
            made = [] if part in shown else _segments_left(canvas, shown, clues)
            made += [] if _shows_who(frame) else cards.left_out(canvas)
        else:
            made = [] if part in shown else _part(part, canvas, clues)
        if made:
            yield Panel(f"{_ELSEWHERE}{part}", tr(name), None, tuple(made))
    for topic in homeless(canvas, frame):
        name = topic_name(topic)
        other = bearing.zooming(topic, frame)
        made = cards.notes(canvas, topic, clues) + (bearing.bearing(other) if other else [])
        yield Panel(f"{_ELSEWHERE}{topic}", name, None, tuple(made))


def _segments_left(canvas: Canvas, shown: set[str], clues: Clues) -> list[Card]:
    """Cards of the segments that no block shows."""
    kinds = {_BUTI[part] for part in shown if part in _BUTI}
    return [
        card
        for segment, card in zip(canvas.segments, cards.segments(canvas, clues), strict=True)
        if not (kinds & set(segment.buti) if segment.buti else "" in kinds)
    ]


def _more(canvas: Canvas) -> str:
    """Say what a canvas holds besides what is drawn; empty when that is all."""
    held = [said for said, number in _undrawn(canvas) if number]
    return tr("Also in this canvas: {things}.", things=listed(held, most=None)) if held else ""


def _undrawn(canvas: Canvas) -> Iterator[tuple[str, int]]:
    """Yield how many there are of each part that no framework draws."""
    n = len(canvas.participants)
    yield tr_count("{n} participant", "{n} participants", n), n
    n = len(canvas.personas)
    yield tr_count("{n} persona", "{n} personas", n), n
    n = len(canvas.hypotheses)
    yield tr_count("{n} hypothesis", "{n} hypotheses", n), n
    n = len(canvas.questions)
    yield tr_count("{n} interview question", "{n} interview questions", n), n
    n = len(canvas.competitors)
    yield tr_count("{n} competitor", "{n} competitors", n), n
    n = len(canvas.value_curves)
    yield tr_count("{n} value curve", "{n} value curves", n), n
