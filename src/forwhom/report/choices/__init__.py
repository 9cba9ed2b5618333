"""Pages, drawings and texts of what helps to choose."""

from forwhom.report.choices.page import choices_html, choices_svg
from forwhom.report.choices.text import choices_text
from forwhom.report.choices.writing import check_form, write_choices

__all__ = ["check_form", "choices_html", "choices_svg", "choices_text", "write_choices"]
