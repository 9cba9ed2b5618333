"""Pages, drawings and texts of what helps to choose."""

from forwhom.report.choices.markdown import choices_markdown
from forwhom.report.choices.page import choices_html, choices_svg
from forwhom.report.choices.text import choices_text
from forwhom.report.choices.writing import FORMS, write_choices

__all__ = [
    "FORMS",
    "choices_html",
    "choices_markdown",
    "choices_svg",
    "choices_text",
    "write_choices",
]
