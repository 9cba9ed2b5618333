"""Progress of long work: what is being done, and the fraction done."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]


def silent(_what: str, _fraction: float) -> None:
    """Say nothing."""


def share(progress: Progress, low: float, high: float) -> Progress:
    """Return the progress of a part of the work, which takes it from ``low`` to ``high``.

    Examples
    --------
    >>> second_half = share(lambda what, fraction: print(what, fraction), 0.5, 1.0)
    >>> second_half("fitting", 0.5)
    fitting 0.75
    """

    def inner(what: str, fraction: float) -> None:
        progress(what, low + (high - low) * min(max(fraction, 0.0), 1.0))

    return inner
