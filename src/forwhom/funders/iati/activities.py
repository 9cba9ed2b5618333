"""One IATI activity, from its element to plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from forwhom.funders.iati.codes import earmarking_of
from forwhom.funders.iati.shares import UNKNOWN, Shares, is_odd, shares_of
from forwhom.languages.catalog import later

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Longer names of organizations are cut: they are descriptions, or an attack.
LONGEST_NAME = 200
#: No amount of aid is larger, in hundredths; beyond it stands a mistake of writing.
LARGEST = 10**17

#: Children of an activity that say something about money; all others are passed over.
_READ = (
    "iati-identifier", "reporting-org", "participating-org", "activity-date", "recipient-country",
    "recipient-region", "sector", "collaboration-type", "default-finance-type", "default-aid-type",
    "budget", "planned-disbursement", "transaction", "related-activity",
)  # fmt: skip
#: Elements that divide money by percentages.
_SHARED = ("sector", "recipient-country", "recipient-region")
_DAC = ("1", "2")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class Organization(NamedTuple):
    """An organization as one place of a file names it; each part may be empty."""

    ref: str
    name: str
    type: str


class Transaction(NamedTuple):
    """Money of an activity: its code, day, amount in hundredths, and between whom."""

    code: str
    day: str
    cents: int
    currency: str
    giver: Organization | None
    receiver: Organization | None
    sectors: Shares | None
    places: Shares | None
    humanitarian: bool
    finance: str
    earmarking: str


class Period(NamedTuple):
    """Money that is planned for some days: a planned disbursement or a budget."""

    start: str
    end: str
    cents: int
    currency: str
    revised: bool


class Activity(NamedTuple):
    """What one activity says about money and about who takes part."""

    id: str
    reporter: Organization
    secondary: bool
    participants: tuple[tuple[str, Organization], ...]
    sectors: Shares
    places: Shares
    start: str
    end: str
    channel: str
    transactions: tuple[Transaction, ...]
    planned: tuple[Period, ...]
    budgets: tuple[Period, ...]
    #: What could not be read, a phrase for each thing that was left out.
    left_out: tuple[str, ...]
    #: What was read another way than it is written, a phrase for each.
    odd: tuple[str, ...] = ()
    #: Its level in a hierarchy; empty where there is none.
    level: str = ""
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    #: The last day of plans and budgets that are over; empty: there are none.
    over: str = ""


def read_activity(node: _Element, since: str = "") -> Activity:
    """Return the activity that an element ``iati-activity`` describes."""
    parts: dict[str, list[_Element]] = {}
    for child in node.iterchildren(*_READ):
        parts.setdefault(child.tag, []).append(child)
    currency = (node.get("default-currency") or "").strip().upper()
    humanitarian = node.get("humanitarian") in ("1", "true")
    earmarked = _earmarking(parts.get("default-aid-type", ()))
    usual = _code(parts.get("default-finance-type")), earmarked
    reporters = parts.get("reporting-org")
    left_out: list[str] = []
    over: list[str] = []
    transactions = list(
        _usable(parts.get("transaction", ()), (currency, humanitarian, usual), left_out)
    )
    identifiers = parts.get("iati-identifier")
    return Activity(
        id=(identifiers[0].text or "").strip() if identifiers else "",
        reporter=Organization("", "", "") if reporters is None else _organization(reporters[0]),
        secondary=reporters is not None and reporters[0].get("secondary-reporter") in ("1", "true"),
        participants=tuple(
            (one.get("role") or "", _organization(one))
            for one in parts.get("participating-org", ())
        ),
        sectors=_sectors(parts.get("sector", ())) or UNKNOWN,
        places=_places(parts.get("recipient-country", ()), parts.get("recipient-region", ()))
        or UNKNOWN,
        start=_day_of(parts.get("activity-date", ()), "2", "1"),
        end=_day_of(parts.get("activity-date", ()), "4", "3"),
        channel=_code(parts.get("collaboration-type")),
        transactions=tuple(transactions),
        planned=_periods(parts.get("planned-disbursement", ()), currency, since, left_out, over),
        budgets=_periods(parts.get("budget", ()), currency, since, left_out, over),
        over=max(over, default=""),
        left_out=tuple(left_out),
        odd=tuple(_odd(node, parts, transactions)),
        level=(node.get("hierarchy") or "").strip(),
        parents=_related(parts.get("related-activity", ()), "1"),
        children=_related(parts.get("related-activity", ()), "2"),
    )


#: What counts where a transaction says nothing: currency, humanitarian, form and earmarking.
_Usual = tuple[str, bool, tuple[str, str]]


def _usable(
    nodes: list[_Element] | tuple[()], usual: _Usual, left_out: list[str]
) -> Iterator[Transaction]:
    """Yield the transactions that can be used, and add why the others cannot."""
    for node in nodes:
        found = _transaction(node, *usual)
        if isinstance(found, str):
            left_out.append(found)
        else:
            yield found


def _related(nodes: list[_Element] | tuple[()], kind: str) -> tuple[str, ...]:
    """Return the activities that an activity names as its parents (1) or its children (2)."""
    found = [(one.get("ref") or "").strip() for one in nodes if one.get("type") == kind]
    return tuple(ref for ref in found if ref)


def _odd(
    node: _Element, parts: dict[str, list[_Element]], transactions: list[Transaction]
) -> Iterator[str]:
    """Yield what was read another way than it is written."""
    yield from (later("transactions without a usable day") for one in transactions if not one.day)
    if any(is_odd(one.get("percentage")) for one in node.iter(*_SHARED)):
        yield later("activities with percentages that are no numbers")
    sectors = parts.get("sector", ())
    if sectors and _sectors(sectors) is None:
        yield later("activities with sectors in another vocabulary alone (they count as not said)")


def _code(nodes: list[_Element] | None) -> str:
    return (nodes[0].get("code") or "").strip() if nodes else ""


def _transaction(
    node: _Element, currency: str, humanitarian: bool, usual: tuple[str, str]
) -> Transaction | str:
    """Return a transaction, or the reason why it cannot be used; ``usual``: form and earmarking."""
    parts: dict[str, _Element] = {child.tag: child for child in node}
    kind = parts.get("transaction-type")
    code = kind.get("code") if kind is not None else None
    value = parts.get("value")
    if code is None or value is None:
        return later("no transaction type") if code is None else later("no amount")
    cents = cents_of(value.text)
    if cents is None:
        return later("no readable amount")
    currency = (value.get("currency") or currency).strip().upper()
    if not currency:
        return "no currency"
    said = node.get("humanitarian")
    giver, receiver = parts.get("provider-org"), parts.get("receiver-org")
    date, own = parts.get("transaction-date"), parts.get("finance-type")
    return Transaction(
        code.strip(),
        _day(date.get("iso-date") if date is not None else value.get("value-date")),
        cents,
        currency,
        None if giver is None else _organization(giver),
        None if receiver is None else _organization(receiver),
        _sectors(node.findall("sector")) if "sector" in parts else None,
        _own_places(node, parts),
        humanitarian if said is None else said in ("1", "true"),
        usual[0] if own is None else own.get("code") or usual[0],
        (_earmarking(node.findall("aid-type")) if "aid-type" in parts else "") or usual[1],
    )


def _earmarking(nodes: list[_Element] | tuple[()]) -> str:
    return earmarking_of(
        [
            ((node.get("vocabulary") or "1").strip(), (node.get("code") or "").strip())
            for node in nodes
        ]
    )


def _own_places(node: _Element, parts: dict[str, _Element]) -> Shares | None:
    if "recipient-country" not in parts and "recipient-region" not in parts:
        return None
    return _places(node.findall("recipient-country"), node.findall("recipient-region"))


def cents_of(text: str | None) -> int | None:
    """Return an amount in hundredths, or ``None`` where the text is no amount."""
    if text is None:
        return None
    if "," in text and _THOUSANDS.fullmatch(text.strip()):
        text = text.replace(",", "")
    try:
        cents = round(float(text) * 100)
    except (ValueError, OverflowError):
        return None
    return cents if abs(cents) <= LARGEST else None


@lru_cache(maxsize=8192)
def _day(text: str | None) -> str:
    """Return the day of a date or time; empty where it is none."""
    day = (text or "").strip()[:10]
    return day if _DAY.fullmatch(day) else ""


def _organization(node: _Element) -> Organization:
    name: str | None
    if len(node) == 1:
        name = node[0].text
    else:
        # English where there is some: names in several languages are one organization.
        english = [n.text for n in node if (n.get(_LANGUAGE) or "").lower() == "en"]
        name = english[0] if english else node[0].text if len(node) else node.text
    return Organization(
        (node.get("ref") or "").strip(),
        " ".join(name.split())[:LONGEST_NAME] if name else "",
        node.get("type") or "",
    )


def _sectors(nodes: list[_Element] | tuple[()]) -> Shares | None:
    """Return the shares of three-digit DAC sectors; the five-digit vocabulary counts first."""
    for vocabulary in _DAC:
        written = tuple(
            ((node.get("code") or "").strip()[:3], node.get("percentage"))
            for node in nodes
            if (node.get("vocabulary") or "1") == vocabulary and node.get("code")
        )
        if written:
            return shares_of(written)
    return None


def _places(
    countries: list[_Element] | tuple[()], regions: list[_Element] | tuple[()]
) -> Shares | None:
    """Return the shares of countries and DAC regions, which divide one hundred percent."""
    written = [
        ((node.get("code") or "").strip().upper(), node.get("percentage")) for node in countries
    ]
    written += [
        ((node.get("code") or "").strip(), node.get("percentage"))
        for node in regions
        if (node.get("vocabulary") or "1") == "1"
    ]
    known = tuple(pair for pair in written if pair[0])
    return shares_of(known) if known else None


def _day_of(nodes: list[_Element] | tuple[()], actual: str, planned: str) -> str:
    """Return the actual start or end of the activity, or the planned one."""
    days = {node.get("type"): _day(node.get("iso-date")) for node in nodes}
    return days.get(actual) or days.get(planned) or ""


def _periods(
    nodes: list[_Element] | tuple[()], currency: str, since: str, left_out: list[str],
    over: list[str],
) -> tuple[Period, ...]:  # fmt: skip
    found = []
    for node in nodes:
        parts: dict[str, _Element] = {child.tag: child for child in node}
        start = _day(parts["period-start"].get("iso-date")) if "period-start" in parts else ""
        end = _day(parts["period-end"].get("iso-date")) if "period-end" in parts else ""
        end = end or start
        if end and end < since:
            over.append(end)
            continue
        value = parts.get("value")
        cents = cents_of(value.text) if value is not None else None
        own = (value.get("currency") if value is not None else None) or currency
        if cents is None or not start or not own or end < start:
            left_out.append(later("planned money without amount, currency or days"))
            continue
        found.append(Period(start, end, cents, own.strip().upper(), node.get("type") == "2"))
    return tuple(found)
