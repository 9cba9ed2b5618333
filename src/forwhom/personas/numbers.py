"""What distinguishes a segment on a number, judged on the whole of it, those with none included."""

import math
from dataclasses import dataclass

import numpy as np

from forwhom.documents.base import starts_at_zero
from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas import concepts, labels
from forwhom.personas.contrasts import POINTS, Contrast, distinction, effects_on_shares
from forwhom.personas.summaries import Levels, Numbers, summarize_levels
from forwhom.statistics.correlation import midranks
from forwhom.statistics.effects import Effect, Moments, cohens_d, influence_on_d
from forwhom.statistics.membership import Floats, Membership, sums_of
from forwhom.tables.columns import Column
from forwhom.wording import bare, is_share, is_spoken, lowered, pair, ratio

_ANY = ("none", "any")
#: Averages of an amount whose logarithms are nearer than this name nobody: 89 days, the rest 81.
_NAMED = 0.2


@dataclass(frozen=True)
class _Any:
    """How many have any of a number at all, in each segment and in the rest."""

    codes: np.ndarray
    levels: Levels

    @classmethod
    def of(cls, name: str, values: Floats, member: Membership, threshold: int) -> "_Any":
        codes = np.where(np.isnan(values), -1, (values > 0).astype(np.int32)).astype(np.int32)
        return cls(codes, summarize_levels(Column(name, codes, _ANY), member, threshold))

    def shares(self, k: int) -> tuple[float, float] | None:
        """Return the shares with any in a segment and in the rest, where both may be shown."""
        found = self.levels
        if not (found.shown[k].all() and found.shown[-1].all() and found.groups.shown[k]):
            return None
        return float(found.shares[k, 1]), float(found.rest_shares[k, 1])


def of_numbers(
    variable: Variable, column: Column, numbers: Numbers, member: Membership, threshold: int
) -> list[Distinction | None]:
    """Return what distinguishes each segment on a number, or ``None``.

    The sentence quotes means, as tables do. An amount is compared on the log scale; where some
    have none, by ranks, so that having any and how much of it are judged together. What the means
    contradict is told in parts, without a phrase for a name.
    """
    values = np.asarray(column.values, dtype=np.float64)
    amount = variable.measure == "positive"
    zeros = amount and bool((values <= 0).any())
    scaled = values
    if amount:
        scaled = midranks(values, member.weights) if zeros else np.log(values)
    any_of = _Any.of(variable.name, values, member, threshold) if zeros else None
    parts = _parts(variable, any_of, member) if any_of else [None] * member.k
    sides = _moments(values, member)
    every: list[Distinction | None] = []
    for k, (group, rest) in enumerate(_moments(scaled, member)):
        found = None
        if numbers.groups.shown[k] and numbers.groups.shown[-1]:
            effect = _effect_on_mean(variable.name, scaled, member, k, group, rest)
            shares = None if any_of is None else any_of.shares(k)
            found = _whole(variable, effect, *sides[k], shares)
        every.append(found or parts[k])
    return [_agreeing(one, *side) for one, side in zip(every, sides, strict=True)]


def _agreeing(found: Distinction | None, inside: Moments, rest: Moments) -> Distinction | None:
    """Return a distinction without a phrase for a name where the means say the opposite."""
    if found is None or (inside.mean - rest.mean) * found.effect > 0:
        return found
    return found.model_copy(update={"phrase": ""})


def _whole(
    variable: Variable,
    effect: Effect | None,
    group: Moments,
    rest: Moments,
    shares: tuple[float, float] | None,
) -> Distinction | None:
    """Return what the whole number says; ``None`` where its means do not say the same."""
    if effect is None or (group.mean - rest.mean) * effect.value <= 0:
        return None
    inside, other = group.mean, rest.mean
    both = variable.measure == "positive" and inside > 0 and other > 0
    if both and abs(math.log(inside / other)) < POINTS:
        return None
    more = effect.value > 0
    lead, phrase = concepts.number_words(variable, more, inside)
    if both and abs(math.log(inside / other)) < _NAMED:
        phrase = ""
    notes = []
    if shares is not None and abs(shares[0] - shares[1]) >= POINTS:
        percent_here, percent_rest = pair(*shares, "share")
        notes.append(f"{percent_here} have any, {percent_rest} of the rest")
        # Most have any here and most others do not, or the other way round: that is the story.
        if (shares[0] > 0.5) != (shares[1] > 0.5) and (shares[0] > shares[1]) == more:
            phrase = _any_phrase(variable, more, shares[0])
    statement = number_statement(variable, lead, inside, other, *notes)
    return distinction(variable, "d", Contrast(effect, inside, other), statement, phrase)


def _effect_on_mean(
    name: str, values: Floats, member: Membership, k: int, group: Moments, rest: Moments
) -> Effect | None:
    """Return Cohen's d of a segment where it is large and credible; else None."""
    effect = cohens_d(group, rest)
    if effect is None or not effect.is_large:
        return None
    influence = influence_on_d(values[member.sampled], group, rest, effect.value)
    effect = effect.with_error(float(member.errors(k, *influence, name)[0]))
    return effect if effect.is_credible else None


def _moments(values: Floats, member: Membership) -> list[tuple[Moments, Moments]]:
    """Return the moments of a number inside and outside each segment."""
    observed = np.isfinite(values)
    known = values[observed]
    mass = member.mass if observed.all() else member.mass[:, observed]
    effective, effective_rest = member.effective(observed)
    center = float(known.mean()) if len(known) else 0.0
    total = mass.sum(axis=1)
    safe = np.where(total > 0, total, np.nan)
    offset = sums_of(mass, known - center) / safe
    variance = np.maximum(sums_of(mass, (known - center) ** 2) / safe - offset**2, 0.0)
    every = [
        Moments(float(t), center + float(o), float(v), float(n))
        for t, o, v, n in zip(total, offset, variance, [*effective, np.nan], strict=True)
    ]
    return [
        (group, every[-1].without(group, float(n)))
        for group, n in zip(every[:-1], effective_rest, strict=True)
    ]


def _parts(variable: Variable, any_of: _Any, member: Membership) -> list[Distinction | None]:
    """Return what having any at all says, where that alone tells a segment apart."""
    every: list[Distinction | None] = []
    for k, found in enumerate(
        effects_on_shares(variable.name, any_of.codes, any_of.levels, member)
    ):
        effect, shares = found.get(1), any_of.shares(k)
        if shares is None or effect is None or not effect.is_credible:
            every.append(None)
            continue
        percent_here, percent_rest = pair(*shares, "share")
        lead = concepts.any_words(variable)
        statement = f"{lead}: {percent_here}, {percent_rest} of the rest"
        phrase = _any_phrase(variable, effect.value > 0, shares[0])
        every.append(distinction(variable, "h", Contrast(effect, *shares), statement, phrase))
    return every


def _any_phrase(variable: Variable, more: bool, inside: float) -> str:
    if concepts.concept_of(variable) is not None or concepts.is_part(variable):
        return concepts.number_words(variable, more)[1]
    label = variable.label
    topic = concepts.topic_of(label) if concepts.is_share(variable) else lowered(label)
    short = labels.short_label(topic)
    if more:
        return short if concepts.is_share(variable) else f"with {short}"
    return f"{'no' if inside < 0.2 else 'little'} {short}"


def number_statement(variable: Variable, lead: str, inside: float, rest: float, *notes: str) -> str:
    """Return a sentence about a number, with both means and their ratio where it helps."""
    unit = variable.unit
    share = concepts.is_share(variable) and 0 <= inside <= 1 and 0 <= rest <= 1
    if share or is_share(unit):
        unit = "share" if share else None
    first, second = pair(inside, rest, unit)
    if unit and is_spoken(unit):
        second = bare(second, unit)
    told = list(notes)
    if starts_at_zero(variable.measure) and not share:
        times = ratio(inside, rest, None if variable.measure == "count" else unit)
        told = [times, *told] if times else told
    if told:
        return f"{lead}: {first} on average, the rest {second} ({'; '.join(told)})"
    return f"{lead}: {first} on average, the rest {second}"
