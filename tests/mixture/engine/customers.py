"""Simulated customers with answers of every measure, and fits of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from forwhom.documents.base import Measure
from forwhom.mixture import (
    Column,
    Design,
    FitOptions,
    FittedMixture,
    build_design,
    fit_from_responsibilities,
    fit_mixture,
)

Columns = dict[str, Column]
MEASURES: dict[str, Measure] = {
    "member": "binary",
    "channel": "nominal",
    "scale": "ordinal",
    "visits": "count",
    "age": "continuous",
    "height": "continuous",
    "food": "positive",
}
QUICK = FitOptions(n_starts=8, prior=0.5)
few = settings(max_examples=5, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def codes(name: str, values: np.ndarray, *levels: str) -> Column:
    return Column(name, values.astype(np.int32), levels)


def mixed(n: int, seed: int, missing: float = 0.15) -> Columns:
    """Two segments in variables of every measure."""
    rng = np.random.default_rng(seed)
    z = (rng.random(n) < 0.4).astype(int)
    columns = [
        codes("member", rng.random(n) < np.array([0.2, 0.8])[z], "no", "yes"),
        codes("channel", (rng.random(n) + 1.2 * z) * 1.3, "shop", "web", "app"),
        codes("scale", np.clip(rng.normal(1 + 2 * z, 1.0), 0, 4), *"12345"),
        Column("visits", rng.poisson(2.0 + 6 * z).astype(float)),
        Column("age", rng.normal(30 + 20 * z, 6)),
        Column("height", rng.normal(170, 5 + 5 * z)),
        Column("food", rng.lognormal(2.0 + z, 0.5) * (rng.random(n) < 0.8)),
    ]
    hidden = [replace(c, values=hide(c, rng.random(n) < missing)) for c in columns]
    return {c.name: c for c in hidden}


def hide(column: Column, rows: np.ndarray) -> np.ndarray:
    values = column.values.copy()
    values[rows] = -1 if column.levels is not None else np.nan
    return values


def take(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: replace(c, values=c.values[rows]) for name, c in columns.items()}


def design_of(columns: Columns, weights: np.ndarray | None = None, **more: bool) -> Design:
    measures = {name: MEASURES.get(name, "nominal") for name in columns}
    return build_design(list(columns.values()), measures, weights, **more)


def fit(columns: Columns, k: int = 2, weights: np.ndarray | None = None) -> FittedMixture:
    return fit_mixture(design_of(columns, weights), k, QUICK)


def same_model(a: FittedMixture, b: FittedMixture, tolerance: float = 1e-4) -> None:
    assert a.weights == pytest.approx(b.weights, abs=tolerance)
    for one, other in zip(a.items(), b.items(), strict=True):
        assert one.model_dump(include={"variable"}) == other.model_dump(include={"variable"})
        for (name, x), (_, y) in zip(one, other, strict=True):
            if name not in ("kind", "variable", "levels") and x is not None:
                assert np.array(x) == pytest.approx(np.array(y), rel=tolerance, abs=tolerance)


def at_random_responsibilities(columns: Columns, k: int, seed: int, **more: object):
    """A model that has converged nowhere: one M-step from a random partition."""
    design = design_of(columns, collapse=False)
    rng = np.random.default_rng(seed)
    responsibilities = rng.dirichlet(np.full(k, 0.5), size=design.n_rows)
    return fit_from_responsibilities(design, responsibilities, **more), responsibilities


def safe_log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, 1e-300))
