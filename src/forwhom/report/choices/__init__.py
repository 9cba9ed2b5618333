"""Pages, drawings and texts of what helps to choose."""

from forwhom.report.choices.writing import FORMS, choices_text, write_choices

__all__ = ["FORMS", "choices_text", "write_choices"]
