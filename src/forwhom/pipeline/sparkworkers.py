"""What Spark's workers run to code customers and add them up.

A worker imports this module before it reads what travels with a function, so heavy imports stand in
functions: by then numba knows where to keep what it compiles.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from forwhom.documents.base import Measure
    from forwhom.mixture.design import Design
    from forwhom.mixture.parameters import Parameters
    from forwhom.mixture.shape import Shape

#: Rows that a worker adds up at a time.
_ROWS = 1 << 16


def let_kernels_be_kept() -> None:
    """Give numba a folder where neither our own nor the user's home can be written."""
    homes = (Path(__file__).parent, Path("~").expanduser())
    if "NUMBA_CACHE_DIR" not in os.environ and not any(os.access(home, os.W_OK) for home in homes):
        folder = tempfile.mkdtemp(prefix="forwhom-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["NUMBA_CACHE_DIR"] = folder


let_kernels_be_kept()


def coded(
    header: Design,
    measures: Mapping[str, Measure],
    levels: Mapping[str, Sequence[str]],
    batches: Iterator[pa.RecordBatch],
) -> Iterator[Design]:
    """Code the customers of a partition, some at a time."""
    from forwhom.mixture.blocks import coded_as
    from forwhom.tables.collecting import columns_of

    for rows in _together(batches):
        yield coded_as(header, columns_of(rows, measures, levels, "a part of the rows"))


def packed(
    header: Design,
    measures: Mapping[str, Measure],
    levels: Mapping[str, Sequence[str]],
    batches: Iterator[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """Write the codes of some customers as one row."""
    for design in coded(header, measures, levels, batches):
        yield pa.RecordBatch.from_pydict(
            {"base": [design.base], "packed": [design.packed.tobytes()]}
        )


def kept(header: Design, batches: Iterator[pa.RecordBatch]) -> Iterator[Design]:
    """Read the codes of customers as they were written."""
    for batch in batches:
        for row in batch.to_pylist():
            # Copied: kernels are compiled for arrays that can be written.
            codes: Any = np.frombuffer(row["packed"], header.packed.dtype).copy()
            packed = codes.reshape(-1, header.packed.shape[1])
            n = len(packed)
            yield replace(
                header, packed=packed, numeric=np.empty((0, n)), base=row["base"], n=float(n)
            )


def summed(
    designs: Callable[[Iterator[pa.RecordBatch]], Iterator[Design]],
    shape: Shape,
    parameters: Parameters,
    batches: Iterator[pa.RecordBatch],
) -> dict[str, Any]:
    """Add up the customers of a partition, for one start."""
    from forwhom.mixture.expectation import Expectation

    n, total = 0, None
    for design in designs(batches):
        sums = Expectation(design, shape, 1).sums(parameters)
        own = [sums.segments[0], sums.levels[0], sums.loglik[0]]
        total = own if total is None else [a + b for a, b in zip(total, own, strict=True)]
        n += design.n_rows
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
