"""A canvas begins from a worked example, as a copy with the files that it names."""

from __future__ import annotations

import tomllib
from pathlib import Path

import lxml.html
import pytest
from tests.web.conftest import EXAMPLES, Client, Team

from forwhom.web.server import examples


@pytest.mark.parametrize("name", examples.NAMES)
def test_each_begins_a_canvas_to_the_letter(client: Client, team: Team, name: str) -> None:
    home = lxml.html.fromstring(client.get(f"/w/{team.place}").text)
    [button] = home.xpath(f"//form[contains(@action, '/examples/{name}')]//button")
    assert button.text_content() == examples.titles()[name]
    done = client.submit(f"/w/{team.place}/examples/{name}")
    assert done.status_code == 303
    made = team.parts.canvases.head(done.headers["location"].rsplit("/", 1)[1])
    assert made.text == (EXAMPLES / name / "canvas.yaml").read_text("utf-8")
    assert "ratings.csv" in team.parts.files.contents(made.document)


def test_no_other_folder_is_read(client: Client, team: Team) -> None:
    for name in ("coffee-bar", "..", "%2e%2e"):
        assert client.submit(f"/w/{team.place}/examples/{name}").status_code in (404, 405)


def test_the_wheel_brings_what_a_checkout_has() -> None:
    project = tomllib.loads((Path(EXAMPLES).parent / "pyproject.toml").read_text())
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    wanted = {f"examples/{name}": f"forwhom/web/examples/{name}" for name in examples.NAMES}
    assert packed == wanted
