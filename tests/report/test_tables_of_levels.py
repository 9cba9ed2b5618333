"""Tables of levels, and questions that place a customer."""

from __future__ import annotations

import pytest

from forwhom.documents.segmentation import LevelShare, Variable, VariableProfile
from forwhom.report.segmentation.profiles import SHOWN_LEVELS, _level_rows
from forwhom.report.segmentation.questions import questions

from .made import typical


def shown(n: int, measure: str) -> list[str]:
    names = [f"level {i:02d}" for i in range(n)]
    levels = [LevelShare(level=name, inside=0.1, sample=i / 1000) for i, name in enumerate(names)]
    variable = Variable(name="x", label="X", measure=measure, use="active", levels=names)
    profile = VariableProfile(variable="x", n=100, missing=0.0, levels=levels)
    return [row.label for row in _level_rows(variable, [profile, None])]


def test_of_many_levels_the_most_frequent_are_shown() -> None:
    found = shown(SHOWN_LEVELS + 5, "nominal")
    assert found[0] == "level 24"
    assert [name for name in found if name.startswith("level")][:SHOWN_LEVELS] == [
        f"level {i:02d}" for i in range(SHOWN_LEVELS + 4, 4, -1)
    ]


@pytest.mark.parametrize(
    ("n", "measure"), [(SHOWN_LEVELS, "nominal"), (SHOWN_LEVELS + 5, "ordinal")]
)
def test_few_levels_and_levels_with_an_order_keep_theirs(n: int, measure: str) -> None:
    assert shown(n, measure)[:n] == [f"level {i:02d}" for i in range(n)]


def test_without_a_step_there_are_no_questions() -> None:
    found = typical()
    assert found.typing_tool is not None
    assert questions(found) is not None
    for tool in (None, found.typing_tool.model_copy(update={"steps": []})):
        assert questions(found.model_copy(update={"typing_tool": tool})) is None
