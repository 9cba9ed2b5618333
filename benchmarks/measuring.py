"""Measure work in processes of its own: seconds, peak memory, and what it found."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
#: Work that took longer than this is measured once.
SHORT = 5.0
REPEATS = 3
#: Processors that everything is measured on.
CORES = 2

Answer = dict[str, Any]


def measure(work: Callable[[], Answer]) -> Answer:
    """Return what the work found, its median seconds, and the peak memory of the first run.

    The work may report ``seconds`` itself, where only a part of it counts. ``peak_mb`` is the
    highest resident memory above what was resident before, such as the loaded table.
    """
    loaded = _resident("VmRSS")
    _forget_peak()
    answer = _timed(work)
    answer["peak_mb"] = _resident("VmHWM") - loaded
    seconds = [answer["seconds"]]
    while seconds[0] < SHORT and len(seconds) < REPEATS:
        seconds.append(_timed(work)["seconds"])
    return {**answer, "seconds": statistics.median(seconds), "runs": len(seconds)}


def _timed(work: Callable[[], Answer]) -> Answer:
    start = time.perf_counter()
    answer = work()
    return {"seconds": time.perf_counter() - start, **answer}


def _forget_peak() -> None:
    clear = Path("/proc/self/clear_refs")
    if clear.exists():
        clear.write_text("5")


def _resident(which: str) -> float:
    """Resident memory in MB, or NaN where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(x for x in status.read_text().splitlines() if x.startswith(which))
    return int(line.split()[1]) / 1024


def ask(
    script: str, job: str, environment: Mapping[str, str] | None = None, **given: Any
) -> Answer:
    """Run one job of a script in a fresh process and return its answer."""
    command = [sys.executable, str(HERE / script), job, json.dumps(given)]
    print(f"  {script} {job} {json.dumps(given)}", file=sys.stderr, flush=True)
    done = subprocess.run(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, check=True
    )
    answer: Answer = json.loads(done.stdout.splitlines()[-1])
    return answer


def table(script: str, *given: int) -> list[str]:
    """Return what a script prints in a fresh process: a line, as a sentence, and a table."""
    command = [sys.executable, str(HERE / script), *map(str, given)]
    print(f"  {' '.join(command[1:])}", file=sys.stderr, flush=True)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    first, *rows = done.stdout.splitlines()
    return [f"{first}.", *rows]


def serve(jobs: Mapping[str, Callable[..., Answer]]) -> None:
    """Do the job that :func:`ask` asks for, and print the answer."""
    job, given = sys.argv[1:]
    print(json.dumps(jobs[job](**json.loads(given))))


def keep_to_cores() -> None:
    """Keep this process and those it starts to two processors, where the system allows it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


def machine() -> str:
    """Say on what was measured: processor, cores, memory, system, Python and the libraries."""
    libraries = ("forwhom", "numpy", "numba", "scikit-learn", "duckdb")
    parts = [
        f"{_processor()}, {_cores()} cores",
        f"{_memory():.0f} GB memory",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in libraries),
    ]
    return ", ".join(parts)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = (
        [x for x in info.read_text().splitlines() if x.startswith("model name")]
        if (info.exists())
        else []
    )
    return names[0].split(":")[1].strip() if names else platform.processor() or "processor"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> float:
    info = Path("/proc/meminfo")
    return int(info.read_text().split()[1]) / 1024**2 if info.exists() else float("nan")
