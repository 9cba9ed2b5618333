"""An exercise as phones and facilitators ask for it: codes, tokens, roles, refusals in words."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import lxml.html
from tests.web.conftest import Client, Team

from forwhom.pipeline.aligning import align
from forwhom.web.server.limits import KINDS
from forwhom.workspace.exercises import Opened
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]


def opened(client: Client, team: Team, **values: Any) -> Opened:
    """Open an exercise as the page does, with what its form proposes."""
    page = lxml.html.fromstring(
        client.get(f"{team.path}/exercises?kind={values.get('kind', 'alignment')}").text
    )
    form = next(one for one in page.forms if one.get("hx-post"))
    sent: dict[str, Any] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    answer = client.submit(f"{team.path}/exercises", team.path, **{**sent, **values})
    assert answer.status_code == 204, answer.text
    found = team.parts.exercises.get(answer.headers["hx-redirect"].rpartition("/")[2])
    assert found is not None
    return found


def step(client: Client, team: Team, found: Opened, name: str) -> Any:
    version = now(team, found).version
    path = f"/w/{team.place}/exercise/{found.id}"
    return client.submit(f"{path}/step", path, version=version, step=name)


def now(team: Team, found: Opened) -> Opened:
    standing = team.parts.exercises.get(found.id)
    assert standing is not None
    return standing


class Phone:
    """A phone without scripts, and without an account."""

    def __init__(self, team: Team, found: Opened, **headers: str) -> None:
        self.client = Client(team.parts)
        self.client.headers.update(headers)
        self.path = f"/x/{found.code}"
        self.sides = [side.id for side in found.setup.sides]
        self.sent = 0

    def join(self, voice: str = "proxy", **values: str) -> Phone:
        speaks = {f"speaks:{side}": voice for side in self.sides}
        answer = self.client.post(f"{self.path}/join", data={**speaks, **values})
        assert answer.status_code == 303, answer.text
        return self

    def page(self) -> Any:
        return lxml.html.fromstring(self.client.get(self.path).text)

    def secret(self) -> str:
        return str(self.page().xpath("string(//@data-secret)"))

    def rate(self, value: Any, number: int = 0, **headers: str) -> Any:
        card = self.page().find_class("question")[number]
        self.sent += 1
        rating = {
            "id": f"phone-{self.sent:06}", "round": 1, "value": value,
            **{name: card.get(f"data-{name}") for name in ("segment", "item", "measure")},
        }  # fmt: skip
        return self.client.post(
            f"{self.path}/ratings",
            content=json.dumps({"ratings": [rating]}),
            headers={"content-type": "application/json", "x-secret": self.secret(), **headers},
        )


def test_a_phone_joins_by_its_code_and_is_known_again(client: Client, team: Team) -> None:
    found = opened(client, team)
    phone = Phone(team, found)
    code = found.code
    where = phone.client.get("/x", params={"code": f"{code[:4]} {code[4:].lower()}"})
    assert where.status_code == 303
    assert phone.client.get(where.headers["location"]).status_code == 200
    assert "forwhom=" not in where.headers.get("set-cookie", "")
    phone.join()
    assert f"/exercise/{found.id}" in client.get(f"/w/{team.place}").text
    assert "Your phone is number 1" in phone.client.get(phone.path).text
    step(client, team, found, "rate")
    assert phone.rate(3).json()["kept"] == ["phone-000001"]
    assert phone.page().xpath("//input[@checked]/@value") == ["3"]


def test_a_wrong_code_is_said_in_the_language_of_the_phone(client: Client, team: Team) -> None:
    for language, words in (
        ("en", "no exercise with this code"),
        ("fr", "exercice"),
        ("ar", "rtl"),
    ):
        answer = client.get("/x/WRONGONE", headers={"accept-language": language})
        assert answer.status_code == 404
        assert words in answer.text
    limit = KINDS["code"].amount
    answers = {client.get("/x/WRONGONE").status_code for _ in range(limit)}
    assert answers == {404, 429}
    found = opened(client, team)
    assert client.get(f"/x/{found.code}").status_code == 200


def test_ratings_come_only_from_the_phone_itself(client: Client, team: Team) -> None:
    found = opened(client, team)
    one, other = Phone(team, found).join(), Phone(team, found).join()
    step(client, team, found, "rate")
    assert one.rate(1, **{"x-secret": ""}).status_code == 403
    assert one.rate(1, **{"x-secret": other.secret()}).status_code == 403
    assert one.rate(1, origin="https://elsewhere.example").status_code == 403
    stranger = Client(team.parts)
    assert stranger.post(f"{one.path}/rate", data={}).status_code == 403
    assert team.parts.exercises.ratings(found.id) == []
    assert one.rate(1).status_code == 200


def test_what_does_not_fit_the_scale_is_refused_in_words(client: Client, team: Team) -> None:
    found = opened(client, team)
    phone = Phone(team, found).join()
    step(client, team, found, "rate")
    for value in (6, -7, 1000):
        refused = phone.rate(value).json()["refused"]
        assert refused[0]["why"] == "A rating is a whole number on the scale that is shown."
    for value in ("much", 2.5, [1], True):
        assert phone.rate(value).status_code == 422
    assert team.parts.exercises.ratings(found.id) == []
    assert phone.rate(None).json()["refused"] == []


def test_a_phone_that_sends_too_often_waits(client: Client, team: Team) -> None:
    found = opened(client, team)
    phone, other = Phone(team, found).join(), Phone(team, found).join()
    step(client, team, found, "rate")
    who = team.parts.exercises.participants(found.id)[0]
    for _ in range(KINDS["rate"].amount):
        team.parts.limits.check("rate", who.id)
    assert phone.rate(1).status_code == 429
    assert other.rate(1).status_code == 200


def test_a_closed_exercise_takes_nobody_and_nothing(client: Client, team: Team) -> None:
    found = opened(client, team)
    phone = Phone(team, found).join()
    step(client, team, found, "rate")
    secret = phone.secret()
    step(client, team, found, "close")
    assert "This exercise is closed." in phone.client.get(phone.path).text
    late = Phone(team, found)
    assert late.client.post(f"{late.path}/join", data={"speaks:x": "proxy"}).status_code == 422
    rating = {"id": "phone-late", "round": 1, "segment": "a", "item": "b", "measure": "desirable"}
    answer = phone.client.post(
        f"{phone.path}/ratings", json={"ratings": [rating]}, headers={"x-secret": secret}
    )
    assert answer.json()["refused"][0]["why"] == "This exercise takes no ratings now."


def test_without_scripts_a_form_is_enough(client: Client, team: Team) -> None:
    found = opened(client, team)
    phone = Phone(team, found).join()
    step(client, team, found, "rate")
    form = phone.page().forms[0]
    names = {one.get("name") for one in form.inputs if one.get("type") == "radio"}
    sent = {"secret": form.fields["secret"], **dict.fromkeys(names, "-2")}
    assert phone.client.post(f"{phone.path}/rate", data=sent).status_code == 303
    rated = team.parts.exercises.ratings(found.id)
    assert [one.value for one in rated] == [-2] * len(names)
    step(client, team, found, "reveal")
    step(client, team, found, "rate")
    keep = {"secret": phone.page().forms[0].fields["secret"], "keep": "1"}
    assert phone.client.post(f"{phone.path}/rate", data=keep).status_code == 303
    again = [one.value for one in team.parts.exercises.ratings(found.id) if one.round == 2]
    assert again == [-2] * len(names)


def test_nothing_is_seen_before_it_is_revealed(client: Client, team: Team) -> None:
    found = opened(client, team)
    phones = [Phone(team, found).join() for _ in range(3)]
    step(client, team, found, "rate")
    for phone in phones:
        for number, _ in enumerate(phone.page().find_class("question")):
            phone.rate(5 if number % 2 else -5, number)
    path = f"/w/{team.place}/exercise/{found.id}"
    during = client.get(path).text
    assert "3 of 3 have finished" in during
    assert "alignment-map" not in during
    assert client.get(f"{path}/ratings.csv").status_code == 422
    step(client, team, found, "reveal")
    assert "alignment-map" in client.get(path).text
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}/ratings.csv").text)))
    assert {row["value"] for row in rows} == {"5", "-5"}
    assert "What came out" in phones[0].client.get(phones[0].path).text


def test_phones_are_told_what_is_undecided(client: Client, team: Team) -> None:
    found = opened(client, team)
    phones = [Phone(team, found).join() for _ in range(3)]
    step(client, team, found, "rate")
    for phone, value in zip(phones, (5, -4, 3), strict=True):
        for number, _ in enumerate(phone.page().find_class("question")):
            phone.rate(value, number)
    step(client, team, found, "reveal")
    verdicts = [one.text_content() for one in phones[0].page().xpath("//li/p/strong")]
    assert verdicts
    assert all(" · undecided, " in one for one in verdicts)
    lead = client.get(f"/w/{team.place}/exercise/{found.id}").text
    assert f"; {len(verdicts)} items are undecided</h2>" in lead


def test_ratings_are_kept_with_the_canvas_and_counted_there(client: Client, team: Team) -> None:
    found = opened(client, team)
    phones = [Phone(team, found).join() for _ in range(3)]
    step(client, team, found, "rate")
    for phone in phones:
        for number, _ in enumerate(phone.page().find_class("question")):
            phone.rate(5 if number % 2 else -5, number)
    path = f"/w/{team.place}/exercise/{found.id}"
    assert client.submit(f"{path}/keep", team.path).status_code == 422
    step(client, team, found, "reveal")
    assert client.submit(f"{path}/keep", team.path).status_code == 303
    canvas = team.parts.canvases.head(team.canvas).canvas
    assert canvas.alignment is not None
    assert canvas.alignment.file == f"ratings-{found.id[:8]}-1.csv"
    result = align(canvas, replicates=40)
    assert result.raters == 3
    assert {cell.median for cell in result.cells if cell.median is not None} == {5.0, -5.0}
    assert "The canvas counts them." in client.get(path).text


def test_what_fewer_than_three_said_is_withheld(client: Client, team: Team) -> None:
    found = opened(client, team)
    phones = [Phone(team, found).join() for _ in range(2)]
    step(client, team, found, "rate")
    for phone in phones:
        phone.rate(-4)
    step(client, team, found, "reveal")
    path = f"/w/{team.place}/exercise/{found.id}"
    for page in (client.get(path).text, phones[0].client.get(phones[0].path).text):
        assert "2 ratings are withheld" in page
        assert "−4" not in page
    assert client.get(f"{path}/ratings.csv").text.count("\n") == 1


def test_too_few_are_told_before_they_rate(client: Client, team: Team) -> None:
    found = opened(client, team)
    path = f"/w/{team.place}/exercise/{found.id}"
    first = Phone(team, found)
    assert "Only 1 person takes part so far" in first.client.get(first.path).text
    first.join()
    second = Phone(team, found)
    assert "Only 2 people take part so far" in second.client.get(second.path).text
    second.join()
    step(client, team, found, "rate")
    assert "Only 2 people take part so far" in first.client.get(first.path).text
    assert "Fewer than three people take part" in client.get(path).text
    third = Phone(team, found).join()
    for page in (client.get(path), third.client.get(third.path), first.client.get(first.path)):
        assert "take part so far" not in page.text
        assert "Fewer than three people take part" not in page.text


def test_nobody_speaks_for_others_before_they_said_so(client: Client, team: Team) -> None:
    found = opened(client, team)
    page = Phone(team, found).page()
    choices = page.xpath("//input[starts-with(@name, 'speaks:')]")
    assert len(choices) == 3 * len(found.setup.sides)
    assert all(one.get("required") is not None and one.get("checked") is None for one in choices)


def test_names_are_asked_for_where_it_is_not_anonymous(client: Client, team: Team) -> None:
    found = opened(client, team, anonymous=[])
    phone = Phone(team, found)
    missing = phone.client.post(f"{phone.path}/join", data={f"speaks:{phone.sides[0]}": "direct"})
    assert missing.status_code == 422
    assert "Your name is missing." in missing.text
    assert re.search(r'value="direct" required checked', missing.text)
    phone.join(name="<b>Ada</b>")
    path = f"/w/{team.place}/exercise/{found.id}"
    assert "Fewer than three people take part" not in client.get(path).text
    assert "&lt;b&gt;Ada&lt;/b&gt;" in client.get(path).text


def test_a_misalignment_becomes_a_strategy_on_the_board(client: Client, team: Team) -> None:
    found = opened(client, team)
    path = f"/w/{team.place}/exercise/{found.id}"
    before = len(team.parts.canvases.head(team.canvas).canvas.strategies)
    said = {"item": found.setup.items[0].id, "owner": "Ana", "due": "2027-01-01"}
    empty = client.submit(f"{path}/strategy", path, **said)
    assert empty.status_code == 422
    assert "what will be done" in empty.text
    wrong = client.submit(f"{path}/strategy", path, **{**said, "action": "Ask", "due": "soon"})
    assert wrong.status_code == 422
    done = client.submit(f"{path}/strategy", path, **said, action="Ask them", block="channels")
    assert done.status_code == 204
    strategies = team.parts.canvases.head(team.canvas).canvas.strategies
    assert len(strategies) == before + 1
    assert (strategies[-1].action, strategies[-1].due) == ("Ask them", "2027-01-01")
    assert "Ask them" in client.get(team.path).text


def test_weights_of_judges_reach_the_matrix(client: Client, team: Team) -> None:
    found = opened(client, team, kind="weights")
    phones = [Phone(team, found).join() for _ in range(3)]
    step(client, team, found, "rate")
    for phone in phones:
        phone.rate(7)
    path = f"/w/{team.place}/exercise/{found.id}"
    assert client.submit(f"{path}/weights", path).status_code == 422
    step(client, team, found, "reveal")
    assert client.submit(f"{path}/weights", path).status_code == 303
    matrix = team.parts.canvases.head(team.canvas).canvas.decision
    assert matrix is not None
    assert [list(judge.weights.values()) for judge in matrix.judges][-3:] == [[7]] * 3


def test_needs_are_asked_twice_each(client: Client, team: Team) -> None:
    found = opened(client, team, kind="needs", way="alone", closes="2999-01-01")
    phone = Phone(team, found).join()
    cards = phone.page().find_class("question")
    assert len(cards) == 2 * len(found.setup.items) * len(found.setup.sides)
    assert phone.rate(10).json()["refused"] == []
    assert phone.rate(-1).json()["refused"] != []


def test_what_cannot_be_opened_is_said_beside_the_form(client: Client, team: Team) -> None:
    for values, words in (
        ({"minutes": "10"}, "outside 30 to 90"),
        ({"minutes": "many"}, "whole number"),
        ({"items": "nothing"}, "nothing to rate"),
        ({"items": "teach-money"}, "nobody to rate for"),
        ({"rounds": "40", "items": "teach-money", "side:month-planners": "either"}, "1 to 9"),
    ):
        sent = {"kind": "alignment", **values}
        answer = client.submit(f"{team.path}/exercises", team.path, **sent)
        assert answer.status_code == 422, answer.text
        assert words in answer.text


def test_an_exercise_of_another_workspace_is_not_there(
    client: Client, team: Team, as_role: AsRole
) -> None:
    found = opened(client, team)
    owner = as_role(Role.OWNER)
    other = team.parts.people.new_workspace("Theirs", team.who)
    eve = team.parts.people.enroll("Eve", "eve@example.org", "a long password")
    team.parts.people.join(other, eve.id, Role.OWNER)
    stranger = Client(team.parts)
    stranger.sign_in(team.parts, eve)
    for inside in ("", "/part", "/code.svg", "/ratings.csv"):
        assert stranger.get(f"/w/{other}/exercise/{found.id}{inside}").status_code == 404
    assert owner.get(f"/w/{team.place}/exercise/{found.id}").status_code == 200
    assert owner.get(f"/w/{team.place}/exercise/{found.id}/code.svg").text.startswith("<?xml")
