"""A segmentation as a deck: the answer, can it be defended, sizes, a slide a segment, evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forwhom.documents.segmentation import Evidence, Segmentation
from forwhom.documents.telling import told_segmentation
from forwhom.languages.catalog import language as spoken
from forwhom.languages.catalog import speaking_asked, tr, whole
from forwhom.languages.codes import is_right_to_left
from forwhom.report.deck import Bars, Break, Deck, Grid, Page, Part, Text, deck_pptx
from forwhom.report.outline import grids_csv
from forwhom.report.outline.slides import bullets
from forwhom.report.outline.text import WEAKENS
from forwhom.report.segmentation.cards import Card
from forwhom.report.segmentation.profiles import Row
from forwhom.report.segmentation.summary import Summary, summarize, summary_of
from forwhom.report.segmentation.terms import term
from forwhom.wording import apart, beside, decimal, joined

#: Rows of the table of a segment: what sets it apart most; the report has all.
_ROWS = 12
#: Evidence that the slide of its segment tells already.
_TOLD = (".distinction.", ".typical", ".size", ".certainty")


def report_pptx(segmentation: Segmentation, *, language: str | None = None) -> bytes:
    """Return the report as a deck for PowerPoint, with tables and charts that can be edited."""
    with speaking_asked(language):
        return deck_pptx(report_deck(segmentation))


def report_csv(segmentation: Segmentation, *, language: str | None = None) -> str:
    """Return the sizes of the segments as CSV, and then what sets each apart from the others."""
    with speaking_asked(language):
        summary = summarize(segmentation)
        sizes = [part for part in _sizes(summary) if isinstance(part, Grid)]
        headings = (
            summary.called["Noun"], tr("What sets it apart"), tr("How large the difference is"),
        )  # fmt: skip
        rows = [
            (f"{card.id} {card.name}", one.statement, one.size)
            for card in summary.cards
            for one in (*card.first, *card.rest)
        ]
        return grids_csv([*sizes, *([Grid.of("", headings, rows)] if rows else [])])


def report_deck(segmentation: Segmentation) -> Deck:
    """Return what the slides of the report say, in the language that is spoken."""
    told = told_segmentation(segmentation)
    summary = summary_of(told)
    answer = summary.answer
    return Deck(
        title=summary.title or answer.headline,
        under=(
            *([Text(answer.headline, "strong")] if summary.title else []),
            *map(Text, answer.sentences[:1]),
        ),
        language=spoken(),
        pages=tuple(p for p in _pages(summary, told) if p.parts),
        mirrored=is_right_to_left(spoken()),
    )


def _pages(summary: Summary, segmentation: Segmentation) -> Iterator[Page]:
    answer, several = summary.answer, not summary.answer.mass_market
    heading = answer.headline if summary.title else tr("The answer")
    yield Page(heading, tuple(map(Text, answer.sentences)))
    yield _defense(summary)
    if several:
        yield Page(tr("How large the {nouns} are", **summary.called), tuple(_sizes(summary)))
        yield Page(_brings(summary), tuple(_worth(summary)))
    labels = {variable.name: variable.label for variable in segmentation.variables}
    for index, card in enumerate(summary.cards if several else ()):
        apart = [labels[d.variable] for d in segmentation.segments[index].distinctions]
        rows = _profile(summary, index, apart)
        yield Page(f"{card.id} {card.name}", tuple(_segment(summary, card, rows)), columns=2)
    yield Page(tr("What else to know"), tuple(_remarks(summary)))
    yield Page(tr("Evidence"), tuple(_evidence(segmentation.evidence)))
    yield Page(tr(WEAKENS), tuple(bullets(answer.warnings)))


def _defense(summary: Summary) -> Page:
    told = summary.defense
    rows = [(one.question, term("state", one.state), one.why) for one in told.questions]
    grid = Grid.of(told.headline, (tr("Question"), tr("Answer"), tr("Why")), rows)
    return Page(told.headline, (grid, *([Text(told.market)] if told.market else [])))


def _sizes(summary: Summary) -> Iterator[Part]:
    cards = summary.cards
    names = tuple(f"{card.id} {card.name}" for card in cards)
    shares = tuple(card.share for card in cards)
    said = beside([f"{name}: {c.share_text}" for name, c in zip(names, cards, strict=True)])
    yield Bars(said, tr("Share"), names, shares, tuple(card.id for card in cards))
    interval = tr("{level} interval", level=cards[0].interval_level)
    headings = (summary.called["Noun"], tr("Share"), interval, summary.members)
    rows = [
        (name, c.share_text, c.interval_text, whole(c.n))
        for name, c in zip(names, cards, strict=True)
    ]
    yield Grid.of(tr("Sizes as a table"), headings, rows)


def _worth(summary: Summary) -> Iterator[Part]:
    if summary.worth_headings:
        rows = [tuple(map(_cell, row)) for row in summary.worth_rows]
        yield Grid.of(_brings(summary), summary.worth_headings, rows)


def _brings(summary: Summary) -> str:
    return tr("What each {noun} brings", **summary.called)


def _cell(cell: Card | str) -> str:
    return cell if isinstance(cell, str) else f"{cell.id} {cell.name}"


def _segment(summary: Summary, card: Card, rows: list[tuple[str, str, str]]) -> Iterator[Part]:
    size = joined([f"{card.share_text} ({card.interval_text})", card.customers])
    yield Text(size, "strong")
    told = (card.tagline, card.certainty, card.standing, card.brings and card.brings.sentence)
    yield from (Text(one) for one in told if one)
    if card.first:
        yield Text(tr("What sets it apart"), "heading")
    for one in card.first:
        yield Text(f"{one.statement} ({one.size})", level=1)
    if rows:
        yield Break()
        this = tr("This {noun}", **summary.called)
        profile = tr("Profile of {name}", name=f"{card.id} {card.name}")
        yield Grid.of(profile, (tr("Variable"), this, tr("All customers")), rows)


def _profile(summary: Summary, index: int, apart: list[str]) -> list[tuple[str, str, str]]:
    """Return rows of the table of all variables: those that set a segment apart come first."""
    rows = [
        (block.label, row)
        for group in summary.profiles.groups
        for block in group.blocks
        for row in block.rows
        if row.cells and not row.cells[index + 1].withheld
    ]

    def order(pair: tuple[str, Row]) -> tuple[int, bool]:
        label, row = pair
        rank = apart.index(label) if label in apart else len(apart)
        return rank, not row.cells[index + 1].mark

    return [_row(label, row, index) for label, row in sorted(rows, key=order)[:_ROWS]]


def _row(label: str, row: Row, index: int) -> tuple[str, str, str]:
    here, all_of_them = row.cells[index + 1], row.cells[0]
    named = f"{label}: {row.label}" if row.label else label
    return named, f"{here.value} {here.mark}".strip(), all_of_them.value


def _remarks(summary: Summary) -> Iterator[Text]:
    yield from bullets(summary.remarks)
    yield from (Text(one, "quiet", level=1) for one in summary.asides)


def _evidence(evidence: Sequence[Evidence]) -> Iterator[Part]:
    rows = [
        (one.statement, _number(one), "" if one.n is None else whole(one.n), one.method)
        for one in evidence
        if not any(told in one.id for told in _TOLD)
    ]
    if rows:
        headings = (tr("What it says"), tr("Value"), tr("n"), tr("How it was found"))
        yield Grid.of(tr("Evidence"), headings, rows)


def _number(one: Evidence) -> str:
    if one.value is None:
        return ""
    if one.interval is None:
        return decimal(one.value)
    low, high = apart(decimal(one.interval.low)), apart(decimal(one.interval.high))
    within = tr("{low} to {high}", low=low, high=high)
    return f"{decimal(one.value)} ({within})"
