"""Discover: from tables to segments with their evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import cast

import pyarrow as pa

from forwhom.customers.everybody import Everybody, everybody_in
from forwhom.customers.inputs import Inputs, read_inputs
from forwhom.customers.members import (
    MembersFile,
    encoded,
    members_table,
    most_likely,
    write_members,
)
from forwhom.customers.preparation import Customers, prepare
from forwhom.customers.tries import Tries, numbers_to_try
from forwhom.documents import (
    AnySegmentation,
    Segmentation,
    Study,
    clear_leftovers,
    dump_segmentation,
    new_folder,
    segmentation_of,
)
from forwhom.documents import check_folder as check_place
from forwhom.documents.base import Numbers, is_number
from forwhom.documents.rulesfile import read_rules
from forwhom.documents.segmentation import Variable
from forwhom.documents.segmentationfile import FILE_NAME
from forwhom.errors import OptionError, OutputError
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.mixture.fitting import FitOptions
from forwhom.mixture.shape import Covariance
from forwhom.pipeline.describing import describe
from forwhom.pipeline.everybody import ToAll, placed_all
from forwhom.pipeline.few import without_few
from forwhom.pipeline.methods import (
    DESCRIBING,
    PACKING,
    PLACING,
    READING,
    VALUING,
    Found,
    costs,
    find_kmeans,
    find_mixture,
    find_rfm,
    find_rules,
)
from forwhom.pipeline.options import check_options
from forwhom.pipeline.prospects import with_value
from forwhom.progress import Progress, share, silent, steps
from forwhom.report.segmentation import report_html
from forwhom.tables.spark import SparkFrame, fetched_rows
from forwhom.wording import listed

#: What a folder of results holds.
FILES = (FILE_NAME, "members.parquet", "report.html")


@dataclass(frozen=True, repr=False)
class Result:
    """What was discovered: the segments, and who belongs where.

    Parameters
    ----------
    segmentation
        The segments and their evidence; no row of anybody's data.
    placed
        Who belongs where: :attr:`members`; where they are very many, the file that holds them, or a
        frame of Spark.
    """

    segmentation: Segmentation
    placed: pa.Table | MembersFile | SparkFrame

    @property
    def members(self) -> pa.Table:
        """One row per customer: the id, ``segment``, ``p1`` to ``pK``, ``certainty``.

        Where segments are bands of a scale or have one in common, the place on this ``scale`` as
        well. Of very many customers, all are read into memory, or fetched from Spark where that
        is possible.
        """
        if isinstance(self.placed, MembersFile):
            return self.placed.table()
        return self.placed if isinstance(self.placed, pa.Table) else fetched_rows(self.placed)

    @property
    def first(self) -> pa.Table:
        """The first rows of the members, or all of them."""
        return self.placed.first() if isinstance(self.placed, MembersFile) else self.members

    def save(
        self,
        folder: str | Path,
        *,
        overwrite: bool = False,
        keep_ids: bool = False,
        language: str | None = None,
    ) -> Path:
        """Write segmentation.json, members.parquet and report.html: all of them, or nothing.

        Members on Spark stay there: ``result.placed`` is their frame.

        Parameters
        ----------
        folder
            Where; it is created.
        overwrite
            Whether the files of an earlier run may be replaced.
        keep_ids
            Whether e-mail addresses and other ids that tell who somebody is are written as they
            are; else as hashes.
        language
            What forwhom says in the report is said in this language: ``en``, ``de`` or ``ar``;
            left out: English.

        Raises
        ------
        OptionError
            forwhom does not say this in that language.
        OutputError
            The folder cannot be written, or holds something that must not be replaced.
        """
        place = Path(folder)
        check_folder(place, overwrite=overwrite)
        told, members, report = FILES
        contents = {
            told: dump_segmentation(self.segmentation).encode(),
            report: report_html(self.segmentation, language=language).encode(),
        }
        if isinstance(self.placed, pa.Table):
            contents[members] = encoded(self.placed, Path(members), keep_ids=keep_ids)
        with new_folder(place, overwrite=overwrite) as stage:
            for name, content in contents.items():
                (stage / name).write_bytes(content)
            if isinstance(self.placed, MembersFile):
                self.placed.copy(stage / members, keep_ids=keep_ids)
        return place

    def save_members(
        self, path: str | Path, *, overwrite: bool = False, keep_ids: bool = False
    ) -> Path:
        """Write who belongs where as ``.parquet``, ``.csv``, ``.xlsx`` or ``.sav``, for others.

        Excel gets the names of the segments beside their numbers, SPSS as value labels.

        Parameters
        ----------
        path
            The file; its suffix says of which kind.
        overwrite
            Whether a file that is there may be replaced.
        keep_ids
            Whether e-mail addresses and other ids that tell who somebody is are written as they
            are; else as hashes.

        Raises
        ------
        OutputError
            The file cannot be written, or is there and must not be replaced.
        """
        names = {s.id: s.name for s in self.segmentation.segments} | {0: "None of these"}
        return write_members(self.placed, path, overwrite=overwrite, names=names, keep_ids=keep_ids)

    def __repr__(self) -> str:
        return str(self.segmentation)

    def _repr_html_(self) -> str:
        return self.segmentation._repr_html_()


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """Refuse a place for results that cannot be used, before long work is done for it."""
    clear_leftovers(folder)
    if folder.is_dir() and overwrite and any(folder.iterdir()):
        known = folder / FILES[0]
        if not known.exists() or b'"segmentation"' not in known.read_bytes()[:4096]:
            raise OutputError(
                f"{folder} holds files, but no earlier run of forwhom, so nothing is replaced.",
                "Name another folder.",
            )
    check_place(folder, overwrite=overwrite)


@speaking(SOURCE)  # what is kept is English, whoever reads it
def discover(
    data: object = None,
    *,
    study: Study | str | Path | None = None,
    k: int | None = None,
    k_max: int = 8,
    method: str = "mixture",
    criterion: str = "bic",
    covariance: str = "diagonal",
    numbers: str = "tilts",
    n_starts: int | None = None,
    prior: float = 1.0,
    blrt: bool = False,
    stability: int | None = None,
    sample: int | None = None,
    rules: str | Path | None = None,
    like: AnySegmentation | None = None,
    cutoff: date | datetime | None = None,
    layout: str | Path | None = None,
    allow_connections: bool = False,
    spark_folder: str | Path | None = None,
    seed: int = 0,
    threshold: int = 10,
    progress: Progress | None = None,
) -> Result:
    """Find the segments in customer data.

    Parameters
    ----------
    data
        A table (a path, or a pandas, Polars, PyArrow or DuckDB frame), several of them in a list
        or by name, or a study. Without a study, one is drafted from the tables.
    study
        Which tables, which variables, what each means: a Study, or the path of one. Then
        ``data`` are its tables, where they are not the files that it names.
    k
        Number of segments; left out: chosen by ``criterion`` from 1 to ``k_max``.
    k_max
        The largest number of segments that is tried.
    method
        ``"mixture"``, ``"kmeans"`` (needs ``k``), ``"rfm"``, or ``"rules"`` (needs ``rules``).
    criterion
        ``"bic"``, ``"aic"``, ``"aic3"``, ``"caic"``, ``"sabic"`` or ``"icl"``.
    covariance
        How continuous variables move together in a segment: ``"diagonal"`` (not at all),
        ``"full"``, or ``"tied"`` (alike in all segments). With these two, numbers are measured.
    numbers
        How numbers, counts and amounts are modeled of which the study does not say it:
        ``"tilts"``, in bins of which all segments share the overall distribution, so that the shape
        of one variable never makes segments; or ``"measured"``, as their measure suggests: normal,
        Poisson, log-normal.
    n_starts
        Starts for each number of segments.
    prior
        Prior customers, spread over the segments; 0 is plain maximum likelihood.
    blrt
        Test each number of segments against one less by a bootstrapped likelihood ratio.
    stability
        Replicates of the customers in which every number of segments is sought again; 0 is none,
        and left out, 20 for the number that is kept. Only of mixtures.
    sample
        Customers on whom the number of segments is chosen where there are more (those who answered
        alike count once); left out, 20,000, and 0 is all of them. The chosen number is fitted to
        everybody. Of more than two million in one table of DuckDB, a million are drawn and looked
        at, unless it is 0.
    rules
        File with segments as conditions in SQL.
    like
        An earlier segmentation, or where it was saved: segments that hold mostly the same
        customers keep their numbers, and the names that a person gave them.
    cutoff
        Use only events before this moment.
    layout
        The layout of an export: a name, a file of your own, or "none"; left out: recognized.
    allow_connections
        Open databases on servers whose address stands in the study. What ``data`` names is opened
        anyway.
    spark_folder
        A folder that Spark can write: very many customers there are coded once, not in every pass.
    seed
        The same seed gives the same answer.
    threshold
        No published cell has fewer customers.
    progress
        Called with what is being done and the fraction done.

    Returns
    -------
    Result
        The segments, and who belongs where; ``.save(folder)`` writes both, with a report.

    Raises
    ------
    SourceError
        A table is missing or cannot be read.
    DataError
        The tables hold nothing that could form segments, or contradict the study.
    OptionError
        An option has no usable value.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> rng = np.random.default_rng(1)
    >>> often = np.arange(200) < 80
    >>> shop = pa.table({
    ...     "visits": rng.poisson(np.where(often, 12, 2)),
    ...     "online": rng.random(200) < np.where(often, 0.9, 0.2),
    ... })
    >>> len(discover(shop, k_max=3, n_starts=10).segmentation.segments)
    2
    """
    chosen = method if rules is None else "rules"
    check_options(
        k=k, k_max=k_max, method=chosen, criterion=criterion, covariance=covariance,
        numbers=numbers, n_starts=n_starts, prior=prior, stability=stability, sample=sample,
        seed=seed, threshold=threshold,
    )  # fmt: skip
    say = progress or silent
    # Whoever wants nobody drawn gets all of them in memory, as do other methods.
    may_draw = chosen == "mixture" and sample != 0 and cutoff is None
    everybody = everybody_in(data, study, layout) if may_draw else None
    ks = range(1, k_max + 1) if k is None else [k]
    finding = sum(costs(chosen, ks, blrt=blrt, stability=stability))
    packing, placing = (0.0, 0.0) if everybody is None else (PACKING, PLACING)
    reading, fitting, coded, described, valued, placed = steps(
        say, READING, finding, packing, DESCRIBING, VALUING, placing
    )
    inputs = _read(everybody, data, study, layout, allow_connections, share(reading, 0.0, 0.4))
    customers = _prepared(inputs, everybody, cutoff, threshold, share(reading, 0.4, 1.0))
    customers = _modeled(customers, numbers, covariance)
    old = None if like is None else segmentation_of(like)
    options = _options(prior, covariance, seed, n_starts)
    to_all = (
        None if everybody is None else ToAll(customers, everybody, options, coded, spark_folder)
    )
    fitting("finding segments", 0.0)

    def find(tries: Tries, k: int | None) -> Found:
        if chosen != "mixture":
            return _baseline(chosen, customers, k, rules, seed, threshold)
        return find_mixture(
            customers, tries, options, criterion, blrt=blrt, stability=stability, sample=sample,
            like=old, threshold=threshold, carry_on=to_all, progress=fitting,
        )  # fmt: skip

    found = without_few(find, _tries(customers, k, k_max), k, threshold, customers.weights)
    segmentation = describe(customers, found, seed=seed, threshold=threshold, progress=described)
    told = with_value(segmentation, customers, found.responsibilities, inputs.tables, valued)
    result = _result(told, customers, found, to_all, placed)
    say("done", 1.0)
    return result


def _read(
    everybody: Everybody | None,
    data: object,
    study: Study | str | Path | None,
    layout: str | Path | None,
    connections: bool,
    progress: Progress,
) -> Inputs:
    """Read the tables, unless some customers were drawn from them already."""
    progress("reading the tables", 0.0)
    if everybody is not None:
        return everybody.inputs
    return read_inputs(data, study, progress, layout=layout, connections=connections)


def _prepared(
    inputs: Inputs,
    everybody: Everybody | None,
    cutoff: date | datetime | None,
    threshold: int,
    progress: Progress,
) -> Customers:
    customers = prepare(
        inputs.study, inputs.tables, cutoff=cutoff, threshold=threshold, progress=progress
    )
    # What was said while a table was opened is in both.
    notes = dict.fromkeys([*inputs.notes, *customers.notes])
    customers = replace(customers, notes=list(notes))
    return customers if everybody is None else everybody.told(customers)


def _result(
    segmentation: Segmentation,
    customers: Customers,
    found: Found,
    to_all: ToAll | None,
    progress: Progress,
) -> Result:
    if to_all is None:
        return Result(segmentation, _members(customers, found))
    return Result(*placed_all(segmentation, to_all, progress))


def _modeled(customers: Customers, numbers: str, covariance: str) -> Customers:
    """Say how numbers are modeled; a covariance matrix is that of normal variables."""
    if covariance == "diagonal":
        return customers.with_numbers(cast(Numbers, numbers))
    apart = [v.label for v in customers.active if is_number(v.measure) and not _in_block(v)]
    if not apart:
        return customers
    note = (
        f"The covariance matrix ({covariance}) is that of continuous variables; {listed(apart)} "
        f"{'stays' if len(apart) == 1 else 'stay'} outside of it, independent of the others within "
        "a segment."
    )
    return replace(customers, notes=[*customers.notes, note])


def _in_block(variable: Variable) -> bool:
    return variable.family == "gaussian" or (
        variable.family is None and variable.measure == "continuous"
    )


def _options(prior: float, covariance: str, seed: int, n_starts: int | None) -> FitOptions:
    options = FitOptions(prior=prior, covariance=cast(Covariance, covariance), seed=seed)
    return options if n_starts is None else replace(options, n_starts=n_starts)


def _tries(customers: Customers, k: int | None, k_max: int) -> Tries:
    columns = [customers.columns[v.name] for v in customers.active]
    measures = [v.measure for v in customers.active]
    return numbers_to_try(k, k_max, columns, measures, customers.wholes, customers.families)


def _baseline(
    method: str,
    customers: Customers,
    k: int | None,
    rules: str | Path | None,
    seed: int,
    threshold: int,
) -> Found:
    if method == "kmeans":
        return find_kmeans(customers, k, seed, threshold)
    if method == "rfm":
        return find_rfm(customers, threshold)
    if rules is None:
        raise OptionError("the rules are missing.", "Give the file that holds them (--rules).")
    return find_rules(customers, *read_rules(rules), threshold)


def _members(customers: Customers, found: Found) -> pa.Table:
    chances = found.responsibilities
    return members_table(
        customers.ids, customers.id_name, most_likely(chances), chances, found.place
    )
