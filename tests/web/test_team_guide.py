"""The guide for a team's server is true: its commands run on PostgreSQL, its files are read."""

from __future__ import annotations

import configparser
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.web.conftest import Client

from forwhom.cli.main import cli
from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
NAME = "canvas.example.org"


def blocks(language: str) -> list[str]:
    text = (DOCS / "web-team.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_every_step_works(
    postgres: Path, ask_postgres: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_postgres("CREATE DATABASE guide")  # type: ignore[operator]
    server = f"postgresql://postgres@/guide?host={postgres}"
    monkeypatch.chdir(tmp_path)
    said = []
    for line in (line for block in blocks("sh") for line in block.splitlines()):
        command = shlex.split(line.replace("postgresql:///forwhom", server))[1:]
        done = CliRunner().invoke(cli, command)
        assert done.exit_code == 0, done.output
        said.append(done.output)
        if "--prepare" in command:
            becomes_owner(server, tmp_path, done.output)
    assert "rows" in said[-1]
    restored = opened(Settings("restored.db", tmp_path / "files"))
    assert restored.people.signed_in("ana@example.org", "a long password") is not None
    restored.database.close()


def becomes_owner(server: str, folder: Path, said: str) -> None:
    """Open the link that was printed, behind a proxy that speaks HTTPS."""
    link = re.search(rf"https://{NAME}(/join/[\w-]+)", said)
    assert link is not None
    names = (NAME,)
    parts = opened(Settings(server, folder / "files", host="0.0.0.0", names=names, https=True))
    client = Client(parts)
    client.base_url = f"https://{NAME}"  # type: ignore[assignment]
    typed = {"name": "Ana", "email": "ana@example.org", "password": "a long password"}
    answer = client.post(link[1], data=typed)
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"]
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert page.headers["strict-transport-security"]
    parts.database.close()


def test_the_service_starts_what_the_command_line_has() -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(blocks("ini")[0])
    program, command, *options = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/bin/forwhom")
    made = cli.commands[command].make_context(command, list(options))
    assert made.params["https"]
    assert made.params["names"] == (NAME,)
    assert f"proxy_pass http://{made.params['host']}:{made.params['port']};" in blocks("nginx")[0]


def test_every_option_is_in_the_table_of_settings() -> None:
    table = (DOCS / "web.md").read_text(encoding="utf-8")
    options = [one.opts[0] for one in cli.commands["serve"].params if one.opts[0] != "--json"]
    missing = [one for one in options if one.startswith("--") and f"`{one}`" not in table]
    assert missing == []
