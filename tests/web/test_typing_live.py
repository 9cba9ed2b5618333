"""What is typed while a page is saved, sent or drawn anew is never lost, wherever it is typed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from tests.web.canvas.test_board_live import block, faults
from tests.web.conftest import Server, Team, take_segmentation
from tests.web.data.test_data import shop, task
from tests.web.exercise.test_exercise_live import PHONE, begun

from forwhom.progress import silent
from forwhom.web.server import worker
from forwhom.workspace.changes import Insert, Put, Remove
from forwhom.workspace.exercise import Given

Visitor = Callable[..., Page]


@contextmanager
def on_its_way(page: Page, address: str) -> Iterator[None]:
    """Hold what a page sends until the block ends, as a slow network does."""
    waiting: list[Route] = []
    is_slow = True

    def hold(one: Route) -> None:
        if is_slow:
            waiting.append(one)
        else:
            one.continue_()

    page.route(address, hold)
    yield
    is_slow = False
    for one in waiting:
        one.continue_()


@pytest.fixture
def shop_data(team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Tables that were looked at."""
    data = team.parts.datasets
    key = data.create(team.place, team.who, [("shop.csv", io.BytesIO(shop()))])
    monkeypatch.chdir(tmp_path)
    worker.look(task(team, key, tmp_path), silent)
    study, look = ((tmp_path / name).read_text() for name in (worker.STUDY, worker.LOOK))
    data.drafted(key, team.who, study, look)
    return key


def label(team: Team, data: str, column: str) -> str | None:
    study = team.parts.datasets.head(data).study
    assert study is not None
    return study.variables[column].label


def test_words_of_columns_typed_while_columns_are_saved(
    server: Server, team: Team, shop_data: str, visitor: Visitor
) -> None:
    page = visitor(f"{server.address}/w/{team.place}/data/{shop_data}")
    spend, visits = (
        page.get_by_role("group", name=name).get_by_label("In plain words")
        for name in ("spend", "visits")
    )
    save = page.get_by_role("button", name="Save what columns are for")
    spend.fill("Euros")
    with on_its_way(page, "**/uses"):
        with page.expect_request("**/uses"):
            save.click()
        spend.fill("Euros a month")
        visits.fill("")
        visits.press_sequentially("How")
    visits.press_sequentially(" often")
    expect(visits).to_be_focused()
    expect(page.locator("[data-version]").first).not_to_have_attribute("data-version", "1")
    assert label(team, shop_data, "spend") == "Euros"
    page.reload()  # and even then
    expect(spend).to_have_value("Euros a month")
    expect(visits).to_have_value("How often")
    save.click()
    expect(page.locator("form[data-typed]")).to_have_count(0)
    assert label(team, shop_data, "spend") == "Euros a month"
    assert label(team, shop_data, "visits") == "How often"


def test_two_who_say_what_a_column_is_for_see_both(
    server: Server, team: Team, shop_data: str, visitor: Visitor
) -> None:
    page = visitor(f"{server.address}/w/{team.place}/data/{shop_data}")
    seen = team.parts.datasets.head(shop_data).number
    theirs = [
        Put(at=("variables", "spend", "label"), value="Dollars"),
        Put(at=("variables", "visits", "label"), value="Calls"),
    ]
    team.parts.datasets.change(shop_data, team.who, seen, theirs)
    spend = page.get_by_role("group", name="spend").get_by_label("In plain words")
    spend.fill("Euros")
    page.get_by_role("button", name="Save what columns are for").click()
    told = page.get_by_role("alert").filter(has_text="while you were writing")
    expect(told).to_contain_text("spend: In plain words")
    expect(told).to_contain_text("Dollars")
    assert label(team, shop_data, "spend") == "Dollars"
    told.get_by_role("button", name="Take mine").click()
    expect(page.locator("form[data-typed]")).to_have_count(0)
    assert label(team, shop_data, "spend") == "Euros"
    assert label(team, shop_data, "visits") == "Calls"
    visits = page.get_by_role("group", name="visits").get_by_label("In plain words")
    expect(visits).to_have_value("Calls")


def test_who_types_is_not_taken_to_what_was_found(
    server: Server, team: Team, shop_data: str, visitor: Visitor
) -> None:
    key = team.parts.jobs.ask(team.place, shop_data, "discover", team.who, {})
    page = visitor(f"{server.address}/w/{team.place}/data/{shop_data}")
    spend = page.get_by_role("group", name="spend").get_by_label("In plain words")
    spend.fill("Euros a month")
    made = take_segmentation(team)
    team.parts.jobs.done(key, made)
    onward = page.get_by_role("link", name="See what came of it")
    expect(onward).to_have_attribute("href", f"/w/{team.place}/segmentation/{made}")
    expect(spend).to_have_value("Euros a month")
    onward.click()
    expect(page.get_by_role("heading", name="Can we defend these segments?")).to_be_visible()
    page.go_back()
    expect(spend).to_have_value("Euros a month")


def test_names_typed_while_one_is_saved(server: Server, team: Team, visitor: Visitor) -> None:
    groups = take_segmentation(team)
    page = visitor(f"{server.address}/w/{team.place}/segmentation/{groups}")
    first, second = (page.get_by_label(f"Name of segment {number}") for number in (1, 2))
    first.fill("Regulars")
    with on_its_way(page, "**/rename"):
        with page.expect_request("**/rename"):
            first.press("Enter")
        second.fill("Visitors")
    expect(page.get_by_role("heading", name="Regulars")).to_be_visible()
    expect(second).to_have_value("Visitors")
    expect(second).to_be_focused()
    found = team.parts.segmentations.head(groups)
    team.parts.segmentations.rename(groups, team.who, found.number, 2, "Strangers")
    second.press("Enter")
    told = page.get_by_role("alert").filter(has_text="while you were writing")
    expect(told).to_contain_text("Strangers")
    told.get_by_role("button", name="Take mine").click()
    expect(page.get_by_role("heading", name="Visitors")).to_be_visible()


def test_notes_typed_while_notes_are_on_their_way(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(server.address + team.path)
    box = block(page, "Channels").get_by_role("textbox")
    notes = ["A stall", "A letter", "A poster"]
    with on_its_way(page, "**/add"):
        for note in notes:
            box.fill(note)
            box.press("Enter")
            expect(box).to_have_value("")
        box.press("Enter")  # nothing is sent of an empty box
        box.fill("half a")
    for note in notes:
        expect(block(page, "Channels").get_by_role("link", name=note, exact=True)).to_have_count(1)
    expect(box).to_have_value("half a")
    page.route("**/add", lambda one: one.abort())
    box.fill("A song")
    box.press("Enter")
    expect(box).to_have_value("A song")
    page.reload()
    expect(box).to_have_value("A song")


def test_what_is_typed_while_a_dialog_is_saved_stays_in_it(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(server.address + team.path)
    page.get_by_role("link", name="Counselors of eleven schools").click()
    text = page.get_by_label("Text (needed)")
    text.fill("Counselors of twelve")
    with on_its_way(page, "**/item"):
        with page.expect_request("**/item"):
            page.get_by_role("button", name="Save").click()
        text.fill("Counselors of twelve schools")
    expect(page.get_by_role("link", name="Counselors of twelve", exact=True)).to_be_attached()
    expect(text).to_have_value("Counselors of twelve schools")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Counselors of twelve schools")).to_be_visible()


def test_a_draft_that_comes_back_overwrites_nobody(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(server.address + team.path)
    page.get_by_role("link", name="Counselors of eleven schools").click()
    page.get_by_label("Text (needed)").fill("Counselors of twelve")
    page.keyboard.press("Escape")
    head = team.parts.canvases.head(team.canvas)
    partners = [one.text for one in head.canvas.blocks["key_partners"]]
    place = next(i for i, one in enumerate(partners) if one.startswith("Counselors"))
    at = ("blocks", "key_partners", place)
    theirs = [Put(at=(*at, "text"), value="Teachers"), Put(at=(*at, "detail"), value="In May")]
    team.parts.canvases.edit(team.canvas, team.who, head.number, theirs)
    page.get_by_role("link", name="Teachers").click()
    expect(page.get_by_label("Text (needed)")).to_have_value("Counselors of twelve")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Teachers")
    page.get_by_role("button", name="Take mine").click()
    expect(page.get_by_role("link", name="Counselors of twelve")).to_be_visible()
    note = team.parts.canvases.head(team.canvas).canvas.blocks["key_partners"][place]
    assert (note.text, note.detail) == ("Counselors of twelve", "In May")


def test_numbers_typed_into_what_somebody_takes_out_are_shown(
    server: Server, team: Team, visitor: Visitor
) -> None:
    head = team.parts.canvases.head(team.canvas)
    curve = {"id": "own", "segment": head.canvas.segments[0].id,
             "points": [{"criterion": "Calm", "scores": {}}]}  # fmt: skip
    number = len(head.canvas.value_curves)
    added = Insert(at=("value_curves", number), value=curve)
    head = team.parts.canvases.edit(team.canvas, team.who, head.number, [added])
    page = visitor(f"{server.address}{team.path}/choices/curves")
    cell = page.get_by_label("Calm: Ours", exact=True)
    cell.fill("7")
    head = team.parts.canvases.edit(
        team.canvas, team.who, head.number, [Put(at=("title",), value="Another title")]
    )
    expect(page.get_by_role("link", name="Another title")).to_have_count(0)
    expect(cell).to_have_value("7")
    gone = Remove(at=("value_curves", number))
    team.parts.canvases.edit(team.canvas, team.who, head.number, [gone])
    told = page.get_by_role("alert").filter(has_text="This was typed")
    expect(told).to_contain_text("7")
    assert faults(page) == []
    told.get_by_role("button").click()
    expect(told).to_be_hidden()


def test_a_name_typed_while_the_round_begins(server: Server, team: Team, visitor: Visitor) -> None:
    found = begun(team, rate=False, anonymous=False)
    phone = visitor(f"{server.address}/x/{found.code}", **PHONE)
    name = phone.get_by_label("Your name")
    name.press_sequentially("Am")
    side = phone.get_by_role("group", name="Parents who plan the month").get_by_label(
        "I am one of them"
    )
    side.check()
    name.focus()
    team.parts.exercises.step(found.id, team.who, found.version, "rate")
    expect(phone.locator("main > [data-live]")).not_to_have_attribute(
        "data-version", str(found.version)
    )
    expect(name).to_be_focused()
    name.press_sequentially("al")
    expect(name).to_have_value("Amal")
    expect(side).to_be_checked()


def test_a_plan_typed_while_somebody_plans_for_the_same(
    server: Server, team: Team, visitor: Visitor
) -> None:
    found = begun(team, anonymous=False)
    exercises = team.parts.exercises
    _, who = exercises.join(found, {side.id: "proxy" for side in found.setup.sides}, "Ada")
    given = [
        Given(id=f"phone-{n:04}", round=1, value=-4 if n % 2 else 4, **cell._asdict())
        for n, cell in enumerate(found.state.cells(who.speaks))
    ]
    exercises.rate(found, who, given)
    exercises.step(found.id, team.who, found.version, "reveal")
    address = f"{server.address}/w/{team.place}/exercise/{found.id}"
    ana, ben = (visitor(address).locator("form[hx-post$=strategy]").first for _ in range(2))
    box = ana.get_by_label("What will be done")
    box.fill("Sit down")
    ben.get_by_label("What will be done").fill("Ask them again")
    ben.get_by_role("button").click()
    expect(ana.page.get_by_text("Ask them again")).to_be_visible()
    expect(box).to_be_focused()
    box.press_sequentially(" with both")
    expect(box).to_have_value("Sit down with both")
    box.press("Enter")
    expect(ben.page.get_by_text("Sit down with both")).to_be_visible()
    expect(box).to_have_value("")


def test_who_waits_is_taken_to_what_was_found(
    server: Server, team: Team, shop_data: str, visitor: Visitor
) -> None:
    key = team.parts.jobs.ask(team.place, shop_data, "discover", team.who, {})
    page = visitor(f"{server.address}/w/{team.place}/data/{shop_data}")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    team.parts.jobs.done(key, take_segmentation(team))
    expect(page.get_by_role("heading", name="Can we defend these segments?")).to_be_visible()
