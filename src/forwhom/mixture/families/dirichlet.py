"""Items that fall into the parts of a whole: Dirichlet-multinomial, with one shared precision.

A customer with m items has y_c of them in part c. Within a segment their own shares vary around
those of the segment as a Dirichlet distribution does; that leaves
``Π_c α_c (α_c + 1) … (α_c + y_c - 1) / (A (A + 1) … (A + m - 1))`` with ``α_c = A θ_c``. So the
density is a product of a factor for each y_c and one for m: levels of items, as the kernels take
them. The M-step is that of Minka (2000, Estimating a Dirichlet distribution) for the shares θ, and
Newton's for the logarithm of the precision A, which all segments share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from forwhom.mixture.design import Design
from forwhom.mixture.families.apportionment import MOST_ITEMS
from forwhom.mixture.families.distribution import Arrays, Distribution, Floats, Ints, Sums, Terms
from forwhom.mixture.families.scores import RowScores, Scores, bound, numbered
from forwhom.mixture.families.tilting import Tilting, Tiltings
from forwhom.mixture.shape import PLAIN, Shape

#: Name of the family whose variables this distribution is of.
NAME = "dirichlet-multinomial"

#: Cycles of shares and precision in one M-step.
CYCLES = 3
#: Shares do not go below this, and a start gives every part at least that.
LEAST, LEAST_START = 1e-250, 1e-6
#: EM may lift a share that it would let grow from near zero.
NEAR_ZERO, LIFTED = 1e-4, 1e-3
#: Precision of a start; at the bounds, all items are in one part, or shares do not vary.
PRECISION, LEAST_PRECISION, MOST_PRECISION = 4.0, 1e-3, 1e4

_STEPS = np.arange(MOST_ITEMS, dtype=np.float64)[:, None]
#: What factors are scaled by, so that products of many neither vanish nor explode.
_MIDDLE = 0.5 * (MOST_ITEMS - 1)


class DirichletMultinomial(Distribution):
    """Shares (S, parts, K) of all wholes, and the precision (S, wholes, K) of each, repeated."""

    binds = True

    def __init__(
        self, design: Design, columns: Sequence[int], first: int, shape: Shape = PLAIN
    ) -> None:
        super().__init__(design, columns, first, shape)
        wholes = [one.items for one in design.modeled if one.family == NAME]
        self.parts = np.array([item for *own, _ in wholes for item in own])
        self.sizes = np.array([items[-1] for items in wholes])
        counts = np.array([len(items) - 1 for items in wholes], dtype=np.int64)
        self.whole = np.repeat(np.arange(len(wholes)), counts)  # (parts,)
        self.begin = np.cumsum(counts) - counts  # (wholes,) first part of each
        first_rows = design.groups.first
        self.part_rows = first_rows[self.parts][:, None] + np.arange(MOST_ITEMS + 1)
        self.size_rows = first_rows[self.sizes][:, None] + np.arange(MOST_ITEMS)
        self.codes = np.stack([design.item_codes(int(item)) for item in self.sizes])

    def blank(self, n_starts: int, k: int) -> Arrays:
        equal = 1 / np.bincount(self.whole)[self.whole]
        shares = np.broadcast_to(equal[:, None], (n_starts, len(self.parts), k))
        return shares.copy(), np.full((n_starts, len(self.sizes), k), PRECISION)

    def marginal(self, sums: Sums) -> Floats:
        """Share of each part in the items of all customers, shape (parts,)."""
        counts = sums.levels[0, self.part_rows, 0] @ np.arange(MOST_ITEMS + 1)
        return np.asarray(counts / self._totals(counts))

    def neutral(self, n_starts: int, k: int, marginal: Floats) -> Arrays:
        shares, precision = self.blank(n_starts, k)
        shares[:] = np.maximum(marginal, LEAST)[:, None]
        return shares, precision

    def around(self, neutral: Arrays, chosen: Ints, pull: Floats) -> Arrays:
        shares, precision = neutral
        counts = np.stack([self.design.item_codes(int(p))[chosen] for p in self.parts], axis=1)
        sizes = np.stack([codes[chosen] + 1 for codes in self.codes], axis=1)[:, self.whole]
        seen = sizes > 0
        own = counts / np.maximum(sizes, 1)
        mixed = np.where(seen, (1 - pull) * shares + pull * own, shares)
        return self._normalized(np.maximum(mixed, LEAST_START)), precision

    def scattered(self, neutral: Arrays, rng: np.random.Generator) -> Arrays:
        shares, precision = neutral
        drawn = rng.standard_gamma(PRECISION * shares + 0.3)
        return self._normalized(np.maximum(drawn, LEAST_START)), precision

    def split(self, arrays: Arrays, copies: Ints, rng: np.random.Generator) -> Arrays:
        shares, precision = arrays
        noise = np.where(copies > 1, rng.normal(0.0, 0.7, size=shares.shape), 0.0)
        return self._normalized(np.maximum(shares, LEAST_START) * np.exp(noise)), precision

    def fill(self, arrays: Arrays, terms: Terms) -> None:
        shares, precision = arrays
        unit = precision + _MIDDLE
        alpha = (precision[:, self.whole] * shares)[:, :, None]
        rising = np.cumprod((alpha + _STEPS) / unit[:, self.whole, None], axis=2)
        terms.levels[:, self.part_rows[:, 0]] = 1.0
        terms.levels[:, self.part_rows[:, 1:]] = rising
        falling = unit[:, :, None] / (precision[:, :, None] + _STEPS)
        terms.levels[:, self.size_rows] = np.cumprod(falling, axis=2)

    def mstep(self, sums: Sums, current: Arrays, marginal: Floats, prior: float) -> Arrays:
        shares, precision = current
        parts = more_than(sums.levels[:, self.part_rows[:, 1:]])
        sizes = more_than(sums.levels[:, self.size_rows])
        # A prior customer has one item.
        extra = prior / sums.segments.shape[1]
        parts[:, :, 0] += extra * marginal[:, None]
        sizes[:, :, 0] += extra
        for _ in range(CYCLES):
            counts = pseudo_counts(precision[:, self.whole] * shares, parts)
            shares = self._fitted(counts, shares, marginal)
            precision = self._precision(shares, precision, parts, sizes)
        return shares, precision

    def _fitted(self, counts: Floats, current: Floats, marginal: Floats) -> Floats:
        """Return the shares that fit counts of items, all of shape (S, parts, K)."""
        totals = self._totals(counts)
        shares = np.broadcast_to(marginal[:, None], counts.shape).copy()
        np.divide(counts, totals, out=shares, where=totals > 0)
        if self.tilted is not None:
            self.tilted.fit(counts, current, shares)
        return np.maximum(shares, LEAST)

    @cached_property
    def tiltings(self) -> list[Tilting]:
        """How the classes of each whole are bound."""
        design = None if self.shape.classes is None else self.shape.classes.features
        return [Tilting(np.eye(size)[:, 1:], design) for size in np.bincount(self.whole).tolist()]

    @cached_property
    def tilted(self) -> Tiltings | None:
        """Return the wholes whose shares are more than shares of counts, if there are any."""
        return Tiltings.of(self.tiltings, self.begin.tolist())

    def _precision(self, shares: Floats, precision: Floats, parts: Floats, sizes: Floats) -> Floats:
        """Take Newton's step of its logarithm; Minka's, which never loses, where that would."""
        now = precision[:, :, :1]
        alpha, a = (now[:, self.whole] * shares)[:, :, None], now[:, :, None]
        own, all_ = alpha / (alpha + _STEPS), a / (a + _STEPS)
        gain = self._added((parts * own).sum(axis=2))
        loss = (sizes * all_).sum(axis=(2, 3))
        bend = self._added((parts * own * (1 - own)).sum(axis=2))
        bend -= (sizes * all_ * (1 - all_)).sum(axis=(2, 3))
        safe = np.divide(gain, loss, out=np.ones_like(gain), where=(gain > 0) & (loss > 0))
        step = np.divide(loss - gain, bend, out=np.log(safe), where=bend < 0)
        best = self._bounded(now * np.exp(np.clip(step, -1, 1))[:, :, None])
        slow = self._bounded(now * safe[:, :, None])
        worse = self._value(shares, best, parts, sizes) < self._value(shares, slow, parts, sizes)
        return np.repeat(np.where(worse[:, :, None], slow, best), shares.shape[2], axis=2)

    def _value(self, shares: Floats, precision: Floats, parts: Floats, sizes: Floats) -> Floats:
        """Return the expected log-likelihood of each whole, shape (S, wholes)."""
        alpha = (precision[:, self.whole] * shares)[:, :, None]
        gain = self._added((parts * np.log(alpha + _STEPS)).sum(axis=2))
        loss = (sizes * np.log(precision[:, :, None] + _STEPS)).sum(axis=(2, 3))
        return np.asarray(gain - loss)

    def _bounded(self, precision: Floats) -> Floats:
        return np.clip(precision, LEAST_PRECISION, MOST_PRECISION)

    def penalty(self, arrays: Arrays, marginal: Floats, prior: float) -> Floats:
        logs = np.log(arrays[0])
        return np.asarray(prior / logs.shape[2] * np.einsum("p,spk->s", marginal, logs))

    def coordinates(self, arrays: Arrays) -> Arrays:
        return np.log(arrays[0]), np.log(arrays[1])

    def parameters(self, coordinates: Arrays) -> Arrays:
        shares = self._normalized(np.exp(np.clip(coordinates[0], -570.0, 300.0)))
        precision = self._bounded(np.exp(np.clip(coordinates[1][:, :, :1], -100.0, 100.0)))
        return np.maximum(shares, LEAST), np.repeat(precision, shares.shape[2], axis=2)

    def information(self, arrays: Arrays, weights: Floats) -> Arrays:
        shares, precision = arrays
        size = self._mean_sizes[:, None]
        # The variance of a share is that of so many independent items.
        independent = size * (precision + 1) / (precision + size)
        bend = precision * (size - 1) / ((precision + size) * (precision + 1))
        freedom = (np.bincount(self.whole) - 1)[:, None]
        each = weights[:, None, :]
        return (
            np.sqrt(each * independent[:, self.whole] * shares),
            np.sqrt(0.5 * each * freedom) * bend,
        )

    @cached_property
    def _mean_sizes(self) -> Floats:
        """Mean number of items of those who have any, shape (wholes,)."""
        weights = self.design.row_weights
        seen = (self.codes >= 0) @ weights
        return np.asarray((self.codes + 1) @ weights / np.maximum(seen, 1e-9))

    def revived(self, arrays: Arrays, image: Arrays) -> Arrays | None:
        if self.shape.classes is not None:  # bound shares do not stand still near zero
            return None
        wants = (arrays[0] < NEAR_ZERO) & (image[0] > 1.001 * arrays[0])
        if not wants.any():
            return None
        return self._normalized(np.where(wants, LIFTED, arrays[0])), arrays[1]

    def scored(self, arrays: Arrays, weights: Floats, prior: float) -> list[Scores]:
        """Logits of the shares, and the logarithm of the precision that segments share."""
        found: list[Scores] = []
        k = weights.shape[1]
        for at, (size, codes) in enumerate(zip(self.sizes.tolist(), self.codes, strict=True)):
            parts = self.parts[self.whole == at]
            counts = np.stack([self.design.item_codes(int(part)) for part in parts])
            counts = np.where(codes >= 0, counts, 0)
            told = _Whole(arrays[0][0, self.whole == at], arrays[1][0, at, 0], counts, codes + 1)
            name = self.design.items[size].variable
            names = tuple(
                dict.fromkeys([*(self.design.items[int(p)].variable for p in parts), name])
            )
            index = numbered(k, 1, len(parts) - 1)
            free = RowScores(names, index, told.information(weights, prior / k), told.scores)
            classes = self.shape.classes
            found.append(free if classes is None else bound(free, 1, classes.features))
        return found

    def n_parameters(self, k: int, marginal: Floats) -> int:
        # A part that nobody has is none, and items by themselves do not show how shares vary.
        shares = int((marginal > 0).sum()) - len(self.sizes)
        classes = self.shape.classes
        k = k if classes is None else len(classes.features)
        return k * shares + int((self.codes.max(axis=1) > 0).sum())

    def estimates(self, arrays: Arrays, columns: Sequence[int]) -> Arrays:
        """Shares (parts, K) and the precision (1,) of one whole."""
        at = [int(np.flatnonzero(self.parts == item)[0]) for item in columns[:-1]]
        return arrays[0][0, at], arrays[1][0, self.whole[at[0]], :1]

    def _added(self, values: Floats) -> Floats:
        """Add up parts and segments, from (S, parts, K) to (S, wholes)."""
        return np.asarray(np.add.reduceat(values.sum(axis=2), self.begin, axis=1))

    def _totals(self, values: Floats) -> Floats:
        """Return the sum over each part's whole, of the same shape; parts are axis 1 (or 0)."""
        axis = min(1, values.ndim - 1)
        return np.take(np.add.reduceat(values, self.begin, axis=axis), self.whole, axis=axis)

    def _normalized(self, shares: Floats) -> Floats:
        return np.asarray(shares / self._totals(shares))


@dataclass(frozen=True)
class _Whole:
    """The first start's shares and precision of one whole, with its items."""

    shares: Floats  # (parts, K)
    precision: float
    counts: Ints  # (parts, rows); 0 where missing
    sizes: Ints  # (rows,); 0 where missing

    def _moves(self, segment: int) -> Floats:
        """How each part's log α moves with the precision and the free logits, (parts, c)."""
        own = self.shares[:, segment]
        moves = np.delete(np.eye(len(own)) - own, self._common, axis=1)
        return np.column_stack([np.ones(len(own)), moves])

    @property
    def _common(self) -> int:
        return int(self.shares.sum(axis=1).argmax())

    def scores(self, segment: int, rows: slice) -> Floats:
        slopes = [
            rising(alpha)[0][own[rows]]
            for alpha, own in zip(
                self.precision * self.shares[:, segment], self.counts, strict=True
            )
        ]
        found = np.stack(slopes, axis=1) @ self._moves(segment)
        found[:, 0] -= rising(self.precision)[0][self.sizes[rows]]
        return np.asarray(found)

    def information(self, weights: Floats, prior: float) -> Floats:
        """Information if segments were known, shape (K, c, c); a prior customer has one item."""
        found = []
        for segment, w in enumerate(weights.T):
            own, moves = self.shares[:, segment], self._moves(segment)
            tables = [rising(alpha) for alpha in self.precision * own]
            pairs = list(zip(tables, self.counts, strict=True))
            slope = sum(float(w @ table[0][own_counts]) for table, own_counts in pairs) + prior
            bend = np.array([w @ table[1][own_counts] for table, own_counts in pairs])
            total = -np.einsum("p,pc,pd->cd", bend, moves, moves)
            total[0, 0] += w @ rising(self.precision)[1][self.sizes]
            spread = np.diag(own) - np.outer(own, own)
            kept = np.delete(np.arange(len(own)), self._common)
            total[1:, 1:] += slope * spread[np.ix_(kept, kept)]
            found.append(total)
        return np.stack(found)


def rising(alpha: float) -> tuple[Floats, Floats]:
    """First and second derivatives by log α of log α (α + 1) … (α + y - 1), for y from 0 on."""
    steps = _STEPS[:, 0]
    slope, bend = alpha / (alpha + steps), alpha * steps / (alpha + steps) ** 2
    return np.cumsum(np.append(0.0, slope)), np.cumsum(np.append(0.0, bend))


def more_than(counts: Floats) -> Floats:
    """Weight of the customers with more than i items, i from 0, from that with 1, 2, …; axis 2."""
    return np.ascontiguousarray(counts[:, :, ::-1].cumsum(axis=2)[:, :, ::-1])


def pseudo_counts(alpha: Floats, parts: Floats) -> Floats:
    """Return counts (S, parts, K) of independent items that say as much about the shares.

    ``parts`` (S, parts, items, K) is the weight of customers with more than i items in a part.
    An item like those before it says less than the first, which is told by ``α / (α + i)``.
    """
    return np.asarray((parts * (alpha[:, :, None] / (alpha[:, :, None] + _STEPS))).sum(axis=2))
