"""What stands in the way of a change: what somebody else did meanwhile, or must do first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forwhom.documents.yamlfile import Location
from forwhom.errors import ForwhomError, OptionError


class NotNow(OptionError):
    """What is asked for cannot be done as things are now: something else must happen first."""


@dataclass(frozen=True)
class Clash:
    """One place that two people changed: where it is now, what stood there, theirs and yours."""

    #: None where what it was in was taken away.
    at: Location | None
    before: Any
    theirs: Any
    yours: Any


class Conflict(ForwhomError):
    """Somebody else changed the same, so nothing was written; `clashes` holds both texts."""

    def __init__(self, clashes: list[Clash], who: str, version: int) -> None:
        self.clashes = clashes
        self.who = who
        self.version = version
        super().__init__(
            f"{who or 'Somebody'} changed the same while you were writing.",
            "Look at both texts, and choose one or write a third.",
        )
