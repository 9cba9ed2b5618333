"""How often verdicts on fairness are wrong, and how often they say what is so.

Customers are drawn whose groups are chosen with known rates, or go with segments by a known
Cramér's V. ``benchmarks/fairness.py --replicates 4000 --write docs/fairness.md`` puts the tables
into the page.
"""

import argparse
from pathlib import Path

import numpy as np

from forwhom.documents.segmentation import Variable
from forwhom.evidence.fairness import Groups, selection
from forwhom.statistics.rates import association
from run import put

SIZES = (100, 500, 2000)
#: How often people of each group are chosen: the ratio of the first to the last is what counts.
RATES = {
    "0.80, two groups": (0.40, 0.50),
    "0.80, four groups": (0.40, 0.50, 0.50, 0.50),
    "0.60, two groups": (0.30, 0.50),
    "1.00, two groups": (0.50, 0.50),
    "1.00, four groups": (0.50, 0.50, 0.50, 0.50),
}
#: Cramér's V of two groups with three segments.
ASSOCIATIONS = (0.0, 0.1, 0.3)
BEGIN, END = "<!-- rates: begin -->\n", "<!-- rates: end -->"


def main() -> None:
    """Draw, and print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    options = parser.parse_args()
    lines = [*_selections(options.replicates), "", *_associations(options.replicates)]
    print("\n".join(lines))
    put(options.write, lines, BEGIN, END)


def _selections(replicates: int) -> list[str]:
    lines = [
        "| ratio of rates | customers | less than four fifths | not less | we cannot tell |",
        "|---|---|---|---|---|",
    ]
    for name, rates in RATES.items():
        for n in SIZES:
            said = [_chosen(np.array(rates), n, seed) for seed in range(replicates)]
            shares = [said.count(v) / replicates for v in ("apart", "alike", "unknown")]
            lines.append(f"| {name} | {n:,} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")
    return lines


def _chosen(rates: np.ndarray, n: int, seed: int) -> str:
    rng = np.random.default_rng([seed, n, len(rates)])
    codes = rng.integers(0, len(rates), n)
    variable = Variable(name="group", label="Group", measure="nominal", use="protected")
    groups = Groups(variable, tuple("abcd"[: len(rates)]), codes)
    return selection(groups, rng.random(n) < rates[codes], np.ones(n), "chosen").verdict


def _associations(replicates: int) -> list[str]:
    lines = ["| true V | customers | its interval holds it | above 0 | above 0.1 | below 0.1 |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    for v in ASSOCIATIONS:
        off = v / np.sqrt(6) * np.array([1.0, 0.0, -1.0]) * np.sqrt(1.5) / 3 * np.sqrt(6) / 2
        cells = np.stack([1 / 6 + off, 1 / 6 - off])
        true = float(np.sqrt(((cells - 1 / 6) ** 2 * 6).sum()))
        for n in SIZES:
            rng = np.random.default_rng([n, int(1000 * v)])
            draws = rng.multinomial(n, cells.ravel(), replicates).reshape(replicates, 2, 3)
            ends = np.array([association(d.astype(float))[1:] for d in draws])
            held = ((ends[:, 0] <= true) & (true <= ends[:, 1])).mean()
            above, far, below = (
                (ends[:, 0] > 0).mean(),
                (ends[:, 0] > 0.1).mean(),
                (ends[:, 1] < 0.1).mean(),
            )
            lines.append(
                f"| {true:.2f} | {n:,} | {held:.1%} | {above:.1%} | {far:.1%} | {below:.1%} |"
            )
    return lines


if __name__ == "__main__":
    main()
