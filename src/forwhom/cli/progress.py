"""Progress with time left, on stderr: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from forwhom.cli import terminal

Progress = Callable[[str, float], None]

#: Seconds between two plain lines: a new step soon, the same step rarely.
NEW_STEP, SAME_STEP = 0.5, 5.0
#: Work that took no longer needs no word about time.
SHORT = 5.0
#: From this fraction on it is reckoned how much time is left, and from that on told.
THIRD, HALF = 0.3, 0.5
#: Paces of early and late work may differ by this factor, what was reckoned may move by that, and
#: a step may take this part of all time, before nothing is promised.
UNEVEN, DRIFT, LONG = 1.75, 1.5, 0.2


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
    from rich.progress import BarColumn, Task, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    started, pace = time.monotonic(), Pace()

    class Left(TextColumn):
        """The time left, drawn anew while a step takes its time."""

        def render(self, task: Task) -> Text:
            self.text_format = pace.left(time.monotonic() - started)
            return super().render(task)

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        Left("", style="dim", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def progress(what: str, fraction: float) -> None:
            pace.heard(time.monotonic() - started, fraction)
            bar.update(task, description=terminal.printable(what), completed=fraction)

        yield progress


class _Lines:
    """One line for each step, and a sign of life every few seconds."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._last = -SAME_STEP
        self._what = ""
        self._pace = Pace()

    def __call__(self, what: str, fraction: float) -> None:
        elapsed = time.monotonic() - self._started
        self._pace.heard(elapsed, fraction)
        if elapsed - self._last < (SAME_STEP if what == self._what else NEW_STEP):
            return
        self._last, self._what = elapsed, what
        left = self._pace.left(elapsed)
        terminal.write(f"[{int(100 * fraction):3}%] {what}{', ' + left if left else ''}", err=True)


class Pace:
    """How long work still takes, said only where the word can be kept.

    It goes on as fast as in the later half of the time until now. Before half is done nothing is
    promised, nor where fractions are no measure of time: the earlier half was much faster or
    slower, what was reckoned since came out another way, or one step takes long.
    """

    def __init__(self) -> None:
        self._points = [(0.0, 0.0)]  # seconds, fraction done
        self._ends: list[tuple[float, float]] = []  # when it was reckoned, and which end that gave
        self._sure = False

    def heard(self, elapsed: float, fraction: float) -> None:
        """Take note of the fraction that is done."""
        waited = elapsed - self._points[-1][0] > LONG * elapsed
        self._points.append((elapsed, fraction))
        then, before = next(p for p in reversed(self._points) if p[0] <= elapsed / 2)
        self._sure = False
        if THIRD <= fraction < 1 and fraction > before and elapsed > 0:
            left = (1 - fraction) * (elapsed - then) / (fraction - before)
            recent = [(at, end) for at, end in self._ends if at >= elapsed / 2]
            self._ends.append((elapsed, elapsed + left))
            even = left * fraction / (1 - fraction) / elapsed
            moved = [(elapsed + left - at) / (end - at) for at, end in recent]
            steady = _within(UNEVEN, even) and _within(DRIFT, *moved)
            self._sure = fraction >= HALF and steady and not waited

    def left(self, elapsed: float) -> str:
        """Return words such as "about 20 s left", or that nobody knows yet."""
        heard, fraction = self._points[-1]
        if elapsed < SHORT or fraction >= 1:
            return ""
        if not self._sure or elapsed - heard > LONG * elapsed:
            return "time left not known yet"
        seconds = max(1, round(self._ends[-1][1] - elapsed))
        return (
            f"about {seconds} s left" if seconds < 100 else f"about {round(seconds / 60)} min left"
        )


def _within(factor: float, *ratios: float) -> bool:
    return all(1 / factor <= ratio <= factor for ratio in ratios)
