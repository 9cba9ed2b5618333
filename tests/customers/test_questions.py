"""Questions that are not columns: grids, routing, and "none of these"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.drafting import Draft, draft_study
from forwhom.customers.inputs import read_inputs
from forwhom.customers.layouts import with_layout_told
from forwhom.customers.preparation import prepare
from forwhom.documents.study import StudyVariable
from forwhom.errors import ColumnMissing
from forwhom.pipeline.discovery import discover
from forwhom.tables import open_table

pytestmark = pytest.mark.usefixtures("swift")

N = 240
SCALE = ["Never", "Rarely", "Sometimes", "Often", "Always"]


def survey(leak: int = 0, skipped: float = 0.05) -> pa.Table:
    """A survey in which a car leads to two questions, and a grid of three."""
    rng = np.random.default_rng(11)
    car = rng.random(N) < 0.5
    asked = car & (rng.random(N) >= skipped)
    asked[np.flatnonzero(~car)[:leak]] = True
    rows: dict[str, Any] = {
        "ResponseId": [f"R{i}" for i in range(N)], "Progress": [100] * N,
        "UserLanguage": ["EN"] * N,
        "Do you own a car?": np.where(car, "Yes", "No"),
        "How many km a week?": [float(v) if on else None for v, on in
                                zip(rng.integers(10, 300, N), asked, strict=True)],
        "What drives it?": [["gas", "power"][i % 2] if on else None for i, on in enumerate(asked)],
        "Does it rain?": [["yes", "no", None][i] for i in rng.integers(0, 3, N)],
    }  # fmt: skip
    for row in ("Bus", "Train", "Bike"):
        # Nobody always takes the bike.
        answers = rng.integers(0, 4 if row == "Bike" else 5, N)
        rows[f"How often do you use? - {row}"] = [SCALE[i] for i in answers]
    return pa.table(rows)


@pytest.fixture(scope="module")
def draft() -> Draft:
    return draft_study({"survey": survey()})


def test_who_was_asked_is_found_from_the_blanks_and_said_with_its_reason(draft: Draft) -> None:
    said = draft.study.variables
    car = {"Do you own a car?": ["Yes"]}
    assert {n: v.asked for n, v in said.items() if v.asked} == {
        "How many km a week?": car, "What drives it?": car,
    }  # fmt: skip
    without = sum(v == "No" for v in survey()["Do you own a car?"].to_pylist())
    reason = f"asked only where Do you own a car? is “Yes”: the {without} others have no value"
    assert any(f"What drives it?: {reason}" in note for note in draft.notes)
    assert "Asked only where Do you own a car? is “Yes”" in " ".join(
        draft.text.replace("\n  #", "").split()
    )


@pytest.mark.parametrize("changed", [{"leak": 12}, {"skipped": 0.5}])
def test_blanks_that_follow_no_answer_are_missing(changed: dict[str, Any]) -> None:
    draft = draft_study({"survey": survey(**changed)})
    assert not any(v.asked for v in draft.study.variables.values())


def test_blanks_beside_blanks_are_no_route() -> None:
    # Who left out one question left out the next, too: that is nobody's routing.
    rng = np.random.default_rng(2)
    gone = rng.random(N) < 0.4
    table = survey().append_column("First?", [[None if g else "ab"[i % 2] for i, g in
                                               enumerate(gone)]])  # fmt: skip
    table = table.append_column("Then?", [[None if g else "cd"[i % 2] for i, g in
                                           enumerate(gone)]])  # fmt: skip
    found = draft_study({"survey": table}).study.variables
    assert found["First?"].asked is None
    assert found["Then?"].asked is None


def test_a_customer_table_has_no_routes() -> None:
    table = survey().select(list(range(3, 7))).rename_columns(["car", "km", "fuel", "rain"])
    ids = table.add_column(0, "customer_id", [[f"c{i}" for i in range(N)]])
    assert not any(v.asked for v in draft_study({"crm": ids}).study.variables.values())


def test_rows_of_one_scale_are_one_question(draft: Draft) -> None:
    rows = {n: v for n, v in draft.study.variables.items() if v.question}
    assert [v.label for v in rows.values()] == [
        f"How often do you use? {row}" for row in ("Bus", "Train", "Bike")
    ]
    assert {v.question for v in rows.values()} == {"How often do you use?"}
    assert [v.levels for v in rows.values()] == [SCALE] * 3
    assert any("are one question, “How often do you use?”, of 3 rows" in n for n in draft.notes)


def test_not_asked_is_not_missing() -> None:
    inputs = read_inputs({"survey": survey()})
    found = {v.name: v for v in prepare(inputs.study, inputs.tables).variables}
    rows = survey()
    asked = np.array(rows["Do you own a car?"].to_pylist()) == "Yes"
    blank = np.array([v is None for v in rows["What drives it?"].to_pylist()])
    fuel = found["What drives it?"]
    assert fuel.unasked == pytest.approx(1 - asked.mean())
    assert fuel.missing == pytest.approx(blank[asked].mean())
    assert fuel.asked == "asked only where “Do you own a car?” is “Yes”"
    rain = found["Does it rain?"]
    assert (rain.asked, rain.unasked) == ("", 0.0)
    assert rain.missing == pytest.approx(rows["Does it rain?"].null_count / N)


def test_an_earlier_question_that_is_not_there_is_refused(draft: Draft) -> None:
    wrong = draft.study.model_copy(
        update={
            "variables": {"What drives it?": StudyVariable(asked={"Do you own a cat?": ["Yes"]})}
        }
    )
    with pytest.raises(ColumnMissing, match="Do you own a cat"):
        prepare(wrong, draft.tables)


def test_the_page_shows_questions_with_their_rows(tmp_path: Path) -> None:
    found = discover({"survey": survey()}, k=2, method="kmeans", n_starts=2)
    found.save(tmp_path / "run")
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert page.count("one question on one scale") == 1
    assert "asked only where “Do you own a car?” is “Yes”" in page
    assert "How often do you use? Bus" not in page.split('id="profiles"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("answer", "none"),
    [("None of these", True), ("Keine davon", True), ("Ninguno de los anteriores", True),
     ("Nonesuch", False), ("Phone", False)],
)  # fmt: skip
def test_none_of_these_follows_from_the_others(answer: str, none: bool) -> None:
    rng = np.random.default_rng(4)
    table = survey()
    picked = [";".join(o for o in ("App", "Web") if rng.random() < 0.5) or answer for _ in range(N)]
    table = table.append_column("What do you use?", [picked])
    said = draft_study({"survey": table}).study.variables
    assert (said[f"What do you use?: {answer}"].use == "descriptor") == none
    assert said["What do you use?: App"].use == "active"


@pytest.mark.parametrize(
    ("labels", "question"),
    [(["Importance of price", "Importance of speed", "Importance of brand"], "Importance of"),
     (["Price", "Speed", "Brand"], "Q5")],
)  # fmt: skip
def test_labels_without_a_sign_between_question_and_row_stay(
    labels: list[str], question: str
) -> None:
    rng = np.random.default_rng(9)
    fields = [pa.field(f"Q5_{i}", pa.string(), metadata={"label": label}) for i, label in
              enumerate(labels, 1)]  # fmt: skip
    answers = [[SCALE[i] for i in rng.integers(0, 5, N)] for _ in labels]
    table = pa.table(answers, schema=pa.schema(fields))
    table = table.append_column("ResponseId", [[f"R{i}" for i in range(N)]])
    said = draft_study({"panel": table}).study.variables
    assert [said[f"Q5_{i}"].question for i in (1, 2, 3)] == [question] * 3
    assert [said[f"Q5_{i}"].label or f"Q5_{i}" for i in (1, 2, 3)] == labels


def test_a_profile_shows_rows_of_one_scale_as_one_question() -> None:
    rng = np.random.default_rng(8)
    table = pa.table({f"Q2_{i}": rng.integers(1, 6, 80) for i in range(1, 5)} | {
        "age": rng.integers(18, 80, 80)})  # fmt: skip
    notes = with_layout_told(open_table(table), None).notes
    said = "Q2_1 to Q2_4 are one question, “Q2”, of 4 rows on one scale, “1” to “5”."
    assert any(said in note for note in notes), notes
