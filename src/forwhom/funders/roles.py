from collections import Counter

from forwhom.documents.results.funding import FundingRole, RoleShown
from forwhom.funders.ledger import Ledger
from forwhom.funders.settlement import Settled

_ORDER: tuple[FundingRole, ...] = ("donor", "decision-maker", "purchaser")
_Key = tuple[str, FundingRole, str, str]


def roles_of(ledger: Ledger, settled: Settled) -> list[RoleShown]:
    """Return roles by sector and country, with activities that name them and money that shows them.

    An organization that gives money is a donor, also where no activity names it as funding;
    an organization that receives money and is named as implementing, or receives it in a flow of
    a table, is a purchaser. A decision-maker is known only where an activity names it.
    """
    activities: Counter[_Key] = Counter()
    for (number, role), cells in ledger.roles.items():
        for cell, count in cells.items():
            activities[(settled.ids[number], role, *cell)] += count
    money: Counter[_Key] = Counter()
    for (giver, receiver, sector, country, _), cents in settled.amounts.items():
        if giver in settled.organizations:
            money[(giver, "donor", sector, country)] += cents
        purchaser: _Key = (receiver, "purchaser", sector, country)
        if purchaser in activities:
            money[purchaser] += cents
    found = [
        RoleShown(
            organization=key[0],
            role=key[1],
            sector=key[2],
            country=key[3],
            activities=activities[key],
            amount=money[key] / 100,
        )
        for key in {*activities, *(key for key, cents in money.items() if cents > 0)}
    ]
    found.sort(
        key=lambda one: (
            one.sector,
            one.country,
            _ORDER.index(one.role),
            -one.amount,
            -one.activities,
            one.organization,
        )
    )
    return found
