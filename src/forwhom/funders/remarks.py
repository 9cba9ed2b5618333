from forwhom.documents.results.funding import NODE_NAMES
from forwhom.funders.ledger import Ledger
from forwhom.funders.settlement import Settled
from forwhom.wording import count, money

#: Among so many flows, one alone should not be most of the money.
MANY = 10


def remarks(ledger: Ledger, settled: Settled) -> list[str]:
    """Return sentences about what was left out, assumed, or may be counted twice."""

    def said(cents: int) -> str:
        return money(cents / 100, settled.currency, exact=True)

    found = []
    largest = max(settled.amounts, key=lambda key: (settled.amounts[key], key))
    total = sum(settled.amounts.values())
    if len(settled.amounts) >= MANY and settled.amounts[largest] > total / 2:
        named = {one: known.name for one, known in settled.organizations.items()} | NODE_NAMES
        found.append(
            f"One flow is more than half of all the money ({said(settled.amounts[largest])}, "
            f"{named[largest[0]]} to {named[largest[1]]}): is it a mistake of writing?"
        )
    if settled.pairs:
        found.append(
            f"{count(settled.pairs, 'pair')} of organizations: both sides report money between "
            f"them. The larger report counts; {said(settled.set_aside)} of the other is set aside."
        )
    if settled.internal:
        found.append(f"{said(settled.internal)} stayed inside one organization and is no funding.")
    if settled.perhaps_twice:
        found.append(
            f"Up to {said(settled.perhaps_twice)} may be counted twice: givers reported it "
            "without a receiver, and receivers reported money from those givers."
        )
    if ledger.assumed:
        found.append(
            f"{count(ledger.assumed, 'transaction')} without a giver or a receiver: the only "
            "funding or implementing organization of the activity was taken."
        )
    if ledger.left_out:
        reasons = ", ".join(f"{reason} ({n:,})" for reason, n in ledger.left_out.most_common())
        found.append(f"Left out: {reasons}.")
    if ledger.forecast.without_days:
        found.append(
            f"{count(ledger.forecast.without_days, 'source')} of money without days: not in the "
            "quarters."
        )
    return found
