"""The verdict on structure in plain words: groups or degrees, and what that means for their use."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Protocol

from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.wording import count, counted, listed, lowered, opened, pair, percent, quantity, quoted

#: What a segment may be called: a group only where the data show groups.
Noun = Literal["group", "band", "cut", "segment"]

#: What each of these words means, for a reader.
MEANINGS: dict[Noun, str] = {
    "group": "Customers who resemble each other and stand apart from the others: the data show it.",
    "band": "A stretch of the sliding scale, from one border to the next. Customers on both sides "
    "of a border hardly differ.",
    "cut": "A part of customers who differ by degrees, divided for use. Customers on both sides of "
    "a cut hardly differ.",
    "segment": "Customers who resemble each other on the active variables, taken together.",
}
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
    customers = count(n, "customer")
    parts = lowered(counted(k, noun_of(structure, k)))
    if structure.verdict in ("clear", "likely"):
        groups = groups_in(structure, k)
        within = "" if groups == k else f", in {parts}"
        return f"{counted(groups, f'{structure.verdict} group')} among {customers}{within}"
    if structure.verdict == "scale":
        dimensions = 1 if structure.scale is None else structure.scale.dimensions
        scales = "A sliding scale" if dimensions == 1 else counted(dimensions, "sliding scale")
        return f"{scales} of {customers}" + (f", in {parts}" if k > 1 else "")
    if structure.verdict == "one":
        return f"One kind of customer among {n:,}" + (f", divided into {parts}" if k > 1 else "")
    if structure.cut is not None and k > 1:
        return f"{opened(parts)} of {customers}, cut along one variable"
    found = f"{parts} of {customers}" if k > 1 else customers
    return f"No evidence of separate groups: {found}"


def sentences_of(structure: Structure, k: int, variables: Mapping[str, _Variable]) -> Iterator[str]:
    """Yield what the verdict says and what it means for the use of the segments."""
    yield from _verdict(structure, k)
    if structure.verdict == "scale" and structure.scale is not None:
        yield from _along(structure.scale, variables)
    if structure.verdict == "scale" and k > 1:
        yield _lost(structure.scale, noun_of(structure, k))
    if structure.cut is not None and k > 1:
        yield (
            f"Only the values of {_name(structure.cut, variables)} are being cut: no two variables "
            f"depend on each other, so that the {noun_of(structure, k)}s say nothing beyond this "
            "one."
        )
    if structure.clumps:
        yield _clumps([_name(name, variables) for name in structure.clumps])
    if structure.style is not None and structure.style.variables:
        yield (
            "Besides, something goes up and down together in all of them, such as a style of "
            "answering or the size of a customer. From its lower tenth to its upper tenth: "
            f"{moving(structure.style, variables)}."
        )


def verdict_of(structure: Structure, k: int, n: int, variables: Mapping[str, _Variable]) -> str:
    """Return the verdict on ``k`` segments of ``n`` customers in two sentences."""
    first = next(sentences_of(structure, k, variables), "")
    return f"{headline_of(structure, k, n)}. {first}".rstrip()


def _verdict(structure: Structure, k: int) -> Iterator[str]:
    noun = noun_of(structure, k)
    parts = lowered(counted(k, noun))
    if structure.verdict == "clear":
        yield "Clear groups: they stand apart more clearly than a sliding scale would."
    elif structure.verdict == "likely":
        yield "Groups are likely, but they overlap: some customers could belong to several of them."
    elif structure.verdict == "scale":
        use = "divisions" if noun == "cut" else "cuts"
        useful = f": the {parts} are useful {use}, not natural kinds" if k > 1 else ""
        yield f"A sliding scale describes these customers better than groups would{useful}."
    elif structure.verdict == "one":
        forced = (
            f" The {parts} were cut out of them; nothing else sets them apart." if k > 1 else ""
        )
        yield (
            "Customers differ, but these variables show neither separate groups nor a scale along "
            f"which they differ.{forced} Other variables, such as needs, may still separate them."
        )
    elif structure.cut is None:
        use = f" Use the {parts} as a way to divide customers, not as a finding." if k > 1 else ""
        yield f"There is no evidence for separate groups: we cannot tell.{use}"
    joined = [sorted(island) for island in structure.islands if len(island) > 1]
    if structure.verdict in ("clear", "likely") and joined:
        told = [listed([str(i) for i in island], most=None) for island in joined]
        each = " each" if len(told) > 1 else ""
        yield f"Segments {'; '.join(told)} are slices of one continuum{each}."


def _along(scale: Scale, variables: Mapping[str, _Variable]) -> Iterator[str]:
    bent = " It bends: not everything rises or falls all the way." if scale.curved else ""
    if scale.variables and scale.dimensions == 1:
        told = moving(scale, variables)
        yield f"From the lower tenth of the scale to the upper tenth: {told}.{bent}"
    elif scale.variables:
        each = (moving(scale, variables, d) for d in range(1, scale.dimensions + 1))
        told = " Scale ".join(f"{d}: {what}." for d, what in enumerate(each, 1) if what)
        bent = bent.replace("It bends", "They bend")
        yield f"From the lower tenth of each scale to its upper tenth, scale {told}{bent}"
    yield from _borders(scale, variables)


def _borders(scale: Scale, variables: Mapping[str, _Variable]) -> Iterator[str]:
    """Say where bands end, by the variable that moves most steadily along the scale."""
    told = [one for one in scale.variables if one.level is None and one.borders]
    if not told:
        return
    unit = _unit(told[0], variables)
    values = [quantity(value, unit, 3) for value in told[0].borders]
    border = "border lies" if len(values) == 1 else "borders between the bands lie"
    yield f"The {border} where {_name(told[0].variable, variables)} is {listed(values)} on average."


def _unit(one: ScaleVariable, variables: Mapping[str, _Variable]) -> str | None:
    known = variables.get(one.variable)
    return "share" if one.level is not None else None if known is None else known.unit


def _lost(scale: Scale | None, noun: Noun) -> str:
    kept = None if scale is None else scale.kept
    if kept is None:
        return (
            f"Where a number can be used, use the score of a customer: {noun}s treat alike what "
            "differs by degrees."
        )
    return (
        f"The {noun}s keep {percent(kept)} of the differences along the scale; "
        f"{percent(1 - kept)} is lost against using the score of a customer itself."
    )


def _clumps(names: Sequence[str]) -> str:
    if len(names) == 1:
        return (
            f"{names[0]} falls into two clumps by itself: a fact about this one variable, which "
            "says nothing about the others."
        )
    return (
        f"{listed(names)} fall into two clumps each, by themselves: a fact about each of them, "
        "which says nothing about the others."
    )


def moving(scale: Scale, variables: Mapping[str, _Variable], dimension: int = 1) -> str:
    """Return what moves along a scale, in units of the data: ``'“Visits” from 2 to 9'``."""
    told = [one for one in scale.variables if one.dimension == dimension][:_MOVING]
    return "; ".join(_moves(one, scale.curved, variables) for one in told)


def _moves(one: ScaleVariable, curved: bool, variables: Mapping[str, _Variable]) -> str:
    unit = _unit(one, variables)
    low, high = pair(one.low, one.high, unit)
    level = "" if one.level is None else f" ({quoted(one.level, _LABEL)})"
    ends = sorted((one.low, one.high))
    bends = curved and not ends[0] <= one.middle <= ends[1]
    over = f"over {pair(one.middle, one.high, unit)[0]} " if bends else ""
    return f"{_name(one.variable, variables)}{level} from {low} {over}to {high}"


def _name(variable: str, variables: Mapping[str, _Variable]) -> str:
    known = variables.get(variable)
    return quoted(variable if known is None else known.label, _LABEL)


def standing_of(structure: Structure | None, segment: _Segment, k: int) -> str:
    """Return how one of ``k`` segments stands to the others; empty where nothing is known."""
    if structure is None or segment.standing is None:
        return ""
    if segment.standing == "own":
        return "A group of its own." if structure.verdict in ("clear", "likely") else ""
    if not segment.neighbors:
        return "A slice of one continuum."
    ids = sorted(segment.neighbors)
    if structure.verdict == "scale" and len(ids) == k - 1:
        return ""  # all are slices of the scale, which the word for them says
    others = f"{noun_of(structure, k)}{'s' if len(ids) > 1 else ''}"
    told = "A slice of one continuum with" if structure.tells else "Not told apart from"
    return f"{told} {others} {listed([str(i) for i in ids], most=None)}."
