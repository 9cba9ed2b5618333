"""Exports of survey tools: who answered, which questions, what is no answer."""

# ruff: noqa: E501 - exports have long lines
from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from forwhom.customers.drafting import Draft, draft_study
from forwhom.customers.opening import Tables, open_parts
from forwhom.documents.study import ChoiceSet, Study
from forwhom.pipeline.discovery import discover
from forwhom.tables import collect, open_table, table_of
from forwhom.tables.choices import options_in, taken_apart, with_choices

pytestmark = pytest.mark.usefixtures("swift")

N = 40
SCALE = ["Never", "Sometimes", "Often"]
#: Answers that do not follow from each other: how often, which, and which of two.
RNG = np.random.default_rng(4)
OFTEN, GOOD, FAST = ([SCALE[i] for i in RNG.integers(0, 3, N)] for _ in range(3))
USED = [int(i) for i in RNG.integers(1, 8, N)]
APP, WEB = ([one & bit for one in USED] for bit in (1, 2))


def written(path: Path, *rows: list[Any]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def told(i: int, *options: str, sign: str) -> str:
    return sign.join(o for j, o in enumerate(options) if (i >> j) & 1)


def qualtrics(path: Path) -> Path:
    names = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished",
             "RecordedDate", "ResponseId", "UserLanguage", "Q1", "Q2", "Q2_3_TEXT"]  # fmt: skip
    asked = [*names[:10], "How often do you cook?", "What do you use? - Selected Choice",
             "What do you use? - Other - Text"]  # fmt: skip
    tool = [f'{{"ImportId":"{name}"}}' for name in names]
    rows = [["2026-01-01 10:00:00", "2026-01-01 10:05:00", "Survey Preview" if i < 3 else "IP Address",
             f"10.0.0.{i}", 100, 60 + 7 * i, True, "2026-01-01 10:05:01", f"R_{i}", "EN", OFTEN[i],
             told(USED[i], "App", "Web", "Other", sign=","), ["", "by", "letter"][i % 3]]
            for i in range(N)]  # fmt: skip
    return written(path, names, asked, tool, *rows)


def surveymonkey(path: Path) -> Path:
    above = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address",
             "How often do you cook?", "What do you use?", "", "", "How good is it?", ""]  # fmt: skip
    under = [
        "",
        "",
        "",
        "",
        "",
        "",
        "Response",
        "App",
        "Web",
        "Other (please specify)",
        "Price",
        "Speed",
    ]
    rows = [[118_000_000 + i, 44, "01/02/2026 10:00:00 AM", "01/02/2026 10:05:00 AM", f"10.0.0.{i}",
             f"p{i}@x.org", OFTEN[i], "App" if APP[i] else "", "Web" if WEB[i] else "",
             f"letter {i}" if i % 5 == 0 else "", GOOD[i], FAST[i]] for i in range(N)]  # fmt: skip
    return written(path, above, under, *rows)


def limesurvey(path: Path) -> Path:
    names = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "ipaddr",
             "Q1", "Q2[SQ001]", "Q2[SQ002]", "interviewtime", "groupTime12"]  # fmt: skip
    rows = [[i + 1, "2026-01-02 10:05:00", 3, "en", 77_000 + i * i, "2026-01-02 10:00:00", "2026-01-02 10:05:00",
             f"10.0.0.{i}", OFTEN[i], "Yes" if APP[i] else "No", "Yes" if WEB[i] else "No", 60.5 + i, 12.5 + i]
            for i in range(N)]  # fmt: skip
    return written(path, names, *rows)


def google(path: Path) -> Path:
    names = ["Timestamp", "How often do you cook?", "What do you use mostly?"]
    rows = [[f"1/{1 + i % 28}/2026 10:00:00", OFTEN[i], told(USED[i], "App", "Web", "Shop", sign=", ")]
            for i in range(N)]  # fmt: skip
    return written(path, names, *rows)


def typeform(path: Path) -> Path:
    names = ["#", "How often do you cook?", "App", "Web", "Other", "Response Type", "Start Date (UTC)",
             "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"]  # fmt: skip
    rows = [[f"k{i:04}", OFTEN[i], "App" if APP[i] else "", "Web" if WEB[i] else "", "",
             "partial" if i < 2 else "completed", "2026-01-02 10:00:00", "", f"2026-01-02 10:05:{i:02}", f"n{i:06}", ""]
            for i in range(N)]  # fmt: skip
    return written(path, names, *rows)


def kobo(path: Path) -> Path:
    names = ["start", "end", "deviceid", "task/often", "task/use", "task/use/app", "task/use/web", "_id", "_uuid",
             "_submission_time", "_validation_status", "_submitted_by", "__version__", "_index"]  # fmt: skip
    rows = [["2026-01-02T10:00:00", "2026-01-02T10:05:00", f"d{i % 3}", OFTEN[i],
             told(USED[i] & 3, "app", "web", sign=" "), APP[i], WEB[i] >> 1, 900 + i, f"u-{i}",
             "2026-01-02T10:05:00", "Not Approved" if i < 4 else "", "ann", "v1", i + 1] for i in range(N)]  # fmt: skip
    return written(path, names, *rows)


def odk(path: Path) -> Path:
    names = ["SubmissionDate", "start", "end", "task-often", "task-use", "meta-instanceID", "KEY", "SubmitterID",
             "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID",
             "Edits", "FormVersion"]  # fmt: skip
    rows = [["2026-01-02T10:05:00.000Z", "2026-01-02T10:00:00", "2026-01-02T10:05:00", OFTEN[i],
             told(USED[i] & 3, "app", "web", sign=" "), f"uuid:{i}", f"uuid:{i}", 5, "Ann", 0, 0, "",
             "rejected" if i < 4 else "", f"d{i}", 0, 2] for i in range(N)]  # fmt: skip
    return written(path, names, *rows)


def sosci(path: Path) -> Path:
    names = ["CASE", "SERIAL", "QUESTNNR", "MODE", "STARTED", "AB01", "AB02", "TIME001", "TIME_SUM", "FINISHED",
             "Q_VIEWER", "LASTPAGE", "MISSING"]  # fmt: skip
    said = ["Interview-Nummer (fortlaufend)", "Personenkennung oder Teilnahmecode", "Fragebogen, der verwendet wurde",
            "Interview-Modus", "Zeitpunkt des Beginns", "Wie oft kochen Sie?", "Womit kochen Sie?", "Verweildauer Seite 1",
            "Verweildauer gesamt", "Wurde die Befragung abgeschlossen?", "Hat der Teilnehmer nur angesehen?",
            "Seite, die zuletzt bearbeitet wurde", "Anteil fehlender Antworten"]  # fmt: skip
    rows = [[20 + 2 * i, "", "base", "interview", "2026-01-02 10:00:00", OFTEN[i], FAST[i], 3 + i % 9, 40 + i, 1,
             1 if i < 2 else 0, 4, 0] for i in range(N)]  # fmt: skip
    return written(path, names, said, *rows)


#: The export, its id, the people in it, and the variables that form segments.
TOOLS = {
    "qualtrics": (qualtrics, "ResponseId", N - 3, {"Q1", "Q2: App", "Q2: Web", "Q2: Other"}),
    "surveymonkey": (surveymonkey, "Respondent ID", N, {
        "How often do you cook?", "What do you use? - App", "What do you use? - Web",
        "How good is it? - Price", "How good is it? - Speed"}),
    "limesurvey": (limesurvey, "id", N, {"Q1", "Q2[SQ001]", "Q2[SQ002]"}),
    "google-forms": (google, None, N, {
        "How often do you cook?", "What do you use mostly?: App", "What do you use mostly?: Web",
        "What do you use mostly?: Shop"}),
    "typeform": (typeform, "#", N - 2, {"How often do you cook?", "App", "Web"}),
    "kobotoolbox": (kobo, "_uuid", N - 4, {"task/often", "task/use/app", "task/use/web"}),
    "sosci": (sosci, "CASE", N - 2, {"AB01", "AB02"}),
    "odk": (odk, "KEY", N - 4, {"task-often", "task-use: app", "task-use: web"}),
}  # fmt: skip


def active(draft: Draft) -> set[str]:
    return {name for name, said in draft.study.variables.items() if said.use == "active"}


@pytest.mark.parametrize("name", TOOLS)
def test_a_survey_export_gives_people_and_their_answers(name: str, tmp_path: Path) -> None:
    make, identity, people, variables = TOOLS[name]
    draft = draft_study(make(tmp_path / "export.csv"))
    assert any(f"(layout {name}; " in note for note in draft.notes)
    assert draft.study.customers is not None
    assert draft.study.customers.id == identity
    assert active(draft) == variables
    (part,) = open_parts(draft.study, draft.tables)
    assert collect(part.table).num_rows == people
    assert "x.org" not in draft.text


def test_several_answers_in_one_cell_are_one_yes_or_no_each(tmp_path: Path) -> None:
    draft = draft_study(qualtrics(tmp_path / "export.csv"))
    assert draft.study.customers is not None
    assert draft.study.customers.sets == [
        ChoiceSet(column="Q2", separator=",", options=["App", "Other", "Web"])
    ]
    assert draft.study.variables["Q2: App"].label == "What do you use?: App"
    (part,) = open_parts(draft.study, draft.tables)
    rows = {row["ResponseId"]: row for row in collect(part.table).to_pylist()}
    chosen = [rows["R_4"][f"Q2: {option}"] for option in ("App", "Web", "Other")]
    assert chosen == [bool(USED[4] & 1), bool(USED[4] & 2), bool(USED[4] & 4)]
    text = draft.text
    assert "  sets:\n    - {column: Q2, options: [App, Other, Web]}\n" in text
    assert Study.model_validate(draft.study.model_dump(by_alias=True)) == draft.study


def test_answers_that_nobody_was_asked_for_are_missing() -> None:
    table = table_of(pa.table({
        "a": ["App", None, None], "b": [None, "Web", None], "c": ["x,y", None, "y"],
    }))  # fmt: skip
    sets = [ChoiceSet(columns=["a", "b"]), ChoiceSet(column="c", options=["x", "y"])]
    rows = collect(with_choices(table, sets)).to_pydict()
    assert rows == {
        "a": [True, False, None], "b": [False, True, None],
        "c: x": [True, None, False], "c: y": [True, None, True],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("levels", "options"),
    [
        (["App", "Web", "App,Web", "Other"], ["App", "Other", "Web"]),
        (["a;b", "b;c", "a;c"], ["a", "b", "c"]),
        (
            ["App, on a phone", "App, on a phone, Web", "Shop, App, on a phone", "Web", "Shop"],
            ["App, on a phone", "Shop", "Web"],
        ),
        (["Yes, often", "Yes, rarely", "No"], []),
        (["1,5", "2,5", "3"], []),
        (["Rome, Italy", "Oslo, Norway", "Bern"], []),
        (["a,a", "a,b", "b"], []),
        (["App", "Web"], []),
    ],
)
def test_answers_are_told_from_text_with_commas(levels: list[str], options: list[str]) -> None:
    often = dict.fromkeys(levels, 9)
    assert options_in(often, ";" if ";" in levels[0] else ",") == options


def test_what_somebody_wrote_beside_other_is_no_answer() -> None:
    often = dict.fromkeys(["App", "Web", "Shop", "App, Web", "Web, Shop"], 9)
    written = {f"App, Web, by phone to {name}": 1 for name in ("Ann", "Bo", "Cy", "Di")}
    assert options_in(often | written, ",") == ["App", "Shop", "Web"]
    towns = {f"{town}, Italy": 1 for town in ("Rome", "Pisa", "Bari", "Como")}
    assert options_in(towns | {"Oslo, Norway": 1, "Bergen, Norway": 1}, ",") == []


def test_an_answer_with_a_comma_is_one() -> None:
    table = table_of(pa.table({"c": ["App, on a phone, Web", "Web", "Shop, App, on a phone"]}))
    sets = [ChoiceSet(column="c", options=["App, on a phone", "Web"])]
    assert collect(with_choices(table, sets)).to_pydict() == {
        "c: App, on a phone": [True, False, True], "c: Web": [True, True, False],
    }  # fmt: skip


def test_answers_beside_their_own_columns_count_once() -> None:
    assert taken_apart(["q", "q/a", "q/b", "r", "r/a"]) == {"q"}


def test_none_of_these_in_a_column_of_its_own_forms_no_segments(tmp_path: Path) -> None:
    names = [
        "besoins",
        "besoins/eau",
        "besoins/abri",
        "besoins/aucun",
        "_id",
        "_uuid",
        "_submission_time",
    ]
    rows = []
    for i in range(N):
        chosen = [APP[i] > 0, WEB[i] > 0]
        cell = (
            " ".join(one for one, yes in zip(("eau", "abri"), chosen, strict=True) if yes)
            or "aucun"
        )
        rows.append(
            [cell, *map(int, chosen), int(not any(chosen)), i, f"u-{i}", "2026-01-02T10:05:00"]
        )
    draft = draft_study(written(tmp_path / "export.csv", names, *rows))
    assert active(draft) == {"besoins/eau", "besoins/abri"}
    assert draft.study.customers is not None
    assert draft.study.customers.sets == [ChoiceSet(columns=names[1:4])]
    said = "besoins/aucun says that no other answer was chosen, and forms no segments."
    assert f"export.csv: {said}" in draft.notes


@pytest.mark.parametrize(
    "names",
    [
        ["Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache", "Zufallsstartwert", "IP-Adresse",
         "Gesamtzeit"],
        ["ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ", "Tête de série", "Adresse IP",
         "Temps total"],
    ],
)  # fmt: skip
def test_a_tool_speaks_other_languages(names: list[str], tmp_path: Path) -> None:
    rows = [
        [i + 1, "2026-01-02 10:05:00", 3, "de", 77_000 + i * i, f"10.0.0.{i}", 60.5 + i, OFTEN[i]]
        for i in range(N)
    ]
    draft = draft_study(written(tmp_path / "export.csv", [*names, "Q1"], *rows))
    assert any("(layout limesurvey; " in note for note in draft.notes)
    assert active(draft) == {"Q1"}


def test_two_rows_of_headings_in_a_sheet_are_one(tmp_path: Path) -> None:
    with surveymonkey(tmp_path / "a.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(tmp_path / "a.xlsx")
    sheet, text = open_table(tmp_path / "a.xlsx"), open_table(tmp_path / "a.csv")
    assert sheet.columns == text.columns
    assert sheet.columns[-2:] == ["How good is it? - Price", "How good is it? - Speed"]
    assert "a.xlsx: the first two rows were read as one heading." in sheet.notes
    assert collect(sheet).num_rows == collect(text).num_rows == N


def test_segments_come_from_answers_alone(tmp_path: Path) -> None:
    found = discover(qualtrics(tmp_path / "export.csv"), k=2, n_starts=2, stability=0).segmentation
    assert {v.name for v in found.variables if v.use == "active"} <= TOOLS["qualtrics"][3]
    assert found.n == N - 3
    # The stored study takes the answers apart again.
    again = Study.model_validate(found.study)
    raw = open_table(tmp_path / "export.csv")
    (part,) = open_parts(again, Tables(given={again.customers.table: raw}), inferred=False)  # type: ignore[union-attr]
    assert collect(part.table).num_rows == N - 3
