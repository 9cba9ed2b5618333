"""Funding flows for people: a drawing, a page, text, and a table."""

from forwhom.report.funding.page import funding_html
from forwhom.report.funding.sankey import sankey_svg
from forwhom.report.funding.table import flows_csv
from forwhom.report.funding.text import funding_text
from forwhom.report.funding.writing import FORMS, write_funding

__all__ = ["FORMS", "flows_csv", "funding_html", "funding_text", "sankey_svg", "write_funding"]
