"""What comes next for a canvas, as text, Markdown, a page."""

from forwhom.report.nextsteps.writing import FORMS, next_steps_text, write_next_steps

__all__ = ["FORMS", "next_steps_text", "write_next_steps"]
