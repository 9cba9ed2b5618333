"""An alignment as a page, as a drawing, and as text for the terminal."""

from forwhom.report.alignment.heat import alignment_svg
from forwhom.report.alignment.page import alignment_html
from forwhom.report.alignment.summary import summarize_alignment
from forwhom.report.alignment.text import alignment_text
from forwhom.report.alignment.writing import FORMS, write_alignment

__all__ = [
    "FORMS",
    "alignment_html",
    "alignment_svg",
    "alignment_text",
    "summarize_alignment",
    "write_alignment",
]
