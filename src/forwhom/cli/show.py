"""`forwhom show`: a segmentation in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forwhom.cli import options, terminal
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking_asked, tr, whole
from forwhom.wording import beside

if TYPE_CHECKING:
    from forwhom.documents.segmentation import Segmentation
    from forwhom.report.segmentation import Summary
    from forwhom.report.segmentation.cards import Card

#: Differences shown for each segment: in the overview, and when one segment is asked for.
FEW, MANY = 3, 12


@options.command(
    "forwhom show segments",
    "forwhom show segments/segmentation.json --segment 2",
    "forwhom show segments --language de",
    "forwhom show segments --json",
)
@options.segmentation
@click.option("--segment", type=int, help="Everything about one segment, by its number.")
@options.language_of_report
def show(segmentation: Path, segment: int | None, language: str | None, as_json: bool) -> None:
    """Show the answer of an earlier run.

    SEGMENTATION is a folder that 'forwhom discover' wrote, or its segmentation.json.
    """
    from forwhom.documents import read_segmentation

    found = read_segmentation(segmentation)
    chosen = {s.id: s for s in found.segments}
    if segment is not None and segment not in chosen:
        raise OptionError(
            f"there is no segment {segment}.", f"There are segments 1 to {len(chosen)}."
        )
    if as_json:
        shown = found if segment is None else chosen[segment]
        terminal.print_json(shown.model_dump(mode="json"))
    else:
        with speaking_asked(language):
            if segment is None:
                _print_answer(found)
            else:
                _print_segment(found, segment)


def print_answer(segmentation: Segmentation, language: str | None = None) -> None:
    """Print the whole answer: headline, segments, number of segments, what weakens it."""
    with speaking_asked(language):
        _print_answer(segmentation)


def _print_answer(segmentation: Segmentation) -> None:
    from forwhom.report.segmentation import summarize

    summary = summarize(segmentation)
    if summary.title:
        terminal.say(summary.title, "dim")
    terminal.say(summary.answer.headline, "bold")
    for sentence in summary.answer.sentences:
        terminal.say(sentence)
    _print_segments(summary)
    for remark in summary.remarks:
        terminal.say(remark)
    for aside in summary.asides:
        terminal.say(aside, "dim")
    terminal.warn(summary.answer.warnings)


def _print_segments(summary: Summary) -> None:
    certain = any(card.sure for card in summary.cards)
    money = any(card.brings and card.brings.revenue for card in summary.cards)
    grid = terminal.table(
        "",
        summary.called["Noun"],
        (tr("Share (95%)"), "right"),
        (summary.members, "right"),
        *([(tr("Of revenue"), "right")] if money else []),
        *([(tr("Sure"), "right")] if certain else []),
        tr("What sets it apart"),
    )
    for card in summary.cards:
        grid.add_row(
            str(card.id),
            terminal.cell(card.name, "bold"),
            f"{card.share_text} ({card.interval_text})",
            whole(card.n),
            *([card.brings.revenue if card.brings else ""] if money else []),
            *([card.sure] if certain else []),
            "\n".join(f"· {told}" for told in _told(card)),
        )
        if card is not summary.cards[-1]:
            grid.add_section()
    terminal.console().print(grid)


def _told(card: Card) -> list[str]:
    return [*filter(None, [card.standing]), *(d.statement for d in card.first[:FEW])]


def _print_segment(segmentation: Segmentation, number: int) -> None:
    """Print everything about one segment."""
    from forwhom.documents.telling import told_segmentation
    from forwhom.report.segmentation.summary import summary_of

    segmentation = told_segmentation(segmentation)
    card = next(c for c in summary_of(segmentation).cards if c.id == number)
    terminal.say(f"{card.id}  {card.name}", "bold")
    size = tr(
        "{share} of all customers ({range} at {level})",
        share=card.share_text,
        range=card.interval_text,
        level=card.interval_level,
    )
    terminal.say(beside([size, card.customers]))
    if card.brings:
        terminal.say(card.brings.sentence)
        for label, mean in card.brings.averages:
            terminal.say(tr("{label}: {mean} on average", label=label, mean=mean))
    if card.standing:
        terminal.say(card.standing)
    if card.certainty:
        terminal.say(card.certainty)
    if card.first:
        differences = terminal.table(tr("What sets it apart"), (tr("Effect"), "right"))
        for one in (*card.first, *card.rest)[:MANY]:
            differences.add_row(one.statement, one.briefly)
        terminal.console().print(differences)
    typical = next(s.typical_member for s in segmentation.segments if s.id == number)
    if typical is not None:
        labels = {v.name: v.label for v in segmentation.variables}
        made_up = terminal.table(tr("A typical member (made up, nobody's record)"), "")
        for name, value in typical.values.items():
            made_up.add_row(labels.get(name, name), value)
        terminal.console().print(made_up)
