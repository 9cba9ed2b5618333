"""Progress with time left, on stderr: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forwhom.cli import terminal

Progress = Callable[[str, float], None]

#: Seconds between two plain lines: a new step soon, the same step rarely.
NEW_STEP, SAME_STEP = 0.5, 5.0


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Yield what long work calls with (what is being done, fraction 0..1)."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar() as progress:
            yield progress
    else:
        yield _Lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[left]}", style="dim"),
    )
    started = time.monotonic()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0, left="")

        def progress(what: str, fraction: float) -> None:
            left = _time_left(time.monotonic() - started, fraction)
            bar.update(task, description=terminal.printable(what), completed=fraction, left=left)

        yield progress


class _Lines:
    """One line for each step, and a sign of life every few seconds."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last = -SAME_STEP
        self._what = ""

    def __call__(self, what: str, fraction: float) -> None:
        elapsed = time.monotonic() - self._started
        if elapsed - self._last < (SAME_STEP if what == self._what else NEW_STEP):
            return
        self._last, self._what = elapsed, what
        left = _time_left(elapsed, fraction)
        terminal.write(f"[{int(100 * fraction):3}%] {what}{', ' + left if left else ''}", err=True)


def _time_left(elapsed: float, fraction: float) -> str:
    """Words such as "about 20 s left"; empty while nobody can know."""
    if fraction < 0.05 or elapsed < 1 or fraction >= 1:
        return ""
    seconds = elapsed * (1 - fraction) / fraction
    if seconds < 100:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"
