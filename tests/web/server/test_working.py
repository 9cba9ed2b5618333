"""Jobs in processes of their own: done, cancelled, killed, limited, and gone with their server."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from tests.web.conftest import Client, Team
from tests.web.data.test_data import brought, shop

from forwhom.web.server import worker
from forwhom.web.server.settings import Settings
from forwhom.web.server.working import Working, _Running
from forwhom.workspace.jobs import Job

#: What a script sends that asks for a part of a page.
PART = {"hx-request": "true"}


@pytest.fixture
def data(client: Client, team: Team) -> str:
    return brought(client, team, ("shop.csv", shop()))


def working(team: Team, **limits: int) -> Working:
    settings: Settings = replace(team.parts.settings, **limits)
    parts = team.parts
    return Working(settings, parts.jobs, parts.datasets, parts.segmentations)


def finish(work: Working) -> None:
    """Wait for the processes that are running, and see how they ended."""
    for one in work._running.values():
        one.process.wait()
    work.turn()


def job(team: Team, data: str) -> Job:
    return team.parts.jobs.of(data)[0]


def test_what_a_process_made_is_kept_and_can_be_continued(
    team: Team, data: str, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("forwhom.web.server.working._started", here)
    monkeypatch.chdir(tmp_path)
    work = working(team)
    work.turn()
    finish(work)
    assert job(team, data).state == "done", job(team, data)
    sent = {"k_max": 2, "title": "A shop", "members": "on"}
    client.submit(f"/w/{team.place}/data/{data}/discover", **sent)
    key = job(team, data).id
    assert "Cancel" in client.get(f"/w/{team.place}/job/{key}", headers=PART).text
    work.turn()
    finish(work)
    done = job(team, data)
    assert done.state == "done", done
    found = team.parts.segmentations.head(done.result)
    assert (found.title, len(found.segmentation.segments)) == ("A shop", 2)
    assert (team.parts.segmentations.members(done.result) or b"")[:4] == b"PAR1"
    assert str(team.parts.settings.folder) not in found.text
    over = client.get(f"/w/{team.place}/job/{key}", headers=PART)
    assert f'href="/w/{team.place}/segmentation/{done.result}" data-onward' in over.text
    assert over.headers["hx-reswap"] == "outerHTML"  # and it asks no more
    team.parts.segmentations.rename(done.result, team.who, found.number, 1, "Regulars")
    path = f"/w/{team.place}/data/{data}/discover"
    assert client.submit(path, k_max=2, like=done.result).status_code == 204
    work.turn()
    finish(work)
    second = team.parts.segmentations.head(job(team, data).result).segmentation
    assert second.like == found.segmentation.lineage
    assert second.segments[0].name == "Regulars"
    elsewhere = team.parts.people.new_workspace("Elsewhere", team.who)
    stranger = team.parts.segmentations.create(elsewhere, team.who, found.text).document
    assert client.submit(path, k_max=2, like=stranger).status_code == 404


def here(job: Job, task: worker.Task, into: Path, kernels: Path, now: float) -> _Running:
    """Do here what a process does; the browser's test has one of its own."""
    said: list[str] = []
    worker._TASKS[task.kind](task, lambda words, _: said.append(words))
    process = subprocess.Popen(["true"], text=True)
    return _Running(job, process, into, now, {"words": said[-1]}, {"done": True})


def test_a_job_is_cancelled_at_once(team: Team, data: str, client: Client) -> None:
    work = working(team)
    work.turn()
    (running,) = work._running.values()
    assert client.submit(f"/w/{team.place}/job/{running.job.id}/cancel").status_code == 204
    work.turn()
    assert running.process.returncode is not None
    assert not work._running
    assert job(team, data).state == "cancelled"


def test_a_killed_process_is_begun_again_and_given_up_after_three(team: Team, data: str) -> None:
    work = working(team)
    for attempt in (1, 2, 3):
        work.turn()
        (running,) = work._running.values()
        assert running.job.attempts == attempt
        running.process.kill()
        running.process.wait()
        work._follow(running)
    failed = job(team, data)
    assert failed.state == "failed"
    assert "three times" in failed.problem


def test_a_server_that_stops_leaves_its_work_to_the_next(team: Team, data: str) -> None:
    work = working(team)
    work.turn()
    (running,) = work._running.values()
    work.stop()
    assert running.process.returncode is not None
    assert (job(team, data).state, job(team, data).attempts) == ("queued", 0)
    after = working(team)
    assert after.turn()
    after.stop()


@pytest.mark.parametrize(("limit", "said"), [
    ({"most_seconds": 60}, "longer than the 1 minutes"), ({"most_memory": 1}, "memory"),
])  # fmt: skip
def test_what_takes_too_much_is_ended_in_words(
    team: Team, data: str, limit: dict[str, int], said: str
) -> None:
    work = working(team, **limit)
    work.turn()
    began = work.clock()
    work.clock = lambda: began + 61
    work.turn()
    failed = job(team, data)
    assert failed.state == "failed"
    assert said in failed.problem


def test_what_is_refused_is_said_in_its_own_words(team: Team, client: Client) -> None:
    data = brought(client, team, ("shop.csv.gz", gzip.compress(shop())))
    work = working(team, most_unpacked=1000)
    work.turn()
    finish(work)
    said = "shop.csv.gz takes more than 0 MB unpacked"
    assert said in job(team, data).problem
    assert said in client.get(f"/w/{team.place}/data/{data}").text


def test_rows_that_a_backup_did_not_bring_are_missed_in_words(
    team: Team, data: str, client: Client
) -> None:
    shutil.rmtree(team.parts.datasets.rows(data).parent)
    assert not working(team).turn()
    assert "not on this server any more" in job(team, data).problem
    assert "Bring the tables again." in client.get(f"/w/{team.place}/data/{data}").text


def test_a_process_ends_with_whoever_started_it(team: Team, data: str, tmp_path: Path) -> None:
    task = worker.Task("wait", str(tmp_path), [], str(tmp_path), "", {}, 1, 1, 1)
    program = (
        "from forwhom.web.server import worker; import threading;"
        "worker._TASKS = {'wait': lambda *_: threading.Event().wait()}; worker.main()"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(task)) + "\n")
    process.stdin.close()
    assert process.wait() == worker._ALONE
