"""An effect, the two numbers that a sentence quotes, and how far out other segments are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas.profiles import significant
from forwhom.personas.summaries import Levels, Numbers
from forwhom.statistics.effects import SMALL, Effect, cohens_h, influence_on_h
from forwhom.statistics.membership import Membership

#: Effects can be large where shares are near 0 or 1 and nobody would see a difference.
POINTS = 0.05
#: Means this near, in standard deviations of the sample, are as far out as each other.
_NEAR = 0.1


@dataclass(frozen=True)
class Contrast:
    """An effect with the two numbers that a sentence quotes."""

    effect: Effect
    inside: float
    rest: float


def distinction(
    variable: Variable,
    kind: Literal["d", "h"],
    contrast: Contrast,
    statement: str,
    phrase: str,
    level: str | None = None,
) -> Distinction:
    """Return what is said of a variable in a segment; an empty phrase gives it no name."""
    return Distinction(
        variable=variable.name,
        level=level,
        statement=statement,
        effect=round(contrast.effect.value, 4),
        interval=contrast.effect.interval,
        kind=kind,
        inside=significant(contrast.inside),
        rest=significant(contrast.rest),
        phrase=phrase,
    )


def effects_on_shares(
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
            if effect is not None and effect.is_large and abs(shares[k, c] - rest[k, c]) >= POINTS
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


def farther(found: Distinction, summary: Numbers | Levels, k: int) -> int:
    """Return how many other segments are farther out in the direction of a distinction."""
    if isinstance(summary, Numbers):
        values, near = summary.mean[:-1], _NEAR * float(summary.sd[-1])
        sign = values[k] - summary.mean[-1]
    else:
        values, near = summary.shares[:-1, summary.names.index(found.level or "")], POINTS
        sign = found.effect
    beyond = (values - values[k]) * np.sign(sign) > near
    return int((beyond & summary.groups.shown[:-1]).sum())


def is_average(summary: Numbers | Levels, k: int) -> bool:
    """Return whether a segment is within a small effect of the sample, sure or not."""
    if isinstance(summary, Numbers):
        return not abs(summary.mean[k] - summary.mean[-1]) >= SMALL * summary.sd[-1]
    both = np.arcsin(np.sqrt(np.clip(summary.shares[[k, -1]], 0.0, 1.0)))
    return not (2 * np.abs(both[0] - both[1]) >= SMALL).any()
