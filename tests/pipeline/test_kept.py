"""What is kept in a file is the same in whatever language somebody reads."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest

from forwhom.documents import Segmentation, dump_segmentation
from forwhom.languages.catalog import speaking
from forwhom.pipeline.discovery import discover
from forwhom.pipeline.market import market_type

pytestmark = pytest.mark.usefixtures("swift")


def kept(found: Segmentation) -> dict[str, Any]:
    text = json.loads(dump_segmentation(found))
    return {key: value for key, value in text.items() if key != "created"}


def test_a_segmentation_is_the_same_in_whatever_language_somebody_reads(
    customers: pa.Table,
) -> None:
    english = discover(customers, k=3, n_starts=2, stability=4).segmentation
    with speaking("de"):
        german = discover(customers, k=3, n_starts=2, stability=4).segmentation
        market = market_type(german)
    assert kept(english) == kept(german)
    assert market.evidence == market_type(english).evidence
    assert any("random re-weightings" in one.statement for one in german.evidence)
