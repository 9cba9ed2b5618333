"""Sentences that page and terminal share."""

from collections import Counter

from forwhom.documents.results.funding import NODE_NAMES, Concentration, Funding, FundingRole
from forwhom.wording import clean, count, listed, money, number, opened, percent

ROLES: tuple[FundingRole, ...] = ("donor", "decision-maker", "purchaser")
_LEVELS = {
    "low": "spread over many",
    "moderate": "moderately concentrated",
    "high": "highly concentrated",
}


def names_of(found: Funding) -> dict[str, str]:
    """Return what each giver and receiver is called."""
    return NODE_NAMES | {one.id: clean(one.name) for one in found.organizations}


def headline(found: Funding) -> str:
    """Return the answer in one sentence."""
    givers = {flow.giver for flow in found.flows} - NODE_NAMES.keys()
    receivers = {flow.receiver for flow in found.flows} - NODE_NAMES.keys()
    # A flow of a table or a canvas says neither: it may lie ahead.
    what = found.basis if found.counted.activities else "in flows"
    sectors = f" for {listed(found.sectors)}" if found.sectors else ""
    names = {part.code: part.name for part in found.by_country}
    countries = [names.get(code, code) for code in found.countries]
    places = f" in {listed(countries)}" if countries else ""
    if not found.flows:
        return clean(f"No money is {what}{sectors}{places} yet, so nobody is a giver or receiver")
    return clean(
        f"{money(found.total, found.currency)} {what}{sectors}{places}: "
        f"{count(len(givers), 'giver')}, {count(len(receivers), 'receiver')}"
    )


def unknown_text(found: Funding) -> str:
    """Return which part has no named receiver, and which part is passed on."""
    if not found.flows:
        return ""
    parts = [
        f"{percent(found.unknown_receiver_share)} has a receiver that is not named"
        if found.unknown_receiver_share
        else "Every receiver is named",
    ]
    if found.direct_share:
        parts.append(f"{percent(found.direct_share)} was spent directly on goods and services")
    if found.passed_on:
        parts.append(
            f"{money(found.passed_on, found.currency)} was first received and then passed on, so "
            "it is in the total at each step"
        )
    return opened(f"{'; '.join(parts)}.")


def sentences(found: Funding) -> list[str]:
    """Return the answer in sentences: what is not named, how concentrated, until when."""
    concentrated = [concentration_text(found, one) for one in found.concentration]
    said = [unknown_text(found), *concentrated, found.cliff.statement]
    return [sentence for sentence in said if sentence]


def concentration_text(found: Funding, one: Concentration) -> str:
    """Return how concentrated givers or receivers are."""
    who = "Givers" if one.of == "givers" else "Receivers"
    equal = number(one.equal)
    like = "there is one" if equal == "1" else f"as with {equal} equal ones"
    return clean(
        f"{who}: {_LEVELS[one.level]} (HHI {one.hhi:,.0f} of 10,000, {like}). "
        f"{found.name(one.largest)} has {percent(one.largest_share)}, the three largest "
        f"{percent(one.top_three_share)}."
    )


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
