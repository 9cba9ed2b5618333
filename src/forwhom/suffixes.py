"""Which files are read and written, told by their suffix: a list for help and messages."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from forwhom.errors import OptionError, nearest
from forwhom.wording import listed

#: Formats that a canvas is exchanged in.
CanvasFormat = Literal["yaml", "bmml", "json", "csv"]
#: Formats that a canvas is read from, and those of boards of other tools.
ImportFormat = Literal["yaml", "bmml", "json", "csv", "markdown", "obsidian", "xlsx"]

#: Documents that people write.
YAML = ("yaml", "yml")
#: A canvas, and the format that each suffix stands for.
CANVASES: dict[str, CanvasFormat] = {
    "yaml": "yaml",
    "yml": "yaml",
    "bmml": "bmml",
    "json": "json",
    "csv": "csv",
    "tsv": "csv",
}
#: Workbooks, of which a board may be drawn in a sheet.
WORKBOOKS = ("xlsx", "xlsm", "xls", "xlsb", "ods")
#: What a canvas is imported from.
IMPORTS: dict[str, ImportFormat] = {
    **CANVASES,
    "md": "markdown",
    "markdown": "markdown",
    "txt": "markdown",
    "canvas": "obsidian",
    **dict.fromkeys(WORKBOOKS, "xlsx"),
}
#: Tables, by what people call them.
TABLES = {
    "CSV": ("csv", "csv.gz", "txt", "txt.gz"),
    "TSV": ("tsv", "tsv.gz", "tab", "tab.gz"),
    "Parquet": ("parquet", "pq"),
    "Excel": WORKBOOKS,
    "SPSS": ("sav", "zsav", "por"),
    "Stata": ("dta",),
    "SAS": ("sas7bdat", "xpt", "xport"),
}
#: The same in words.
TABLE = f"a {listed(list(TABLES), last='or')} file"
#: Tables of the members of segments, which are written.
MEMBERS = ("parquet", "csv", "xlsx", "sav")


def ends_with(path: str | os.PathLike[str], suffixes: Iterable[str]) -> bool:
    """Return whether the name of a file ends with one of some suffixes."""
    return Path(path).name.lower().endswith(tuple(f".{suffix}" for suffix in suffixes))


def path_asked(path: str | os.PathLike[str]) -> Path:
    """Return the path that somebody gave; an error for what is none."""
    if not isinstance(path, str | os.PathLike):
        what = "None" if path is None else f"a value of the type {type(path).__name__!r}"
        raise OptionError(f"A file was expected, and this is {what}.", "Give the path of a file.")
    return Path(path)


def suffix_of(path: str | os.PathLike[str], known: Sequence[str], otherwise: str = "") -> str:
    """Return the form, one of ``known``, that the suffix of a file stands for; an error for none.

    ``otherwise`` is what else a person can do than to give it another suffix, as the end of a
    sentence.
    """
    suffix = path_asked(path).suffix.lower().removeprefix(".")
    if suffix in known:
        return suffix
    ends = "has no suffix, so nothing says its form"
    if suffix:
        shown = f".{suffix}"[:24]
        ends = f"ends with {shown!r}, which is no form for this"
    wanted = listed([f".{one}" for one in known], most=None, last="or")
    raise OptionError(f"{path} {ends}.", f"Let it end with {wanted}{otherwise}.")


def unknown_form(name: object, known: Sequence[str]) -> OptionError:
    """Return the error for a form that was named, and is none of those that are known."""
    said = name if isinstance(name, str) else type(name).__name__
    advice = nearest(said, known) or f"Expected {listed(known, most=None, last='or')}."
    return OptionError(f"There is no form {said[:24]!r} for this.", advice)
