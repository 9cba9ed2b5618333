"""Segmentations that the tests of the report share."""

from __future__ import annotations

from functools import partial

import pytest
from tests.report.judged import STRUCTURES, judged, worst_islands, worst_scale
from tests.report.made import mass_market, typical, worst

from forwhom.documents.segmentation import Segmentation

BUILDERS = {
    "worst_scale": worst_scale,
    "worst_islands": worst_islands,
    "typical": typical,
    "mass_market": mass_market,
    "worst": worst,
    **{name: partial(judged, name) for name in STRUCTURES},
}


@pytest.fixture(scope="session")
def grocery() -> Segmentation:
    return typical()


@pytest.fixture(scope="session", params=list(BUILDERS))
def segmentation(request: pytest.FixtureRequest) -> Segmentation:
    return BUILDERS[request.param]()


@pytest.fixture(scope="session")
def worst_case() -> Segmentation:
    return worst()


@pytest.fixture(scope="session")
def one_segment() -> Segmentation:
    return mass_market()
