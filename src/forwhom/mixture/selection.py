"""How many segments: fit a range of K and compare."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from forwhom.documents.fitting import CRITERIA, Candidate
from forwhom.errors import OptionError
from forwhom.mixture.criteria import information
from forwhom.mixture.design import Design
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture, fitted_from
from forwhom.mixture.fitting import ExtraStarts, FitOptions, Needed, Progress, find_optimum
from forwhom.mixture.parameters import Parameters, stack

#: A segment of fewer customers is an empty one: the prior holds it, or a single customer.
LEAST_SEGMENT = 2.0
#: Numbers of segments in a row that are worse than the best one before larger ones are sought
#: quickly: they would have to turn round to win, and then they are sought as thoroughly.
PAST = 2


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
    starts of K, so that the log-likelihood of a degree never falls as K grows. Past the best K
    the others are fitted from fewer starts.
    """
    wanted = check_ks(ks)
    if criterion not in CRITERIA:
        raise OptionError(
            f"There is no criterion {criterion!r}.", f"Choose one of {', '.join(CRITERIA)}."
        )
    options = options or FitOptions()
    search = _Numbers(design, options, criterion, sorted(degrees or [options.degree]))
    chosen: list[FittedMixture] = []
    total, done = sum(wanted), 0
    for k in wanted:
        tell = _part(progress, done / total, k / total)
        best = _best(chosen, criterion) if chosen else None
        past = best is not None and sum(fit.k > best.k for fit in chosen) >= PAST
        found = search.fit(k, best, past, tell)
        if past and best is not None and _best([best, found], criterion) is found:
            found = search.fit(k, best, False, tell)
        chosen.append(found)
        done += k
    return Selection(tuple(chosen), criterion)


class _Numbers:
    """The search from one number of segments to the next, with every degree of the tilts."""

    def __init__(
        self, design: Design, options: FitOptions, criterion: str, degrees: list[int]
    ) -> None:
        self.design, self.options = design, options
        self.criterion, self.degrees = criterion, degrees
        self.before: dict[int, FittedMixture] = {}

    def fit(
        self, k: int, best: FittedMixture | None, past: bool, progress: Progress | None
    ) -> FittedMixture:
        """Return the best fit with k segments.

        ``best`` is that of all fewer segments; ``past`` it, the search is quick, and of its degree
        alone.
        """
        found: dict[int, FittedMixture] = {}
        asked = self._degrees(k, best if past else None)
        needed = None if best is None else _needed(best, self.criterion)
        for i, degree in enumerate(asked):
            own = replace(self.options, degree=degree)
            warm = _warm(
                self.before.get(degree), found.get(asked[i - 1]) if i else None, k, own.seed
            )
            optimum = find_optimum(
                self.design, k, own, extra_starts=warm, quick=i > 0 or past,
                needed=needed,
                progress=_part(progress, i / len(asked), 1 / len(asked)),
            )  # fmt: skip
            found[degree] = fitted_from(optimum)
        # Where degrees are the same, what was found is where both go on from.
        self.before = {degree: found.get(degree, found[asked[0]]) for degree in self.degrees}
        return _best(list(found.values()), self.criterion)

    def _degrees(self, k: int, better: FittedMixture | None) -> list[int]:
        if k == 1 or not self.design.has_spread:
            return self.degrees[:1]
        return self.degrees if better is None else [better.candidate.degree or self.degrees[0]]


def _best(fits: Sequence[FittedMixture], criterion: str) -> FittedMixture:
    """Return the smallest criterion among models without a collapsed variance or empty segment."""
    whole = [f for f in fits if f.weights.min() * f.data.design.n >= LEAST_SEGMENT or f.k == 1]
    sound = [f for f in whole if not f.degenerate] or whole or list(fits)
    return min(sound, key=lambda f: float(getattr(f.candidate, criterion)))


def _needed(best: FittedMixture, criterion: str) -> Needed:
    """Return what more segments need to be as good as the best, by the price of parameters."""
    n, own = best.data.design.n, float(getattr(best.candidate, criterion))
    each = float(information(0.0, 1, n, 0.0)[criterion]) / 2  # type: ignore[literal-required]

    def needed(full: Expectation, rows: Expectation, k: int) -> float:
        parts = zip(full.layout.distributions, full.marginals, strict=True)
        p = sum(d.n_parameters(k, marginal) for d, marginal in parts)
        gain, share = each * p - own / 2 - best.log_likelihood, rows.design.n / n
        here = Expectation(rows.design, best.data.layout.shape, rows.n_threads)
        reached = float(here.sums(best.parameters).loglik[0])
        # The best was fitted to all rows; what is fitted to a part of them suits these better, by
        # half a unit for each parameter (Akaike 1974).
        return reached + gain * share + p / 2 * (1 - share)

    return needed


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
    try:
        wanted = sorted({operator.index(k) for k in ks})
    except TypeError:
        raise OptionError(
            "Numbers of segments must be a list or a range of whole numbers.",
            "Ask for example for 1 to 8.",
        ) from None
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
