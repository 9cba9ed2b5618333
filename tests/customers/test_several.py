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
    found = discover(archive(tmp_path), k=2, n_starts=2, stability=0)
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
