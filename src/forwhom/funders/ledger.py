"""The ledger: every amount that is read, added up at once, so that memory does not grow."""

from collections import Counter

from forwhom.documents.aid.names import place_code, sector_code
from forwhom.documents.canvas.economy import FundingFlow
from forwhom.documents.results.funding import Basis, FundingRole
from forwhom.funders.division import Cell, Division, Scope
from forwhom.funders.families import Families, Group, Kind, Pair
from forwhom.funders.forecast import Account, Forecast
from forwhom.funders.iati.activities import Activity, Organization, Transaction
from forwhom.funders.iati.codes import (
    ACCOUNTABLE,
    CHANNELS,
    COUNTED,
    EXPENDITURE,
    EXTENDING,
    FUNDING,
    IMPLEMENTING,
    NOT_COUNTED,
    Side,
    form_of,
    term_of,
)
from forwhom.funders.iati.shares import UNKNOWN
from forwhom.funders.organizations import (
    NO_GIVER,
    NOBODY,
    SPENT_DIRECTLY,
    Organizations,
    plain,
)
from forwhom.languages.catalog import later

#: What a role in an activity is in the purchase of what it buys.
ROLES: dict[str, FundingRole] = {
    FUNDING: "donor",
    ACCOUNTABLE: "decision-maker",
    EXTENDING: "decision-maker",
    IMPLEMENTING: "purchaser",
}


class Ledger:
    """Adds up activities and flows."""

    def __init__(self, basis: Basis, scope: Scope, today: str) -> None:
        self.basis = basis
        self.scope = scope
        self.organizations = Organizations()
        self.forecast = Forecast(today)
        #: Amounts that are asked for, and amounts of all sectors and places between two.
        self.groups: dict[Group, dict[Cell, int]] = {}
        self.pairs: dict[Pair, int] = {}
        self.roles: dict[tuple[int, FundingRole], Counter[Cell]] = {}
        self.left_out: Counter[str] = Counter()
        self.activities = 0
        self.transactions = 0
        self.of_measure: Counter[str] = Counter()
        #: How often a party was taken from the participating organizations.
        self.assumed = 0
        self._seen: set[int] = set()
        #: What was read another way than it is written.
        self.odd: Counter[str] = Counter()
        self.today = today
        self.families = Families()

    def add_activity(self, activity: Activity) -> None:
        """Add the money, the plans and the roles of one IATI activity."""
        self.activities += 1
        self.transactions += len(activity.transactions) + len(activity.left_out)
        for reason in activity.left_out:
            self.left_out[reason] += 1
        if activity.secondary:
            self._leave_out(activity, later("transactions of activities by a secondary reporter"))
            return
        if activity.id:
            seen = hash(activity.id)
            if seen in self._seen:
                self._leave_out(activity, later("transactions of activities that are there twice"))
                return
            self._seen.add(seen)
        money = _Money(self, activity)
        self.odd.update(activity.odd)
        for transaction in activity.transactions:
            self.odd[later("transactions after today, which are in the sums")] += (
                transaction.day > self.today
            )
            money.add(transaction)
        cells = money.settle()
        self._add_roles(activity, cells)
        outlook = self.forecast.add_activity(activity, money.share, money.account)
        self.families.add(activity, money.sums, outlook)

    def count_families_once(self) -> None:
        """Take off what parents say that their children say as well; once, at the end."""
        for sums in self.families.said_twice(self.forecast):
            for (group, division), cents in sums.items():
                self.enter(group, -cents, division)

    def _leave_out(self, activity: Activity, reason: str) -> None:
        self.left_out[reason] += len(activity.transactions)

    def add_flow(self, flow: FundingFlow) -> None:
        """Add one flow of a table or a canvas; it counts as spent and as committed."""
        self.transactions += 1
        sector, country = sector_code(flow.sector), place_code(flow.country)
        cents = round(flow.amount * 100)
        self.of_measure[self.basis] += 1
        giver = self.organizations.number(Organization("", " ".join(flow.giver.split()), ""))
        receiver = self.organizations.number(Organization("", " ".join(flow.receiver.split()), ""))
        giver = NO_GIVER if giver is None else giver
        receiver = NOBODY if receiver is None else receiver
        pair: Pair = (giver, receiver, "giver", flow.currency)
        self.pairs[pair] = self.pairs.get(pair, 0) + cents
        if not self.scope.keeps(sector, country):
            return
        cell = (sector, country)
        group = self.groups.setdefault((*pair, _kind_of(flow)), {})
        group[cell] = group.get(cell, 0) + cents
        parties: tuple[tuple[int, FundingRole], ...] = ((giver, "donor"), (receiver, "purchaser"))
        for number, role in parties:
            if number >= 0:
                self.roles.setdefault((number, role), Counter())[cell] += 0
        self.forecast.add_flow(flow.date or "", flow.until or "", cents, flow.currency)

    def enter(self, group: Group, cents: int, division: Division) -> int:
        """Divide an amount among its cells and add it; the part that is asked for."""
        pair = group[:4]
        self.pairs[pair] = self.pairs.get(pair, 0) + cents
        if not division.asked:
            return 0
        sums = self.groups.get(group)
        if sums is None:
            sums = self.groups[group] = {}
        before = asked = 0
        for cell, weight, kept in division.steps:
            until = cents if weight == 1.0 else round(cents * weight)
            if kept:
                sums[cell] = sums.get(cell, 0) + until - before
                asked += until - before
            before = until
        return asked

    def _add_roles(self, activity: Activity, cells: frozenset[Cell]) -> None:
        parties = {
            (number, ROLES[role])
            for role, one in activity.participants
            if role in ROLES and (number := self.organizations.number(one)) is not None
        }
        for party in parties:
            counts = self.roles.get(party)
            if counts is None:
                counts = self.roles[party] = Counter()
            counts.update(cells)


class _Money:
    """The transactions of one activity, added up before they are divided."""

    def __init__(self, ledger: Ledger, activity: Activity) -> None:
        self.ledger = ledger
        self.activity = activity
        self.reporter = ledger.organizations.number(activity.reporter)
        if self.reporter is not None:
            ledger.organizations.reports(self.reporter)
        self._channel = CHANNELS.get(activity.channel, "")
        self._term = term_of(activity.start, activity.end)
        self._own = ledger.scope.division(activity.sectors, activity.places)
        #: The only organization with a role, where there is one beside the reporter.
        self._alone: dict[str, int | None] = {}
        self.sums: dict[tuple[Group, Division], int] = {}
        self.account = Account()
        self.share = 0.0

    def add(self, transaction: Transaction) -> None:
        """Add one transaction, or count why it is left out."""
        ledger = self.ledger
        counted = COUNTED.get(transaction.code)
        if counted is None:
            reason = NOT_COUNTED.get(transaction.code, later("unknown transaction types"))
            ledger.left_out[reason] += 1
            return
        measure, side = counted
        self.account.add(measure, side, transaction)
        ledger.of_measure[measure] += 1
        if measure != ledger.basis:
            return
        giver, receiver = self._parties(transaction, side)
        kind = (
            later("humanitarian") if transaction.humanitarian else later("development"),
            self._channel,
            form_of(transaction.finance),
            transaction.earmarking,
            self._term,
        )
        key = ((giver, receiver, side, transaction.currency, kind), self._division(transaction))
        self.sums[key] = self.sums.get(key, 0) + transaction.cents

    def _division(self, transaction: Transaction) -> Division:
        sectors, places = transaction.sectors, transaction.places
        if sectors is None and places is None:
            return self._own
        return self.ledger.scope.division(
            self.activity.sectors if sectors is None else sectors,
            self.activity.places if places is None else places,
        )

    def _parties(self, transaction: Transaction, side: Side) -> tuple[int, int]:
        """Return giver and receiver; who is not named on its own side is the reporter."""
        if side == "receiver":
            receiver = self._named(transaction.receiver, NOBODY)
            found = self._number(transaction.giver)
            return self._only(FUNDING, NO_GIVER, receiver) if found is None else found, receiver
        giver = self._named(transaction.giver, NO_GIVER)
        found = self._number(transaction.receiver)
        if transaction.code == EXPENDITURE and (
            found is None
            or _same(transaction.receiver, transaction.giver or self.activity.reporter)
        ):
            return giver, SPENT_DIRECTLY
        return giver, self._only(IMPLEMENTING, NOBODY, giver) if found is None else found

    def _number(self, organization: Organization | None) -> int | None:
        return None if organization is None else self.ledger.organizations.number(organization)

    def _named(self, organization: Organization | None, otherwise: int) -> int:
        """Return who is named, or else the reporter."""
        number = self._number(organization)
        number = self.reporter if number is None else number
        return otherwise if number is None else number

    def _only(self, role: str, otherwise: int, other: int) -> int:
        """Return the one organization that has a role beside the other party, if there is one."""
        if role not in self._alone:
            self._alone[role] = self._alone_in(role)
        number = self._alone[role]
        if number is None or number == other:
            return otherwise
        self.ledger.assumed += 1
        return number

    def _alone_in(self, role: str) -> int | None:
        found = {_identity(one): one for given, one in self.activity.participants if given == role}
        found.pop("", None)
        if len(found) != 1 or _identity(self.activity.reporter) in found:
            return None
        (party,) = found.values()
        return self._number(party)

    def settle(self) -> frozenset[Cell]:
        """Enter all sums; the sectors and places of the activity that are asked for."""
        ledger, activity = self.ledger, self.activity
        total = asked = 0
        cells: frozenset[Cell] = frozenset()
        for (group, division), cents in self.sums.items():
            part = ledger.enter(group, cents, division)
            total, asked = total + abs(cents), asked + abs(part)
            cells = cells | division.asked if cells else division.asked
        if total and not ledger.scope.everything:
            self.share = asked / total
        else:
            self.share = ledger.scope.share(self._own)
        known = activity.sectors is not UNKNOWN and activity.places is not UNKNOWN
        return self._own.asked if known or not cells else cells


def _kind_of(flow: FundingFlow) -> Kind:
    """Return the kind of money of a flow, as far as its table or canvas says it."""
    earmarked = (flow.earmarked or "").replace("-", " ")
    term = f"{flow.term}-term" if flow.term else ""
    return "", flow.route or "", flow.instrument or "", earmarked, term


def _same(one: Organization | None, other: Organization) -> bool:
    return one is not None and _identity(one) == _identity(other) != ""


def _identity(organization: Organization) -> str:
    return organization.ref.upper() or plain(organization.name)
