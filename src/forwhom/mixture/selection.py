"""How many segments: fit a range of K and compare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from forwhom.documents.fitting import CRITERIA, Candidate
from forwhom.errors import OptionError
from forwhom.mixture.design import Design
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture, fitted_from
from forwhom.mixture.fitting import FitOptions, Progress, find_optimum
from forwhom.mixture.parameters import Parameters, stack


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
        """The model with the smallest criterion, among those without a collapsed variance."""
        sound = [f for f in self.fits if not f.degenerate] or list(self.fits)
        return min(sound, key=lambda f: float(getattr(f.candidate, self.criterion)))


def select(
    design: Design,
    ks: Iterable[int],
    options: FitOptions | None = None,
    *,
    criterion: str = "bic",
    progress: Progress | None = None,
) -> Selection:
    """Fit every K and compare by one of the :data:`CRITERIA`.

    The segments of K - 1, one of them split in two, are among the starts of K, so that the
    log-likelihood never falls as K grows.
    """
    wanted = check_ks(ks)
    if criterion not in CRITERIA:
        raise OptionError(
            f"There is no criterion {criterion!r}.", f"Choose one of {', '.join(CRITERIA)}."
        )
    options = options or FitOptions()
    fits: list[FittedMixture] = []
    total, done = sum(wanted), 0
    for k in wanted:
        extra = partial(_split, fits[-1], k=k, seed=options.seed) if fits else None
        tell = _part(progress, done / total, k / total)
        optimum = find_optimum(design, k, options, extra_starts=extra, progress=tell)
        fits.append(fitted_from(optimum))
        done += k
    return Selection(tuple(fits), criterion)


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
