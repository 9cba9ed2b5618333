"""Long work of a workspace: asked for, taken up by a server, followed, ended or given up.

A server that works on a job holds it for some seconds and says again and again that it does. Where
it stops saying so, the job is taken up anew; after a few times it is given up in words.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from forwhom.languages.catalog import later
from forwhom.workspace import log
from forwhom.workspace.database import Database, moment_text, new_id
from forwhom.workspace.log import Author
from forwhom.workspace.shape import job

State = Literal["queued", "running", "done", "failed", "cancelled"]
#: How long a server holds a job without saying so again.
LEASE = timedelta(seconds=20)
#: How often a job is taken up whose process ended without a word.
MOST_ATTEMPTS = 3
_GIVEN_UP = later("This was begun three times, and its process ended each time without a word.")
_GIVEN_UP_ADVICE = later("The machine may have too little memory: try with fewer rows or columns.")


@dataclass(frozen=True)
class Job:
    """One piece of work."""

    id: str
    workspace: str
    document: str
    kind: str
    state: State
    options: dict[str, Any]
    fraction: float
    words: str
    problem: str
    advice: str
    attempts: int
    who: Author
    created: str
    #: The document that it made.
    result: str

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in ("done", "failed", "cancelled")


class Jobs:
    """The jobs of a database."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._clock = clock

    def ask(
        self, place: str, document: str, kind: str, who: Author, options: dict[str, Any]
    ) -> str:
        """Put work into the queue, and return its id."""
        key = new_id()
        with self._database.writing() as connection:
            connection.execute(
                insert(job).values(
                    id=key, workspace=place, document=document, kind=kind, state="queued",
                    options=json.dumps(options), fraction=0.0, words="", problem="", advice="",
                    attempts=0, who=who.id, name=who.name, created=self._now(), lease="",
                    result="",
                )
            )  # fmt: skip
            log.append(connection, place, "asked", who, {"job": key, "do": kind}, document=document)
        return key

    def claim(self) -> Job | None:
        """Take up the job that waits longest; None where there is none."""
        with self._database.writing() as connection:
            self._take_back(connection)
            row = connection.execute(
                select(job)
                .where(job.c.state == "queued")
                .order_by(job.c.created)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return None
            values = {"state": "running", "attempts": row.attempts + 1, "lease": self._lease()}
            connection.execute(update(job).where(job.c.id == row.id).values(**values))
            found = connection.execute(select(job).where(job.c.id == row.id)).one()
        return _job(found)

    def beat(self, key: str, fraction: float, words: str) -> State:
        """Say that a job is still worked on, and return what it is by now."""
        with self._database.writing() as connection:
            connection.execute(
                update(job)
                .where(job.c.id == key, job.c.state == "running")
                .values(fraction=fraction, words=words, lease=self._lease())
            )
            found = connection.execute(select(job.c.state).where(job.c.id == key))
            state: State = found.scalar_one()
        return state

    def done(self, key: str, result: str = "") -> None:
        """Say that a job has done what it was asked for."""
        self._end(key, "done", result=result, fraction=1.0)

    def fail(self, key: str, problem: str, advice: str) -> None:
        """Say in words why a job cannot be done."""
        self._end(key, "failed", problem=problem, advice=advice)

    def cancel(self, key: str, who: Author) -> None:
        """Give up a job that a person does not want any more."""
        self._end(key, "cancelled", who=who)

    def again(self, key: str) -> None:
        """Put a job back whose process ended without a word, unless that happened too often."""
        with self._database.writing() as connection:
            found = connection.execute(select(job).where(job.c.id == key)).one()
            self._back(connection, found)

    def put_back(self, key: str) -> None:
        """Put a job back that is well, because its server stops."""
        with self._database.writing() as connection:
            connection.execute(
                update(job)
                .where(job.c.id == key, job.c.state == "running")
                .values(state="queued", lease="", attempts=job.c.attempts - 1)
            )

    def find(self, key: str) -> Job | None:
        """Return a job by its id."""
        with self._database.reading() as connection:
            row = connection.execute(select(job).where(job.c.id == key)).one_or_none()
        return None if row is None else _job(row)

    def of(self, document: str) -> list[Job]:
        """Return the jobs about a document, the newest first."""
        with self._database.reading() as connection:
            wanted = select(job).where(job.c.document == document).order_by(job.c.created.desc())
            return [_job(row) for row in connection.execute(wanted).all()]

    def _end(self, key: str, state: State, who: Author | None = None, **values: Any) -> None:
        with self._database.writing() as connection:
            found = connection.execute(select(job).where(job.c.id == key).with_for_update()).one()
            if found.state not in ("queued", "running"):
                return
            connection.execute(
                update(job).where(job.c.id == key).values(state=state, lease="", **values)
            )
            log.append(
                connection, found.workspace, state, who or Author(found.who, found.name),
                {"job": key, "do": found.kind}, document=found.document,
            )  # fmt: skip

    def _take_back(self, connection: Connection) -> None:
        """Put jobs back whose server no longer says that it works on them."""
        left = select(job).where(job.c.state == "running", job.c.lease < self._now())
        for row in connection.execute(left).all():
            self._back(connection, row)

    def _back(self, connection: Connection, row: Row[Any]) -> None:
        if row.state != "running":
            return
        values = {"state": "queued", "lease": "", "fraction": 0.0, "words": ""}
        if row.attempts >= MOST_ATTEMPTS:
            values = {"state": "failed", "lease": "", "problem": _GIVEN_UP,
                      "advice": _GIVEN_UP_ADVICE}  # fmt: skip
        connection.execute(update(job).where(job.c.id == row.id).values(**values))
        if values["state"] == "failed":
            body = {"job": row.id, "do": row.kind}
            who = Author(row.who, row.name)
            log.append(connection, row.workspace, "failed", who, body, document=row.document)

    def _now(self) -> str:
        return moment_text(self._clock())

    def _lease(self) -> str:
        return moment_text(self._clock() + LEASE)


def _job(row: Row[Any]) -> Job:
    return Job(
        row.id, row.workspace, row.document, row.kind, row.state, json.loads(row.options),
        row.fraction, row.words, row.problem, row.advice, row.attempts, Author(row.who, row.name),
        row.created, row.result,
    )  # fmt: skip
