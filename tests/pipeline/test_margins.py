"""What one variable does by itself is said as such, and is no group of customers."""

import numpy as np
import pandas as pd
import pytest

from forwhom import Segmentation, discover


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Four variables that have nothing to do with each other; one has two clumps."""
    rng = np.random.default_rng(3)
    n = 400
    return pd.DataFrame(
        {
            "wait": (rng.normal(60, 5, n) + 25 * (rng.random(n) < 0.5)).round(2),
            "score": rng.normal(50, 10, n).round(2),
            "visits": rng.poisson(9, n),
            "channel": rng.choice(["web", "store", "app"], n),
        }
    )


def found(customers: pd.DataFrame, **options: object) -> Segmentation:
    return discover(customers, k_max=3, n_starts=10, **options).segmentation  # type: ignore[arg-type]


def test_numbers_as_measured_cut_one_variable_and_the_answer_says_which(
    customers: pd.DataFrame,
) -> None:
    segmentation = found(customers, numbers="measured")
    assert segmentation.structure is not None
    assert len(segmentation.segments) == 2
    assert segmentation.structure.cut == "wait"
    assert segmentation.structure.clumps == ["wait"]
    assert segmentation.answer.headline == "Two segments of 400 customers, cut along one variable"
    assert segmentation.answer.sentences[0].startswith("Only the values of “Wait” are being cut")


def test_one_kind_of_customer_is_told_of_clumps_too(customers: pd.DataFrame) -> None:
    segmentation = found(customers)
    assert segmentation.structure is not None
    assert (segmentation.structure.verdict, segmentation.structure.cut) == ("one", None)
    assert "“Wait” falls into two clumps by itself" in segmentation.answer.sentences[1]
