"""What every room's tests share: simulated customers and purchases, and how properties are tried.

No test depends on how busy the machine is: examples may take their time, and where a test says that
work stays small, it counts the seconds of its own thread.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, settings

from .postgres import ask, server

if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Each process has a processor of its own: threads of one would wait for those of another.
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[int(worker[2:]) % len(processors)]})
    # Compiled kernels are kept for each process apart: numba's index of them knows no lock, and two
    # that write it at once may leave one signature with the code of another.
    kept = Path(os.environ.get("NUMBA_CACHE_DIR", Path(__file__).parents[1] / ".numba-cache"))
    os.environ["NUMBA_CACHE_DIR"] = str(kept / worker)
    # What was compiled before the tests began is compiled for all of them.
    if kept.exists() and not (kept / worker).exists():
        shutil.copytree(kept, kept / worker, ignore=shutil.ignore_patterns("gw*"))

# Databases and documents wait until the disk has them, many tests for nothing else: where memory
# passes for a disk, has room, and can hold the programs that some tests write, files stand there.
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
if (
    MEMORY.is_dir()
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free >= ROOM
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# What is loaded before the first test stays to the end, so that the collector of garbage need not
# go through it again and again: up to a tenth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    """Collect garbage again, among what the tests make."""
    gc.freeze()
    gc.enable()


#: The same commit gives the same result; ``pytest --hypothesis-profile search`` draws anew.
settings.register_profile(
    "calm", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile(
    "search", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False
)
settings.load_profile("calm")


@pytest.fixture(scope="module")
def swift() -> Iterator[None]:
    """Whether segments stand apart is looked at quickly, where tests are about something else.

    No other numbers of segments are tried; they are held against one kind of scale, and against
    fewer draws from it.
    """
    from forwhom.evidence import structure

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "CONTINUA", structure.CONTINUA[:1])
        patch.setattr(structure, "NULL_SETS", (0, 3))
        patch.setattr(structure, "STARTS", 2)
        patch.setattr(structure, "MOST_TRIED", 2)
        yield


@pytest.fixture(scope="session")
def customers() -> pa.Table:
    """300 customers: 120 come often, spend much and buy online; 180 do not."""
    rng = np.random.default_rng(1)
    often = np.arange(300) % 5 < 2
    return pa.table(
        {
            "customer_id": [f"{i:05d}" for i in rng.permutation(300)],
            "visits": rng.poisson(np.where(often, 12, 2)),
            "spend": np.round(rng.lognormal(np.where(often, 4, 2), 0.5), 2),
            "channel": np.where(rng.random(300) < np.where(often, 0.9, 0.2), "online", "store"),
            "age": rng.integers(18, 80, 300),
        }
    )


@pytest.fixture(scope="session")
def sales() -> pa.Table:
    """Purchases of 200 customers in 2024: the even ones buy every week, the odd ones rarely."""
    rng = np.random.default_rng(2)
    start = datetime(2024, 1, 1)
    rows = []
    for who in range(200):
        for _ in range(int(rng.poisson(45 if who % 2 == 0 else 6)) + 1):
            day = start + timedelta(days=int(rng.integers(0, 360)))
            rows.append((who, day, round(float(rng.lognormal(3, 0.4)), 2), int(rng.integers(5))))
    who, when, paid, item = zip(*rows, strict=True)
    return pa.table({"customer": who, "bought_at": when, "paid": paid, "item": item})


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """Start a PostgreSQL server that listens on a socket in this folder."""
    with server() as folder:
        yield folder


@pytest.fixture(scope="session")
def ask_postgres(postgres: Path) -> Callable[[str], list[list[str]]]:
    """Run statements on the server, and return the rows of the last."""
    return lambda sql: ask(postgres, sql)
