"""Segments that a person understands: profiles, distinctions, names, typing tool."""

from forwhom.personas.names import propose_names
from forwhom.personas.segments import describe_segments
from forwhom.personas.typing_tool import build_typing_tool
from forwhom.statistics.sampling import sample_rows

__all__ = ["build_typing_tool", "describe_segments", "propose_names", "sample_rows"]
