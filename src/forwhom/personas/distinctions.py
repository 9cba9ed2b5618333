"""What distinguishes a segment from the rest: effect sizes, in words and units of the data."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import is_bare
from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas import concepts
from forwhom.personas.contrasts import Contrast, distinction, effects_on_shares
from forwhom.personas.duplicates import Said, drop_repetitions
from forwhom.personas.numbers import of_numbers
from forwhom.personas.profiles import Summary
from forwhom.personas.summaries import Levels
from forwhom.statistics.effects import SMALL
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column
from forwhom.wording import lowered, opened, pair

#: A level that is less common must differ by this much more to be said before one that is more
#: common: what somebody is says more than what somebody is not.
_PREFER_MORE = 0.8


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
    variable, on the whole of it; of variables that say the same (a correlation of 0.8 or more),
    the stronger, or the one that formed the segments. Shares must differ by five points, and
    means of amounts by 5 %.
    """
    found: list[list[Said]] = [[] for _ in range(member.k)]
    shared = concepts.sharing(variables)
    answers = Counter(level for summary in summaries.values() for level in _levels_of(summary))
    repeated = {level for level, times in answers.items() if times > 1}
    for variable in variables if member.k > 1 else ():
        column, summary = columns[variable.name], summaries[variable.name]
        if isinstance(summary, Levels):
            every = _of_levels(variable, column, summary, member, repeated)
        else:
            every = of_numbers(variable, column, summary, member, threshold)
            if variable.name in shared:
                every = [_with_label(variable, one) for one in every]
        for said, one in zip(found, every, strict=True):
            if one is not None:
                said.append(Said(one, column, variable.use == "active"))
    return drop_repetitions(found, rows)


def _with_label(variable: Variable, one: Distinction | None) -> Distinction | None:
    """Say which variable a sentence is about, where its lead alone could be of several."""
    if one is None or one.kind == "h":
        return one
    label = lowered(variable.label)
    lead, values = one.statement.split(": ", 1)
    if " on " in lead or label == (variable.unit or "").lower():
        return one
    return one.model_copy(update={"statement": f"{lead} ({label}): {values}"})


def _levels_of(summary: Summary) -> Sequence[str]:
    return summary.names if isinstance(summary, Levels) else ()


def _of_levels(
    variable: Variable,
    column: Column,
    levels: Levels,
    member: Membership,
    repeated: Collection[str],
) -> list[Distinction | None]:
    shares, rest = levels.said
    effects = effects_on_shares(variable.name, np.asarray(column.values), levels, member)
    every: list[Distinction | None] = []
    for k, found in enumerate(effects):
        shown = levels.shown[k] & levels.shown[-1] & levels.groups.shown[k]
        contrasts = {
            levels.names[c]: Contrast(effect, float(shares[k, c]), float(rest[k, c]))
            for c, effect in found.items()
            if shown[c] and effect.is_credible
        }
        trend = _Trend.of(variable, levels, k)
        best = _best_level(variable, contrasts, trend, repeated) if contrasts else None
        every.append(best)
    return every


@dataclass(frozen=True)
class _Trend:
    """How far an ordered answer is up or down in a segment, on the whole of its levels."""

    places: Mapping[str, float]  # each level, in standard deviations from the mean of the rest
    effect: float

    @classmethod
    def of(cls, variable: Variable, levels: Levels, k: int) -> "_Trend":
        if variable.measure != "ordinal":
            return cls({}, 0.0)
        at = np.arange(len(levels.names))
        inside, rest = levels.shares[k], levels.rest_shares[k]
        mean = float(rest @ at)
        sd = float(np.sqrt(max(rest @ (at - mean) ** 2, 1e-12)))
        effect = (float(inside @ at) - mean) / sd
        places = {name: (i - mean) / sd for i, name in enumerate(levels.names)}
        return cls(places, effect if np.isfinite(effect) else 0.0)

    def denies(self, level: str, more: bool) -> bool:
        """Return whether more (or less) of a level says the opposite of the whole."""
        claim = self.places.get(level, 0.0) * (1 if more else -1)
        return abs(self.effect) >= SMALL and claim * self.effect < 0


def _best_level(
    variable: Variable,
    contrasts: Mapping[str, Contrast],
    trend: _Trend,
    repeated: Collection[str],
) -> Distinction:
    """Return the distinction about the level that tells most; of equals, the first."""

    def strength(level: str) -> float:
        value = contrasts[level].effect.value
        return round(abs(value) * (1.0 if value > 0 else _PREFER_MORE), 9)

    # Both levels of a yes or no differ by as much; the yes is the one to talk about.
    yes = [level for level in contrasts if concepts.affirms(variable, level)]
    true = [one for one in contrasts if not trend.denies(one, contrasts[one].effect.value > 0)]
    level = max(yes or true or contrasts, key=strength)
    contrast = contrasts[level]
    more = contrast.effect.value > 0
    if variable.measure == "ordinal" and all(map(is_bare, trend.places)):
        # "GPA: not 1" names nobody; a higher or lower GPA does.
        up = trend.effect > 0
        phrase = concepts.number_words(variable, up)[1] if abs(trend.effect) >= SMALL else ""
    else:
        phrase = concepts.level_words(variable, level, more, repeated)
        phrase = (
            "" if trend.denies(level, more) or _is_untrue(variable, level, contrast) else phrase
        )
    statement = level_statement(variable, level, contrast.inside, contrast.rest)
    return distinction(variable, "h", contrast, statement, phrase, level)


def _is_untrue(variable: Variable, level: str, contrast: Contrast) -> bool:
    """Whether a phrase denies what most are: "not interested" where 68 % are interested."""
    denied = contrast.effect.value <= 0 or concepts.yes_or_no(variable, level) == "no"
    has = contrast.inside if contrast.effect.value <= 0 else 1 - contrast.inside
    return denied and has > 0.5


def level_statement(variable: Variable, level: str, inside: float, rest: float) -> str:
    """Return a sentence about a level, with both shares."""
    percent_here, percent_rest = pair(inside, rest, "share")
    label = variable.label
    if level == concepts.option_of(variable):
        where = "" if label.lower() == level.lower() else f" ({label})"
        return f"{percent_here} chose '{level}'{where}, {percent_rest} of the rest"
    if variable.basis == "psychographic":
        said = concepts.answer(variable, level)
        return f"{percent_here} say '{said}' to '{label}', {percent_rest} of the rest"
    answer = concepts.yes_or_no(variable, level)
    if answer:
        return f"{opened(label)}: {percent_here} {answer}, {percent_rest} of the rest"
    return f"{opened(label)}: {percent_here} '{level}', {percent_rest} of the rest"
