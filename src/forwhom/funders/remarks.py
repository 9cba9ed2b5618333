from collections.abc import Callable, Iterator

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

    return [
        *_of_the_whole(ledger, settled, said),
        *_counted_once(ledger, settled, said),
        *_as_written(ledger),
    ]


def _of_the_whole(ledger: Ledger, settled: Settled, said: Callable[[int], str]) -> Iterator[str]:
    amounts = settled.amounts
    if not amounts:
        yield (
            f"Nothing here is {ledger.basis} yet: there are budgets and plans alone. They say "
            "until when money is known, and not who funds whom."
        )
        return
    largest = max(amounts, key=lambda key: (amounts[key], key))
    total = sum(cents for cents in amounts.values() if cents > 0)
    if len(amounts) >= MANY and amounts[largest] > total / 2:
        named = {one: known.name for one, known in settled.organizations.items()} | NODE_NAMES
        yield (
            f"One flow is more than half of all the money ({said(amounts[largest])}, "
            f"{named[largest[0]]} to {named[largest[1]]}): is it a mistake of writing?"
        )
    back = -sum(cents for cents in amounts.values() if cents < 0)
    if back:
        yield (
            f"{said(back)} was paid back or taken back (amounts below 0); it is taken off the "
            "sums, and shares are of what was given."
        )


def _counted_once(ledger: Ledger, settled: Settled, said: Callable[[int], str]) -> Iterator[str]:
    if settled.pairs:
        yield (
            f"{count(settled.pairs, 'pair')} of organizations: both sides report money between "
            f"them. The larger report counts; {said(settled.set_aside)} of the other is set aside."
        )
    if settled.internal:
        yield f"{said(settled.internal)} stayed inside one organization and is no funding."
    if settled.perhaps_twice:
        yield (
            f"Up to {said(settled.perhaps_twice)} may be counted twice: givers reported it "
            "without a receiver, and receivers reported money from those givers."
        )
    if ledger.families.once:
        parents = count(ledger.families.once, "activity", "activities")
        yield f"{parents} and the activities below report the same money, which is counted once."
    if ledger.families.perhaps:
        yield (
            f"{count(ledger.families.perhaps, 'time')}, an activity and those below it report "
            "different money between the same two organizations: it may be counted twice."
        )


def _as_written(ledger: Ledger) -> Iterator[str]:
    if any(ledger.odd.values()):
        odd = ", ".join(f"{what} ({n:,})" for what, n in ledger.odd.most_common() if n)
        yield f"Read with care: {odd}."
    if ledger.assumed:
        yield (
            f"{count(ledger.assumed, 'transaction')} without a giver or a receiver: the only "
            "funding or implementing organization of the activity was taken."
        )
    if ledger.left_out:
        reasons = ", ".join(f"{reason} ({n:,})" for reason, n in ledger.left_out.most_common())
        yield f"Left out: {reasons}."
    if ledger.forecast.without_days:
        yield (
            f"{count(ledger.forecast.without_days, 'source')} of money without days: not in the "
            "quarters."
        )
