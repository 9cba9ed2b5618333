"""A CSV file of 200,000 customers and 20 numbers, on its way to the search for segments.

Run it with ``python benchmarks/reading.py [CUSTOMERS] [NUMBERS]``. *Discover* is a whole run that
looks for no more than one segment, after a small one that has loaded everything; what it reads is
told by Linux, and by no other system. *Near-duplicates* are looked for among all
pairs of numbers. Seconds are those of the processor.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from forwhom import discover
from forwhom.customers.checks import near_duplicates
from forwhom.tables.columns import Column

SMALL = 200


def simulate(customers: int, numbers: int) -> dict[str, np.ndarray]:
    """Return columns of numbers with two decimals, none of which repeats another."""
    values = np.random.default_rng(1).normal(50.0, 10.0, (numbers, customers))
    return {f"number {i}": row for i, row in enumerate(np.round(values, 2))}


def write_csv(columns: dict[str, np.ndarray], path: Path) -> int:
    """Write a file with an id and these columns; its bytes."""
    ids = [f"c{i:07d}" for i in range(len(next(iter(columns.values()))))]
    csv.write_csv(pa.table({"customer": ids, **columns}), path)
    return path.stat().st_size


def bytes_read() -> float:
    """What this process has read so far, also from memory that the system keeps of files."""
    told = Path("/proc/self/io")
    if not told.exists():
        return float("nan")
    return int(told.read_text(encoding="utf-8").splitlines()[0].removeprefix("rchar: "))


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of some work, of all its threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(customers: int = 200_000, numbers: int = 20) -> None:
    """Print a table."""
    columns = simulate(customers, numbers)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        write_csv({name: values[:SMALL] for name, values in columns.items()}, small)
        size = write_csv(columns, large)
        discover(small, k=1)
        before = bytes_read()
        whole = seconds(lambda: discover(large, k=1))
        read = (bytes_read() - before) / size
    pairs = seconds(lambda: near_duplicates([Column(n, values) for n, values in columns.items()]))
    print(f"{customers:,} customers, {numbers} numbers, {size / 1e6:.0f} MB of CSV")
    print()
    print("| work | s | read, times the file |")
    print("|---|---:|---:|")
    print(f"| `discover`, one segment | {whole:.1f} | {read:.2f} |")
    print(f"| near-duplicates among the numbers | {pairs:.2f} | |")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
