"""Every amount once: in one currency, between organizations, from one of two reports."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from forwhom.documents.results.funding import UNKNOWN_RECEIVER
from forwhom.errors import DataError, OptionError
from forwhom.funders.families import Kind
from forwhom.funders.ledger import Ledger
from forwhom.funders.organizations import Named
from forwhom.wording import listed

Amounts = dict[tuple[str, str, str, str, Kind], int]


class Settled(NamedTuple):
    """Flows by giver, receiver, sector, country and kind, in hundredths of one currency."""

    currency: str
    amounts: Amounts
    organizations: dict[str, Named]
    ids: dict[int, str]
    #: Money that stayed inside one organization.
    internal: int
    #: The smaller of two reports of the same pair, and how many pairs had two.
    set_aside: int
    pairs: int
    #: Money without a receiver whose receiver may have reported it.
    perhaps_twice: int


class Exchange:
    """Turns amounts into one currency, by what one unit of each other is worth in it."""

    def __init__(self, currency: str, rates: Mapping[str, float], found: set[str]) -> None:
        if not currency:
            currency = min(found) if len(found) == 1 else "USD"
        missing = sorted(found - {currency, *rates})
        if missing:
            given = " ".join(f"--rate {code}=…" for code in missing)
            raise DataError(
                f"The amounts are in {listed(sorted(found), most=None)}, and there is no rate to "
                f"{currency} for {listed(missing, most=None)}.",
                f"Say what 1 of each is worth in {currency}: {given} (rates={{...}} in Python), or "
                "ask for another currency with --currency.",
            )
        self.currency = currency
        self.rates = {code: rate for code, rate in rates.items() if code in found}
        self._rates = {**rates, currency: 1.0}

    def cents(self, amount: int, currency: str) -> int:
        """Return an amount in the currency of the answer."""
        rate = self._rates[currency]
        return amount if rate == 1.0 else round(amount * rate)


def check_rates(currency: str, rates: Mapping[str, float]) -> None:
    """Refuse what is no currency, and rates that are no worth."""
    for code in (*rates, *([currency] if currency else [])):
        if not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise OptionError(
                f"{code[:40]!r} is not a currency.", "Expected three letters, such as EUR."
            )
    for code, rate in rates.items():
        if not 0 < rate < float("inf"):
            raise OptionError(
                f"The rate of {code} is {rate}.",
                "Expected a number above 0: what 1 of it is worth.",
            )


def currencies(ledger: Ledger) -> set[str]:
    """Return the currencies of everything in a ledger."""
    forecast = ledger.forecast
    money = (forecast.spent, forecast.planned, forecast.ends)
    found = {currency for sums in money for (_, currency) in sums}
    return found | {currency for *_, currency in ledger.pairs}


def settle(ledger: Ledger, exchange: Exchange) -> Settled:
    """Return what a ledger says, without what it says twice.

    Where giver and receiver both report money between them, the larger report of the pair counts
    and the other is set aside: its amounts describe the same money. Money that an organization
    moves within itself is no funding.
    """
    ids, organizations = ledger.organizations.merged()
    reports: dict[tuple[str, str], Counter[str]] = {}
    for (giver, receiver, side, currency), cents in ledger.pairs.items():
        pair = (ids[giver], ids[receiver])
        reports.setdefault(pair, Counter())[side] += exchange.cents(cents, currency)
    # Refunds are below 0: the report that says more of what went to and fro is the larger.
    counted = {pair: max(sums, key=lambda side: (abs(sums[side]), side == "giver"))
               for pair, sums in reports.items()}  # fmt: skip
    amounts: Amounts = {}
    internal = set_aside = 0
    doubled: set[tuple[str, str]] = set()
    for (giver, receiver, side, currency, kind), cells in ledger.groups.items():
        pair = (ids[giver], ids[receiver])
        for cell, cents in cells.items():
            amount = exchange.cents(cents, currency)
            if pair[0] == pair[1]:
                internal += amount
            elif counted[pair] != side:
                set_aside += amount
                doubled.add(pair)
            else:
                key = (*pair, *cell, kind)
                amounts[key] = amounts.get(key, 0) + amount
    return Settled(
        exchange.currency,
        {key: cents for key, cents in amounts.items() if cents},
        organizations,
        ids,
        internal,
        set_aside,
        len(doubled),
        _perhaps_twice(reports, counted),
    )


def _perhaps_twice(
    reports: Mapping[tuple[str, str], Counter[str]], counted: Mapping[tuple[str, str], str]
) -> int:
    """Return how much was given to nobody knows whom by givers whom receivers named."""
    claimed: Counter[str] = Counter()
    unnamed: Counter[str] = Counter()
    for pair, sums in reports.items():
        giver, receiver = pair
        if receiver == UNKNOWN_RECEIVER:
            unnamed[giver] += max(sums["giver"], 0)
        elif counted[pair] == "receiver" and giver != receiver:
            claimed[giver] += max(sums["receiver"], 0)
    return sum(min(cents, claimed[giver]) for giver, cents in unnamed.items())
