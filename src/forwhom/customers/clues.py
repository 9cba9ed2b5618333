"""What the name of a column says about its part in a study: whose row it is, when, how much."""

# ruff: noqa: SIM905 - words read better as text than as quoted items
import re
from collections.abc import Collection, Iterable, Sequence

from forwhom.tables.profile import VariableProfile
from forwhom.tables.summaries import name_words

#: Who buys, visits or answers; the first word is the strongest.
CUSTOMER_WORDS = tuple(
    """customer client household member user account subscriber person shopper consumer buyer
    guest visitor patient donor respondent participant contact company cust hh kunde kunden
    haushalt cliente clientes klant beneficiary kaufer kaeufer besteller mitglied mitglieds nutzer
    benutzer gast spender patienten acheteur adherent utilisateur donateur membre foyer beneficiaire
    comprador usuario socio donante miembro utente acquirente membro assinante gebruiker lid klient
    kund asiakas musteri zakaznik patron kd firma
    entreprise azienda empresa bedrijf nabywca odbiorca organization organisation organisatie
    organizacion organizacja organizzazione organizacao organisme donateur menage hogar
    huishouden gospodarstwo famiglia familia distinct anonymous""".split()
)
#: What follows in the name of a column that identifies it.
KEY_WORDS = frozenset(
    "id ids no nr num number nummer key code uuid guid ref identifier pk numero num codigo codice "
    "kod kennung".split()
)

ORDER_WORDS = tuple(
    """order basket invoice receipt transaction purchase ticket booking checkout bill visit
    session trip call sale deal bestellung bestell auftrag auftrags rechnung rechnungs beleg bon
    buchung tilaus siparis objednavka comanda rendeles
    commande facture panier achat pedido factura compra ordine fattura scontrino ordre
    zamowienie zamowienia faktura bestelling recibo encomenda fatura""".split()
)
ITEM_WORDS = tuple(
    "product item article sku stock upc ean asin isbn material artikel produkt produit producto "
    "articulo prodotto articolo produto lineitem vare tuote urun".split()
)
CHANNEL_WORDS = tuple(
    "channel store shop branch outlet platform medium device website source kanal filiale canal "
    "tienda magasin negozio loja winkel".split()
)
_CATEGORY_WORDS = tuple(
    """department dept category cat division section family group class genre type brand topic
    reason kind segment line kategorie warengruppe sortiment categorie rayon categoria familia
    gamme""".split()
)
_TIME_WORDS = frozenset(
    """time timestamp datetime date day when datum zeit created purchased purchase ordered order
    transaction invoice visit event sale occurred placed bestelldatum bestellzeit kaufdatum
    rechnungsdatum auftragsdatum belegdatum buchungsdatum buchungstag zeitpunkt bestellt gekauft
    commande achat sold kopdatum orderdatum kobsdato ordredato tilauspaiva siparis
    facture fecha hora compra pedido ordine acquisto data zamowienia datum zeitstempel
    erstellt heure""".split()
)
_NOT_TIME_WORDS = frozenset(
    """end birth birthday dob ship shipped shipping delivery delivered due expiry expires expired
    updated modified signup joined registered return returned cancelled refund
    load loaded versanddatum lieferdatum geburtsdatum geburtstag naissance nacimiento nascita
    livraison entrega geandert geaendert aktualisiert fulfilled refunded dispatch dispatched posted
    leverans leveransdatum levering leveringsdato toimitus toimituspaiva teslim versendet
    leverdatum dostawy dodani livrare""".split()
)

#: A category is told apart by a person, and each level may become a feature.
FEW_LEVELS = 60
MOST_LEVELS = 2_000
MOST_CATEGORIES = 2


def customer_rank(name: str) -> int | None:
    """Return how strongly a name says that it identifies the customer; lower is stronger."""
    return _key_rank(name, CUSTOMER_WORDS)


def is_other_key(name: str) -> bool:
    """Return whether a name identifies something that is no customer: a product, an order."""
    return any(_key_rank(name, of) is not None for of in (ORDER_WORDS, ITEM_WORDS, CHANNEL_WORDS))


def _key_rank(name: str, of: Sequence[str]) -> int | None:
    words = name_words(name)
    for rank, word in enumerate(of):
        if word in words and (len(words) == 1 or KEY_WORDS & set(words)):
            return rank
        # Written without a sign between the words: customerid, kundennr.
        if any(re.fullmatch(rf"{word}s?(?:{'|'.join(KEY_WORDS)})", own) for own in words):
            return rank
    return None


def first_named(
    columns: Iterable[VariableProfile], of: Sequence[str], taken: Collection[str]
) -> str | None:
    """Return the free column whose name says most strongly that it identifies one of ``of``."""
    ranked = [
        (rank, position, c.name)
        for position, c in enumerate(columns)
        if c.name not in taken
        and c.type in ("number", "text")
        and c.n > 0
        and "coupon" not in name_words(c.name)
        and (rank := _key_rank(c.name, of)) is not None
    ]
    return min(ranked)[2] if ranked else None


def time_columns(columns: Iterable[VariableProfile]) -> list[str]:
    """Return the columns that may say when something happened: dates, equally well named.

    The finest come first.
    """

    def score(column: VariableProfile) -> int:
        words = set(name_words(column.name))
        return len(words & _TIME_WORDS) - 3 * len(words & _NOT_TIME_WORDS)

    dates = [c for c in columns if c.type == "date" and c.n > 0]
    best = max(map(score, dates), default=0)
    ranked = sorted((c for c in dates if score(c) == best), key=lambda c: -c.distinct)
    return [c.name for c in ranked]


def time_column(columns: Iterable[VariableProfile]) -> str | None:
    """Return the column that says when something happened: a date, the finest one."""
    return next(iter(time_columns(columns)), None)


def may_be_time(column: VariableProfile) -> bool:
    """Return whether a name says that text or numbers are times, such as seconds since 1970."""
    words = set(name_words(column.name))
    named = bool(words & _TIME_WORDS) and not words & (_NOT_TIME_WORDS | KEY_WORDS)
    return named and column.type in ("text", "number") and column.n > 0


def category_columns(columns: Iterable[VariableProfile], taken: Collection[str]) -> list[str]:
    """Return the columns whose shares per customer tell tastes: few levels, strongest first."""
    ranked: list[tuple[int, int, str]] = []
    for column in columns:
        words = name_words(column.name)
        ranks = [rank for rank, word in enumerate(_CATEGORY_WORDS) if word in words]
        fits = column.type == "text" and 2 <= column.distinct <= MOST_LEVELS
        if ranks and fits and column.name not in taken and column.basis != "geographic":
            ranked.append((min(ranks), column.distinct, column.name))
    few = [name for _, distinct, name in sorted(ranked) if distinct <= FEW_LEVELS]
    if few:
        return few[:MOST_CATEGORIES]
    # Only fine categories: the coarsest, whose largest levels become features.
    return [min(ranked, key=lambda one: one[1])[2]] if ranked else []
