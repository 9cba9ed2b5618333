"""Separateness in words: what is said of a pair, of one criterion, of all."""

from collections.abc import Sequence

from forwhom.documents.base import Criterion
from forwhom.documents.separateness import CriterionVerdict, EffectKind, PairVerdict, Verdict
from forwhom.wording import count, decimal, listed, lowered, opened

#: What each verdict says of two segments.
SAID: dict[Criterion, dict[Verdict, str]] = {
    "offer": {
        "different": "they need different offers",
        "equivalent": "they need the same offer",
        "undecided": "they need different offers",
    },
    "channel": {
        "different": "they are reached through different channels",
        "equivalent": "they are reached through the same channels",
        "undecided": "they are reached through different channels",
    },
    "relationship": {
        "different": "they have different relationships with us",
        "equivalent": "they have the same relationship with us",
        "undecided": "they have different relationships with us",
    },
    "profitability": {
        "different": "they differ in profitability",
        "equivalent": "they do not differ in profitability",
        "undecided": "they differ in profitability",
    },
    "price": {
        "different": "they pay for different aspects",
        "equivalent": "they pay for the same aspects",
        "undecided": "they pay for different aspects",
    },
}
_EFFECTS: dict[EffectKind, str] = {
    "d": "difference of means in standard deviations",
    "h": "difference of shares (Cohen's h)",
    "V": "difference of levels (Cramér's V)",
    "shape": "difference of the shape of the profile",
}


def effect_words(kind: EffectKind) -> str:
    """Return what an effect is."""
    return _EFFECTS[kind]


def measured(one: CriterionVerdict) -> str:
    """Return the number behind a verdict: ``channel: V = 0.31 [0.27, 0.36]``."""
    named = listed([lowered(label) for label in one.leading], most=3)
    signed = one.kind in ("d", "h")
    ends = f"[{decimal(one.low, sign=signed)}, {decimal(one.high, sign=signed)}]"
    formed = ", which formed them" if one.formed else ""
    return f"{named}{formed}: {one.kind} = {decimal(one.effect, sign=signed)} {ends}"


def statement_of(pair: PairVerdict, one: CriterionVerdict, noun: str) -> str:
    """Return the statement of one piece of evidence."""
    said = SAID[one.criterion][one.verdict].removeprefix("they ")
    both = f"{opened(noun)}s {pair.first} and {pair.second}"
    if one.verdict == "undecided":
        both = f"Whether {noun}s {pair.first} and {pair.second}"
        said += " is open"
    return f"{both} {said} ({measured(one)}; {one.minimum:g} or more matters)"


def pair_sentence(first: int, second: int, told: Sequence[CriterionVerdict], noun: str) -> str:
    """Return one sentence on two segments."""
    both = f"{opened(noun)}s {first} and {second}"
    different = [one for one in told if one.verdict == "different"]
    equivalent = [one for one in told if one.verdict == "equivalent"]
    undecided = [one for one in told if one.verdict == "undecided"]
    if not told:
        return f"{both}: nothing that speaks to a criterion can be compared."
    verdict = "are separate" if different else "may be one"
    if not different and undecided:
        verdict = "are not shown to be separate"
    parts = [f"{SAID[one.criterion][one.verdict]} ({measured(one)})" for one in different]
    parts += [f"{SAID[one.criterion][one.verdict]} ({measured(one)})" for one in equivalent]
    if undecided:
        open_ = [f"{SAID[one.criterion][one.verdict]} ({measured(one)})" for one in undecided]
        parts.append(f"open is whether {listed(open_, most=None, last='or')}")
    return f"{both} {verdict}: {'; '.join(parts)}."


def sentences_of(
    pairs: Sequence[PairVerdict], merges: Sequence[Sequence[int]], noun: str
) -> list[str]:
    """Return what is said of all pairs together."""
    apart = sum(bool(pair.by("different")) for pair in pairs)
    known = sum(bool(pair.criteria) for pair in pairs)
    asked = f"Are the {noun}s separate?"
    if not known:
        return [f"{asked} Nothing that speaks to a criterion could be compared."]
    found = [
        f"{asked} Of {count(known, 'pair')} that could be compared, {apart or 'none'} "
        f"{'differs' if apart <= 1 else 'differ'} in at least one criterion by more than the "
        "minimum that was stated beforehand."
    ]
    formed = sum(
        bool(p.by("different"))
        and all(one.formed for one in p.criteria if one.verdict == "different")
        for p in pairs
    )
    if formed:
        found.append(
            f"{formed} of them only in what formed the {noun}s, and that must differ, so that it "
            "proves less."
        )
    if known < len(pairs):
        found.append(f"{opened(count(len(pairs) - known, 'other pair'))} could not be compared.")
    for group in merges:
        names = listed([str(one) for one in group], most=None)
        found.append(
            f"{opened(noun)}s {names} could be one: in all that was compared, they are equivalent."
        )
    return found
