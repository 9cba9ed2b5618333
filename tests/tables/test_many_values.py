"""What is asked of the engine about a column of many values is what is counted of one of few."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.tables import open_table
from forwhom.tables.tallies import _asked


def test_statistics_of_many_values() -> None:
    x = np.array([-2.5, -1.0, 0.0, 0.0, 0.0, 4.0, 6.5, 9.0, np.nan, np.inf])
    found = _asked(open_table(pa.table({"x": pa.array(x)})), "x", 8)
    seen = x[np.isfinite(x)]
    assert (found.minimum, found.maximum, found.zeros) == (-2.5, 9.0, 3 / 8)
    assert (found.negatives, found.whole) == (2, False)
    assert found.mean == pytest.approx(seen.mean())
    assert found.sd == pytest.approx(seen.std(ddof=1))
    assert found.quantiles == pytest.approx({q: np.quantile(seen, q) for q in found.quantiles})
    whole = _asked(open_table(pa.table({"x": [0, 1, 5]})), "x", 3)
    assert (whole.whole, whole.negatives, whole.zeros) == (True, 0, 1 / 3)
