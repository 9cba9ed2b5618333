"""A plain name for each segment, proposed from what distinguishes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas import concepts, words

#: Names longer than this do not fit a chart.
LONGEST = 45
#: How many of the strongest differences a name is made of, at most.
_CONSIDERED = 5
#: Concepts that mean much the same in a name: "frequent, occasional" helps nobody.
_FAMILY = {"pace": "frequency", "visits": "frequency", "order value": "spend", "basket": "spend"}


def propose_names(
    distinctions: Sequence[Sequence[Distinction]], variables: Mapping[str, Variable]
) -> list[str]:
    """Return a name for each segment: short, plain and different from the others.

    Variables that formed the segments come before those that only describe them; a protected
    attribute is never in a name.

    Parameters
    ----------
    distinctions
        What distinguishes each segment, strongest first.
    variables
        The variables by name.

    Examples
    --------
    >>> propose_names([[]], {})
    ['All customers']
    """
    if len(distinctions) == 1 and not distinctions[0]:
        return ["All customers"]
    taken: set[str] = set()
    names = []
    for number, found in enumerate(distinctions, start=1):
        proposals = _proposals(_telling(found, variables))
        name = next((p for p in proposals if p.lower() not in taken), "")
        if not name:
            name = "Average customers" if not found else f"Segment {number}"
        if name.lower() in taken:
            name = f"Segment {number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _telling(found: Sequence[Distinction], variables: Mapping[str, Variable]) -> list[Distinction]:
    """Return the strongest distinctions that may name a segment, one for each concept."""
    usable = [
        d
        for d in found
        if d.phrase and d.variable in variables and concepts.is_nameable(variables[d.variable])
    ]
    active = [d for d in usable if variables[d.variable].use == "active"]
    chosen: list[Distinction] = []
    seen: set[str] = set()
    for distinction in active or usable:
        keys = {distinction.phrase.lower(), _family(variables[distinction.variable])}
        if not keys & seen:
            chosen.append(distinction)
            seen |= keys
    return chosen[:_CONSIDERED]


def _family(variable: Variable) -> str:
    concept = concepts.concept_of(variable)
    if concept is None:
        return f"variable {variable.name}"
    return f"concept {_FAMILY.get(concept.name, concept.name)}"


def _proposals(found: Sequence[Distinction]) -> Iterator[str]:
    """Yield names from the best to the least good: two phrases, then others."""
    phrases = [d.phrase for d in found]
    pairs = list(combinations(range(len(phrases)), 2))
    triples = list(combinations(range(len(phrases)), 3))
    single = [(i,) for i in range(len(phrases))]
    # Two strong differences say more than one; a weak one is not dragged in.
    first = pairs[:1] if len(found) > 1 and _adds(found[0], found[1]) else single[:1]
    for chosen in [*first, *pairs, *single, *triples]:
        name = words.upper_first(", ".join(phrases[i] for i in chosen))
        if name and len(name) <= LONGEST:
            yield name
    if phrases:
        yield words.fit(words.upper_first(phrases[0]), LONGEST)


def _adds(first: Distinction, second: Distinction) -> bool:
    return abs(second.effect) >= 0.25 * abs(first.effect)
