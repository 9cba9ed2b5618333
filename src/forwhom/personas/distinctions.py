"""What distinguishes a segment from the rest: effect sizes, in words and units of the data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import starts_at_zero
from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas import concepts, labels
from forwhom.personas.duplicates import Said, drop_repetitions
from forwhom.personas.profiles import Summary, significant
from forwhom.personas.summaries import Levels, Numbers, summarize_levels, summarize_numbers
from forwhom.statistics.effects import (
    Effect,
    Moments,
    cohens_d,
    cohens_h,
    influence_on_d,
    influence_on_h,
)
from forwhom.statistics.membership import Floats, Membership, sums_of
from forwhom.tables.columns import Column
from forwhom.wording import bare, is_share, is_spoken, lowered, opened, pair, ratio

#: A level that is less common must differ by this much more to be said before one that is more
#: common: what somebody is says more than what somebody is not.
_PREFER_MORE = 0.8
#: From this share of zeros on, a sentence says that a number is about those with any.
_SOME_ZEROS = 0.01
#: Effects can be large where shares are near 0 or 1 and nobody would see a difference.
_POINTS = 0.05
_ANY = ("none", "any")


@dataclass(frozen=True)
class _Contrast:
    """An effect with the two numbers that a sentence quotes."""

    effect: Effect
    inside: float
    rest: float


def find_distinctions(
    variables: Sequence[Variable],
    columns: Mapping[str, Column],
    summaries: Mapping[str, Summary],
    member: Membership,
    *,
    threshold: int,
    rows: NDArray[np.intp],
) -> list[list[Distinction]]:
    """Return what distinguishes each segment from all other customers, strongest first.

    Only differences of at least 0.2 whose 95 % interval excludes zero are said; one sentence a
    variable; of variables that say the same (a correlation of 0.8 or more), the stronger, or
    the one that formed the segments. Shares must differ by five points, and medians by 5 %.
    """
    found: list[list[Said]] = [[] for _ in range(member.k)]
    shared = concepts.sharing(variables)
    for variable in variables if member.k > 1 else ():
        column, summary = columns[variable.name], summaries[variable.name]
        if isinstance(summary, Levels):
            every = _of_levels(variable, column, summary, member)
        else:
            every = _of_numbers(variable, column, summary, member, threshold)
            if variable.name in shared:
                every = [_with_label(variable, distinction) for distinction in every]
        for said, distinction in zip(found, every, strict=True):
            if distinction is not None:
                said.append(Said(distinction, column, variable.use == "active"))
    return drop_repetitions(found, rows)


def _with_label(variable: Variable, distinction: Distinction | None) -> Distinction | None:
    """Say which variable a sentence is about, where its lead alone could be of several."""
    if distinction is None or distinction.kind == "h":
        return distinction
    label = lowered(variable.label)
    lead, values = distinction.statement.split(": ", 1)
    if " on " in lead or label == (variable.unit or "").lower():
        return distinction
    return distinction.model_copy(update={"statement": f"{lead} ({label}): {values}"})


def _of_levels(
    variable: Variable, column: Column, levels: Levels, member: Membership
) -> list[Distinction | None]:
    shares, rest = levels.shares, levels.rest_shares
    effects = _effects_on_shares(variable.name, np.asarray(column.values), levels, member)
    every: list[Distinction | None] = []
    for k, found in enumerate(effects):
        shown = levels.shown[k] & levels.shown[-1] & levels.groups.shown[k]
        contrasts = {
            levels.names[c]: _Contrast(effect, float(shares[k, c]), float(rest[k, c]))
            for c, effect in found.items()
            if shown[c] and effect.is_credible
        }
        every.append(_best_level(variable, contrasts) if contrasts else None)
    return every


def _effects_on_shares(
    name: str, codes: NDArray[np.integer], levels: Levels, member: Membership
) -> list[dict[int, Effect]]:
    """Return the effects of each segment that are large enough to be said, by level."""
    shares, rest, totals = levels.shares, levels.rest_shares, levels.total.sum(axis=1)
    sampled = codes[member.sampled][:, None]
    every = []
    for k in range(len(rest)):
        n, n_rest = levels.groups.effective[k], levels.groups.effective_rest[k]
        both = zip(shares[k].tolist(), rest[k].tolist(), strict=True)
        known = {c: cohens_h(a, b, n, n_rest) for c, (a, b) in enumerate(both)}
        large = {
            c: effect
            for c, effect in known.items()
            if effect is not None and effect.is_large and abs(shares[k, c] - rest[k, c]) >= _POINTS
        }
        at = np.array(list(large), dtype=np.int64)
        chosen = np.where(sampled >= 0, sampled == at, np.nan)
        sides = (float(totals[k]), float(totals[-1] - totals[k]))
        influence = influence_on_h(chosen, shares[k, at], rest[k, at], sides)
        errors = member.errors(k, *influence, name).tolist() if large else []
        # At shares near 0 or 1 nobody varies; the scale is one on which errors do not depend on it.
        every.append(
            {
                c: effect.with_error(max(error, effect.error))
                for (c, effect), error in zip(large.items(), errors, strict=True)
            }
        )
    return every


def _best_level(variable: Variable, contrasts: Mapping[str, _Contrast]) -> Distinction:
    """Return the distinction about the level that tells most; of equals, the first."""

    def strength(level: str) -> float:
        value = contrasts[level].effect.value
        return round(abs(value) * (1.0 if value > 0 else _PREFER_MORE), 9)

    # Both levels of a yes or no differ by as much; the yes is the one to talk about.
    yes = [level for level in contrasts if concepts.affirms(variable, level)]
    level = max(yes or contrasts, key=strength)
    contrast = contrasts[level]
    return _distinction(
        variable,
        "h",
        contrast,
        level=level,
        statement=level_statement(variable, level, contrast.inside, contrast.rest),
        phrase=concepts.level_words(variable, level, contrast.effect.value > 0),
    )


def level_statement(variable: Variable, level: str, inside: float, rest: float) -> str:
    """Return a sentence about a level, with both shares."""
    first, second = pair(inside, rest, "share")
    label = variable.label
    if level == concepts.option_of(variable):
        where = "" if label.lower() == level.lower() else f" ({label})"
        return f"{first} chose '{level}'{where}, {second} of the rest"
    if variable.basis == "psychographic":
        return f"{first} say '{level}' to '{label}', {second} of the rest"
    answer = concepts.yes_or_no(variable, level)
    if answer:
        return f"{opened(label)}: {first} {answer}, {second} of the rest"
    return f"{opened(label)}: {first} '{level}', {second} of the rest"


def _of_numbers(
    variable: Variable, column: Column, numbers: Numbers, member: Membership, threshold: int
) -> list[Distinction | None]:
    values = np.asarray(column.values, dtype=np.float64)
    if variable.measure != "positive":
        return _of_means(variable, values, numbers, member)
    present = np.where(values > 0, values, np.nan)
    amounts = numbers
    some_zeros = bool((values <= 0).any())
    if some_zeros:
        amounts = summarize_numbers(present, member, threshold)
    every = _of_medians(variable, present, member, numbers, amounts, some_zeros)
    if not some_zeros:
        return every
    codes = np.where(np.isnan(values), -1, (values > 0).astype(np.int32)).astype(np.int32)
    indicator = summarize_levels(Column(variable.name, codes, _ANY), member, threshold)
    others = _of_any(variable, codes, indicator, member)
    return [_stronger(a, b) for a, b in zip(every, others, strict=True)]


def _stronger(first: Distinction | None, second: Distinction | None) -> Distinction | None:
    if first is None or second is None:
        return first or second
    return second if abs(second.effect) > abs(first.effect) else first


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


def _of_means(
    variable: Variable, values: Floats, numbers: Numbers, member: Membership
) -> list[Distinction | None]:
    sample = _moments(numbers, -1, math.nan)
    every: list[Distinction | None] = []
    for k in range(len(numbers.groups.n)):
        group = _moments(numbers, k, float(numbers.groups.effective[k]))
        rest = sample.without(group, float(numbers.groups.effective_rest[k]))
        effect = None
        if _both_shown(numbers, k):
            effect = _effect_on_mean(variable.name, values, member, k, group, rest)
        if effect is None:
            every.append(None)
            continue
        every.append(_number_distinction(variable, _Contrast(effect, group.mean, rest.mean)))
    return every


def _of_medians(
    variable: Variable,
    present: Floats,
    member: Membership,
    numbers: Numbers,
    amounts: Numbers,
    some_zeros: bool,
) -> list[Distinction | None]:
    logs = np.log(present)
    note = "among those with any" if some_zeros and numbers.zeros[-1] >= _SOME_ZEROS else ""
    every: list[Distinction | None] = []
    for k, (group, rest) in enumerate(zip(*_log_moments(present, member), strict=True)):
        effect = None
        if _both_shown(numbers, k) and _both_shown(amounts, k):
            effect = _effect_on_mean(variable.name, logs, member, k, group, rest)
        if effect is None:
            every.append(None)
            continue
        inside, other = float(amounts.quantiles[k, 2]), float(amounts.rest_median[k])
        if (inside - other) * effect.value <= 0:
            # Medians can tie or cross where geometric means do not; a sentence must not.
            inside, other = math.exp(group.mean), math.exp(rest.mean)
        if abs(math.log(inside / other)) < _POINTS:
            every.append(None)
            continue
        every.append(_number_distinction(variable, _Contrast(effect, inside, other), note))
    return every


def _of_any(
    variable: Variable, codes: NDArray[np.int32], indicator: Levels, member: Membership
) -> list[Distinction | None]:
    shares, rest = indicator.shares, indicator.rest_shares
    every: list[Distinction | None] = []
    for k, found in enumerate(_effects_on_shares(variable.name, codes, indicator, member)):
        groups = indicator.groups
        shown = indicator.shown[k].all() and indicator.shown[-1].all() and groups.shown[k]
        inside, other = float(shares[k, 1]), float(rest[k, 1])
        effect = found.get(1)
        if not shown or effect is None or not effect.is_credible:
            every.append(None)
            continue
        first, second = pair(inside, other, "share")
        every.append(
            _distinction(
                variable,
                "h",
                _Contrast(effect, inside, other),
                level=None,
                statement=f"{concepts.any_words(variable)}: {first}, {second} of the rest",
                phrase=_any_phrase(variable, effect.value > 0, inside),
            )
        )
    return every


def _any_phrase(variable: Variable, more: bool, inside: float) -> str:
    if concepts.concept_of(variable) is not None:
        return concepts.number_words(variable, more)[1]
    short = labels.short_label(_topic(variable))
    if more:
        return short if concepts.is_share(variable) else f"with {short}"
    return f"{'no' if inside < 0.2 else 'little'} {short}"


def _topic(variable: Variable) -> str:
    label = variable.label
    return concepts.topic_of(label) if concepts.is_share(variable) else lowered(label)


def _both_shown(numbers: Numbers, k: int) -> bool:
    return bool(numbers.groups.shown[k] and numbers.groups.shown[-1])


def _moments(numbers: Numbers, group: int, n: float) -> Moments:
    mean, sd = float(numbers.mean[group]), float(numbers.sd[group])
    return Moments(float(numbers.total[group]), mean, sd**2, n)


def _log_moments(present: Floats, member: Membership) -> tuple[list[Moments], list[Moments]]:
    """Return the moments of the logarithm inside and outside each segment."""
    observed = ~np.isnan(present)
    logs = np.log(present[observed])
    mass = member.mass if observed.all() else member.mass[:, observed]
    effective, effective_rest = member.effective(observed)
    center = float(logs.mean()) if len(logs) else 0.0
    total = mass.sum(axis=1)
    safe = np.where(total > 0, total, np.nan)
    offset = sums_of(mass, logs - center) / safe
    variance = np.maximum(sums_of(mass, (logs - center) ** 2) / safe - offset**2, 0.0)
    every = [
        Moments(float(t), center + float(o), float(v), float(n))
        for t, o, v, n in zip(total, offset, variance, [*effective, np.nan], strict=True)
    ]
    return every[:-1], [
        every[-1].without(group, float(n))
        for group, n in zip(every[:-1], effective_rest, strict=True)
    ]


def _number_distinction(variable: Variable, contrast: _Contrast, note: str = "") -> Distinction:
    lead, phrase = concepts.number_words(variable, contrast.effect.value > 0, contrast.inside)
    return _distinction(
        variable,
        "d",
        contrast,
        level=None,
        statement=number_statement(variable, lead, contrast.inside, contrast.rest, note),
        phrase=phrase,
    )


def number_statement(
    variable: Variable, lead: str, inside: float, rest: float, note: str = ""
) -> str:
    """Return a sentence about a number, with both values and their ratio where it helps."""
    unit = variable.unit
    share = concepts.is_share(variable) and 0 <= inside <= 1 and 0 <= rest <= 1
    if share or is_share(unit):
        unit = "share" if share else None
    first, second = pair(inside, rest, unit)
    if unit and is_spoken(unit):
        second = bare(second, unit)
    notes = [note] if note else []
    if starts_at_zero(variable.measure) and not share:
        times = ratio(inside, rest, None if variable.measure == "count" else unit)
        notes = [times, *notes] if times else notes
    return f"{lead}: {first}, the rest {second}" + (f" ({'; '.join(notes)})" if notes else "")


def _distinction(
    variable: Variable,
    kind: str,
    contrast: _Contrast,
    *,
    level: str | None,
    statement: str,
    phrase: str,
) -> Distinction:
    return Distinction(
        variable=variable.name,
        level=level,
        statement=statement,
        effect=round(contrast.effect.value, 4),
        interval=contrast.effect.interval,
        kind="d" if kind == "d" else "h",
        inside=significant(contrast.inside),
        rest=significant(contrast.rest),
        phrase=phrase,
    )
