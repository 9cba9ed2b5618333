"""Fitting customers on Spark: a pass over all of them is one job, and one row of sums comes back.

Parameters travel with the function that the workers run; nothing is kept there between passes. As
in :mod:`forwhom.pipeline.sparkscoring`, heavy imports stand in functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from forwhom.mixture.blocks import header_of, other_number
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.distribution import Floats, Sums
from forwhom.pipeline.sparkscoring import let_kernels_be_kept
from forwhom.tables.spark import of_each_partition

if TYPE_CHECKING:
    from forwhom.customers.everybody import Asked
    from forwhom.documents.base import Measure
    from forwhom.mixture.design import Design
    from forwhom.mixture.parameters import Parameters
    from forwhom.mixture.shape import Shape

#: Rows that a worker adds up at a time.
_ROWS = 1 << 16
_FIELDS = "n BIGINT, segments BINARY, levels BINARY, loglik BINARY"


class OnWorkers(Expectation):
    """The data side of a fit whose rows stay on Spark, coded as the rows of a design are.

    Only of designs without numbers: then sums have levels and no other statistics.
    """

    def __init__(self, asked: Asked, like: Design, shape: Shape) -> None:
        self._header = header_of(like)
        super().__init__(replace(self._header, n=float(asked.n)), shape)
        self._asked = asked

    def _sums(
        self, p: Parameters, weights: Floats, *, keep: bool  # noqa: ARG002 - of rows that are here
    ) -> tuple[Sums, Floats]:  # fmt: skip
        asked = self._asked
        function = partial(
            _summed, self._header, self.layout.shape, p, asked.measures, asked.levels
        )
        frame = asked.table.frame.select(*asked.measures)
        rows = of_each_partition(frame, function, _FIELDS)
        read = sum(row["n"] for row in rows)
        if read != asked.n:
            raise other_number(asked.n, read)
        shapes = [(len(p.weights[0]),), (self._header.groups.n_levels, len(p.weights[0])), ()]
        added = [
            sum(np.frombuffer(row[name]).reshape(shape) for row in rows)
            for name, shape in zip(("segments", "levels", "loglik"), shapes, strict=True)
        ]
        segments, levels, loglik = (np.asarray(one)[None] for one in added)
        statistics = np.zeros((1, 0, len(p.weights[0])))
        return Sums(segments, levels, statistics, (), loglik), np.empty((0, 0, 0))


def _summed(
    header: Design,
    shape: Shape,
    parameters: Parameters,
    measures: Mapping[str, Measure],
    levels: Mapping[str, Sequence[str]],
    batches: Iterator[pa.RecordBatch],
) -> dict[str, Any]:
    """Add up the customers of a partition, for one start."""
    let_kernels_be_kept()
    from forwhom.mixture.blocks import coded_as
    from forwhom.mixture.expectation import Expectation
    from forwhom.tables.collecting import columns_of

    n, total = 0, None
    for rows in _together(batches):
        columns = columns_of(rows, measures, levels, "a part of the rows")
        sums = Expectation(coded_as(header, columns), shape, 1).sums(parameters)
        own = [sums.segments[0], sums.levels[0], sums.loglik[0]]
        total = own if total is None else [a + b for a, b in zip(total, own, strict=True)]
        n += len(rows)
    if total is None:
        return {"n": 0, "segments": b"", "levels": b"", "loglik": b""}
    told = [np.ascontiguousarray(one, dtype=np.float64).tobytes() for one in total]
    return {"n": n, "segments": told[0], "levels": told[1], "loglik": told[2]}


def _together(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Put small batches together."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= _ROWS:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
    if held:
        yield pa.Table.from_batches(held)
