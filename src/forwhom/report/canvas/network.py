"""Where the participants of a purchase stand on a map: columns by what they do, lanes by segment.

Boxes stand in rows, so that there is a corridor above each row and a gutter beside each column in
which arrows run without crossing a box.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.canvas.keynames import roles_of
from forwhom.documents.participants import Person, PurchaseMap
from forwhom.languages.catalog import later, tr
from forwhom.report.canvas.layout import Block, text_block
from forwhom.report.canvas.sheet import Style
from forwhom.wording import beside, joined

#: Columns in the order in which influence mostly flows, and the roles that stand in each.
COLUMNS: tuple[tuple[str, frozenset[str]], ...] = (
    (later("Use it and benefit"), frozenset({"user", "target-impact", "initiator"})),
    (later("Advise"), frozenset({"influencer", "recommender", "gatekeeper"})),
    (later("Pay and sign"), frozenset({"buyer", "donor", "purchaser"})),
    (later("Decide"), frozenset({"decision-maker", "approver"})),
)
NO_ROLE = later("No role said")
#: Signs and words for what somebody thinks of it, with the color of their box.
STANCES: dict[str, tuple[str, str]] = {
    "supports": (later("+ For it"), "accent-3"),
    "neutral": (later("± Neutral"), "control"),
    "opposes": (later("− Against it"), "accent-6"),
    "unknown": (later("? Not known"), "control"),
}

NAME = Style(14, 18, bold=True)
PLAIN = Style(12, 16, color="muted")
VETO = Style(12, 16, color="notice-line", bold=True)
LANE = Style(14, 19, bold=True, serif=True)
COLUMN = Style(12.5, 17, color="muted", bold=True)

#: Width of a box, room inside it, between ports, and between boxes without arrows.
BOX, INSIDE, PORT, APART = 216.0, 11.0, 19.0, 22.0
#: Width of headings: the four columns that every map has.
WIDEST = 4 * BOX - 24


@dataclass(frozen=True)
class Seated:
    """A participant with the text of their box and their place in the grid of the map."""

    person: Person
    texts: tuple[Block, ...]
    column: int
    row: int

    @property
    def height(self) -> float:
        """Height of the text with the room around it."""
        return sum(b.height for b in self.texts) + 2 * INSIDE + 2 * (len(self.texts) - 1)


@dataclass(frozen=True)
class Lane:
    """A band of rows: those who take part in the purchase of the same segments."""

    heading: Block
    first: int
    rows: int


@dataclass(frozen=True)
class Network:
    """The grid of a map: who stands where, before any arrow."""

    columns: tuple[str, ...]
    lanes: tuple[Lane, ...]
    seated: tuple[Seated, ...]

    @property
    def rows(self) -> int:
        """Number of rows in all lanes."""
        return sum(lane.rows for lane in self.lanes)


def network_of(found: PurchaseMap) -> Network:
    """Return where everybody stands."""
    columns = [tr(name) for name, _ in COLUMNS]
    if any(_column(person) is None for person in found.people):
        columns.append(tr(NO_ROLE))
    lanes: list[Lane] = []
    seated: list[Seated] = []
    first = 0
    for name, people, whose in _groups(found):
        taken = [0] * len(columns)
        for person in people:
            column = _column(person)
            place = len(columns) - 1 if column is None else column
            seated.append(_seated(person, place, first + taken[place], found, whose))
            taken[place] += 1
        heading = text_block(name, WIDEST, LANE, found.right_to_left)
        lanes.append(Lane(heading, first, max(taken)))
        first += max(taken)
    return Network(tuple(columns), tuple(lanes), tuple(seated))


def _groups(found: PurchaseMap) -> Iterator[tuple[str, list[Person], bool]]:
    """Yield the heading of each lane, who stands in it, and whether boxes say for whom."""
    groups: dict[tuple[str, ...], list[Person]] = {}
    for person in found.people:
        groups.setdefault(tuple(sorted(person.segments)), []).append(person)
    # A lane for nearly everybody tells nothing apart: then each box says for whom.
    if len(groups) > max(2, len(found.people) // 2):
        yield tr("Each box says for whose purchase"), list(found.people), True
        return
    for ids, people in sorted(groups.items(), key=lambda pair: len(pair[0]) == 0):
        yield _lane_name(ids, found), people, False


def _column(person: Person) -> int | None:
    """Return the last column for which somebody has a role."""
    fitting = [i for i, (_, roles) in enumerate(COLUMNS) if roles & set(person.roles)]
    return max(fitting, default=None)


def _lane_name(ids: Sequence[str], found: PurchaseMap) -> str:
    return beside(found.segments.get(i, i) for i in ids) if ids else tr("Every segment")


def _seated(person: Person, column: int, row: int, found: PurchaseMap, whose: bool) -> Seated:
    sign, color = STANCES[person.stance]
    stance = Style(12, 16, color=color if color != "control" else "muted", bold=True)
    width = BOX - 2 * INSIDE
    mirrored = found.right_to_left
    texts = [text_block(person.name, width, NAME, mirrored)]
    under = [person.organization, joined(roles_of(person.roles))]
    if whose:
        under.append(tr("For: {name}", name=_lane_name(person.segments, found)))
    texts += [text_block(text, width, PLAIN, mirrored) for text in under]
    texts.append(text_block(tr(sign), width, stance, mirrored))
    if person.veto:
        texts.append(text_block(veto_words(person, found), width, VETO, mirrored))
    return Seated(person, tuple(b for b in texts if b.lines), column, row)


def veto_words(person: Person, found: PurchaseMap) -> str:
    """Return whom somebody with a veto can stop."""
    names = {p.id: p.name for p in found.people}
    whom = joined([names.get(i, i) for i in person.vetoes]) or tr("the purchase")
    return tr("Veto: can stop {whom}", whom=whom)
