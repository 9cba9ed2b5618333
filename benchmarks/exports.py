"""Exports in shapes that no layout knows: are customer, time and amount found?

Thirty small shops, drawn with a seed: headings in eight languages and in words that nobody wrote
down before, one row per order or one per item, fields of the order on each line or on the first,
decimal commas, four delimiters, UTF-8 and Windows-1252, dates in four ways, an address or a number
as the customer, and columns that could be mistaken for the right ones (order numbers, taxes,
shipping, discounts, dates of delivery). Run: python benchmarks/exports.py
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from forwhom.customers.drafting import draft_study
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
    "pl": ["Klient nr", "Zamówienie", "Data zamówienia", "Kwota", "Cena", "Ilość", "Produkt",
           "Podatek", "Dostawa", "Status", "Data dostawy"],
}  # fmt: skip
SHAPES = ("orders", "lines", "once", "repeated", "wide")
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Export:
    """A drawn export, and what is right about it."""

    name: str
    content: bytes
    customer: str
    time: str | None
    amounts: frozenset[str]


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
        header += [] if self.shape == "orders" else [item, units, price]
        rows = [header]
        for order in range(160):
            lines = [
                (self.rng.randint(1, 4), self.rng.choice([4.5, 9.9, 24.0, 60.0]))
                for _ in range(self.rng.choice([1, 2, 3]))
            ]
            whole = self.whole(order, sum(n * each for n, each in lines))
            if self.shape == "orders":
                rows.append(whole)
                continue
            for i, (n, each) in enumerate(lines):
                once = i and self.shape == "once"
                said = [whole[0], *[""] * (len(whole) - 1)] if once else whole
                rows.append([*said, f"P{self.rng.randint(1, 9)}", str(n), self.money(each)])
        return rows

    def wide(self) -> list[list[str]]:
        """Return one row per customer, with a column for each month."""
        header = [self.customer, *(f"2024-{month:02}" for month in range(1, 7))]
        amounts = [
            [self.money(self.rng.gammavariate(1, 40)) for _ in header[1:]] for _ in range(60)
        ]
        return [header, *([self.person(i), *row] for i, row in enumerate(amounts))]


def drawn(number: int) -> Export:
    """Draw one export."""
    rng = random.Random(number)
    language, shape = list(WORDS)[number % len(WORDS)], SHAPES[number % len(SHAPES)]
    names, address = WORDS[language], rng.random() < 0.4
    who = {"en": "E-mail", "de": "E-Mail-Adresse", "fr": "Courriel"}.get(language[:2], "Contact")
    comma = not language.startswith("en") and rng.random() < 0.7
    delimiter = ";" if comma else rng.choice([",", "\t", "|", ";"])
    customer = who if address else names[0]
    shop = Shop(rng, shape, names, customer, address, rng.choice(DATES), comma)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(shop.wide() if shape == "wide" else shop.long())
    encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"]) if language != "pl" else "utf-8"
    total, price = names[3], names[4]
    right = {"orders": {total}, "lines": {price}, "wide": set()}.get(shape, {price, total})
    time = None if shape == "wide" else names[2]
    content = out.getvalue().encode(encoding)
    return Export(f"{number:02} {language} {shape}", content, customer, time, frozenset(right))


def judged(export: Export) -> tuple[bool, str]:
    """Return whether a draft of an export is right, and what it says otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(export.content)
        try:
            study = draft_study(path, layout="none").study
            customer = addressable(export.customer)
        except ForwhomError as error:
            return False, f"refused: {error}"
    if export.time is None:
        found = None if study.customers is None else study.customers.id
        return found == customer, f"customer {found}"
    if not study.events:
        return False, "no events"
    spec = study.events[0]
    money = spec.amount or spec.price or spec.order_amount
    said = f"customer {spec.customer}, time {spec.time}, money {money}"
    right = spec.customer == customer and spec.time == export.time
    return right and money in export.amounts, said


def main(count: int = 30) -> None:
    right = 0
    for number in range(count):
        export = drawn(number)
        good, said = judged(export)
        right += good
        print(f"{'right' if good else 'WRONG'}  {export.name:<18}  {said}")
    print(f"{right} of {count} right ({right / count:.0%})")


if __name__ == "__main__":
    main()
