"""Fitting customers on Spark: a pass over all of them is one job, and one row of sums comes back.

Parameters travel with the function that the workers run; nothing is kept in them between passes.
What they run stands in :mod:`forwhom.pipeline.sparkworkers`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import narwhals.stable.v2 as nw
import numpy as np

from forwhom.errors import OutputError
from forwhom.mixture.blocks import header_of, other_number
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.families.distribution import Floats, Sums
from forwhom.pipeline.sparkworkers import coded, kept, packed, summed
from forwhom.tables.engine import first_line, scratch
from forwhom.tables.spark import SparkFrame, of_each_partition

if TYPE_CHECKING:
    from forwhom.customers.everybody import Asked
    from forwhom.mixture.design import Design
    from forwhom.mixture.parameters import Parameters
    from forwhom.mixture.shape import Shape

_FIELDS = "n BIGINT, segments BINARY, levels BINARY, loglik BINARY"
#: What is kept of some customers: their codes, and the log-likelihood that no parameter changes.
_BLOCK = "base DOUBLE, packed BINARY"


class OnWorkers(Expectation):
    """The data side of a fit whose rows stay on Spark, coded as the rows of a design are.

    Only of designs without numbers: then sums have levels and no other statistics. ``blocks`` are
    the rows as :func:`coded_once` keeps them; without, each pass codes them anew.
    """

    def __init__(
        self, asked: Asked, like: Design, shape: Shape, blocks: SparkFrame | None = None
    ) -> None:
        self._header = header_of(like)
        super().__init__(replace(self._header, n=float(asked.n)), shape)
        self._asked, self._blocks = asked, blocks

    def _sums(
        self, p: Parameters, weights: Floats, *, keep: bool  # noqa: ARG002 - of rows that are here
    ) -> tuple[Sums, Floats]:  # fmt: skip
        asked = self._asked
        if self._blocks is None:
            frame: Any = asked.table.frame.select(*asked.measures)
            designs = partial(coded, self._header, asked.measures, asked.levels)
        else:
            frame, designs = nw.from_native(self._blocks), partial(kept, self._header)
        function = partial(summed, designs, self.layout.shape, p)
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


@contextmanager
def coded_once(asked: Asked, like: Design, folder: str) -> Iterator[SparkFrame | None]:
    """Keep the rows as packed codes while they are fitted, a few bytes for each; yield their frame.

    In ``folder``, which Spark can write; without one, in our own where Spark runs on this machine
    alone; otherwise nothing is kept, and None comes.
    """
    frame: Any = asked.table.frame.select(*asked.measures).to_native()
    if not folder and not _is_here(asked.table.frame):
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="packed-", dir=scratch()) as own:
        place = f"{folder.rstrip('/') if folder else Path(own).as_uri()}/forwhom-{uuid4().hex}"
        writing = partial(packed, header_of(like), asked.measures, asked.levels)
        try:
            written: SparkFrame | None = None
            try:
                frame.mapInArrow(writing, _BLOCK).write.parquet(place)
                written = frame.sparkSession.read.parquet(place)
            except Exception as error:
                if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j"):
                    raise
                if folder:
                    raise _not_kept(place, error) from error
            yield written
        finally:  # Spark cannot remove a folder everywhere, and empties it
            nobody = frame.selectExpr("0D AS base", "X'' AS packed").limit(0)
            with (
                suppress(Exception) if written is None else nullcontext()
            ):  # was it written at all?
                nobody.write.mode("overwrite").parquet(place)


def _not_kept(place: str, error: Exception) -> OutputError:
    """Return what went wrong on Spark, in words."""
    _, _, cause = str(error).partition("\n: ")  # before it, only which of its objects was called
    return OutputError(
        f"Spark could not keep the codes of the customers in {place}: "
        f"{first_line(OSError(cause or str(error)))}",
        "Name a folder that Spark can write (spark_folder), or leave it out.",
    )


def _is_here(frame: nw.LazyFrame[Any]) -> bool:
    """Whether the workers of a frame run on this machine, all of them."""
    native: Any = frame.to_native()
    master = native.sparkSession.conf.get("spark.master", "")
    return frame.implementation is nw.Implementation.PYSPARK and master.startswith("local")
