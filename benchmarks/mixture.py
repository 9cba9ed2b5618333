"""The engine beside StepMix: whole fits from the same start, one pass, many starts, memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from data import Kind
from measuring import Answer, ask


@dataclass(frozen=True)
class Case:
    """One set of customers."""

    title: str
    kind: Kind
    rows: int
    columns: int = 20
    missing: float = 0.0
    #: A whole fit by the peer takes a quarter of an hour: some passes are timed instead.
    long: bool = False

    def given(self, scale: float) -> Answer:
        """The case as its jobs take it, with a share of its rows."""
        rows = max(500, round(self.rows * scale))
        return {"kind": self.kind, "n": rows, "columns": self.columns, "missing": self.missing}


#: A case, our fit, the peer's fit (or the time of its passes), and the count of its passes.
Result = tuple[Case, Answer, Answer | None, Answer | None]

NOMINAL = Case("100,000 × 20 nominal", "nominal", 100_000)
MANY_NOMINAL = Case("1,000,000 × 20 nominal", "nominal", 1_000_000, long=True)
CASES = (
    NOMINAL,
    Case("100,000 × 20 nominal, 10 % missing", "nominal", 100_000, missing=0.1),
    MANY_NOMINAL,
    Case("1,000,000 × 20 binary", "binary", 1_000_000),
    Case("1,000,000 × 11 binary", "binary", 1_000_000, columns=11),
    Case("100,000 × (10 numbers + 10 nominal)", "mixed", 100_000),
    Case("100,000 × (10 numbers + 10 nominal), 10 % missing", "mixed", 100_000, missing=0.1),
)
#: Starts of the search that a person would ask for when time is short.
FEW_STARTS = 20


@dataclass(frozen=True)
class Settings:
    """How much is measured: a share of the rows, the peer or not, its longest fit or not."""

    scale: float = 1.0
    full: bool = False
    passes: int = 10
    peer: bool = True


def peer_version() -> str | None:
    """Version of StepMix, or None where it is not installed."""
    try:
        return version("stepmix")
    except PackageNotFoundError:
        return None


def report(settings: Settings) -> Iterator[str]:
    """Measure every case, and yield the lines of the page."""
    results = [_measure_case(case, settings) for case in CASES]
    yield "### Whole fit from the same start"
    yield ""
    yield from _table(_HEAD_SAME, (_same_start(*result) for result in results))
    yield ""
    yield from _extrapolated(results)
    yield "### Where the time of such a fit goes"
    yield ""
    yield from _table(_HEAD_PARTS, (_parts(case, own) for case, own, _, _ in results))
    yield ""
    yield "### From a matrix to labeled customers, many starts"
    yield ""
    yield from _table(_HEAD_SEARCH, _searches(results, settings))
    yield ""
    yield "### One pass"
    yield ""
    yield from _table(_HEAD_PASS, _passes(settings))


def _measure_case(case: Case, settings: Settings) -> Result:
    given = case.given(settings.scale)
    own = ask("ours.py", "from_start", **given)
    if not settings.peer:
        return case, own, None, None
    if case.long and not settings.full:
        count = ask("ours.py", "plain_passes", **given)
        return case, own, ask("peer.py", "some_passes", passes=settings.passes, **given), count
    return case, own, ask("peer.py", "whole", **given), None


_HEAD_SAME = (
    "work, K = 5", "StepMix, s", "passes", "forwhom, s", "passes", "times as fast",
    "StepMix, log-likelihood", "forwhom, log-likelihood", "difference",
)  # fmt: skip


def _same_start(
    case: Case, own: Answer, peer: Answer | None, count: Answer | None
) -> tuple[str, ...]:
    left = (_seconds(own["seconds"]), _passes_of(own))
    if peer is None:
        return (case.title, "", "", *left, "", "", f"{own['loglik']:.9f}", "")
    if count is None:
        seconds, passes, theirs = peer["seconds"], _passes_of(peer), peer["loglik"]
        shown = _seconds(seconds)
    else:
        seconds, passes = _whole(peer, count), f"{count['passes']} ¹"
        theirs, shown = count["loglik"], f"{_seconds(seconds)} ¹"
    gain = own["loglik"] - theirs
    ratio = f"**{seconds / own['seconds']:.0f}**"
    lines = (f"{theirs:.9f}", f"{own['loglik']:.9f}", f"{gain:+.1e}")
    return (case.title, shown, passes, *left, ratio, *lines)


def _whole(peer: Answer, count: Answer) -> float:
    """Seconds that the peer would take for all its passes."""
    return float(peer["rest"] + count["passes"] * peer["seconds"])


def _extrapolated(results: list[Result]) -> Iterator[str]:
    for case, _, peer, count in results:
        if peer is None or count is None:
            continue
        yield (
            f"¹ {case.title}: StepMix was not run to the end. {peer['timed']} of its passes took "
            f"{_seconds(peer['seconds'])} s each. How many passes it needs, and where they end, is "
            "counted with EM without acceleration, from the same start and by the same rule, which "
            "gives StepMix's own count in the rows of nominal and binary items that it finished. "
            "`--full` runs it to the end."
        )
        yield ""


_HEAD_PARTS = ("work", "rows after collapse", "encode, s", "start, s", "EM, s", "in all, s")


def _parts(case: Case, own: Answer) -> tuple[str, ...]:
    parts = (own["encode"], own["start"], own["em"], own["seconds"])
    return (case.title, f"{own['rows']:,}", *(_seconds(x) for x in parts))


_HEAD_SEARCH = (
    "work, K = 5", "starts", "s", "log-likelihood", "over the true segments'",
    "reached by", "peak memory, MB", "one-hot matrix, MB", "share of it",
)  # fmt: skip


def _searches(results: list[Result], settings: Settings) -> Iterator[tuple[str, ...]]:
    for case, _, _, _ in results:
        given = case.given(settings.scale)
        truth = ask("ours.py", "from_truth", **given)
        for few in (None, FEW_STARTS) if case is MANY_NOMINAL else (None,):
            found = ask("ours.py", "search", n_starts=few, **given)
            yield _search(case, found, truth)


def _search(case: Case, found: Answer, truth: Answer) -> tuple[str, ...]:
    return (
        case.title,
        f"{found['starts']}",
        f"**{_seconds(found['seconds'])}**",
        f"{found['loglik']:.9f}",
        f"{found['loglik'] - truth['loglik']:+.1e}",
        f"{found['share']:.0%}",
        f"{found['peak_mb']:.0f}",
        f"{found['matrix_mb']:.0f}",
        f"{found['peak_mb'] / found['matrix_mb']:.2f}",
    )


_HEAD_PASS = ("work", "StepMix, s", "forwhom, s", "times as fast")


def _passes(settings: Settings) -> Iterator[tuple[str, ...]]:
    given = NOMINAL.given(settings.scale)
    own = ask("ours.py", "one_pass", **given)["seconds"]
    if not settings.peer:
        yield (NOMINAL.title, "", f"{own:.4f}", "")
        return
    peer = ask("peer.py", "some_passes", passes=settings.passes, **given)["seconds"]
    yield (NOMINAL.title, f"{peer:.4f}", f"{own:.4f}", f"**{peer / own:.0f}**")


def _passes_of(answer: Answer) -> str:
    return f"{answer['passes']}" + ("" if answer["converged"] else ", not converged")


def _seconds(x: float) -> str:
    """At most three digits, and milliseconds: the rest would be noise."""
    digits = 0 if x >= 99.5 else 1 if x >= 9.95 else 2 if x >= 0.995 else 3
    return f"{x:.{digits}f}"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
