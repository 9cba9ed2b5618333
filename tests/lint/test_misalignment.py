"""The linter and the alignment exercise agree on what is badly misaligned."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom import align, draw_canvas
from forwhom import lint_canvas as lint_with_files
from forwhom.documents.canvas import parse_canvas
from forwhom.lint import lint_canvas

SEGMENTS = ("a", "b", "c")

ratings = st.lists(
    st.fixed_dictionaries(
        {
            "rater": st.sampled_from("xyz"),
            "mode": st.sampled_from(["direct", "proxy"]),
            "segment": st.sampled_from(SEGMENTS),
            "item": st.sampled_from(["i", "j"]),
            "value": st.sampled_from([-5, -4, -2, 0, 3, 5]),
            "round": st.integers(1, 2),
        }
    ),
    min_size=4,
    max_size=16,
    unique_by=lambda r: (r["rater"], r["segment"], r["item"], r["round"]),
)
powers = st.lists(st.sampled_from([0.1, 0.5, 1.0]), min_size=3, max_size=3)


@settings(max_examples=30)
@given(ratings, powers, st.booleans(), st.sampled_from(["", " ", "Ask them"]))
def test_what_fails_for_one_fails_for_the_other(said, power, listed, answer) -> None:
    text = json.dumps(
        {
            "forwhom": 1,
            "kind": "canvas",
            "segments": [
                {"id": s, "name": s, "power": p, "buti": ["target-impact"] if s == "c" else []}
                for s, p in zip(SEGMENTS, power, strict=True)
            ],
            "needs": [
                {"id": "i", "statement": "First"},
                {"id": "j", "statement": "Second", "importance": 7},
            ],
            "alignment": {
                "ratings": said,
                "items": [said[0]["item"]] if listed else [],
                "strategies": [{"id": "x", "item": "i", "action": answer}],
            },
        }
    )
    canvas = parse_canvas(text)
    failing = {
        "First" if item.item == "i" else "Second"
        for item in align(canvas, replicates=40).unanswered
    }
    found = [d.message for d in lint_canvas(canvas, select=["FW901"]).diagnostics]
    assert len(found) == len(failing)
    assert all(any(f'"{need}"' in message for message in found) for need in failing)


TABLE = """\
forwhom: 1
kind: canvas
framework: aid-sustainability
segments:
  - {id: m, name: Ministry}
  - {id: c, name: Caregivers, power: 0.2, buti: [target-impact]}
needs: [{id: scan, statement: Scan every face}, {id: low, statement: Pay little}]
alignment:
  file: ratings.csv
  strategies: [{id: s, item: low, action: Ask for vouchers, block: revenue_streams}]
"""
ROWS = "rater,segment,item,value\nr,m,scan,5\nr,c,scan,-5\nr,m,low,4\nr,c,low,-4\n"


def test_ratings_in_a_file_reach_the_linter_and_the_board(tmp_path) -> None:
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(TABLE)
    (tmp_path / "ratings.csv").write_text(ROWS)
    found = lint_with_files(canvas, select=["FW901"])
    assert [(d.line, '"Scan every face"' in d.message) for d in found.diagnostics] == [(8, True)]
    assert [one.item for one in align(canvas, replicates=40).unanswered] == ["scan"]
    drawn = draw_canvas(canvas, "md")
    _, _, block = drawn.partition("## Alignment\n")
    assert "**Scan every face** (1 Ministry, 2 Caregivers)" in block
    assert "Misaligned, severity high: adoption medium, sustainability high" in block.replace(
        "\\", ""
    )
    assert "Ministry +5, Caregivers −5" in block.replace("\\", "")
    assert block.count("Nothing says what will be done") == 1
    assert "Addressed in: Revenue streams" in block
    _, _, money = drawn.partition("## Revenue Streams\n")
    assert "Answers a misalignment: Pay little" in money


def test_ratings_that_cannot_be_read_are_said(tmp_path) -> None:
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(TABLE)
    (remark,) = lint_with_files(canvas, select=["FW901"]).remarks
    assert remark.startswith("The ratings in 'ratings.csv' could not be read: ")
    assert "Alignment" in draw_canvas(canvas, "md")


@pytest.mark.parametrize("file", ["gone.csv", "../outside.csv"])
def test_answers_about_needs_that_cannot_be_read_are_said(tmp_path, file: str) -> None:
    canvas = tmp_path / "canvas.yaml"
    canvas.write_text(
        "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}]\n"
        f"needs: [{{id: n, statement: Sleep, segments: [a]}}]\nneed_ratings: {file}\n"
    )
    (remark,) = lint_with_files(canvas, select=["FW106"]).remarks
    assert remark.startswith(f"The answers in '{file}' could not be read: ")
    canvas.write_text(canvas.read_text().rpartition("need_ratings")[0])
    assert not lint_with_files(canvas, select=["FW901"]).remarks
