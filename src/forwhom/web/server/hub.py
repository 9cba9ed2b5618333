"""Who is listening, and when there is something new: streams of events for open pages."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from forwhom.workspace.database import Database
from forwhom.workspace.log import sequence_of

#: Says how far something has come, from the database.
Number = Callable[[Connection], int]

#: How often other programs that write to the database are noticed, in seconds. What this one
#: writes is noticed at once; what is written within a moment is told together.
_LOOK, _MOMENT = 0.1, 0.002
#: How often a page hears that the connection still stands, in seconds.
_BEAT = 15.0


class Hub:
    """Wakes the pages of a workspace when its log has grown, whoever wrote to it.

    An exercise inside of one has pages of its own: whoever listens names a channel, and what
    says how far that has come.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._numbers: dict[str, Number] = {}
        self._here: dict[str, Counter[str]] = {}
        #: How far each channel had come when it was looked at last.
        self._seen: dict[str, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False

    def start(self) -> None:
        """Begin to look for what others write."""
        self._loop, self._written = asyncio.get_running_loop(), asyncio.Event()
        self._database.listen(self._tell)
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End all streams, and look no more."""
        self.end()
        if self._task is not None:
            self._database.forget(self._tell)
            self._task.cancel()

    def end(self) -> None:
        """End all streams."""
        self._closing = True
        self._wake_all()

    def stream(self, workspace: str, name: str, after: int) -> AsyncIterator[str]:
        """Yield an event whenever a workspace has moved on, or somebody came or went."""
        return self.follow(workspace, name, after, partial(sequence_of, place=workspace))

    async def follow(
        self, channel: str, name: str, after: int, number: Number
    ) -> AsyncIterator[str]:
        """Yield an event whenever a number has changed, or somebody with a name came or went."""
        with self._listening(channel, name, number) as bell:
            told: tuple[int, list[str]] | None = (after, [])
            now = await run_in_threadpool(self._number, number)
            while not self._closing:
                now = max(now, self._seen.get(channel, 0))  # whoever looked has looked for all
                state = (now, self.present(channel))
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
        return sorted(name for name in self._here.get(workspace, ()) if name)

    def _number(self, number: Number) -> int:
        with self._database.reading() as connection:
            return number(connection)

    @contextmanager
    def _listening(self, workspace: str, name: str, number: Number) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        bells = self._waiting.setdefault(workspace, set())
        self._numbers[workspace] = number
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
            if not bells:
                self._numbers.pop(workspace, None)
            self._wake(workspace)

    def _wake(self, workspace: str) -> None:
        for bell in self._waiting.get(workspace, ()):
            bell.set()

    def _wake_all(self) -> None:
        for workspace in self._waiting:
            self._wake(workspace)

    def _tell(self) -> None:
        """Look soon: something was written, in any thread."""
        assert self._loop is not None
        with suppress(RuntimeError):  # the server has stopped meanwhile
            self._loop.call_soon_threadsafe(self._written.set)

    async def _watch(self) -> None:
        """Look whether anybody has written, this process among them."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._written.wait(), _LOOK)
                await asyncio.sleep(_MOMENT)
            self._written.clear()
            if not self._numbers:
                continue
            try:
                now = await run_in_threadpool(self._look, dict(self._numbers))
            except Exception:
                continue  # the database is away; the next look finds what was written
            before, self._seen = self._seen, now
            for channel in now:
                if now[channel] != before.get(channel):
                    self._wake(channel)

    def _look(self, numbers: dict[str, Number]) -> dict[str, int]:
        with self._database.reading() as connection:
            return {channel: number(connection) for channel, number in numbers.items()}
