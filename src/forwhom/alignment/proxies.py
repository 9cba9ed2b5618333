"""What people guess for a segment, against what its members say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forwhom.alignment.cells import is_sure, median_of
from forwhom.alignment.ratings import Codes, Numbers, Ratings
from forwhom.alignment.resampling import Group, intervals
from forwhom.documents.results.alignment import ProxyError
from forwhom.documents.segmentation import Interval


@dataclass(frozen=True)
class Pair:
    """A cell that members and proxies rated."""

    item: int
    segment: int
    guess: Group
    own: Group


def pairs_of(ratings: Ratings) -> list[Pair]:
    """Return the cells with ratings of both kinds, in order."""
    found = []
    cells = ratings.cell
    both = set(cells[ratings.direct].tolist()) & set(cells[~ratings.direct].tolist())
    for cell in sorted(both):
        item, segment = divmod(cell, len(ratings.segments))
        groups = [
            Group(ratings.rater[kept], ratings.value[kept])
            for kept in ((cells == cell) & ~ratings.direct, (cells == cell) & ratings.direct)
        ]
        found.append(Pair(item, segment, *groups))
    return found


def proxy_errors(
    ratings: Ratings, pairs: Sequence[Pair], replicates: Numbers, strata: Codes
) -> list[ProxyError]:
    """Return the errors of every segment, and then of its items.

    ``replicates`` are medians of guess and own rating of each pair in turn, (2 pairs, replicates).
    """
    guesses, owns = replicates[0::2], replicates[1::2]
    error = guesses - owns
    point = np.array([[median_of(p.guess), median_of(p.own)] for p in pairs]).reshape(-1, 2)
    sure = np.array([is_sure(p.guess, strata) and is_sure(p.own, strata) for p in pairs], bool)
    ranges = intervals(error)
    found = []
    for segment, name in enumerate(ratings.segments):
        rows = [row for row, pair in enumerate(pairs) if pair.segment == segment]
        if not rows:
            continue
        mean = intervals(error[rows].mean(axis=0, keepdims=True))[0]
        found.append(_error(name, None, point[rows], mean if sure[rows].all() else None))
        found += [
            _error(name, ratings.items[pairs[r].item], point[[r]], ranges[r] if sure[r] else None)
            for r in rows
        ]
    return found


def _error(segment: str, item: str | None, point: Numbers, interval: Interval | None) -> ProxyError:
    off = point[:, 0] - point[:, 1]
    return ProxyError(
        segment=segment,
        item=item,
        items=len(point),
        bias=float(off.mean()),
        interval=interval,
        error=float(np.abs(off).mean()),
        opposite=int(np.count_nonzero(point[:, 0] * point[:, 1] < 0)),
    )
