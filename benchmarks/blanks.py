"""How often verdicts on missing answers of two groups are wrong, and how often they see what is so.

Customers answer ten questions with yes or no, as one of two segments does; the likelier segment is
theirs. Each group leaves out answers at random, with a known chance. A difference counts from five
points of a hundred: at exactly that, both verdicts are wrong; at none, *apart* is. Blanks of 37 %
instead of 20 % place five points of a hundred more elsewhere (``--border`` tries it on a million).

    .venv/bin/python benchmarks/blanks.py --replicates 1000
"""

import argparse
import sys

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.fairness import Blanks
from forwhom.documents.segmentation import Variable
from forwhom.evidence.blanks import Placing, blanks
from forwhom.evidence.fairness import Groups

AGE = Variable(name="age", label="Age", measure="nominal", use="protected")
#: Chances of both groups to leave an answer out. The second is the border of what they lack, the
#: third that of whom such blanks place elsewhere: five points of a hundred more.
CHANCES = ((0.2, 0.2), (0.2, 0.25), (0.2, 0.37), (0.2, 0.6))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1_000)
    parser.add_argument("--border", action="store_true")
    asked = parser.parse_args()
    if asked.border:
        for chances in CHANCES:
            moved = [moving(chance, 1_000_000) for chance in chances]
            print(f"{chances[0]:.0%} and {chances[1]:.0%}: {moved[1] - moved[0]:.1%} more move")
        return
    print(
        "| answers left out | customers | lack more | lack no more | moved more | moved no more |"
    )
    print("|---|---|---|---|---|---|")
    for chances in CHANCES:
        for n in (200, 1_000, 5_000):
            said = [told(chances, n, seed) for seed in range(asked.replicates)]
            shares = [
                np.mean([getattr(one, which) == verdict for one in said])
                for which in ("verdict", "moved_verdict")
                for verdict in ("apart", "alike")
            ]
            left = " and ".join(f"{c:.0%}" for c in chances)
            print(f"| {left} | {n:,} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")


def moving(chance: float, n: int) -> float:
    """Return the part of n customers, who answered everything, whom blanks place elsewhere."""
    yes, missing = answered(np.full(n, chance), np.random.default_rng(1))
    whole, partly = ((np.where(gone, 0, 2 * yes - 1).sum(axis=1) > 0) for gone in (False, missing))
    return float(np.mean(whole != partly))


def answered(
    chance: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw answers of both kinds, and which are missing, as often as the chance of each says."""
    n = len(chance)
    yes = rng.random((n, 10)) < np.where(rng.random(n) < 0.5, 0.65, 0.35)[:, None]
    # A third answer everything; the others leave out more, so that the chance holds for all.
    open_ = (rng.random(n) < 2 / 3)[:, None]
    return yes, open_ & (rng.random((n, 10)) < 1.5 * chance[:, None])


def told(chances: tuple[float, float], n: int, seed: int) -> Blanks:
    group = np.arange(n) % 2
    yes, missing = answered(np.array(chances)[group], np.random.default_rng([seed, n]))

    def place(rows: NDArray[np.int64], taken: NDArray[np.bool_]) -> NDArray[np.int64]:
        score = np.where(taken, 0, 2 * yes[rows] - 1).sum(axis=1)
        return (score > 0).astype(np.int64)

    mode = place(np.arange(n), missing)
    groups = Groups(AGE, ("a", "b"), group.astype(np.int64))
    return blanks(groups, np.zeros(n, bool), Placing(mode, 2, np.ones(n), missing, place))


if __name__ == "__main__":
    sys.exit(main())
