"""An assistant's session, by the SDK's own client: what it may do, and what it never does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pyarrow as pa
import pyarrow.csv
import pytest
from mcp import Client

from forwhom.assistants.desk import LONGEST, Desk
from forwhom.assistants.server import server
from forwhom.errors import OptionError, SourceMissing

pytestmark = pytest.mark.usefixtures("swift")

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "assistants.md"


@pytest.fixture
def folder(tmp_path: Path, customers: pa.Table) -> Path:
    """A folder with a table, a segmentation and a canvas."""
    place = tmp_path / "shop"
    place.mkdir()
    pyarrow.csv.write_csv(customers, place / "customers.csv")
    shutil.copy(ROOT / "examples" / "penny-path" / "canvas.yaml", place)
    for name in ("ratings.csv", "need-ratings.csv"):
        shutil.copy(ROOT / "examples" / "penny-path" / name, place)
    (place / "journey").mkdir()
    shutil.copy(ROOT / "examples/complete-journey/segmentation.json", place / "journey")
    return place


def talk(folder: Path, session: Callable[[Client], Awaitable[None]]) -> None:
    async def run() -> None:
        async with Client(server(folder)) as client:
            await session(client)

    anyio.run(run)


async def ask(client: Client, tool: str, **given: Any) -> str:
    answer = await client.call_tool(tool, given)
    assert not answer.is_error, answer.content
    return "".join(one.text for one in answer.content if one.type == "text")


def test_a_session_from_table_to_proposal(folder: Path) -> None:
    before = (folder / "canvas.yaml").read_text(encoding="utf-8")
    told: list[str] = []

    async def progress(done: float, total: float | None, words: str | None) -> None:
        told.append(words or "")

    async def session(client: Client) -> None:
        names = {one.name for one in (await client.list_tools()).tools}
        assert names == {
            "files", "profile", "discover", "show", "defend", "evidence", "lint", "read_canvas",
            "propose",
        }  # fmt: skip
        assert "customers.csv" in await ask(client, "files")
        seen = await ask(client, "profile", table="customers.csv")
        assert "visits" in seen
        assert not re.search(r"\b\d{5}\b", seen)  # no id of a customer
        given = {"tables": ["customers.csv"], "into": "found", "k_max": 2}
        answer = await client.call_tool("discover", given, progress_callback=progress)
        assert not answer.is_error
        assert "segments" in (await ask(client, "show", segmentation="found")).lower()
        assert "defend" in (await ask(client, "defend", document="found")).lower()
        assert "size" in await ask(client, "evidence", segmentation="journey", about="size")
        await ask(client, "lint", canvas="canvas.yaml")
        assert "channels" in await ask(client, "read_canvas", canvas="canvas.yaml", part="blocks")
        change = {"do": "set", "at": ["segments", 0, "name"], "value": "Planners"}
        said = await ask(client, "propose", canvas="canvas.yaml", changes=[change])
        assert "Planners" in said
        assert "canvas.proposal-1.yaml" in said

    talk(folder, session)
    assert told
    assert (folder / "canvas.yaml").read_text(encoding="utf-8") == before
    assert "name: Planners" in (folder / "canvas.proposal-1.yaml").read_text(encoding="utf-8")
    assert (folder / "found" / "segmentation.json").exists()


def test_mistakes_are_answers_in_words(folder: Path) -> None:
    async def session(client: Client) -> None:
        for tool, given, said in (
            ("profile", {"table": "../secret.csv"}, "not in the folder"),
            ("profile", {"table": "/etc/passwd"}, "not in the folder"),
            ("show", {"segmentation": "none"}, "There is no none"),
            ("discover", {"tables": ["customers.csv"], "into": "journey"}, "is there already"),
            ("read_canvas", {"canvas": "canvas.yaml", "part": "x"}, "has no part 'x'"),
            ("propose", {"canvas": "canvas.yaml", "changes": [{"do": "shout"}]}, "no changes"),
        ):
            answer = await client.call_tool(tool, given)
            assert answer.is_error
            assert said in str(answer.content), (tool, answer.content)

    talk(folder, session)
    assert not list(folder.glob("*.proposal*"))


def test_an_answer_has_a_bounded_length(folder: Path) -> None:
    text = (folder / "canvas.yaml").read_text(encoding="utf-8")
    (folder / "long.yaml").write_text(text + "# x\n" * LONGEST, encoding="utf-8")
    found = Desk(folder).read_canvas("long.yaml")
    assert len(found) < LONGEST + 200
    assert "characters more" in found


def test_nothing_through_a_link_that_leads_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(OptionError, match="not in the folder"):
        Desk(folder).profile("link.csv")
    with pytest.raises(SourceMissing):
        server(folder / "none")


def test_a_proposal_that_is_not_sound_is_refused(folder: Path) -> None:
    change = {"do": "set", "at": ["needs", 0, "importance"], "value": 40}
    with pytest.raises(ValueError, match="importance"):
        Desk(folder).propose("canvas.yaml", [change])
    same = {"do": "set", "at": ["title"], "value": "Penny Path"}
    assert "nothing was written" in Desk(folder).propose("canvas.yaml", [same])
    assert not list(folder.glob("*.proposal*"))
