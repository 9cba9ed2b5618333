"""Customers whose segments are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from forwhom.documents.segmentation import Variable
from forwhom.tables.columns import Column


@dataclass(frozen=True)
class Customers:
    columns: dict[str, Column]
    variables: list[Variable]
    responsibilities: np.ndarray
    weights: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> Customers:
        columns = {k: Column(k, c.values[rows], c.levels) for k, c in self.columns.items()}
        weights = None if self.weights is None else self.weights[rows]
        return Customers(columns, self.variables, self.responsibilities[rows], weights)


def make(n: int = 600, seed: int = 0, *, soft: bool = True) -> Customers:
    """Three segments: frequent buyers, occasional ones, and a small one of newcomers."""
    rng = np.random.default_rng(seed)
    segment = np.searchsorted(np.cumsum([0.5, 0.4]), rng.random(n), side="right")
    orders = rng.poisson(np.array([12.0, 3.0, 1.0])[segment]).astype(float)
    spend = np.exp(rng.normal(np.array([4.0, 3.0, 3.0])[segment], 0.5))
    spend[rng.random(n) < 0.15] = 0.0
    recency = np.exp(rng.normal(np.array([2.0, 4.0, 1.0])[segment], 0.4))
    answer = (rng.random(n) < np.array([0.8, 0.3, 0.3])[segment]).astype(np.int32)
    answer[rng.random(n) < 0.1] = -1
    town = rng.choice(4, n, p=[0.5, 0.3, 0.17, 0.03]).astype(np.int32)
    woman = (rng.random(n) < np.array([0.9, 0.2, 0.5])[segment]).astype(np.int32)
    columns = {
        "frequency": Column("frequency", orders),
        "spend": Column("spend", spend),
        "recency": Column("recency", np.where(rng.random(n) < 0.05, np.nan, recency)),
        "organic": Column("organic", answer, ("no", "yes")),
        "town": Column("town", town, ("Aachen", "Bonn", "Celle", "Dachau")),
        "gender": Column("gender", woman, ("man", "woman")),
        "empty": Column("empty", np.full(n, np.nan)),
    }
    variables = [
        Variable(name="frequency", label="Number of orders", measure="count", use="active",
                 unit="orders", basis="behavioral"),
        Variable(name="spend", label="Total spend", measure="positive", use="active", unit="$"),
        Variable(name="recency", label="Time since last order", measure="positive", use="active",
                 unit="days"),
        Variable(name="organic", label="Buys organic", measure="binary", use="active",
                 levels=["no", "yes"]),
        Variable(name="town", label="Town", measure="nominal", use="descriptor"),
        Variable(name="gender", label="Gender", measure="binary", use="protected",
                 levels=["man", "woman"]),
        Variable(name="empty", label="Empty", measure="continuous", use="descriptor"),
    ]  # fmt: skip
    sharpness = rng.dirichlet([0.5] * 3, n) * (0.6 if soft else 0.0)
    responsibilities = sharpness + np.eye(3)[segment]
    responsibilities /= responsibilities.sum(axis=1, keepdims=True)
    return Customers(columns, variables, responsibilities)


@pytest.fixture(scope="session")
def customers() -> Customers:
    return make()


@pytest.fixture(scope="session")
def make_customers() -> Callable[..., Customers]:
    return make
