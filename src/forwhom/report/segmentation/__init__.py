"""A segmentation as people read it: a plain summary first, then a page or a text."""

from forwhom.report.segmentation.flows import FLOWS, moves_of, write_flows
from forwhom.report.segmentation.page import FORMS, page_language, report_html, write_report
from forwhom.report.segmentation.summary import Summary, summarize
from forwhom.report.segmentation.text import summary_text

__all__ = [
    "FLOWS",
    "FORMS",
    "Summary",
    "moves_of",
    "page_language",
    "report_html",
    "summarize",
    "summary_text",
    "write_flows",
    "write_report",
]
