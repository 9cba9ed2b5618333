"""Exports in shapes that no layout knows: are customer, time and amount found?

Thirty small shops, drawn with a seed: headings in twelve languages and in words that nobody wrote
down before, one row per order or one per item, fields of the order on each line or on the first
(with or without its number on the others), one row per customer, a wide table beside orders, rows
above and below the headings, a total at the end, decimal commas, four delimiters, UTF-8 and
Windows-1252, dates in seven ways, an address or a number as the customer, and columns that could be
mistaken for the right ones (order numbers, taxes, shipping, discounts, dates of delivery).
A draft is right when it names who, when and how much, and the money that then comes out for all
customers together is what was drawn.
Run: python benchmarks/exports.py; with a seed of its own, python benchmarks/exports.py words 7000;
in words that no list was completed with, python benchmarks/exports.py unseen 500; and with headings
that are no words at all, python benchmarks/exports.py nonsense 500.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from forwhom.customers.drafting import Draft, draft_study
from forwhom.customers.featuring import features_table
from forwhom.errors import ForwhomError
from forwhom.tables.frames import addressable

#: Customer, order, time, amount of the order, price, units, item, tax, shipping, status, delivery.
WORDS = {
    "en": ["Client no.", "Receipt", "Date of sale", "Grand total", "Unit price", "Pieces",
           "Article", "VAT", "Freight", "State", "Delivered on"],
    "en2": ["Shopper ref", "Basket number", "When", "Paid amount", "Price each", "Qty",
            "Product", "Sales tax", "Shipping fee", "Order status", "Shipped at"],
    "en3": ["Member", "Ticket #", "Timestamp", "Turnover", "Item price", "Units",
            "SKU", "Tax", "Postage", "Status", "Due date"],
    "de": ["Kundennummer", "Belegnummer", "Kaufdatum", "Gesamtbetrag", "Einzelpreis", "Menge",
           "Artikel", "MwSt", "Versandkosten", "Status", "Lieferdatum"],
    "de2": ["Käufer-Nr.", "Rechnungsnr", "Bestellt am", "Umsatz", "Stückpreis", "Anzahl",
            "Artikelnummer", "Steuer", "Versand", "Zustand", "Versanddatum"],
    "fr": ["N° client", "N° de commande", "Date de commande", "Montant TTC", "Prix unitaire",
           "Quantité", "Article", "TVA", "Frais de port", "Statut", "Date de livraison"],
    "fr2": ["Acheteur id", "Facture n°", "Date d'achat", "Total payé", "Prix", "Qté", "Produit",
            "Taxe", "Livraison", "État", "Livré le"],
    "es": ["Nº cliente", "Pedido", "Fecha de compra", "Importe total", "Precio unitario",
           "Cantidad", "Artículo", "IVA", "Envío", "Estado", "Fecha de entrega"],
    "it": ["Codice cliente", "Ordine", "Data ordine", "Importo", "Prezzo unitario", "Quantità",
           "Articolo", "IVA", "Spedizione", "Stato", "Data consegna"],
    "nl": ["Klantnummer", "Bestelnummer", "Besteldatum", "Totaalbedrag", "Prijs per stuk",
           "Aantal", "Artikel", "BTW", "Verzendkosten", "Status", "Leverdatum"],
    "pt": ["Código do cliente", "Nº do pedido", "Data da compra", "Valor total", "Preço unitário",
           "Quantidade", "Produto", "Imposto", "Frete", "Situação", "Data de entrega"],
    "sv": ["Kundnummer", "Ordernummer", "Köpdatum", "Totalbelopp", "Styckpris", "Antal", "Artikel",
           "Moms", "Frakt", "Status", "Leveransdatum"],
    "da": ["Kundenr.", "Ordrenummer", "Købsdato", "Beløb i alt", "Stykpris", "Antal", "Vare",
           "Moms", "Fragt", "Status", "Leveringsdato"],
    "fi": ["Asiakasnumero", "Tilausnumero", "Tilauspäivä", "Loppusumma", "Yksikköhinta", "Määrä",
           "Tuote", "ALV", "Toimitusmaksu", "Tila", "Toimituspäivä"],
    "tr": ["Müşteri no", "Sipariş no", "Sipariş tarihi", "Toplam tutar", "Birim fiyat", "Adet",
           "Ürün", "KDV", "Kargo ücreti", "Durum", "Teslim tarihi"],
    "en4": ["Patron ID", "Sale no", "Sold on", "Order value", "Price per unit", "Quantity sold",
            "Item code", "Sales tax", "Delivery charge", "Order state", "Dispatch date"],
    "de3": ["Kd.-Nr.", "Auftragsnummer", "Auftragsdatum", "Rechnungsbetrag", "Preis/Stück", "Stk.",
            "Art.-Nr.", "USt.", "Porto", "Auftragsstatus", "Versendet am"],
    "pl": ["Klient nr", "Zamówienie", "Data zamówienia", "Kwota", "Cena", "Ilość", "Produkt",
           "Podatek", "Dostawa", "Status", "Data dostawy"],
}  # fmt: skip
#: Words that no list was completed with: what happens at first sight.
UNSEEN = {
    "cs": ["Zákazník č.", "Objednávka č.", "Datum objednávky", "Celková částka", "Cena za kus",
           "Množství", "Položka", "DPH", "Doprava", "Stav", "Datum dodání"],
    "ro": ["Cod client", "Comanda nr", "Data comenzii", "Total de plată", "Preț unitar",
           "Cantitate", "Articol", "TVA", "Transport", "Stare", "Data livrării"],
    "hu": ["Ügyfélszám", "Rendelésszám", "Rendelés dátuma", "Végösszeg", "Egységár", "Mennyiség",
           "Termék", "ÁFA", "Szállítási díj", "Állapot", "Kiszállítás dátuma"],
    "en5": ["Account no", "Docket number", "Date placed", "Sum charged", "Each", "How many",
            "Good", "Duty", "Carriage", "Stage", "Ready by"],
    "de4": ["Besteller-ID", "Vorgangsnr.", "Eingang am", "Brutto gesamt", "VK", "Mengeneinheiten",
            "Ware", "Ust.", "Fracht", "Bearbeitungsstand", "Abgeholt am"],
    "fr3": ["Réf. client", "Ticket", "Encaissé le", "Net à payer", "P.U.", "Nombre", "Désignation",
            "Taxes", "Transport", "Situation", "Remis le"],
    "es2": ["Código de socio", "Nº de ticket", "Día", "Cobrado", "Precio", "Uds.", "Referencia",
            "Impuestos", "Portes", "Situación", "Recogida"],
    "nl2": ["Relatienummer", "Factuurnr", "Factuurdatum", "Te betalen", "Stuksprijs", "Stuks",
            "Omschrijving", "Btw-bedrag", "Porto", "Fase", "Afgehaald op"],
}  # fmt: skip
#: No words at all.
NONSENSE: dict[str, list[str]] = {"none": []}
SHAPES = ("orders", "lines", "once", "first", "repeated", "wide", "beside")
#: Rows that are no data: a title above the headings, questions below them, a total at the end.
EXTRA = ("", "", "title", "labels", "total")
DATES = (
    "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%SZ", "%d.%m.%Y, %H:%M",
    "%b %d, %Y, %I:%M:%S %p", "%d.%m.%y",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """A drawn export, and what is right about it."""

    name: str
    content: bytes
    customer: str
    time: str | None
    amounts: frozenset[str]
    money: float  # of all customers together


@dataclass
class Shop:
    """How one shop writes its export."""

    rng: random.Random
    shape: str
    names: list[str]
    customer: str
    address: bool  # whether the customer is an address
    form: str  # how dates are written
    comma: bool  # whether numbers have a decimal comma
    sold: float = 0.0  # money of all orders so far

    def money(self, value: float) -> str:
        text = f"{value:.2f}"
        return text.replace(".", ",") if self.comma else text

    def person(self, i: int) -> str:
        return f"person{i}@example.org" if self.address else str(70_000 + 37 * i)

    def whole(self, order: int, total: float) -> list[str]:
        """Return what is said of an order."""
        day = datetime(2024, 1, 5, 8) + timedelta(hours=self.rng.randint(0, 9000))
        said = [str(20_000 + order), self.person(self.rng.randint(0, 45)), day.strftime(self.form)]
        if self.shape != "lines":
            said += [self.money(total), self.money(total / 5), self.money(4.9)]
        status = self.rng.choice(["ok", "done", "open"])
        return [*said, status, (day + timedelta(days=3)).strftime(self.form)]

    def long(self) -> list[list[str]]:
        """Return rows of orders, or of their lines, under their headings."""
        number, time, total, price, units, item, tax, freight, status, later = self.names[1:]
        header = [number, self.customer, time]
        header += [] if self.shape == "lines" else [total, tax, freight]
        header += [status, later]
        one_row = self.shape in ("orders", "beside")
        header += [] if one_row else [item, units, price]
        # What a tool adds for each month, beside what was ordered.
        months = [f"2024-{month:02}" for month in range(1, 7)] if self.shape == "beside" else []
        rows = [header + months]
        for order in range(160):
            lines = [
                (self.rng.randint(1, 4), self.rng.choice([4.5, 9.9, 24.0, 60.0]))
                for _ in range(self.rng.choice([1, 2, 3]))
            ]
            total = sum(n * each for n, each in lines)
            self.sold += total
            whole = self.whole(order, total)
            if one_row:
                rows.append(whole + [self.money(self.rng.gammavariate(1, 40)) for _ in months])
                continue
            for i, (n, each) in enumerate(lines):
                kept = {"once": 1, "first": 0}.get(self.shape, len(whole)) if i else len(whole)
                said = [*whole[:kept], *[""] * (len(whole) - kept)]
                rows.append([*said, f"P{self.rng.randint(1, 9)}", str(n), self.money(each)])
        return rows

    def wide(self) -> list[list[str]]:
        """Return one row per customer, with a column for each month."""
        header = [self.customer, *(f"2024-{month:02}" for month in range(1, 7))]
        amounts = [
            [self.money(self.rng.gammavariate(1, 40)) for _ in header[1:]] for _ in range(60)
        ]
        return [header, *([self.person(i), *row] for i, row in enumerate(amounts))]


def with_extra(rows: list[list[str]], extra: str) -> list[list[str]]:
    """Add what is no data: rows above or under the headings, or a total at the end."""
    header = rows[0]
    if extra == "title":
        return [["Export", "2025-01-31", *[""] * (len(header) - 2)], [""] * len(header), *rows]
    if extra == "labels":
        told = [f"This column says what {name} is, as it was exported" for name in header]
        return [header, told, *rows[1:]]
    if extra == "total":
        return [*rows, ["Total", *[""] * (len(header) - 2), rows[1][-1]]]
    return rows


def drawn(number: int, words: Mapping[str, list[str]] = WORDS) -> Export:
    """Draw one export."""
    rng = random.Random(number)
    language, shape = list(words)[number % len(words)], SHAPES[number % len(SHAPES)]
    names, address = words[language], rng.random() < 0.4
    if words is NONSENSE:
        names = ["".join(rng.sample("bdfgklmnprst", k=5)).capitalize() for _ in range(11)]
    who = (
        names[0]
        if words is NONSENSE
        else {"en": "E-mail", "de": "E-Mail-Adresse", "fr": "Courriel"}.get(language[:2], "Contact")
    )
    comma = not language.startswith("en") and rng.random() < 0.7
    delimiter = ";" if comma else rng.choice([",", "\t", "|", ";"])
    customer = who if address else names[0]
    shop = Shop(rng, shape, names, customer, address, rng.choice(DATES), comma)
    extra = rng.choice(EXTRA)
    out = io.StringIO()
    rows = with_extra(shop.wide() if shape == "wide" else shop.long(), extra)
    csv.writer(out, delimiter=delimiter).writerows(rows)
    encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
    try:
        out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        encoding = "utf-8"
    total, price = names[3], names[4]
    right = {"orders": {total}, "beside": {total}, "lines": {price}, "wide": set()}.get(
        shape, {price, total}
    )
    time = None if shape == "wide" else names[2]
    content = out.getvalue().encode(encoding)
    name = f"{number:02} {language} {shape} {extra}"
    return Export(name, content, customer, time, frozenset(right), shop.sold)


def judged(export: Export) -> tuple[bool, str]:
    """Return whether a draft of an export is right, and what it says otherwise.

    What is said to be undecided, or refused, goes no further than a person lets it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(export.content)
        try:
            draft = draft_study(path, layout="none")
        except ForwhomError as error:
            return False, f"refused: {error}"
        if draft.placement.undecided:
            return False, f"said: {draft.placement.undecided}"
        good, found = named(draft, export)
        if not good or export.time is None:
            return good, found
        made = features_table(path, draft.study).table
    money = sum(made["monetary_value"].to_pylist()) if "monetary_value" in made.column_names else 0
    return abs(money - export.money) < 1, f"{found}, {money:.2f} of {export.money:.2f}"


def named(draft: Draft, export: Export) -> tuple[bool, str]:
    """Return whether a draft names the right columns, and which it names."""
    study, customer = draft.study, addressable(export.customer)
    said = [note for note in draft.notes if "no column says" in note]
    if export.time is None:
        found = None if study.customers is None else study.customers.id
        return found == customer, f"customer {found}"
    if not study.events:
        return False, "no events"
    spec = study.events[0]
    money = spec.amount or spec.price or spec.order_amount
    found = f"customer {spec.customer}, time {spec.time}, money {money}"
    right = spec.customer == customer and spec.time == addressable(export.time)
    if right and money is None and said:
        return False, f"said: {said[0]}"
    return right and money in {addressable(one) for one in export.amounts}, found


def main(which: str = "words", first: int = 0, count: int = 30) -> None:
    right = said = 0
    for number in range(first, first + count):
        export = drawn(number, {"unseen": UNSEEN, "nonsense": NONSENSE}.get(which, WORDS))
        good, found = judged(export)
        right += good
        said += not good and found.startswith(("said", "refused"))
        print(f"{'right' if good else 'WRONG'}  {export.name:<24}  {found}")
    print(
        f"{right} of {count} right ({right / count:.0%}); of the others, {said} say so themselves"
    )


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
