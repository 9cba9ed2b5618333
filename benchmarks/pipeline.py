"""What a person waits for: the help, the first fit, the demo, many purchases, a large file."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from measuring import HERE, ask, table

#: Transactions that features are made from.
TRANSACTIONS = 10_000_000
#: Customers of a text file.
CUSTOMERS = 200_000


def report(scale: float) -> Iterator[str]:
    """Measure, and yield the lines of the page."""
    yield "### What a person waits for"
    yield ""
    yield "| what | s |"
    yield "|---|---:|"
    yield f"| `forwhom --help` | {_help():.2f} |"
    with tempfile.TemporaryDirectory() as kernels:
        cache = {"NUMBA_CACHE_DIR": kernels}
        cold, warm = (ask("ours.py", "first_fit", cache) for _ in range(2))
        yield f"| first fit ever (2,000 customers): compiles the engine | {cold['seconds']:.1f} |"
        yield f"| first fit in a process: loads what was compiled | {warm['seconds']:.2f} |"
        yield f"| the same fit again | {warm['again']:.2f} |"
        yield f"| the demo, engine compiled | {_demo(cache):.1f} |"
    with tempfile.TemporaryDirectory() as kernels:
        cold_demo = _demo({"NUMBA_CACHE_DIR": kernels})
        yield f"| the demo, compiling the engine on the way | {cold_demo:.1f} |"
    yield ""
    yield "### Features of customers from purchases"
    yield ""
    yield from table("features.py", max(10_000, round(TRANSACTIONS * scale)))
    yield ""
    yield "### Customers from a text file"
    yield ""
    yield from table("reading.py", max(1_000, round(CUSTOMERS * scale)))


def _help() -> float:
    program = Path(sys.executable).parent / "forwhom"
    return median(_wall([str(program), "--help"], {}) for _ in range(5))


def _demo(environment: dict[str, str]) -> float:
    """Seconds of the command that `make demo` runs."""
    with tempfile.TemporaryDirectory() as folder:
        script = HERE.parent / "scripts" / "demo.py"
        print("  the demo", file=sys.stderr, flush=True)
        return _wall([sys.executable, str(script), f"{folder}/demo"], environment)


def _wall(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
    return time.perf_counter() - start
