"""Fit and place very many customers, of whom some were drawn to find the segments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from forwhom.customers.everybody import Asked, Everybody, Unique, check_unique
from forwhom.customers.members import MembersFile, placed_members, written_members
from forwhom.customers.preparation import Customers
from forwhom.documents.fitting import Everybody as Told
from forwhom.documents.segmentation import Segmentation
from forwhom.mixture.blocks import Blocks
from forwhom.mixture.choosing import passed_over
from forwhom.mixture.design import Design
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.fitting import FitOptions
from forwhom.pipeline.sparkfitting import OnWorkers, coded_once
from forwhom.pipeline.sparkscoring import customers_of_each, members_on_spark
from forwhom.progress import Progress
from forwhom.tables.engine import scratch
from forwhom.tables.spark import SparkFrame, is_spark


@dataclass
class ToAll:
    """Takes a model of the drawn customers on to all of them.

    Numbers as they were measured would have to be settled among all customers, weights be scaled
    among them, and shares of a whole and covariance matrices need a number for each row: there,
    the drawn ones decide.
    """

    customers: Customers
    everybody: Everybody
    options: FitOptions
    progress: Progress
    spark_folder: str | Path | None = None
    #: Of all customers; None where the drawn ones decided.
    log_likelihood: float | None = None

    @cached_property
    def asked(self) -> Asked:
        """All customers, as the drawn ones were read."""
        return self.everybody.asked(self.customers)

    @property
    def is_on_spark(self) -> bool:
        """Whether workers do the passes."""
        return is_spark(self.everybody.table.frame)

    def __call__(self, chosen: FittedMixture) -> FittedMixture:
        """Return the model of all customers, held by the drawn ones."""
        data = chosen.data
        is_weighted = self.customers.weights is not None
        if is_weighted or data.design.numerics or data.layout.dense is not None:
            return chosen
        shape, prior = data.layout.shape, self.options.prior
        if self.is_on_spark:
            self.progress(f"fitting {self.asked.n:,} customers on Spark", 0.0)
            with coded_once(self.asked, data.design, str(self.spark_folder or "")) as blocks:
                workers = OnWorkers(self.asked, data.design, shape, blocks)
                found = passed_over(chosen, workers, prior)
        else:
            with tempfile.TemporaryDirectory(prefix="packed-", dir=scratch()) as folder:
                packed = self._packed(data.design, Path(folder))
                found = passed_over(chosen, Expectation(packed, shape, data.n_threads), prior)
        self.log_likelihood = found.log_likelihood
        own = Expectation(data.design, found.data.layout.shape, data.n_threads)
        here = float(own.sums(found.parameters).loglik[0])
        return replace(found, data=own, log_likelihood=here)

    def _packed(self, like: Design, folder: Path) -> Design:
        n, done = self.asked.n, 0
        blocks = Blocks(like, n, folder)
        for batch in self.asked.batches():
            blocks.add(batch.columns)
            done += len(batch)
            self.progress(f"packing {n:,} customers", 0.6 * done / n)
        self.progress(f"fitting {n:,} customers", 0.6)
        return blocks.design()


def placed_all(
    segmentation: Segmentation, model: ToAll, progress: Progress
) -> tuple[Segmentation, MembersFile | SparkFrame]:
    """Place all customers, and tell how many are in each segment."""
    asked, k = model.asked, len(segmentation.segments)
    progress(f"placing {asked.n:,} customers", 0.0)
    members: MembersFile | SparkFrame
    if model.is_on_spark:
        assert asked.id is not None
        check_unique(asked.table, asked.id, asked.n)
        members = members_on_spark(segmentation, asked, asked.id)
        sizes = customers_of_each(members, k)
    else:
        members = _written(segmentation, asked, progress)
        sizes = members.segments[1:].tolist()
    told = Told(customers=asked.n, segments=sizes, log_likelihood=model.log_likelihood)
    fit = segmentation.fit.model_copy(update={"everybody": told})
    return segmentation.model_copy(update={"fit": fit}), members


def _written(segmentation: Segmentation, asked: Asked, progress: Progress) -> MembersFile:
    unique = Unique(asked.table, asked.id, asked.n)

    def tables() -> Iterator[pa.Table]:
        done = 0
        for batch in asked.batches():
            unique.add(batch)
            yield placed_members(segmentation.model, batch.columns, batch.ids, asked.id)
            done += len(batch)
            progress(f"placing {asked.n:,} customers", done / asked.n)

    members = written_members(tables(), len(segmentation.segments))
    unique.check()
    return members
