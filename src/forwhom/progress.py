"""Progress of long work: what is being done, and the fraction done."""

from collections.abc import Callable

Progress = Callable[[str, float], None]


def silent(_what: str, _fraction: float) -> None:
    """Say nothing."""


def share(progress: Progress, low: float, high: float) -> Progress:
    """Return the progress of a part of the work, which takes it from ``low`` to ``high``."""

    def inner(what: str, fraction: float) -> None:
        progress(what, low + (high - low) * min(max(fraction, 0.0), 1.0))

    return inner


def steps(progress: Progress, *costs: float) -> list[Progress]:
    """Return the progress of steps one after the other, which take time in these proportions."""
    total, done, made = sum(costs), 0.0, []
    for cost in costs:
        made.append(share(progress, done / total, (done + cost) / total))
        done += cost
    return made
