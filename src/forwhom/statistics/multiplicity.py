"""Several comparisons at once: how sure all of them are together."""

from collections.abc import Sequence


def holm(values: Sequence[float]) -> list[float]:
    """Return p values that hold for all of them together (Holm 1979).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    found, before = [1.0] * len(values), 0.0
    for rank, i in enumerate(order):
        before = max(before, min(1.0, (len(values) - rank) * values[i]))
        found[i] = before
    return found


def any_of(values: Sequence[float]) -> float:
    """Return the probability of a smallest p like theirs among so many (Šidák 1967).

    Examples
    --------
    >>> round(any_of([0.01, 0.5, 0.9]), 4), any_of([])
    (0.0297, 1.0)
    """
    return 1.0 - (1.0 - min(values)) ** len(values) if values else 1.0
