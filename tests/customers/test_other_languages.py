"""Exports in other languages and other people's habits: statuses, signs of money, headings."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table
from forwhom.documents.protected import named
from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas.concepts import level_words
from forwhom.personas.names import propose_names
from forwhom.tables import collect, open_table, profile_table
from forwhom.tables.ordering import recognized_order


def written(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def orders(status: str, levels: Sequence[str], heads: Sequence[str]) -> pa.Table:
    """Sixty orders of twelve people, 10 each; the levels take turns."""
    who, when, money = heads
    rows = range(60)
    return pa.table({
        who: [f"K{i % 12}" for i in rows], when: [f"2025-0{1 + i % 9}-1{i % 7}" for i in rows],
        money: [10.0] * 60, status: [levels[i % len(levels)] for i in rows],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("status", "levels", "heads", "sold"),
    [
        ("Estado del pedido", ["Entregado", "Devuelto", "Cancelado"],
         ("Cliente", "Fecha", "Importe"), 200),
        ("Statut", ["Livrée", "Annulée par le client", "Retournée"],
         ("Client", "Date", "Montant"), 200),
        ("Storniert", ["nein", "nein", "Ja"], ("Kunde", "Datum", "Betrag"), 400),
        ("Anulowane", ["nie", "tak"], ("Klient", "Data", "Kwota"), 300),
        # Of deals, only what was won is money, whatever the column is called.
        ("Fase", ["Gewonnen", "Verloren", "Open"], ("Organisatie", "Datum", "Bedrag"), 200),
        ("Pipeline", ["Won", "Negotiation"], ("Company", "Date", "Amount"), 300),
        # What cannot be decided by a word stays.
        ("Status", ["Failed delivery", "done"], ("Customer", "Date", "Amount"), 600),
        ("Colour", ["red", "lost"], ("Customer", "Date", "Amount"), 600),
    ],
)  # fmt: skip
def test_what_is_no_business_is_left_out_in_any_language(
    status: str, levels: list[str], heads: tuple[str, str, str], sold: float
) -> None:
    made = features_table(orders(status, levels, heads)).table
    assert sum(made["monetary_value"].to_pylist()) == sold


@pytest.mark.parametrize(
    ("cells", "right", "said"),
    [
        (["$1,234.50", "($20.25)", "$3.00"], [1234.5, -20.25, 3.0], "(12.50)"),
        (["1.234,50 €", "20,25- €", "3,00 €", "4,00-"], [1234.5, -20.25, 3.0, -4.0], "12.50-"),
        (["1.234,50", "20,25-", "3,00"], [1234.5, -20.25, 3.0], "12.50-"),
        (["€ 25,-", "€ 1.100,-", "€ 12,50"], [25.0, 1100.0, 12.5], ""),
        (["25.–", "110.–", "12.50"], [25.0, 110.0, 12.5], ""),
        (["(12)", "(7)", "5"], [-12, -7, 5], "(12.50)"),
    ],
)  # fmt: skip
def test_money_is_read_as_books_write_it(
    cells: list[str], right: list[float], said: str, tmp_path: Path
) -> None:
    rows = [["id", "sum"], *([i, cells[i % len(cells)]] for i in range(60))]
    table = open_table(written(tmp_path / "book.csv", rows))
    found = collect(table)["sum"].to_pylist()[: len(cells)]
    assert found == right
    told = [note for note in table.notes if "were read as negative" in note]
    assert len(told) == bool(said)
    assert all(said in note for note in told)


def test_dashes_within_codes_are_no_minus(tmp_path: Path) -> None:
    rows = [["id", "code"], *([i, f"A-{i % 7}-"] for i in range(40))]
    assert collect(open_table(written(tmp_path / "codes.csv", rows)))["code"][0].as_py() == "A-0-"


def test_money_identifies_nobody(tmp_path: Path) -> None:
    rows = [["Net Amount", "Tender"], *([f"about {i}.50", "card"] for i in range(40))]
    study = draft_study(written(tmp_path / "till.csv", rows)).study
    assert study.customers is not None
    assert study.customers.id is None


@pytest.mark.parametrize(
    "levels",
    [
        ["Pas du tout d'accord", "Plutôt pas d'accord", "Plutôt d'accord", "Tout à fait d'accord"],
        ["Zdecydowanie się nie zgadzam", "Raczej się nie zgadzam", "Trudno powiedzieć",
         "Raczej się zgadzam", "Zdecydowanie się zgadzam"],
        ["Helemaal mee oneens", "Mee oneens", "Neutraal", "Mee eens", "Helemaal mee eens"],
        ["Discordo totalmente", "Discordo", "Não concordo nem discordo", "Concordo"],
        ["Per niente d'accordo", "In disaccordo", "Neutrale", "D'accordo", "Molto d'accordo"],
        ["Bardzo niezadowolony", "Niezadowolony", "Zadowolony", "Bardzo zadowolony"],
        ["Nooit", "Zelden", "Soms", "Vaak", "Altijd"],
        ["Mai", "Raramente", "Spesso", "Sempre"],
        ["nunca", "às vezes", "sempre"],
        ["nigdy", "rzadko", "często", "zawsze"],
        ["minder dan 5 jaar", "5 tot 10 jaar", "meer dan 10 jaar"],
        ["poniżej 18 lat", "18 do 30 lat", "powyżej 30 lat"],
    ],
)  # fmt: skip
def test_answers_have_their_order_in_other_languages(levels: list[str]) -> None:
    assert recognized_order(levels[::-1]) == tuple(levels)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("Sexe", "sex or gender"), ("Sexo", "sex or gender"), ("Płeć", "sex or gender"),
        ("Geslacht", "sex or gender"), ("Sesso", "sex or gender"),
        ("Situation matrimoniale", "marital status"), ("Estado civil", "marital status"),
        ("Burgerlijke staat", "marital status"), ("Stan cywilny", "marital status"),
        ("Nacionalidad", "national origin or citizenship"), ("Discapacidad", "disability"),
        ("statut_de_déplacement", "refugee or displacement status"),
        ("Religião", "religion or belief"),
        ("Tranche d'âge", "age"), ("Leeftijd", "age"), ("Edad", "age"), ("Wiek", "age"),
    ],
)  # fmt: skip
def test_protected_attributes_are_known_in_other_languages(name: str, attribute: str) -> None:
    told = named(name)
    assert told is not None
    assert told.attribute == attribute


@pytest.mark.parametrize("name", ["Genre", "ETA", "Sexton", "Wiekopomny", "Estado del pedido"])
def test_words_that_mean_something_else_stay_free(name: str) -> None:
    assert named(name) is None


def test_questions_stand_below_codes_where_no_number_stands(tmp_path: Path) -> None:
    rows = [
        ["ID", "Date", "Q1", "Q2", "Q3", "Q4"],
        ["", "", "Prix juste", "Où achetez-vous ?", "Note", "Sexe"],
        *([i, "03/04/2026", ["Oui", "Non"][i % 2], ["Web", "Web\nBureau", "Bureau"][i % 3],
           i % 11, "FH"[i % 2]] for i in range(66)),
    ]  # fmt: skip
    draft = draft_study(written(tmp_path / "answers.csv", rows))
    assert draft.study.customers is not None
    assert draft.study.customers.id == "ID"
    said = draft.study.variables
    assert (said["Q1"].label, said["Q4"].use) == ("Prix juste", "protected")
    assert {"Q2: Web", "Q2: Bureau"} <= set(said)
    # Somebody without a number is somebody, where another says the same.
    rows[1] = ["", "", "Oui", "Web", "7", "F"]
    assert profile_table(open_table(written(tmp_path / "people.csv", rows))).rows == 67


def test_sums_of_a_few_sizes_are_no_codes() -> None:
    sums = pa.table({
        "who": [f"B{i}" for i in range(80)],
        "Mars 2025": [[0, 5000, 12500, 20000][i % 4] for i in range(80)],
        "place": [[0, 100, 200, 300][i % 4] for i in range(80)],
    })  # fmt: skip
    said = draft_study(sums).study.variables
    assert said["Mars 2025"].measure in ("continuous", "positive")
    assert said["place"].measure == "nominal"


def test_an_answer_of_several_is_named_by_itself() -> None:
    def one(option: str) -> Variable:
        return Variable(
            name=f"Q3: {option}", label=f"Which do you use?: {option}", measure="binary",
            use="active", levels=["false", "true"],
        )  # fmt: skip

    assert level_words(one("App"), "true", True) == "chose “app”"
    assert level_words(one("App"), "true", False) == "not “app”"
    told = [
        Distinction(variable=f"Q3: {one}", level="true", statement="", phrase=f"chose “{one}”",
                    kind="h", effect=effect, inside=0.9, rest=0.2)
        for one, effect in (("App", 1.4), ("Other", 1.5))
    ]  # fmt: skip
    variables = {v.name: v for v in (one("App"), one("Other"))}
    assert "other" not in propose_names([told], variables)[0].lower().split(",")[0]
