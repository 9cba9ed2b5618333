"""Whole runs on many customers, from a CSV file to the answer, beside what people use instead.

Run it with ``python benchmarks/large.py [SCALE] [peers]``. Four true segments each time: 1.2
million customers with six variables, a million with twenty of which a tenth is missing, 100,000
with a hundred questions. ``SCALE`` makes them fewer. *k-means* is the usual loop: standardized
numbers and indicators of levels, K from 2 to 8, the best silhouette of 10,000 rows. *StepMix* is
given K from 1 to 8 and BIC, one start each; on more than 20,000 rows it would take hours, so it
gets these.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv

from measuring import Answer, ask, measure, serve

#: Customers, variables, share of the values that are missing.
TABLES = {
    "six mixed": (1_200_000, 6, 0.0),
    "twenty mixed, a tenth missing": (1_000_000, 20, 0.1),
    "a hundred questions": (100_000, 100, 0.0),
}
SHARES = (0.4, 0.3, 0.2, 0.1)
PEER_ROWS, SILHOUETTE_ROWS = 20_000, 10_000
MOST = 8


def simulate(n: int, variables: int, missing: float, seed: int = 0) -> pa.Table:
    """Return customers of four segments: numbers, counts, amounts and choices, or choices alone."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(len(SHARES), size=n, p=SHARES)
    columns: dict[str, pa.Array] = {
        "customer": pa.array(np.char.add("c", np.arange(n).astype(str)))
    }
    for j in range(variables):
        kind = j % 6 if variables < 100 else 2
        values = _column(kind, 2 + j % 4, segment, rng)
        holes = rng.random(n) < missing if missing else None
        columns[f"{('number', 'visits', 'choice', 'score', 'spend', 'answer')[kind]} {j}"] = (
            pa.array(values, mask=holes)
        )
    return pa.table(columns)


def _column(kind: int, levels: int, segment: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    n, k = len(segment), len(SHARES)
    if kind in (0, 3):
        means = rng.normal(0.0, 1.2, k)[segment]
        return np.round(50 + 10 * (means + rng.standard_normal(n)), 2)
    if kind == 1:
        return rng.poisson(np.exp(rng.normal(1.0, 0.8, k))[segment])
    if kind == 4:
        means = rng.normal(3.0, 0.8, k)[segment]
        return np.round(np.exp(means + 0.6 * rng.standard_normal(n)), 2)
    upto = rng.dirichlet(np.full(levels, 0.8), size=k).cumsum(axis=1)
    code = (rng.random(n)[:, None] > upto[segment][:, :-1]).sum(axis=1)
    return np.array([f"level {chr(97 + i)}" for i in range(levels)])[code]


def discover(path: str) -> Answer:
    """Run forwhom as a person does; the kernels are compiled before."""
    from forwhom import discover as run

    few = Path(path).with_name("few.csv")
    table = csv.read_csv(path)
    csv.write_csv(table.slice(0, 3_000), few)
    del table
    run(few, k_max=3)
    told: list[tuple[float, float]] = []
    begun = time.perf_counter()

    def work() -> Answer:
        result = run(path, progress=lambda _, done: told.append((time.perf_counter(), done)))
        return {"k": len(result.segmentation.segments)}

    found = measure(work)
    ended = told[-1][0]
    # What a person was told at any moment: the time that it has taken, by the part that is done.
    words = [(at - begun) / done / (ended - begun) for at, done in told if 0.1 < done < 1]
    return {**found, "early": min(words), "late": max(words)}


def kmeans(path: str) -> Answer:
    """Choose K by silhouette, as notebooks do."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    def work() -> Answer:
        values = _matrix(path)
        some = np.random.default_rng(0).choice(len(values), min(SILHOUETTE_ROWS, len(values)))
        best = (-1.0, 0)
        for k in range(2, MOST + 1):
            labels = KMeans(k, n_init=10, random_state=0).fit_predict(values)
            best = max(best, (float(silhouette_score(values[some], labels[some])), k))
        return {"k": best[1]}

    return measure(work)


def stepmix(path: str) -> Answer:
    """Choose K by BIC with StepMix, numbers as normal and levels as binary indicators."""
    from stepmix import StepMix

    def work() -> Answer:
        values = _matrix(path)[:PEER_ROWS]
        binary = [bool(np.isin(column, (0.0, 1.0)).all()) for column in values.T]
        kinds = {
            name: {"model": model, "n_columns": int(np.sum(which))}
            for name, model, which in (
                ("levels", "binary", binary),
                ("numbers", "gaussian_diag", np.logical_not(binary)),
            )
            if np.any(which)
        }
        order = np.argsort(np.logical_not(binary), kind="stable")
        ready = values[:, order]
        bics = [
            StepMix(k, measurement=kinds, random_state=0, verbose=0, progress_bar=0)
            .fit(ready).bic(ready)
            for k in range(1, MOST + 1)
        ]  # fmt: skip
        return {"k": int(np.argmin(bics)) + 1}

    return measure(work)


def _matrix(path: str) -> np.ndarray:
    """Read a file as people do for k-means: standardized numbers, and indicators of levels."""
    table = csv.read_csv(path).drop_columns(["customer"])
    columns = []
    for column in table.columns:
        if pa.types.is_string(column.type):
            codes = column.combine_chunks().dictionary_encode()
            index = codes.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            columns += [(index == i).astype(float) for i in range(len(codes.dictionary))]
        else:
            values = column.to_numpy().astype(float)
            values = np.where(np.isnan(values), np.nanmean(values), values)
            columns.append((values - values.mean()) / values.std())
    return np.column_stack(columns)


def main(scale: float, *, peers: bool) -> None:
    """Print a table."""
    print("Whole runs from a CSV file, kernels compiled, four true segments")
    print()
    print("| table | who | seconds | peak MB | K | told of the time it takes |")
    print("|---|---|---:|---:|---:|---|")
    for name, (n, variables, missing) in TABLES.items():
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "customers.csv")
            rows = max(3_000, round(n * scale))
            csv.write_csv(simulate(rows, variables, missing), path)
            for job in ("discover", "kmeans", "stepmix") if peers else ("discover",):
                found: dict[str, Any] = ask("large.py", job, path=path)
                who = "forwhom" if job == "discover" else job
                cut = f", {PEER_ROWS:,} rows" if job == "stepmix" and rows > PEER_ROWS else ""
                words = f"{found['early']:.1f} to {found['late']:.1f} ×" if "late" in found else ""
                print(
                    f"| {rows:,}: {name} | {who}{cut} | {found['seconds']:.1f} | "
                    f"{found['peak_mb']:,.0f} | {found['k']} | {words} |",
                    flush=True,
                )


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("discover", "kmeans", "stepmix"):
        serve({f.__name__: f for f in (discover, kmeans, stepmix)})
    else:
        given = [x for x in sys.argv[1:] if x != "peers"]
        main(float(given[0]) if given else 1.0, peers="peers" in sys.argv)
