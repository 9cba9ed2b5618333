"""Sentences that page, terminal and drawing share, in the language that is spoken."""

from collections import Counter
from collections.abc import Callable
from typing import Literal

from forwhom.documents.aid.names import said_place, said_sector
from forwhom.documents.results.funding import (
    NODE_NAMES,
    NOT_SAID,
    Basis,
    Concentration,
    Funding,
    FundingRole,
    Part,
)
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.wording import apart, clean, decimal, listed, money, number, opened, percent

ROLES: tuple[FundingRole, ...] = ("donor", "decision-maker", "purchaser")
_LEVELS = {
    "low": later("spread over many"),
    "moderate": later("moderately concentrated"),
    "high": later("highly concentrated"),
}
#: How an amount is said of which data tell what happened with it.
_AMOUNTS: dict[Basis, str] = {
    "spent": later("{amount} spent"),
    "committed": later("{amount} committed"),
}
_NOTHING: dict[Basis, str] = {
    "spent": later("No money is spent yet, so nobody is a giver or receiver"),
    "committed": later("No money is committed yet, so nobody is a giver or receiver"),
}
PART_NAMES: dict[str, Callable[[str], str]] = {
    "sector": said_sector, "country": said_place, "": tr,
}  # fmt: skip


def names_of(found: Funding) -> dict[str, str]:
    """Return what each giver and receiver is called."""
    named = {one.id: clean(one.name) for one in found.organizations}
    return named | {one: tr(name) for one, name in NODE_NAMES.items()}


def part_name(part: Part, what: Literal["", "sector", "country"]) -> str:
    """Return what a sector or a country is called, or else one of our words for money."""
    return clean(PART_NAMES[what](part.code)) if part.code else tr(NOT_SAID)


def headline(found: Funding) -> str:
    """Return the answer in one sentence."""
    givers = {flow.giver for flow in found.flows} - NODE_NAMES.keys()
    receivers = {flow.receiver for flow in found.flows} - NODE_NAMES.keys()
    amount = money(found.total, found.currency)
    # A flow of a table or a canvas says neither: it may lie ahead.
    told = _AMOUNTS[found.basis] if found.counted.activities else later("{amount} in flows")
    said = tr(told, amount=amount) if found.flows else tr(_NOTHING[found.basis])
    if found.sectors:
        said = tr("{said} for {sectors}", said=said, sectors=listed([*map(apart, found.sectors)]))
    if found.countries:
        said = tr(
            "{said} in {places}", said=said, places=listed([*map(said_place, found.countries)])
        )
    if not found.flows:
        return said
    return tr(
        "{said}: {givers}, {receivers}",
        said=said,
        givers=tr_count("{n} giver", "{n} givers", len(givers)),
        receivers=tr_count("{n} receiver", "{n} receivers", len(receivers)),
    )


def unknown_text(found: Funding) -> str:
    """Return which part has no named receiver, and which part is passed on."""
    if not found.flows:
        return ""
    unknown, direct = found.unknown_receiver_share, found.direct_share
    said = [
        tr("{part} has a receiver that is not named.", part=percent(unknown))
        if unknown
        else tr("Every receiver is named.")
    ]
    if direct:
        said.append(tr("{part} was spent directly on goods and services.", part=percent(direct)))
    if found.passed_on:
        said.append(
            tr(
                "{amount} was first received and then passed on, so it is in the total at each "
                "step.",
                amount=money(found.passed_on, found.currency),
            )
        )
    return " ".join(map(opened, said))


def sentences(found: Funding) -> list[str]:
    """Return the answer in sentences: what is not named, how concentrated, until when."""
    concentrated = [concentration_text(found, one) for one in found.concentration]
    said = [unknown_text(found), *concentrated, found.cliff.statement]
    return [sentence for sentence in said if sentence]


def concentration_text(found: Funding, one: Concentration) -> str:
    """Return how concentrated givers or receivers are."""
    who = tr("Givers") if one.of == "givers" else tr("Receivers")
    equal = number(one.equal)
    index = decimal(one.hhi, 0)
    concentrated = (
        tr("{who}: {level} (HHI {index} of 10,000, there is one).",
           who=who, level=tr(_LEVELS[one.level]), index=index)
        if equal == "1"
        else tr("{who}: {level} (HHI {index} of 10,000, as with {equal} equal ones).",
                who=who, level=tr(_LEVELS[one.level]), index=index, equal=equal)
    )  # fmt: skip
    largest = tr(
        "{name} has {share}, the three largest {three}.",
        name=apart(names_of(found).get(one.largest, one.largest)),
        share=percent(one.largest_share), three=percent(one.top_three_share),
    )  # fmt: skip
    return f"{concentrated} {largest}"


def leading_roles(found: Funding, most: int) -> dict[FundingRole, list[tuple[str, float, int]]]:
    """Return for each role the organizations with the most money and activities."""
    sums: Counter[tuple[FundingRole, str]] = Counter()
    activities: Counter[tuple[FundingRole, str]] = Counter()
    for shown in found.roles:
        sums[(shown.role, shown.organization)] += round(shown.amount * 100)
        activities[(shown.role, shown.organization)] += shown.activities
    leading: dict[FundingRole, list[tuple[str, float, int]]] = {}
    for role in ROLES:
        keys = [key for key in sums if key[0] == role and key[1] not in NODE_NAMES]
        keys.sort(key=lambda key: (-sums[key], -activities[key], key[1]))
        leading[role] = [(key[1], sums[key] / 100, activities[key]) for key in keys[:most]]
    return leading


def pairs(found: Funding) -> list[tuple[str, str, float]]:
    """Return giver, receiver and amount, the largest first."""
    sums: dict[tuple[str, str], int] = {}
    for flow in found.flows:
        key = (flow.giver, flow.receiver)
        sums[key] = sums.get(key, 0) + round(flow.amount * 100)
    ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [(giver, receiver, cents / 100) for (giver, receiver), cents in ranked]
