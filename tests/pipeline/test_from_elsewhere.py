"""A segmentation.json from elsewhere is refused when it is read, or can be used like any other."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.documents.test_segmentation import mixture
from tests.documents.test_soundness import whole

import forwhom as fw
from forwhom.documents.items import DirichletMultinomialItem, TiltItem
from forwhom.documents.models import KMeansModel, MixtureModel, Novelty, RFMModel, Rule, RulesModel
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.segmentationfile import dump_segmentation, parse_segmentation

pytestmark = pytest.mark.usefixtures("swift")

MUTANTS = 40

TILTS = MixtureModel(
    weights=[0.6, 0.4],
    items=[
        TiltItem(
            variable="age", cuts=[30.0, 50.0], centers=[20.0, 40.0, 60.0],
            probabilities=[[0.2, 0.3, 0.5], [0.5, 0.3, 0.2]], low=0.0, high=99.0,
        ),
        DirichletMultinomialItem(
            whole="spend", variables=["x", "y"], items="calls", shares=[[0.3, 0.7], [0.8, 0.2]],
            precision=3.0, sizes=[0.1] * 10,
        ),
    ],
    novelty=Novelty(threshold=-3.5, centers=[[1.0, 2.0]] * 11, spreads=[[1.0, 1.0]] * 11),
)  # fmt: skip
KMEANS = KMeansModel(
    variables=["age", "calls"], means=[40.0, 3.0], sds=[9.0, 2.0], centers=[[0.5, 1.0], [1.5, -1.0]]
)
RFM = RFMModel(
    recency="a", frequency="calls", monetary="spend",
    cuts={"a": [1.0], "calls": [2.0, 4.0], "spend": [3.0]}, cells={"1-1-1": 1, "2-3-2": 2},
)  # fmt: skip
RULES = RulesModel(rules=[Rule(name="Big", when="spend > 100 OR calls = 3")])

NUMBERS = [
    0, -1, 1, 2, 3, 0.5, -0.5, 1.5, 5e-324, 1e-130, 1e99, 1e130, 1e249, 1.7e308, -1.7e308, 2**53,
    2**63, -(2**63), 10**400, 50_000_000,
]  # fmt: skip
OTHERS = [None, "", "x", "\x00", "age", '"', "'; DROP TABLE", "1", True, [], {}, [[]], [None]]


def newcomers() -> pa.Table:
    rng = np.random.default_rng(3)
    names = [*"abcfmrxy", "age", "calls", "spend"]
    numbers = {name: rng.poisson(3.0, 12).astype(float) for name in names}
    shares = rng.random(12)
    return pa.table(numbers | {"x": shares, "y": 1 - shares, "city": ["Köln", "Bonn", None] * 4})


def started(model: Any) -> Any:
    named = whole().variables
    variables = [
        Variable(name=v.name, label=v.label, measure="nominal", use="active", levels=["Köln"])
        if v.name == "city"
        else v
        for v in named
    ]
    return json.loads(dump_segmentation(whole(model=model, variables=variables, study=None)))


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    if isinstance(value, dict | list):
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*place, step))


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


def damaged(data: Any, rng: random.Random) -> Any:
    """Change one place: another value, one less, one twice, another key, another part's value."""
    data = copy.deepcopy(data)
    everywhere = list(places(data))
    # Every part alike: most places are numbers of the model.
    part = rng.choice([place[0] for place in everywhere if len(place) == 1])
    place = rng.choice([p for p in everywhere if p[0] == part or part == "model" == p[0]])
    holder, value = at(data, place[:-1]), at(data, place)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    kind = rng.choice(["value", "value", "value", "less", "twice", "key", "other"])
    if kind == "less":
        del holder[place[-1]]
    elif kind == "twice" and isinstance(value, list):
        value.extend(copy.deepcopy(value[:1]))
    elif kind == "key" and isinstance(value, dict) and value:
        value[rng.choice(["x", "1-1-1", "٢-1-1", "9-9-9"])] = value.pop(rng.choice(list(value)))
    elif kind == "other":
        holder[place[-1]] = copy.deepcopy(at(data, rng.choice(everywhere)))
    else:
        values = NUMBERS if number and rng.random() < 0.8 else OTHERS
        holder[place[-1]] = copy.deepcopy(rng.choice(values))
    return data


def uses(segmentation: Segmentation) -> list[Callable[[], object]]:
    return [
        lambda: fw.report_html(segmentation),
        lambda: fw.summary_text(segmentation),
        segmentation._repr_html_,
        lambda: fw.scoring_sql(segmentation, "people"),
        lambda: fw.score(segmentation, newcomers()).counts(),
        lambda: fw.seed_canvas(segmentation),
        lambda: dump_segmentation(fw.rename_segment(segmentation, 1, "Others")),
    ]


@pytest.mark.parametrize("model", [mixture(), TILTS, KMEANS, RFM, RULES], ids=lambda m: m.kind)
def test_a_damaged_segmentation_is_refused_or_works(model: Any) -> None:
    data = started(model)
    for use in uses(parse_segmentation(json.dumps(data))):
        use()  # as it is, it works
    rng = random.Random(f"{model.kind} of {len(json.dumps(data))}")
    refused = 0
    for _ in range(MUTANTS):
        try:
            found = parse_segmentation(json.dumps(damaged(data, rng)))
        except fw.ForwhomError:
            refused += 1
            continue
        for use in uses(found):
            with contextlib.suppress(fw.ForwhomError):  # in words; anything else fails the test
                use()
    assert MUTANTS / 4 < refused < MUTANTS
