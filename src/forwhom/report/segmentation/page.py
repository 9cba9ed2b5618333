"""The page: a summary filled into the template, in one file that needs no network."""

from __future__ import annotations

from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.segmentation import Segmentation
from forwhom.report.filling import filled
from forwhom.report.forms import Forms
from forwhom.report.segmentation import charts
from forwhom.report.segmentation.markdown import report_markdown
from forwhom.report.segmentation.slides import report_pptx
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
FORMS = Forms(html=report_html, pptx=report_pptx, md=report_markdown)


def write_report(segmentation: Segmentation, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write the report as a page, as slides or as Markdown, whole or not at all.

    Parameters
    ----------
    segmentation
        The segments and their evidence.
    path
        Where to write, such as ``report.html``, or ``report.pptx`` for slides, or
        ``report.md``; its folder must exist.
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
        If python-pptx is missing, for slides.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    return FORMS.write(segmentation, path, overwrite=overwrite)
