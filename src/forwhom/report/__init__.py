"""What people read: a plain summary first, then a template or a drawing."""

from forwhom.report.page import FORMS, report_html, write_report
from forwhom.report.summary import Summary, summarize
from forwhom.report.text import summary_text

__all__ = ["FORMS", "Summary", "report_html", "summarize", "summary_text", "write_report"]
