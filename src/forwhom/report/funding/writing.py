"""Write who funds whom in the form that the name of the file asks for."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.files import check_output, write_bytes_atomically
from forwhom.documents.results.funding import Funding
from forwhom.documents.suffixes import suffix_of
from forwhom.report.funding.nodes import Middle
from forwhom.report.funding.page import funding_html
from forwhom.report.funding.sankey import sankey_svg
from forwhom.report.funding.table import flows_csv
from forwhom.report.typesetting import picture_of

#: What the answer can be written as.
FORMS = ("html", "svg", "png", "pdf", "csv", "json")


def write_funding(
    found: Funding,
    path: str | PathLike[str],
    *,
    middle: Middle = "",
    top: int = 10,
    overwrite: bool = False,
) -> Path:
    """Write who funds whom as a page, a drawing, a table or data, by the ending of the file.

    Parameters
    ----------
    found
        What `funding` returned.
    path
        Where to write: ``.html`` is the page, ``.svg``, ``.png`` and ``.pdf`` are the drawing,
        ``.csv`` is the table of flows, ``.json`` is everything. Its folder must exist.
    middle
        What the drawing shows between givers and receivers: ``""``, ``"sector"`` or
        ``"country"``.
    top
        Givers and receivers in the drawing.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        The file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst.
    """
    form = suffix_of(path, FORMS)
    check_output(path, overwrite=overwrite)
    content = _made(found, form, middle, top)
    return write_bytes_atomically(path, content, overwrite=overwrite)


def _made(found: Funding, form: str, middle: Middle, top: int) -> bytes:
    if form == "html":
        return funding_html(found, middle=middle, top=top).encode()
    if form == "csv":
        return flows_csv(found).encode()
    if form == "json":
        return (found.model_dump_json(indent=2) + "\n").encode()
    drawing = sankey_svg(found, middle=middle, top=top)
    return drawing.encode() if form == "svg" else picture_of(drawing, form)  # type: ignore[arg-type]
