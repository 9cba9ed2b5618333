from collections import Counter
from collections.abc import Callable, Iterator

from forwhom.documents.results.funding import NODE_NAMES, Basis
from forwhom.funders.ledger import Ledger
from forwhom.funders.settlement import Settled
from forwhom.languages.catalog import later, tr, tr_count, whole
from forwhom.wording import apart, joined, money

#: Among so many flows, one alone should not be most of the money.
MANY = 10
_NOTHING_YET: dict[Basis, str] = {
    "spent": later(
        "Nothing here is spent yet: there are budgets and plans alone. They say until when money "
        "is known, and not who funds whom."
    ),
    "committed": later(
        "Nothing here is committed yet: there are budgets and plans alone. They say until when "
        "money is known, and not who funds whom."
    ),
}


def remarks(ledger: Ledger, settled: Settled) -> list[str]:
    """Return sentences about what was left out, assumed, or may be counted twice."""

    def said(cents: int) -> str:
        return money(cents / 100, settled.currency, exact=True)

    return [
        *_of_the_whole(ledger, settled, said),
        *_counted_once(settled, said),
        *_of_families(ledger),
        *_as_written(ledger),
    ]


def _of_the_whole(ledger: Ledger, settled: Settled, said: Callable[[int], str]) -> Iterator[str]:
    amounts = settled.amounts
    if not amounts:
        yield tr(_NOTHING_YET[ledger.basis])
        return
    largest = max(amounts, key=lambda key: (amounts[key], key))
    total = sum(cents for cents in amounts.values() if cents > 0)
    if len(amounts) >= MANY and amounts[largest] > total / 2:
        named = {one: known.name for one, known in settled.organizations.items()}
        named |= {one: tr(name) for one, name in NODE_NAMES.items()}
        yield tr(
            "One flow is more than half of all the money ({amount}, {giver} to {receiver}): "
            "is it a mistake of writing?",
            amount=said(amounts[largest]), giver=apart(named[largest[0]]),
            receiver=apart(named[largest[1]]),
        )  # fmt: skip
    back = -sum(cents for cents in amounts.values() if cents < 0)
    if back:
        yield tr(
            "{amount} more came back than went out, where that is so between two organizations "
            "for a sector and a place; it is taken off the sums, and shares are of what was given.",
            amount=said(back),
        )


def _counted_once(settled: Settled, said: Callable[[int], str]) -> Iterator[str]:
    if settled.pairs:
        yield tr_count(
            "{n} pair of organizations: both sides report money between them. The larger report "
            "counts; {amount} of the other is set aside.",
            "{n} pairs of organizations: both sides report money between them. The larger report "
            "counts; {amount} of the other is set aside.",
            settled.pairs,
            amount=said(settled.set_aside),
        )
    if settled.internal:
        yield tr(
            "{amount} stayed inside one organization and is no funding.",
            amount=said(settled.internal),
        )
    if settled.perhaps_twice:
        yield tr(
            "Up to {amount} may be counted twice: givers reported it without a receiver, and "
            "receivers reported money from those givers.",
            amount=said(settled.perhaps_twice),
        )


def _of_families(ledger: Ledger) -> Iterator[str]:
    if ledger.families.once:
        yield tr_count(
            "{n} activity and the activities below report the same money, which is counted once.",
            "{n} activities and the activities below report the same money, which is counted once.",
            ledger.families.once,
        )
    if ledger.families.elsewhere:
        yield tr_count(
            "{n} activity and the activities below report as much money, to different "
            "organizations: it may be counted twice.",
            "{n} activities and the activities below report as much money, to different "
            "organizations: it may be counted twice.",
            ledger.families.elsewhere,
        )
    if ledger.families.perhaps:
        yield tr_count(
            "{n} time, an activity and those below it report different money between the same two "
            "organizations: it may be counted twice.",
            "{n} times, an activity and those below it report different money between the same two "
            "organizations: it may be counted twice.",
            ledger.families.perhaps,
        )


def _as_written(ledger: Ledger) -> Iterator[str]:
    if any(ledger.odd.values()):
        yield tr("Read with care: {what}.", what=_how_often(ledger.odd))
    if ledger.assumed:
        yield tr_count(
            "{n} transaction without a giver or a receiver: the only funding or implementing "
            "organization of the activity was taken.",
            "{n} transactions without a giver or a receiver: the only funding or implementing "
            "organization of the activity was taken.",
            ledger.assumed,
        )
    if ledger.left_out:
        yield tr("Left out: {what}.", what=_how_often(ledger.left_out))
    if ledger.forecast.without_days:
        yield tr_count(
            "{n} source of money without days: not in the quarters.",
            "{n} sources of money without days: not in the quarters.",
            ledger.forecast.without_days,
        )


def _how_often(counts: Counter[str]) -> str:
    """Return our own words for what was counted, each with how often, the most frequent first."""
    return joined([f"{tr(what)} ({whole(n)})" for what, n in counts.most_common() if n])
