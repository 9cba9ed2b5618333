"""Separateness in words: what is said of a pair, of one criterion, of all."""

from collections.abc import Sequence

from forwhom.documents.base import Criterion
from forwhom.documents.nouns import numbered, phrase
from forwhom.documents.separateness import CriterionVerdict, EffectKind, PairVerdict, Verdict
from forwhom.languages.catalog import later, later_count, later_in, tr, tr_count, tr_in
from forwhom.wording import beside, decimal, listed, lowered, number, opened

#: What is said of two segments where a verdict is sure.
_SURE: dict[Criterion, dict[Verdict, str]] = {
    "offer": {
        "different": later("they need different offers"),
        "equivalent": later("they need the same offer"),
    },
    "channel": {
        "different": later("they are reached through different channels"),
        "equivalent": later("they are reached through the same channels"),
    },
    "relationship": {
        "different": later("they have different relationships with us"),
        "equivalent": later("they have the same relationship with us"),
    },
    "profitability": {
        "different": later("they differ in profitability"),
        "equivalent": later("they do not differ in profitability"),
    },
    "price": {
        "different": later("they pay for different aspects"),
        "equivalent": later("they pay for the same aspects"),
    },
}
#: What follows “open is whether”.
_OPEN: dict[Criterion, str] = {
    "offer": later_in("whether", "they need different offers"),
    "channel": later_in("whether", "they are reached through different channels"),
    "relationship": later_in("whether", "they have different relationships with us"),
    "profitability": later_in("whether", "they differ in profitability"),
    "price": later_in("whether", "they pay for different aspects"),
}
#: The same as evidence, which says of whom.
_STATED: dict[Criterion, dict[Verdict, str]] = {
    "offer": {
        "different": later("{both} need different offers ({why})"),
        "equivalent": later("{both} need the same offer ({why})"),
        "undecided": later("Whether {both} need different offers is open ({why})"),
    },
    "channel": {
        "different": later("{both} are reached through different channels ({why})"),
        "equivalent": later("{both} are reached through the same channels ({why})"),
        "undecided": later("Whether {both} are reached through different channels is open ({why})"),
    },
    "relationship": {
        "different": later("{both} have different relationships with us ({why})"),
        "equivalent": later("{both} have the same relationship with us ({why})"),
        "undecided": later("Whether {both} have different relationships with us is open ({why})"),
    },
    "profitability": {
        "different": later("{both} differ in profitability ({why})"),
        "equivalent": later("{both} do not differ in profitability ({why})"),
        "undecided": later("Whether {both} differ in profitability is open ({why})"),
    },
    "price": {
        "different": later("{both} pay for different aspects ({why})"),
        "equivalent": later("{both} pay for the same aspects ({why})"),
        "undecided": later("Whether {both} pay for different aspects is open ({why})"),
    },
}
_EFFECTS: dict[EffectKind, str] = {
    "d": later("difference of means in standard deviations"),
    "h": later("difference of shares (Cohen's h)"),
    "V": later("difference of levels (Cramér's V)"),
    "shape": later("difference of the shape of the profile"),
}
_SOME = later_count(
    "Of {n} pair that could be compared, {apart} differs in at least one criterion by more than "
    "the minimum that was stated beforehand.",
    "Of {n} pairs that could be compared, {apart} differs in at least one criterion by more than "
    "the minimum that was stated beforehand.",
)
_SEVERAL = later_count(
    "Of {n} pair that could be compared, {apart} differ in at least one criterion by more than "
    "the minimum that was stated beforehand.",
    "Of {n} pairs that could be compared, {apart} differ in at least one criterion by more than "
    "the minimum that was stated beforehand.",
)
_NONE = later_count(
    "Of {n} pair that could be compared, none differs in at least one criterion by more than the "
    "minimum that was stated beforehand.",
    "Of {n} pairs that could be compared, none differs in at least one criterion by more than the "
    "minimum that was stated beforehand.",
)

_ONE = later("{those} could be one: in all that was compared, they are equivalent.")


def effect_words(kind: EffectKind) -> str:
    """Return what an effect is."""
    return _EFFECTS[kind]


def measured(one: CriterionVerdict) -> str:
    """Return the number behind a verdict: ``channel: V = 0.31 [0.27, 0.36]``."""
    named = listed([lowered(label) for label in one.leading], most=3)
    signed = one.kind in ("d", "h")
    values = {
        "named": named,
        "kind": tr_in("effect", "shape") if one.kind == "shape" else one.kind,
        "effect": decimal(one.effect, sign=signed),
        "low": decimal(one.low, sign=signed),
        "high": decimal(one.high, sign=signed),
    }
    if one.formed:
        return tr("{named}, which formed them: {kind} = {effect} [{low}, {high}]", **values)
    return tr("{named}: {kind} = {effect} [{low}, {high}]", **values)


def statement_of(pair: PairVerdict, one: CriterionVerdict, noun: str) -> str:
    """Return the statement of one piece of evidence."""
    both = numbered(noun, [pair.first, pair.second])
    least = tr("{minimum} or more matters", minimum=number(one.minimum))
    why = beside([measured(one), least])
    return opened(tr(_STATED[one.criterion][one.verdict], both=_begun(both, one), why=why))


def _begun(both: str, one: CriterionVerdict) -> str:
    return both if one.verdict == "undecided" else opened(both)


def pair_sentence(first: int, second: int, told: Sequence[CriterionVerdict], noun: str) -> str:
    """Return one sentence on two segments."""
    both = opened(numbered(noun, [first, second]))
    different = [one for one in told if one.verdict == "different"]
    equivalent = [one for one in told if one.verdict == "equivalent"]
    undecided = [one for one in told if one.verdict == "undecided"]
    if not told:
        return tr("{both}: nothing that speaks to a criterion can be compared.", both=both)
    parts = [
        tr("{said} ({why})", said=tr(_SURE[one.criterion][one.verdict]), why=measured(one))
        for one in [*different, *equivalent]
    ]
    if undecided:
        parts.append(_left_open(undecided))
    said = beside(parts)
    if different:
        return tr("{both} are separate: {parts}.", both=both, parts=said)
    if undecided:
        return tr("{both} are not shown to be separate: {parts}.", both=both, parts=said)
    return tr("{both} may be one: {parts}.", both=both, parts=said)


def _left_open(undecided: Sequence[CriterionVerdict]) -> str:
    parts = [
        tr("{said} ({why})", said=tr_in("whether", _OPEN[one.criterion]), why=measured(one))
        for one in undecided
    ]
    return tr("open is whether {what}", what=listed(parts, most=None, last="or"))


def sentences_of(
    pairs: Sequence[PairVerdict], merges: Sequence[Sequence[int]], noun: str
) -> list[str]:
    """Return what is said of all pairs together."""
    apart = sum(bool(pair.by("different")) for pair in pairs)
    known = sum(bool(pair.criteria) for pair in pairs)
    asked = tr("Are {these} separate?", these=phrase("all", noun))
    if not known:
        nothing = tr("Nothing that speaks to a criterion could be compared.")
        return [f"{asked} {nothing}"]
    some = _NONE if not apart else _SOME if apart == 1 else _SEVERAL
    found = [f"{asked} {tr_count(*some, known, apart=apart)}"]
    formed = sum(
        bool(p.by("different"))
        and all(one.formed for one in p.criteria if one.verdict == "different")
        for p in pairs
    )
    if formed:
        found.append(
            tr_count(
                "{n} of them only in what formed {these}, and that must differ, so that it proves "
                "less.",
                "{n} of them only in what formed {these}, and that must differ, so that it proves "
                "less.",
                formed,
                these=phrase("all", noun),
            )
        )
    if known < len(pairs):
        found.append(
            tr_count(
                "{n} other pair could not be compared.",
                "{n} other pairs could not be compared.",
                len(pairs) - known,
            )
        )
    found += [tr(_ONE, those=opened(numbered(noun, group))) for group in merges]
    return found
