"""A plugin of pytest for ``mutants.py``: what each test calls, and running only some tests.

With ``CALLED_WRITE`` in the environment it writes there, for every test that passed, the seconds
of the processor that it takes alone and the functions of forwhom that it called (``file:name``);
what a shared fixture calls counts for every test that asks for it. With ``CALLED_ONLY`` only the
tests listed there run, in that order.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

_SOURCE = f"{os.sep}src{os.sep}forwhom{os.sep}"
_tests: dict[str, tuple[float, list[str]]] = {}
_shared: dict[str, tuple[float, set[tuple[str, str]]]] = {}
_called: list[set[tuple[str, str]]] = [set()]
_apart = [0.0]
_failed: set[str] = set()


def _spent() -> float:
    """Return seconds of the processor, with those of programs that a test runs."""
    return sum(os.times()[:4])


def _trace(frame: FrameType, _event: str, _argument: Any) -> None:
    code = frame.f_code
    if _SOURCE in code.co_filename:
        _called[-1].add((code.co_filename, code.co_name))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Function) -> Iterator[None]:
    if "CALLED_WRITE" not in os.environ:
        yield
        return
    _called[:], _apart[0], start = [set()], 0.0, _spent()
    threading.settrace(_trace)
    sys.settrace(_trace)
    yield
    sys.settrace(None)
    seconds, calls = _spent() - start - _apart[0], _called[0]
    for name in getattr(item, "fixturenames", ()):
        more, others = _shared.get(name, (0.0, set()))
        seconds, calls = seconds + more, calls | others
    places = {f"{file.rpartition(_SOURCE)[2]}:{name}" for file, name in calls}
    _tests[item.nodeid] = (round(seconds, 3), sorted(places))


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    if fixturedef.scope == "function":
        yield
        return
    _called.append(set())
    start = _spent()
    yield
    seconds, calls = _spent() - start, _called.pop()
    _called[-1] |= calls
    _apart[0] += seconds
    _shared[fixturedef.argname] = (seconds, calls)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "CALLED_ONLY" in os.environ:
        wanted = json.loads(Path(os.environ["CALLED_ONLY"]).read_text(encoding="utf-8"))
        place = {name: number for number, name in enumerate(wanted)}
        items[:] = sorted((i for i in items if i.nodeid in place), key=lambda i: place[i.nodeid])


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    if "CALLED_WRITE" in os.environ:
        passed = {name: calls for name, calls in _tests.items() if name not in _failed}
        Path(os.environ["CALLED_WRITE"]).write_text(json.dumps(passed), encoding="utf-8")
