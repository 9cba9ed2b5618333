"""Which cells of a published table must be withheld, so that no small group shows.

A cell with at least one and fewer than ``threshold`` customers is withheld, and with it as many
others as are needed so that no withheld cell can be computed from what is published. (A cell
with nobody describes nobody; it is shown.) The cells of a table with known margins are the edges
between its rows and its columns; a withheld cell follows from the others exactly when its edge
is a bridge between withheld cells, so what is withheld must have no bridge.

Sources: D. Gusfield, "A graph theoretic approach to statistical data security", SIAM Journal on
Computing 17 (1988); A. Hundepool et al., *Statistical Disclosure Control* (2012), chapter 4.
"""

import math
from collections.abc import Sequence

Counts = Sequence[Sequence[int]]
Mask = list[list[bool]]
Cell = tuple[int, int]

#: Withholding an empty cell protects little, because it is easily guessed: only as a last way.
_EMPTY = 10**12
#: In larger tables nobody misses a cell that was withheld for good measure.
_READABLE = 500


def is_small(count: int, threshold: int) -> bool:
    """Return whether a cell has somebody in it, but too few to be published."""
    return 0 < count < threshold


def withheld_cells(
    counts: Counts, threshold: int, *, totals: bool = False, also: Mask | None = None
) -> Mask:
    """Return which cells of a table must be withheld.

    ``counts`` are customers in each cell, rows × columns; the sums of the rows count as known.
    ``also`` are cells to withhold in any case, in the shape of what is returned.
    """
    if not counts or not counts[0]:
        return [[] for _ in range(len(counts) + totals)]
    forced = also or [[False] * len(counts[0]) for _ in range(len(counts) + totals)]
    # Which cell is cheapest can be a tie: the order of the rows must not decide it.
    order = sorted(range(len(counts)), key=lambda r: (list(counts[r]), forced[r]))
    cells = [list(counts[r]) for r in order]
    if totals:
        cells.append([sum(column) for column in zip(*cells, strict=True)])
        order.append(len(counts))
    table = _Table(cells, threshold, totals)
    for place, r in enumerate(order):
        table.mask[place] = [a or b for a, b in zip(table.mask[place], forced[r], strict=True)]
    table.protect()
    return [table.mask[order.index(r)] for r in range(len(order))]


def rounded_within(value: float, low: float, high: float, digits: int = 15) -> float:
    """Round to as few digits as stay from ``low`` to ``high``, and to no more than ``digits``.

    What could be the value of one customer then is a number that stands for all those between.

    Examples
    --------
    >>> rounded_within(137.42, 120.0, 160.0), rounded_within(137.42, 137.42, 137.42)
    (140.0, 137.42)
    """
    if not math.isfinite(value):
        return value
    tries = (float(f"{value:.{n}e}") for n in range(digits))
    return next((one for one in tries if low <= one <= high), value)


def cut_between(cut: float, low: float, high: float, many_low: bool, many_high: bool) -> float:
    """Return a cut of few digits between two neighboring values; near ``cut``, if it may be.

    A cut in the middle tells of neither, unless many customers have the one of them: then it tells
    the other, which one customer may have. So it tells no more of that one than the power of ten.

    Examples
    --------
    >>> cut_between(0.0007, 0.0, 0.0014, many_low=True, many_high=False)
    0.001
    >>> cut_between(0.0007, 0.0, 0.0014, many_low=False, many_high=False)
    0.0007
    """
    inside = math.nextafter(low, math.inf), math.nextafter(high, -math.inf)
    if many_low == many_high or not low < high < math.inf:
        return rounded_within(cut, *inside)
    step = 10.0 ** math.floor(math.log10(high - low))
    step = step if step < high - low else step / 10
    return rounded_within(low + step if many_low else high - step, *inside)


def coarse_count(count: int, total: int, threshold: int) -> int:
    """Round a count to a multiple of the threshold, so that it tells of no smaller group."""
    if threshold <= 1:
        return count
    if total - count < count:
        return total - coarse_count(total - count, total, threshold)
    return min(threshold * ((2 * count + threshold) // (2 * threshold)), total)


class _Table:
    """Cells of a table, and which are withheld; the last row holds the totals if there are any."""

    def __init__(self, cells: list[list[int]], threshold: int, totals: bool) -> None:
        self.cells = cells
        self.threshold = threshold
        self.totals = totals
        self.rows, self.columns = len(cells), len(cells[0])
        self.mask = [[is_small(count, threshold) for count in row] for row in cells]
        # Of a line that is too small itself, every cell is.
        for line in self._row_lines() + ([] if totals else self._column_lines()):
            if is_small(sum(cells[r][c] for r, c in line), threshold):
                self._withhold(line)

    def protect(self) -> None:
        """Withhold as many cells more as it takes that no withheld one can be computed."""
        small = [list(row) for row in self.mask]
        while self._close_bridges() or self._fill_lines():
            pass
        if self.rows * self.columns <= _READABLE:
            self._release(small)

    def _withhold(self, line: list[Cell]) -> None:
        for r, c in line:
            self.mask[r][c] = True

    def _row_lines(self) -> list[list[Cell]]:
        return [[(r, c) for c in range(self.columns)] for r in range(self.rows)]

    def _column_lines(self) -> list[list[Cell]]:
        rows = range(self.rows - 1 if self.totals else self.rows)
        return [[(r, c) for r in rows] for c in range(self.columns)]

    def _close_bridges(self) -> bool:
        """Withhold the cheapest rectangle around every withheld cell that could be computed."""
        changed = False
        if self.rows > 1 and self.columns > 1:
            for r, c in _bridges(self.mask):
                added = self._cheapest_rectangle(r, c)
                self._withhold(added)
                changed = changed or bool(added)
        return changed

    def _cheapest_rectangle(self, r: int, c: int) -> list[Cell]:
        """Return the cells that close a rectangle with (r, c) and hide the fewest customers."""
        best: tuple[int, list[Cell]] = (-1, [])
        for i in range(self.rows):
            for j in range(self.columns):
                if i == r or j == c:
                    continue
                new = [cell for cell in ((r, j), (i, c), (i, j)) if not self.mask[cell[0]][cell[1]]]
                cost = sum(self.cells[a][b] or _EMPTY for a, b in new)
                if not new:
                    return []
                if best[0] < 0 or cost < best[0]:
                    best = (cost, new)
        return best[1]

    def _fill_lines(self) -> bool:
        """Withhold one more cell in each line whose withheld cells are few taken together."""
        changed = False
        for line, total in self._weak_lines():
            shown = [(self.cells[r][c] or _EMPTY, (r, c)) for r, c in line if not self.mask[r][c]]
            # With its total unknown, nothing follows in a column: the last resort.
            more = min(shown)[1] if shown else total
            if more is not None:
                self._withhold([more])
                changed = True
        return changed

    def _weak_lines(self) -> list[tuple[list[Cell], Cell | None]]:
        """Return the lines where withheld cells are alone, or make a small group together.

        With each comes the cell of its total, where that is shown and may be withheld.
        """
        lines: list[tuple[list[Cell], Cell | None]] = [(line, None) for line in self._row_lines()]
        for c, line in enumerate(self._column_lines()):
            total = (self.rows - 1, c) if self.totals else None
            if total is None or not self.mask[-1][c]:
                lines.append((line, total))
        return [(line, total) for line, total in lines if self._is_weak(line)]

    def _is_weak(self, line: list[Cell]) -> bool:
        hidden = [self.cells[r][c] for r, c in line if self.mask[r][c]]
        return bool(hidden) and (len(hidden) < 2 or sum(hidden) < self.threshold)

    def _release(self, small: Mask) -> None:
        """Show the cells that later ones made needless to withhold, largest first."""
        exposed = self._exposed()
        extra = [(-self.cells[r][c], r, c) for r, c in _cells(self.mask) if not small[r][c]]
        for _, r, c in sorted(extra):
            self.mask[r][c] = False
            if not self._exposed() <= exposed:
                self.mask[r][c] = True

    def _exposed(self) -> set[tuple[Cell, ...]]:
        """Return what is not protected: nothing, unless the table is too small for it."""
        lines = {tuple(line) for line, _ in self._weak_lines()}
        return lines | {(cell,) for cell in _bridges(self.mask)}


def _cells(mask: Mask) -> list[Cell]:
    """Return the cells that are withheld."""
    return [(r, c) for r, row in enumerate(mask) for c, hidden in enumerate(row) if hidden]


def _bridges(mask: Mask) -> list[Cell]:
    """Return the withheld cells that no cycle of withheld cells goes through (Tarjan)."""
    rows = len(mask)
    neighbors: list[list[int]] = [[] for _ in range(rows + len(mask[0]))]
    for r, c in _cells(mask):
        neighbors[r].append(rows + c)
        neighbors[rows + c].append(r)
    found: list[Cell] = []
    order = [-1] * len(neighbors)
    low = [0] * len(neighbors)
    clock = 0
    for root in range(rows):
        if order[root] >= 0:
            continue
        order[root] = low[root] = clock
        clock += 1
        stack = [(root, -1, iter(neighbors[root]))]
        while stack:
            node, parent, rest = stack[-1]
            for other in rest:
                if order[other] < 0:
                    order[other] = low[other] = clock
                    clock += 1
                    stack.append((other, node, iter(neighbors[other])))
                    break
                if other != parent:
                    low[node] = min(low[node], order[other])
            else:
                stack.pop()
                if parent >= 0:
                    low[parent] = min(low[parent], low[node])
                    if low[node] > order[parent]:
                        found.append((min(node, parent), max(node, parent) - rows))
    return sorted(found)
