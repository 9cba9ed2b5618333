"""Several files of one export find each other: in a folder, a workbook or an archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from forwhom.customers.drafting import draft_study
from forwhom.errors import SourceError, SourceMissing
from forwhom.pipeline.discovery import discover
from forwhom.tables import archives, collect, open_table

N = 30
TABLES = {
    "customers": [["customer_id", "plan"], *([i, "ab"[i % 2]] for i in range(N))],
    "orders": [["order_id", "customer_id", "ordered_at", "amount", "product_id"],
               *([i, i % N, f"2025-01-{1 + i % 28:02}", 5 + i % 7, i % 5] for i in range(4 * N))],
    "products": [["product_id", "category"], *([i, ["tea", "ink"][i % 2]] for i in range(5))],
}  # fmt: skip


def text(name: str) -> str:
    return "\n".join(",".join(map(str, row)) for row in TABLES[name]) + "\n"


def folder(place: Path) -> Path:
    (place / "export").mkdir()
    for name in TABLES:
        (place / "export" / f"{name}.csv").write_text(text(name))
    return place / "export"


def archive(place: Path) -> Path:
    with zipfile.ZipFile(place / "export.zip", "w") as packed:
        for name in TABLES:
            packed.writestr(f"shop/{name}.csv", text(name))
        packed.writestr("__MACOSX/shop/._orders.csv", "x")
        packed.writestr("readme.md", "hello")
    return place / "export.zip"


def workbook(place: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    for name, rows in TABLES.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(place / "export.xlsx")
    return place / "export.xlsx"


@pytest.mark.parametrize("make", [folder, archive, workbook])
def test_the_tables_of_an_export_find_each_other(make: object, tmp_path: Path) -> None:
    draft = draft_study(make(tmp_path))  # type: ignore[operator]
    study = draft.study
    assert study.customers is not None
    assert study.customers.id == "customer_id"
    assert "customers" in study.customers.table
    (events,) = study.events
    assert "orders" in events.table
    assert (events.order, events.amount) == ("order_id", "amount")
    assert [lookup.on for lookup in events.lookups] == ["product_id"]
    if make is workbook:
        assert "export.xlsx#Notes was left out: " in draft.notes[0]


def test_an_archive_goes_the_whole_way(tmp_path: Path) -> None:
    found = discover(archive(tmp_path), k=2, method="kmeans", n_starts=2)
    assert found.segmentation.n == N


def test_one_table_of_an_archive_is_named(tmp_path: Path) -> None:
    path = archive(tmp_path)
    table = open_table(f"{path}#shop/products.csv")
    assert (table.name, collect(table).num_rows) == ("products.csv", 5)
    with pytest.raises(SourceError, match=r"holds 3 tables: shop/customers\.csv, .*export\.zip#"):
        open_table(path)
    with pytest.raises(SourceMissing, match=r"no table 'shop/product\.csv'.*products"):
        open_table(f"{path}#shop/product.csv")
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as packed:
        packed.writestr("a.csv", "x,y\n1,2\n")
    assert open_table(tmp_path / "one.zip").columns == ["x", "y"]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_ALWAYS", 1 << 20)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.csv", "x\n" + "0\n" * (2 << 20))
    with pytest.raises(SourceError, match=r"a\.csv takes more than \d+ MB unpacked, 400 times"):
        open_table(tmp_path / "bomb.zip")
    monkeypatch.setattr(archives, "MOST_FILES", 2)
    with pytest.raises(SourceError, match="holds 5 files"):
        open_table(archive(tmp_path))


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive(tmp_path).read_bytes()[:200])
    with pytest.raises(SourceError, match=r"a\.zip cannot be unpacked"):
        open_table(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("notes.md", "hello")
    with pytest.raises(SourceError, match="holds no tables"):
        open_table(tmp_path / "b.zip")


def test_parts_of_one_table_stay_one(tmp_path: Path) -> None:
    for month in ("01", "02"):
        (tmp_path / f"orders-{month}.csv").write_text(text("orders"))
    (events,) = draft_study(tmp_path).study.events
    assert events.table == str(tmp_path)


def test_an_archive_within_an_archive_is_said(tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("orders.csv", "id,visits\n1,2\n2,3\n")
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "inner.zip")
    with pytest.raises(SourceError, match="holds no tables") as refused:
        draft_study(outer)
    assert "another archive, inner.zip: unpack it" in refused.value.advice
    with zipfile.ZipFile(outer, "a") as archive:
        archive.writestr("people.csv", "id,visits\n" + "".join(f"{i},{i % 5}\n" for i in range(40)))
    notes = draft_study(outer).notes
    assert any("outer.zip: the archive inner.zip within it was not looked into" in n for n in notes)


def test_a_locked_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1  # says that the file is encrypted
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"locked\.zip: a\.csv is locked with a password") as told:
        draft_study(path)
    assert told.value.advice == "Unpack it, and give the table itself."


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "a/../../evil.csv"])
def test_names_that_leave_the_archive_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "id,visits\n1,2\n")
    with pytest.raises(SourceError, match="names files outside of itself"):
        draft_study(path)
    assert [p.name for p in tmp_path.rglob("*")] == ["export.zip"]
