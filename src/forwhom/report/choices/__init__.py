"""Pages, drawings and texts of what helps to choose."""

from forwhom.report.choices.writing import (
    FORMS,
    choices_html,
    choices_markdown,
    choices_svg,
    choices_text,
    write_choices,
)

__all__ = [
    "FORMS",
    "choices_html",
    "choices_markdown",
    "choices_svg",
    "choices_text",
    "write_choices",
]
