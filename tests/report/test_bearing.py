"""What bears on a block is shown there: features of the money, notes of models that zoom in."""

from __future__ import annotations

from forwhom.documents.canvas import parse_canvas, read_framework
from forwhom.report.canvas.board import Board, board_of

CANVAS = """
forwhom: 1
kind: canvas
segments: [{id: s, name: Shops}]
blocks:
  market_trends: [{text: Cash disappears, segments: [s]}]
  channels: [{text: A stall}]
funding_features:
  - {id: year, feature: A year at a time, means: A yearly price, block: revenue_streams}
"""


def cards(board: Board) -> dict[str, list[str]]:
    """Block to all that its cards say."""
    panels = (*board.panels, *board.elsewhere)
    return {panel.id: [text for card in panel.cards for text in card.texts] for panel in panels}


def test_a_note_of_another_model_is_shown_where_it_bears() -> None:
    frame = read_framework("unite-environment")
    block = next(one for one in frame.blocks if "market_trends" in one.topics)
    assert block.bears_on
    found = cards(board_of(parse_canvas(CANVAS)))
    model = read_framework("business-model-canvas")
    targets = {b.id for b in model.blocks if set(b.topics) & set(block.bears_on)}
    said = f"{block.name} bears on this: Cash disappears"
    assert {name for name, texts in found.items() if said in texts} == targets
    assert any(text.startswith("It bears on") for text in found["elsewhere-market_trends"])
    own = cards(board_of(parse_canvas(CANVAS), frame))
    assert any(text.startswith("It bears on") for text in own[block.id])


def test_a_feature_of_the_money_is_shown_in_the_block_that_answers_it() -> None:
    found = cards(board_of(parse_canvas(CANVAS)))
    assert found["revenue_streams"] == ["A yearly price", "Because of the money: A year at a time"]
    assert "A yearly price" not in found["channels"]
