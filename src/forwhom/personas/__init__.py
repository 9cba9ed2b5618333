"""Segments that a person understands: profiles, distinctions, names, typing tool."""

from forwhom.personas.names import propose_names
from forwhom.personas.segments import describe_segments, renamed
from forwhom.personas.succession import in_old_order
from forwhom.personas.typing_tool import build_typing_tool, typing_tool_of

__all__ = [
    "build_typing_tool",
    "describe_segments",
    "in_old_order",
    "propose_names",
    "renamed",
    "typing_tool_of",
]
