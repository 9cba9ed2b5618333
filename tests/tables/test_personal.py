"""Personal data and what tools write down: recognized, never shown, never part of segments."""

# ruff: noqa: E501 - values stand on one line

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.tables import profile_table, table_of
from forwhom.tables.summaries import name_words
from forwhom.tables.toolmarks import is_duration, tool_columns

N = 60


#: Headings that say nothing of people: values alone tell, so that it is told less surely.
BY_VALUES = {"Bearbeitung", "col_a", "col_b", "أ", "Поле", "甲", "first", "Ort", "lieu", "note",
             "col_c", "Rückruf", "col_d", "line"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("Kontakt", [f"p{i % 20}@example.org" for i in range(N)], "e-mail addresses"),
        ("from", [f"10.0.{i % 7}.{i}" for i in range(N)], "IP addresses"),
        ("Mobile", [f"0{i % 20}43 55 66 77" for i in range(N)], "phone numbers"),
        ("line", [f"+4366{i % 20:02} 5566 77" for i in range(N)], "phone numbers"),
        ("Vorname", ["Ada", "Grace"] * 30, "names of people"),
        ("Billing Name", ["Ada L", "Grace H"] * 30, "names of people"),
        ("Billing Street", ["Main 1", "Side 2"] * 30, "postal addresses"),
        ("Konto", [f"AT61 1904 3002 3457 32{i % 20:02}" for i in range(N)], "bank accounts"),
        ("Bill-to Name", [f"Ada L{i}" for i in range(N)], "names of people"),
        (
            "Deal - Contact person",
            [f"Ada {'ABCDEFGHIJKLM'[i % 12]}o" for i in range(N)],
            "names of people",
        ),
        (
            "Zahlungspflichtiger",
            [f"Dr. Ada {'ABCDEFGHIJKLM'[i % 12]}o" for i in range(N)],
            "names of people",
        ),
        ("Straße", ["Gasse 1", "Weg 2"] * 30, "postal addresses"),
        (
            "Bearbeitung",
            ["Jürgen Müller", "Sabine Groß", "Krause, Uwe", "Dr. Anke Ö", "Max von Ahlen"] * 9,
            "names of people",
        ),
        (
            "col_a",
            ["Olivia O'Brien", "Zed Smith", "Liam Xu", "Quill Oz", "Grace Q"] * 9,
            "names of people",
        ),
        (
            "col_b",
            [f"{one} Q" for one in ("Anna", "Ben", "Cem", "Ewa", "Guy", "Ian")] * 9,
            "names of people",
        ),
        (
            "أ",
            ["زينب خليل", "محمد العلي", "فاطمة حداد", "أحمد منصور", "علي الحسن"] * 9,
            "names of people",
        ),
        (
            "Поле",
            ["Иван Петров", "Смирнова Ольга", "Пётр Волков", "Анна Орлова", "Игорь Лис"] * 9,
            "names of people",
        ),
        (
            "甲",
            [f"{a}{b}" for a in "王李张刘" for b in ("伟", "小红", "建国")] * 4,
            "names of people",
        ),
        (
            "first",
            ["Anna", "Uwe", "Olivia", "José", "Élodie", "Ayşe", "Petra", "Tim", "Lars", "Jan"] * 5,
            "names of people",
        ),
        (
            "Ort",
            ["Lindenstraße 4, 50674 Köln", "Amselweg 3a", "Ringallee 12"] * 20,
            "postal addresses",
        ),
        ("lieu", ["12 rue de la Paix, 75002 Paris", "3 bis avenue Foch"] * 20, "postal addresses"),
        (
            "note",
            ["Calle Mayor 3, Madrid", "Via Roma 12", "ул. Ленина, д. 5"] * 20,
            "postal addresses",
        ),
        (
            "col_c",
            ["221B Baker Street", "10 Downing St, London", "北京市建国路12号"] * 20,
            "postal addresses",
        ),
        ("Rückruf", [f"0171 {2_345_600 + 7_919 * (i % 20)}" for i in range(N)], "phone numbers"),
        ("col_d", [f"(555) 0{i % 20:02}-1234" for i in range(N)], "phone numbers"),
    ],
)
def test_personal_data_are_never_shown(name: str, values: list[str], kind: str) -> None:
    (column,) = profile_table(table_of(pa.table({name: values}))).columns
    assert (column.personal, column.top, column.measure) == (kind, [], None)
    assert column.use in ("id", "ignore")
    holds = f"It holds {kind}: they are never shown, and form no segments."
    looks = f"Its values look like {kind}: they are not shown, and form no segments. If they are "
    looks += "none, say in the study what it is for, such as 'use: descriptor'."
    assert column.why == (looks if name in BY_VALUES else holds)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("customer", [f"{'ABCDEFGHIJKLM'[i % 12]}cme Trading Ltd" for i in range(24)]),
        ("plan", [f"Gold {'ABCDEFGHIJKLM'[i % 12]}ard" for i in range(24)]),
        ("brand", ["Hugo Boss", "Calvin Klein", "Tommy Hilfiger", "Ralph Lauren", "Tom Ford"]),
        ("Filiale", ["Hauptstraße 1", "Ringstraße 5", "Marktplatz 3"]),
        ("town", ["New York", "San Jose", "Saint Paul", "Los Angeles", "Des Moines", "Baton Rouge"]),
        ("plan", ["Green Basic", "Gold Plus", "Silver Pro", "Max Pro", "Blue Light"]),
        ("answer", ["Very satisfied", "Rather satisfied", "Neither", "Rather not", "Not at all"]),
        ("color", ["Rose", "Jade", "Amber", "Red", "Blue", "Green", "Black", "White", "Gray", "Tan"]),
        ("part", [f"12-34{i}-6{i}" for i in range(10, 20)]), ("day", ["01.02.24", "02.03.24"]),
        ("product name", ["tea", "ink"]), ("handle", ["@home", "work"]), ("ip type", ["4", "6"]),
        ("version", ["1.2.3.4", "x"]), ("email", ["yes", "no"]), ("phone", ["yes", "no"]),
    ],
)  # fmt: skip
def test_other_words_are_not_taken_for_personal_data(name: str, values: list[str]) -> None:
    (column,) = profile_table(table_of(pa.table({name: values * 30}))).columns
    assert column.personal is None


TOOLS = [
    ["StartDate", "Progress", "Duration (in seconds)", "ResponseId", "UserLanguage"],
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address"],
    ["Response ID", "Date submitted", "Last page", "Start language", "Seed"],
    ["_uuid", "_submission_time", "_validation_status", "start", "end", "deviceid"],
    ["#", "Network ID", "Start Date (UTC)", "Submit Date (UTC)"],
]


@pytest.mark.parametrize("names", TOOLS)
def test_what_a_survey_tool_writes_down_is_no_answer(names: list[str]) -> None:
    assert tool_columns([*names, "Q1", "age", "spend"]) == set(names)


@pytest.mark.parametrize(
    "names",
    [
        ["Startdatum", "Enddatum", "IP-Adresse", "Fortschritt", "Dauer (in Sekunden)", "Beendet"],
        ["Fecha de inicio", "Dirección IP", "Progreso", "Duración (en segundos)", "Finalizado"],
        ["Date de début", "Adresse IP", "Progression", "Durée (en secondes)", "Terminé"],
    ],
)
def test_what_a_tool_writes_down_in_other_languages_is_no_answer(names: list[str]) -> None:
    assert tool_columns([*names, "Q1", "Umsatz"]) == set(names)
    assert [is_duration(name) for name in names].count(True) == 1
    assert tool_columns(["Kunde", "Dauer", "Startdatum", "Status", "Umsatz"]) == frozenset()


def test_the_same_words_elsewhere_are_variables() -> None:
    assert tool_columns(["duration", "status", "progress", "start", "language"]) == frozenset()
    assert tool_columns(["age", "ip_address", "visits"]) == {"ip_address"}
    assert [is_duration(n) for n in ("Duration (in seconds)", "Time taken", "age")] == [1, 1, 0]


def test_the_time_somebody_took_forms_no_segments() -> None:
    rng = np.random.default_rng(0)
    columns = {name: rng.integers(1, 900, N) for name in TOOLS[0]} | {"Q1": rng.integers(1, 6, N)}
    found = {c.name: c for c in profile_table(table_of(pa.table(columns))).columns}
    assert found["Duration (in seconds)"].use == found["Progress"].use == "ignore"
    assert found["Q1"].use == "active"


def test_words_of_a_name_have_no_accents() -> None:
    assert name_words("Käufer-Straße") == ("kaufer", "strasse")
    assert name_words("Prénom") == ("prenom",)


SAINTS = ["San Juan", "San Pedro", "Santa Maria", "San José", "Santa Ana", "San Miguel", "St. Ann"]
PEOPLE = ["Anna Rot", "Lena Blau", "Emma Grün", "Paul Schwarz", "Ida Gelb", "Max Grau", "Karl Eck"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (SAINTS, None),
        ([f"04-2025-{n:06d}" for n in range(300)], None),  # orders, one after the other
        ([f"0171 {1_000_000 + 27_449 * n}" for n in range(300)], "phone numbers"),
        (PEOPLE, "names of people"),
        # What comes back as often as a product needs more than a few given names.
        (["Rita Tinto", "Casa Alta", "Don Seco", "Viña Paula", "Clara Norte", "Luigi Real"], None),
    ],
)
def test_what_only_looks_so_is_told_so_and_what_counts_on_is_no_phone(
    values: list[str], kind: str | None
) -> None:
    rows = pa.table({"xy": [values[n % len(values)] for n in range(300)], "spend": range(300)})
    column = profile_table(table_of(rows))["xy"]
    assert column.personal == kind
    if kind is not None:
        assert column.why.startswith(f"Its values look like {kind}: they are not shown")
        assert "say in the study what it is for" in column.why
