"""The client of the guide is true: it runs against a server, from a table to a canvas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.web.api.conftest import token_of
from tests.web.conftest import Server, Team
from tests.web.data.test_data import shop
from tests.web.server.test_working import here

from forwhom.workspace.people import Role

GUIDE = Path(__file__).parents[3] / "docs" / "api.md"


@pytest.fixture
def client(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of the guide, with what it needs beside it."""
    [code] = re.findall(
        r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    monkeypatch.setattr("forwhom.web.server.working._started", here)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_bytes(shop())
    token = token_of(team, team.who, Role.OWNER, "read", "write", "data")
    monkeypatch.setenv("FORWHOM_TOKEN", token)
    return code


def run(code: str) -> None:
    names: dict[str, Any] = {}
    try:
        exec(compile(code, str(GUIDE), "exec"), names)
    finally:
        names["API"].close()


@pytest.mark.usefixtures("swift")
def test_the_client_goes_from_a_table_to_a_canvas(
    team: Team, server: Server, client: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("FORWHOM", server.address)
    run(client)
    said = capsys.readouterr().out
    assert "person: id." in said
    assert "Customers" in said
    assert re.search(r"^1\. .+: \d+%$", said, re.MULTILINE)
    assert "size" in said or "% of the customers" in said
    assert re.search(r"^line \d+: FW\d+ ", said, re.MULTILINE)
    made = next(one for one in team.parts.documents.listed(team.place) if one.kind == "canvas")
    head = team.parts.canvases.head(made.id)
    assert head.canvas.not_for == ["Wholesalers"]
    assert f"version {head.number}" in said
    assert team.parts.canvases.events(made.id)[-1].who.name == "You (nightly)"


def test_the_client_stops_in_the_words_of_the_server(
    team: Team, server: Server, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWHOM", server.address)
    (Path.cwd() / "customers.csv").rename("photo.png")
    wrong = client.replace("customers.csv", "photo.png")
    with pytest.raises(SystemExit, match=r"cannot be used: 'photo.png' is no table that is read"):
        run(wrong)
