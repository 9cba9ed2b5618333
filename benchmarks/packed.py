"""Very many customers from a Parquet file: fitted from packed blocks, found, placed.

Run it with ``python benchmarks/packed.py [ROWS ...] [whole]``: so many customers (10 million unless
said otherwise) with twenty answers of two to five levels, in four true segments. *fit* reads the
file and fits four segments to everybody, beginning with those of 20,000; *in memory* reads all of
it first, as is done with fewer. ``whole`` also runs ``discover`` and ``score`` as a person does.
Processor time of a process and the most memory that it held, libraries and all.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from measuring import Answer, ask, serve

SHARES = np.array([0.4, 0.3, 0.2, 0.1])
VARIABLES, K, FIRST = 20, 4, 20_000
AT_A_TIME = 1_000_000


def write(path: Path, rows: int) -> None:
    """Write customers, a million at a time."""
    rng = np.random.default_rng(0)
    chances = [rng.dirichlet(np.full(2 + j % 4, 0.8), size=K) for j in range(VARIABLES)]
    writer: pq.ParquetWriter | None = None
    for first in range(0, rows, AT_A_TIME):
        table = _customers(first, min(AT_A_TIME, rows - first), chances)
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _customers(first: int, n: int, chances: list[np.ndarray]) -> pa.Table:
    rng = np.random.default_rng([1, first])
    segment = rng.choice(K, size=n, p=SHARES)
    columns: dict[str, pa.Array] = {"customer": pa.array(np.arange(first, first + n))}
    for j, own in enumerate(chances):
        upto = own.cumsum(axis=1)[:, :-1]
        code = (rng.random(n)[:, None] > upto[segment]).sum(axis=1).astype(np.int8)
        levels = [f"level {chr(97 + i)}" for i in range(own.shape[1])]
        columns[f"answer {j}"] = pa.DictionaryArray.from_arrays(code, levels)
    return pa.table(columns)


def fit(path: str) -> Answer:
    """Fit four segments to everybody, from packed blocks."""
    from forwhom.mixture import build_design, fit_mixture
    from forwhom.mixture.blocks import Blocks
    from forwhom.mixture.choosing import carried_on
    from forwhom.mixture.fitting import FitOptions
    from forwhom.tables import collect_columns, open_table, row_count
    from forwhom.tables.batches import batches_of
    from forwhom.tables.drawing import drawn

    begun = _seconds()
    table, options = open_table(path), FitOptions(n_starts=50)
    measures, n = _measures(), row_count(table)
    _, some = collect_columns(drawn(table, "customer", FIRST / n), measures)
    design = build_design(list(some.values()), measures)
    first = fit_mixture(design, K, options)
    levels = {name: column.levels for name, column in some.items() if column.levels}
    with tempfile.TemporaryDirectory() as folder:
        blocks = Blocks(design, n, Path(folder))
        for batch in batches_of(table, measures, levels=levels):
            blocks.add(batch.columns)
        packed = _seconds()
        found = carried_on(first, blocks.design(), options)
    return {
        "loglik": found.log_likelihood, "weights": found.weights.tolist(), "passes": found.n_iter,
        "packed": packed - begun, **_used(begun),
    }  # fmt: skip


def in_memory(path: str) -> Answer:
    """Fit four segments to everybody, once all are in memory."""
    from forwhom.mixture import build_design, fit_mixture
    from forwhom.mixture.fitting import FitOptions
    from forwhom.tables import collect_columns, open_table

    begun = _seconds()
    _, columns = collect_columns(open_table(path), _measures())
    design = build_design(list(columns.values()), _measures())
    found = fit_mixture(design, K, FitOptions(n_starts=50))
    return {
        "loglik": found.log_likelihood, "weights": found.weights.tolist(), "passes": found.n_iter,
        "packed": 0.0, **_used(begun),
    }  # fmt: skip


def discover(path: str) -> Answer:
    """Find segments as a person does, and write them."""
    from forwhom import discover as run

    begun = _seconds()
    result = run(path)
    result.save(Path(path).with_name("found"), overwrite=True)
    everybody = result.segmentation.fit.everybody
    told = [] if everybody is None else everybody.segments
    return {"k": len(result.segmentation.segments), "sizes": told, **_used(begun)}


def score(path: str) -> Answer:
    """Place everybody in the segments that were found, and write where."""
    from forwhom import score as run

    begun = _seconds()
    placed = run(Path(path).with_name("found"), path)
    placed.save(Path(path).with_name("scored.parquet"), overwrite=True)
    return {"k": len(placed.counts()) - 1, **_used(begun)}


def _measures() -> dict[str, str]:
    return {f"answer {j}": "nominal" for j in range(VARIABLES)}


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _used(begun: float) -> Answer:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu": _seconds() - begun, "wall": time.perf_counter() - STARTED, "mb": most}


def main(sizes: list[int], *, whole: bool) -> None:
    """Print a table."""
    print("| customers × 20 | what | processor s | of these reading | clock s | MB | found |")
    print("|---|---|---:|---:|---:|---:|---|")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "customers.parquet"
            write(path, rows)
            for job, told in jobs(path, rows, whole=whole):
                said = (
                    f"log-likelihood {told['loglik']:.4f}, {told['passes']} passes"
                    if "loglik" in told
                    else f"{told['k']} segments"
                )
                print(
                    f"| {rows:,} | {job} | {told['cpu']:.1f} | {told.get('packed') or 0:.1f} | "
                    f"{told['wall']:.0f} | {told['mb']:,.0f} | {said} |",
                    flush=True,
                )


def jobs(path: Path, rows: int, *, whole: bool) -> Iterator[tuple[str, Answer]]:
    """Run each job in a process of its own; kernels are compiled before."""
    few = path.with_name("few.parquet")
    write(few, FIRST)
    ask("packed.py", "fit", path=str(few))
    wanted = ["fit", *(["in_memory"] if rows <= 2 * 10**7 else []), *(["discover", "score"] if whole
                                                                    else [])]  # fmt: skip
    for job in wanted:
        yield job.replace("_", " "), ask("packed.py", job, path=str(path))


STARTED = time.perf_counter()

if __name__ == "__main__":
    named = {f.__name__: f for f in (fit, in_memory, discover, score)}
    if len(sys.argv) > 1 and sys.argv[1] in named:
        serve(named)
    else:
        given = [int(float(x)) for x in sys.argv[1:] if x != "whole"]
        main(given or [10_000_000], whole="whole" in sys.argv)
