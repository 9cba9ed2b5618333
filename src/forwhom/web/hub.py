"""Who is listening, and when there is something new: streams of events for open pages."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool

from forwhom.workspace.database import Database
from forwhom.workspace.log import events_in_all, sequence_of

#: How often other programs that write to the database are noticed, in seconds.
_LOOK = 0.1
#: How often a page hears that the connection still stands, in seconds.
_BEAT = 15.0


class Hub:
    """Wakes the pages of a workspace when its log has grown, whoever wrote to it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._here: dict[str, Counter[str]] = {}
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def start(self) -> None:
        """Begin to look for what others write."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End all streams."""
        self._closing = True
        if self._task is not None:
            self._task.cancel()
        self._wake_all()

    async def stream(self, workspace: str, name: str, after: int) -> AsyncIterator[str]:
        """Yield an event whenever a workspace has moved on, or somebody came or went."""
        with self._listening(workspace, name) as bell:
            told: tuple[int, list[str]] | None = (after, [])
            while not self._closing:
                now = await run_in_threadpool(self._sequence, workspace)
                state = (now, self.present(workspace))
                if state != told:
                    told = state
                    said = json.dumps({"sequence": now, "here": state[1]}, ensure_ascii=False)
                    yield f"event: moved\ndata: {said}\n\n"
                try:
                    await asyncio.wait_for(bell.wait(), _BEAT)
                except TimeoutError:
                    yield "event: beat\ndata: {}\n\n"
                bell.clear()

    def present(self, workspace: str) -> list[str]:
        """Return the names of those who have a page of a workspace open."""
        return sorted(self._here.get(workspace, ()))

    def _sequence(self, workspace: str) -> int:
        with self._database.reading() as connection:
            return sequence_of(connection, workspace)

    @contextmanager
    def _listening(self, workspace: str, name: str) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        bells = self._waiting.setdefault(workspace, set())
        here = self._here.setdefault(workspace, Counter())
        bells.add(bell)
        here[name] += 1
        self._wake(workspace)
        try:
            yield bell
        finally:
            bells.discard(bell)
            here[name] -= 1
            if not here[name]:
                del here[name]
            self._wake(workspace)

    def _wake(self, workspace: str) -> None:
        for bell in self._waiting.get(workspace, ()):
            bell.set()

    def _wake_all(self) -> None:
        for workspace in self._waiting:
            self._wake(workspace)

    async def _watch(self) -> None:
        """Look whether anybody has written, this process among them."""
        seen = -1
        while True:
            await asyncio.sleep(_LOOK)
            if not any(self._waiting.values()):
                continue
            try:
                now = await run_in_threadpool(self._moved)
            except Exception:
                continue  # the database is away; the next look finds what was written
            if now != seen:
                seen = now
                self._wake_all()

    def _moved(self) -> int:
        with self._database.reading() as connection:
            return events_in_all(connection)
