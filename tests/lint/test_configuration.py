"""Which rules run: the command line, then the canvas, then the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.documents.canvas import parse_canvas, read_canvas
from forwhom.errors import DocumentError, OptionError
from forwhom.lint import all_rules, lint_canvas
from forwhom.lint.configuration import configuration_of

HEAD = "forwhom: 1\nkind: canvas\n"


#: The rules on the market.
MARKET = ["FW1001", "FW1002", "FW1003", "FW1004", "FW1005", "FW1006"]


def write(folder: Path, text: str = "") -> Path:
    path = folder / "canvas.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def codes(path: Path, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[str]:
    return [one.code for one in configuration_of(read_canvas(path), select, ignore).rules]


def test_all_rules_run_when_nothing_is_said(tmp_path: Path) -> None:
    assert codes(write(tmp_path)) == [rule.code for rule in all_rules()]


def test_the_command_line_comes_before_the_canvas_and_the_canvas_before_the_project(
    tmp_path: Path,
) -> None:
    (tmp_path / "forwhom.toml").write_text('[lint]\nselect = ["market"]\nignore = ["FW1002"]\n')
    assert codes(write(tmp_path)) == ["FW1001", *MARKET[2:]]
    path = write(tmp_path, "lint: {select: [money]}\n")
    assert codes(path) == ["FW1201", "FW1202", "FW1203"]
    assert codes(path, select=("FW101", "compound-job")) == ["FW101", "FW102"]
    assert codes(path, ignore=("FW1201",)) == ["FW1202", "FW1203"]


def test_settings_are_looked_for_upwards_and_the_nearest_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.forwhom.lint]\nselect = ["market"]\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    path = write(inner)
    assert codes(path) == MARKET
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert codes(path) == MARKET
    (tmp_path / "a" / "forwhom.toml").write_text('[lint]\nselect = ["FW1203"]\n')
    assert codes(path) == ["FW1203"]


def test_each_key_comes_from_the_nearest_place_that_has_it(tmp_path: Path) -> None:
    (tmp_path / "forwhom.toml").write_text("[lint]\nstale_after_days = 30\n")
    assert configuration_of(read_canvas(write(tmp_path))).stale_after_days == 30
    path = write(tmp_path, "lint: {stale_after_days: 365}\n")
    assert configuration_of(read_canvas(path)).stale_after_days == 365
    path = write(tmp_path, "lint: {select: [money]}\n")
    assert configuration_of(read_canvas(path)).stale_after_days == 30


@pytest.mark.parametrize(
    ("word", "group"),
    [("FW0", "silences"), ("FW1", "statements"), ("fw9", "alignment"), ("FW10", "market")],
)
def test_the_beginning_of_the_codes_of_a_group_is_the_group(
    tmp_path: Path, word: str, group: str
) -> None:
    assert codes(write(tmp_path), select=(word,)) == [
        one.code for one in all_rules() if one.group == group
    ]


@pytest.mark.parametrize("word", ["FW", "FW90", "FW99", "9"])
def test_the_beginning_of_codes_of_no_group_is_refused(word: str) -> None:
    with pytest.raises(OptionError, match="no rule or group"):
        lint_canvas(parse_canvas(HEAD), select=[word])


def test_an_unknown_rule_in_an_argument_is_said_with_the_nearest() -> None:
    with pytest.raises(OptionError, match=r"no rule or group 'segmnts'.*'segments'"):
        lint_canvas(parse_canvas(HEAD), select=["segmnts"])
    with pytest.raises(OptionError, match="--list"):
        lint_canvas(parse_canvas(HEAD), ignore=["zzzzzzzz"])


def test_an_unknown_rule_in_a_canvas_is_said_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "lint:\n  ignore: [FW101, everione-as-segment]\n")
    with pytest.raises(DocumentError, match=r"canvas.yaml:4:19: .*'everyone-as-segment'"):
        lint_canvas(path)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('[lint]\nselect = ["nonsense"]\n', r"forwhom.toml: select: there is no rule"),
        ('[lint]\nselekt = ["money"]\n', r"forwhom.toml: selekt: .*'select'"),
        ("[lint]\nstale_after_days = 0\n", r"forwhom.toml: stale_after_days: "),
        ("lint = 3\n", r"forwhom.toml: the section of the linter is '3'"),
        ("[lint\n", r"forwhom.toml: this is not TOML"),
    ],
)
def test_wrong_settings_of_a_project_are_said(tmp_path: Path, toml: str, message: str) -> None:
    (tmp_path / "forwhom.toml").write_text(toml)
    with pytest.raises(DocumentError, match=message):
        lint_canvas(write(tmp_path))
