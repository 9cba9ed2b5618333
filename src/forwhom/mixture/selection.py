"""How many segments: fit a range of K and compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forwhom.documents.fitting import CRITERIA, Candidate
from forwhom.errors import OptionError
from forwhom.mixture.design import Design
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture, fitted_from
from forwhom.mixture.fitting import ExtraStarts, FitOptions, Progress, find_optimum
from forwhom.mixture.parameters import Parameters, stack

#: A segment of fewer customers is an empty one: the prior holds it, or a single customer.
LEAST_SEGMENT = 2.0


@dataclass(frozen=True)
class Selection:
    """One fitted mixture per number of segments, in their order, and the criterion that chooses."""

    fits: tuple[FittedMixture, ...]
    criterion: str

    @property
    def candidates(self) -> list[Candidate]:
        """The criteria of every K."""
        return [fit.candidate for fit in self.fits]

    @property
    def best(self) -> FittedMixture:
        """The model with the smallest criterion, among those that can be believed."""
        return _best(self.fits, self.criterion)


def select(
    design: Design,
    ks: Iterable[int],
    options: FitOptions | None = None,
    *,
    criterion: str = "bic",
    degrees: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Selection:
    """Fit every K and compare by one of the :data:`CRITERIA`.

    With several ``degrees`` of the tilts, every K is fitted with each of them where that is not the
    same, and the better one stays. The segments of K - 1, one of them split in two, are among the
    starts of K, so that the log-likelihood of a degree never falls as K grows.
    """
    wanted = check_ks(ks)
    if criterion not in CRITERIA:
        raise OptionError(
            f"There is no criterion {criterion!r}.", f"Choose one of {', '.join(CRITERIA)}."
        )
    options = options or FitOptions()
    tried = sorted(degrees or [options.degree])
    before: dict[int, FittedMixture] = {}
    chosen: list[FittedMixture] = []
    total, done = sum(wanted), 0
    for k in wanted:
        found: dict[int, FittedMixture] = {}
        asked = tried if k > 1 and design.has_spread else tried[:1]
        for i, degree in enumerate(asked):
            own = replace(options, degree=degree)
            tell = _part(progress, (done + k * i / len(asked)) / total, k / len(asked) / total)
            warm = _warm(before.get(degree), found.get(tried[i - 1]) if i else None, k, own.seed)
            optimum = find_optimum(
                design, k, own, extra_starts=warm, quick=bool(i), progress=tell
            )  # fmt: skip
            found[degree] = fitted_from(optimum)
        # Where degrees are the same, what was found is where both go on from.
        before = {degree: found.get(degree, found[tried[0]]) for degree in tried}
        chosen.append(_best(list(found.values()), criterion))
        done += k
    return Selection(tuple(chosen), criterion)


def _best(fits: Sequence[FittedMixture], criterion: str) -> FittedMixture:
    """Return the smallest criterion among models without a collapsed variance or empty segment."""
    whole = [f for f in fits if f.weights.min() * f.data.design.n >= LEAST_SEGMENT or f.k == 1]
    sound = [f for f in whole if not f.degenerate] or whole or list(fits)
    return min(sound, key=lambda f: float(getattr(f.candidate, criterion)))


def _warm(
    fewer: FittedMixture | None, narrower: FittedMixture | None, k: int, seed: int
) -> ExtraStarts | None:
    """Starts from a model of fewer segments, and from one whose segments differ in less."""
    if fewer is None and narrower is None:
        return None

    def starts(data: Expectation) -> Parameters:
        split = [] if fewer is None else [_split(fewer, data, k=k, seed=seed)]
        return stack(split + ([] if narrower is None else [narrower.parameters]))

    return starts


def check_ks(ks: Iterable[int]) -> list[int]:
    """Return the numbers of segments in ascending order; OptionError for an unusable one."""
    wanted = sorted({int(k) for k in ks})
    if not wanted or wanted[0] < 1:
        raise OptionError(
            f"Numbers of segments must be 1 or more, not {wanted[0] if wanted else 'none'}.",
            "Ask for example for 1 to 8.",
        )
    return wanted


def _part(progress: Progress | None, done: float, share: float) -> Progress | None:
    if progress is None:
        return None
    return lambda what, fraction: progress(what, done + share * fraction)


def _split(before: FittedMixture, data: Expectation, *, k: int, seed: int) -> Parameters:
    """Starts with k segments: those of the model before, with some of them split in two."""
    rng = np.random.default_rng([seed, k, 1])
    starts = []
    for first in range(before.k):
        extra = [(first + i) % before.k for i in range(k - before.k)]
        index = np.array([*range(before.k), *extra])
        copies = np.bincount(index, minlength=before.k)[index]
        parts = zip(data.layout.distributions, before.parameters.order(index).parts, strict=True)
        starts.append(Parameters(tuple(d.split(arrays, copies, rng) for d, arrays in parts)))
    return stack(starts)
