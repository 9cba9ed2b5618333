"""Open pages hear at once of what this server writes."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.web.conftest import Team

from forwhom.web.server import hub
from forwhom.workspace.changes import Put


def test_what_this_server_writes_is_told_without_waiting_for_the_next_look(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_LOOK", 3600)
    head = team.parts.canvases.head(team.canvas)

    def write() -> int:
        change = Put(at=("title",), value="Written now")
        return team.parts.canvases.edit(team.canvas, team.who, head.number, [change]).number

    async def told() -> tuple[int, int]:
        team.parts.hub.start()
        stream = team.parts.hub.stream(team.place, "Ana", 0)
        await anext(stream)
        number = await asyncio.to_thread(write)
        event = await anext(stream)  # a beat, and no number, if nobody told
        await team.parts.hub.stop()
        return number, json.loads(event.partition("data: ")[2])["sequence"]

    number, said = asyncio.run(told())
    assert said == number
