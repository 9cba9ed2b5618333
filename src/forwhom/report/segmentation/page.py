"""The page: a summary filled into the template, in one file that needs no network."""

from __future__ import annotations

from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.segmentation import Segmentation
from forwhom.report.filling import filled
from forwhom.report.forms import Forms
from forwhom.report.segmentation import charts
from forwhom.report.segmentation.markdown import report_markdown
from forwhom.report.segmentation.paper import report_pdf
from forwhom.report.segmentation.slides import report_csv, report_pptx
from forwhom.report.segmentation.summary import summarize


def report_html(segmentation: Segmentation) -> str:
    """Return the report as one HTML page.

    The page loads nothing: no script at all, the style is inside, and its content security
    policy forbids everything else. The same segmentation gives the same page.

    Parameters
    ----------
    segmentation
        The segments and their evidence; no row of anybody's data is needed.

    Returns
    -------
    str
        A whole HTML document.
    """
    return filled(
        "segmentation/page.html.jinja",
        charts=charts,
        summary=summarize(segmentation),
        version=segmentation.version,
    )


#: What a segmentation can be written as for people.
FORMS = Forms(
    html=report_html, pdf=report_pdf, pptx=report_pptx, md=report_markdown, csv=report_csv
)


def write_report(segmentation: Segmentation, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write the report as a page, for print, as slides, text or table, whole or not at all.

    Parameters
    ----------
    segmentation
        The segments and their evidence.
    path
        Where to write: ``.html`` is the page with everything, ``.pdf`` and ``.pptx`` are what
        matters of it for print and as slides, ``.md`` is text, ``.csv`` is who the segments are,
        for spreadsheets. Its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    OptionError
        If this is no segmentation, or the file ends with none of these.
    OutputError
        If the file exists and may not be replaced, or cannot be written.
    DriverMissing
        If python-pptx is missing, for slides, or typst, for PDF.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    return FORMS.write(segmentation, path, overwrite=overwrite)
