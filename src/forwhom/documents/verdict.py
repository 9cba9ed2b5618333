"""The verdict on structure in plain words: groups or degrees, and what that means for their use."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

from forwhom.documents.nouns import numbered, phrase, so_many
from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.languages.catalog import later, later_count, tr, tr_count, whole
from forwhom.wording import (
    apart,
    beside,
    is_share,
    listed,
    opened,
    pair,
    percent,
    quantity,
    quoted,
    tr_counted,
)

#: What a segment may be called: a group only where the data show groups.
Noun = Literal["group", "band", "cut", "segment"]

#: What each of these words means, for a reader.
MEANINGS: dict[Noun, str] = {
    "group": later(
        "Customers who resemble each other and stand apart from the others: the data show it."
    ),
    "band": later(
        "A stretch of the sliding scale, from one border to the next. Customers on both sides of a "
        "border hardly differ."
    ),
    "cut": later(
        "A part of customers who differ by degrees, divided for use. Customers on both sides of a "
        "cut hardly differ."
    ),
    "segment": later("Customers who resemble each other on the active variables, taken together."),
}
_CLEAR = later_count("{n} clear group among {customers}", "{n} clear groups among {customers}")
_CLEAR_IN = later_count(
    "{n} clear group among {customers}, in {parts}",
    "{n} clear groups among {customers}, in {parts}",
)
_LIKELY = later_count("{n} likely group among {customers}", "{n} likely groups among {customers}")
_LIKELY_IN = later_count(
    "{n} likely group among {customers}, in {parts}",
    "{n} likely groups among {customers}, in {parts}",
)
_ALIKE = later(
    "Where a number can be used, use the score of a customer: bands treat alike what differs by "
    "degrees."
)
_ALIKE_CUTS = later(
    "Where a number can be used, use the score of a customer: cuts treat alike what differs by "
    "degrees."
)
#: How many variables a sentence says of a scale, and how much of their labels.
_MOVING = 4
_LABEL = 60


class _Variable(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str | None: ...


class _Segment(Protocol):
    @property
    def standing(self) -> Literal["own", "slice"] | None: ...
    @property
    def neighbors(self) -> Sequence[int]: ...


def noun_of(structure: Structure | None, k: int) -> Noun:
    """Return what each of ``k`` segments may be called.

    Examples
    --------
    >>> noun_of(None, 3), noun_of(Structure(verdict="likely", rows=90), 3)
    ('segment', 'group')
    >>> noun_of(Structure(verdict="clear", rows=90, islands=[[1], [2, 3]]), 3)
    'segment'
    >>> noun_of(Structure(verdict="scale", rows=90, scale=Scale(dimensions=1)), 3)
    'band'
    """
    if structure is None:
        return "segment"
    if structure.verdict in ("clear", "likely"):
        return "group" if groups_in(structure, k) == k else "segment"
    if structure.verdict == "scale":
        return "band" if structure.scale is not None and structure.scale.dimensions == 1 else "cut"
    return "segment"


def groups_in(structure: Structure, k: int) -> int:
    """Return how many groups ``k`` segments make: slices of one continuum are one group."""
    return len(structure.islands) or k


def cuts_only(structure: Structure | None) -> bool:
    """Whether more segments would only cut finer what is no set of groups."""
    return structure is not None and (
        structure.verdict in ("scale", "unclear") or structure.cut is not None
    )


def headline_of(structure: Structure, k: int, n: int) -> str:
    """Return the verdict on ``k`` segments of ``n`` customers as a headline."""
    customers = tr_count("{n} customer", "{n} customers", n)
    parts = so_many(noun_of(structure, k), k)
    if structure.verdict in ("clear", "likely"):
        return _groups(structure, k, customers)
    if structure.verdict == "scale":
        return _scales(structure, k, customers)
    if structure.verdict == "one":
        if k == 1:
            return tr("One kind of customer among {customers}", customers=whole(n))
        return tr(
            "One kind of customer among {customers}, divided into {parts}",
            customers=whole(n),
            parts=parts,
        )
    if structure.cut is not None and k > 1:
        return tr_counted(
            "{n} segment of {customers}, cut along one variable",
            "{n} segments of {customers}, cut along one variable",
            k,
            customers=customers,
        )
    if k == 1:
        return tr("No evidence of separate groups: {customers}", customers=customers)
    return tr(
        "No evidence of separate groups: {parts} of {customers}", parts=parts, customers=customers
    )


def _groups(structure: Structure, k: int, customers: str) -> str:
    """Return how many groups there are, and in how many segments where these are more."""
    groups, sure = groups_in(structure, k), structure.verdict == "clear"
    if groups == k:
        one, several = _CLEAR if sure else _LIKELY
        return tr_counted(one, several, groups, customers=customers)
    one, several = _CLEAR_IN if sure else _LIKELY_IN
    parts = so_many(noun_of(structure, k), k)
    return tr_counted(one, several, groups, customers=customers, parts=parts)


def _scales(structure: Structure, k: int, customers: str) -> str:
    """Return along how many scales the customers differ, and how they are divided."""
    dimensions = 1 if structure.scale is None else structure.scale.dimensions
    parts = so_many(noun_of(structure, k), k)
    if dimensions == 1:
        if k == 1:
            return tr("A sliding scale of {customers}", customers=customers)
        return tr("A sliding scale of {customers}, in {parts}", customers=customers, parts=parts)
    if k == 1:
        return tr_counted(
            "{n} sliding scale of {customers}",
            "{n} sliding scales of {customers}",
            dimensions,
            customers=customers,
        )
    return tr_counted(
        "{n} sliding scale of {customers}, in {parts}",
        "{n} sliding scales of {customers}, in {parts}",
        dimensions,
        customers=customers,
        parts=parts,
    )


def sentences_of(structure: Structure, k: int, variables: Mapping[str, _Variable]) -> Iterator[str]:
    """Yield what the verdict says and what it means for the use of the segments."""
    yield from _verdict(structure, k)
    if structure.verdict == "scale" and structure.scale is not None:
        yield from _along(structure.scale, variables)
    if structure.verdict == "scale" and k > 1:
        yield _lost(structure.scale, noun_of(structure, k))
    if structure.cut is not None and k > 1:
        yield tr(
            "Only the values of {variable} are being cut: no two variables depend on each other, "
            "so that {parts} say nothing beyond this one.",
            variable=_name(structure.cut, variables),
            parts=phrase("all", noun_of(structure, k)),
        )
    if structure.clumps:
        yield _clumps([_name(name, variables) for name in structure.clumps])
    if structure.style is not None and structure.style.variables:
        yield tr(
            "Besides, something goes up and down together in all of them, such as a style of "
            "answering or the size of a customer. From its lower tenth to its upper tenth: "
            "{moves}.",
            moves=moving(structure.style, variables),
        )


def verdict_of(structure: Structure, k: int, n: int, variables: Mapping[str, _Variable]) -> str:
    """Return the verdict on ``k`` segments of ``n`` customers in two sentences."""
    first = next(sentences_of(structure, k, variables), "")
    return f"{headline_of(structure, k, n)}. {first}".rstrip()


def _verdict(structure: Structure, k: int) -> Iterator[str]:
    noun = noun_of(structure, k)
    parts = so_many(noun, k)
    if structure.verdict == "clear":
        yield tr("Clear groups: they stand apart more clearly than a sliding scale would.")
    elif structure.verdict == "likely":
        yield tr(
            "Groups are likely, but they overlap: some customers could belong to several of them."
        )
    elif structure.verdict == "scale":
        yield _degrees(noun, k)
    elif structure.verdict == "one":
        told = [
            tr(
                "Customers differ, but these variables show neither separate groups nor a scale "
                "along which they differ."
            )
        ]
        if k > 1:
            told.append(
                tr("The {parts} were cut out of them; nothing else sets them apart.", parts=parts)
            )
        told.append(tr("Other variables, such as needs, may still separate them."))
        yield " ".join(told)
    elif structure.cut is None:
        told = [tr("There is no evidence for separate groups: we cannot tell.")]
        if k > 1:
            told.append(
                tr("Use the {parts} as a way to divide customers, not as a finding.", parts=parts)
            )
        yield " ".join(told)
    joined = [sorted(island) for island in structure.islands if len(island) > 1]
    if structure.verdict in ("clear", "likely") and joined:
        yield _slices([listed([str(i) for i in island], most=None) for island in joined])


def _degrees(noun: Noun, k: int) -> str:
    """Say that customers differ by degrees, and what the segments are then."""
    if k == 1:
        return tr("A sliding scale describes these customers better than groups would.")
    if noun == "cut":
        return tr(
            "A sliding scale describes these customers better than groups would: the {parts} are "
            "useful divisions, not natural kinds.",
            parts=so_many(noun, k),
        )
    return tr(
        "A sliding scale describes these customers better than groups would: the {parts} are "
        "useful cuts, not natural kinds.",
        parts=so_many(noun, k),
    )


def _slices(joined: Sequence[str]) -> str:
    """Say which segments are parts of one and the same."""
    if len(joined) == 1:
        return tr("Segments {ids} are slices of one continuum.", ids=joined[0])
    return tr("Segments {ids} are slices of one continuum each.", ids=beside(joined))


def _along(scale: Scale, variables: Mapping[str, _Variable]) -> Iterator[str]:
    several = scale.dimensions > 1
    told = list(_scale_by_scale(scale, variables)) if scale.variables else []
    if told and scale.curved:
        told.append(
            tr("They bend: not everything rises or falls all the way.")
            if several
            else tr("It bends: not everything rises or falls all the way.")
        )
    if told:
        yield " ".join(told)
    yield from _borders(scale, variables)


def _scale_by_scale(scale: Scale, variables: Mapping[str, _Variable]) -> Iterator[str]:
    """Yield what moves along each scale, a sentence for each of several."""
    if scale.dimensions == 1:
        yield tr(
            "From the lower tenth of the scale to the upper tenth: {moves}.",
            moves=moving(scale, variables),
        )
        return
    moves = [(d, moving(scale, variables, d)) for d in range(1, scale.dimensions + 1)]
    for at, (number, told) in enumerate(both for both in moves if both[1]):
        if at:
            yield tr("Scale {number}: {moves}.", number=number, moves=told)
        else:
            yield tr(
                "From the lower tenth of each scale to its upper tenth, scale {number}: {moves}.",
                number=number,
                moves=told,
            )


def _borders(scale: Scale, variables: Mapping[str, _Variable]) -> Iterator[str]:
    """Say where bands end, by the variable that moves most steadily along the scale."""
    told = [one for one in scale.variables if one.level is None and one.borders]
    if not told:
        return
    unit, name = _unit(told[0], variables), _name(told[0].variable, variables)
    values = listed([_amount(quantity(value, unit, 3), unit) for value in told[0].borders])
    if len(told[0].borders) == 1:
        yield tr(
            "The border lies where {variable} is {value} on average.", variable=name, value=values
        )
    else:
        yield tr(
            "The borders between the bands lie where {variable} is {values} on average.",
            variable=name,
            values=values,
        )


def _unit(one: ScaleVariable, variables: Mapping[str, _Variable]) -> str | None:
    known = variables.get(one.variable)
    return "share" if one.level is not None else None if known is None else known.unit


def _lost(scale: Scale | None, noun: Noun) -> str:
    kept = None if scale is None else scale.kept
    if kept is None:
        message = _ALIKE if noun == "band" else _ALIKE_CUTS
        return tr(message)
    return tr(
        "{parts} keep {kept} of the differences along the scale; {lost} is lost against using the "
        "score of a customer itself.",
        parts=opened(phrase("all", noun)),
        kept=percent(kept),
        lost=percent(1 - kept),
    )


def _clumps(names: Sequence[str]) -> str:
    if len(names) == 1:
        return tr(
            "{variable} falls into two clumps by itself: a fact about this one variable, which "
            "says nothing about the others.",
            variable=names[0],
        )
    return tr(
        "{variables} fall into two clumps each, by themselves: a fact about each of them, which "
        "says nothing about the others.",
        variables=listed(names),
    )


def moving(scale: Scale, variables: Mapping[str, _Variable], dimension: int = 1) -> str:
    """Return what moves along a scale, in units of the data: ``'“Visits” from 2 to 9'``."""
    told = [one for one in scale.variables if one.dimension == dimension][:_MOVING]
    return beside(_moves(one, scale.curved, variables) for one in told)


def _moves(one: ScaleVariable, curved: bool, variables: Mapping[str, _Variable]) -> str:
    unit = _unit(one, variables)
    low, high = (_amount(one, unit) for one in pair(one.low, one.high, unit))
    level = "" if one.level is None else f" ({apart(quoted(one.level, _LABEL))})"
    name = f"{_name(one.variable, variables)}{level}"
    ends = sorted((one.low, one.high))
    if curved and not ends[0] <= one.middle <= ends[1]:
        middle = _amount(pair(one.middle, one.high, unit)[0], unit)
        return tr(
            "{variable} from {low} over {middle} to {high}",
            variable=name,
            low=low,
            middle=middle,
            high=high,
        )
    return tr("{variable} from {low} to {high}", variable=name, low=low, high=high)


def _amount(text: str, unit: str | None) -> str:
    """Return a quantity as it stands in a sentence; a share is a number of the language itself."""
    return text if is_share(unit) else apart(text)


def _name(variable: str, variables: Mapping[str, _Variable]) -> str:
    known = variables.get(variable)
    return apart(quoted(variable if known is None else known.label, _LABEL))


def standing_of(structure: Structure | None, segment: _Segment, k: int) -> str:
    """Return how one of ``k`` segments stands to the others; empty where nothing is known."""
    if structure is None or segment.standing is None:
        return ""
    if segment.standing == "own":
        return tr("A group of its own.") if structure.verdict in ("clear", "likely") else ""
    if not segment.neighbors:
        return tr("A slice of one continuum.")
    ids = sorted(segment.neighbors)
    if structure.verdict == "scale" and len(ids) == k - 1:
        return ""  # all are slices of the scale, which the word for them says
    others = numbered(noun_of(structure, k), ids)
    if structure.tells:
        if len(ids) == 1:
            return tr("A slice of one continuum with {other}.", other=others)
        return tr("A slice of one continuum with {others}.", others=others)
    if len(ids) == 1:
        return tr("Not told apart from {other}.", other=others)
    return tr("Not told apart from {others}.", others=others)
