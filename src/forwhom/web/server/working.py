"""Works on what was asked for: starts a process for each job, follows it, stops it, keeps what it
made; and deletes tables whose days are over.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from forwhom.errors import ForwhomError, SourceMissing
from forwhom.languages.catalog import later
from forwhom.web.server import worker
from forwhom.web.server.settings import Settings
from forwhom.workspace.datasets import Datasets
from forwhom.workspace.jobs import Job, Jobs
from forwhom.workspace.log import Author
from forwhom.workspace.segmentations import Segmentations

#: How often it looks for work and at what is running, in seconds.
_LOOK = 0.25
#: How often it says of a job that it works on it, where there is nothing new, in seconds.
_BEAT = 5.0
#: How often it looks for tables whose days are over.
_SWEEP = timedelta(hours=1)
#: How long a process may take to end when it is told to, in seconds.
_PATIENCE = 3
_FORWHOM = Author("", "forwhom")
#: What is said where a backup brought no rows, and what to do.
NOT_HERE = later("The rows are not on this server any more: no backup holds them.")
AGAIN = later("Bring the tables again.")
_LOG = logging.getLogger("forwhom")


@dataclass
class _Running:
    """A job with its process, and what that said last."""

    job: Job
    process: subprocess.Popen[str]
    into: Path
    started: float
    said: dict[str, Any] = field(default_factory=dict)
    end: dict[str, Any] | None = None
    reader: threading.Thread | None = None
    #: When the database was last told that it is worked on, and what it was told.
    beaten: float = 0.0
    told: dict[str, Any] | None = None

    def read(self) -> None:
        """Take what the process says until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                told = json.loads(line)
            except ValueError:
                continue  # it was killed in the middle of a word
            if "words" in told:
                self.said = told
            else:
                self.end = told

    def stop(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.wait(_PATIENCE)
        self.close()

    def close(self) -> None:
        """Let go of its pipes, after all that it said was read."""
        if self.reader is not None:
            self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Working:
    """Works on the jobs of a database, on this server."""

    def __init__(
        self, settings: Settings, jobs: Jobs, datasets: Datasets, segmentations: Segmentations
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._datasets = datasets
        self._segmentations = segmentations
        self._running: dict[str, _Running] = {}
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._swept: datetime | None = None
        #: Replaced where time matters in tests.
        self.clock: Callable[[], float] = time.monotonic

    def start(self) -> None:
        """Begin to look for work."""
        self._thread = threading.Thread(target=self._work, name="forwhom-work", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End what is running; it goes on when a server starts again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        for one in list(self._running.values()):
            one.stop()
            self._jobs.put_back(one.job.id)
        self._running.clear()

    def turn(self) -> bool:
        """Look once: follow what is running, take up what waits; return whether any is running."""
        for one in list(self._running.values()):
            self._follow(one)
        while len(self._running) < self._settings.jobs_at_once:
            job = self._jobs.claim()
            if job is None:
                break
            self._begin(job)
        return bool(self._running)

    def sweep(self, now: datetime) -> None:
        """Delete rows of people whose days are over."""
        days = self._settings.keep_days
        if days:
            before = (now - timedelta(days=days)).isoformat(timespec="microseconds")
            self._datasets.forget(before, _FORWHOM)
            self._segmentations.forget_members(before, _FORWHOM)
        self._datasets.clear((now - _SWEEP).timestamp())

    def _work(self) -> None:
        while not self._stopping.wait(_LOOK):
            try:
                now = datetime.now(UTC)
                if self._swept is None or now - self._swept > _SWEEP:
                    self._swept = now
                    self.sweep(now)
                self.turn()
            except Exception:
                # The database may be away for a moment: whoever works goes on when it is back.
                _LOG.exception("Something went wrong while looking for work.")

    def _begin(self, job: Job) -> None:
        try:
            data = self._datasets.head(job.document)
            names = self._datasets.names(job.document)
            if not names:
                raise SourceMissing(NOT_HERE, AGAIN)
            into = self._datasets.work(job.document, job.id)
            if like := job.options.get("like"):
                text = self._segmentations.head(like).text
                (into / worker.LIKE).write_text(text, encoding="utf-8")
        except SourceMissing as error:
            self._jobs.fail(job.id, error.problem, error.advice)
            return
        task = worker.Task(
            kind=job.kind, rows=str(self._datasets.rows(job.document).resolve()),
            names=names, into=str(into.resolve()), study=data.text,
            options=job.options, most_rows=self._settings.most_rows,
            most_cells=self._settings.most_cells, most_unpacked=self._settings.most_unpacked,
        )  # fmt: skip
        kernels = self._settings.folder.resolve() / "kernels"
        self._running[job.id] = _started(job, task, into, kernels, self.clock())

    def _follow(self, one: _Running) -> None:
        """See how far a job is; end it where it must not go on."""
        state = self._state(one)
        refused = self._refused(one)
        if state != "running" or refused is not None:
            self._running.pop(one.job.id)
            one.stop()
            if refused is not None:
                self._jobs.fail(one.job.id, *refused)
        elif one.process.poll() is not None:
            self._running.pop(one.job.id)
            one.close()
            self._ended(one)

    def _state(self, one: _Running) -> str:
        """Say how far a job is where that is news, and return what it is by now."""
        said, now = one.said, self.clock()
        if said == one.told and now - one.beaten < _BEAT:
            found = self._jobs.find(one.job.id)
            return "" if found is None else found.state
        one.told, one.beaten = said, now
        fraction, words = float(said.get("fraction", 0.0)), str(said.get("words", ""))
        return self._jobs.beat(one.job.id, fraction, words)

    def _refused(self, one: _Running) -> tuple[str, str] | None:
        """Return why a job must not go on: it takes too long, or too much memory."""
        if self.clock() - one.started > self._settings.most_seconds:
            minutes = max(1, round(self._settings.most_seconds / 60))
            return (
                f"This took longer than the {minutes} minutes that this server allows.",
                "Try with fewer rows, columns or segments, or raise --most-minutes.",
            )
        if _memory(one.process.pid) > self._settings.most_memory:
            most = self._settings.most_memory // 1_000_000
            return (
                f"This took more than the {most:,} MB of memory that this server allows.",
                "Try with fewer rows or columns, or raise --most-memory.",
            )
        return None

    def _ended(self, one: _Running) -> None:
        key, end = one.job.id, one.end or {}
        if "failed" in end:
            self._jobs.fail(key, str(end["failed"]), str(end["advice"]))
        elif "done" in end:
            try:
                self._jobs.done(key, self._kept(one))
            except ForwhomError as error:
                self._jobs.fail(key, error.problem, error.advice)
        else:
            self._jobs.again(key)

    def _kept(self, one: _Running) -> str:
        """Keep what a job made, and return the document that it is now."""
        job, into = one.job, one.into
        if job.kind == "look":
            look = (into / worker.LOOK).read_text("utf-8")
            study = (into / worker.STUDY).read_text("utf-8")
            self._datasets.drafted(job.document, job.who, study, look)
            return job.document
        text = (into / worker.SEGMENTATION).read_text("utf-8")
        members = into / worker.MEMBERS
        kept = members.read_bytes() if members.exists() else None
        members.unlink(missing_ok=True)
        return self._segmentations.create(job.workspace, job.who, text, kept).document


def _started(job: Job, task: worker.Task, into: Path, kernels: Path, now: float) -> _Running:
    """Start a process that takes its task as its first line, and ends when we do."""
    # What is laid aside on the way are rows, too: it goes with them, however the process ends.
    own = {**os.environ, "TMPDIR": str(into.resolve())}
    if not os.access(Path(worker.__file__).parents[2], os.W_OK):
        own.setdefault("NUMBA_CACHE_DIR", str(kernels))  # compiled once, not for each job
    with (into / "said.txt").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "forwhom.web.server.worker"], text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, start_new_session=True,
            env=own,
        )  # fmt: skip
    one = _Running(job, process, into, now)
    one.reader = threading.Thread(target=one.read, daemon=True)
    one.reader.start()
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(asdict(task)) + "\n")
        process.stdin.flush()
    except OSError:
        pass  # it ended at once, and the next look sees that
    return one


def _memory(process: int) -> int:
    """Return how much memory a process holds, in bytes; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
