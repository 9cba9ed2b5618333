"""The pack for a workshop on the alignment of buyer, user and target impact, on paper."""

from forwhom.report.workshop.pack import workshop_pdf, write_workshop
from forwhom.report.workshop.plan import plan_workshop

__all__ = ["plan_workshop", "workshop_pdf", "write_workshop"]
