"""Fairness of a segmentation: customers, decisions and known shares brought together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forwhom.customers.inputs import read_inputs
from forwhom.customers.preparation import Customers, prepare
from forwhom.documents import AnySegmentation, Segmentation, Study, segmentation_of
from forwhom.documents.canvas import AnyCanvas, Canvas, canvas_of
from forwhom.documents.fairness import Fairness, Without
from forwhom.documents.knownshares import read_margins
from forwhom.errors import DataError, OptionError, nearest
from forwhom.evidence.comparison import adjusted_rand
from forwhom.evidence.fairness import Groups, audit, selection
from forwhom.evidence.raking import margins_of, rake, raked_of
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.selection import select
from forwhom.pipeline.blanks import blanks_of
from forwhom.pipeline.scoring import score
from forwhom.progress import Progress, share, silent
from forwhom.statistics.membership import Membership
from forwhom.statistics.rates import association
from forwhom.wording import count

#: Numbers of segments that are tried without the variables that give an attribute away.
MOST_SEGMENTS = 8


@dataclass(frozen=True)
class Audit:
    """What was found, and weights by customer where shares were known.

    Parameters
    ----------
    fairness
        What is known, as sentences and numbers.
    weights
        The id of each customer and a ``weight`` with mean 1, 0 for those without an answer; None
        without known shares.
    """

    fairness: Fairness
    weights: pa.Table | None = None

    def __str__(self) -> str:
        return str(self.fairness)


@speaking(SOURCE)  # what is kept is English, whoever reads it
def audit_fairness(
    segmentation: AnySegmentation,
    data: object,
    *,
    canvas: AnyCanvas | None = None,
    margins: str | Path | None = None,
    refit: bool = False,
    cutoff: date | datetime | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Say whom segments, decisions and the sample favor, by protected attributes.

    Parameters
    ----------
    segmentation
        A Segmentation that was discovered with a study, its file, or the folder of a run.
    data
        The customers: the tables of the study, as for :func:`discover`.
    canvas
        A canvas that was seeded from the segmentation: who is in a segment that it serves?
    margins
        A YAML file with known shares of groups: is the sample like everybody?
    refit
        Also find segments without the variables that give an attribute away.
    cutoff
        Use only events before this moment.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Audit
        ``fairness`` has the findings as numbers and sentences; ``weights`` those that give every
        group its known share.

    Raises
    ------
    DataError
        No protected attribute is there, or known shares cannot be met.
    DocumentError
        Known shares are not sound.
    OptionError
        The segmentation has no study, or no segment of the canvas came from it.

    Examples
    --------
    >>> audit_fairness("segments", "customers.csv", canvas="canvas.yaml")  # doctest: +SKIP
    """
    found, say = segmentation_of(segmentation), progress or silent
    served = None if canvas is None else _served(found, canvas_of(canvas))
    customers, member = _placed(found, data, cutoff, share(say, 0.0, 0.6))
    protected = [v for v in customers.variables if v.use == "protected"]
    if not protected:
        raise DataError(
            "No protected attribute is among the data.",
            "Give a table that has one, such as age or gender, and let its use be 'protected' in "
            "the study.",
        )
    _check_there(found, customers)
    say("setting groups side by side", 0.6)
    known = audit(
        customers.columns, customers.variables, member, noun=found.noun, threshold=found.threshold
    )
    groups = {v.name: Groups.of(v, customers.columns[v.name], found.threshold) for v in protected}
    told = blanks_of(customers, found.model, member, found.noun, found.threshold)
    more: dict[str, object] = {"blanks": told}
    if served is not None:
        chosen, what = np.isin(member.mode + 1, served), f"in a {found.noun} that is served"
        more["selections"] = [
            selection(one, chosen, member.weights, what, found.threshold) for one in groups.values()
        ]
    weights = None
    if margins is not None:
        asked = read_margins(margins, {name: one.names for name, one in groups.items()})
        raked = rake([groups[name] for name in asked], list(asked.values()), member.weights)
        weights = pa.table({customers.id_name or "id": customers.ids, "weight": raked})
        more["raked"] = raked_of(raked, member)
        more["margins"] = [
            margin
            for name, due in asked.items()
            for margin in margins_of(groups[name], due, member.weights, found.threshold)
        ]
    if refit:
        more |= _refits(known, customers, member, groups, share(say, 0.7, 1.0))
    say("done", 1.0)
    return Audit(known.model_copy(update=more), weights)


def _check_there(segmentation: Segmentation, customers: Customers) -> None:
    """Refuse data without an attribute that was protected: nobody would look at it."""
    for variable in segmentation.variables:
        if variable.use == "protected" and variable.name not in customers.columns:
            raise DataError(
                f"The protected attribute {variable.name!r} is not in the data, or the same for "
                "everybody.",
                nearest(variable.name, customers.columns)
                or "Give the same tables as for 'forwhom discover'.",
            )


def _placed(
    segmentation: Segmentation, data: object, cutoff: date | datetime | None, progress: Progress
) -> tuple[Customers, Membership]:
    """Return the customers of a study, and where each belongs."""
    if segmentation.study is None:
        raise OptionError(
            "The segmentation has no study, so that nobody knows what is protected.",
            "Discover it again with this version of forwhom.",
        )
    study = Study.model_validate(segmentation.study)
    inputs = read_inputs(data, study, share(progress, 0.0, 0.3))
    customers = prepare(
        inputs.study, inputs.tables, cutoff=cutoff, threshold=segmentation.threshold,
        progress=share(progress, 0.3, 0.6),
    )  # fmt: skip
    table = score(segmentation, data, cutoff=cutoff, progress=share(progress, 0.6, 1.0)).table
    at = pc.index_in(customers.ids, table.column(0).combine_chunks())
    if at.null_count:
        raise DataError(
            f"{count(at.null_count, 'customer')} could not be placed into segments.",
            "Give the same tables as for 'forwhom discover'.",
        )
    order = at.to_numpy(zero_copy_only=False)
    k = len(segmentation.segments)
    chances = np.stack([table[f"p{i + 1}"].to_numpy()[order] for i in range(k)], axis=1)
    # Who is like none of the segments is in none.
    chances[table["segment"].to_numpy()[order] == 0] = 0.0
    return customers, Membership.of(chances, customers.weights)


def _served(segmentation: Segmentation, canvas: Canvas) -> list[int]:
    """Return the segments that a canvas serves, by their numbers."""
    here = {segment.id for segment in segmentation.segments}
    decided = [s for s in canvas.segments if s.discovered in here and s.status != "candidate"]
    if not decided:
        raise OptionError(
            "No segment of the canvas that came from this segmentation is decided.",
            "Seed the canvas from it ('forwhom canvas seed'), and decide whom to serve.",
        )
    return [s.discovered for s in decided if s.discovered and s.status == "serve"]


def _refits(
    known: Fairness,
    customers: Customers,
    member: Membership,
    groups: Mapping[str, Groups],
    progress: Progress,
) -> dict[str, object]:
    found = []
    for name, one in groups.items():
        proxies = [p.other for p in known.proxies if p.attribute == name and p.verdict == "apart"]
        before = next((a.value for a in known.associations if a.attribute == name), 0.0)
        if proxies:
            progress(f"finding segments without what gives {one.variable.label} away", 0.0)
            found.append(_without(one, proxies, before, customers, member))
    if found:
        return {"without": found}
    note = "No variable surely gives a protected attribute away: nothing was refitted."
    return {"notes": [*known.notes, note]}


def _without(
    groups: Groups, proxies: list[str], before: float, customers: Customers, member: Membership
) -> Without:
    labels = [v.label for v in customers.active if v.name in proxies]
    told = Without(
        attribute=groups.variable.name, label=groups.variable.label, left_out=labels,
        k=None, agreement=None, before=before, after=None,
    )  # fmt: skip
    kept = [
        v.model_copy(update={"use": "descriptor"}) if v.name in proxies else v
        for v in customers.variables
    ]
    left = replace(customers, variables=kept).with_numbers("tilts")
    if not left.active or any(p in {n for w in customers.wholes for n in w.parts} for p in proxies):
        return told
    best = select(left.design(), range(1, MOST_SEGMENTS + 1), FitOptions(), degrees=(1, 2)).best
    other = Membership.of(best.responsibilities(), customers.weights)
    cross = np.zeros((member.k + 1, other.k), dtype=np.int64)
    np.add.at(cross, (member.mode, other.mode), 1)
    after = association(groups.counted(other.mode, other.k, other.weights))[0]
    return told.model_copy(
        update={
            "k": other.k,
            "agreement": round(adjusted_rand(cross), 2),
            "after": 0.0 if np.isnan(after) else round(after, 2),
        }
    )
