"""Programmes and their projects: money that a parent and its children both report, counted once."""

from collections import Counter
from collections.abc import Iterator, Mapping

from forwhom.funders.division import Division
from forwhom.funders.forecast import Forecast, Outlook, same
from forwhom.funders.iati.activities import Activity
from forwhom.funders.iati.codes import Side

#: Aim, channel, form, earmarking and term of money; empty: not said.
Kind = tuple[str, str, str, str, str]
#: Giver, receiver, whose report, currency.
Pair = tuple[int, int, Side, str]
#: A pair and the kind of money.
Group = tuple[int, int, Side, str, Kind]
#: What an activity says: amounts, each with how it divides.
Sums = Mapping[tuple[Group, Division], int]


class Families:
    """Remembers activities with a level or relatives; all others are forgotten at once."""

    def __init__(self) -> None:
        self._members: dict[str, tuple[Sums, Outlook]] = {}
        self._children: dict[str, set[str]] = {}
        #: Parents whose money was taken off, and pairs that may still be counted twice.
        self.once = 0
        self.perhaps = 0
        #: Parents that say as much as their children, to other organizations.
        self.elsewhere = 0

    def add(self, activity: Activity, sums: Sums, outlook: Outlook) -> None:
        """Remember an activity, if it may have relatives: often one side alone names the other."""
        if not activity.id or not (activity.level or activity.parents or activity.children):
            return
        self._members[activity.id] = (dict(sums), outlook)
        self._children.setdefault(activity.id, set()).update(activity.children)
        for parent in activity.parents:
            self._children.setdefault(parent, set()).add(activity.id)

    def said_twice(self, forecast: Forecast) -> Iterator[dict[tuple[Group, Division], int]]:
        """Yield the amounts of parents that their children say as well.

        They are the same money where, between two organizations, the children together say what
        the parent says. Where both say something else, nobody knows: it is counted, and said.
        """
        for parent, names in sorted(self._children.items()):
            children = [
                self._members[one] for one in sorted(names - {parent}) if one in self._members
            ]
            if parent not in self._members or not children:
                continue
            sums, outlook = self._members[parent]
            own, theirs = _pairs(sums), [_pairs(one) for one, _ in children]
            found: dict[tuple[Group, Division], int] = {}
            for pair, cents in own.items():
                there = [{pair: one[pair]} for one in theirs if one[pair]]
                if same({pair: cents}, *there) and there:
                    found |= {key: part for key, part in sums.items() if key[0][:4] == pair}
                elif there:
                    self.perhaps += 1
            again = forecast.take_off(outlook, [one for _, one in children])
            apart = not any(one[pair] for one in theirs for pair in own)
            if apart and same(_totals(own), *map(_totals, theirs)):
                self.elsewhere += 1
            else:
                self.once += bool(found) or again
            if found:
                yield found


def _totals(pairs: Counter[Pair]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (*_, currency), cents in pairs.items():
        found[currency] += cents
    return found


def _pairs(sums: Sums) -> Counter[Pair]:
    found: Counter[Pair] = Counter()
    for (group, _), cents in sums.items():
        found[group[:4]] += cents
    return found
