"""Money by quarter: what was spent, and what is planned, budgeted or promised from today on."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from forwhom.funders.iati.activities import Activity, Period, Transaction
from forwhom.funders.iati.codes import Measure, Side
from forwhom.funders.quarters import (
    DAYS_OF_QUARTER,
    first_day,
    ordinal,
    quarter_of,
    spread,
)

_Key = TypeVar("_Key", bound=Hashable)

#: Sums that differ by no more than this part are the same money, rounded.
SAME = 0.01
#: How far the forecast looks, in days: twenty years.
HORIZON = 7305


class Account:
    """What one activity paid and promised, for the forecast."""

    __slots__ = ("committed", "gave", "left", "spent")

    def __init__(self) -> None:
        #: Whether the reporter says that it paid somebody.
        self.gave = False
        #: Committed, and committed and not yet spent, by currency, in hundredths.
        self.committed: dict[str, int] = {}
        self.left: dict[str, int] = {}
        #: Whose report, day, currency and hundredths of what was spent.
        self.spent: list[tuple[Side, str, str, int]] = []

    def add(self, measure: Measure, side: Side, transaction: Transaction) -> None:
        """Add one transaction."""
        cents, currency = transaction.cents, transaction.currency
        spent = measure == "spent"
        if side == "giver":
            self.left[currency] = self.left.get(currency, 0) + (-cents if spent else cents)
            if not spent:
                self.committed[currency] = self.committed.get(currency, 0) + cents
            self.gave = self.gave or spent
        if spent:
            self.spent.append((side, transaction.day, currency, cents))


class Outlook(NamedTuple):
    """What one activity added: its share that is asked for, what was spent, what is planned."""

    share: float
    spent: list[tuple[int, str, int]]  # day, currency, hundredths
    plans: list[tuple[int, int, int, str]]  # first and last day, hundredths, currency

    @staticmethod
    def sums(spent: Sequence[tuple[int, str, int]]) -> Counter[str]:
        """Return what was spent by currency."""
        found: Counter[str] = Counter()
        for _, currency, cents in spent:
            found[currency] += cents
        return found

    def plan_sums(self) -> Counter[str]:
        """Return what is planned by currency."""
        found: Counter[str] = Counter()
        for _, _, cents, currency in self.plans:
            found[currency] += cents
        return found


def same(parent: Mapping[_Key, int], *children: Mapping[_Key, int]) -> bool:
    """Return whether children together say what their parent says, within a hundredth."""
    total: Counter[_Key] = Counter()
    for one in children:
        total.update(one)
    keys = {key for sums in (parent, total) for key, cents in sums.items() if cents}
    return bool(keys) and all(
        abs(parent.get(key, 0) - total[key]) <= abs(parent.get(key, 0)) * SAME for key in keys
    )


class Forecast:
    """Adds up money by quarter, around one day."""

    def __init__(self, today: str) -> None:
        self.today = datetime.date.fromisoformat(today).toordinal()
        self.first = quarter_of(self.today) - 4
        self._begun = first_day(self.first)
        self._past = datetime.date.fromordinal(self._begun).isoformat()
        self._now = today
        self._last = min(self.today + HORIZON, datetime.date.max.toordinal() - 400)
        #: By quarter and currency, in hundredths.
        self.spent: Counter[tuple[int, str]] = Counter()
        self.planned: Counter[tuple[int, str]] = Counter()
        self.ends: Counter[tuple[int, str]] = Counter()
        self.ending: Counter[int] = Counter()
        self.without_days = 0
        #: The last day of a budget or a plan that is over; empty: there is none.
        self.over = ""

    def add_activity(self, activity: Activity, share: float, account: Account) -> Outlook:
        """Add one activity; what was added, so that it can be taken off again."""
        self.over = max(self.over, activity.over)
        if not share:
            return Outlook(share, [], [])
        side = "giver" if account.gave else "receiver"
        spent = [
            (number, currency, cents)
            for who, day, currency, cents in account.spent
            if who == side and self._past <= day <= self._now
            and (number := ordinal(day)) is not None
        ]  # fmt: skip
        outlook = Outlook(share, spent, self._plans(activity, account))
        self._add_spent(outlook, 1)
        self._add_plans(outlook, 1)
        return outlook

    def take_off(self, parent: Outlook, children: Sequence[Outlook]) -> bool:
        """Take off what a parent says that its children say as well; whether it was something."""
        again = False
        if same(parent.sums(parent.spent), *(one.sums(one.spent) for one in children)):
            self._add_spent(parent, -1)
            again = True
        plans, others = parent.plan_sums(), [one.plan_sums() for one in children]
        if same(plans, *others):
            self._add_plans(parent, -1)
            again = True
        return again

    def _add_spent(self, outlook: Outlook, sign: int) -> None:
        for number, currency, cents in outlook.spent:
            self.spent[(quarter_of(number), currency)] += sign * round(cents * outlook.share)

    def _plans(self, activity: Activity, account: Account) -> list[tuple[int, int, int, str]]:
        """Return what is planned: disbursements, else budgets, else promises not yet kept.

        Budgets also stand in for the days about which no planned disbursement says anything.
        """
        budgets = [
            one for one in _in_force(activity.budgets)
            if not any(p.start <= one.end and one.start <= p.end for p in activity.planned)
        ]  # fmt: skip
        periods = (*activity.planned, *budgets)
        found = [plan for one in periods if (plan := self._plan(one)) is not None]
        if found:
            return found
        # What was paid back is no promise: no more is left than was committed.
        left = {c: min(cents, account.committed.get(c, 0)) for c, cents in account.left.items()}
        promised = [(currency, cents) for currency, cents in left.items() if cents > 0]
        end = ordinal(activity.end) if activity.end > self._now else None
        if end is None:
            self.without_days += bool(promised) and not activity.end
            return []
        return [(self.today + 1, end, cents, currency) for currency, cents in promised]

    def _plan(self, period: Period) -> tuple[int, int, int, str] | None:
        start, end = ordinal(period.start), ordinal(period.end)
        if start is None or end is None or end <= self.today or not period.cents:
            return None
        return start, end, period.cents, period.currency

    def _add_plans(self, outlook: Outlook, sign: int) -> None:
        plans, share = outlook.plans, outlook.share
        if not plans:
            return
        first, last = self.today + 1, max(end for _, end, _, _ in plans)
        sums: Counter[str] = Counter()
        for start, end, cents, currency in plans:
            for quarter, part in spread(cents, start, end, first, self._last):
                asked = sign * round(part * share)
                self.planned[(quarter, currency)] += asked
                sums[currency] += asked
        if last > self._last:
            return
        self.ending[quarter_of(last)] += sign
        for currency, cents in sums.items():
            per_quarter = cents / (last - self.today) * DAYS_OF_QUARTER
            self.ends[(quarter_of(last), currency)] += round(_smaller(per_quarter, cents))

    def add_flow(self, start: str, end: str, cents: int, currency: str) -> None:
        """Add a flow of a table or a canvas, spread over its days."""
        first, last = ordinal(start or end), ordinal(end or start)
        if first is None or last is None or last < first:
            self.without_days += 1
            return
        if not start and last > self.today:  # nobody said from when: what is left is still to come
            first = self.today + 1
        for quarter, part in spread(cents, first, last, self._begun, self.today):
            self.spent[(quarter, currency)] += part
        for quarter, part in spread(cents, first, last, self.today + 1, self._last):
            self.planned[(quarter, currency)] += part
        if self.today < last <= self._last:
            self.ending[quarter_of(last)] += 1
            per_quarter = cents / (last - first + 1) * DAYS_OF_QUARTER
            self.ends[(quarter_of(last), currency)] += round(_smaller(per_quarter, cents))


def _smaller(one: float, other: float) -> float:
    """Return the amount nearer to 0: what is paid back is below it."""
    return min(one, other, key=abs)


def _in_force(budgets: Sequence[Period]) -> list[Period]:
    """Return the budgets without those that a revised one replaces."""
    revised = [one for one in budgets if one.revised]
    if not revised:
        return list(budgets)
    return [
        one
        for one in budgets
        if one.revised or not any(r.start <= one.end and one.start <= r.end for r in revised)
    ]
