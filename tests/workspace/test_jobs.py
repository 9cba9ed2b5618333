"""Jobs on both databases: taken up once, taken back when a server is gone, given up in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from forwhom.workspace.jobs import LEASE, MOST_ATTEMPTS, Jobs

from .conftest import CANVAS, Team


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(team: Team, clock: Clock) -> Jobs:
    return Jobs(team.database, clock)


@pytest.fixture
def about(team: Team) -> str:
    return team.canvases.create(team.place, team.ana, CANVAS).document


def ask(team: Team, jobs: Jobs, about: str) -> str:
    return jobs.ask(team.place, about, "look", team.ana, {"k_max": 3})


def state(jobs: Jobs, key: str) -> str:
    found = jobs.find(key)
    assert found is not None
    return found.state


def test_who_waits_longest_is_next_and_nobody_is_taken_twice(
    team: Team, jobs: Jobs, clock: Clock, about: str
) -> None:
    first = ask(team, jobs, about)
    clock.passes(timedelta(seconds=1))
    second = ask(team, jobs, about)
    taken = [jobs.claim(), jobs.claim(), jobs.claim()]
    assert [one and one.id for one in taken] == [first, second, None]
    assert taken[0] is not None
    assert (taken[0].options, taken[0].attempts) == ({"k_max": 3}, 1)
    assert [one.id for one in jobs.of(about)] == [second, first]


def test_a_job_whose_server_is_gone_is_taken_up_again_and_given_up_in_words(
    team: Team, jobs: Jobs, clock: Clock, about: str
) -> None:
    key = ask(team, jobs, about)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        taken = jobs.claim()
        assert taken is not None
        assert taken.attempts == attempt
        clock.passes(LEASE / 2)
        assert jobs.beat(key, 0.5, "finding segments") == "running"
        clock.passes(LEASE / 2)
        assert jobs.claim() is None
        clock.passes(LEASE)
    assert jobs.claim() is None
    found = jobs.find(key)
    assert found is not None
    assert found.state == "failed"
    assert "three times" in found.problem
    assert "memory" in found.advice


def test_a_server_that_stops_gives_back_what_it_held_without_a_mark(
    team: Team, jobs: Jobs, about: str
) -> None:
    key = ask(team, jobs, about)
    for _ in range(MOST_ATTEMPTS + 2):
        taken = jobs.claim()
        assert taken is not None
        assert taken.attempts == 1
        jobs.put_back(key)
    assert state(jobs, key) == "queued"


def test_what_is_over_stays_over(team: Team, jobs: Jobs, about: str) -> None:
    key = ask(team, jobs, about)
    jobs.claim()
    jobs.cancel(key, team.ben)
    assert jobs.beat(key, 0.9, "late") == "cancelled"
    jobs.done(key, "x")
    jobs.fail(key, "x", "y")
    jobs.again(key)
    jobs.put_back(key)
    assert state(jobs, key) == "cancelled"
    assert jobs.claim() is None
    kinds = [(one.kind, one.who.name) for one in team.canvases.events(about)]
    assert kinds[1:] == [("asked", "Ana"), ("cancelled", "Ben")]


def test_what_it_made_and_why_not_are_kept(team: Team, jobs: Jobs, about: str) -> None:
    done, failed = ask(team, jobs, about), ask(team, jobs, about)
    jobs.claim()
    jobs.claim()
    jobs.done(done, "made")
    jobs.fail(failed, "There is no column.", "Name another.")
    one, other = jobs.find(done), jobs.find(failed)
    assert one is not None
    assert other is not None
    assert (one.state, one.result, one.fraction) == ("done", "made", 1.0)
    assert (other.state, other.problem, other.advice) == (
        "failed", "There is no column.", "Name another.",
    )  # fmt: skip
    assert one.is_over
    assert other.is_over
