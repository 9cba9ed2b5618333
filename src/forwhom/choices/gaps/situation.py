"""A canvas as it is looked at for what is missing: counted once, for all that ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.ratings import Rating
from forwhom.documents.results.nextsteps import Stake, Step, Task
from forwhom.documents.standings import Standing, standings
from forwhom.documents.yamlfile import Location
from forwhom.documents.yamlwriting import scalar
from forwhom.languages.catalog import tr


def example(yaml: str, **texts: str) -> str:
    """Return what to type, with texts in the language that is spoken, written as YAML has them.

    Ids of the canvas stand there as they are: in ``<one>`` they are no text.
    """
    return yaml.format(**{name: scalar(text) for name, text in texts.items()})


def then(command: str) -> str:
    """Return a comment that says which command comes after what was typed."""
    return "# " + tr("then: {command}", command=command)


@dataclass(frozen=True)
class Situation:
    """A canvas, its ratings wherever they stand, and the day."""

    canvas: Canvas
    ratings: Sequence[Rating]
    today: date

    @cached_property
    def in_play(self) -> list[CanvasSegment]:
        """Segments that are served or may be."""
        return [s for s in self.canvas.segments if s.status in ("serve", "candidate")]

    @cached_property
    def served(self) -> list[CanvasSegment]:
        """Segments that the team has decided to serve."""
        return [s for s in self.canvas.segments if s.status == "serve"]

    @cached_property
    def decided(self) -> int:
        """How many segments have a decision."""
        return sum(segment.status != "candidate" for segment in self.canvas.segments)

    @cached_property
    def standings(self) -> list[Standing]:
        """How each rated need stands."""
        return standings(self.canvas, self.ratings)

    @cached_property
    def one(self) -> str:
        """The id of a segment to write in an example: the first in play."""
        known = self.in_play or self.canvas.segments
        return known[0].id if known else "ID_OF_A_SEGMENT"

    def place(self, *location: str | int) -> list[str]:
        """Return where something stands in the file; nothing for a canvas made in memory."""
        place = self.canvas.place(*location)
        return [place] if place else []

    def task(
        self, id: str, step: Step, stake: Stake, what: str, now: str, *,  # noqa: A002
        at: Location = (), **more: Any,
    ) -> Task:  # fmt: skip
        """Return a thing to do; things that nothing rests on are left out of ``touches``."""
        touches = {what: n for what, n in more.pop("touches", {}).items() if n}
        places = self.place(*at) if at else []
        return Task(
            id=id, step=step, stake=stake, what=what, now=now, places=places, touches=touches,
            **more,
        )  # fmt: skip
