from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.results.alignment import AlignmentResult
from forwhom.report.alignment.heat import alignment_svg
from forwhom.report.alignment.page import alignment_html
from forwhom.report.alignment.slides import alignment_csv, alignment_markdown, alignment_pptx
from forwhom.report.forms import Forms, as_json, drawn

#: What an alignment can be written as.
FORMS = Forms(
    html=alignment_html,
    **drawn(alignment_svg),
    md=alignment_markdown,
    pptx=alignment_pptx,
    csv=alignment_csv,
    json=as_json,
)


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
        ``.md`` and ``.pptx`` say the same as text and as slides, ``.csv`` is the heat map as a
        table, ``.json`` is everything. Its folder must exist.
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
        PNG or PDF without typst, PPTX without python-pptx.
    """
    expect(result, AlignmentResult, "An alignment", "forwhom.align")
    return FORMS.write(result, path, overwrite=overwrite)
