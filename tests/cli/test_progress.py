"""Progress: plain lines where there is no terminal."""

from __future__ import annotations

import re

import pytest

from forwhom.cli import progress as module
from forwhom.cli.progress import show_progress
from forwhom.pipeline.methods import costs
from forwhom.progress import share, steps


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
        for second in range(1, 11):
            clock[0] = float(second)
            progress("reading" if second < 10 else "fitting", second / 20)
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.splitlines() == [
        "[  0%] reading",
        "[ 25%] reading, time left not known yet",
        "[ 50%] fitting, about 10 s left",
    ]


def test_the_same_step_is_not_repeated_all_the_time(clock, capsys):
    with show_progress(quiet=False) as progress:
        for step in range(100):
            clock[0] = step / 10
            progress("fitting", step / 100)
    assert len(capsys.readouterr().err.splitlines()) == 2


def _promises(steps: list[tuple[float, float]]) -> list[tuple[float, str]]:
    """Return what was said, and when, while work went on: seconds and fractions done."""
    pace, said = module.Pace(), []
    for elapsed, fraction in steps:
        pace.heard(elapsed, fraction)
        said.append((elapsed, pace.left(elapsed)))
    return said


def _seconds(words: str) -> float | None:
    found = re.fullmatch(r"about (\d+) (s|min) left", words)
    return float(found[1]) * (60 if found[2] == "min" else 1) if found else None


def test_work_that_is_done_at_once_is_no_trouble() -> None:
    assert {words for _, words in _promises([(0.0, i / 4) for i in range(5)])} == {""}


def test_steady_work_is_promised_from_half_on() -> None:
    said = _promises([(s, s / 100) for s in range(1, 101)])
    assert said[2][1] == ""
    assert said[20][1] == said[48][1] == "time left not known yet"
    assert said[49][1] == "about 50 s left"
    assert said[89][1] == "about 10 s left"
    assert said[99][1] == ""


def test_longer_work_is_promised_in_minutes() -> None:
    assert _promises([(12.0 * s, s / 100) for s in range(1, 61)])[-1][1] == "about 8 min left"


@pytest.mark.parametrize("power", [0.3, 0.5, 2.0, 3.0])
def test_a_promise_holds_within_a_factor_of_two_or_is_not_given(power: float) -> None:
    """Work whose later steps cost more, or less, than the first."""
    total = 400.0
    said = _promises([(total * (i / 200) ** power, i / 200) for i in range(1, 200)])
    told = [(total - at, left) for at, words in said if (left := _seconds(words)) is not None]
    assert bool(told) == (0.5 <= power <= 2)
    assert all(left / 2 <= real <= 2 * left for real, left in told if real > 15)


def test_what_was_measured_is_not_promised_too_soon() -> None:
    """A table of 50,000 rows: converging larger numbers took most of the time, and nobody knew."""
    measured = [
        (4.4, 0.04), (5.1, 0.08), (10.3, 0.10), (14.8, 0.13), (19.4, 0.18), (42.3, 0.24),
        (64.3, 0.29), (85.9, 0.31), (105.2, 0.40), (121.4, 0.50), (136.0, 0.55), (161.8, 0.62),
        (187.2, 0.74), (199.2, 0.78), (201.2, 0.79), (234.8, 0.89), (251.8, 0.96), (265.7, 0.99),
    ]  # fmt: skip
    told = [(at, left) for at, words in _promises(measured) if (left := _seconds(words))]
    assert len(told) >= 3
    assert all(left / 2 <= 266.3 - at <= 2 * left for at, left in told if at < 250)


def test_a_step_that_takes_long_withdraws_the_promise() -> None:
    pace = module.Pace()
    for second in range(1, 61):
        pace.heard(float(second), second / 100)
    assert pace.left(60.0) == "about 40 s left"
    assert pace.left(70.0) == "about 30 s left"
    assert pace.left(80.0) == "time left not known yet"
    pace.heard(90.0, 0.61)
    assert pace.left(90.0) == "time left not known yet"


def test_steps_take_time_in_proportion_to_their_costs() -> None:
    told: list[float] = []
    first, none, last = steps(lambda _, fraction: told.append(fraction), 3.0, 0.0, 1.0)
    first("a", 1.0)
    none("b", 0.5)
    last("c", 0.5)
    assert told == pytest.approx([0.75, 0.75, 0.875])


def test_more_replicates_and_tests_take_a_larger_part_of_the_time() -> None:
    ks = range(1, 9)
    usual = costs("mixture", ks, blrt=False, stability=None)
    asked = costs("mixture", ks, blrt=True, stability=100)
    assert asked[3] / sum(asked) > 4 * usual[3] / sum(usual)
    assert usual[1] == 0 < asked[1]
    assert costs("mixture", ks, blrt=False, stability=0)[3] == 0


def test_a_part_of_the_work_is_a_part_of_the_fraction() -> None:
    told: list[tuple[str, float]] = []
    share(lambda what, fraction: told.append((what, fraction)), 0.5, 1.0)("fitting", 0.5)
    assert told == [("fitting", 0.75)]
