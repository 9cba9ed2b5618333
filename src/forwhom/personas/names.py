import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forwhom.documents.segmentation import Distinction, Variable
from forwhom.languages.catalog import later_in
from forwhom.personas import concepts, labels
from forwhom.wording import opened

#: Names longer than this do not fit a chart.
LONGEST = 45
#: How many of the strongest differences a name is made of, at most.
_CONSIDERED = 5
#: How much of its strength a phrase about what is lacking keeps.
_LACK = 0.6
#: And one that quotes a code, such as "high q7"; one that was cut; an answer such as "other".
_CODED, _CUT = 0.2, 0.7
#: And one that holds more of another segment, or of several.
_SECOND, _THIRD = 0.6, 0.3
#: What a name says must be this much of the main difference, or be one of the two largest.
_MAIN = 0.6
#: A second difference that is weaker than this part of the first is not dragged in.
_ADDS = 0.4
#: Concepts that mean much the same in a name: "frequent, occasional" helps nobody.
_FAMILY = {"pace": "frequency", "visits": "frequency", "order value": "spend", "basket": "spend"}
#: What denies a denial, which nobody understands at once: not “no children”.
_TWICE = re.compile(r"(.*: )?(not|no|never) [“\"']?(no|not|none|never|without)\b", re.IGNORECASE)
#: Words that have degrees: the second highest of several is fairly high.
_GRADED = (
    "high ", "low ", "many ", "few ", "big ", "small ", "broad ", "narrow ", "much ", "recent",
    "frequent", "occasional", "long-standing", "new",
)  # fmt: skip


@dataclass(frozen=True)
class _Phrase:
    """What may stand in a name, and how well it names."""

    text: str
    power: float
    main: bool  # whether it tells a main difference


def propose_names(
    distinctions: Sequence[Sequence[Distinction]],
    variables: Mapping[str, Variable],
    withheld: Collection[int] = (),
    noun: str = "segment",
    farther: Sequence[Sequence[int]] = (),
) -> list[str]:
    """Return a name for each segment: short, plain, and of what no other segment is called.

    Variables that formed the segments come before those that only describe them; a protected
    attribute is never in a name. ``farther`` says of each distinction how many other segments
    are farther out in its direction. Where no name holds a main difference, ``noun`` and the
    number are the name; ``withheld`` are those of whom nothing shows that they are average.
    """
    if len(distinctions) == 1 and not distinctions[0]:
        return [later_in("phrase", "All customers")]
    places = farther or [[0] * len(found) for found in distinctions]
    telling = [_telling(*both, variables) for both in zip(distinctions, places, strict=True)]
    names = [""] * len(distinctions)
    taken: set[str] = set()
    # The segment that a name fits best is named first.
    for i in sorted(range(len(names)), key=lambda i: (-_strength(telling[i]), i)):
        average = not distinctions[i] and i not in withheld
        fallbacks = [(later_in("phrase", "Average customers"),)] if average else []
        for phrases in [*_proposals(telling[i]), *fallbacks, (f"{noun} {i + 1}",)]:
            name = opened(", ".join(phrases))
            said = {phrase.strip().lower() for phrase in name.split(", ")}
            if len(name) <= LONGEST and not said & taken:
                taken |= said
                names[i] = name
                break
    return names


def _strength(found: Sequence[_Phrase]) -> float:
    return sum(phrase.power for phrase in found[:2])


def _telling(
    found: Sequence[Distinction], places: Sequence[int], variables: Mapping[str, Variable]
) -> list[_Phrase]:
    """Return what may name a segment, best first: one for each concept, one that lacks."""
    usable = [
        (d, place)
        for d, place in zip(found, places, strict=True)
        if d.variable in variables and concepts.is_nameable(variables[d.variable], d.level)
    ]
    active = [(d, place) for d, place in usable if variables[d.variable].use == "active"]
    effects = sorted((abs(d.effect) for d, _ in active or usable), reverse=True)
    least = min([_MAIN * effects[0], *effects[:2]]) if effects else 0.0
    told = [(_phrase(d, variables[d.variable], place, least), d) for d, place in active or usable]
    chosen: list[_Phrase] = []
    seen: set[str] = set()
    for phrase, distinction in sorted(told, key=lambda both: -both[0].power):
        text = phrase.text.strip().lower()
        keys = {text, _family(variables[distinction.variable])}
        if _is_lack(text):
            keys.add("lack")
        if text and not _TWICE.match(text) and not keys & seen:
            chosen.append(phrase)
            seen |= keys
    return chosen[:_CONSIDERED]


def _phrase(distinction: Distinction, variable: Variable, place: int, least: float) -> _Phrase:
    """Judge a phrase: what somebody is says more than what they are not, words than codes."""
    text, power = distinction.phrase, abs(distinction.effect)
    if place:
        power *= _SECOND if place == 1 else _THIRD
        graded = place == 1 and distinction.kind == "d" and text.startswith(_GRADED)
        text = f"fairly {text}" if graded else text
    if _is_lack(text):
        power *= _LACK
    code = labels.short_label(variable.label)
    answer = concepts.ticked_of(variable) or distinction.level or ""
    if (concepts.is_coded(variable) and code in text) or concepts.says_nothing(answer):
        power *= _CODED
    power *= _CUT if "…" in text else 1.0
    return _Phrase(text, power, abs(distinction.effect) >= least)


def _is_lack(phrase: str) -> bool:
    return phrase.startswith(("little ", "no ", "not ", "rarely ", "never ")) or ": not " in phrase


def _family(variable: Variable) -> str:
    concept = concepts.concept_of(variable)
    if concept is None:
        return f"variable {variable.name}"
    return f"concept {_FAMILY.get(concept.name, concept.name)}"


def _proposals(found: Sequence[_Phrase]) -> Iterator[tuple[str, ...]]:
    """Yield the phrases of names from the best to the least good: with a second, then alone.

    A name that leaves out the main difference misleads, however well it reads.
    """
    # Two strong differences say more than one; a weak one is not dragged in.
    for i, first in enumerate(found):
        adding = [
            (first, second) for second in found[i + 1 :] if second.power >= _ADDS * first.power
        ]
        for chosen in [*adding, (first,)]:
            if any(phrase.main for phrase in chosen):
                yield tuple(phrase.text for phrase in chosen)
    for phrase in found[:1]:
        if phrase.main:
            yield (labels.fit(phrase.text, LONGEST),)
