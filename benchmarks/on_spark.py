"""What Spark adds to a pass over the customers, and MLlib's mixture of normals beside ours.

Run it with ``.venv-spark/bin/python benchmarks/on_spark.py [ROWS]`` (``make test-spark`` makes this
environment; Java 17 is needed), with a million customers unless said otherwise. Processor time is
that of all processes: the driver, Spark's virtual machine and its workers, on two processors.

*A pass*: twenty answers of two to five levels in one Parquet file, four segments. On Spark it is a
job in which workers code their rows and add up, as `forwhom.discover` does there; here the same
rows are read from the file, coded and added up. *Beside MLlib*: six numbers drawn from four normal
segments, both with full covariances and the same number of segments, from the same frame.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from packed import VARIABLES, K, write

PASSES, FIRST = 5, 20_000
TICKS = os.sysconf("SC_CLK_TCK")
MEANS = 2.0 * np.array(
    [[0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 1, 0], [0, 1, 1, 0, 0, 1], [1, 0, 1, 1, 1, 1]]
)


def used() -> float:
    """Processor seconds of this process and of all that it started."""
    parents, seconds = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        process = int(place.parent.name)
        parents[process] = int(fields[1])
        seconds[process] = sum(map(int, fields[11:15])) / TICKS
    own, waiting = 0.0, [os.getpid()]
    while waiting:
        process = waiting.pop()
        own += seconds[process]
        waiting += [child for child, parent in parents.items() if parent == process]
    return own


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what the work found, its processor seconds, and those of the clock."""
    begun, at = used(), time.perf_counter()
    found = work()
    return found, used() - begun, time.perf_counter() - at


def session() -> Any:
    """Start Spark on two processors."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.driver.memory", "4g")
    builder = builder.config("spark.ui.enabled", "false")
    found = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


def passes(spark: Any, rows: int, folder: Path) -> None:
    """Print what a pass over the customers takes on Spark, and here."""
    from forwhom.customers.everybody import Asked
    from forwhom.mixture import build_design, fit_mixture
    from forwhom.mixture.blocks import coded_as, header_of
    from forwhom.mixture.expectation import Expectation
    from forwhom.mixture.fitting import FitOptions
    from forwhom.mixture.shape import PLAIN
    from forwhom.pipeline.sparkfitting import OnWorkers, coded_once
    from forwhom.tables import collect_columns, open_table
    from forwhom.tables.batches import batches_of

    path = folder / "customers.parquet"
    write(path, rows)
    measures = {f"answer {j}": "nominal" for j in range(VARIABLES)}
    few = open_table(pq.read_table(path).slice(0, FIRST), name="customers")
    _, some = collect_columns(few, measures)
    design = build_design(list(some.values()), measures)
    found = fit_mixture(design, K, FitOptions(n_starts=20)).parameters
    levels = {name: tuple(column.levels) for name, column in some.items() if column.levels}
    frame = spark.read.parquet(str(path))
    asked = Asked(open_table(frame, name="customers"), "customer", rows, measures, levels)
    anew, header = OnWorkers(asked, design, PLAIN), header_of(design)

    def here() -> float:
        batches = batches_of(open_table(path), measures, levels=levels)
        parts = (Expectation(coded_as(header, b.columns), PLAIN, 1).sums(found) for b in batches)
        return sum(float(part.loglik[0]) for part in parts)

    print("| a pass over | where | processor s | clock s | log-likelihood |")
    print("|---|---|---:|---:|---:|")

    def tell(where: str, work: Callable[[], float]) -> None:
        work()  # starts workers, loads kernels
        several = [timed(work) for _ in range(PASSES)]
        cpu, clock = (statistics.median(one[i] for one in several) for i in (1, 2))
        print(
            f"| {rows:,} × {VARIABLES} | {where} | {cpu:.2f} | {clock:.2f} | {several[0][0]:.4f} |"
        )

    tell("Spark, coding anew", lambda: float(anew.sums(found).loglik[0]))
    begun = used()
    with coded_once(asked, design, "") as blocks:
        coding = used() - begun
        kept = OnWorkers(asked, design, PLAIN, blocks)
        tell("Spark, coded once", lambda: float(kept.sums(found).loglik[0]))
    tell("here", here)
    print(f"\nTo code once takes {coding:.2f} s of processor time.\n")


def beside_mllib(spark: Any, rows: int, folder: Path) -> None:
    """Print what a mixture of normals with full covariances takes in MLlib, and here."""
    from pyspark.ml.clustering import GaussianMixture
    from pyspark.ml.feature import VectorAssembler

    import forwhom

    rng = np.random.default_rng(0)
    values = MEANS[rng.choice(K, size=rows, p=[0.4, 0.3, 0.2, 0.1])] + rng.standard_normal(
        (rows, 6)
    )
    names = [f"x{j}" for j in range(6)]
    path = folder / "numbers.parquet"
    pq.write_table(pa.table(dict(zip(names, values.T, strict=True))), path)
    frame = spark.read.parquet(str(path))

    def theirs() -> tuple[float, int]:
        ready = VectorAssembler(inputCols=names, outputCol="features").transform(frame).cache()
        model = GaussianMixture(k=K, seed=0, maxIter=1000, tol=1e-6 * rows).fit(ready)
        return model.summary.logLikelihood / rows, model.summary.numIter

    def ours() -> tuple[float, int]:
        model = forwhom.LatentSegments(
            K, measures="continuous", covariance="full", prior=0, random_state=0
        )
        model.fit(frame.toArrow())
        return model.log_likelihood_ / rows, model.n_iter_

    print("| four normal segments | who | processor s | clock s | log-likelihood each | passes |")
    print("|---|---|---:|---:|---:|---:|")
    for who, work in (("MLlib, one start", theirs), ("forwhom, 200 starts", ours)):
        (likely, n_iter), cpu, clock = timed(work)
        print(
            f"| {rows:,} × 6 | {who} | {cpu:.1f} | {clock:.1f} | {likely:.6f} | {n_iter} |",
            flush=True,
        )


def main(rows: int) -> None:
    """Print both tables."""
    spark = session()
    with tempfile.TemporaryDirectory() as name:
        passes(spark, rows, Path(name))
        beside_mllib(spark, rows, Path(name))


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000)
