"""Sources of flows: canvases, tables, IATI files and folders of them, read into one ledger."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from forwhom.documents.canvas import Canvas, is_canvas, read_canvas
from forwhom.errors import OptionError
from forwhom.funders.flows import read_flows, unread
from forwhom.funders.iati import activity_files, holds_activities, read_activities
from forwhom.funders.ledger import Ledger
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.progress import Progress
from forwhom.tables import open_table

Source = str | PathLike[str] | Canvas


class Given(NamedTuple):
    """A source: a path, or a canvas, which is read at once, and what it is called."""

    source: Path | Canvas
    name: str


def sources_of(given: object) -> list[Given]:
    """Return one source or several as a list; canvases among them are read."""
    several = (
        given if isinstance(given, Sequence) and not isinstance(given, str | bytes) else [given]
    )
    found: list[Given] = []
    for one in several:
        if not isinstance(one, str | PathLike | Canvas):
            what = "None" if one is None else f"a value of the type {type(one).__name__!r}"
            raise OptionError(
                f"A file or a canvas was expected, and this is {what}.",
                "Name files of flows or of activities, folders, or a canvas with 'funding:'.",
            )
        found.append(_given(one))
    return found


def _given(source: Source) -> Given:
    if isinstance(source, Canvas):
        return Given(source, "canvas")
    path = Path(source)
    return Given(read_canvas(path) if not path.is_dir() and is_canvas(path) else path, path.name)


def language_of(given: Sequence[Given]) -> str:
    """Return the language of the canvas among sources, the last if there are several."""
    spoken = [one.source.language for one in given if isinstance(one.source, Canvas)]
    return spoken[-1] if spoken else SOURCE


class Reading:
    """Reads sources of every kind into a ledger."""

    def __init__(self, ledger: Ledger, day: str, language: str, progress: Progress) -> None:
        self._ledger = ledger
        self._day = day
        self._language = language
        self._progress = progress
        self.names: list[str] = []
        self.notes: list[str] = []
        self.rates: dict[str, float] = {}

    def read(self, sources: Sequence[Given]) -> None:
        """Read canvases and tables first, because a mistake in them is found at once."""
        if not sources:
            raise OptionError("There is nothing to read.", "Name a file of flows or of activities.")
        activities: list[Path] = []
        for source, name in sources:
            if isinstance(source, Canvas):
                self._read_canvas(source, name)
            elif source.is_dir():
                activities += activity_files(source)
            elif holds_activities(source):
                activities.append(source)
            else:
                self._read_table(source)
        self._read_activities(activities)

    def _read_canvas(self, canvas: Canvas, name: str) -> None:
        self.names.append(name)
        self.rates |= {code.upper(): rate for code, rate in canvas.funding_rates.items()}
        for flow in canvas.funding:
            self._ledger.add_flow(flow)

    def _read_table(self, path: Path) -> None:
        self.names.append(path.name)
        table = open_table(path)
        for flow in read_flows(table, notes=self.notes):
            self._ledger.add_flow(flow)
        with speaking(self._language):
            self.notes += [f"{table.name}: {note}" for note in unread(table)]

    def _read_activities(self, files: Sequence[Path]) -> None:
        self.names += [path.name for path in files]

        def told(path: Path, fraction: float) -> None:
            self._progress(f"reading {path.name}", fraction)

        activities = read_activities(files, since=self._day, notes=self.notes, told=told)
        with speaking(self._language):
            for _, activity in activities:
                self._ledger.add_activity(activity)
