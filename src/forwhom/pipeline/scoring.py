from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, overload

import numpy as np
import pyarrow as pa

from forwhom.customers.everybody import Unique, many_in
from forwhom.customers.members import MembersFile, members_table, write_members, written_members
from forwhom.customers.newcomers import (
    Noticed,
    gather_newcomers,
    known_variables,
    misspelled,
    notes_on,
    open_newcomers,
    place_newcomers,
    placed,
)
from forwhom.customers.opening import Part
from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.segmentation import Segmentation
from forwhom.pipeline.sparkscoring import placed_on_spark
from forwhom.progress import Progress, silent
from forwhom.tables.batches import batches_of
from forwhom.tables.spark import SparkFrame, is_spark


@dataclass(frozen=True)
class Scored:
    """New customers in the segments of an earlier run."""

    placed: pa.Table | MembersFile  # who belongs where, or the file of very many
    notes: list[str]  # what was missing, unknown or unusual in the new data
    segmentation: Segmentation  # the segments

    @property
    def table(self) -> pa.Table:
        """One row per customer: the id, ``segment`` (0: none of these), ``p1`` to ``pK``.

        Then ``certainty`` (the probability of the segment; 0 for none of these), ``scale``, where
        there is one, and ``fit``: how like a member of the segment, in standard deviations. Of very
        many customers, all are read into memory.
        """
        return self.placed.table() if isinstance(self.placed, MembersFile) else self.placed

    def __len__(self) -> int:
        return len(self.placed)

    @property
    def first(self) -> pa.Table:
        """The first rows of the table, or all of them."""
        return self.placed.first() if isinstance(self.placed, MembersFile) else self.placed

    def save(self, path: str | Path, *, overwrite: bool = False, keep_ids: bool = False) -> Path:
        """Write the table as ``.parquet``, ``.csv``, ``.xlsx`` or ``.sav``, whole or not at all.

        Ids that tell who somebody is, such as e-mail addresses, are hashed, unless ``keep_ids``.
        """
        names = {s.id: s.name for s in self.segmentation.segments} | {0: "None of these"}
        return write_members(self.placed, path, overwrite=overwrite, names=names, keep_ids=keep_ids)

    def counts(self) -> dict[int, int]:
        """Return how many customers are in each segment; 0 is none of these."""
        if isinstance(self.placed, MembersFile):
            return {i: int(n) for i, n in enumerate(self.placed.segments)}
        segment = self.placed["segment"].to_numpy()
        k = len(self.segmentation.segments)
        return {i: int(n) for i, n in enumerate(np.bincount(segment, minlength=k + 1))}

    def _repr_html_(self) -> str:
        names = {s.id: s.name for s in self.segmentation.segments} | {0: "None of these"}
        rows = "".join(
            f"<tr><td>{i}</td><td>{html.escape(names[i])}</td><td>{n:,}</td></tr>"
            for i, n in self.counts().items()
            if i or n
        )
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return (
            "<table><thead><tr><th></th><th>Segment</th><th>Placed here</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>" + (f"<ul>{notes}</ul>" if notes else "")
        )


@overload
def score(
    segmentation: AnySegmentation,
    data: SparkFrame,
    *,
    cutoff: date | datetime | None = None,
    progress: Progress | None = None,
) -> Any: ...


@overload
def score(
    segmentation: AnySegmentation,
    data: object,
    *,
    cutoff: date | datetime | None = None,
    progress: Progress | None = None,
) -> Scored: ...


def score(
    segmentation: AnySegmentation,
    data: object,
    *,
    cutoff: date | datetime | None = None,
    progress: Progress | None = None,
) -> Any:
    """Place new customers into the segments of an earlier run.

    Parameters
    ----------
    segmentation
        A Segmentation, its file, or the folder of a run.
    data
        New customers: the tables of the study with other rows (a frame, a path, several of
        them, or by name), or one table with one row per customer. Columns may be missing.
        A frame of Spark is placed there.
    cutoff
        Use only events before this moment; left out: as the stored study says.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Scored
        Segment and probabilities of each customer, and what was missing or unusual. Of a frame of
        Spark: a frame of Spark with the columns of ``Scored.table``, of which nothing is computed
        yet.

    Raises
    ------
    DataError
        The tables have none of the variables that place customers.
    """
    segmentation = segmentation_of(segmentation)
    say = progress or silent
    say("reading the new customers", 0.0)
    parts = open_newcomers(segmentation, data, cutoff)
    if any(is_spark(part.table.frame) for part in parts):
        return placed_on_spark(segmentation, parts)
    n = many_in(parts)
    if n is not None:
        return _placed_in_parts(segmentation, parts, n, say)
    say("preparing them as the study says", 0.2)
    gathered = gather_newcomers(segmentation, parts)
    say("placing them", 0.8)
    scores = place_newcomers(segmentation, gathered)
    table = members_table(
        gathered.ids, gathered.id_name, scores.segment, scores.probabilities, scores.place
    )
    table = table.append_column("fit", pa.array(scores.fit, from_pandas=True))
    notes = [*gathered.notes, *gathered.warnings]
    notes += notes_on(segmentation, gathered.columns, scores)
    say("done", 1.0)
    return Scored(table, notes, segmentation)


def _placed_in_parts(
    segmentation: Segmentation, parts: Sequence[Part], n: int, progress: Progress
) -> Scored:
    """Place very many customers of one table, some at a time."""
    [part] = parts
    known = known_variables(segmentation, parts)
    wanted = {v.name: v for v in known if v.name in set(part.table.columns)}
    measures = {name: v.measure for name, v in wanted.items()}
    levels = {v.name: v.levels for v in wanted.values() if v.levels}
    noticed, unique = Noticed(segmentation), Unique(part.table, part.id, n)

    def tables() -> Iterator[pa.Table]:
        for batch in batches_of(part.table, measures, id_column=part.id, levels=levels):
            unique.add(batch)
            scores = placed(segmentation.model, segmentation.variables, batch.columns, len(batch))
            noticed.add(batch.columns, scores)
            table = members_table(
                batch.ids, part.id, scores.segment, scores.probabilities, scores.place
            )
            yield table.append_column("fit", pa.array(scores.fit, from_pandas=True))
            progress(f"placing {n:,} customers", 0.2 + 0.8 * noticed.n / n)

    members = written_members(tables(), len(segmentation.segments))
    unique.check()
    noticed.check()
    said = [*misspelled(segmentation, parts), *part.table.notes, *noticed.notes()]
    progress("done", 1.0)
    return Scored(members, said, segmentation)
