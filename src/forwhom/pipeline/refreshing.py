"""A later period against the segments of an earlier run: scored, compared, found again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forwhom.customers.history import History
from forwhom.customers.members import read_members
from forwhom.customers.newcomers import (
    as_in_study,
)
from forwhom.customers.pseudonyms import without_persons
from forwhom.documents import AnySegmentation, Segmentation, Study, segmentation_of
from forwhom.documents.items import GaussianBlock, TiltItem
from forwhom.documents.models import MixtureModel
from forwhom.documents.refresh import (
    Move,
    PeriodSource,
    Range,
    Refitted,
    Refresh,
    SizeNow,
    Successor,
    Transitions,
    verdict_of,
)
from forwhom.documents.segmentation import Evidence
from forwhom.errors import DataError, ForwhomError
from forwhom.evidence.comparison import adjusted_rand
from forwhom.evidence.overtime import Held, Later, hold_against
from forwhom.evidence.refreshed import refresh_evidence, with_refresh
from forwhom.evidence.transitions import transitions_of
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.mixture.matching import match_segments
from forwhom.mixture.scoring import Scores
from forwhom.personas import without_outliers
from forwhom.pipeline.discovery import Result, discover
from forwhom.pipeline.keeping import keep_history, keep_refresh
from forwhom.pipeline.period import Period
from forwhom.pipeline.scoring import Scored
from forwhom.progress import Progress, share, silent
from forwhom.statistics.membership import Membership
from forwhom.version import __version__
from forwhom.wording import listed, pair

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Refreshed:
    """A later period held against segments.

    Parameters
    ----------
    refresh
        What was found: verdict, sizes, moves, composition, transitions; no row of anybody's data.
    evidence
        The same as items that a canvas can cite.
    segmentation
        The segmentation that was given, with the result and its evidence in it.
    scored
        The later customers in the segments as they were: one row per customer.
    refit
        What the same settings find in the later customers; None where that was not asked for, or
        could not be done (the notes say why).
    before
        Who was where in the earlier period, as far as it is known.
    """

    refresh: Refresh
    evidence: list[Evidence]
    segmentation: Segmentation
    scored: Scored
    refit: Result | None = None
    before: pa.Table | None = None

    def __str__(self) -> str:
        return str(self.refresh)

    def save(self, segmentation: str | Path) -> Path:
        """Write the result into a segmentation, its report and its ledger: all of them, or nothing.

        Parameters
        ----------
        segmentation
            ``segmentation.json``, or the folder that holds it.

        Raises
        ------
        OutputError
            It cannot be written, or somebody changed it in the meantime.
        DataError
            The segmentation that is there is another one.
        """
        return keep_refresh(self.segmentation, segmentation)

    def save_history(
        self, path: str | Path, *, since: date | None = None, keep_ids: bool = False
    ) -> History:
        """Add the period to a history of memberships; begin one where there is none.

        Parameters
        ----------
        path
            A Parquet file.
        since
            Where a history begins, the day of the earlier period; left out, the end of its events
            or the day on which segments were found.
        keep_ids
            Whether ids that tell who somebody is are written as they are; else as hashes.

        Raises
        ------
        DataError
            The period is not later than what is there, the history is of another model, or it
            begins without members of the earlier period.
        OutputError
            It cannot be written.
        """
        return keep_history(
            self.segmentation, self.scored.table, self.before, path, since=since, keep_ids=keep_ids
        )


@speaking(SOURCE)  # what is kept is English, whoever reads it
def refresh(
    segmentation: AnySegmentation,
    data: object,
    *,
    members: str | Path | pa.Table | None = None,
    day: date | str | None = None,
    cutoff: date | datetime | None = None,
    refit: bool = True,
    progress: Progress | None = None,
) -> Refreshed:
    """Say whether segments are still true of the customers of a later period.

    Parameters
    ----------
    segmentation
        A Segmentation, its file, or the folder of a run.
    data
        The later period: the tables of the study with other rows, as for :func:`score`.
    members
        Who was where before: a file or table of members. Left out, ``members.parquet`` beside the
        segmentation, where it is a path.
    day
        The day as of which the memberships are; left out: the end of the events, or today.
    cutoff
        Use only events before this moment.
    refit
        Also find segments in the later period with the same settings.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Refreshed
        ``refresh`` has the verdict and what it rests on, ``segmentation`` the same with evidence.

    Raises
    ------
    DataError
        The tables are those that the segments were discovered in, are of an older period, hold too
        few customers or none of the variables; or the members are of another model.
    OptionError
        An option has no usable value.

    Examples
    --------
    >>> print(refresh("segments", "customers-2027.csv"))  # doctest: +SKIP
    """
    found, say = segmentation_of(segmentation), progress or silent
    known = _members(segmentation, members, found)
    say("reading the later period", 0.0)
    period = Period.of(found, data, cutoff, day)
    say("placing the customers", 0.2)
    result, note = (None, "")
    if refit:
        result, note = _refit(found, data, cutoff, share(say, 0.3, 0.9))
    say("comparing with the earlier period", 0.9)
    later, refitted = _later(period, result)
    held = hold_against(found, later)
    transitions = _transitions(found, period, known)
    told = _told(period, later, held, refitted, result, transitions, [note] if note else [])
    evidence = refresh_evidence(told)
    say("done", 1.0)
    return Refreshed(
        refresh=told,
        evidence=evidence,
        segmentation=with_refresh(found, told, evidence),
        scored=period.scored,
        refit=result,
        before=known,
    )


def _members(
    given: AnySegmentation, members: str | Path | pa.Table | None, found: Segmentation
) -> pa.Table | None:
    """Return who was where before, if that is known; refuse members of another model."""
    if members is None:
        if isinstance(given, Segmentation):
            return None
        place = Path(given)
        file = (place if place.is_dir() else place.parent) / "members.parquet"
        if not file.exists():
            return None
        members = file
    table = members if isinstance(members, pa.Table) else read_members(members)
    k = len(found.segments)
    names = set(table.column_names)
    fits = all(f"p{i + 1}" in names for i in range(k)) and f"p{k + 1}" not in names
    sizes = np.bincount(table["segment"].to_numpy(), minlength=k + 1)
    own = [segment.n for segment in found.segments]
    if not fits or len(sizes) > k + 1 or sizes[1:].tolist() != own:
        raise DataError(
            "the members are not of this segmentation: their numbers in the segments are "
            f"{listed([f'{n:,}' for n in sizes[1:].tolist()], most=6)}, and should be "
            f"{listed([f'{n:,}' for n in own], most=6)}.",
            "Give the members.parquet that the same run of 'forwhom discover' wrote.",
        )
    return table


def _refit(
    found: Segmentation, data: object, cutoff: date | datetime | None, progress: Progress
) -> tuple[Result | None, str]:
    """Find segments with the same settings; else say in a sentence why not."""
    if found.fit.method == "rules":
        return None, "Rules are not refitted: a person wrote them."
    if found.study is None:
        return None, "Not refitted: the segmentation has no study."
    try:
        return (
            discover(
                as_in_study(found, data), study=Study.model_validate(found.study), cutoff=cutoff,
                threshold=found.threshold, stability=0, progress=progress, **_settings(found),
            ),
            "",
        )  # fmt: skip
    except ForwhomError as error:
        return None, f"Not refitted: {error}"


def _settings(found: Segmentation) -> dict[str, Any]:
    """Return the options of the earlier run, as far as they decide what is found."""
    fit, k = found.fit, len(found.segments)
    if fit.method != "mixture":
        return {"method": fit.method, "k": k if fit.method == "kmeans" else None, "seed": fit.seed}
    assert isinstance(found.model, MixtureModel)
    items = found.model.items
    blocks = [item for item in items if isinstance(item, GaussianBlock)]
    covariance = "diagonal"
    if blocks:
        tied = all(matrix == blocks[0].covariances[0] for matrix in blocks[0].covariances)
        covariance = "tied" if tied and k > 1 else "full"
    chosen = (
        {"k_max": max(one.k for one in found.selection), "criterion": fit.criterion}
        if fit.criterion and found.selection
        else {"k": k}
    )
    return {
        **chosen,
        "covariance": covariance,
        "numbers": "tilts" if any(isinstance(i, TiltItem) for i in items) else "measured",
        "n_starts": fit.n_starts or None,
        "prior": fit.prior,
        "seed": fit.seed,
        "like": found,
    }


def _later(period: Period, result: Result | None) -> tuple[Later, Refitted | None]:
    """Bring the customers together with the segments of the refit that follow the earlier ones."""
    scores, gathered, found = period.scores, period.gathered, period.segmentation
    member = Membership.of(scores.probabilities, period.weights)
    calm = without_outliers(gathered.columns, member, found.threshold)[0]
    later = Later(
        gathered.columns, scores.probabilities, scores.segment, scores.known, period.weights,
        calm=calm,
    )  # fmt: skip
    if result is None:
        return later, None
    at = pc.index_in(gathered.ids, result.members.column(0).combine_chunks())
    order = np.nan_to_num(at.to_numpy(zero_copy_only=False), nan=-1).astype(np.int64)
    k = len(result.segmentation.segments)
    every = np.stack([result.members[f"p{i + 1}"].to_numpy() for i in range(k)], axis=1)
    refitted = np.where(order[:, None] >= 0, every[order], 0.0)
    both, told = _matched(found, scores, refitted, result)
    return replace(later, refitted=both), told


def _matched(
    found: Segmentation, scores: Scores, refitted: Floats, result: Result
) -> tuple[Floats, Refitted]:
    """Return probabilities of the successors in the order of the earlier segments, and a summary.

    A segment that overlaps too little with what takes its place has no successor.
    """
    k = len(found.segments)
    order, partner = match_segments(scores.probabilities, refitted)
    both = np.full((len(refitted), k), np.nan)
    successors, added = [], []
    for new, old in zip(order.tolist(), partner.tolist(), strict=True):
        size = result.segmentation.segments[new].share
        overlap = 0.0
        if old >= 0:
            shared = np.minimum(scores.probabilities[:, old], refitted[:, new]).sum()
            either = np.maximum(scores.probabilities[:, old], refitted[:, new]).sum()
            overlap = float(shared / max(float(either), 1e-300))
            one = Successor(segment=old + 1, refit=new + 1, overlap=round(overlap, 3))
            successors.append(one)
            if one.found:
                both[:, old] = refitted[:, new]
        if old < 0 or not successors[-1].found:
            added.append(size)
    cross = np.zeros((k + 1, refitted.shape[1]), dtype=np.int64)
    np.add.at(cross, (np.maximum(scores.segment, 0), refitted.argmax(axis=1)), 1)
    agreement = round(adjusted_rand(cross), 3)
    return both, Refitted(
        k=refitted.shape[1], agreement=agreement, successors=successors, added=added
    )


def _told(
    period: Period,
    later: Later,
    held: Held,
    refitted: Refitted | None,
    result: Result | None,
    transitions: Transitions | None,
    notes: list[str],
) -> Refresh:
    found = period.segmentation
    missing = [v.label for v in found.deciding if v.name not in period.gathered.columns]
    moves = [
        move.model_copy(update={"words": _words(found, move, later)}) if move.moved else move
        for move in held.moves
    ]
    return Refresh(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        lineage=found.lineage,
        day=period.day,
        seed=found.fit.seed,
        n=len(period.gathered.ids),
        sources=[
            PeriodSource(name=s.name, rows=s.rows, fingerprint=s.fingerprint)
            for s in (part.source for part in period.parts)
            if s is not None
        ],
        noun=found.noun,
        threshold=found.threshold,
        verdict=verdict_of(held.alarm, moves, held.unfit, held.complete and not missing),
        alarm=round(held.alarm, 6),
        sizes=_sizes(held.sizes, refitted, result),
        shift=held.shift,
        shifts=held.shifts,
        moves=moves,
        unfit=held.unfit,
        transitions=transitions,
        refitted=refitted,
        lacking=missing,
        notes=[*notes, *_remarks(found), *period.notes],
    )


def _sizes(sizes: list[SizeNow], refitted: Refitted | None, result: Result | None) -> list[SizeNow]:
    """Add how large the successor of each segment is in the refit."""
    if refitted is None or result is None:
        return sizes
    own = {one.segment: one for one in refitted.successors if one.found}

    def share_of(segment: int) -> Range | None:
        if segment not in own:
            return None
        found = result.segmentation.segments[own[segment].refit - 1]
        between = found.share_interval
        return Range(value=found.share, low=between.low, high=between.high)

    return [one.model_copy(update={"refitted": share_of(one.segment)}) for one in sizes]


def _words(found: Segmentation, move: Move, later: Later) -> str:
    """Say from what to what a variable of a segment moved, in units of the data."""
    variable = next(v for v in found.variables if v.name == move.variable)
    profile = next(
        (p for p in found.segments[move.segment - 1].profile if p.variable == variable.name), None
    )
    column = (later.calm or later.columns)[variable.name]
    w = later.probabilities[:, move.segment - 1].copy()
    w *= 1.0 if later.weights is None else later.weights
    w[column.missing] = 0.0
    if profile is None or not w.sum() > 0:
        return ""
    if column.levels is None:
        if profile.inside is None:
            return ""
        mean = float(w @ np.nan_to_num(np.asarray(column.values, dtype=np.float64)) / w.sum())
        first, second = pair(profile.inside.mean, mean, variable.unit)
        return f"from {first} on average to {second}" if first != second else ""
    now = np.bincount(np.maximum(column.values, 0), w, len(column.levels)) / w.sum()
    known = {level.level: level.inside for level in profile.levels}
    parts = [
        (abs(float(now[i]) - (known.get(name) or 0.0)), name, known.get(name), float(now[i]))
        for i, name in enumerate(column.levels)
        if known.get(name) is not None and now[i] * w.sum() >= found.threshold
    ]
    if not parts:
        return ""
    _, name, before, after = max(parts, key=lambda part: part[0])
    first, second = pair(before or 0.0, after, "share")
    return f"the share of {name!r} from {first} to {second}"


def _transitions(
    found: Segmentation, period: Period, members: pa.Table | None
) -> Transitions | None:
    """Count who went where, of customers who have an id."""
    if members is None or period.gathered.id_name is None:
        return None
    now = period.scored.table
    before_ids = members.column(0).combine_chunks()
    both = [now, without_persons(now)]
    for table in both:
        ids = table.column(0).combine_chunks()
        if ids.type != before_ids.type:
            ids, before_ids = ids.cast(pa.string()), before_ids.cast(pa.string())
        told = transitions_of(
            before_ids, members["segment"].to_numpy(), ids, now["segment"].to_numpy(),
            k=len(found.segments), threshold=found.threshold,
        )  # fmt: skip
        if told is not None:
            return told
    return None


def _remarks(found: Segmentation) -> list[str]:
    """Say what the segmentation itself lacks for a comparison."""
    notes = []
    if not found.reference:
        notes.append(
            "The segmentation was written before forwhom said what its customers were like, so "
            "nothing but sizes can be compared; discover it again."
        )
    if found.stability is not None and found.stability.reading == "constructive":
        notes.append(
            f"These {found.noun}s were not found again in their own customers either, so a refit "
            "that differs says little."
        )
    return notes
