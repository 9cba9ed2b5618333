"""Which numbers a model can hold: each part right alone, and each part of several wrong alone."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest
from pydantic import TypeAdapter

from forwhom.documents.items import (
    CategoricalItem,
    DirichletMultinomialItem,
    FittedItem,
    GaussianBlock,
    GaussianItem,
    PoissonItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import FittedModel, KMeansModel, MixtureModel, RFMModel, RulesModel
from forwhom.documents.possibility import (
    LARGEST_VALUE,
    ROUNDING,
    SMALLEST_SD,
    is_covariance,
    is_spread,
    sums_to_one,
)

HALVES = [[0.5, 0.5], [0.25, 0.75]]
UNIT = [[1.0, 0.5], [0.5, 1.0]]
ITEMS: dict[str, FittedItem] = {
    "levels": CategoricalItem(variable="v", levels=["a", "b"], probabilities=HALVES),
    "bins": TiltItem(
        variable="v", cuts=[1.0, 2.0, 3.0], centers=[0.5, 1.5, 2.5, 3.5],
        probabilities=[[0.25] * 4, [0.5, 0.5, 0.0, 0.0]], low=0.0, high=9.0,
    ),
    "counts": PoissonItem(variable="v", rates=[0.0, 2.0]),
    "numbers": GaussianItem(variable="v", means=[0.0, 1.0], sds=[1.0, 2.0]),
    "amounts": PositiveItem(variable="v", any=[0.0, 1.0], log_means=[0.0, 1.0], log_sds=[1.0, 2.0]),
    "block": GaussianBlock(
        variables=["v", "w"], tied=False, means=[[0.0, 1.0], [2.0, 3.0]], covariances=[UNIT, UNIT]
    ),
    "shares": DirichletMultinomialItem(
        whole="v", variables=["a", "b"], items="n", shares=HALVES, precision=3.0, sizes=[0.1] * 10
    ),
}  # fmt: skip
MODELS: dict[str, FittedModel] = {
    "mixture": TypeAdapter(MixtureModel).validate_python({
        "weights": [0.5, 0.5], "items": [ITEMS["levels"].model_dump()],
        "novelty": {"threshold": -3.0, "centers": [[0.0, 0.0]], "spreads": [[1.0, 0.0]]},
    }),
    "classes": TypeAdapter(MixtureModel).validate_python({
        "weights": [0.5, 0.25, 0.25], "classes": {"segment": [1, 2, 2], "place": [0.0, 1.0, 2.0]},
        "items": [{"kind": "poisson", "variable": "v", "rates": [1.0, 2.0, 3.0]}],
        "novelty": {"threshold": -3.0, "centers": [[0.0] * 3], "spreads": [[1.0] * 3]},
    }),
    "kmeans": KMeansModel(
        variables=["v", "w"], means=[0.0, 1.0], sds=[1.0, 2.0], centers=[[0.0, 1.0], [1.0, 0.0]]
    ),
    "grid": RFMModel(
        recency="r", frequency="f", monetary="m", cuts={"r": [1.0, 2.0], "f": [1.0], "m": [5.0]},
        cells={"1-1-1": 1, "3-2-2": 2},
    ),
    "rules": TypeAdapter(RulesModel).validate_python({"rules": [{"name": "a", "when": "x > 1"}]}),
}  # fmt: skip


@pytest.mark.parametrize("name", [*ITEMS, *MODELS])
def test_what_a_fit_gives_is_possible(name: str) -> None:
    one = {**ITEMS, **MODELS}[name]
    assert list(one.impossible(2)) == []
    assert (list(one.impossible(3)) == []) is (name == "grid")  # whose segments may be empty


@pytest.mark.parametrize(
    ("name", "at", "value", "key", "said"),
    [
        ("levels", ("probabilities", 1), [1.0], "probabilities", "for each of its levels"),
        ("levels", ("probabilities", 1), [0.5, 0.6], "probabilities", "do not sum to 1"),
        ("levels", ("probabilities", 1), [1.5, -0.5], "probabilities", "do not sum to 1"),
        ("levels", ("levels",), ["a", "a"], "levels", "has a level twice"),
        ("bins", ("cuts",), [1.0, 1.0, 3.0], "cuts", "do not ascend"),
        ("bins", ("cuts",), [1.0, 4.0, 3.0], "cuts", "do not ascend"),
        ("bins", ("low",), 9.5, "low", "above its highest"),
        ("bins", ("centers",), [1.0, 2.0, 3.0], "centers", "a center for each"),
        ("bins", ("probabilities", 1), [0.5, 0.5], "probabilities", "for each of its bins"),
        ("bins", ("probabilities", 1), [0.5] * 4, "probabilities", "do not sum to 1"),
        ("counts", ("rates", 1), -0.1, "rates", "negative rate"),
        ("numbers", ("sds", 1), 0.0, "sds", "not above zero"),
        ("numbers", ("sds",), [1.0], "sds", "does not have 2 segments"),
        ("numbers", ("means",), [1.0], "means", "does not have 2 segments"),
        ("amounts", ("log_sds", 1), 0.0, "log_sds", "not above zero"),
        ("amounts", ("any", 1), 1.1, "any", "outside 0 to 1"),
        ("amounts", ("any", 0), -0.1, "any", "outside 0 to 1"),
        ("block", ("variables",), ["v", "v"], "variables", "there twice"),
        ("block", ("means", 1), [1.0], "means", "a mean each"),
        ("block", ("covariances", 1), [[1.0]], "covariances", "is not 2 × 2"),
        ("block", ("covariances", 1, 1), [1.0], "covariances", "is not 2 × 2"),
        ("block", ("covariances", 1), [[1.0, 0.5], [0.4, 1.0]], "covariances", "not symmetric"),
        ("block", ("covariances", 1), [[1.0, 1.0], [1.0, 1.0]], "covariances", "not symmetric"),
        ("block", ("covariances",), [UNIT], "covariances", "does not have 2 segments"),
        ("shares", ("variables",), ["a", "a"], "variables", "a part twice"),
        ("shares", ("shares", 1), [1.0], "shares", "for each of its parts"),
        ("shares", ("shares", 1), [0.5, 0.6], "shares", "do not sum to 1"),
        ("shares", ("precision",), 0.0, "precision", "not above zero"),
        ("shares", ("precision",), math.inf, "precision", "not above zero"),
        ("shares", ("sizes",), [0.1] * 9 + [0.2], "sizes", "ten numbers of items"),
        ("shares", ("sizes",), [0.2] * 5, "sizes", "ten numbers of items"),
        ("mixture", ("weights",), [1.0], "weights", "there are not 2 weights"),
        ("mixture", ("weights", 1), 0.6, "weights", "sum to 1"),
        ("mixture", ("novelty", "centers"), [[0.0]], "novelty", "not one per segment"),
        ("mixture", ("novelty", "centers"), [], "novelty", "0 lines for 1 terms"),
        ("mixture", ("novelty", "spreads"), [[1.0, 0.0]] * 2, "novelty", "2 lines for 1 terms"),
        ("mixture", ("novelty", "spreads", 0, 1), -0.1, "novelty", "a spread is negative"),
        ("classes", ("classes", "segment", 0), 2, "classes", "segments 1 to 2"),
        ("classes", ("classes", "place"), [0.0], "classes", "there are not 3 places"),
        ("kmeans", ("means",), [0.0], "means", "for each of the 2 variables"),
        ("kmeans", ("centers", 1), [0.0], "centers", "for each of the 2 variables"),
        ("kmeans", ("sds", 1), 0.0, "sds", "not above zero"),
        ("grid", ("cuts", "f"), [], "cuts", "'f' has no cut points"),
        ("grid", ("cuts", "r"), [2.0, 2.0], "cuts", "'r' has no cut points"),
        ("grid", ("cells",), {"1-1-1": 3}, "cells", "is in segment 3, of 2"),
        ("grid", ("cells",), {"1-1-1": 0}, "cells", "is in segment 0, of 2"),
        ("grid", ("cells",), {"4-1-1": 1}, "cells", "no cell '4-1-1'"),
        ("grid", ("cells",), {"1-1": 1}, "cells", "no cell '1-1'"),
        ("rules", ("rules",), [], "rules", "0 rules do not make 2 segments"),
    ],
)  # fmt: skip
def test_one_wrong_part_is_found(
    name: str, at: tuple[Any, ...], value: Any, key: str, said: str
) -> None:
    one = {**ITEMS, **MODELS}[name]
    data = copy.deepcopy(one.model_dump())
    holder = data
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = value
    found = list(type(one).model_validate(data).impossible(2))
    assert [keys[0] for keys, what in found if said in what] == [key], found


def test_what_is_allowed_at_the_border() -> None:
    tilt = ITEMS["bins"].model_copy(update={"low": 9.0})
    assert list(tilt.impossible(2)) == []
    for open_end in ({"low": None}, {"high": None}, {"low": None, "high": None}):
        assert list(ITEMS["bins"].model_copy(update=open_end).impossible(2)) == []
    tied = ITEMS["block"].model_copy(update={"tied": True, "covariances": [UNIT]})
    assert list(tied.impossible(2)) == []
    assert list(ITEMS["amounts"].model_copy(update={"any": None}).impossible(2)) == []


def test_a_variable_is_in_one_item() -> None:
    model = MODELS["mixture"]
    assert isinstance(model, MixtureModel)
    twice = model.model_copy(update={"items": [*model.items, ITEMS["counts"]]})
    said = [what for keys, what in twice.impossible(2) if keys == ("items", 1)]
    assert said == ["'v' is in a second item."]
    inner = model.model_copy(
        update={"items": [ITEMS["counts"].model_copy(update={"rates": [-1.0, 1.0]})]}
    )
    assert ("items", 0, "rates") in [keys for keys, _ in inner.impossible(2)]
    assert model.parts == [0, 1]
    classes = MODELS["classes"]
    assert isinstance(classes, MixtureModel)
    assert classes.parts == [0, 1, 1]


def test_parts_of_what_can_happen() -> None:
    assert sums_to_one([0.5, 0.5 + 0.9 * ROUNDING])
    assert not sums_to_one([0.5, 0.5 + 1.1 * ROUNDING])
    assert not sums_to_one([1.5, -0.5])
    assert sums_to_one([1.0, 0.0])
    assert not sums_to_one([])


@pytest.mark.parametrize(
    ("sd", "fits"),
    [(SMALLEST_SD, True), (SMALLEST_SD / 2, False), (LARGEST_VALUE, True),
     (2 * LARGEST_VALUE, False), (0.0, False), (-1.0, False), (math.nan, False)],
)  # fmt: skip
def test_what_data_can_be_divided_by(sd: float, fits: bool) -> None:
    assert is_spread(sd) is fits


@pytest.mark.parametrize(
    ("matrix", "fits"),
    [
        ([[4.0]], True),
        ([[0.0]], False),
        ([[1.0, 0.99], [0.99, 1.0]], True),
        ([[1.0, 1.0], [1.0, 1.0]], False),
        ([[1.0, -0.5], [-0.5, 1.0]], True),
        ([[1.0, 0.5], [-0.5, 1.0]], False),
        ([[1e6, 0.4], [0.4 + 5e-4, 1.0]], True),  # by what both could be at most
        ([[1e6, 0.4], [0.4 + 2e-3, 1.0]], False),
        ([[2.0, 1.0, 0.5], [1.0, 2.0, 1.0], [0.5, 1.0, 2.0]], True),
        ([[1.0, 0.9, 0.1], [0.9, 1.0, 0.9], [0.1, 0.9, 1.0]], False),
    ],
)
def test_a_covariance_is_symmetric_and_positive(matrix: list[list[float]], fits: bool) -> None:
    assert is_covariance(matrix) is fits


def test_which_variables_a_model_reads() -> None:
    read = {name: [v for v in ("v", "r", "x") if MODELS[name].reads(v)]  # type: ignore[attr-defined]
            for name in ("kmeans", "grid", "rules")}  # fmt: skip
    assert read == {"kmeans": ["v"], "grid": ["r"], "rules": ["x"]}


def test_terms_are_the_parts_of_a_density() -> None:
    assert {name: len(item.terms) for name, item in ITEMS.items()} == {
        "levels": 1, "bins": 1, "counts": 1, "numbers": 1, "amounts": 2, "block": 1, "shares": 10,
    }  # fmt: skip
    assert ITEMS["amounts"].model_copy(update={"any": None}).terms == ("value above zero",)
    assert ITEMS["shares"].terms[:2] == ("1 item", "2 items")
    assert (ITEMS["block"].names, ITEMS["shares"].names, ITEMS["bins"].names) == (
        ("v", "w"), ("a", "b"), ("v",),
    )  # fmt: skip
