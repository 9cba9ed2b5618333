"""Workbooks that ask for more than a workbook may are refused in words, and the program goes on."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from forwhom.errors import SourceError, SourceMissing
from forwhom.tables import cells, collect, open_table

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(**targets: str) -> str:
    lines = (
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in ((n, t.split(" ")) for n, t in targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'


def workbook(path: Path, rows: str, *, shared: str = "", sheet: str = "Sheet") -> Path:
    """Write a workbook by hand, with rows that no program would write."""
    sheets = f'<sheet name="{sheet}" sheetId="1" r:id="a"/>' if sheet else ""
    parts = {
        "_rels/.rels": relations(a="officeDocument xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            a="worksheet worksheets/sheet1.xml", b="sharedStrings sharedStrings.xml"
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>{shared}</t></si></sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def row(number: int, *values: str) -> str:
    """Return a row of texts in the first columns."""
    texts = (
        f'<c r="{"ABC"[i]}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        for i, value in enumerate(values)
    )
    return f'<row r="{number}">{"".join(texts)}</row>'


def test_a_workbook_by_hand_is_read(tmp_path: Path) -> None:
    rows = row(1, "id", "plan") + row(2, "a", "free") + row(3, "b", "paid")
    table = open_table(workbook(tmp_path / "people.xlsx", rows))
    assert list(table.columns) == ["id", "plan"]
    with pytest.raises(SourceMissing, match=r"has no sheet 'Shet'\. Did you mean 'Sheet'"):
        open_table(f"{tmp_path / 'people.xlsx'}#Shet")


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHARED = "".join(
    f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c><c r="B{i}"><v>1</v></c></row>'
    for i in range(1, 4000)
)


@pytest.mark.parametrize(
    ("rows", "shared"),
    [(row(1, "id", "x") + FAR, ""), (SHARED, "x" * 100_000)],
    ids=["far", "text"],
)
def test_a_workbook_that_asks_for_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str, shared: str
) -> None:
    monkeypatch.setattr(cells, "_AT_LEAST", 1 << 28)
    path = workbook(tmp_path / "people.xlsx", rows, shared=shared)
    assert path.stat().st_size < 100_000
    with pytest.raises(SourceError, match=r"asks for more than 2\d\d MB of memory, or is damaged"):
        open_table(path)


def test_a_workbook_without_a_sheet_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "people.xlsx", "", sheet="")
    with pytest.raises(SourceError, match="it has no sheet that can be read"):
        open_table(path)


def test_a_workbook_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(SourceError, match=r"people.xlsx cannot be read"):
        open_table(tmp_path / "people.xlsx")


def test_errors_of_formulas_are_counted_and_empty(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "score"])
    for i in range(20):
        book.active.append([i, "#DIV/0!" if i % 4 == 0 else i])
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")
    assert collect(table)["score"].null_count == 5
    assert (
        "a.xlsx: 5 cells hold errors of a formula, such as #DIV/0!; read as empty." in table.notes
    )


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(900)
    path = tmp_path / "locked.xlsx"
    path.write_bytes(locked + "EncryptedPackage".encode("utf-16-le") + bytes(900))
    with pytest.raises(SourceError, match="locked with a password"):
        open_table(path)
