"""The pages of choices: each shows an answer, and changes what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import faults, fits
from tests.web.conftest import Client, Server, Team, take

from forwhom.documents.canvas.drafting import new_canvas
from forwhom.web.choices.answers import CHOICES
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
SMALL = """\
forwhom: 1
kind: canvas
segments: [{id: a, name: Bakers}, {id: b, name: Millers}]
needs: [{id: rise, statement: Get up early, segments: [a]}, {id: rest, statement: Sleep}]
propositions: [{id: bell, name: A bell, segments: [a]}]
competitors: [{id: cock, name: A cock}]
"""


def of(team: Team, text: str) -> tuple[str, str]:
    key = team.parts.canvases.create(team.place, team.who, text).document
    return key, f"/w/{team.place}/canvas/{key}"


def filled(client: Client, path: str, form: str, **typed: Any) -> Any:
    """Send the form that a page shows to an address, with some cells typed anew."""
    page = lxml.html.fromstring(client.get(path).text)
    values: dict[str, Any] = {}
    for one in page.xpath("//form[@hx-post=$to]", to=form):
        values |= dict(one.form_values())
    assert "version" in values
    return client.submit(form, path, **{**values, **typed})


@pytest.mark.parametrize("name", ["penny-path", "clinic-notes", "shared-harvest"])
def test_everybody_reads_every_answer(team: Team, as_role: AsRole, name: str) -> None:
    key = take(team.parts, team.place, team.who, name)
    path, client = f"/w/{team.place}/canvas/{key}", as_role(Role.VIEWER)
    listed = client.get(f"{path}/choices").text
    for choice in CHOICES:
        assert f"{path}/choices/{choice}" in listed
        answer = client.get(f"{path}/choices/{choice}")
        assert answer.status_code == 200
        page = lxml.html.fromstring(answer.text)
        assert not page.xpath("//main//form | //main//input | //div[@class='problem']"), choice
        assert page.xpath("//main//table | //main//svg"), choice
    map_ = client.get(f"{path}/participants")
    assert "Map of who influences whom" in map_.text
    picture = client.get(f"{path}/participants.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    first = team.parts.canvases.head(key).canvas.participants[0]
    assert first.name in map_.text


@pytest.mark.parametrize("choice", [*CHOICES, "participants"])
def test_an_empty_canvas_leads_to_the_form_that_is_needed(
    client: Client, team: Team, choice: str
) -> None:
    _, path = of(team, new_canvas("business-model-canvas"))
    address = f"{path}/{choice}" if choice == "participants" else f"{path}/choices/{choice}"
    page = lxml.html.fromstring(client.get(address).text)
    said = page.get_element_by_id("main").text_content()
    assert "Nothing can be said yet." in said or "Nobody is named yet." in said
    links = page.xpath("//main//a[@data-dialog]/@href")
    assert links
    assert all(client.get(link).status_code == 200 for link in links)


def test_a_page_that_nobody_knows_is_not_there(client: Client, team: Team) -> None:
    assert client.get(f"{team.path}/choices/luck").status_code == 404


def test_only_cells_that_were_typed_anew_are_written(client: Client, team: Team) -> None:
    key, path = of(team, SMALL)
    page = f"{path}/choices/opportunities"
    typed = {"needs/0/importance": "8", "needs/0/satisfaction": "2,5"}
    assert filled(client, page, page, **typed).status_code == 204
    need = team.parts.canvases.head(key).canvas.needs[0]
    assert (need.importance, need.satisfaction) == (8, 2.5)
    assert len(team.parts.canvases.events(key)[-1].body["changes"]) == 2
    number = team.parts.canvases.head(key).number
    assert filled(client, page, page).status_code == 204
    assert team.parts.canvases.head(key).number == number
    assert "13.5" in client.get(page).text
    assert filled(client, page, page, **{"needs/0/importance": ""}).status_code == 204
    assert team.parts.canvases.head(key).canvas.needs[0].importance is None


@pytest.mark.parametrize(("typed", "words"), [
    ("much", "Get up early: Importance: 'much' is no number."),
    ("11", "10"),
])  # fmt: skip
def test_a_cell_that_cannot_be_is_refused_in_words(
    client: Client, team: Team, typed: str, words: str
) -> None:
    key, path = of(team, SMALL)
    page = f"{path}/choices/opportunities"
    before = team.parts.canvases.head(key).text
    answer = filled(client, page, page, **{"needs/0/importance": typed})
    assert answer.status_code == 422
    assert words.replace("'", "&#39;") in answer.text
    assert team.parts.canvases.head(key).text == before


def test_two_who_type_into_one_cell_see_both_and_into_two_keep_both(
    client: Client, team: Team
) -> None:
    key, path = of(team, SMALL)
    page = f"{path}/choices/opportunities"
    seen = team.parts.canvases.head(key).number
    cell, other = "needs/0/importance", "needs/1/importance"
    sent = {f"was:{name}": "" for name in (cell, other)} | {other: ""}
    assert client.submit(page, page, version=seen, **{**sent, cell: "8"}).status_code == 204
    assert client.submit(page, page, version=seen, **{**sent, cell: "3"}).status_code == 409
    late = {**sent, cell: "", other: "5"}
    assert client.submit(page, page, version=seen, **late).status_code == 204
    again = {**late, "version": team.parts.canvases.head(key).number}
    assert client.submit(page, page, **again).status_code == 204
    needs = team.parts.canvases.head(key).canvas.needs
    assert [need.importance for need in needs] == [8, 5]


def test_how_far_a_need_is_answered_is_said_where_nothing_was(client: Client, team: Team) -> None:
    key, path = of(team, SMALL)
    page = f"{path}/choices/fit"
    assert filled(client, page, page, **{"propositions/0/fit/0/rise": "full"}).status_code == 204
    (fit,) = team.parts.canvases.head(key).canvas.propositions[0].fit
    assert (fit.need, fit.strength) == ("rise", "full")
    assert (
        filled(client, page, page, **{"propositions/0/fit/0/strength": "none"}).status_code == 204
    )
    assert team.parts.canvases.head(key).canvas.propositions[0].fit[0].strength == "none"


def test_a_need_gets_its_job_and_its_step(client: Client, team: Team) -> None:
    key, path = of(team, SMALL)
    page = f"{path}/choices/job-maps"
    typed = {"needs/1/of": "rise", "needs/1/step": "prepare"}
    assert filled(client, page, page, **typed).status_code == 204
    need = team.parts.canvases.head(key).canvas.needs[1]
    assert (need.of, need.step) == ("rise", "prepare")
    assert "Nothing can be said yet." not in client.get(page).text


def test_a_value_curve_is_begun_by_what_matters_and_goes_on(client: Client, team: Team) -> None:
    key, path = of(team, SMALL)
    page, form = f"{path}/choices/curves", f"{path}/curve"
    refused = filled(client, page, form, criteria="It is loud")
    assert refused.status_code == 422
    assert "No segment is chosen." in refused.text
    assert filled(client, page, form, segment="a", criteria=" \n").status_code == 422
    assert filled(client, page, form, segment="a", criteria="Loud\nCheap\n").status_code == 204
    assert filled(client, page, form, segment="a", criteria="Early").status_code == 204
    typed = {"value_curves/0/points/0/scores/ours": "7", "value_curves/0/points/0/scores/cock": "9"}
    assert filled(client, page, page, **typed).status_code == 204
    (curve,) = team.parts.canvases.head(key).canvas.value_curves
    assert [point.criterion for point in curve.points] == ["Loud", "Cheap", "Early"]
    assert curve.points[0].scores == {"ours": 7, "cock": 9}
    assert "chosen-chart" in client.get(page).text


def test_a_decision_matrix_is_built_from_nothing(client: Client, team: Team) -> None:
    key, path = of(team, SMALL)
    page = f"{path}/choices/matrix"
    for name in ("They need it", "They pay"):
        version = team.parts.canvases.head(key).number
        sent = {"at": "decision/criteria", "version": version, "name": name}
        made = client.submit(f"{path}/new", path, **sent, axis="attractiveness")
        assert made.status_code == 204
    assert "Give at least two segments scores below." in client.get(page).text
    criteria = [one.id for one in team.parts.canvases.head(key).canvas.decision.criteria]
    typed = {f"decision/scores/{s}/{c}": str(n) for s, n in (("a", 9), ("b", 2)) for c in criteria}
    assert filled(client, page, page, **typed).status_code == 204
    said = client.get(page).text
    assert "Nothing can be said yet." not in said
    assert said.index("Bakers") < said.index("Millers")


def test_no_barrier_and_never_wider_than_the_screen(
    server: Server, team: Team, visitor: Callable[..., Page]
) -> None:
    page = visitor(server.address + team.path + "/choices", viewport={"width": 360, "height": 800})
    for index, path in enumerate((*(f"/choices/{one}" for one in CHOICES), "/participants")):
        page.emulate_media(color_scheme="dark" if index % 2 else "light")
        page.goto(server.address + team.path + path)
        assert fits(page), path
        assert path not in ("/choices/matrix", "/participants") or faults(page) == [], path
    page.goto(f"{server.address}{team.path}/choices/opportunities")
    cell = page.locator('[name="needs/0/importance"]')
    cell.fill("1")
    cell.press("Enter")
    expect(page.locator('[name="was:needs/0/importance"]')).to_have_value("1")
