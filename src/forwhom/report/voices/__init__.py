"""What people say, by segment, as a page, Markdown or plain text."""

from forwhom.report.voices.writing import FORMS, voices_html, write_voices

__all__ = ["FORMS", "voices_html", "write_voices"]
