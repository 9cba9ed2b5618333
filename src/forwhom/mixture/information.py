"""How sure estimates are: the information of all parameters at once, memberships included.

A size, a mean or an effect changes with every parameter, because each decides who belongs where.
Louis' identity gives the observed information of all of them from the responsibilities. Its inverse
times a customer's score is the influence of the customer on the parameters, and the sum of squared
influences on a statistic is its variance (the sandwich), also with sampling weights and missing
values.

Sources: T. A. Louis, JRSS B 44 (1982) 226-233; H. White, Econometrica 50 (1982) 1-25.
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import softmax

from forwhom.mixture.families.distribution import SMALLEST
from forwhom.mixture.families.scores import Floats, Ints, Scores
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.layout import Layout
from forwhom.mixture.shape import added_up
from forwhom.tables.weights import is_counting

#: More parameters than this are not taken together: those of one variable stand with the shares.
MOST_PARAMETERS = 1000
#: Most customers, and most customers times parameters, that the information is computed from.
MOST_CUSTOMERS = 20_000
MOST_SCORES = 10_000_000
#: Rows whose scores are held at a time.
BLOCK_ROWS = 2048
#: A direction keeps at least this share of the information that known segments would give.
FLOOR = 1e-3
#: Parameters that are drawn to average memberships over them.
DRAWS = 100
#: A parameter of which known segments would tell less than this many customers do is fixed.
NOTHING = 1e-6


class Information:
    """What the customers of a fit say about statistics of its segments."""

    def __init__(
        self, fitted: FittedMixture, weights: Floats | None = None, *, prior: float = 0.0
    ) -> None:
        """Take weights (customers,), of any scale, and the prior of the fit."""
        design, n = fitted.data.design, fitted.n_customers
        most = min(MOST_CUSTOMERS, max(MOST_SCORES // fitted.n_parameters, 1000))
        #: customers that are looked at, evenly spread; shape (m,)
        self.customers = np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64))
        every = np.ones(n) if weights is None else weights
        w = every[self.customers]
        #: customers of the sample that one of those looked at stands for
        self.factor = float(every.sum() / w.sum())
        self._weights, self._squares = w, w if is_counting(every) else w**2
        rows = self.customers if design.rows is None else design.rows[self.customers]
        rows, self._row = np.unique(rows, return_inverse=True)
        self._row_weights = np.bincount(self._row, w, len(rows)).astype(np.float64)
        self._chances = fitted.class_responsibilities[rows]
        layout = Layout(design.take(rows), fitted.data.layout.shape)
        #: segment of each class that the engine fits: of each segment, where they are the same
        self._segment = fitted.parts
        weighted = self._row_weights[:, None] * self._chances
        scale = float(w.sum()) / design.n
        parts = zip(layout.distributions, fitted.parameters.parts, strict=True)
        self._scores = [one for d, p in parts for one in d.scored(p, weighted, prior * scale)]
        self._joint: dict[str, Joint] = {}

    def variance(self, k: int, inside: Floats, outside: Floats, about: str = "") -> Floats:
        """Return the variances of R statistics of segment k (from 0), shape (R,).

        ``inside`` and ``outside``, both (m, R), are the influence on each statistic of a customer
        in the segment and of one who is not, per unit of weight. ``about`` names the variable
        that the statistics are of, for models with too many parameters to take them together.
        """
        influence = self.influence(k, inside, outside, about)
        return np.asarray(self.factor * (self._squares @ influence**2))

    def influence(self, k: int, inside: Floats, outside: Floats, about: str = "") -> Floats:
        """Return what a unit of weight more of each customer changes, shape (m, R)."""
        chance = self._chances[:, self._segment == k].sum(axis=1)[self._row, None]
        pull = self._weights[:, None] * (inside - outside)
        change = self.moved(self.slopes(k, pull, about), about)
        return np.asarray(chance * inside + (1 - chance) * outside + change)

    def slopes(self, k: int, pulls: Floats, about: str = "") -> Floats:
        """Return how R statistics change with the parameters, shape (parameters, R).

        ``pulls`` (m, R) says how much a statistic gains where a customer's probability of segment
        k grows, weights included.
        """
        rows = len(self._chances)
        added = np.stack([np.bincount(self._row, p, rows) for p in pulls.T], axis=1, dtype=float)
        return self._about(about).slopes(np.flatnonzero(self._segment == k), added)

    def moved(self, slopes: Floats, about: str = "") -> Floats:
        """Return what a unit of weight more of each customer changes by its parameters, (m, R)."""
        return np.asarray(self._about(about).moved(slopes)[self._row])

    def covariance(self, influence: Floats) -> Floats:
        """Return the covariance of R statistics of which customers have influences (m, R)."""
        scaled = np.sqrt(self.factor * self._squares)[:, None] * influence
        return np.asarray(scaled.T @ scaled)

    def averaged(self, seed: int = 0) -> Floats:
        """Return probabilities of each segment over what is not known of the parameters, (m, K).

        Estimates fit their own customers too well, so that memberships look surer than they are;
        the mean over likely parameters (Laplace) is as sure as it is right.
        """
        joint = self._about("")
        squares = np.bincount(self._row, self._squares, len(self._chances))
        noise = np.random.default_rng(seed).standard_normal((len(squares), DRAWS))
        noise *= np.sqrt(squares / self.factor)[:, None]
        chances = joint.averaged(noise)
        return added_up(chances, self._segment)[self._row]

    def left_out(self) -> Floats:
        """Return the probabilities of each segment by all other customers alone, shape (m, K).

        To first order: each customer's own influence on the parameters is taken back. What is
        computed from these is what new customers of the same kind show.
        """
        rows = len(self._chances)
        one = np.bincount(self._row, self._weights, rows) / np.bincount(self._row, minlength=rows)
        return added_up(self._about("").left_out(one), self._segment)[self._row]

    def _about(self, variable: str) -> "Joint":
        together = sum(one.n_free for one in self._scores) <= MOST_PARAMETERS
        name = "" if together else variable
        if name not in self._joint:
            scores = [s for s in self._scores if together or not s.variables or name in s.variables]
            self._joint[name] = Joint(scores, self._chances, self._row_weights)
        return self._joint[name]


class Joint:
    """Scores of some columns together, and the inverse of their information."""

    def __init__(self, columns: Sequence[Scores], chances: Floats, weights: Floats) -> None:
        self._columns, self._chances = columns, chances
        first = np.cumsum([0, *(one.n_free for one in columns)])
        self._index = [
            np.where(one.index < 0, -1, one.index + start)
            for one, start in zip(columns, first[:-1], strict=True)
        ]
        n = int(first[-1])
        self._scores = np.zeros((len(chances), n))
        complete = _complete(columns, self._index, n)
        missing = self._collect(weights, n)
        information = complete - missing + self._scores.T @ (weights[:, None] * self._scores)
        self._inverse = _inverse(information, complete)

    @property
    def scores(self) -> Floats:
        """Scores of all parameters, shape (rows, P)."""
        return self._scores

    @property
    def inverse(self) -> Floats:
        """The inverse of their information, shape (P, P)."""
        return self._inverse

    def _collect(self, weights: Floats, n: int) -> Floats:
        """Fill in the scores of rows, and return the mean of squares that Louis takes away."""
        squares = np.zeros((n, n))
        for k in range(self._chances.shape[1]):
            index = np.concatenate([at[k] for at in self._index])
            free = index >= 0
            at = index[free]
            for lo in range(0, len(weights), BLOCK_ROWS):
                rows = slice(lo, lo + BLOCK_ROWS)
                known = np.hstack([one.of(k, rows) for one in self._columns])[:, free]
                expected = self._chances[rows, k, None] * known
                self._scores[rows, at] += expected
                squares[np.ix_(at, at)] += known.T @ (weights[rows, None] * expected)
        return squares

    def averaged(self, noise: Floats) -> Floats:
        """Return the mean responsibilities (rows, K) with parameters that rows' noise moves."""
        moves = self._inverse @ (self._scores.T @ noise)
        found = np.empty_like(self._chances)
        for lo in range(0, len(found), BLOCK_ROWS):
            rows = slice(lo, lo + BLOCK_ROWS)
            logs = np.log(np.maximum(self._chances[rows], SMALLEST)).T[:, :, None]
            logs = np.repeat(logs, noise.shape[1], axis=2)
            for k in range(len(logs)):
                for one, index in zip(self._columns, self._index, strict=True):
                    free = index[k] >= 0
                    logs[k] += one.of(k, rows)[:, free] @ moves[index[k][free]]
            found[rows] = softmax(logs, axis=0).mean(axis=2).T
        return found

    def left_out(self, weights: Floats) -> Floats:
        """Return the responsibilities (rows, K) without so much weight of the row itself."""
        found = np.empty_like(self._chances)
        for lo in range(0, len(found), BLOCK_ROWS):
            rows = slice(lo, lo + BLOCK_ROWS)
            moves = -weights[rows, None] * (self._scores[rows] @ self._inverse)
            logs = np.log(np.maximum(self._chances[rows], SMALLEST))
            for k in range(logs.shape[1]):
                for one, index in zip(self._columns, self._index, strict=True):
                    free = index[k] >= 0
                    own = one.of(k, rows)[:, free] * moves[:, index[k][free]]
                    logs[:, k] += own.sum(axis=1)
            found[rows] = softmax(logs, axis=1)
        return found

    def slopes(self, classes: Ints, pulls: Floats) -> Floats:
        """Return how R statistics change with the parameters, shape (parameters, R).

        ``pulls`` (rows, R) says how much a statistic gains where a row's probability of the
        ``classes`` of a segment grows.
        """
        gradient = np.zeros((self._scores.shape[1], pulls.shape[1]))
        for k in classes.tolist():
            drawn = self._chances[:, [k]] * pulls
            gradient -= self._scores.T @ drawn
            for one, index in zip(self._columns, self._index, strict=True):
                free = index[k] >= 0
                gradient[index[k][free]] += one.total(k, drawn)[free]
        return gradient

    def moved(self, slopes: Floats) -> Floats:
        """Return how each row moves R statistics by moving the parameters, shape (rows, R)."""
        return np.asarray(self._scores @ (self._inverse @ slopes))


def _complete(columns: Sequence[Scores], index: Sequence[Ints], n: int) -> Floats:
    """Return the information if every customer's segment were known, shape (n, n)."""
    complete = np.zeros((n, n))
    for one, places in zip(columns, index, strict=True):
        for at, block in zip(places, one.information, strict=True):
            free = at >= 0
            complete[np.ix_(at[free], at[free])] += block[np.ix_(free, free)]
    return complete


def _inverse(information: Floats, complete: Floats) -> Floats:
    """Return the inverse of the information, floored where hardly any is left."""
    told = np.flatnonzero(np.diagonal(complete) > NOTHING)
    scale = np.sqrt(np.diagonal(complete)[told])
    known = complete[np.ix_(told, told)] / np.outer(scale, scale)
    factor = np.linalg.cholesky(known + 1e-9 * np.eye(len(told)))
    observed = information[np.ix_(told, told)] / np.outer(scale, scale)
    half = solve_triangular(factor, observed, lower=True)
    left = solve_triangular(factor, half.T, lower=True)
    # Eigenvalues are the share of the information that unknown segments leave in a direction.
    values, vectors = np.linalg.eigh(0.5 * (left + left.T))
    root = solve_triangular(factor.T, vectors / np.sqrt(np.maximum(values, FLOOR)))
    root /= scale[:, None]
    inverse = np.zeros_like(information)
    inverse[np.ix_(told, told)] = root @ root.T
    return inverse
