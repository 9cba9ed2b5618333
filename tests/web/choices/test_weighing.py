"""Weights that judges give alone: nobody sees another's before all are revealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.canvas.test_forms import OWN, needed, others, routes
from tests.web.conftest import Client, Team

from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
#: A number that stands nowhere else.
TELLING = "73.25"


def criteria(team: Team) -> list[str]:
    return [one.id for one in team.parts.canvases.head(team.canvas).canvas.decision.criteria]


def give(client: Client, team: Team, weight: str = TELLING, **more: str) -> Any:
    typed = {f"w:{criterion}": "1" for criterion in criteria(team)}
    first = f"w:{criteria(team)[0]}"
    return client.submit(f"{team.path}/weights", "/sign-in", **{**typed, first: weight, **more})


def ask(client: Client, team: Team) -> Any:
    return client.submit(f"{team.path}/weights/ask", "/sign-in")


def reveal(client: Client, team: Team) -> Any:
    version = team.parts.canvases.head(team.canvas).number
    return client.submit(f"{team.path}/weights/reveal", "/sign-in", version=version)


def judges(team: Team) -> dict[str, dict[str, float]]:
    matrix = team.parts.canvases.head(team.canvas).canvas.decision
    return {judge.id: judge.weights for judge in matrix.judges}


def test_nobody_reads_what_another_gave_before_it_is_revealed(team: Team, as_role: AsRole) -> None:
    owner, judge = as_role(Role.OWNER), as_role(Role.COMMENTER)
    assert ask(owner, team).status_code == 204
    assert give(judge, team).status_code == 204
    assert f'value="{TELLING}"' in judge.get(f"{team.path}/weights").text
    known = others(team)
    for route in routes(owner):
        if needed(route) is None or "GET" not in route.methods or route.path.endswith("/live"):
            continue
        if route.path.endswith(OWN):
            continue
        path = route.path.format(workspace=team.place, key=team.canvas, **known)
        assert TELLING not in owner.get(path).text, path
    page = owner.get(f"{team.path}/weights").text
    assert "<bdi>commenter</bdi>" in page


def test_revealed_weights_are_judges_of_the_canvas(team: Team, as_role: AsRole) -> None:
    editor, judge = as_role(Role.EDITOR), as_role(Role.COMMENTER)
    before = judges(team)
    ask(editor, team)
    give(judge, team)
    give(editor, team, "2")
    give(editor, team, "4")
    assert judges(team) == before
    assert reveal(editor, team).status_code == 204
    first = criteria(team)[0]
    assert judges(team)["commenter"][first] == float(TELLING)
    assert judges(team)["editor"][first] == 4
    assert set(before) < set(judges(team))
    assert "Weights of the judges" in editor.get(f"{team.path}/choices/matrix").text
    number = team.parts.canvases.head(team.canvas).number
    assert reveal(editor, team).status_code == 204
    assert team.parts.canvases.head(team.canvas).number == number
    late = give(judge, team, "9")
    assert late.status_code == 422
    assert "These weights were revealed already." in late.text
    ask(editor, team)
    give(judge, team, "5")
    reveal(editor, team)
    assert judges(team)["commenter"][first] == 5
    assert len(judges(team)) == len(before) + 2


def test_weights_are_given_where_somebody_asked(team: Team, as_role: AsRole) -> None:
    judge = as_role(Role.COMMENTER)
    assert give(judge, team).status_code == 404
    assert ask(judge, team).status_code == 403
    assert reveal(judge, team).status_code == 403
    assert "Nobody has asked for weights yet." in judge.get(f"{team.path}/weights").text
    assert reveal(as_role(Role.EDITOR), team).status_code == 422


@pytest.mark.parametrize(("typed", "words"), [
    ("-1", "is no weight"), ("much", "is no number"), ("nan", "is no number"),
    ("1e999", "is no number"),
])  # fmt: skip
def test_what_is_no_weight_is_refused_in_words(
    team: Team, as_role: AsRole, typed: str, words: str
) -> None:
    editor = as_role(Role.EDITOR)
    ask(editor, team)
    answer = give(editor, team, typed)
    assert answer.status_code == 422
    assert words in answer.text
    nothing = {f"w:{criterion}": "0" for criterion in criteria(team)}
    refused = editor.submit(f"{team.path}/weights", "/sign-in", **nothing)
    assert "No criterion has a weight above 0." in refused.text


def test_two_of_one_name_stay_two_judges(team: Team, as_role: AsRole) -> None:
    editor = as_role(Role.EDITOR)
    ask(editor, team)
    give(editor, team, "2")
    namesake = team.parts.people.enroll("editor", "other@example.org", "a long password")
    team.parts.people.join(team.place, namesake.id, Role.COMMENTER)
    other = Client(team.parts)
    other.sign_in(team.parts, namesake)
    give(other, team, "7")
    reveal(editor, team)
    first = criteria(team)[0]
    assert (judges(team)["editor"][first], judges(team)["editor-2"][first]) == (2, 7)
