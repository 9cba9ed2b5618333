"""What the linter says: one diagnostic for each weak place of a canvas."""

from typing import Literal, NamedTuple

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.yamlfile import Location

#: error: what stands there cannot be relied on; warning: weak; note: worth a thought.
Severity = Literal["error", "warning", "note"]


class Finding(NamedTuple):
    """What a rule found: where in the canvas, what is weak, and what to do about it."""

    location: Location
    message: str
    advice: str
    at: tuple[int, int] | None = None  # line and column, where no key path leads there


class Diagnostic(Document):
    """A finding, with the rule that found it and the place in the file."""

    code: str = Field(description="Code of the rule; it never changes.")
    name: str = Field(description="Name of the rule.")
    severity: Severity = Field(description="How much it matters.")
    message: str = Field(description="What is weak.")
    advice: str = Field(description="What to do about it, in words.")
    location: tuple[str | int, ...] = Field(description="Key path in the canvas.")
    path: str = Field(description="The key path, as a person would write it.")
    file: str = Field(default="", description="The file; empty for a canvas made in memory.")
    line: int | None = Field(default=None, description="Line in the file, from 1.")
    column: int | None = Field(default=None, description="Column in the line, from 1.")


class LintResult(Document):
    """What the linter found in one canvas."""

    file: str = Field(default="", description="The canvas; empty when it was made in memory.")
    diagnostics: list[Diagnostic] = Field(
        default_factory=list, description="What was found, in the order of the file."
    )
    remarks: list[str] = Field(
        default_factory=list, description="What could not be checked, and why."
    )
    error: str = Field(
        default="", description="Why the canvas could not be read; empty when it was."
    )
    silenced: int = Field(default=0, description="Findings that comments silence.")
    rules: list[str] = Field(default_factory=list, description="Codes of the rules that ran.")

    @property
    def clean(self) -> bool:
        """Whether the canvas was read, and nothing was found."""
        return not self.diagnostics and not self.error
