"""How the customers differ: what the verdict on structure rests on, and what its picture shows."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.nouns import forms_of
from forwhom.documents.segmentation import Segment, Segmentation, Variable, VariableProfile
from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.documents.verdict import Noun
from forwhom.languages.catalog import tr, tr_count, whole
from forwhom.languages.units import unit_alone
from forwhom.report.segmentation.cards import Card
from forwhom.report.segmentation.terms import term
from forwhom.wording import (
    apart,
    beside,
    decimal,
    is_spoken,
    listed,
    pair,
    percent,
    quoted,
)

#: How many variables the picture of a scale names; a table holds all of them.
_SHOWN = 4
#: Mutual overlap from which segments of different islands are joined by a broken line.
_NOTABLE = 0.05


@dataclass(frozen=True)
class Move:
    """How one variable moves along the scale: its label, and its values from low to high."""

    label: str
    unit: str
    values: tuple[str, str, str]
    loading: str


@dataclass(frozen=True)
class Band:
    """A band of the scale: the shares of the customers below its borders."""

    card: Card
    low: float
    high: float


@dataclass(frozen=True)
class Link:
    """Two segments that overlap, and whether they are slices of one continuum."""

    first: int
    second: int
    overlap: float
    joined: bool


@dataclass(frozen=True)
class Differences:
    """How the customers differ: sentences, figures, and what is drawn."""

    noun: Noun
    told: bool  # whether it is known that they are groups, or degrees
    sentences: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]
    bands: tuple[Band, ...]
    islands: tuple[tuple[Card, ...], ...]
    links: tuple[Link, ...]

    @property
    def drawn(self) -> tuple[Move, ...]:
        """The variables that the picture names."""
        return self.moves[:_SHOWN]

    @property
    def caption(self) -> str:
        """What the picture shows, for those who see it."""
        return " ".join(self._of_islands() if self.islands else self._of_scale())

    def _of_scale(self) -> Iterator[str]:
        yield tr(
            "Customers along the scale, drawn as the bell curve that its model assumes: low on the "
            "left, high on the right."
        )
        if self.bands:
            yield tr(
                "Lines are the borders of the {nouns}, with the share of all customers below them.",
                **forms_of(self.noun),
            )
        yield tr("Under it stands what moves, with its expected values.")

    def _of_islands(self) -> Iterator[str]:
        yield tr("Each circle is a {noun}, as large as its share.", **forms_of(self.noun))
        if any(link.joined for link in self.links):
            yield (
                tr("Circles joined in one frame are slices of one continuum.")
                if self.told
                else tr("Circles joined in one frame are not told apart.")
            )
        if not all(link.joined for link in self.links):
            yield tr("Dotted lines join those that overlap all the same.")

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """What moves along the scale, as a table."""
        return [(m.label + m.unit, *m.values, m.loading) for m in self.moves]


def differences(segmentation: Segmentation, cards: Sequence[Card]) -> Differences | None:
    """Return how the customers differ; ``None`` where nothing tested it."""
    structure = segmentation.structure
    if structure is None:
        return None
    scale = structure.scale if structure.verdict == "scale" else None
    one_line = scale is not None and scale.dimensions == 1
    islands = () if one_line else _islands(structure, len(cards))
    known = {v.name: v for v in segmentation.variables}
    moved = scale or structure.style
    return Differences(
        noun=segmentation.noun,
        told=structure.tells,
        sentences=tuple(_sentences(structure)),
        figures=tuple(_figures(structure)),
        moves=() if moved is None else tuple(_move(m, known, moved) for m in moved.variables),
        bands=_bands(scale, segmentation.segments, cards) if scale and one_line else (),
        islands=tuple(tuple(cards[i - 1] for i in island) for island in islands),
        links=tuple(_links(segmentation.overlap, islands)),
    )


def _sentences(structure: Structure) -> Iterator[str]:
    looked = tr_count(
        "{n} customer was looked at.", "{n} customers were looked at.", structure.rows
    )
    if structure.difference is None:
        yield looked
    else:
        yield f"{looked} {' '.join(_contest(structure, structure.difference))}"
    if structure.null_sets and structure.certainty_z is not None:
        yield " ".join(_sought(structure, structure.null_sets, structure.certainty_z))
    yield tr(
        "This says nothing about whether the same segments would be found in other data, nor "
        "whether it pays to treat them differently."
    )


def _contest(structure: Structure, difference: float) -> Iterator[str]:
    if structure.continuum:
        yield tr(
            "Two descriptions compete: separate groups, and a continuum without borders (the "
            "nearest: {continuum}).",
            continuum=apart(term("continuum", structure.continuum)),
        )
    else:
        yield tr("Two descriptions compete: separate groups, and a continuum without borders.")
    yield tr(
        "Over {high}, their difference in BIC speaks for groups; under {low}, for a continuum; "
        "between, for neither. It is {difference}.",
        high=apart("10"),
        low=apart("−10"),
        difference=apart(decimal(difference, 1)),
    )


def _sought(structure: Structure, sets: int, certainty: float) -> Iterator[str]:
    """Yield what was found in customers who are no groups, against what was found here."""
    yield tr_count(
        "The groups were sought again in {n} set of made-up customers who have the same values and "
        "correlations, but no groups.",
        "The groups were sought again in {n} sets of made-up customers who have the same values "
        "and correlations, but no groups.",
        sets,
    )
    values = {"z": apart(decimal(certainty, 1)), "least": decimal(2.5, 1)}
    if structure.separation_z is None:
        yield tr(
            "Here they are {z} standard deviations surer than there; {least} are asked for.",
            **values,
        )
    else:
        yield tr(
            "Here they are {z} standard deviations surer, and {apart} farther apart, than there; "
            "{least} are asked for.",
            apart=apart(decimal(structure.separation_z, 1)),
            **values,
        )


def _figures(structure: Structure) -> Iterator[tuple[str, str]]:
    yield tr("Customers looked at"), whole(structure.rows)
    if structure.continuum is not None:
        yield tr("Nearest continuum"), term("continuum", structure.continuum)
    if structure.difference is not None:
        yield tr("Continuum minus groups, BIC"), decimal(structure.difference, 1)
    if structure.islands:
        told = (listed([str(i) for i in sorted(one)], most=None) for one in structure.islands)
        yield tr("What hangs together"), beside(told)
    if structure.certainty_z is not None:
        yield tr("Certainty, against made-up data"), _deviations(structure.certainty_z)
    if structure.separation_z is not None:
        yield tr("Separation, against made-up data"), _deviations(structure.separation_z)
    scale = structure.scale or structure.style
    if scale is not None and scale.reliability is not None:
        yield tr("Scale determined by the values"), percent(scale.reliability)
    if scale is not None and scale.kept is not None:
        yield tr("Of the scale, kept by the bands"), percent(scale.kept)


def _deviations(z: float) -> str:
    return tr("{z} SD", z=decimal(z, 1))


def _move(moved: ScaleVariable, known: dict[str, Variable], scale: Scale) -> Move:
    variable = known.get(moved.variable)
    label = moved.variable if variable is None else variable.label
    unit = "share" if moved.level is not None else None if variable is None else variable.unit
    spoken = unit if unit is not None and is_spoken(unit) else None
    told = unit if spoken is None else None  # its heading says the unit
    low, high = pair(moved.low, moved.high, told)
    middle = pair(moved.middle, moved.high, told)[0]
    label = label if moved.level is None else f"{label}: {quoted(moved.level, 40)}"
    return Move(
        label=label if scale.dimensions == 1 else _on_scale(label, moved.dimension),
        unit=f" ({unit_alone(spoken)})" if spoken else "",
        values=(low, middle, high),
        loading=decimal(moved.loading, sign=True),
    )


def _on_scale(label: str, number: int) -> str:
    return tr("{label} (scale {number})", label=label, number=number)


def _bands(scale: Scale, segments: Sequence[Segment], cards: Sequence[Card]) -> tuple[Band, ...]:
    """Return the bands from low to high, by what their members have of what moves."""
    if len(segments) < 2:
        return ()
    order = sorted(range(len(cards)), key=lambda i: (_position(scale, segments[i]), i))
    total = sum(card.share for card in cards) or 1.0
    ends = list(itertools.accumulate((cards[i].share / total for i in order), initial=0.0))
    return tuple(Band(cards[i], ends[at], ends[at + 1]) for at, i in enumerate(order))


def _position(scale: Scale, segment: Segment) -> float:
    """Return where the members stand on a scale: deviations from the sample, by their loadings."""
    profiles = {profile.variable: profile for profile in segment.profile}
    told = [
        (moved.loading, deviation)
        for moved in scale.variables
        if (deviation := _deviation(profiles.get(moved.variable), moved.level)) is not None
    ]
    weight = sum(abs(loading) for loading, _ in told)
    return sum(loading * deviation for loading, deviation in told) / weight if weight else 0.0


def _deviation(profile: VariableProfile | None, level: str | None) -> float | None:
    if profile is None:
        return None
    if level is None:
        inside, sample = profile.inside, profile.sample
        if inside is None or sample is None or sample.sd <= 0:
            return None
        return (inside.mean - sample.mean) / sample.sd
    found = next((one for one in profile.levels if one.level == level), None)
    if found is None or found.inside is None or not found.sample or found.sample >= 1:
        return None
    return (found.inside - found.sample) / math.sqrt(found.sample * (1 - found.sample))


def _islands(structure: Structure, k: int) -> tuple[tuple[int, ...], ...]:
    """Return the islands with every segment on one of them; a scale makes one of all."""
    if k < 2:
        return ()
    if not structure.islands:
        return (tuple(range(1, k + 1)),) if structure.verdict == "scale" else ()
    told = [tuple(sorted(island)) for island in structure.islands]
    named = set(itertools.chain.from_iterable(told))
    return (*sorted(told), *((i,) for i in range(1, k + 1) if i not in named))


def _links(overlap: Sequence[Sequence[float]], islands: Sequence[Sequence[int]]) -> Iterator[Link]:
    """Yield the strongest lines that join each island, and what overlaps between islands."""
    place = {i: number for number, island in enumerate(islands) for i in island}
    pairs = sorted(
        ((_mutual(overlap, i, j), i, j) for i, j in itertools.combinations(sorted(place), 2)),
        key=lambda found: (-found[0], found[1:]),
    )
    tree = {i: i for i in place}
    for shared, i, j in pairs:
        together = place[i] == place[j]
        if together and tree[i] != tree[j]:
            old = tree[j]
            tree = {one: tree[i] if top == old else top for one, top in tree.items()}
            yield Link(i, j, shared, joined=True)
        elif not together and shared >= _NOTABLE:
            yield Link(i, j, shared, joined=False)


def _mutual(overlap: Sequence[Sequence[float]], i: int, j: int) -> float:
    return (overlap[i - 1][j - 1] + overlap[j - 1][i - 1]) / 2
