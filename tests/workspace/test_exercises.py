"""Exercises: nothing is lost, nothing is doubled, and nobody learns what one person said."""

from __future__ import annotations

import csv
import io
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from forwhom.errors import OptionError
from forwhom.pipeline.aligning import align
from forwhom.workspace.exercise import (
    Cell,
    Given,
    Item,
    Participant,
    Setup,
    Side,
    items_of,
    sides_of,
    top_items,
)
from forwhom.workspace.exercises import Exercises, Opened
from forwhom.workspace.outcomes import (
    Outcomes,
    judges_of,
    middles,
    ratings_csv,
    strategy_of,
)

from .conftest import Team

CANVAS = """\
forwhom: 1
kind: canvas
title: Bread
segments:
  - {id: shops, name: Shops, buti: [buyer]}
  - {id: bakers, name: Bakers, buti: [user], power: 0.5}
  - {id: eaters, name: Eaters}
needs:
  - {id: cheap, statement: Pay little, segments: [shops], importance: 8}
  - {id: night, statement: Bake by night, kind: pain, segments: [bakers], importance: 9}
decision:
  criteria: [{id: size, name: Size}, {id: reach, name: Reach}]
  scores: {shops: {size: 8, reach: 3}, bakers: {size: 2, reach: 9}}
  judges: [{id: r0, weights: {size: 1, reach: 1}}]
"""


class Room:
    """An exercise with people in it."""

    def __init__(self, team: Team, **setup: Any) -> None:
        self.team = team
        self.all = Exercises(team.database)
        self.canvas = team.canvases.create(team.place, team.ana, CANVAS).document
        canvas = team.canvases.head(self.canvas).canvas
        kind = setup.get("kind", "alignment")
        given: dict[str, Any] = {
            "canvas": self.canvas, "kind": kind, "title": canvas.title, "language": "en",
            "items": tuple(items_of(canvas, kind)),
            "sides": () if kind == "weights" else tuple(sides_of(canvas)), **setup,
        }  # fmt: skip
        self.key = self.all.open(team.place, team.ana, Setup(**given)).id
        self._sent = 0

    @property
    def now(self) -> Opened:
        found = self.all.get(self.key)
        assert found is not None
        return found

    def step(self, step: Any) -> Opened:
        return self.all.step(self.key, self.team.ana, self.now.version, step)

    def join(self, name: str = "", **speaks: str) -> Participant:
        return self.all.join(self.now, speaks, name)[1]

    def say(self, who: Participant, cell: Cell, value: int | None, turn: int = 1) -> str:
        self._sent += 1
        given = Given(
            id=f"phone-{self._sent:08}", round=turn, segment=cell.segment, item=cell.item,
            measure=cell.measure, value=value,
        )  # fmt: skip
        done = self.all.rate(self.now, who, [given])
        return done.refused[0][1] if done.refused else ""

    def outcome(self) -> Any:
        return Outcomes(self.all, self.team.canvases).of(self.now)


CHEAP, NIGHT = Cell("shops", "cheap", "desirable"), Cell("bakers", "night", "desirable")


def test_what_can_be_rated_comes_from_the_canvas(team: Team) -> None:
    canvas = team.canvases.create(team.place, team.ana, CANVAS)
    assert [side.id for side in sides_of(canvas.canvas)] == ["shops", "bakers"]
    texts = [item.text for item in items_of(canvas.canvas, "alignment")]
    assert texts == ["Pay little", "To be spared: Bake by night"]
    assert top_items(canvas.canvas) == {"cheap", "night"}
    assert [item.text for item in items_of(canvas.canvas, "weights")] == ["Size", "Reach"]


def test_a_code_is_found_however_it_is_typed(team: Team) -> None:
    room = Room(team)
    code = room.now.code
    for typed in (code, code.lower(), f"{code[:4]} - {code[4:].lower()}"):
        found = room.all.by_code(typed)
        assert found is not None
        assert found.id == room.key
    assert room.all.by_code("nonsense") is None
    assert room.all.by_code("") is None


def test_the_last_rating_of_a_cell_counts_and_all_are_kept(team: Team) -> None:
    room = Room(team)
    ada = room.join(shops="direct")
    assert room.say(ada, CHEAP, 3) == "This exercise takes no ratings now."
    room.step("rate")
    assert room.say(ada, CHEAP, 3, turn=2) == "This round has not begun."
    for value in (3, -2, None, 5):
        assert room.say(ada, CHEAP, value) == ""
    assert room.all.own(ada, 1) == {CHEAP: 5}
    assert [one.value for one in room.all.ratings(room.key)] == [5]
    room.step("reveal")
    room.step("rate")
    assert room.say(ada, CHEAP, -1, turn=2) == ""
    assert sorted((one.round, one.value) for one in room.all.ratings(room.key)) == [(1, 5), (2, -1)]


def test_what_a_phone_sends_again_is_kept_once(team: Team) -> None:
    room = Room(team)
    ada = room.join(shops="proxy", bakers="proxy")
    room.step("rate")
    sent = [
        Given(
            id=f"phone-{n:04}", round=1, segment="shops", item="cheap", measure="desirable",
            value=n,
        )
        for n in range(5)
    ]  # fmt: skip
    rng = random.Random(3)
    with ThreadPoolExecutor(4) as pool:
        batches = [rng.sample(sent, 3) for _ in range(12)] + [sent]
        for done in pool.map(lambda batch: room.all.rate(room.now, ada, batch), batches):
            assert done.refused == ()
    with team.database.reading() as connection:
        n = connection.exec_driver_sql("SELECT count(*), count(DISTINCT id) FROM rating").one()
    assert tuple(n) == (5, 5)


def test_ratings_that_were_made_in_time_and_come_late_still_count(team: Team) -> None:
    room = Room(team)
    people = [room.join(shops="proxy") for _ in range(3)]
    room.step("rate")
    for one in people:
        room.say(one, CHEAP, 2)
    room.step("reveal")
    assert room.say(people[0], Cell("shops", "night", "desirable"), 1) == ""
    assert room.outcome().late == 1
    room.step("close")
    assert room.say(people[1], CHEAP, 1) == "This exercise takes no ratings now."
    room.step("reopen")
    assert room.now.state.stage == "revealed"
    assert room.say(people[1], CHEAP, 1) == ""


def test_only_what_was_asked_and_fits_the_scale_is_kept(team: Team) -> None:
    room = Room(team)
    ada = room.join(shops="direct")
    room.step("rate")
    assert room.say(ada, CHEAP, 6) == "A rating is a whole number on the scale that is shown."
    assert room.say(ada, NIGHT, 1) == "Nobody asked you this."
    assert room.say(ada, Cell("shops", "elsewhere", "desirable"), 1) == "Nobody asked you this."
    assert room.all.ratings(room.key) == []


def test_who_speaks_for_whom_is_as_the_facilitator_allows(team: Team) -> None:
    sides = (Side(id="shops", name="Shops", voice="direct"), Side(id="bakers", name="Bakers"))
    room = Room(team, sides=sides)
    assert room.join(shops="direct", bakers="proxy").speaks == {
        "shops": "direct",
        "bakers": "proxy",
    }
    assert room.join(shops="proxy", bakers="direct").speaks == {"bakers": "direct"}
    with pytest.raises(OptionError, match="for whom you speak"):
        room.join(shops="proxy")


def test_a_token_is_one_persons_in_one_exercise(team: Team) -> None:
    room, other = Room(team), Room(team)
    token, ada = room.all.join(room.now, {"shops": "direct"}, "")
    assert room.all.participant(room.key, token) == ada
    assert room.all.participant(other.key, token) is None
    with team.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT token FROM participant").scalar_one()
    assert token not in kept


def test_a_facilitator_sees_who_has_finished(team: Team) -> None:
    room = Room(team)
    ada, ben = room.join(shops="direct"), room.join(bakers="proxy", shops="proxy")
    room.step("rate")
    for item, value in (("cheap", 1), ("night", None), ("cheap", 2)):
        room.say(ada, Cell("shops", item, "desirable"), value)
    room.say(ben, NIGHT, 4)
    found = room.all.progress(room.now)
    assert [(one.participant.number, one.done, one.of) for one in found] == [(1, 2, 2), (2, 1, 4)]
    assert [one.finished for one in found] == [True, False]


def test_two_who_move_it_on_at_once_do_it_once(team: Team) -> None:
    room = Room(team)
    seen = room.now.version
    room.all.step(room.key, team.ana, seen, "rate")
    with pytest.raises(OptionError, match="Somebody else"):
        room.all.step(room.key, team.ben, seen, "rate")
    with pytest.raises(OptionError, match="does not follow"):
        room.step("rate")
    assert room.now.state.round == 1


def test_alone_people_rate_at_once_until_it_closes(team: Team) -> None:
    week = Room(team, way="alone", closes="2999-01-01T00:00:00Z")
    ada = week.join(shops="proxy")
    assert week.say(ada, CHEAP, 1) == ""
    over = Room(team, way="alone", closes="2020-01-01T00:00:00Z")
    assert over.say(over.join(shops="proxy"), CHEAP, 1) == "This exercise takes no ratings now."
    early = Room(team, way="alone", opens="2999-01-01T00:00:00Z")
    assert early.say(early.join(shops="proxy"), CHEAP, 1) != ""


@pytest.mark.parametrize(
    ("setup", "said"),
    [
        ({"items": ()}, "nothing to rate"),
        ({"sides": ()}, "nobody to rate for"),
        ({"opens": "2026-02-01", "closes": "2026-01-01"}, "closes before it opens|before it opens"),
        ({"items": tuple(Item(id=f"i{n}", text="x") for n in range(200))}, "too many"),
    ],
)
def test_what_is_no_exercise_does_not_open(team: Team, setup: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        Room(team, **setup)


def rated(team: Team, **setup: Any) -> Room:
    """Four who speak for others, two members of one segment; two rounds."""
    room = Room(team, **setup)
    others = [room.join(f"O{n}", shops="proxy", bakers="proxy") for n in range(4)]
    members = [room.join(f"M{n}", bakers="direct") for n in range(2)]
    rng, ends = random.Random(5), {"shops": (2, 5), "bakers": (-5, -2)}
    for turn in (1, 2):
        room.step("rate")
        for who in (*others, *members):
            given = [
                Given(
                    id=f"{turn}-{place:08}", round=turn, value=rng.randint(*ends[cell.segment]),
                    **cell._asdict(),
                )
                for place, cell in enumerate(room.now.state.cells(who.speaks))
            ]  # fmt: skip
            assert room.all.rate(room.now, who, given).refused == ()
        room.step("reveal")
    return room


def test_groups_of_fewer_than_three_are_withheld_where_it_is_anonymous(team: Team) -> None:
    room = rated(team)
    outcome = room.outcome()
    assert outcome.withheld == 8
    assert {cell.basis for cell in outcome.result.cells} == {"proxy", "none"}
    assert outcome.result.proxies == []
    members = {p.id for p in outcome.people if "direct" in p.speaks.values()}
    assert not members & {one.participant for one in outcome.shown}
    named = rated(team, anonymous=False).outcome()
    assert named.withheld == 0
    assert named.result.proxies


def test_the_page_says_what_align_says_of_the_export(team: Team) -> None:
    for anonymous in (True, False):
        room = rated(team, anonymous=anonymous)
        outcome = room.outcome()
        text = ratings_csv(room.now, outcome)
        canvas = f"{CANVAS}alignment: {{file: ratings.csv}}\n"
        version = team.canvases.create(team.place, team.ana, canvas, {"ratings.csv": text.encode()})
        ours = outcome.result.model_dump(exclude={"sources", "notes"})
        assert align(version.canvas).model_dump(exclude={"sources", "notes"}) == ours
        assert outcome.result.overall.items[0].alignment == "misaligned"


def test_files_name_nobody_by_the_number_that_the_room_knows(team: Team) -> None:
    room = rated(team)
    rows = list(csv.DictReader(io.StringIO(ratings_csv(room.now, room.outcome()))))
    raters = {row["rater"] for row in rows}
    assert len(raters) == 4
    assert all(len(name) == 9 for name in raters)
    named = rated(team, anonymous=False)
    rows = list(csv.DictReader(io.StringIO(ratings_csv(named.now, named.outcome()))))
    assert {"O0", "M1"} <= {row["rater"] for row in rows}


def test_needs_become_a_table_that_the_ranking_reads(team: Team) -> None:
    from forwhom.choices.survey import read_answers
    from forwhom.tables import open_table

    room = Room(team, kind="needs", anonymous=False)
    ada, ben = room.join("Ada", shops="direct"), room.join("Ben", shops="proxy", bakers="proxy")
    room.step("rate")
    for who, value in ((ada, 9), (ben, 4)):
        for cell in room.now.state.cells(who.speaks):
            room.say(who, cell, value if cell.measure == "importance" else 2)
    outcome = room.outcome()
    path = team.canvases._files.folder(room.canvas) / "needs.csv"
    path.write_text(ratings_csv(room.now, outcome), encoding="utf-8")
    canvas = team.canvases.head(room.canvas).canvas
    answers = read_answers(canvas, open_table(path))
    assert sorted(str(one) for one in answers.segments) == ["bakers", "shops", "shops"]
    assert sorted(answers.importance[:, 0].tolist()) == [4, 4, 9]
    assert middles(outcome)[Cell("shops", "cheap", "importance")].median == 6.5


def test_weights_go_into_the_decision_matrix(team: Team) -> None:
    room = Room(team, kind="weights", anonymous=False)
    people = [room.join(name) for name in ("Ada", "R0")]
    room.step("rate")
    for who, (size, reach) in zip(people, ((7, 2), (1, 9)), strict=True):
        room.say(who, Cell("", "size", "weight"), size)
        room.say(who, Cell("", "reach", "weight"), reach)
    head = team.canvases.head(room.canvas)
    changes = judges_of(head, room.now, room.outcome())
    done = team.canvases.edit(room.canvas, team.ana, head.number, changes)
    assert done.canvas.decision is not None
    assert [(j.id, j.weights) for j in done.canvas.decision.judges] == [
        ("r0", {"size": 1, "reach": 9}),
        ("ada", {"size": 7, "reach": 2}),
    ]
    secret = Room(team, kind="weights")
    with pytest.raises(OptionError, match="no weights"):
        judges_of(head, secret.now, secret.outcome())


def test_a_misalignment_becomes_a_strategy_in_the_canvas(team: Team) -> None:
    room = Room(team)
    head = team.canvases.head(room.canvas)
    said = {"block": "channels", "action": " Bake at six ", "owner": "Ana", "due": "2026-12-24"}
    for number in (1, 2):
        head = team.canvases.edit(
            room.canvas, team.ana, head.number, [strategy_of(head, "night", said)]
        )
        assert len(head.canvas.strategies) == number
    first = head.canvas.strategies[0]
    assert (first.id, first.action, first.due) == ("align-night", "Bake at six", "2026-12-24")
    assert head.canvas.strategies[1].id == "align-night-2"
    for item, action in (("night", " "), ("elsewhere", "Bake")):
        with pytest.raises(OptionError):
            strategy_of(head, item, {"action": action})
