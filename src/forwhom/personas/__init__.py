"""Segments that a person understands: profiles, distinctions, names, typing tool."""

from forwhom.personas.outliers import settled, without_outliers
from forwhom.personas.segments import describe_segments, renamed
from forwhom.personas.sizes import doubtful
from forwhom.personas.succession import in_old_order
from forwhom.personas.typing_tool import typing_tool_of

__all__ = [
    "describe_segments",
    "doubtful",
    "in_old_order",
    "renamed",
    "settled",
    "typing_tool_of",
    "without_outliers",
]
