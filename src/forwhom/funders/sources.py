"""Sources of flows: canvases, tables, IATI files and folders of them, read into one ledger."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from forwhom.documents.canvas import Canvas, is_canvas, read_canvas
from forwhom.errors import OptionError
from forwhom.funders.flows import read_flows
from forwhom.funders.iati import activity_files, holds_activities, read_activities
from forwhom.funders.ledger import Ledger
from forwhom.progress import Progress

Source = str | PathLike[str] | Canvas


def sources_of(given: object) -> list[Source]:
    """Return one source or several as a list."""
    several = (
        given if isinstance(given, Sequence) and not isinstance(given, str | bytes) else [given]
    )
    for one in several:
        if not isinstance(one, str | PathLike | Canvas):
            what = "None" if one is None else f"a value of the type {type(one).__name__!r}"
            raise OptionError(
                f"A file or a canvas was expected, and this is {what}.",
                "Name files of flows or of activities, folders, or a canvas with 'funding:'.",
            )
    return list(several)


class Reading:
    """Reads sources of every kind into a ledger."""

    def __init__(self, ledger: Ledger, day: str, progress: Progress) -> None:
        self._ledger = ledger
        self._day = day
        self._progress = progress
        self.names: list[str] = []
        self.notes: list[str] = []
        self.rates: dict[str, float] = {}
        self.language = "en"

    def read(self, sources: Sequence[Source]) -> None:
        """Read canvases and tables first, because a mistake in them is found at once."""
        if not sources:
            raise OptionError("There is nothing to read.", "Name a file of flows or of activities.")
        activities: list[Path] = []
        for source in sources:
            if isinstance(source, Canvas):
                self._read_canvas(source, "canvas")
            elif Path(source).is_dir():
                activities += activity_files(Path(source))
            elif is_canvas(source):
                self._read_canvas(read_canvas(source), Path(source).name)
            elif holds_activities(Path(source)):
                activities.append(Path(source))
            else:
                self._read_table(Path(source))
        self._read_activities(activities)

    def _read_canvas(self, canvas: Canvas, name: str) -> None:
        self.names.append(name)
        self.language = canvas.language
        self.rates |= {code.upper(): rate for code, rate in canvas.funding_rates.items()}
        for flow in canvas.funding:
            self._ledger.add_flow(flow)

    def _read_table(self, path: Path) -> None:
        self.names.append(path.name)
        for flow in read_flows(path, notes=self.notes):
            self._ledger.add_flow(flow)

    def _read_activities(self, files: Sequence[Path]) -> None:
        self.names += [path.name for path in files]

        def told(path: Path, fraction: float) -> None:
            self._progress(f"reading {path.name}", fraction)

        activities = read_activities(files, since=self._day, notes=self.notes, told=told)
        for _, activity in activities:
            self._ledger.add_activity(activity)
