"""Customers in packed files: the same sums, the same fit, and a place for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.errors import DataError
from forwhom.mixture import Column, build_design, fit_mixture
from forwhom.mixture.blocks import Blocks
from forwhom.mixture.choosing import carried_on
from forwhom.mixture.design import Design, Whole
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitting import FitOptions

Floats = NDArray[np.float64]
MEASURES: dict[str, Measure] = {
    "plan": "nominal", "paid": "binary", "mood": "ordinal", "height": "continuous",
    "visits": "count", "spend": "positive",
}  # fmt: skip
OPTIONS = FitOptions(n_starts=10)


def customers(n: int, seed: int = 0) -> dict[str, Column]:
    """Return customers of two segments, of whom some lack an answer."""
    rng = np.random.default_rng(seed)
    often = rng.random(n) < 0.4
    spend = np.where(rng.random(n) < 0.2, 0.0, np.exp(rng.normal(np.where(often, 3, 1), 0.5)))
    values: dict[str, tuple[NDArray[np.generic], tuple[str, ...] | None]] = {
        "plan": (rng.integers(0, 3, n) * often, ("a", "b", "c")),
        "paid": ((rng.random(n) < np.where(often, 0.9, 0.2)).astype(int), ("no", "yes")),
        "mood": (np.clip(rng.integers(0, 4, n) + often, 0, 4), ("1", "2", "3", "4", "5")),
        "height": (rng.normal(np.where(often, 2.0, 0.0), 1.0), None),
        "visits": (rng.poisson(np.where(often, 8.0, 2.0)).astype(float), None),
        "spend": (spend, None),
    }
    found = {}
    for name, (own, levels) in values.items():
        gone = rng.random(n) < 0.1
        missing = np.where(gone, np.nan, own) if levels is None else np.where(gone, -1, own)
        kind = np.float64 if levels is None else np.int32
        found[name] = Column(name, missing.astype(kind), levels)
    return found


def rows_of(columns: Mapping[str, Column], rows: slice | NDArray[np.int64]) -> dict[str, Column]:
    return {name: replace(one, values=one.values[rows]) for name, one in columns.items()}


def packed(
    like: Design, columns: Mapping[str, Column], folder: Path, weights: Floats | None = None
) -> Design:
    """Write all customers in uneven blocks."""
    n = len(next(iter(columns.values())))
    blocks = Blocks(like, n, folder, is_weighted=weights is not None)
    for first, last in ((0, 7), (7, n // 2), (n // 2, n)):
        rows = slice(first, last)
        blocks.add(rows_of(columns, rows), None if weights is None else weights[rows])
    return blocks.design()


def told(design: Design, k: int = 2) -> Floats:
    """Return what a design says about parameters that some of its customers gave."""
    fitted = fit_mixture(design.take(np.arange(400)), k, OPTIONS)
    return Expectation(design).sums(fitted.parameters).loglik


@pytest.mark.parametrize("family", [None, "tilt"])
def test_all_in_files_say_what_all_in_memory_do(tmp_path: Path, family: str | None) -> None:
    columns = customers(3_000)
    families = dict.fromkeys(("height", "visits", "spend"), family) if family else {}
    design = build_design(list(columns.values()), MEASURES, families=families, collapse=False)
    files = packed(design, columns, tmp_path)
    assert files.n == design.n
    assert files.base == pytest.approx(design.base, rel=1e-12)
    some = fit_mixture(design.take(np.arange(400)), 2, OPTIONS)
    here, there = (carried_on(some, one, OPTIONS) for one in (design, files))
    assert there.log_likelihood == pytest.approx(here.log_likelihood, rel=1e-12)
    for mine, theirs in zip(here.parameters.parts, there.parameters.parts, strict=True):
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(b, a, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("whole", [True, False])
def test_weights_count_as_they_do_in_memory(tmp_path: Path, whole: bool) -> None:
    columns = customers(1_500)
    drawn = np.random.default_rng(3).uniform(0.2, 3.0, 1_500)
    weights = np.ceil(drawn) if whole else drawn
    design = build_design(list(columns.values()), MEASURES, weights, collapse=False)
    files = packed(design, columns, tmp_path, weights)
    assert files.n == pytest.approx(design.n, rel=1e-12)
    assert files.base == pytest.approx(design.base, rel=1e-12)
    assert told(files) == pytest.approx(told(design), rel=1e-12)


def test_customers_are_coded_as_some_of_them_were(tmp_path: Path) -> None:
    """Bins, centers and levels are those of the customers that were drawn."""
    columns = customers(2_000)
    some = rows_of(columns, np.flatnonzero(columns["spend"].values > 0)[:300])
    some = {n: c for n, c in some.items() if n in ("plan", "height", "spend")}
    measures = {name: MEASURES[name] for name in some}
    drawn = build_design(list(some.values()), measures, families={"height": "tilt"})
    files = packed(drawn, columns, tmp_path)
    assert files.items == drawn.items
    height = files.item_codes([i.variable for i in files.items].index("height"))
    cuts = next(i.cuts for i in files.items if i.variable == "height")
    values = columns["height"].values
    seen = ~np.isnan(values)
    assert (height[seen] == np.searchsorted(cuts, values[seen])).all()
    assert (height[~seen] == -1).all()
    # Nobody who was drawn had spent nothing: among all customers that is no number to fit.
    nothing = columns["spend"].values == 0
    assert np.isnan(files.numeric[0, nothing]).all()


def test_shares_of_a_whole_are_coded_alike(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    parts = rng.dirichlet((2.0, 1.0, 1.0), 500)
    columns = {f"share {j}": Column(f"share {j}", parts[:, j].copy()) for j in range(3)}
    columns["orders"] = Column("orders", rng.integers(0, 9, 500).astype(float))
    whole = Whole("spend", tuple(list(columns)[:3]), "orders")
    design = build_design(list(columns.values()), {}, wholes=[whole], collapse=False)
    files = packed(design, columns, tmp_path)
    for item in range(len(design.items)):
        np.testing.assert_array_equal(files.item_codes(item), design.item_codes(item))
    assert files.base == pytest.approx(design.base, rel=1e-12)


def test_equal_rows_become_one_where_few_can_differ(tmp_path: Path) -> None:
    columns = {name: customers(2_000)[name] for name in ("plan", "paid")}
    measures = {name: MEASURES[name] for name in columns}
    design = build_design(list(columns.values()), measures)
    files = packed(design, columns, tmp_path)
    assert files.n_rows == design.n_rows == 12
    assert files.weights.sum() == files.n == 2_000
    assert told_of_rows(files) == told_of_rows(design)


def told_of_rows(design: Design) -> dict[tuple[int, ...], float]:
    """Return the weight of each answer."""
    codes = np.stack([design.item_codes(i) for i in range(len(design.items))], axis=1)
    return dict(zip(map(tuple, codes.tolist()), design.weights.tolist(), strict=True))


def test_files_are_read_as_arrays_that_the_kernels_know(tmp_path: Path) -> None:
    """A memory map, or a file that must not be written, would be compiled for anew."""
    columns = customers(5_000)
    files = packed(build_design(list(columns.values()), MEASURES), columns, tmp_path)
    assert type(files.packed) is np.ndarray
    assert files.packed.flags.writeable
    assert files.packed.flags.c_contiguous
    assert files.numeric.flags.c_contiguous


@pytest.mark.parametrize("n", [999, 1_001])
def test_a_table_that_changes_while_it_is_read_is_refused(tmp_path: Path, n: int) -> None:
    columns = customers(1_000)
    design = build_design(list(columns.values()), MEASURES)

    def read() -> Design:
        return packed_as(design, n, columns, tmp_path)

    with pytest.raises(DataError, match="customers when they were counted"):
        read()


def packed_as(like: Design, n: int, columns: Mapping[str, Column], folder: Path) -> Design:
    blocks = Blocks(like, n, folder)
    blocks.add(columns)
    return blocks.design()
