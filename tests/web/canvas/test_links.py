"""Every link leads somewhere, and a form that answers a gap takes the answer."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urljoin

import lxml.html
import pytest
from tests.web.canvas.test_nextsteps import WEAK
from tests.web.conftest import Client, Team, open_exercise, take, take_segmentation

from forwhom.web.canvas.nextsteps import _BEGINS
from forwhom.workspace.changes import value_at

#: Places of one kind are tried this often: each is a form of its own, drawn by the same lines.
OFTEN = 3
#: Files are tried where they are made; here it is where links lead.
FILES = re.compile(r"/file\b|/static/|form=")


def links(path: str, page: str) -> list[str]:
    """Return where the links of a page lead, within the app."""
    tree = lxml.html.fromstring(page)
    found = [urljoin(path, str(one)).partition("#")[0] for one in tree.xpath("//a/@href")]
    return [one for one in found if one.startswith("/") and not FILES.search(one)]


def kind(path: str) -> str:
    return re.sub(r"[0-9a-f]{16}", "*", re.sub(r"/\d+\b", "/0", path))


def test_every_link_of_every_page_leads_somewhere(client: Client, team: Team) -> None:
    take_segmentation(team)
    open_exercise(team)
    for name in ("clinic-notes", "shared-harvest"):
        take(team.parts, team.place, team.who, name)
    team.parts.canvases.create(team.place, team.who, WEAK)
    met: dict[str, int] = {}
    seen, ahead = {f"/w/{team.place}"}, deque([f"/w/{team.place}"])
    broken = []
    while ahead:
        path = ahead.popleft()
        answer = client.get(path)
        if answer.status_code not in (200, 303):
            broken.append((answer.status_code, path))
            continue
        for one in links(path, answer.text) if answer.text else ():
            met[kind(one)] = met.get(kind(one), 0) + (one not in seen)
            if one not in seen and met[kind(one)] <= OFTEN:
                ahead.append(one)
            seen.add(one)
    assert broken == []
    assert len(met) > 60


@pytest.mark.parametrize("form", sorted(set(_BEGINS.values())))
def test_where_a_gap_is_answered_is_there_before_anything_is(
    client: Client, team: Team, form: str
) -> None:
    answer = client.get(f"{bare(team).path}/{form}")
    assert answer.status_code == 200
    assert lxml.html.fromstring(answer.text).forms[0].fields["at"] == form.partition("?at=")[2]


@pytest.mark.parametrize(
    ("form", "typed", "there"),
    [
        ("item?at=not_for", {"not_for": "Schools\nOffices"}, ["Schools", "Offices"]),
        ("item?at=market_type", {"market_type": "niche"}, "niche"),
        ("new?at=decision/criteria", {"name": "Reach"}, [{"id": "reach", "name": "Reach"}]),
    ],
)
def test_one_field_has_a_form_of_its_own(
    client: Client, team: Team, form: str, typed: dict[str, str], there: object
) -> None:
    new = bare(team)
    path, _, at = form.partition("?at=")
    sent = {"at": at, "version": team.parts.canvases.head(new.canvas).number, **typed}
    assert client.submit(f"{new.path}/{path}", new.path, **sent).status_code == 204
    data = team.parts.canvases.head(new.canvas).data
    assert value_at(data, tuple(at.split("/"))) == there
    assert data["title"] == "A"
    again = lxml.html.fromstring(client.get(f"{new.path}/item?at={at.split('/')[0]}").text)
    assert str(next(iter(typed.values()))) in lxml.html.tostring(again, encoding="unicode")


def test_a_field_that_is_not_one_has_no_form(client: Client, team: Team) -> None:
    for at in ("silences", "forwhom", "nothing", "segments", "not_for/0", "segments/0/id"):
        assert client.get(f"{team.path}/item?at={at}").status_code == 404, at


def bare(team: Team) -> Team:
    made = team.parts.canvases.create(team.place, team.who, "forwhom: 1\nkind: canvas\ntitle: A\n")
    return team._replace(canvas=made.document)
