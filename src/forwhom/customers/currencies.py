"""Amounts in several currencies: noticed, converted by the rates of a study, or refused."""

# ruff: noqa: SIM905 - words read better as text than as quoted items
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v2 as nw

from forwhom.documents.study import Events, Study
from forwhom.errors import ColumnMissing, DataError
from forwhom.features.orders import money_columns
from forwhom.tables import Table, TableProfile, VariableProfile, collect, join_left
from forwhom.tables.summaries import name_words
from forwhom.wording import listed

#: Currencies by which a column is known for one of currencies, whatever its name.
_COMMON = frozenset("USD EUR GBP JPY CNY CHF INR CAD AUD BRL MXN SEK NOK DKK PLN KRW ZAR".split())
#: The others in use (ISO 4217): three letters that may be something else, too.
_CODES = _COMMON | frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BSD BTN BWP BYN BZD
    CDF CLP COP CRC CUP CVE CZK DJF DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HRK HTG HUF IDR ILS IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KWD KYD KZT LAK LBP LKR LRD
    LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MYR MZN NAD NGN NIO NPR NZD OMR PAB PEN
    PGK PHP PKR PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZMW
    BTC ETH USDT
    """.split()
)
#: Signs of one currency alone.
_ONE_CURRENCY = {
    "€": "EUR", "£": "GBP", "US$": "USD", "R$": "BRL", "₹": "INR", "₩": "KRW", "원": "KRW",
    "₽": "RUB", "₴": "UAH", "грн": "UAH", "₺": "TRY", "₪": "ILS", "₫": "VND", "฿": "THB",
    "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "円": "JPY", "元": "CNY",
}  # fmt: skip
#: How a currency is written, in small letters; some signs are those of several, of the usual one.
_SIGNS = {sign.casefold(): code for sign, code in _ONE_CURRENCY.items()} | {
    "$": "USD", "¥": "JPY", "kr": "SEK", "euro": "EUR", "euros": "EUR", "dollar": "USD",
    "dollars": "USD", "us dollar": "USD", "pound": "GBP", "pounds": "GBP", "yen": "JPY",
    "franken": "CHF", "rupee": "INR", "yuan": "CNY", "peso": "MXN", "real": "BRL",
}  # fmt: skip
_NAMES = frozenset("currency curr ccy cur wahrung waehrung devise moneda divisa iso".split())
_MONEY = frozenset(
    """amount amt spend spent spending revenue sales price balance income salary payment paid value
    turnover monetary cost costs fee total deposit loan budget clv ltv umsatz betrag montant
    importe""".split()
)
#: Amounts that are no longer in the currency in which they were paid.
_CONVERTED = frozenset("converted umgerechnet converti convertido convertito omgerekend".split())
_MOST = 60


#: What the currency of a line is called while amounts are converted.
_HERE = "forwhom_currency"


@dataclass(frozen=True)
class Beside:
    """A table that is joined to others, and may say in which currency their amounts are."""

    table: Table
    profile: TableProfile | None  # None: only what the study says of currencies counts
    on: str  # the column of the others that names a row of this table
    key: str  # the same column here


@dataclass(frozen=True)
class _Found:
    """The column that says in which of several currencies a row is, and the table that has it."""

    column: str
    codes: Mapping[str, str]  # what the column writes -> currency
    beside: Beside | None = None  # None: the table of the amounts itself

    @property
    def place(self) -> str:
        """What messages call it."""
        return repr(self.column) + (f" of {self.beside.table.name}" if self.beside else "")


def currency_column(
    table: Table, profile: TableProfile, amounts: Collection[str] = ()
) -> tuple[str, dict[str, str]] | None:
    """Return the column that says in which of several currencies amounts are, and its currencies.

    They come by how the column writes them: ``{"eur": "EUR", "¥": "JPY"}``.
    """
    return _several(_columns(table, profile, amounts))


def _several(found: Mapping[str, dict[str, str]]) -> tuple[str, dict[str, str]] | None:
    return next(
        ((name, codes) for name, codes in found.items() if len({*codes.values()}) > 1), None
    )


def _columns(
    table: Table, profile: TableProfile, amounts: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return the columns that hold nothing but currencies, one or several, of some amounts."""
    found = {}
    for name in _possible(table, profile):
        written = _written(table, name)
        codes = {text: code for text in written if (code := _code(text))}
        sure = _NAMES & set(name_words(name)) or _COMMON & set(codes.values())
        if sure and len(codes) == len(written):
            found[name] = codes
    near = {name: _nearness(name, amounts) for name in found}
    converted = any(_CONVERTED & set(name_words(amount)) for amount in amounts)
    if converted and max(near.values(), default=0) < 1:
        return {}  # what they were converted from says nothing of them
    return {name: found[name] for name in found if near[name] == max(near.values())}


def _possible(table: Table, profile: TableProfile) -> list[str]:
    """Return the columns of few texts of which the first in the alphabet is a currency.

    One question for all of them rules out nearly every column that is none of currencies.
    """
    few = [c.name for c in profile.columns if c.type == "text" and 1 <= c.distinct <= _MOST]
    if not few:
        return []
    first = table.frame.select(*[nw.col(name).min() for name in few])
    (least,) = collect(replace(table, frame=first)).to_pylist()
    return [name for name in few if least[name] is not None and _code(least[name])]


def _nearness(name: str, amounts: Collection[str]) -> int:
    """Return how much more the name of a currency shares with amounts than it says besides."""
    own = set(name_words(name)) - _NAMES
    of = {word for amount in amounts for word in name_words(amount)}
    return len(own & of) - len(own - of) if amounts else 0


def currency_nearby(
    table: Table, profile: TableProfile, beside: Iterable[Beside], amounts: Collection[str]
) -> str | None:
    """Return the column of several currencies of a table, or else of the first beside it."""
    found = _nearby(table, profile, beside, amounts)
    return None if found is None else found.column


def only_currency(table: Table, profile: TableProfile, amounts: Sequence[str]) -> str | None:
    """Return the one currency of amounts: in their names, beside them, or in all of a column."""
    named = {word.upper() for amount in amounts for word in name_words(amount)} & _COMMON
    signs = [table.signs[amount] for amount in amounts if amount in table.signs]
    named = named or {code for sign in signs if (code := _sure(sign))}
    if not named:
        found = _columns(table, profile, amounts)
        told = [codes for name, codes in found.items() if _NAMES & set(name_words(name))]
        named = {code for codes in told for code in codes.values()}
    return min(named) if len(named) == 1 else None


def _nearby(
    table: Table, profile: TableProfile, beside: Iterable[Beside], amounts: Collection[str]
) -> _Found | None:
    if found := _columns(table, profile, amounts):
        several = _several(found)
        # None: all of one currency, whatever else is known of customers.
        return None if several is None else _Found(*several)
    for one in beside:
        if one.profile and (several := currency_column(one.table, one.profile)):
            return _Found(*several, one)
    return None


def _written(table: Table, column: str) -> list[str]:
    distinct = table.frame.select(column).drop_nulls().unique()
    return [str(one) for one in collect(replace(table, frame=distinct))[column].to_pylist()]


def _code(text: str) -> str:
    bare = text.strip()
    return bare.upper() if bare.upper() in _CODES else _SIGNS.get(bare.casefold(), "")


def _sure(sign: str) -> str:
    """Return the currency of a sign that several do not share, as they do $ and kr."""
    return sign if sign in _CODES else _ONE_CURRENCY.get(sign, "")


def check_customers(
    study: Study, table: Table, profile: TableProfile, beside: Iterable[Beside] = ()
) -> None:
    """Refuse a table of customers with money in several currencies."""
    money = [c.name for c in profile.columns if _is_money(c) and not _ignored(study, c.name)]
    found = _nearby(table, profile, beside, money) if money else None
    if found is not None:
        raise DataError(
            f"{table.name}: {listed(money)} {'is' if len(money) == 1 else 'are'} in several "
            f"currencies ({listed(sorted(set(found.codes.values())), most=5)} in {found.place}), "
            "which cannot be compared.",
            "Convert the amounts to one currency first, keep the customers of one currency, or "
            "give these columns 'use: ignore' in the study.",
        )


def _is_money(column: VariableProfile) -> bool:
    used = column.use in ("active", "descriptor") and column.type == "number"
    return used and bool(_MONEY & set(name_words(column.name)))


def _ignored(study: Study, name: str) -> bool:
    return name in study.variables and study.variables[name].use == "ignore"


def in_one_currency(
    events: Table, profile: TableProfile | None, spec: Events, beside: Iterable[Beside] = ()
) -> Table:
    """Convert the amounts of events by the rates of the study; without them, refuse.

    The currency stands in the events or in a table beside them. Without a profile, only what the
    study says of currencies counts.
    """
    amounts = money_columns(spec)
    if not amounts:
        return events
    if spec.currencies is not None:
        beside = list(beside)
        found, rates = _said(events, spec.currencies.column, beside), dict(spec.currencies.rates)
    else:
        near = None if profile is None else _nearby(events, profile, beside, amounts)
        if near is None:
            return events
        found, rates = near, dict[str, float]()
    if spec.currency is not None:
        rates = {spec.currency: 1.0} | rates
    unknown = sorted({code for code in found.codes.values() if code not in rates})
    if unknown:
        raise _without_rates(events, found, amounts[0], unknown)
    return _converted(events, found, amounts, rates, beside)


def _said(events: Table, column: str, beside: Sequence[Beside]) -> _Found:
    """Return the column that the study names, wherever it stands."""
    holders = [None, *beside]
    for one in holders:
        table = events if one is None else one.table
        if column in table.columns:
            codes = {text: _code(text) or text.strip() for text in _written(table, column)}
            return _Found(column, codes, one)
    raise ColumnMissing.of(column, events.name, events.columns, "'currencies' of the events")


def _converted(
    events: Table,
    found: _Found,
    amounts: Sequence[str],
    rates: Mapping[str, float],
    beside: Iterable[Beside],
) -> Table:
    columns = events.columns
    if found.beside is None:
        own = events.frame.with_columns(nw.col(found.column).alias(_HERE))
        events = replace(events, frame=own)
    else:
        events = _joined(events, found.beside, {found.column: _HERE})
    for one in beside:  # a price may stand beside the events, too
        brought = [c for c in amounts if c in one.table.columns and c not in columns]
        if brought:
            events, columns = _joined(events, one, {c: c for c in brought}), [*columns, *brought]
    # A line without a currency has no known amount.
    rate: nw.Expr = nw.lit(None).cast(nw.Float64)
    for text, code in found.codes.items():
        rate = nw.when(nw.col(_HERE) == text).then(nw.lit(float(rates[code]))).otherwise(rate)
    known = [money for money in amounts if money in columns]  # others are refused with all roles
    worth = [(nw.col(money).cast(nw.Float64) * rate).alias(money) for money in known]
    return replace(events, frame=events.frame.with_columns(*worth).drop(_HERE))


def _joined(events: Table, one: Beside, columns: Mapping[str, str]) -> Table:
    named = [nw.col(column).alias(name) for column, name in columns.items()]
    keyed = one.table.frame.filter(~nw.col(one.key).is_null()).select(nw.col(one.key), *named)
    right = replace(one.table, frame=keyed, notes=())
    return join_left(events, right, on=one.on, right_on=one.key)


def _without_rates(events: Table, found: _Found, money: str, unknown: Sequence[str]) -> DataError:
    codes = sorted(set(found.codes.values()))
    to = next((code for code in codes if code not in unknown), codes[0])
    others = ", ".join(f"{code}: …" for code in codes if code != to)
    return DataError(
        f"{events.name}: {money!r} is in several currencies ({listed(codes, most=5)} in "
        f"{found.place}), which cannot be added up; no rate is known for "
        f"{listed(unknown, most=5)}.",
        f"Say under the events of the study what 1 of each is worth, such as 'currency: {to}' and "
        f"'currencies: {{column: {found.column}, rates: {{{others}}}}}', or keep the lines of one. "
        "Where the amounts are in one currency already, the rates are 1.",
    )
