"""Two versions of a canvas: what they differ in, as text, Markdown, a page."""

from forwhom.report.comparison.writing import FORMS, comparison_text, write_comparison

__all__ = ["FORMS", "comparison_text", "write_comparison"]
