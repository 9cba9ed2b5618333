"""From files of flows to who funds whom."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

from forwhom.documents.canvas import (
    AnyCanvas,
    Canvas,
    canvas_of,
    edited,
    edits_of,
    read_canvas,
)
from forwhom.documents.results.funding import Basis, Funding, Proposal
from forwhom.errors import OptionError, SourceError, nearest
from forwhom.progress import Progress, silent
from forwhom.suffixes import YAML, ends_with

Source = str | PathLike[str] | Canvas


def funding(
    source: Source | Sequence[Source],
    *,
    sector: str | Sequence[str] = (),
    country: str | Sequence[str] = (),
    currency: str = "",
    rates: Mapping[str, float] | None = None,
    basis: Basis = "spent",
    today: str | datetime.date | None = None,
    progress: Progress | None = None,
) -> Funding:
    """Say who funds whom in which sector and country, and until when.

    Parameters
    ----------
    source
        IATI 2.0x activity files (XML, also ``.gz``), folders of them, tables of flows (CSV,
        Parquet, Excel; columns ``from``, ``to``, ``amount`` and others), a canvas with
        ``funding:``, or several of these.
    sector, country
        Only these: DAC codes or their beginnings, words of names; ISO codes or names of countries.
    currency
        Currency of the answer. Left out, it is that of the data, or USD where there are several.
    rates
        What one unit of a currency is worth in the currency of the answer.
    basis
        Money that was ``"spent"`` (disbursed, expended) or ``"committed"``.
    today
        The day that divides past from future; left out, the day on which it runs.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Funding
        Flows, concentration, sectors, countries, roles, known money by quarter, and what was
        left out or assumed.

    Raises
    ------
    SourceError
        A file is missing, damaged, no IATI activity file, or declares a document type.
    DataError
        Another version of IATI, no money, or a rate that is missing.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> canvas = parse_canvas('''
    ... forwhom: 1
    ... kind: canvas
    ... funding:
    ...   - {from: Harbor Fund, to: Clinic Network, amount: 300, sector: Health, country: Kenya}
    ...   - {from: Ministry of Health, to: Clinic Network, amount: 100, country: Kenya}
    ... ''')
    >>> found = funding(canvas, today="2026-11-25")
    >>> found.total, found.currency, found.concentration[0].hhi
    (400.0, 'USD', 6250.0)
    """
    from forwhom.funders import Choice, Ledger, funding_of
    from forwhom.version import __version__

    day = _day(today)
    _check(currency, rates or {})
    given = _sources(source)
    ledger = Ledger(basis, Choice(_words(sector), _words(country)), day)
    reading = _Reading(ledger, day, progress or silent)
    reading.read(given)
    return funding_of(
        ledger,
        sources=reading.names,
        today=day,
        currency=currency.upper(),
        rates={**reading.rates, **{code.upper(): rate for code, rate in (rates or {}).items()}},
        notes=reading.notes,
        version=__version__,
    )


def _sources(given: object) -> list[Source]:
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


def _words(given: str | Sequence[str]) -> list[str]:
    words = [given] if isinstance(given, str) else list(given)
    return [word for word in words if word.strip()]


def _day(today: str | datetime.date | None) -> str:
    try:
        if isinstance(today, str):
            return datetime.date.fromisoformat(today).isoformat()
    except ValueError as error:
        raise OptionError(
            f"{str(today)[:40]!r} is not a day.", "Expected a day such as 2026-11-25."
        ) from error
    return (today or datetime.date.today()).isoformat()


def _check(currency: str, rates: Mapping[str, float]) -> None:
    for code in (*rates, *([currency] if currency else [])):
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise OptionError(
                f"{code[:40]!r} is not a currency.", "Expected three letters, such as EUR."
            )
    for code, rate in rates.items():
        if not 0 < rate < float("inf"):
            raise OptionError(
                f"The rate of {code} is {rate}.",
                "Expected a number above 0: what 1 of it is worth.",
            )


class _Reading:
    """Reads sources of every kind into a ledger."""

    def __init__(self, ledger: object, day: str, progress: Progress) -> None:
        from forwhom.funders import Ledger

        assert isinstance(ledger, Ledger)
        self._ledger = ledger
        self._day = day
        self._progress = progress
        self.names: list[str] = []
        self.notes: list[str] = []
        self.rates: dict[str, float] = {}

    def read(self, sources: Sequence[Source]) -> None:
        """Read canvases and tables first, because a mistake in them is found at once."""
        if not sources:
            raise OptionError("There is nothing to read.", "Name a file of flows or of activities.")
        activities: list[Path] = []
        for source in sources:
            if isinstance(source, Canvas):
                self._read_canvas(source, "canvas")
            elif Path(source).is_dir():
                activities += _activity_files(Path(source))
            elif ends_with(source, YAML):
                self._read_canvas(read_canvas(source), Path(source).name)
            elif _is_activities(source):
                activities.append(Path(source))
            else:
                self._read_table(source)
        self._read_activities(activities)

    def _read_canvas(self, canvas: Canvas, name: str) -> None:
        self.names.append(name)
        self.rates |= {code.upper(): rate for code, rate in canvas.funding_rates.items()}
        for flow in canvas.funding:
            self._ledger.add_flow(flow)

    def _read_table(self, source: str | PathLike[str]) -> None:
        from forwhom.funders.flows import read_flows

        self.names.append(Path(source).name)
        for flow in read_flows(Path(source), notes=self.notes):
            self._ledger.add_flow(flow)

    def _read_activities(self, files: Sequence[Path]) -> None:
        from forwhom.funders.iati import read_activities

        self.names += [path.name for path in files]

        def told(path: Path, fraction: float) -> None:
            self._progress(f"reading {path.name}", fraction)

        activities = read_activities(files, since=self._day, notes=self.notes, told=told)
        for _, activity in activities:
            self._ledger.add_activity(activity)


def _activity_files(folder: Path) -> list[Path]:
    from forwhom.funders.iati import is_activity_file

    files = sorted(path for path in folder.rglob("*") if path.is_file() and is_activity_file(path))
    files = [path for path in files if not path.name.startswith(".")]
    if not files:
        raise SourceError(
            f"The folder {folder} holds no IATI files.",
            "Expected files that end with .xml or .xml.gz.",
        )
    return files


def _is_activities(source: str | PathLike[str]) -> bool:
    """Return whether a source is XML: by its name, or by its first sign."""
    from forwhom.funders.iati import is_activity_file

    path = Path(source)
    if is_activity_file(path):
        return True
    if not path.is_file() or "." in path.name.removesuffix(".gz"):
        return False
    with path.open("rb") as raw:
        return raw.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def check_segments(canvas: Canvas, segments: Sequence[str]) -> None:
    """Refuse ids that are no segment of a canvas.

    Raises
    ------
    OptionError
        One is not; the advice names the nearest.
    """
    ids = [segment.id for segment in canvas.segments]
    for name in segments:
        if name not in ids:
            some = f"Its segments are: {', '.join(ids[:10])}." if ids else "It has no segment yet."
            raise OptionError(f"The canvas has no segment {name!r}.", nearest(name, ids) or some)


def propose_participants(
    found: Funding, canvas: AnyCanvas, *, segments: Sequence[str] = (), most: int = 5
) -> tuple[str, list[Proposal]]:
    """Return the text of a canvas with participants that funding data show, and which are new.

    Nothing is written, and nothing that stands in the canvas changes: each new participant is
    added at the end of ``participants:``, with its roles and with evidence that it cites. Our own
    organization (``names: ours``) is none.

    Parameters
    ----------
    found
        What :func:`funding` found.
    canvas
        A canvas, or the path of one.
    segments
        Ids of the segments whose purchase they take part in. Left out, they name none, and so
        take part in the purchase of every segment.
    most
        Organizations for each role, those with the most money and activities first.

    Raises
    ------
    OptionError
        This is no canvas, or it has no such segment.
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas.
    """
    from forwhom.funders.proposals import proposals

    known = canvas_of(canvas)
    check_segments(known, segments)
    edits = edits_of(known)
    made = proposals(found, known, most, list(dict.fromkeys(segments)))
    for one in made:
        edits.append(("participants",), one.participant)
        edits.append(("evidence",), one.evidence)
    return edited(known, edits)[1], [one.proposal for one in made]
