"""A canvas from elsewhere cannot read its reader's files out, whatever file it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.choices.exercise import exercise_of
from forwhom.choices.survey import answers_of
from forwhom.documents.canvas import framework_of, read_canvas
from forwhom.errors import DocumentError, ForwhomError, SourceMissing

HEAD = "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A, buti: [buyer]}]\n"
HEAD += "needs: [{id: n, statement: Sleep well, segments: [a]}]\n"
RATINGS, ANSWERS = "rater,segment,item,value\n", "respondent,segment,need,importance,satisfaction\n"
SECRET = "s3cret"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a canvas, beside a file with a secret."""
    (tmp_path / "outside").mkdir()
    for name in ("passwd", "ratings.csv", "frame.yaml"):
        (tmp_path / "outside" / name).write_text(f"{SECRET}:x\n{SECRET},{SECRET}\n")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def opened(home: Path, line: str) -> object:
    (home / "canvas.yaml").write_text(HEAD + line)
    canvas = read_canvas(home)
    framework_of(canvas)
    return answers_of(canvas, None) if "need_ratings" in line else exercise_of(canvas)


@pytest.mark.parametrize(
    "line", ["alignment: {file: NAME}", "need_ratings: NAME", "framework: NAME"]
)
@pytest.mark.parametrize("kind", ["absolute", "above", "link", "linked folder"])
def test_files_outside_of_the_folder_are_refused(line: str, kind: str, home: Path) -> None:
    outside = home.parent / "outside"
    file = "frame.yaml" if "framework" in line else "passwd"
    (home / "link.yaml").symlink_to(outside / file)
    (home / "sub").symlink_to(outside)
    names = {"absolute": str(outside / file), "above": f"../outside/{file}"}
    names |= {"link": "link.yaml", "linked folder": f"sub/{file}"}
    with pytest.raises(DocumentError, match="outside of the folder of the canvas") as refused:
        opened(home, line.replace("NAME", names[kind]))
    assert "canvas.yaml:5" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_folder_can_be_allowed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = home.parent / "outside"
    (outside / "ratings.csv").write_text(RATINGS + "R1,a,n,3\n")
    monkeypatch.setenv("FORWHOM_ALLOW", str(outside))
    assert len(opened(home, "alignment: {file: ../outside/ratings.csv}").lines) == 1
    with pytest.raises(DocumentError, match="outside of the folder"):
        opened(home, "alignment: {file: ../elsewhere.csv}")


@pytest.mark.parametrize("name", ["*.csv", "s?.csv", "postgresql://127.0.0.1/a/b", "none.csv"])
def test_a_pattern_or_an_address_is_no_file(name: str, home: Path) -> None:
    (home / "s1.csv").write_text(RATINGS + f"R1,a,n,{SECRET}\n")
    with pytest.raises(SourceMissing, match="there is no file"):
        opened(home, f"alignment: {{file: '{name}'}}")


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET}:*:1:0\nroot:x:2\n",
        f"{SECRET},b\n1,2\n1,2,3\n",
        f"rater,{SECRET}\n1,2\n",
        f"{SECRET},b,{SECRET}\n1,2,3\n",
        RATINGS + f"R1,a,n,{SECRET}\n",
        RATINGS + f"R1,{SECRET},n,3\n",
        RATINGS + f"R1,a,{SECRET},3\n",
        RATINGS.replace("value", "value,mode") + f"R1,a,n,3,{SECRET}\n",
        RATINGS + f"R1,a,n,1.{SECRET}5\nR2,a,n,99{SECRET}\n",
        ANSWERS + f"R1,a,n,{SECRET},3\nR2,{SECRET},n,4,4\n",
        ANSWERS + f"{SECRET},a,n,3,3\n{SECRET},a,n,3,4\n",
    ],
)
def test_no_message_quotes_a_file_that_a_canvas_names(text: str, home: Path) -> None:
    (home / "t.csv").write_text(text)
    key = "need_ratings: t.csv" if text.startswith("respondent") else "alignment: {file: t.csv}"
    with pytest.raises(ForwhomError) as refused:
        opened(home, key)
    assert SECRET not in str(refused.value)
    assert "t.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RATINGS + f"R1,a,n,{SECRET}\n", "row 1: value is not a number. Expected -5 to 5."),
        (RATINGS + "R1,a,n,3\nR1,a,n,12\n", "row 2: value is too large. Expected -5 to 5."),
        (RATINGS + 'R1,a,n,"-7,5"\n', "row 1: value is too small. Expected -5 to 5."),
        (
            RATINGS + f'R1,a,n,"1,234"\nR2,a,n,{SECRET}\n',
            "row 1: value may be read as two numbers. W",
        ),
        (
            RATINGS + f"R1,{SECRET},n,3\n",
            "row 1: segment names no segment in the canvas. Expected one of: a.",
        ),
        (
            f"rater,segment,item,{SECRET}\nR1,a,n,3\n",
            "no column 'value' in t.csv; of its 4 columns",
        ),
        (f"{SECRET}\nR1\n", "t.csv, which has one column only. Its first row must hold the names"),
        (f"b,{SECRET}\n1,2\n", "of its 2 columns none are known"),
        (f"{SECRET},{SECRET}\n1,2\n", "several columns have the same name: '…'"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_was_expected(text, told, home: Path) -> None:
    (home / "t.csv").write_text(text)
    with pytest.raises(ForwhomError) as refused:
        opened(home, "alignment: {file: t.csv}")
    assert told in str(refused.value)
    assert SECRET not in str(refused.value)
