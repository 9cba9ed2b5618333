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
    if not settled.amounts:
        found.append(
            f"Nothing here is {ledger.basis} yet: there are budgets and plans alone. They say "
            "until when money is known, and not who funds whom."
        )
    total = sum(cents for cents in settled.amounts.values() if cents > 0)
    largest = max(settled.amounts, key=lambda key: (settled.amounts[key], key), default=None)
    many = largest is not None and len(settled.amounts) >= MANY
    if many and largest is not None and settled.amounts[largest] > total / 2:
        named = {one: known.name for one, known in settled.organizations.items()} | NODE_NAMES
        found.append(
            f"One flow is more than half of all the money ({said(settled.amounts[largest])}, "
            f"{named[largest[0]]} to {named[largest[1]]}): is it a mistake of writing?"
        )
    back = -sum(cents for cents in settled.amounts.values() if cents < 0)
    if back:
        found.append(
            f"{said(back)} was paid back or taken back (amounts below 0); it is taken off the "
            "sums, and shares are of what was given."
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
    if ledger.families.once:
        parents = count(ledger.families.once, "activity", "activities")
        found.append(
            f"{parents} and the activities below report the same money, which is counted once."
        )
    if ledger.families.perhaps:
        found.append(
            f"{count(ledger.families.perhaps, 'time')}, an activity and those below it report "
            "different money between the same two organizations: it may be counted twice."
        )
    if any(ledger.odd.values()):
        odd = ", ".join(f"{what} ({n:,})" for what, n in ledger.odd.most_common() if n)
        found.append(f"Read with care: {odd}.")
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
