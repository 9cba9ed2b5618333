"""Segmentations and tables on both databases: what is kept, what is told, what is deleted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from forwhom.errors import DocumentError, SourceMissing
from forwhom.workspace.changes import Put
from forwhom.workspace.conflict import Conflict
from forwhom.workspace.datasets import Datasets
from forwhom.workspace.files import Files
from forwhom.workspace.segmentations import Segmentations

from .conftest import Team

GROUPS = Path(__file__).parents[2] / "examples" / "coffee-bar" / "groups.json"
STUDY = (
    "forwhom: 1\ncustomers: {table: shop.csv, id: person}\nvariables:\n  visits: {use: active}\n"
)


@pytest.fixture
def found(team: Team, tmp_path: Path) -> Segmentations:
    return Segmentations(team.database, Files(team.database, tmp_path / "files"))


@pytest.fixture
def data(team: Team, tmp_path: Path) -> Datasets:
    return Datasets(team.database, tmp_path / "tables")


def test_names_and_members_of_a_segmentation(team: Team, found: Segmentations) -> None:
    made = found.create(team.place, team.ana, GROUPS.read_text("utf-8"), b"rows")
    one = found.rename(made.document, team.ana, made.number, 1, "Regulars")
    with pytest.raises(Conflict) as caught:
        found.rename(made.document, team.ben, made.number, 1, "Daily")
    assert [(one.theirs, one.yours) for one in caught.value.clashes] == [("Regulars", "Daily")]
    two = found.rename(made.document, team.ben, made.number, 2, "Daily")
    assert found.rename(made.document, team.ben, two.number, 2, "Daily").number == two.number
    found._parsed.clear()
    assert found.at(made.document, two.number).text == found.head(made.document).text
    assert found.at(made.document, one.number).text == one.text
    assert found.members(made.document) == b"rows"
    found.forget_members("2020", team.ana)
    assert found.has_members(made.document)
    found.forget_members("2100", team.ana)
    assert found.members(made.document) is None
    kinds = [event.kind for event in found.events(made.document)]
    assert kinds == ["created", "renamed", "renamed", "members deleted"]


def test_a_study_is_changed_in_the_log_and_rows_go_for_good(
    team: Team, data: Datasets, tmp_path: Path
) -> None:
    key = data.create(team.place, team.ana, [("shop.csv", io.BytesIO(b"person,visits\n"))])
    assert data.head(key).study is None
    data.drafted(key, team.ana, STUDY, '{"tables": []}')
    seen = data.head(key).number
    use = Put(at=("variables", "visits", "use"), value="descriptor")
    changed = data.change(key, team.ana, seen, [use])
    assert "use: descriptor" in changed.text
    with pytest.raises(Conflict) as caught:
        data.change(key, team.ben, seen, [Put(at=("variables", "visits", "use"), value="ignore")])
    assert [(one.theirs, one.yours) for one in caught.value.clashes] == [("descriptor", "ignore")]
    with pytest.raises(DocumentError, match=r"study\.yaml:4"):
        data.change(key, team.ana, changed.number,
                    [Put(at=("variables", "visits", "use"), value="everything")])  # fmt: skip
    assert (data.rows(key).parent.stat().st_mode & 0o77) == 0
    data.forget("2020", team.ana)
    assert data.rows(key).is_dir()
    data.forget("2100", team.ana)
    assert list((tmp_path / "tables").iterdir()) == []
    with pytest.raises(SourceMissing):
        data.head(key)
