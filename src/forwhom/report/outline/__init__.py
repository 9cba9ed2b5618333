"""A result as a tree of sections, and the tree in each form: text, Markdown, a page, a deck."""

from forwhom.report.outline.decks import deck_markdown, grids_csv
from forwhom.report.outline.markdown import outline_markdown
from forwhom.report.outline.page import outline_html, outline_values
from forwhom.report.outline.slides import grid_of, outline_deck
from forwhom.report.outline.text import outline_text
from forwhom.report.outline.tree import Line, Outline, Section, Table, Theirs, around, plain

__all__ = [
    "Line",
    "Outline",
    "Section",
    "Table",
    "Theirs",
    "around",
    "deck_markdown",
    "grid_of",
    "grids_csv",
    "outline_deck",
    "outline_html",
    "outline_markdown",
    "outline_text",
    "outline_values",
    "plain",
]
