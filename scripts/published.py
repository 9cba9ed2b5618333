"""Compare published solutions with ours, and fill in docs/published-solutions.md.

``python scripts/published.py [FOLDER]``: FOLDER may hold election.csv and heart.csv, written by R
from the packages poLCA and VarSelLCM, whose data we do not ship; without it their rows stay as
they are. A test fails when the page and the engine differ.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forwhom.mixture.estimator import LatentSegments

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "tests" / "mixture" / "published"
PAGE = ROOT / "docs" / "published-solutions.md"
LOCAL = ("election", "election (complete)", "heart")


@dataclass(frozen=True)
class Solution:
    """What other software prints for one data set and number of segments; None: not printed."""

    data: str
    covariance: str
    k: int
    software: str
    n_parameters: int | None
    log_likelihood: float | None
    aic: float | None
    bic: float | None
    entropy_r2: float | None

    def log_likelihood_for(self, n_parameters: int, n: float) -> float:
        """Return the log-likelihood; from BIC when that is what is printed."""
        if self.log_likelihood is not None:
            return self.log_likelihood
        assert self.bic is not None
        return (n_parameters * math.log(n) - self.bic) / 2

    @property
    def rounding(self) -> float:
        """How far the log-likelihood may be off for the digits that are printed."""
        return 1e-4 if self.log_likelihood is not None else 5e-4

    @property
    def label(self) -> str:
        """The first three cells of its row."""
        model = {"diagonal": "VVI", "tied": "EEE", "full": "VVV"}[self.covariance]
        named = f"mclust, {model}" if self.software == "mclust" else self.software
        return f"| {self.data} | {self.k} | {named} |"


def read_solutions() -> list[Solution]:
    """Return the published solutions."""
    return [
        Solution(
            row["data"],
            row["covariance"],
            int(row["k"]),
            row["software"],
            int(row["n_parameters"]) if row["n_parameters"] else None,
            *(
                float(row[name]) if row[name] else None
                for name in ("log_likelihood", "aic", "bic", "entropy_r2")
            ),
        )
        for row in read_rows(TABLES / "solutions.csv")
    ]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file; lines that begin with ``#`` say where it is from."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def fit(solution: Solution, folder: Path | None = None) -> LatentSegments:
    """Fit the model of a solution with default settings and no prior."""
    X, measures, weights = read_data(solution.data, folder)
    model = LatentSegments(solution.k, measures=measures, prior=0, covariance=solution.covariance)
    return model.fit(X, sample_weight=weights)


Data = tuple[NDArray[np.object_], dict[int, str] | str, NDArray[np.float64] | None]


def read_data(name: str, folder: Path | None) -> Data:
    """Return values, measures, and how often each row was seen (None: once)."""
    if name == "iris":
        from sklearn.datasets import load_iris

        return load_iris().data, "continuous", None
    if name in LOCAL:
        assert folder is not None
        return _read_local(name, folder)
    rows = read_rows(TABLES / f"{name}.csv")
    if name == "faithful":
        return _values(rows, list(rows[0])), "continuous", None
    X = _values(rows, [c for c in rows[0] if c != "count"])
    return X, "nominal", np.array([float(row["count"]) for row in rows])


def _read_local(name: str, folder: Path) -> Data:
    rows = read_rows(folder / f"{name.partition(' ')[0]}.csv")
    if name == "heart":
        columns = [c for c in rows[0] if c != "Class"]
        numbers = ("RestBloodPressure", "SerumCholestoral", "MaxHeartRate")
        measures = {j: "continuous" if c in numbers else "nominal" for j, c in enumerate(columns)}
        return _values(rows, columns), measures | {columns.index("Age"): "count"}, None
    X = _values(rows, list(rows[0])[:12])
    known = np.array([all(v is not None for v in row) for row in X])
    return X[known] if "complete" in name else X, "nominal", None


def _values(rows: list[dict[str, str]], columns: list[str]) -> NDArray[np.object_]:
    cells = [[None if row[c] in ("", "NA") else row[c] for c in columns] for row in rows]
    return np.array(cells, dtype=object)


def write_row(solution: Solution, model: LatentSegments) -> str:
    """Return the line of the table that compares a solution with our model."""
    found = model.candidate_
    n = math.exp((found.bic + 2 * found.log_likelihood) / found.n_parameters)
    published = solution.log_likelihood_for(found.n_parameters, n)
    entropies = ["" if e is None else f"{e:.3f}" for e in (solution.entropy_r2, found.entropy_r2)]
    return (
        f"{solution.label} {found.n_parameters} | {published:.3f} | {found.log_likelihood:.3f} "
        f"| {found.bic:.2f} | {' | '.join(entropies)} | {found.best_start_share:.0%} |"
    )


def present_rows() -> Mapping[str, str]:
    """Return the lines of the page by their label."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return {s.label: line for s in read_solutions() for line in lines if line.startswith(s.label)}


def main() -> None:
    """Fill in the table of the page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    before, lines = present_rows(), {}
    for solution in read_solutions():
        lines[solution.label] = before[solution.label]
        if solution.data not in LOCAL or folder is not None:
            lines[solution.label] = write_row(solution, fit(solution, folder))
        print(lines[solution.label])
    page = PAGE.read_text(encoding="utf-8")
    for label, line in before.items():
        page = page.replace(line, lines[label])
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
