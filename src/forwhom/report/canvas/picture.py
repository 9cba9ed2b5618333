"""The board as one picture (SVG)."""

from forwhom.languages.catalog import later, tr, tr_count
from forwhom.report.canvas.board import Board, Panel
from forwhom.report.canvas.layout import (
    BAR,
    DISC,
    GAP,
    HEADING,
    INSET,
    MARGIN,
    PADDING,
    SMALL,
    Block,
    PlacedCard,
    PlacedPanel,
    Plan,
    plan,
    text_block,
)
from forwhom.report.canvas.sheet import Box, Sheet
from forwhom.report.drawing.palette import accent_name
from forwhom.wording import joined

ELSEWHERE = later("Elsewhere")
WHY_ELSEWHERE = later("This framework has no block for these; they stay in the canvas.")


def board_svg(board: Board) -> str:
    """Return a board as a drawing: the blocks of its framework, with the cards in them."""
    return board_sheet(board).svg(board.title, said(board), board.language)


def board_sheet(board: Board, ratio: float | None = None) -> Sheet:
    """Return a board as shapes and words with their places, for a paper of this ratio if given."""
    made = plan(board, ratio)
    sheet = Sheet(made.width, made.height, board.mirrored)
    names = {m.number: f"{m.number} {m.name}" for m in board.members}
    _head(sheet, made, names)
    for panel in made.panels:
        _panel(sheet, panel, names)
    if made.elsewhere:
        _elsewhere(sheet, made, names)
    _blocks(sheet, made.foot, MARGIN, made.foot_at)
    return sheet


def said(board: Board) -> str:
    """Return what a drawing shows, in words."""
    panels = (*board.panels, *board.elsewhere)
    filled = [f"{p.name}: {_cards(p)}" for p in panels if p.cards]
    empty = [p.name for p in panels if not p.cards]
    said = tr("A canvas in the framework {name}.", name=tr(board.framework.name)) + " "
    said += f"{'; '.join(filled)}. " if filled else tr("Nothing is filled in yet.") + " "
    return said + (tr("Empty: {blocks}.", blocks=joined(empty)) if empty and filled else "")


def _cards(panel: Panel) -> str:
    return tr_count("{n} card", "{n} cards", len(panel.cards))


def _head(sheet: Sheet, made: Plan, names: dict[int, str]) -> None:
    _blocks(sheet, made.head, MARGIN, MARGIN)
    for number, box, block in made.members:
        sheet.disc(
            str(number), box.x + DISC, box.y + DISC, accent_name(number), names[number], DISC
        )
        sheet.lines(list(block.lines), box.x + 2 * DISC + 8, box.y, block.style)


def _blocks(sheet: Sheet, blocks: tuple[Block, ...], x: float, y: float, gap: float = 0.0) -> None:
    for block in blocks:
        y = sheet.lines(list(block.lines), x, y, block.style) + gap


def _panel(sheet: Sheet, made: PlacedPanel, names: dict[int, str]) -> None:
    x, y = made.box.x + PADDING, made.box.y + PADDING
    sheet.box(made.box, "surface", stroke="line", rx=6, class_="block")
    y = sheet.lines(list(made.heading.lines), x, y, made.heading.style) + GAP
    _blocks(sheet, made.questions, x, y, GAP)
    for card in made.cards:
        _card(sheet, card, names)


def _card(sheet: Sheet, made: PlacedCard, names: dict[int, str]) -> None:
    box, card = made.box, made.card
    own = card.number is not None
    sheet.box(
        box, accent_name(card.number) if card.number else "ink", rx=4,
        fill_opacity=0.1 if own else 0.05, class_="card",
    )  # fmt: skip
    shares = max(len(card.marks), 1)
    for index, color in enumerate([accent_name(m) for m in card.marks] or ["control"]):
        part = Box(box.x, box.y + box.height * index / shares, BAR, box.height / shares)
        sheet.box(part, color, class_="bar", fill_opacity=None if card.marks else 0.45)
    y = box.y + INSET
    for block in made.texts:
        y = sheet.lines(list(block.lines), box.x + BAR + INSET, y, block.style) + 2
    for number, mx, my in made.marks:
        sheet.disc(str(number), mx, my, accent_name(number), names[number], DISC)


def _elsewhere(sheet: Sheet, made: Plan, names: dict[int, str]) -> None:
    y = made.below + 2 * GAP
    for text, style in ((tr(ELSEWHERE), HEADING), (tr(WHY_ELSEWHERE), SMALL)):
        block = text_block(text, made.width, style, sheet.mirrored)
        y = sheet.lines(list(block.lines), MARGIN, y, style)
    for panel in made.elsewhere:
        _panel(sheet, panel, names)
