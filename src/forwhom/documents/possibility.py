"""What numbers a fitted model can hold: what no fit can give is refused, not scored."""

import math
from collections.abc import Callable, Iterator, Sequence

#: Keys that lead to something in a document, and what is wrong there, in one sentence.
Problem = tuple[tuple[str | int, ...], str]

#: Sums of probabilities may miss 1 by the rounding of many small numbers, and no more.
ROUNDING = 1e-6

#: Values of data, and what they can be divided by: data reach 1e100.
LARGEST_VALUE, SMALLEST_SD = 1e120, 1e-120


def sums_to_one(values: Sequence[float]) -> bool:
    """Whether values are the probabilities of everything that can happen."""
    return min(values, default=0.0) >= 0 and abs(math.fsum(values) - 1) <= ROUNDING


def is_spread(sd: float) -> bool:
    """Whether values of data can be divided by a standard deviation."""
    return SMALLEST_SD <= sd <= LARGEST_VALUE


def is_covariance(matrix: Sequence[Sequence[float]]) -> bool:
    """Whether a square matrix is symmetric and positive definite: Cholesky's method works."""
    lower: list[list[float]] = []
    for i, row in enumerate(matrix):
        line: list[float] = []
        for j in range(i):
            size = math.sqrt(max(row[i] * matrix[j][j], 0.0))
            if abs(row[j] - matrix[j][i]) > ROUNDING * size:
                return False
            line.append((row[j] - _dot(line, lower[j])) / lower[j][j])
        left = row[i] - _dot(line, line)
        if not left > 0:
            return False
        lower.append([*line, math.sqrt(left)])
    return True


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=False))


def lengths(k: int, **lists: Sequence[object] | None) -> Iterator[Problem]:
    """Find lists that do not have one entry for each of k segments."""
    for key, values in lists.items():
        if values is not None and len(values) != k:
            yield (key,), f"{key!r} does not have {k} segments."


def unless(
    possible: Callable[[float], bool], problem: str, **lists: Sequence[float] | None
) -> Iterator[Problem]:
    """Find lists with a number that is not possible."""
    for key, values in lists.items():
        if not all(map(possible, values or ())):
            yield (key,), problem
