"""How often verdicts on missing answers of two groups are wrong, and how often they see what is so.

Customers answer ten questions with yes or no, as one of two segments does; the likelier segment is
theirs. Each group leaves out answers at random, with a known chance. A difference counts from five
points of a hundred: at exactly that, both verdicts are wrong; at none, *apart* is.

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
#: Chances of both groups to leave an answer out.
CHANCES = ((0.2, 0.2), (0.2, 0.25), (0.2, 0.4))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1_000)
    asked = parser.parse_args()
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


def told(chances: tuple[float, float], n: int, seed: int) -> Blanks:
    rng = np.random.default_rng([seed, n])
    group, kind = np.arange(n) % 2, rng.random(n) < 0.5
    yes = rng.random((n, 10)) < np.where(kind, 0.65, 0.35)[:, None]
    # A third answer everything; the others leave out more, so that the chance holds for all.
    open_ = (rng.random(n) < 2 / 3)[:, None]
    missing = open_ & (rng.random((n, 10)) < 1.5 * np.array(chances)[group][:, None])

    def place(rows: NDArray[np.int64], taken: NDArray[np.bool_]) -> NDArray[np.int64]:
        score = np.where(taken, 0, 2 * yes[rows] - 1).sum(axis=1)
        return (score > 0).astype(np.int64)

    mode = place(np.arange(n), missing)
    groups = Groups(AGE, ("a", "b"), group.astype(np.int64))
    return blanks(groups, np.zeros(n, bool), Placing(mode, 2, np.ones(n), missing, place))


if __name__ == "__main__":
    sys.exit(main())
