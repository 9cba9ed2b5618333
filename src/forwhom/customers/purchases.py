"""What the columns of events are for: who, when, how much, in which order; and how lines hang
together.
"""

# ruff: noqa: SIM905 - words read better as text than as quoted items
from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.customers.arithmetic import FEWEST, products
from forwhom.customers.clues import (
    CHANNEL_WORDS,
    ITEM_WORDS,
    KEY_WORDS,
    ORDER_WORDS,
    customer_rank,
    first_named,
    time_column,
)
from forwhom.customers.keys import code_like, order_of, sampled
from forwhom.customers.money import Money, found_money
from forwhom.customers.statuses import is_mark, no_business
from forwhom.tables import Table, TableProfile, VariableProfile, collect
from forwhom.tables.summaries import name_words
from forwhom.wording import listed

_AMOUNT_WORDS = frozenset(
    """amount amt sales revenue spend spent total turnover paid payment value subtotal net gross
    charge fare fee price donation gmv betrag umsatz summe gesamt gesamtbetrag gesamtpreis
    gesamtsumme bestellwert warenwert rechnungsbetrag nettobetrag bruttobetrag brutto netto
    endsumme auftragswert nettoumsatz bruttoumsatz base imponible
    wartosc suma razem fatturato montant prix ttc ht importe monto precio
    valor totale importo prezzo valore kwota cena bedrag totaalbedrag
    totaal omzet preis endbetrag belopp totalbelopp summa belob loppusumma yhteensa tutar toplam
    """.split()
)
_NOT_AMOUNT_WORDS = frozenset(
    """disc discount tax taxes vat cost costs coupon shipping freight tip margin profit unit units
    count qty quantity points balance limit refund refunded rabatt steuer mwst versand versandkosten
    remise taxe tva livraison port descuento impuesto iva envio sconto spedizione desconto korting
    btw verzendkosten moms alv kdv frete portes frakt fragt toimitusmaksu kargo porto menge anzahl
    mehrwertsteuer umsatzsteuer rabattbetrag outstanding
    age alter score rating weight gewicht""".split()
)
_QUANTITY_WORDS = frozenset(
    """quantity qty units pieces pcs volume menge anzahl stuck stueck stuckzahl quantite qte
    cantidad unidades uds quantita quantidade ilosc aantal antal maara adet stk""".split()
)
_NOT_QUANTITY_WORDS = frozenset("price cost value refunded returned shipped to".split())
_PRICE_WORDS = frozenset(
    """price unitprice einzelpreis stuckpreis stueckpreis preis artikelpreis prix precio prezzo
    preco cena prijs pris styckpris stykpris yksikkohinta hinta fiyat""".split()
)
#: What no price of one unit is called.
_WHOLE_WORDS = _AMOUNT_WORDS - _PRICE_WORDS
#: What a price may be called besides.
_OF_UNITS = _PRICE_WORDS | frozenset(
    """unit item list product per lineitem line each unitaire unitario net gross incl excl netto
    brutto ht ttc pro stuck stueck stuk prezzo artikel article articulo prodotto
    produit der de du per stuck stk birim""".split()
)
_REFUND_WORDS = frozenset(
    "refund refunded refunds erstattet erstattung rembourse reembolso reembolsado rimborso".split()
)
#: Headings that name no thing, but a month or a year.
_OF_A_PERIOD = re.compile(r"\b(?:19|20)\d\d\b|^[\W\d_]+$")
#: How a number with or without a currency begins.
_NUMBER = r"^\s*[-+(]?\s*(?:[A-Z]{3}|[$€£¥])?\s*[-+]?\d"
#: So near to the number of orders, a column is filled once for each.
_NEARLY = 0.02
#: With fewer orders of several lines, equal amounts may be chance.
FEWEST_ORDERS = 10
#: Codes begin with this number, and so many columns of them are compared.
_CODED, _MOST_CODES = 1_000, 5
#: So many columns that are filled once per order show that lines belong together.
_SEVERAL = 2


@dataclass(frozen=True)
class OrderLines:
    """Lines of which one holds what is said of the whole order."""

    order: str  # the column that lines of one order share
    #: columns that one line of an order holds; ``order``, too, where the first alone has it
    once: tuple[str, ...]


def order_lines(table: Table, profile: TableProfile, order: str | None = None) -> OrderLines | None:
    """Find lines of orders whose fields stand on one line only, by the number of values.

    Where the column that they share is known, one such field is enough.
    """
    partly = [c for c in profile.columns if 0 < c.n < profile.rows and c.type != "other"]
    found: list[tuple[int, int, OrderLines]] = []
    for position, key in enumerate(profile.columns):
        whole = key.n >= (1 - _NEARLY) * profile.rows and 1 < key.distinct < key.n
        if not whole or key.type not in ("text", "number") or key.personal is not None:
            continue
        if order is not None and key.name != order:
            continue
        most = (1 + _NEARLY) * key.distinct
        fits = [c.name for c in partly if c.n <= most]
        nearly = {c.name for c in partly if (1 - _NEARLY) * key.distinct <= c.n <= most}
        enough = 1 if order is not None else _SEVERAL
        if len(nearly) < enough:
            continue
        once = _once(table, key.name, fits)
        if len(nearly & set(once)) >= enough:
            found.append((-len(nearly & set(once)), position, OrderLines(key.name, tuple(once))))
    if found:
        return min(found, key=lambda one: one[:2])[2]
    return _named_above(table, profile, order)


def _named_above(table: Table, profile: TableProfile, order: str | None) -> OrderLines | None:
    """Find orders that the first of their lines alone names, with all that is said of them."""
    partly = [c for c in profile.columns if 0 < c.n < (1 - _NEARLY) * profile.rows]
    keys = [
        c
        for c in partly
        if c.n == c.distinct >= FEWEST_ORDERS and c.type in ("text", "number") and not c.personal
    ]
    whole = [c for c in profile.columns if c.n >= (1 - _NEARLY) * profile.rows]
    of_people = any(
        c.distinct == c.n and (customer_rank(c.name) is not None or c.personal) for c in whole
    )
    key = order or first_named(keys, ORDER_WORDS, ()) or _heads(table, keys, partly, whole)
    if of_people or not whole or key not in {c.name for c in keys}:
        return None
    beside = [c for c in partly if c.name != key and c.n <= profile[key].n]
    alone = {c.name: ~nw.col(c.name).is_null() & nw.col(key).is_null() for c in beside}
    counts = table.frame.select(*(e.cast(nw.Int64).sum().alias(c) for c, e in alone.items()))
    row = collect(replace(table, frame=counts)).to_pylist()[0] if beside else {}
    once = [c.name for c in beside if row[c.name] == 0]
    dated = any(profile[name].type == "date" for name in once)
    return OrderLines(key, (key, *once)) if dated and len(once) >= _SEVERAL else None


def _heads(
    table: Table,
    keys: Sequence[VariableProfile],
    partly: Sequence[VariableProfile],
    whole: Sequence[VariableProfile],
) -> str | None:
    """Return the number that only the first line of each order has, with much else, by values."""
    if any(c.distinct == c.n for c in whole):
        return None  # each row has a number of its own
    for key in keys:
        together = [c for c in partly if c.n == key.n and c is not key]
        if len(together) > _SEVERAL and any(c.type == "date" for c in together):
            first = collect(replace(table, frame=table.frame.select(key.name).head(1)))
            if first[0][0].is_valid:
                return key.name
    return None


def _once(table: Table, order: str, columns: Sequence[str]) -> list[str]:
    """Return which columns have one value at most in every order."""
    per_order = table.frame.filter(~nw.col(order).is_null()).group_by(order).agg(
        *(nw.col(c).count().alias(f"n{i}") for i, c in enumerate(columns))
    )  # fmt: skip
    most = per_order.select(*(nw.col(f"n{i}").max() for i in range(len(columns))))
    row = collect(replace(table, frame=most)).to_pylist()[0]
    return [column for i, column in enumerate(columns) if row[f"n{i}"] <= 1]


@dataclass(frozen=True)
class _Money:
    """A column of money, and how sure its name makes it."""

    name: str
    score: int


@dataclass(frozen=True)
class Purchases:
    """What the columns of a table of events are for."""

    columns: dict[str, Any]  # by key of the events in a study
    remarks: tuple[str, ...] = ()  # what was found by values alone, and why, in sentences
    may_be_money: tuple[str, ...] = ()  # of which no heading and no value says that it is


def event_columns(
    table: Table, profile: TableProfile, customer: str, time: str, lines: OrderLines | None = None
) -> Purchases:
    """Find what the columns of an events table are for, by their names, else by their values."""
    columns = [c for c in profile.columns if c.personal is None]
    found: dict[str, Any] = {"customer": customer, "time": time}
    if lines is not None and lines.order != customer:
        found["order"] = lines.order
    quantity = _quantity(columns, found.values())
    found |= {} if quantity is None else {"quantity": quantity}
    keys = (("order", ORDER_WORDS), ("item", ITEM_WORDS), ("channel", CHANNEL_WORDS))
    for field, of in keys:
        column = None if field in found else first_named(columns, of, found.values())
        if column is not None:
            found[field] = column
    remarks = []
    if "order" not in found and time and (order := order_of(table, profile, customer, time)):
        found["order"] = order
        remarks.append(f"lines with the same {order} are one purchase, because they share a time.")
    said, others = _money(table, columns, found, lines)
    found |= said
    if others:
        name = said.get("amount") or said["order_amount"]
        could = listed(others, last="or", most=3)
        remarks.append(f"{name} is the money of a row; it could be {could}, too.")
    named = found.get("amount", "")
    if set(name_words(named)) & _PRICE_WORDS and not set(name_words(named)) & _WHOLE_WORDS:
        found["price"] = found.pop("amount")  # it may be of one unit, or of all of a line
    money = _by_values(table, columns, found, lines) if time else Money()
    if money.said:
        found.pop("price", None)
        found |= money.said
        name = next(iter(money.said.values()))
        remarks.append(f"{name} is taken for money, because {money.why}.")
    elif "price" in found and "quantity" not in found:
        found["amount"] = found.pop("price")  # a price that stands alone
    found |= no_business(table, columns, found)
    return Purchases(found, tuple(remarks), money.may_be)


def _by_values(
    table: Table,
    columns: Sequence[VariableProfile],
    found: Mapping[str, Any],
    lines: OrderLines | None,
) -> Money:
    """Find money by what numbers are to each other, where no heading names it."""
    known = {"price", "quantity"} <= set(found) and _is_price(found["price"])
    if known or {"amount", "order_amount"} & set(found):
        return Money()
    taken = {name for key, name in found.items() if key != "price"}
    may_be = [
        c for c in columns
        if c.type == "number" and c.name not in taken and not c.of_tool
        and not (_NOT_AMOUNT_WORDS | KEY_WORDS) & set(name_words(c.name))
        and not _OF_A_PERIOD.search(c.name)
    ]  # fmt: skip
    keys = [c for c in columns if c.name in (found.get("order"), found.get("quantity"))]
    if not may_be:
        return Money()
    sample = sampled(table, [*keys, *may_be])
    names = [c.name for c in may_be if c.distinct < FEWEST or not code_like(sample, table, c)]
    once = () if lines is None else lines.once
    return found_money(sample, names, found.get("order"), once, found.get("quantity"))


def unread_money(table: Table, profile: TableProfile, taken: Collection[str]) -> str | None:
    """Return the column that is called like money and begins with numbers, but holds text too."""
    for column in profile.columns:
        words = set(name_words(column.name))
        named = len(words & (_AMOUNT_WORDS | _PRICE_WORDS)) > 5 * len(words & _NOT_AMOUNT_WORDS)
        if not named or column.type != "text" or column.name in taken or words & KEY_WORDS:
            continue
        number = nw.col(column.name).str.contains(_NUMBER).cast(nw.Int64).sum().alias("n")
        found = collect(replace(table, frame=table.frame.select(number)))["n"][0].as_py() or 0
        if 2 * found >= column.n > 0 and column.personal is None:
            return column.name
    return None


def code_columns(profile: TableProfile) -> list[VariableProfile]:
    """Return columns of codes that repeat: numbers of one length, or text with digits in it."""
    found = []
    for column in profile.columns:
        repeats = FEWEST_ORDERS <= column.distinct < 0.9 * column.n and column.n == profile.rows
        if not repeats or column.personal is not None or column.basis == "geographic":
            continue
        low, high = column.minimum, column.maximum
        whole = isinstance(low, int | float) and isinstance(high, int | float) and low >= _CODED
        if whole and column.measure != "positive" and len(f"{low:.0f}") == len(f"{high:.0f}"):
            found.append(column)
    return found


def repeats_orders(table: Table, profile: TableProfile) -> bool:
    """Whether rows are lines of orders by their values: each of several codes has one other code,
    of which there are fewer, and there is a date.
    """
    codes = sorted(code_columns(profile), key=lambda c: -c.distinct)[:_MOST_CODES]
    if not any(c.type == "date" and c.n for c in profile.columns):
        return False
    for i, order in enumerate(codes):
        fewer = [c.name for c in codes[i + 1 :] if c.distinct < order.distinct]
        if fewer and set(_once_each(table, order.name, fewer)):
            return True
    return False


def _once_each(table: Table, order: str, columns: Sequence[str]) -> list[str]:
    """Return which columns say the same on every line of an order."""
    per_order = table.frame.group_by(order).agg(
        *(nw.col(c).n_unique().alias(f"n{i}") for i, c in enumerate(columns))
    )
    most = per_order.select(*(nw.col(f"n{i}").max() for i in range(len(columns))))
    row = collect(replace(table, frame=most)).to_pylist()[0]
    return [column for i, column in enumerate(columns) if row[f"n{i}"] == 1]


def look_like_purchases(profile: TableProfile) -> bool:
    """Whether rows are purchases by their columns: an order, a time, and money."""
    columns = [c for c in profile.columns if c.personal is None and not c.of_tool]
    order = first_named(columns, ORDER_WORDS, ())
    _, amounts = _amounts(columns, {"order": order})
    return order is not None and bool(amounts) and time_column(columns) is not None


def _quantity(columns: Iterable[VariableProfile], taken: Collection[str]) -> str | None:
    found = []
    for position, column in enumerate(columns):
        words = set(name_words(column.name))
        is_amount = column.type == "number" and column.name not in taken
        if is_amount and words & _QUANTITY_WORDS and not words & _NOT_QUANTITY_WORDS:
            # Units of a line come before those of the whole order.
            found.append((bool(words & {"total", "order"}), position, column.name))
    return min(found)[2] if found else None


def _money(
    table: Table,
    columns: Sequence[VariableProfile],
    found: Mapping[str, Any],
    lines: OrderLines | None,
) -> tuple[dict[str, str], list[str]]:
    """Find the amount of a line; or its price, where quantity × price is the amount.

    What is said of the whole order is not the money of each of its lines. The second list is of
    amounts whose names tell as much.
    """
    price, amounts = _amounts(columns, found)
    order = found.get("order")
    whole = set(_of_orders(table, order, _telling(columns, amounts), lines))
    own = [one for one in amounts if one.name not in whole]
    best = max(own, key=lambda one: one.score, default=None)
    others: list[str] = []
    if best is not None:
        amount = _of_all_units(table, columns, own, best, found.get("quantity"))
        said = {"amount": amount}
        if amount == best.name:
            others = [one.name for one in own if one is not best]
    elif price is not None and "quantity" in found:
        said = {"price": price}
    elif amounts:
        best = max(amounts, key=lambda one: one.score)
        said = {"order_amount": best.name}
        others = [one.name for one in amounts if one is not best]
    else:
        said = {"price": price} if price is not None else {}
    rows = {c.name for c in columns if c.n == c.distinct}
    return said | _refunds(columns, said, None if order in rows else order, lines), others


def _telling(columns: Sequence[VariableProfile], amounts: Sequence[_Money]) -> list[str]:
    """Return amounts that tell by repeating: few prices repeat whatever they are of."""
    few = {c.name for c in columns if c.distinct < FEWEST_ORDERS}
    return [one.name for one in amounts if one.name not in few]


def _of_all_units(
    table: Table,
    columns: Sequence[VariableProfile],
    own: Sequence[_Money],
    best: _Money,
    quantity: str | None,
) -> str:
    """Return the amount that is units × the one whose name tells most, where there is one."""
    others = [one.name for one in own if one is not best]
    if quantity is None or not others:
        return best.name
    sample = sampled(table, [c for c in columns if c.name in (quantity, best.name, *others)])
    for other in others:
        three = {name: sample.numbers[name] for name in (quantity, best.name, other)}
        if products(three) == (other, quantity, best.name):
            return other
    return best.name


def _amounts(
    columns: Iterable[VariableProfile], found: Mapping[str, Any]
) -> tuple[str | None, list[_Money]]:
    price, amounts = None, []
    for column in columns:
        words = set(name_words(column.name))
        if column.type != "number" or column.name in found.values() or words & KEY_WORDS:
            continue
        if _is_price(column.name):
            price = price or column.name
            continue
        score = len(words & _AMOUNT_WORDS) - 5 * len(words & _NOT_AMOUNT_WORDS)
        if score > 0:
            amounts.append(_Money(column.name, score))
    return price, amounts


def is_money(name: str) -> bool:
    """Whether a name says that a column holds money, and not the number of an order or a bill."""
    words = set(name_words(name))
    return bool(words & (_AMOUNT_WORDS | _PRICE_WORDS)) and not words & KEY_WORDS


def _is_price(name: str) -> bool:
    """Whether a name says that it is the price of one unit."""
    words = set(name_words(name))
    return bool(words & _PRICE_WORDS) and words <= _OF_UNITS


def _of_orders(
    table: Table, order: str | None, amounts: Sequence[str], lines: OrderLines | None
) -> Iterator[str]:
    """Yield the amounts of whole orders: on one line, or the same on each of several lines."""
    if lines is not None:
        yield from (name for name in amounts if name in lines.once)
        return
    if order is None or not amounts:
        return
    spread = table.frame.filter(~nw.col(order).is_null()).group_by(order).agg(
        nw.len().alias("n"),
        *((nw.col(c).max() - nw.col(c).min()).alias(f"d{i}") for i, c in enumerate(amounts)),
    )  # fmt: skip
    several = spread.filter(nw.col("n") > 1).select(
        nw.len().alias("n"),
        *((nw.col(f"d{i}").abs() < 1e-9).cast(nw.Int64).sum().alias(f"d{i}")
          for i in range(len(amounts))),
    )  # fmt: skip
    row = collect(replace(table, frame=several)).to_pylist()[0]
    for i, name in enumerate(amounts):
        if row["n"] >= FEWEST_ORDERS and (row[f"d{i}"] or 0) >= (1 - _NEARLY) * row["n"]:
            yield name


def _refunds(
    columns: Iterable[VariableProfile],
    said: Mapping[str, str],
    order: str | None,
    lines: OrderLines | None,
) -> dict[str, str]:
    """Find money of an order that was given back; beside lines, only what is said of the order."""
    for column in columns:
        words = set(name_words(column.name))
        fits = column.type == "number" and words & _REFUND_WORDS and not words & KEY_WORDS
        told = order is None or (lines is not None and column.name in lines.once)
        if fits and said and told and not is_mark(column):
            return {"refunded": column.name}
    return {}
