"""A segmentation from elsewhere is refused when it is read, part by part, where it is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.report.made import value

from forwhom.documents.fitting import Fit
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.segmentationfile import dump_segmentation, parse_segmentation
from forwhom.documents.soundness import PARTS
from forwhom.documents.stability import NumberStability, SegmentStability, Stability
from forwhom.documents.structure import Scale, Structure
from forwhom.errors import DocumentError

from .test_segmentation import RFM, segmentation


def whole(**changes: Any) -> Segmentation:
    """Return a segmentation with every part there."""
    stability = Stability(
        replicates=20, rows=100, rows_in_all=100, reading="natural",
        numbers=[NumberStability(k=2, agreement=0.9, low=0.8, high=1.0, warm=0.9)],
        segments=[SegmentStability(segment=i, jaccard=0.9, found=20) for i in (1, 2)],
    )  # fmt: skip
    structure = Structure(
        verdict="clear", rows=100, islands=[[1], [2]], scale=Scale(reliability=0.5), style=Scale()
    )
    parts = {"stability": stability, "structure": structure, "value": value(0.5, 0.9)}
    return segmentation(**parts | changes)


#: A key path, what stands there, and what is said of it.
WRONG: list[tuple[list[str | int], Any, str]] = [
    (["created"], "yesterday", "'yesterday' is no time such as"),
    (["value", "segments", 0, "segment"], 9, "there is no segment 9"),
    (["value", "segments", 0, "segment"], 2, "is there twice"),
    (["value", "segments", 0, "alive"], 1.1, "1.1 is no share"),
    (["value", "segments", 1, "substantial"], -0.1, "-0.1 is no share"),
    (["value", "segments", 0, "value", "low"], 99.0, "99.0 to 44.0 is no interval of 40.0"),
    (["value", "checked", 0, "bought", "high"], 0.5, " to 0.5 is no interval of 1.0"),
    (["sources"], [{"name": "orders", "months": ["2025-01", "2025-13"]}], "'2025-13' is no month"),
    (["threshold"], 0, "a cell has at least one customer"),
    (["n"], -3, "this is no count"),
    (["n"], 2**53 + 1, "this is no count"),
    (["segments", 0, "n"], 101, "segment 1 has 101 members"),
    (["segments", 0, "share"], -0.1, "a share of -0.1"),
    (["segments", 0, "share"], 1e251, "too large to be computed with"),
    (["segments", 0, "share_interval", "low"], 0.9, "0.9 to 0.65 is no interval"),
    (["segments", 0, "share_interval", "high"], 1.1, " to 1.1 is no interval"),
    (["segments", 0, "share_interval", "level"], 1, "is no interval"),
    (["segments", 0, "certainty", "sure"], 1.5, "1.5 is no share"),
    (["segments", 0, "profile", 0, "missing"], -1.0, "-1.0 is no share"),
    (["segments", 0, "profile", 0, "inside", "sd"], 5e-324, "5e-324 is no standard deviation"),
    (["segments", 0, "profile", 0, "inside", "sd"], -1.0, "-1.0 is no standard deviation"),
    (["segments", 0, "profile", 0, "inside", "mean"], 1e121, "1e+121 is no mean of data"),
    (["segments", 0, "profile", 0, "inside", "q10"], 9.0, "the quantiles do not ascend"),
    (["segments", 0, "profile", 0, "inside", "zeros"], 2.0, "2.0 is no share"),
    (["segments", 0, "profile", 0, "levels", 0, "sample"], 1.2, "1.2 is no share"),
    (["segments", 0, "profile", 0, "variable"], "gone", "'gone' is not among the variables"),
    (["segments", 0, "distinctions", 0, "variable"], "gone", "'gone' is not among the variables"),
    (["segments", 0, "distinctions", 0, "effect"], 4.0, "no two shares differ by so much"),
    (["variables", 0, "levels"], ["a", "a"], "'a' has a level twice"),
    (["variables", 1, "name"], "a", "'a' is there twice"),
    (["variables", 0, "missing"], 7.0, "7.0 is no share"),
    (["overlap", 0, 0], 1.5, "no probability"),
    (["overlap", 1], [0.5], "'overlap' is not 2 × 2"),
    (["overlap"], [[0.5, 0.5]], "'overlap' is not 2 × 2"),
    (["segments"], [], "the ids of the segments are not 1, 2, 3"),
    (["segments", 0, "id"], 3, "the ids of the segments are not 1, 2, 3"),
    (["structure", "islands"], [[1, 2], [2]], "something is there twice"),
    (["structure", "scale", "reliability"], -0.5, "-0.5 is no share"),
    (["stability", "segments", 0, "segment"], 2, "it is not one of these segments"),
    (["stability", "segments", 0, "jaccard"], 1.5, "1.5 is no share"),
    (["stability", "segments", 0, "found"], 21, "found more often than it was sought"),
    (["stability", "numbers", 0, "low"], 1.5, "1.5 to 1.0 is no agreement"),
    (["selection", 0, "k"], 0, "nothing has 0 segments"),
    (["selection", 0, "smallest_share"], 2.0, "2.0 is no share"),
    (["fit", "best_start_share"], 2.0, "2.0 is no share"),
    (["fit", "method"], "rules", "the model is of the kind 'mixture', and 'fit' says rules"),
    (["typing_tool", "recommended"], 2, "2 of 1 steps are recommended"),
    (["typing_tool", "gain"], 1.2, "1.2 is no difference between two shares"),
    (["typing_tool", "gain_interval"], {"low": 0.4, "high": 0.1}, "0.4 to 0.1 is no interval"),
    (["typing_tool", "steps", 0, "accuracy"], 1.2, "1.2 is no share"),
    (["typing_tool", "steps", 0, "variable"], "gone", "'gone' is not among the variables"),
    (["residuals", 0, "first"], "gone", "'gone' is not among the variables"),
    (["evidence", 0, "interval"], {"low": 2.0, "high": 1.0}, "2.0 to 1.0 is no interval"),
    (["model", "items", 1, "variable"], "gone", "places by 'gone', which is not among"),
    (["model", "items", 2, "sds"], [1e-121, 1.0], "a standard deviation that is not above zero"),
    (["study"], {"forwhom": 1, "customers": 3}, "the stored study is not a study"),
]  # fmt: skip


@pytest.mark.parametrize(("keys", "value", "said"), WRONG, ids=lambda v: str(v)[:60])
def test_what_no_run_gives_is_refused_where_it_stands(
    keys: list[str | int], value: Any, said: str
) -> None:
    data = json.loads(dump_segmentation(whole()))
    holder = data
    for step in keys[:-1]:
        holder = holder[step]
    assert holder[keys[-1]] != value
    holder[keys[-1]] = value
    with pytest.raises(DocumentError) as caught:
        parse_segmentation(json.dumps(data), "s.json")
    assert str(caught.value).startswith("s.json:1:")
    assert said in str(caught.value)


@pytest.mark.parametrize("kind", ["tree", "x" * 5000, [0] * 1000, None, 3])
def test_a_kind_of_model_that_does_not_exist_is_said_in_words(kind: Any) -> None:
    data = json.loads(dump_segmentation(whole()))
    data["model"]["kind"] = kind
    with pytest.raises(
        DocumentError, match=r"'model' has (the|no) kind.* Expected one of: 'mix"
    ) as e:
        parse_segmentation(json.dumps(data))
    assert len(str(e.value)) < 300


@pytest.mark.parametrize(
    "keys",
    [
        ["selection"],
        ["evidence"],
        ["typing_tool", "steps"],
        ["segments", 0, "profile"],
        ["segments", 0, "profile", 0, "levels"],
        ["stability", "numbers"],
        ["variables"],
    ],
    ids=str,
)
def test_what_can_be_there_once_is_refused_twice(keys: list[str | int]) -> None:
    data = json.loads(dump_segmentation(whole()))
    holder = data
    for step in keys:
        holder = holder[step]
    holder.append(holder[0])
    with pytest.raises(DocumentError, match="is there twice"):
        parse_segmentation(json.dumps(data))


def test_every_part_is_well_in_a_whole_segmentation() -> None:
    for part in PARTS:
        assert list(part(whole())) == [], part.__name__
    assert parse_segmentation(dump_segmentation(whole())) == whole()


def test_a_seed_may_be_any_number() -> None:
    fit = Fit(method="mixture", seed=2**80)
    assert parse_segmentation(dump_segmentation(segmentation(fit=fit))).fit.seed == 2**80


def test_a_grid_names_only_variables_that_are_there() -> None:
    text = dump_segmentation(segmentation(model=RFM)).replace('"recency": "r"', '"recency": "z"')
    with pytest.raises(DocumentError, match="places by 'z', which is not among the variables"):
        parse_segmentation(text)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["threshold"], 1),
        (["segments", 0, "n"], 0),
        (["segments", 0, "n"], 100),
        (["segments", 0, "profile", 0, "missing"], 0.0),
        (["segments", 0, "profile", 0, "missing"], 1.0),
        (["segments", 0, "profile", 0, "inside", "sd"], 0.0),
        (["segments", 0, "profile", 0, "inside", "mean"], 1e120),
        (["overlap", 0, 0], 1.0),
        (["overlap", 0, 0], 0.0),
    ],
    ids=str,
)
def test_what_a_run_can_just_give_is_taken(keys: list[str | int], value: Any) -> None:
    data = json.loads(dump_segmentation(whole()))
    holder = data
    for step in keys[:-1]:
        holder = holder[step]
    holder[keys[-1]] = value
    assert parse_segmentation(json.dumps(data)).threshold >= 1
