"""Placing customers on Spark: our own code, on its workers.

A worker imports this module before it runs anything of it, so heavy imports stand in functions:
by then numba knows where to keep what it compiles.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.errors import DataError
from forwhom.pipeline.sparkworkers import let_kernels_be_kept
from forwhom.tables.spark import of_each_partition

if TYPE_CHECKING:
    from forwhom.customers.everybody import Asked
    from forwhom.customers.opening import Part
    from forwhom.documents.base import Measure
    from forwhom.documents.models import Model
    from forwhom.documents.segmentation import Segmentation, Variable


def placed_on_spark(segmentation: Segmentation, parts: Sequence[Part]) -> Any:
    """Return a frame of Spark with the segment and the probabilities of each customer."""
    from forwhom.customers.newcomers import absent_notes, known_variables, misspelled

    here = known_variables(segmentation, parts)
    part = _one_with_ids(segmentation, parts)
    wanted = [v for v in here if v.name in part.table.columns]
    for note in (*misspelled(segmentation, parts), *absent_notes(segmentation, part.table.columns)):
        warnings.warn(note, stacklevel=3)
    assert part.id is not None
    frame: Any = part.table.frame.select(
        *dict.fromkeys([part.id, *(v.name for v in wanted)])
    ).to_native()
    of_rules = segmentation.model.kind == "rules"
    known = segmentation.variables if of_rules else wanted
    placed = partial(_placed, segmentation.model, known, [v.name for v in wanted], part.id)
    return frame.mapInArrow(placed, _schema(segmentation, part.id, frame, also=["fit"]))


def members_on_spark(segmentation: Segmentation, asked: Asked, identity: str) -> Any:
    """Return a frame of Spark with the members that were found among its customers."""
    frame: Any = asked.table.frame.select(*dict.fromkeys([identity, *asked.measures])).to_native()
    placed = partial(_member, segmentation.model, asked.measures, asked.levels, identity)
    return frame.mapInArrow(placed, _schema(segmentation, identity, frame, also=[]))


def customers_of_each(members: Any, k: int) -> list[int]:
    """Return how many members each segment has: one job."""
    counted = of_each_partition(
        nw.from_native(members).select("segment"), partial(_counted, k), "counts ARRAY<BIGINT>"
    )
    return [sum(row["counts"][segment] for row in counted) for segment in range(1, k + 1)]


def _counted(k: int, batches: Iterator[pa.RecordBatch]) -> dict[str, Any]:
    import numpy as np

    counts = np.zeros(k + 1, dtype=np.int64)
    for batch in batches:
        counts += np.bincount(batch["segment"].to_numpy(zero_copy_only=False), minlength=k + 1)
    return {"counts": counts.tolist()}


def _one_with_ids(segmentation: Segmentation, parts: Sequence[Part]) -> Part:
    if len(parts) > 1:
        raise DataError(
            f"{len(parts)} tables were given, and customers on Spark are placed from one.",
            "Join them there first, into one row per customer.",
        )
    (part,) = parts
    if part.id is None:
        known = segmentation.id_column
        what = "the segments know no id" if known is None else f"there is no column {known!r}"
        raise DataError(
            f"{part.name}: {what}, and rows on Spark have no number that they could go by.",
            "Give the customers an id, in the study and in the data.",
        )
    return part


def _schema(segmentation: Segmentation, identity: str, frame: Any, also: Sequence[str]) -> str:
    """Return the columns of the answer, as Spark writes a schema."""
    from forwhom.customers.members import free_name
    from forwhom.tables.spark import spark_quoted

    k = len(segmentation.segments)
    kind = frame.schema[identity].dataType.simpleString()
    numbers = [*(f"p{i + 1}" for i in range(k)), "certainty"]
    if getattr(segmentation.model, "classes", None) is not None:
        numbers.append("scale")
    told = [f"{spark_quoted(free_name(identity, k))} {kind}", "segment INT"]
    return ", ".join([*told, *(f"{name} DOUBLE" for name in (*numbers, *also))])


def _placed(
    model: Model,
    variables: Sequence[Variable],
    wanted: Sequence[str],
    identity: str,
    batches: Iterator[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """Place the customers of each batch."""
    let_kernels_be_kept()
    from forwhom.customers.members import members_table
    from forwhom.customers.newcomers import placed
    from forwhom.tables.collecting import columns_of

    here = [v for v in variables if v.name in wanted]
    measures = {v.name: v.measure for v in here}
    levels = {v.name: v.levels for v in here if v.levels}
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        columns = columns_of(rows, measures, levels, "a part of the rows")
        scores = placed(model, variables, columns, len(rows))
        table = members_table(
            rows[identity], identity, scores.segment, scores.probabilities, scores.place
        )
        fit = pa.array(scores.fit, from_pandas=True)
        yield from table.append_column("fit", fit).combine_chunks().to_batches()


def _member(
    model: Model,
    measures: Mapping[str, Measure],
    levels: Mapping[str, Sequence[str]],
    identity: str,
    batches: Iterator[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """Place the customers of each batch in the segments that were found among them."""
    let_kernels_be_kept()
    from forwhom.customers.members import placed_members
    from forwhom.tables.collecting import columns_of

    for batch in batches:
        rows = pa.Table.from_batches([batch])
        columns = columns_of(rows, measures, levels, "a part of the rows")
        yield from (
            placed_members(model, columns, rows[identity], identity).combine_chunks().to_batches()
        )
