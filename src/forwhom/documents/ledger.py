"""The ledger: a line for each run, with the fingerprints of what it read and of what it found.

It stands beside the segmentation (``ledger.jsonl``), is only added to, and holds no row of
anybody's data. So a number can be traced to its run, and a result of another model is called stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from os import PathLike
from typing import Literal

from pydantic import Field, ValidationError

from forwhom.documents.base import Document
from forwhom.documents.segmentation import Segmentation
from forwhom.errors import DocumentError
from forwhom.languages.catalog import tr, tr_count
from forwhom.suffixes import path_asked

#: The file beside a segmentation.
LEDGER = "ledger.jsonl"
#: Days after which a refresh needs another one.
FRESH = 90


class LedgerLine(Document):
    """One run."""

    run: Literal["discover", "refresh"]
    at: str = Field(description="When it ended: ISO 8601, UTC.")
    version: str
    lineage: str = Field(description="Of the model: the same one numbers the same segments.")
    study: str = Field(default="", description="Fingerprint of the study.")
    sources: dict[str, str] = Field(description="Table to its fingerprint.")
    seed: int = 0
    day: str = Field(default="", description="Of a refresh: the day of the memberships.")
    verdict: str = ""
    evidence: dict[str, str] = Field(description="Id to fingerprint of what was found.")


def discovered(found: Segmentation) -> LedgerLine:
    """Return the line of the run that found segments."""
    return LedgerLine(
        run="discover",
        at=found.created,
        version=found.version,
        lineage=found.lineage,
        study=_study(found),
        sources={one.name: one.fingerprint for one in found.sources},
        seed=found.fit.seed,
        evidence={e.id: e.fingerprint for e in found.evidence if e.source in _sources(found)},
    )


def refreshed(found: Segmentation) -> LedgerLine | None:
    """Return the line of the refresh that a segmentation holds; None without one."""
    told = found.refreshed
    if told is None:
        return None
    own = {one.fingerprint for one in told.sources[:1]}
    return LedgerLine(
        run="refresh",
        at=told.created,
        version=told.version,
        lineage=told.lineage,
        study=_study(found),
        sources={one.name: one.fingerprint for one in told.sources},
        seed=told.seed,
        day=told.day,
        verdict=told.verdict,
        evidence={e.id: e.fingerprint for e in found.evidence if e.source in own},
    )


def _sources(found: Segmentation) -> set[str]:
    several = hashlib.sha256("\n".join(s.fingerprint for s in found.sources).encode())
    return {one.fingerprint for one in found.sources} | {several.hexdigest()[:16]}


def _study(found: Segmentation) -> str:
    if found.study is None:
        return ""
    text = json.dumps(found.study, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_ledger(path: str | PathLike[str]) -> list[LedgerLine]:
    """Read a ledger: its file, or the folder of a run; empty where there is none.

    Parameters
    ----------
    path
        ``ledger.jsonl``, or the folder that holds it.

    Returns
    -------
    list of LedgerLine
        The runs, in the order in which they were made.

    Raises
    ------
    DocumentError
        A line is no run.
    """
    place = path_asked(path)
    file = place / LEDGER if place.is_dir() else place
    if not file.exists():
        return []
    lines = []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if text.strip():
            try:
                lines.append(LedgerLine.model_validate_json(text))
            except ValidationError as error:
                raise DocumentError(
                    f"{file}:{number}: this is no run of a ledger.",
                    "A ledger is only added to by forwhom; bring back the file as it was.",
                ) from error
    return lines


def ledger_lines(lines: Sequence[LedgerLine], found: Segmentation) -> list[LedgerLine]:
    """Return a ledger with the runs that a segmentation comes from; what is there stays."""
    told = list(lines)
    for line in (discovered(found), refreshed(found)):
        if line is not None and not any(_same(line, one) for one in told):
            told.append(line)
    return told


def ledger_text(lines: Sequence[LedgerLine]) -> str:
    """Return the ledger as its file holds it."""
    return "".join(line.model_dump_json() + "\n" for line in lines)


def _same(a: LedgerLine, b: LedgerLine) -> bool:
    return (a.run, a.at, a.lineage) == (b.run, b.at, b.lineage)


def traced(lines: Sequence[LedgerLine], what: str) -> list[LedgerLine]:
    """Return the runs in which a fingerprint, or the id of an item of evidence, was computed."""
    return [
        line
        for line in lines
        if what in line.evidence
        or what in line.evidence.values()
        or what in line.sources.values()
        or what == line.lineage
    ]


def stale(found: Segmentation, today: date | None = None) -> str:
    """Return why the refresh of a segmentation no longer counts; empty where it does."""
    told = found.refreshed
    if told is None:
        return ""
    if told.lineage != found.lineage:
        return tr("it was of another model")
    made = datetime.fromisoformat(told.created).date()
    age = ((today or datetime.now(UTC).date()) - made).days
    if age <= FRESH:
        return ""
    return tr_count("it was made {n} day ago", "it was made {n} days ago", age)
