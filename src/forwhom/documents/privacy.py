"""Which cells of a published table must be withheld, so that no small group shows.

A cell with at least one and fewer than ``threshold`` customers is withheld, and with it as many
others as are needed so that no withheld cell can be computed from what is published. (A cell
with nobody describes nobody; it is shown.) The cells of a table with known margins are the edges
between its rows and its columns; a withheld cell follows from the others exactly when its edge
is a bridge between withheld cells, so what is withheld must have no bridge.

Sources: D. Gusfield, "A graph theoretic approach to statistical data security", SIAM Journal on
Computing 17 (1988); A. Hundepool et al., *Statistical Disclosure Control* (2012), chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence

Counts = Sequence[Sequence[int]]
Mask = list[list[bool]]
Cell = tuple[int, int]

#: Withholding an empty cell protects little, because it is easily guessed: only as a last way.
_EMPTY = 10**12


def is_small(count: int, threshold: int) -> bool:
    """Return whether a cell has somebody in it, but too few to be published."""
    return 0 < count < threshold


def withheld_cells(
    counts: Counts, threshold: int, *, totals: bool = False, also: Mask | None = None
) -> Mask:
    """Return which cells of a table must be withheld.

    Parameters
    ----------
    counts
        Customers in each cell, rows × columns. The sums of the rows count as known.
    threshold
        Cells with somebody but fewer customers than this are withheld.
    totals
        The sums of the columns are published as one more row, which may be withheld as well;
        otherwise they count as known.
    also
        Cells to withhold in any case, in the shape of what is returned.

    Returns
    -------
    list of list of bool
        True where the cell must be withheld; one more row, the totals, when asked for.

    Examples
    --------
    >>> withheld_cells([[3, 40, 50], [30, 25, 60], [70, 35, 90]], 10)
    [[True, True, False], [True, True, False], [False, False, False]]
    """
    if not counts or not counts[0]:
        return [[] for _ in range(len(counts) + totals)]
    forced = also or [[False] * len(counts[0]) for _ in range(len(counts) + totals)]
    # Which cell is cheapest can be a tie: the order of the rows must not decide it.
    order = sorted(range(len(counts)), key=lambda r: (list(counts[r]), forced[r]))
    table = [list(counts[r]) for r in order]
    if totals:
        table.append([sum(column) for column in zip(*table, strict=True)])
        order.append(len(counts))
    mask = _small_cells(table, threshold, totals)
    for place, r in enumerate(order):
        mask[place] = [a or b for a, b in zip(mask[place], forced[r], strict=True)]
    while _close_bridges(table, mask) or _fill_lines(table, mask, threshold, totals):
        pass
    return [mask[order.index(r)] for r in range(len(order))]


def _small_cells(table: list[list[int]], threshold: int, totals: bool) -> Mask:
    """Return the cells that are too small; of a line that is too small itself, every cell."""
    mask = [[is_small(count, threshold) for count in row] for row in table]
    for r, row in enumerate(table):
        if is_small(sum(row), threshold):
            mask[r] = [True] * len(row)
    if not totals:
        for c, column in enumerate(zip(*table, strict=True)):
            if is_small(sum(column), threshold):
                for row_mask in mask:
                    row_mask[c] = True
    return mask


def _close_bridges(table: list[list[int]], mask: Mask) -> bool:
    """Withhold the cheapest rectangle around every withheld cell that could be computed."""
    if len(table) < 2 or len(table[0]) < 2:
        return False
    changed = False
    for r, c in _bridges(mask):
        added = _cheapest_rectangle(table, mask, r, c)
        for i, j in added:
            mask[i][j] = True
        changed = changed or bool(added)
    return changed


def _cheapest_rectangle(table: list[list[int]], mask: Mask, r: int, c: int) -> list[Cell]:
    """Return the cells that close a rectangle with (r, c) and hide the fewest customers."""
    best: tuple[int, list[Cell]] = (-1, [])
    for i in range(len(table)):
        for j in range(len(table[0])):
            if i == r or j == c:
                continue
            new = [cell for cell in ((r, j), (i, c), (i, j)) if not mask[cell[0]][cell[1]]]
            cost = sum(table[a][b] or _EMPTY for a, b in new)
            if not new:
                return []
            if best[0] < 0 or cost < best[0]:
                best = (cost, new)
    return best[1]


def _fill_lines(table: list[list[int]], mask: Mask, threshold: int, totals: bool) -> bool:
    """Withhold one more cell in each line whose withheld cells are too few taken together."""
    rows, columns = len(table), len(table[0])
    last = rows - 1 if totals else rows
    changed = False
    for r in range(rows):
        changed |= _fill(table, mask, [(r, c) for c in range(columns)], threshold)
    for c in range(columns):
        line = [(r, c) for r in range(last)]
        if totals and not mask[-1][c]:
            # With the total unknown, nothing follows; so it is the last resort of its column.
            changed |= _fill(table, mask, line, threshold) or (
                _is_weak(table, mask, line, threshold) and _withhold(mask, (last, c))
            )
        elif not totals:
            changed |= _fill(table, mask, line, threshold)
    return changed


def _is_weak(table: list[list[int]], mask: Mask, line: list[Cell], threshold: int) -> bool:
    hidden = [table[r][c] for r, c in line if mask[r][c]]
    return bool(hidden) and (len(hidden) < 2 or sum(hidden) < threshold)


def _fill(table: list[list[int]], mask: Mask, line: list[Cell], threshold: int) -> bool:
    if not _is_weak(table, mask, line, threshold):
        return False
    shown = [(table[r][c] or _EMPTY, (r, c)) for r, c in line if not mask[r][c]]
    return bool(shown) and _withhold(mask, min(shown)[1])


def _withhold(mask: Mask, cell: Cell) -> bool:
    mask[cell[0]][cell[1]] = True
    return True


def _bridges(mask: Mask) -> list[Cell]:
    """Return the withheld cells that no cycle of withheld cells goes through (Tarjan)."""
    rows = len(mask)
    neighbors: list[list[int]] = [[] for _ in range(rows + len(mask[0]))]
    for r, row in enumerate(mask):
        for c, hidden in enumerate(row):
            if hidden:
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
