"""A column that has values only where nobody counts is refused in words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from forwhom.errors import DataError
from forwhom.mixture.families.gaussian import standard, standardized


def test_values_of_customers_without_weight_are_no_values() -> None:
    values = np.array([1.0, np.nan, 3.0, np.nan])
    for weights in (np.array([0.0, 1.0, 0.0, 2.0]), np.array([0.0, 0.0, 0.0, 0.0])):
        with pytest.raises(DataError, match="'spend' has no value at all"):
            standard("spend", values, weights)
    with pytest.raises(DataError, match="no value at all"):
        standard("spend", np.full(4, np.nan), np.ones(4))


def test_a_column_is_measured_in_its_own_weighted_deviations() -> None:
    values, weights = np.array([0.0, 4.0, np.nan]), np.array([3.0, 1.0, 5.0])
    part = standard("x", values, weights)
    scaled, jacobian = standardized(part, values, weights)
    assert (part.center, part.scale, part.has_missing) == (1.0, pytest.approx(math.sqrt(3)), True)
    assert scaled[:2] == pytest.approx([-1 / math.sqrt(3), 3 / math.sqrt(3)])
    assert jacobian == pytest.approx(-4 * math.log(math.sqrt(3)))
    same = np.array([1e6, 1e6])
    constant = standard("x", same, np.ones(2))
    scaled, _ = standardized(constant, same, np.ones(2))
    assert (constant.scale, scaled.tolist()) == (1.0, [0.0, 0.0])
