"""An alignment of 200 items for three segments by 100 raters, with 2,000 bootstrap replicates.

Run it with ``python benchmarks/alignment.py [ITEMS] [RATERS] [REPLICATES]``. Ratings are simulated
(one seed), every rater rates everything. A time is the median of three; *statistics* begins with
arrays and ends with the whole answer, *from CSV* reads and checks the file as well. Memory is the
highest resident size above that before the work.

    .venv/bin/python benchmarks/alignment.py rates

says how often classes are right of which that is said, for 5, 10 and 30 raters.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from forwhom.alignment import Ratings, analyze, coded
from forwhom.alignment.classes import CLASSES, classify
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.results.alignment import RatedItem, RatedSegment
from forwhom.pipeline.aligning import align
from measuring import measure

SEGMENTS = [
    RatedSegment(id="buyer", name="Buyer", buti=["buyer"]),
    RatedSegment(id="user", name="User", buti=["user"]),
    RatedSegment(id="impact", name="Target impact", buti=["target-impact"]),
]


def simulate(items: int, raters: int, seed: int = 1) -> tuple[Ratings, list[RatedItem]]:
    """Return ratings that differ by item and segment, by rater, and by chance."""
    rng = np.random.default_rng(seed)
    rater, item, segment = (
        a.ravel() for a in np.indices((raters, items, len(SEGMENTS)), dtype=np.intp)
    )
    truth = rng.normal(1, 3, (items, len(SEGMENTS)))[item, segment]
    noise = rng.normal(0, 1, raters)[rater] + rng.normal(0, 1.5, len(rater))
    known = [RatedItem(id=f"item-{i:04d}", statement=f"Item {i}") for i in range(items)]
    ratings = coded(
        [f"rater-{r:05d}" for r in rater],
        [SEGMENTS[s].id for s in segment],
        [known[i].id for i in item],
        np.clip(np.round(truth + noise), -5, 5),
        segments=[s.id for s in SEGMENTS],
        items=[i.id for i in known],
    )
    return ratings, known


def write_csv(ratings: Ratings, path: Path) -> None:
    """Write the ratings as people would hand them in."""
    rows = zip(ratings.rater, ratings.segment, ratings.item, ratings.value, strict=True)
    lines = [
        f"{ratings.raters[r]},proxy,{ratings.segments[s]},{ratings.items[i]},{v:g}"
        for r, s, i, v in rows
    ]
    path.write_text("\n".join(["rater,mode,segment,item,value", *lines]) + "\n")


def main(items: int, raters: int, replicates: int) -> None:
    """Print the table."""
    ratings, known = simulate(items, raters)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ratings.csv"
        write_csv(ratings, path)
        jobs: dict[str, Callable[[], object]] = {
            "statistics": lambda: analyze(ratings, SEGMENTS, known, replicates=replicates),
            "from CSV": lambda: align(path, replicates=replicates),
        }
        print(
            f"{items:,} items × {len(SEGMENTS)} segments × {raters:,} raters, "
            f"{replicates:,} replicates"
        )
        print()
        print("| work | s | peak memory, MB |")
        print("|---|---:|---:|")
        for name, work in jobs.items():
            found = measure(lambda work=work: {"found": work()})  # type: ignore[misc]
            print(f"| {name} | {found['seconds']:.2f} | {found['peak_mb']:.0f} |", flush=True)


def rates(draws: int = 5, items: int = 200) -> None:
    """Print how often a class is the one that the medians of all people would give."""
    print("| raters | decided | of these right | said | undecided, right | said |")
    print("|---:|---:|---:|---:|---:|---:|")
    for raters in (5, 10, 30):
        told = []
        for seed in range(draws):
            ratings, known = simulate(items, raters, seed)
            truth = np.random.default_rng(seed).normal(1, 3, (items, len(SEGMENTS)))
            medians = np.clip(np.round(truth), -5, 5)
            for view in analyze(ratings, SEGMENTS, known, replicates=1000, seed=seed).views:
                of = [[s.id for s in SEGMENTS].index(s) for s in view.items[0].segments]
                rated = np.ones((items, len(of)), dtype=bool)
                right = classify(medians[:, of, None], rated, Thresholds())[:, 0]
                own = {one.id: CLASSES[c] for one, c in zip(known, right, strict=True)}
                told += [
                    (i.undecided, i.alignment == own[i.item], i.probability) for i in view.items
                ]
        undecided, is_right, said = np.array(told, dtype=float).T
        sure = undecided == 0
        cells = (sure, is_right[sure], said[sure], is_right[~sure], said[~sure])
        print(f"| {raters} | {' | '.join(f'{np.mean(cell):.0%}' for cell in cells)} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["rates"]:
        rates()
    else:
        given = [int(word) for word in sys.argv[1:4]]
        main(*[*given, *(200, 100, 2000)[len(given) :]])
