"""A server that is stopped lets open pages go."""

from __future__ import annotations

import asyncio

from tests.web.conftest import Team


def test_streams_of_open_pages_end_at_once(team: Team) -> None:
    async def followed() -> list[str]:
        stream = team.parts.hub.stream(team.place, "Ana", 0)
        assert "sequence" in await anext(stream)
        team.parts.hub.end()
        return [one async for one in stream]

    assert asyncio.run(followed()) == []
