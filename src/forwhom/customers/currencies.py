"""Amounts in several currencies: noticed, converted by the rates of a study, or refused."""

# ruff: noqa: SIM905 - words read better as text than as quoted items
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals.stable.v2 as nw

from forwhom.documents.study import Events, Study
from forwhom.errors import DataError
from forwhom.features.orders import money_columns
from forwhom.tables import Table, TableProfile, VariableProfile, collect
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
_SIGNS = {
    "€": "EUR", "$": "USD", "us$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN",
    "kr": "SEK", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD",
    "us dollar": "USD", "pound": "GBP", "pounds": "GBP", "yen": "JPY", "franken": "CHF",
    "rupee": "INR", "yuan": "CNY", "peso": "MXN", "real": "BRL",
}  # fmt: skip
_NAMES = frozenset("currency curr ccy cur wahrung waehrung devise moneda divisa iso".split())
_MONEY = frozenset(
    """amount amt spend spent spending revenue sales price balance income salary payment paid value
    turnover monetary cost costs fee total deposit loan budget clv ltv umsatz betrag montant
    importe""".split()
)
_MOST = 60


def currency_column(table: Table, profile: TableProfile) -> tuple[str, dict[str, str]] | None:
    """Return the column that says in which of several currencies a row is, and its currencies.

    They come by how the column writes them: ``{"eur": "EUR", "¥": "JPY"}``.
    """
    for column in profile.columns:
        if column.type == "text" and 2 <= column.distinct <= _MOST:
            written = _written(table, column.name)
            codes = {text: code for text in written if (code := _code(text))}
            several = len(set(codes.values())) >= 2
            sure = _NAMES & set(name_words(column.name)) or _COMMON & set(codes.values())
            if several and sure and len(codes) == len(written):
                return column.name, codes
    return None


def _written(table: Table, column: str) -> list[str]:
    distinct = table.frame.select(column).drop_nulls().unique()
    return [str(one) for one in collect(replace(table, frame=distinct))[column].to_pylist()]


def _code(text: str) -> str:
    bare = text.strip()
    return bare.upper() if bare.upper() in _CODES else _SIGNS.get(bare.casefold(), "")


def check_customers(study: Study, table: Table, profile: TableProfile) -> None:
    """Refuse a table of customers with money in several currencies."""
    money = [c.name for c in profile.columns if _is_money(c) and not _ignored(study, c.name)]
    found = currency_column(table, profile) if money else None
    if found is not None:
        column, codes = found
        raise DataError(
            f"{table.name}: {listed(money)} {'is' if len(money) == 1 else 'are'} in several "
            f"currencies ({listed(sorted(set(codes.values())), most=5)} in {column!r}), which "
            "cannot be compared.",
            "Convert the amounts to one currency first, keep the customers of one currency, or "
            "give these columns 'use: ignore' in the study.",
        )


def _is_money(column: VariableProfile) -> bool:
    used = column.use in ("active", "descriptor") and column.type == "number"
    return used and bool(_MONEY & set(name_words(column.name)))


def _ignored(study: Study, name: str) -> bool:
    return name in study.variables and study.variables[name].use == "ignore"


def in_one_currency(events: Table, profile: TableProfile | None, spec: Events) -> Table:
    """Convert the amounts of events by the rates of the study; without them, refuse.

    Without a profile, only what the study says of currencies counts.
    """
    amounts = money_columns(spec)
    if not amounts:
        return events
    if spec.currencies is None:
        found = None if profile is None else currency_column(events, profile)
        if found is None:
            return events
        column, codes, rates = found[0], found[1], dict[str, float]()
    else:
        column, rates = spec.currencies.column, dict(spec.currencies.rates)
        codes = {one: _code(one) or one.strip() for one in _written(events, column)}
    if spec.currency is not None:
        rates = {spec.currency: 1.0} | rates
    unknown = sorted({code for code in codes.values() if code not in rates})
    if unknown:
        raise _without_rates(events, column, amounts[0], sorted(set(codes.values())), unknown)
    return replace(events, frame=_converted(events, column, amounts, codes, rates))


def _converted(
    events: Table,
    column: str,
    amounts: Sequence[str],
    codes: Mapping[str, str],
    rates: Mapping[str, float],
) -> nw.LazyFrame[Any]:
    # A line without a currency has no known amount.
    rate: nw.Expr = nw.lit(None).cast(nw.Float64)
    for text, code in codes.items():
        rate = nw.when(nw.col(column) == text).then(nw.lit(float(rates[code]))).otherwise(rate)
    return events.frame.with_columns(
        *((nw.col(money).cast(nw.Float64) * rate).alias(money) for money in amounts)
    )


def _without_rates(
    events: Table, column: str, money: str, codes: Sequence[str], unknown: Sequence[str]
) -> DataError:
    to = next((code for code in codes if code not in unknown), codes[0])
    others = ", ".join(f"{code}: …" for code in codes if code != to)
    return DataError(
        f"{events.name}: {money!r} is in several currencies ({listed(codes, most=5)} in "
        f"{column!r}), which cannot be added up; no rate is known for {listed(unknown, most=5)}.",
        f"Say under the events of the study what 1 of each is worth, such as 'currency: {to}' and "
        f"'currencies: {{column: {column}, rates: {{{others}}}}}', or keep the lines of one.",
    )
