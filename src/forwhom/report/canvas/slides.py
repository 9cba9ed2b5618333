"""A canvas as a deck: its board, a slide a segment, what is offered, decided, open, and next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.frameworks import Place
from forwhom.documents.canvas.value import Need
from forwhom.documents.results.nextsteps import NextSteps
from forwhom.languages.catalog import tr
from forwhom.report.canvas.board import Board, Panel
from forwhom.report.canvas.cards import STATUSES, SUSPECT, Card, Look, rated
from forwhom.report.canvas.entries import (
    NO_EVIDENCE,
    Entry,
    Said,
    Section,
    Shelf,
    Support,
    told_once,
)
from forwhom.report.canvas.picture import ELSEWHERE, WHY_ELSEWHERE
from forwhom.report.deck import Board as Boxes
from forwhom.report.deck import Box, Break, Deck, Grid, Page, Part, Text
from forwhom.report.nextsteps.terms import HEADLINE, would_change
from forwhom.wording import clean, lowered

#: A paragraph takes room like this many letters, beside its own.
_HEADING = 25
#: The lowest row of a board, as a part of it: its headings have room.
_LOWEST = 0.16
#: Cards of these have slides of their own, so that the board says only what they are.
_BRIEF = ("segment", "proposition")


def canvas_deck(
    canvas: Canvas, board: Board, sections: tuple[Section, ...], following: NextSteps | None
) -> Deck:
    """Return a canvas as a deck; ``following`` is what comes next for it, where that is known."""
    return Deck(
        title=board.title,
        under=(
            *([Text(board.summary)] if clean(board.summary).strip() else []),
            *([Text(" · ".join(board.facts), "quiet")] if board.facts else []),
        ),
        language=board.language,
        pages=tuple(p for p in _pages(canvas, board, sections, following) if p.parts),
        mirrored=board.mirrored,
    )


def _pages(
    canvas: Canvas, board: Board, sections: tuple[Section, ...], following: NextSteps | None
) -> Iterator[Page]:
    known = {section.id: section for section in sections}
    yield Page(tr(board.framework.name), tuple(_board(board)))
    yield Page(tr(ELSEWHERE), tuple(_elsewhere(board)), columns=2)
    if "defense" in known:
        yield _asked(known["defense"])
    shelf = Shelf(canvas)
    for entry in known["segments"].entries if "segments" in known else ():
        title = f"{entry.number} {entry.title}" if entry.number else entry.title
        yield Page(title, tuple(_segment(shelf, entry)), columns=2)
    if "propositions" in known:
        yield _section(known["propositions"])
    yield Page(tr("What was decided"), tuple(_decided(shelf)))
    for name in ("hypotheses", "open-questions"):
        if name in known:
            yield _section(known[name])
    if following is not None:
        yield Page(tr(HEADLINE), tuple(_following(following)))


def _board(board: Board) -> Iterator[Part]:
    members = (f"{m.number} {m.name} ({m.status})" for m in board.members)
    if board.members:
        yield Text(" · ".join(members), "quiet")
    starts = _starts(board)
    yield Boxes(tuple(_box(panel, board.framework.columns, starts) for panel in board.panels))


def _box(panel: Panel, columns: int, starts: list[float]) -> Box:
    place = _place(panel)
    top, bottom = starts[place.row - 1], starts[place.row - 1 + place.height]
    return Box(
        (place.column - 1) / columns,
        top,
        place.width / columns,
        bottom - top,
        panel.name,
        _cards(panel),
    )


def _place(panel: Panel) -> Place:
    assert panel.place is not None
    return panel.place


def _starts(board: Board) -> list[float]:
    """Return where rows of the board begin and the last one ends: higher where they hold more."""
    need = [0.0] * board.framework.rows
    for panel in board.panels:
        place = _place(panel)
        letters = sum(_HEADING + len(t.whole) for card in _cards(panel) for t in card)
        for row in range(place.row - 1, place.row - 1 + place.height):
            need[row] = max(need[row], letters / place.width / place.height)
    least = min(_LOWEST, 1 / len(need))
    spare, held = 1 - least * len(need), sum(need) or 1.0
    heights = [least + spare * one / held for one in need]
    return [sum(heights[:row]) for row in range(len(heights) + 1)]


def _cards(panel: Panel) -> tuple[tuple[Text, ...], ...]:
    if not panel.cards:
        return tuple((Text(question, "question"),) for question in panel.questions)
    return tuple(tuple(_card(card)) for card in panel.cards)


def _card(card: Card) -> Iterator[Text]:
    parts = card.parts or (("plain", tr("(no words)")),)
    if card.kind in _BRIEF:
        parts = tuple((look, text) for look, text in parts if look in ("strong", "fact", "doubt"))
    for index, (look, text) in enumerate(parts):
        # A fact that comes first is what the card is about.
        shown: Look = "strong" if not index and look == "fact" else look
        own = f"{card.number} " if card.number and not index else ""
        marks = card.marks if not index and not card.number else ()
        yield Text(own + text, shown, level=0 if shown == "strong" else 1, marks=marks)


def _elsewhere(board: Board) -> Iterator[Text]:
    if board.elsewhere:
        yield Text(tr(WHY_ELSEWHERE), "quiet")
    for panel in board.elsewhere:
        yield Text(panel.name, "heading")
        yield from (text for card in panel.cards for text in _card(card))


def _asked(defense: Section) -> Page:
    rows = [(one.title, one.subtitle, " ".join(one.texts)) for one in defense.entries]
    grid = Grid.of(defense.title, (tr("Question"), tr("Answer"), tr("Why")), rows)
    return Page(defense.title, (grid,))


def _segment(shelf: Shelf, entry: Entry) -> Iterator[Part]:
    """Yield who they are, then what they need and what they get, and what that rests on."""
    yield from _opening(entry)
    if entry.number:
        who = shelf.canvas.segments[entry.number - 1].id
        needs = [need for need in shelf.canvas.needs if who in need.segments]
        offers = [one for one in shelf.canvas.propositions if who in one.segments]
        yield Break()
        yield from _listed(tr("What they need"), map(_need, needs))
        yield from _listed(tr("What we offer"), (one.name for one in offers))
    yield from _resting(entry)


def _need(need: Need) -> str:
    told = rated(need)
    return f"{need.statement} ({lowered(told)})" if told else need.statement


def _listed(title: str, lines: Iterable[str]) -> Iterator[Text]:
    for index, line in enumerate(lines):
        if not index:
            yield Text(title, "heading")
        yield Text(line, level=1)


def _section(section: Section) -> Page:
    titled = section.id == "open-questions"
    parts = [text for entry in section.entries for text in _entry(entry, titled=titled)]
    return Page(section.title, tuple(parts), columns=2)


def _entry(entry: Entry, *, titled: bool) -> Iterator[Text]:
    number = f"{entry.number} " if entry.number else ""
    title = number + (entry.title or tr("(no words)"))
    yield Text(title, "heading", marks=() if entry.number else entry.marks)
    yield from _opening(entry)
    yield from _resting(entry, titled=titled)


def _opening(entry: Entry) -> Iterator[Text]:
    if entry.subtitle:
        yield Text(entry.subtitle, "fact")
    if entry.suspect:
        yield Text(tr(SUSPECT), "doubt")
    yield from map(Text, entry.texts)
    yield from (Text(f"{label}: {value}", level=1) for label, value in entry.facts)


def _resting(entry: Entry, *, titled: bool = False) -> Iterator[Text]:
    for label, items in entry.lists:
        yield from _listed(label, items) if label else (Text(one, level=1) for one in items)
    groups = told_once((*entry.grouped, (tr("What is said of them"), entry.claims)))
    for label, claims in groups:
        yield Text(label, "heading")
        yield from _claims(claims)
    told = {one.statement for _, claims in groups for claim in claims for one in claim.supports}
    others = [one for one in dict.fromkeys(entry.supports) if one.statement not in told]
    if others:
        yield Text(tr("Evidence"), "heading")
        yield from (_support(one, 1) for one in others)
    if entry.open_questions:
        # The slide of what is open says that it is; elsewhere a heading does.
        heading = () if titled else (Text(tr("What nobody knows yet"), "heading"),)
        yield from (*heading, *(Text(one, level=1) for one in entry.open_questions))


def _claims(claims: Iterable[Said]) -> Iterator[Text]:
    for claim in claims:
        yield Text(claim.text, level=1)
        yield from (_support(one, 2) for one in claim.supports)
        if not claim.supports:
            yield Text(tr(NO_EVIDENCE), "quiet", level=2)


def _support(one: Support, level: int) -> Text:
    numbers = f" ({one.numbers})" if one.numbers else ""
    doubt = f" {tr(SUSPECT)}." if one.changed else ""
    return Text(f"{one.statement}{numbers}{doubt}", "doubt" if one.changed else "quiet", level)


def _decided(shelf: Shelf) -> Iterator[Part]:
    rows = []
    for number, segment in enumerate(shelf.canvas.segments, 1):
        decision = segment.decision
        place = ("segments", number - 1, "decision")
        behind = shelf.supports(decision.evidence if decision else (), place)
        rows.append(
            (
                f"{number} {segment.name}",
                tr(STATUSES[segment.status]),
                decision.reason if decision else "–",
                ", ".join(w for w in (decision.date or "", decision.by) if w) if decision else "",
                "\n".join(_support(one, 0).text for one in behind) or "–",
            )
        )
    if rows:
        headings = (tr("Segment"), tr("Decision"), tr("Why"), tr("Decided"), tr("Evidence"))
        yield Grid.of(tr("What was decided"), headings, rows)


def _following(found: NextSteps) -> Iterator[Part]:
    rows = [
        (str(number), task.what, task.now, would_change(task))
        for number, task in enumerate(found.tasks, 1)
    ]
    if rows:
        headings = (tr("No."), tr("To do"), tr("How it is now"), tr("Why"))
        yield Grid.of(tr(HEADLINE), headings, rows, lead=2)
