"""What importing a room costs and offers."""

from __future__ import annotations

import subprocess
import sys

import pytest

import forwhom.tables


def test_every_public_name_is_there() -> None:
    for name in forwhom.tables.__all__:
        assert getattr(forwhom.tables, name).__doc__
    assert set(forwhom.tables.__all__) <= set(dir(forwhom.tables))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = forwhom.tables.nothing


def test_columns_come_without_the_engine() -> None:
    code = (
        "import sys; from forwhom.tables.columns import Column; "
        "print([m for m in ('duckdb', 'narwhals', 'pyarrow', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_reading_a_table_loads_neither_polars_nor_the_engine() -> None:
    code = (
        "import sys; from forwhom.tables import open_table, profile_table; import pyarrow as pa; "
        "profile_table(open_table(pa.table({'a': [1, 2]}))); "
        "print([m for m in ('polars', 'sklearn', 'numba') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["discovery", "scoring", "valuing", "refreshing", "experiments"])
def test_a_command_waits_for_no_library_that_it_does_not_use(module: str) -> None:
    code = (
        f"import sys, forwhom.pipeline.{module}; "
        "print([m for m in ('sklearn', 'scipy.stats', 'pandas', 'polars') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_a_worker_of_spark_knows_where_kernels_are_kept_before_it_loads_them() -> None:
    """Where neither our own folder nor the user's home can be written, numba refuses to load."""
    code = (
        "import os, sys; os.environ.pop('NUMBA_CACHE_DIR', None); os.access = lambda *_: False; "
        "from forwhom.pipeline import sparkworkers as w; "
        "print('numba' in sys.modules, 'NUMBA_CACHE_DIR' in os.environ, "
        "{f.__module__ == w.__name__ for f in (w.coded, w.packed, w.kept, w.summed)})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )  # fmt: skip
    assert done.stdout.split() == ["False", "True", "{True}"]
