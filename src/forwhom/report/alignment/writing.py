"""Write an alignment in the form that the name of the file asks for."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.files import check_output, write_bytes_atomically
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.documents.suffixes import suffix_of
from forwhom.report.alignment.heat import alignment_svg
from forwhom.report.alignment.page import alignment_html
from forwhom.report.typesetting import picture_of

_FORMS: dict[str, Callable[[AlignmentResult], bytes]] = {
    "html": lambda found: alignment_html(found).encode(),
    "svg": lambda found: alignment_svg(found).encode(),
    "png": lambda found: picture_of(alignment_svg(found), "png"),
    "pdf": lambda found: picture_of(alignment_svg(found), "pdf"),
    "json": lambda found: (found.model_dump_json(indent=2) + "\n").encode(),
}
#: What an alignment can be written as.
FORMS = tuple(_FORMS)


def write_alignment(
    result: AlignmentResult, path: str | PathLike[str], *, overwrite: bool = False
) -> Path:
    """Write the alignment as a page, a heat map or data, by the ending of the file.

    Parameters
    ----------
    result
        What :func:`forwhom.align` found.
    path
        Where to write: ``.html`` is the page, ``.svg``, ``.png`` and ``.pdf`` are the heat map,
        ``.json`` is everything. Its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        This is no alignment, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PNG or PDF without typst.
    """
    expect(result, AlignmentResult, "An alignment", "forwhom.align")
    form = suffix_of(path, FORMS)
    check_output(path, overwrite=overwrite)
    return write_bytes_atomically(path, _FORMS[form](result), overwrite=overwrite)
