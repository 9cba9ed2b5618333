"""Several effects at once: whether they differ, and what each is, with the others in mind.

Sources: W. G. Cochran, Biometrics 10 (1954) 101-129, for Q; R. C. Paule and J. Mandel, J. Res. NBS
87 (1982) 377-385, and W. Viechtbauer, Statistics in Medicine 26 (2007) 37-52, for the spread of
true effects and its interval; M. J. Daniels, Canadian J. of Statistics 27 (1999) 567-578, for the
prior of that spread; C. Yu and P. D. Hoff, Biometrika 105 (2018) 319-335, for intervals that lean
on others and yet hold what they say for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri, expit, ndtri

from forwhom.statistics.arms import Apart

Floats = NDArray[np.float64]

#: Points of the prior of how much of the spread is sampling.
_POINTS = (np.arange(200) + 0.5) / 200


@dataclass(frozen=True)
class Heterogeneity:
    """Whether effects differ by more than sampling."""

    q: float
    df: int
    p: float
    tau: float  # standard deviation of the true effects
    tau_interval: tuple[float, float]
    i2: float  # part of the variance of what was found that is not sampling
    i2_interval: tuple[float, float]


def heterogeneity(values: Floats, errors: Floats) -> Heterogeneity:
    """Return whether effects with these standard errors differ, from two on."""
    variances, df = errors**2, len(values) - 1
    q = _cochran(values, variances, 0.0)
    spread = _spread_where(values, variances, df)
    low, high = (_spread_where(values, variances, float(chdtri(df, p))) for p in (0.025, 0.975))
    weights = 1 / variances
    typical = df * weights.sum() / (weights.sum() ** 2 - (weights**2).sum())
    parts = [float(x / (x + typical)) for x in (spread, low, high)]
    return Heterogeneity(
        q, df, float(chdtrc(df, q)), math.sqrt(spread), (math.sqrt(low), math.sqrt(high)),
        parts[0], (parts[1], parts[2]),
    )  # fmt: skip


def _cochran(values: Floats, variances: Floats, spread: float) -> float:
    weights = 1 / (variances + spread)
    mean = weights @ values / weights.sum()
    return float(weights @ (values - mean) ** 2)


def _spread_where(values: Floats, variances: Floats, target: float) -> float:
    """Return the variance of true effects with which Q is so large; 0 where it never is."""
    if _cochran(values, variances, 0.0) <= target:
        return 0.0
    most = float(np.var(values) + variances.max())
    while _cochran(values, variances, most) > target:
        most *= 4
    return float(brentq(lambda x: _cochran(values, variances, x) - target, 0.0, most))


def _likely_spread(values: Floats, variances: Floats) -> float:
    """Return the variance of true effects, where how much of all is sampling may be any part.

    With that prior, one effect is enough: as much is taken for sampling as for true differences.
    """
    typical = len(variances) / (1 / variances).sum()
    spreads = typical * (1 - _POINTS) / _POINTS
    weights = 1 / (variances[:, None] + spreads)
    total = weights.sum(axis=0)
    q = (weights * (values[:, None] - (weights * values[:, None]).sum(axis=0) / total) ** 2).sum(0)
    logs = 0.5 * (np.log(weights).sum(axis=0) - np.log(total) - q)
    chances = np.exp(logs - logs.max())
    part = float(chances @ _POINTS / chances.sum())
    return float(typical * (1 - part) / part)


def _mean(values: Floats, variances: Floats, spread: float) -> tuple[float, float]:
    """Return the mean of the true effects, and its variance."""
    weights = 1 / (variances + spread)
    return float(weights @ values / weights.sum()), float(1 / weights.sum())


@dataclass(frozen=True)
class Pooled:
    """An effect with others in mind, and its interval."""

    value: float
    low: float
    high: float


def with_others(effects: Sequence[Apart], alpha: float = 0.05) -> list[Pooled]:
    """Return each effect drawn towards the others, as far as these agree; from two on.

    The interval of each holds its true effect as often as its own does, also where it is not like
    the others: what leans on others is only where its two tails begin. It is shorter where they
    agree.
    """
    values = np.array([one.value for one in effects])
    variances = np.array([one.error**2 for one in effects])
    spread = _likely_spread(values, variances)
    middle, _ = _mean(values, variances, spread)
    drawn = values + variances / (variances + spread) * (middle - values)
    found = []
    for k, one in enumerate(effects):
        others = np.arange(len(effects)) != k
        theirs = _likely_spread(values[others], variances[others])
        mean, sampled = _mean(values[others], variances[others], theirs)
        low, high = _leaning(one, mean, theirs + sampled, alpha)
        found.append(Pooled(min(max(float(drawn[k]), low), high), low, high))
    return found


def _leaning(own: Apart, mean: float, variance: float, alpha: float) -> tuple[float, float]:
    """Return the interval that is shortest on average, were the effect drawn around a mean."""
    lean = variance / (2 * own.error)

    def where(x: float) -> tuple[float, float, float]:
        """Return an effect, and how far below and above it what is found may be, by its side."""
        below, above = float(ndtri(alpha * expit(x))), float(ndtri(alpha * expit(-x)))
        return mean + lean * (below - above), below, above

    high = _end(lambda x: where(x)[1] - own.z(where(x)[0]))
    low = _end(lambda x: -where(x)[2] - own.z(where(x)[0]))
    one_sided = own.interval(-float(ndtri(alpha)))
    return (
        one_sided[0] if low is None else where(low)[0],
        one_sided[1] if high is None else where(high)[0],
    )


def _end(off: Callable[[float], float], far: float = 600.0) -> float | None:
    """Return where a rising function is 0, if it is there at all."""
    if off(-far) >= 0 or off(far) <= 0:
        return None
    return float(brentq(off, -far, far, xtol=1e-9))
