"""What the drawing shows: the largest organizations, all others together, and who is not named."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from forwhom.documents.results.funding import (
    DIRECT,
    UNKNOWN_GIVER,
    UNKNOWN_RECEIVER,
    Funding,
)
from forwhom.languages.catalog import later_count, tr, tr_count
from forwhom.report.drawing.palette import accent
from forwhom.report.funding.sentences import PART_NAMES, names_of
from forwhom.wording import joined, money, percent

Middle = Literal["", "sector", "country"]

#: Stands for everything beyond the largest.
OTHERS = "?others"
_MORE: dict[Middle, tuple[str, str]] = {
    "": later_count("{n} other organization", "{n} other organizations"),
    "sector": later_count("{n} other sector", "{n} other sectors"),
    "country": later_count("{n} other country or region", "{n} other countries and regions"),
}


class Node(NamedTuple):
    """One bar of the drawing."""

    id: str
    name: str
    amount: float
    said: str
    #: An accent from 1 on; 0 for nodes that are no single organization.
    accent: int
    #: Whether nobody knows who or what this is.
    unknown: bool


class Band(NamedTuple):
    """Money from a node of one column to a node of the next."""

    start: str
    end: str
    amount: float
    accent: int


class Diagram(NamedTuple):
    """Columns of nodes from left to right, and the bands between each two of them."""

    columns: tuple[tuple[Node, ...], ...]
    bands: tuple[tuple[Band, ...], ...]
    #: Flows that are not drawn, because more money came back than went out.
    not_drawn: int


def diagram(found: Funding, middle: Middle = "", top: int = 10) -> Diagram:
    """Return the nodes and bands of a drawing."""
    pairs: Counter[tuple[str, str, str]] = Counter()
    for flow in found.flows:
        place = {"": "", "sector": flow.sector, "country": flow.country}[middle]
        pairs[(flow.giver, place, flow.receiver)] += round(flow.amount * 100)
    drawn = {key: cents for key, cents in pairs.items() if cents > 0}
    columns, renamed = [], []
    parts = (0, 1, 2) if middle else (0, 2)
    for part in parts:
        sums: Counter[str] = Counter()
        for key, cents in drawn.items():
            sums[key[part]] += cents
        nodes, names = _column(found, sums, middle if part == 1 else "", top, part == 0)
        columns.append(nodes)
        renamed.append(names)
    accents = {node.id: node.accent for node in columns[0]}
    bands: list[Counter[tuple[str, str, int]]] = [Counter() for _ in parts[1:]]
    for key, cents in drawn.items():
        way = [names[key[part]] for part, names in zip(parts, renamed, strict=True)]
        for index, between in enumerate(bands):
            between[(way[index], way[index + 1], accents[way[0]])] += cents
    return Diagram(
        tuple(columns),
        tuple(
            tuple(
                Band(start, end, cents / 100, accent)
                for (start, end, accent), cents in between.items()
            )
            for between in bands
        ),
        sum(cents < 0 for cents in pairs.values()),
    )


def _column(
    found: Funding, sums: Mapping[str, int], what: Middle, top: int, givers: bool
) -> tuple[tuple[Node, ...], dict[str, str]]:
    """Return the nodes of a column, and the node that stands for each id."""
    special = [one for one in (OTHERS, DIRECT, UNKNOWN_GIVER, UNKNOWN_RECEIVER, "") if one in sums]
    ranked = sorted((i for i in sums if i not in special), key=lambda i: (-sums[i], i))
    # One more node takes no more place than "others" with one in it.
    shown = ranked if len(ranked) <= top + 1 else ranked[:top]
    rest = ranked[len(shown) :]
    total = sum(sums.values()) / 100 or 1.0

    def node(one: str, name: str, cents: int, accent: int, unknown: bool = False) -> Node:
        amount = cents / 100
        said = joined([money(amount, found.currency), percent(amount / total)])
        return Node(one, name, amount, said, accent, unknown)

    known = names_of(found)
    nodes = [
        node(one, _name(known, one, what), sums[one], accent(index + 1) if givers else 0)
        for index, one in enumerate(shown)
    ]
    if rest:
        name = tr_count(*_MORE[what], len(rest))
        nodes.append(node(OTHERS, name, sum(sums[one] for one in rest), 0))
    nodes += [node(one, _name(known, one, what), sums[one], 0, one != DIRECT) for one in special]
    names = {one: one for one in (*shown, *special)} | dict.fromkeys(rest, OTHERS)
    return tuple(nodes), names


def _name(known: Mapping[str, str], one: str, what: Middle) -> str:
    if not what:
        return known.get(one, one)
    if one:
        return PART_NAMES[what](one)
    return tr("Sector not said") if what == "sector" else tr("Country not said")
