"""Who belongs where, as a table: one row per customer, for members and for newly placed ones."""

import csv
import io
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from forwhom.customers.pseudonyms import without_persons
from forwhom.customers.spreadsheet import workbook_bytes
from forwhom.customers.spss import spss_bytes
from forwhom.documents import write_bytes_atomically
from forwhom.documents.cells import as_it_was, harmless
from forwhom.documents.files import written_aside
from forwhom.documents.models import Model
from forwhom.errors import DataError, SourceError, SourceMissing
from forwhom.mixture.scoring import score
from forwhom.suffixes import MEMBERS, ends_with, suffix_of
from forwhom.tables.columns import Column
from forwhom.tables.engine import scratch

#: What the id is called where customers have none.
ROW = "row"
#: Rows that tell what ids are, and rows that are copied at a time.
_FIRST, _AT_A_TIME = 1_000, 1 << 17


def members_table(
    ids: pa.Array,
    id_name: str | None,
    segment: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    place: NDArray[np.float64] | None = None,
) -> pa.Table:
    """Put ids, segments, probabilities and the place on a scale, if there is one, side by side.

    Segments are 1 to K, and 0 for none of these; probabilities have shape (n, K).
    """
    chosen = np.maximum(np.asarray(segment, dtype=np.int64), 1) - 1
    certainty = np.where(segment > 0, probabilities[np.arange(len(segment)), chosen], 0.0)
    columns: dict[str, object] = {
        free_name(id_name, probabilities.shape[1]): ids,
        "segment": pa.array(segment, type=pa.int32()),
    }
    for k in range(probabilities.shape[1]):
        columns[f"p{k + 1}"] = pa.array(probabilities[:, k])
    columns["certainty"] = pa.array(certainty)
    if place is not None:
        columns["scale"] = pa.array(place, from_pandas=True)
    return pa.table(columns)


def placed_members(
    model: Model, columns: Mapping[str, Column], ids: pa.Array, id_name: str | None
) -> pa.Table:
    """Place customers in segments that were found among them: nobody is unlike all of these."""
    found = score(model, columns)
    chances = found.probabilities
    return members_table(ids, id_name, most_likely(chances), chances, found.place)


def most_likely(chances: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the segment of each customer, from 1; 0 where no segment gives any chance."""
    return np.where(chances.max(axis=1) > 0, chances.argmax(axis=1) + 1, 0).astype(np.int32)


def free_name(id_name: str | None, k: int) -> str:
    """Return what the id column is called in results: no other column has that name."""
    name = id_name or ROW
    taken = {"segment", "certainty", "fit", "scale", *(f"p{i + 1}" for i in range(k))}
    return f"{name}_id" if name in taken else name


@dataclass(frozen=True)
class MembersFile:
    """Who belongs where, of more customers than are to be held in memory."""

    path: Path
    segments: NDArray[np.int64]  # customers of each segment, the first of none; shape (K + 1,)

    def __len__(self) -> int:
        return int(self.segments.sum())

    def table(self) -> pa.Table:
        """Read all of it into memory."""
        return pyarrow.parquet.read_table(self.path)

    def first(self) -> pa.Table:
        """Return the first rows, which tell what the ids are."""
        with pyarrow.parquet.ParquetFile(self.path) as file:
            return pa.Table.from_batches([next(file.iter_batches(_FIRST))])

    def copy(self, path: Path, *, keep_ids: bool = False) -> None:
        """Write it elsewhere, some rows at a time; ids as :func:`encoded` writes them."""
        first = self.first()
        if keep_ids or without_persons(first).equals(first):
            shutil.copyfile(self.path, path)
            return
        with pyarrow.parquet.ParquetFile(self.path) as file:
            schema = without_persons(first).schema
            with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
                for batch in file.iter_batches(_AT_A_TIME):
                    writer.write_table(without_persons(pa.Table.from_batches([batch]), first))


def written_members(tables: Iterable[pa.Table], k: int) -> MembersFile:
    """Write members, some rows at a time, to a file that goes when nobody needs it any more."""
    folder = tempfile.mkdtemp(prefix="members-", dir=scratch())
    path, counts = Path(folder) / "members.parquet", np.zeros(k + 1, dtype=np.int64)
    several = iter(tables)
    first = next(several)
    with pyarrow.parquet.ParquetWriter(path, first.schema, compression="zstd") as writer:
        for table in chain([first], several):
            writer.write_table(table)
            counts += np.bincount(table["segment"].to_numpy(), minlength=k + 1)
    made = MembersFile(path, counts)
    weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
    return made


def encoded(
    table: pa.Table,
    path: Path,
    names: Mapping[int, str] = MappingProxyType({}),
    *,
    keep_ids: bool = False,
) -> bytes:
    """Return a table as the bytes of a file of the kind that the path names.

    ``names`` are those of the segments, which a file of SPSS holds as value labels. Ids that tell
    who somebody is are hashed, unless they are to be kept.
    """
    table = table if keep_ids else without_persons(table)
    buffer = io.BytesIO()
    form = suffix_of(path, MEMBERS)
    if form == "sav":
        return spss_bytes(table, names)
    if form == "xlsx":
        return workbook_bytes(table, names)
    if form == "parquet":
        pyarrow.parquet.write_table(table, buffer, compression="zstd")
    else:
        pyarrow.csv.write_csv(_harmless(table), buffer)
    return buffer.getvalue()


def _harmless(table: pa.Table) -> pa.Table:
    """Return a table of which no spreadsheet takes a cell for a formula."""
    for index, one in enumerate(table.schema):
        if pa.types.is_string(one.type) or pa.types.is_large_string(one.type):
            texts = table.column(index).to_pylist()
            marked = pa.array([text and harmless(text) for text in texts], one.type)
            table = table.set_column(index, one, marked)
    return table.rename_columns([harmless(name) for name in table.column_names])


def write_members(
    table: pa.Table | MembersFile,
    path: str | Path,
    *,
    overwrite: bool = False,
    names: Mapping[int, str] = MappingProxyType({}),
    keep_ids: bool = False,
) -> Path:
    """Write a table of members as Parquet, CSV, Excel or for SPSS, whole or not at all."""
    if isinstance(table, MembersFile):
        if suffix_of(path, MEMBERS) == "parquet":
            with written_aside(path, overwrite=overwrite) as beside:
                table.copy(beside, keep_ids=keep_ids)
            return Path(path)
        table = table.table()
    content = encoded(table, Path(path), names, keep_ids=keep_ids)
    return write_bytes_atomically(path, content, overwrite=overwrite)


def read_members(path: str | Path) -> pa.Table:
    """Read a table of members: a file, or the folder of a run."""
    place = Path(path)
    file = place / "members.parquet" if place.is_dir() else place
    if not file.exists():
        raise SourceMissing(
            f"there is no {file}.", "'forwhom discover' writes members.parquet into its folder."
        )
    try:
        table = _read_csv(file) if ends_with(file, ("csv",)) else pyarrow.parquet.read_table(file)
    except (pa.ArrowException, OSError, csv.Error) as error:
        raise SourceError(
            f"{file} cannot be read as a table of members.",
            "Is it whole, and was it written by 'forwhom discover' or 'forwhom score'?",
        ) from error
    if table.num_columns < 2 or "segment" not in table.column_names[1:]:
        raise DataError(
            f"{file} is no table of members: it has no column 'segment'.",
            "Give a folder or a members.parquet that 'forwhom discover' wrote.",
        )
    if table.num_rows == 0:
        raise DataError(f"{file} has no rows.", "Check that it was written to the end.")
    least = pc.min(table["segment"]).as_py() if pa.types.is_integer(table["segment"].type) else 0
    if least is not None and least < 0:
        raise DataError(
            f"{file}: the segment {least} is negative.", "Expected 1 to K, or 0 for none."
        )
    return table


def _read_csv(file: Path) -> pa.Table:
    """Read members with the ids as they are written: 007 is not 7."""
    with file.open(encoding="utf-8", errors="replace", newline="") as lines:
        first = next(csv.reader(lines), [""])[0].removeprefix("\ufeff")
    options = pyarrow.csv.ConvertOptions(column_types={first: pa.string()})
    table = pyarrow.csv.read_csv(file, convert_options=options)
    ids = pa.array([text and as_it_was(text) for text in table.column(0).to_pylist()], pa.string())
    return table.set_column(0, as_it_was(first), ids)
