"""Progress: plain lines where there is no terminal."""

from __future__ import annotations

import pytest

from forwhom.cli import progress as module
from forwhom.cli.progress import show_progress
from forwhom.progress import share


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_quiet_shows_nothing():
    with show_progress(quiet=True) as progress:
        assert progress is None


def test_lines_say_the_step_and_the_time_left(clock, capsys):
    with show_progress(quiet=False) as progress:
        progress("reading", 0.0)
        clock[0] = 10.0
        progress("fitting", 0.5)
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.splitlines() == ["[  0%] reading", "[ 50%] fitting, about 10 s left"]


def test_the_same_step_is_not_repeated_all_the_time(clock, capsys):
    with show_progress(quiet=False) as progress:
        for step in range(100):
            clock[0] = step / 10
            progress("fitting", step / 100)
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.parametrize(
    ("elapsed", "fraction", "words"),
    [
        (0.1, 0.5, ""),
        (20.0, 0.01, ""),
        (600.0, 0.5, "about 10 min left"),
        (9.0, 0.9, "about 1 s left"),
        (9.0, 1.0, ""),
    ],
)
def test_time_left(elapsed, fraction, words):
    assert module._time_left(elapsed, fraction) == words


def test_a_part_of_the_work_is_a_part_of_the_fraction() -> None:
    told: list[tuple[str, float]] = []
    share(lambda what, fraction: told.append((what, fraction)), 0.5, 1.0)("fitting", 0.5)
    assert told == [("fitting", 0.75)]
