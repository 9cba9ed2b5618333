from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.privacy import is_small, withheld_cells
from forwhom.errors import DataError
from forwhom.languages.catalog import later, tr, tr_count, tr_in, whole
from forwhom.wording import apart, decimal, percent

#: From these adjusted Rand indices on, the agreement is called so (Steinley 2004).
_AGREEMENT = ((0.9, "excellent"), (0.8, "good"), (0.65, "moderate"), (-1.1, "poor"))
_AGREE = {
    "excellent": later("Adjusted Rand index {value} (excellent agreement)."),
    "good": later("Adjusted Rand index {value} (good agreement)."),
    "moderate": later("Adjusted Rand index {value} (moderate agreement)."),
    "poor": later("Adjusted Rand index {value} (poor agreement)."),
}
_NONE = "None of these"

Names = Mapping[int, str] | Sequence[str] | None


class ComparedSegment(Document):
    """A segment of one of the two segmentations."""

    id: int = Field(description="Its number; 0 are those who fit none.")
    name: str
    n: int | None = Field(description="Customers in both; None where withheld.")

    @property
    def said(self) -> str:
        """Its name; where it has none, what we call it, in the language that is spoken."""
        if self.name == _NONE:
            return tr("None of these")
        if self.name == f"Segment {self.id}":
            return tr("Segment {number}", number=self.id)
        return self.name


class Match(Document):
    """Two segments that stand for each other."""

    a: int
    b: int
    n: int | None = Field(description="Customers in both segments; None where withheld.")
    jaccard: float | None = Field(description="Customers in both over customers in either.")


class Flow(Document):
    """Customers who are in another segment than the one that matches theirs."""

    a: int
    b: int
    n: int
    share: float = Field(description="Share of the segment in A that went this way.")


class Comparison(Document):
    """Two segmentations of the same customers: cross table, agreement, what moved."""

    forwhom: Literal[1] = 1
    kind: Literal["comparison"] = "comparison"
    a_title: str
    b_title: str
    n: int = Field(description="Customers in both.")
    only_a: int | None = Field(description="Customers only in A; None below the threshold.")
    only_b: int | None = Field(description="Customers only in B; None below the threshold.")
    adjusted_rand: float = Field(description="1: the same groups; 0: as alike as by chance.")
    stayed: float | None = Field(
        description="Share of customers in matching segments; None where a cell is withheld."
    )
    a_segments: list[ComparedSegment]
    b_segments: list[ComparedSegment]
    table: list[list[int | None]] = Field(
        description="Customers by segment in A (rows) and B (columns); None where withheld."
    )
    matches: list[Match]
    moved: list[Flow] = Field(description="Largest first; flows that are withheld are not here.")
    threshold: int = 10

    @property
    def agreement(self) -> str:
        """The adjusted Rand index in a word."""
        return next(word for least, word in _AGREEMENT if self.adjusted_rand >= least)

    def __str__(self) -> str:
        lines = [self._customers(), self._agreement(), "", *_aligned(self._rows())]
        if any(cell is None for row in self.table for cell in row):
            withheld = tr("withheld, so that no group under {n} shows", n=whole(self.threshold))
            lines += ["", f"·  {withheld}"]
        if self.moved:
            moved = (f"  {self._said(flow)}" for flow in self.moved[:10])
            lines += ["", tr("What moved:"), *moved]
        return "\n".join(lines)

    def _customers(self) -> str:
        return tr_count(
            "{a} against {b}: {n} customer in both, {first} only in the first, {second} only in "
            "the second.",
            "{a} against {b}: {n} customers in both, {first} only in the first, {second} only in "
            "the second.",
            self.n,
            a=apart(self.a_title),
            b=apart(self.b_title),
            first=_shown(self.only_a),
            second=_shown(self.only_b),
        )

    def _agreement(self) -> str:
        said = tr(_AGREE[self.agreement], value=decimal(self.adjusted_rand))
        if self.stayed is None:
            return said
        stayed = tr("{part} are in matching segments.", part=percent(self.stayed))
        return f"{said} {stayed}"

    def _said(self, flow: Flow) -> str:
        first = next(s.said for s in self.a_segments if s.id == flow.a)
        second = next(s.said for s in self.b_segments if s.id == flow.b)
        return tr(
            "{first} → {second}: {n} ({part} of the first)",
            first=apart(first),
            second=apart(second),
            n=whole(flow.n),
            part=percent(flow.share),
        )

    def _rows(self) -> list[list[str]]:
        """Return the cross table as text, with names and sums."""
        every = tr_in("customers", "all")
        head = ["", *(f"{s.id} {s.said}" for s in self.b_segments), every]
        body = [
            [f"{s.id} {s.said}", *(_cell(cell) for cell in row), _cell(s.n)]
            for s, row in zip(self.a_segments, self.table, strict=True)
        ]
        return [head, *body, [every, *(_cell(s.n) for s in self.b_segments), whole(self.n)]]

    def _repr_html_(self) -> str:
        head, *body = self._rows()
        header = "".join(f"<th scope='col'>{html.escape(text)}</th>" for text in head)
        rows = "".join(
            f"<tr><th scope='row'>{html.escape(row[0])}</th>"
            + "".join(f"<td style='text-align:right'>{html.escape(c)}</td>" for c in row[1:])
            + "</tr>"
            for row in body
        )
        summary, agreement = (html.escape(line) for line in str(self).split("\n")[:2])
        moved = "".join(f"<li>{html.escape(self._said(flow))}</li>" for flow in self.moved[:10])
        return (
            f"<p>{summary}<br>{agreement}</p><table><thead><tr>{header}</tr></thead>"
            f"<tbody>{rows}</tbody></table>" + (f"<ul>{moved}</ul>" if moved else "")
        )


def compare(
    a_ids: Any,
    a_segments: Any,
    b_ids: Any,
    b_segments: Any,
    *,
    a_names: Names = None,
    b_names: Names = None,
    a_title: str = "A",
    b_title: str = "B",
    threshold: int = 10,
) -> Comparison:
    """Set two segmentations of the same customers side by side.

    Parameters
    ----------
    a_ids, b_ids
        Ids of the customers: arrays, lists or PyArrow arrays. A number and the text of the same
        number are the same customer when only one side has text.
    a_segments, b_segments
        Segment of each customer, 1 to K, or 0 for none of them.
    a_names, b_names
        Names of the segments, by id or in order; left out, "Segment 1" and so on.
    a_title, b_title
        What the two are called.
    threshold
        No cell with fewer customers is shown.

    Raises
    ------
    DataError
        If ids are missing or not unique, lengths differ, or no customer is in both.

    Examples
    --------
    >>> ids = list(range(60))
    >>> before, after = [1] * 30 + [2] * 30, [2] * 30 + [1] * 15 + [2] * 15
    >>> result = compare(ids, before, ids, after)
    >>> result.table, result.stayed
    ([[0, 30], [15, 15]], 0.75)
    """
    first, second = _ids(a_ids, a_title), _ids(b_ids, b_title)
    a, b = _labels(a_segments, first, a_title), _labels(b_segments, second, b_title)
    looks = f"{_example(first)} and {_example(second)}"
    first, second = _alike(first, second)
    common, at_a, at_b = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    if not len(common):
        raise DataError(
            f"{a_title} and {b_title} have no customer in common.",
            f"Their ids look like {looks}. Compare two segmentations of the same customers.",
        )
    cross = _cross(a[at_a], b[at_b], _present(a, a_names), _present(b, b_names), threshold)
    return Comparison(
        a_title=a_title,
        b_title=b_title,
        n=len(common),
        only_a=_unless_small(len(first) - len(common), threshold),
        only_b=_unless_small(len(second) - len(common), threshold),
        adjusted_rand=round(adjusted_rand(cross.counts), 3),
        stayed=cross.stayed(),
        a_segments=_segments(cross.a, a_names, cross.counts.sum(axis=1), threshold),
        b_segments=_segments(cross.b, b_names, cross.counts.sum(axis=0), threshold),
        table=cross.shown(),
        matches=cross.matches(),
        moved=cross.moved(),
        threshold=threshold,
    )


def adjusted_rand(counts: NDArray[np.int64]) -> float:
    """Return the adjusted Rand index of a cross table.

    The share of pairs of customers on which both agree, corrected for chance; 1 when both are
    the same grouping. Source: L. Hubert and P. Arabie, Journal of Classification 2 (1985).

    Examples
    --------
    >>> adjusted_rand(np.array([[0, 30], [30, 0]]))
    1.0
    """

    def pairs(sizes: NDArray[np.int64]) -> float:
        # Python's whole numbers do not overflow, whatever the number of customers.
        return sum(size * (size - 1) // 2 for size in sizes.ravel().tolist())

    both, of_a, of_b = pairs(counts), pairs(counts.sum(axis=1)), pairs(counts.sum(axis=0))
    every = pairs(counts.sum())
    chance = of_a * of_b / every if every else 0.0
    most = (of_a + of_b) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _ids(ids: Any, title: str) -> NDArray[Any]:
    values = np.asarray(ids)
    if values.dtype.kind == "f" and np.all(np.isfinite(values)) and np.all(values % 1 == 0):
        values = values.astype(np.int64)
    missing = (
        [v is None or (isinstance(v, float) and math.isnan(v)) for v in values]
        if values.dtype.kind in "Of"
        else []
    )
    if any(missing):
        raise DataError(
            f"{sum(missing):,} customers of {title} have no id.", "Every customer needs an id."
        )
    if values.dtype.kind == "O":
        values = values.astype(str)
    if len(np.unique(values)) != len(values):
        raise DataError(
            f"An id occurs more than once in {title}.", "Expected one row per customer."
        )
    return values


def _labels(segments: Any, ids: NDArray[Any], title: str) -> NDArray[np.int64]:
    labels = np.asarray(segments)
    if labels.shape != ids.shape:
        raise DataError(
            f"{title} has {len(labels):,} segments for {len(ids):,} ids.", "Expected one for each."
        )
    if labels.dtype.kind not in "iu":
        raise DataError(
            f"The segments of {title} are not whole numbers.", "Expected 1 to K, or 0 for none."
        )
    return labels.astype(np.int64)


def _alike(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Turn both into text when one of them is."""
    if "U" in (first.dtype.kind, second.dtype.kind):
        return first.astype(str), second.astype(str)
    return first, second


def _example(ids: NDArray[Any]) -> str:
    return "text" if ids.dtype.kind == "U" else "numbers"


def _present(labels: NDArray[np.int64], names: Names) -> list[int]:
    """Return the ids of the segments: those that have a name or a customer."""
    known = set(names) if isinstance(names, Mapping) else set(range(1, len(names or ()) + 1))
    return sorted(known | set(np.unique(labels).tolist()), key=lambda i: (i == 0, i))


@dataclass(frozen=True)
class _Cross:
    """Customers by segment in A (rows) and in B (columns)."""

    a: list[int]  # ``a``, ``b``: ids of the segments
    b: list[int]
    counts: NDArray[np.int64]  # customers, shape (len(a), len(b))
    mask: NDArray[np.bool_]  # which counts are withheld
    pairs: list[tuple[int, int]]  # rows and columns of segments that stand for each other

    def shown(self) -> list[list[int | None]]:
        return [
            [None if hide else int(count) for count, hide in zip(*row, strict=True)]
            for row in zip(self.counts, self.mask, strict=True)
        ]

    def stayed(self) -> float | None:
        if any(self.mask[pair] for pair in self.pairs):
            return None
        same = sum(int(self.counts[pair]) for pair in self.pairs)
        return round(same / int(self.counts.sum()), 6)

    def matches(self) -> list[Match]:
        return [self._match(i, j) for i, j in self.pairs]

    def _match(self, i: int, j: int) -> Match:
        if self.mask[i, j]:
            return Match(a=self.a[i], b=self.b[j], n=None, jaccard=None)
        both = int(self.counts[i, j])
        either = int(self.counts[i].sum() + self.counts[:, j].sum()) - both
        return Match(a=self.a[i], b=self.b[j], n=both, jaccard=round(both / either, 6))

    def moved(self) -> list[Flow]:
        flows = []
        for i, j in np.argwhere((self.counts > 0) & ~self.mask).tolist():
            if (i, j) not in self.pairs:
                n = int(self.counts[i, j])
                share = round(n / int(self.counts[i].sum()), 6)
                flows.append(Flow(a=self.a[i], b=self.b[j], n=n, share=share))
        return sorted(flows, key=lambda flow: (-flow.n, flow.a, flow.b))


def _cross(
    a: NDArray[np.int64], b: NDArray[np.int64], a_ids: list[int], b_ids: list[int], threshold: int
) -> _Cross:
    rows = {label: i for i, label in enumerate(a_ids)}
    columns = {label: j for j, label in enumerate(b_ids)}
    counts = np.zeros((len(a_ids), len(b_ids)), dtype=np.int64)
    pairs, sizes = np.unique(np.stack([a, b]), axis=1, return_counts=True)
    for (first, second), size in zip(pairs.T.tolist(), sizes.tolist(), strict=True):
        counts[rows[first], columns[second]] = size
    mask = np.array(withheld_cells(counts.tolist(), threshold), dtype=bool).reshape(counts.shape)
    return _Cross(a_ids, b_ids, counts, mask, _matched(counts, a_ids, b_ids))


def _matched(
    counts: NDArray[np.int64], a_ids: list[int], b_ids: list[int]
) -> list[tuple[int, int]]:
    """Pair the segments so that most customers are in matching ones; none matches only none."""
    rows = [i for i, label in enumerate(a_ids) if label != 0]
    columns = [j for j, label in enumerate(b_ids) if label != 0]
    # Only here, and it takes longer to load than most commands take to run.
    from scipy.optimize import linear_sum_assignment

    chosen = linear_sum_assignment(-counts[np.ix_(rows, columns)])
    pairs = [(rows[i], columns[j]) for i, j in zip(*chosen, strict=True)]
    if 0 in a_ids and 0 in b_ids:
        pairs.append((a_ids.index(0), b_ids.index(0)))
    return [(i, j) for i, j in pairs if counts[i, j] > 0]


def _segments(
    ids: list[int], names: Names, sizes: NDArray[np.int64], threshold: int
) -> list[ComparedSegment]:
    # All together they are as many as there are customers, so one alone would show again.
    [hidden] = withheld_cells([sizes.tolist()], threshold)
    return [
        ComparedSegment(id=i, name=_name(i, names), n=None if hide else int(size))
        for i, size, hide in zip(ids, sizes, hidden, strict=True)
    ]


def _name(segment: int, names: Names) -> str:
    if isinstance(names, Mapping):
        known = names.get(segment)
    else:
        known = names[segment - 1] if names and 0 < segment <= len(names) else None
    return known or (_NONE if segment == 0 else f"Segment {segment}")


def _unless_small(n: int, threshold: int) -> int | None:
    return None if is_small(n, threshold) else n


def _cell(n: int | None) -> str:
    return "·" if n is None else whole(n)


def _shown(n: int | None) -> str:
    return tr("a few") if n is None else whole(n)


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    return [
        "  ".join(
            text.ljust(width) if c == 0 else text.rjust(width)
            for c, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
