"""Members and scores as a file of SPSS, with labels."""

import re
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow as pa

from forwhom.errors import DriverMissing

#: What columns of members and scores mean.
_LABELS = {
    "segment": "Segment",
    "certainty": "Probability of the segment",
    "scale": "Place on the scale",
    "fit": "How like a member of the segment, in standard deviations",
}
#: SPSS takes no longer name.
_LONGEST = 60


def spss_bytes(table: pa.Table, names: Mapping[int, str]) -> bytes:
    """Return a table as the bytes of a .sav file; segments have their names as value labels."""
    import pyreadstat

    columns = _names(table.column_names)
    labels = {
        new: _LABELS.get(old) or _of_probability(old, names) or old
        for old, new in zip(table.column_names, columns, strict=True)
    }
    values: dict[str, dict[int | float, str]] = {}
    if names and "segment" in columns:
        values["segment"] = {number: name for number, name in names.items()}  # noqa: C416 - wider keys
    nominal = {"segment": "nominal"} if "segment" in columns else {}
    with tempfile.TemporaryDirectory(prefix="forwhom-") as folder:
        path = Path(folder) / "table.sav"
        pyreadstat.write_sav(
            _frame(table.rename_columns(columns)), str(path), column_labels=labels,
            variable_value_labels=values, variable_measure=nominal, compress=False,
        )  # fmt: skip
        return path.read_bytes()


def _of_probability(name: str, names: Mapping[int, str]) -> str:
    match = re.fullmatch(r"p(\d+)", name)
    return f"Probability of {names[int(match[1])]}" if match and int(match[1]) in names else ""


def _names(columns: list[str]) -> list[str]:
    """Return names that SPSS takes: letters, digits and underscores, each once."""
    found: list[str] = []
    for column in columns:
        name = re.sub(r"\W+", "_", column).strip("_")[:_LONGEST] or "v"
        name = name if name[0].isalpha() else f"v_{name}"
        again = sum(one.casefold().startswith(name.casefold()) for one in found)
        taken = name.casefold() in {one.casefold() for one in found}
        found.append(f"{name}_{again + 1}" if taken else name)
    return found


def _frame(table: pa.Table) -> Any:
    """Return a frame of a package that the writer takes."""
    for package in ("polars", "pandas"):
        if find_spec(package) is not None:
            return nw.from_arrow(table, backend=package).to_native()
    raise DriverMissing(
        "writing a file of SPSS needs polars or pandas, and neither is installed.",
        "Run: pip install 'forwhom[sav]'; or write .parquet or .csv, which need nothing.",
    )
