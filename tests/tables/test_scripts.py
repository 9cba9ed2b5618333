"""Headings, amounts and dates in other scripts, in the encodings that spreadsheets there write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table
from forwhom.tables import open_table
from forwhom.tables.encodings import encoding_of
from forwhom.tables.frames import collect
from forwhom.tables.scripts import in_english
from forwhom.tables.summaries import name_words


def test_digits_of_other_scripts_are_numbers_and_texts_keep_theirs(tmp_path: Path) -> None:
    path = tmp_path / "arabic.csv"
    path.write_text(
        "رقم,يوم,مبلغ,نقود,ملاحظة,फल\n"
        "م١,٢٠٢٦/٠١/٠٥,١٬٢٣٤٫٥٠,٥٠ ريال,اشتريت ٣ مرات أمس,१२\n"
        "م٢,٢٠٢٦/٠٢/١٥,٩٩٫٢٥,١٢ ريال,لا شيء ٤ هنا اليوم,३\n",
        encoding="utf-8",
    )
    table = open_table(path)
    first, _ = collect(table).to_pylist()
    assert list(first.values()) == ["م١", date(2026, 1, 5), 1234.5, 50, "اشتريت ٣ مرات أمس", 12]
    assert "'مبلغ': digits such as ١ were read as 1." in table.notes


#: Customer, order, date and amount; how money and dates are written; a total; an encoding.
SHOPS = {
    "ja": (
        ["顧客番号", "注文番号", "注文日", "合計金額"],
        "{:,}円", "%Y年%m月%d日", "合計", "cp932",
    ),
    "ru": (
        ["Клиент", "Номер заказа", "Дата заказа", "Сумма"],
        "{} руб.", "%d.%m.%Y", "Итого", "cp1251",
    ),
    "uk": (
        ["Код клієнта", "Замовлення", "Дата замовлення", "Сума"],
        "{} грн", "%d.%m.%Y", "Разом", "cp1251",
    ),
    "el": (
        ["Κωδικός πελάτη", "Παραγγελία", "Ημερομηνία", "Ποσό"],
        "{} €", "%d/%m/%Y", "Σύνολο", "cp1253",
    ),
    "ko": (
        ["고객번호", "주문번호", "주문일자", "결제금액"],
        "{:,}원", "%Y. %m. %d", "합계", "cp949",
    ),
    "zh": (
        ["客户编号", "订单编号", "下单时间", "订单金额"],
        "{}元", "%Y-%m-%d", "合计", "gb18030",
    ),
    "ar": (
        ["رقم العميل", "رقم الطلب", "تاريخ الطلب", "المبلغ"],
        "{}", "%d/%m/%Y", "المجموع", "cp1256",
    ),
    "he": (
        ["מספר לקוח", "מספר הזמנה", "תאריך הזמנה", "סכום"],
        "{} ₪", "%d/%m/%Y", "סה\"כ", "cp1255",
    ),
    "vi": (
        ["Mã khách hàng", "Mã đơn hàng", "Ngày đặt hàng", "Tổng tiền"],
        "{}", "%d/%m/%Y", "Tổng cộng", "utf-8",
    ),
    "hr": (
        ["Šifra kupca", "Broj narudžbe", "Datum narudžbe", "Ukupan iznos"],
        "{}", "%d.%m.%Y", "Ukupno", "utf-8",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", SHOPS)
def test_a_shop_is_read_in_its_script(language: str, tmp_path: Path) -> None:
    heads, money, day, total, encoding = SHOPS[language]
    rows, sold = [heads], 0
    for i in range(160):
        amount = 500 + 37 * i
        sold += amount
        at = date(2025, 1 + i % 12, 13 + i % 15)
        rows.append([str(7 + i % 40), str(1000 + i), at.strftime(day), money.format(amount)])
    rows.append([total, "", "", money.format(sold)])
    path = tmp_path / "shop.csv"
    path.write_bytes("\n".join(";".join(row) for row in rows).encode(encoding))
    draft = draft_study(path)
    [events] = draft.study.events
    assert [events.customer, events.time, events.amount] == [heads[0], heads[2], heads[3]]
    made = features_table(path, draft.study).table
    assert made.num_rows == 40
    assert sum(made["monetary_value"].to_pylist()) == pytest.approx(sold)


def test_the_encoding_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("Клиент,Сумма\nа,1\nб,2\n".encode("cp1251"))
    assert "x.csv was read as Windows-1251." in open_table(path).notes


@pytest.mark.parametrize("text", ["Größe;Straße;Maß", "Prénom;Élève;Forêt", "a;b;c"])
def test_words_of_the_west_stay_what_they_are(text: str) -> None:
    assert encoding_of(text.encode("cp1252")) is None


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Дата рождения", ("date", "birth")),
        ("生年月日", ("birth",)),
        ("Центр", ()),
        ("mãe", ("mae",)),
        ("الإجمالي", ("total",)),
        ("הלקוח", ("customer",)),
        ("配送日", ("delivery", "date")),
    ],
)
def test_headings_are_said_in_english(heading: str, words: tuple[str, ...]) -> None:
    assert name_words(heading) == words


def test_what_is_known_already_stays() -> None:
    assert in_english("Order no., Bestelldatum, Prénom") == "Order no., Bestelldatum, Prénom"
