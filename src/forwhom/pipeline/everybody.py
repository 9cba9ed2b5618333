"""Fit and place very many customers, of whom some were drawn to find the segments."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from forwhom.customers.everybody import Everybody, Unique
from forwhom.customers.members import MembersFile, members_table, written_members
from forwhom.customers.preparation import Customers
from forwhom.documents.fitting import Everybody as Told
from forwhom.documents.segmentation import Segmentation
from forwhom.mixture.blocks import Blocks
from forwhom.mixture.choosing import carried_on
from forwhom.mixture.design import Design
from forwhom.mixture.expectation import Expectation
from forwhom.mixture.fitted import FittedMixture
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.scoring import score
from forwhom.progress import Progress
from forwhom.tables.engine import scratch


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
        with tempfile.TemporaryDirectory(prefix="packed-", dir=scratch()) as folder:
            found = carried_on(chosen, self._packed(data.design, Path(folder)), self.options)
        self.log_likelihood = found.log_likelihood
        own = Expectation(data.design, found.data.layout.shape, data.n_threads)
        return replace(
            found,
            data=own,
            log_likelihood=float(own.sums(found.parameters).loglik[0]),
            best_start_share=chosen.best_start_share,
            n_starts=chosen.n_starts,
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
) -> tuple[Segmentation, MembersFile]:
    """Place all customers, and tell how many are in each segment."""
    everybody = model.everybody
    progress(f"placing {everybody.n:,} customers", 0.0)
    unique = Unique(everybody.table, everybody.id, everybody.n)

    def tables() -> Iterator[pa.Table]:
        done = 0
        for batch in everybody.batches(model.customers):
            unique.add(batch)
            found = score(segmentation.model, batch.columns)
            chances = found.probabilities
            segment = np.where(chances.max(axis=1) > 0, chances.argmax(axis=1) + 1, 0)
            yield members_table(
                batch.ids, everybody.id, segment.astype(np.int32), chances, found.place
            )
            done += len(batch)
            progress(f"placing {everybody.n:,} customers", done / everybody.n)

    k = len(segmentation.segments)
    members = written_members(tables(), k)
    unique.check()
    told = Told(
        customers=len(members),
        segments=members.segments[1:].tolist(),
        log_likelihood=model.log_likelihood,
    )
    fit = segmentation.fit.model_copy(update={"everybody": told})
    return segmentation.model_copy(update={"fit": fit}), members
