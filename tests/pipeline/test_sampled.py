"""Discover on more customers than choose the number of segments."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forwhom.documents import dump_segmentation
from forwhom.documents.answer import best_by_criterion
from forwhom.documents.fitting import ChoiceSample
from forwhom.documents.segmentationfile import parse_segmentation
from forwhom.errors import ForwhomError, OptionError
from forwhom.mixture import bootstrap
from forwhom.pipeline.discovery import Result, discover
from forwhom.report.segmentation.background import _settings
from forwhom.report.segmentation.selection import selection

pytestmark = pytest.mark.usefixtures("swift")


@pytest.fixture(scope="module")
def shop() -> pa.Table:
    """Two thousand customers in two groups, told by four numbers that nobody shares."""
    rng = np.random.default_rng(5)
    often = rng.random(2_000) < 0.4
    values = rng.normal(np.where(often, 4.0, 0.0)[:, None], 1.0, (2_000, 4))
    return pa.table({f"measure {j}": values[:, j] for j in range(4)})


@pytest.fixture(scope="module")
def found(shop: pa.Table) -> Result:
    return discover(shop, k_max=3, n_starts=4, stability=0, sample=1_000)


def test_the_number_is_chosen_on_a_sample_and_everybody_is_a_member(found: Result) -> None:
    segmentation = found.segmentation
    # A few of them are in the same bins as another one.
    assert segmentation.fit.sample is not None
    n = segmentation.fit.sample.customers
    assert 1_000 < n < 1_100
    assert [s.n for s in segmentation.segments] == pytest.approx([1200, 800], abs=50)
    assert found.members.num_rows == segmentation.n == 2_000
    # The criteria are those of the sample, the fit that of everybody.
    chosen = segmentation.selection[1]
    assert segmentation.fit.log_likelihood is not None
    assert segmentation.fit.log_likelihood / 2_000 == pytest.approx(
        chosen.log_likelihood / n, rel=0.01
    )
    number = next(e for e in segmentation.evidence if e.id == "segments.number")
    assert number.n == n


def test_the_segments_are_those_of_a_search_among_everybody(found: Result, shop: pa.Table) -> None:
    whole = discover(shop, k_max=3, n_starts=4, stability=0, sample=0)
    assert whole.segmentation.fit.sample is None
    assert whole.segmentation.fit.log_likelihood == pytest.approx(
        found.segmentation.fit.log_likelihood, abs=0.2
    )
    ours, theirs = (r.members["segment"].to_numpy() for r in (found, whole))
    assert (ours == theirs).mean() > 0.999


def test_the_report_says_on_whom_the_numbers_were_tried(found: Result) -> None:
    told = selection(found.segmentation)
    assert told is not None
    (sentence,) = [s for s in told.sentences if "tried on" in s]
    assert found.segmentation.fit.sample is not None
    told_of = f"{found.segmentation.fit.sample.customers:,} customers"
    assert told_of in sentence
    assert "all 2,000" in sentence
    assert ("Chosen on", told_of) in _settings(found.segmentation)


def test_what_all_customers_decided_is_the_best_number(found: Result) -> None:
    one, two, three = found.segmentation.selection[:3]
    closer = [two.model_copy(update={"bic": 9.0}), three.model_copy(update={"bic": 5.0})]
    sample = ChoiceSample(customers=1_000, all_customers=closer)
    fit = found.segmentation.fit.model_copy(update={"sample": sample})
    told = found.segmentation.model_copy(update={"fit": fit})
    assert best_by_criterion(found.segmentation) == 2
    assert best_by_criterion(told) == 3
    shown = selection(told)
    assert shown is not None
    assert "2 and 3 did about as well on them" in " ".join(shown.sentences)
    assert one.k == 1


def test_a_file_cannot_name_more_customers_than_there_are(found: Result) -> None:
    text = dump_segmentation(found.segmentation)
    sample = found.segmentation.fit.sample
    assert parse_segmentation(text).fit.sample == sample
    assert sample is not None
    more = text.replace(f'"customers": {sample.customers}', '"customers": 5000')
    with pytest.raises(ForwhomError, match="5000 customers of 2000"):
        parse_segmentation(more)


@pytest.mark.parametrize("sample", [-1, 10, 999])
def test_a_sample_too_small_to_choose_is_refused(shop: pa.Table, sample: int) -> None:
    with pytest.raises(OptionError, match=rf"sample is {sample}\."):
        discover(shop, sample=sample)


def test_replicates_and_tests_are_of_the_sample(
    shop: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "REPLICATES", 9)
    found = discover(
        shop.slice(0, 1_500), k_max=2, n_starts=4, stability=4, sample=1_000, blrt=True
    )
    assert found.segmentation.fit.sample is not None
    assert found.segmentation.selection[1].blrt_p == pytest.approx(0.1)
    assert found.segmentation.stability is not None
