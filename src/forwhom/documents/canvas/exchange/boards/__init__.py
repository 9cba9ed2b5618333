"""Boards of other tools: sticky notes under headings become segments, propositions and notes."""
