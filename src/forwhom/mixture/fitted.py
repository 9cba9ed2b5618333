"""A fitted mixture: its criteria, its responsibilities, and the document it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.fitting import Candidate, Form
from forwhom.documents.items import Item
from forwhom.documents.models import ClassesAlong, MixtureModel
from forwhom.mixture import criteria
from forwhom.mixture.coarsening import coarse_items, coarse_limits, two_digits_below
from forwhom.mixture.design import Design
from forwhom.mixture.em import Runs, run_em
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitting import FitOptions, Optimum, Progress, find_optimum
from forwhom.mixture.maximization import fit_partition
from forwhom.mixture.novelty import novelty, with_limits
from forwhom.mixture.parameters import Parameters
from forwhom.mixture.shape import Classes, Ints, added_up
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]

#: Distinct customers that decide when a new one fits no segment.
NOVELTY_ROWS = 100_000


@dataclass(frozen=True)
class FittedMixture:
    """The best optimum with K segments, largest segment first."""

    data: Expectation  # the customers it was fitted to
    parameters: Parameters  # parameters of one start
    log_likelihood: float  # of the data, without the prior
    #: ``converged``, ``n_iter``, ``best_start_share``, ``n_starts``: how the search went:
    #: whether EM converged within the limit, its passes over the data, the share of completed
    #: starts that reached this optimum, and how many completed
    converged: bool
    n_iter: int
    best_start_share: float
    n_starts: int
    #: whether a variance collapsed to its floor: the likelihood is then not to be trusted
    degenerate: bool

    @property
    def classes(self) -> Classes | None:
        """What the engine fitted in place of segments, if that is something else."""
        return self.data.layout.shape.classes

    @property
    def parts(self) -> Ints:
        """Which segment each class is part of, shape (classes,)."""
        return np.arange(len(self.class_weights)) if self.classes is None else self.classes.parts

    @property
    def k(self) -> int:
        """Number of segments, or of bands."""
        return len(self.weights)

    @property
    def form(self) -> Form:
        """Segments, with a scale besides, or bands of a scale."""
        if self.classes is None:
            return "segments"
        return "segments and scale" if self.classes.band is None else "scale"

    @cached_property
    def weights(self) -> Floats:
        """Shares of the segments, shape (K,)."""
        return added_up(self.class_weights, self.parts)

    @property
    def class_weights(self) -> Floats:
        """Shares of the classes, which are the segments unless said otherwise, shape (classes,)."""
        return np.asarray(self.parameters.weights[0])

    @cached_property
    def n_parameters(self) -> int:
        """Free parameters."""
        parts = zip(self.data.layout.distributions, self.data.marginals, strict=True)
        return sum(d.n_parameters(len(self.class_weights), marginal) for d, marginal in parts)

    @cached_property
    def bic(self) -> float:
        """Schwarz's criterion: comparable between all models of the same design."""
        return -2 * self.log_likelihood + self.n_parameters * float(np.log(self.data.design.n))

    @property
    def n_customers(self) -> int:
        """Customers that it was fitted to, each counted once."""
        rows = self.data.design.rows
        return self.data.design.n_rows if rows is None else len(rows)

    @cached_property
    def class_responsibilities(self) -> Floats:
        """Probability of each class for each row of the design, shape (rows, classes)."""
        return self.data.responsibilities(self.parameters)

    @cached_property
    def row_responsibilities(self) -> Floats:
        """Probability of each segment for each row of the design, shape (rows, K)."""
        found = self.class_responsibilities
        return found if self.classes is None else added_up(found, self.parts)

    def responsibilities(self) -> Floats:
        """Probability of each segment for each customer, shape (customers, K)."""
        rows = self.data.design.rows
        return self.row_responsibilities if rows is None else self.row_responsibilities[rows]

    def places(self) -> Floats:
        """Expected place of each customer on the dimensions of the scale, (customers, D)."""
        assert self.classes is not None
        found, rows = self.class_responsibilities @ self.classes.places, self.data.design.rows
        return np.asarray(found if rows is None else found[rows])

    @cached_property
    def candidate(self) -> Candidate:
        """The criteria of this number of segments."""
        weights = self.data.design.row_weights
        entropy, error = criteria.uncertainty(self.row_responsibilities, weights)
        values = criteria.information(
            self.log_likelihood, self.n_parameters, self.data.design.n, entropy
        )
        return Candidate(
            k=self.k,
            form=self.form,
            log_likelihood=self.log_likelihood,
            n_parameters=self.n_parameters,
            **values,
            entropy_r2=criteria.entropy_r2(entropy, self.data.design.n, self.k),
            classification_error=error,
            smallest_share=float(self.weights.min()),
            converged=self.converged,
            n_iter=self.n_iter,
            best_start_share=self.best_start_share,
            n_starts=self.n_starts,
            degree=self.degree,
        )

    @property
    def degree(self) -> int | None:
        """What segments can differ in on tilts; None where it makes no difference."""
        known = len(self.class_weights) > 1 and self.data.design.has_spread
        return self.data.layout.shape.degree if known else None

    def items(self) -> list[Item]:
        """The variables with their parameters under each class, in the units of the data."""
        return self.data.layout.items(self.parameters.parts)

    def document(
        self,
        columns: Mapping[str, Column],
        threshold: int = 1,
        items: Sequence[Item] | None = None,
    ) -> MixtureModel:
        """Return the model as a document that can place new customers.

        The columns are those that it was fitted to; they decide when a customer fits no segment.
        Parameters tell of no group with fewer customers than ``threshold``; ``items`` are written
        in place of those that were fitted.
        """
        weights = [float(w) for w in self.class_weights]
        sizes = [w * float(self.data.design.row_weights.sum()) for w in weights]
        # Classes along a scale follow a few slopes: no probability of theirs is a cell of people.
        known = None if self.classes else sizes
        chances = self.responsibilities() if known and threshold > 1 else None
        own = self.items() if items is None else items
        coarse = coarse_items(own, known, threshold, columns, chances)
        sample, counts = self._sample(columns)
        limited, share = with_limits(coarse, sample, counts)
        if threshold > 1:
            limited = coarse_limits(limited)
        # Those beyond a limit say nothing about the others.
        found = novelty(limited, weights, sample, counts, share)
        if threshold > 1:  # it is how far from all others a single customer is
            lower = two_digits_below(found.threshold)
            found = found.model_copy(update={"threshold": lower})
        return MixtureModel(weights=weights, classes=self._along(), items=limited, novelty=found)

    def _along(self) -> ClassesAlong | None:
        if self.classes is None:
            return None
        places = self.classes.places[:, 0]
        return ClassesAlong(segment=(self.parts + 1).tolist(), place=places.tolist())

    def _sample(self, columns: Mapping[str, Column]) -> tuple[dict[str, Column], Floats]:
        """Distinct customers with their weights; those with the smallest hashes if many."""
        design = self.data.design
        rows = np.arange(design.n_rows)
        if len(rows) > NOVELTY_ROWS:
            rows = np.argpartition(design.hashes(), NOVELTY_ROWS)[:NOVELTY_ROWS]
        customers = rows if design.first is None else design.first[rows]
        sample = {
            name: replace(columns[name], values=columns[name].values[customers])
            for modeled in design.modeled
            for name in modeled.variables
        }
        return sample, design.row_weights[rows]

    def labels(self) -> NDArray[np.intp]:
        """Most likely segment of each customer, shape (customers,), from 0."""
        found = self.row_responsibilities.argmax(axis=1)
        rows = self.data.design.rows
        return np.asarray(found if rows is None else found[rows])

    def ordered(self, order: NDArray[np.integer]) -> FittedMixture:
        """Return the same model with its segments in another order."""
        if self.classes is None:
            return replace(self, parameters=self.parameters.order(order))
        classes, moved = self.classes.ordered(order)
        shape = replace(self.data.layout.shape, classes=classes)
        data = Expectation(self.data.design, shape, self.data.n_threads)
        return replace(self, data=data, parameters=self.parameters.order(moved))


def fit_mixture(
    design: Design, k: int, options: FitOptions | None = None, *, progress: Progress | None = None
) -> FittedMixture:
    """Fit a mixture with k segments to the customers of :func:`forwhom.mixture.build_design`.

    The default options find the best known optimum of the published data sets.

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.mixture import Column, build_design, fit_mixture
    >>> answers = np.repeat(np.array([0, 1], dtype=np.int32), 50)
    >>> items = [Column(name, answers, ("no", "yes")) for name in "abc"]
    >>> design = build_design(items, dict.fromkeys("abc", "binary"))
    >>> fit_mixture(design, 2).weights.round(2)
    array([0.5, 0.5])
    """
    return fitted_from(find_optimum(design, k, options or FitOptions(), progress=progress))


def fitted_from(optimum: Optimum) -> FittedMixture:
    """Wrap what the search found."""
    return FittedMixture(
        data=optimum.data,
        parameters=optimum.parameters,
        log_likelihood=optimum.loglik,
        converged=optimum.converged,
        n_iter=optimum.n_iter,
        best_start_share=optimum.best_start_share,
        n_starts=optimum.n_completed,
        degenerate=optimum.degenerate,
    )


def fit_from_responsibilities(
    design: Design, responsibilities: Floats, *, prior: float = 1.0
) -> FittedMixture:
    """Describe a given partition (customers, K) as a mixture: one M-step, no search.

    The design is one of customers: built with ``collapse=False``.
    """
    data = Expectation(design)
    parameters = fit_partition(data, responsibilities, prior)
    loglik = float(data.sums(parameters).loglik[0])
    return FittedMixture(data, parameters, loglik, True, 1, 1.0, 1, False)


def converge_from_responsibilities(
    design: Design, responsibilities: Floats, options: FitOptions
) -> FittedMixture:
    """Fit the segments of given probabilities (customers, K) again, to other bins or customers.

    Segments keep their order: only one start is run, from where they are.
    """
    data = Expectation(design, options.shape, options.n_threads)
    start = fit_partition(data, _by_row(design, responsibilities), max(options.prior, 0.1))
    runs = run_em(data, start, prior=options.prior, tol=max(options.tol, 1e-8), max_iter=300)
    return fitted_by(data, runs)


def fitted_by(data: Expectation, runs: Runs) -> FittedMixture:
    """Wrap what one start came to."""
    return FittedMixture(
        data,
        runs.parameters,
        float(runs.loglik[0]),
        bool(runs.converged[0]),
        int(runs.n_iter[0]),
        1.0,
        1,
        bool(runs.degenerate[0]),
    )


def _by_row(design: Design, responsibilities: Floats) -> Floats:
    """Mean over the customers of each row."""
    if design.rows is None:
        return responsibilities
    found = np.zeros((design.n_rows, responsibilities.shape[1]))
    np.add.at(found, design.rows, responsibilities)
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-300))
