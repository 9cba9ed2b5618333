"""An alignment as a page, as a drawing, and as text for the terminal."""

from forwhom.report.alignment.text import alignment_text
from forwhom.report.alignment.writing import FORMS, write_alignment

__all__ = ["FORMS", "alignment_text", "write_alignment"]
