"""Tables of what was said about populations: groups where there are none, and groups found."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from statistics import fmean, median
from typing import Any

from answerers import ANSWERERS
from populations import Kind, Population

#: An answer as it is kept in the file.
Line = dict[str, Any]

#: forwhom's verdicts on structure, from groups to one kind of customer.
VERDICTS = ("clear", "likely", "unclear", "scale", "one")
#: Groups said in more of the draws than this fool whoever says so.
FOOLED = 0.05
#: Kinds of populations that have no groups.
GROUPLESS: tuple[Kind, ...] = ("independent", "scale")


def tables(lines: Sequence[Line], populations: Sequence[Population]) -> Iterator[str]:
    """Yield the lines of the page: all in all, then a table for each size."""
    answered = [line for line in lines if "error" not in line]
    names = _names(answered)
    sizes = sorted({line["n"] for line in answered})
    yield from _overall(answered, names, sizes)
    for n in sizes:
        here = [line for line in answered if line["n"] == n]
        without = [p for p in populations if p.kind in GROUPLESS]
        yield from _each(f"Without groups, n = {n:,}", here, names, without, _said)
        grouped = [p for p in populations if p.kind == "groups"]
        yield from _each(f"With groups, n = {n:,}", here, names, grouped, _found)
    yield from _verdicts(answered, populations, sizes)
    yield from _fooled(answered, names, populations, sizes)
    yield from _failed([line for line in lines if "error" in line])


def _names(lines: Sequence[Line]) -> list[str]:
    """Names of the answerers: forwhom's first, then the peers in their order."""
    found = list(dict.fromkeys(line["answerer"] for line in lines))
    peers = [name for name in ANSWERERS if name != "forwhom"]
    return [x for x in found if x not in peers] + [x for x in peers if x in found]


def _overall(lines: Sequence[Line], names: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    head = (
        "answerer", "n", "groups said where there are none", "K = 1 where independent",
        "groups said where there are some", "mean ARI", "processor seconds", "draws",
    )  # fmt: skip
    rows = []
    for name in names:
        for n in sizes:
            own = [x for x in lines if x["answerer"] == name and x["n"] == n]
            if not own:
                continue
            none = [x for x in own if x["kind"] in GROUPLESS]
            independent = [x for x in own if x["kind"] == "independent"]
            some = [x for x in own if x["kind"] == "groups"]
            shares = (_share(none), _share(independent, _one), _share(some))
            seconds = f"{median(x['seconds'] for x in own):.2f}"
            rows.append((name, f"{n:,}", *shares, _mean(some, "ari", 2), seconds, str(len(own))))
    yield from ("### All in all", "", *_table(head, rows), "")


def _each(
    title: str,
    lines: Sequence[Line],
    names: Sequence[str],
    populations: Sequence[Population],
    cell: Callable[[Sequence[Line]], str],
) -> Iterator[str]:
    rows = []
    for population in populations:
        own = [line for line in lines if line["population"] == population.name]
        if own:
            cells = (cell([x for x in own if x["answerer"] == name]) for name in names)
            rows.append((population.name, population.meaning, *cells))
    if rows:
        yield from (f"### {title}", "", *_table(("population", "what it is", *names), rows), "")


def _said(lines: Sequence[Line]) -> str:
    """Share of the draws in which groups were said, and the mean K."""
    return f"{_share(lines)} · {_mean(lines, 'k', 1)}" if lines else ""


def _found(lines: Sequence[Line]) -> str:
    """The same, and the mean adjusted Rand index with the true groups."""
    return f"{_said(lines)} · {_mean(lines, 'ari', 2)}" if lines else ""


def _verdicts(
    lines: Sequence[Line], populations: Sequence[Population], sizes: Sequence[int]
) -> Iterator[str]:
    """How often forwhom said each verdict, by kind and population; nothing where it said none."""
    judged = [line for line in lines if line.get("verdict")]
    kinds = dict.fromkeys(p.kind for p in populations)
    parts: list[tuple[str, str, str]] = [(f"all: {kind}", "kind", kind) for kind in kinds]
    parts += [(p.name, "population", p.name) for p in populations]
    rows = []
    for (title, key, value), n in product(parts, sizes):
        own = [x for x in judged if x[key] == value and x["n"] == n]
        if own:
            rates = [fmean(x["verdict"] == verdict for x in own) for verdict in VERDICTS]
            cells = (f"{100 * rate:.0f} %" if rate else "" for rate in rates)
            rows.append((title, f"{n:,}", *cells, str(len(own))))
    if rows:
        head = ("population", "n", *VERDICTS, "draws")
        yield from ("### Verdicts of forwhom", "", *_table(head, rows), "")


def _fooled(
    lines: Sequence[Line],
    names: Sequence[str],
    populations: Sequence[Population],
    sizes: Sequence[int],
) -> Iterator[str]:
    """For each answerer, the populations without groups in which it says groups too often."""
    yield from (f"### Fooled in more than {FOOLED:.0%} of the draws", "")
    for name in names:
        fooled = []
        for population in populations:
            own = [
                x for x in lines
                if x["answerer"] == name and x["population"] == population.name
                and x["kind"] in GROUPLESS
            ]  # fmt: skip
            at = [n for n in sizes if _rate([x for x in own if x["n"] == n]) > FOOLED]
            if at:
                fooled.append(f"{population.name} ({', '.join(f'{n:,}' for n in at)})")
        yield f"- {name}: {'; '.join(fooled) or 'none'}"
    yield ""


def _failed(lines: Sequence[Line]) -> Iterator[str]:
    for name in dict.fromkeys(line["answerer"] for line in lines):
        own = [line for line in lines if line["answerer"] == name]
        yield f"{name} gave no answer in {len(own)} draws; the first error: `{own[0]['error']}`."


def _one(line: Line) -> bool:
    """Whether one kind of customer was said; without a verdict, "no groups" counts as that."""
    return line["k"] == 1 or (line.get("verdict") is None and not line["groups"])


def _rate(
    lines: Sequence[Line], when: Callable[[Line], bool] = lambda line: bool(line["groups"])
) -> float:
    return fmean(map(when, lines)) if lines else 0.0


def _share(
    lines: Sequence[Line], when: Callable[[Line], bool] = lambda line: bool(line["groups"])
) -> str:
    return f"{100 * _rate(lines, when):.0f} %" if lines else ""


def _mean(lines: Sequence[Line], key: str, digits: int) -> str:
    return f"{fmean(line[key] for line in lines):.{digits}f}" if lines else ""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
