"""Rankings are known by their rows, describe customers, and form no segments by themselves."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.inputs import read_inputs
from forwhom.customers.opening import Tables
from forwhom.customers.preparation import prepare
from forwhom.documents.studyfile import parse_study
from forwhom.errors import DataError

N = 300


def by_rows(top: int = 4, *, events: bool = False) -> pa.Table:
    """Return a row for each person and thing; or rows in which a rank is a number of pieces."""
    rng = np.random.default_rng(3)
    rows = [
        (f"p{i:03d}", thing, int(rng.integers(1, top + 1)) if events else place)
        for i in range(N)
        for place, thing in enumerate(rng.permutation(["price", "speed", "care", "look"])[:top], 1)
    ]
    person, thing, rank = zip(*rows, strict=True)
    return pa.table({"person": person, "need": thing, "rank": rank})


@pytest.mark.parametrize("top", [4, 3])
def test_a_ranking_of_a_row_for_each_thing_is_told_how_to_turn_it(top: int) -> None:
    draft = draft_study(by_rows(top))
    assert "each person ranks what stands in 'need' by 'rank'" in draft.notes[0]
    with pytest.raises(DataError, match="a column of ranks for each need"):
        read_inputs(by_rows(top))
    assert not any("ranks what" in note for note in draft_study(by_rows(4, events=True)).notes)


def test_lines_panels_and_surveys_are_no_rankings() -> None:
    persons = np.repeat([f"p{i:03d}" for i in range(N)], 4)
    things, places = np.tile(["a", "b", "c", "d"], N), np.tile([1, 2, 3, 4], N)
    rng = np.random.default_rng(5)
    mixed = np.concatenate([rng.permutation(["a", "b", "c", "d"]) for _ in range(N)])
    for more in (
        {"need": mixed, "line": places, "amount": rng.gamma(2.0, 9.0, 4 * N).round(2)},
        {"quarter": things, "period": places},
        {"question": mixed, "position": places, "answer": rng.integers(1, 6, 4 * N)},
    ):
        notes = draft_study(pa.table({"person": persons, **more})).notes
        assert not any("ranks what" in note for note in notes)


def ranks(things: int = 5, top: int | None = None, empty: float = np.nan) -> np.ndarray:
    rng = np.random.default_rng(1)
    full = np.array([rng.permutation(things) + 1 for _ in range(N)], dtype=float)
    return np.where(full > (top or things), empty, full)


def table(values: np.ndarray, stem: str = "rank", **more: object) -> pa.Table:
    columns = {f"{stem}_{i}": pa.array(v, from_pandas=True) for i, v in enumerate(values.T)}
    return pa.table(columns | more)


def uses(people: pa.Table) -> dict[str, str | None]:
    said = draft_study({"people": people}).study.variables
    return {name: one.use for name, one in said.items()}


@pytest.mark.parametrize(
    "values",
    [ranks(), ranks(3), ranks(8), ranks(5, 3), ranks(7, 3, 0.0), ranks(4, 2), ranks(12, 5)],
)
@pytest.mark.parametrize("stem", ["rank", "brand"])
def test_a_ranking_describes(values: np.ndarray, stem: str) -> None:
    visits = np.random.default_rng(2).poisson(3, N)
    found = uses(table(values, stem, visits=visits))
    assert found.pop("visits") == "active"
    assert set(found.values()) == {"descriptor"}


def test_a_few_mistakes_and_ratings_beside_it() -> None:
    values = ranks()
    values[:3, 0] = 2
    rating = np.random.default_rng(3).integers(1, 6, (N, 2))
    people = table(values, q1=rating[:, 0], q2=rating[:, 1])
    found = uses(people)
    assert (found["rank_0"], found["rank_4"]) == ("descriptor", "descriptor")
    assert (found["q1"], found["q2"]) == ("active", "active")
    assert "together they rank 5 things" in draft_study({"people": people}).decisions[0].why


def test_ratings_are_no_ranking() -> None:
    values = np.random.default_rng(4).integers(1, 6, (N, 5)).astype(float)
    assert set(uses(table(values, "q")).values()) == {"active"}


def test_a_ranking_alone_is_refused_with_what_to_do() -> None:
    study = "forwhom: 1\ncustomers: {table: people}\n"
    with pytest.raises(DataError, match="make a column of the first choice"):
        prepare(parse_study(study), Tables(given={"people": table(ranks())}))
    study += "variables: {" + ", ".join(f"rank_{i}: {{use: active}}" for i in range(5)) + "}\n"
    ready = prepare(parse_study(study), Tables(given={"people": table(ranks())}))
    assert any("part of an order" in warning for warning in ready.warnings)


def test_a_column_of_a_few_levels_identifies_nobody() -> None:
    for name, levels in (("contact", "ab"), ("member", "xyz"), ("client", "no"), ("user", "1234")):
        values = [levels[i % len(levels)] for i in range(N)]
        visits = np.random.default_rng(2).poisson(3, N)
        draft = draft_study({"people": pa.table({name: values, "visits": visits})})
        assert draft.study.customers is not None
        assert draft.study.customers.id is None, name
