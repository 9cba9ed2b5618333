"""Decks of slides for PowerPoint: pages of texts, tables and charts in, the bytes of a file out."""

from forwhom.report.deck.pages import (
    Bars,
    Board,
    Box,
    Break,
    Cell,
    Deck,
    Grid,
    Page,
    Part,
    Points,
    Spot,
    Text,
)
from forwhom.report.deck.writing import deck_pptx

__all__ = [
    "Bars",
    "Board",
    "Box",
    "Break",
    "Cell",
    "Deck",
    "Grid",
    "Page",
    "Part",
    "Points",
    "Spot",
    "Text",
    "deck_pptx",
]
