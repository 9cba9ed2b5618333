"""Sides of a multi-sided market, and what each brings to another."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.canvas.sides import brought_by, sides_of
from forwhom.errors import DocumentError
from forwhom.report.canvas import board_of
from forwhom.report.canvas.sections import sections_of

HEAD = """\
forwhom: 1
kind: canvas
market_type: multi-sided
segments:
  - {id: night, name: Night riders, side: Riders}
  - {id: day, name: Day riders, side: riders}
  - {id: drivers, name: Drivers}
  - {id: lost, name: Bus riders, side: buses, status: ignore}
  - {id: street, name: Who lives there, buti: [target-impact]}
"""
EXCHANGE = "exchanges: [{from: drivers, to: RIDERS, brings: A car, without: They walk}]\n"


def test_sides_are_those_in_play_in_any_case() -> None:
    found = sides_of(parse_canvas(HEAD).segments)
    assert {side: [s.id for s in segments] for side, segments in found.items()} == {
        "Riders": ["night", "day"], "drivers": ["drivers"],
    }  # fmt: skip


def test_what_a_side_brings_stands_on_its_card_and_in_a_section() -> None:
    canvas = parse_canvas(HEAD + EXCHANGE)
    drivers = canvas.segments[2]
    assert [one.brings for one in brought_by(drivers, canvas.exchanges)] == ["A car"]
    assert brought_by(canvas.segments[0], canvas.exchanges) == []
    cards = [card for panel in board_of(canvas).panels for card in panel.cards]
    assert any("Brings RIDERS: A car" in card.texts for card in cards)
    section = next(one for one in sections_of(canvas) if one.id == "exchanges")
    assert section.entries[0].facts == (("Without it", "They walk"),)


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("rider", r"canvas:10:29: there is no side 'rider'.*Did you mean"),
        ("Drivers", r"canvas:10:29: 'drivers' brings something to itself"),
    ],
)
def test_an_exchange_names_two_sides(side: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        parse_canvas(HEAD + EXCHANGE.replace("RIDERS", side))
