"""Very many customers: some are drawn and looked at, all are fitted and placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
from narwhals.stable.v2.dependencies import is_duckdb_relation

from forwhom.customers.inputs import Inputs, matched, read_inputs, study_in
from forwhom.customers.opening import Part, Tables, named_tables, open_parts
from forwhom.customers.preparation import Customers
from forwhom.documents import read_study
from forwhom.documents.base import Measure
from forwhom.documents.study import Study
from forwhom.errors import DataError, ForwhomError
from forwhom.suffixes import ends_with
from forwhom.tables import Table, collect, fingerprint, held, open_table, row_count
from forwhom.tables.batches import Batch, batches_of, repeats
from forwhom.tables.drawing import drawn, is_in_duckdb
from forwhom.tables.frames import fetched
from forwhom.tables.spark import MOST_VALUES as FETCHED
from forwhom.tables.spark import is_spark, is_spark_frame

#: Of more customers than this, so many are drawn.
MANY, DRAWN = 2_000_000, 1_000_000
#: Rows that tell which column is the id.
_HEAD = 20_000
#: As many rows are drawn as chance says; of what may be fetched, a part is left for that.
_MARGIN = 0.9
#: Hashes that came twice of which the ids are compared.
_ASKED = 1_000


@dataclass(frozen=True)
class Asked:
    """What is read of all customers."""

    table: Table  # as the study reads it
    id: str | None
    n: int  # rows, without those that the study leaves out
    measures: dict[str, Measure]
    levels: dict[str, tuple[str, ...]]

    def batches(self) -> Iterator[Batch]:
        """Yield the customers, some at a time, where DuckDB reads them."""
        return batches_of(self.table, self.measures, id_column=self.id, levels=self.levels)


@dataclass(frozen=True)
class Everybody:
    """All customers of one table with a row for each, which is read some rows at a time."""

    table: Table
    reference: str  # what the study calls the table
    id: str | None
    rows: int
    #: The study, and the rows of the customers that were drawn.
    inputs: Inputs

    def told(self, customers: Customers) -> Customers:
        """Describe the whole table as what was read, where the drawn rows are described."""
        whole = {"rows": self.rows, "fingerprint": fingerprint(self.table)}
        return replace(
            customers, sources=[one.model_copy(update=whole) for one in customers.sources]
        )

    def asked(self, customers: Customers) -> Asked:
        """Return what is read of all customers: the variables that form segments."""
        assert customers.study is not None
        # Reading it again is what it is for, also where another program computes it.
        table = replace(self.table, stored=True)
        tables = Tables(given={self.reference: table})
        [part] = open_parts(customers.study, tables, inferred=False)
        wanted = dict(customers.active_measures)
        wanted |= {whole.items: "count" for whole in customers.wholes}
        levels = {n: customers.columns[n].levels for n in wanted}
        known = {name: own for name, own in levels.items() if own is not None}
        return Asked(part.table, self.id, row_count(part.table), wanted, known)


def everybody_in(
    data: object, study: Study | str | Path | None, layout: str | Path | None = None
) -> Everybody | None:
    """Return the customers in what a caller gave, where they are very many in one table.

    ``None`` where they are not; where the table is no table of customers; and where rows are
    neither in DuckDB nor on Spark, or belong to events or to several tables, which are read whole.
    """
    given = _only_table(data, study)
    if given is None or not _is_large(given[1]):
        return None
    reference, source, known = given
    table = open_table(source, name=PurePath(reference).name or reference)
    n = row_count(table)
    most = _most(table)
    if n <= max(MANY, most) or most == 0:
        return None
    about = _customers_in(_first(table, min(_HEAD, most)), reference, known, layout)
    if about is None:
        return None
    own = about.study.customers
    assert own is not None
    if own.id is None and is_spark(table.frame):
        return None  # its rows have no number, and are too many to be fetched
    some = _customers_in(drawn(table, own.id, most / n), reference, known, layout)
    is_same = some is not None and some.study.customers == own
    return Everybody(table, reference, own.id, n, some) if some is not None and is_same else None


def _most(table: Table) -> int:
    """Return how many customers are drawn from a table; 0 where nobody can be."""
    if is_spark(table.frame):
        return min(DRAWN, int(_MARGIN * FETCHED) // max(1, len(table.columns)))
    return DRAWN if is_in_duckdb(table) else 0


def _first(table: Table, rows: int) -> Table:
    """Return the first rows of a table, held here."""
    head = replace(table, frame=table.frame.head(rows), stored=False)
    return fetched(head, whole=False) if is_spark(table.frame) else held(head)


def _only_table(
    data: object, study: Study | str | Path | None
) -> tuple[str, object, Study | None] | None:
    """Return the name of the only table, what it is, and the study, if there is one."""
    if study is None:
        data, study = study_in(data)
    if study is None:
        named = named_tables(data)
        return (*next(iter(named.items())), None) if len(named) == 1 else None
    known = read_study(study) if isinstance(study, str | Path) else study
    if known.customers is None or known.tables or known.events:
        return None
    tables = matched(named_tables(data), known) if data is not None else {}
    reference = known.customers.table
    return reference, Tables(known.folder, tables).source(reference), known


def _is_large(source: object) -> bool:
    """Whether a table may hold very many customers, and can be read again and again."""
    if isinstance(source, pa.Table):
        return bool(source.num_rows > MANY)
    if not isinstance(source, str | Path):
        if isinstance(source, Table):
            return source.stored
        return is_duckdb_relation(source) or is_spark_frame(source)
    text = str(source)
    if text.startswith("duckdb://"):
        return True
    path = Path(text)
    return path.is_dir() or "*" in text or ends_with(text, ("parquet",))


def _customers_in(
    table: Table, reference: str, study: Study | None, layout: str | Path | None
) -> Inputs | None:
    """Return the study of customers who have a row each in one table; None for anything else."""
    try:
        found = read_inputs({reference: table}, study, layout=layout)
    except ForwhomError:
        return None  # it is said when the whole table is read
    asked = found.study
    return None if asked.customers is None or asked.events or asked.tables else found


def many_in(parts: Sequence[Part]) -> int | None:
    """Return how many customers one table of DuckDB has, where they are very many."""
    if len(parts) > 1 or parts[0].role == "events" or not is_in_duckdb(parts[0].table):
        return None
    n = row_count(parts[0].table)
    return n if n > MANY else None


class Unique:
    """Checks that no id comes twice, by the hashes of all of them."""

    def __init__(self, table: Table, key: str | None, n: int) -> None:
        self._table, self._key, self._n = table, key, 0
        self._hashes = np.empty(n, np.uint64)

    def add(self, batch: Batch) -> None:
        """Take the ids of the next customers."""
        self._hashes[self._n : self._n + len(batch.hashes)] = batch.hashes
        self._n += len(batch.hashes)

    def check(self) -> None:
        """Refuse ids that come twice."""
        if self._key is None:
            return
        hashes = self._hashes[: self._n]
        hashes.sort()
        twice = hashes[1:][hashes[1:] == hashes[:-1]]
        # Of a hundred million different ids two may have one hash by chance.
        if len(twice) and repeats(self._table, self._key, twice[:_ASKED]):
            raise _not_unique(self._table, self._key, len(twice), len(hashes))


def check_unique(table: Table, key: str, n: int) -> None:
    """Refuse ids that come twice in a table, or are missing, where that is counted elsewhere."""
    counted = table.frame.select(nw.col(key).n_unique().alias("different"),
                                 nw.col(key).null_count().alias("missing"))  # fmt: skip
    row = collect(replace(table, frame=counted)).to_pylist()[0]
    if row["missing"]:
        raise DataError(
            f"{table.name}: {row['missing']:,} of {n:,} rows have no {key!r}.",
            "Every customer needs an id; fill them in, or remove these rows.",
        )
    if row["different"] < n:
        raise _not_unique(table, key, n - row["different"], n)


def _not_unique(table: Table, key: str, repeated: int, n: int) -> DataError:
    return DataError(
        f"{table.name}: the ids in {key!r} are not unique; {repeated:,} of {n:,} rows repeat the "
        "id of another row.",
        "Keep one row per customer, or list the table under 'events' in the study when it holds "
        "many rows per customer (purchases, visits, tickets).",
    )
