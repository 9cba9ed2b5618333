"""Money by quarter: what was spent, and what is planned, budgeted or promised from today on."""

import datetime
from collections import Counter
from collections.abc import Sequence

from forwhom.funders.iati.activities import Activity, Period, Transaction
from forwhom.funders.iati.codes import Measure, Side
from forwhom.funders.quarters import (
    DAYS_OF_QUARTER,
    first_day,
    ordinal,
    quarter_of,
    spread,
)

#: How far the forecast looks, in days: twenty years.
HORIZON = 7305


class Account:
    """What one activity paid and promised, for the forecast."""

    __slots__ = ("gave", "left", "spent")

    def __init__(self) -> None:
        #: Whether the reporter says that it paid somebody.
        self.gave = False
        #: Committed and not yet spent, by currency, in hundredths.
        self.left: dict[str, int] = {}
        #: Whose report, day, currency and hundredths of what was spent.
        self.spent: list[tuple[Side, str, str, int]] = []

    def add(self, measure: Measure, side: Side, transaction: Transaction) -> None:
        """Add one transaction."""
        cents, currency = transaction.cents, transaction.currency
        spent = measure == "spent"
        if side == "giver":
            self.left[currency] = self.left.get(currency, 0) + (-cents if spent else cents)
            self.gave = self.gave or spent
        if spent:
            self.spent.append((side, transaction.day, currency, cents))


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

    def add_activity(self, activity: Activity, share: float, account: Account) -> None:
        """Add one activity."""
        if not share:
            return
        side = "giver" if account.gave else "receiver"
        for who, day, currency, cents in account.spent:
            if who == side and self._past <= day <= self._now:
                number = ordinal(day)
                if number is not None:
                    self.spent[(quarter_of(number), currency)] += round(cents * share)
        self._add_plans(self._plans(activity, account), share)

    def _plans(self, activity: Activity, account: Account) -> list[tuple[int, int, int, str]]:
        """Return what is planned: disbursements, else budgets, else promises not yet kept."""
        for periods in (activity.planned, _in_force(activity.budgets)):
            found = [plan for one in periods if (plan := self._plan(one)) is not None]
            if found:
                return found
        promised = [(currency, cents) for currency, cents in account.left.items() if cents > 0]
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

    def _add_plans(self, plans: Sequence[tuple[int, int, int, str]], share: float) -> None:
        if not plans:
            return
        first, last = self.today + 1, max(end for _, end, _, _ in plans)
        sums: Counter[str] = Counter()
        for start, end, cents, currency in plans:
            for quarter, part in spread(cents, start, end, first, self._last):
                asked = round(part * share)
                self.planned[(quarter, currency)] += asked
                sums[currency] += asked
        if last > self._last:
            return
        self.ending[quarter_of(last)] += 1
        for currency, cents in sums.items():
            per_quarter = cents / (last - self.today) * DAYS_OF_QUARTER
            self.ends[(quarter_of(last), currency)] += round(min(per_quarter, cents))

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
            self.ends[(quarter_of(last), currency)] += round(min(per_quarter, cents))


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
