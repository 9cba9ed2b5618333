from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.results.funding import Funding
from forwhom.report.forms import Forms, as_json, drawn
from forwhom.report.funding.nodes import Middle
from forwhom.report.funding.page import funding_html
from forwhom.report.funding.sankey import sankey_svg
from forwhom.report.funding.table import flows_csv

#: What the answer can be written as.
FORMS = Forms(
    html=funding_html, **drawn(sankey_svg), csv=lambda found, **_: flows_csv(found), json=as_json
)


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
        This is no such answer, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst.
    """
    expect(found, Funding, "Who funds whom", "forwhom.funding")
    return FORMS.write(found, path, overwrite=overwrite, middle=middle, top=top)
