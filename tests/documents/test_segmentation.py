from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents import (
    dump_segmentation,
    read_segmentation,
    rename_segment,
    write_segmentation,
)
from forwhom.documents.fitting import Candidate, Certainty, Fit
from forwhom.documents.items import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    PoissonItem,
    PositiveItem,
)
from forwhom.documents.models import KMeansModel, MixtureModel, Novelty, RFMModel, Rule, RulesModel
from forwhom.documents.possibility import is_covariance
from forwhom.documents.segmentation import (
    Distinction,
    Evidence,
    Interval,
    LeftOut,
    LevelShare,
    NumberSummary,
    Quality,
    Residual,
    Segment,
    Segmentation,
    Source,
    TypicalMember,
    TypingStep,
    TypingTool,
    Variable,
    VariableProfile,
)
from forwhom.documents.segmentationfile import parse_segmentation
from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.errors import DocumentError, OptionError, OutputError, SourceMissing


def mixture() -> MixtureModel:
    return MixtureModel(
        weights=[0.6, 0.4],
        items=[
            CategoricalItem(
                variable="city",
                levels=["Köln", '<b>"x"</b>'],
                probabilities=[[0.1, 0.9], [1 / 3, 2 / 3]],
            ),
            PoissonItem(variable="calls", rates=[1e-300, 7.1]),
            GaussianItem(variable="age", means=[30.1, 60.0], sds=[1.0, 2.0]),
            PositiveItem(variable="spend", any=None, log_means=[1.0, 2.0], log_sds=[0.1, 0.2]),
            GaussianBlock(
                variables=["x", "y"],
                tied=True,
                means=[[0.0, 0.0], [1.0, 1.0]],
                covariances=[[[1.0, 0.5], [0.5, 1.0]]],
            ),
        ],
        novelty=Novelty(threshold=-3.5, centers=[[1.0, 2.0]] * 5, spreads=[[1.0, 1.0]] * 5),
    )


def segment(number: int, share: float, name: str = "") -> Segment:
    return Segment(
        id=number,
        name=name or f"Segment {number}",
        proposed_name=f"Segment {number}",
        n=int(100 * share),
        share=share,
        share_interval=Interval(low=share - 0.05, high=share + 0.05),
        certainty=Certainty(mean_probability=0.9, sure=0.8),
        distinctions=[
            Distinction(
                variable="city",
                level="Köln",
                statement="lives in Köln: 90 % against 10 %",
                effect=1.1,
                interval=None,
                kind="h",
                inside=0.9,
                rest=0.1,
                phrase="people of Köln",
            )
        ],
        profile=[
            VariableProfile(
                variable="age",
                n=None,
                missing=0.0,
                inside=NumberSummary(mean=1, sd=1, q10=0, q25=0, median=1, q75=2, q90=3),
                levels=[LevelShare(level="a", inside=None, sample=0.5)],
            )
        ],
        typical_member=TypicalMember(based_on=12, values={"age": "about 30 years"}),
    )


def segmentation(**changes: Any) -> Segmentation:
    fields: dict[str, Any] = {
        "title": "Shop",
        "created": "2025-01-01T00:00:00Z",
        "version": "0.1.0",
        "n": 100,
        "sources": [Source(name="people.csv", rows=100, columns=3, fingerprint="ab")],
        "variables": [
            Variable(name=name, label=name.title(), measure="continuous", use="active")
            for name in (*"abcfmrxy", "age", "calls", "city", "spend")
        ],
        "model": mixture(),
        "fit": Fit(method="mixture", seed=1, criterion="BIC", log_likelihood=-1234.5678901234567),
        "selection": [
            Candidate(
                k=2, log_likelihood=-1.0, n_parameters=3, bic=1, aic=1, aic3=1, caic=1, sabic=1,
                icl=1, entropy_r2=None, classification_error=0.1, smallest_share=0.4,
                converged=True, n_iter=7, best_start_share=0.5, n_starts=10,
            )
        ],
        "segments": [segment(1, 0.6), segment(2, 0.4)],
        "overlap": [[0.9, 0.1], [0.2, 0.8]],
        "residuals": [Residual(first="a", second="b", value=3.2)],
        "typing_tool": TypingTool(
            steps=[TypingStep(variable="age", accuracy=0.9)], recommended=1, majority=0.6
        ),
        "quality": Quality(left_out=[LeftOut(name="x", why="an id")], notes=["n"], warnings=[]),
        "evidence": [
            Evidence(id="e1", statement="s", value=None, method="m", source="f", fingerprint="g")
        ],
        "study": {"forwhom": 1, "customers": {"table": "people.csv"}},
    }  # fmt: skip
    fields |= changes
    fields["fit"] = fields["fit"].model_copy(update={"method": fields["model"].kind})
    return Segmentation(**fields)


@pytest.mark.parametrize(
    "model",
    [
        mixture(),
        KMeansModel(variables=["a"], means=[0.0], sds=[1.0], centers=[[0.5], [1.5]]),
        RFMModel(
            recency="r", frequency="f", monetary="m",
            cuts={"r": [1.0], "f": [2.0], "m": [3.0]}, cells={"1-1-1": 1, "2-2-2": 2},
        ),
        RulesModel(rules=[Rule(name="Big", when="spend > 100 AND city = 'Köln'")]),
    ],
    ids=lambda model: model.kind,
)  # fmt: skip
def test_what_is_written_is_read_again(tmp_path: Path, model: Any) -> None:
    before = segmentation(model=model)
    path = write_segmentation(before, tmp_path / "segmentation.json")
    assert read_segmentation(path) == before
    assert read_segmentation(tmp_path) == before


def test_the_verdict_on_structure_is_written_and_read_again() -> None:
    moves = ScaleVariable(variable="age", loading=-0.7, low=61.0, middle=45.0, high=24.5)
    level = ScaleVariable(variable="city", level="Köln", loading=0.2, low=0.1, middle=0.2, high=0.4)
    scale = Scale(dimensions=2, curved=True, reliability=0.8, variables=[moves, level], kept=0.83)
    found = Structure(
        verdict="scale", rows=100, difference=-82.5, continuum="curved", islands=[[1, 2]],
        certainty_z=0.3, separation_z=-1.2, null_sets=19, cut="age", clumps=["age"], scale=scale,
        style=Scale(),
    )  # fmt: skip
    standing = [{"standing": "slice", "neighbors": [2]}, {"standing": "own", "neighbors": []}]
    segments = [
        one.model_copy(update=said)
        for one, said in zip(segmentation().segments, standing, strict=True)
    ]
    before = segmentation(structure=found, segments=segments)
    assert parse_segmentation(dump_segmentation(before)) == before


def test_a_file_from_before_the_verdict_is_read() -> None:
    older = json.loads(dump_segmentation(segmentation()))
    del older["structure"]
    for one in older["segments"]:
        del one["standing"], one["neighbors"]
    assert parse_segmentation(json.dumps(older)) == segmentation()


numbers = st.floats(-1e100, 1e100)


@settings(max_examples=50)
@given(
    st.text(),
    st.lists(numbers, min_size=2, max_size=2),
    st.lists(st.text(), max_size=4, unique=True),
)
def test_no_text_and_no_digit_is_lost(name: str, means: list[float], levels: list[str]) -> None:
    item = GaussianItem(variable=name, means=means, sds=[1e-120, 1e120])
    novelty = Novelty(threshold=-3.5, centers=[means], spreads=[[1.0, 1.0]])
    before = segmentation(
        model=MixtureModel(weights=[0.6, 0.4], items=[item], novelty=novelty),
        variables=[
            Variable(name=name, label=name, measure="nominal", use="active", levels=levels),
            *(one for one in segmentation().variables if one.name != name),
        ],
    )
    assert parse_segmentation(dump_segmentation(before)) == before


def test_short_lists_stay_on_a_line() -> None:
    text = dump_segmentation(segmentation())
    assert '"weights": [0.6, 0.4],' in text
    assert max(len(line) for line in text.splitlines()) < 300
    assert json.loads(text)["segments"][1]["name"] == "Segment 2"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_no_file_can_hold_is_not_written(tmp_path: Path, bad: float) -> None:
    model = mixture().model_copy(update={"weights": [bad, 0.5]})
    with pytest.raises(DocumentError, match=r"^model.weights\[1\]: this number is NaN"):
        write_segmentation(segmentation(model=model), tmp_path / "s.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_overwritten_silently(tmp_path: Path) -> None:
    path = write_segmentation(segmentation(), tmp_path / "s.json")
    with pytest.raises(OutputError):
        write_segmentation(segmentation(title="other"), path)
    write_segmentation(segmentation(title="other"), path, overwrite=True)
    assert read_segmentation(path).title == "other"


def test_a_file_cut_off_anywhere_is_refused_with_its_place() -> None:
    text = dump_segmentation(segmentation()).rstrip()
    for end in range(1, len(text), 97):
        with pytest.raises(DocumentError, match=r"^s.json:\d+:\d+: the file ends too early"):
            parse_segmentation(text[:end], "s.json")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "s.json:1:1: this is not JSON"),
        ("PAR1\x00", "s.json:1:1: this is not JSON"),
        ("id,segment\n1,2\n", "s.json:1:1: this is not JSON"),
        ("[]", "s.json:1:1: found a list"),
        ('{"type": "FeatureCollection"}', "s.json:1:1: the key 'forwhom' is missing"),
        ('{"forwhom": 7}', "s.json:1:2: this is format 7, written by a newer forwhom"),
        ('{"forwhom": 1, "customers": {"table": "x"}}', "this is a study, not a segmentation"),
        ('{"forwhom": 1, "forwhom": 1}', "the key 'forwhom' is there twice"),
        ('{"forwhom": 1, "n": NaN}', "NaN is not a number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_foreign_file_is_refused(text: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_segmentation(text, "s.json")
    assert str(caught.value).startswith("s.json:1:")
    assert said in str(caught.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="There is no folder"):
        read_segmentation(tmp_path / "results" / "segmentation.json")


def edited(change: Any) -> str:
    data = json.loads(dump_segmentation(segmentation()))
    change(data)
    with pytest.raises(DocumentError) as caught:
        parse_segmentation(json.dumps(data, indent=1), "s.json")
    return str(caught.value)


def test_an_edited_file_is_refused_at_the_line() -> None:
    assert "'n' is 'many'. Expected a whole number" in edited(lambda d: d.update(n="many"))
    assert "there is no key 'segmnts'. Did you mean 'segments'?" in edited(
        lambda d: d.update(segmnts=1)
    )
    assert "the key 'share' of 'segments[2]' is missing" in edited(
        lambda d: d["segments"][1].pop("share")
    )
    message = edited(lambda d: d["model"]["items"][0].update(levls=["a"]))
    assert "there is no key 'levls'" in message
    assert "Did you mean 'levels'?" in message
    assert "there are not 2 weights" in edited(lambda d: d["model"].update(weights=[1.0]))
    assert "'overlap' is not 2 × 2" in edited(lambda d: d.update(overlap=[[1.0, 0.0]]))
    assert "the ids of the segments" in edited(lambda d: d["segments"][0].update(id=2))
    assert "this is no count, of 0 or more" in edited(lambda d: d["segments"][0].update(n=-60))
    assert "a share of 1.6" in edited(lambda d: d["segments"][0].update(share=1.6))
    verdict = {"verdict": "clear", "rows": 9}
    missing = "it names a segment that is not there"
    assert missing in edited(lambda d: d.update(structure=verdict | {"islands": [[1], [3]]}))
    assert missing in edited(lambda d: d["segments"][0].update(standing="slice", neighbors=[0]))
    assert "'rates' does not have 2 segments" in edited(
        lambda d: d["model"]["items"][1].update(rates=[1.0])
    )
    assert "'city' does not have a probability for each of its levels" in edited(
        lambda d: d["model"]["items"][0].update(levels=["a"])
    )


@pytest.mark.parametrize(
    ("index", "changed", "said"),
    [
        (None, {"weights": [0.9, 0.9]}, "the weights are not probabilities"),
        (None, {"weights": [1.5, -0.5]}, "the weights are not probabilities"),
        (0, {"probabilities": [[0.5, 0.6], [0.5, 0.5]]}, "do not sum to 1"),
        (0, {"probabilities": [[1.5, -0.5], [0.5, 0.5]]}, "do not sum to 1"),
        (0, {"levels": ["a", "a"]}, "'city' has a level twice"),
        (1, {"rates": [-1.0, 2.0]}, "a negative rate"),
        (1, {"rates": [1.0, 2.0], "variable": "city"}, "'city' is in a second item"),
        (2, {"sds": [1.0, -2.0]}, "'age' has a standard deviation that is not above zero"),
        (2, {"sds": [1.0, 0.0]}, "'age' has a standard deviation that is not above zero"),
        (2, {"means": [1.0, 2.0, 3.0]}, "'means' does not have 2 segments"),
        (3, {"any": [0.5, 1.2]}, "outside 0 to 1"),
        (3, {"any": [0.5]}, "'any' does not have 2 segments"),
        (3, {"any": [0.5, 0.5]}, "'centers' has 5 lines for 6 terms"),
        (3, {"log_sds": [-0.1, 0.2]}, "'spend' has a standard deviation that is not above zero"),
        (4, {"means": [[0.0], [1.0]]}, "'x', 'y' do not have a mean each"),
        (4, {"variables": ["x", "x"]}, "a variable is there twice"),
        (4, {"covariances": [[[1.0, 0.5]]]}, "a covariance matrix of 'x', 'y' is not 2 × 2"),
        (4, {"covariances": [[[1.0, 2.0], [2.0, 1.0]]]}, "not symmetric and positive definite"),
        (4, {"covariances": [[[1.0, 0.5], [0.1, 1.0]]]}, "not symmetric and positive definite"),
        (4, {"tied": False}, "'covariances' does not have 2 segments"),
        ("novelty", {"centers": [[1.0]]}, "'centers' has a line"),
        ("novelty", {"spreads": [[-1.0, 1.0]]}, "a spread is negative"),
    ],
)
def test_numbers_that_no_fit_can_give_are_refused(index: Any, changed: Any, said: str) -> None:
    def change(data: Any) -> None:
        model = data["model"]
        place = model if index is None else model.get(index) or model["items"][index]
        place.update(changed)

    assert said in edited(change)


KMEANS = KMeansModel(variables=["a"], means=[0.0], sds=[1.0], centers=[[0.5], [1.5]])
RFM = RFMModel(
    recency="r", frequency="f", monetary="m",
    cuts={"r": [1.0], "f": [2.0], "m": [3.0, 4.0]}, cells={"1-1-1": 1, "2-2-3": 2},
)  # fmt: skip


@pytest.mark.parametrize(
    ("model", "changed", "said"),
    [
        (KMEANS, {"sds": [-1.0]}, "a standard deviation is not above zero"),
        (KMEANS, {"centers": [[0.5]]}, "'centers' does not have 2 segments"),
        (KMEANS, {"centers": [[0.5], [1.5, 2.0]]}, "'centers' does not have a number for each"),
        (KMEANS, {"means": []}, "'means' does not have a number for each of the 1 variables"),
        (RFM, {"cuts": {"r": [1.0], "f": [2.0]}}, "'m' has no cut points in ascending order"),
        (RFM, {"cuts": {"r": [1.0], "f": [2.0], "m": [4.0, 3.0]}}, "'m' has no cut points"),
        (RFM, {"cells": {"1-1-4": 1}}, "the grid has no cell '1-1-4'"),
        (RFM, {"cells": {"1-1": 1}}, "the grid has no cell '1-1'"),
        (RFM, {"cells": {"1-1-1": 3}}, "the cell '1-1-1' is in segment 3, of 2"),
        (RulesModel(rules=[Rule(name="Big", when="x > 1")]), {"rules": []}, "0 rules do not make"),
    ],
)
def test_other_models_that_no_fit_can_give_are_refused(
    model: Any, changed: dict[str, Any], said: str
) -> None:
    assert parse_segmentation(dump_segmentation(segmentation(model=model)))
    damaged = segmentation(model=model.model_copy(update=changed))
    with pytest.raises(DocumentError, match=re.escape(said)):
        parse_segmentation(dump_segmentation(damaged))


def test_a_number_beyond_all_numbers_is_refused() -> None:
    text = dump_segmentation(segmentation()).replace("30.1", "1e999")
    with pytest.raises(DocumentError, match="this number is too large"):
        parse_segmentation(text)


def test_a_stored_study_that_is_none_is_refused() -> None:
    assert "the stored study" in edited(lambda d: d["study"].update(customers=3))


def test_a_segment_is_renamed_in_a_copy() -> None:
    before = segmentation()
    after = rename_segment(before, 2, "  Regulars   of Köln ")
    assert [s.name for s in after.segments] == ["Segment 1", "Regulars of Köln"]
    assert before == segmentation()
    assert rename_segment(after, 2, "") == before
    with pytest.raises(OptionError, match="there is no segment 3"):
        rename_segment(before, 3, "x")
    with pytest.raises(OptionError, match="segment 1 is called 'segment 1' already"):
        rename_segment(before, 2, "segment 1")


def test_it_shows_itself_in_a_notebook_without_markup_from_the_data() -> None:
    shown = rename_segment(segmentation(title="<i>"), 1, "<script>alert(1)</script>")
    page = shown._repr_html_()
    assert "<script>" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<tr>") == 3


def test_it_shows_itself_in_plain_text() -> None:
    first, *sentences = str(segmentation()).splitlines()
    assert first == "Shop: Two segments among 100 customers"
    assert sentences == [
        *segmentation().answer.sentences,
        "1. Segment 1 (60%, 55% to 65%): lives in Köln: 90 % against 10 %",
        "2. Segment 2 (40%, 35% to 45%): lives in Köln: 90 % against 10 %",
    ]
    assert "One segment of 100 customers" in str(segmentation(segments=[segment(1, 0.9)]))


def test_weights_that_are_no_probabilities_and_a_matrix_that_is_a_covariance() -> None:
    novelty = Novelty(threshold=-3.0, centers=[], spreads=[])
    found = list(MixtureModel(weights=[0.9, 0.9], items=[], novelty=novelty).impossible(2))
    assert found == [(("weights",), "the weights are not probabilities that sum to 1.")]
    assert is_covariance([[2.0, 1.0], [1.0, 2.0]])
