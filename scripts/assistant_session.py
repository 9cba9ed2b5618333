"""What an assistant asks and is told, taken down for the documentation by the SDK's own client."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import anyio
from mcp import Client

from forwhom.assistants.server import server

ROOT = Path(__file__).parents[1]
#: How many lines of an answer are shown.
_SHOWN = 7
_SESSION: tuple[tuple[str, dict[str, Any]], ...] = (
    ("files", {}),
    ("show", {"segmentation": "journey"}),
    ("evidence", {"segmentation": "journey", "about": "segment-1 size"}),
    ("defend", {"document": "journey"}),
    ("read_canvas", {"canvas": "canvas.yaml", "part": "not_for"}),
    (
        "propose",
        {
            "canvas": "canvas.yaml",
            "changes": [
                {"do": "set", "at": ["segments", 1, "name"], "value": "Parents after a quarrel"}
            ],
        },
    ),
)


def taken_down() -> str:
    """Return a session on the examples, as Markdown."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for file in (ROOT / "examples" / "penny-path").glob("*"):
            if "broken" not in file.name:
                shutil.copy(file, folder)
        (folder / "journey").mkdir()
        shutil.copy(ROOT / "examples/complete-journey/segmentation.json", folder / "journey")
        return anyio.run(_talk, folder)


async def _talk(folder: Path) -> str:
    lines: list[str] = []
    async with Client(server(folder)) as client:
        for tool, given in _SESSION:
            answer = await client.call_tool(tool, given)
            said = "".join(one.text for one in answer.content if one.type == "text")
            rows = said.rstrip().split("\n")
            lines += ["```text", f"> {tool} {json.dumps(given)}", *rows[:_SHOWN]]
            if len(rows) > _SHOWN:
                lines.append(f"… {len(rows) - _SHOWN} more lines")
            lines += ["```", ""]
    return "\n".join(lines).rstrip()
