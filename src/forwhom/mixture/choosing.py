"""Choose the number of segments on a sample, and fit the chosen one to everybody.

Most of the work of a search goes into numbers of segments that lose. On many customers these are
told from the best one long before the last customer was asked, so they are fitted to a sample: the
rows with the smallest hashes, which are the same in any order of rows. The chosen number goes on
with all customers from where the sample left it. Where a neighbor did about as well on the sample,
both go on, and all customers decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.continuum import converge
from forwhom.mixture.design import Design
from forwhom.mixture.em import run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture, fitted_by
from forwhom.mixture.fitting import FitOptions, run_to_end
from forwhom.mixture.sampling import Drawn, customers_of
from forwhom.mixture.selection import Selection, select
from forwhom.progress import Progress, share, silent
from forwhom.wording import count

Floats = NDArray[np.float64]

#: Rows on which the number of segments is chosen where there are more.
ROWS = 20_000
#: Gain per customer and pass, and most passes, with which a number of segments may lose.
LOOSE_TOL, LOOSE_PASSES = 1e-7, 200
#: Gain per customer and pass, and most passes, of a model that goes on with very many customers.
LAST_TOL, LAST_PASSES = 1e-8, 10
#: Standard errors of the difference of two criteria within which a sample does not decide.
CLOSE = 2.0
#: Blocks of the sample, which is in the order of hashes, that tell how much chance there is.
BLOCKS = 50


@dataclass(frozen=True)
class Choice:
    """The numbers of segments that were tried, and what chose one of them."""

    selection: Selection  # every number: on the sample, where there is one
    design: Design  # all customers
    #: the customers that the numbers were tried on; None where that is all of them
    drawn: Drawn | None = None
    #: the numbers between which the sample did not decide, fitted to all customers
    contest: dict[int, FittedMixture] = field(default_factory=dict)

    @property
    def best(self) -> FittedMixture:
        """The chosen model, as it was fitted to the customers that it was tried on."""
        if not self.contest:
            return self.selection.best
        k = Selection(tuple(self.contest.values()), self.selection.criterion).best.k
        return next(fit for fit in self.selection.fits if fit.k == k)


def choose(
    design: Design,
    ks: Iterable[int],
    options: FitOptions,
    *,
    criterion: str = "bic",
    degrees: Sequence[int] | None = None,
    rows: int = ROWS,
    progress: Progress = silent,
) -> Choice:
    """Choose a number of segments on at most so many rows of the design.

    Where there are no more rows, every number is fitted to the end.
    """
    if design.n_rows <= rows:
        return Choice(
            select(design, ks, options, criterion=criterion, degrees=degrees, progress=progress),
            design,
        )
    loose = replace(
        options, tol=max(options.tol, LOOSE_TOL), max_iter=min(options.max_iter, LOOSE_PASSES)
    )
    drawn = customers_of(design, rows)
    found = select(
        drawn.design, ks, loose, criterion=criterion, degrees=degrees,
        progress=share(progress, 0.0, 0.9),
    )  # fmt: skip
    contest = {}
    for fit in _undecided(found):
        progress(f"{count(fit.k, 'segment')}: asking all customers", 0.9)
        contest[fit.k] = carried_on(fit, design, loose)
    return Choice(found, design, drawn, contest)


def carried_on(fitted: FittedMixture, design: Design, options: FitOptions) -> FittedMixture:
    """Go on with all customers, from what was fitted to some; segments stand by their size."""
    if fitted.data.design is design:
        return fitted
    data = Expectation(design, fitted.data.layout.shape, options.n_threads)
    if fitted.classes is not None:
        found = converge(data, fitted.parameters, options.prior)
    else:
        found = fitted_by(data, run_to_end(data, fitted.parameters, options))
    return _as_chosen(found, fitted)


def passed_over(fitted: FittedMixture, data: Expectation, prior: float) -> FittedMixture:
    """Go on with very many customers for a few passes, from where a great part of them converged.

    What is left to gain then is far less than chance moves, and a pass over all of them is dear.
    """
    runs = run_em(data, fitted.parameters, prior=prior, tol=LAST_TOL, max_iter=LAST_PASSES)
    found = replace(fitted_by(data, runs), converged=fitted.converged)
    return _as_chosen(found, fitted)


def _as_chosen(found: FittedMixture, before: FittedMixture) -> FittedMixture:
    """Return a model with what was known of it before, its segments by their size."""
    found = replace(found, best_start_share=before.best_start_share, n_starts=before.n_starts)
    if before.form == "scale":  # bands stand in the order of their scale
        return found
    return found.ordered(np.argsort(-found.weights, kind="stable"))


def _undecided(selection: Selection) -> list[FittedMixture]:
    """The best number and the neighbors from which the sample does not tell it, in their order."""
    best = selection.best
    rivals = [
        fit
        for fit in selection.fits
        if abs(fit.k - best.k) == 1 and _is_close(best, fit, selection.criterion)
    ]
    return sorted([best, *rivals], key=lambda fit: fit.k) if rivals else []


def _is_close(best: FittedMixture, other: FittedMixture, criterion: str) -> bool:
    """Whether the criteria differ by no more than chance among the customers (Vuong 1989)."""
    difference = getattr(other.candidate, criterion) - getattr(best.candidate, criterion)
    each = 2.0 * (_by_block(best) - _by_block(other))
    error = np.sqrt(BLOCKS) * float(each.std(ddof=1))
    return bool(difference <= CLOSE * error)


def _by_block(fitted: FittedMixture) -> Floats:
    """Log-likelihood of each block of rows, but for what no parameter changes, (blocks,)."""
    design, shape = fitted.data.design, fitted.data.layout.shape
    return np.array(
        [
            float(Expectation(design.take(rows), shape, 1).sums(fitted.parameters).loglik[0])
            for rows in np.array_split(np.arange(design.n_rows), BLOCKS)
        ]
    )
