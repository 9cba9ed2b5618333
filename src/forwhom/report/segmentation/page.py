"""The page: a summary filled into the template, in one file that needs no network."""

from __future__ import annotations

import re
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.segmentation import Segmentation
from forwhom.languages.catalog import WHOLE, speaking_asked
from forwhom.languages.catalog import language as spoken
from forwhom.languages.codes import is_right_to_left
from forwhom.report.filling import direction, filled
from forwhom.report.forms import Forms
from forwhom.report.segmentation import charts
from forwhom.report.segmentation.markdown import report_markdown
from forwhom.report.segmentation.paper import report_pdf
from forwhom.report.segmentation.slides import report_csv, report_pptx
from forwhom.report.segmentation.summary import summarize
from forwhom.report.segmentation.terms import term
from forwhom.wording import decimal

#: Where a page says its language, which is in its first letters.
_LANGUAGE, _HEAD = re.compile(r'<html lang="([\w-]+)"'), 200


def report_html(segmentation: Segmentation, *, language: str | None = None) -> str:
    """Return the report as one HTML page.

    The page loads nothing: no script at all, the style is inside, and its content security
    policy forbids everything else. The same segmentation gives the same page.

    Parameters
    ----------
    segmentation
        The segments and their evidence; no row of anybody's data is needed.
    language
        What forwhom says in it is said in this language: ``en``, ``de`` or ``ar``; left out:
        English. What people and data say stays as it is.

    Returns
    -------
    str
        A whole HTML document.

    Raises
    ------
    OptionError
        forwhom does not say this in that language.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    with speaking_asked(language):
        return filled(
            "segmentation/page.html.jinja",
            charts=charts,
            summary=summarize(segmentation),
            version=segmentation.version,
            direction=direction(spoken()),
            rtl=is_right_to_left(spoken()),
            term=term,
            decimal=decimal,
        )


def page_language(page: Path) -> str | None:
    """Return the language of a page that was written before, so that it keeps it."""
    with page.open(encoding="utf-8", errors="replace") as text:
        said = _LANGUAGE.search(text.read(_HEAD))
    return said[1] if said and said[1] in WHOLE else None


#: What a segmentation can be written as for people.
FORMS = Forms(
    html=report_html, pdf=report_pdf, pptx=report_pptx, md=report_markdown, csv=report_csv
)


def write_report(
    segmentation: Segmentation,
    path: str | Path,
    *,
    language: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write the report as a page, for print, as slides, text or table, whole or not at all.

    Parameters
    ----------
    segmentation
        The segments and their evidence.
    path
        Where to write: ``.html`` is the page with everything, ``.pdf`` and ``.pptx`` are what
        matters of it for print and as slides, ``.md`` is text, ``.csv`` is who the segments are,
        for spreadsheets. Its folder must exist.
    language
        What forwhom says in it is said in this language: ``en``, ``de`` or ``ar``; left out:
        English. What people and data say stays as it is.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written.

    Raises
    ------
    OptionError
        If this is no segmentation, the file ends with none of these, or forwhom does not say
        this in that language.
    OutputError
        If the file exists and may not be replaced, or cannot be written.
    DriverMissing
        If python-pptx is missing, for slides, or typst, for PDF.
    """
    expect(segmentation, Segmentation, "A segmentation", "forwhom.read_segmentation")
    return FORMS.write(segmentation, path, overwrite=overwrite, language=language)
