"""Known shares of groups, read from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.documents.knownshares import read_margins
from forwhom.errors import DocumentError

KNOWN = {"gender": ("woman", "man"), "region": ("North", "South", "West")}


def _read(tmp_path: Path, text: str):
    file = tmp_path / "census.yaml"
    file.write_text(text, encoding="utf-8")
    return read_margins(file, KNOWN)


def test_shares_are_taken_as_parts_or_percentages(tmp_path: Path) -> None:
    text = (
        "margins:\n  gender: {woman: 51%, man: 49%}\n  region: {North: 50, South: 20, West: 30}\n"
    )
    found = _read(tmp_path, text)
    assert found["gender"] == pytest.approx({"woman": 0.51, "man": 0.49})
    assert found["region"] == pytest.approx({"North": 0.5, "South": 0.2, "West": 0.3})


def test_rounded_shares_are_made_one_whole(tmp_path: Path) -> None:
    found = _read(tmp_path, "margins:\n  region: {North: 0.33, South: 0.33, West: 0.33}\n")
    assert sum(found["region"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("margins:\n  gender: {woman: 0.5, mann: 0.5}\n", "no group 'mann' of enough people"),
        ("margins:\n  gender: {woman: 0.5, man: 0.4}\n", "the shares add up to 0.9"),
        ("margins:\n  gender: {woman: 0.5, man: many}\n", "'many' is no share"),
        ("margins:\n  gender: {woman: -1, man: 2}\n", "'-1' is no share"),
        ("margins:\n  gender: {woman: true, man: 0}\n", "is no share"),
        ("margins:\n  gender: [woman, man]\n", "two groups or more"),
        ("margins:\n  sex: {f: 0.5, m: 0.5}\n", "no protected attribute 'sex'"),
        ("margins:\n  region: {North: 0.5, South: 0.5}\n", "'West' of the data has no known share"),
        ("margin: {}\n", "there are no margins"),
        ("- 1\n", "there are no margins"),
    ],
)
def test_what_is_no_margin_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as caught:
        _read(tmp_path, text)
    assert "census.yaml" in str(caught.value)
