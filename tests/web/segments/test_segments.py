"""The pages of segments: what is known of each, and what the team decides there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import faults, fits
from tests.web.conftest import Client, Server, Team, take

from forwhom.documents.canvas import suspects
from forwhom.documents.canvas.drafting import new_canvas
from forwhom.documents.canvas.suspects import fingerprint_of
from forwhom.workspace.changes import Put
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
STARTERS = "/segment/late-starters"


def head(team: Team) -> Any:
    return team.parts.canvases.head(team.canvas)


def starters(team: Team) -> Any:
    return next(s for s in head(team).canvas.segments if s.id == "late-starters")


def decide(client: Client, team: Team, **typed: Any) -> Any:
    sent = {
        "version": head(team).number,
        "status": "ignore",
        "reason": "Too few come back.",
        **typed,
    }
    return client.submit(f"{team.path}{STARTERS}/decision", team.path, **sent)


BAKERS = "forwhom: 1\nkind: canvas\nsegments: [{id: bakers, name: Bakers}]\n"


def of_empty(team: Team, text: str = "") -> str:
    text = text or new_canvas("business-model-canvas")
    made = team.parts.canvases.create(team.place, team.who, text)
    return f"/w/{team.place}/canvas/{made.document}"


@pytest.mark.parametrize("name", ["penny-path", "clinic-notes", "shared-harvest"])
def test_every_segment_has_a_page_that_everybody_can_read(
    team: Team, as_role: AsRole, name: str
) -> None:
    key = take(team.parts, team.place, team.who, name)
    canvas, path = team.parts.canvases.head(key).canvas, f"/w/{team.place}/canvas/{key}"
    client = as_role(Role.VIEWER)
    listed = client.get(f"{path}/segments").text
    for one in canvas.segments:
        answer = client.get(f"{path}/segment/{one.id}")
        assert answer.status_code == 200
        page = lxml.html.fromstring(answer.text)
        assert one.name in listed
        assert one.name in page.findtext(".//h1/bdi")
        assert not page.xpath("//main//form | //main//button")
        said = page.text_content()
        assert all(need.statement in said for need in canvas.needs if one.id in need.segments)
        assert all(question in said for question in one.open_questions)


def test_a_segment_that_nobody_wrote_down_is_no_page(client: Client, team: Team) -> None:
    assert client.get(f"{team.path}/segment/nobody").status_code == 404
    assert decide(client, team, version=1).status_code in (204, 404)


def test_an_empty_canvas_says_where_to_begin(client: Client, team: Team) -> None:
    path = of_empty(team)
    page = lxml.html.fromstring(client.get(f"{path}/segments").text)
    assert "There is no segment yet." in page.text_content()
    assert page.xpath("//form[@hx-post=$to]", to=f"{path}/add")


def test_what_is_missing_of_a_segment_leads_to_its_form(client: Client, team: Team) -> None:
    path = of_empty(team, BAKERS)
    page = lxml.html.fromstring(client.get(f"{path}/segment/bakers").text)
    for part in ("needs", "personas", "participants", "propositions", "channels"):
        (link,) = page.get_element_by_id(part).xpath(".//p[@class='actions']/a")
        form = lxml.html.fromstring(client.get(link.get("href")).text)
        chosen = form.xpath("//*[@name='segments' or @name='segment']//option[@selected]/@value")
        ticked = form.xpath("//input[@name='segments'][@checked]/@value")
        assert [*chosen, *ticked] == ["bakers"], part
    for at in ("size", "separate", "digital_literacy"):
        assert client.get(f"{path}/item?at=segments/0/{at}").status_code == 200


def test_a_part_that_was_not_there_is_begun_by_its_own_form(client: Client, team: Team) -> None:
    path = of_empty(team, BAKERS)
    key = path.rsplit("/", 1)[-1]
    first = team.parts.canvases.head(key)
    sent = {
        "at": "segments/0/size",
        "version": first.number,
        "customers": "40",
        "source": "Counted",
    }
    assert client.submit(f"{path}/item", path, **sent).status_code == 204
    size = team.parts.canvases.head(key).canvas.segments[0].size
    assert (size.customers, size.source) == (40, "Counted")
    team.parts.canvases.undo(key, team.who)
    assert team.parts.canvases.head(key).text == first.text


def test_a_decision_is_one_event_with_reason_evidence_name_and_day(
    client: Client, team: Team
) -> None:
    before = head(team)
    known = before.canvas.evidence[0]
    assert decide(client, team, evidence=[known.id]).status_code == 204
    one, event = starters(team), team.parts.canvases.events(team.canvas)[-1]
    today = datetime.now(UTC).date().isoformat()
    assert one.status == "ignore"
    assert one.decision.reason == "Too few come back."
    assert (one.decision.by, one.decision.date) == (team.who.name, today)
    assert one.decision.evidence == [f"{known.id}@{fingerprint_of(known)}"]
    assert {change["at"][2] for change in event.body["changes"][:-1]} == {"status", "decision"}
    told = head(team).canvas.history[-1]
    assert (told.what, told.item, told.note) == ("decided", "late-starters", "Too few come back.")
    said = client.get(f"{team.path}{STARTERS}/history").text
    assert "Too few come back." in said
    assert team.who.name in said
    assert "Nothing was changed here" in client.get(f"{team.path}/segment/gift-givers/history").text
    team.parts.canvases.undo(team.canvas, team.who)
    assert head(team).text == before.text


def test_a_long_history_is_read_page_by_page(client: Client, team: Team) -> None:
    base = of_empty(team, BAKERS)
    key = base.rsplit("/", 1)[-1]
    for number in range(26):
        put = [Put(at=("segments", 0, "description"), value=f"Described {number} times")]
        seen = team.parts.canvases.head(key).number
        team.parts.canvases.edit(key, team.who, seen, put)
    path = address = f"{base}/segment/bakers/history"
    pages = []
    while path:
        page = lxml.html.fromstring(client.get(path).text)
        pages.append(page.xpath("//ol[@class='history']/li"))
        links = page.xpath("//main//a[starts-with(@href, $to)]/@href", to=f"{address}?")
        path = next(iter(links), "")
    assert [len(one) for one in pages] == [20, 6]
    assert "Described 25 times" in pages[0][0].text_content()
    assert "Described 0 times" in pages[1][-1].text_content()


@pytest.mark.parametrize(("typed", "words"), [
    ({"reason": "  "}, "A decision needs a reason."),
    ({"status": ""}, "Nothing is chosen yet."),
    ({"status": "candidate"}, "Nothing is chosen yet."),
    ({"evidence": ["made-up"]}, "This evidence is not here any more"),
])  # fmt: skip
def test_a_decision_that_says_too_little_is_refused_in_words(
    client: Client, team: Team, typed: dict[str, Any], words: str
) -> None:
    before = head(team).number
    answer = decide(client, team, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert head(team).number == before


def test_two_who_decide_differently_see_both(client: Client, team: Team) -> None:
    seen = head(team).number
    assert decide(client, team, version=seen).status_code == 204
    late = decide(client, team, version=seen, status="not-a-customer", reason="They never pay.")
    assert late.status_code == 409
    assert "Too few come back." in late.text
    assert starters(team).status == "ignore"


def test_without_scripts_a_decision_leads_back_to_its_page(client: Client, team: Team) -> None:
    sent = {"version": head(team).number, "status": "serve", "reason": "They pay."}
    sent["secret"] = client.secret(team.path)
    answer = client.post(f"{team.path}{STARTERS}/decision", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{team.path}{STARTERS}")


def with_changed_evidence(team: Team) -> str:
    """Let the evidence behind the size say something new, and return its id."""
    one = starters(team)
    name = one.size.evidence[0].partition("@")[0]
    place = next(i for i, e in enumerate(head(team).canvas.evidence) if e.id == name)
    changes = [
        Put(at=("evidence", place, "statement"), value="Now 19 percent began after a quarrel."),
        Put(at=("evidence", place, "value"), value=0.19),
        Put(at=("evidence", place, "fingerprint"), value="new-count"),
    ]
    team.parts.canvases.edit(team.canvas, team.who, head(team).number, changes)
    return name


def test_a_claim_whose_evidence_changed_is_accepted_there(client: Client, team: Team) -> None:
    name = with_changed_evidence(team)
    page = lxml.html.fromstring(client.get(f"{team.path}{STARTERS}").text)
    doubts = page.get_element_by_id("doubts")
    assert "Now 19 percent began after a quarrel." in doubts.text_content()
    before = len(suspects(head(team).canvas))
    seen = head(team).number
    sent = {"version": seen, "claim": "late-starters.size", "note": "Counted again."}
    answer = client.submit(f"{team.path}{STARTERS}/accept", team.path, **sent)
    assert answer.status_code == 204
    size = starters(team).size
    assert (size.share, size.evidence[0]) == (0.19, f"{name}@new-count")
    assert len(suspects(head(team).canvas)) == before - 1
    told = head(team).canvas.history[-1]
    assert (told.what, told.by, told.note) == ("accepted", team.who.name, "Counted again.")
    again = client.submit(f"{team.path}{STARTERS}/accept", team.path, version=head(team).number,
                          claim="late-starters.size")  # fmt: skip
    assert again.status_code == 422
    team.parts.canvases.undo(team.canvas, team.who)
    assert len(suspects(head(team).canvas)) == before


def test_a_decision_by_keys_alone_and_what_was_typed_stays(
    server: Server, team: Team, visitor: Callable[..., Page]
) -> None:
    page = visitor(server.address + team.path + STARTERS)
    page.get_by_role("radio", name="Serve").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Decide").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("A decision needs a reason.")
    expect(page.get_by_role("radio", name="Ignore")).to_be_checked()
    page.get_by_label("Why?").focus()
    page.keyboard.type("They stop after one evening.")
    put = [Put(at=("segments", 1, "description"), value="What somebody else wrote meanwhile.")]
    team.parts.canvases.edit(team.canvas, team.who, head(team).number, put)
    expect(page.locator("#who")).to_contain_text("What somebody else wrote meanwhile.")
    expect(page.get_by_label("Why?")).to_have_value("They stop after one evening.")
    page.get_by_role("button", name="Decide").press("Enter")
    expect(page.locator("#who")).to_contain_text("They stop after one evening.")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert starters(team).status == "ignore"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#who")).not_to_contain_text("They stop after one evening.")
    assert starters(team).status == "serve"


def test_no_barrier_and_never_wider_than_the_screen(
    server: Server, team: Team, visitor: Callable[..., Page]
) -> None:
    with_changed_evidence(team)
    page = visitor(server.address + team.path + STARTERS, color_scheme="dark")
    assert fits(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert fits(page)
    assert faults(page) == []
    for path in ("/segments", f"{STARTERS}/history"):
        page.goto(server.address + team.path + path)
        assert fits(page), path
