"""Fit and place very many customers, of whom some were drawn to find the segments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from forwhom.customers.everybody import Everybody, Unique, check_unique
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
from forwhom.pipeline.sparkfitting import OnWorkers
from forwhom.pipeline.sparkscoring import customers_of_each, members_on_spark
from forwhom.progress import Progress
from forwhom.tables.engine import scratch
from forwhom.tables.spark import SparkFrame, is_spark


@dataclass
class ToAll:
    """Takes a model of the drawn customers on to all of them.

    Numbers as they were measured would have to be settled among all customers, and shares of a
    whole and covariance matrices need a number for each row: there, the drawn ones decide.
    """

    customers: Customers
    everybody: Everybody
    options: FitOptions
    progress: Progress
    #: Of all customers; None where the drawn ones decided.
    log_likelihood: float | None = None

    def __call__(self, chosen: FittedMixture) -> FittedMixture:
        """Return the model of all customers, held by the drawn ones."""
        data = chosen.data
        if data.design.numerics or data.layout.dense is not None:
            return chosen
        n, shape, prior = self.everybody.n, data.layout.shape, self.options.prior
        if is_spark(self.everybody.table.frame):
            self.progress(f"fitting {n:,} customers on Spark", 0.0)
            asked = self.everybody.asked(self.customers)
            found = passed_over(chosen, OnWorkers(asked, data.design, shape, n), prior)
        else:
            with tempfile.TemporaryDirectory(prefix="packed-", dir=scratch()) as folder:
                rows = Expectation(
                    self._packed(data.design, Path(folder)), shape, self.options.n_threads
                )
                found = passed_over(chosen, rows, prior)
        self.log_likelihood = found.log_likelihood
        own = Expectation(data.design, found.data.layout.shape, data.n_threads)
        return replace(
            found,
            data=own,
            log_likelihood=float(own.sums(found.parameters).loglik[0]),
        )

    def _packed(self, like: Design, folder: Path) -> Design:
        n, done = self.everybody.n, 0
        blocks = Blocks(like, n, folder)
        for batch in self.everybody.batches(self.customers):
            blocks.add(batch.columns)
            done += len(batch)
            self.progress(f"packing {n:,} customers", 0.6 * done / n)
        self.progress(f"fitting {n:,} customers", 0.6)
        return blocks.design()


def placed_all(
    segmentation: Segmentation, model: ToAll, progress: Progress
) -> tuple[Segmentation, MembersFile | SparkFrame]:
    """Place all customers, and tell how many are in each segment."""
    everybody, k = model.everybody, len(segmentation.segments)
    progress(f"placing {everybody.n:,} customers", 0.0)
    members: MembersFile | SparkFrame
    if is_spark(everybody.table.frame):
        assert everybody.id is not None
        check_unique(everybody.table, everybody.id, everybody.n)
        members = members_on_spark(segmentation, everybody.asked(model.customers), everybody.id)
        sizes = customers_of_each(members, k)
    else:
        members = _written(segmentation, model, progress)
        sizes = members.segments[1:].tolist()
    told = Told(customers=everybody.n, segments=sizes, log_likelihood=model.log_likelihood)
    fit = segmentation.fit.model_copy(update={"everybody": told})
    return segmentation.model_copy(update={"fit": fit}), members


def _written(segmentation: Segmentation, model: ToAll, progress: Progress) -> MembersFile:
    everybody = model.everybody
    unique = Unique(everybody.table, everybody.id, everybody.n)

    def tables() -> Iterator[pa.Table]:
        done = 0
        for batch in everybody.batches(model.customers):
            unique.add(batch)
            yield placed_members(segmentation.model, batch.columns, batch.ids, everybody.id)
            done += len(batch)
            progress(f"placing {everybody.n:,} customers", done / everybody.n)

    members = written_members(tables(), len(segmentation.segments))
    unique.check()
    return members
