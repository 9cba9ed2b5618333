"""The type of a market from a run, a table of interactions, and a canvas."""

import re

import numpy as np
import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents.market import Nearness
from forwhom.documents.segmentation import Interval
from forwhom.errors import DataError, OptionError
from forwhom.languages.catalog import speaking


@pytest.fixture(scope="module")
def run() -> fw.Segmentation:
    rng = np.random.default_rng(1)
    z = np.arange(400) % 2
    asked = {f"q{i}": rng.random(400) < np.where(z, 0.9, 0.1) for i in range(5)}
    needs = {f"need_{i}": rng.random(400) < np.where(z, 0.6, 0.4) for i in range(2)}
    data = pa.table({"id": np.arange(400), **asked, **needs})
    variables = {name: {"criterion": "offer", "use": "descriptor"} for name in needs}
    study = fw.Study.model_validate(
        {"forwhom": 1, "customers": {"table": "data", "id": "id"},
         "variables": variables | {name: {"criterion": "channel"} for name in asked}}
    )  # fmt: skip
    return fw.discover({"data": data}, study=study, k=2, stability=0, n_starts=2).segmentation


def rides() -> pa.Table:
    who = [f"r{i // 3}" for i in range(600)]
    return pa.table({"rider": who, "driver": [f"d{i % 40}" for i in range(600)]})


def test_needs_decide_and_interactions_overrule(run: fw.Segmentation) -> None:
    market = fw.market_type(run)
    assert market.type == "segmented"
    assert 0 < market.near[0].value < 0.8
    assert market.evidence[0].verdict == "segmented"
    kept = next(e for e in run.evidence if e.id == "market.type")
    assert kept.fingerprint == market.evidence[0].fingerprint
    both = fw.market_type(run, interactions=rides(), sides=("rider", "driver"))
    assert both.type == "multi-sided"
    assert "A segmented market" in str(fw.defense_of(run))


def test_a_canvas_is_held_against_the_data(run: fw.Segmentation) -> None:
    text = fw.seed_canvas(run).text
    canvas = fw.parse_canvas(text.replace("framework:", "market_type: diversified\nframework:", 1))
    assert fw.market_type(run, canvas=canvas).headline.endswith("which does not agree.")
    alone = fw.market_type(canvas=canvas, interactions=rides(), sides=("rider", "driver"))
    assert alone.type == "multi-sided"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"interactions": rides()}, "go together"),
        ({"sides": ("a", "b")}, "go together"),
        ({"interactions": rides(), "sides": ("rider", "rider")}, "both sides are"),
        ({"interactions": rides(), "sides": ("rider", "drivr")}, "Did you mean 'driver'"),
        ({"interactions": pa.table({"a": pa.array([None], pa.string()), "b": ["x"]}),
          "sides": ("a", "b")}, "no row has both"),
        ({"part": 0.0}, "part of the whole market"),
        ({"part": 2.0}, "part of the whole market"),
    ],
)  # fmt: skip
def test_bad_input(run: fw.Segmentation, options: dict, said: str) -> None:
    with pytest.raises((OptionError, DataError), match=said):
        fw.market_type(run, **options)


def test_something_must_be_given() -> None:
    with pytest.raises(OptionError, match="no segments"):
        fw.market_type()


def test_it_is_told_in_the_language_of_its_reader(run: fw.Segmentation) -> None:
    english = re.compile(r"\b(the|of|and|whether|they|customers|nobody|market)\b", re.IGNORECASE)
    several = [
        fw.market_type(run),
        fw.market_type(run, part=0.02),
        fw.market_type(run, interactions=rides(), sides=("rider", "driver")),
    ]
    kinds = (None, 1.0), (0.3, 2.0)
    near = [Nearness(what="Part of the whole market, as given", value=0.1, border=0.2,
                     beyond="a niche up to", interval=i and Interval(low=i, high=j))
            for i, j in kinds]  # fmt: skip
    several.append(several[0].model_copy(update={"near": near}))
    for market in several:
        assert english.search(str(market))
        with speaking("de"):
            assert english.search(str(market)) is None
        with speaking("ar"):
            latin = set(re.findall(r"[a-z]{3,}", str(market).replace("--part", "")))
            assert latin <= {"offer", "rider", "driver"}
