"""Several rows of headings become one name for each column."""

# ruff: noqa: E501 - rows stand on one line
from pathlib import Path

import openpyxl
import pytest

from forwhom.tables import collect, open_table
from forwhom.tables.headings import merged_headings

ANSWERS = [["Mujer", "Nada", "Mucho", "7"], ["Hombre", "Mucho", "Nada", "3"]] * 8


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (
            [["P1", "P2", "P2", "P3"], ["¿Género?", "¿Importa?", "", "¿Nota?"], ["", "Precio", "Trato", ""]],
            ["¿Género?", "¿Importa? - Precio", "¿Importa? - Trato", "¿Nota?"],
        ),
        (
            [["Wer", "Wie wichtig", "Wie wichtig", "Note"], ["", "Preis", "Service", "1 bis 9"]],
            ["Wer", "Wie wichtig - Preis", "Wie wichtig - Service", "Note - 1 bis 9"],
        ),
        (
            [["Genre", "Importance", "", "Note"], ["F1", "F2_1", "F2_2", "F3"], ["", "Prix", "Service", ""]],
            ["Genre - F1", "Importance - F2_1 - Prix", "Importance - F2_2 - Service", "Note - F3"],
        ),
    ],
)  # fmt: skip
def test_names_that_repeat_are_told_apart_by_what_stands_below(
    headings: list[list[str]], names: list[str], tmp_path: Path
) -> None:
    rows = [*headings, *ANSWERS]
    assert merged_headings(rows[0], rows[1:]) == (names, len(headings) - 1)
    (tmp_path / "a.csv").write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    book.save(tmp_path / "a.xlsx")
    number = {2: "two", 3: "three"}[len(headings)]
    for name in ("a.csv", "a.xlsx"):
        table = open_table(tmp_path / name)
        assert table.columns == names
        assert collect(table).num_rows == len(ANSWERS)
        assert f"{name}: the first {number} rows were read as one heading." in table.notes


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b", "b", "c"], ["Mujer", "Nada", "Mucho", "7"], *ANSWERS],  # answers
        [["a", "b", "b", "c"], ["x", "Precio", "Precio", "y"], *ANSWERS],  # not apart
        [["a", "b", "b", "c"], ["x", "Precio", "Trato", "y"], *ANSWERS[:5]],  # too few to tell
        [["Sales", "2025", "", ""], ["who", "how", "what", "much"], *ANSWERS],  # a title
        [["a", "b", "c", "d"], ["Who", "How", "What", "Much"], *ANSWERS],  # nothing repeats
    ],
)
def test_other_rows_are_no_headings(rows: list[list[str]]) -> None:
    assert merged_headings(rows[0], rows[1:]) == ([], 0)


def test_codes_of_questions_below_a_title_are_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["Kundenbefragung 2025"],
        [],
        ["lfdNr", "F1", "F2_1", "F2_2"],
        *([i, "Ja" if i % 3 else "Nein", ["nie", "oft"][i % 2], "selten"] for i in range(30)),
    ]:
        sheet.append(row)
    book.create_sheet("Codebuch").append(["F1", "Sind Sie Kunde?"])
    book.save(tmp_path / "a.xlsx")
    table = open_table(f"{tmp_path / 'a.xlsx'}#{sheet.title}")
    assert table.columns == ["lfdNr", "F1", "F2_1", "F2_2"]
    assert collect(table).num_rows == 30
