from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas import concepts, labels
from forwhom.wording import opened

#: Names longer than this do not fit a chart.
LONGEST = 45
#: How many of the strongest differences a name is made of, at most.
_CONSIDERED = 5
#: How much of its strength a phrase about what is lacking keeps.
_LACK = 0.6
#: And one that quotes a code, such as "q0007 0010: never", or an answer such as "none of these".
_CODED = 0.3
#: Concepts that mean much the same in a name: "frequent, occasional" helps nobody.
_FAMILY = {"pace": "frequency", "visits": "frequency", "order value": "spend", "basket": "spend"}


def propose_names(
    distinctions: Sequence[Sequence[Distinction]],
    variables: Mapping[str, Variable],
    withheld: Collection[int] = (),
    noun: str = "segment",
) -> list[str]:
    """Return a name for each segment: short, plain and different from the others.

    Variables that formed the segments come before those that only describe them; a protected
    attribute is never in a name. Where nothing tells one, ``noun`` is what it is called.
    """
    if len(distinctions) == 1 and not distinctions[0]:
        return ["All customers"]
    telling = [_telling(found, variables) for found in distinctions]
    names = [""] * len(distinctions)
    taken: set[frozenset[str]] = set()
    # The segment that a name fits best is named first.
    for i in sorted(range(len(names)), key=lambda i: (-_strength(telling[i]), i)):
        fallbacks = [("Average customers",)] if not distinctions[i] and i not in withheld else []
        for phrases in [*_proposals(telling[i]), *fallbacks, (opened(f"{noun} {i + 1}"),)]:
            name = opened(", ".join(phrases))
            said = frozenset(name.lower().split(", "))
            if len(name) <= LONGEST and said not in taken:
                taken.add(said)
                names[i] = name
                break
    return names


def _strength(found: Sequence[Distinction]) -> float:
    return sum(abs(distinction.effect) for distinction in found[:2])


def _telling(found: Sequence[Distinction], variables: Mapping[str, Variable]) -> list[Distinction]:
    """Return the strongest that may name a segment: one for each concept, one that lacks."""
    usable = [
        d
        for d in found
        if d.phrase.strip()
        and not d.phrase.lower().startswith("not not ")
        and d.variable in variables
        and concepts.is_nameable(variables[d.variable], d.level)
    ]
    active = [d for d in usable if variables[d.variable].use == "active"]
    chosen: list[Distinction] = []
    seen: set[str] = set()
    for distinction in sorted(active or usable, key=lambda d: -_telling_power(d, variables)):
        keys = {distinction.phrase.lower(), _family(variables[distinction.variable])}
        if _is_lack(distinction):
            keys.add("lack")
        if not keys & seen:
            chosen.append(distinction)
            seen |= keys
    return chosen[:_CONSIDERED]


def _telling_power(distinction: Distinction, variables: Mapping[str, Variable]) -> float:
    """How well it names: what somebody is says more than what they are not, words than codes."""
    power = abs(distinction.effect) * (_LACK if _is_lack(distinction) else 1.0)
    variable = variables[distinction.variable]
    code = labels.short_label(variable.label)
    quotes = concepts.is_coded(variable) and code in distinction.phrase
    return power * (_CODED if quotes or concepts.says_nothing(distinction.level or "") else 1.0)


def _is_lack(distinction: Distinction) -> bool:
    return distinction.phrase.startswith(("little ", "no ", "not ", "rarely ", "never ")) or (
        ": not " in distinction.phrase
    )


def _family(variable: Variable) -> str:
    concept = concepts.concept_of(variable)
    if concept is None:
        return f"variable {variable.name}"
    return f"concept {_FAMILY.get(concept.name, concept.name)}"


def _proposals(found: Sequence[Distinction]) -> Iterator[tuple[str, ...]]:
    """Yield the phrases of names from the best to the least good: two phrases, then others."""
    indexes = range(len(found))
    pairs = list(combinations(indexes, 2))
    single = [(i,) for i in indexes]
    # Two strong differences say more than one; a weak one is not dragged in.
    first = pairs[:1] if len(found) > 1 and _adds(found[0], found[1]) else single[:1]
    for chosen in [*first, *pairs, *single, *combinations(indexes, 3)]:
        yield tuple(found[i].phrase for i in chosen)
    if found:
        yield (labels.fit(found[0].phrase, LONGEST),)


def _adds(first: Distinction, second: Distinction) -> bool:
    return abs(second.effect) >= 0.25 * abs(first.effect)
